"""Edits of a model as data: what a design change, a mutation or a planted defect does to the text of a model.

An edit is applied to a :class:`.Model` and gives a new one, which is expanded again; so ``otherwise`` means what it
says in the changed model, and an edit is judged by the same lints as any text. Each prints itself in one line.
Those of an actor's rows stand in :mod:`.edit_rows`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .actor import ANY, ActorDef, Effect, Guard, Otherwise, Row
from .definition import EventDef, Model, Predicate
from .edit_rows import (
    DropConjunct,
    DropEffect,
    DropRow,
    Edit,
    NegateGuard,
    RowEdit,
    SetDest,
    SetEffect,
    SetGuard,
    SetSource,
    conjuncts,
    in_words,
    shared_fields,
)
from .errors import ModelError, nearest

__all__ = [
    "AddActor",
    "AddField",
    "AddParticipant",
    "AddRow",
    "DropActor",
    "DropConjunct",
    "DropEffect",
    "DropParticipant",
    "DropRow",
    "Edit",
    "NegateGuard",
    "RowEdit",
    "SetDest",
    "SetEffect",
    "SetEventGuard",
    "SetGuard",
    "SetInitial",
    "SetParameter",
    "SetPredicate",
    "SetSource",
    "apply",
    "conjuncts",
]


def apply(model: Model, *edits: Edit) -> Model:
    """The model after the edits, one after the other.

    Raises:
        ModelError: an edit matches nothing, or would change nothing; it says which edit, and the nearest name.
    """
    for edit in edits:
        try:
            changed = edit.on(model)
        except ModelError as error:
            raise ModelError(f"{edit}: {error}") from error
        if changed == model:
            raise ModelError(f"{edit}: that is how it is already")
        model = changed
    return model


@dataclass(frozen=True)
class AddRow(Edit):
    """The actor takes an event in one more way."""

    actor: str
    row: Row

    def __str__(self) -> str:
        how = "sends" if self.row.sends else "receives"
        when = f" when {in_words(self.row.when)}" if isinstance(self.row.when, Otherwise) or self.row.when != "" else ""
        source = ", ".join(self.row.source) if self.row.source != (ANY,) else "anywhere"
        return f"add {self.actor}: {how} {self.row.event} from {source} to {self.row.dest}{when}"

    def on(self, model: Model) -> Model:
        of = model.actor(self.actor)
        return model.with_actor(replace(of, rows=(*of.rows, self.row)))


@dataclass(frozen=True)
class DropParticipant(Edit):
    """An actor takes no part in the event any more: no row of it, no effect on it; the others go on without it."""

    actor: str
    event: str

    def __str__(self) -> str:
        return f"{self.actor} takes no part in {self.event} any more"

    def on(self, model: Model) -> Model:
        of = model.actor(self.actor)
        changed = model.with_actor(
            replace(
                of,
                rows=tuple(row for row in of.rows if row.event != self.event),
                ignores=tuple(name for name in of.ignores if name != self.event),
                holds_up=tuple(name for name in of.holds_up if name != self.event),
            )
        )
        changed = replace(changed, actors=tuple(self._unwritten(each, changed, of) for each in changed.actors))
        if changed == model:
            known = [row.event for row in of.rows]
            raise ModelError(f"{self.actor} takes no part in {self.event!r}{nearest(self.event, known)}")
        return changed

    def _unwritten(self, other: ActorDef, model: Model, of: ActorDef) -> ActorDef:
        """The other actor without effects of the event on this one."""
        rows = []
        for row in other.rows:
            if row.event == self.event:
                row = replace(row, effect=tuple(e for each in row.effect for e in self._left(each, model, of)))
            rows.append(row)
        return replace(other, rows=tuple(rows))

    def _left(self, effect: Effect, model: Model, of: ActorDef) -> Iterator[Effect]:
        short = of.name.removeprefix(f"{of.record}.")
        if effect.target == of.record and of.record:
            fields = effect.only or shared_fields(model, effect)
            left = tuple(name for name in fields if name != short)
            if left == fields:
                yield effect
            elif left:
                yield replace(effect, only=left)
        elif effect.target != of.name:
            yield effect


@dataclass(frozen=True)
class AddParticipant(Edit):
    """An actor takes part in an event: the event happens in it too, by these rows, or not at all."""

    actor: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        events = dict.fromkeys(row.event for row in self.rows)
        return f"{self.actor} takes part in {', '.join(events)}"

    def on(self, model: Model) -> Model:
        of = model.actor(self.actor)
        known = dict.fromkeys(row.event for each in model.actors for row in each.rows)
        for row in self.rows:
            if row.event not in known:
                raise ModelError(f"there is no event {row.event!r}{nearest(row.event, known)}")
        return model.with_actor(replace(of, rows=of.rows + self.rows))


@dataclass(frozen=True)
class SetInitial(Edit):
    """An actor begins in one of these states."""

    actor: str
    states: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.actor} begins in {' or '.join(self.states)}"

    def on(self, model: Model) -> Model:
        return model.pinned({self.actor: self.states})


@dataclass(frozen=True)
class SetParameter(Edit):
    """A parameter has another value."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"parameter {self.name} is {self.value}"

    def on(self, model: Model) -> Model:
        if not model.actor(self.name).parameter:
            known = [of.name for of in model.actors if of.parameter]
            raise ModelError(f"{self.name} is no parameter{nearest(self.name, known)}")
        return model.pinned({self.name: self.value})


