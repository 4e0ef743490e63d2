"""Findings: claims of the suite that the lines themselves decide, for a security review."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..pattern import Seen
from .ages import SKEW, apart
from .binding import is_ending, moments, renewals
from .stages import GOT
from .trail import Fit, Placed

_OPERATIONAL = re.compile(r"ccm_system_tokenauth|CCM_Client|/ccm_system/|/SMS_MP\b", re.IGNORECASE)
_SERVER_AUTH = re.compile(r"ServerAuth", re.IGNORECASE)

FALLS_BACK = frozenset({"registration_falls_back_to_windows", "registration_falls_back_to_certificate"})
"""The events by which a registration does without an Entra token."""


@dataclass(frozen=True)
class Finding:
    """What a claim forbids, and a line shows.

    Attributes:
        claim: the ID of the claim in the suite.
        text: what is found, in a sentence.
    """

    claim: str
    text: str
    lines: tuple[Seen, ...]


def findings(lines: Sequence[Seen], placed: Sequence[Placed] = ()) -> tuple[Finding, ...]:
    """Everything that the lines of one device show.

    Args:
        placed: the same lines as they were followed.
    """
    return (*_without_token(lines), *_dead_tokens(lines), *_fresh_tokens(lines), *_unproven(lines, placed))


def _without_token(lines: Sequence[Seen]) -> Iterable[Finding]:
    """N-01: an operational request on ServerAuth goes out with the CCM token."""
    for seen in lines:
        where = f"{seen.fields.get('path', '')} {seen.line.text[:2048]}"
        if seen.fields.get("auth", "").strip() == "0" and _OPERATIONAL.search(where) and _SERVER_AUTH.search(where):
            yield Finding("N-01", "an operational request was sent with CcmTokenAuth=0", (seen,))


def _dead_tokens(lines: Sequence[Seen]) -> Iterable[Finding]:
    """S-02: what the client sends goes out with a token that is alive by its clock.

    An expiry is written in the client's time. Its zone is read off the line that cached the token, which is just as old
    as the token.
    """
    cached: dict[str, tuple[Seen, datetime]] = {}
    for seen in lines:
        when = None if seen.line.when is None else seen.line.when.replace(tzinfo=None)
        if "expiry" in seen.fields and "expiry" not in seen.masked and not is_ending(seen):
            ends = moments(seen.fields["expiry"])
            if when is not None and ends:
                cached[seen.fields.get("sid", "").strip().upper()] = (seen, when + _life(ends, when))
            continue
        if when is None or seen.fields.get("auth", "").strip() != "1" or not cached:
            continue
        source, end = max(cached.values(), key=lambda each: each[1])  # whose token it is, the line does not say
        if when > end + SKEW:
            yield Finding(
                "S-02",
                f"a request was sent with a CCM token that had expired at {end:%Y-%m-%d %H:%M:%S}",
                (source, seen),
            )
            return


def _fresh_tokens(lines: Sequence[Seen]) -> Iterable[Finding]:
    """L-16: a token that was just issued is not close to its end, however long that may be (A8)."""
    for source, seen in renewals(lines):
        age = apart(seen, source)
        if age is not None and abs(age) < SKEW:
            text = "a token that was just cached was said to be expired or close to it"
            yield Finding("L-16", text, (source, seen))


def _life(ends: Sequence[datetime], when: datetime) -> timedelta:
    """How long the token lives; a difference that is a zone's is none of its life."""
    lives = [end - when for end in ends]
    likely = [each for each in lives if timedelta(0) < each <= timedelta(hours=24)]
    life = min(likely or lives, key=lambda each: abs(each - timedelta(hours=8)))
    return life if abs(life - timedelta(hours=8)) <= SKEW else timedelta(hours=8)


def _unproven(lines: Sequence[Seen], placed: Sequence[Placed]) -> Iterable[Finding]:
    """S-12a: approval 3 only where an Entra token proved the registration."""
    fit = {id(each.seen): each.fit for each in placed}
    denied: Seen | None = None
    for seen in lines:
        pattern = seen.pattern
        if "registration_starts" in pattern.events or (pattern.holds in GOT and fit.get(id(seen)) is not Fit.ELSEWHERE):
            denied = None
        elif _denies(seen):
            denied = seen
        elif "registration_processes_confirmation" in pattern.events and "approval is 3" in pattern.holds:
            if denied is not None:
                yield Finding("S-12a", "approval 3 was given, and no Entra token was had for it", (denied, seen))
            denied = None


def _denies(seen: Seen) -> bool:
    """Whether a line says that what registers has no Entra token, or does without one."""
    refused = seen.pattern.holds == "entra_request is denied" and seen.line.log in ("CcmAad", "ADALOperationProvider")
    return refused or not FALLS_BACK.isdisjoint(seen.pattern.events)
