"""A line of a log, whatever form it was written, copied or pasted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

OPEN = b"<![LOG["
CLOSE = b"]LOG]!>"
"""What a client's component writes before and behind a message."""


class Where(Enum):
    """The host whose component writes a log; where each of them is known from the component's name."""

    CLIENT = "client"
    CMG = "CMG"
    CONNECTION_POINT = "connection point"
    MANAGEMENT_POINT = "management point"
    SITE_SERVER = "site server"
    UNKNOWN = "unknown"


ERROR = 3
"""The severity of a line that speaks of an error."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a component.

    Attributes:
        source: the file as its user knows it; a member of an archive as ``bundle.zip/CCM/Logs/ccmsetup.log``.
        number: of the line in the source on which it begins, from 1.
        log: the component that wrote it, as it is spelled in :mod:`.patterns` (``ccmsetup``, ``CcmMessaging``, …);
            empty where neither the line nor its file tells.
        text: the message alone, without time, component or thread; line breaks kept as ``\\n``.
        when: the time that it bears, with a zone where the bias is known and without where it is not; ``None``: none.
        thread: as it is written; ``severity``: 1, 2 or 3, 0 where it is not said.
        process: of one run of a program in the log, counted from 0: a launcher and its service are two, and so is what
            stands before and after a restart.
        device: which host, where several of one kind wrote; what tells it is a name that :mod:`.reading` gives.
        also: the time if day and month stand the other way round, where nothing in the source decides which is which.
    """

    source: str
    number: int
    log: str
    text: str
    when: datetime | None = None
    thread: str = ""
    severity: int = 0
    process: int = 0
    device: str = ""
    also: datetime | None = None

    @property
    def place(self) -> str:
        """Where it stands: ``ccmsetup.log line 12``."""
        name = self.source.replace("\\", "/").rpartition("/")[2] or self.log
        return f"{name} line {self.number}"
