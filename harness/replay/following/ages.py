"""Time bounds how old the tokens in the client's cache are, and so what the model may be in when a line is written.

A CCM token lives eight hours (T1). So from the lines that say that one was cached, and from the client's own clock:

* before eight hours are over it has not expired;
* once they are, it has, unless another was cached since; that is known only where no token is cached without a line.

Nothing else of time is used. How long before its end a token counts as close to it is not documented (A8), and the
ticks of the coarsest time have an order and no length. A clock that goes backwards was set: what is known of ages is
forgotten. Where a line can be explained only against its time it is explained so, and that is said: a clock may have
been set forwards too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..pattern import Seen

LIFE = timedelta(hours=8)
SKEW = timedelta(minutes=15)
"""Between the making of a token and the line about it, and between two clocks."""
MARGIN = timedelta(minutes=30)
"""The model's: how long before its end a token is close to it is not documented (A8)."""
SUMMER = timedelta(hours=1)
"""By which times without a zone may be off besides: the clock may have been put forward or back in between."""
SYSTEM_SID = "S-1-5-18"
INSTALLING, NEW, RENEWED = "ccmsetup_caches_ccm_token", "messaging_caches_new_token", "messaging_caches_renewed_token"
SYSTEM_ALONE = frozenset({INSTALLING, NEW})
"""What they cache is SYSTEM's, whosever Entra token it was asked for with."""
MESSAGING = "CcmMessaging"
KINDS = ("system", "user")


@dataclass
class Ages:
    """Of SYSTEM's token and of the user's, between which moments the one in the cache was cached.

    Args:
        heard: the events that leave a line in the logs that are there.
    """

    heard: frozenset[str] = frozenset()
    _since: dict[str, datetime] = field(default_factory=dict)
    """By kind, when one was cached for certain, or later."""
    _until: dict[str, datetime] = field(default_factory=dict)
    """By kind, the last moment at which one may have been cached."""
    _last: datetime | None = None
    _users: set[str] = field(default_factory=set)
    _messaging: bool = False

    def given(self, seen: Seen) -> str:
        """What is so of the cache when the line is written, as far as its time tells."""
        now = _moment(seen)
        if now is None or not (seen.pattern.events or seen.pattern.holds):
            return ""
        found = [f"cache.{kind}.life is not expired" for kind in KINDS if self._is_alive(kind, now)]
        return " and ".join((*found, *self.over(seen).values()))

    def over(self, seen: Seen) -> dict[str, str]:
        """What is so when the line is written of SYSTEM's token, and of the user's, where it is dead by then."""
        now, found = _moment(seen), {}
        if now is not None and self._is_over("system", now):
            found["system"] = f"({_dead('system')}{'' if self._messaging else ' or ccmsetup is installed'})"
        if now is not None and self._messaging and self._is_over("user", now):
            found["user"] = _dead("user")
        return found

    def take(self, seen: Seen) -> None:
        """Learn from the line."""
        now = _moment(seen)
        if now is None:
            return
        if self._last is not None and (_between(now, self._last) or timedelta()) < -SKEW:
            self._since.clear()
            self._until.clear()
        self._last = now
        if seen.line.log == MESSAGING and not self._messaging and self.heard >= {RENEWED, NEW}:
            self._messaging = True  # what was cached before its first line is not known
            self._until = dict.fromkeys(KINDS, now)
        events = set(seen.pattern.events)
        if RENEWED in events or not events.isdisjoint(SYSTEM_ALONE):
            self._cached(events, "" if "sid" in seen.masked else seen.fields.get("sid", "").strip().upper(), now)

    def _cached(self, events: set[str], sid: str, now: datetime) -> None:
        if events <= SYSTEM_ALONE or sid == SYSTEM_SID:
            self._since["system"] = self._until["system"] = now
            return
        self._users.add(sid)
        self._until = dict.fromkeys(KINDS, now)
        if events == {RENEWED} and sid and len(self._users) == 1:
            self._since["user"] = now
        else:
            self._since.pop("user", None)

    def _is_alive(self, kind: str, now: datetime) -> bool:
        since = self._since.get(kind)
        age = None if since is None else _between(now, since)
        return age is not None and age < LIFE - _slack(now)

    def _is_over(self, kind: str, now: datetime) -> bool:
        """Whether what was cached last is dead, and nothing was cached since without a line."""
        if kind == "user" and len(self._users) > 1:
            return False
        until = self._until.get(kind)
        age = None if until is None else _between(now, until)
        return INSTALLING in self.heard and age is not None and age > LIFE + _slack(now)


def _dead(kind: str) -> str:
    return f"cache.{kind}.life in {{none, expired}}"


def _moment(seen: Seen) -> datetime | None:
    """The time of a line, where it is not open which day it means."""
    return None if seen.line.also is not None else seen.line.when


def apart(later: Seen, earlier: Seen) -> timedelta | None:
    """How much later one line of a host was written than another; ``None``: their times do not tell."""
    one, other = _moment(later), _moment(earlier)
    return None if one is None or other is None else _between(one, other)


def _between(later: datetime, earlier: datetime) -> timedelta | None:
    """``None`` where one bears a zone and the other does not."""
    return None if (later.tzinfo is None) is not (earlier.tzinfo is None) else later - earlier


def _slack(now: datetime) -> timedelta:
    return SKEW if now.tzinfo is not None else SKEW + SUMMER
