"""What a change does to the text of a model, row by row, and the statements that lose their footing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from ccmproof.model.kernel.actor import ANY, STAY, ActorDef, Row
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.edit_rows import in_words


class How(Enum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"


@dataclass(frozen=True)
class Difference:
    """One thing in which two models differ.

    Attributes:
        what: actor, state, transition, predicate, event, assumption, or what is said of an actor.
        name: of the actor, or of the predicate or event.
        before, after: the text on each side; empty where it is not there.
        cites: the statements that what was there before rests on.
    """

    how: How
    what: str
    name: str
    before: str
    after: str
    cites: tuple[str, ...] = ()


def differences(before: Model, after: Model) -> tuple[Difference, ...]:
    """Everything in which the models differ, in the order of their actors."""
    old, new = ({of.name: of for of in model.actors} for model in (before, after))
    found: list[Difference] = []
    for name in _both(old, new):
        found += _of_actor(old.get(name), new.get(name))
    found += _named("predicate", _predicates(before), _predicates(after))
    found += _named("event", _events(before), _events(after))
    found += _named("assumption", _assumptions(before), _assumptions(after))
    return tuple(found)


def footing(differences: Iterable[Difference]) -> tuple[str, ...]:
    """The statements that something rested on which is now removed or altered, each once."""
    lost = [each for each in differences if each.how is not How.ADDED]
    return tuple(dict.fromkeys(name for each in lost for name in each.cites))


Texts = Mapping[str, tuple[str, str]]
"""For each name the text, and what it cites."""


def _predicates(model: Model) -> Texts:
    return {each.name: (in_words(each.text), each.cites) for each in model.predicates}


def _events(model: Model) -> Texts:
    return {each.name: (in_words(each.guard), each.cites) for each in model.events}


def _assumptions(model: Model) -> Texts:
    return {in_words(each.text): (in_words(each.text), each.cites) for each in model.assumptions}


def _named(what: str, old: Texts, new: Texts) -> Iterator[Difference]:
    for name in _both(old, new):
        before, cites = old.get(name, ("", ""))
        after, _ = new.get(name, ("", ""))
        if before != after:
            yield Difference(_how(name in old, name in new), what, name, before, after, tuple(cites.split()))


def _how(was: bool, is_: bool) -> How:
    return How.ALTERED if was and is_ else How.REMOVED if was else How.ADDED


def _both(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*old, *new)))


def _of_actor(old: ActorDef | None, new: ActorDef | None) -> Iterator[Difference]:
    if old is None or new is None:
        there = old or new
        assert there is not None
        text = f"{_kind(there)} on {there.host or 'no host'}: {', '.join(there.states)}"
        sides = (text, "") if old is not None else ("", text)
        cites = tuple(_citing(there)) if old is not None else ()
        yield Difference(_how(old is not None, new is not None), _kind(there), there.name, *sides, cites)
        return
    yield from _traits(old, new)
    yield from _rows(old, new)


def _kind(of: ActorDef) -> str:
    if of.record:
        return "field"
    if of.parameter:
        return "parameter"
    return "actor" if of.rows else "unknown"


def _citing(of: ActorDef) -> Iterator[str]:
    yield from of.cites.split()
    for row in of.rows:
        yield from row.cites.split()


def _traits(old: ActorDef, new: ActorDef) -> Iterator[Difference]:
    for trait in ("states", "initial", "host", "seen_by", "ignores", "holds_up", "waits", "groups"):
        before, after = getattr(old, trait), getattr(new, trait)
        if before != after:
            yield Difference(How.ALTERED, trait, old.name, _listed(before), _listed(after), tuple(old.cites.split()))


def _listed(value: str | Iterable[str] | Mapping[str, Iterable[str]]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "; ".join(f"{name} = {', '.join(each)}" for name, each in value.items())
    return ", ".join(value)


def _rows(old: ActorDef, new: ActorDef) -> Iterator[Difference]:
    """Rows that are the same on both sides are left out; of the others those of one event and source are one row."""
    gone = [row for row in old.rows if row not in new.rows]
    come = [row for row in new.rows if row not in old.rows]
    for row in gone:
        other = next((each for each in come if each.event == row.event and set(each.source) & set(row.source)), None)
        other = other or next((each for each in come if _alike(each, row)), None)
        if other is not None:
            come.remove(other)
        after = "" if other is None else row_text(other)
        how = How.REMOVED if other is None else How.ALTERED
        yield Difference(how, "transition", old.name, row_text(row), after, tuple(row.cites.split()))
    for row in come:
        yield Difference(How.ADDED, "transition", old.name, "", row_text(row))


def _alike(one: Row, other: Row) -> bool:
    """Rows that differ in one thing only: the event, or where they come from."""
    return replace(one, event=other.event) == other or replace(one, source=other.source) == other


def row_text(row: Row) -> str:
    """A row in one line."""
    source = "anywhere" if row.source == (ANY,) else ", ".join(row.source)
    dest = "where it is" if row.dest == STAY else row.dest
    when = f" when {in_words(row.when)}" if row.when != "" else ""
    effects = f"; {', '.join(map(str, row.effect))}" if row.effect else ""
    marks = [name for name in ("choice", "urgent", "oracle") if getattr(row, name)]
    return f"{'!' if row.sends else '?'}{row.event}: {source} → {dest}{when}{effects}" + "".join(
        f" [{each}]" for each in (*marks, *([row.status] if row.status else []))
    )
