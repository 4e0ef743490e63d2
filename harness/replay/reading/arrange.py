"""The order of the lines of one source: as they stand, unless their times say that the poster has reordered them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from ..line import Line

_SOME = 3
"""So many lines that go backwards are more than a clock that was set."""


def arranged(lines: Sequence[Line], pasted: bool) -> list[Line] | None:
    """The lines in order, each log by itself in the places that it has; ``None``: they are in order as they stand.

    What a component wrote itself is in order, but for threads that overtake each other, and for a clock that is set
    back; only where most of it goes backwards has it been turned round. What was ``pasted`` may have been sorted in any
    way, and is put in order by its times. Lines without a time stay behind the one before them; in text that was turned
    round, before the one behind.
    """
    places: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        places.setdefault(line.log, []).append(place)
    found = list(lines)
    moved = False
    for own in places.values():
        order = _of_one([lines[place] for place in own], pasted)
        if order is not None:
            moved = True
            for place, line in zip(own, order, strict=True):
                found[place] = line
    return found if moved else None


def _of_one(lines: list[Line], pasted: bool) -> list[Line] | None:
    timed = [line.when for line in lines if line.when]
    local = [moment.replace(tzinfo=None) for moment in timed]
    up = sum(a < b for a, b in pairwise(local))
    down = sum(a > b for a, b in pairwise(local))
    if not down or (not pasted and (down < _SOME or down <= 2 * up)):
        return None
    if len({moment.tzinfo is None for moment in timed}) > 1:
        return None  # what bears a zone cannot be compared with what does not
    return _sorted(list(reversed(lines)) if down > up else lines)


def _sorted(lines: Sequence[Line]) -> list[Line]:
    """By time, lines of the same time as they stand, those without one behind what they stood behind."""
    groups: list[tuple[float, list[Line]]] = [(0.0, [])]
    for line in lines:
        if line.when:
            groups.append((_seconds(line.when), [line]))
        else:
            groups[-1][1].append(line)
    first, *rest = groups
    rest.sort(key=lambda group: group[0])
    return [*first[1], *(line for _, group in rest for line in group)]


def _seconds(moment: datetime) -> float:
    """Since any beginning; :meth:`datetime.timestamp` would ask this machine for its zone."""
    return (moment - datetime(1970, 1, 1, tzinfo=moment.tzinfo)).total_seconds()
