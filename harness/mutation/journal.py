"""What was found, line by line as it is found, so that a run that was interrupted goes on where it was.

A line speaks of one edit in one step, under a key of everything that the answer depends on. A line that is damaged, as
the last one may be, or has another key, says nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import IO

from ccmproof.model.kernel.errors import ModelError

from .work import Found


class Journal:
    """The answers of a file, and a place to write more of them; without a file, of nothing."""

    def __init__(self, path: Path | None) -> None:
        self._known: dict[tuple[str, str], Found] = {}
        self._file: IO[str] | None = None
        if path is None:
            return
        try:
            whole = self._read(path) if path.exists() else True
            self._file = path.open("a", encoding="utf-8", newline="\n")
            if not whole:
                self._file.write("\n")
        except OSError as error:
            raise ModelError(f"cannot keep a journal in {path}: {error.strerror or error}") from error

    def _read(self, path: Path) -> bool:
        """Take up what the file says; whether its last line is whole."""
        text = path.read_text(encoding="utf-8", errors="replace")
        for line in text.splitlines():
            try:
                said = json.loads(line)
                lists = [tuple(said[name]) for name in ("by", "lost", "gained")]
                found = Found(said["edit"], said["word"], lists[0], said["why"], *lists[1:])
                self._known[said["key"], found.edit] = found
            except (ValueError, LookupError, TypeError):
                continue
        return not text or text.endswith("\n")

    def get(self, key: str, edit: str) -> Found | None:
        """What is known of the edit under the key."""
        return self._known.get((key, edit))

    def put(self, key: str, found: Found) -> None:
        """Keep an answer, and have it on disk at once."""
        self._known[key, found.edit] = found
        if self._file is not None:
            said = {"key": key, **asdict(found)}
            self._file.write(json.dumps(said, ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
