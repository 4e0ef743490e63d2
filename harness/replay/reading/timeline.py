"""One line of time for the lines of several hosts: a window for each, and an order only where it is decided."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from ..line import Line
from .clocks import SKEW, Clock, Mark, Match, Offset, clocks_of, marks_of, offsets, resolution, seconds
from .naming import named
from .pairs import paired


@dataclass(frozen=True, slots=True)
class Entry:
    """A line, and when it may have been written.

    Attributes:
        index: its place on the time line.
        earliest, latest: seconds since 1970 by the first clock (see :meth:`Timeline.moment`); infinite: nothing tells.
        begins, ends: the same by its own clock, which is that of others with the same ``clock``.
        chain: lines of one log, in one order; ``place``: its place there.
        loose: it bears no time, so that its place is the poster's and not attested.
        mark: the step that it is of something that goes from host to host.
    """

    line: Line
    index: int
    earliest: float
    latest: float
    begins: float
    ends: float
    clock: int
    chain: int
    place: int
    loose: bool
    mark: Mark | None = None


@dataclass(frozen=True)
class Timeline:
    """Lines in an order that is possible, and what of it is decided.

    Attributes:
        entries: every line; those of one chain in its order, others by their windows.
        offsets: what was found out of the clocks; ``notes``: what is odd about them.
    """

    entries: Sequence[Entry]
    offsets: Mapping[Clock, Offset]
    notes: Sequence[str] = ()

    def may_precede(self, a: Entry, b: Entry) -> bool:
        """Whether the one may have been written before the other, by log, clock, name, or else their windows."""
        if a.index == b.index:
            return False
        if a.chain == b.chain and not a.loose and not b.loose:
            return a.place < b.place
        if a.mark and b.mark and a.mark.key == b.mark.key:
            return a.mark.step < b.mark.step
        if a.clock == b.clock:
            return a.begins <= b.ends
        return a.earliest <= b.latest

    def decided(self, a: Entry, b: Entry) -> bool:
        """Whether it is known which of two lines was written first."""
        return self.may_precede(a, b) != self.may_precede(b, a)

    @cached_property
    def groups(self) -> Sequence[Sequence[Entry]]:
        """The lines in groups, each written before the next; within one the order between chains is open."""
        found: list[_Group] = []
        for entry in self.entries:
            open_ones: list[_Group] = []
            while found and found[-1].open_to(entry):
                open_ones.append(found.pop())
            group = open_ones.pop() if open_ones else _Group([], {})
            for each in [*(e for behind in reversed(open_ones) for e in behind.entries), entry]:
                group.add(each)
            found.append(group)
        return [group.entries for group in found]

    @staticmethod
    def moment(second: float) -> datetime | None:
        """A bound of a window as a time; ``None`` where nothing bounds it."""
        if not math.isfinite(second):
            return None
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)


@dataclass(slots=True)
class _Group:
    """Entries whose order is open, and the last of each chain's windows."""

    entries: list[Entry]
    last: dict[tuple[int, int], tuple[float, float]]

    def open_to(self, entry: Entry) -> bool:
        """Whether the entry, which comes behind, may have been written before one of these."""
        return any(
            (entry.loose or ends == math.inf)
            if chain == entry.chain
            else (entry.begins <= ends if clock == entry.clock else entry.earliest <= latest)
            for (chain, clock), (ends, latest) in self.last.items()
        )

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        key = entry.chain, entry.clock
        ends, latest = self.last.get(key, (-math.inf, -math.inf))
        self.last[key] = max(ends, entry.ends), max(latest, entry.latest)


def timeline(lines: Iterable[Line], *, match: Match | None = paired, skew: timedelta = SKEW) -> Timeline:
    """Put lines on one line of time.

    Args:
        match: which lines are steps of the same message from host to host; from these pairs the clocks are compared.
            ``None``: of none.
        skew: by which the clocks of two hosts differ at most, where no pair tells.
    """
    lines = list(lines)
    notes: list[str] = []
    marks = marks_of(lines, match)
    of = clocks_of(lines)
    clocks, believed = offsets(lines, of, marks, skew, notes.append)
    families = {source: named(source).family for source in {line.source for line in lines}}
    chains: dict[tuple[str, str, str], int] = {}
    places: list[int] = []
    numbers: dict[Clock, int] = {}
    entries = []
    for at, line in enumerate(lines):
        chain = chains.setdefault((families[line.source], line.log, line.device), len(chains))
        if chain == len(places):
            places.append(0)
        own = of[at]
        begins, ends = _window(line)
        offset = clocks.get(own, Offset(0.0, 0.0))
        earliest, latest = begins + offset.least, ends + offset.most
        number = numbers.setdefault(own, len(numbers))
        mark = marks.get(at) if believed else None
        loose = line.when is None
        entries.append(Entry(line, 0, earliest, latest, begins, ends, number, chain, places[chain], loose, mark))
        places[chain] += 1
    entries = _merged(_within_chains(entries, len(places)))
    return Timeline([replace(each, index=index) for index, each in enumerate(entries)], clocks, tuple(notes))


def _window(line: Line) -> tuple[float, float]:
    """When a line was written by its own clock."""
    if line.when is None:
        return -math.inf, math.inf
    readings = [seconds(each) for each in (line.when, line.also) if each]
    return min(readings), max(readings) + resolution(line)


def _within_chains(entries: list[Entry], chains: int) -> list[Entry]:
    """Windows narrowed by their neighbours in a chain: none begins before the one before it, none ends after the next.

    A clock that is set back would turn them inside out; there they are left as they are.
    """
    least, most = [-math.inf] * chains, [math.inf] * chains
    forwards, backwards = [], []
    for each in entries:
        if not each.loose:
            least[each.chain] = max(least[each.chain], each.earliest)
        forwards.append(least[each.chain] if not each.loose else each.earliest)
    for each in reversed(entries):
        if not each.loose:
            most[each.chain] = min(most[each.chain], each.latest)
        backwards.append(most[each.chain] if not each.loose else each.latest)
    backwards.reverse()
    return [
        replace(each, earliest=begin, latest=end) if begin <= end else each
        for each, begin, end in zip(entries, forwards, backwards, strict=True)
    ]


def _merged(entries: list[Entry]) -> list[Entry]:
    """Chains merged by the middle of their windows, each in its own order.

    A line without a time stays behind the timed one before it in its chain; where its chain has none, where it stood.
    """
    middles: dict[int, float] = {}
    keys: list[float] = []
    before = -math.inf
    for each in entries:
        if not each.loose:
            middle = (each.earliest + each.latest) / 2
            middles[each.chain] = max(middles.get(each.chain, -math.inf), middle)
        before = middles.get(each.chain, before)
        keys.append(before)
    return [entries[number] for number in sorted(range(len(entries)), key=lambda number: (keys[number], number))]
