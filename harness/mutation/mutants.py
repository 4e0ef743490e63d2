"""Every single edit of a model, systematically, as data.

For each row of each actor that moves and is no machine that watches: its guard, where it comes from, where it leads,
what it writes; for each event whom it takes with it; for each actor that moves one more state to begin in; for each
parameter its next value; for each named predicate and each event's own guard what it demands.

An edit's text is its name, in a report, in a journal and in the file of accepted survivors. What the second of two
mirrored clients has is no text of its own, so it is not edited by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccmproof.model.kernel.actor import STAY, ActorDef, Effect, Guard, Otherwise, Row
from ccmproof.model.kernel.condition import TRUE, Condition, all_of
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.edit import (
    DropConjunct,
    DropEffect,
    DropParticipant,
    DropRow,
    Edit,
    RowEdit,
    SetDest,
    SetEventGuard,
    SetGuard,
    SetInitial,
    SetParameter,
    SetPredicate,
    SetSource,
    apply,
)
from ccmproof.model.kernel.edit_rows import conjuncts, shared_fields
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.select import states_of
from ccmproof.model.scenario import Scenario

from ..system import System

KINDS: Mapping[str, str] = {
    "demand-dropped": "a part of a guard is demanded no more",
    "demand-negated": "a part of a guard is demanded to be otherwise",
    "guard-true": "a guard lets everything through",
    "let-through": "an `otherwise` leads where the row leads that it complements",
    "row-removed": "a row is not there",
    "redirected": "a row leads elsewhere",
    "source-moved": "a row leaves from another state",
    "left-out": "an event happens without one who receives it",
    "not-copied": "a field is not copied",
    "not-written": "a value is not written",
    "begins-elsewhere": "an actor may begin in one more state",
    "parameter-moved": "a parameter has the next value",
}
"""The kinds of edits, in words, in the order in which they are told."""


@dataclass(frozen=True)
class Mutant:
    """One single edit.

    Attributes:
        part: the actor, predicate or event that it touches.
        cites: the statements that the row rests on, or the predicate, or the actor.
        row: the row that it is about, where it is about one.
        assumes: the guard that it takes apart, where it says the whole guard anew.
    """

    kind: str
    edit: Edit
    part: str
    cites: str
    row: Row | None = None
    assumes: Guard | None = None

    @property
    def name(self) -> str:
        """Its text."""
        return str(self.edit)

    @property
    def about(self) -> tuple[str, ...]:
        """What it names: the part, and the event where it is about one."""
        return (self.part, self.edit.event) if isinstance(self.edit, RowEdit | DropParticipant) else (self.part,)

    def on(self, model: Model, pins: Iterable[str] = ()) -> Model | None:
        """The changed model; ``None`` where the model has not what is edited, or pins it.

        Args:
            pins: what a scenario has pinned: of that no default and no beginning counts.
        """
        if isinstance(self.edit, SetParameter | SetInitial) and self.part in pins:
            return None
        if not self._is_about(model):
            return None
        try:
            return apply(model, self.edit)
        except ModelError:
            return None

    def _is_about(self, model: Model) -> bool:
        """Whether the model has the row, or the guard, that the edit was made for."""
        if isinstance(self.edit, RowEdit):
            assert self.row is not None
            of = next((each for each in model.actors if each.name == self.part), None)
            rows = [] if of is None else _addressed(of, self.edit)
            return len(rows) == 1 and _like(rows[0], self.row) and self.assumes in (None, rows[0].when)
        if isinstance(self.edit, SetPredicate):
            texts = [each.text for each in model.predicates if each.name == self.part]
            return bool(texts) and self.assumes in (None, texts[0])
        if isinstance(self.edit, SetEventGuard):
            guards = {each.name: each.guard for each in model.events}
            known = self.part in guards or self.part in model.taken
            return known and self.assumes in (None, guards.get(self.part, ""))
        if isinstance(self.edit, SetInitial):  # which in another model may take away where it begins
            begins = next((set(of.initial) for of in model.actors if of.name == self.part), None)
            return begins is None or begins < set(self.edit.states)
        return True


def _addressed(of: ActorDef, edit: RowEdit) -> list[Row]:
    """The rows that an edit of this actor is about."""
    rows = [row for row in of.rows if row.event == edit.event]
    if edit.source:
        rows = [row for row in rows if edit.source in states_of(of, row)]
    return rows if edit.index is None else rows[edit.index : edit.index + 1]


def _like(one: Row, two: Row) -> bool:
    return (one.event, one.source, one.dest, one.sends) == (two.event, two.source, two.dest, two.sends)


def mutants_of(system: System, scenarios: Sequence[Scenario]) -> dict[str, tuple[Mutant, Scenario]]:
    """All edits of the models of these scenarios by their texts, each once, with the first scenario that has it.

    Of a clock, whose states say how fine time is, only the one in the first scenario that has it is edited.
    """
    found: dict[str, tuple[Mutant, Scenario]] = {}
    seen: dict[str, list[ActorDef]] = {}
    for scenario in scenarios:
        model = system.build(scenario)
        skipped = {of.name for of in model.actors if _known(of, seen.get(of.name, [])) or _is_image(of.name, scenario)}
        for mutant in mutants(model):
            if mutant.part not in skipped and not any(_is_image(name, scenario) for name in mutant.about):
                found.setdefault(mutant.name, (mutant, scenario))
        for of in model.actors:
            seen.setdefault(of.name, []).append(of)
    return found


def _known(of: ActorDef, seen: Sequence[ActorDef]) -> bool:
    return bool(seen) and (of.clock or any(each.rows == of.rows for each in seen))


def _is_image(name: str, scenario: Scenario) -> bool:
    """Whether it is the second one's, whom a mirror makes."""
    mirror = scenario.mirror
    return mirror is not None and name.startswith((f"{mirror.prefix}.", f"{mirror.prefix}_"))


