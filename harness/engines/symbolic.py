"""The symbolic engine: all states in all environments at once, as one multi-valued decision diagram.

The unknowns are the lowest levels, so what lies below the last moving level *is* a set of environments, and there are
few different ones. The network is reduced first (:mod:`.reduce`), each event becomes one relation
(:mod:`.relation`), the reachable states are found by saturation (:mod:`.saturation`), and shortest paths by rings: of
:mod:`.parts` where few combinations of the moving actors are reached, of diagrams (:mod:`.rings`) where there are many.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from ccmproof.model.kernel.condition import Condition, all_of
from ccmproof.model.kernel.diagram import EMPTY, FULL, Store
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network, State

from . import Exploration, Path, StateSet
from .budget import FEW_PARTS as _FEW_PARTS
from .budget import CutShort, Limit, Progress, Watch
from .layout import Layout
from .order import completed
from .parts import Parts
from .reduce import reduce
from .relation import Builder, Relations
from .rings import Rings
from .saturation import Saturation

_BYTE = 256
_FRAMES = 20
"""Python frames that saturation may need for a level, at the most."""


@dataclass(frozen=True)
class States:
    """A set of reached states: those of ``base`` that are wanted, two nodes of the exploration's store.

    Whether there are any, and in which environments, can be said without making their diagram.
    """

    of: Symbolic
    base: int
    wanted: int = FULL

    @cached_property
    def node(self) -> int:
        return self.of.relations.kept(self.base, self.wanted)

    @property
    def count(self) -> int:
        return self.of.store.count(self.node)

    @property
    def found(self) -> bool:
        return self.of.relations.meet(self.base, self.wanted)

    @property
    def is_empty(self) -> bool:
        if not self.found and not self.of.complete:
            raise CutShort(f"no such state was found, but the search is not complete: {self.of.why_incomplete}")
        return not self.found

    def __and__(self, other: object) -> States:
        return States(self.of, self.of.store.intersection(self.node, self.of.own(other).node))

    def __or__(self, other: object) -> States:
        return States(self.of, self.of.store.union(self.node, self.of.own(other).node))

    def __sub__(self, other: object) -> States:
        return States(self.of, self.of.store.difference(self.node, self.of.own(other).node))

    def __contains__(self, state: State) -> bool:
        values = self.of.layout.encoded(state)
        return values is not None and self.of.store.contains(self.node, values)


class Closing(Protocol):
    """Saturation, in either twin."""

    def closure(self, start: int, within: int = FULL) -> int: ...


class Symbolic:
    """What the symbolic engine has found; see :class:`ccmproof.harness.engines.Exploration`.

    This is the plain twin, which reads well; :mod:`.compiled` has the same in machine code. Both make the same nodes.
    """

    engine = "plain"

    def __init__(self, network: Network, order: Sequence[str] | None, watch: Watch) -> None:
        self.network = network
        self.depth: int | None = None
        self.order = tuple(completed(network, order))
        self.reduced = reduce(network)
        self.layout = Layout(self.reduced, self.order)
        self._watch = watch
        self.store, self.relations = self._made()
        self._space = Space.of(network)
        self._memo: dict[int, int] = {}
        self._named: dict[str, int] = {}
        self._searches: dict[type[Rings | Parts], Rings | Parts] = {}
        builder = Builder(self.reduced, self.layout, self.relations)
        made = [(event.name, builder.relation(event)) for event in network.events if event.name in self.reduced.rows]
        self._events = {name: r for name, r in made if r != EMPTY}
        self._relation_nodes = len(builder.pairs) + len(self.relations.moves)
        start = self._start()
        self.initial = States(self, start)
        self.reached = States(self, self._saturation(list(self._events.values()), watch).closure(start))
        self.complete, self.why_incomplete = not watch.cut, watch.why

    def _made(self) -> tuple[Store, Relations]:
        store = Store(self.layout.sizes, lambda nodes: self._watch.look(nodes))
        return store, Relations(store, self.layout.floor)

    def _saturation(self, events: Sequence[int], watch: Watch, *, backwards: bool = False) -> Closing:
        return Saturation(self.store, self.relations, events, watch)

    def _rings(self) -> Rings:
        return Rings(self.store, self.relations, self._events, self.layout)

    def _start(self) -> int:
        """The initial states."""
        found = self.store.build(all_of(*self.network.assume), self.layout.leaf(self.store), self._named)
        for actor in self.network.moving:
            level = self.layout.level[actor.name]
            numbers = [self.layout.number[level - 1][state] for state in actor.initial]
            found = self.store.intersection(found, self.store.leaf(level, numbers))
        return found

    def own(self, other: object) -> States:
        if not isinstance(other, States) or other.of is not self:
            raise ModelError("sets of states of two explorations do not combine")
        return other

    @property
    def nodes(self) -> int:
        """How many nodes were made so far, those that made the relations included: what an order costs."""
        return len(self.store) + self._relation_nodes

    @cached_property
    def states(self) -> int:
        return self.reached.count

    @cached_property
    def moving_parts(self) -> int:
        return self.store.count(self.reached.node, bottom=self.layout.floor)

    @property
    def environments(self) -> Environments:
        return self.environments_of(self.initial)

    def where(self, condition: Condition) -> States:
        self.network.check(condition)
        node = self.store.build(condition, self.layout.leaf(self.store), self._named)
        return States(self, self.reached.node, node)

    def environments_of(self, states: object) -> Environments:
        mine = self.own(states)
        return self._space.read(self.relations.shared(mine.base, mine.wanted), self.store, self._memo)

    def deadlocks(self) -> States:
        stuck = self.reached.node
        for r in self._events.values():
            stuck = self.store.difference(stuck, self.relations.domain(r))
        return States(self, stuck)

    def can_fire(self, event: str) -> States:
        if event not in self.network.event:
            raise ModelError(f"there is no event {event!r}{nearest(event, self.network.event)}")
        return States(self, self.reached.node, self.relations.domain(self._events.get(event, EMPTY)))

    @cached_property
    def fired(self) -> tuple[str, ...]:
        return tuple(name for name in self._events if self.can_fire(name).found)

    @cached_property
    def entered(self) -> Mapping[str, tuple[str, ...]]:
        seen = self.store.occurring(self.reached.node)
        found = {}
        for actor in self.network.actors:
            level = self.layout.level[actor.name]
            found[actor.name] = tuple(self.layout.states[level - 1][i] for i in sorted(seen[level - 1]))
        return found

    @cached_property
    def _backwards(self) -> Closing:
        back = [self.relations.inverse(r) for r in self._events.values()]
        return self._saturation(back, Watch(), backwards=True)

    def backward(self, states: object) -> States:
        return States(self, self._backwards.closure(self.own(states).node, self.reached.node))

    def _breadth_first(self, start: int) -> Rings | Parts:
        """What searches breadth first from here: part by part, where few parts lie in these environments."""
        fits = self.complete and max(self.layout.sizes, default=1) <= _BYTE
        if fits and self.moving_parts > _FEW_PARTS:
            within = self.store.intersection(self.reached.node, self.store.projection(start, self.layout.floor))
            fits = self.store.count(within, bottom=self.layout.floor) <= _FEW_PARTS
        kind = Parts if fits else Rings
        if kind not in self._searches:
            self._searches[kind] = (
                self._rings() if kind is Rings else Parts(self.store, self.relations, self._events, self.layout)
            )
        return self._searches[kind]

    def measure_depth(self, *, progress: Progress | None = None, limit: Limit | None = None) -> int | None:
        self._watch = watch = Watch(progress, limit)
        with watch.interruptible():
            start = self.initial.node
            count = sum(1 for _ in self._breadth_first(start).rings(start, watch))
        self.depth = None if watch.cut else count
        return self.depth

    def shortest(
        self, targets: Sequence[object], *, progress: Progress | None = None, limit: Limit | None = None
    ) -> list[Path | None]:
        wanted = [self.own(target).node for target in targets]
        self._watch = watch = Watch(progress, limit)
        with watch.interruptible():
            start = self._start_for(wanted)
            return self._breadth_first(start).paths(start, wanted, watch)

    def _start_for(self, targets: Sequence[int]) -> int:
        """The initial states in those environments in which a target is reached: a path stays in its environment."""
        fruitful = EMPTY
        for target in targets:
            fruitful = self.store.union(fruitful, self.store.projection(target, self.layout.floor))
        return self.store.intersection(self.initial.node, fruitful)


if TYPE_CHECKING:  # the types are what the interface asks for
    _CONFORM: tuple[type[Exploration], type[StateSet]] = (Symbolic, States)


def explore(
    network: Network,
    *,
    order: Sequence[str] | None = None,
    progress: Progress | None = None,
    limit: Limit | None = None,
    kind: type[Symbolic] = Symbolic,
) -> Symbolic:
    """Explore by saturation; ``order`` are the moving actors, the highest level first."""
    needed = 500 + _FRAMES * len(network.actors)
    if sys.getrecursionlimit() < needed:
        sys.setrecursionlimit(needed)
    watch = Watch(progress, limit)
    with watch.interruptible():
        return kind(network, order, watch)
