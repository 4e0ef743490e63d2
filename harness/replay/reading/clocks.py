"""Clocks of hosts: how far each may be from the first one's, as far as matched pairs of lines tell.

A pair is a message that leaves one host and arrives at another: the line here was written before the line there,
whatever the clocks say. Each pair bounds the difference of two clocks on one side, request and reply together on both.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from ..line import Line, Where
from .naming import named, where

SKEW: Final = timedelta(minutes=15)
"""By which clocks differ at most where no pair tells."""
_FAR: Final = timedelta(days=3650)
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)
"""Of Greenwich: what a local time without a bias may be off."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of something that goes from host to host: all lines with its key, by their steps, one after another.

    ``MessageID`` with 0 where the request leaves, 1 where it arrives, 2 where the reply leaves, 3 where that arrives.
    """

    key: Hashable
    step: int


Match = Callable[[Line], "Mark | None"]
"""Says of a line which step of what it is; ``None``: of nothing that is known by name."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock: that of one host, apart for lines that bear a zone and lines that do not.

    ``device``: of a client, which; of a server, where its logs lie, if there are several of its kind.
    """

    device: str
    host: Where | str
    zoned: bool


@dataclass(frozen=True, slots=True)
class Offset:
    """What has to be added to a clock's time for the first clock's, in seconds: from ``least`` to ``most``."""

    least: float
    most: float


def clocks_of(lines: Sequence[Line]) -> list[Clock]:
    """The clock that each line's time is of. A component whose host is not known has one for itself.

    Servers of one kind are several where one of their logs lies in several places, as those of a gateway do.
    """
    sources = dict.fromkeys((line.source, line.log) for line in lines)
    places = {(source, log): _place(named(source).family, log) for source, log in sources}
    several: dict[Where, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (_, log), place in places.items():
        several[where(log)][log].add(place)
    hosts = {
        (source, log): (host, place if max(map(len, several[host].values())) > 1 else "")
        for (source, log), place in places.items()
        for host in [where(log)]
    }
    found = []
    for line in lines:
        host, place = hosts[line.source, line.log]
        if host is Where.CLIENT or host is Where.UNKNOWN:
            place = line.device
        zoned = line.when is not None and line.when.tzinfo is not None
        found.append(Clock(place, host if host is not Where.UNKNOWN else line.log, zoned))
    return found


def _place(family: str, log: str) -> str:
    """Where a server's log lies: its folder, and what stands before the log's name."""
    return family[: -len(log)] if log and family.lower().endswith(log.lower()) else family


def seconds(moment: datetime) -> float:
    """Since 1970; a time without a zone as if it were UTC."""
    return (moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta()) - datetime(1970, 1, 1)).total_seconds()


def marks_of(lines: Sequence[Line], match: Match | None) -> dict[int, Mark]:
    """For lines that are a step of something, by their places, which; the key tells it from everything else.

    A step that is there more than once under one key, as when a request is repeated, is none.
    """
    found: dict[Mark, list[int]] = defaultdict(list)
    for place, line in enumerate(lines if match else ()):
        mark = match(line) if match and line.when and line.also is None else None
        if mark:
            found[mark].append(place)
    return {places[0]: mark for mark, places in found.items() if len(places) == 1}


def offsets(
    lines: Sequence[Line],
    of: Sequence[Clock],
    marks: Mapping[int, Mark],
    skew: timedelta,
    complain: Callable[[str], None],
) -> tuple[Mapping[Clock, Offset], bool]:
    """How far each clock may be from the first one's, and whether the marks can be believed; ``of``: of each line.

    Pairs are believed before what clocks usually differ by; where they contradict each other, none of them is. Both are
    said.
    """
    count = Counter(each for line, each in zip(lines, of, strict=True) if line.when)
    clocks = list(count)
    if not clocks:
        return {}, True
    first = max(clocks, key=lambda each: (each.zoned, each.host is Where.CLIENT, count[each], -clocks.index(each)))
    pairs = _pairs(lines, of, marks)
    most = _closed(clocks, skew, pairs)
    if most is None and pairs:
        most = _closed(clocks, _FAR, pairs)
        if most is not None:
            complain(f"clocks differ by more than {skew}")
    believed = most is not None
    if most is None:
        complain("lines that belong together are out of order: a clock was changed, or they are no pairs")
        most = _closed(clocks, skew, {})
    assert most is not None, "what clocks usually differ by does not contradict itself"
    return {each: Offset(-most[each, first], most[first, each]) for each in clocks}, believed


def _closed(
    clocks: Sequence[Clock], skew: timedelta, pairs: Mapping[tuple[Clock, Clock], float]
) -> dict[tuple[Clock, Clock], float] | None:
    """For any two clocks the most that the second's offset may exceed the first's, by all that is known.

    Shortest paths between all of them (Floyd and Warshall); a circle that is negative is a contradiction: ``None``.
    """
    most = {(a, b): min(_usual(a, b, skew), pairs.get((a, b), math.inf)) for a in clocks for b in clocks}
    for by in clocks:
        for a in clocks:
            for b in clocks:
                most[a, b] = min(most[a, b], most[a, by] + most[by, b])
    return None if any(most[each, each] < 0 for each in clocks) else most


def _usual(a: Clock, b: Clock, skew: timedelta) -> float:
    """What nothing but good sense says of two clocks: some minutes, and where a zone is missing, any zone."""
    if a == b:
        return 0.0
    most = timedelta() if (a.device, a.host) == (b.device, b.host) else skew
    if not a.zoned:
        most += _EAST
    if not b.zoned:
        most += _WEST
    return most.total_seconds()


def _pairs(lines: Sequence[Line], of: Sequence[Clock], marks: Mapping[int, Mark]) -> dict[tuple[Clock, Clock], float]:
    """For two clocks the most that the second's offset may exceed the first's, so that each pair is in order."""
    steps: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for place, mark in marks.items():
        steps[mark.key].append((mark.step, place))
    most: dict[tuple[Clock, Clock], float] = {}
    for own in steps.values():
        for (_, a), (_, b) in combinations(sorted(own), 2):
            before, behind, pair = lines[a], lines[b], (of[b], of[a])
            if pair[0] != pair[1] and before.when and behind.when:
                apart = seconds(behind.when) - seconds(before.when) + resolution(behind)
                most[pair] = min(most.get(pair, math.inf), apart)
    return most


def resolution(line: Line) -> float:
    """Seconds within which a line was written from its time on."""
    return 0.0 if line.when is None else 0.001 if line.when.microsecond else 1.0
