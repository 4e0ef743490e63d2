"""From what an exploration reached to a verdict, and from the verdict to whether it is what the suite expects.

A refutation stays one where the search was cut short; whatever was not refuted is then undetermined. A claim whose
attempt is never reached is vacuous. A possibility asks for some environment; for each one where conditions on the
environment decide it (``decided_by``); or for just those in which a condition holds (``exactly``).
"""

from __future__ import annotations

from dataclasses import dataclass

from ccmproof.model.kernel.condition import Condition, actors_of
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network
from ccmproof.properties.property import Property, Verdict, attempted, broken, kept, premise

from .engines import Exploration, StateSet
from .promises import Owed, Promises
from .report import Judgement


@dataclass(frozen=True)
class Asked:
    """A property and what it says of one network.

    Attributes:
        decides: the condition whose reachability decides: it refutes a claim, and it is what a possibility asks for. Of
            a promise it is where it is owed and not kept yet, which alone refutes nothing.
        attempt: where what the claim speaks of is attempted.
        decided_by: the condition on the environment under which the claim is promised; ``None`` for no condition.
        owed: what is promised, where it is a promise.
        exactly: the condition on the environment under which, and only under which, it is possible; ``None``: no such.
    """

    prop: Property
    decides: Condition
    attempt: Condition
    decided_by: Condition | None
    owed: Owed | None = None
    exactly: Condition | None = None

    @classmethod
    def of(cls, prop: Property, network: Network) -> Asked:
        """Read the property's texts against the network.

        Raises:
            ModelError: they name what is not there, or ``decided_by`` or ``exactly`` reads what moves; it says which
                property.
        """
        owed = None
        if prop.promise is not None:
            owed = Owed(prop.promise, premise(prop, network), kept(prop, network), _without(prop, network))
        return cls(
            prop,
            broken(prop, network),
            attempted(prop, network),
            _of_environment(prop, "decided_by", network),
            owed,
            _of_environment(prop, "exactly", network),
        )

    def scope(self, explored: Exploration) -> Environments | None:
        """The environments in which, and only in which, it is possible; ``None`` where nothing so is said."""
        return None if self.exactly is None else _where(self.exactly, explored)

    def met(self, promises: Promises) -> StateSet:
        """The states that decide: that refute the claim, or that satisfy the possibility."""
        return promises.explored.where(self.decides) if self.owed is None else promises.evading(self.owed)


def _without(prop: Property, network: Network) -> frozenset[str]:
    for name in prop.without:
        if name not in network.event:
            raise ModelError(f"{prop.id}: there is no event {name!r}{nearest(name, network.event)}")
    return frozenset(prop.without)


def _of_environment(prop: Property, field: str, network: Network) -> Condition | None:
    """What a field of the property says of the environment alone."""
    text: str = getattr(prop, field)
    if not text:
        return None
    try:
        condition = network.condition(text, prop.words)
    except ModelError as error:
        raise ModelError(f"{prop.id}: {error}") from error
    for name in sorted(actors_of(condition)):
        if not network.actor[name].is_unknown:
            raise ModelError(f"{prop.id}: {field} reads {name}, which is no unknown and no parameter")
    return condition


def _where(condition: Condition, explored: Exploration) -> Environments:
    """The environments that there are in which a condition on unknowns holds."""
    everywhere = explored.environments
    return everywhere.space.where(condition, explored.network) & everywhere


def judge(
    asked: Asked,
    met: StateSet | None,
    explored: Exploration,
    scenario: str,
    *,
    with_settings: bool = False,
    with_tried: bool = True,
) -> Judgement:
    """The verdict on one property, and whether it is the expected one.

    Args:
        met: the states that decide (:meth:`Asked.met`); ``None`` where the search for them was cut short.
        with_settings: the scenario is not asked as it stands. Where the suite makes an exception for the scenario
            (``but``), the verdict that is expected elsewhere is then as good.
        with_tried: say in which environments it is attempted; that there are any is known without, in less time.
    """
    where = explored.environments.space.none() if met is None else explored.environments_of(met)
    tried = tried_in(asked, explored) if with_tried else None
    verdict = Verdict.UNDETERMINED
    if met is not None:
        verdict = _possible(asked, where, explored) if asked.prop.possible else _claim(asked, where, explored)
    failing = _failing(asked, verdict, where, explored)
    expectation = Expectation.of(asked, explored, scenario, with_settings=with_settings)
    strays = expectation.strays(failing)
    return Judgement(
        asked.prop,
        verdict,
        expectation.stated(verdict),
        expectation.allows(verdict) and not strays,
        failing,
        failing.count if failing is not None else 0,
        explored.environments.count,
        _note(asked.prop, verdict, expectation.stated(verdict), strays) or _otherwise(asked, where, explored),
        tried=tried,
        promised=expectation.promised(explored.environments),
    )


def tried_in(asked: Asked, explored: Exploration) -> Environments:
    """The environments in which what the claim speaks of is attempted; for a possibility, all."""
    return explored.environments if asked.prop.possible else explored.environments_of(explored.where(asked.attempt))


