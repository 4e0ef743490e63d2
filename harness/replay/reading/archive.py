"""Zip archives as support bundles have them, read member by member and never unpacked onto the disk by their names."""

from __future__ import annotations

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final, cast

from ccmproof.model.kernel.errors import ModelError

from .limits import Limits, Notes
from .text import harmless_name

MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What reading a damaged, encrypted or strangely packed archive raises."""
_COUNTED_FROM: Final = 16 << 20
"""Bytes, unpacked, from which on the ratio matters: a short log that says the same again and again packs well too."""
_SPOOL: Final = 32 << 20
_TRICK = re.compile(r"\A[\\/]|\A[A-Za-z]:|(?:\A|[\\/])\.\.(?:[\\/]|\Z)|\0")


def is_archive(head: bytes) -> bool:
    return head.startswith(MAGIC)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive; ``name``: with the archive's in front."""

    name: str
    open: Callable[[], IO[bytes]]


class Archive:
    """An archive and the archives within it.

    It stays open until it is closed, unless it is put to ``rest``: then each of its members opens it for itself, as
    there are systems on which no more than some hundred files may be open.

    Raises:
        ModelError: it is no archive that can be read, or has more members than any bundle; one line.
    """

    def __init__(self, file: Path | IO[bytes], name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self._file = file
        self._opened: list[zipfile.ZipFile | IO[bytes]] = []
        self._left = limits.unpacked
        self.zip = self._open(file, name)

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()

    def rest(self) -> None:
        """Close it, if there is none within it; it is opened again when a member is read."""
        if len(self._opened) == 1 and isinstance(self._file, Path):
            self.close()

    def _read(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
        if archive.fp is not None or not isinstance(self._file, Path):
            return archive.open(info)
        with zipfile.ZipFile(self._file) as again:  # the file is closed when the member is
            return again.open(info)

    def members(self, notes: Notes) -> Iterator[Member]:
        """What may be read, also of archives one level within, in the order of the archive; the rest is noted."""
        yield from self._of(self.zip, self.name, notes, nested=False)

    def _open(self, file: Path | IO[bytes], name: str) -> zipfile.ZipFile:
        try:
            found = zipfile.ZipFile(file)
        except BROKEN as error:
            raise ModelError(f"{name}: it is no archive that can be read ({told(error)})") from error
        self._opened.append(found)
        count = len(found.infolist())
        if count > self.limits.members:
            raise ModelError(f"{name}: refused: {count:,} members; no bundle has more than {self.limits.members:,}")
        return found

    def _of(self, archive: zipfile.ZipFile, name: str, notes: Notes, *, nested: bool) -> Iterator[Member]:
        for info in archive.infolist():
            if info.is_dir():
                continue
            wrong = self._wrong(info)
            if wrong:
                notes.add(f"{name}/{_shown(info.filename)}", 0, f"refused: {wrong}")
                continue
            member = Member(f"{name}/{_shown(info.filename)}", partial(self._read, archive, info))
            try:
                with member.open() as file:
                    within = is_archive(file.read(4))
            except BROKEN as error:
                notes.add(member.name, 0, f"it cannot be read ({told(error)})")
                continue
            if not within:
                yield member
            elif nested:
                notes.add(member.name, 0, "refused: an archive in an archive in an archive")
            else:
                yield from self._inner(member, notes)

    def _inner(self, member: Member, notes: Notes) -> Iterator[Member]:
        spool = cast("IO[bytes]", tempfile.SpooledTemporaryFile(_SPOOL))  # noqa: SIM115 (it is closed with the archive)
        self._opened.append(spool)
        try:
            with member.open() as file:
                while data := file.read(self.limits.chunk):
                    spool.write(data)
            inner = self._open(spool, member.name)
        except (ModelError, *BROKEN) as error:
            notes.add(member.name, 0, str(error).removeprefix(f"{member.name}: "))
            return
        yield from self._of(inner, member.name, notes, nested=True)

    def _wrong(self, info: zipfile.ZipInfo) -> str:
        """Why a member is refused; empty where it is not. What is let through is counted."""
        if _TRICK.search(info.filename):
            return "its name leads out of the archive"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "it is a link"
        if info.flag_bits & 1:
            return "it is encrypted"
        if info.file_size > _COUNTED_FROM and info.file_size > self.limits.ratio * max(1, info.compress_size):
            return f"it unpacks to more than {self.limits.ratio} times its size"
        if info.file_size > self._left:
            return f"the archive unpacks to more than {self.limits.unpacked >> 20:,} MiB"
        self._left -= info.file_size
        return ""


def _shown(name: str) -> str:
    """A member's name without what a console would obey."""
    return harmless_name(name.replace("\\", "/"))[:500]


def told(error: BaseException) -> str:
    """What an error says, on one line."""
    return (str(error) or type(error).__name__).partition("\n")[0]
