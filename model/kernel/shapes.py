"""Shapes that recur in models: a clone, a family, a channel. Each is written out to ordinary actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, cast

from .actor import ActorDef, Guard, actor, recv
from .condition import Condition
from .errors import ModelError

INDEX: Final = "<index>"
"""What stands for the member's index in the texts of a family: in names, events, guards, effects."""


def clone(of: ActorDef, name: str, events: Mapping[str, str]) -> ActorDef:
    """The same actor once more under another name, with its own instances of the events that ``events`` renames.

    Guards and effects stay as they are: both copies read and write the same actors.
    """
    rows = tuple(replace(row, event=events.get(row.event, row.event)) for row in of.rows)

    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(events.get(each, each) for each in names)

    return replace(of, name=name, rows=rows, ignores=renamed(of.ignores), holds_up=renamed(of.holds_up))


def family(of: ActorDef, over: Sequence[str]) -> tuple[ActorDef, ...]:
    """One definition, a member for each index: ``<index>`` in any text of it stands for the member's own.

    Raises:
        ModelError: the actor's name does not depend on the index, so that all members would be the same.
    """
    if INDEX not in of.name:
        raise ModelError(f"family {of.name}: {INDEX} must be in its name")
    return tuple(_indexed(of, index) for index in over)


def _indexed(what: Any, index: str) -> Any:
    if isinstance(what, str):
        return what.replace(INDEX, index)
    if isinstance(what, Condition):
        return what  # a condition that Python has built names its actors already
    if isinstance(what, tuple):
        return tuple(_indexed(each, index) for each in what)
    if isinstance(what, Mapping):
        return {_indexed(key, index): _indexed(value, index) for key, value in what.items()}
    if is_dataclass(what) and not isinstance(what, type):
        changed = {each.name: _indexed(getattr(what, each.name), index) for each in fields(what)}
        return cast(Any, replace)(what, **changed)
    return what


def channel(
    name: str, *, host: str, takes: Sequence[str], frees: Mapping[str, Guard], doc: str = "", cites: str = ""
) -> ActorDef:
    """A channel of capacity one: an event of ``takes`` fills it and waits until it is free.

    Args:
        frees: the events that may empty it, each with the guard under which it does; where the guard does not hold the
            event happens all the same, and the channel stays taken. An event that loses what is in it is one of them.
    """
    rows = [recv(event, "free", "taken") for event in takes]
    for event, guard in frees.items():
        rows.append(recv(event, "taken", "free", guard))
        if guard:
            rows.append(recv(event, "taken", "taken", _not(guard)))
    return actor(name, host=host, states="free taken", rows=rows, holds_up=(*takes, *frees), doc=doc, cites=cites)


def _not(guard: Guard) -> Guard:
    return f"not ({guard})" if isinstance(guard, str) else ~cast(Condition, guard)
