"""How actors are written: tables of rows, as data. This is the disciplined layer; :mod:`.expand` gives it its meaning.

A row is what a row of ``transitions`` is (an event, a source, a destination, a condition) and says one thing more:
whether the actor *sends* the event, that is, decides it, or *receives* it. Every event has one controller; the others
in it may not keep it from happening unless that is declared. A refusal is an event of its own.

Conditions in rows are text (:mod:`.text`) or Python (:mod:`.condition`); ``otherwise``: no other row applies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from .condition import Condition, quoted

ANY: Final = "*"
"""As a row's source: every state of the actor."""
STAY: Final = "="
"""As a row's destination: where it is."""


class Otherwise:
    """The guard that holds where no other row applies.

    In a row that receives: no other row of the same event in this actor. In a row that sends: no other row by which
    this actor sends from the same state, of whatever event.
    """

    def __repr__(self) -> str:
        return "otherwise"


otherwise: Final = Otherwise()
Guard: TypeAlias = Condition | str | Otherwise


@dataclass(frozen=True)
class Effect:
    """What an event does to a data field or a record beside moving its participants. All of them read the state before.

    ``target`` is a field (``request.life``) or, for ``take`` and ``clear``, a record (``request``). ``source`` is a
    record to copy from, ``values`` the states to set (several: any of them); with neither, the target returns to its
    initial state. ``only`` names the fields that are copied or cleared, all shared ones where it is empty. As text it
    is what :mod:`.effects` reads.
    """

    target: str
    values: tuple[str, ...] = ()
    source: str | None = None
    only: tuple[str, ...] = ()
    when: Guard = ""

    def __str__(self) -> str:
        which = f"{', '.join(self.only)} of " if self.only else ""
        when = f" when {self.when}" if self.when != "" else ""
        if self.source is not None:
            return f"copy {which}{self.source} to {self.target}{when}"
        if self.values:
            return f"set {self.target} to {' or '.join(map(quoted, self.values))}{when}"
        return f"clear {which}{self.target}{when}"


def put(target: str, value: str | None = None, /, *, when: Guard = "", **fields: str) -> tuple[Effect, ...]:
    """Set a data actor, ``put("cache", "full")``, or fields of a record, ``put("request", path="server_auth")``."""
    whole = (Effect(target, (value,), when=when),) if value is not None else ()
    return whole + tuple(Effect(f"{target}.{name}", (to,), when=when) for name, to in fields.items())


def choose(target: str, values: str | Sequence[str], *, when: Guard = "") -> tuple[Effect, ...]:
    """Set a data actor to any of the values: each is a possible outcome."""
    return (Effect(target, _words(values), when=when),)


def take(target: str, source: str, *only: str, when: Guard = "") -> tuple[Effect, ...]:
    """Copy the fields that both records have, or the named ones."""
    return (Effect(target, source=source, only=only, when=when),)


def clear(target: str, *only: str, when: Guard = "") -> tuple[Effect, ...]:
    """Return a record, some fields of it, or a data actor to its initial state."""
    return (Effect(target, only=only, when=when),)


@dataclass(frozen=True)
class Row:
    """One row of an actor's table.

    ``choice`` says that an overlap with another row of the event is meant. ``oracle`` lets the guard read every host.
    ``status`` is what a refusal shows (a code of the product); ``urgent`` holds time back while the event is enabled.
    """

    event: str
    source: tuple[str, ...]
    dest: str
    when: Guard = ""
    effect: tuple[Effect, ...] = ()
    cites: str = ""
    sends: bool = False
    choice: bool = False
    oracle: bool = False
    status: str = ""
    urgent: bool = False


