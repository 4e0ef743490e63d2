"""Edits of a model as data: what a design change, a mutation or a planted defect does to the text of a model.

An edit is applied to a :class:`.Model` and gives a new one, which is expanded again; so ``otherwise`` means what it
says in the changed model, and an edit is judged by the same lints as any text. Each prints itself in one line.
Those of an actor's rows stand in :mod:`.edit_rows`, those of whole actors in :mod:`.edit_actors`, those of predicates
and of conditions wherever they stand in :mod:`.edit_conditions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .actor import ANY, ActorDef, Effect, Guard, Otherwise, Row
from .definition import EventDef, Model
from .edit_actors import (
    AddActor,
    AddField,
    AddStates,
    CloneActor,
    DropActor,
    DropField,
    SetInitial,
    SetParameter,
    SetTraits,
)
from .edit_conditions import (
    AddAssumption,
    AddPredicate,
    DropAssumption,
    DropPredicate,
    ExtendPredicate,
    ReplaceCondition,
    SetPredicate,
)
from .edit_rows import (
    AddConjunct,
    AddEffects,
    DropConjunct,
    DropCopy,
    DropEffect,
    DropRow,
    Edit,
    NegateGuard,
    RowEdit,
    SetDest,
    SetEffect,
    SetEvent,
    SetGuard,
    SetMarks,
    SetSource,
    conjuncts,
    in_words,
    shared_fields,
)
from .errors import ModelError, nearest
from .select import Which, matching

__all__ = [
    "AddActor",
    "AddAssumption",
    "AddConjunct",
    "AddEffects",
    "AddField",
    "AddParticipant",
    "AddPredicate",
    "AddRow",
    "AddStates",
    "CloneActor",
    "DropActor",
    "DropAssumption",
    "DropConjunct",
    "DropCopy",
    "DropEffect",
    "DropEvent",
    "DropField",
    "DropParticipant",
    "DropPredicate",
    "DropRow",
    "Edit",
    "ExtendPredicate",
    "NegateGuard",
    "ReplaceCondition",
    "RowEdit",
    "SetDest",
    "SetEffect",
    "SetEvent",
    "SetEventGuard",
    "SetGuard",
    "SetInitial",
    "SetMarks",
    "SetParameter",
    "SetPredicate",
    "SetSource",
    "SetTraits",
    "Which",
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
        known = model.taken
        for row in self.rows:
            if row.event not in known:
                raise ModelError(f"there is no event {row.event!r}{nearest(row.event, known)}")
        return model.with_actor(replace(of, rows=of.rows + self.rows))


@dataclass(frozen=True)
class DropEvent(Edit):
    """An event is not there any more, for anybody. Whoever was moved by it stays where he is."""

    event: str

    def __str__(self) -> str:
        return f"drop the event {self.event}"

    def on(self, model: Model) -> Model:
        meant = matching(self.event, model.taken, "event")
        for of in model.actors:
            model = model.with_actor(
                replace(
                    of,
                    rows=tuple(row for row in of.rows if row.event not in meant),
                    ignores=tuple(name for name in of.ignores if name not in meant),
                    holds_up=tuple(name for name in of.holds_up if name not in meant),
                )
            )
        return replace(model, events=tuple(each for each in model.events if each.name not in meant))


@dataclass(frozen=True)
class SetEventGuard(Edit):
    """An event has another guard of its own."""

    event: str
    guard: Guard

    def __str__(self) -> str:
        return f"event {self.event}: guard becomes {in_words(self.guard)}"

    def on(self, model: Model) -> Model:
        known = model.taken
        if self.event not in known:
            raise ModelError(f"there is no event {self.event!r}{nearest(self.event, known)}")
        if all(note.name != self.event for note in model.events):
            return replace(model, events=(*model.events, EventDef(self.event, self.guard)))

        def changed(note: EventDef) -> EventDef:
            return replace(note, guard=self.guard) if note.name == self.event else note

        return replace(model, events=tuple(map(changed, model.events)))
