"""Edits of an actor's rows: its guard, where it leads, what it writes.

Rows are selected by actor and event (names, or patterns with ``*``), and further by ``source`` (a state that a row
leaves from; the row is then split, and keeps its other sources as they are), by ``index`` (among the selected rows,
from 0), and by what they do (``which``). Without these an edit is about all rows of the actor for the event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, cast

from .actor import ActorDef, Effect, Guard, Otherwise, Row
from .condition import TRUE, And, Condition, all_of
from .definition import Model
from .errors import ModelError, nearest
from .select import Which, matching, selected, states_of
from .text import parse


class Edit:
    """One change of a model."""

    def on(self, model: Model) -> Model:
        """The changed model. :func:`apply` is how edits are applied; it says which edit an error is about."""
        raise NotImplementedError


@dataclass(frozen=True)
class RowEdit(Edit):
    """An edit of actors' rows for events; see the module for ``source``, ``index`` and ``which``."""

    actor: str
    event: str
    source: str = field(default="", kw_only=True)
    index: int | None = field(default=None, kw_only=True)
    which: Which = field(default=Which(), kw_only=True)

    @property
    def place(self) -> str:
        source = f" from {self.source}" if self.source else ""
        which = f" ({self.which})" if str(self.which) else ""
        row = f" (row {self.index})" if self.index is not None else ""
        return f"{self.actor}/{self.event}{source}{which}{row}"

    def changed(self, row: Row, model: Model) -> Row | None:
        """What becomes of a selected row; ``None``: it goes."""
        raise NotImplementedError

    def check(self, rows: Sequence[Row]) -> None:
        """Raise a :class:`.ModelError` where the edit is about nothing that the selected rows have."""

    def on(self, model: Model) -> Model:
        found = selected(model, self.actor, self.event, self.source, self.index, self.which)
        self.check([model.actor(name).rows[place] for name, places in found.items() for place in places])
        for name, places in found.items():
            model = model.with_actor(self._edited(model.actor(name), places, model))
        return model

    def _edited(self, of: ActorDef, places: Sequence[int], model: Model) -> ActorDef:
        """The actor with the rows at these places changed."""
        rows: list[Row] = []
        for place, row in enumerate(of.rows):
            if place not in places:
                rows.append(row)
                continue
            part, rest = _split(of, row, self.source)
            after = self.changed(part, model)
            rows += [each for each in (after, rest) if each is not None]
        return replace(of, rows=tuple(rows))


@dataclass(frozen=True)
class DropRow(RowEdit):
    """The actor takes the event no more from there."""

    def __str__(self) -> str:
        return f"drop {self.place}"

    def changed(self, row: Row, model: Model) -> Row | None:
        return None


@dataclass(frozen=True)
class SetGuard(RowEdit):
    """The rows apply under another guard."""

    guard: Guard

    def __str__(self) -> str:
        return f"{self.place}: guard becomes {in_words(self.guard)}"

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, when=self.guard)


@dataclass(frozen=True)
class AddConjunct(RowEdit):
    """The rows demand one thing more. A row that is ``otherwise`` cannot: say its guard instead."""

    part: str

    def __str__(self) -> str:
        return f"{self.place}: guard demands {self.part} too"

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, when=like(row.when, all_of(tree_of(row.when, model), tree_of(self.part, model))))


@dataclass(frozen=True)
class NegateGuard(RowEdit):
    """The rows apply exactly where they did not."""

    def __str__(self) -> str:
        return f"{self.place}: guard is negated"

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, when=like(row.when, ~tree_of(row.when, model)))


@dataclass(frozen=True)
class DropConjunct(RowEdit):
    """The rows no more demand one part of their guard: by its place among the parts, from 0, or as it is written."""

    part: int | str

    def __str__(self) -> str:
        what = f"part {self.part}" if isinstance(self.part, int) else repr(self.part)
        return f"{self.place}: guard no more demands {what}"

    def changed(self, row: Row, model: Model) -> Row | None:
        parts = conjuncts(row.when, model)
        shown = [str(part) for part in parts]
        wanted = self.part
        if isinstance(wanted, str):
            wanted = str(parse(wanted, placeholders(model)))
            if wanted not in shown:
                raise ModelError(f"the guard has no part {wanted!r}{nearest(wanted, shown)}")
            wanted = shown.index(wanted)
        if not 0 <= wanted < len(parts):
            raise ModelError(f"the guard has {len(parts)} parts, and no part {wanted}")
        return replace(row, when=like(row.when, all_of(*parts[:wanted], *parts[wanted + 1 :])))


@dataclass(frozen=True)
class SetSource(RowEdit):
    """The rows leave from other states."""

    states: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.place}: leaves from {', '.join(self.states)}"

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, source=self.states)


@dataclass(frozen=True)
class SetDest(RowEdit):
    """The rows lead elsewhere."""

    state: str

    def __str__(self) -> str:
        return f"{self.place}: leads to {self.state}"

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, dest=self.state)


