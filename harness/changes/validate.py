"""Validating a design change: both designs in each scenario, and what the change does to every property.

The original is looked at once: what it gave is kept (:mod:`.cache`) by the hash of its network and of what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccmproof.model.alphabet import Alphabet
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict

from ..checker import interrupted as was_interrupted
from ..checker import network_of
from ..report import Exit, Judgement
from ..system import System
from .cache import Kept, key_of
from .change import Change, GivenUp
from .compare import Aim, Became, Behaves, Compared, Comparison, newly_failing
from .design import Design, check_settings, order_matters, pair, settable
from .difference import Difference, differences, footing
from .fit import Fitted, fitted
from .refusal import Refusal, first_refusal
from .side import Side, Ways, looked_at


@dataclass(frozen=True)
class Told:
    """A property that the change breaks, repairs or brings, with what explains it.

    Attributes:
        compared: before and after.
        judgement: of the changed design, with counterexample and causes; ``None`` where it cannot be said of it.
        refusal: the first step of the counterexample that the original does not make.
        given_up: the declaration that allows it.
        statements: those that the property cites and that lose their footing.
    """

    compared: Compared
    judgement: Judgement | None
    refusal: Refusal | None = None
    given_up: GivenUp | None = None
    statements: tuple[str, ...] = ()

    @property
    def is_intended(self) -> bool:
        """What became of it is what the change declares to give up."""
        wanted = {Verdict.FAILS: (Became.BROKEN,), Verdict.VACUOUS: (Became.VACUOUS, Became.UNSAID)}
        return self.given_up is not None and self.compared.became in wanted[self.given_up.verdict]


@dataclass(frozen=True)
class InScenario:
    """What the changes do in one scenario.

    Attributes:
        settings: before and after, as the changes and the user have them.
        told: every property that was asked, those of the changes last.
        order: of each pair of changes that is another change the other way round, where it differs.
    """

    scenario: str
    doc: str
    settings: tuple[Mapping[str, str], Mapping[str, str]]
    environments: int
    told: tuple[Told, ...]
    own: tuple[Told, ...]
    goals: tuple[Aim, ...]
    behaves: Behaves | None
    before: Side = field(repr=False)
    after: Side = field(repr=False)
    order: tuple[tuple[str, str, str], ...] = ()

    def that(self, *became: Became) -> list[Told]:
        """The properties that became one of these, in the order of the suite."""
        return [each for each in self.told if each.compared.became in became]


@dataclass(frozen=True)
class Validation:
    """What one or several changes do, in every scenario that was asked.

    Attributes:
        differences: of the two models, in the first scenario.
        footing: the statements that something rested on which is removed or altered.
        scenarios: one entry a scenario.
        passed_over: the scenarios to which the changes cannot be applied, and why: they speak of what is not there.
        idle: what a change declares to give up, and does not.
        alphabet: what is told of the labelled steps.
        elsewhere: the properties that no judged scenario asks and that cite a statement which is touched, by a scenario
            that asks them.
    """

    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]
    footing: tuple[str, ...]
    scenarios: tuple[InScenario, ...]
    passed_over: Mapping[str, str] = field(default_factory=dict)
    idle: tuple[tuple[Change, GivenUp], ...] = ()
    interrupted: str = ""
    alphabet: Alphabet = field(default_factory=Alphabet)
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def broken(self) -> list[tuple[InScenario, Told]]:
        """What breaks and is not given up on purpose; what the changes bring and does not hold as they expect."""
        found = []
        for each in self.scenarios:
            found += [(each, told) for told in each.that(Became.BROKEN) if not told.is_intended]
            found += [(each, told) for told in each.own if told.judgement and told.judgement.surprising]
        return found

    @property
    def lost(self) -> list[tuple[InScenario, Aim]]:
        """The goals that could be reached in some environment, and can be in none: a design that lets nobody through
        breaks no prohibition, and is no good. Whoever gives up a possibility on purpose has said so."""
        said = [any(told.is_intended and told.compared.prop.possible for told in each.told) for each in self.scenarios]
        return [
            (each, aim)
            for each, purpose in zip(self.scenarios, said, strict=True)
            for aim in each.goals
            if aim.before and not aim.after and not purpose
        ]

    @property
    def is_idle(self) -> bool:
        """Both designs are the same: nothing is edited, and nothing is set otherwise."""
        said = self.differences or any(change.durations for change in self.changes)
        return not said and all(before == after for before, after in (each.settings for each in self.scenarios))

    @property
    def exit(self) -> Exit:
        """Certain bad news first, then what could not be said."""
        if self.broken or self.idle or self.lost:
            return Exit.UNEXPECTED
        stopped = any(each.before.stopped or each.after.stopped for each in self.scenarios)
        if self.interrupted or stopped or any(each.that(Became.UNDETERMINED) for each in self.scenarios):
            return Exit.UNDETERMINED
        return Exit.AS_EXPECTED


def validate(
    system: System,
    changes: Sequence[Change],
    scenarios: Sequence[Scenario] = (),
    properties: Sequence[Property] = (),
    settings: Mapping[str, str] | None = None,
    ways: Ways | None = None,
    *,
    kept: Kept | None = None,
    every: bool = False,
) -> Validation:
    """Judge the changes, applied one after the other.

    Args:
        scenarios: by default those that the changes name, or the system's first.
        properties: of the suite, by default all; those that the changes bring come beside them.
        settings: of parameters and unknowns, on both sides.
        kept: where what the original gave is kept; nowhere by default.
        every: a scenario to which the changes cannot be applied is passed over, if there are others.

    Raises:
        ModelError: there is no change, a change cannot be applied, or says what cannot be; it says where.
    """
    if not changes:
        raise ModelError("there is no change to validate")
    _check_names(system, changes)
    ways = ways or Ways()
    chosen = list(scenarios) or _scenarios_of(system, changes)
    suite = tuple(properties) or system.suite
    before, after = pair(system.build, changes, settings)
    judged: list[InScenario] = []
    passed_over: dict[str, str] = {}
    parts: tuple[Difference, ...] | None = None
    lost: tuple[str, ...] = ()
    interrupted = ""
    try:
        for scenario in chosen:
            try:
                one, other = before.model(scenario), after.model(scenario)
                check_settings(one, changes, "before", other)
            except ModelError as error:
                if not every:
                    raise
                passed_over[scenario.name] = str(error)
                continue
            if parts is None:
                parts = differences(one, other)
                lost = _footing(parts, changes, one)
            sides = settable(before, one, other), settable(after, other, one)
            judged.append(_in_scenario(system, changes, sides, scenario, suite, lost, ways, kept))
            if was_interrupted(judged[-1].before.stopped) or was_interrupted(judged[-1].after.stopped):
                interrupted = f"{len(judged) - 1} of {len(chosen)} scenarios had been judged"
                break
    except KeyboardInterrupt:
        if not judged:
            raise
        interrupted = f"{len(judged)} of {len(chosen)} scenarios had been judged"
    if parts is None:
        raise ModelError(next(iter(passed_over.values())))
    return Validation(
        tuple(changes),
        parts,
        lost,
        tuple(judged),
        passed_over,
        _idle(changes, judged),
        interrupted,
        system.alphabet,
        _elsewhere(suite, judged, lost),
    )


def _footing(parts: Sequence[Difference], changes: Sequence[Change], original: Model) -> tuple[str, ...]:
    """The statements that lose their footing, those of what is set otherwise among them."""
    moved = [each.name for change in changes for each in change.settings if each.before != each.after]
    cited = [name for of in original.actors if of.name in moved for name in of.cites.split()]
    return tuple(dict.fromkeys((*footing(parts), *cited)))


def _elsewhere(
    suite: Sequence[Property], judged: Sequence[InScenario], lost: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """What was not asked and cites a statement that is touched, by the scenario that asks it first."""
    asked = {each.compared.prop.id for scenario in judged for each in scenario.told}
    found: dict[str, list[str]] = {}
    for prop in suite:
        if prop.id not in asked and prop.asked_in and set(prop.cites.split()) & set(lost):
            found.setdefault(prop.asked_in[0], []).append(prop.id)
    return {name: tuple(each) for name, each in found.items()}


def _check_names(system: System, changes: Sequence[Change]) -> None:
    """Scenarios and properties that the changes name are there."""
    known = [prop.id for prop in system.suite]
    for change in changes:
        own = [prop.id for prop in change.properties]
        for name in change.scenarios:
            if name not in system.scenarios:
                near = nearest(name, system.scenarios)
                raise change.document.error(("scenarios",), f"there is no scenario {name!r}{near}")
        for number, prop in enumerate(change.properties):
            for name in prop.asked_in:
                if name not in system.scenarios:
                    near = nearest(name, system.scenarios)
                    raise change.document.error(("property", number, "scenarios"), f"no scenario {name!r}{near}")
            if prop.id in known or own.count(prop.id) > 1:
                raise change.document.error(("property", number), f"there is a property {prop.id} already")
        for given in change.gives_up:
            if given.property not in (*known, *own):
                near = nearest(given.property, (*known, *own))
                raise change.document.error(given.way, f"there is no property {given.property!r}{near}")


def _scenarios_of(system: System, changes: Sequence[Change]) -> list[Scenario]:
    names = dict.fromkeys(name for change in changes for name in change.scenarios)
    return [system.scenarios[name] for name in names] or [system.default]


def _in_scenario(
    system: System,
    changes: Sequence[Change],
    designs: tuple[Design, Design],
    scenario: Scenario,
    suite: Sequence[Property],
    lost: Sequence[str],
    ways: Ways,
    kept: Kept | None,
) -> InScenario:
    before, after = designs
    asked = system.asked_in(scenario, suite, named=False)
    brought = [
        (change, number, prop)
        for change in changes
        for number, prop in enumerate(change.properties)
        if not prop.asked_in or scenario.name in prop.asked_in
    ]
    _check_brought(brought, designs, scenario)
    own = [prop for _, _, prop in brought]
    old, original = _before(system, before, scenario, asked, ways, kept)
    apart = [each.name for change in changes for each in change.settings if each.before != each.after]
    found = looked_at(system, after, scenario, [*asked, *own], ways, newly_failing(old, apart))
    comparison = Comparison(old, found.side, apart)
    given_up = {each.property: each for change in changes for each in change.gives_up}
    told = []
    for prop, fit in zip([*asked, *own], found.fitted, strict=True):
        judgement = found.report.judgement(prop.id) if fit.prop is not None else None
        compared = comparison.property(prop, fit)
        run = None if judgement is None or judgement.counterexample is None else judgement.counterexample.run
        broken = compared.became is Became.BROKEN and run is not None
        told.append(
            Told(
                compared,
                judgement,
                first_refusal(original(), run) if broken and run is not None else None,
                given_up.get(prop.id),
                tuple(name for name in prop.cites.split() if name in lost),
            )
        )
    order = order_matters(before.model(scenario), changes) if len(changes) > 1 else []
    return InScenario(
        scenario.name,
        scenario.doc,
        (before.settings or {}, after.settings or {}),
        comparison.environments.count,
        tuple(told[: len(asked)]),
        tuple(told[len(asked) :]),
        comparison.goals(),
        comparison.behaviour(),
        old,
        found.side,
        tuple((a.name, b.name, where) for a, b, where in order),
    )


def _check_brought(
    brought: Sequence[tuple[Change, int, Property]], designs: tuple[Design, Design], scenario: Scenario
) -> None:
    """Refuse a property of a change that names what neither design has."""

    def said(prop: Property, design: Design) -> Fitted:
        return fitted([prop.at(design.scenario(scenario))], design.model(scenario))[0]

    before, after = designs
    for change, number, prop in brought:
        now = said(prop, after)
        if now.prop is not None and not now.gone:
            continue
        then, events = said(prop, before), {row.event for of in after.model(scenario).actors for row in of.rows}
        for name in now.gone:
            if name in then.gone:
                what = f"{prop.id}: there is no event {name!r}{nearest(name, sorted(events))}"
                raise change.document.error(("property", number), what)
        if now.prop is None and then.prop is None:
            raise change.document.error(("property", number), now.why)


def _before(
    system: System,
    design: Design,
    scenario: Scenario,
    asked: Sequence[Property],
    ways: Ways,
    kept: Kept | None,
) -> tuple[Side, Callable[[], Network]]:
    """The original side, from what is kept of it or by looking; and its network."""

    def network() -> Network:
        return network_of(scenario, asked, design.settings or {}, design.model)

    if kept is None:
        found = looked_at(system, design, scenario, asked, replace(ways, runs=False))
        return found.side, lambda: found.network
    here = network()
    key = key_of(here, scenario, asked, system)
    side = kept.get(key, here)
    if side is None:
        side = looked_at(system, design, scenario, asked, replace(ways, runs=False)).side
        kept.put(key, side)
    return side, lambda: here


def _idle(changes: Sequence[Change], judged: Sequence[InScenario]) -> tuple[tuple[Change, GivenUp], ...]:
    """What is declared to be given up, was asked somewhere, and is given up nowhere."""
    told = [each for scenario in judged for each in (*scenario.told, *scenario.own)]
    asked = {each.compared.prop.id for each in told}
    given = {each.compared.prop.id for each in told if each.is_intended}
    return tuple(
        (change, each)
        for change in changes
        for each in change.gives_up
        if each.property in asked and each.property not in given
    )
