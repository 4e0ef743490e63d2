"""A model as it is written: actors, named predicates, assumptions; put together from parts, one file each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from .actor import ActorDef, Guard
from .errors import ModelError, nearest
from .fairness import Fairnesses


@dataclass(frozen=True)
class Predicate:
    """A named condition, with the statements that it rests on."""

    name: str
    text: Guard
    cites: str = ""
    doc: str = ""


@dataclass(frozen=True)
class EventDef:
    """What is said of an event beside its rows: a guard that belongs to no participant, words for it."""

    name: str
    guard: Guard = ""
    cites: str = ""
    doc: str = ""


@dataclass(frozen=True)
class Assumption:
    """Combinations of unknowns that cannot be are excluded by it; ``doc`` says why."""

    text: Guard
    doc: str
    cites: str = ""


Item: TypeAlias = "ActorDef | Predicate | EventDef | Assumption | Sequence[Item]"


@dataclass(frozen=True)
class Model:
    """Everything that is written about a system.

    ``tick`` is the event that time is, where the model has one; urgent events hold it back. ``fairness`` says what is
    fair in it; ``None``: every event is owed.
    """

    name: str
    actors: tuple[ActorDef, ...]
    predicates: tuple[Predicate, ...] = ()
    events: tuple[EventDef, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    tick: str = "tick"
    fairness: Fairnesses | None = None

    @classmethod
    def of(cls, name: str, *parts: Item, tick: str = "tick", fairness: Fairnesses | None = None) -> Model:
        """Put a model together from parts, in their order."""
        flat = list(_flatten(parts))
        return cls(
            name,
            tuple(item for item in flat if isinstance(item, ActorDef)),
            tuple(item for item in flat if isinstance(item, Predicate)),
            tuple(item for item in flat if isinstance(item, EventDef)),
            tuple(item for item in flat if isinstance(item, Assumption)),
            tick,
            fairness,
        )

    def actor(self, name: str) -> ActorDef:
        """The actor of that name.

        Raises:
            ModelError: there is none; the nearest name is given.
        """
        for each in self.actors:
            if each.name == name:
                return each
        raise ModelError(f"there is no actor {name!r}{nearest(name, (each.name for each in self.actors))}")

    @property
    def taken(self) -> dict[str, None]:
        """The events that some row of an actor takes, each once, in the order of the model."""
        return dict.fromkeys(row.event for of in self.actors for row in of.rows)

    @property
    def records(self) -> dict[str, None]:
        """The names of the records, each once, in the order of the model."""
        return dict.fromkeys(of.record for of in self.actors if of.record)

    def fields(self, record: str) -> tuple[ActorDef, ...]:
        """The fields of a record.

        Raises:
            ModelError: there is no such record; the nearest name is given.
        """
        found = tuple(of for of in self.actors if of.record and of.record == record)
        if not found:
            raise ModelError(f"there is no record {record!r}{nearest(record, self.records)}")
        return found

    def with_actor(self, changed: ActorDef) -> Model:
        """The model with the actor of the same name replaced."""
        self.actor(changed.name)
        return replace(self, actors=tuple(changed if a.name == changed.name else a for a in self.actors))

    def extended(self, *parts: Item) -> Model:
        """The model with further parts, observers for instance."""
        more = Model.of(self.name, *parts)
        return replace(
            self,
            actors=self.actors + more.actors,
            predicates=self.predicates + more.predicates,
            events=self.events + more.events,
            assumptions=self.assumptions + more.assumptions,
        )

    def pinned(self, pins: Mapping[str, str | Iterable[str]]) -> Model:
        """The model with the initial states of some actors narrowed: ``{"join": "entra", "crl": ["fresh", "stale"]}``.

        Raises:
            ModelError: an actor or a state is not there.
        """
        changed = self
        for name, values in pins.items():
            of = changed.actor(name)
            wanted = (values,) if isinstance(values, str) else tuple(values)
            for value in wanted:
                if value not in of.states:
                    raise ModelError(f"{name} has no state {value!r}{nearest(value, of.states)}")
            changed = changed.with_actor(replace(of, initial=tuple(s for s in of.states if s in wanted)))
        return changed

    def citations(self) -> Iterator[tuple[str, str]]:
        """Everything that may cite: where (``actor/event`` for a row), and what it cites, separated by blanks."""
        for actor in self.actors:
            yield actor.name, actor.cites
            yield from ((f"{actor.name}/{row.event}", row.cites) for row in actor.rows)
        yield from ((each.name, each.cites) for each in self.predicates)
        yield from ((each.name, each.cites) for each in self.events)
        yield from ((f"assumption: {each.text}", each.cites) for each in self.assumptions)

    def configured(self, settings: Mapping[str, str | Iterable[str]]) -> Model:
        """The model with some unknowns and parameters narrowed or, from what a scenario pins, opened again.

        Raises:
            ModelError: a setting names what is not there, or an actor that moves.
        """
        for name in settings:
            if self.actor(name).rows:
                raise ModelError(f"{name} moves; only unknowns and parameters can be set")
        return self.pinned(settings)


def _flatten(items: Iterable[Item]) -> Iterable[ActorDef | Predicate | EventDef | Assumption]:
    for item in items:
        if isinstance(item, ActorDef | Predicate | EventDef | Assumption):
            yield item
        else:
            yield from _flatten(item)
