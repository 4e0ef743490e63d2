"""What a host may have decided otherwise: the internal events that would explain an observation which deviates.

A deviation is seen on a wire, and the decision that led to it was made inside of a host before that. Which one it may
have been is found by letting one internal event happen though the model bars it: if the observation then fits, that
event explains it, and the claims about it say what has been broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from ccmproof.model.kernel.barred import barred
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
    """Each event that would explain it, as it is barred least; those that are barred least, and come first, first."""
    compiled = follower.compiled
    found: dict[str, tuple[int, Decision]] = {}
    silent = follower.using.silent(follower.works, follower.queued)
    for state in follower.before(seen):
        for event in sorted(silent):
            if compiled.enabled(event, state):
                continue
            why = barred(follower.network, follower.network.event[event], compiled.states[state])
            if event in found and len(why) >= len(found[event][1].barred):
                continue
            for forced in _forced(compiled, follower.network.event[event], compiled.states[state]):
                way = follower.fits(seen, compiled.number(forced))
                if way is not None:
                    broken = _broken(follower, ((event, state), *way[0], *((each, way[1]) for each in seen.events)))
                    found[event] = -len(way[0]), Decision(event, why, broken)
                    break
    return tuple(each for _, each in sorted(found.values(), key=lambda one: (len(one[1].barred), one[0], one[1].event)))


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
