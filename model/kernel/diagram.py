"""Multi-valued decision diagrams: sets of tuples, each set one number, equal sets the same number.

There is one level per variable; level 1 is the lowest, and a variable at level ``k`` has ``sizes[k - 1]`` values,
0, 1, …. A *node* stands for a set of tuples of the levels 1 … its own: it has one child, a node of a lower level, for
each value of its variable. Two nodes have no level: :data:`EMPTY`, no tuple, and :data:`FULL`, every tuple. Nodes are
hash-consed (the same children at the same level are the same node) and fully reduced (a node whose children are all the
same *is* that child), so every set has exactly one node: two sets are equal where their numbers are.

A level that a path skips is one that the set says nothing about. A variable of one value never appears at all.

The operations are memoised for the life of the store and take time that is bounded by the product of the operands'
numbers of nodes. Nothing is ever freed; let go of the store as a whole.

References: Srinivasan, Kam, Malik, Brayton, "Algorithms for discrete function manipulation" (ICCAD 1990).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from math import prod
from typing import Final

from .condition import And, Condition, In, Named, Not, Or

EMPTY: Final = 0
"""The node of the empty set; the only one that is false in Python's sense."""
FULL: Final = 1
"""The node of the set of all tuples."""
_WORD: Final = 32
"""Two node numbers make one key of an operation cache: ``a << _WORD | b``."""
_PULSE: Final = 0x3FF
"""``grown`` is called each time the number of nodes is a multiple of this plus one."""


