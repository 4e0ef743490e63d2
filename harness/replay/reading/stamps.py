"""Times as they are written in logs and in viewers of all countries, and which of two numbers is the month.

A stamp whose date reads both ways has two readings; what settles it is a day above twelve somewhere in the source, or
that only one way round keeps the order of its lines. Where neither does, it is left open: :attr:`.Line.also`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Final

_MOST_BIAS: Final = 14 * 60


def _written(between: str, no_digit: str, no_word: str) -> str:
    """A date and a time, as a regular expression; what stands between the two, and what may not follow on them."""
    date = (
        rf"(?:(?P<a>\d{{1,4}})(?P<sep>[./-])[ ]?(?P<b>\d{{1,2}})(?P=sep)[ ]?(?P<c>\d{{4}}|\d{{2}}){no_digit}\.?"
        r"|(?P<day>\d{1,2})[- ](?P<name>[A-Z][a-z]{2})[a-z]{0,6}[- ](?P<year>\d{4}|\d{2}))"
    )
    time = (
        r"(?:(?P<early>上午|下午|午前|午後|오전|오후)[ ]?)?"
        r"(?P<hour>\d{1,2})(?P<colon>[:.])(?P<minute>\d{2})"
        r"(?:(?P=colon)(?P<second>\d{2})(?:[.,](?P<part>\d{1,7}))?)?"
        rf"(?:[ \u00a0\u202f]?(?P<half>[AaPp])\.?[ \u00a0]?[Mm]\.?{no_word})?"
        rf"(?P<bias>[+-]\d{{2,4}}{no_digit}|Z{no_word})?"
    )
    return date + between + time


STAMP: Final = r"(?<![\w./:-])" + _written(r"(?:,?[ \t\u00a0]{1,40}|T)", r"(?!\d)", r"(?!\w)") + r"(?![\w:])"
"""A date and a time behind it, as a regular expression with named groups."""
GLUED: Final = r"(?<![./:-])" + _written(r"[ \t\u00a0]{0,3}", "", "")
"""The same where what stood around it may follow without anything between: a page has swallowed the tabs."""
_LATE: Final = ("P", "p", "下午", "午後", "오후")
_SINCE: Final = 1990
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RAW = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?[ ]?([+-]\d{1,5})?[ ]?\Z")
_SCALE: Final = (0, *(10 ** (9 - digits) for digits in range(1, 10)))
"""What makes nanoseconds of so many digits behind the point."""
_RAW_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\Z")
_OLD = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))? (\d{4})\Z")


@lru_cache(maxsize=256)
def zone(bias: str | bytes) -> tzinfo | None:
    """The zone of a bias, which is what has to be added to the local time to get UTC, in minutes; odd ones: none."""
    minutes = int(bias)
    return timezone(timedelta(minutes=-minutes)) if abs(minutes) <= _MOST_BIAS else None


@lru_cache(maxsize=1024)
def _day(date: str | bytes) -> tuple[int, int, int] | None:
    """Year, month and day of a raw line, which writes the month first; only what cannot be one is taken otherwise."""
    found = _RAW_DATE.match(date if isinstance(date, str) else date.decode("ascii", "replace"))
    if not found:
        return None
    first, second, third = map(int, found.groups())
    if max(first, third) < _SINCE:
        return None  # its year is cut off
    if first > 31:
        return first, second, third
    return (third, second, first) if first > 12 else (third, first, second)


def raw(time: str, date: str) -> datetime | None:
    """The time of a raw line, from its two attributes; ``None``: they are none."""
    found = _RAW.match(time)
    if not found:
        return None
    return raw_time(found[1], found[2], found[3], found[4], found[5], date)


def raw_time(
    hour: str | bytes,
    minute: str | bytes,
    second: str | bytes,
    part: str | bytes | None,
    bias: str | bytes | None,
    date: str | bytes,
) -> datetime | None:
    """The time of a raw line, from its parts; ``None``: there is no such time."""
    day = _day(date)
    if day is None:
        return None
    micros = int(part) * _SCALE[len(part)] // 1000 if part else 0
    try:
        return datetime(*day, int(hour), int(minute), int(second), micros, zone(bias) if bias else None)
    except (ValueError, OverflowError):
        return None


def server(stamp: str) -> datetime | None:
    """The time of a site server's line: ``03-18-2024 14:12:45.020+00``, or as old versions wrote it."""
    date, _, time = stamp.strip().partition(" ")
    found = raw(time.strip(), date)
    if found:
        return found
    old = _OLD.match(stamp.strip())
    if not old or old[1].lower() not in _MONTHS:
        return None
    numbers = (int(old[7]), _MONTHS.index(old[1].lower()) + 1, int(old[2]), int(old[3]), int(old[4]), int(old[5]))
    return _moment(*numbers, _micros(old[6]), None)


