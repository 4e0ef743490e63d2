"""The product as some actors see it: a view, in which states that only the other actors tell apart are one.

A *view* is a ``networkx.MultiDiGraph``. A node is a combination of states of the chosen actors that is reached (a
tuple, in the order in which they were chosen), with these attributes:

- ``states``: how many states of the product it stands for; ``environments``: in how many environments they lie;
- ``initial``: whether the product may begin in one of them; ``deadlocks``: in how many of them nothing may happen;
- ``goals``: for each goal, how many of them it holds in.

An edge says that an event in which one of the chosen actors takes part leads from some state of the one node to some
state of the other. It has the event as its key, and the attributes ``event``, ``controller``, ``host`` and
``refusal``. The graph has ``name``, and ``actors``: who was chosen.

Here a view is read off the product's graph. For what is too large for that an engine makes the same view without any
list of states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx as nx

from . import product
from .condition import Condition
from .errors import ModelError, nearest
from .network import Event, Network, State

Combination = tuple[str, ...]
"""The states of the chosen actors."""


def empty_view(network: Network, actors: Sequence[str]) -> nx.MultiDiGraph:
    """A view of these actors without nodes.

    Raises:
        ModelError: there is no such actor, or one is named twice, or none is.
    """
    if not actors:
        raise ModelError("a view is of one actor at the least")
    for name in actors:
        if name not in network.actor:
            raise ModelError(f"there is no actor {name!r}{nearest(name, network.actor)}")
        if actors.count(name) > 1:
            raise ModelError(f"the actor {name!r} is named twice")
    return nx.MultiDiGraph(name=network.name, actors=tuple(actors))


def add_step(view: nx.MultiDiGraph, network: Network, event: Event, before: Combination, after: Combination) -> None:
    """Add the edge of an event from the one node to the other, if it is not there."""
    host = network.actor[event.controller].host if event.controller else ""
    about = {"event": event.name, "controller": event.controller, "host": host, "refusal": event.refusal}
    view.add_edge(before, after, key=event.name, **about)


def quotient(
    graph: nx.MultiDiGraph, network: Network, actors: Sequence[str], goals: Mapping[str, Condition] | None = None
) -> nx.MultiDiGraph:
    """The view of these actors, from the graph that :func:`.graph.product_graph` has made of the network.

    Nodes and edges come in the order of the graph's.

    Raises:
        ModelError: as :func:`empty_view`.
    """
    view = empty_view(network, actors)
    chosen = [network.position[name] for name in actors]
    still = [network.position[each.name] for each in network.unknowns]
    seen: dict[Combination, set[State]] = {}
    for state, about in graph.nodes(data=True):
        at = tuple(state[place] for place in chosen)
        if at not in view:
            view.add_node(at, states=0, environments=0, initial=False, deadlocks=0, goals=dict.fromkeys(goals or (), 0))
        node = view.nodes[at]
        node["states"] += 1
        node["initial"] |= about["initial"]
        node["deadlocks"] += graph.out_degree(state) == 0
        for name, goal in (goals or {}).items():
            node["goals"][name] += product.holds(network, goal, state)
        seen.setdefault(at, set()).add(tuple(state[place] for place in still))
    for at, environments in seen.items():
        view.nodes[at]["environments"] = len(environments)
    for one, other, key in graph.edges(keys=True):
        event = network.event[key]
        if not set(event.participants).isdisjoint(actors):
            ends = (tuple(state[place] for place in chosen) for state in (one, other))
            add_step(view, network, event, *ends)
    return view
