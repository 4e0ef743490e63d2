"""How something that a client was told to do has ended. Nothing that judges a client looks at it: only tests do."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How it ended."""

    done = "done"
    failed = "failed"
    pending = "pending"
    resend = "resend"
    not_now = "not now"
