"""Text of mixed forms, line by line: what was pasted, what is odd, what was cut, and raw lines in between.

Rows are held until the end of the source, or until there are too many, so that dates can be settled by all of them and
rows in a poster's own order can be put in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..line import CLOSE, OPEN, Line
from .arrange import in_turn
from .encoding import decoded
from .limits import Limits, Notes
from .loose import Loose
from .plain import Splitter, component, heading, is_elided, labelled, prefixed, quoted, unmarked
from .raw import SERVER, client_line, odd_line, server_line
from .stamps import Stamp, month_comes_first
from .text import broken, harmless
from .viewer import Row, rows

_END = re.compile(
    rb"\]LOG\]!>[ \t\n]{0,20}<[^<>\n]{0,20}(?:time|date)[ ]{0,4}="
    rb"(?:[^<>]{0,1500}>|[^<>\n]{0,1500}(?=\n|\Z))"
)
"""What stands behind a message; mail may have broken it into lines, and a line that was cut lacks its end."""
_ESCAPED = (b"&lt;![LOG[", b"]LOG]!&gt;", b"$$&lt;")
_ENTITIES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&#39;", b"'"), (b"&nbsp;", b" "), (b"&amp;", b"&"))
_TAG = re.compile(r"(?:</?(?:br|p|pre|code|li|ul|ol|div|blockquote|td|tr)(?: [^<>]{0,200})?/?>)+", re.IGNORECASE)
_CLOCK = re.compile(
    r"\A\[?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,7})?(?:[+-]\d{1,4})?(?: ?[AaPp][Mm])?\]?(?: ?[-|:])?\s{1,20}(?=\S)"
)
"""A time of day before a message, which without a date tells nothing."""
_FOUND = re.compile(r":\d{1,9}:?\Z")
_OPENED = re.compile(r"\A[\s>]{0,60}<?!?\[LOG\[")
_CLOSING = re.compile(rb"\](?:L|LO|LOG|LOG\]|LOG\]!)\Z")
"""The beginning of the mark behind a message, where a line was cut within it."""


@dataclass(slots=True)
class Held:
    """A line whose date may not be settled yet."""

    line: Line
    stamp: Stamp | None = None


class Rows:
    """Takes blocks of text apart; :meth:`settled` gives the lines that have been read since it was last asked.

    Attributes:
        size: bytes that have been read since then.
    """

    def __init__(self, source: str, log: str, device: str, splitter: Splitter, limits: Limits, notes: Notes) -> None:
        self.source, self.log, self.device = source, log, device
        self._splitter, self._limits, self._notes = splitter, limits, notes
        self._headed = ""
        self._near = 0, ""
        self._held: list[Held] = []
        self._loose = Loose(splitter)
        self._seen: set[str] = set()
        self._month_first: bool | None = None
        self.size = 0

    def __len__(self) -> int:
        return len(self._held)

    def take(self, block: bytes, number: int, *, last: bool) -> bytes:
        """Read a block whose first line has this number; what may go on in the next one is given back."""
        self.size += len(block)
        block = block.replace(b"\0", b"")  # a crash leaves such bytes where it had not yet written
        if any(mark in block for mark in _ESCAPED):
            for entity, sign in _ENTITIES:
                block = block.replace(entity, sign)
        if b"\\[LOG\\[" in block:  # as the source of a page in Markdown has it
            block = block.replace(b"\\[", b"[").replace(b"\\]", b"]")
        at, end, follows = 0, _END.search(block), block.find(b"\n" + OPEN)
        while True:
            start = block.find(OPEN, at)
            if start < 0:
                break
            line_start = block.rfind(b"\n", at, start) + 1 or at
            number = self._text(block[at:line_start], number)
            self._before(block[line_start:start], number)
            if end is not None and end.start() < start:
                end = _END.search(block, start)
            if 0 <= follows < start:
                follows = block.find(b"\n" + OPEN, start)
            limit = follows if follows >= 0 else len(block)
            if end is not None and end.start() < limit:
                at = self._message(block, start, end.end(), number)
            elif follows < 0 and not last and len(block) - start < self._limits.message:
                return block[start:]
            else:
                at = self._cut(block, start, limit, number)
            number += block.count(b"\n", start, at)
        self._text(block[at:], number)
        return b""

    def settled(self) -> Iterator[Line]:
        """The lines held, with their dates settled and in order."""
        self._loosen()
        self._loose.forget()
        held, self._held, self.size = self._held, [], 0
        stamps = [each.stamp for each in held if each.stamp]
        if self._month_first is None:
            self._month_first = month_comes_first(stamps)
        if self._month_first is None and any(each.open for each in stamps):
            self._notes.add(self.source, 0, "its dates read both ways, day or month first: left open")
        for each in held:
            if each.stamp:
                when, also = each.stamp.read(self._month_first)
                each.line = replace(each.line, when=when, also=also)
        yield from in_turn([each.line for each in held], self.source, self._notes, pasted=bool(stamps))

    def _message(self, block: bytes, start: int, end: int, number: int) -> int:
        """A raw message, whole."""
        self._loosen()
        record = block[start + len(OPEN) : end]
        if len(record) > self._limits.message:
            return self._cut(block, start, end, number)
        if record.endswith(b">"):
            line = client_line(record, self.source, self._log, number, self.device)
        else:  # it is cut off within its attributes
            text, _, tail = record.rpartition(CLOSE)
            line = odd_line(decoded(text), decoded(tail), self.source, self._log, number, self.device)
        self._held.append(Held(line))
        return end

    def _cut(self, block: bytes, start: int, limit: int, number: int) -> int:
        """A raw message whose end is not there: cut off, or without its attributes."""
        self._loosen()
        close = block.find(CLOSE, start, limit)
        line_end = block.find(b"\n", start, limit)
        line_end = limit if line_end < 0 else line_end
        if 0 <= close < line_end or (close >= 0 and limit - start < 4096):
            text, at = block[start + len(OPEN) : close], close + len(CLOSE)
            tail = decoded(block[at:line_end]) if at < line_end and block[at : at + 1] == b"<" else ""
            at = max(at, line_end) if tail else at
        else:
            whole = limit == len(block) and limit - start < self._limits.message
            at = line_end if block.find(b"\n\n", start, limit) >= 0 and whole else limit
            text, tail = _CLOSING.sub(b"", block[start + len(OPEN) : min(at, start + self._limits.message)]), ""
            self._notes.add(self.source, number, "a message is cut off")
        line = odd_line(decoded(text).rstrip("\n"), tail, self.source, self._log, number, self.device)
        self._held.append(Held(line))
        return at

    @property
    def _log(self) -> str:
        return self._headed or self.log

    def _beside(self, number: int) -> str:
        """The log of a line that bears none: the one announced, the file's, or that of the row just before it."""
        at, log = self._near
        if not log or not at <= number <= at + 1:
            return self._log
        self._near = number, log
        return self._log or log

    def _before(self, data: bytes, number: int) -> None:
        """What stands before a raw message in its line: marks, the file that it was found in, or the line before."""
        if len(data) > 400 or not (text := unmarked(decoded(data))):
            self._text(data, number)
            return
        headed = heading(_FOUND.sub("", text))
        if headed is not None:
            self._headed = headed
        else:
            self._text(data, number)

    def _text(self, data: bytes, number: int) -> int:
        """Lines that are no raw messages; gives the number of the line that comes behind them."""
        if not data:
            return number
        lines = data.split(b"\n")
        for line in lines:
            if line:
                self._line(harmless(decoded(line)).replace("\u00a0", " "), number)
            number += 1
        return number - 1

    def _line(self, line: str, number: int) -> None:
        if "<" in line and _TAG.search(line):
            for part in _TAG.split(line):
                if part.strip():
                    self._line(part, number)
            return
        if "$$<" in line:
            self._server(line, number)
            return
        text, close, tail = line.partition("]LOG]!>")
        if close:  # the end of a message, where the beginning of the log was cut
            self._loosen()
            each = odd_line(_OPENED.sub("", text), tail, self.source, self._log, number, self.device)
            self._held.append(Held(each))
            return
        if is_elided(line):
            return
        if len(line) > self._limits.message:
            self._notes.add(self.source, number, "a line is too long: cut")
            line = line[: self._limits.message]
        found = rows(unmarked(line, numbers=False), self._seen)
        stacked = self._loose.stacked(line) if not found else None
        if stacked:
            number, found = stacked[0], [stacked[1]]
        if not found:
            if self._loose.add(number, line):
                self._loosen()
            return
        self._viewed(found, number)

    def _server(self, line: str, number: int) -> None:
        self._loosen()
        at, mark = 0, line.find("$$<")
        while mark >= 0:
            found = SERVER.match(line, mark)
            if found:
                text = line[at:mark]
                text = unmarked(text) if text[:1] in " \t>*-`|•" else text
                each = server_line(text, found, self.source, self._log, number, self.device)
                self._held.append(Held(each))
                at = found.end()
            mark = line.find("$$<", max(at, mark + 1))
        if line[at:].strip(" \t`*|>\\"):
            self._plain(line[at:], number)

    def _viewed(self, found: list[Row], number: int) -> None:
        """Rows of a viewer; lines before them may be the beginning of the first one's message."""
        last = number
        if self._loose.go_on(found[0], number):
            before = self._held[-1]
            text = "\n".join([before.line.text, *(unmarked(line) for _, line in self._loose.lines)])
            before.line, self._loose.lines = replace(before.line, text=text), []
        begin = self._loose.begin(found[0], number)
        if begin:
            number = begin[0][0]
            found[0] = replace(found[0], text="\n".join([*(unmarked(line) for _, line in begin), found[0].text]))
        self._loosen()
        for row in found:
            text = broken(row.text)
            if row.stamp is None:
                self._plain(text, number)
                continue
            line = Line(self.source, number, row.component or self._log, text, thread=row.thread, device=self.device)
            self._held.append(Held(line, row.stamp))
            self._near = number, row.component
        self._loose.row(found[-1], last)

    def _loosen(self) -> None:
        """Take loose lines as what they are: messages by themselves, headings, the poster's own words."""
        for number, line in self._loose.messages():
            self._plain(line, number)

    def _plain(self, line: str, number: int) -> None:
        said = quoted(line, self._splitter.begins) if "`" in line else []
        if said:
            self._headed = heading(unmarked(line)) or self._headed
            self._held += [Held(Line(self.source, number, self._log, each, device=self.device)) for each in said]
            return
        text = _CLOCK.sub("", unmarked(line))
        log, message = prefixed(text)
        if not log:
            headed = heading(text)
            if headed is not None:
                self._headed, self._near = headed, (0, "")
                self._held.append(Held(Line(self.source, number, "", text, device=self.device)))
                return
            log, message = labelled(text, self._splitter.begins)
        if not log:
            log, message = component(text)
        for part in self._splitter.split(message):
            name, part = component(part) if not log else (log, part)
            if part:
                part = broken(part)
                log_ = name or self._beside(number)
                self._held.append(Held(Line(self.source, number, log_, part, device=self.device)))
