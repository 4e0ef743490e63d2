"""Time, injected: it stands still until somebody lets it pass, so that eight hours pass in a test at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

TICK = timedelta(hours=1)
"""A lab's time passes in whole ticks, and every life is a whole number of them."""
BEGINS = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
"""When a lab begins, unless it is told otherwise: any time will do, and the same one gives the same output."""
STEP = timedelta(milliseconds=1)
"""How far apart two lines of logs are at least: their order in time is the order in which they were written."""


class Clock:
    """What all components of a lab read. One clock: a skew is a component's own matter."""

    def __init__(self, now: datetime = BEGINS) -> None:
        self._now = now
        self._stamped = now - STEP

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self._now

    def stamp(self) -> datetime:
        """The time for a line of a log: now, or just after the last line that was written anywhere."""
        self._stamped = max(self._now, self._stamped + STEP)
        return self._stamped

    def advance(self, by: timedelta) -> None:
        """Let time pass.

        Raises:
            ValueError: it would run backwards.
        """
        if by < timedelta(0):
            raise ValueError(f"time does not run backwards: {by}")
        self._now += by
