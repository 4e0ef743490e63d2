"""Edits of a model's actors as wholes: one more or one less, its states, its fields, what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from .actor import ActorDef, data
from .definition import Model
from .edit_rows import Edit
from .errors import ModelError, nearest
from .shapes import clone


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
class DropActor(Edit):
    """An actor is not there. What still reads it does not expand, and says so."""

    name: str

    def __str__(self) -> str:
        return f"drop the actor {self.name}"

    def on(self, model: Model) -> Model:
        model.actor(self.name)
        return replace(model, actors=tuple(of for of in model.actors if of.name != self.name))


@dataclass(frozen=True)
class CloneActor(Edit):
    """One more of an actor that is there, with its own instances of some events; others it shares with the first."""

    of: str
    name: str
    events: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"add the actor {self.name}, another {self.of}"

    def on(self, model: Model) -> Model:
        source = model.actor(self.of)
        known = dict.fromkeys(row.event for row in source.rows)
        for event in self.events:
            if event not in known:
                raise ModelError(f"{self.of} takes no part in {event!r}{nearest(event, known)}")
        return AddActor(clone(source, self.name, self.events)).on(model)


@dataclass(frozen=True)
class CloneRecord(Edit):
    """One more record like one that is there, with all its fields: a cache for another account, say.

    Nothing writes it yet; what time does to the fields of the first it does to the new ones too.
    """

    of: str
    name: str

    def __str__(self) -> str:
        return f"add the record {self.name}, another {self.of}"

    def on(self, model: Model) -> Model:
        for each in model.fields(self.of):
            name = f"{self.name}.{each.name.removeprefix(f'{self.of}.')}"
            model = AddActor(replace(each, name=name, record=self.name)).on(model)
        return model


@dataclass(frozen=True)
class AddStates(Edit):
    """An actor may be in more states; rows that are about any state are about these too."""

    actor: str
    states: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.actor} may be {' or '.join(self.states)} too"

    def on(self, model: Model) -> Model:
        of = model.actor(self.actor)
        for state in self.states:
            if state in of.states:
                raise ModelError(f"{self.actor} has a state {state!r} already")
        return model.with_actor(replace(of, states=of.states + self.states))


@dataclass(frozen=True)
class SetTraits(Edit):
    """What is said of an actor beside its rows: its host, who else sees it, what it ignores, holds up, waits in.

    What is given replaces what was said; :attr:`more` is added to it.
    """

    actor: str
    host: str | None = field(default=None, kw_only=True)
    seen_by: tuple[str, ...] | None = field(default=None, kw_only=True)
    ignores: tuple[str, ...] | None = field(default=None, kw_only=True)
    holds_up: tuple[str, ...] | None = field(default=None, kw_only=True)
    waits: tuple[str, ...] | None = field(default=None, kw_only=True)
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict, kw_only=True)

    def __str__(self) -> str:
        said = [f"{name} {', '.join(each)}" for name, each in self.more.items()]
        said += [f"{name} = {value if isinstance(value, str) else ', '.join(value)}" for name, value in self._said()]
        return f"{self.actor}: {'; '.join(said)}"

    def _said(self) -> list[tuple[str, str | tuple[str, ...]]]:
        names = ("host", "seen_by", "ignores", "holds_up", "waits")
        return [(name, getattr(self, name)) for name in names if getattr(self, name) is not None]

    def on(self, model: Model) -> Model:
        of = model.actor(self.actor)
        hosts = dict.fromkeys(each.host for each in model.actors if each.host)
        for name in (*(self.seen_by or ()), *self.more.get("seen_by", ())):
            if name not in hosts:
                raise ModelError(f"there is no host {name!r}{nearest(name, hosts)}; there are {', '.join(hosts)}")
        traits: dict[str, Any] = dict(self._said())
        for name, values in self.more.items():
            traits[name] = tuple(dict.fromkeys((*traits.get(name, getattr(of, name)), *values)))
        return model.with_actor(replace(of, **cast(Any, traits)))


@dataclass(frozen=True)
class AddField(Edit):
    """A record has more fields: whatever takes or clears it whole does so with them too."""

    fields: tuple[ActorDef, ...]

    def __str__(self) -> str:
        return f"add to the record {self.fields[0].record}: {', '.join(of.name for of in self.fields)}"

    def on(self, model: Model) -> Model:
        record = self.fields[0].record
        model.fields(record)
        for added in self.fields:
            if any(of.name == added.name for of in model.actors):
                raise ModelError(f"there is a field {added.name!r} already")
        end = max(i for i, of in enumerate(model.actors) if of.record == record) + 1
        return replace(model, actors=(*model.actors[:end], *self.fields, *model.actors[end:]))


@dataclass(frozen=True)
class DropField(Edit):
    """A record has a field less. What still names it does not expand, and says so."""

    record: str
    name: str

    def __str__(self) -> str:
        return f"drop from the record {self.record}: {self.name}"

    def on(self, model: Model) -> Model:
        fields = [of.name.removeprefix(f"{self.record}.") for of in model.fields(self.record)]
        if self.name not in fields:
            raise ModelError(f"{self.record} has no field {self.name!r}{nearest(self.name, fields)}")
        return replace(model, actors=tuple(of for of in model.actors if of.name != f"{self.record}.{self.name}"))


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


def field_of(model: Model, record: str, name: str, values: tuple[str, ...]) -> ActorDef:
    """A new field for a record that is there, on the record's host: with these values, or like another field.

    Raises:
        ModelError: there is no such record.
    """
    others = model.fields(record)
    full = f"{record}.{name}"
    like = next((of for of in model.actors if len(values) == 1 and of.name == values[0]), None)
    made = data(full, values, host=others[0].host) if like is None else replace(like, name=full, host=others[0].host)
    return replace(made, record=record, seen_by=others[0].seen_by)
