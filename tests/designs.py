"""Random designs for hypothesis: sound written models, entries of change files with what undoes them, small systems."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from ccmproof.harness.changes.change import Change, changed_by
from ccmproof.harness.changes.located import parsed
from ccmproof.harness.system import System
from ccmproof.model.alphabet import Alphabet
from ccmproof.model.kernel.actor import (
    ActorDef,
    Effect,
    Otherwise,
    Row,
    actor,
    clear,
    otherwise,
    parameter,
    put,
    record,
    recv,
    send,
    take,
    unknown,
)
from ccmproof.model.kernel.condition import And, Condition, In, Not, Or, all_of, any_of
from ccmproof.model.kernel.definition import Model, Predicate
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.lint import lint
from ccmproof.model.kernel.network import Network, Transition
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property
from hypothesis import reject
from hypothesis import strategies as st
from strategies import Alphabet as States

UNKNOWNS: States = {"u0": ("yes", "no"), "u1": ("a", "b", "c")}
FIELDS: States = {f"r{i}.{key}": of for i in range(2) for key, of in (("kind", ("none", "ccm")), ("owner", ("x", "y")))}
PLACES = ("a", "b", "c")
READS: States = {**UNKNOWNS, "p": ("on", "off"), **FIELDS}


def condition(chance: Random, states: States = READS, depth: int = 1) -> Condition:
    """A condition over the actors, such that it is seldom always or never true."""
    kind = chance.choice(["leaf", "leaf", "leaf", "not", "and", "or"]) if depth else "leaf"
    if kind == "leaf":
        name = chance.choice(sorted(states))
        return In(name, frozenset(chance.sample(states[name], chance.randint(1, max(1, len(states[name]) - 1)))))
    if kind == "not":
        return ~condition(chance, states, depth - 1)
    parts = [condition(chance, states, depth - 1) for _ in range(2)]
    return all_of(*parts) if kind == "and" else any_of(*parts)


def effect(chance: Random) -> tuple[Effect, ...]:
    """What an event writes: a copy, a value, or nothing."""
    name = chance.choice(sorted(FIELDS))
    some = [take("r0", "r1"), take("r1", "r0", "kind"), clear("r0"), clear("r1", "owner")]
    return chance.choice([(), put(name, chance.choice(FIELDS[name])), chance.choice(some)])


def _model(chance: Random) -> Model:
    parts: list[ActorDef] = [unknown(name, values, host="h") for name, values in UNKNOWNS.items()]
    parts.append(parameter("p", "on off", default="on"))
    for name in ("r0", "r1"):
        parts += record(name, {"kind": "none ccm", "owner": "x y"}, host="h")
    events = []
    for name in ("s0", "s1"):
        rows = []
        for number in range(chance.randint(2, 3)):
            source = PLACES[number] if chance.random() < 0.7 else chance.choice(PLACES)
            guard = chance.choice(["", "fits", str(condition(chance)), str(condition(chance))])
            when = otherwise if number == 2 and chance.random() < 0.5 else guard
            rows.append(send(f"{name}_e{number}", source, chance.choice(PLACES), when, effect(chance)))
            events.append(f"{name}_e{number}")
        parts.append(actor(name, host="h", states=PLACES, waits="*", rows=rows))
    for number in range(chance.randint(1, 2)):
        heard = chance.sample(events, 2)
        rows = [recv(each, "x", chance.choice("xyz"), chance.choice(["", str(condition(chance))])) for each in heard]
        parts.append(actor(f"w{number}", host="h", states="x y z", rows=rows, ignores=heard))
    return Model.of("random", parts, Predicate("fits", str(condition(chance))))


@st.composite
def models(draw: st.DrawFn) -> Model:
    """A written model with which nothing is structurally wrong: two actors that decide, one or two that receive.

    All of it is drawn evenly, from one seed (:func:`strategies.wanderers` says why).
    """
    chance = draw(st.randoms(use_true_random=True))
    for _ in range(20):
        model = _model(chance)
        if not lint(model, expand(model)):
            return model
    reject()
    return model


def canonical(model: Model) -> Network:
    """The network of a model, whatever the order of its parts, rows and conjuncts, and what was said of nothing."""
    network = expand(model)
    actors = [
        replace(
            of,
            states=tuple(sorted(of.states)),
            initial=tuple(sorted(of.initial)),
            transitions=tuple(sorted((replace(t, when=_in_order(t.when)) for t in of.transitions), key=_as_text)),
        )
        for of in network.actors
    ]
    events = [replace(each, participants=tuple(sorted(each.participants))) for each in network.events]
    return replace(
        network,
        actors=tuple(sorted(actors, key=lambda of: of.name)),
        events=tuple(sorted(events, key=lambda event: event.name)),
        assume=tuple(sorted(network.assume, key=str)),
    )


def _as_text(row: Transition) -> tuple[str, list[str], str, str]:
    return row.event, sorted(row.sources), str(row.dest), str(row.when)


def _in_order(condition: Condition) -> Condition:
    """The condition with the parts of each junction in the order of their texts."""
    match condition:
        case Not(part=part):
            return Not(_in_order(part))
        case And(parts=parts):
            return And(tuple(sorted(map(_in_order, parts), key=str)))
        case Or(parts=parts):
            return Or(tuple(sorted(map(_in_order, parts), key=str)))
    return condition


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def cases(path: Path) -> dict[str, str]:
    """What a file of blocks says: each a text and, behind an arrow, what becomes of it. The first is a comment."""
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    return dict(block.split("\n→ ") for block in blocks)


def entry(form: str, /, **given: Any) -> str:
    """An entry of a change file; keys that are Python's words have a ``_`` behind them."""
    return "\n".join([f"[[{form}]]", *(f"{key.rstrip('_')} = {toml(value)}" for key, value in given.items()), ""])


