"""Events as diagrams: which states an event leads to which.

A relation node has a level and, for each number ``i`` there, the moves ``(j, child)``: where the actor is in ``i`` it
may go to ``j`` while the levels below go as ``child`` says. A level that is skipped stays as it is, and is not read.
Below the last moving level nothing moves, so there a relation is simply the set of what it demands: a child is either
another relation node, a negative number, or a set of environments, a node of the store (``FULL`` where it demands
nothing).

An event's relation is made as the conjunction of its participants' parts, in a store of their own that has two levels
for every actor, *before* and *after*. A part is a disjunction over the participant's rows (where it is, the row's
``when``, where it goes), so that an event which copies eight fields costs eight parts, not the product of their rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from ccmproof.model.kernel.condition import TRUE, Condition, In
from ccmproof.model.kernel.diagram import EMPTY, FULL, Store
from ccmproof.model.kernel.network import Event, Transition

from .layout import Layout
from .reduce import Reduced

Moves: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
"""For each number of a level: the pairs (number after, child)."""


class Occurrences:
    """Which values occur at each level of a set, as one long word with a bit for every value of every level.

    A level that a set does not depend on has all its bits.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.shift = [0]
        for size in store.sizes:
            self.shift.append(self.shift[-1] + size)
        self.everything = (1 << self.shift[-1]) - 1
        self._words = [0, self.everything]
        self._demands: dict[int, tuple[int, ...]] = {}

    def of(self, n: int) -> int:
        """The word of a set."""
        words, store = self._words, self.store
        for node in range(len(words), n + 1):  # children have lower numbers than their parent
            kids = store.kids[node]
            words.append(self.join(store.level[node], ((i, words[kid]) for i, kid in enumerate(kids) if kid)))
        return words[n]

    def join(self, level: int, branches: Iterable[tuple[int, int]]) -> int:
        """The word of a node of that level, given the values that it has there and the word of what lies below each."""
        base = self.shift[level - 1]
        own = below = 0
        for value, word in branches:
            own |= 1 << value
            below |= word
        return below & ((1 << base) - 1) | own << base | self.everything >> self.shift[level] << self.shift[level]

    def demands(self, word: int) -> tuple[int, ...]:
        """A mask for each level at which the word lacks a value, those that lack most first."""
        found = []
        for level, size in enumerate(self.store.sizes):
            full = (1 << size) - 1
            here = word >> self.shift[level] & full
            if here != full:
                found.append((here.bit_count() / size, -level, here << self.shift[level]))
        return tuple(mask for _, _, mask in sorted(found))

    def demands_of(self, n: int) -> tuple[int, ...]:
        """The demands of a set."""
        found = self._demands.get(n)
        if found is None:
            found = self._demands[n] = self.demands(self.of(n))
        return found


