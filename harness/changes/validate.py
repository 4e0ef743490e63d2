"""Validating a design change: both designs in each scenario, and what the change does to every property.

The original is looked at once: what it gave is kept (:mod:`.cache`) by the hash of its network and of what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property

from ..checker import interrupted as was_interrupted
from ..checker import network_of
from ..executors import Hands, done
from ..report import Report
from ..system import Load, System
from .cache import Kept, key_of
from .change import Change, GivenUp
from .compare import Became, Compared, Comparison, newly_failing
from .design import Design, check_settings, order_matters, pair, settable
from .difference import Difference, differences, footing
from .fit import Fitted, fitted
from .refusal import first_refusal
from .side import Side, Ways, looked_at
from .validation import InScenario, Told, Validation


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
    away: Away | None = None,
) -> Validation:
    """Judge the changes, applied one after the other.

    Args:
        scenarios: by default those that the changes name, or the system's first.
        properties: of the suite, by default all but those that say where exactly an event can happen, for what happens
            where is compared event by event; those that the changes bring come beside them.
        settings: of parameters and unknowns, on both sides.
        kept: where what the original gave is kept; nowhere by default.
        every: a scenario to which the changes cannot be applied is passed over, if there are others.
        away: who judges the scenarios, if not this process one after the other.

    Raises:
        ModelError: there is no change, a change cannot be applied, or says what cannot be; it says where.
    """
    if not changes:
        raise ModelError("there is no change to validate")
    _check_names(system, changes)
    before, after = pair(system.build, changes, settings)
    suite = tuple(properties) or tuple(prop for prop in system.suite if not prop.exactly)
    work = _Work(system, tuple(changes), before, after, suite, ways or Ways(), kept, settings or {})
    return work.validation(list(scenarios) or _scenarios_of(system, changes), every=every, away=away)


@dataclass(frozen=True)
class Away:
    """Who judges scenarios elsewhere, and how many are done at a time.

    Attributes:
        load: a function of a module, by whose name any process gives itself the system.
        tell: told each scenario that is judged, and how many are.
    """

    hands: Hands
    load: Load
    tell: Callable[[str, int], None]


def judged_in(
    load: Load,
    changes: Sequence[Change],
    properties: Sequence[str],
    settings: Mapping[str, str],
    ways: Ways,
    kept: Kept | None,
    lost: Sequence[str],
    name: str,
) -> InScenario | str:
    """Both designs in one scenario, in whatever process; why not, where the changes cannot be applied there."""
    system, wanted = load(), set(properties)
    before, after = pair(system.build, changes, settings)
    suite = tuple(prop for prop in system.suite if prop.id in wanted)
    work = _Work(system, tuple(changes), before, after, suite, ways, kept, settings)
    scenario = system.scenario(name)
    try:
        models = work.models(scenario)
    except ModelError as error:
        return str(error)
    return work.judged(scenario, *models, lost)


@dataclass(frozen=True)
class _Work:
    """What is judged, and how."""

    system: System
    changes: tuple[Change, ...]
    before: Design
    after: Design
    suite: tuple[Property, ...]
    ways: Ways
    kept: Kept | None
    settings: Mapping[str, str]

    def validation(self, chosen: Sequence[Scenario], *, every: bool, away: Away | None) -> Validation:
        """All scenarios; an interruption keeps what had been found before it."""
        first, passed_over = self._first(chosen, every=every)
        parts = differences(*first)
        lost = _footing(parts, self.changes, first[0])
        found: dict[str, InScenario | str] = {}
        try:
            if away is None:
                self._one_by_one(chosen, lost, found)
            else:
                self._away(chosen, lost, found, away)
        except KeyboardInterrupt:
            if not found:
                raise
        for scenario in chosen:
            why = found.get(scenario.name)
            if isinstance(why, str):
                if not every:
                    self.models(scenario)  # which says it with its place
                passed_over[scenario.name] = why
        judged = [each for scenario in chosen if isinstance(each := found.get(scenario.name), InScenario)]
        whole = len(judged) - sum(map(_was_interrupted, judged))
        stopped = (
            f"{whole} of {len(chosen)} scenarios had been judged" if whole + len(passed_over) < len(chosen) else ""
        )
        return Validation(
            self.changes,
            parts,
            lost,
            tuple(judged),
            passed_over,
            _idle(self.changes, judged),
            stopped,
            self.system.alphabet,
            _elsewhere(self.system, self.suite, judged, lost),
        )

    def _first(self, chosen: Sequence[Scenario], *, every: bool) -> tuple[tuple[Model, Model], dict[str, str]]:
        """Both models in the first scenario to which the changes can be applied, and why they cannot before it."""
        passed_over: dict[str, str] = {}
        for scenario in chosen:
            try:
                return self.models(scenario), passed_over
            except ModelError as error:
                if not every:
                    raise
                passed_over[scenario.name] = str(error)
        raise ModelError(next(iter(passed_over.values())))

    def _one_by_one(self, chosen: Sequence[Scenario], lost: Sequence[str], found: dict[str, InScenario | str]) -> None:
        for scenario in chosen:
            try:
                models = self.models(scenario)
            except ModelError as error:
                found[scenario.name] = str(error)
                continue
            found[scenario.name] = judged = self.judged(scenario, *models, lost)
            if _was_interrupted(judged):
                return

    def _away(
        self, chosen: Sequence[Scenario], lost: Sequence[str], found: dict[str, InScenario | str], away: Away
    ) -> None:
        ways = replace(self.ways, progress=None)
        names = tuple(prop.id for prop in self.suite)
        lead = (away.load, self.changes, names, dict(self.settings), ways, self.kept, tuple(lost))

        def told(task: tuple[object, ...], judged: InScenario | str) -> None:
            name = str(task[-1])
            found[name] = judged
            away.tell(name, len(found))

        done(away.hands, judged_in, [(*lead, scenario.name) for scenario in chosen], told)

    def models(self, scenario: Scenario) -> tuple[Model, Model]:
        """The original and the changed model.

        Raises:
            ModelError: the changes cannot be applied there.
        """
        original, changed = self.before.model(scenario), self.after.model(scenario)
        check_settings(original, self.changes, "before", changed)
        return original, changed

    def judged(self, scenario: Scenario, original: Model, changed: Model, lost: Sequence[str]) -> InScenario:
        """Both designs in one scenario."""
        before, after = settable(self.before, original, changed), settable(self.after, changed, original)
        asked = self.system.asked_in(scenario, self.suite, named=False)
        brought = _brought(self.changes, scenario)
        _check_brought(brought, (before, after), scenario)
        own = [prop for _, _, prop in brought]
        old, network = self._original(before, scenario, asked)
        apart = [name for change in self.changes for name in change.moved]
        found = looked_at(self.system, after, scenario, [*asked, *own], self.ways, newly_failing(old, apart))
        comparison = Comparison(old, found.side, apart)
        told = [
            self._told(comparison.property(prop, fit), found.report, network, lost)
            for prop, fit in zip([*asked, *own], found.fitted, strict=True)
        ]
        order = order_matters(original, self.changes) if len(self.changes) > 1 else []
        return InScenario(
            scenario.name,
            scenario.doc,
            (before.settings, after.settings),
            comparison.environments.count,
            tuple(told[: len(asked)]),
            tuple(told[len(asked) :]),
            comparison.goals(),
            comparison.behaviour(),
            old,
            found.side,
            tuple((a.name, b.name, where) for a, b, where in order),
        )

    def _original(self, design: Design, scenario: Scenario, asked: Sequence[Property]) -> tuple[Side, Network]:
        """The original side, from what is kept of it or by looking; and its network."""
        ways = replace(self.ways, runs=False)
        if self.kept is None:
            found = looked_at(self.system, design, scenario, asked, ways)
            return found.side, found.network
        network = network_of(scenario, asked, design.settings, design.model)
        key = key_of(network, scenario, asked, self.system)
        side = self.kept.get(key, network)
        if side is None:
            side = looked_at(self.system, design, scenario, asked, ways).side
            self.kept.put(key, side)
        return side, network

    @cached_property
    def given_up(self) -> dict[str, GivenUp]:
        """What the changes give up on purpose, by property; of two that give up one, the later."""
        return {each.property: each for change in self.changes for each in change.gives_up}

    def _told(self, compared: Compared, report: Report, network: Network, lost: Sequence[str]) -> Told:
        """One property, with what explains it."""
        prop = compared.prop
        judgement = report.judgement(prop.id) if compared.fitted.prop is not None else None
        shown = None if judgement is None else judgement.counterexample
        refusal = None
        if shown is not None and compared.became is Became.BROKEN:
            refusal = first_refusal(network, shown.run)
        statements = tuple(name for name in prop.cites.split() if name in lost)
        return Told(compared, judgement, refusal, self.given_up.get(prop.id), statements)


def _was_interrupted(judged: InScenario) -> bool:
    return any(was_interrupted(side.stopped) for side in (judged.before, judged.after))


def _brought(changes: Sequence[Change], scenario: Scenario) -> list[tuple[Change, int, Property]]:
    """The properties that the changes bring and that are asked in the scenario, each with its place in its file."""
    return [
        (change, number, prop)
        for change in changes
        for number, prop in enumerate(change.properties)
        if not prop.asked_in or scenario.name in prop.asked_in
    ]


def _footing(parts: Sequence[Difference], changes: Sequence[Change], original: Model) -> tuple[str, ...]:
    """The statements that lose their footing, those of what is set otherwise among them."""
    moved = {name for change in changes for name in change.moved}
    cited = [name for of in original.actors if of.name in moved for name in of.cites.split()]
    return tuple(dict.fromkeys((*footing(parts), *cited)))


def _elsewhere(
    system: System, suite: Sequence[Property], judged: Sequence[InScenario], lost: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """What was not asked and cites a statement that is touched, by the scenario that asks it first."""
    asked = {each.compared.prop.id for scenario in judged for each in scenario.told}
    found: dict[str, list[str]] = {}
    for prop in suite:
        if prop.id not in asked and set(prop.cites.split()) & set(lost):
            found.setdefault((*prop.asked_in, system.default.name)[0], []).append(prop.id)
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
        then, events = said(prop, before), after.model(scenario).taken
        for name in now.gone:
            if name in then.gone:
                what = f"{prop.id}: there is no event {name!r}{nearest(name, sorted(events))}"
                raise change.document.error(("property", number), what)
        if now.prop is None and then.prop is None:
            raise change.document.error(("property", number), now.why)


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
