"""Lassos, judged by the semantics page: a stem, and a cycle that a run goes round for ever.

The checker knows no engine. It is given what is said to be a run, replays it, and says what is wrong with it: a
component of the product is no run, and a cycle in a fair component need not be fair.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

import networkx as nx
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.fairness import Fairness, checked
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import replayed


def fault(
    network: Network,
    states: Sequence[State],
    events: Sequence[str],
    back_to: int,
    fairness: Iterable[Fairness],
    within: Condition,
    *,
    since: int = 0,
) -> str | None:
    """What is wrong with a lasso, if anything is.

    Args:
        states: one more than ``events``; the first is an initial one, the last equals the one at ``back_to``.
        back_to: where the cycle begins. ``len(events)``: it has no step, the run rests in its last state.
        within: holds in every state from ``since`` on.
    """
    resting = back_to == len(events)
    try:
        replayed(network, states, events, loop=None if resting else back_to)
    except ModelError as error:
        return str(error)
    for number, state in enumerate(states):
        if number >= min(since, back_to) and not product.holds(network, within, state):
            return f"state {number} is not within"
    cycle = states[back_to:] if resting else states[back_to:-1]
    for group in checked(network, fairness):
        if not _served(network, cycle, events[back_to:], group):
            return f"{group} is put off for ever"
    return None


def _served(network: Network, cycle: Sequence[State], events: Sequence[str], group: Fairness) -> bool:
    """Is the group on the cycle, or excused there? A run that rests has a cycle of one state and no event."""
    may = [may_happen(network, group, state) for state in cycle]
    happens = any(event in group.events for event, counts in zip(events, may, strict=False) if counts)
    return happens or not (any(may) if group.strong else all(may))


def may_happen(network: Network, group: Fairness, state: State) -> bool:
    """May the group happen in the state?"""
    return product.holds(network, group.when, state) and any(
        product.enabled(network, network.event[name], state) for name in group.events
    )


def is_fair_lasso(
    network: Network,
    states: Sequence[State],
    events: Sequence[str],
    back_to: int,
    fairness: Iterable[Fairness],
    within: Condition,
    *,
    since: int = 0,
) -> bool:
    """Is this a run of the network from an initial state, for ever inside ``within`` from ``since`` on, and fair?"""
    return fault(network, states, events, back_to, fairness, within, since=since) is None


Tour = tuple[list[State], list[str], int]
"""States, events, and where the cycle begins."""


def lasso_round(graph: nx.MultiDiGraph, component: Collection[State]) -> Tour:
    """From an initial state by a shortest way into the component, and then round all its edges."""
    states, events = _way(graph, [state for state, initial in graph.nodes(data="initial") if initial], component)
    inside = graph.subgraph(component)
    back_to = len(events)
    for before, after, event in sorted(inside.edges(keys=True)):
        for more_states, more_events in (_way(inside, states[-1:], [before]), ([before, after], [event])):
            states += more_states[1:]
            events += more_events
    more_states, more_events = _way(inside, states[-1:], [states[back_to]])
    return states + more_states[1:], events + more_events, back_to


def lasso_to(graph: nx.MultiDiGraph, state: State) -> Tour:
    """From an initial state by a shortest way to the state, to rest there."""
    states, events = _way(graph, [node for node, initial in graph.nodes(data="initial") if initial], [state])
    return states, events, len(events)


def _way(graph: nx.MultiDiGraph, start: Iterable[State], goals: Collection[State]) -> tuple[list[State], list[str]]:
    """A shortest way from one of the nodes to one of the goals."""
    lengths, ways = nx.multi_source_dijkstra(graph, sorted(start), weight=None)
    goal = min((goal for goal in goals if goal in ways), key=lambda goal: (lengths[goal], goal))
    return list(ways[goal]), [min(graph[before][after]) for before, after in pairwise(ways[goal])]
