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

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ccmproof.model.kernel.diagram import EMPTY

from ..pattern import Pattern
from .asked import Asked
from .ground import Ground, TooLarge
from .trail import Fit, Placed, Point

After = Callable[[str], int]
COST = {Fit.ELSEWHERE: 1, Fit.GAP: 3, Fit.DEVIATES: 12}
"""What is assumed costs something; what is not in here costs nothing."""
UNTIMELY = 2
"""What it costs that a line does not fit by its time: a clock was set."""
SLACK = 3
"""Ways that cost so much more than the best one are let go."""
BUDGET = 40_000
"""So many nodes the closures of one device may cost together; then those are too much that are not known already."""
ONCE_MORE = BUDGET // 4
"""The same where the lines are followed once more, with those of the site: most closures are known by then."""
TAKEN = 20_000
"""Of so many lines on some ways it is kept in mind what came of them."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reading the log so far.

    Attributes:
        states: where the model may be; ``None``: anywhere, in the environments of ``shadow``.
        shadow: a set of environments; it counts where ``states`` is ``None``.
        cost: of what it assumes.
        unplaced: no line so far says where the model is.
        point: what it has read.
    """

    states: int | None
    shadow: int
    cost: int = 0
    unplaced: bool = True
    point: Point | None = field(default=None, compare=False)


_Key: TypeAlias = tuple[object, ...]
_Read: TypeAlias = tuple[Way, Placed]
"""What a line is taken for, and the way on which that leads."""
_Move: TypeAlias = tuple[tuple[tuple[int, Placed], ...], Way]
"""A way, and how one gets on it: from which ways, by their places, and what the line is taken for."""


