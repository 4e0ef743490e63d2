"""Time, injected: it stands still until somebody lets it pass, so that eight hours pass in a test at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

BEGINS = datetime(2024, 3, 18, 9, 0, tzinfo=UTC)
"""When a lab begins, unless it is told otherwise: any time will do, and the same one gives the same output."""


class Clock:
    """What all components of a lab read. One clock: a skew is a component's own matter."""

    def __init__(self, now: datetime = BEGINS) -> None:
        self._now = now

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass.

        Raises:
            ValueError: it would run backwards.
        """
        if by < timedelta(0):
            raise ValueError(f"time does not run backwards: {by}")
        self._now += by
