"""Following logs that grow: what is written is read as it comes, and a log that is rolled over is gone on with."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ccmproof.model.kernel.errors import ModelError

from ..line import Line
from .limits import LIMITS, Limits, Notes
from .naming import named
from .parser import Parser
from .processes import Runs
from .raw import Keep
from .reading import splitter
from .text import harmless_name

_HEAD = 256
"""Bytes at the beginning by which a file is known again."""


@dataclass(slots=True)
class _Tail:
    """One log that is followed. It is opened anew each time: an open handle would keep it from being rolled over."""

    path: Path
    parser: Callable[[], Parser]
    limits: Limits
    runs: Runs = field(default_factory=Runs)
    at: int = 0
    head: bytes = b""
    current: Parser | None = None
    before: int = 0
    """Messages of the files before this one."""

    @property
    def count(self) -> int:
        return self.before + (self.current.count if self.current else 0)

    def poll(self) -> Iterator[Line]:
        """What has been written since the last time."""
        for line in self._poll():
            yield self.runs.told(line, "")

    def _poll(self) -> Iterator[Line]:
        try:
            with self.path.open("rb") as file:
                same = file.read(len(self.head)) == self.head
            size = self.path.stat().st_size
        except OSError:
            return  # between being rolled over and being begun anew it is not there
        if not same or size < self.at:
            yield from self._rolled()
        if self.current is None:
            self.current = self.parser()
        yield from self._rest(self.path, self.current)
        yield from self.current.flush()

    def _rest(self, path: Path, parser: Parser) -> Iterator[Line]:
        try:
            with path.open("rb") as file:
                file.seek(self.at)
                while data := file.read(self.limits.chunk):
                    self.head += data[: max(0, _HEAD - self.at)]
                    self.at += len(data)
                    yield from parser.feed(data)
        except OSError:
            return

    def _rolled(self) -> Iterator[Line]:
        """Read the old file to its end, where it is still there under its new name, and begin with the new one."""
        parser, self.current = self.current, None
        if parser:
            for old in self._older():
                yield from self._rest(old, parser)
            yield from parser.close()
            self.before += parser.count
        self.at, self.head = 0, b""

    def _older(self) -> Iterator[Path]:
        """The file that the log was rolled over to: of the same family and with the same beginning."""
        family = named(self.path.name).family
        for each in sorted(self.path.parent.iterdir()):
            if each != self.path and named(each.name).family == family:
                try:
                    with each.open("rb") as file:
                        if self.head and file.read(len(self.head)) == self.head:
                            yield each
                            return
                except OSError:
                    continue


def follow(
    paths: Iterable[str | Path],
    *,
    keep: Keep | re.Pattern[bytes] | None = None,
    limits: Limits = LIMITS,
    every: float = 1.0,
    sleep: Callable[[float], object] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    more: Callable[[], Iterable[Path]] = tuple,
    counts: dict[str, int] | None = None,
) -> Iterator[Line | None]:
    """The lines of logs, from their beginning and as they come; ``None`` each time that nothing more is there for now.

    Args:
        every: seconds between two looks; ``sleep`` waits for them, ``stop`` is asked after each and ends it.
        more: asked at each look for logs that have come; what a log that is followed was rolled over to is none.
        counts: to be filled, by source, with how many messages there are so far, those that ``keep`` ruled out too.

    Raises:
        ModelError: one of the logs is not there, or is a folder; one line.
    """
    test = keep.search if isinstance(keep, re.Pattern) else keep
    notes = Notes()

    def tail_of(path: Path) -> _Tail:
        name, log = harmless_name(str(path)), named(str(path)).log
        return _Tail(path, lambda: Parser(name, log, "", test, splitter(), limits, notes), limits)

    tails = []
    for path in map(Path, paths):
        if not path.is_file():
            raise ModelError(f"cannot follow {path}: {'it is no file' if path.exists() else 'it is not there'}")
        tails.append(tail_of(path))
    families = {named(str(tail.path)).family for tail in tails}
    while True:
        for path in more():
            if named(str(path)).family not in families:
                families.add(named(str(path)).family)
                tails.append(tail_of(path))
        for tail in tails:
            yield from tail.poll()
            if counts is not None:
                counts[harmless_name(str(tail.path))] = tail.count
        yield None
        if stop():
            return
        sleep(every)
