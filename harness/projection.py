"""Views of the product (:mod:`ccmproof.model.kernel.quotient`) by an engine, whatever the number of states.

No image is made for them. What the chosen actors do by an event is what their rows say; so for each choice of rows it
is asked in which combinations of their states the event may happen by these: the states in which it may happen at all,
where the guards of the rows hold. The others take part by rows of their own, which change nothing in that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import networkx as nx
from ccmproof.model.kernel.condition import Condition, In, all_of
from ccmproof.model.kernel.network import Event, Network, Transition
from ccmproof.model.kernel.quotient import Combination, add_step, empty_view

from .engines import Exploration, StateSet


class TooMany(Exception):
    """More combinations are reached than are wanted; ``seen`` says how many at the least."""

    def __init__(self, seen: int) -> None:
        super().__init__(f"at least {seen:,} combinations are reached")
        self.seen = seen


def projected(
    explored: Exploration, actors: Sequence[str], goals: Mapping[str, Condition] | None = None, most: int | None = None
) -> nx.MultiDiGraph:
    """The view of these actors of all that was explored, in the order of their states.

    Args:
        most: how many nodes make sense.

    Raises:
        ModelError: there is no such actor, or one is named twice, or none is.
        TooMany: more than ``most`` combinations are reached.
    """
    network = explored.network
    view = empty_view(network, actors)
    met = {name: explored.where(goal) for name, goal in (goals or {}).items()}
    begin, stuck = explored.combinations(explored.initial, actors), explored.deadlocks()
    for at in _ordered(_reached(explored, actors, most), network, actors):
        here = explored.where(_cylinder(actors, at))
        view.add_node(
            at,
            states=here.count,
            environments=explored.environments_of(here).count,
            initial=at in begin,
            deadlocks=(here & stuck).count,
            goals={name: (here & states).count for name, states in met.items()},
        )
    for event in network.events:
        taking_part = [name for name in actors if name in event.participants]
        if taking_part:
            for before, after in _steps(explored, event, actors, taking_part):
                add_step(view, network, event, before, after)
    return view


def _reached(explored: Exploration, actors: Sequence[str], most: int | None) -> frozenset[Combination]:
    """The combinations that are reached; they are counted for ever more of the actors, so that it ends soon."""
    found: frozenset[Combination] = frozenset()
    for place in range(len(actors)):
        found = explored.combinations(explored.reached, actors[: place + 1])
        if most is not None and len(found) > most:
            raise TooMany(len(found))
    return found


def _cylinder(actors: Sequence[str], at: Combination) -> Condition:
    return all_of(*(In(name, frozenset({state})) for name, state in zip(actors, at, strict=True)))


def _ordered(these: frozenset[Combination], network: Network, actors: Sequence[str]) -> list[Combination]:
    """In the order of the actors' lists of states."""
    ranks = [{state: place for place, state in enumerate(network.actor[name].states)} for name in actors]
    return sorted(these, key=lambda at: [rank[state] for rank, state in zip(ranks, at, strict=True)])


def _steps(
    explored: Exploration, event: Event, actors: Sequence[str], taking_part: Sequence[str]
) -> Iterator[tuple[Combination, Combination]]:
    """Where the event leads from and to; in order, for each choice of the rows of those that take part."""
    network = explored.network
    enabled = explored.can_fire(event.name)
    if not enabled.found:
        return
    occurring = explored.occurring(enabled)
    offered = [
        [row for row in network.actor[name].by_event[event.name] if not row.sources.isdisjoint(occurring[name])]
        for name in taking_part
    ]
    for rows in product(*offered):
        takes = dict(zip(taking_part, rows, strict=True))
        for before in _ordered(explored.combinations(_by(explored, enabled, takes), actors), network, actors):
            after = (takes[name].target(at) if name in takes else at for name, at in zip(actors, before, strict=True))
            yield before, tuple(after)


def _by(explored: Exploration, enabled: StateSet, takes: Mapping[str, Transition]) -> StateSet:
    """The states in which the event may happen by these rows."""
    whole = [(In(name, row.sources), row.when) for name, row in takes.items()]
    return enabled & explored.where(all_of(*(each for pair in whole for each in pair)))
