"""Why an event may not happen in any of some states: the leaf of its guard that is false, as far as it can be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ccmproof.model.kernel.barred import barred
from ccmproof.model.kernel.condition import And, Condition, In, Named, all_of, any_of
from ccmproof.model.kernel.diagram import EMPTY
from ccmproof.model.kernel.network import Event

from ...expression import expression
from .ground import Ground


@dataclass(frozen=True)
class Refused:
    """An event that a line might have stood for, and what would have to be so that it could.

    Attributes:
        leaves: conditions in text, of the states that come nearest to it; where they are false in all states,
            ``everywhere``.
    """

    event: str
    leaves: tuple[str, ...]
    everywhere: bool


def refused(ground: Ground, states: int, event: str, holds: str = "") -> Refused:
    """Why the event may happen in none of the states in which ``holds`` holds.

    What it asks for is laid upon the states part by part, as long as some are left. The first part that leaves none is
    false in all that come so near: it is opened in one of them.
    """
    of = ground.network.event[event]
    parts = [*_asked(ground, of)]
    if holds:
        parts.append(expression(holds, ground.network))
    for part in parts:
        if ground.store.intersection(states, ground.built(part)) == EMPTY:
            return Refused(event, (str(part),) if _is_leaf(part) else _opened(ground, states, of, part), True)
    near = states
    for part in parts:
        nearer = ground.store.intersection(near, ground.built(part))
        if nearer == EMPTY:
            return Refused(event, _opened(ground, near, of, part), False)
        near = nearer
    return Refused(event, (), False)


def _asked(ground: Ground, event: Event) -> Iterator[Condition]:
    """What the event asks for: its guard, and of each participant that it offers some row."""
    yield from _conjuncts(event.guard)
    for name in event.participants:
        rows = ground.network.actor[name].by_event.get(event.name, ())
        yield In(name, frozenset().union(*(row.sources for row in rows)))
        if len(rows) == 1:
            yield from _conjuncts(rows[0].when)
        else:
            yield any_of(*(all_of(In(name, row.sources), row.when) for row in rows))


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    match condition:
        case And(parts=parts):
            for part in parts:
                yield from _conjuncts(part)
        case Named(body=body) if isinstance(body, And):
            yield from _conjuncts(body)
        case _:
            yield condition


def _is_leaf(condition: Condition) -> bool:
    return isinstance(condition, In)


def _opened(ground: Ground, states: int, event: Event, part: Condition) -> tuple[str, ...]:
    """The false leaves in one of the states."""
    state = ground.layout.decoded(ground.layout.first(ground.store, states))
    return barred(ground.network, event, state) or (str(part),)
