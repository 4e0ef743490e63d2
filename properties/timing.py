"""Claims about time: a stopwatch that watches, and the bound that it must keep.

A :class:`Stopwatch` starts with an event, counts ticks, and at some reading stops telling them apart; it is an observer
like any other, made for the length of a scenario's tick. A :class:`Bound` says that an event happens only while the
stopwatch is off or shows at most so many minutes (or, ``least``, at least so many). Bounds are closed: at exactly so
many minutes the claim holds. Between two ticks no time is told, so a reading is right to within one tick either way.

How long something takes *at most* is asked where lives are closed (:class:`~ccmproof.model.scenario.Scenario`), what it
takes at least where they are not: the other way round, each of the lives that follow one another on the way would hide
a tick, and a bound that is too good would be proved. A scenario that cannot tell leaves the claim undetermined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ccmproof.model.kernel.actor import STAY, ActorDef, Row, observer, recv
from ccmproof.model.scenario import Scenario

OFF = "off"
OVER = "over"
"""The readings of a stopwatch that does not run, and of one that has run longer than it can show."""


@dataclass(frozen=True)
class Duration:
    """A duration of the model that a bound rests on, in minutes: from the shortest to the longest that it may be.

    ``name`` is the model's for it, ``what`` says it in words.
    """

    name: str
    what: str
    shortest: int
    longest: int

    def at(self, scenario: Scenario) -> Duration:
        """As long as it is in the scenario."""
        shortest, longest = scenario.durations.get(self.name, (self.shortest, self.longest))
        return replace(self, shortest=shortest, longest=longest)

    def widened(self, tick: int) -> str:
        """What ticks of so many minutes make of it, in words; empty where they leave it as it is."""
        short, long = self.shortest // tick * tick, -(-self.longest // tick) * tick
        if (short, long) == (self.shortest, self.longest):
            return ""
        return f"the {self.what} of {_span(self.shortest, self.longest)} counts as {_span(short, long)}"


@dataclass(frozen=True)
class Stopwatch:
    """What starts it, what stops it, and how far it counts.

    Attributes:
        name: of the machine that watches. Two of one name must be equal; properties may share one.
        starts: the events that start it, where ``when`` holds before them.
        reaches: up to how many minutes readings are told apart; what is longer is ``over``.
        stops: the events that turn it off, where ``stops_when`` holds before them.
        spans: the durations that it must be able to measure, one after the other: where a scenario has longer ones, it
            reaches further.
        restarts: whether an event that starts it sets it back to nothing while it runs.
        tick: the event by which time passes.
    """

    name: str
    starts: tuple[str, ...]
    reaches: int
    when: str = ""
    stops: tuple[str, ...] = ()
    stops_when: str = ""
    spans: tuple[Duration, ...] = ()
    restarts: bool = False
    tick: str = "tick"
    doc: str = ""

    def at(self, scenario: Scenario) -> Stopwatch:
        """As far as it must reach in the scenario."""
        more = sum(max(each.at(scenario).longest - each.longest, 0) for each in self.spans)
        return replace(self, reaches=self.reaches + more)

    def readings(self, tick: int) -> tuple[str, ...]:
        """What it shows while it runs, for ticks of so many minutes, in their order: ticks since the start."""
        return (*map(str, range(self.reaches // tick + 1)), OVER)

    def observer(self, tick: int) -> ActorDef:
        """The machine that watches, for ticks of so many minutes."""
        return observer(self.name, states=(OFF, *self.readings(tick)), rows=list(self._rows(tick)), doc=self.doc)

    def _rows(self, tick: int) -> Iterator[Row]:
        readings = self.readings(tick)
        for event in self.starts:
            yield recv(event, "*" if self.restarts else OFF, readings[0], self.when)
        for event in self.stops:
            yield recv(event, readings, OFF, self.stops_when)
        yield from (recv(self.tick, now, after) for now, after in pairwise(readings))
        yield recv(self.tick, OVER, STAY)


@dataclass(frozen=True)
class Bound:
    """So many minutes at most, or ``least``, at least, on a stopwatch.

    Attributes:
        minutes: what is claimed.
        grain: the claim can be told with ticks of a length that divides so many minutes.
        rests_on: the durations of the model that make it; where a tick widens one, the verdict says so.
        follows: whether the claim is about these durations, whatever they are: the first of them less the others. Else
            it stays what it is where a scenario has others.
    """

    stopwatch: Stopwatch
    minutes: int
    grain: int
    least: bool = False
    rests_on: tuple[Duration, ...] = ()
    follows: bool = False

    def at(self, scenario: Scenario) -> Bound:
        """With the durations that the scenario has."""
        rests_on = tuple(each.at(scenario) for each in self.rests_on)
        changed = replace(self, stopwatch=self.stopwatch.at(scenario), rests_on=rests_on)
        if not self.follows:
            return changed
        first, *others = (each.longest for each in rests_on)
        return replace(changed, minutes=max(first - sum(others), 0))

    @property
    def says_nothing(self) -> bool:
        """At least no time at all: what the claim is about is never there where the durations leave none."""
        return self.least and self.minutes <= 0

    def __str__(self) -> str:
        which = "least" if self.least else "most"
        return f"{self.stopwatch.name} shows at {which} {in_minutes(self.minutes)}, if it runs"

    def obstacle(self, scenario: Scenario) -> str:
        """Why the scenario cannot tell; empty where it can."""
        tick = scenario.tick
        if tick is None or self.grain % tick:
            has = "time only as the order of events" if tick is None else f"ticks of {tick} min"
            return f"it needs a tick that divides {self.grain} min, and {scenario.name} has {has}"
        if self.minutes % tick:
            return f"{in_minutes(self.minutes)} are no whole number of the ticks of {tick} min that {scenario.name} has"
        if scenario.closed == self.least:
            needs = "open" if self.least else "closed"
            return f"{'the least' if self.least else 'the longest'} time needs {needs} lives, unlike {scenario.name}"
        return ""

    def keeps(self, tick: int) -> str:
        """The condition that the bound asks for, as text."""
        readings, within = self.stopwatch.readings(tick), self.minutes // tick
        good = readings[within:] if self.least else readings[: within + 1]
        return f"{self.stopwatch.name} in {{{', '.join((OFF, *good))}}}"

    def widened(self, tick: int) -> str:
        """What ticks of so many minutes make of the durations, in words; empty where they are all whole."""
        return "; ".join(filter(None, (each.widened(tick) for each in self.rests_on)))


def in_minutes(minutes: int) -> str:
    """``45 min``, ``8 h``, ``9 h 30 min``."""
    hours, rest = divmod(minutes, 60)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(parts)


def _span(shortest: int, longest: int) -> str:
    return in_minutes(shortest) if shortest == longest else f"{shortest} to {longest} min"