def spoken_of(asked: Asked, explored: Exploration, failing: Environments) -> Environments:
    """The environments among which the causes of failing are looked for.

    Those in which it is attempted, so that what keeps a client from getting that far is no part of a cause; where it
    fails in each of them, all.
    """
    return told_from(tried_in(asked, explored), failing, explored.environments)


def told_from(tried: Environments, failing: Environments, everywhere: Environments) -> Environments:
    """The same, by the environments in which it is attempted."""
    tried = tried | failing
    return everywhere if tried == failing else tried


def _claim(asked: Asked, met: Environments, explored: Exploration) -> Verdict:
    if not met.is_empty:
        return Verdict.FAILS
    if not explored.complete:
        return Verdict.UNDETERMINED
    return Verdict.HOLDS if explored.where(asked.attempt).found else Verdict.VACUOUS


def _possible(asked: Asked, met: Environments, explored: Exploration) -> Verdict:
    scope = asked.scope(explored)
    if scope is not None:
        if not met <= scope:
            return Verdict.FAILS  # however much was not explored
        enough = met == scope and explored.complete
    else:
        enough = met == explored.environments if asked.decided_by is not None else not met.is_empty
    if enough:
        return Verdict.HOLDS
    return Verdict.FAILS if explored.complete else Verdict.UNDETERMINED


def _failing(asked: Asked, verdict: Verdict, met: Environments, explored: Exploration) -> Environments | None:
    """Where a claim fails, or a possibility cannot happen; of what is said exactly, where it is otherwise than said. Of
    what cannot happen a cut-short search knows nothing."""
    if verdict is Verdict.UNDETERMINED or (asked.prop.possible and not explored.complete):
        return None
    scope = asked.scope(explored)
    if scope is not None:
        return (met - scope) | (scope - met)
    return explored.environments - met if asked.prop.possible else met


def _otherwise(asked: Asked, met: Environments, explored: Exploration) -> str:
    """Of what is said exactly, how much of it is otherwise in which way."""
    scope = asked.scope(explored)
    if scope is None:
        return ""
    ways = [("it can happen", (met - scope).count, "should not")]
    if explored.complete:
        ways.append(("it cannot happen", (scope - met).count, "should"))
    return " and ".join(
        f"{what} in {count:,} environment{'' if count == 1 else 's'} where it {should}"
        for what, count, should in ways
        if count
    )


@dataclass(frozen=True)
class Expectation:
    """What the suite expects of a property in a scenario.

    Attributes:
        verdicts: those that are expected, the stated one first. There are two only for a scenario with settings.
        scope: the environments in which the claim is promised, so that it may fail in others only; ``None``: the
            expectation is for all environments alike.
        said: the suite makes an exception for this very scenario.
    """

    verdicts: tuple[Verdict, ...]
    scope: Environments | None
    said: bool = False

    @classmethod
    def of(cls, asked: Asked, explored: Exploration, scenario: str, *, with_settings: bool) -> Expectation:
        """An exception for the scenario comes first, then what conditions decide, then the plain verdict."""
        prop = asked.prop
        if scenario in prop.but:
            usual = (Verdict(prop.expected),) if with_settings else ()
            return cls((prop.expected_in(scenario), *usual), None, said=not with_settings)
        if asked.decided_by is None:
            return cls((prop.expected_in(scenario),), None)
        scope = _where(asked.decided_by, explored)
        return cls((Verdict.HOLDS if scope == explored.environments else Verdict.FAILS,), scope)

    def stated(self, verdict: Verdict) -> Verdict:
        """The expected verdict: the one that was found, where it is one of them."""
        return verdict if verdict in self.verdicts else self.verdicts[0]

    def allows(self, verdict: Verdict) -> bool:
        """Whether the verdict is expected.

        What a scenario never puts to the test says nothing against the suite, unless the suite speaks of that scenario
        (``said``); whether some scenario does put it to the test is judged over all of them together.
        """
        return verdict in self.verdicts or (verdict is Verdict.VACUOUS and not self.said)

    def promised(self, everywhere: Environments) -> Environments:
        """The environments in which the suite says that the claim holds."""
        if self.scope is not None:
            return self.scope
        return everywhere if self.verdicts[0] is Verdict.HOLDS else everywhere.space.none()

    def strays(self, failing: Environments | None) -> int:
        """In how many environments it fails although the claim is promised there."""
        return 0 if failing is None or self.scope is None else (failing & self.scope).count


def _note(prop: Property, verdict: Verdict, expected: Verdict, strays: int) -> str:
    if strays:
        plural = "" if strays == 1 else "s"
        return f"it fails in {strays:,} environment{plural} in which {prop.decided_by} should make it hold"
    match verdict:
        case Verdict.VACUOUS:
            return "what it speaks of is never attempted in this scenario"
        case Verdict.UNDETERMINED:
            return prop.untold or "the search was cut short"
        case Verdict.FAILS if expected is Verdict.FAILS:
            return prop.reason or (f"only where not ({prop.decided_by})" if prop.decided_by else "")
        case Verdict.HOLDS if expected is Verdict.FAILS and not prop.possible:
            return "a weakness that the suite states does not show here"
    return ""
