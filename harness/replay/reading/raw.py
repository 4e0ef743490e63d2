"""The two forms in which components write: whole blocks of them at once, and one message that is written oddly.

A block of a megabyte that has nothing else in it is taken apart in few steps, and what a cheap test on a message's
bytes rules out is counted and not looked at again. Whatever is odd in a block sends it to :mod:`.rows`, which goes
line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import compress
from typing import Final

from ..line import CLOSE, OPEN, Line
from .encoding import decoded
from .naming import spelled
from .stamps import raw, raw_time, server
from .text import broken, harmless

_TIMED: Final = CLOSE + b"<time="
_TAIL = re.compile(
    rb'<time="(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?([+-]\d{1,5})?" date="([^"\n]{0,20})" '
    rb'component="([^"\n]{0,200})" context="[^"\n]{0,400}" type="([123]?)" thread="(\d{0,10})" '
    rb'file="[^"\n]{0,400}(?:">)?\s*\Z'
)
_QUOTED: Final = (b">", b"`", b"- ", b"* ")
"""What a poster puts before lines."""
_ATTRIBUTE = re.compile(r"(\w{1,20})\s{0,9}=\s{0,9}[\"'“”„″]([^\"'“”„″]{0,400})[\"'“”″]")
SERVER = re.compile(r"\$\$<([^<>]{0,200})><([^<>]{0,60})>(?:<thread=\s{0,9}(\w{0,12})[^<>]{0,40}>?)?")
"""What stands behind a site server's message."""

Keep = Callable[[bytes], object]
"""Asked with bytes that begin with a message, and may go on behind it: whether the message can matter."""


def client_records(block: bytes) -> list[bytes] | None:
    """The messages of a block that has nothing else, each where the one before ends; ``None``: it is not so.

    They come without the marks between them, so that but for the last one each lacks the quote and bracket at its end.
    """
    if not block.startswith(OPEN) or not block[-4:].rstrip().endswith(b'">'):
        return None
    end = block.find(b"\n")
    between = b'">\r\n' if end > 0 and block[end - 1 : end] == b"\r" else b'">\n'
    records = block[len(OPEN) :].split(between + OPEN)
    if block.count(OPEN) != len(records) or block.count(_TIMED) != len(records):
        return None
    return records


def server_records(block: bytes) -> list[bytes] | None:
    """The messages of a block that has only those of a site server, one a line; ``None``: it is not so."""
    if b"$$<" not in block or block.startswith(_QUOTED) or any(b"\n" + mark in block for mark in _QUOTED):
        return None
    records = block.removesuffix(b"\n").split(b"\n")
    return records if block.count(b"$$<") == len(records) and OPEN not in block else None


def numbered(records: list[bytes], single: bool, keep: Keep | None) -> Iterator[tuple[int, bytes]]:
    """The records that may matter, each with how many lines stand before it; ``single``: each is one line."""
    kept = enumerate(records) if keep is None else compress(enumerate(records), map(keep, records))
    if single:
        yield from kept
        return
    lines, seen = 0, 0
    for at, record in kept:
        while seen < at:
            lines += records[seen].count(b"\n") + 1
            seen += 1
        yield lines, record


def client_line(record: bytes, source: str, log: str, number: int, device: str) -> Line:
    """One message, without its opening mark and with what stands behind it."""
    text, _, tail = record.rpartition(CLOSE)
    found = _TAIL.match(tail)
    if found is None:
        return odd_line(decoded(text), decoded(tail) + '">', source, log, number, device)
    hour, minute, second, part, bias, date, component, severity, thread = found.groups()
    told = harmless(decoded(text))
    return Line(
        source,
        number,
        _component(component) or log,
        broken(told) if "~~" in told else told,
        raw_time(hour, minute, second, part, bias, date),
        thread.decode(),
        int(severity or 0),
        0,
        device,
    )


@lru_cache(maxsize=1024)
def _component(name: bytes) -> str:
    return spelled(harmless(decoded(name)).strip())


def odd_line(text: str, tail: str, source: str, log: str, number: int, device: str) -> Line:
    """A message whose attributes are in another order, are missing, or were quoted by a word processor."""
    told = {name.lower(): value for name, value in _ATTRIBUTE.findall(tail)}
    severity = told.get("type", "")
    return Line(
        source,
        number,
        spelled(harmless(told.get("component", "")).strip()) or log,
        harmless(text),
        raw(told.get("time", "").strip(), told.get("date", "").strip()),
        harmless(told.get("thread", "")),
        int(severity) if severity in {"1", "2", "3"} else 0,
        0,
        device,
    )


def server_record(record: bytes, source: str, log: str, number: int, device: str) -> Line:
    """One line that has one message of a site server's component."""
    text = decoded(record)
    mark = text.rfind("$$<")
    found = SERVER.match(text, mark) if mark >= 0 else None
    return server_line(text[: found.start()] if found else text, found, source, log, number, device)


def server_line(text: str, found: re.Match[str] | None, source: str, log: str, number: int, device: str) -> Line:
    """One message of a site server's component; ``found``: what stands behind it."""
    component = harmless(found[1]).strip() if found else ""
    return Line(
        source,
        number,
        spelled(component) or log,
        broken(harmless(text.rstrip())),
        server(found[2]) if found else None,
        harmless(found[3] or "") if found else "",
        0,
        0,
        device,
    )
