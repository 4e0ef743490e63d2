"""What ``list`` and ``show`` tell of a system: its actors as tables, events, properties, readings, scenarios.

Everything is an :class:`Entry`: facts and tables of text. Text and JSON are renderings of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ccmproof.model.kernel.actor import ActorDef, Guard, Row
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Event, Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Promise, Property

from .system import System, observers_of

KINDS = ("actors", "events", "properties", "parameters", "unknowns", "scenarios", "predicates")


@dataclass(frozen=True)
class Table:
    """A titled table of text."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Entry:
    """One thing in full. Facts that are empty are left out by whoever renders it."""

    kind: str
    name: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...] = field(default=())


def one_line(text: str) -> str:
    """The first sentence or paragraph, on one line."""
    return " ".join(text.split("\n\n")[0].split())


class Catalogue:
    """Everything that has a name in one scenario of a system, its watching machines included."""

    def __init__(self, system: System, scenario: Scenario) -> None:
        self.system, self.scenario = system, scenario

    @cached_property
    def asked(self) -> list[Property]:
        """The properties that can be said in the scenario, each as it is said there."""
        return [prop.at(self.scenario) for prop in self.system.sayable_in(self.scenario)]

    @cached_property
    def model(self) -> Model:
        return self.system.build(self.scenario, {}).extended(*observers_of(self.asked))

    @cached_property
    def network(self) -> Network:
        return expand(self.model)

    def table(self, kind: str) -> Table:
        """All things of one kind.

        Raises:
            ModelError: there is no such kind.
        """
        makers = {
            "actors": self._actors,
            "events": self._events,
            "properties": self._properties,
            "parameters": lambda: self._readings("parameters", parameters=True),
            "unknowns": lambda: self._readings("unknowns", parameters=False),
            "scenarios": self._scenarios,
            "predicates": self._predicates,
        }
        if kind not in makers:
            raise ModelError(f"there is no list of {kind!r}{nearest(kind, KINDS)}; there are {', '.join(KINDS)}")
        return makers[kind]()

    def kinds(self) -> Table:
        """How many things of each kind there are."""
        rows = [(kind, str(len(self.table(kind).rows))) for kind in KINDS]
        return Table("kinds", ("kind", "how many"), tuple(rows))

    def _defs(self, *, moving: bool) -> list[ActorDef]:
        return [a for a in self.model.actors if self.network.actor[a.name].is_unknown != moving]

    def _actors(self) -> Table:
        rows = [(a.name, a.host, str(len(a.states)), one_line(a.doc)) for a in self._defs(moving=True)]
        return Table("actors", ("name", "host", "states", "what it is"), tuple(rows))

    def _events(self) -> Table:
        rows = [
            (e.name, e.controller, " ".join(self._hosts(e)), f"refuses {e.status}".strip() if e.refusal else "")
            for e in self.network.events
        ]
        return Table("events", ("name", "who decides", "to", ""), tuple(rows))

    def _hosts(self, event: Event) -> list[str]:
        own = self.network.actor[event.controller].host if event.controller else ""
        hosts = dict.fromkeys(self.network.actor[name].host for name in event.receivers)
        return [host for host in hosts if host not in (own, "observer", "")]

    def _properties(self) -> Table:
        rows = [(p.id, p.kind, p.expected, p.claim) for p in self.system.suite]
        return Table("properties", ("id", "kind", "expected", "claim"), tuple(rows))

    def _readings(self, title: str, *, parameters: bool) -> Table:
        chosen = [a for a in self._defs(moving=False) if a.parameter == parameters]
        rows = [(a.name, " ".join(_marked(a)), one_line(a.doc)) for a in chosen]
        return Table(title, ("name", "values (* default)" if parameters else "values", "what it is"), tuple(rows))

    def _scenarios(self) -> Table:
        rows = [(s.name, _tick(s), one_line(s.doc)) for s in self.system.scenarios.values()]
        return Table("scenarios", ("name", "tick", "what it is"), tuple(rows))

    def _predicates(self) -> Table:
        rows = [(p.name, one_line(p.doc) or str(p.text)) for p in self.model.predicates]
        return Table("predicates", ("name", "what it says"), tuple(rows))

    def show(self, name: str) -> list[Entry]:
        """Everything of that name, in full, whatever its case: an actor, record, event, property, scenario, predicate.

        Raises:
            ModelError: there is nothing of that name; the nearest one is given.
        """
        folded = name.casefold()
        found: list[Entry] = [self._property(p) for p in self.system.suite if p.id.casefold() == folded]
        found += [_scenario(s) for s in self.system.scenarios.values() if s.name.casefold() == folded]
        found += [
            self._actor(a)
            for a in self.model.actors
            if a.name.casefold() == folded or (a.record and a.record.casefold() == folded)
        ]
        found += [self._event(e) for e in self.network.events if e.name.casefold() == folded]
        found += [self._predicate(each) for each in self.network.predicates if each.casefold() == folded]
        if not found:
            raise ModelError(
                f"nothing is called {name!r}{nearest(name, self.names)}; `ccmproof list` says what there is"
            )
        return found

    @cached_property
    def names(self) -> list[str]:
        """Every name that :meth:`show` knows."""
        records = (a.record for a in self.model.actors if a.record)
        return list(
            dict.fromkeys(
                [
                    *(p.id for p in self.system.suite),
                    *self.system.scenarios,
                    *self.network.actor,
                    *records,
                    *self.network.event,
                    *self.network.predicates,
                ]
            )
        )

    def _actor(self, of: ActorDef) -> Entry:
        still = self.network.actor[of.name].is_unknown
        kind = "parameter" if of.parameter else "unknown" if still else "observer" if of.observer else "actor"
        values = "values" if still else "states"
        facts = (
            ("host", of.host),
            (values, " ".join(of.states)),
            (
                "default" if of.parameter else "begins in",
                of.default if of.parameter else "" if still else " ".join(of.initial),
            ),
            *((f"group {group}", " ".join(states)) for group, states in of.groups.items()),
            ("record", of.record),
            ("seen by", " ".join(of.seen_by)),
            ("ignores", " ".join(of.ignores) if not of.observer else ""),
            ("holds up", " ".join(of.holds_up)),
            ("cites", of.cites),
            ("about", " ".join(of.doc.split())),
        )
        rows = tuple((_arrow(row), " ".join(row.source), row.dest, *_rest(row)) for row in of.rows)
        table = Table("rows", ("event", "from", "to", "when", "effect", "cites"), rows)
        return Entry(kind, of.name, facts, tuple(t for t in (table, self._writers(of), self._readers(of)) if t.rows))

    def _writers(self, of: ActorDef) -> Table:
        """By which rows of other actors its state is written."""
        rows = [
            (row.event, other.name, str(replace(effect, when="")), _words(effect.when))
            for other in self.model.actors
            for row in other.rows
            for effect in row.effect
            if effect.target in (of.name, of.record)
        ]
        return Table("written by", ("event", "actor", "effect", "when"), tuple(dict.fromkeys(rows)))

    def _readers(self, of: ActorDef) -> Table:
        """For what never moves: which events depend on it."""
        if not self.network.actor[of.name].is_unknown:
            return Table("read by", (), ())
        from ccmproof.model.kernel.condition import actors_of

        rows = [
            (t.event, actor.name)
            for actor in self.network.actors
            for t in actor.transitions
            if of.name in actors_of(t.when)
        ]
        return Table("read by", ("event", "actor"), tuple(dict.fromkeys(rows)))

    def _event(self, event: Event) -> Entry:
        facts = (
            ("decided by", event.controller),
            ("received by", " ".join(event.receivers)),
            ("guard", "" if str(event.guard) == "true" else str(event.guard)),
            ("refuses", (event.status or "yes") if event.refusal else ""),
            ("urgent", "yes: time waits while it may happen" if event.urgent else ""),
            ("cites", " ".join(event.cites)),
            ("about", " ".join(event.doc.split())),
        )
        rows = [
            (a.name, " ".join(row.source), row.dest, *_rest(row))
            for a in self.model.actors
            for row in a.rows
            if row.event == event.name
        ]
        return Entry(
            "event",
            event.name,
            facts,
            (Table("rows", ("actor", "from", "to", "when", "effect", "cites"), tuple(rows)),),
        )

    def _property(self, prop: Property) -> Entry:
        facts = (
            ("concern", prop.concern),
            ("claim", prop.claim),
            ("kind", f"{prop.kind} ({KIND_WORDS[prop.kind]})"),
            ("on", " ".join(prop.on)),
            ("when", prop.when),
            ("promise", "" if prop.promise is None else _PROMISES[prop.promise]),
            ("then", prop.then if prop.bound is None else str(prop.bound)),
            ("unless", prop.unless),
            ("without", " ".join(prop.without)),
            ("attempt", prop.attempt),
            ("decided by", prop.decided_by),
            ("exactly where", prop.exactly),
            ("observers", " ".join(each.name for each in prop.observers)),
            ("severity", prop.severity.value),
            ("expected", prop.expected),
            ("asked in", " ".join(prop.asked_in)),
            ("but", ", ".join(f"{verdict} in {scenario}" for scenario, verdict in prop.but.items())),
            ("reason", prop.reason),
            ("cites", prop.cites),
        )
        return Entry("property", prop.id, facts, _said_with(prop))

    def _predicate(self, name: str) -> Entry:
        of = next((p for p in self.model.predicates if p.name == name), None)
        facts = (
            ("says", str(of.text) if of else str(self.network.predicates[name])),
            ("cites", of.cites if of else ""),
            ("about", " ".join(of.doc.split()) if of else ""),
        )
        return Entry("predicate", name, facts)


