"""Images and preimages of one event, by constants: each state that a participant may go to is put in as it is.

All conditions read the state before. So the participants move one after another, in an order in which none is read by
those that come after it; whatever each of them may go to is united before the next one moves, so that an event which
copies eight fields costs eight unions and not the product of their values. Where participants read each other in a
circle (a swap), one of them is made to wait: its choice is made first, and it moves when the others have moved.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from ccmproof.model.kernel.condition import actors_of
from ccmproof.model.kernel.network import Event

from .bits import Bdd, Bits


class Part(NamedTuple):
    """What one participant does.

    Attributes:
        moves: for each state that it may go to (``None``: where it is), when it may, its own state included.
        reads: the actors that these conditions read.
        waits: whether it is read by one that comes after it, and so has to move after it.
    """

    name: str
    moves: dict[str | None, Bdd]
    reads: frozenset[str]
    waits: bool


class Images:
    """One event over the bits of a network."""

    def __init__(self, bits: Bits, event: Event) -> None:
        self.bits = bits
        self.guard = bits.condition(event.guard)
        self.parts = self._ordered([self._part(name, event.name) for name in event.participants])
        self.cubes = {part.name: bits.cube([part.name]) for part in self.parts}

    def _part(self, name: str, event: str) -> Part:
        moves: dict[str | None, Bdd] = {}
        reads = {name}
        for row in self.bits.network.actor[name].by_event.get(event, ()):
            when = self.bits.among(name, row.sources) & self.bits.condition(row.when)
            moves[row.dest] = moves.get(row.dest, self.bits.false) | when
            reads |= actors_of(row.when)
        return Part(name, moves, frozenset(reads), waits=False)

    @staticmethod
    def _ordered(parts: list[Part]) -> list[Part]:
        """First whoever is read by none of the others that are left; of a circle whoever has the fewest choices."""
        left, found = list(parts), []
        while left:
            free = [p for p in left if not any(p.name in other.reads for other in left if other is not p)]
            part = free[0] if free else min(left, key=lambda p: len(p.moves))
            left.remove(part)
            still = set(part.moves) == {None}
            found.append(part._replace(waits=not free and not still))
        return found

    @cached_property
    def enabled(self) -> Bdd:
        """Where the event may happen."""
        found = self.guard
        for part in self.parts:
            offered = self.bits.false
            for when in part.moves.values():
                offered |= when
            found &= offered
        return found

    def image(self, states: Bdd) -> Bdd:
        """The states in which the event may end."""
        return self._image(states & self.enabled, 0)

    def _image(self, states: Bdd, number: int) -> Bdd:
        if number == len(self.parts) or not states.satisfiable():
            return states
        part = self.parts[number]
        found = self.bits.false
        for dest, when in part.moves.items():
            chosen = states & when
            if part.waits:
                chosen = self._image(chosen, number + 1)
            found |= self._moved(chosen, part.name, dest)
        return found if part.waits else self._image(found, number + 1)

    def _moved(self, states: Bdd, name: str, dest: str | None) -> Bdd:
        """``(∃ changed. S) ∧ new value``"""
        if dest is None or not states.satisfiable():
            return states
        return states.exists(self.cubes[name]) & self.bits.code(name, dest)

    def preimage(self, states: Bdd) -> Bdd:
        """The states, reached or not, from which the event may lead into one of these."""
        return self._preimage(states, 0) & self.guard

    def _preimage(self, states: Bdd, number: int) -> Bdd:
        if number == len(self.parts) or not states.satisfiable():
            return states
        part = self.parts[number]
        after = states if part.waits else self._preimage(states, number + 1)
        found = self.bits.false
        for dest, when in part.moves.items():
            before = self._unmoved(after, part.name, dest)
            if part.waits:
                before = self._preimage(before, number + 1)
            found |= before & when
        return found

    def _unmoved(self, states: Bdd, name: str, dest: str | None) -> Bdd:
        """``∃ changed. (S ∧ new value)``"""
        if dest is None:
            return states
        return (states & self.bits.code(name, dest)).exists(self.cubes[name])
