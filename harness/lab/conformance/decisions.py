"""What a host may have decided otherwise: the internal events that would explain an observation which deviates.

A deviation is seen on a wire, and the decision that led to it was made inside of a host before that. Which one it may
have been is found by letting one internal event happen though the model bars it: if the observation then fits, that
event explains it, and the claims about it say what has been broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from ccmproof.model.kernel.barred import barred
from ccmproof.model.kernel.condition import And, Condition, In, Named, Not, Or
from ccmproof.model.kernel.network import Event, State

from .compiled import Compiled
from .follow import Follower, Seen
from .judged import broken_by


@dataclass(frozen=True)
class Decision:
    """An internal event that would explain an observation.

    Attributes:
        barred: what in the model bars it.
        broken: the claims that it breaks, or that an event after it does, up to what was seen.
    """

    event: str
    barred: tuple[str, ...]
    broken: tuple[str, ...]


def decisions(follower: Follower, seen: Seen) -> tuple[Decision, ...]:
    """Each event that would explain it: those first of whose guard the fewest leaves are wrong, and that come first."""
    compiled = follower.compiled
    found: dict[str, tuple[int, int, Decision]] = {}
    silent = follower.using.silent(follower.works, follower.queued)
    for state in follower.before(seen):
        for event in sorted(silent):
            if compiled.enabled(event, state):
                continue
            away = _away(follower, event, compiled.states[state])
            if event in found and away >= found[event][0]:
                continue
            for forced in _forced(compiled, follower.network.event[event], compiled.states[state]):
                way = follower.fits(seen, compiled.number(forced))
                if way is not None:
                    broken = _broken(follower, ((event, state), *way[0], *((each, way[1]) for each in seen.events)))
                    why = barred(follower.network, follower.network.event[event], compiled.states[state])
                    found[event] = away, -len(way[0]), Decision(event, why, broken)
                    break
    ordered = sorted(found.values(), key=lambda each: (*each[:2], not each[2].broken, each[2].event))
    return tuple(decision for _, _, decision in ordered)


def _away(follower: Follower, event: str, state: State) -> int:
    """How many leaves have to be otherwise for the event to be allowed."""
    network = follower.network

    def leaf(condition: In) -> bool:
        return state[network.position[condition.actor]] in network.resolve(condition)

    found = _wrong(network.event[event].guard, leaf)
    for name in network.event[event].participants:
        rows = [row for row in network.actor[name].by_event[event] if state[network.position[name]] in row.sources]
        found += min((_wrong(row.when, leaf) for row in rows), default=0)
    return found


def _wrong(condition: Condition, leaf: Callable[[In], bool], wanted: bool = True) -> int:
    """How many leaves of a condition have to be otherwise, at least, for it to be as wanted."""
    match condition:
        case In():
            return int(leaf(condition) is not wanted)
        case Not(part=part):
            return _wrong(part, leaf, not wanted)
        case Named(body=body):
            return _wrong(body, leaf, wanted)
        case And(parts=parts) | Or(parts=parts):
            each = [_wrong(part, leaf, wanted) for part in parts]
            every = isinstance(condition, And) is wanted
            return sum(each) if every else min(each, default=1)
    raise TypeError(f"not a condition: {condition!r}")


def _forced(compiled: Compiled, event: Event, state: State) -> Iterator[State]:
    """Where an event would lead, each of whose participants can take part but for a condition."""
    network = compiled.network
    changes: list[tuple[int, list[str]]] = []
    for name in event.participants:
        place = network.position[name]
        here = state[place]
        rows = [row for row in network.actor[name].by_event[event.name] if here in row.sources]
        if not rows:
            return
        rows = [row for row in rows if compiled.test(row.when)(state)] or rows
        changes.append((place, list(dict.fromkeys(here if row.dest is None else row.dest for row in rows))))
    for chosen in product(*(targets for _, targets in changes)):
        after = list(state)
        for (place, _), target in zip(changes, chosen, strict=True):
            after[place] = target
        yield tuple(after)


def _broken(follower: Follower, steps: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """The claims about these events that are broken, each event with the state in which it happens."""
    found: dict[str, None] = {}
    for event, state in steps:
        before = follower.network.as_dict(follower.compiled.states[state])
        about = {prop.id for prop in follower.using.properties if event in prop.on}
        broken = broken_by(follower.using, Seen("", (event,)), before)
        found.update(dict.fromkeys(each for each in broken if each in about))
    return tuple(found)