@dataclass
class Follower:
    """Follows one device's lines.

    Args:
        silent: the events that leave no line.
        after: the states just after an event, whatever was before (:meth:`.kept.Kept.after`).
        from_start: the log is known to begin where the model does.
        budget: how many nodes closures may still cost together.
        generous: lines may be missing before a line that would fit without it.
    """

    ground: Ground
    silent: frozenset[str]
    after: After
    from_start: bool = False
    budget: int = BUDGET
    generous: bool = False
    cut: int = 0
    """How often it was too much to find out what silent events lead to."""
    _moves: dict[_Key, tuple[int, tuple[str, ...], int]] = field(default_factory=dict)
    _taken: dict[_Key, tuple[tuple[_Move, ...], int]] = field(default_factory=dict)
    """What came of a line on some ways, and how often it was too much: the same line on the same ways comes to the
    same, for what was too much once stays so while the budget shrinks."""

    @property
    def first(self) -> list[Way]:
        """The ways before any line."""
        return [Way(self.ground.initial if self.from_start else None, self.ground.allowed)]

    def read(self, ways: Sequence[Way], asked: Asked) -> list[Way]:
        """Read a line on every way; the ways that come of it, those that assume least first."""
        if not ways:
            return []
        least, pattern = ways[0].cost, asked.seen.pattern
        now = tuple((way.states, way.shadow, way.cost - least, way.unplaced) for way in ways)
        line = pattern.id, pattern.events, pattern.holds, pattern.elsewhere, tuple(r.holds for r in pattern.readings)
        key: _Key = (now, line, asked.repeats, asked.anew, asked.given, asked.bound)
        known = self._taken.get(key)
        if known is None:
            before = self.cut
            moves = tuple(self._moves_of(ways, asked, least))
            if len(self._taken) >= TAKEN:
                self._taken.clear()
            known = self._taken[key] = moves, self.cut - before
        else:
            self.cut += known[1]
        return [self._gone(ways, asked, steps, to, least) for steps, to in known[0]]

    def _moves_of(self, ways: Sequence[Way], asked: Asked, least: int) -> Iterable[_Move]:
        """What may come of the line: the ways that are kept, those that assume least first; costs beyond the least."""
        found: dict[tuple[int, bool], _Move] = {}
        for at, way in enumerate(ways):
            from_here = replace(way, cost=way.cost - least, point=None)
            for to, placed in self._read(from_here, asked):
                key = to.cost, to.states is None
                steps, other = found.get(key, ((), None))
                found[key] = (*steps, (at, placed)), to if other is None else self.joined(other, to)
        best = min((cost for cost, _ in found), default=0)
        return sorted((each for each in found.values() if each[1].cost <= best + SLACK), key=lambda each: each[1].cost)

    def _gone(self, ways: Sequence[Way], asked: Asked, steps: Sequence[tuple[int, Placed]], to: Way, least: int) -> Way:
        """The way on which the line leads, with the line itself."""
        before = ways[0].point
        made = tuple((placed.of(asked.seen), ways[at].point) for at, placed in steps)
        point = Point(made, to.states, 1 + (0 if before is None else before.depth))
        return Way(to.states, to.shadow, least + to.cost, to.unplaced, point)

    def joined(self, one: Way, other: Way) -> Way:
        """Both ways, which cost the same and have read the same lines."""
        shadow = self.ground.store.union(one.shadow, other.shadow)
        known = one.states is not None and other.states is not None
        states = self.ground.store.union(one.states or EMPTY, other.states or EMPTY) if known else None
        point = one.point
        if one.point is not None and other.point is not None:
            point = Point((*one.point.steps, *other.point.steps), states, one.point.depth)
        return replace(one, states=states, shadow=shadow, point=point)

    # -- one line on one way

    def _read(self, way: Way, asked: Asked) -> Iterator[_Read]:
        for pattern in asked.seen.pattern.readings:
            of = replace(asked, seen=replace(asked.seen, pattern=pattern))
            yield from ((to, placed.of(asked.seen)) for to, placed in self._read_as(way, of))
        if not asked.seen.pattern.readings:
            yield from self._read_as(way, asked)

    def _read_as(self, way: Way, asked: Asked) -> Iterator[_Read]:
        seen, pattern = asked.seen, asked.seen.pattern
        if not pattern.events and not pattern.holds:
            yield self._step(way, Placed(seen, Fit.SAID, (), way.states, way.states), way.states)
            return
        if asked.bound and not pattern.events and self.ground.lasts(pattern.holds):
            yield from self._lasting(way, asked)
            return
        if way.states is None:
            yield from self._lost(way, asked, Fit.BEGINS if way.unplaced else Fit.GAP)
            return
        try:
            closed, events, then, timely = self._in_time(way.states, pattern, asked.given)
        except TooLarge:
            self.cut += 1
            if not pattern.events or asked.bound:  # it is not used: that says more than there may be, and never less
                yield self._step(way, Placed(seen, Fit.SAID, (), None, way.states), way.states)
                return
            yield from self._roughly(way, asked)
            return
        if self.from_start and way.unplaced and pattern.events and pattern.elsewhere:  # it may stand before everything
            yield self._step(way, Placed(seen, Fit.SAID, (), closed, way.states), way.states)
        if then:
            fit = Fit.STEP if pattern.events else Fit.HOLDS
            yield self._step(way, Placed(seen, fit, events, closed, then, timely, asked.given if timely else ""), then)
        if then and self.generous and pattern.events and not asked.bound:
            yield from self._gap(way, asked, closed)
        if asked.repeats:
            yield self._step(way, Placed(seen, Fit.AGAIN, (), closed, way.states), way.states)
        if not then and not asked.repeats and not asked.bound:
            yield from self._misfit(way, asked, closed)

    def _roughly(self, way: Way, asked: Asked) -> Iterator[_Read]:
        """Where it is too much to find out what has left no line: it led to no more than what each part may come to."""
        assert way.states is not None
        ground, seen = self.ground, asked.seen
        spread, shadow = ground.spread(way.states, self.silent), ground.shadow(way.states)
        there = ground.store.intersection(spread, ground.says(seen.pattern.holds)) if seen.pattern.holds else spread
        events, after = self._anywhere(seen.pattern, shadow)
        fitting, then = self._fitting(
            (event, ground.store.intersection(after, ground.after(there, event))) for event in events
        )
        if then:
            yield self._step(way, Placed(seen, Fit.STEP, fitting, None, then), then)
        else:  # nothing leads there, but how that came about nobody could say
            yield from self._lost(replace(way, states=None, shadow=shadow), asked, Fit.STEP)

    def _lasting(self, way: Way, asked: Asked) -> Iterator[_Read]:
        """A line that says what is so of the environment, wherever the model is."""
        intersection, said = self.ground.store.intersection, self.ground.says(asked.seen.pattern.holds)
        states = None if way.states is None else intersection(way.states, said)
        shadow = intersection(way.shadow, said)
        if states or (states is None and shadow):
            yield self._step(replace(way, shadow=shadow), Placed(asked.seen, Fit.HOLDS, (), way.states, states), states)

    def _misfit(self, way: Way, asked: Asked, closed: int) -> Iterator[_Read]:
        """A line that nothing leads to: it is about something else, or lines are missing, or it contradicts."""
        seen, pattern = asked.seen, asked.seen.pattern
        if pattern.elsewhere or not pattern.events:
            yield self._step(way, Placed(seen, Fit.ELSEWHERE, (), closed, way.states), way.states)
        if not pattern.events:
            return
        missing = list(self._gap(way, asked, closed))
        yield from missing
        if not missing and not pattern.elsewhere:
            events, then = self._anywhere(pattern, self.ground.allowed)
            yield self._step(way, Placed(seen, Fit.DEVIATES, events, closed, then or None), then or None)

    def _gap(self, way: Way, asked: Asked, closed: int) -> Iterator[_Read]:
        """Lines are missing before this one, or a program was started anew."""
        fit = Fit.BEGINS if asked.anew else Fit.GAP
        events, then = self._anywhere(asked.seen.pattern, self.ground.shadow(closed))
        if then:
            yield self._step(way, Placed(asked.seen, fit, events, closed, then), then)

    def _lost(self, way: Way, asked: Asked, fit: Fit) -> Iterator[_Read]:
        """Where nothing is known of where the model is: it is just after one of the line's events."""
        seen, pattern = asked.seen, asked.seen.pattern
        if not pattern.events or asked.bound:
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

    def _step(self, way: Way, placed: Placed, states: int | None) -> _Read:
        shadow = way.shadow if placed.fit is not Fit.DEVIATES else self.ground.allowed
        unplaced = way.unplaced and (
            placed.fit in (Fit.SAID, Fit.ELSEWHERE) or (placed.fit is Fit.HOLDS and not states)
        )
        cost = COST.get(placed.fit, 0) + (0 if placed.timely else UNTIMELY)
        return Way(states, shadow, way.cost + cost, unplaced), placed

    # -- sets

    def _in_time(self, states: int, pattern: Pattern, given: str) -> tuple[int, tuple[str, ...], int, bool]:
        """As :meth:`_moved`, and whether that is so by the time of the line; where nothing is, whatever its time is."""
        moved = self._moved(states, pattern, given)
        if moved[2] or not given:
            return *moved, True
        return *self._moved(states, pattern, ""), False

    def _moved(self, states: int, pattern: Pattern, given: str) -> tuple[int, tuple[str, ...], int]:
        """The closure of the states, the events of the pattern that may happen in it, and where they lead."""
        key = states, pattern.id, pattern.holds, given
        found = self._moves.get(key)
        if found is None:
            ground = self.ground
            there = closed = self._closed(states)
            for text in filter(None, (pattern.holds, given)):
                there = ground.store.intersection(there, ground.says(text))
            if not pattern.events:
                found = closed, (), there
            else:
                found = closed, *self._fitting((event, ground.after(there, event)) for event in pattern.events)
            self._moves[key] = found
        return found

    def _closed(self, states: int) -> int:
        before = len(self.ground.store)
        try:
            return self.ground.closed(states, self.silent, min(self.ground.most, max(self.budget, 0)))
        finally:
            self.budget -= len(self.ground.store) - before

    def _anywhere(self, pattern: Pattern, shadow: int) -> tuple[tuple[str, ...], int]:
        """What may be just after one of the events, whatever was before, in these environments."""
        ground = self.ground
        leads = []
        for event in pattern.events:
            to = ground.within(self.after(event), shadow)
            if to and pattern.holds:
                to = ground.store.intersection(to, ground.after(ground.says(pattern.holds), event))
            leads.append((event, to))
        return self._fitting(leads)

    def _fitting(self, leads: Iterable[tuple[str, int]]) -> tuple[tuple[str, ...], int]:
        """The events that lead anywhere, and all that they lead to."""
        found = [(event, to) for event, to in leads if to]
        return tuple(event for event, _ in found), self.ground.union(to for _, to in found)


