"""Lines of different hosts that belong together by a name that both bear: a message, or a registration.

Only what is named is paired. That one host asked for a token and another issued one says nothing: it may have been
another device's.
"""

from __future__ import annotations

import re

from ..line import Line, Where
from .clocks import Mark
from .naming import where

_GUID = r"\{?([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})\}?"
_STEPS: tuple[tuple[str, bool, int, re.Pattern[str]], ...] = (
    ("message", True, 0, re.compile(rf"Sending (?:remote )?(?:a)?sync(?:hronous)? message '{_GUID}'", re.IGNORECASE)),
    ("message", False, 1, re.compile(rf"\bmessage ?(?:ID)?[ :='\"]{{1,4}}{_GUID}", re.IGNORECASE)),
    ("message", True, 2, re.compile(rf"Message '{_GUID}' got reply", re.IGNORECASE)),
    ("client", True, 0, re.compile(rf"Sending registration request for GUID:{_GUID}", re.IGNORECASE)),
    ("client", False, 1, re.compile(rf"Processing Registration request from Client 'GUID:{_GUID}", re.IGNORECASE)),
    ("client", True, 2, re.compile(rf"Client is registered\. Server assigned ClientID is GUID:{_GUID}", re.IGNORECASE)),
)
"""What goes from host to host, whether a client says it, and which step of it that is."""


def paired(line: Line) -> Mark | None:
    """Which step of what a line is; ``None``: of nothing that has a name."""
    by_client = where(line.log) is Where.CLIENT
    for what, of_client, step, expression in _STEPS:
        found = expression.search(line.text, 0, 2000) if of_client == by_client else None
        if found:
            return Mark((what, found[1].lower()), step)
    return None
