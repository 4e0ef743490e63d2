"""What the lines tell of clocks that are off: of which host, by how much, and what of it cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..line import Where
from ..reading.clocks import SKEW, Clock, Offset
from ..reading.timeline import Timeline
from .binding import Warned

SOME = 2.0
"""Seconds: clocks that differ by less are not off."""


def skewed(time: Timeline | None) -> Iterator[Warned]:
    """The clocks that are off by more than they may be by chance, and what is odd about them."""
    if time is None:
        return
    first = next((clock for clock, offset in time.offsets.items() if offset == Offset(0, 0)), None)
    for clock, offset in time.offsets.items():
        apart = max(offset.least, -offset.most)
        if first is not None and SOME < apart < math.inf:
            way = "behind" if offset.least > 0 else "ahead of"
            yield Warned(f"the clock of {_whose(clock)} is {_by(offset)} {way} that of {_whose(first)}", ())
    for note in time.notes:
        yield Warned(note, ())


def _by(offset: Offset) -> str:
    """How far it is off: both bounds, where both are known to be near."""
    least, most = sorted((abs(offset.least), abs(offset.most)))
    if most - least > SKEW.total_seconds():
        return f"at least {_long(least)}"
    return f"{_long(least)} to {_long(most)}" if _long(least) != _long(most) else _long(least)


def _long(seconds: float) -> str:
    whole = round(seconds)
    days, hours, minutes = whole // 86_400, whole // 3600 % 24, whole // 60 % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (whole % 60 if whole < 3600 else 0, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def _whose(clock: Clock) -> str:
    host = clock.host.value if isinstance(clock.host, Where) else clock.host
    return f"the {host}{f' {clock.device}' if clock.device else ''}"