@dataclass(frozen=True)
class Followed:
    """How a device's lines were read on one ground.

    Attributes:
        placed: every recognised line, in order, on the way that assumes least.
        states: where the model may be after the last one; ``None``: it is not known.
        possible: the environments, a set, in which any of the ways that were kept ends.
        cost: of what is assumed on the way.
        cut: how often something was too much to be found out.
        ways: all that were kept, those that assume least first.
    """

    ground: Ground
    placed: tuple[Placed, ...]
    states: int | None
    possible: int
    cost: int
    cut: int
    ways: tuple[Way, ...] = ()

    @property
    def begun(self) -> bool:
        """Whether any line says where the model is."""
        return any(each.fit not in (Fit.SAID, Fit.ELSEWHERE) for each in self.placed)

    @property
    def deviations(self) -> tuple[Placed, ...]:
        return tuple(each for each in self.placed if each.fit is Fit.DEVIATES)

    @property
    def point(self) -> Point | None:
        """Where the ways that assume least end."""
        return self.ways[0].point if self.ways else None

    @property
    def likely(self) -> int:
        """The environments, a set, in which a way that assumes least ends."""
        return self.ground.union(environments(self.ground, way) for way in self.ways if way.cost == self.cost)


def deviating(found: Followed) -> Iterator[tuple[int, Placed, Sequence[tuple[Placed, Point | None]]]]:
    """Each line that deviates, with its place, and the steps over it: all ways that come to it at that cost."""
    here, back = found.point, []
    while here is not None:
        placed, earlier = here.steps[0]
        if placed.fit is Fit.DEVIATES:
            back.append((here.depth - 1, placed, [each for each in here.steps if each[0].fit is Fit.DEVIATES]))
        here = earlier
    yield from reversed(back)


def environments(ground: Ground, way: Way) -> int:
    """In which environments a way ends, as a set."""
    return way.shadow if way.states is None else ground.shadow(way.states)


def followed(follower: Follower, lines: Iterable[Asked]) -> Followed:
    """Follow the lines of one host, one after the other."""
    ways = follower.first
    for asked in lines:
        ways = follower.read(ways, asked)
    return ended(follower, ways)


def ended(follower: Follower, ways: Sequence[Way]) -> Followed:
    """What came of all lines, on the ways that are left after the last one."""
    best = ways[0]
    return Followed(
        follower.ground,
        tuple(best.point.back())[::-1] if best.point is not None else (),
        best.states if best.states != EMPTY else None,
        follower.ground.union(environments(follower.ground, way) for way in ways),
        best.cost,
        follower.cut,
        tuple(ways),
    )
