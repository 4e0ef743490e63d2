"""Which rows of a model an edit is about: by name, by pattern, and by what they read, write, copy or bear.

An idea is one entry, not forty rows: "every send that bears a CCM token", "whatever a server does where it looks at
the token's life". Actors, events and hosts are names or patterns with ``*``, ``?`` and ``[…]`` as a shell has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase

from .actor import ANY, ActorDef, Effect, Otherwise, Row
from .condition import actors_of, predicates_of
from .definition import Model
from .errors import ModelError, nearest
from .expand import Expansion

KIND = "kind"
"""The field of a record that says what a token is."""


def is_pattern(name: str) -> bool:
    return any(sign in name for sign in "*?[")


def matching(name: str, known: Iterable[str], what: str, where: str = "") -> list[str]:
    """Those of the known names that a name or a pattern means.

    Raises:
        ModelError: none; the nearest is given.
    """
    names = list(known)
    found = [each for each in names if fnmatchcase(each, name)] if is_pattern(name) else [n for n in names if n == name]
    if not found:
        if is_pattern(name):
            raise ModelError(f"no {what} matches {name!r}{where}")
        raise ModelError(f"there is no {what} {name!r}{where}{nearest(name, names)}")
    return found


@dataclass(frozen=True)
class Which:
    """What a row must do beside taking its event; an empty demand is none.

    Attributes:
        host: where the actor lives.
        sends: whether it is a row that decides the event (``True``) or receives it (``False``).
        reads: an actor, a field, a record or a predicate that the guard depends on.
        writes: a field, or a record in which some field is written.
        copies: a record that is copied from.
        bears: the kind of token that the row puts into a record: it writes the value to a field ``kind``, or copies
            that field from a record whose tokens are of this kind.
    """

    host: str = ""
    sends: bool | None = None
    reads: str = ""
    writes: str = ""
    copies: str = ""
    bears: str = ""

    def __str__(self) -> str:
        said = [(each.name, getattr(self, each.name)) for each in fields(self)]
        return ", ".join(
            ("sent" if value else "received") if name == "sends" else f"{name} {value}"
            for name, value in said
            if value not in ("", None)
        )

    def check(self, model: Model) -> None:
        """Refuse names that the model does not have.

        Raises:
            ModelError: with the nearest name.
        """
        records = {of.record for of in model.actors if of.record}
        actors = {of.name for of in model.actors}
        if self.host:
            matching(self.host, dict.fromkeys(of.host for of in model.actors if of.host), "host")
        if self.reads:
            matching(self.reads, [*actors, *records, *(each.name for each in model.predicates)], "actor or predicate")
        if self.writes:
            matching(self.writes, [*actors, *records], "field or record")
        if self.copies:
            matching(self.copies, [*actors, *records], "record")
        if self.bears:
            known = dict.fromkeys(state for of in model.actors if _short(of) == KIND for state in of.states)
            matching(self.bears, known, "kind of token")

    def fits(self, of: ActorDef, row: Row, look: Expansion) -> bool:
        """Whether the row of this actor does all of it."""
        return (
            (not self.host or fnmatchcase(of.host, self.host))
            and (self.sends is None or row.sends is self.sends)
            and (not self.reads or self._reads(of, row, look))
            and (not self.writes or any(_within(each.target, self.writes) for each in row.effect))
            and (not self.copies or any(fnmatchcase(each.source or "", self.copies) for each in row.effect))
            and (not self.bears or any(self._bears(each, look) for each in row.effect))
        )

    def _reads(self, of: ActorDef, row: Row, look: Expansion) -> bool:
        if isinstance(row.when, Otherwise):
            return False
        guard = look.guard(row.when, f"{of.name}/{row.event}")
        return any(_within(name, self.reads) for name in actors_of(guard) | predicates_of(guard))

    def _bears(self, effect: Effect, look: Expansion) -> bool:
        if effect.source is None:
            return _last(effect.target) == KIND and any(fnmatchcase(value, self.bears) for value in effect.values)
        if effect.only and KIND not in effect.only:
            return False
        kind = look.record(effect.source).get(KIND)
        return kind is not None and fnmatchcase(look.defs[kind].states[0], self.bears)


def selected(
    model: Model, actor: str, event: str, source: str = "", index: int | None = None, which: Which | None = None
) -> dict[str, list[int]]:
    """For each actor the places of the rows that are meant, in the order of the model.

    Args:
        source: a state that the rows leave from.
        index: which of them, from 0, where only one is meant.

    Raises:
        ModelError: a name is not there, or no row does all that is demanded.
    """
    owners = [model.actor(name) for name in matching(actor, [of.name for of in model.actors], "actor")]
    known = dict.fromkeys(row.event for of in owners for row in of.rows)
    if not is_pattern(event) and event not in known:
        raise ModelError(f"{actor} has no row for {event!r}{nearest(event, known)}")
    events = set(matching(event, known, "event", f" of {actor}"))
    rows = [(of, place) for of in owners for place, row in enumerate(of.rows) if row.event in events]
    if which is not None and which != Which():
        which.check(model)
        look = Expansion(model)
        rows = [(of, place) for of, place in rows if which.fits(of, of.rows[place], look)]
        if not rows:
            raise ModelError(f"no row of {actor} for {event} fits: {which}")
    if source:
        rows = _leaving(rows, source, f"{actor} has no row for {event}")
    if index is not None:
        if not 0 <= index < len(rows):
            raise ModelError(f"{actor} has {len(rows)} such rows for {event}, and no row {index}")
        rows = [rows[index]]
    found: dict[str, list[int]] = {}
    for of, place in rows:
        found.setdefault(of.name, []).append(place)
    return found


def states_of(of: ActorDef, row: Row) -> list[str]:
    """The states that a row leaves from, groups opened."""
    if row.source == (ANY,):
        return list(of.states)
    return [state for name in row.source for state in of.groups.get(name, (name,))]


def _leaving(rows: list[tuple[ActorDef, int]], source: str, none: str) -> list[tuple[ActorDef, int]]:
    known = dict.fromkeys(state for of, i in rows for state in states_of(of, of.rows[i]))
    left = [(of, i) for of, i in rows if source in states_of(of, of.rows[i])]
    if not left:
        raise ModelError(f"{none} from {source!r}{nearest(source, known)}")
    return left


def _within(name: str, wanted: str) -> bool:
    """The name is the wanted one, fits the pattern, or is a field of the record."""
    return fnmatchcase(name, wanted) or name.startswith(f"{wanted}.")


def _short(of: ActorDef) -> str:
    return of.name.removeprefix(f"{of.record}.") if of.record else ""


def _last(name: str) -> str:
    return name.rpartition(".")[2]