class Relations:
    """Hash-consed relation nodes over the levels of a store, and what they do to its sets."""

    def __init__(self, store: Store, floor: int) -> None:
        self.store, self.floor = store, floor
        self.level: list[int] = [0]
        self.moves: list[Moves] = [()]
        self.images: list[dict[int, int]] = [{}]
        self.demands: list[tuple[int, ...]] = [()]
        self.occurrences = Occurrences(store)
        self._reads: list[int] = [0]
        self._unique: dict[tuple[int, Moves], int] = {}
        self._inverses: dict[int, int] = {}
        self._domains: dict[int, int] = {}
        self._kept: dict[tuple[int, int], int] = {}
        self._shared: dict[tuple[int, int], int] = {}
        self._moving: dict[tuple[int, int], int] = {}
        self._apart: set[tuple[int, int]] = set()

    def begin_as(self, other: Relations) -> None:
        """Have the nodes of others, over a store that has the same nodes, and nothing besides; while there are none."""
        self.level, self.moves, self.demands = other.level.copy(), other.moves.copy(), other.demands.copy()
        self.images = [{} for _ in other.images]
        self._reads, self._unique = other._reads.copy(), other._unique.copy()

    def level_of(self, r: int) -> int:
        return self.level[-r] if r < 0 else self.store.level[r]

    def node(self, level: int, moves: Moves) -> int:
        """The relation node; a level at which nothing is read and nothing moves is no level at all."""
        child = moves[0][0][1] if moves[0] else EMPTY
        if all(of == ((i, child),) for i, of in enumerate(moves)) or not any(moves):
            return child
        key = (level, moves)
        found = self._unique.get(key)
        if found is None:
            found = self._unique[key] = -len(self.moves)
            self.level.append(level)
            self.moves.append(moves)
            self.images.append({})
            reads = self.occurrences.join(
                level, ((i, self.reads(child)) for i, of in enumerate(moves) for _, child in of)
            )
            self._reads.append(reads)
            self.demands.append(self.occurrences.demands(reads))
        return found

    def by_level(self, events: Iterable[int]) -> dict[int, list[list[tuple[int, int]]]]:
        """The moves of some relations: for each level that one of them belongs to, and each number there.

        A relation that is a set demands something of the environment and moves nothing; it is left out.
        """
        found: dict[int, list[list[tuple[int, int]]]] = {}
        for r in events:
            if r < 0:
                level = self.level[-r]
                of = found.setdefault(level, [[] for _ in range(self.store.sizes[level - 1])])
                for i, pairs in enumerate(self.moves[-r]):
                    of[i].extend(pairs)
        return found

    def reads(self, r: int) -> int:
        """The values that the relation can start from, level by level, as :class:`Occurrences` has them."""
        return self._reads[-r] if r < 0 else self.occurrences.of(r)

    def applies(self, n: int, r: int) -> bool:
        """Quick and rough: ``False`` where some level of ``n`` has none of the values that ``r`` can start from there.

        Nine in ten attempts to fire an event find nothing to fire it on, and most of them are seen here.
        """
        occurring = self.occurrences.of(n)
        demands = self.demands[-r] if r < 0 else self.occurrences.demands_of(r)
        for mask in demands:  # noqa: SIM110 (this is the innermost loop of all, and a generator costs half of it)
            if not occurring & mask:
                return False
        return True

    def kept(self, n: int, wanted: int) -> int:
        """The intersection of two sets, quick where the second one wants what few parts of the first have."""
        store = self.store
        if not n or wanted == FULL or n == wanted:
            return n
        if n == FULL:
            return wanted
        if not wanted or not self.applies(n, wanted):
            return EMPTY
        found = self._kept.get((n, wanted))
        if found is None:
            level = max(store.level[n], store.level[wanted])
            pairs = zip(store.cofactors(n, level), store.cofactors(wanted, level), strict=True)
            found = self._kept[n, wanted] = store.node(level, [x and y and self.kept(x, y) for x, y in pairs])
        return found

    def meet(self, n: int, wanted: int) -> bool:
        """Have the two sets a state in common?"""
        store = self.store
        if not n or not wanted or (n, wanted) in self._apart or not self.applies(n, wanted):
            return False
        if FULL in (n, wanted) or n == wanted:
            return True
        level = max(store.level[n], store.level[wanted])
        for x, y in zip(store.cofactors(n, level), store.cofactors(wanted, level), strict=True):
            if x and y and self.meet(x, y):
                return True
        self._apart.add((n, wanted))
        return False

    def shared(self, n: int, wanted: int) -> int:
        """The environments of the intersection of two sets, without the intersection being made."""
        store, floor = self.store, self.floor
        if not n or not wanted or not self.applies(n, wanted):
            return EMPTY
        level = max(store.level[n], store.level[wanted])
        if level <= floor:
            return store.intersection(n, wanted)
        if wanted == FULL:
            return store.projection(n, floor)
        found = self._shared.get((n, wanted))
        if found is None:
            found = EMPTY
            for x, y in zip(store.cofactors(n, level), store.cofactors(wanted, level), strict=True):
                if x and y and found != FULL:
                    found = store.union(found, self.shared(x, y))
            self._shared[n, wanted] = found
        return found

    def moving(self, n: int, wanted: int) -> int:
        """The moving parts of the intersection of two sets, each in every environment: as a rule a few of its nodes."""
        store = self.store
        if not n or not wanted or not self.applies(n, wanted):
            return EMPTY
        level = max(store.level[n], store.level[wanted])
        if level <= self.floor:
            return FULL if self.meet(n, wanted) else EMPTY
        found = self._moving.get((n, wanted))
        if found is None:
            pairs = zip(store.cofactors(n, level), store.cofactors(wanted, level), strict=True)
            found = self._moving[n, wanted] = store.node(level, [self.moving(x, y) for x, y in pairs])
        return found

    def image(self, n: int, r: int) -> int:
        """The states to which ``r`` leads from those of ``n``."""
        if r >= 0:
            return self.store.intersection(n, r)
        if n == EMPTY or not self.applies(n, r):
            return EMPTY
        cache = self.images[-r]
        found = cache.get(n)
        if found is None:
            store = self.store
            ln, lr = store.level[n], self.level[-r]
            if ln > lr:
                found = store.node(ln, [kid and self.image(kid, r) for kid in store.kids[n]])
            else:
                after = [EMPTY] * store.sizes[lr - 1]
                for kid, moves in zip(store.cofactors(n, lr), self.moves[-r], strict=True):
                    if kid:
                        for j, child in moves:
                            after[j] = store.union(after[j], self.image(kid, child))
                found = store.node(lr, after)
            cache[n] = found
        return found

    def inverse(self, r: int) -> int:
        """The relation that leads back."""
        if r >= 0:
            return r
        found = self._inverses.get(r)
        if found is None:
            back: list[list[tuple[int, int]]] = [[] for _ in self.moves[-r]]
            for i, moves in enumerate(self.moves[-r]):
                for j, child in moves:
                    back[j].append((i, self.inverse(child)))
            found = self._inverses[r] = self.node(self.level[-r], tuple(map(tuple, back)))
        return found

    def domain(self, r: int) -> int:
        """The states from which ``r`` leads anywhere: where its event may happen."""
        if r >= 0:
            return r
        found = self._domains.get(r)
        if found is None:
            kids = []
            for moves in self.moves[-r]:
                kid = EMPTY
                for _, child in moves:
                    kid = self.store.union(kid, self.domain(child))
                kids.append(kid)
            found = self._domains[r] = self.store.node(self.level[-r], kids)
        return found


