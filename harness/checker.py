"""The checker: build the model of a scenario, explore it once, and judge every property on what was reached.

The order of work: the model with the observers of all asked properties, each once; its lints, which refuse it; one
exploration; a verdict for each property with the environments in which it fails; and the shortest runs of the failing
claims, breadth first. No run leaves here that the reference semantics has not replayed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ccmproof.model.kernel.causes import Causes
from ccmproof.model.kernel.condition import all_of, at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.lint import refuse
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict

from .counterexample import counterexample
from .engines import FEW_PARTS, Exploration, Limit, Progress, StateSet, explore
from .judge import Asked, judge, spoken_of
from .memory import peak_bytes
from .report import Counterexample, Judgement, Measured, Reach, Report, Size
from .system import Build, configured, observers_of, stored_order


def check(
    scenario: Scenario,
    properties: Sequence[Property],
    settings: Mapping[str, str] | None = None,
    *,
    build: Build | None = None,
    engine: str = "symbolic",
    order: Sequence[str] | None = None,
    limit: Limit | None = None,
    progress: Progress | None = None,
    runs: bool = True,
    reach: bool = True,
) -> Report:
    """Judge the properties in one scenario.

    Args:
        settings: values of parameters and unknowns, over those that the scenario pins.
        build: makes the model of the scenario; the shipped workflow's where it is not given.
        order: of the moving actors, for an engine that wants one; the stored one for the shipped workflow.
        limit: where to stop exploring. What is then not refuted is undetermined.
        progress: called now and then during long work.
        runs: whether to look for shortest counterexamples.
        reach: whether to say which events and states are ever reached, which takes a moment where a model is large.

    Raises:
        ModelError: no property is asked, or the model or a property is unusable as it stands.
    """
    if not properties:
        raise ModelError("there is no property to check")
    clock = Clock()
    if build is None:
        order = stored_order() if order is None else order
    network = network_of(scenario, properties, settings or {}, build)
    asked = [Asked.of(prop, network) for prop in properties]
    built = clock.lap()
    explored = explore(network, engine=engine, order=order, progress=progress, limit=limit)
    seen = clock.lap()
    judgements = [judge(each, explored, scenario.name, with_settings=bool(settings)) for each in asked]
    judgements = _with_causes(asked, judgements, explored)
    reached = _reach(network, explored, properties) if reach else None
    judged = clock.lap()
    stopped = explored.why_incomplete
    if runs and not interrupted(stopped):  # whoever pressed Ctrl-C does not want to wait for runs
        found = _counterexamples(network, asked, judgements, explored, progress, limit)
        judgements = [replace(j, counterexample=found.get(j.prop.id)) for j in judgements]
        if None in found.values():
            stopped = stopped or "not every shortest run was found; the verdicts stand"
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
        Measured(built, seen, judged, clock.lap(), peak_bytes()),
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
    model = configured(build, scenario, settings).extended(*observers_of(properties))
    network = refuse(model)
    for name in settings:
        if not network.actor[name].is_unknown:
            raise ModelError(f"{name} moves; only unknowns and parameters can be set")
    return network


def _counterexamples(
    network: Network,
    asked: Sequence[Asked],
    judgements: Sequence[Judgement],
    explored: Exploration,
    progress: Progress | None,
    limit: Limit | None,
) -> dict[str, Counterexample | None]:
    """The shortest run of each failing claim, by its ID; ``None`` where that was cut short.

    All are found in one pass over all environments; where the product has so many moving parts that this is too dear,
    each in the first environment in which the claim fails. A possibility that is held impossible but is not is shown
    by a run too.
    """
    telling = {True: Verdict.HOLDS, False: Verdict.FAILS}
    failing = [
        (a, _target(a, j, explored))
        for a, j in zip(asked, judgements, strict=True)
        if j.verdict is telling[a.prop.possible] and (j.surprising or not a.prop.possible)
    ]
    if not failing:
        return {}
    everywhere = explored.moving_parts <= FEW_PARTS
    targets = [target if everywhere else _in_first_environment(target, explored) for _, target in failing]
    batches = [targets] if everywhere else [[target] for target in targets]
    paths = [path for batch in batches for path in explored.shortest(batch, progress=progress, limit=limit)]
    return {
        a.prop.id: None
        if path is None
        else counterexample(network, a.prop, a.decides, path.states, path.events, everywhere=everywhere)
        for (a, _), path in zip(failing, paths, strict=True)
    }


def _in_first_environment(states: StateSet, explored: Exploration) -> StateSet:
    """Those of the states that lie in the first environment that has any."""
    first = explored.environments_of(states).first()
    return states & explored.where(all_of(*(at(name).is_(value) for name, value in first.items())))


def _target(asked: Asked, judgement: Judgement, explored: Exploration) -> StateSet:
    """The states that refute a claim; where it fails in environments in which it should hold, those of these alone."""
    target = explored.where(asked.decides)
    if asked.decided_by is None or judgement.as_expected:
        return target
    within = target & explored.where(asked.decided_by)
    return within if within.found else target


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


def _reach(network: Network, explored: Exploration, properties: Iterable[Property]) -> Reach:
    watching = {each.name for each in observers_of(properties)}
    acting = [each for each in network.moving if each.name not in watching and not each.data]
    entered = explored.entered
    return Reach(
        tuple(event.name for event in network.events),
        tuple(event.name for event in network.events if event.refusal),
        tuple((each.name, state) for each in acting for state in each.states),
        frozenset(explored.fired),
        frozenset((each.name, state) for each in acting for state in entered[each.name]),
    )


class Clock:
    """Tells how long each part of the work has taken."""

    def __init__(self) -> None:
        self.last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        before, self.last = self.last, time.perf_counter()
        return self.last - before
