"""Logs as they are diagnosed: the lines of each device that are recognised, and what there is beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from .components import component, of_file
from .line import ERROR, Line
from .pattern import Seen
from .reading import Note, read
from .recognise import Recogniser
from .unwrap import rejoined

DOUBTS = 20
"""Unknown lines that speak of an error, of which no more need be told."""
LOOKED_AT = 200
_ERROR = re.compile(r"\b(?:error|failed|failure|exception|unauthorized|forbidden)\b", re.IGNORECASE)
MOST = 100_000
"""Recognised lines of one device that are held; what is let go of more is counted."""


@dataclass
class Gathered:
    """The lines of one device.

    Attributes:
        device: what tells it from others; empty where there is one only.
        seen: the recognised lines, as they came; ``others``: the rest, where they were asked for.
        lines: how many there are in all; ``dropped``: recognised ones that were too many.
        logs: the components of the files that are there.
        doubtful: the first of the lines that are not known and speak of an error.
    """

    device: str
    seen: list[Seen] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)
    lines: int = 0
    dropped: int = 0
    logs: set[str] = field(default_factory=set)
    doubtful: list[Line] = field(default_factory=list)

    def hold(self, line: Line, recogniser: Recogniser, *, all_lines: bool) -> bool:
        """Take up a line, whatever it is; whether it is one that is recognised."""
        if line.log:
            self.logs.add(line.log)
        seen = recogniser.of(line) or _of_another_log(line, recogniser)
        if seen is not None:
            self.take(seen)
            return True
        if len(self.doubtful) < DOUBTS and _is_doubtful(line):
            self.doubtful.append(line)
        if all_lines and len(self.others) < MOST:
            self.others.append(line)
        return False

    def count(self, source: str, lines: int) -> None:
        """Count the lines of a file, and its component as one whose log is there."""
        self.lines += lines
        component = of_file(source)
        if component is not None:
            self.logs.add(component.name)

    def take(self, seen: Seen, most: int = MOST) -> None:
        """Hold a recognised line. Of a log that is too long the middle is let go: it tells most where it begins and
        where it ends."""
        self.seen.append(seen)
        if len(self.seen) > most:
            log, count = Counter(each.line.log for each in self.seen).most_common(1)[0]
            spare = min(count, max(1, most // 10))
            places = [place for place, each in enumerate(self.seen) if each.line.log == log]
            middle = set(places[(count - spare) // 2 :][:spare])
            self.seen = [each for place, each in enumerate(self.seen) if place not in middle]
            self.dropped += spare


def _of_another_log(line: Line, recogniser: Recogniser) -> Seen | None:
    """What a line is whose log a heading alone has named, and which that log does not have.

    The author went on to another one without saying so. A cause is not taken from such a line: of whom it is one would
    be a guess.
    """
    if not line.log or line.when is not None or line.thread:
        return None
    seen = recogniser.of(replace(line, log=""))
    return None if seen is None or seen.pattern.cause else seen


def _is_doubtful(line: Line) -> bool:
    """Whether a line that is not known speaks of an error, as its component says, or else its words."""
    known = component(line.log)
    if line.log and (known is None or not known.ours):
        return False
    return line.severity == ERROR if line.severity else _ERROR.search(line.text, 0, LOOKED_AT) is not None


@dataclass(frozen=True)
class Gathering:
    """All devices of some sources, and what was refused, skipped or cut."""

    devices: tuple[Gathered, ...]
    notes: tuple[Note, ...] = ()


def gathered(
    sources: Iterable[str | Path],
    recogniser: Recogniser,
    *,
    all_lines: bool = False,
    stdin: IO[bytes] | None = None,
) -> Gathering:
    """Read sources and recognise their lines.

    Args:
        all_lines: keep the lines that are not recognised too.

    Raises:
        ModelError: a source cannot be read, or there is nothing to read.
    """
    found: dict[str, Gathered] = {}
    with read(sources, keep=None if all_lines else recogniser.keep, stdin=stdin) as reading:
        told: dict[str, int] = {}
        whose: dict[str, str] = {}
        for line in rejoined(reading.lines, recogniser):
            of = found.setdefault(line.device, Gathered(line.device))
            told[line.source] = told.get(line.source, 0) + 1
            whose[line.source] = line.device
            of.hold(line, recogniser, all_lines=all_lines)
        only = next(iter(found)) if len(found) == 1 else ""
        for source in reading.sources:
            of = found.setdefault(whose.get(source.name, only), Gathered(whose.get(source.name, only)))
            of.count(source.name, reading.counts.get(source.name, told.get(source.name, 0)))
        devices = _with_servers(found)
        return Gathering(devices, (*reading.notes, *filter(None, map(_thinned, devices))))


def _thinned(of: Gathered) -> Note | None:
    what = f"{of.dropped:,} recognised lines in the middle of the longest log are too many, and are not followed"
    return Note(of.device or "the device", 0, what) if of.dropped else None


def _with_servers(found: dict[str, Gathered]) -> tuple[Gathered, ...]:
    """Servers' logs, which are of no device, go with the only device that there is."""
    named = [each for name, each in found.items() if name]
    if len(named) == 1 and "" in found:
        one, servers = named[0], found[""]
        one.seen += servers.seen
        one.others += servers.others
        one.lines += servers.lines
        one.dropped += servers.dropped
        one.logs |= servers.logs
        one.doubtful += servers.doubtful
        return (one,)
    return tuple(found[name] for name in sorted(found))