def _micros(part: str | None) -> int:
    return int(part[:6].ljust(6, "0")) if part else 0


def _moment(
    year: int, month: int, day: int, hour: int, minute: int, second: int, micros: int, where: tzinfo | None
) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second, micros, where)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time with its readings, month first and day first; ``None`` where it is none.

    ``usual``: the month comes first by the habit of those who write it so, which settles nothing. ``shape``: it does so
    by how the stamp is written, which no country has the other way round; ``None``: that tells nothing.
    """

    month_first: datetime | None
    day_first: datetime | None
    usual: bool = True
    shape: bool | None = None

    @property
    def open(self) -> bool:
        """Whether it reads both ways, and the two differ."""
        return bool(self.month_first and self.day_first and self.month_first != self.day_first)

    def read(self, month_first: bool | None) -> tuple[datetime | None, datetime | None]:
        """The time, and the other reading where that is left open."""
        if not self.open:
            return self.month_first or self.day_first, None
        if month_first is None:
            return (self.month_first, self.day_first) if self.usual else (self.day_first, self.month_first)
        return (self.month_first if month_first else self.day_first), None


def viewed(found: re.Match[str]) -> Stamp | None:
    """What a match of :data:`STAMP` says; ``None``: no such time."""
    hour, second = int(found["hour"]), int(found["second"] or 0)
    half = found["half"] or found["early"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in _LATE else 0)
    bias = found["bias"]
    where = None if not bias else UTC if bias == "Z" else zone(bias)
    time = (hour, int(found["minute"]), second, _micros(found["part"]), where)
    if found["name"]:
        if found["name"].lower() not in _MONTHS:
            return None
        moment = _moment(_year(found["year"]), _MONTHS.index(found["name"].lower()) + 1, int(found["day"]), *time)
        return Stamp(moment, moment) if moment else None
    a, b, c = found["a"], found["b"], found["c"]
    if len(a) == 4:
        moment = _moment(int(a), int(b), int(c), *time) if len(c) == 2 else None
        return Stamp(moment, moment) if moment else None
    if len(a) > 2:
        return None
    month_first = _moment(_year(c), int(a), int(b), *time)
    day_first = _moment(_year(c), int(b), int(a), *time)
    if found["sep"] == "." and day_first:
        month_first = day_first  # nobody writes the month first with full stops
    if not month_first and not day_first:
        return None
    shape = None
    if found["sep"] == "-" and found["part"] and not half:
        shape = True  # as the viewer that comes with the product shows what the product has written
    elif len(a) == 1 and len(b) == 2 and b[0] == "0":
        shape = False  # where the second number is filled up and the first is not, it is the month
    return Stamp(month_first, day_first, found["sep"] == "-" or bool(half), shape)


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def month_comes_first(stamps: Iterable[Stamp]) -> bool | None:
    """Which way round the stamps of one source are; ``None``: nothing settles it, or it is settled both ways."""
    stamps = list(stamps)
    only_month = any(each.month_first and not each.day_first for each in stamps)
    only_day = any(each.day_first and not each.month_first for each in stamps)
    if only_month != only_day:
        return only_month
    if only_month or not any(each.open for each in stamps):
        return None
    shapes = {each.shape for each in stamps} - {None}
    if len(shapes) == 1:
        return shapes.pop()
    month = _in_order([each.month_first for each in stamps if each.month_first])
    day = _in_order([each.day_first for each in stamps if each.day_first])
    return None if month == day else month


def _in_order(moments: list[datetime]) -> bool:
    """Whether they go one way, forwards or backwards; what bears a zone and what does not are looked at as local."""
    local = [each.replace(tzinfo=None) for each in moments]
    return all(a <= b for a, b in pairwise(local)) or all(a >= b for a, b in pairwise(local))