def mutants(model: Model) -> Iterator[Mutant]:
    """Every single edit of the model, in the model's order; several may have the same text."""
    for of in model.actors:
        if of.observer:
            continue
        yield from _of_actor(of, model)
    for each in model.predicates:
        for kind, guard in _weaker(each.text, model):
            edit = SetPredicate(each.name, guard or "true")
            yield Mutant(kind, edit, each.name, each.cites, assumes=None if guard in ("", "true") else each.text)
    for note in model.events:
        for kind, guard in _weaker(note.guard, model):
            cites = note.cites or _sent(note.name, model)
            yield Mutant(kind, SetEventGuard(note.name, guard), note.name, cites, assumes=note.guard if guard else None)


def _joined(cites: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(name for each in cites for name in each.split()))


def _sent(event: str, model: Model) -> str:
    """What the rows that send the event rest on; one that receives it may rest on them."""
    return _joined(row.cites for of in model.actors for row in of.rows if row.event == event and row.sends)


def _of_actor(of: ActorDef, model: Model) -> Iterator[Mutant]:
    for row in of.rows:
        yield from _of_row(of, row, model)
    for event in dict.fromkeys(row.event for row in of.rows if not row.sends):
        cites = _joined(row.cites for row in of.rows if row.event == event) or _sent(event, model)
        yield Mutant("left-out", DropParticipant(of.name, event), of.name, cites)
    if of.parameter:
        if of.default:
            yield Mutant("parameter-moved", SetParameter(of.name, _next(of, of.default)), of.name, of.cites)
    elif of.rows or len(of.initial) == 1:  # not an unknown, which may be anything already
        more = _next(of, of.initial[-1])
        if more not in of.initial:
            states = tuple(state for state in of.states if state == more or state in of.initial)
            yield Mutant("begins-elsewhere", SetInitial(of.name, states), of.name, of.cites)


def _next(of: ActorDef, state: str) -> str:
    return of.states[(of.states.index(state) + 1) % len(of.states)]