@dataclass(frozen=True)
class DropEffect(RowEdit):
    """The rows no more set, copy or clear a target: a field, a record, or one field of what a record takes."""

    target: str
    only: str = ""

    def __str__(self) -> str:
        return f"{self.place}: no more writes {self.target}{f'.{self.only}' if self.only else ''}"

    def check(self, rows: Sequence[Row]) -> None:
        targets = [effect.target for row in rows for effect in row.effect]
        if self.target not in targets:
            raise ModelError(f"{self.actor}/{self.event} does not write {self.target!r}{nearest(self.target, targets)}")

    def changed(self, row: Row, model: Model) -> Row | None:
        on = [effect for effect in row.effect if effect.target == self.target]
        fields = dict.fromkeys(name for effect in on for name in effect.only or shared_fields(model, effect))
        if on and self.only and self.only not in fields:
            raise ModelError(f"it does not write {self.target}.{self.only}{nearest(self.only, fields)}")
        effects = [each for effect in row.effect for each in self._left(effect, model)]
        return replace(row, effect=tuple(effects))

    def _left(self, effect: Effect, model: Model) -> Iterator[Effect]:
        if effect.target != self.target:
            yield effect
        elif self.only:
            fields = effect.only or shared_fields(model, effect)
            left = tuple(name for name in fields if name != self.only)
            if left == fields:
                yield effect
            elif left:
                yield replace(effect, only=left)


@dataclass(frozen=True)
class DropCopy(RowEdit):
    """The rows no more copy from a record, or from any that a pattern means."""

    record: str

    def __str__(self) -> str:
        return f"{self.place}: no more copies {self.record}"

    def check(self, rows: Sequence[Row]) -> None:
        sources = dict.fromkeys(effect.source for row in rows for effect in row.effect if effect.source is not None)
        matching(self.record, sources, "record", f" that {self.actor}/{self.event} copies")

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, effect=tuple(e for e in row.effect if not fnmatchcase(e.source or "", self.record)))


@dataclass(frozen=True)
class AddEffects(RowEdit):
    """The rows write more, after what they write already."""

    effects: tuple[Effect, ...]

    def __str__(self) -> str:
        return f"{self.place}: writes too: {', '.join(map(str, self.effects))}"

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, effect=row.effect + self.effects)


@dataclass(frozen=True)
class SetEvent(RowEdit):
    """The rows are about another event, an instance of their own for example."""

    name: str

    def __str__(self) -> str:
        return f"{self.place}: is about {self.name}"

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, event=self.name)


@dataclass(frozen=True)
class SetMarks(RowEdit):
    """The rows are marked otherwise: who decides, that a choice is meant, that time waits; what a refusal shows."""

    sends: bool | None = field(default=None, kw_only=True)
    choice: bool | None = field(default=None, kw_only=True)
    urgent: bool | None = field(default=None, kw_only=True)
    status: str | None = field(default=None, kw_only=True)

    def __str__(self) -> str:
        return f"{self.place}: {', '.join(f'{name} = {value}' for name, value in self._marks.items())}"

    @property
    def _marks(self) -> dict[str, bool | str]:
        marks = {"sends": self.sends, "choice": self.choice, "urgent": self.urgent, "status": self.status}
        return {name: value for name, value in marks.items() if value is not None}

    def changed(self, row: Row, model: Model) -> Row | None:
        return replace(row, **cast(Any, self._marks))


@dataclass(frozen=True)
class SetEffect(RowEdit):
    """The rows write a target otherwise: the first effect on it is replaced by these, or they are added."""

    target: str
    effects: tuple[Effect, ...]

    def __str__(self) -> str:
        return f"{self.place}: {self.target} is written by {', '.join(map(str, self.effects))}"

    def changed(self, row: Row, model: Model) -> Row | None:
        at = next((i for i, effect in enumerate(row.effect) if effect.target == self.target), len(row.effect))
        return replace(row, effect=row.effect[:at] + self.effects + row.effect[at + 1 :])


def conjuncts(guard: Guard, model: Model) -> Sequence[Condition]:
    """The parts of a guard that :class:`DropConjunct` counts; none for a guard that is always true.

    Raises:
        ModelError: the guard is ``otherwise``, or its text does not parse.
    """
    tree = tree_of(guard, model)
    return tree.parts if isinstance(tree, And) else (tree,)


def _split(of: ActorDef, row: Row, source: str) -> tuple[Row, Row | None]:
    """The row from ``source`` alone and from its other sources; the whole row where no source is said."""
    if not source:
        return row, None
    others = tuple(state for state in states_of(of, row) if state != source)
    return replace(row, source=(source,)), replace(row, source=others) if others else None


def placeholders(model: Model) -> Mapping[str, Condition]:
    """The predicates' names, enough to take a text apart and to write it again."""
    return {each.name: TRUE for each in model.predicates}


def tree_of(guard: Guard, model: Model) -> Condition:
    """A guard as a condition whose predicates are names, enough to take it apart and to write it again.

    Raises:
        ModelError: the guard is ``otherwise``, or its text does not parse.
    """
    if isinstance(guard, Otherwise):
        raise ModelError("the guard is otherwise, and has no parts")
    if isinstance(guard, Condition):
        return guard
    return parse(guard, placeholders(model)) if guard else TRUE


def like(before: Guard, after: Condition) -> Guard:
    """The changed guard in the form that it had: text stays text, and finds its predicates anew."""
    if not isinstance(before, str):
        return after
    return "" if after == TRUE else str(after)


def in_words(guard: Guard) -> str:
    """A guard as an edit prints it."""
    return str(guard) if not isinstance(guard, str) or guard else "true"


def shared_fields(model: Model, effect: Effect) -> tuple[str, ...]:
    """The short names of the fields that an effect on a record is about, where it does not list them."""

    def fields(record: str) -> list[str]:
        return [of.name.removeprefix(f"{record}.") for of in model.actors if of.record == record]

    there = fields(effect.target)
    if effect.source is None:
        return tuple(there)
    return tuple(name for name in there if name in fields(effect.source))
