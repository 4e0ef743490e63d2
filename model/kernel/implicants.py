"""Prime implicants of sets of tuples: all the widest boxes that fit into a set, found on its diagram.

A *cube* gives some of the levels of a :class:`~.diagram.Store` a set of values, a *literal*: not empty, and not all
values; it stands for the tuples that obey every literal. It is an implicant of a set where it lies inside of it, and a
prime one where no literal can be widened by a value or dropped.

The primes are found by one memoised recursion over the diagram, and sets of them are diagrams too. At a node with the
children f(v), let f(S) be the intersection of f(v) over v in S. A prime of the node takes some values S of its level,
and then a prime of f(S) that is none of f(S + v) for any further value v; and since what is prime in f(S) and lies in
f(S + v) is prime there, that is a difference of two sets of primes. Only those S count that cannot be widened
without changing f(S), so a level of many values is dear only where many unlike children meet.

References: Coudert, Madre, "Implicit and incremental computation of primes and essential primes of Boolean functions"
(DAC 1992); for zero-suppressed diagrams Minato (DAC 1993).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from .diagram import EMPTY, FULL, Store

Cube: TypeAlias = tuple[tuple[int, int], ...]
"""Literals, the highest level first: a level, and the values that it allows, bit by bit (value 0 is bit 0)."""

_NONE: Final = 0
"""The node of no cube."""
_WHOLE: Final = 1
"""The node of the one cube without literals."""
_FREE: Final = 0
"""Stands for the values of a level that has no literal."""


class Primes:
    """Sets of prime implicants of the sets of one store, as zero-suppressed diagrams. Everything is remembered."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._level = [0, 0]
        self._branches: list[tuple[tuple[int, int], ...]] = [(), ()]
        self._unique: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
        self._primes = {EMPTY: _NONE, FULL: _WHOLE}
        self._differences: dict[tuple[int, int], int] = {}
        self._coverages: dict[int, tuple[int, int]] = {_NONE: (EMPTY, EMPTY), _WHOLE: (FULL, EMPTY)}

    def of(self, n: int) -> int:
        """The set of all primes of ``n``."""
        found = self._primes.get(n)
        if found is None:
            kids = self.store.kids[n]
            full = (1 << len(kids)) - 1
            branches = []
            for inside, values in self._intersections(kids):
                own = self.of(inside)
                for value, kid in enumerate(kids):
                    if own != _NONE and not values >> value & 1:
                        own = self._minus(own, self.of(self.store.intersection(inside, kid)))
                branches.append((_FREE if values == full else values, own))
            found = self._primes[n] = self._node(self.store.level[n], branches)
        return found

    def _intersections(self, kids: tuple[int, ...]) -> list[tuple[int, int]]:
        """Every set that some of the children have in common, each once, with all the values whose children have it."""
        both = self.store.intersection
        known: dict[int, None] = {}
        for kid in kids:
            known |= dict.fromkeys([kid, *(both(kid, each) for each in known)])
        known.pop(EMPTY, None)
        return [(each, sum(1 << value for value, kid in enumerate(kids) if both(each, kid) == each)) for each in known]

    def _node(self, level: int, branches: list[tuple[int, int]]) -> int:
        kept = tuple(sorted((values, child) for values, child in branches if child != _NONE))
        if not kept:
            return _NONE
        if len(kept) == 1 and kept[0][0] == _FREE:
            return kept[0][1]
        found = self._unique.get((level, kept))
        if found is None:
            found = self._unique[level, kept] = len(self._branches)
            self._level.append(level)
            self._branches.append(kept)
        return found

    def _at(self, n: int, level: int) -> tuple[tuple[int, int], ...]:
        """The branches of ``n`` as a node of ``level``, which is its own or a higher one."""
        return self._branches[n] if self._level[n] == level and level else ((_FREE, n),)

    def _minus(self, a: int, b: int) -> int:
        if a in (b, _NONE):
            return _NONE
        if b == _NONE:
            return a
        found = self._differences.get((a, b))
        if found is None:
            level = max(self._level[a], self._level[b])
            less = dict(self._at(b, level))
            found = self._node(
                level, [(values, self._minus(child, less.get(values, _NONE))) for values, child in self._at(a, level)]
            )
            self._differences[a, b] = found
        return found

    def cubes(self, primes: int) -> Iterator[Cube]:
        """The cubes of a set, one by one."""
        if primes == _WHOLE:
            yield ()
        for values, child in self._branches[primes]:
            for rest in self.cubes(child):
                yield rest if values == _FREE else ((self._level[primes], values), *rest)

    def coverage(self, primes: int) -> tuple[int, int]:
        """The tuples that lie in some cube of a set, and those that lie in two or more: two nodes of the store."""
        found = self._coverages.get(primes)
        if found is None:
            level = self._level[primes]
            covered = [(values, self.coverage(child)) for values, child in self._branches[primes]]
            once, twice = [], []
            for value in range(self.store.sizes[level - 1]):
                some, more = EMPTY, EMPTY
                for values, (any_of, many_of) in covered:
                    if values == _FREE or values >> value & 1:
                        union, both = self.store.union, self.store.intersection
                        more = union(union(more, many_of), both(some, any_of))
                        some = union(some, any_of)
                once.append(some)
                twice.append(more)
            found = self._coverages[primes] = (self.store.node(level, once), self.store.node(level, twice))
        return found


def box(store: Store, cube: Cube) -> int:
    """The node of the tuples that lie in a cube."""
    found = FULL
    for level, values in reversed(cube):
        kids = [found if values >> value & 1 else EMPTY for value in range(store.sizes[level - 1])]
        found = store.node(level, kids)
    return found
