"""Why it does not go on: the causes, ranked by how directly the lines speak for them.

A cause is *said* where a line says it outright; it is *coded* where an error code or text of it stands in a line; it is
*shown* where a line stands for a refusal that, by the model, this cause brings about. It is *inferred* where the lines
say that something failed and not what: it alone, by a refusal that leaves no line in the logs that are there, leads
from the last step to that failure (:mod:`.inference`). It is *thinkable* where a line stands for this refusal or for
another. Whatever else the log leaves possible is not named as a cause: it is what is *left*, the minimal causes of the
model that lie in the environments that the log still allows. Causes for which the lines speak alike share a rank.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from ccmproof.model.kernel.closest import changes, closest
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError

from ...counterexample import usual
from ...expression import expression
from ..codes import Code, code, codes_in
from ..components import component
from ..pattern import Cause, Pattern, Seen
from .follow import After
from .ground import Ground
from .how import How
from .kept import Minimal
from .narrowing import Evidence, certain, is_covered, is_told_apart, promote
from .place import place

Supposed: TypeAlias = tuple[str, How, Seen]
"""A cause, how it is come to, and the line that it would explain."""
GENERIC = frozenset(
    {
        "CCM_E_TRANSIENT",
        "CCM_E_CERTIFICATE_STORE",
        "CCM_E_NO_CERTIFICATE_MATCHES",
        "CCM_E_CERTIFICATE_TOO_MANY",
        "E_INVALIDARG",
        "invalid_grant",
        "HTTP 401 Unauthorized",
        "HTTP 403 Forbidden",
        "HTTP 500 Internal Server Error",
        "HTTP 503 Service Unavailable",
    }
)
"""Codes that say little, or come up in a healthy Entra install too: what they may come from is only thinkable."""
SAME_CODES = {"CRL after the install": "CRL"}
"""Causes that have the codes of another one, which the table of codes names alone."""
EFFECTS = frozenset({"renewal", "client.msi", "client certificate needed", "content not found"})
"""Causes that something else brings about: where lines speak for that, these are but thinkable."""
DURING = {"messaging_finds_token_ending": ("renewal", frozenset({"messaging_caches_renewed_token"}))}
"""By the event that begins something: the cause that goes by its name where it fails, and what ends it well."""


@dataclass(frozen=True)
class Named:
    """A cause that lines support.

    Attributes:
        rank: 1 for those for which the lines speak most directly; what they cannot tell apart has the same.
        lines: those that speak for it, the most direct ones.
        needs: how the log agrees with it: ``""``, or what is against it or has to be assumed, in words.
        certain: it holds wherever the lines are explained without a fault that passes.
    """

    cause: Cause
    rank: int
    how: How
    lines: tuple[Seen, ...]
    needs: str = ""
    certain: bool = False


@dataclass(frozen=True)
class Left:
    """A minimal cause that the log leaves possible: its condition, and the names in the table that it goes by."""

    condition: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """A line that speaks of a failure.

    Attributes:
        refused: the refusals of the model that it stands for.
        codes: those in its text that have a cause.
    """

    seen: Seen
    refused: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """The causes of which it says outright that it is one."""
        return tuple(filter(None, (self.seen.pattern.cause, *self.seen.pattern.either)))


@dataclass
class Grounds:
    """What causes and refusals have to do with each other, by the model where nothing fails for a while.

    Args:
        calm: that model; ``after`` as for the follower on it; ``full``: the one on which it may.
        causes: the table.
    """

    calm: Ground
    after: After
    causes: Mapping[str, Cause]
    full: Ground
    _fires: dict[str, Environments] = field(default_factory=dict, init=False)
    _events: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False)

    @cached_property
    def where(self) -> Mapping[str, Environments]:
        """The environments of each cause that the model has."""
        return self._of(self.calm)

    @cached_property
    def anyhow(self) -> Mapping[str, Environments]:
        """The same among the environments of the full model."""
        return self._of(self.full)

    def _of(self, ground: Ground) -> Mapping[str, Environments]:
        found = {}
        for name, cause in self.causes.items():
            condition = self._condition(cause, ground)
            if condition is not None:
                found[name] = ground.space.where(condition, ground.network)
        return {name: each for name, each in found.items() if not each.is_empty}

    def _condition(self, cause: Cause, ground: Ground) -> Condition | None:
        if not cause.when:
            return None
        try:
            return expression(cause.when, ground.network)
        except ModelError:
            return None

    @cached_property
    def by_code(self) -> Mapping[str, tuple[str, ...]]:
        """The causes that list a code, by the code's name."""
        found: dict[str, dict[str, None]] = {}
        for cause in self.causes.values():
            for known in filter(None, map(code, cause.codes)):
                found.setdefault(known.name, {})[cause.name] = None
        return {name: tuple(of) for name, of in found.items()}

    def fires(self, event: str) -> Environments:
        """The environments in which the event may happen at all."""
        if event not in self._fires:
            self._fires[event] = self.calm.environments(self.after(event))
        return self._fires[event]

    @cached_property
    def sound(self) -> Environments:
        """The environments in which no cause of the table holds."""
        found = self.calm.space.all()
        for each in self.where.values():
            found = found - each
        return found

    @cached_property
    def only(self) -> Mapping[str, Environments]:
        """For each cause the environments in which no other holds, but what holds wherever it does."""
        found = {}
        for name, mine in self.where.items():
            alone = mine
            for theirs in self.where.values():
                if not mine <= theirs:
                    alone = alone - theirs
            found[name] = alone
        return found

    def shown_by(self, refused: Sequence[str]) -> tuple[tuple[str, bool], ...]:
        """The causes that bring about a line that stands for one of these refusals, each with whether it may be
        another refusal that it does not bring about."""
        each = [set(self._of_event(event)) for event in refused]
        each = [causes for causes in each if causes]
        return tuple(
            (name, not all(name in causes for causes in each))
            for name in self.where
            if any(name in causes for causes in each)
        )

    def _of_event(self, event: str) -> tuple[str, ...]:
        if event not in self._events:
            self._events[event] = self.explaining(self.fires(event))
        return self._events[event]

    def explaining(self, where: Environments) -> tuple[str, ...]:
        """The causes that explain what happens in these environments.

        Where it happens in no sound one: each of which it happens where nothing but this is wrong, or only where this
        is so. Else, where all is not as usual: those that hold where it happens with the fewest unknowns unusual.
        """
        if where.is_empty or self.usual in where:
            return ()
        if (where & self.sound).is_empty:
            return tuple(n for n, mine in self.where.items() if where <= mine or not (where & self.only[n]).is_empty)
        least = self._unusual(where)
        return tuple(
            name
            for name, mine in self.where.items()
            if not (where & mine).is_empty and self._unusual(where & mine) == least
        )

    @cached_property
    def usual(self) -> Mapping[str, str]:
        return usual(self.calm.network)

    def _unusual(self, where: Environments) -> int:
        """How many unknowns are not as usual, at least."""
        nearest = closest(where, lambda name, value: (value != self.usual[name],))
        return len(changes(nearest, self.usual))


