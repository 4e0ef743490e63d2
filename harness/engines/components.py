"""From which nodes of a graph some fair run goes on for ever, by strongly connected components.

The graph is explicit and finite, its edges are keyed by events. No fixpoint is computed here and nothing is shared with
:mod:`.fair`: the two judge each other. In words of automata it is the emptiness of a Streett condition, with weak
fairness beside it, and with runs that may come to rest.

*What is looked for.* A run either rests in some node from then on, or takes edges without end. For the latter let I be
the nodes and J the edges that it meets again and again: from some moment on it meets no others, so I with J is strongly
connected, and J is not empty. The run is fair exactly if for each group g

- J has an edge of g; or
- g is strong and may happen at no node of I; or
- g is weak and there is a node of I at which it may not happen.

A run that rests in a node is fair exactly if no group may happen there. Where a group *may* happen is asked of the
whole graph: an edge that leaves ``within`` counts.

*The algorithm.* Divide a part of the graph (at first ``within``) into its strongly connected components. Let C be one
with an edge inside it.

1. Some weak group may happen at each node of C, and no edge inside C is of it: C is dropped.
2. Some strong groups may happen at nodes of C, and no edge inside C is of them: these nodes are taken away, what is
   left of C is a part to be divided in its turn.
3. Else C is a fair component.

*It finds no wrong one.* A run that goes round all edges of a fair component C has I = C and all these edges as J; by 1
and 2 each group has an edge in J, or a node of C where it may not happen, or none where it may.

*It misses none.* Let a fair run have I and J as above. I lies in ``within``, and, being strongly connected, in one
component C of each part that holds it. By 1 C is not dropped: J would have no edge of the weak group, and I no node at
which it may not happen. By 2 I keeps all its nodes: J has no edge of the strong group, hence I no node at which it may
happen. Each 2 takes away a node, so it ends, and it ends with 3.

Judging C as it first stood, before nodes were taken away, is the classic error: an edge that satisfied one group may
have been an edge to a node that another one has taken away.

References: Lichtenstein, Pnueli, "Checking that finite state concurrent programs satisfy their linear specification"
(POPL 1985), the algorithm; Emerson, Lei, "Modalities for model checking: branching time logic strikes back" (Science of
Computer Programming 1987), the recursion for strong fairness; Kesten, Pnueli, Raviv, "Algorithmic verification of
linear temporal logic specifications" (ICALP 1998), that justice and compassion need no more.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

import networkx as nx

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True)
class Group:
    """A group of a graph's edges: those with one of its events as their key that begin where it may happen.

    Attributes:
        events: the keys of its edges.
        may: the nodes at which it may happen: at which an edge of it begins, inside ``within`` or out of it.
        strong: strong, else weak.
    """

    events: frozenset[str]
    may: frozenset[Hashable]
    strong: bool


def fair_nodes(graph: nx.MultiDiGraph, within: AbstractSet[Node], groups: Sequence[Group]) -> frozenset[Node]:
    """The nodes of ``within`` from which some fair run stays in ``within`` for ever, resting included.

    Args:
        graph: its edges are keyed by events.
        within: some of its nodes.
        groups: the fairness; of none, every run is fair, and may rest anywhere.
    """
    goals = set(resting(within, groups)).union(*fair_components(graph, within, groups))
    backwards = graph.subgraph(within).reverse(copy=False)
    return frozenset(node for layer in nx.bfs_layers(backwards, goals) for node in layer)


def resting(within: AbstractSet[Node], groups: Sequence[Group]) -> frozenset[Node]:
    """The nodes of ``within`` in which a fair run may come to rest."""
    return frozenset(within).difference(*(group.may for group in groups))


def fair_components(
    graph: nx.MultiDiGraph, within: AbstractSet[Node], groups: Sequence[Group]
) -> Iterator[frozenset[Node]]:
    """The fair components: a run that goes round all edges inside one of them is fair.

    No two of them share a node. Not every cycle in one of them is fair: a run that is to be shown has to meet, for each
    group, an edge of it or a node that excuses it.
    """
    parts: list[AbstractSet[Node]] = [within]
    while parts:
        for component in nx.strongly_connected_components(graph.subgraph(parts.pop())):
            sources = _sources(graph, component)
            if not sources:
                continue
            missing = [group for group in groups if not _happens(group, sources)]
            if any(not group.strong and component <= group.may for group in missing):
                continue
            left = component.difference(*(group.may for group in missing if group.strong))
            if left == component:
                yield frozenset(component)
            else:
                parts.append(left)


def _sources(graph: nx.MultiDiGraph, component: AbstractSet[Node]) -> dict[str, set[Node]]:
    """For each event that has an edge inside the component the nodes at which one begins."""
    found: dict[str, set[Node]] = {}
    for before, after, event in graph.edges(component, keys=True):
        if after in component:
            found.setdefault(event, set()).add(before)
    return found


def _happens(group: Group, sources: Mapping[str, AbstractSet[Hashable]]) -> bool:
    """Is one of the edges that begin there of the group?"""
    return any(not group.may.isdisjoint(sources.get(event, ())) for event in group.events)