@dataclass(frozen=True)
class SetPredicate(Edit):
    """A named predicate means something else, wherever it is used."""

    name: str
    text: Guard

    def __str__(self) -> str:
        return f"predicate {self.name} becomes {in_words(self.text)}"

    def on(self, model: Model) -> Model:
        known = [each.name for each in model.predicates]
        if self.name not in known:
            raise ModelError(f"there is no predicate {self.name!r}{nearest(self.name, known)}")

        def changed(each: Predicate) -> Predicate:
            return replace(each, text=self.text) if each.name == self.name else each

        return replace(model, predicates=tuple(map(changed, model.predicates)))


@dataclass(frozen=True)
class SetEventGuard(Edit):
    """An event has another guard of its own."""

    event: str
    guard: Guard

    def __str__(self) -> str:
        return f"event {self.event}: guard becomes {in_words(self.guard)}"

    def on(self, model: Model) -> Model:
        known = dict.fromkeys(row.event for of in model.actors for row in of.rows)
        if self.event not in known:
            raise ModelError(f"there is no event {self.event!r}{nearest(self.event, known)}")
        if all(note.name != self.event for note in model.events):
            return replace(model, events=(*model.events, EventDef(self.event, self.guard)))

        def changed(note: EventDef) -> EventDef:
            return replace(note, guard=self.guard) if note.name == self.event else note

        return replace(model, events=tuple(map(changed, model.events)))


@dataclass(frozen=True)
class DropActor(Edit):
    """An actor is not there. What still reads it does not expand, and says so."""

    name: str

    def __str__(self) -> str:
        return f"drop the actor {self.name}"

    def on(self, model: Model) -> Model:
        model.actor(self.name)
        return replace(model, actors=tuple(of for of in model.actors if of.name != self.name))


@dataclass(frozen=True)
class AddActor(Edit):
    """One more actor."""

    actor: ActorDef

    def __str__(self) -> str:
        return f"add the actor {self.actor.name}"

    def on(self, model: Model) -> Model:
        if any(of.name == self.actor.name for of in model.actors):
            raise ModelError(f"there is an actor {self.actor.name!r} already")
        return model.extended(self.actor)


@dataclass(frozen=True)
class AddField(Edit):
    """A record has more fields: whatever takes or clears it whole does so with them too."""

    fields: tuple[ActorDef, ...]

    def __str__(self) -> str:
        return f"add to the record {self.fields[0].record}: {', '.join(of.name for of in self.fields)}"

    def on(self, model: Model) -> Model:
        record = self.fields[0].record
        known = dict.fromkeys(of.record for of in model.actors if of.record)
        if record not in known:
            raise ModelError(f"there is no record {record!r}{nearest(record, known)}")
        for field in self.fields:
            if any(of.name == field.name for of in model.actors):
                raise ModelError(f"there is a field {field.name!r} already")
        end = max(i for i, of in enumerate(model.actors) if of.record == record) + 1
        return replace(model, actors=(*model.actors[:end], *self.fields, *model.actors[end:]))
