"""Breadth first, the moving part of each state by itself: explicit in what moves, symbolic in the environments.

A ring maps each combination of states of the moving actors, a *part*, to the set of environments in which it is that
far from the start. Where the reachable states have few parts (some 10^5) this is many times as fast as
:mod:`.rings`: a ring of a nearly sequential workflow is some hundred unlike parts, of which a diagram can share little,
while there are few different sets of environments, and the steps from a part are found once. Where there are many
parts, diagrams win. Both give the same rings and the same paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from ccmproof.model.kernel.diagram import EMPTY, FULL, Store

from . import Path
from .budget import Watch
from .layout import Layout
from .relation import Relations

Ring: TypeAlias = dict[int, int]
"""Parts, by number, with the sets of environments in which they are in the ring."""
Edge: TypeAlias = tuple[int, int, int]
"""A step: the event's number, the part after it, the environments that it demands."""


class Parts:
    """Steps between parts, found when they are asked for. A part is one byte a level, those of the unknowns unused."""

    def __init__(self, store: Store, relations: Relations, events: Mapping[str, int], layout: Layout) -> None:
        self.store, self.relations, self.layout = store, relations, layout
        self.names = list(events)
        self.part: list[bytes] = []
        self.number: dict[bytes, int] = {}
        self.edges: list[list[Edge] | None] = []
        self.back: list[list[tuple[int, int, int]]] = []
        self._watched: list[tuple[int, list[list[tuple[int, int]]]]] = self._index(list(events.values()))

    def _index(self, events: Sequence[int]) -> list[tuple[int, list[list[tuple[int, int]]]]]:
        """For some levels and each value there: the events that it allows. Each event stands at its choosiest level."""
        shift, sizes = self.relations.occurrences.shift, self.store.sizes
        found: dict[int, list[list[tuple[int, int]]]] = {}
        for event, r in enumerate(events):
            if r < 0:  # others move nothing
                level = next(
                    (at for mask in self.relations.demands[-r] if (at := self._level(mask)) > self.layout.floor), 0
                )
                level = level or self.relations.level[-r]
                reads = self.relations.reads(r) >> shift[level - 1]
                at_level = found.setdefault(level, [[] for _ in range(sizes[level - 1])])
                for value, of in enumerate(at_level):
                    if reads >> value & 1:
                        of.append((event, r))
        return sorted(found.items())

    def _level(self, mask: int) -> int:
        """The level that a demand is about."""
        shift = self.relations.occurrences.shift
        return next(level for level in range(1, len(shift)) if mask < 1 << shift[level])

    def numbered(self, part: bytes) -> int:
        found = self.number.get(part)
        if found is None:
            found = self.number[part] = len(self.part)
            self.part.append(part)
            self.edges.append(None)
            self.back.append([])
        return found

    def split(self, n: int) -> Ring:
        """A set of states as parts with environments."""
        ring: Ring = {}
        part = bytearray(self.store.height + 1)

        def descend(n: int, level: int) -> None:
            if n != EMPTY and level <= self.layout.floor:
                ring[self.numbered(bytes(part))] = n
            elif n != EMPTY:
                for value, kid in enumerate(self.store.cofactors(n, level)):
                    part[level] = value
                    descend(kid, level - 1)

        descend(n, self.store.height)
        return ring

    def steps(self, number: int) -> list[Edge]:
        """The steps from a part, those that stay there aside, in no order that is to be relied on."""
        found = self.edges[number]
        if found is None:
            found = self.edges[number] = []
            part = self.part[number]
            for level, events in self._watched:
                for event, r in events[part[level]]:
                    self._walk(event, r, part, (), found)
            for event, after, demand in found:
                self.back[after].append((event, number, demand))
        return found

    def _walk(self, event: int, r: int, part: bytes, moved: tuple[tuple[int, int], ...], found: list[Edge]) -> None:
        """Follow the relation from its level down, and note where it leads to."""
        while r < 0:
            level = self.relations.level[-r]
            value = part[level]
            moves = self.relations.moves[-r][value]
            if not moves:
                return
            for j, child in moves[1:]:
                self._walk(event, child, part, moved if j == value else (*moved, (level, j)), found)
            j, r = moves[0]
            if j != value:
                moved = (*moved, (level, j))
        if r != EMPTY and moved:
            after = bytearray(part)
            for level, j in moved:
                after[level] = j
            found.append((event, self.numbered(bytes(after)), r))

    def rings(self, start: int, watch: Watch, within: int = FULL) -> Iterator[Ring]:
        """Ring after ring, inside ``within``, until one is empty or the watch says stop."""
        union, both, minus = self.store.union, self.store.intersection, self.store.difference
        ring = self.split(start)
        seen = dict(ring)
        number = 0
        while ring and not watch.cut:
            yield ring
            number += 1
            watch.what = f"ring {number}"
            watch.look(len(self.store) + len(self.part))
            after: Ring = {}
            for part, where in ring.items():
                for _, to, demand in self.steps(part):
                    there = where if demand == FULL else both(where, demand)
                    if there != EMPTY:
                        new = minus(there, seen.get(to, EMPTY))
                        if new != EMPTY and within != FULL:
                            new = both(new, self.below(within, self.part[to]))
                        if new != EMPTY:
                            after[to] = union(new, after.get(to, EMPTY))
            for part, where in after.items():
                seen[part] = union(seen.get(part, EMPTY), where)
            ring = after

    def below(self, n: int, part: bytes) -> int:
        """The environments that a set of states has with a part."""
        return self.store.descended(n, part[1:], self.layout.floor)

    def paths(self, start: int, targets: Sequence[int], watch: Watch, within: int = FULL) -> list[Path | None]:
        """For each target a shortest path into it, inside ``within``, or ``None`` where it was not met."""
        found: list[Path | None] = [None] * len(targets)
        missing = [i for i, target in enumerate(targets) if target != EMPTY]
        wanted, near = EMPTY, {}
        for i in missing:
            wanted = self.store.union(wanted, targets[i])
        former: list[Ring] = []
        for ring in self.rings(start, watch, within):
            met: dict[int, Ring] = {}
            for part, where in ring.items():
                if part not in near:
                    near[part] = self.below(wanted, self.part[part])
                if near[part] != EMPTY and self.store.intersection(near[part], where) != EMPTY:
                    for i in missing:
                        here = self.store.intersection(self.below(targets[i], self.part[part]), where)
                        if here != EMPTY:
                            met.setdefault(i, {})[part] = here
            for i, last in met.items():
                found[i] = self.path(former, last)
            missing = [i for i in missing if found[i] is None]
            former.append(ring)
            if not missing:
                break
        return found

    def path(self, former: Sequence[Ring], last: Ring) -> Path:
        """The path through the rings to the first state of ``last``."""
        values = self.first(last)
        environment = values[: self.layout.floor]
        number = self.number[self.key(values)]
        path = Path([self.layout.decoded(values)], [])
        for ring in reversed(former):
            event, number = self.before(number, environment, ring)
            path.states.append(self.layout.decoded([*environment, *self.part[number][self.layout.floor + 1 :]]))
            path.events.append(self.names[event])
        path.states.reverse()
        path.events.reverse()
        return path

    def key(self, values: Sequence[int]) -> bytes:
        floor = self.layout.floor
        return bytes(floor + 1) + bytes(values[floor:])

    def first(self, ring: Ring) -> list[int]:
        """The first state of a ring, in the order of the network's lists; the lowest level first."""
        return min((self._first_with(number, where) for number, where in ring.items()), key=self.layout.rank)

    def _first_with(self, number: int, where: int) -> list[int]:
        floor = self.layout.floor
        environment = self.layout.first(self.store, where, self.layout.network.unknowns)[:floor]
        return environment + list(self.part[number][floor + 1 :])

    def before(self, number: int, environment: list[int], ring: Ring) -> tuple[int, int]:
        """The first event that leads from the ring to the part in the environment, and the first part it leads from."""
        contains, floor = self.store.contains, self.layout.floor
        sources = [
            (event, self.layout.rank([*environment, *self.part[part][floor + 1 :]]), part)
            for event, part, demand in self.back[number]
            if part in ring and contains(ring[part], environment) and contains(demand, environment)
        ]
        event, _, part = min(sources)
        return event, part