class Store:
    """Nodes over a fixed sequence of levels, and the operations on the sets that they stand for.

    Args:
        sizes: the number of values of each level, the lowest first; at least 1 each.
        grown: called now and then with the number of nodes, so that long work can be watched.
    """

    def __init__(self, sizes: Sequence[int], grown: Callable[[int], None] | None = None) -> None:
        self.sizes = tuple(sizes)
        self.height = len(self.sizes)
        self.level: list[int] = [0, 0]
        self.kids: list[tuple[int, ...]] = [(), ()]
        self._grown = grown
        self._unique: list[dict[tuple[int, ...], int]] = [{} for _ in range(self.height + 1)]
        self._unions: dict[int, int] = {}
        self._intersections: dict[int, int] = {}
        self._differences: dict[int, int] = {}
        self._projections: dict[int, dict[int, int]] = {}
        self._counts: dict[int, dict[int, int]] = {}

    def __len__(self) -> int:
        """How many nodes there are, the two without level included."""
        return len(self.kids)

    def begin_as(self, other: Store) -> None:
        """Have the nodes of another store of the same levels, under the same numbers, and nothing besides; while empty.

        What that one has found out is not taken over: what is asked here costs what it costs in a new store.
        """
        self.level, self.kids = other.level.copy(), other.kids.copy()
        self._unique = [known.copy() for known in other._unique]

    def population(self) -> list[int]:
        """How many nodes there are on each level, the lowest first."""
        found = Counter(self.level)
        return [found[level] for level in range(1, self.height + 1)]

    # -- making nodes

    def node(self, level: int, kids: Sequence[int]) -> int:
        """The node of that level with those children."""
        key = tuple(kids)
        first = key[0]
        if key.count(first) == len(key):
            return first
        unique = self._unique[level]
        found = unique.get(key)
        if found is None:
            found = unique[key] = len(self.kids)
            self.kids.append(key)
            self.level.append(level)
            if not found & _PULSE and self._grown is not None:
                self._grown(found)
        return found

    def leaf(self, level: int, values: Collection[int]) -> int:
        """All tuples that have one of the values at the level."""
        return self.node(level, [FULL if value in values else EMPTY for value in range(self.sizes[level - 1])])

    def single(self, values: Sequence[int]) -> int:
        """The set of one tuple, given with the lowest level first."""
        found = FULL
        for level, value in enumerate(values, start=1):
            kids = [EMPTY] * self.sizes[level - 1]
            kids[value] = found
            found = self.node(level, kids)
        return found

    def build(self, condition: Condition, leaf: Callable[[In], int], named: dict[str, int] | None = None) -> int:
        """The set of the tuples for which the condition holds.

        Args:
            leaf: the node of a leaf.
            named: what named predicates stand for; it is read and filled.
        """
        known = {} if named is None else named
        match condition:
            case In():
                return leaf(condition)
            case Not(part=part):
                return self.difference(FULL, self.build(part, leaf, known))
            case Named(name=name, body=body):
                if name not in known:
                    known[name] = self.build(body, leaf, known)
                return known[name]
            case And(parts=parts):
                found = FULL
                for part in parts:
                    if found == EMPTY:
                        break
                    found = self.intersection(found, self.build(part, leaf, known))
                return found
            case Or(parts=parts):
                found = EMPTY
                for part in parts:
                    if found == FULL:
                        break
                    found = self.union(found, self.build(part, leaf, known))
                return found
        raise TypeError(f"not a condition: {condition!r}")

    def cofactors(self, n: int, level: int) -> tuple[int, ...]:
        """The children of ``n`` as a node of ``level``, which is its own level or a higher one."""
        return self.kids[n] if self.level[n] == level else (n,) * self.sizes[level - 1]

    # -- sets

    def union(self, a: int, b: int) -> int:
        if a == b or b == EMPTY:
            return a
        if a == EMPTY:
            return b
        if a == FULL or b == FULL:
            return FULL
        if a > b:
            a, b = b, a
        key = a << _WORD | b
        found = self._unions.get(key)
        if found is None:
            la, lb, union = self.level[a], self.level[b], self.union
            if la == lb:
                kids = [x if x == y or not y else union(x, y) for x, y in zip(self.kids[a], self.kids[b], strict=True)]
            elif la > lb:
                kids = [union(x, b) for x in self.kids[a]]
            else:
                kids = [union(a, y) for y in self.kids[b]]
            found = self._unions[key] = self.node(la if la > lb else lb, kids)
        return found

    def intersection(self, a: int, b: int) -> int:
        if a == b or b == FULL:
            return a
        if a == FULL:
            return b
        if a == EMPTY or b == EMPTY:
            return EMPTY
        if a > b:
            a, b = b, a
        key = a << _WORD | b
        found = self._intersections.get(key)
        if found is None:
            la, lb, both = self.level[a], self.level[b], self.intersection
            if la == lb:
                kids = [x and y and both(x, y) for x, y in zip(self.kids[a], self.kids[b], strict=True)]
            elif la > lb:
                kids = [x and both(x, b) for x in self.kids[a]]
            else:
                kids = [y and both(a, y) for y in self.kids[b]]
            found = self._intersections[key] = self.node(la if la > lb else lb, kids)
        return found

    def difference(self, a: int, b: int) -> int:
        if not a or a == b or b == FULL:
            return EMPTY
        if b == EMPTY:
            return a
        key = a << _WORD | b
        found = self._differences.get(key)
        if found is None:
            la, lb, minus = self.level[a], self.level[b], self.difference
            if la == lb:
                kids = [x and minus(x, y) for x, y in zip(self.kids[a], self.kids[b], strict=True)]
            elif la > lb:
                kids = [x and minus(x, b) for x in self.kids[a]]
            else:
                kids = [minus(a, y) for y in self.kids[b]]
            found = self._differences[key] = self.node(la if la > lb else lb, kids)
        return found

    def restriction(self, n: int, level: int, value: int) -> int:
        """The tuples of ``n`` that have the value at the level."""
        return self.intersection(n, self.leaf(level, (value,)))

    def projection(self, n: int, top: int) -> int:
        """What ``n`` leaves on the levels 1 … ``top``: the tuples that some values above extend to one of ``n``."""
        cache = self._projections.setdefault(top, {})

        def project(n: int) -> int:
            if self.level[n] <= top:
                return n
            found = cache.get(n)
            if found is None:
                found = EMPTY
                for kid in self.kids[n]:
                    if kid and found != FULL:
                        found = self.union(found, project(kid))
                cache[n] = found
            return found

        return project(n)

    # -- looking into a set

    def contains(self, n: int, values: Sequence[int]) -> bool:
        """Is the tuple, given with the lowest level first, in the set?"""
        return self.descended(n, values) == FULL

    def descended(self, n: int, values: Sequence[int], floor: int = 0) -> int:
        """What the set has on the levels 1 … ``floor`` where those above have the values, the lowest level first."""
        while self.level[n] > floor:
            n = self.kids[n][values[self.level[n] - 1]]
        return n

    def count(self, n: int, bottom: int = 0) -> int:
        """How many tuples of the levels above ``bottom`` the set has; exact.

        With ``bottom``, tuples that differ only at ``bottom`` or below it count once.
        """
        spans: dict[tuple[int, int], int] = {}
        cache = self._counts.setdefault(bottom, {})

        def span(low: int, high: int) -> int:
            """How many tuples the levels ``low + 1`` … ``high`` have, those above ``bottom``."""
            if (low, high) not in spans:
                spans[low, high] = prod(self.sizes[max(low, bottom) : high])
            return spans[low, high]

        def inner(n: int) -> int:
            """The tuples of the levels ``bottom + 1`` … the node's own."""
            if self.level[n] <= bottom:
                return 1 if n else 0
            found = cache.get(n)
            if found is None:
                below, found = self.level[n] - 1, 0
                for kid in self.kids[n]:
                    if kid:
                        low = self.level[kid]
                        found += inner(kid) if low == below else inner(kid) * span(low, below)
                cache[n] = found
            return found

        return inner(n) * span(self.level[n], self.height)

    def elements(self, n: int, top: int | None = None) -> Iterator[tuple[int, ...]]:
        """Every tuple of the set, given with the *highest* level first, in lexicographic order."""
        level = self.height if top is None else top
        if n == EMPTY:
            return
        if level == 0:
            yield ()
            return
        for value, kid in enumerate(self.cofactors(n, level)):
            for rest in self.elements(kid, level - 1):
                yield (value, *rest)

    def nodes(self, n: int) -> Iterator[int]:
        """The nodes with a level that ``n`` is made of, itself first, each once, children in their order."""
        seen, stack = {EMPTY, FULL}, [n]
        while stack:
            here = stack.pop()
            if here not in seen:
                seen.add(here)
                yield here
                stack.extend(reversed(self.kids[here]))

    def occurring(self, n: int) -> list[set[int]]:
        """For each level, the lowest first, the values that some tuple of the set has there."""
        found: list[set[int]] = [set() for _ in self.sizes]
        if n == EMPTY:
            return found

        def skipped(low: int, high: int) -> None:
            for level in range(low + 1, high):
                found[level - 1].update(range(self.sizes[level - 1]))

        skipped(self.level[n], self.height + 1)
        for here in self.nodes(n):
            level = self.level[here]
            for value, kid in enumerate(self.kids[here]):
                if kid != EMPTY:
                    found[level - 1].add(value)
                    skipped(self.level[kid], level)
        return found

    def combined(self, n: int, levels: Sequence[int]) -> set[tuple[int, ...]]:
        """The combinations of values that some tuple of the set has at these levels, each in their order."""
        lowest, place = min(levels, default=1), {level: i for i, level in enumerate(levels)}
        found: dict[int, set[tuple[tuple[int, int], ...]]] = {}

        def spread(parts: set[tuple[tuple[int, int], ...]], low: int, high: int) -> set[tuple[tuple[int, int], ...]]:
            """The parts with every value of the wanted levels between, which a path has skipped."""
            for level in range(low + 1, high):
                if level in place:
                    parts = {(*part, (place[level], i)) for part in parts for i in range(self.sizes[level - 1])}
            return parts

        def below(n: int) -> set[tuple[tuple[int, int], ...]]:
            """The same of the wanted levels up to the node's own."""
            level = self.level[n]
            if level < lowest:
                return {()} if n else set()
            if n not in found:
                here: set[tuple[tuple[int, int], ...]] = set()
                for i, kid in enumerate(self.kids[n]):
                    if kid:
                        parts = spread(below(kid), max(self.level[kid], lowest - 1), level)
                        here |= {(*part, (place[level], i)) for part in parts} if level in place else parts
                found[n] = here
            return found[n]

        whole = spread(below(n), max(self.level[n], lowest - 1), self.height + 1)
        return {tuple(value for _, value in sorted(part)) for part in whole}

    def copied(self, n: int, into: Store, memo: dict[int, int]) -> int:
        """The same set as a node of another store whose levels 1 … the node's own have the same sizes."""
        if n <= FULL:
            return n
        if n not in memo:
            memo[n] = into.node(self.level[n], [self.copied(kid, into, memo) for kid in self.kids[n]])
        return memo[n]
