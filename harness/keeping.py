"""What is found out once, as JSON in files of the user's cache: each written whole or not at all.

A file that is damaged is none (:data:`BROKEN`), and what cannot be written is not kept: nothing is lost by either.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import zlib
from pathlib import Path
from typing import Any

BROKEN = (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What a file may raise, when it is read and taken for what it should say."""
ENDING = ".json.gz"


def folder_for(name: str) -> Path:
    """Where the user's cache has its files of one kind."""
    from platformdirs import user_cache_path

    return user_cache_path("ccmproof", appauthor=False) / name


def read(path: Path) -> Any:
    """What a file says.

    Raises:
        Exception: one of :data:`BROKEN`; there is none, or it is damaged.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def write(path: Path, data: object, level: int = 9) -> None:
    """Keep what can be said in JSON; nobody meets the file before it is whole. ``level``: how hard it is packed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8", compresslevel=level) as file:
                json.dump(data, file, separators=(",", ":"))
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError:
        return


def remove(folder: Path, pattern: str) -> int:
    """Remove the files of a folder that fit; how many there were."""
    files = sorted(folder.glob(pattern + ENDING))
    for each in files:
        each.unlink(missing_ok=True)
    return len(files)