def _of_row(of: ActorDef, row: Row, model: Model) -> Iterator[Mutant]:
    where = _address(of, row)

    def made(kind: str, edit: Edit, assumes: Guard | None = None) -> Mutant:
        return Mutant(kind, edit, of.name, row.cites or _sent(row.event, model) or of.cites, row, assumes)

    if not isinstance(row.when, Otherwise):
        for part in dict.fromkeys(map(str, _parts(row.when, model))):
            yield made("demand-dropped", DropConjunct(of.name, row.event, part, **where))
        for guard in _negated(row.when, model):
            yield made("demand-negated", SetGuard(of.name, row.event, guard, **where), row.when)
        if len(_parts(row.when, model)) > 1:
            yield made("guard-true", SetGuard(of.name, row.event, "", **where))
    else:
        for rival in _rivals(of, row):
            if rival.dest != row.dest:
                yield made("let-through", SetDest(of.name, row.event, rival.dest, **where))
    yield made("row-removed", DropRow(of.name, row.event, **where))
    for dest in _elsewhere(of, row):
        yield made("redirected", SetDest(of.name, row.event, dest, **where))
    source = _next(of, states_of(of, row)[-1])
    if source not in states_of(of, row):
        yield made("source-moved", SetSource(of.name, row.event, (source,), **where))
    for effect in row.effect:
        yield from (made(kind, edit) for kind, edit in _unwritten(of, row, effect, model, where))


def _address(of: ActorDef, row: Row) -> dict[str, Any]:
    """What tells the row from the others of its event: nothing, its source, or its place."""
    rows = [each for each in of.rows if each.event == row.event]
    if len(rows) == 1:
        return {}
    here = states_of(of, row)
    if len(here) == 1 and sum(here[0] in states_of(of, each) for each in rows) == 1:
        return {"source": here[0]}
    return {"index": next(i for i, each in enumerate(rows) if each is row)}


def _parts(guard: Guard, model: Model) -> Sequence[Condition]:
    return [part for part in conjuncts(guard, model) if part != TRUE]


def _negated(guard: Guard, model: Model) -> Iterator[str]:
    """The guard with each of its parts negated in turn."""
    parts = list(_parts(guard, model))
    for i, part in enumerate(parts):
        yield str(all_of(*parts[:i], ~part, *parts[i + 1 :]))


def _weaker(guard: Guard, model: Model) -> Iterator[tuple[str, str]]:
    """A guard that is said by itself, edited in every way: the kind, and what it becomes."""
    if isinstance(guard, Otherwise) or guard == "":
        return
    parts = list(_parts(guard, model))
    if len(parts) > 1:
        for i in range(len(parts)):
            yield "demand-dropped", str(all_of(*parts[:i], *parts[i + 1 :]))
    for negated in _negated(guard, model):
        yield "demand-negated", negated
    if parts:
        yield "guard-true", ""


def _rivals(of: ActorDef, row: Row) -> list[Row]:
    """The rows that ``otherwise`` speaks of, those of one destination once."""
    here = set(states_of(of, row))
    rivals = [
        other
        for other in of.rows
        if not isinstance(other.when, Otherwise)
        and other.sends == row.sends
        and (row.sends or other.event == row.event)
        and here & set(states_of(of, other))
    ]
    return list({each.dest: each for each in rivals}.values())


def _elsewhere(of: ActorDef, row: Row) -> list[str]:
    """Where else a row may lead: nowhere, to where its actor begins, to the next state."""
    sources = states_of(of, row)
    stays = sources[0] if len(sources) == 1 else STAY
    here = row.dest if row.dest != STAY else sources[-1]
    wanted = dict.fromkeys([stays, of.initial[0], _next(of, here)])
    now = {row.dest} | ({sources[0], STAY} if row.dest in (STAY, sources[0]) and len(sources) == 1 else set())
    return [dest for dest in wanted if dest not in now]


def _unwritten(
    of: ActorDef, row: Row, effect: Effect, model: Model, where: Mapping[str, Any]
) -> Iterator[tuple[str, Edit]]:
    """One target that is not written any more; of a record, one field of it."""
    if effect.target not in model.records:
        yield "not-written", DropEffect(of.name, row.event, effect.target, **where)
        return
    for name in effect.only or shared_fields(model, effect):
        kind = "not-copied" if effect.source is not None else "not-written"
        yield kind, DropEffect(of.name, row.event, effect.target, name, **where)
