"""The product graph as a judge: reachability, steps and paths by networkx on a graph that it is given whole.

For one environment or a small scenario. What is reached, what leads where, how far it is and in how many steps are
asked of the graph by networkx's own algorithms, fair runs of its strongly connected components (:mod:`.components`);
conditions are sets of its nodes, found by set algebra over the nodes' attributes. Where the graph grows beyond
:data:`MOST_STATES` the search is cut short, and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
from ccmproof.model.kernel.condition import And, Condition, In, Named, Not, Or
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.fairness import Fairness, checked
from ccmproof.model.kernel.graph import growing, initial_graph
from ccmproof.model.kernel.network import Network, State

from . import Exploration, Path, StateSet
from .budget import Limit, Progress, Watch
from .components import Group, fair_nodes
from .explicit import Explicit, States
from .order import Order

MOST_STATES: Final = 50_000
"""As many as make sense: with its attributes and its edges a state of the workflow takes some 40,000 bytes."""


class Graph(Explicit):
    """What networkx says of the product graph.

    Attributes:
        graph: the product graph; where the search was cut short, a part of it.
    """

    engine = "networkx"

    def __init__(self, network: Network, watch: Watch) -> None:
        super().__init__(network)
        self._nodes: dict[In, frozenset[State]] = {}
        self._named: dict[str, tuple[Condition, frozenset[State]]] = {}
        self.graph = initial_graph(network, limit=MOST_STATES)
        self._begin = list(self.graph)
        self._expanded: set[State] = set()
        self._grow(watch)
        self.complete, self.why_incomplete = not watch.cut, watch.why
        self.initial = self._set(self._begin)
        self.reached = self._set(self.graph)

    def _grow(self, watch: Watch) -> None:
        watch.look(len(self.graph))
        steps = growing(self.graph, self.network)
        while not watch.cut:
            state = next(steps, None)
            if state is None:
                return
            self._expanded.add(state)
            if len(self.graph) > MOST_STATES:
                watch.stop(f"its graph has more than {MOST_STATES:,} states, too many for networkx: pin some unknowns")
            watch.look(len(self.graph))

    def where(self, condition: Condition) -> States:
        return self._set(self._where(self.network.check(condition)))

    def _where(self, condition: Condition) -> frozenset[State]:
        everything = self.reached.members
        match condition:
            case In():
                return self._leaf(condition)
            case Not(part=part):
                return everything - self._where(part)
            case And(parts=parts):
                return everything.intersection(*map(self._where, parts))
            case Or(parts=parts):
                return frozenset().union(*map(self._where, parts))
            case Named(name=name, body=body):
                known = self._named.get(name)
                if known is None or known[0] is not body:
                    known = self._named[name] = (body, self._where(body))
                return known[1]
        raise TypeError(f"not a condition: {condition!r}")

    def _leaf(self, leaf: In) -> frozenset[State]:
        found = self._nodes.get(leaf)
        if found is None:
            wanted = self.network.resolve(leaf)
            found = frozenset(node for node, state in self.graph.nodes(data=leaf.actor) if state in wanted)
            self._nodes[leaf] = found
        return found

    def deadlocks(self) -> States:
        """As the interface says; of a state whose steps are not in the graph it is not known."""
        return self._set(state for state, steps in self.graph.out_degree(self._expanded) if not steps)

    @cached_property
    def _sources(self) -> dict[str, set[State]]:
        """For each event the states that it leaves by an edge of the graph."""
        found: dict[str, set[State]] = {event.name: set() for event in self.network.events}
        for before, _, name in self.graph.edges(keys=True):
            found[name].add(before)
        return found

    def can_fire(self, event: str) -> States:
        if event not in self.network.event:
            raise ModelError(f"there is no event {event!r}{nearest(event, self.network.event)}")
        return self._set(self._sources[event])

    @property
    def fired(self) -> tuple[str, ...]:
        return tuple(name for name, sources in self._sources.items() if sources)

    def backward(self, states: object, *, within: object | None = None, by: Collection[str] | None = None) -> States:
        wanted = self.own(states).members
        graph = self._inside(within)
        if by is not None:
            graph = graph.edge_subgraph([edge for edge in graph.edges(keys=True) if edge[2] in by])
        known = [state for state in wanted if state in graph]
        layers = nx.bfs_layers(graph.reverse(copy=False), known) if known else ()
        return self._set({*wanted, *(state for layer in layers for state in layer)})

    def forward(self, states: object, *, within: object) -> States:
        return self._set(state for ring in self._rings(states, within) for state in ring)

    def leading_to(self, states: object, by: Collection[str]) -> States:
        there = self.own(states).members
        return self._set(before for before, _, name in self.graph.in_edges(there, keys=True) if name in by)

    def fair(self, within: object, fairness: Sequence[Fairness]) -> States:
        """As the interface says; a run that leads to a state whose steps are not in the graph is not known."""
        groups = [self._group(each) for each in checked(self.network, fairness)]
        return self._set(fair_nodes(self.graph, self.own(within).members & self._expanded, groups))

    def _group(self, fairness: Fairness) -> Group:
        sources = frozenset().union(*(self._sources[event] for event in fairness.events))
        return Group(frozenset(fairness.events), sources & self._where(fairness.when), fairness.strong)

    def _inside(self, within: object | None) -> Any:
        """The part of the graph that lies in the set."""
        return self.graph if within is None else self.graph.subgraph(self.own(within).members)

    def _rings(self, start: object | None = None, within: object | None = None) -> list[frozenset[State]]:
        """The states by their distance from the nearest of the start, by default from the initial ones."""
        begin = self._begin if start is None else list(self.own(start).members)
        return [frozenset(layer) for layer in nx.bfs_layers(self._inside(within), begin)] if begin else []

    def measure_depth(self, *, progress: Progress | None = None, limit: Limit | None = None) -> int | None:
        with self.watched(progress, limit) as watch:
            watch.look(len(self.graph))
            self.depth = len(self._rings()) if self.complete and not watch.cut else None
        return self.depth

    def shortest(
        self,
        targets: Sequence[object],
        *,
        start: object | None = None,
        within: object | None = None,
        progress: Progress | None = None,
        limit: Limit | None = None,
    ) -> list[Path | None]:
        wanted = [self.own(target).members for target in targets]
        found: list[Path | None] = []
        with self.watched(progress, limit) as watch:
            rings = self._rings(start, within)
            for members in wanted:
                watch.look(len(self.graph))
                found.append(None if watch.cut else self._path(rings, members))
        return found

    def _steps_into(self, state: State) -> Iterator[tuple[str, State]]:
        for before, _, event in self.graph.in_edges(state, keys=True):
            yield event, before


if TYPE_CHECKING:  # the types are what the interface asks for
    _CONFORM: tuple[type[Exploration], type[StateSet]] = (Graph, States)


def explore(
    network: Network,
    *,
    order: Order | None = None,
    progress: Progress | None = None,
    limit: Limit | None = None,
) -> Graph:
    """Explore by making the product graph. ``order`` has no meaning here.

    Raises:
        ModelError: there are far more initial states than a graph may have; it says what could be pinned.
    """
    watch = Watch(progress, limit)
    with watch.interruptible():
        return Graph(network, watch)
