"""Following: the states of the model that are consistent with what was seen, line by line, from the lines only.

A line stands for one of some events, or says what is true while it is written. From a set of states the next line leads
to the next set: the set is closed under the events that leave no line (:mod:`.silence`), those states are kept in which
``holds`` is true, and of these the images under the line's events are taken together. Nothing else is explored.

Real logs leave lines out, repeat them, begin in the middle, and say in the same words what the model does not have. So
there are several *ways* to read a log, each with what it assumes and what that costs; those that assume least are kept:

* a line that does not fit is about something else (:attr:`~..pattern.Pattern.elsewhere`);
* lines are missing before it, or a program was started anew: whatever may be just after it, in the same environment;
  a line with which a log begins, and that may be about something else, may also stand before everything;
* it says once more what an earlier one has said (this costs nothing where another log says it, or the same words stand
  there twice);
* it contradicts what came before (a deviation), and the log is read on from there.

References: van der Aalst, Adriansyah, van Dongen, "Replaying history on process models for conformance checking and
performance analysis" (2012), for the costs; Sampath et al., "Diagnosability of discrete-event systems" (1995), for the
silent closure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from ccmproof.model.kernel.diagram import EMPTY

from ..pattern import Pattern, Seen
from .ground import Ground, TooLarge

After = Callable[[str], int]


class Fit(Enum):
    """What a line is taken for, on one way of reading the log."""

    STEP = "step"
    HOLDS = "holds"
    SAID = "said"
    AGAIN = "again"
    ELSEWHERE = "elsewhere"
    BEGINS = "begins"
    GAP = "gap"
    DEVIATES = "deviates"


ASIDE = frozenset({Fit.SAID, Fit.AGAIN, Fit.ELSEWHERE})
"""Where a line is taken for one of these, the model makes no step for it."""
COST = {Fit.ELSEWHERE: 1, Fit.GAP: 3, Fit.DEVIATES: 12}
"""What is assumed costs something; what is not in here costs nothing."""
SLACK = 3
"""Ways that cost so much more than the best one are let go."""
RECENT = 6
"""An event may be said again within so many lines."""
BUDGET = 40_000
"""So many nodes the closures of one device may cost together; then those are too much that are not known already."""
TAKEN = 20_000
"""Of so many lines on some ways it is kept in mind what came of them."""
SECONDS = 3.0
"""The same words are the same line again within so many seconds."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A line on a way: what it is taken for, and the events of it that fit.

    Attributes:
        before: the states in which it was tried, closed under what is silent; ``None`` where nothing was known.
        after: the states after it; ``None`` as before.
    """

    seen: Seen
    fit: Fit
    events: tuple[str, ...] = ()
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class _Trail:
    """The lines of a way, the last one first: ways share what they have in common."""

    placed: Placed
    earlier: _Trail | None = None

    def __iter__(self) -> Iterator[Placed]:
        here: _Trail | None = self
        while here is not None:
            yield here.placed
            here = here.earlier


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reading the log so far.

    Attributes:
        states: where the model may be; ``None``: anywhere, in the environments of ``shadow``.
        shadow: a set of environments; it counts where ``states`` is ``None``.
        cost: of what it assumes.
        unplaced: no line so far says where the model is.
    """

    states: int | None
    shadow: int
    cost: int = 0
    trail: _Trail | None = None
    unplaced: bool = True


_Key: TypeAlias = tuple[object, ...]
_Move: TypeAlias = tuple[int, Placed, Way]
"""A way, by its place, what the line is taken for on it, and the way on which that leads; both without the lines."""


