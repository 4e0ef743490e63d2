"""Whether an edit changes anything that can happen, told from what the original reaches, without exploring again.

Two networks of the same actors have the same reachable labelled product when they begin in the same states and, in
every state that can be reached, each event leads to the same states. That is asked of the reached states of the
original alone: let ``differs(e)`` say that event ``e`` leads elsewhere in the new network than in the old one.

It is no difference either that the new network may begin, beside where the old one does, in states that the old one
reaches: what is reached from there was reached already. Only runs from the beginning are shorter, and no claim counts
their steps.

- *If no reached state of the original satisfies any* ``differs(e)``, the products are the same. By induction on the
  length of a run: both begin in states that both reach; a state that both reach is one that the original reaches, so
  every event leads from it to the same states in both, and these are reached in both.
- *If one does*, they are not the same: that state is reached in the original, and were the products the same it would
  be reached in the new one too, with the same steps, which it has not.

``differs(e)`` is exact too. An event that may happen leads to every combination of what its participants offer, and
each offers something. So where it may happen in both, it leads to the same states just if each participant offers the
same targets; who takes no part offers to stay. Where it may happen in one only, it differs; where in neither, it does
not.

What is left in a field that means nothing then (:mod:`.void`) is no difference: the products are the same but for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from ccmproof.model.kernel.condition import (
    FALSE,
    TRUE,
    And,
    Condition,
    In,
    Named,
    Not,
    Or,
    actors_of,
    all_of,
    any_of,
    opened,
)
from ccmproof.model.kernel.network import Network, Transition

from ..engines import Exploration
from .void import NOTHING, Void

NOBODY: tuple[Transition, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Two networks of the same actors, compared event by event; ``void`` says which fields mean nothing when."""

    old: Network
    new: Network
    void: Void = NOTHING

    @property
    def comparable(self) -> bool:
        """They have the same actors with the same states, and what is assumed of both is the same."""
        shapes = [[(of.name, of.states) for of in each.actors] for each in (self.old, self.new)]
        assumed = [[opened(condition) for condition in each.assume] for each in (self.old, self.new)]
        return shapes[0] == shapes[1] and assumed[0] == assumed[1]

    @cached_property
    def beginning(self) -> list[str]:
        """The actors that begin otherwise."""
        pairs = zip(self.old.actors, self.new.actors, strict=True)
        return [one.name for one, two in pairs if set(one.initial) != set(two.initial)]

    @cached_property
    def begins_alike(self) -> bool:
        """No actor begins otherwise, but for fields that mean nothing then."""
        return all(
            self.void.begins_void(self.old, name) and self.void.begins_void(self.new, name) for name in self.beginning
        )

    @cached_property
    def redefined(self) -> frozenset[str]:
        """The named predicates that mean something else, through others if not by themselves."""
        own = {
            name
            for name in self.old.predicates.keys() | self.new.predicates.keys()
            if self.old.predicates.get(name) != self.new.predicates.get(name)
        }
        users: dict[str, set[str]] = {}
        for each in (self.old, self.new):
            for name, body in each.predicates.items():
                for used in names_in(body):
                    users.setdefault(used, set()).add(name)
        todo = list(own)
        while todo:
            for name in users.get(todo.pop(), set()) - own:
                own.add(name)
                todo.append(name)
        return frozenset(own)

    @cached_property
    def events(self) -> Mapping[str, tuple[str, ...]]:
        """The events that are said otherwise, each with the actors whose rows for it differ."""
        found: dict[str, list[str]] = {}
        for one, two in zip(self.old.actors, self.new.actors, strict=True):
            if one.transitions == two.transitions and not self.redefined:
                continue
            for event in {**one.by_event, **two.by_event}:
                if not self._alike(one.by_event.get(event, NOBODY), two.by_event.get(event, NOBODY)):
                    found.setdefault(event, []).append(one.name)
        for event in {**self.old.event, **self.new.event}:
            there = event in self.old.event and event in self.new.event
            if not there or not self._same(self.old.event[event].guard, self.new.event[event].guard):
                found.setdefault(event, [])
        return {event: tuple(names) for event, names in found.items()}

    def _alike(self, one: tuple[Transition, ...], two: tuple[Transition, ...]) -> bool:
        return len(one) == len(two) and all(
            a.sources == b.sources and a.dest == b.dest and self._same(a.when, b.when)
            for a, b in zip(one, two, strict=True)
        )

    def _same(self, one: Condition, two: Condition) -> bool:
        return one == two and not (self.redefined and self.redefined & names_in(one))

    def differs(self, event: str) -> Condition:
        """Where the event leads to other states; named predicates are opened, each as its own network has it."""
        changed = self.events.get(event, ())
        before, after = self._demands(self.old, event), self._demands(self.new, event)
        shared = [part for part in before if part in after]
        only_before = all_of(*(part for part in before if part not in shared))
        only_after = all_of(*(part for part in after if part not in shared))
        either = _apart(only_before, only_after)
        elsewhere = any_of(
            *(
                all_of(self._offers_otherwise(name, event), self.void.matters((self.old, self.new), name, event))
                for name in changed
            )
        )
        return all_of(*shared, any_of(either, all_of(only_before, only_after, elsewhere)))

    def _demands(self, network: Network, event: str) -> list[Condition]:
        """What must hold for the event to happen, part by part; never, where it is not there."""
        if event not in network.event:
            return [FALSE]
        guard = opened(network.event[event].guard)
        parts = list(guard.parts) if isinstance(guard, And) else [guard]
        for name in network.event[event].participants:
            everywhere = frozenset(network.actor[name].states)
            rows = network.actor[name].by_event[event]
            claims = [opened(t.when) if t.sources == everywhere else all_of(In(name, t.sources), opened(t.when))
                      for t in rows]  # fmt: skip
            parts.append(any_of(*claims))
        return parts

    def _offers_otherwise(self, name: str, event: str) -> Condition:
        """Where the actor, if the event happens, may come to other states."""
        before, after = self._offers(self.old, name, event), self._offers(self.new, name, event)
        return any_of(
            *(
                all_of(In(name, frozenset({way[0]})), _apart(before.get(way, FALSE), after.get(way, FALSE)))
                for way in {**before, **after}
            )
        )

    @staticmethod
    def _offers(network: Network, name: str, event: str) -> dict[tuple[str, str], Condition]:
        """For each way from a state to a state, when the actor offers it."""
        of = network.actor[name]
        if event not in of.by_event:
            return {(state, state): TRUE for state in of.states}
        ways: dict[tuple[str, str], list[Condition]] = {}
        for row in of.by_event[event]:
            for state in row.sources:
                ways.setdefault((state, row.target(state)), []).append(opened(row.when))
        return {way: any_of(*whens) for way, whens in ways.items()}

    def owed_otherwise(self) -> bool:
        """Whether fairness may see an event otherwise: who decides it, and whether it refuses."""
        return any(
            (self.old.event[name].controller, self.old.event[name].refusal)
            != (self.new.event[name].controller, self.new.event[name].refusal)
            for name in self.events
            if name in self.old.event and name in self.new.event
        )

    def fingerprint(self) -> str:
        """The same for two edits that make the same network, however they say it."""
        said: list[object] = [[name, sorted(self.new.actor[name].initial)] for name in self.beginning]
        for event in sorted(self.events):
            there = self.new.event.get(event)
            rows = [
                [name, sorted([sorted(t.sources), t.dest or "", str(opened(t.when))] for t in of.by_event[event])]
                for name in (there.participants if there else ())
                for of in [self.new.actor[name]]
            ]
            said.append([event, str(opened(there.guard)) if there else "", rows])
        return sha256(repr(said).encode()).hexdigest()[:24]


