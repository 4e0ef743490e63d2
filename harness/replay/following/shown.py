"""What lines show outright of a request, a token or a registration: seen, and not inferred.

The follower knows what the model would do, and so more than was seen. Where a claim is held against a log that would
beg the question: the model keeps it. So here only what the words and fields of lines say is true, by a table
(``table/shown.toml``), what time tells of tokens (:mod:`.ages`), and what two lines say together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from .. import table
from ..components import canonical, of_file
from ..pattern import Pattern, Seen
from .ages import SKEW, SYSTEM_SID, Ages, apart
from .binding import is_ending, lives_as_it_should, renewals
from .hosts import of_client
from .silence import heard
from .stages import GOT
from .trail import Fit, Placed

FALLS_BACK = frozenset({"registration_falls_back_to_windows", "registration_falls_back_to_certificate"})
"""The events by which a registration does without an Entra token."""
LOOKED_AT = 2048
"""Signs of a line in which words are looked for."""


@dataclass(frozen=True)
class Shown:
    """What lines show.

    Attributes:
        lines: the last one is that which shows it; those before it are what it rests on.
        holds: what is true then, as expressions over the model's actors.
        groups: sets of events; of each set one happens then, or is asked for.
        says: what is found if it is not as it should be, in words.
    """

    lines: tuple[Seen, ...]
    holds: tuple[str, ...]
    groups: tuple[frozenset[str], ...] = ()
    says: str = ""
    without: Shown | None = None
    """The same without what rests on the lines before."""


@dataclass(frozen=True)
class Entry:
    """A part of what a line shows, and of which lines; the table says what each means."""

    has: str = ""
    auth: str = ""
    logs: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    holds: str = ""
    events: tuple[str, ...] = ()
    means: str = ""
    cites: tuple[str, ...] = ()

    def of(self, words: str = "", auth: str = "", log: str = "", pattern: str = "") -> bool:
        """Whether it is of a line with these words, in small letters, and these fields."""
        return (
            self.has.lower() in words
            and self.auth in ("", auth)
            and (not self.logs or log in self.logs)
            and (not self.patterns or not set(self.patterns).isdisjoint(pattern.split("|")))
        )


@cache
def entries(kind: str) -> tuple[Entry, ...]:
    """The entries of a kind: ``request``, ``message`` or ``hop``."""
    return tuple(Entry(**table.tupled(each)) for each in table.read("shown")[kind])


@cache
def asks() -> Mapping[str, str]:
    """For each endpoint by whose name a request asks for something, the event that serves it."""
    data: list[dict[str, Any]] = table.read("shown")["asks"]
    return {each["endpoint"]: each["event"] for each in data}


def shown(lines: Sequence[Seen], placed: Sequence[Placed], patterns: Sequence[Pattern]) -> Iterator[Shown]:
    """Everything that the lines of one device show, one source of it after the other.

    Args:
        lines: in their order.
        placed: the same lines as they were followed.
        patterns: the table by which they were recognised.
    """
    own = [seen for seen in lines if of_client(seen)]
    yield from _requests(own, Ages(heard(patterns, whole(own))))
    yield from _hops(seen for seen in lines if not of_client(seen))
    yield from _fresh_and_ending(own)
    yield from _approved_without_token(own, placed)


def whole(lines: Iterable[Seen]) -> frozenset[str]:
    """The logs that are there as their components write them: what is not in an excerpt says nothing."""
    found: dict[str, bool] = {}
    for seen in lines:
        log, wrote = canonical(seen.line.log), of_file(seen.line.source)
        if log:
            found[log] = found.get(log, True) and wrote is not None and wrote.name == log
    return frozenset(log for log, is_whole in found.items() if is_whole)


# -- requests


def _requests(lines: Iterable[Seen], ages: Ages) -> Iterator[Shown]:
    """What each line that bears CcmTokenAuth shows of the request that is sent."""
    under_way: dict[tuple[str, str], str] = {}
    cached: dict[str, Seen] = {}
    for seen in lines:
        over = ages.over(seen)
        ages.take(seen)
        if is_cached(seen):
            cached["system" if seen.fields.get("sid", "").strip() == SYSTEM_SID else "user"] = seen
        place = seen.line.log, seen.line.thread
        for entry in entries("message"):
            if entry.of(pattern=seen.pattern.id):
                under_way[place] = "" if "sid" in seen.masked else entry.holds
        if "auth" in seen.fields:
            dead = {kind: cached[kind] for kind in over if kind in cached and lives_as_it_should(cached[kind])}
            alone = sent(seen, tuple(filter(None, (under_way.get(place),))))
            yield alone
            if dead:
                holds, says = (*alone.holds, *map(over.__getitem__, dead)), f"{alone.says}, after the token had expired"
                yield Shown((*dead.values(), seen), holds, alone.groups, says, alone)


def is_cached(seen: Seen) -> bool:
    """Whether the line says that a token was cached, and how long that one lives."""
    return bool(seen.fields.get("expiry")) and "expiry" not in seen.masked and not is_ending(seen)


def sent(seen: Seen, more: tuple[str, ...] = ()) -> Shown:
    """What a line about a request shows, and what is known of it besides."""
    words, auth = f"{seen.fields.get('path', '')} {seen.line.text[:LOOKED_AT]}".lower(), seen.fields["auth"].strip()
    found = [each for each in entries("request") if each.of(words, auth, canonical(seen.line.log) or "")]
    holds = ("request.sender is client", *filter(None, (each.holds for each in found)), *more)
    says = ", ".join(("a request was sent", *dict.fromkeys(each.means for each in found if each.means)))
    return Shown((seen,), holds, tuple(frozenset(each.events) for each in found if each.events), says)


def _hops(lines: Iterable[Seen]) -> Iterator[Shown]:
    """What each line of a server shows of the request that it is about."""
    for seen in lines:
        words = seen.line.text[:LOOKED_AT].lower()
        for entry in entries("hop"):
            if entry.of(words, pattern=seen.pattern.id):
                yield Shown(
                    (seen,), (entry.holds,), (frozenset(seen.pattern.events),), f"a request passed, {entry.means}"
                )


# -- what two lines show together


def _fresh_and_ending(lines: Sequence[Seen]) -> Iterator[Shown]:
    """A token that was just cached, and so just issued, and that the client finds close to its end (A8)."""
    for source, seen in renewals(lines):
        age = apart(seen, source)
        if age is not None and abs(age) < SKEW:
            yield Shown((source, seen), ("reply.life is not fresh",), (frozenset({"sts_issues_token"}),),
                        "a token that was just cached is said to be expired or close to it")  # fmt: skip


def _approved_without_token(lines: Sequence[Seen], placed: Sequence[Placed]) -> Iterator[Shown]:
    """Approval 3 that is confirmed to a registration of which a line says that it has no Entra token, and none got
    one for it since: what is confirmed is what the site has recorded."""
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
                holds = "site_record.approval is 3 and site_record.proof is not entra"
                yield Shown((denied, seen), (holds,), (), "approval 3 was given, and no Entra token was had for it")
            denied = None


def _denies(seen: Seen) -> bool:
    """Whether a line says that what registers has no Entra token, or does without one."""
    refused = seen.pattern.holds == "entra_request is denied" and seen.line.log in ("CcmAad", "ADALOperationProvider")
    return refused or not FALLS_BACK.isdisjoint(seen.pattern.events)
