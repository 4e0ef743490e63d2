"""The arena as Python sees it: how it grows, how a long computation in it is watched, and the store on top of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from itertools import count as numbers
from math import isqrt, prod
from typing import Any, Final

import numpy as np
from ccmproof.model.kernel import diagram
from ccmproof.model.kernel.diagram import EMPTY, FULL

from ..budget import Watch
from . import kernels
from .kernels import BOTH, HEAD, MINUS, UNION

_FIRST_NODES: Final = 1 << 15
_KIDS_A_NODE: Final = 5
_CACHED_A_NODE: Final = 4
_FIRST_TABLES: Final = 1 << 14
"""Words for the tables of relations and events."""
_SMALL: Final = 1 << 20
"""Up to so many nodes an arena grows fourfold, above twofold: each time what it knows is hashed anew."""
_LOOK: Final = 0.05
"""Seconds between two looks at a computation."""
_NEVER: Final = 0xFFFFFFFF
_RESERVE: Final = 8
"""A part of the room that is kept for putting together what was found."""
_WORD: Final = 32
_STACK_BYTES: Final = 256 << 20
"""Of the thread that computes: address space, touched only as far as the recursion goes."""


@cache
def _prime(number: int) -> int:
    """The primes below 2**31, the largest first."""
    candidate = 2**31 + 1 if number == 0 else _prime(number - 1)
    while True:
        candidate -= 2
        if all(candidate % divisor for divisor in range(3, isqrt(candidate) + 1, 2)):
            return candidate


class Arena:
    """The array, and the functions that work in it.

    Args:
        sizes: the number of values of each level, the lowest first.
        floor: the number of levels below the moving ones.
        watch: looks after long computations.
    """

    def __init__(self, sizes: Sequence[int], floor: int, watch: Watch) -> None:
        self.sizes, self.floor, self.watch = tuple(sizes), floor, watch
        self.bits = _bits(sizes)
        self.width = self.bits[-1][0] + 1
        self.static = np.array([0, *sizes, *(word for pair in self.bits for word in pair)], dtype=np.uint32)
        self.tables: dict[int, int] = {kernels.LEVELS: HEAD, kernels.BITS: HEAD + 1 + len(sizes)}
        self.going: dict[int, object] = {}
        """For each way the saturation whose events stand in its table."""
        self._table_room = len(self.static) + _FIRST_TABLES
        self.m = self._made(_FIRST_NODES, _FIRST_NODES * _KIDS_A_NODE)
        self.m[kernels.NODES] = 2
        full = int(self.m[kernels.OCCURS]) + self.width
        self.m[full : full + self.width] = kernels.ALL

    def _made(self, nodes: int, kids: int) -> Any:
        """An empty arena with room for so many nodes and children."""
        unique = 1 << (2 * nodes - 1).bit_length()
        cache = 1 << (_CACHED_A_NODE * nodes - 1).bit_length()
        stack = (len(self.sizes) + 4) * 6 * (3 * max(self.sizes, default=1) + 8)
        regions = {
            kernels.STATIC: self._table_room,
            kernels.STACK: stack,
            kernels.LEVEL: nodes,
            kernels.PLACE: nodes,
            kernels.KIDS: kids,
            kernels.OCCURS: nodes * self.width,
            kernels.UNIQUE: unique,
            kernels.CACHE: cache * kernels.ENTRY,
        }
        total = HEAD + sum(regions.values())
        if nodes > kernels.MOST_NODES or total >= 1 << 32:
            raise MemoryError(f"no room for {nodes:,} nodes")
        m = np.zeros(total, dtype=np.uint32)
        at = HEAD
        for region, words in regions.items():
            m[region] = at
            at += words
        m[kernels.NODE_ROOM], m[kernels.KIDS_ROOM] = nodes, kids
        m[kernels.UNIQUE_MASK], m[kernels.CACHE_MASK] = unique - 1, cache - 1
        m[kernels.HEIGHT], m[kernels.FLOOR], m[kernels.TOP] = len(self.sizes), self.floor, m[kernels.STACK]
        m[kernels.STOP_AT], m[kernels.WIDTH] = _NEVER, self.width
        self._write_tables(m)
        return m

    def _grow(self, nodes: int, kids: int) -> None:
        new = self._made(nodes, kids)
        new[kernels.STOP], new[kernels.STOP_AT] = self.m[kernels.STOP], self.m[kernels.STOP_AT]
        kernels.moved(self.m, new)
        self.m = new

    def add_table(self, words: Sequence[int], names: dict[int, int]) -> None:
        """Append a table to the static region; ``names`` says which word of the head points where in it."""
        base = self.static_end
        self.static = np.concatenate([self.static, np.array(words, dtype=np.uint32)])
        self.tables.update({name: base + offset for name, offset in names.items()})
        if len(self.static) > self._table_room:
            self._table_room = 4 * len(self.static)
            self._grow(int(self.m[kernels.NODE_ROOM]), int(self.m[kernels.KIDS_ROOM]))
        self._write_tables(self.m)

    def _write_tables(self, m: Any) -> None:
        m[HEAD : self.static_end] = self.static
        for name, where in self.tables.items():
            m[name] = where

    def forget(self) -> None:
        """Empty the cache of operations; the nodes stay."""
        at = int(self.m[kernels.CACHE])
        self.m[at : at + (int(self.m[kernels.CACHE_MASK]) + 1) * kernels.ENTRY] = 0

    @property
    def static_end(self) -> int:
        """Where the next table will stand."""
        return HEAD + len(self.static)

    @property
    def bytes(self) -> int:
        return int(self.m.nbytes)

    def call(self, function: Callable[..., int], *arguments: Any) -> int:
        """The answer of a compiled function, in an arena that grows until there is room for it."""
        while True:
            found = function(self.m, *arguments)
            if not self.m[kernels.FULL_UP]:
                return int(found)
            self._enlarge()

    @property
    def _growth(self) -> int:
        """How many times as large the arena is after it has grown."""
        return 4 if int(self.m[kernels.NODE_ROOM]) <= _SMALL else 2

    def _enlarge(self) -> None:
        """Make room for more nodes, and for their children by what a node has had until now."""
        m, growth = self.m, self._growth
        nodes, used = int(m[kernels.NODES]), int(m[kernels.KIDS_USED])
        room = growth * int(m[kernels.NODE_ROOM])
        kids = max(growth * int(m[kernels.KIDS_ROOM]) // 2, room * used // nodes) + max(self.sizes)
        try:
            self._grow(room, kids)
        except MemoryError:
            raise MemoryError(f"the diagram of {nodes:,} nodes has no room to grow; open fewer unknowns") from None

    def watched(self, function: Callable[..., int], *arguments: Any) -> int:
        """The same for a long computation: in a thread, so that this one can tell of progress and hear Ctrl-C.

        Where the watch cuts it short the function returns a part of the truth.
        """
        while True:
            m = self.m
            m[kernels.STOP_AT] = self._stop_at()
            m[kernels.STOP] = self.watch.cut or m[kernels.NODES] >= m[kernels.STOP_AT]
            found = self._in_thread(function, m, arguments)
            nodes = int(m[kernels.NODES])
            self.watch.look(nodes)
            if m[kernels.STOP]:
                self.watch.weigh(self.bytes * self._growth)
            if not m[kernels.FULL_UP]:
                m[kernels.STOP], m[kernels.STOP_AT] = 0, _NEVER
                return found
            self._enlarge()

    def _stop_at(self) -> int:
        """The number of nodes at which a computation is to stop by itself.

        Where the memory limit will not let the arena grow, that is a little before it is full, so that what was found
        can still be put together.
        """
        limit = self.watch.limit
        at = _NEVER if limit.nodes is None else limit.nodes + 1
        if limit.bytes is not None and self.bytes * self._growth > limit.bytes:
            room = int(self.m[kernels.NODE_ROOM])
            at = min(at, room - room // _RESERVE)
        return at

    def _in_thread(self, function: Callable[..., int], m: Any, arguments: tuple[Any, ...]) -> int:
        work = _worker().submit(function, m, *arguments)
        while True:
            try:
                done, _ = wait((work,), _LOOK)
                if done:
                    return int(work.result())
                self.watch.look(int(m[kernels.NODES]))
                if self.watch.cut:
                    m[kernels.STOP] = 1
            except BaseException:
                m[kernels.STOP] = 1
                wait((work,))
                raise


@cache
def _worker() -> ThreadPoolExecutor:
    """The thread that computes: one, because beginning one anew takes as long as a small computation."""
    worker = ThreadPoolExecutor(1, "saturation")
    former = threading.stack_size(_STACK_BYTES)
    try:
        worker.submit(int).result()  # the thread begins here, with this stack
    finally:
        threading.stack_size(former)
    return worker


def _bits(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """For each level, from an unused level 0 on, the word and the shift of its bits among those of a node."""
    found = [(0, 0)]
    word = used = 0
    for size in sizes:
        if used + min(size, _WORD) > _WORD:
            word, used = word + 1, 0
        found.append((word, used))
        used += min(size, _WORD)
    return found


class _Levels:
    """``Store.level`` of an arena."""

    def __init__(self, arena: Arena) -> None:
        self.arena = arena

    def __getitem__(self, n: int) -> int:
        m = self.arena.m
        return int(m[int(m[kernels.LEVEL]) + n])


class _Kids:
    """``Store.kids`` of an arena."""

    def __init__(self, arena: Arena) -> None:
        self.arena = arena

    def __getitem__(self, n: int) -> tuple[int, ...]:
        m, sizes = self.arena.m, self.arena.sizes
        at = int(m[kernels.KIDS]) + int(m[int(m[kernels.PLACE]) + n])
        return tuple(m[at : at + sizes[int(m[int(m[kernels.LEVEL]) + n]) - 1]].tolist()) if n > FULL else ()


class Store(diagram.Store):
    """The store of :mod:`ccmproof.model.kernel.diagram` in an arena: the same nodes, with the same numbers."""

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.sizes, self.height = arena.sizes, len(arena.sizes)
        self.level = _Levels(arena)  # type: ignore[assignment]
        self.kids = _Kids(arena)  # type: ignore[assignment]

    def __len__(self) -> int:
        return int(self.arena.m[kernels.NODES])

    def population(self) -> list[int]:
        m = self.arena.m
        at = int(m[kernels.LEVEL])
        found: list[int] = np.bincount(m[at : at + len(self)], minlength=self.height + 1).tolist()
        return found[1:]

    def node(self, level: int, kids: Sequence[int]) -> int:
        def make(m: Any) -> int:
            at = int(m[kernels.TOP])
            m[at : at + len(kids)] = kids
            return int(kernels.node(m, level, at))

        return self.arena.call(make)

    def union(self, a: int, b: int) -> int:
        return self.arena.call(kernels.combine, UNION, a, b)

    def intersection(self, a: int, b: int) -> int:
        return self.arena.call(kernels.combine, BOTH, a, b)

    def difference(self, a: int, b: int) -> int:
        return self.arena.call(kernels.combine, MINUS, a, b)

    def descended(self, n: int, values: Sequence[int], floor: int = 0) -> int:
        words = np.frombuffer(values, np.uint8) if isinstance(values, bytes) else np.array(values)
        return int(kernels.descended(self.arena.m, np.int64(n), words.astype(np.int64), np.int64(floor)))

    def projection(self, n: int, top: int) -> int:
        return self.arena.call(kernels.project, n, top)

    def _marked(self, n: int) -> Any:
        seen = np.zeros(n + 2, dtype=np.uint8)
        kernels.marked(self.arena.m, n, seen)
        return seen

    def count(self, n: int, bottom: int = 0) -> int:
        """Exact, by the Chinese remainder theorem."""
        most = prod(self.sizes[bottom:])
        seen, counts = self._marked(n), np.zeros(n + 2, dtype=np.uint32)
        found, modulus = 0, 1
        for number in numbers():
            prime = _prime(number)
            rest = int(kernels.counted(self.arena.m, n, bottom, prime, seen, counts))
            found += (rest - found) * pow(modulus, -1, prime) % prime * modulus
            modulus *= prime
            if modulus > most:
                break
        return found

    def occurring(self, n: int) -> list[set[int]]:
        width = max(self.sizes, default=1)
        if n == EMPTY:
            return [set() for _ in self.sizes]
        occurs = np.zeros((self.height + 1) * width, dtype=np.uint8)
        kernels.occurring(self.arena.m, n, self._marked(n), width, occurs)
        return [set(np.flatnonzero(row).tolist()) for row in occurs.reshape(-1, width)[1:]]

    def combined(self, n: int, levels: Sequence[int]) -> set[tuple[int, ...]]:
        if n == EMPTY:
            return set()
        sizes = [self.sizes[level - 1] for level in levels]
        stride, width = np.zeros(self.height + 2, dtype=np.int64), 1
        for level, size in zip(levels, sizes, strict=True):
            stride[level], width = width, width * size
        seen = self._marked(n)
        place = np.cumsum(seen, dtype=np.int64) + 1
        bits, whole = np.zeros((int(place[-1]) + 1, width), dtype=np.uint8), np.zeros(width, dtype=np.uint8)
        lowest = min(levels, default=1)
        kernels.combined(self.arena.m, n, lowest, seen, stride, width, place, bits, whole)
        found = np.flatnonzero(whole)
        columns = [(found // stride[level] % size).tolist() for level, size in zip(levels, sizes, strict=True)]
        return set(zip(*columns, strict=True)) if levels else {()}
