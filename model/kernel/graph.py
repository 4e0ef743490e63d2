"""The product as a graph that a person can hold: ``networkx.MultiDiGraph`` of one environment or a small scenario."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from math import prod

import networkx as nx

from . import product
from .errors import ModelError
from .network import Event, Network, State

_PATIENCE = 50
"""How many combinations of initial states are looked at for each state that may be in the graph, where ``assume``
excludes some of them."""


def product_graph(network: Network, *, limit: int = 20_000) -> nx.MultiDiGraph:
    """The reachable states of the product and the steps between them.

    A node is a state of the product (a tuple, in the order of ``network.actors``); it has an attribute for each actor,
    its state, and ``initial``. An edge has the event as its key (where an event leads to one state in several ways
    there is one edge), and the attributes ``event``, ``controller`` and ``host``. Nodes come in the order of
    breadth-first search.

    Args:
        limit: how many states make sense.

    Raises:
        ModelError: there are more states than ``limit``, or far more initial states than could be looked at; it says
            how many were seen, and what could be pinned. Or an actor is named ``initial``.

    >>> from ccmproof.model.kernel.network import Actor, Event, Transition
    >>> lamp = Actor("lamp", ("off", "on"), ("off",), (Transition("switch", frozenset({"off"}), "on"),))
    >>> graph = product_graph(Network("light", (lamp,), (Event("switch", "lamp", ("lamp",)),)))
    >>> list(graph.edges(keys=True))
    [(('off',), ('on',), 'switch')]
    """
    graph = initial_graph(network, limit=limit)
    for _ in growing(graph, network):
        if len(graph) > limit:
            raise _too_large(network, f"more than {limit:,} states", limit)
    return graph


def initial_graph(network: Network, *, limit: int = 20_000) -> nx.MultiDiGraph:
    """The graph of :func:`product_graph` before any step: the initial states alone.

    Raises:
        ModelError: as there.
    """
    if "initial" in network.actor:
        raise ModelError(f"{network.name}: an actor named 'initial' would hide which states are initial; rename it")
    combinations = prod(len(actor.initial) for actor in network.actors)
    if combinations > _PATIENCE * limit or (combinations > limit and not network.assume):
        raise _too_large(network, f"{combinations:,} combinations of initial states", limit)
    graph = nx.MultiDiGraph(name=network.name)
    for state in product.initial_states(network):
        if len(graph) >= limit:
            raise _too_large(network, f"more than {limit:,} states", limit)
        _add(graph, network, state, initial=True)
    return graph


def growing(graph: nx.MultiDiGraph, network: Network) -> Iterator[State]:
    """Grow a graph of initial states breadth first until nothing is new, and name each state whose steps are in it.

    Whoever stops asking has a part of the graph: of the states that were named every step, of the others none.
    """
    possible = locally_possible(network)
    waiting: deque[State] = deque(graph.nodes)
    while waiting:
        before = waiting.popleft()
        for event in possible(before):
            host = network.actor[event.controller].host if event.controller else ""
            for after in product.outcomes(network, event, before):
                if after not in graph:
                    _add(graph, network, after, initial=False)
                    waiting.append(after)
                graph.add_edge(before, after, key=event.name, event=event.name, controller=event.controller, host=host)
        yield before


def locally_possible(network: Network) -> Callable[[State], list[Event]]:
    """For a state, the events that no participant's own state excludes, guards aside, in the network's order.

    A superset of what is enabled, and cheap: most events are excluded by where their controller is.
    """
    sources: dict[tuple[str, str], frozenset[str]] = {
        (actor.name, name): frozenset(chain.from_iterable(row.sources for row in rows))
        for actor in network.actors
        for name, rows in actor.by_event.items()
    }
    needs = [
        (event, [(network.position[name], sources[name, event.name]) for name in _first(event)])
        for event in network.events
    ]

    def possible(state: State) -> list[Event]:
        return [event for event, places in needs if all(state[place] in states for place, states in places)]

    return possible


def _first(event: Event) -> list[str]:
    """The participants, the controller first: it excludes most."""
    return sorted(event.participants, key=lambda name: name != event.controller)


def _add(graph: nx.MultiDiGraph, network: Network, state: State, *, initial: bool) -> None:
    graph.add_node(state)
    graph.nodes[state].update(network.as_dict(state), initial=initial)


def _too_large(network: Network, seen: str, limit: int) -> ModelError:
    open_ones = sorted((a for a in network.actors if len(a.initial) > 1), key=lambda a: -len(a.initial))
    names = ", ".join(f"{a.name} ({len(a.initial)})" for a in open_ones[:5])
    more = f" and {len(open_ones) - 5} others" if len(open_ones) > 5 else ""
    mend = f"pin some of {names}{more}" if names else "ask an engine, which needs no graph"
    return ModelError(f"{network.name} has {seen}, too many for a graph of at most {limit:,}: {mend}")