def change(*entries: str, name: str = "change", head: str = "") -> Change:
    """The change that these entries say."""
    return changed_by(parsed(f'title = "{name}"\n{head}\n' + "\n".join(entries), f"{name}.toml"), name)


def row_of(row: Row) -> dict[str, Any]:
    """A row as an entry says it."""
    return {
        "event": row.event,
        "from": row.source,
        "to": row.dest,
        "when": "otherwise" if isinstance(row.when, Otherwise) else str(row.when),
        "effects": [str(each) for each in row.effect],
        "sends": row.sends,
        "choice": row.choice,
    }


@dataclass(frozen=True)
class Undone:
    """Entries, and those that undo them."""

    does: str
    undoes: str


def _rows_of(of: ActorDef, event: str) -> list[str]:
    return [entry("add.transition", actor=of.name, **row_of(row)) for row in of.rows if row.event == event]


def _back(owners: Iterable[ActorDef], event: str) -> str:
    """What brings an event back to these actors."""
    found = []
    for of in owners:
        rows = _rows_of(of, event)
        if rows:
            found += rows
            found.append(entry("alter.actor", name=of.name, ignores=of.ignores) if of.ignores else "")
    return "".join(found)


KINDS = (
    "transition", "row", "unknown", "parameter", "actor", "field", "clone", "record", "predicate", "assumption", "when",
    "to", "leaves", "becomes", "marks", "event", "guard", "meaning", "host", "initial", "condition",
)  # fmt: skip
"""What :func:`undone` draws among."""


@st.composite
def undone(draw: st.DrawFn, model: Model, number: int = 0) -> Undone:
    """A change of a random model, of any kind that can be undone, and its inverse; ``number`` makes names new."""
    chance = draw(st.randoms(use_true_random=True))
    acting = [of for of in model.actors if of.rows]
    of = chance.choice(acting)
    row = chance.choice(of.rows)
    here: dict[str, Any] = {"actor": of.name, "event": row.event}
    new, when = f"new{number}", str(condition(chance))
    plain = not isinstance(row.when, Otherwise)
    match chance.choice([*KINDS, *(["demand"] if plain else [])]):
        case "transition":
            return Undone(entry("remove.transition", **here), "".join(_rows_of(of, row.event)))
        case "row":
            added = replace(row, event=new, when=when, sends=True, effect=effect(chance))
            return Undone(entry("add.transition", actor=of.name, **row_of(added)), entry("remove.event", name=new))
        case "unknown":
            return Undone(entry("add.unknown", name=new, values="good bad", host="h"), entry("remove.actor", name=new))
        case "parameter":
            return Undone(entry("add.parameter", name=new, values=["good", "bad"]), entry("remove.actor", name=new))
        case "actor":
            rows = [{"event": row.event, "from": "here", "to": "there", "when": when, "sends": False}]
            does = entry("add.actor", name=new, host="h", states="here there", ignores=row.event, rows=rows)
            return Undone(does, entry("remove.actor", name=new))
        case "field":
            does = entry("add.field", record="r0", name=new, values="none some")
            return Undone(does, entry("remove.field", record="r0", name=new))
        case "clone":
            events = {each.event: f"{new}_{each.event}" for each in of.rows}
            return Undone(entry("add.clone", of=of.name, name=new, events=events), entry("remove.actor", name=new))
        case "record":
            fields = "".join(entry("remove.field", record=new, name=name) for name in ("owner", "kind"))
            return Undone(entry("add.clone", of="r1", name=new), fields)
        case "predicate":
            return Undone(entry("add.predicate", name=new, is_=when), entry("remove.predicate", name=new))
        case "assumption":
            held = f"u1 is not c or p is on or {condition(chance, UNKNOWNS)}"
            return Undone(entry("add.assumption", condition=held, doc=new), entry("remove.assumption", condition=held))
        case "demand":
            does = entry("alter.transition", **here, demands_too="p is on and u1 in {a, b}")
            undoes = entry("alter.transition", **here, when=str(row.when))
            return Undone(does, undoes)
        case "when":
            return Undone(
                entry("alter.transition", **here, when=f"({when}) and p is off and u0 is no and p is off"),
                entry("alter.transition", **here, when=row_of(row)["when"]),
            )
        case "to":
            return Undone(
                entry("add.state", actor=of.name, states=[new]) + entry("alter.transition", **here, to=new),
                entry("remove.actor", name=of.name) + _again(of),
            )
        case "leaves":
            other = chance.choice([state for state in of.states if (state,) != row.source])
            return Undone(
                entry("alter.transition", **here, leaves=[other]),
                entry("alter.transition", **here, leaves=row.source),
            )
        case "becomes":
            back = entry("alter.transition", actor=of.name, event=new, becomes=row.event)
            return Undone(entry("alter.transition", **here, becomes=new), back)
        case "marks":
            return Undone(
                entry("alter.transition", **here, choice=not row.choice, urgent=True, status="401"),
                entry("alter.transition", **here, choice=row.choice, urgent=False, status=""),
            )
        case "event":
            return Undone(entry("remove.event", name=row.event), _back(acting, row.event))
        case "guard":
            return Undone(
                entry("alter.event", name=row.event, when=f"({when}) and u0 is yes"),
                entry("alter.event", name=row.event, when="true"),
            )
        case "meaning":
            old = str(model.predicates[0].text)
            return Undone(
                entry("alter.predicate", name="f*", is_=f"({old}) and p is on"),
                entry("alter.predicate", name="fits", is_=old),
            )
        case "host":
            return Undone(
                entry("alter.actor", name=of.name, host="elsewhere", seen_by_too="h"),
                entry("alter.actor", name=of.name, host="h", seen_by=[]),
            )
        case "initial":
            return Undone(
                entry("alter.actor", name=of.name, initial=of.states[1:]),
                entry("alter.actor", name=of.name, initial=of.initial),
            )
    leaf, other = "p is on", f"{new} is good"
    brought = entry("add.unknown", name=new, values="good bad", host="h")
    carrier = entry("add.predicate", name=f"{new}_says", is_=f"{leaf} or u0 is yes")
    return Undone(
        brought + carrier + entry("alter.condition", old=leaf, new=other),
        entry("alter.condition", old=other, new=leaf)
        + entry("remove.predicate", name=f"{new}_says") + entry("remove.actor", name=new),
    )  # fmt: skip


