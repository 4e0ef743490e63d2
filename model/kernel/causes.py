"""Causes: the minimal conditions on the unknowns under which something is so, in place of a list of environments.

A *cause* of a set of environments is a condition that gives some of the unknowns a set of values, where every
environment that obeys it lies in the set, and where no value can be added to it and no unknown dropped without that
becoming false: a prime implicant (:mod:`.implicants`). Combinations that ``assume`` excludes are no environments: they
never count against a cause and never for it. That fixes which causes there are: the primes of the set together with
all excluded combinations, without those primes that hold in excluded combinations only. Two of them may hold in the
same environments, or one in some of the other's, where an assumption ties their unknowns together ("not joined" and
"no key", where no key is assumed of those that are not joined); each can be read off a site, so each is a cause.

All causes of a set together say exactly when it is so; and so do fewer, an irredundant *cover*, which is marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from .condition import Condition, In, Not, all_of
from .diagram import EMPTY, FULL, Store
from .environments import Environments, Space
from .implicants import Cube, Primes, box


@dataclass(frozen=True)
class Cause:
    """A minimal condition on the unknowns.

    Attributes:
        literals: the unknowns that it speaks of, in the order of the network, each with the values that it allows.
        condition: the same as a condition; what is left out is said where that is shorter (``wpj is not ok``).
        environments: those in which it holds, of the ones that are spoken of.
        count: how many these are.
        alone: how many of them no other cause of the same set holds in.
        in_cover: whether it belongs to the irredundant cover.
    """

    literals: Mapping[str, tuple[str, ...]]
    condition: Condition
    environments: Environments
    count: int
    alone: int
    in_cover: bool

    def __str__(self) -> str:
        return str(self.condition)


def literal(name: str, chosen: Sequence[str], values: Sequence[str]) -> Condition:
    """``name`` has one of the chosen values, out of all; said by what it is not, where that is one value of several."""
    others = [value for value in values if value not in chosen]
    if len(others) == 1 and len(chosen) > 1:
        return Not(In(name, frozenset(others)))
    return In(name, frozenset(chosen))


class Causes:
    """Finds the causes of sets of environments of one space. What is found out for one set helps with the next."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self._primes = Primes(space.store)

    def of(self, environments: Environments, among: Environments | None = None) -> tuple[Cause, ...]:
        """All causes of a set: those of fewest unknowns first, then those of most environments, then in the order of
        the network's unknowns and their values. None for the empty set; one without literals where it is everything.

        Args:
            among: the environments that are spoken of, by default all. Others are passed over as if they were excluded:
                they are not counted, and what tells these from those is no part of a cause.

        Raises:
            ModelError: the environments are of other unknowns.
        """
        store = self.space.store
        allowed = (self.space.all() if among is None else self.space.all() & among).node
        bad = store.intersection(allowed, (self.space.all() & environments).node)
        if bad == EMPTY:
            return ()
        primes = self._primes.of(store.union(bad, store.difference(FULL, allowed)))
        cubes = [(cube, store.intersection(box(store, cube), allowed)) for cube in self._primes.cubes(primes)]
        counted = [(cube, node, store.count(node)) for cube, node in cubes if node != EMPTY]
        counted.sort(key=lambda each: (len(each[0]), -each[2], self._rank(each[0])))
        once, twice = self._primes.coverage(primes)
        unshared = store.intersection(store.difference(once, twice), allowed)
        alone = [store.count(store.intersection(node, unshared)) for _, node, _ in counted]
        kept = cover(store, bad, [node for _, node, _ in counted], alone)
        return tuple(
            self._cause(cube, node, count, own, in_cover=number in kept)
            for number, ((cube, node, count), own) in enumerate(zip(counted, alone, strict=True))
        )

    def _rank(self, cube: Cube) -> list[tuple[int, list[int]]]:
        """What the lexicographic order compares: the unknowns by their place in the network, and their values."""
        return [(-level, _bits(values)) for level, values in cube]

    def _cause(self, cube: Cube, node: int, count: int, alone: int, *, in_cover: bool) -> Cause:
        literals = {}
        parts = []
        for level, bits in cube:
            place = len(self.space.names) - level
            name, values = self.space.names[place], self.space.values[place]
            literals[name] = tuple(values[i] for i in _bits(bits))
            parts.append(literal(name, literals[name], values))
        return Cause(literals, all_of(*parts), Environments(self.space, node), count, alone, in_cover)


def _bits(values: int) -> list[int]:
    return [i for i in range(values.bit_length()) if values >> i & 1]


def cover(store: Store, bad: int, nodes: Sequence[int], alone: Sequence[int]) -> set[int]:
    """The places of some of the sets that together are ``bad``, none of which can be left out.

    Those that have something to themselves must be in it. Of the others the one that adds most comes next, the first
    of several; what later ones have made redundant goes again. Small, but not always the smallest there is: to find
    that is hard.
    """
    essential = [i for i, own in enumerate(alone) if own]
    left = bad
    for i in essential:
        left = store.difference(left, nodes[i])
    chosen: list[int] = []
    queue = [(-store.count(node), i, -1) for i, node in enumerate(nodes) if not alone[i]]
    heapify(queue)
    while left != EMPTY:
        _, i, asked = heappop(queue)
        if asked == len(chosen):  # what it adds was counted since the last choice, and nothing adds more
            chosen.append(i)
            left = store.difference(left, nodes[i])
        else:  # what it adds can only have become less since it was counted
            adds = store.count(store.intersection(nodes[i], left))
            if adds:
                heappush(queue, (-adds, i, len(chosen)))
    return {*essential, *_irredundant(store, nodes, essential, chosen)}


def _irredundant(store: Store, nodes: Sequence[int], essential: Sequence[int], chosen: Sequence[int]) -> list[int]:
    """Those of the chosen ones that are needed beside the essential ones, the first of them kept where there is a
    choice."""
    before = [EMPTY]  # what the essential ones and the first k chosen ones cover
    for i in essential:
        before[0] = store.union(before[0], nodes[i])
    for i in chosen:
        before.append(store.union(before[-1], nodes[i]))
    kept: list[int] = []
    after = EMPTY
    for place in reversed(range(len(chosen))):
        node = nodes[chosen[place]]
        if store.difference(node, store.union(before[place], after)) != EMPTY:
            kept.append(chosen[place])
            after = store.union(after, node)
    return kept
