"""On whose behalf the installed client asks: SYSTEM's, or a user's own.

A user's messages go out with a token of the user's own (T3), so that one that is refused him is not made good by one
that SYSTEM gets. In CcmMessaging.log a message names its sender, and a token its owner; in CcmAad.log a user's token is
asked for on SYSTEM's behalf only where a line says that it is fallen back to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..pattern import Seen
from .ages import MESSAGING, SYSTEM_SID

ASKING_LOGS = frozenset({"CcmAad", "ADALOperationProvider"})
REGISTERS = "registration in {sending, waiting}"
"""What holds while a message is sent that registers the client."""
USERS = "S-1-5-21"
"""What the SID of a user's account begins with."""


@dataclass(frozen=True)
class Owned:
    """The lines about what a user asks for himself, by identity, and those of them by which he gets it."""

    lines: frozenset[int]
    good: frozenset[int]


def owned(lines: Iterable[Seen]) -> Owned:
    """Find the lines that are about a user's own requests."""
    those: set[int] = set()
    good: set[int] = set()
    is_users: dict[str, bool] = {}
    falls_back = False
    for seen in lines:
        log, events = seen.line.log, seen.pattern.events
        if log == MESSAGING:
            sid = _sid(seen)
            if sid or "system_message_is_queued" in events or seen.pattern.holds == REGISTERS:
                is_users[log] = sid.startswith(USERS)
            fine = "messaging_caches_renewed_token" in events or "status is ok" in seen.pattern.holds
        elif log in ASKING_LOGS:
            falls_back = falls_back or seen.pattern.holds == "entra_request is device_failed"
            if "ask_for_device_token" in events:
                is_users[log], falls_back = False, False
            elif "ask_for_user_token" in events:
                is_users[log], falls_back = not falls_back, False
            fine = seen.pattern.holds == "entra_request is got_user"
        else:
            continue
        if is_users.get(log):
            those.add(id(seen))
            if fine:
                good.add(id(seen))
    return Owned(frozenset(those), frozenset(good))


def _sid(seen: Seen) -> str:
    """The SID that a line bears; empty: none that says whose it is."""
    sid = "" if "sid" in seen.masked else seen.fields.get("sid", "").strip(" '").upper()
    return sid if sid == SYSTEM_SID or sid.startswith(USERS) else ""
