"""Logs that grow as they are diagnosed: what is recognised is held, and only what has come since is read."""

from __future__ import annotations

import glob
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ccmproof.model.kernel.errors import ModelError

from .gathered import Gathered
from .line import Line
from .reading import follow
from .reading.bundles import by_device
from .reading.naming import named
from .reading.text import harmless_name
from .recognise import Recogniser
from .unwrap import rejoined

SECONDS = 2.0
"""Between two looks at logs that grow."""
ENDINGS = (".log", ".lo_")
"""What the names of logs in a folder end with."""


def growing(
    sources: Iterable[str],
    recogniser: Recogniser,
    *,
    all_lines: bool = False,
    sleep: Callable[[float], object] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Sequence[Gathered]]:
    """The lines of each device, each time that some have come: the same ones, with more in them.

    Args:
        sources: files, globs and folders; logs that come into a folder are followed too.
        all_lines: keep the lines that are not recognised too.
        sleep: waits for some seconds between two looks; ``stop`` is asked after each and ends it.

    Raises:
        ModelError: a source is not there, or cannot be followed.
    """
    asked = list(sources)
    folders = [each for each in asked if Path(each).is_dir()]
    paths = _logs(asked)
    if not paths and not folders:
        raise ModelError(f"cannot follow {', '.join(asked)}: nothing matches it")
    names = [harmless_name(str(path)) for path in paths]
    held = _Held(recogniser, all_lines, dict(zip(names, by_device(names), strict=True)))
    came: list[Line] = []
    lines = follow(
        paths, keep=None if all_lines else recogniser.keep, every=SECONDS, sleep=sleep, stop=stop,
        more=lambda: _logs(folders), counts=held.counts,
    )  # fmt: skip
    first = True
    for line in lines:
        if line is not None:
            came.append(line)
            continue
        fresh = sum([held.take(each) for each in rejoined(came, recogniser)])
        came = []
        if first or fresh:
            first = False
            yield held.devices()


@dataclass
class _Held:
    """What has come so far."""

    recogniser: Recogniser
    all_lines: bool
    device: dict[str, str]
    """By source, the device that it is of; one that comes later is of the only one that there is, or of none."""
    found: dict[str, Gathered] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def take(self, line: Line) -> bool:
        """Hold a line; whether it is one that is recognised."""
        of = self._of(line.source)
        if of.device:
            line = replace(line, device=of.device)
        return of.hold(line, self.recogniser, all_lines=self.all_lines)

    def devices(self) -> Sequence[Gathered]:
        for of in self.found.values():
            of.lines = 0
        for source, count in self.counts.items():
            self._of(source).count(source, count)
        return tuple(self.found[name] for name in sorted(self.found))

    def _of(self, source: str) -> Gathered:
        known = set(self.device.values())
        device = self.device.setdefault(source, known.pop() if len(known) == 1 else "")
        return self.found.setdefault(device, Gathered(device))


def _logs(sources: Iterable[str]) -> list[Path]:
    """The files, those of one log oldest first.

    Raises:
        ModelError: a source is not there, or cannot be followed; one line.
    """
    found: dict[Path, None] = {}
    for source in sources:
        path = Path(source)
        if path.is_dir():
            logs = [each for each in path.rglob("*") if each.suffix.lower() in ENDINGS and each.is_file()]
            found.update(dict.fromkeys(each for each in sorted(logs) if not each.is_symlink()))
        elif path.suffix.lower() == ".zip" or source == "-":
            raise ModelError(f"cannot follow {source}: only files and folders grow")
        elif path.is_file() or not glob.has_magic(source):
            found[path] = None
        else:
            found.update(dict.fromkeys(map(Path, sorted(glob.glob(source, recursive=True)))))  # noqa: PTH207 (it may be absolute)
    first: dict[str, int] = {}
    for number, path in enumerate(found):
        first.setdefault(named(str(path)).family, number)
    return sorted(found, key=lambda path: (first[named(str(path)).family], named(str(path)).turn))
