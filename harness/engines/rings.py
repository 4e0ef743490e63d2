"""Breadth first: the rings of states that are 0, 1, 2, … steps from a start, and shortest paths through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ccmproof.model.kernel.diagram import EMPTY, FULL, Store

from . import Path
from .budget import Watch
from .layout import Layout
from .relation import Relations


class Rings:
    """Steps of all events at once.

    ``after(n)`` goes down the set once for all events: at each level those that belong to it are fired, and the others
    are left to the children. What an event leads to from a node is remembered from ring to ring.
    """

    def __init__(self, store: Store, relations: Relations, events: Mapping[str, int], layout: Layout) -> None:
        self.store, self.relations, self.layout = store, relations, layout
        self.events = events
        self.moves = relations.by_level(events.values())
        self.active = sorted(self.moves)
        self._after: dict[tuple[int, int], int] = {}

    @cached_property
    def inverses(self) -> dict[str, int]:
        """The relation that leads back, of each event."""
        return {name: self.relations.inverse(r) for name, r in self.events.items()}

    def after(self, n: int) -> int:
        """The states that some event leads to from those of ``n`` (steps that change nothing aside)."""
        return self._down(n, len(self.active))

    def _down(self, n: int, count: int) -> int:
        """The same for the events of the first ``count`` active levels only."""
        if n == EMPTY or count == 0:
            return EMPTY
        store = self.store
        found = self._after.get((n, count))
        if found is None:
            own = store.level[n]
            level = self.active[count - 1]
            if own > level:
                found = store.node(own, [kid and self._down(kid, count) for kid in store.kids[n]])
            else:
                kids = store.cofactors(n, level)
                after = [self._down(kid, count - 1) for kid in kids]
                for kid, moves in zip(kids, self.moves[level], strict=True):
                    if kid:
                        for j, r in moves:
                            after[j] = store.union(after[j], self.relations.image(kid, r))
                found = store.node(level, after)
            self._after[n, count] = found
        return found

    def rings(self, start: int, watch: Watch, within: int = FULL) -> Iterator[int]:
        """Ring after ring, inside ``within``, until one is empty or the watch says stop."""
        ring = seen = start
        number = 0
        while ring != EMPTY and not watch.cut:
            yield ring
            number += 1
            watch.what = f"ring {number}"
            watch.look(len(self.store))
            ring = self.store.difference(self.store.intersection(self.after(ring), within), seen)
            seen = self.store.union(seen, ring)

    def paths(self, start: int, targets: Sequence[int], watch: Watch, within: int = FULL) -> list[Path | None]:
        """For each target a shortest path into it, inside ``within``, or ``None`` where it was not met."""
        found: list[Path | None] = [None] * len(targets)
        missing = [i for i, target in enumerate(targets) if target != EMPTY]
        former: list[int] = []
        for ring in self.rings(start, watch, within):
            wanted = EMPTY
            for i in missing:
                wanted = self.store.union(wanted, targets[i])
            met = self.store.intersection(ring, wanted)
            if met != EMPTY:
                for i in missing:
                    last = self.store.intersection(met, targets[i])
                    if last != EMPTY:
                        found[i] = self.path(former, last)
                missing = [i for i in missing if found[i] is None]
            former.append(ring)
            if not missing:
                break
        return found

    def path(self, former: Sequence[int], last: int) -> Path:
        """The path through the rings to the first state of ``last``."""
        state = self.layout.first(self.store, last)
        path = Path([self.layout.decoded(state)], [])
        for ring in reversed(former):
            name, state = self.before(state, ring)
            path.states.append(self.layout.decoded(state))
            path.events.append(name)
        path.states.reverse()
        path.events.reverse()
        return path

    def before(self, state: Sequence[int], ring: int) -> tuple[str, list[int]]:
        """The first event that leads from the ring to the state, and the first state from which it does."""
        here = self.store.single(state)
        for name, inverse in self.inverses.items():
            sources = self.store.intersection(self.relations.image(here, inverse), ring)
            if sources != EMPTY:
                return name, self.layout.first(self.store, sources)
        raise AssertionError("a state of a ring has no predecessor in the one before")
