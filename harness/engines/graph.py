"""The product graph as a judge: reachability, steps and paths by networkx on a graph that it is given whole.

For one environment or a small scenario. What is reached, what leads where, how far it is and in how many steps are
asked of the graph by networkx's own algorithms; conditions are sets of its nodes, found by set algebra over the
nodes' attributes. Where the graph grows beyond :data:`MOST_STATES` the search is cut short, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import networkx as nx
from ccmproof.model.kernel.condition import And, Condition, In, Named, Not, Or
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.graph import growing, initial_graph
from ccmproof.model.kernel.network import Network, State

from . import Exploration, Path, StateSet
from .budget import Limit, Progress, Watch
from .explicit import Explicit, States

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

    def backward(self, states: object) -> States:
        wanted = self.own(states).members
        return self._set({*wanted, *(state for layer in nx.bfs_layers(self.graph.reverse(copy=False), wanted)
                                     for state in layer)})  # fmt: skip

    @cached_property
    def _rings(self) -> list[frozenset[State]]:
        """The states by their distance from the nearest initial one."""
        return [frozenset(layer) for layer in nx.bfs_layers(self.graph, self._begin)] if self._begin else []

    def measure_depth(self, *, progress: Progress | None = None, limit: Limit | None = None) -> int | None:
        watch = Watch(progress, limit)
        watch.look(len(self.graph))
        self.depth = len(self._rings) if self.complete and not watch.cut else None
        return self.depth

    def shortest(
        self, targets: Sequence[object], *, progress: Progress | None = None, limit: Limit | None = None
    ) -> list[Path | None]:
        wanted = [self.own(target).members for target in targets]
        watch = Watch(progress, limit)
        found: list[Path | None] = []
        for members in wanted:
            watch.look(len(self.graph))
            found.append(None if watch.cut else self._path(members))
        return found

    def _path(self, target: frozenset[State]) -> Path | None:
        for number, ring in enumerate(self._rings):
            if ring & target:
                path = Path([self._first(ring & target)], [])
                for former in reversed(self._rings[:number]):
                    event, state = self._step_into(path.states[0], former)
                    path.states.insert(0, state)
                    path.events.insert(0, event)
                return path
        return None

    def _step_into(self, state: State, former: frozenset[State]) -> tuple[str, State]:
        """The first event that leads from the ring to the state, and the first state from which it does."""
        edges = [(name, before) for before, _, name in self.graph.in_edges(state, keys=True) if before in former]
        happening = {name for name, _ in edges}
        event = next(each.name for each in self.network.events if each.name in happening)
        return event, self._first(before for name, before in edges if name == event)


if TYPE_CHECKING:  # the types are what the interface asks for
    _CONFORM: tuple[type[Exploration], type[StateSet]] = (Graph, States)


def explore(
    network: Network,
    *,
    order: Sequence[str] | None = None,
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
