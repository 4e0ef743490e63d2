"""Makes lines of one source, as its bytes come: whole blocks where it is regular, line by line where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ..line import OPEN, Line
from .arrange import arranged, in_turn
from .encoding import Decoder
from .limits import Limits, Notes
from .plain import Splitter
from .processes import MARKS
from .raw import Keep, client_line, client_records, numbered, server_record, server_records
from .rows import Rows

_NEXT: Final = b"\n" + OPEN


class Parser:
    """Give it bytes with :meth:`feed` and, at the end, :meth:`close`; lines come as soon as they are whole.

    Attributes:
        count: how many messages have been read, those that ``keep`` ruled out included.
    """

    def __init__(
        self, source: str, log: str, device: str, keep: Keep | None, splitter: Splitter, limits: Limits, notes: Notes
    ) -> None:
        self.count = 0
        self._source, self._log, self._device = source, log, device
        self._keep, self._limits, self._notes = keep, limits, notes
        self._decoder = Decoder()
        self._rows = Rows(source, log, device, splitter, limits, notes)
        self._buffer, self._number = b"", 1
        self._skipping, self._first = False, True
        self._turned: list[Line] = []

    def feed(self, data: bytes) -> Iterator[Line]:
        yield from self._take(self._decoder.feed(data))

    def close(self) -> Iterator[Line]:
        yield from self._take(self._decoder.close())
        yield from self._block(self._buffer, last=True)
        self._buffer = b""
        yield from self._in_turn()
        yield from self._settled()

    def flush(self) -> Iterator[Line]:
        """What is whole by now; the rest waits for what is still to be written."""
        yield from self._take(self._decoder.flush())
        cut = self._buffer.rfind(b"\n") + 1
        block, self._buffer = self._buffer[:cut], self._buffer[cut:]
        yield from self._block(block, last=False)
        yield from self._in_turn()
        yield from self._settled()

    def _take(self, data: bytes) -> Iterator[Line]:
        if self._skipping:
            data = self._skip(data)
        buffer = self._buffer + data if self._buffer else data
        cut = buffer.rfind(_NEXT) + 1
        if not cut or len(buffer) - cut > self._limits.message:
            cut = buffer.rfind(b"\n") + 1
        if not cut and len(buffer) > self._limits.message:
            cut = self._limits.message
            self._notes.add(self._source, self._number, "a line that does not end is cut")
            self._buffer, rest = b"", buffer[cut:]
            yield from self._block(buffer[:cut], last=True)
            self._skipping = True
            self._buffer = self._skip(rest)
            return
        if len(buffer) < self._limits.chunk and cut:
            self._buffer = buffer  # small pieces wait for each other, so that a block is worth its while
            return
        self._buffer = buffer[cut:]
        yield from self._block(buffer[:cut], last=False)

    def _skip(self, data: bytes) -> bytes:
        """The rest of a line that was cut is passed over."""
        end = data.find(b"\n")
        if end < 0:
            return b""
        self._skipping = False
        self._number += 1
        return data[end + 1 :]

    def _block(self, block: bytes, *, last: bool) -> Iterator[Line]:
        if not block:
            return
        line, records = client_line, client_records(block)
        if records is None:
            line, records = server_record, server_records(block)
        if records is not None:
            yield from self._settled()
            yield from self._regular(line, records, block)
            return
        yield from self._in_turn()
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        rest = self._rows.take(block, self._number, last=last)
        self._number += block.count(b"\n") - rest.count(b"\n")
        self._buffer = rest + self._buffer
        if len(self._rows) > self._limits.rows or self._rows.size > self._limits.held:
            yield from self._settled()

    def _regular(self, line: Callable[..., Line], records: list[bytes], block: bytes) -> Iterator[Line]:
        self.count += len(records)
        breaks = block.count(b"\n")
        source, log, device, number = self._source, self._log, self._device, self._number
        self._number += breaks
        kept = numbered(records, breaks <= len(records), self._kept(block, records[0] if self._first else None))
        lines = (line(record, source, log, number + before, device) for before, record in kept)
        if not self._first and not self._turned:
            yield from lines
            return
        self._turned += lines
        first, self._first = self._first, False
        if first and arranged(self._turned, pasted=False) is None:
            held, self._turned = self._turned, []
            yield from held
        elif len(self._turned) > self._limits.rows or sum(len(each.text) for each in self._turned) > self._limits.held:
            yield from self._in_turn()

    def _in_turn(self) -> Iterator[Line]:
        """The lines of a log that somebody has turned round, held until its end or until they are many."""
        held, self._turned = self._turned, []
        yield from in_turn(held, self._source, self._notes, pasted=False)

    def _kept(self, block: bytes, first: bytes | None) -> Keep | None:
        """The test, which must not rule out a line that begins or ends a run of the program.

        Nor may it the first message of a source: it tells which component writes there, where no other is kept.
        """
        keep = self._keep
        marked = any(mark in block for mark in MARKS)
        if keep is None or not (marked or first is not None):
            return keep
        return lambda record: record is first or keep(record) or (marked and any(mark in record for mark in MARKS))

    def _settled(self) -> Iterator[Line]:
        self.count += len(self._rows)
        yield from self._rows.settled()
