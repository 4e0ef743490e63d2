"""Failures: which lines speak of one, which of them something after it overcame, and what else they teach."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial

from ccmproof.model.kernel.diagram import EMPTY

from ..pattern import Seen
from .equipment import Equipment
from .follow import Followed
from .hosts import of_client
from .how import How
from .inference import explaining
from .owners import Owned, owned
from .ranking import DURING, Supposed, Trouble, troubles
from .stages import REGISTERED, STAGES, TOKEN, achieves, failed, got_token, level_of, of_token
from .trail import ASIDE, Fit, Placed

RECENT = 12
"""So many of the last lines that speak of a failure are asked what they teach."""
ATTEMPTS = frozenset({"ccmsetup_asks_the_cmg", "registration_starts", "registration_tries_again"})
"""The events by which an attempt begins."""


@dataclass
class Failures:
    """What failed, in all lines of a device.

    Args:
        seen: all of them; ``full``: those of the client as they were followed where faults happen.
    """

    seen: tuple[Seen, ...]
    full: Followed

    @cached_property
    def levels(self) -> list[int]:
        """After each followed line the stage that is certain to be behind."""
        found, level = [], -1
        level_at = cache(partial(level_of, self.full.ground))
        for placed in self.full.placed:
            if placed.after is not None:
                here = level_at(placed.after)
                lost = placed.fit is Fit.STEP and placed.before is None  # it was too much: that takes nothing back
                level = max(level, here) if lost else here
            found.append(level)
        return found

    @cached_property
    def owned(self) -> Owned:
        """The lines about what a user asks for himself."""
        return owned(self.seen)

    @property
    def users_alone(self) -> bool:
        """Whether nothing is left open but what a user has asked for himself; a site's lines do not say who asked."""
        own = [each.seen for each in self.open if of_client(each.seen)]
        return bool(own) and all(id(seen) in self.owned.lines for seen in own)

    @cached_property
    def come_to(self) -> int:
        """The highest stage that is certain to be behind since the last attempt began; -1: none.

        What a line says that fails is certain too: where the model has to be for it.
        """
        bad = {id(each.seen) for each in self.open}
        level_at = cache(partial(level_of, self.full.ground, over=True))
        runs: dict[str, int] = {}
        found = -1
        for placed, level in zip(self.full.placed, self.levels, strict=True):
            if _begins(placed, runs):
                found = -1
            if placed.after is not None:
                found = max(found, level, level_at(placed.after))
                if id(placed.seen) in bad:
                    found = max(found, level_at(self._led_from(placed, placed.after)))
        return found

    @cached_property
    def exact(self) -> bool:
        """Whether the stage behind :attr:`come_to` is certain to be under way where the last failure comes."""
        failing = {id(each.seen) for each in self.open}
        last = next((each for each in reversed(self.full.placed) if id(each.seen) in failing and each.after), None)
        if last is None or last.after is None or not 0 <= self.come_to < len(STAGES) - 1:
            return False
        ground = self.full.ground
        behind = ground.says(STAGES[self.come_to + 1].passed)
        return ground.store.intersection(self._led_from(last, last.after), behind) == EMPTY

    def _led_from(self, placed: Placed, after: int) -> int:
        """The states from which the line leads on; where it was too much to find out, all from which it may."""
        ground = self.full.ground
        led = ground.union(ground.before(after, event) for event in placed.events) if placed.events else after
        if placed.fit not in ASIDE and placed.seen.pattern.holds:
            led = ground.store.intersection(led, ground.says(placed.seen.pattern.holds))
        return led if placed.before is None else ground.store.intersection(led, placed.before)

    @cached_property
    def told(self) -> tuple[tuple[Trouble, ...], tuple[Trouble, ...]]:
        """The failures that nothing after them overcame, and those that were."""
        ground, placed = self.full.ground, self.full.placed
        event = ground.network.event
        index = {id(each.seen): i for i, each in enumerate(placed)}

        def fitting(seen: Seen) -> Sequence[str]:
            at = index.get(id(seen))
            return seen.pattern.events if at is None else placed[at].events or seen.pattern.events

        told = troubles(
            ((seen, fitting(seen)) for seen in self.seen),
            lambda name: name in event and event[name].refusal,
            lambda holds: failed(ground, holds),
        )
        best_later = [-1] * (len(self.levels) + 1)
        for i in reversed(range(len(self.levels))):
            here = self.levels[i] if achieves(placed[i]) else -1
            best_later[i] = max(best_later[i + 1], here)
        last_got = max((i for i, each in enumerate(placed) if got_token(each)), default=-1)
        last_good = {
            each.seen.line.log: i
            for i, each in enumerate(placed)
            if each.seen.line.log and self.levels[i] >= REGISTERED and achieves(each)
        }
        open_ones: list[Trouble] = []
        overcome: list[Trouble] = []
        last = last_of_user = -1
        nearest: dict[int, int] = {}
        for seen in self.seen:  # a line of the site is as late as the client's line before it
            last = index.get(id(seen), last)
            nearest[id(seen)] = last
            last_of_user = last if id(seen) in self.owned.good else last_of_user
        for trouble in told:
            at = nearest[id(trouble.seen)]
            before = self.levels[at - 1] if at > 0 else -1
            later = best_later[at + 1] if at + 1 < len(best_later) else -1
            token = of_token(trouble.seen.pattern)
            got = token and at < last_got
            # beyond the registration one message follows another: a later one that goes well is no higher stage
            achieved = id(trouble.seen) in index and achieves(placed[at])
            again = before >= REGISTERED and not achieved and last_good.get(trouble.seen.line.log, -1) > at
            of_user = id(trouble.seen) in self.owned.lines and max(self.levels[: at + 1], default=-1) >= REGISTERED
            # who goes to get a CCM token may have no Entra token to show
            further = later > before and not (token and later == TOKEN)
            good = at < last_of_user if of_user else got or again or further
            (overcome if good else open_ones).append(trouble)
        return tuple(open_ones), tuple(overcome)

    @property
    def open(self) -> tuple[Trouble, ...]:
        return self.told[0]

    @property
    def overcome(self) -> tuple[Trouble, ...]:
        return self.told[1]

    @cached_property
    def fruitless(self) -> int:
        """How many attempts have begun since the highest stage that was ever reached was first behind."""
        highest, since = -1, 0
        for placed, level in zip(self.full.placed, self.levels, strict=True):
            if level > highest and level > 0:
                highest, since = level, 0
            if not ATTEMPTS.isdisjoint(placed.events) and placed.fit is not Fit.AGAIN:
                since += 1
        return since if highest < REGISTERED else 0


