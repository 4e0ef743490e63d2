"""Fields bind: what several lines say of one thing has to agree, as the model says it.

Where it does not, the lines may have been anonymised, each by itself, so that it is a warning and no deviation. What
a poster masked is not compared at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from ..pattern import Seen
from .ages import LIFE, MARGIN, SKEW, apart
from .trail import Placed

ZONES = timedelta(minutes=15)
"""Zones differ by whole multiples of it, and by at most :data:`FARTHEST`."""
FARTHEST = timedelta(hours=14)

_ROLE = re.compile(r"(?:MutualAuth|ServerAuth)/(\d{6,20})", re.IGNORECASE)
_EMPTY = re.compile(r"[0-]+|")
FORMS = (
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S",
    "%d-%m-%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%m-%d-%Y %H:%M:%S",
)  # fmt: skip
"""How a time is written in a message, by the machine's language."""


@dataclass(frozen=True)
class Warned:
    """Lines that do not agree, or are odd, and how."""

    text: str
    lines: tuple[Seen, ...]


@lru_cache(maxsize=4096)
def moments(text: str) -> tuple[datetime, ...]:
    """The times that a text may mean, where day and month may stand either way."""
    found = []
    for form in FORMS:
        try:
            found.append(datetime.strptime(" ".join(text.split()), form))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def guid(text: str) -> str:
    """A GUID, however it is written; empty for one that says nothing."""
    found = text.strip(" {}'\"").upper().removeprefix("GUID:").strip("{} ")
    return "" if _EMPTY.fullmatch(found) else found


BOUND = {"client": "the client's GUID", "tenant": "the tenant"}
"""The fields that have to be one thing in all lines, a GUID, and what it is called."""


def warned(lines: Sequence[Seen], placed: Sequence[Placed] = ()) -> tuple[Warned, ...]:
    """Everything in which the lines of one device do not agree.

    Args:
        placed: those that were followed.
    """
    return (*_one_each(lines), *_roles(lines), *_lives(lines), *_early(lines), *_untimely(placed))


def _one_each(lines: Sequence[Seen]) -> Iterable[Warned]:
    for name, what in BOUND.items():
        seen: dict[str, Seen] = {}
        for line in lines:
            value = "" if name in line.masked else guid(line.fields.get(name, ""))
            if value:
                seen.setdefault(value, line)
        if len(seen) > 1:
            yield Warned(
                f"{what} is not the same in all lines ({len(seen)} different ones); anonymised, perhaps",
                tuple(seen.values()),
            )


def _roles(lines: Sequence[Seen]) -> Iterable[Warned]:
    """The ID of a management point's role, in the path through the CMG (A3: two in one install are no deviation)."""
    seen: dict[str, Seen] = {}
    for line in lines:
        for found in _ROLE.finditer(line.line.text[:4096]):
            seen.setdefault(found[1], line)
    if len(seen) > 1:
        yield Warned(
            f"{len(seen)} management point role IDs in one way through the CMG: {', '.join(seen)}", tuple(seen.values())
        )


def _lives(lines: Sequence[Seen]) -> Iterable[Warned]:
    """A CCM token that is cached ends eight hours after its line, up to a zone."""
    cached: dict[str, set[datetime]] = {}
    last: dict[str, Seen] = {}
    for line in lines:
        if "expiry" not in line.fields or "expiry" in line.masked:
            continue
        ends, sid = moments(line.fields["expiry"]), line.fields.get("sid", "").strip().upper()
        if not ends:
            continue
        if is_ending(line):
            if sid in last and cached[sid].isdisjoint(ends):
                yield Warned("the token that is found ending is none that these lines have cached", (last[sid], line))
            continue
        cached.setdefault(sid, set()).update(ends)
        last[sid] = line
        if not lives_as_it_should(line):
            yield Warned("the cached token does not end eight hours after it was issued", (line,))


def renewals(lines: Sequence[Seen]) -> Iterable[tuple[Seen, Seen]]:
    """Lines by which a token is said to end, each behind the line that cached the very same one."""
    cached: dict[tuple[str, str], Seen] = {}
    for line in lines:
        if not line.fields.get("expiry") or "expiry" in line.masked:
            continue
        key = line.fields.get("sid", "").strip().upper(), " ".join(line.fields["expiry"].split())
        if not is_ending(line):
            cached[key] = line
        elif key in cached:
            yield cached[key], line


def _early(lines: Sequence[Seen]) -> Iterable[Warned]:
    """A renewal before the model's margin: how long before its end a token counts as close to it is not documented."""
    for source, line in renewals(lines):
        age = apart(line, source)
        if age is not None and SKEW <= age < LIFE - MARGIN - SKEW:
            left = round((LIFE - age) / timedelta(minutes=1))
            yield Warned(
                f"a token is renewed with {left // 60} h {left % 60} min of its life left; the model takes"
                f" {MARGIN // timedelta(minutes=1)} min, which is not documented",
                (source, line),
            )


def _untimely(placed: Sequence[Placed]) -> Iterable[Warned]:
    for each in placed:
        if not each.timely:
            yield Warned(
                "by its time it does not fit the eight hours of a token; a clock was set, perhaps", (each.seen,)
            )


def is_ending(seen: Seen) -> bool:
    """Whether the line says that a token ends, and not that one was cached."""
    return "messaging_finds_token_ending" in seen.pattern.events


def lives_as_it_should(line: Seen) -> bool:
    """Whether the expiry that a line bears is a CCM token's, eight hours after it; or nothing tells that it is not."""
    when, ends = line.line.when, moments(line.fields.get("expiry", ""))
    return when is None or not ends or any(_is_life(end - when.replace(tzinfo=None)) for end in ends)


def _is_life(left: timedelta) -> bool:
    apart = left - LIFE
    zones = round(apart / ZONES)
    return abs(apart) <= FARTHEST + SKEW and abs(apart - zones * ZONES) <= SKEW
