"""One side of a comparison: what a design is found to be in one scenario, as far as a comparison needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict

from ..checker import Wanted, check
from ..engines import Exploration, Limit, Progress
from ..expression import sayable
from ..report import Computed, Judgement, Report
from ..system import System
from .behaviour import Behaviour, behaviour
from .design import Design
from .fit import Fitted, fitted


@dataclass(frozen=True)
class Judged:
    """What a judgement says, without its runs and causes.

    Attributes:
        failing: where it fails, or for a possibility, cannot happen; ``None`` where that is not known.
        tried: where what it speaks of is attempted.
        promised: where the suite says that it holds.
    """

    verdict: Verdict
    failing: Environments | None
    tried: Environments
    promised: Environments
    bound: Computed | None = None
    note: str = ""

    @classmethod
    def of(cls, judgement: Judgement, space: Space) -> Judged:
        tried, promised = (space.none() if each is None else each for each in (judgement.tried, judgement.promised))
        return cls(judgement.verdict, judgement.failing, tried, promised, judgement.bound, judgement.note)


@dataclass(frozen=True)
class Side:
    """What a design is found to be in one scenario.

    Attributes:
        space: of the environments that it may begin in.
        stopped: why a search was cut short; else empty.
        judged: by the IDs of the properties.
        behaviour: what happens; ``None`` where the search was cut short.
        goals: for each goal the environments in which it can be reached; those that cannot be said are left out.
        states, moving_parts: how large it is.
    """

    space: Space
    stopped: str
    judged: Mapping[str, Judged]
    behaviour: Behaviour | None
    goals: Mapping[str, Environments]
    states: int
    moving_parts: int


@dataclass(frozen=True)
class Found:
    """A side, and what only somebody who has just looked knows.

    Attributes:
        fitted: the properties as they are said of this design, in the order in which they were asked.
        report: with counterexamples and causes.
        network: what was explored.
    """

    side: Side
    fitted: tuple[Fitted, ...]
    report: Report
    network: Network


@dataclass(frozen=True)
class Ways:
    """How a design is looked at."""

    engine: str = "symbolic"
    limit: Limit | None = None
    progress: Progress | None = None
    runs: bool = True


def looked_at(
    system: System,
    design: Design,
    scenario: Scenario,
    properties: Sequence[Property],
    ways: Ways,
    wanted: Wanted | None = None,
) -> Found:
    """Judge a design in a scenario.

    Args:
        wanted: of a claim that fails, the environments in which the run that shows it is wanted.

    Raises:
        ModelError: the design is unusable as it stands, or no property can be said of it.
    """
    of = design.scenario(scenario)
    model = design.model(scenario)
    fits = tuple(fitted([prop.at(of) for prop in properties], model))
    asked = [fit.prop for fit in fits if fit.prop is not None]
    seen: list[Exploration] = []
    told: list[Behaviour | None] = []
    watching = [each.name for prop in asked for each in prop.observers]

    def look(explored: Exploration) -> None:
        seen.append(explored)
        told.append(behaviour(explored, system.alphabet, watching) if explored.complete else None)

    report = check(
        of,
        asked,
        design.settings,
        build=design.model,
        engine=ways.engine,
        order=system.order_of(scenario),
        limit=ways.limit,
        progress=ways.progress,
        runs=ways.runs,
        reach=False,
        look=look,
        wanted=wanted,
    )
    explored = seen[0]
    space = explored.environments.space
    judged = {each.prop.id: Judged.of(each, space) for each in report.judgements}
    side = Side(
        space, report.stopped, judged, told[0], _goals(system, explored), report.size.states, report.size.moving_parts
    )
    return Found(side, fits, report, explored.network)


def _goals(system: System, explored: Exploration) -> dict[str, Environments]:
    if not explored.complete:
        return {}
    goals = sayable(system.goals, explored.network)
    return {name: explored.environments_of(explored.where(goal)) for name, goal in goals.items()}
