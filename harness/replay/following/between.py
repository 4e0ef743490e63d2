"""What must have happened between two lines, though it leaves no line: silent events on every way between them.

An event is on all ways from some states to others exactly if without it none of these is reached from any of those. So
of one shortest way each event is left out in turn; what then still gets there was not necessary. Nothing is said of how
often it happens, nor in which order several do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ccmproof.model.kernel.diagram import EMPTY

from .ground import Ground, TooLarge

MOST_RINGS = 40
"""So many silent events in a row are looked for between two lines."""
MOST_NODES = 20_000
"""So many new nodes it may cost to find out whether there is a way without an event."""


def necessary(ground: Ground, ways: Iterable[tuple[int, int]], silent: frozenset[str]) -> tuple[str, ...]:
    """The silent events that are on all ways, in all pairs, from the first set of states to the second.

    Raises:
        TooLarge: it was too much to find out.
    """
    found: tuple[str, ...] | None = None
    for first, second in dict.fromkeys(ways):
        if found == ():
            break
        on_one = _shortest(ground, first, second, silent)
        candidates = on_one if found is None else tuple(name for name in found if name in on_one)
        found = tuple(name for name in candidates if not _avoided(ground, first, second, silent - {name}))
    return found or ()


def _avoided(ground: Ground, first: int, second: int, silent: frozenset[str]) -> bool:
    """Whether these events alone lead from some of the first states to some of the second ones."""
    reached, ring = first, first
    before = len(ground.store)
    while ring != EMPTY:
        if ground.store.intersection(reached, second) != EMPTY:
            return True
        if len(ground.store) - before > MOST_NODES:
            raise TooLarge
        ring = ground.store.difference(_images(ground, ring, silent), reached)
        reached = ground.store.union(reached, ring)
    return False


def _images(ground: Ground, states: int, events: Collection[str]) -> int:
    return ground.union(ground.after(states, name) for name in ground.events if name in events)


def _shortest(ground: Ground, first: int, second: int, silent: frozenset[str]) -> tuple[str, ...]:
    """The events of a shortest way, each once."""
    rings, reached = [first], first
    before = len(ground.store)
    while ground.store.intersection(rings[-1], second) == EMPTY:
        if len(rings) > MOST_RINGS or len(ground.store) - before > MOST_NODES:
            raise TooLarge
        ring = ground.store.difference(_images(ground, rings[-1], silent), reached)
        if ring == EMPTY:
            raise TooLarge  # it was too much to find out what leads there, so that too much was taken to
        reached = ground.store.union(reached, ring)
        rings.append(ring)
    return _events_back(ground, rings, second, silent)


def _events_back(ground: Ground, rings: Sequence[int], second: int, silent: frozenset[str]) -> tuple[str, ...]:
    here = ground.store.intersection(rings[-1], second)
    events: list[str] = []
    for ring in reversed(rings[:-1]):
        for name in filter(silent.__contains__, ground.events):
            source = ground.store.intersection(ground.before(here, name), ring)
            if source != EMPTY:
                events.append(name)
                here = source
                break
    return tuple(dict.fromkeys(reversed(events)))
