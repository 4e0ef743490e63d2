"""What is read: files, folders, globs, archives and standard input, in the order in which their logs were written."""

from __future__ import annotations

import glob
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final

from ccmproof.model.kernel.errors import ModelError, nearest

from .archive import Archive, is_archive
from .bundles import by_device
from .limits import Limits, Notes
from .naming import Named, named
from .text import harmless_name

STANDARD_INPUT: Final = "-"
_OPEN: Final = 32
"""So many archives may be open at a time."""
_NO_LOGS: Final = frozenset(
    (
        *(".bat", ".cmd", ".config", ".css", ".csv", ".dll", ".dmp", ".etl", ".evt", ".evtx", ".exe", ".gif"),
        *(".htm", ".html", ".inf", ".ini", ".jpeg", ".jpg", ".js", ".json", ".mof", ".msi", ".msp", ".pdf", ".png"),
        *(".ps1", ".psd1", ".psm1", ".py", ".reg", ".sdf", ".sql", ".svg", ".vbs", ".wim", ".xml", ".xsl", ".yaml"),
        ".yml",
    )
)
"""Files of these kinds are left aside in folders and archives; one that is named itself is read all the same."""
_PACKED: Final = frozenset((".7z", ".bz2", ".cab", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zst"))
_PACKS: Final = (b"7z\xbc\xaf", b"BZh", b"MSCF", b"\x1f\x8b", b"Rar!", b"\xfd7zX", b"\x28\xb5\x2f\xfd")
"""How files begin that are packed, and not as zip archives are."""
_UNPACK: Final = "it is packed, and no zip archive: unpack it first"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that lines are read from.

    Attributes:
        name: as its user knows it.
        open: gives its bytes, from the beginning.
        asked: it was named itself, and is not what a folder, glob or archive happens to have.
        device: which one it is of, where there are several.
    """

    name: str
    open: Callable[[], IO[bytes]]
    asked: bool = False
    device: str = ""

    @property
    def named(self) -> Named:
        return named(self.name)


@dataclass(slots=True)
class Sources:
    """All sources, and what has to be closed when they have been read."""

    all: list[Source] = field(default_factory=list)
    archives: list[Archive] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    """Where those that have been found lie: one that is named twice, or is in a folder that is named too, is one."""

    def close(self) -> None:
        while self.archives:
            self.archives.pop().close()


def found(arguments: Iterable[str | Path], limits: Limits, notes: Notes, stdin: IO[bytes] | None = None) -> Sources:
    """The sources that arguments name, logs of one family together and oldest first.

    Raises:
        ModelError: one of them is not there, is no archive that can be read, or there are too many; one line.
    """
    sources = Sources()
    try:
        for argument in arguments:
            for source in _of(argument, sources, limits, notes, stdin):
                sources.all.append(source)
                if len(sources.all) > limits.files:
                    raise ModelError(f"{argument}: more than {limits.files:,} files: read a part of them")
    except BaseException:
        sources.close()
        raise
    if not sources.all:
        said = f": {notes.kept[0]}" if notes.kept else ""
        raise ModelError(f"there is nothing to read{said}")
    devices = by_device([source.name for source in sources.all])
    sources.all = _in_turn(
        [replace(source, device=device) for source, device in zip(sources.all, devices, strict=True)]
    )
    return sources


def _of(
    argument: str | Path, sources: Sources, limits: Limits, notes: Notes, stdin: IO[bytes] | None
) -> Iterator[Source]:
    text = str(argument)
    if text == STANDARD_INPUT:
        yield Source("standard input", lambda: stdin if stdin is not None else sys.stdin.buffer, asked=True)
        return
    path = Path(text)
    try:
        if path.is_dir():
            yield from _folder(path, sources, limits, notes)
            return
        if path.exists():
            yield from _file(path, sources, limits, notes, asked=True)
            return
    except ModelError:  # it is a ValueError too, and says what it is of
        raise
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot read {text}: {_told(error)}") from error
    matches = sorted(glob.glob(text, recursive=True)) if glob.has_magic(text) else []  # noqa: PTH207 (it may be absolute)
    if not matches:
        raise ModelError(f"cannot read {text}: {'nothing matches it' if glob.has_magic(text) else _absent(path)}")
    for match in map(Path, matches):
        if match.is_dir():
            if "**" not in text:  # its files match by themselves
                yield from _folder(match, sources, limits, notes)
        else:
            yield from _file(match, sources, limits, notes, asked=False)


def _absent(path: Path) -> str:
    try:
        beside = sorted(each.name for each in path.parent.iterdir())
    except OSError:
        return "it is not there"
    if path.name in beside:
        return "it is a link to what is not there"
    return f"it is not there{nearest(path.name, beside)}"


def _folder(folder: Path, sources: Sources, limits: Limits, notes: Notes) -> Iterator[Source]:
    """All files below, by name; a link is not followed, as it may lead round in a circle or out."""

    def failed(error: OSError) -> None:
        notes.add(harmless_name(str(error.filename)), 0, f"it cannot be read ({_told(error)})")

    for parent, folders, files in os.walk(folder, onerror=failed):
        folders.sort()
        for name in [each for each in folders if (Path(parent) / each).is_symlink()]:
            notes.add(harmless_name(str(Path(parent) / name)), 0, "skipped: it is a link")
        for name in sorted(files):
            path = Path(parent) / name
            if path.is_symlink():
                notes.add(harmless_name(str(path)), 0, "skipped: it is a link")
            else:
                yield from _file(path, sources, limits, notes, asked=False)


def _file(path: Path, sources: Sources, limits: Limits, notes: Notes, *, asked: bool) -> Iterator[Source]:
    name = harmless_name(str(path))
    if not asked and (why := _left_aside(path.name)):
        notes.add(name, 0, f"skipped: {why}")
        return
    try:
        if not path.is_file():
            raise OSError("it is no file")
        with path.open("rb") as file:
            head = file.read(4)
        if head.startswith(_PACKS):
            raise OSError(_UNPACK)
    except OSError as error:
        if asked:
            raise ModelError(f"cannot read {path}: {_told(error)}") from error
        notes.add(name, 0, f"it cannot be read ({_told(error)})")
        return
    lies = os.path.realpath(path)
    if lies in sources.files:
        return
    sources.files.add(lies)
    if not is_archive(head):
        yield Source(name, lambda: path.open("rb"), asked)
        return
    try:
        archive = Archive(path, name, limits)
    except ModelError as error:
        if asked:
            raise ModelError(f"cannot read {error}") from error
        notes.add(name, 0, str(error).removeprefix(f"{name}: "))
        return
    sources.archives.append(archive)
    for member in archive.members(notes):
        if why := _left_aside(member.name):
            notes.add(member.name, 0, f"skipped: {why}")
        else:
            yield Source(member.name, member.open)
    if len(sources.archives) > _OPEN:
        archive.rest()


def _left_aside(name: str) -> str:
    """Why a file that nobody has named is not looked into; empty: it is."""
    ending = Path(name).suffix.lower()
    if ending in _PACKED:
        return _UNPACK
    return "it is no log of a client or a site" if ending in _NO_LOGS else ""


def _in_turn(sources: Sequence[Source]) -> list[Source]:
    """Files of one family stand where the first of them stood, oldest first."""
    first: dict[str, int] = {}
    for number, source in enumerate(sources):
        first.setdefault(source.named.family, number)
    return sorted(sources, key=lambda each: (first[each.named.family], each.named.turn))


def of_bytes(name: str, data: bytes, device: str = "") -> Source:
    """A source in memory."""
    return Source(name, lambda: io.BytesIO(data), asked=True, device=device)


def _told(error: BaseException) -> str:
    return (getattr(error, "strerror", "") or str(error) or type(error).__name__).partition("\n")[0]
