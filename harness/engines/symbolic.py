"""The symbolic engine: all states in all environments at once, as one multi-valued decision diagram.

The unknowns are the lowest levels, so what lies below the last moving level *is* a set of environments, and there are
few different ones. The network is reduced first (:mod:`.reduce`), each event becomes one relation
(:mod:`.relation`), the reachable states are found by saturation (:mod:`.saturation`), and shortest paths by rings: of
:mod:`.parts` where few combinations of the moving actors are reached, of diagrams (:mod:`.rings`) where there are many.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.diagram import EMPTY, FULL
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network, State

from . import Exploration, Path, StateSet
from .budget import FEW_PARTS as _FEW_PARTS
from .budget import CutShort, Limit, Progress, Watch, Watched
from .fair import fair
from .order import Order
from .parts import Parts
from .prepared import Prepared
from .rings import Rings
from .saturation import Saturation

_BYTE = 256


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


class Way(Enum):
    """Which way a saturation goes, and by which events."""

    FORTH = 0
    BACK = 1
    BACK_BY_SOME = 2


class Closing(Protocol):
    """Saturation, in either twin."""

    watch: Watch

    def closure(self, start: int, within: int = FULL) -> int: ...


class Symbolic(Prepared, Watched):
    """What the symbolic engine has found; see :class:`ccmproof.harness.engines.Exploration`.

    This is the plain twin, which reads well; :mod:`.compiled` has the same in machine code. Both make the same nodes.
    """

    engine = "plain"

    def __init__(self, network: Network, order: Order | None, watch: Watch) -> None:
        super().__init__(network, order, watch)
        self.depth: int | None = None
        self._searches: dict[type[Rings | Parts], Rings | Parts] = {}
        self._closings: dict[frozenset[str] | None, Closing] = {}
        start = self.begun()
        self.initial = States(self, start)
        self._forwards = self._saturation(list(self.events.values()), watch)
        self.reached = States(self, self._forwards.closure(start))
        self.complete, self.why_incomplete = not watch.cut, watch.why
        self._watch = Watch()

    def _saturation(self, events: Sequence[int], watch: Watch, way: Way = Way.FORTH) -> Closing:
        return Saturation(self.store, self.relations, events, watch)

    def _rings(self) -> Rings:
        return Rings(self.store, self.relations, self.events, self.layout)

    @property
    def order(self) -> tuple[str | tuple[str, ...], ...]:
        """The levels of the moving actors as they are, the highest first."""
        return self.layout.order

    def own(self, other: object) -> States:
        if not isinstance(other, States) or other.of is not self:
            raise ModelError("sets of states of two explorations do not combine")
        return other

    @property
    def nodes(self) -> int:
        """How many nodes were made so far, those that made the relations included: what an order costs."""
        return len(self.store) + self.relation_nodes

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
        return States(self, self.reached.node, self.built(condition))

    def environments_of(self, states: object) -> Environments:
        mine = self.own(states)
        return self.read(self.relations.shared(mine.base, mine.wanted))

    def inside(self, environments: Environments) -> States:
        here = self.space.none() | environments
        return States(self, self.reached.node, self.space.store.copied(here.node, self.store, {}))

    def deadlocks(self) -> States:
        stuck = self.reached.node
        for r in self.events.values():
            stuck = self.store.difference(stuck, self.relations.domain(r))
        return States(self, stuck)

    def can_fire(self, event: str) -> States:
        if event not in self.network.event:
            raise ModelError(f"there is no event {event!r}{nearest(event, self.network.event)}")
        return States(self, self.reached.node, self.relations.domain(self.events.get(event, EMPTY)))

    @cached_property
    def fired(self) -> tuple[str, ...]:
        return tuple(name for name in self.events if self.can_fire(name).found)

    @cached_property
    def entered(self) -> Mapping[str, tuple[str, ...]]:
        return self.occurring(self.reached)

    def occurring(self, states: object) -> Mapping[str, tuple[str, ...]]:
        mine = self.own(states)
        if mine.wanted == FULL:
            return self.layout.entered(self.store.occurring(mine.base))
        # What both sets have in common is not made: its diagram would be large, and each half of it is small.
        fixed = self.store.occurring(self.relations.shared(mine.base, mine.wanted))
        moving = self.store.occurring(self.relations.moving(mine.base, mine.wanted))
        floor = self.layout.floor
        return self.layout.entered([*fixed[:floor], *moving[floor:]])

    def combinations(self, states: object, actors: Sequence[str]) -> frozenset[tuple[str, ...]]:
        mine = self.own(states)
        levels = list(dict.fromkeys(self.layout.level[name] for name in actors))
        moving = min(levels, default=0) > self.layout.floor
        found = self.store.combined(self.relations.moving(mine.base, mine.wanted) if moving else mine.node, levels)
        return self.layout.combinations(found, levels, actors)

    def _backwards(self, by: Collection[str] | None) -> Closing:
        """What goes back by these events, by all of them where none are named."""
        key = None if by is None else frozenset(by)
        if key not in self._closings:
            back = [self.relations.inverse(r) for name, r in self.events.items() if by is None or name in by]
            self._closings[key] = self._saturation(back, self._watch, Way.BACK if by is None else Way.BACK_BY_SOME)
        self._closings[key].watch = self._watch
        return self._closings[key]

    def backward(self, states: object, *, within: object | None = None, by: Collection[str] | None = None) -> States:
        inside = self.reached if within is None else self.own(within)
        return States(self, self._backwards(by).closure(self.own(states).node, inside.node))

    def forward(self, states: object, *, within: object) -> States:
        self._forwards.watch = self._watch
        return States(self, self._forwards.closure(self.own(states).node, self.own(within).node))

    def sharing(self, states: object) -> States:
        where = self.store.projection(self.own(states).node, self.layout.floor)
        return States(self, self.store.intersection(self.reached.node, where))

    def leading_to(self, states: object, by: Collection[str]) -> States:
        found, there = EMPTY, self.own(states).node
        for name in by:
            back = self.relations.inverse(self.events.get(name, EMPTY))
            found = self.store.union(found, self.relations.image(there, back))
        return States(self, self.store.intersection(found, self.reached.node))

    def fair(self, within: object, fairness: Sequence[Fairness]) -> States:
        return self.own(fair(self, self.own(within), fairness))

    def _breadth_first(self, start: int, within: int | None = None) -> Rings | Parts:
        """What searches breadth first from here: part by part, where few parts lie in these environments."""
        fits = self.complete and max(self.layout.sizes, default=1) <= _BYTE
        if fits and self.moving_parts > _FEW_PARTS:
            inside = self.reached.node if within is None else within
            inside = self.store.intersection(inside, self.store.projection(start, self.layout.floor))
            fits = self.store.count(inside, bottom=self.layout.floor) <= _FEW_PARTS
        kind = Parts if fits else Rings
        if kind not in self._searches:
            self._searches[kind] = (
                self._rings() if kind is Rings else Parts(self.store, self.relations, self.events, self.layout)
            )
        return self._searches[kind]

    def measure_depth(self, *, progress: Progress | None = None, limit: Limit | None = None) -> int | None:
        with self.watched(progress, limit) as watch:
            start = self.initial.node
            count = sum(1 for _ in self._breadth_first(start).rings(start, watch))
        self.depth = None if watch.cut else count
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
        wanted = [self.own(target).node for target in targets]
        inside = None if within is None else self.own(within).node
        with self.watched(progress, limit) as watch:
            begin = self._start_for(wanted, (self.initial if start is None else self.own(start)).node)
            return self._breadth_first(begin, inside).paths(begin, wanted, watch, FULL if inside is None else inside)

    def _start_for(self, targets: Sequence[int], start: int) -> int:
        """The states of the start in those environments in which a target lies: a path stays in its environment."""
        fruitful = EMPTY
        for target in targets:
            fruitful = self.store.union(fruitful, self.store.projection(target, self.layout.floor))
        return self.store.intersection(start, fruitful)


if TYPE_CHECKING:  # the types are what the interface asks for
    _CONFORM: tuple[type[Exploration], type[StateSet]] = (Symbolic, States)


def explore(
    network: Network,
    *,
    order: Order | None = None,
    progress: Progress | None = None,
    limit: Limit | None = None,
    kind: type[Symbolic] = Symbolic,
) -> Symbolic:
    """Explore by saturation; ``order`` are the levels of the moving actors, the highest first."""
    watch = Watch(progress, limit)
    with watch.interruptible():
        return kind(network, order, watch)
