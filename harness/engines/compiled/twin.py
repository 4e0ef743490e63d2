"""Relations, saturation and rings in the arena, with the interfaces of their plain twins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from ccmproof.model.kernel.diagram import EMPTY, FULL

from ..budget import Watch
from ..layout import Layout
from ..relation import Moves, Relations
from ..rings import Rings
from . import kernels
from .arena import Arena, Store
from .kernels import FORWARD, RELATIONS


def _code(r: int) -> int:
    """A relation as the compiled functions know it."""
    return kernels.MOVES - r if r < 0 else r


class CompiledRelations(Relations):
    """Relations are made in Python, where there are few, and applied in the arena."""

    store: Store

    def __init__(self, store: Store, floor: int) -> None:
        super().__init__(store, floor)
        self._packed = 0

    def pack(self) -> None:
        """Put the relations where the compiled functions find them, when there are new ones."""
        if self._packed == len(self.moves):
            return
        arena = self.store.arena
        base, words = arena.static_end, [0] * len(self.moves)
        for r in range(1, len(self.moves)):
            demands = self._demanded(r)
            at = base + len(words) + len(demands) + 1
            words[r] = at
            words += [*demands, at - 1 - len(demands), self.level[r], *rows(self.moves[r], at + 1)]
        arena.add_table(words, {RELATIONS: 0})
        self._packed = len(self.moves)

    def _demanded(self, r: int) -> list[int]:
        """What the relation demands of the values that occur: how many words, and each with its mask."""
        shift, sizes, bits = self.occurrences.shift, self.store.sizes, self.store.arena.bits
        found = []
        for mask in self.demands[r]:
            level = bisect_left(shift, mask.bit_length())
            here, (word, place) = mask >> shift[level - 1], bits[level]
            bit = sum({1 << min(place + i, 31) for i in range(sizes[level - 1]) if here >> i & 1})
            found += [word, bit]
        return [len(found) // 2, *found]

    def kept(self, n: int, wanted: int) -> int:
        return self.store.intersection(n, wanted)

    def meet(self, n: int, wanted: int) -> bool:
        return bool(self.store.arena.call(kernels.meet, n, wanted))

    def shared(self, n: int, wanted: int) -> int:
        return self.store.arena.call(kernels.shared, n, wanted)

    def moving(self, n: int, wanted: int) -> int:
        return self.store.arena.call(kernels.moving, n, wanted)

    def image(self, n: int, r: int) -> int:
        self.pack()
        return self.store.arena.call(kernels.image, n, _code(r))


def rows(moves: Moves, at: int) -> list[int]:
    """The moves of one level, to stand at ``at``: where those of each value are; then for each how many, and pairs."""
    heads: list[int] = []
    bodies: list[int] = []
    for of in moves:
        heads.append(at + len(moves) + len(bodies))
        bodies += [len(of), *(word for j, child in of for word in (j, _code(child)))]
    return heads + bodies


def event_table(arena: Arena, relations: Relations, events: Sequence[int], way: int) -> None:
    """The events by level: for each level where its rows stand, and the next level above it that has events."""
    height, moves = len(arena.sizes), relations.by_level(events)
    base, words = arena.static_end, [0] * (2 * (height + 1))
    following = 0
    for level in range(height, -1, -1):
        words[2 * level + 1] = following
        if level in moves:
            following = level
            words[2 * level] = base + len(words)
            words += rows(tuple(map(tuple, moves[level])), base + len(words))
    arena.add_table(words, {way: 0})


class CompiledSaturation:
    """See :class:`ccmproof.harness.engines.saturation.Saturation`. ``way``: the word of the head for the table.

    Several may share a way, one at a time: what the arena remembers of one is not true of another.
    """

    def __init__(
        self, store: Store, relations: CompiledRelations, events: Sequence[int], watch: Watch, way: int = FORWARD
    ) -> None:
        self.arena, self.watch, self.way = store.arena, watch, way
        self.relations, self.events = relations, events

    def closure(self, start: int, within: int = FULL) -> int:
        self.arena.watch = self.watch
        former = self.arena.going.get(self.way)
        if former is not self:
            self.relations.pack()
            event_table(self.arena, self.relations, self.events, self.way)
            self.arena.going[self.way] = self
            if former is not None:
                self.arena.forget()
        return self.arena.watched(kernels.closure, self.way, start, within)


class CompiledRings(Rings):
    """See :class:`ccmproof.harness.engines.rings.Rings`."""

    store: Store

    def __init__(self, store: Store, relations: CompiledRelations, events: Mapping[str, int], layout: Layout) -> None:
        super().__init__(store, relations, events, layout)
        relations.pack()

    def after(self, n: int) -> int:
        if n == EMPTY or not self.active:
            return EMPTY
        return self.store.arena.call(kernels.after, FORWARD, n, self.active[-1])


__all__ = ["Arena", "CompiledRelations", "CompiledRings", "CompiledSaturation", "Store"]
