"""Many devices: which files are one device's, and the bundles that a folder has."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ccmproof.model.kernel.errors import ModelError

from ..line import Where
from .naming import named, where

_PARTS: Final = frozenset(
    ("ccm", "ccmsetup", "log", "logs", "windows", "temp", "smsts", "smstslog", "system32", "client", "server")
)
"""Folders by which the logs of one device lie apart."""
_LOGS: Final = (".log", ".lo_", ".txt")
_SEPARATORS = re.compile(r"[\\/]")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was gathered from one device: its name, and the archive, folder or files to read."""

    name: str
    paths: tuple[Path, ...]


def bundles(folder: Path) -> list[Bundle]:
    """The bundles of a folder, by name: each archive, each folder with logs in it, and the logs that lie about.

    A folder whose only folders are parts of one device's logs (``CCM``, ``ccmsetup``, ``Logs``) is itself one.

    Raises:
        ModelError: the folder cannot be read, or there is none.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise ModelError(f"cannot read {folder}: {error.strerror or error}") from error
    archives = [each for each in entries if each.suffix.lower() == ".zip" and each.is_file()]
    inner = [each for each in entries if each.is_dir() and not each.is_symlink() and _has_logs(each)]
    loose = [each for each in entries if each.suffix.lower() in _LOGS and each.is_file()]
    apart = [each for each in inner if each.name.lower() not in _PARTS]
    if not archives and not apart:
        return [Bundle(folder.name or str(folder), (folder,))] if inner or loose else []
    found = [Bundle(each.stem, (each,)) for each in archives] + [Bundle(each.name, (each,)) for each in apart]
    parts = [each for each in inner if each.name.lower() in _PARTS]
    if loose or parts:
        found.append(Bundle(folder.name or str(folder), (*parts, *loose)))
    return sorted(found, key=lambda bundle: (bundle.name.lower(), bundle.name))


def _has_logs(folder: Path) -> bool:
    return any(name.lower().endswith((*_LOGS, ".zip")) for _, _, files in os.walk(folder) for name in files)


def by_device(names: Sequence[str]) -> list[str]:
    """For each source the device that it is of; empty where nothing tells that there are several.

    There are several where the same client's log lies in several places, and is not the same file rolled over. Logs
    of servers are of no device: they speak of all.
    """
    roots = [_root(name) for name in names]
    places: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for name, root in zip(names, roots, strict=True):
        if root is not None:
            places[named(name).log].add(root)
    if all(len(each) < 2 for each in places.values()):
        return [""] * len(names)
    common = _common([root for root in roots if root is not None])
    return ["" if root is None else "/".join(root[common:]) or root[-1] for root in roots]


def _root(name: str) -> tuple[str, ...] | None:
    """Where the logs of the device lie that a client's log is of; ``None``: it is not a client's.

    Folders by which the logs of one device lie apart do not count; a name before the log's, as in
    ``PC0815_ccmsetup.log``, does.
    """
    about = named(name)
    if where(about.log) is not Where.CLIENT:
        return None
    *folders, stem = _SEPARATORS.split(about.family)
    while folders and folders[-1].lower() in _PARTS:
        folders.pop()
    folders = [re.sub(r"\.zip\Z", "", each, flags=re.IGNORECASE) for each in folders]
    before = stem[: -len(about.log)].rstrip(" _-.") if stem.lower().endswith(about.log.lower()) else ""
    return (*folders, before) if before else (*folders,) or (".",)


def _common(roots: Sequence[tuple[str, ...]]) -> int:
    """How many parts all of them begin with, so that something is left of each."""
    least, most = min(roots), max(roots)
    same = 0
    while same < min(len(least), len(most)) - 1 and least[same] == most[same]:
        same += 1
    return same
