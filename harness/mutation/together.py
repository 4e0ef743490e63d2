"""Many edits explored at once: which of them is made is one more unknown, and so every answer is per edit.

The product over all environments is explored at once because most of what happens is the same in most of them. It is so
with edits too: the rows that an edit changes hold where the unknown has its value, all others hold everywhere. What is
reached in an edit's environments is what its network reaches by itself, and a judgement on these environments alone is
the judgement on that network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from ccmproof.model.kernel.condition import FALSE, And, Condition, In, all_of, any_of, opened
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.network import Actor, Event, Network, Transition

from ..engines import Exploration, StateSet
from ..engines.symbolic import States, Symbolic
from .sameness import Difference, names_in

EDIT = "which edit"
"""The name of the unknown: none that a model can give, and no text can say."""


def fits(difference: Difference) -> bool:
    """Whether an edit can be explored beside others: it begins as the original does, and the same is owed."""
    return difference.comparable and not difference.beginning and not difference.owed_otherwise()


def together(differences: Sequence[Difference]) -> Network:
    """The network in which an unknown says which of the changed networks it is.

    Args:
        differences: each between the same original and one that fits (:func:`fits`).
    """
    return _Together(differences).network()


@dataclass(frozen=True)
class _Together:
    differences: Sequence[Difference]

    @property
    def old(self) -> Network:
        return self.differences[0].old

    def network(self) -> Network:
        redefined = frozenset().union(*(each.redefined for each in self.differences))
        changed: dict[str, dict[str, set[int]]] = {}
        for i, each in enumerate(self.differences):
            for event, names in each.events.items():
                for name in ("", *names):
                    changed.setdefault(event, {}).setdefault(name, set()).add(i)
        actors = tuple(self._actor(of, changed, redefined) for of in self.old.actors)
        known = {event.name: event for each in reversed(self.differences) for event in each.new.events}
        events = [self._event(event, actors, changed, redefined) for event in {**known, **self.old.event}.values()]
        values = tuple(map(str, range(len(self.differences))))
        bodies = {name: self._body(name) for name in sorted(redefined)}
        predicates = {**self.old.predicates, **bodies}
        return replace(
            self.old,
            actors=(*actors, Actor(EDIT, values, values)),
            events=tuple(event for event in events if event.participants),
            predicates={name: _free(body, redefined) if name not in redefined else body
                        for name, body in predicates.items()},
        )  # fmt: skip

    def _made(self, some: set[int]) -> Condition:
        """One of these edits is made; always, where that is all of them."""
        if len(some) == len(self.differences):
            return all_of()
        return In(EDIT, frozenset(map(str, some)))

    def _actor(self, of: Actor, changed: dict[str, dict[str, set[int]]], redefined: frozenset[str]) -> Actor:
        everyone = set(range(len(self.differences)))
        rows: list[Transition] = []
        events = dict.fromkeys(of.by_event)
        for each in self.differences:
            events |= dict.fromkeys(each.new.actor[of.name].by_event)
        for event in events:
            others = changed.get(event, {}).get(of.name, set())
            rows += self._rows(of.by_event.get(event, ()), everyone - others, of, event, redefined)
            for i in sorted(others):
                own = self.differences[i].new.actor[of.name].by_event.get(event, ())
                rows += self._rows(own, {i}, of, event, redefined)
        return replace(of, transitions=tuple(rows))

    def _rows(
        self, rows: Sequence[Transition], some: set[int], of: Actor, event: str, redefined: frozenset[str]
    ) -> list[Transition]:
        """The rows where one of some edits is made; whoever takes no part then stays."""
        if not some:
            return []
        made = self._made(some)
        if not rows:
            return [Transition(event, frozenset(of.states), None, made)]
        return [replace(row, when=all_of(made, _free(row.when, redefined))) for row in rows]

    def _event(
        self, event: Event, actors: Sequence[Actor], changed: dict[str, dict[str, set[int]]], redefined: frozenset[str]
    ) -> Event:
        others = changed.get(event.name, {}).get("", set())
        rest = set(range(len(self.differences))) - others
        guards: list[tuple[set[int], Condition]] = []
        if rest:
            there = self.old.event.get(event.name)
            guards.append((rest, FALSE if there is None else _free(there.guard, redefined)))
        for i in sorted(others):
            own = self.differences[i].new.event.get(event.name)
            guards.append(({i}, FALSE if own is None else _free(own.guard, redefined)))
        participants = tuple(of.name for of in actors if event.name in of.alphabet)
        return replace(event, participants=participants, guard=self._chosen(guards))

    def _body(self, name: str) -> Condition:
        """What a predicate means: for each edit what it means there."""
        bodies = [each.new.predicates.get(name, FALSE) for each in self.differences]
        return self._chosen([({i}, opened(body)) for i, body in enumerate(bodies)])

    def _chosen(self, guards: Sequence[tuple[set[int], Condition]]) -> Condition:
        """Of several guards the one of the edit that is made; what all of them demand is said once."""
        parts = [list(guard.parts) if isinstance(guard, And) else [guard] for _, guard in guards]
        shared = [part for part in parts[0] if all(part in each for each in parts[1:])]
        left = [
            all_of(self._made(some), *(part for part in own if part not in shared))
            for (some, _), own in zip(guards, parts, strict=True)
        ]
        return all_of(*shared, any_of(*left))


def _free(condition: Condition, redefined: frozenset[str]) -> Condition:
    """The condition without names that mean something else for another edit."""
    return opened(condition) if redefined & names_in(condition) else condition


class Shared:
    """What was explored of many edits: it gives each its own view, and answers a question once for all of them."""

    def __init__(self, explored: Symbolic) -> None:
        self.explored = explored
        self._where: dict[int, tuple[Condition, States]] = {}
        self._environments: dict[int, tuple[StateSet, Environments]] = {}

    def of(self, number: int) -> Exploration:
        """What was explored, as one edit sees it; good for a judgement, and for nothing else."""
        return cast(Exploration, Alone(self, number))

    def where(self, condition: Condition) -> States:
        if id(condition) not in self._where:
            self._where[id(condition)] = condition, self.explored.where(condition)
        return self._where[id(condition)][1]

    def environments_of(self, states: StateSet) -> Environments:
        if id(states) not in self._environments:
            self._environments[id(states)] = states, self.explored.environments_of(states)
        return self._environments[id(states)][1]


class Alone:
    """An exploration as one edit sees it: its environments, and no others; of events, those that it says."""

    def __init__(self, shared: Shared, number: int) -> None:
        self._shared, explored = shared, shared.explored
        self.network, self.complete = explored.network, explored.complete
        everywhere = shared.environments_of(explored.initial)
        mine = everywhere.space.where(In(EDIT, frozenset({str(number)})), explored.network)
        self.environments = everywhere & mine

    def environments_of(self, states: StateSet) -> Environments:
        return self._shared.environments_of(states) & self.environments

    @cached_property
    def _here(self) -> States:
        return self._shared.explored.inside(self.environments)

    def _mine(self, states: States) -> States:
        """Of states of all edits those of this one."""
        return replace(states, base=self._here.node)

    @property
    def fired(self) -> tuple[str, ...]:
        explored = self._shared.explored
        return tuple(name for name in explored.events if self._mine(explored.can_fire(name)).found)

    @cached_property
    def entered(self) -> Mapping[str, tuple[str, ...]]:
        return self._shared.explored.occurring(self._here)

    def where(self, condition: Condition) -> StateSet:
        return self._mine(self._shared.where(condition))
