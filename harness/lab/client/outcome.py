"""What a client can be told to do, and how it ended. Nothing that judges a client looks at these: only tests do."""

from __future__ import annotations

from enum import StrEnum


class Work(StrEnum):
    """What a client can be told to do."""

    INSTALL = "install"
    REGISTER = "register"
    MESSAGE_SYSTEM = "message of SYSTEM"
    MESSAGE_USER = "message of a user"
    REFRESH_SETTINGS = "refresh security settings"


class Outcome(StrEnum):
    """How it ended."""

    done = "done"
    failed = "failed"
    pending = "pending"
    resend = "resend"
    not_now = "not now"
