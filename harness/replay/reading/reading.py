"""Reading: sources in, lines out, and what was refused, skipped or cut on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from ccmproof.model.kernel.errors import ModelError

from ..line import Line
from .archive import BROKEN, told
from .encoding import HEAD, is_text
from .limits import LIMITS, Limits, Note, Notes
from .parser import Parser
from .plain import Splitter
from .processes import Runs
from .raw import Keep
from .sources import Source, Sources, found, of_bytes


class Reading:
    """What sources say, line by line.

    Attributes:
        lines: in the order of the sources, those of one log oldest first; they can be gone through once.
        counts: by source, how many messages it has, with those that ``keep`` ruled out; complete when the lines are.
    """

    def __init__(self, sources: Sources, keep: Keep | None, limits: Limits, notes: Notes) -> None:
        self._sources, self._keep = sources, keep
        self._limits, self._notes = limits, notes
        self._begun: set[str] = set()
        self._runs = Runs()
        self.counts: dict[str, int] = {}
        self.lines: Iterator[Line] = self._lines()

    @property
    def sources(self) -> Sequence[Source]:
        return tuple(self._sources.all)

    @property
    def notes(self) -> Sequence[Note]:
        """What was refused, skipped, cut or left open so far; of one kind in a source only the first few."""
        return tuple(self._notes.kept)

    def close(self) -> None:
        self._sources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _lines(self) -> Iterator[Line]:
        try:
            for source in self._sources.all:
                parser = self._parser(source)
                yield from self._of(source, parser)
                if source.name in self._begun:
                    self.counts[source.name] = parser.count
        finally:
            self.close()
        if not self._begun:
            said = f": {self._notes.kept[0]}" if self._notes.kept else ": it is empty"
            raise ModelError(f"there is nothing to read{said}")

    def _parser(self, source: Source) -> Parser:
        return Parser(source.name, source.named.log, source.device, self._keep, splitter(), self._limits, self._notes)

    def _of(self, source: Source, parser: Parser) -> Iterator[Line]:
        family = source.named.family
        for line in self._read(source, parser):
            yield self._runs.told(line, family)

    def _read(self, source: Source, parser: Parser) -> Iterator[Line]:
        try:
            with source.open() as file:
                while data := file.read(self._limits.chunk):
                    if source.name not in self._begun and not is_text(data[:HEAD]):
                        if source.asked:
                            raise ModelError(f"cannot read {source.name}: it is no text")
                        self._notes.add(source.name, 0, "skipped: it is no text")
                        return
                    self._begun.add(source.name)
                    yield from parser.feed(data)
        except ModelError:
            raise
        except BROKEN as error:
            what = told(error)
            if source.asked and source.name not in self._begun:
                raise ModelError(f"cannot read {source.name}: {what}") from error
            self._notes.add(source.name, 0, f"it cannot be read any further ({what})")
        yield from parser.close()


@cache
def splitter() -> Splitter:
    """Takes lines apart by what the messages of the table of patterns begin with."""
    from ..patterns import beginnings, shipped  # read only when it is needed, as the table is large

    return Splitter(beginnings(shipped()))


def read(
    sources: Iterable[str | Path],
    *,
    keep: Keep | re.Pattern[bytes] | None = None,
    limits: Limits = LIMITS,
    stdin: IO[bytes] | None = None,
) -> Reading:
    """Read logs, whatever form they were written, copied or pasted in.

    Args:
        sources: files, folders, globs, archives, and ``-`` for standard input.
        keep: a cheap test of bytes that begin with a message (UTF-8) and may go on behind it. Messages of raw logs
            that it rules out are counted and not made into lines; of text in other forms all lines come.
        stdin: what ``-`` stands for; by default this process's.

    Raises:
        ModelError: a source is not there or cannot be read, or there is nothing to read; one line. Also while the
            lines are gone through.
    """
    notes = Notes()
    test = keep.search if isinstance(keep, re.Pattern) else keep
    return Reading(found(sources, limits, notes, stdin), test, limits, notes)


def of_text(text: str | bytes, name: str = "pasted text", *, limits: Limits = LIMITS) -> list[Line]:
    """The lines of a text in memory."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    if not data:
        return []
    return list(Reading(Sources([of_bytes(name, data)]), None, limits, Notes()).lines)