@dataclass
class Follower:
    """Follows one device's lines.

    Args:
        silent: the events that leave no line.
        after: the states just after an event, whatever was before (:meth:`.kept.Kept.after`).
        from_start: the log is known to begin where the model does.
    """

    ground: Ground
    silent: frozenset[str]
    after: After
    from_start: bool = False
    ways: list[Way] = field(default_factory=list)
    cut: int = 0
    """How often it was too much to find out what silent events lead to."""
    _budget: int = BUDGET
    _recent: list[Seen] = field(default_factory=list)
    _moves: dict[tuple[int, str, str], tuple[int, tuple[str, ...], int]] = field(default_factory=dict)
    _runs: dict[str, int] = field(default_factory=dict)
    """By log, the run of the program that wrote its last line."""
    _taken: dict[_Key, tuple[tuple[_Move, ...], int]] = field(default_factory=dict)
    """What came of a line on some ways, and how often it was too much: the same line on the same ways comes to the
    same, for what was too much once stays so while the budget shrinks."""

    def __post_init__(self) -> None:
        first = Way(self.ground.initial, self.ground.allowed) if self.from_start else Way(None, self.ground.allowed)
        self.ways = [first]

    def take(self, seen: Seen) -> None:
        """Read one line on every way."""
        repeats, anew = self._repeats(seen), self._begins_anew(seen)
        least, pattern = self.ways[0].cost, seen.pattern
        ways = tuple((way.states, way.shadow, way.cost - least, way.unplaced) for way in self.ways)
        key: _Key = (ways, pattern.id, pattern.events, pattern.holds, pattern.elsewhere, repeats, anew)
        known = self._taken.get(key)
        if known is None:
            before = self.cut
            moves = tuple(self._moves_of(seen, repeats, anew, least))
            if len(self._taken) >= TAKEN:
                self._taken.clear()
            self._taken[key] = moves, self.cut - before
        else:
            moves = known[0]
            self.cut += known[1]
        self.ways = [self._gone(self.ways[at], seen, placed, to, least) for at, placed, to in moves]
        self._runs[seen.line.log] = seen.line.process
        if pattern.events:
            self._recent = [*self._recent[1 - RECENT :], seen]

    def _moves_of(self, seen: Seen, repeats: bool, anew: bool, least: int) -> Iterable[_Move]:
        """What may come of the line: the ways that are kept, those that assume least first; costs beyond the least."""
        found: dict[tuple[int, bool], _Move] = {}
        for at, way in enumerate(self.ways):
            from_here = replace(way, cost=way.cost - least, trail=None)
            for to in self._read(from_here, seen, repeats, anew):
                assert to.trail is not None
                key = to.cost, to.states is None
                other = found.get(key)
                if other is None:
                    found[key] = at, to.trail.placed, replace(to, trail=None)
                else:
                    found[key] = *other[:2], self._joined(other[2], to)
        best = min(cost for cost, _ in found)
        return sorted((each for each in found.values() if each[2].cost <= best + SLACK), key=lambda each: each[2].cost)

    def _gone(self, way: Way, seen: Seen, placed: Placed, to: Way, least: int) -> Way:
        """The way on which the line leads, with the line itself."""
        here = Placed(seen, placed.fit, placed.events, placed.before, placed.after)
        return Way(to.states, to.shadow, least + to.cost, _Trail(here, way.trail), to.unplaced)

    def _joined(self, one: Way, other: Way) -> Way:
        shadow = self.ground.store.union(one.shadow, other.shadow)
        if one.states is None or other.states is None:
            return replace(one, states=None, shadow=shadow)
        return replace(one, states=self.ground.store.union(one.states, other.states), shadow=shadow)

    # -- one line on one way

    def _read(self, way: Way, seen: Seen, repeats: bool, anew: bool) -> Iterator[Way]:
        pattern = seen.pattern
        if not pattern.events and not pattern.holds:
            yield self._step(way, Placed(seen, Fit.SAID, (), way.states, way.states), way.states)
            return
        if way.states is None:
            yield from self._lost(way, seen, Fit.BEGINS if way.unplaced else Fit.GAP)
            return
        try:
            closed, events, then = self._moved(way.states, pattern)
        except TooLarge:
            self.cut += 1
            if not pattern.events:  # what holds here is not used: that says more than there may be, and never less
                yield self._step(way, Placed(seen, Fit.SAID, (), None, way.states), way.states)
                return
            yield from self._lost(replace(way, states=None, shadow=self.ground.shadow(way.states)), seen, Fit.STEP)
            return
        if then:
            fit = Fit.STEP if pattern.events else Fit.HOLDS
            yield self._step(way, Placed(seen, fit, events, closed, then), then)
        if repeats:
            yield self._step(way, Placed(seen, Fit.AGAIN, (), closed, way.states), way.states)
        if not then and not repeats:
            yield from self._misfit(way, seen, closed, anew)

    def _misfit(self, way: Way, seen: Seen, closed: int, anew: bool) -> Iterator[Way]:
        """A line that nothing leads to: it is about something else, or lines are missing, or it contradicts."""
        pattern = seen.pattern
        if pattern.elsewhere or not pattern.events:
            yield self._step(way, Placed(seen, Fit.ELSEWHERE, (), closed, way.states), way.states)
        if not pattern.events:
            return
        shadow = self.ground.shadow(closed)
        fit = Fit.BEGINS if anew else Fit.GAP
        events, then = self._anywhere(pattern, shadow)
        if then:
            yield self._step(way, Placed(seen, fit, events, closed, then), then)
        elif not pattern.elsewhere:
            events, then = self._anywhere(pattern, self.ground.allowed)
            yield self._step(way, Placed(seen, Fit.DEVIATES, events, closed, then or None), then or None)

    def _lost(self, way: Way, seen: Seen, fit: Fit) -> Iterator[Way]:
        """Where nothing is known of where the model is: it is just after one of the line's events."""
        pattern = seen.pattern
        if not pattern.events:
            yield self._step(way, Placed(seen, Fit.SAID), None)
            return
        events, then = self._anywhere(pattern, way.shadow)
        if then and pattern.elsewhere and fit is Fit.BEGINS:  # "ccmsetup started": for the first time, or once more
            then = self.ground.store.union(then, self.ground.within(self.ground.initial, way.shadow))
        if then:
            yield self._step(way, Placed(seen, fit, events, None, then), then)
        elif pattern.elsewhere:
            yield self._step(way, Placed(seen, Fit.ELSEWHERE), None)
        else:
            events, then = self._anywhere(pattern, self.ground.allowed)
            yield self._step(way, Placed(seen, Fit.DEVIATES, events, None, then or None), then or None)

    def _step(self, way: Way, placed: Placed, states: int | None) -> Way:
        shadow = way.shadow if placed.fit is not Fit.DEVIATES else self.ground.allowed
        unplaced = way.unplaced and placed.fit in (Fit.SAID, Fit.ELSEWHERE)
        return Way(states, shadow, way.cost + COST.get(placed.fit, 0), _Trail(placed), unplaced)

    # -- sets

    def _moved(self, states: int, pattern: Pattern) -> tuple[int, tuple[str, ...], int]:
        """The closure of the states, the events of the pattern that may happen in it, and where they lead."""
        key = states, pattern.id, pattern.holds
        found = self._moves.get(key)
        if found is None:
            ground = self.ground
            closed = self._closed(states)
            there = ground.store.intersection(closed, ground.says(pattern.holds)) if pattern.holds else closed
            if not pattern.events:
                found = closed, (), there
            else:
                leads = [(event, ground.after(there, event)) for event in pattern.events]
                fitting = tuple(event for event, to in leads if to)
                found = closed, fitting, ground.union(to for _, to in leads)
            self._moves[key] = found
        return found

    def _closed(self, states: int) -> int:
        before = len(self.ground.store)
        try:
            return self.ground.closed(states, self.silent, min(self.ground.most, max(self._budget, 0)))
        finally:
            self._budget -= len(self.ground.store) - before

    def _anywhere(self, pattern: Pattern, shadow: int) -> tuple[tuple[str, ...], int]:
        """What may be just after one of the events, whatever was before, in these environments."""
        ground = self.ground
        leads = []
        for event in pattern.events:
            to = ground.within(self.after(event), shadow)
            if to and pattern.holds:
                to = ground.store.intersection(to, ground.after(ground.says(pattern.holds), event))
            leads.append((event, to))
        return tuple(event for event, to in leads if to), ground.union(to for _, to in leads)

    # -- judging by what came before

    def _repeats(self, seen: Seen) -> bool:
        """Whether the line may say once more what one just before it has said."""
        events = set(seen.pattern.events)
        if not events:
            return False
        return any(
            (same_words(seen, earlier) and near(seen, earlier))
            or (seen.line.log != earlier.line.log and not events.isdisjoint(earlier.pattern.events))
            or (seen.pattern.id != earlier.pattern.id and events == set(earlier.pattern.events))
            for earlier in self._recent
        )

    def _begins_anew(self, seen: Seen) -> bool:
        """Whether another run of the program writes the line than the one that wrote the line before it in its log."""
        return self._runs.get(seen.line.log, seen.line.process) != seen.line.process