def _words(text: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(text.split()) if isinstance(text, str) else tuple(text)


def _effects(parts: Sequence[Effect | tuple[Effect, ...]]) -> tuple[Effect, ...]:
    flat: list[Effect] = []
    for part in parts:
        flat.extend((part,) if isinstance(part, Effect) else part)
    return tuple(flat)


def send(
    event: str,
    source: str | Sequence[str],
    dest: str,
    when: Guard = "",
    *effect: Effect | tuple[Effect, ...],
    cites: str = "",
    choice: bool = False,
    oracle: bool = False,
    status: str = "",
    urgent: bool = False,
) -> Row:
    """A row by which the actor decides the event. ``source`` is a state, some (``"idle waiting"``), or ``"*"``."""
    return Row(event, _words(source), dest, when, _effects(effect), cites, True, choice, oracle, status, urgent)


def recv(
    event: str,
    source: str | Sequence[str],
    dest: str,
    when: Guard = "",
    *effect: Effect | tuple[Effect, ...],
    cites: str = "",
    choice: bool = False,
    oracle: bool = False,
) -> Row:
    """A row by which the actor receives the event that another decides."""
    return Row(event, _words(source), dest, when, _effects(effect), cites, False, choice, oracle)


@dataclass(frozen=True)
class ActorDef:
    """An actor as it is written.

    Attributes:
        ignores: events that it receives and that leave it where it is in the states that no row covers.
        holds_up: events that wait until it can receive them, a channel that is full for one.
        waits: states in which it may be unable to send although it has rows that send from there.
        frozen: for a clock, the states in which time does not move it although it is no end.
        record: for a field, the record that it belongs to.
    """

    name: str
    host: str
    states: tuple[str, ...]
    initial: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seen_by: tuple[str, ...] = ()
    ignores: tuple[str, ...] = ()
    holds_up: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    frozen: tuple[str, ...] = ()
    oracle: bool = False
    observer: bool = False
    record: str = ""
    clock: bool = False
    parameter: bool = False
    default: str = ""
    cites: str = ""
    doc: str = ""


def actor(
    name: str,
    *,
    host: str,
    states: str | Sequence[str],
    rows: Sequence[Row],
    initial: str | Sequence[str] = (),
    groups: Mapping[str, str] | None = None,
    seen_by: str | Sequence[str] = (),
    ignores: str | Sequence[str] = (),
    holds_up: str | Sequence[str] = (),
    waits: str | Sequence[str] = (),
    oracle: bool = False,
    cites: str = "",
    doc: str = "",
) -> ActorDef:
    """A finite-state machine. Its first state is the initial one unless ``initial`` says otherwise."""
    named = _words(states)
    return ActorDef(
        name, host, named, _words(initial) or named[:1], tuple(rows),
        groups={key: _words(value) for key, value in (groups or {}).items()},
        seen_by=_words(seen_by), ignores=_words(ignores), holds_up=_words(holds_up), waits=_words(waits),
        oracle=oracle, cites=cites, doc=doc,
    )  # fmt: skip


def observer(
    name: str,
    *,
    states: str | Sequence[str],
    rows: Sequence[Row],
    initial: str | Sequence[str] = (),
    ignores: str | Sequence[str] = (),
    doc: str = "",
) -> ActorDef:
    """A machine that watches: it sees every host, decides nothing, and never keeps an event from happening.

    The events it has rows for, and no others, move it; where no row applies it stays.
    """
    named = _words(states)
    watched = dict.fromkeys([*_words(ignores), *(row.event for row in rows)])
    return ActorDef(
        name, "observer", named, _words(initial) or named[:1], tuple(rows),
        ignores=tuple(watched), oracle=True, observer=True, doc=doc,
    )  # fmt: skip


def unknown(
    name: str,
    values: str | Sequence[str],
    *,
    host: str,
    seen_by: str | Sequence[str] = (),
    cites: str = "",
    doc: str = "",
) -> ActorDef:
    """A property of the environment: any of its values, and it never moves."""
    named = _words(values)
    return ActorDef(name, host, named, named, seen_by=_words(seen_by), cites=cites, doc=doc)


def parameter(name: str, values: str | Sequence[str], *, default: str = "", cites: str = "", doc: str = "") -> ActorDef:
    """A reading of the document. Pinned to ``default``, or open like an unknown where there is none."""
    named = _words(values)
    return ActorDef(
        name, "", named, (default,) if default else named, parameter=True, default=default, cites=cites, doc=doc
    )


def data(
    name: str, values: str | Sequence[str], *, host: str, seen_by: str | Sequence[str] = (), doc: str = ""
) -> ActorDef:
    """An actor without rows of its own: effects set, copy and clear it. Its first value is the initial one."""
    named = _words(values)
    return ActorDef(name, host, named, named[:1], seen_by=_words(seen_by), doc=doc)


@dataclass(frozen=True)
class Clock:
    """How a timed field passes its time: ``tick`` moves ``states[i]`` by ``after``; groups name ages.

    A state that is not in ``after`` is left alone by time, and must be named in ``frozen``.
    """

    states: tuple[str, ...]
    after: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    frozen: tuple[str, ...] = ()
    tick: str = "tick"

    def field(self, name: str, host: str, *, seen_by: str | Sequence[str] = (), doc: str = "") -> ActorDef:
        """A data actor that this clock moves."""
        rows = [recv(self.tick, state, self.after[state]) for state in self.states if state in self.after]
        rows += [recv(self.tick, state, STAY) for state in self.frozen]
        return ActorDef(
            name, host, self.states, self.states[:1], tuple(rows), groups=self.groups, seen_by=_words(seen_by),
            frozen=self.frozen, clock=True, doc=doc,
        )  # fmt: skip


def record(
    name: str,
    fields: Mapping[str, str | Clock],
    *,
    host: str,
    seen_by: str | Sequence[str] = (),
    doc: str = "",
) -> tuple[ActorDef, ...]:
    """A token, a message, a cache entry: a bundle of data actors ``name.field`` that effects set, copy and clear.

    The first value of each field is its initial one, and what ``clear`` returns it to.
    """
    made = []
    for key, values in fields.items():
        full = f"{name}.{key}"
        if isinstance(values, Clock):
            made.append(replace(values.field(full, host, seen_by=seen_by, doc=doc), record=name))
        else:
            made.append(replace(data(full, values, host=host, seen_by=seen_by, doc=doc), record=name))
    return tuple(made)
