"""Lines that bear no time by themselves: which of them are parts of one message.

A viewer copies a message of several lines as several lines, of which only the last, or the first, has the other
columns. What stands between two such rows, without a blank line, is a part of one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .plain import Splitter, heading, unmarked
from .text import quotes_open
from .viewer import Row, stacked

MOST = 40
"""Lines of one message at most."""
_INSTANCE = re.compile(r"[ \t>*`-]*instance of \w", re.IGNORECASE)
_AROUND = " \t>*`-"


class Loose:
    """Lines without a time, in their order, as far back as they may belong to what comes."""

    def __init__(self, splitter: Splitter) -> None:
        self.lines: list[tuple[int, str]] = []
        self._splitter = splitter
        self._row, self._behind = -1, False

    def add(self, number: int, line: str) -> bool:
        """Take one more; says whether there are so many that they cannot be of one message."""
        self.lines.append((number, line))
        return len(self.lines) > MOST

    def row(self, row: Row, number: int) -> None:
        """Take note of a row, the last one of its line."""
        self._row, self._behind = number, row.behind

    def forget(self) -> None:
        """No row stands before what comes."""
        self._row, self._behind = -1, False

    def go_on(self, row: Row, number: int) -> bool:
        """Whether the message of the row before goes on in these lines, up to this row."""
        return row.behind and self._behind and self._between(number)

    def begin(self, row: Row, number: int) -> list[tuple[int, str]]:
        """Take those of the lines that are the beginning of a row's message."""
        at = self._beginning(row.text, number) if self.lines and row.thread and not row.behind else None
        if at is None:
            return []
        taken = self.lines[at:]
        del self.lines[at:]
        return taken

    def stacked(self, line: str) -> tuple[int, Row] | None:
        """Take the row that ends with this line, if its cells were copied one below the other; and where it begins."""
        if len(self.lines) < 3 or not line.rstrip().endswith(")"):
            return None
        cells = self.lines[-3:]
        row = stacked([*(unmarked(text) for _, text in cells), unmarked(line)])
        if row is None:
            return None
        del self.lines[-3:]
        return cells[0][0], row

    def messages(self) -> Iterator[tuple[int, str]]:
        """Take all lines, each a message by itself; but an event, which is one of many lines, is one."""
        lines, self.lines = self.lines, []
        at = 0
        while at < len(lines):
            number, line = lines[at]
            at += 1
            event = at if _INSTANCE.match(line) else at + 1 if line.rstrip().endswith(":") else 0
            if event == at or (event and at < len(lines) and _INSTANCE.match(lines[at][1])):
                ends = (end for end in range(event, len(lines)) if lines[end][1].lstrip(_AROUND).startswith("}"))
                end = next(ends, at - 1) + 1
                line = "\n".join([line, *(unmarked(text) for _, text in lines[at:end])])
                at = max(at, end)
            yield number, line

    def _beginning(self, text: str, number: int) -> int | None:
        """At which line a message begins whose last line is this; ``None``: it is all there."""
        lines = [line for _, line in self.lines]
        backwards = range(len(lines) - 1, -1, -1)
        if text.startswith("}") or not text:
            instance = next((at for at in backwards if _INSTANCE.match(lines[at])), None)
            if instance is None:
                return None if text else len(lines) - 1
            return instance - 1 if instance and lines[instance - 1].rstrip().endswith(":") else instance
        quoted = next((at for at in backwards if quotes_open(lines[at])), None) if quotes_open(text) else None
        if quoted is not None:
            return quoted
        return 0 if not self._behind and not self._splitter.begins(text) and self._between(number) else None

    def _between(self, number: int) -> bool:
        """Whether the lines fill what is between the row before and this one, and none of them is a heading."""
        numbers = [each for each, _ in self.lines]
        if not numbers or numbers != list(range(self._row + 1, number)):
            return False
        return all(heading(unmarked(line)) is None for _, line in self.lines)
