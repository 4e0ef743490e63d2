"""A decision tree over the unknowns: which question to ask first about a site, to know soon whether something is so.

The most telling question is the one whose answer leaves least doubt: with n environments of which y are in the set,
doubt is y·(n - y)/n, summed over the answers (the Gini index, the second-order relative of entropy, which unlike
entropy is a fraction and so exact). Of equally telling ones the first in the order of the network is asked. Values that
tell nothing apart share a branch.

Reference: Breiman, Friedman, Olshen, Stone, "Classification and Regression Trees" (1984).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .causes import literal
from .condition import Condition
from .diagram import EMPTY, FULL, Store
from .environments import Environments, Space
from .errors import ModelError


@dataclass(frozen=True)
class Tree:
    """What is known after some answers, and what to ask next.

    Attributes:
        inside, outside: how many of the environments that the answers leave are in the set, and how many are not.
        asks: the unknown that is asked next; empty at a leaf.
        branches: what each answer, a condition on that unknown, leads to.
    """

    inside: int
    outside: int
    asks: str = ""
    branches: tuple[tuple[Condition, Tree], ...] = ()

    @property
    def is_mixed(self) -> bool:
        """A leaf that does not decide: the tree was cut there."""
        return not self.branches and self.inside > 0 and self.outside > 0

    @property
    def leaves(self) -> Iterator[Tree]:
        if not self.branches:
            yield self
        for _, tree in self.branches:
            yield from tree.leaves


def decision_tree(environments: Environments, among: Environments | None = None, depth: int | None = None) -> Tree:
    """The tree that tells the environments of the set from all others.

    Args:
        among: the environments that are spoken of, by default all.
        depth: how many questions may be asked on the way to a leaf; by default as many as it takes.

    Raises:
        ModelError: the depth is negative.
    """
    if depth is not None and depth < 0:
        raise ModelError(f"a tree has no depth of {depth}")
    space = environments.space
    within = space.all() if among is None else space.all() & among
    return _Grower(space).grow(within.node, (within & environments).node, 1, depth)


class _Grower:
    """Grows trees over pairs of sets: all environments that the answers leave, and those of them in the set.

    What has been answered is taken out of both, so that every tuple of the store stands for as many equal ones as the
    levels that were asked have values (``spread``).
    """

    def __init__(self, space: Space) -> None:
        self.space, self.store = space, space.store
        self._cofactors: dict[tuple[int, int, int], int] = {}

    def grow(self, everything: int, wanted: int, spread: int, depth: int | None) -> Tree:
        count, yes = self.store.count(everything) // spread, self.store.count(wanted) // spread
        if wanted in (EMPTY, everything) or depth == 0:
            return Tree(yes, count - yes)
        level = self._most_telling(everything, wanted)
        place = len(self.space.names) - level
        name, values = self.space.names[place], self.space.values[place]
        answers: dict[tuple[int, int], list[tuple[str, tuple[int, int]]]] = {}
        for number, value in enumerate(values):
            left = self.cofactor(everything, level, number), self.cofactor(wanted, level, number)
            if left[0] != EMPTY:
                answers.setdefault(_told_apart(*left), []).append((value, left))
        further = None if depth is None else depth - 1
        branches = []
        for alike in answers.values():
            trees = [self.grow(*left, spread * len(values), further) for _, left in alike]
            branches.append((literal(name, [value for value, _ in alike], values), _joined(trees)))
        return Tree(yes, count - yes, name, tuple(branches))

    def _most_telling(self, everything: int, wanted: int) -> int:
        """The level whose values leave the least doubt."""
        every, some = tallies(self.store, everything), tallies(self.store, wanted)

        def doubt(level: int) -> Fraction:
            pairs = zip(every[level - 1], some[level - 1], strict=True)
            return sum((Fraction(y * (n - y), n) for n, y in pairs if n), Fraction(0))

        supported = {self.store.level[n] for root in (everything, wanted) for n in self.store.nodes(root)}
        return min(sorted(supported, reverse=True), key=doubt)

    def cofactor(self, n: int, level: int, value: int) -> int:
        """What ``n`` says of the other levels where ``level`` has the value: a set that does not depend on it."""
        own = self.store.level[n]
        if own < level:
            return n
        if own == level:
            return self.store.kids[n][value]
        key = n, level, value
        found = self._cofactors.get(key)
        if found is None:
            found = self.store.node(own, [self.cofactor(kid, level, value) for kid in self.store.kids[n]])
            self._cofactors[key] = found
        return found


def _told_apart(everything: int, wanted: int) -> tuple[int, int]:
    """Equal for two answers that need not be told apart: both decide, and alike, or what is then left is the same."""
    if wanted == EMPTY:
        return EMPTY, EMPTY
    return (FULL, FULL) if wanted == everything else (everything, wanted)


def _joined(trees: Sequence[Tree]) -> Tree:
    """One tree for answers that are not told apart; their trees differ in numbers only."""
    first, count = trees[0], len(trees)
    if count == 1:
        return first
    inside, outside = sum(each.inside for each in trees), sum(each.outside for each in trees)
    below = zip(*(each.branches for each in trees), strict=True)
    branches = tuple((alike[0][0], _joined([tree for _, tree in alike])) for alike in below)
    return Tree(inside, outside, first.asks, branches)


def tallies(store: Store, n: int) -> list[list[int]]:
    """For each level, the lowest first, and each of its values: how many tuples of the set have it there."""
    total = store.count(n)
    found = [[0] * size for size in store.sizes]
    above = {n: 1}  # how many ways there are from the top down to a node, the levels that are skipped included
    below: dict[int, int] = {}  # how many tuples of the levels up to its own a node has
    sizes = [1]
    for size in store.sizes:
        sizes.append(sizes[-1] * size)
    order = sorted(store.nodes(n), key=lambda each: store.level[each])
    for each in order:
        level = store.level[each]
        below[each] = sum(_down(store, below, sizes, kid, level - 1) for kid in store.kids[each])
    if order:
        above[n] = sizes[store.height] // sizes[store.level[n]]
    for each in reversed(order):
        level = store.level[each]
        for value, kid in enumerate(store.kids[each]):
            if kid != EMPTY:
                found[level - 1][value] += above[each] * _down(store, below, sizes, kid, level - 1)
                if kid in below:
                    ways = above[each] * (sizes[level - 1] // sizes[store.level[kid]])
                    above[kid] = above.get(kid, 0) + ways
    for level, counts in enumerate(found, start=1):  # tuples of which nothing is said at the level have every value
        unsaid = (total - sum(counts)) // store.sizes[level - 1]
        found[level - 1] = [count + unsaid for count in counts]
    return found


def _down(store: Store, below: dict[int, int], sizes: Sequence[int], n: int, top: int) -> int:
    """How many tuples of the levels up to ``top`` a node has."""
    if n == EMPTY:
        return 0
    return below.get(n, 1) * (sizes[top] // sizes[store.level[n]])