_PROMISES: Mapping[Promise, str] = {
    Promise.EVENTUALLY: "from `when` on, every fair run comes to `then`, or to `unless`",
    Promise.RECOVERABLE: "from `when` on, some run still comes to `then`, or `unless` holds",
    Promise.UNSTUCK: "from `when` on, something other than time goes on, unless `then` holds",
}

KIND_WORDS: Mapping[str, str] = {
    "I": "invariant of states",
    "S": "requirement of steps",
    "O": "observer with history",
    "R": "possible",
    "E": "possible exactly there",
    "L": "promise",
    "T": "in time",
}


def _said_with(prop: Property) -> tuple[Table, ...]:
    """The words of its own that a property is said with, those that they are said with too."""
    used: dict[str, str] = {}
    text = prop.exactly
    for word, said in reversed(list(prop.words.items())):
        if re.search(rf"\b{re.escape(word)}\b", text):
            used[word] = said
            text = f"{text} {said}"
    rows = tuple(reversed(list(used.items())))
    return (Table("words", ("word", "says"), rows),) if rows else ()


def _scenario(of: Scenario) -> Entry:
    pins = tuple((name, value if isinstance(value, str) else " ".join(value)) for name, value in of.pins.items())
    lives = "closed: good at the very tick at which they end" if of.closed else ""
    about, extensions = " ".join(of.doc.split()), " ".join(of.extensions)
    facts = (("tick", _tick(of)), ("lives", lives), ("about", about), ("extensions", extensions))
    tables = (Table("pinned", ("name", "to"), pins),) if pins else ()
    return Entry("scenario", of.name, facts, tables)


def _tick(of: Scenario) -> str:
    return f"{of.tick} min" if of.tick is not None else "coarsest"


def _marked(of: ActorDef) -> Iterable[str]:
    return (f"{state}*" if state == of.default else state for state in of.states)


def _words(guard: Guard) -> str:
    return str(guard)


def _arrow(row: Row) -> str:
    return f"{row.event} (sends)" if row.sends else row.event


def _rest(row: Row) -> tuple[str, str, str]:
    effects = "; ".join(map(str, row.effect))
    return _words(row.when), effects, row.cites
