"""Lints of names: what is there twice, what is meant and not there, what no condition could say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from .actor import ANY, STAY, ActorDef
from .condition import KEYWORDS
from .definition import Model
from .errors import Finding, nearest
from .text import WORD


def duplicates(model: Model) -> Iterator[Finding]:
    """Actors, states, predicates, event notes and records are there once."""
    mend = "give one of them another name"
    for kind, names in (
        ("actor", [of.name for of in model.actors]),
        ("predicate", [p.name for p in model.predicates]),
        ("note on the event", [e.name for e in model.events]),
    ):
        for name in _twice(names):
            yield Finding("duplicate-name", name, f"the {kind} {name!r} is there twice", mend)
    for of in model.actors:
        for name in _twice([*of.states, *of.groups]):
            yield Finding("duplicate-name", f"{of.name}/{name}", f"the state or group {name!r} is there twice", mend)
    yield from _duplicate_records(model)


def _duplicate_records(model: Model) -> Iterator[Finding]:
    """A record's fields stand together, as :func:`.actor.record` makes them; a second one of that name stands apart."""
    runs = [name for name, _ in groupby(model.actors, key=lambda of: of.record) if name]
    for name in _twice(runs):
        yield Finding("duplicate-name", name, f"the record {name!r} is there twice", "give one of them another name")
    actors = {of.name for of in model.actors}
    for name in dict.fromkeys(runs):
        if name in actors:
            what = f"{name!r} is a record and an actor, so an effect on it could mean either"
            yield Finding("duplicate-name", name, what, "give one of them another name")


def case_only(model: Model) -> Iterator[Finding]:
    """No two actors, events, predicates or states of one actor differ by case only."""
    scopes: list[tuple[str, str, Iterable[str]]] = [
        ("", "actors", (of.name for of in model.actors)),
        ("", "events", [*model.taken, *(e.name for e in model.events)]),
        ("", "predicates", (p.name for p in model.predicates)),
    ]
    scopes += [(f"{of.name}/", "states", [*of.states, *of.groups]) for of in model.actors]
    for where, kind, names in scopes:
        first: dict[str, str] = {}
        for name in dict.fromkeys(names):
            other = first.setdefault(name.casefold(), name)
            if other != name:
                what = f"the {kind} {other!r} and {name!r} differ by case only"
                yield Finding("case-only", f"{where}{name}", what, "write them alike, or name them apart")


def unsayable(model: Model) -> Iterator[Finding]:
    """An actor or a predicate has a name that a condition's text can say."""
    mend = "use letters, digits and _, with dots, + or - between"
    for kind, names in (
        ("actor", [of.name for of in model.actors]),
        ("predicate", [p.name for p in model.predicates]),
    ):
        for name in names:
            if name in KEYWORDS or not WORD.fullmatch(name):
                yield Finding("unsayable-name", name, f"no condition can name the {kind} {name!r}", mend)
    for of in model.actors:
        for state in of.states:
            if state in (ANY, STAY, ""):
                what = f"{state!r} cannot be a state's name: in rows it has a meaning of its own"
                yield Finding("unsayable-name", f"{of.name}/{state}", what, "give the state a name")


def missing_states(model: Model) -> Iterator[Finding]:
    """Initial states, sources, destinations, groups, ``waits`` and ``frozen`` name states that are there."""
    for of in model.actors:
        wide = [*of.states, *of.groups]
        if not of.initial:
            yield Finding("no-such-state", of.name, "it has no initial state", "name one")
        yield from _states(of, of.name, "initial", of.initial, of.states)
        for group, states in of.groups.items():
            yield from _states(of, of.name, f"group {group}", states, of.states)
        yield from _states(of, of.name, "waits", (name for name in of.waits if name != ANY), wide)
        yield from _states(of, of.name, "frozen", of.frozen, wide)
        for row in of.rows:
            place = f"{of.name}/{row.event}"
            if not row.source:
                yield Finding("no-such-state", place, "the row has no source", "name the states it leaves from")
            yield from _states(of, place, "from", (name for name in row.source if row.source != (ANY,)), wide)
            yield from _states(of, place, "to", (name for name in (row.dest,) if name != STAY), of.states)


def _states(of: ActorDef, place: str, part: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Finding]:
    there = list(known)
    for name in names:
        if name not in there:
            mend = f"the states are {', '.join(of.states)}"
            yield Finding("no-such-state", place, f"{part}: there is no state {name!r}{nearest(name, there)}", mend)


def missing_events(model: Model) -> Iterator[Finding]:
    """``ignores``, ``holds_up`` and the notes on events name events that some row has."""
    events = model.taken
    for of in model.actors:
        for part, names in (("ignores", of.ignores), ("holds_up", of.holds_up)):
            for name in names:
                if name not in events:
                    what = f"{part}: there is no event {name!r}{nearest(name, events)}"
                    yield Finding("no-such-event", of.name, what, "name an event that some row has, or drop it")
        own = {row.event for row in of.rows}
        for name in of.holds_up:
            if name in events and name not in own:
                what = f"holds_up names {name!r}, and it has no row for that"
                yield Finding("no-such-event", of.name, what, "add the row that receives it, or drop the name")
    for note in model.events:
        if note.name not in events:
            what = f"something is said of the event {note.name!r}, which no row has{nearest(note.name, events)}"
            yield Finding("no-such-event", note.name, what, "name an event that some row has, or drop it")


def single_values(model: Model) -> Iterator[Finding]:
    """What never moves leaves a choice of values; a constant asks nothing."""
    for of in model.actors:
        if not of.rows and not of.record and len(of.states) == 1:
            kind = "parameter" if of.parameter else "unknown"
            what = f"the {kind} has the single value {of.states[0]!r}"
            yield Finding("single-value", of.name, what, "give it a second value, or drop it")


def _twice(names: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    return [name for name, count in seen.items() if count > 1]
