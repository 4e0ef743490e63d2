"""What an entry of a change file may say: a verb, a noun, and keys, as one table.

The reader, the JSON schema, the page of documentation and the file to start from are made from this table, so that they
cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ccmproof.model.kernel import edit
from ccmproof.model.kernel.actor import STAY, ActorDef, Guard, Row, actor, otherwise, parameter, unknown
from ccmproof.model.kernel.definition import Assumption, Model, Predicate
from ccmproof.model.kernel.edit import Edit, Which
from ccmproof.model.kernel.edit_actors import CloneRecord, field_of
from ccmproof.model.kernel.errors import ModelError

Given = Mapping[str, Any]
"""An entry's keys, each with its value as its kind reads it."""


class Kind(Enum):
    """What the value of a key is."""

    TEXT = "a text"
    NAME = "a name"
    NAMES = "names: a list, or one text with blanks between them"
    CONDITION = "a condition"
    EFFECTS = "effects: a text, or a list of texts"
    FLAG = "true or false"
    NUMBER = "a whole number"
    TABLE = "a table of names and texts"
    ROWS = "a list of transitions"


@dataclass(frozen=True)
class Key:
    """One key: what it means in a line, what its value is, whether it must be there.

    ``of``: of a list of transitions, what each may say where that is less than :data:`ROW`.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    of: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Form:
    """One kind of entry, ``[[verb.noun]]``: what it does, its keys, and the edits that it stands for.

    ``edits`` is given the model that it is applied to: what an entry means may depend on what is there.
    """

    verb: str
    noun: str
    doc: str
    keys: tuple[Key, ...]
    edits: Callable[[Given, Model], Sequence[Edit]]

    @property
    def name(self) -> str:
        return f"{self.verb}.{self.noun}"

    def key(self, name: str) -> Key | None:
        return next((each for each in self.keys if each.name == name), None)


def _must(name: str, kind: Kind, doc: str) -> Key:
    return Key(name, kind, doc, required=True)


MARKS = (
    Key("sends", Kind.FLAG, "whether the actor decides the event; by default where nobody else does"),
    Key("choice", Kind.FLAG, "that it may overlap with another transition is meant: either may happen"),
    Key("urgent", Kind.FLAG, "time waits while it may happen"),
    Key("status", Kind.TEXT, "what a refusal shows: a code of the product"),
)
ROW = (
    _must("event", Kind.NAME, "the event"),
    Key("from", Kind.NAMES, "the states that it leaves from; by default any"),
    Key("to", Kind.NAME, "the state that it leads to; by default where it is"),
    Key("when", Kind.CONDITION, "its guard, or `otherwise`: where no other transition applies"),
    Key(
        "effects", Kind.EFFECTS, "what it writes: `set F to V`, `copy R to R`, `clear R`, each with `when …` if need be"
    ),
    *MARKS,
    Key("oracle", Kind.FLAG, "the guard may read every host"),
    Key("cites", Kind.TEXT, "the statements that it rests on"),
)
SELECTOR = (
    Key("actor", Kind.NAME, "the actor, or a pattern with *; by default any"),
    Key("event", Kind.NAME, "the event, or a pattern with *; by default any"),
    Key("from", Kind.NAME, "only from this state"),
    Key("row", Kind.NUMBER, "only one of those that are meant, counted from 0"),
    Key("host", Kind.NAME, "only of actors on this host"),
    Key("sent", Kind.FLAG, "only those that decide the event (true), or that receive it (false)"),
    Key("reads", Kind.NAME, "only where the guard depends on this actor, field, record or predicate"),
    Key("writes", Kind.NAME, "only where this field, or a field of this record, is written"),
    Key("copies", Kind.NAME, "only where this record is copied"),
    Key("bears", Kind.NAME, "only where a token of this kind is put on something: ccm, entra_device, entra_user"),
)
SEEN = Key("seen_by", Kind.NAMES, "the other hosts that may read it")
CITES = Key("cites", Kind.TEXT, "the statements that it rests on")
DOC = Key("doc", Kind.TEXT, "what it is, in a line")


def guard(text: str | None) -> Guard:
    """A guard as a file writes it."""
    return otherwise if text == "otherwise" else text or ""


def row(given: Given, model: Model) -> Row:
    """A transition. Who decides it is, unless said, whoever is the first to have the event."""
    event = given["event"]
    decided = any(each.sends for of in model.actors for each in of.rows if each.event == event)
    return Row(
        event,
        given.get("from", ("*",)),
        given.get("to", STAY),
        guard(given.get("when")),
        given.get("effects", ()),
        given.get("cites", ""),
        given.get("sends", not decided),
        given.get("choice", False),
        given.get("oracle", False),
        given.get("status", ""),
        given.get("urgent", False),
    )


def _selector(given: Given) -> tuple[tuple[str, str], dict[str, Any]]:
    which = Which(
        given.get("host", ""),
        given.get("sent"),
        given.get("reads", ""),
        given.get("writes", ""),
        given.get("copies", ""),
        given.get("bears", ""),
    )
    names = given.get("actor", "*"), given.get("event", "*")
    return names, {"source": given.get("from", ""), "index": given.get("row"), "which": which}


def _add_actor(given: Given, model: Model) -> list[Edit]:
    return [edit.AddActor(actor_of(given, model))]


def actor_of(given: Given, model: Model) -> ActorDef:
    """A whole actor."""
    return actor(
        given["name"],
        host=given["host"],
        states=given["states"],
        initial=given.get("initial", ()),
        rows=[row(each, model) for each in given.get("rows", ())],
        groups=given.get("groups"),
        seen_by=given.get("seen_by", ()),
        ignores=given.get("ignores", ()),
        holds_up=given.get("holds_up", ()),
        waits=given.get("waits", ()),
        oracle=given.get("oracle", False),
        cites=given.get("cites", ""),
        doc=given.get("doc", ""),
    )


def _add_unknown(given: Given, model: Model) -> list[Edit]:
    of = unknown(
        given["name"],
        given["values"],
        host=given["host"],
        seen_by=given.get("seen_by", ()),
        cites=given.get("cites", ""),
        doc=given.get("doc", ""),
    )
    return [edit.AddActor(of)]


def _add_parameter(given: Given, model: Model) -> list[Edit]:
    of = parameter(
        given["name"],
        given["values"],
        default=given.get("default", ""),
        cites=given.get("cites", ""),
        doc=given.get("doc", ""),
    )
    return [edit.AddActor(of)]


def _add_field(given: Given, model: Model) -> list[Edit]:
    return [edit.AddField((field_of(model, given["record"], given["name"], given["values"]),))]


def _clone(given: Given, model: Model) -> list[Edit]:
    if any(of.record == given["of"] for of in model.actors):
        return [CloneRecord(given["of"], given["name"])]
    return [edit.CloneActor(given["of"], given["name"], given.get("events", {}))]


def _alter_transition(given: Given, model: Model) -> list[Edit]:
    """What is changed is changed one after the other; where it comes from last, since it selects."""
    names, how = _selector(given)
    made: list[Edit] = []
    if "when" in given:
        made.append(edit.SetGuard(*names, guard(given["when"]), **how))
    if "demands_no_more" in given:
        made.append(edit.DropConjunct(*names, given["demands_no_more"], **how))
    if "demands_too" in given:
        made.append(edit.AddConjunct(*names, given["demands_too"], **how))
    if "writes_no_more" in given:
        made += [edit.DropEffect(*names, *_target(name, model), **how) for name in given["writes_no_more"]]
    if "copies_no_more" in given:
        made += [edit.DropCopy(*names, name, **how) for name in given["copies_no_more"]]
    if "effects" in given:
        made.append(edit.AddEffects(*names, given["effects"], **how))
    if "to" in given:
        made.append(edit.SetDest(*names, given["to"], **how))
    marks = {key.name: given[key.name] for key in MARKS if key.name in given}
    if marks:
        made.append(edit.SetMarks(*names, **{**marks, **how}))
    if "becomes" in given:
        made.append(edit.SetEvent(*names, given["becomes"], **how))
    if "leaves" in given:
        made.append(edit.SetSource(*names, given["leaves"], **how))
    return _something(made)


def _something(made: list[Edit]) -> list[Edit]:
    """The edits, of which there must be some."""
    if not made:
        raise ModelError("it says nothing of what is to be otherwise")
    return made


def _alter_predicate(given: Given, model: Model) -> list[Edit]:
    name = given["name"]
    made: list[Edit] = [edit.SetPredicate(name, given["is"])] if "is" in given else []
    if "demands_too" in given:
        made.append(edit.ExtendPredicate(name, given["demands_too"], widened=False))
    if "or_else" in given:
        made.append(edit.ExtendPredicate(name, given["or_else"], widened=True))
    return _something(made)


def _target(name: str, model: Model) -> tuple[str, str]:
    """What is no more written: a field, or a record, or one field of what is copied to a record."""
    record, _, field = name.rpartition(".")
    written = {effect.target for of in model.actors for each in of.rows for effect in each.effect}
    return (record, field) if name not in written and record in written else (name, "")


def _alter_actor(given: Given, model: Model) -> list[Edit]:
    name = given["name"]
    made: list[Edit] = []
    if "initial" in given:
        made.append(edit.SetInitial(name, given["initial"]))
    traits = {key: given[key] for key in ("host", "seen_by", "ignores", "holds_up", "waits") if key in given}
    more = {key: given[f"{key}_too"] for key in ("seen_by", "ignores", "holds_up", "waits") if f"{key}_too" in given}
    if traits or more:
        made.append(edit.SetTraits(name, **traits, more=more))
    return _something(made)


FORMS: tuple[Form, ...] = (
    Form("add", "transition", "An actor takes an event in one more way; so an actor joins an event it had no part in",
         (_must("actor", Kind.NAME, "the actor"), *ROW),
         lambda given, model: [edit.AddRow(given["actor"], row(given, model))]),
    Form("add", "state", "An actor may be in more states",
         (_must("actor", Kind.NAME, "the actor"), _must("states", Kind.NAMES, "the new states")),
         lambda given, model: [edit.AddStates(given["actor"], given["states"])]),
    Form("add", "actor", "One more actor",
         (_must("name", Kind.NAME, "its name"), _must("host", Kind.NAME, "where it lives"),
          _must("states", Kind.NAMES, "its states"), Key("initial", Kind.NAMES, "where it begins; else the first"),
          Key("rows", Kind.ROWS, "its transitions"), Key("groups", Kind.TABLE, "names for several of its states"), SEEN,
          Key("ignores", Kind.NAMES, "events that leave it where it is in the states that no transition covers"),
          Key("holds_up", Kind.NAMES, "events that wait until it can receive them"),
          Key("waits", Kind.NAMES, "states in which it may be unable to go on"),
          Key("oracle", Kind.FLAG, "it may read every host: a part of the environment"), CITES, DOC), _add_actor),
    Form("add", "unknown", "One more property of the environment, which never moves",
         (_must("name", Kind.NAME, "its name"), _must("values", Kind.NAMES, "its values"),
          _must("host", Kind.NAME, "where it lies"), SEEN, CITES, DOC), _add_unknown),
    Form("add", "parameter", "One more reading: pinned to its default, or open like an unknown where it has none",
         (_must("name", Kind.NAME, "its name"), _must("values", Kind.NAMES, "its values"),
          Key("default", Kind.NAME, "the value that it has unless set"), CITES, DOC), _add_parameter),
    Form("add", "field", "A record has one more field: whatever copies or clears the record whole does so with it too",
         (_must("record", Kind.NAME, "the record"), _must("name", Kind.NAME, "the field"),
          _must("values", Kind.NAMES, "its values, the first where nothing is said; or another field, to be like it")),
         _add_field),
    Form("add", "clone", "One more of an actor or a record that is there: another connection point, a cache for another"
         " account",
         (_must("of", Kind.NAME, "the actor or the record"), _must("name", Kind.NAME, "the name of the new one"),
          Key("events", Kind.TABLE, "the events of which an actor has an instance of its own, each with its name")),
         _clone),
    Form("add", "predicate", "A name for a condition",
         (_must("name", Kind.NAME, "its name"), _must("is", Kind.CONDITION, "what it means"), CITES, DOC),
         lambda given, model: [edit.AddPredicate(Predicate(given["name"], given["is"], given.get("cites", ""),
                                                           given.get("doc", "")))]),
    Form("add", "assumption", "Combinations of unknowns that cannot be are excluded",
         (_must("condition", Kind.CONDITION, "what always holds of them"), _must("doc", Kind.TEXT, "why"), CITES),
         lambda given, model: [edit.AddAssumption(Assumption(given["condition"], given["doc"],
                                                             given.get("cites", "")))]),
    Form("alter", "transition", "Transitions, one or all that are meant, are otherwise",
         (*SELECTOR,
          Key("when", Kind.CONDITION, "the guard that they have instead, or `otherwise`"),
          Key("demands_too", Kind.CONDITION, "what the guard demands beside what it did"),
          Key("demands_no_more", Kind.CONDITION, "the part of the guard that goes"),
          Key("to", Kind.NAME, "where they lead instead"),
          Key("leaves", Kind.NAMES, "the states that they leave from instead"),
          Key("becomes", Kind.NAME, "the event that they are about instead"),
          Key("effects", Kind.EFFECTS, "what they write too"),
          Key("writes_no_more", Kind.NAMES, "fields, or records, that they write no more"),
          Key("copies_no_more", Kind.NAMES, "records from which they copy no more"),
          *MARKS), _alter_transition),
    Form("alter", "predicate", "A named condition, or each that a pattern means, means something else",
         (_must("name", Kind.NAME, "its name, or a pattern with *"), Key("is", Kind.CONDITION, "what it means instead"),
          Key("demands_too", Kind.CONDITION, "what it demands beside what it did"),
          Key("or_else", Kind.CONDITION, "what is enough beside what was")), _alter_predicate),
    Form("alter", "condition", "A condition reads otherwise wherever it stands: in guards, predicates and effects",
         (_must("old", Kind.CONDITION, "what is replaced"), _must("new", Kind.CONDITION, "what stands there instead"),
          Key("within", Kind.NAMES, "only in these actors and predicates: names, or patterns with *")),
         lambda given, model: [edit.ReplaceCondition(given["old"], given["new"], given.get("within", ()))]),
    Form("alter", "event", "An event has another guard of its own",
         (_must("name", Kind.NAME, "the event"), _must("when", Kind.CONDITION, "its guard")),
         lambda given, model: [edit.SetEventGuard(given["name"], given["when"])]),
    Form("alter", "actor", "What is said of an actor beside its transitions is otherwise: who may read it, for example",
         (_must("name", Kind.NAME, "the actor"), Key("initial", Kind.NAMES, "where it begins"),
          Key("host", Kind.NAME, "where it lives"), SEEN,
          Key("seen_by_too", Kind.NAMES, "further hosts that may read it"),
          Key("ignores", Kind.NAMES, "the events that it ignores"), Key("ignores_too", Kind.NAMES, "further ones"),
          Key("holds_up", Kind.NAMES, "the events that it holds up"), Key("holds_up_too", Kind.NAMES, "further ones"),
          Key("waits", Kind.NAMES, "the states in which it may wait"), Key("waits_too", Kind.NAMES, "further ones")),
         _alter_actor),
    Form("remove", "transition", "Transitions, one or all that are meant, are not there", SELECTOR,
         lambda given, model: [edit.DropRow(*_selector(given)[0], **_selector(given)[1])]),
    Form("remove", "event", "An event never happens any more, to anybody",
         (_must("name", Kind.NAME, "the event, or a pattern with *"),),
         lambda given, model: [edit.DropEvent(given["name"])]),
    Form("remove", "participant", "An actor takes no part in an event any more; the others go on without it",
         (_must("actor", Kind.NAME, "the actor"), _must("event", Kind.NAME, "the event")),
         lambda given, model: [edit.DropParticipant(given["actor"], given["event"])]),
    Form("remove", "actor", "An actor is not there", (_must("name", Kind.NAME, "the actor"),),
         lambda given, model: [edit.DropActor(given["name"])]),
    Form("remove", "field", "A record has one field less",
         (_must("record", Kind.NAME, "the record"), _must("name", Kind.NAME, "the field")),
         lambda given, model: [edit.DropField(given["record"], given["name"])]),
    Form("remove", "predicate", "A name for a condition is not there", (_must("name", Kind.NAME, "its name"),),
         lambda given, model: [edit.DropPredicate(given["name"])]),
    Form("remove", "assumption", "Combinations of unknowns that were excluded can be",
         (_must("condition", Kind.CONDITION, "the assumption, as it is written"),),
         lambda given, model: [edit.DropAssumption(given["condition"])]),
)  # fmt: skip
"""Every kind of entry, in the order in which the documentation has them."""


def form(verb: str, noun: str) -> Form | None:
    return next((each for each in FORMS if (each.verb, each.noun) == (verb, noun)), None)
