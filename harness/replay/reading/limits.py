"""How much is read of what nobody vouches for, and what is said of the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on input; what goes beyond is cut or refused, and said.

    Attributes:
        chunk: bytes read at a time.
        message: bytes of one message, or of one line that never ends.
        files: of all sources together; ``members``: of one archive.
        unpacked: bytes of one archive's members together; ``ratio``: to its own size, counted from a mebibyte on.
        rows: of pasted text that are held at once to be put in order; ``held``: bytes of them.
    """

    chunk: int = 1 << 20
    message: int = 1 << 20
    files: int = 200_000
    members: int = 20_000
    unpacked: int = 8 << 30
    ratio: int = 200
    rows: int = 50_000
    held: int = 32 << 20


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Note:
    """What was refused, skipped, cut or left open, in one line; ``number``: of a line, 0 where it is the source."""

    source: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.source}{f':{self.number}' if self.number else ''}: {self.what}"


@dataclass(slots=True)
class Notes:
    """Notes as they come; of one kind in one source only the first few are kept, and all are counted."""

    kept: list[Note] = field(default_factory=list)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    each: int = 5

    def add(self, source: str, number: int, what: str) -> None:
        self.counted[source, what] += 1
        if self.counted[source, what] <= self.each:
            self.kept.append(Note(source, number, what))