def troubles(
    lines: Iterable[tuple[Seen, Sequence[str]]],
    refusal: Callable[[str], bool],
    fails: Callable[[str], bool] = lambda holds: False,
) -> tuple[Trouble, ...]:
    """The lines that speak of a failure, of lines with the events that fit.

    Args:
        refusal: whether an event says no; ``fails``: whether what a line says to hold is that something has failed.
    """
    found = []
    for seen, events in lines:
        pattern = seen.pattern
        refused = tuple(event for event in events if refusal(event))
        if len(refused) < len(events):
            refused = ()  # it may have gone well
        wrote = (seen.line.log,) if seen.line.log else pattern.logs
        codes = (
            tuple(each for each in codes_in(seen.line.text) if each.tells(*wrote)) if _is_ours(pattern, wrote) else ()
        )
        failed = pattern.failure or (bool(pattern.holds) and not pattern.events and fails(pattern.holds))
        if pattern.cause or refused or codes or failed:
            found.append(Trouble(seen, refused, codes))
    return tuple(found)


def _is_ours(pattern: Pattern, wrote: Sequence[str]) -> bool:
    """Whether a line's codes tell of this workflow: it is not of another, nor of a program that has no part in it."""
    known = [component(log) for log in wrote]
    return not pattern.workflow and not (known and all(each is not None and not each.ours for each in known))


def ranked(
    told: Sequence[Trouble],
    grounds: Grounds,
    possible: Environments | None = None,
    calm: Environments | None = None,
    inferred: Sequence[Supposed] = (),
    denied: Mapping[str, Seen] | None = None,
    unlikely: Collection[str] = (),
) -> tuple[Named, ...]:
    """The causes that the troubles speak for, the most direct first.

    Args:
        inferred: causes that would explain a line that says of nothing but that something failed.
        possible: the environments that the log still allows, whatever may have failed for a while.
        calm: those that it allows where nothing has failed for a while; ``None``: not known.
        denied: the causes that a line speaks against, with that line.
        unlikely: the causes that have to be said outright to be named.
    """
    table, denied = grounds.causes, denied or {}
    evidence = _evidence(told, grounds, inferred, unlikely)
    covers = {name: cause.covers for name, cause in table.items() if cause.covers}
    sure = certain(grounds, calm)
    promoted = promote(evidence, covers, sure)
    against = {
        name: (2, f"{place(denied[name])} speaks against it")
        if name in denied
        else _against(name, grounds, possible, calm)
        for name in evidence
    }
    outright: dict[str, list[tuple[str, ...]]] = {}
    for trouble in told:
        for name in trouble.said:
            outright.setdefault(name, []).append(trouble.said)
    fitting = {name for name, (degree, _) in against.items() if not degree}
    keyed: list[tuple[tuple[How, int], str, tuple[Seen, ...], str]] = []
    others = min((min(by) for name, by in evidence.items() if name not in EFFECTS), default=How.THINKABLE)
    for name, by in evidence.items():
        how = min(by)
        lines = tuple(by[how])
        effect = name in EFFECTS and others <= How.CODED
        if effect or is_covered(name, how, evidence, covers, fitting) or is_told_apart(name, outright, fitting):
            how = How.THINKABLE
        degree, needs = against[name]
        keyed.append(((how, degree), name, lines, needs or (ONLY if name in promoted else "")))
    if any(key == (How.SAID, 0) for key, *_ in keyed):  # what is said and fits leaves no room for what does not fit
        keyed = [each for each in keyed if each[0][1] < 2 or each[0][0] is How.SAID]
    order = {name: number for number, name in enumerate(table)}
    keyed.sort(key=lambda each: (each[0], order[each[1]] if _is_alone(each[0][0], each[2]) else -1))
    return tuple(
        Named(table[name], 1 + sum(other < key for other, *_ in keyed), key[0], lines, needs, name in sure)
        for key, name, lines, needs in keyed
    )


