"""The two forms in which components write: whole blocks of them at once, and one message that is written oddly.

A block of a megabyte that has nothing else in it is taken apart in few steps, and what a cheap test on a message's
bytes rules out is counted and not looked at again. Whatever is odd in a block sends it to :mod:`.rows`, which goes
line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from ..line import Line
from .encoding import decoded
from .naming import spelled
from .stamps import raw, server
from .text import broken, harmless

OPEN: Final = b"<![LOG["
CLOSE: Final = b"]LOG]!>"
_BETWEEN: Final = b">\n" + OPEN
_TAIL = re.compile(
    rb'<time="([^"\n]{0,40})" date="([^"\n]{0,20})" component="([^"\n]{0,200})" context="[^"\n]{0,400}" '
    rb'type="(\d?)" thread="(\d{0,10})" file="[^"\n]{0,400}">\s*\Z'
)
_ATTRIBUTE = re.compile(r"(\w{1,20})\s{0,9}=\s{0,9}[\"'“”„″]([^\"'“”„″]{0,400})[\"'“”″]")
SERVER = re.compile(r"\$\$<([^<>]{0,200})><([^<>]{0,60})>(?:<thread=\s{0,9}(\w{0,12})[^<>]{0,40}>?)?")
"""What stands behind a site server's message."""

Keep = Callable[[bytes], object]
"""Asked with bytes that begin with a message, and may go on behind it: whether the message can matter."""


def is_regular(block: bytes) -> bool:
    """Whether a block is client messages alone, each where the one before ends."""
    count = block.count(OPEN)
    return (
        count > 0
        and block.startswith(OPEN)
        and block.count(CLOSE + b"<time=") == count
        and block.count(CLOSE) == count
        and block.count(_BETWEEN) == count - 1
        and block.endswith((b">", b">\n"))
    )


def is_server(block: bytes) -> bool:
    """Whether a block is site server's messages alone, one a line."""
    count = block.count(b"$$<")
    return count > 0 and count == block.count(b"\n") + (not block.endswith(b"\n")) and OPEN not in block


def client_lines(block: bytes, source: str, log: str, number: int, keep: Keep | None, device: str) -> Iterator[Line]:
    """The messages of a regular block that may matter. ``number``: of the block's first line."""
    records = block[len(OPEN) :].split(b"\n" + OPEN)
    if block.count(b"\n") <= len(records):  # no message is broken into lines
        for at, record in _kept(records, keep):
            yield client_line(record, source, log, number + at, device)
        return
    seen = 0
    for at, record in _kept(records, keep):
        while seen < at:
            number += records[seen].count(b"\n") + 1
            seen += 1
        yield client_line(record, source, log, number, device)


def _kept(records: list[bytes], keep: Keep | None) -> Iterator[tuple[int, bytes]]:
    return enumerate(records) if keep is None else ((at, record) for at, record in enumerate(records) if keep(record))


def client_line(record: bytes, source: str, log: str, number: int, device: str) -> Line:
    """One message, without its opening mark and with what stands behind it."""
    text, _, tail = record.rpartition(CLOSE)
    found = _TAIL.match(tail)
    if found is None:
        return odd_line(decoded(text), decoded(tail), source, log, number, device)
    time, date, component, severity, thread = found.groups()
    return Line(
        source,
        number,
        spelled(component.decode("utf-8", "replace")) or log,
        harmless(decoded(text)),
        raw(time.decode("ascii", "replace"), date.decode("ascii", "replace")),
        thread.decode(),
        int(severity or 0),
        0,
        device,
    )


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


def server_lines(block: bytes, source: str, log: str, number: int, keep: Keep | None, device: str) -> Iterator[Line]:
    """The messages of a site server's block that may matter."""
    for at, record in _kept(block.removesuffix(b"\n").split(b"\n"), keep):
        text = decoded(record)
        mark = text.rfind("$$<")
        found = SERVER.match(text, mark) if mark >= 0 else None
        yield server_line(text[: found.start()] if found else text, found, source, log, number + at, device)


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
