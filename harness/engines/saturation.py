"""Saturation: everything that a set of states leads to, by firing each event as low in the diagram as it can be fired.

An event belongs to the highest level that it reads or moves. A node is *saturated* where no event of its level or
below leads out of it. :meth:`Saturation.closure` saturates a node's children, then fires the events of its own level,
value by value, until nothing changes; what firing brings is saturated before it is joined. So each level's fixed point
is reached on small diagrams and remembered, where a search breadth first would carry the whole product through every
step.

With ``within``, only steps that stay inside that set are taken: it keeps a backward search among reached states.

References: Ciardo, Lüttgen, Siminiceanu, "Saturation: an efficient iteration strategy for symbolic state space
generation" (TACAS 2001); Zhao, Ciardo, "Symbolic CTL model checking of asynchronous systems using constrained
saturation" (ATVA 2009).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ccmproof.model.kernel.diagram import EMPTY, FULL, Store

from .budget import Watch
from .relation import Relations


class Saturation:
    """The closure of sets of states under some relations.

    Args:
        events: one relation an event.
        watch: where it is cut, the result is a part of the closure that has the start in it.
    """

    def __init__(self, store: Store, relations: Relations, events: Sequence[int], watch: Watch) -> None:
        self.store, self.relations, self.watch = store, relations, watch
        self.moves = relations.by_level(events)
        self.levels = sorted(self.moves)
        self._closures: dict[tuple[int, int], int] = {}
        self._lifts: dict[tuple[int, int, int], int] = {}
        self._images: list[dict[int, int]] = [{} for _ in relations.moves]

    def closure(self, start: int, within: int = FULL) -> int:
        """The least set that has ``start``, a part of ``within``, in it and all that events lead to inside it."""
        return self._lifted(self._saturated(start, within), self._top(start, within), self.store.height, within)

    def _top(self, n: int, within: int) -> int:
        return max(self.store.level[n], self.store.level[within])

    def _saturated(self, n: int, within: int) -> int:
        """``n`` saturated up to the higher of its own and the constraint's level."""
        level = self._top(n, within)
        if not n or n == within or level <= self.relations.floor or self.watch.cut:
            return n
        found = self._closures.get((n, within))
        if found is None:
            inside = self.store.cofactors(within, level)
            kids = []
            for kid, c in zip(self.store.cofactors(n, level), inside, strict=True):
                kids.append(kid and self._lifted(self._saturated(kid, c), self._top(kid, c), level - 1, c))
            found = self._closed(kids, level, inside)
            if not self.watch.cut:
                self._closures[n, within] = found
        return found

    def _lifted(self, n: int, low: int, high: int, within: int) -> int:
        """``n``, saturated up to ``low``, saturated up to ``high``; it says nothing about the levels between."""
        next_one = bisect_right(self.levels, low)
        if next_one == len(self.levels) or self.levels[next_one] > high:
            return n
        if not n or n == within or self.watch.cut:
            return n
        key = (n, low, within)
        found = self._lifts.get(key)
        level = self.levels[next_one]
        if found is None:
            size = self.store.sizes[level - 1]
            found = self._closed([n] * size, level, (within,) * size)
            if not self.watch.cut:
                self._lifts[key] = found
        return self._lifted(found, level, high, within)

    def _closed(self, kids: list[int], level: int, within: Sequence[int]) -> int:
        """The node with these saturated children, once the events of its level lead nowhere new."""
        moves = self.moves.get(level)
        if moves is None:
            return self.store.node(level, kids)
        union, below = self.store.union, level - 1
        waiting = [i for i, kid in enumerate(kids) if kid and moves[i]]
        while waiting and not self.watch.cut:
            i = waiting.pop(0)
            for j, r in moves[i]:
                if within[j] == EMPTY or kids[j] == within[j]:
                    continue
                brought = self._image(kids[i], r, within[j])
                if brought == EMPTY or brought == kids[j]:
                    continue
                brought = self._lifted(
                    brought, max(self._top(kids[i], within[j]), self.relations.level_of(r)), below, within[j]
                )
                joined = union(kids[j], brought)
                if joined != kids[j]:
                    kids[j] = joined
                    if j not in waiting and moves[j]:
                        waiting.append(j)
        return self.store.node(level, kids)

    def _image(self, n: int, r: int, within: int) -> int:
        """Where ``r`` leads from ``n``, inside ``within``, saturated up to the highest level of the three."""
        store = self.store
        if n == EMPTY or r == EMPTY or within == EMPTY or self.watch.cut:
            return EMPTY
        if r == FULL and within == FULL:
            return n
        ln, lr, lc = store.level[n], self.relations.level_of(r), store.level[within]
        level = max(ln, lr, lc)
        if level <= self.relations.floor:
            return store.intersection(store.intersection(n, r), within)
        if not self.relations.applies(n, r):
            return EMPTY
        cache = self._images[-r] if r < 0 else self._images[0]
        key = n << 32 | within if r < 0 else (n << 64) | (within << 32) | r
        found = cache.get(key)
        if found is None:
            kids = [EMPTY] * store.sizes[level - 1]
            inside = store.cofactors(within, level)
            moves = self.relations.moves[-r] if lr == level else None
            below = level - 1
            for i, kid in enumerate(store.cofactors(n, level)):
                if kid == EMPTY:
                    continue
                for j, child in moves[i] if moves is not None else ((i, r),):
                    c = inside[j]
                    if c == EMPTY or kids[j] == c:
                        continue
                    brought = self._image(kid, child, c)
                    if brought != EMPTY:
                        low = max(self._top(kid, c), self.relations.level_of(child))
                        kids[j] = store.union(kids[j], self._lifted(brought, low, below, c))
            found = self._closed(kids, level, inside) if level in self.moves else store.node(level, kids)
            if not self.watch.cut:
                cache[key] = found
        return found
