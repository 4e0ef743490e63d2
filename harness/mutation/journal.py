"""What was found, line by line as it is found, so that a run that was interrupted goes on where it was.

A line speaks of one edit in one step, under a key of everything that the answer depends on, and ends with a checksum. A
line that is damaged, as the last one may be, or has another key, says nothing. A file that begins otherwise is
somebody's own, and is left alone; where no more can be written, the run goes on without.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from ccmproof.model.kernel.errors import ModelError

from .work import Found

BEGINNING = '{"key": "'
"""What every journal begins with."""


class Journal:
    """The answers of a file, and a place to write more of them; without a file, of nothing.

    Args:
        complain: told, in one line, that no more can be written.

    Raises:
        ModelError: the file cannot be read or written, or is no journal.
    """

    def __init__(self, path: Path | None, complain: Callable[[str], None] | None = None) -> None:
        self._known: dict[tuple[str, str], Found] = {}
        self._file: IO[str] | None = None
        self._path, self._complain = path, complain
        if path is None:
            return
        try:
            text = self._read(path)
            self._file = path.open("a", encoding="utf-8", newline="\n")
        except OSError as error:
            raise ModelError(f"cannot keep a journal in {path}: {error.strerror or error}") from error
        if text and not text.endswith("\n"):
            self._write("\n")

    def _read(self, path: Path) -> str:
        """Take up what the file says, and give its text."""
        if not path.exists():
            return ""
        if not path.is_file():
            raise ModelError(f"cannot keep a journal in {path}: it is no file")
        text = path.read_text(encoding="utf-8", errors="replace")
        first = text.partition("\n")[0]
        if text and not (first.startswith(BEGINNING) or (first and BEGINNING.startswith(first))):
            raise ModelError(f"cannot keep a journal in {path}: it has something else in it")
        for line in text.splitlines():
            try:
                said = json.loads(line)
                if said.pop("sum") != _sum(said):
                    continue
                lists = [tuple(said[name]) for name in ("by", "lost", "gained")]
                found = Found(said["edit"], said["word"], lists[0], said["why"], *lists[1:])
                self._known[said["key"], found.edit] = found
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                continue
        return text

    def get(self, key: str, edit: str) -> Found | None:
        """What is known of the edit under the key."""
        return self._known.get((key, edit))

    def put(self, key: str, found: Found) -> None:
        """Keep an answer, and have it on disk at once."""
        self._known[key, found.edit] = found
        if self._file is not None:
            said = {"key": key, **asdict(found)}
            self._write(json.dumps({**said, "sum": _sum(said)}, ensure_ascii=False) + "\n")

    def _write(self, text: str) -> None:
        """Write it at once; where that fails, never again."""
        assert self._file is not None
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            if self._complain is not None:
                self._complain(
                    f"the journal {self._path} can be written no more: {error.strerror or error}; the run goes on"
                )
            self.close()

    def close(self) -> None:
        if self._file is not None:
            with suppress(OSError):  # what is left to be written was complained of
                self._file.close()
            self._file = None


def _sum(said: Mapping[str, object]) -> int:
    """A checksum of a line's values, in whatever order they come."""
    return zlib.crc32(json.dumps(said, sort_keys=True).encode())