def _again(of: ActorDef) -> str:
    """A whole actor, as an entry says it."""
    return entry(
        "add.actor", name=of.name, host=of.host, states=of.states, initial=of.initial, waits=of.waits,
        ignores=of.ignores, rows=[row_of(row) for row in of.rows],
    )  # fmt: skip


@st.composite
def edits(draw: st.DrawFn, model: Model, number: int = 0) -> str:
    """Some entries that a random model may be changed by; not every one leaves it sound, or can be applied."""
    if draw(st.integers(0, 2)) == 0:
        return draw(undone(model, number)).does
    chance = draw(st.randoms(use_true_random=True))
    of = chance.choice([each for each in model.actors if each.rows])
    row = chance.choice(of.rows)
    here: dict[str, Any] = {"actor": of.name, "event": row.event}
    wide: dict[str, Any] = {"actor": chance.choice(["*", "s*"]), "event": chance.choice(["*", row.event])}
    when, old = (str(condition(chance, READS, depth)) for depth in (1, 0))
    made = [
        entry("remove.participant", **here),
        entry("alter.transition", **here, demands_too=when),
        entry("alter.transition", **here, when=when),
        entry("alter.transition", **here, when="true"),
        entry("alter.transition", **here, to=chance.choice(of.states)),
        entry("alter.transition", **here, leaves=chance.choice(of.states)),
        entry("alter.transition", **wide, demands_too=when),
        entry("alter.transition", **wide, effects=[str(each) for each in effect(chance)]),
        entry("alter.transition", **wide, writes="r0", writes_no_more="r0.kind"),
        entry("alter.transition", **wide, to="="),
        entry("alter.predicate", name="fits", is_=when),
        entry("alter.condition", old=old, new=when),
        entry("alter.actor", name=of.name, ignores_too=chance.choice(["s0_e0", "s1_e1"])),
        entry("add.state", actor=of.name, states=[f"new{number}"]),
        entry("remove.assumption", condition="u0 is yes"),
        entry("remove.transition", **here),
    ]
    return chance.choice(made)


def system(model: Model, suite: tuple[Property, ...] = (), goals: Mapping[str, str] | None = None) -> System:
    """A system of one scenario, which builds this model."""

    def build(scenario: Scenario, settings: Mapping[str, str] | None = None, /) -> Model:
        return model.pinned(settings or {})

    alphabet = Alphabet(("h",), ("r0.kind", "u0", "r1.owner"))
    return System({"plain": Scenario("plain", "As it is")}, build, suite, goals=goals or {}, alphabet=alphabet)