def same_product(explored: Exploration, difference: Difference) -> bool:
    """Whether the new network has the reachable labelled product of the old one, and its events are owed alike.

    Args:
        explored: the old network, whole.
    """
    alike = difference.comparable and not difference.owed_otherwise()
    if not explored.complete or not alike:
        return False
    if not difference.begins_alike and not begins_in_reach(explored, difference):
        return False
    return not any(
        explored.where(condition).found
        for condition in map(difference.differs, difference.events)
        if condition != FALSE
    )


def begins_in_reach(explored: Exploration, difference: Difference) -> bool:
    """Whether the new network begins where the old one does and else only where that comes to.

    It is said of one actor that begins otherwise, and of which nothing is assumed: so each of its states to begin in is
    combined with everything that the others begin in, and counting tells whether each combination is reached.
    """
    old, new = difference.old, difference.new
    if len(difference.beginning) != 1:
        return False
    (name,) = difference.beginning
    before, after = set(old.actor[name].initial), set(new.actor[name].initial)
    if not before < after or any(name in actors_of(opened(condition)) for condition in old.assume):
        return False
    begins = all_of(*(In(of.name, frozenset(of.initial)) for of in new.actors), *old.assume)
    combined = explored.initial.count // len(before) * len(after)
    return explored.where(begins).count == combined


def _apart(one: Condition, two: Condition) -> Condition:
    """Exactly one of the two holds."""
    if one == two:
        return FALSE
    return any_of(all_of(one, ~two), all_of(~one, two))


def names_in(condition: Condition) -> frozenset[str]:
    """The predicates that stand in the condition by name, not those inside them."""
    return frozenset(_names(condition))


def _names(condition: Condition) -> Iterator[str]:
    match condition:
        case Named(name=name):
            yield name
        case Not(part=part):
            yield from _names(part)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _names(part)
