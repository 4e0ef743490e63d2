"""Bytes of any encoding become bytes of UTF-8 with line feeds, piece by piece.

What is not UTF-8 is taken for the code page of western Windows where a message is decoded, message by message: one
file may have both, since components differ in what they write.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = ((codecs.BOM_UTF8, ""), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
HEAD: Final = 4096
"""Bytes by which an encoding is told, and text from what is none."""
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}".encode()
_UNWRITTEN = re.compile(rb"\x00{16,}")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes tell, and the length of their mark; empty: none but UTF-8 and code pages."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    pairs = len(head) // 2
    if pairs >= 2:
        low, high = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
        if high > 0.6 * pairs and low < 0.1 * pairs:
            return "utf-16-le", 0
        if low > 0.6 * pairs and high < 0.1 * pairs:
            return "utf-16-be", 0
    return "", 0


def is_text(head: bytes) -> bool:
    """Whether the first bytes may be text: they have few control characters, but for what a crash left unwritten."""
    encoding, mark = encoding_of(head)
    if encoding:
        head = head[mark : len(head) - (len(head) - mark) % 2].decode(encoding, "replace").encode()
    head = _UNWRITTEN.sub(b"", head)
    return len(_CONTROLS.findall(head)) + 3 * head.count(_REPLACED) * bool(encoding) <= len(head) // 20


class Decoder:
    """Turns a stream into UTF-8 whose lines end with a line feed. ``feed`` what comes; ``close`` gives what is left.

    A return before a line feed stays: most logs have it, and taking it away would cost as much as reading.
    """

    def __init__(self) -> None:
        self._head: bytes | None = b""
        self._wide: codecs.IncrementalDecoder | None = None
        self._returns = False

    def feed(self, data: bytes, *, last: bool = False) -> bytes:
        if self._head is not None:
            self._head += data
            if len(self._head) < HEAD and not last:
                return b""
            return self._begin(last)
        if self._wide is not None:
            data = self._wide.decode(data, last).encode("utf-8", "replace")
        return data.replace(b"\r", b"\n") if self._returns else data

    def close(self) -> bytes:
        return self.feed(b"", last=True)

    def flush(self) -> bytes:
        """What has come so far, though it is too little to tell the encoding well."""
        return self._begin(last=False) if self._head else b""

    def _begin(self, last: bool) -> bytes:
        head, self._head = self._head or b"", None
        encoding, mark = encoding_of(head)
        if encoding:
            self._wide = codecs.getincrementaldecoder(encoding)("replace")
        data = self.feed(head[mark:], last=last)
        self._returns = b"\r" in data and b"\n" not in data
        return data.replace(b"\r", b"\n") if self._returns else data


def decoded(data: bytes) -> str:
    """UTF-8, or where it is not, the code page of western Windows."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
