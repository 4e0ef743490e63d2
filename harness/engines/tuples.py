"""Which tuples of states the actors that share a level may be in: at most so many, found before the exploration.

An interpretation of the network like that of :mod:`.reduce`, in which the actors of a level are looked at together,
each level by itself: the set of tuples that they can be in, from their initial ones by events that may happen while
every other level has any of *its* tuples. It says too much, never too little: the product of these sets has the initial
states in it, and no event leads out of it. Diagrams hold the sets and the steps.

Reference: Cousot and Cousot, "Abstract interpretation" (POPL 1977), with a Cartesian domain of relations.
"""

from __future__ import annotations

from ccmproof.model.kernel.condition import all_of
from ccmproof.model.kernel.diagram import EMPTY, FULL, Store

from .budget import Watch
from .layout import Layout, Tuples
from .order import Order, flat, sharing
from .reduce import Reduced
from .relation import Builder, Relations

MOST = 256
"""A level of more tuples is none: its actors get levels of their own again."""


def packed(reduced: Reduced, order: Order, watch: Watch) -> Layout:
    """The layout for an order, the levels that would have too many tuples taken apart.

    A watch that is cut cuts this short too; what is then missing is never reached by a search that is cut as well.
    """
    tuples = possible(reduced, order, watch) if any(len(sharing(level)) > 1 for level in order) else {}
    levels: list[str | tuple[str, ...]] = []
    for level in order:
        if len(tuples.get(sharing(level), ())) > MOST:
            levels.extend(sharing(level))
        else:
            levels.append(level)
    return Layout(reduced, levels, tuples)


def possible(reduced: Reduced, order: Order, watch: Watch | None = None) -> Tuples:
    """For the actors of each shared level the tuples that may occur, in the order of the actors' states."""
    return _Possible(reduced, order, watch or Watch()).run()


class _Possible:
    def __init__(self, reduced: Reduced, order: Order, watch: Watch) -> None:
        self.watch = watch
        self.layout = Layout(reduced, flat(order))
        self.store = Store(self.layout.sizes, watch.look)
        self.relations = Relations(self.store, self.layout.floor)
        builder = Builder(reduced, self.layout, self.relations)
        events = [event for event in reduced.network.events if event.name in reduced.rows]
        self.events = [r for event in events if (r := builder.relation(event)) != EMPTY]
        self.spans: list[tuple[int, int]] = []
        for level in order:
            levels = [self.layout.level[name] for name in sharing(level)]
            self.spans.append((min(levels), max(levels)))
        self.shared = [sharing(level) for level in order]
        self._projections: dict[tuple[int, int, int], int] = {}

    def projection(self, n: int, low: int, high: int) -> int:
        """What a set leaves on the levels from ``low`` to ``high``."""
        if n == EMPTY or self.store.level[n] < low:
            return n and FULL
        found = self._projections.get((n, low, high))
        if found is None:
            level = self.store.level[n]
            if level <= high:
                found = self.store.node(level, [self.projection(kid, low, high) for kid in self.store.kids[n]])
            else:
                found = EMPTY
                for kid in self.store.kids[n]:
                    if kid and found != FULL:
                        found = self.store.union(found, self.projection(kid, low, high))
            self._projections[n, low, high] = found
        return found

    def run(self) -> Tuples:
        store, network = self.store, self.layout.network
        start = store.build(all_of(*network.assume), self.layout.leaf(store), {})
        for actor in network.moving:
            numbers = self.layout.numbers(actor.name, actor.initial)
            start = store.intersection(start, store.leaf(self.layout.level[actor.name], numbers))
        where = store.projection(start, self.layout.floor)
        sets = [self.projection(start, low, high) for low, high in self.spans]
        before: list[int] = []
        while before != sets and not self.watch.cut:
            before = list(sets)
            together = where
            for part in reversed(sets):
                together = store.intersection(together, part)
            for event in self.events:
                after = self.relations.image(together, event)
                sets = [store.union(part, self.projection(after, low, high))
                        for part, (low, high) in zip(sets, self.spans, strict=True)]  # fmt: skip
        return {actors: self.read(part, span) for actors, part, span in zip(self.shared, sets, self.spans, strict=True)
                if len(actors) > 1}  # fmt: skip

    def read(self, part: int, span: tuple[int, int]) -> list[tuple[str, ...]]:
        """The tuples of a set that says nothing of other levels."""
        low, high = span
        found: list[tuple[str, ...]] = []

        def descend(n: int, level: int, prefix: tuple[str, ...]) -> None:
            if n == EMPTY:
                return
            if level < low:
                found.append(prefix)
                return
            for value, kid in enumerate(self.store.cofactors(n, level)):
                descend(kid, level - 1, (*prefix, *self.layout.states[level - 1][value]))

        descend(part, high, ())
        return found
