"""What of a network can matter at all: an exact static reduction, before any exploration.

An interpretation of the network in which each actor is looked at by itself: the set of local states that it can be in,
from its initial ones by rows that can fire while every other actor is in any of *its* local states. It says too much,
never too little, so what it leaves out is never reached: states that are not entered, rows that never fire, events that
one participant never offers. An actor with one local state left is a constant.

Scenarios switch things off by pinning initial states, so this takes away most of what a scenario does not use.
Nothing is renamed and no actor is dropped: every answer stays one about the network as it was given.

Reference: Cousot and Cousot, "Abstract interpretation" (POPL 1977), with the Cartesian domain of sets of local states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ccmproof.model.kernel.condition import And, Condition, In, Named, Not, Or
from ccmproof.model.kernel.network import Event, Network, Transition


@dataclass(frozen=True)
class Reduced:
    """A network and what of it can matter.

    Attributes:
        states: for each actor the local states that it may enter, in the actor's order.
        rows: for each event that may fire and each of its participants, the rows that may be taken.
    """

    network: Network
    states: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, Mapping[str, tuple[Transition, ...]]]


def reduce(network: Network) -> Reduced:
    """The least local states and rows that are closed under what may fire."""
    return _Reduction(network).run()


class Reads:
    """Which actors a condition reads; named predicates are opened once."""

    def __init__(self) -> None:
        self._named: dict[str, frozenset[str]] = {}

    def __call__(self, condition: Condition) -> frozenset[str]:
        match condition:
            case In(actor=actor):
                return frozenset({actor})
            case Not(part=part):
                return self(part)
            case And(parts=parts) | Or(parts=parts):
                return frozenset().union(*map(self, parts))
            case Named(name=name, body=body):
                if name not in self._named:
                    self._named[name] = self(body)
                return self._named[name]
        raise TypeError(f"not a condition: {condition!r}")


class _Reduction:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.local: dict[str, set[str]] = {a.name: set(a.initial) for a in network.actors}
        self.reads = Reads()
        self.leaves: dict[In, frozenset[str]] = {}
        self.woken_by: dict[str, list[str]] = {a.name: [] for a in network.actors}
        for event in network.events:
            for name in self.looks_at(event):
                self.woken_by[name].append(event.name)

    def looks_at(self, event: Event) -> list[str]:
        found = set(self.reads(event.guard)) | set(event.participants)
        for name in event.participants:
            for row in self.network.actor[name].by_event.get(event.name, ()):
                found |= self.reads(row.when)
        return sorted(found)

    def run(self) -> Reduced:
        awake = dict.fromkeys(event.name for event in self.network.events)
        while awake:
            name = next(iter(awake))
            del awake[name]
            for changed in self.fire(self.network.event[name]):
                awake.update(dict.fromkeys(self.woken_by[changed]))
        rows = {e.name: moves for e in self.network.events if (moves := self.moves(e)) is not None}
        states = {a.name: tuple(s for s in a.states if s in self.local[a.name]) for a in self.network.actors}
        return Reduced(self.network, states, {name: {a: tuple(r for r, _ in of) for a, of in moves.items()}
                                              for name, moves in rows.items()})  # fmt: skip

    def fire(self, event: Event) -> list[str]:
        """Let the event happen; the actors that may be in a new state after it."""
        changed = []
        for name, rows in (self.moves(event) or {}).items():
            after = {row.target(source) for row, sources in rows for source in sources}
            if not after <= self.local[name]:
                self.local[name] |= after
                changed.append(name)
        return changed

    def moves(self, event: Event) -> dict[str, list[tuple[Transition, list[str]]]] | None:
        """For each participant the rows that may be taken now, with their sources; ``None`` where one has none."""
        if not self.may_be(event.guard, True):
            return None
        found = {}
        for name in event.participants:
            rows = []
            for row in self.network.actor[name].by_event.get(event.name, ()):
                sources = self.sources(name, row)
                if sources:
                    rows.append((row, sources))
            if not rows:
                return None
            found[name] = rows
        return found

    def sources(self, name: str, row: Transition) -> list[str]:
        """The local states from which the row may be taken."""
        here = sorted(self.local[name] & row.sources)
        if name not in self.reads(row.when):
            return here if here and self.may_be(row.when, True) else []
        everywhere = self.local[name]
        try:
            found = []
            for source in here:
                self.local[name] = {source}
                if self.may_be(row.when, True):
                    found.append(source)
            return found
        finally:
            self.local[name] = everywhere

    def may_be(self, condition: Condition, truth: bool) -> bool:
        """May the condition have that truth, when each actor is in any of its local states?"""
        match condition:
            case In(actor=actor):
                states = self.leaves.get(condition)
                if states is None:
                    states = self.leaves[condition] = self.network.resolve(condition)
                return not self.local[actor].isdisjoint(states) if truth else not self.local[actor] <= states
            case Not(part=part):
                return self.may_be(part, not truth)
            case Named(body=body):
                return self.may_be(body, truth)
            case And(parts=parts):
                quantifier = all if truth else any
            case Or(parts=parts):
                quantifier = any if truth else all
            case _:
                raise TypeError(f"not a condition: {condition!r}")
        return quantifier(self.may_be(part, truth) for part in parts)
