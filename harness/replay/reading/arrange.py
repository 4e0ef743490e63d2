"""The order of the lines of one source: as they stand, unless their times say that the poster has reordered them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from ..line import Line
from .limits import Notes

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


def in_turn(lines: list[Line], source: str, notes: Notes, *, pasted: bool) -> list[Line]:
    """The lines in order, as :func:`arranged` puts them; where that is another one it is noted."""
    found = arranged(lines, pasted)
    if found is None:
        return lines
    notes.add(source, 0, "its lines are not in order: put in order of their times")
    return found


def _of_one(lines: list[Line], pasted: bool) -> list[Line] | None:
    timed = [line.when for line in lines if line.when]
    local = list(map(_local, timed))
    up = sum(a < b for a, b in pairwise(local))
    down = sum(a > b for a, b in pairwise(local))
    if not down or (not pasted and (down < _SOME or down <= 2 * up)):
        return None
    if len({moment.tzinfo is None for moment in timed}) > 1:
        return None  # what bears a zone cannot be compared with what does not
    return _sorted(list(reversed(lines)) if down > up else lines)


def _sorted(lines: Sequence[Line]) -> list[Line]:
    """By time, lines of the same time as they stand, those without one behind what they stood behind."""
    groups: list[tuple[datetime, list[Line]]] = [(datetime.min, [])]
    for line in lines:
        if line.when:
            groups.append((_local(line.when), [line]))
        else:
            groups[-1][1].append(line)
    groups.sort(key=lambda group: group[0])
    return [line for _, group in groups for line in group]


def _local(moment: datetime) -> datetime:
    """As the clock that wrote it shows it, whatever its zone."""
    return moment.replace(tzinfo=None)