def same_words(one: Seen, other: Seen) -> bool:
    return one.line.log == other.line.log and one.line.text == other.line.text


def near(one: Seen, other: Seen) -> bool:
    """Within a few seconds, or of an unknown time."""
    if one.line.when is None or other.line.when is None:
        return True
    apart = one.line.when.replace(tzinfo=None) - other.line.when.replace(tzinfo=None)
    return abs(apart.total_seconds()) <= SECONDS


@dataclass(frozen=True)
class Followed:
    """How a device's lines were read on one ground.

    Attributes:
        placed: every recognised line, in order, on the way that assumes least.
        states: where the model may be after the last one; ``None``: it is not known.
        possible: the environments, a set, in which any of the ways that were kept ends.
        cost: of what is assumed on the way.
        cut: how often something was too much to be found out.
    """

    ground: Ground
    placed: tuple[Placed, ...]
    states: int | None
    possible: int
    cost: int
    cut: int

    @property
    def begun(self) -> bool:
        """Whether any line says where the model is."""
        return any(each.fit not in (Fit.SAID, Fit.ELSEWHERE) for each in self.placed)

    @property
    def deviations(self) -> tuple[Placed, ...]:
        return tuple(each for each in self.placed if each.fit is Fit.DEVIATES)


def followed(follower: Follower, lines: Iterable[Seen]) -> Followed:
    """Follow all lines."""
    for seen in lines:
        follower.take(seen)
    best = follower.ways[0]
    placed = tuple(best.trail)[::-1] if best.trail else ()
    shadows = [w.shadow if w.states is None else follower.ground.shadow(w.states) for w in follower.ways]
    return Followed(
        follower.ground,
        placed,
        best.states if best.states != EMPTY else None,
        follower.ground.union(shadows),
        best.cost,
        follower.cut,
    )