def _is_alone(how: How, lines: Sequence[Seen]) -> bool:
    """Whether lines say nothing but the one cause: several such are told in the order of the workflow."""
    return how is How.SAID and not any(seen.pattern.either for seen in lines)


ONLY = "what that line says can by the model be nothing else here"


def _evidence(
    told: Sequence[Trouble], grounds: Grounds, inferred: Sequence[Supposed], unlikely: Collection[str]
) -> Evidence:
    """The lines that speak for each cause, by how directly they do."""
    evidence: Evidence = {}

    def speaks(name: str, how: How, seen: Seen) -> None:
        if name in grounds.causes and (how is How.SAID or name not in unlikely):
            lines = evidence.setdefault(name, {}).setdefault(how, [])
            if seen not in lines:
                lines.append(seen)

    said = {name for trouble in told for name in trouble.said}
    said |= {SAME_CODES[name] for name in said if name in SAME_CODES}
    for trouble in told:
        for name in trouble.said:
            speaks(name, How.SAID, trouble.seen)
        for each in trouble.codes:
            names = list(dict.fromkeys((*each.causes, *grounds.by_code.get(each.name, ()))))
            if not set(trouble.said).isdisjoint(names):  # of its own code a line says what it is, or more generally
                names = [name for name in names if any(name in grounds.causes[of].covers for of in trouble.said)]
            # what one line says outright explains the same code in other lines, which then speaks for nothing else
            if trouble.said or said.isdisjoint(names):
                for name in names:
                    speaks(name, How.THINKABLE if each.name in GENERIC else How.CODED, trouble.seen)
        for name, open_to_others in grounds.shown_by(trouble.refused):
            more_is_known = bool(trouble.said or trouble.codes)
            speaks(name, How.THINKABLE if open_to_others or more_is_known else How.SHOWN, trouble.seen)
    for name, how, line in inferred:
        speaks(name, how, line)
    return evidence


def _against(name: str, grounds: Grounds, possible: Environments | None, calm: Environments | None) -> tuple[int, str]:
    """How well the rest of the log agrees with a cause."""
    mine = grounds.where.get(name)
    if mine is None:
        return 0, ""
    if possible is not None and (grounds.anyhow[name] & possible).is_empty:
        return 2, "the rest of the log speaks against it"
    if calm is not None and not calm.is_empty and (mine & calm).is_empty:
        return 1, "only if something else has failed for a while too"
    return 0, ""


def left(minimal: Sequence[Minimal], allowed: Environments, grounds: Grounds) -> tuple[Left, ...]:
    """The minimal causes that the log still allows, with the names that they go by.

    Where nothing has failed for a while, something has to be wrong for what the lines tell: the causes that explain
    them without any other, if there are such; what may be wrong besides does not count.
    """
    full = grounds.full
    if allowed.space is full.space:
        there = [(each, full.space.where(each.condition, full.network) & allowed) for each in minimal]
        return tuple(_left(each, grounds) for each, where in there if not where.is_empty)
    there = [(each, each.environments & allowed) for each in minimal]
    there = [(each, where) for each, where in there if not where.is_empty]
    alone = [each for each, where in there if not _alone(each, where, minimal).is_empty]
    return tuple(_left(each, grounds) for each in alone or [each for each, _ in there])


def withholding(several: tuple[Left, ...], grounds: Grounds, refusals: Iterable[str]) -> tuple[Left, ...]:
    """Of what is left that which brings about one of these refusals; all of it where nothing does."""
    names = {name for name, _ in grounds.shown_by(sorted(refusals))}
    return tuple(each for each in several if not names.isdisjoint(each.names)) or several


def _left(each: Minimal, grounds: Grounds) -> Left:
    return Left(str(each.condition), tuple(n for n, mine in grounds.where.items() if each.environments <= mine))


def _alone(each: Minimal, where: Environments, minimal: Sequence[Minimal]) -> Environments:
    """Where no other cause holds, but what holds wherever this one does."""
    for other in minimal:
        if not each.environments <= other.environments:
            where = where - other.environments
    return where
