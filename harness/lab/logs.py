"""The logs that components write, in the product's forms, each to a file in its host's own folder.

Client components and the management point's write with the client's logging library; site server components put the
message first (`CMGService`, `SMS_CLOUD_PROXYCONNECTOR`). Times are local, with the bias that is to be added for UTC.
The services of the cloud have no log of lines: their records are what Azure Monitor exports, one JSON object a line
(the common schema of resource logs).
A log is one line to another, as real ones are: nothing secret ever goes through here (a test looks).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any


class Form(Enum):
    """How a component writes its lines."""

    library = "client library"
    server = "site server"


class Level(Enum):
    """How grave a line of the library's form is."""

    info = 1
    warning = 2
    error = 3


class Log:
    """One log file of one component."""

    def __init__(
        self, path: Path, component: str, now: Callable[[], datetime], form: Form, bias: int, thread: int
    ) -> None:
        self.path, self.component = path, component
        self._now, self._form, self._bias, self._thread = now, form, bias, thread

    def write(self, text: str, level: Level = Level.info) -> None:
        """Append a line, at the time that it is now."""
        local = self._now() - timedelta(minutes=self._bias)
        with self.path.open("a", encoding="utf-8", newline="\r\n") as file:
            file.write(self._line(text, local, level) + "\n")

    def error(self, text: str) -> None:
        """Append a line that the viewer shows in red."""
        self.write(text, Level.error)

    def _line(self, text: str, local: datetime, level: Level) -> str:
        milliseconds = local.microsecond // 1000
        if self._form is Form.server:
            return (
                f"{text}  $$<{self.component}><{local:%m-%d-%Y %H:%M:%S}.{milliseconds:03}{self._bias:+03}>"
                f"<thread={self._thread} (0x{self._thread:X})>"
            )
        return (
            f'<![LOG[{text}]LOG]!><time="{local:%H:%M:%S}.{milliseconds:03}{self._bias:+04}" date="{local:%m-%d-%Y}"'
            f' component="{self.component}" context="" type="{level.value}" thread="{self._thread}" file="">'
        )


class Records:
    """The records of one category of a service of the cloud; there is no file, and no folder, until there is one."""

    def __init__(self, path: Path, category: str, now: Callable[[], datetime]) -> None:
        self.path, self.category, self._now = path, category, now
        self._written = 0

    def write(self, operation: str, **said: Any) -> None:
        """Append a record of an operation, at the time that it is now, in UTC."""
        self._written += 1
        correlation = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.path.parent.name}/{self.category}/{self._written}")
        record = {
            "time": f"{self._now():%Y-%m-%dT%H:%M:%S.%f}0Z",
            "category": self.category,
            "operationName": operation,
            "durationMs": 0,
            "correlationId": str(correlation),
            **said,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(record) + "\n")


class Logs:
    """The logs of one host: a folder, and what its clock shows.

    Args:
        bias: minutes to add to local time for UTC.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime], *, bias: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._now, self._bias = folder, now, bias
        self._threads = 4000

    def open(self, name: str, component: str = "", form: Form = Form.library) -> Log:
        """The log of that name, ``ccmsetup`` say, written by a component of that name unless another is given."""
        self._threads += 4
        return Log(self.folder / f"{name}.log", component or name, self._now, form, self._bias, self._threads)
