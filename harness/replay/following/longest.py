"""All longest explanations of the lines before a deviation: what they have in common, and where they part.

An explanation is a run of the model with a place in it for every line, back to where the log begins, or begins anew.
All of them that assume least are the ways that lead to the point before the deviation. They are found backwards: of the
states after each line those are kept from which the rest can be explained; a reading of a line that leads to none of
them is none. So they are told without being counted out one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ccmproof.model.kernel.diagram import EMPTY

from ..pattern import Seen
from .between import necessary
from .ground import Ground, TooLarge
from .trail import ANYWHERE, Fit, Placed, Point

FAR = 60
"""So many lines back it is asked."""
TOLD = 12
"""Of so many lines, those next to the deviation, it is told what is inferred before them."""
MOST_NODES = 60_000
"""So many new nodes it may cost to find out what silent events led from one line to the next."""
READ = {
    Fit.HOLDS: "is true there",
    Fit.SAID: "says nothing of the model",
    Fit.AGAIN: "says it once more",
    Fit.ELSEWHERE: "is about something else",
}
"""What a line may be taken for that stands for no event."""


@dataclass(frozen=True)
class ExplainedLine:
    """A line in all longest explanations.

    Attributes:
        events: those that it stands for in some of them; ``beside``: what else it is in some, in words.
        places: the first and the last place that it has in them, from 1; they differ where the order is open.
        begins: the explanations begin with it: what was before is not known.
        actors: the states that some actors are in after it.
        inferred: what happens in all of them before it, since the line before it that stands for something, and leaves
            no line.
    """

    seen: Seen
    events: tuple[str, ...]
    beside: tuple[str, ...]
    places: tuple[int, int]
    begins: bool
    actors: Mapping[str, tuple[str, ...]]
    inferred: tuple[str, ...] = ()

    @property
    def parts(self) -> bool:
        """Whether they part here: by what the line is, or by where it stands."""
        return len(self.events) + len(self.beside) > 1 or self.places[0] < self.places[1]


@dataclass(frozen=True)
class Longest:
    """All longest explanations.

    Attributes:
        lines: those that are explained, in an order that is possible.
        cut: lines before them are not told, or it was too much to find out which of their readings lead on.
    """

    lines: tuple[ExplainedLine, ...] = ()
    cut: bool = False


@dataclass
class _Line:
    """What is found of a line, going backwards."""

    seen: Seen
    events: dict[str, None] = field(default_factory=dict)
    beside: dict[str, None] = field(default_factory=dict)
    depths: set[int] = field(default_factory=set)
    begins: bool = False
    after: int = EMPTY
    ways: list[tuple[int, int]] = field(default_factory=list)
    """From which states to which silent events lead before it, for each way that it is taken on."""


def longest(ground: Ground, silent: frozenset[str], points: Sequence[Point], actors: Iterable[str]) -> Longest:
    """All longest explanations that end in some points.

    Args:
        silent: the events that leave no line.
        points: where the ways that assume least are before the deviation; all have read the same lines.
        actors: those whose states are told.
    """
    back = _Back(ground, silent)
    lines = back.lines(points)
    wanted = tuple(actors)
    least = min((depth for line in lines for depth in line.depths), default=1) - 1
    told = [
        ExplainedLine(
            line.seen,
            tuple(line.events),
            tuple(line.beside),
            (min(line.depths) - least, max(line.depths) - least),
            line.begins,
            _states(ground, line.after, wanted),
            back.inferred(line) if number < TOLD else (),
        )
        for number, line in enumerate(lines)
    ]
    return Longest(tuple(sorted(told, key=lambda each: sum(each.places))), back.cut)


def _states(ground: Ground, states: int, actors: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    found = ground.states(states) if states != EMPTY else {}
    return {name: found[name] for name in actors if name in found}


class _Back:
    """Goes back from some points, line by line."""

    def __init__(self, ground: Ground, silent: frozenset[str]) -> None:
        self.ground, self.silent, self.cut = ground, silent, False

    def lines(self, points: Sequence[Point]) -> list[_Line]:
        """The lines that were read before the points, the last one first."""
        useful = {point: point.states for point in points if point.states is not None}
        found: dict[int, _Line] = {}
        for _ in range(FAR):
            if not useful:
                return list(found.values())
            before: dict[Point, int] = {}
            for point, states in useful.items():
                for placed, earlier in point.steps:
                    self._step(found, before, placed, earlier, states, point.depth)
            useful = before
        self.cut = self.cut or bool(useful)
        return list(found.values())

    def _step(
        self,
        found: dict[int, _Line],
        before: dict[Point, int],
        placed: Placed,
        earlier: Point | None,
        states: int,
        depth: int,
    ) -> None:
        """Go back over one line as it was taken on one way, if that leads to some of the states after it."""
        union, intersection = self.ground.store.union, self.ground.store.intersection
        after = states if placed.after is None else intersection(states, placed.after)
        if after == EMPTY:
            return
        line = found.setdefault(id(placed.seen), _Line(placed.seen))
        line.after = union(line.after, after)
        line.depths.add(depth)
        if placed.fit in ANYWHERE:
            line.begins = True
            line.events.update(dict.fromkeys(placed.events))
            line.ways.append((after, after))
            return
        there = self._there(line, placed, after)
        moves = placed.fit in (Fit.STEP, Fit.HOLDS) and placed.before is not None
        led = self._silently(there, placed.before) if moves and placed.before is not None else there
        came = (self.ground.initial if earlier is None else earlier.states) if moves or earlier else None
        if came is None:
            line.ways.append((after, after))
            return
        led = intersection(led, came)
        if led != EMPTY:
            line.ways.append((led, there))
            if earlier is not None:
                before[earlier] = union(before.get(earlier, EMPTY), led)

    def inferred(self, line: _Line) -> tuple[str, ...]:
        """What happens before the line in all explanations and leaves no line."""
        try:
            return necessary(self.ground, line.ways, self.silent)
        except TooLarge:
            self.cut = True
            return ()

    def _there(self, line: _Line, placed: Placed, after: int) -> int:
        """The states in which the line is written so that it leads to these; what it is taken for is noted."""
        ground = self.ground
        if placed.fit in READ:
            line.beside[READ[placed.fit]] = None
        if placed.fit not in (Fit.STEP, Fit.HOLDS) or placed.before is None:
            return after
        there = placed.before
        for text in filter(None, (placed.seen.pattern.holds, placed.given)):
            there = ground.store.intersection(there, ground.says(text))
        if placed.fit is Fit.HOLDS:
            return after
        led = EMPTY
        for event in placed.events:
            source = ground.store.intersection(ground.before(after, event), there)
            if source != EMPTY:
                line.events[event] = None
                led = ground.store.union(led, source)
        return led

    def _silently(self, states: int, within: int) -> int:
        """From which states of a closure silent events lead to these."""
        try:
            return self.ground.led(states, self.silent, within, MOST_NODES)
        except TooLarge:
            self.cut = True
            return within