class Builder:
    """Makes the relations of a network's events."""

    def __init__(self, reduced: Reduced, layout: Layout, relations: Relations) -> None:
        self.reduced, self.layout, self.relations = reduced, layout, relations
        doubled = [size for size in layout.sizes for _ in ("after", "before")]
        self.pairs = Store(doubled)
        self.predicates: dict[str, int] = {}
        self.guards: dict[int, int] = {}
        self.sets: dict[int, int] = {}

    def relation(self, event: Event) -> int:
        """The relation of an event that may fire; ``EMPTY`` where it turns out that it may not."""
        rows: Mapping[str, tuple[Transition, ...]] = self.reduced.rows[event.name]
        whole = self.condition(event.guard)
        taking_part: dict[int, list[str]] = {}
        for name in event.participants:
            taking_part.setdefault(self.layout.level[name], []).append(name)
        for level, names in sorted(taking_part.items()):
            move = self.rest(level, names)
            for name in names:
                move = self.pairs.intersection(move, self.part(name, rows[name]))
            whole = self.pairs.intersection(whole, move)
        movers = [level for level in sorted(taking_part) if self.layout.sizes[level - 1] > 1]
        return self.closed(whole, movers)

    def condition(self, condition: Condition) -> int:
        """A condition on the states before."""
        if condition is TRUE:
            return FULL
        found = self.guards.get(id(condition))
        if found is None:
            found = self.guards[id(condition)] = self.pairs.build(condition, self.leaf, self.predicates)
        return found

    def leaf(self, of: In) -> int:
        level, numbers = self.layout.values(of)
        return self.pairs.leaf(2 * level, numbers)

    def part(self, name: str, rows: tuple[Transition, ...]) -> int:
        """What one participant does: the disjunction of its rows. Who shares its level does as he likes."""
        found = EMPTY
        level, field = self.layout.level[name], self.layout.field[name]
        for row in rows:
            goes = [row.target(state[field]) if state[field] in row.sources else None
                    for state in self.layout.states[level - 1]]  # fmt: skip
            move = self.move(level, (field,), [None if target is None else (target,) for target in goes])
            found = self.pairs.union(found, self.pairs.intersection(move, self.condition(row.when)))
        return found

    def rest(self, level: int, names: Collection[str]) -> int:
        """The others that share the level of these participants stay where they are."""
        fields = tuple(i for i, name in enumerate(self.layout.actors[level - 1]) if name not in names)
        if not fields:
            return FULL
        return self.move(level, fields, [tuple(state[i] for i in fields) for state in self.layout.states[level - 1]])

    def move(self, level: int, fields: tuple[int, ...], goes: Sequence[tuple[str, ...] | None]) -> int:
        """From each number of the level to every one that has these states in these fields; ``None``: to none."""
        states = self.layout.states[level - 1]
        after: dict[tuple[str, ...] | None, int] = {None: EMPTY}
        kids = []
        for target in goes:
            if target not in after:
                there = [FULL if tuple(state[i] for i in fields) == target else EMPTY for state in states]
                after[target] = self.pairs.node(2 * level - 1, there)
            kids.append(after[target])
        return self.pairs.node(2 * level, kids)

    def closed(self, whole: int, movers: list[int]) -> int:
        """The relation that the pairs stand for, once every level that is no mover stays as it is."""
        pairs, relations, floor = self.pairs, self.relations, self.layout.floor
        cache: dict[tuple[int, int], int] = {}

        def close(n: int, left: int) -> int:
            """``left``: how many of the movers, counted from below, may still be met."""
            level = (pairs.level[n] + 1) // 2
            if left:
                level = max(level, movers[left - 1])
            if n == EMPTY or level <= floor:
                return self.environments(n)
            found = cache.get((n, left))
            if found is None:
                moves = []
                moving = left > 0 and level == movers[left - 1]
                for i, kid in enumerate(pairs.cofactors(n, 2 * level)):
                    after = [(i, kid)]
                    if moving:
                        after = list(enumerate(pairs.cofactors(kid, 2 * level - 1))) if kid else []
                    rest = [(j, close(below, left - moving)) for j, below in after if below]
                    moves.append(tuple((j, child) for j, child in rest if child != EMPTY))
                found = cache[n, left] = relations.node(level, tuple(moves))
            return found

        return close(whole, len(movers))

    def environments(self, n: int) -> int:
        """A set of pairs that reads unknowns only, as a set of environments."""
        if n <= FULL:
            return n
        found = self.sets.get(n)
        if found is None:
            store = self.relations.store
            kids = [self.environments(kid) for kid in self.pairs.kids[n]]
            found = self.sets[n] = store.node(self.pairs.level[n] // 2, kids)
        return found
