"""The runs of a picture, found: for each of its ways the shortest that comes to its goals, one after the other."""

from __future__ import annotations

from dataclasses import replace

from ccmproof.diagrams.workflow import Course
from ccmproof.model.kernel.condition import all_at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import Run, replayed
from ccmproof.model.picture import Picture, Way

from .checker import network_of
from .counterexample import EngineError
from .engines import Progress, explore
from .system import System


def courses(of: System, picture: Picture, progress: Progress | None = None) -> list[Course]:
    """The ways of a picture as runs, each gone through step by step on the reference semantics.

    Raises:
        ModelError: a goal cannot be reached, or names what is not there.
        EngineError: the reference semantics does not confirm a run.
    """
    return [_course(of, picture, way, progress) for way in picture.ways]


def _course(of: System, picture: Picture, way: Way, progress: Progress | None) -> Course:
    scenario = replace(picture.scenario, pins={**picture.scenario.pins, **way.sets})
    network = network_of(scenario, (), {}, of.build)
    explored = explore(network, order=of.order_of(scenario), progress=progress)
    if explored.environments.count != 1:
        raise ModelError(f"{picture.name}, {way.name!r}: one environment is meant, not {explored.environments.count}")
    before = way.before or picture.before
    states: list[State] = []
    events: list[str] = []
    begins, start = 0, explored.initial
    for number, goal in enumerate((*before, *(way.goals or picture.goals))):
        if number == len(before):
            begins = len(events)
        (path,) = explored.shortest([explored.where(network.condition(goal))], start=start, progress=progress)
        if path is None:
            raise ModelError(f"{picture.name}, {way.name!r}: {goal} is not reached")
        states = [*states[:-1], *path.states]
        events += path.events
        start = explored.where(all_at(network.as_dict(states[-1])))
    return Course(way.name, way.otherwise, _replayed(network, states, events), network, begins)


def _replayed(network: Network, states: list[State], events: list[str]) -> Run:
    try:
        return replayed(network, states, events)
    except ModelError as error:
        raise EngineError(f"a picture: {error}") from error
