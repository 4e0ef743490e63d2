"""The checker: build the model of a scenario, explore it once, and judge every property on what was reached.

The order of work: the model with the observers of all asked properties, each once; its lints, which refuse it; one
exploration; a verdict for each property with the environments in which it fails; and the shortest runs of the failing
claims, breadth first. No run leaves here that the reference semantics has not replayed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ccmproof.model.kernel.causes import Causes
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.fairness import Fairnesses, fairness_of
from ccmproof.model.kernel.lint import refuse
from ccmproof.model.kernel.mirror import AddMirror
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.symmetry import Swap
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict

from .bounds import Bounds
from .engines import FEW_PARTS, Exploration, Limit, Order, Progress, StateSet, explore
from .engines.levels import refuse_without_levels
from .judge import Asked, judge, spoken_of
from .memory import peak_bytes
from .premises import Premises
from .profile import Profiler
from .promises import Promises
from .report import Judgement, Measured, Reach, Report, Size
from .runs import counterexamples
from .system import Build, configured, observers_of, stored_order

Wanted = Callable[[Judgement], Environments | None]
"""Of a claim that fails, the environments in which its run is wanted; ``None`` or none: in any."""


def check(
    scenario: Scenario,
    properties: Sequence[Property],
    settings: Mapping[str, str] | None = None,
    *,
    build: Build | None = None,
    engine: str = "symbolic",
    order: Order | None = None,
    fairness: Fairnesses | None = None,
    limit: Limit | None = None,
    progress: Progress | None = None,
    runs: bool = True,
    reach: bool = True,
    kept_bounds: bool = False,
    beneath: Sequence[Property] = (),
    profile: bool = False,
    premises: bool = False,
    look: Callable[[Exploration], None] | None = None,
    wanted: Wanted | None = None,
) -> Report:
    """Judge the properties in one scenario.

    Args:
        settings: values of parameters and unknowns, over those that the scenario pins.
        build: makes the model of the scenario; the shipped workflow's where it is not given.
        order: of the moving actors, for an engine that wants one; the stored one for the shipped workflow.
        fairness: what is fair, where that is not what the model says.
        limit: where to stop exploring, and after it judging promises. What is then not refuted is undetermined.
        progress: called now and then during long work.
        runs: whether to look for shortest counterexamples.
        reach: whether to say which events and states are ever reached, which takes a moment where a model is large.
        kept_bounds: whether the runs that are looked for are also those that attain a bound which holds.
        beneath: claims of safety that promises and bounds on time rest on (:meth:`.system.System.beneath`). Where one
            of these is asked, those that fail and should not come first among the judgements; the others are not told.
        profile: whether to say what makes the model large, where the engine has levels.
        look: called with what was explored, once all is judged.
        wanted: of a claim that fails, the environments in which the run that shows it is wanted.
        premises: whether to say which conjuncts of the premises are needed; of promises that takes about as long again.

    Raises:
        ModelError: no property is asked, the model or a property is unusable as it stands, or a profile is asked of an
            engine that has none.
    """
    if not properties:
        raise ModelError("there is no property to check")
    properties = [prop.at(scenario) for prop in properties]
    if profile:
        refuse_without_levels(engine)
    clock = Clock()
    if build is None:
        order = stored_order(scenario.order) if order is None else order
    network = network_of(scenario, properties, settings or {}, build)
    asked = [Asked.of(prop, network) for prop in properties]
    built = clock.lap()
    explored = explore(network, engine=engine, order=order, progress=progress, limit=limit)
    profiler = Profiler(explored) if profile else None
    seen = clock.lap()
    promises = Promises(explored, fairness or fairness_of)
    met, why_unmet = met_of(asked, promises, progress, limit)
    judgements = [
        judge(each, states, explored, scenario.name, with_settings=bool(settings))
        for each, states in zip(asked, met, strict=True)
    ]
    if any(prop.rests_on_safety for prop in properties):
        unsafe = _unsafe(beneath, asked, explored, scenario.name, with_settings=bool(settings))
        asked, met = [*(a for a, _, _ in unsafe), *asked], [*(states for _, states, _ in unsafe), *met]
        judgements = [*(judgement for _, _, judgement in unsafe), *judgements]
    bounds = Bounds(asked, explored, scenario.tick)
    judgements = bounds.added_to(_with_causes(asked, _above(judgements), explored))
    if premises and not interrupted(explored.why_incomplete or why_unmet):
        needs = Premises(promises, scenario.tick)
        judgements, why = _with_premises(asked, met, judgements, needs, progress, limit)
        why_unmet = why_unmet or why
    reached = reach_of(network, explored, properties, scenario.mirror) if reach else None
    if profiler is not None:
        profiler.lap()
    if look is not None:
        look(explored)
    judged = clock.lap()
    stopped = explored.why_incomplete or why_unmet
    if runs and not interrupted(stopped):  # whoever pressed Ctrl-C does not want to wait for runs
        failing = bounds.shown(_failing(asked, met, judgements, explored, wanted), judgements, kept=kept_bounds)
        everywhere = explored.moving_parts <= FEW_PARTS
        shown = counterexamples(failing, promises, progress, limit, everywhere=everywhere)
        found = {a.prop.id: run for (a, _), run in zip(failing, shown, strict=True)}
        judgements = [replace(j, counterexample=found.get(j.prop.id)) for j in judgements]
        if None in shown:
            stopped = stopped or "not every shortest run was found; the verdicts stand"
    ran = clock.lap()
    profiled = None if profiler is None else profiler.profile(asked, met)
    return Report(
        scenario.name,
        scenario.doc,
        scenario.tick,
        dict(settings or {}),
        engine,
        size_of(network, explored),
        explored.complete,
        stopped,
        tuple(judgements),
        reached,
        Measured(built, seen, judged, ran, peak_bytes(), clock.lap() if profile else 0.0),
        profiled,
    )


def _with_causes(asked: Sequence[Asked], judgements: Sequence[Judgement], explored: Exploration) -> list[Judgement]:
    """The judgements, those that fail with the causes of it; a search that was cut short knows no causes."""
    if not explored.complete:
        return list(judgements)
    causes = Causes(explored.environments.space)
    found = []
    for each, judgement in zip(asked, judgements, strict=True):
        if judgement.verdict is Verdict.FAILS and judgement.failing is not None:
            among = spoken_of(each, explored, judgement.failing)
            judgement = replace(judgement, causes=causes.of(judgement.failing, among), among=among.count)
        found.append(judgement)
    return found


def _with_premises(
    asked: Sequence[Asked],
    met: Sequence[StateSet | None],
    judgements: Sequence[Judgement],
    premises: Premises,
    progress: Progress | None,
    limit: Limit | None,
) -> tuple[list[Judgement], str]:
    """The judgements with what is needed of their premises, and why that is not known of all, if it was cut short."""
    found = []
    with premises.explored.watched(progress, limit) as watch:
        for each, states, judgement in zip(asked, met, judgements, strict=True):
            watch.what = f"{each.prop.id}, its premise"
            conjuncts = None if watch.cut else premises.of(each, states)
            found.append(replace(judgement, premise=None if watch.cut else conjuncts))
    return found, watch.why


def interrupted(stopped: str) -> bool:
    """Whether a search stopped because of Ctrl-C, and not of a limit."""
    return "interrupted" in stopped


def network_of(
    scenario: Scenario, properties: Iterable[Property], settings: Mapping[str, str], build: Build | None = None
) -> Network:
    """The flat network of a scenario, with the observers of the properties, once no lint objects.

    Raises:
        ModelError: it is unusable as it stands; a :class:`LintError` has every structural finding.
    """
    if build is None:
        from ccmproof.model.workflow import build as shipped

        build = shipped
    read = [prop.at(scenario) for prop in properties]
    model = configured(build, scenario, settings).extended(*observers_of(read))
    network = refuse(model)
    for name in settings:
        if not network.actor[name].is_unknown:
            raise ModelError(f"{name} moves; only unknowns and parameters can be set")
    return network


def met_of(
    asked: Sequence[Asked], promises: Promises, progress: Progress | None = None, limit: Limit | None = None
) -> tuple[list[StateSet | None], str]:
    """The states that decide each property, and why some are not known, if that is because they were cut short.

    ``None`` for a promise that was cut short. Nothing is said of a promise where the states beneath it are not all
    known, nor of a claim in time where the scenario cannot tell.
    """
    found: list[StateSet | None] = []
    with promises.explored.watched(progress, limit) as watch:
        for each in asked:
            if each.owed is None:
                found.append(None if each.prop.untold else each.met(promises))
                continue
            watch.what = each.prop.id
            states = each.met(promises) if promises.explored.complete and not watch.cut else None
            found.append(None if watch.cut else states)
    return found, watch.why


def _unsafe(
    beneath: Iterable[Property], asked: Iterable[Asked], explored: Exploration, scenario: str, *, with_settings: bool
) -> list[tuple[Asked, StateSet, Judgement]]:
    """Of these claims, those that were not asked, fail and should not, each with the states that refute it."""
    known = {each.prop.id for each in asked}
    found = []
    for prop in beneath:
        if prop.id not in known:
            each = Asked.of(prop, explored.network)
            states = explored.where(each.decides)
            judgement = judge(each, states, explored, scenario, with_settings=with_settings)
            if judgement.surprising and judgement.verdict is Verdict.FAILS:
                found.append((each, states, judgement))
    return found


def _above(judgements: Sequence[Judgement]) -> list[Judgement]:
    """The judgements, where each promise and each bound says what safety is broken beneath it that should not be."""
    unsafe = (j for j in judgements if j.surprising and j.verdict is Verdict.FAILS and not j.prop.rests_on_safety)
    broken = [j.prop.id for j in unsafe]
    if not broken:
        return list(judgements)
    note = f"on a model that is not safe: {', '.join(broken)}"
    return [
        replace(j, note="; ".join(filter(None, (j.note, note)))) if j.prop.rests_on_safety else j for j in judgements
    ]


def _failing(
    asked: Sequence[Asked],
    met: Sequence[StateSet | None],
    judgements: Sequence[Judgement],
    explored: Exploration,
    wanted: Wanted | None,
) -> list[tuple[Asked, StateSet]]:
    """The claims that fail, and what is held impossible but is not, each with the states that show it."""
    found = []
    for each, states, judgement in zip(asked, met, judgements, strict=True):
        if states is not None and _is_told(each, judgement):
            target = _target(each, states, judgement, explored, wanted)
            if target.found or each.exactly is None:
                found.append((each, target))
    return found


def _is_told(asked: Asked, judgement: Judgement) -> bool:
    """Whether a run says something of the judgement."""
    if asked.exactly is not None or not asked.prop.possible:
        return judgement.verdict is Verdict.FAILS
    return judgement.verdict is Verdict.HOLDS and judgement.surprising


def _target(
    asked: Asked, met: StateSet, judgement: Judgement, explored: Exploration, wanted: Wanted | None
) -> StateSet:
    """The states that refute a claim: in the environments in which that is wanted, where there are some; where it fails
    in environments in which it should hold, those of these alone."""
    where = None if wanted is None else wanted(judgement)
    if where is not None:
        within = met & explored.inside(where)
        if within.found:
            return within
    if asked.exactly is not None:
        return met & explored.where(~asked.exactly)
    if asked.decided_by is None or judgement.as_expected:
        return met
    within = met & explored.where(asked.decided_by)
    return within if within.found else met


def size_of(network: Network, explored: Exploration) -> Size:
    """How large what was explored is."""
    return Size(
        explored.environments.count,
        explored.states,
        explored.moving_parts,
        len(network.actors),
        len(network.unknowns),
        len(network.events),
        explored.depth,
    )


def reach_of(
    network: Network, explored: Exploration, properties: Iterable[Property], mirror: AddMirror | None
) -> Reach:
    """What of the model happens in what was explored; machines that watch are not spoken of."""
    watching = {each.name for each in observers_of(properties)}
    acting = [each for each in network.moving if each.name not in watching and not each.data]
    swap = mirror.swap(network) if mirror is not None else Swap()
    return Reach(
        tuple(dict.fromkeys(swap.first_event(event.name) for event in network.events)),
        tuple(dict.fromkeys(swap.first_event(event.name) for event in network.events if event.refusal)),
        tuple(dict.fromkeys(swap.first(each.name, state) for each in acting for state in each.states)),
        frozenset(map(swap.first_event, explored.fired)),
        frozenset(swap.first(name, state) for name, states in explored.entered.items() for state in states),
    )


class Clock:
    """Tells how long each part of the work has taken."""

    def __init__(self) -> None:
        self.last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        before, self.last = self.last, time.perf_counter()
        return self.last - before