def no_token(open_ones: Sequence[Trouble]) -> bool:
    """Whether the last failure is that Entra gives no token."""
    return bool(open_ones) and of_token(open_ones[-1].seen.pattern)


def _begins(placed: Placed, runs: dict[str, int]) -> bool:
    """Whether an attempt begins with the line: the program says so, or another run of it writes."""
    line = placed.seen.line
    before, runs[line.log] = runs.get(line.log, line.process), line.process
    if placed.fit is Fit.AGAIN:
        return False
    return before != line.process or not ATTEMPTS.isdisjoint(placed.events)


def supposed(failures: Failures, calm: Followed | None, using: Equipment, present: frozenset[str]) -> list[Supposed]:
    """Causes of what failed where no line says what: by what goes on, by what is learnt, by what would explain it.

    Args:
        calm: the lines as they were followed where nothing fails for a while; ``None``: they do not fit there.
    """
    open_ones = failures.open
    if not open_ones:
        return []
    found = _going_on(failures.full)
    if calm is not None:
        found += _learnt(calm, using, {id(each.seen) for each in open_ones[-RECENT:]})
    if calm is not None and not any(each.said for each in open_ones[-RECENT:]):
        found += explaining(calm, using, present, {id(each.seen) for each in open_ones})
    return found


def _going_on(full: Followed) -> list[Supposed]:
    """What goes on at the end and goes by a cause's name."""
    going: dict[str, tuple[Seen, frozenset[str]]] = {}
    for placed in full.placed:
        for event in placed.events:
            if event in DURING:
                going[DURING[event][0]] = placed.seen, DURING[event][1]
        going = {name: each for name, each in going.items() if each[1].isdisjoint(placed.events)}
    return [(name, How.INFERRED, line) for name, (line, _) in going.items()]


def _learnt(calm: Followed, using: Equipment, lines: Collection[int]) -> list[Supposed]:
    """The causes that explain what is left of the environments after a line, and not what was left before it."""
    ground, grounds = calm.ground, using.grounds
    found: list[Supposed] = []
    for placed in calm.placed:
        if id(placed.seen) in lines and placed.before and placed.after and placed.fit in (Fit.STEP, Fit.HOLDS):
            before = grounds.explaining(ground.environments(placed.before))
            after = grounds.explaining(ground.environments(placed.after))
            new = [name for name in after if name not in before]
            how = How.INFERRED if len(new) == 1 else How.THINKABLE
            found += [(name, how, placed.seen) for name in new]
    return found
