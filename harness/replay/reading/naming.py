"""What the name of a file tells: which component wrote it, and where it belongs among those rolled over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..components import component, of_file
from ..line import Where

_ENDING = re.compile(r"\.(?:log|lo_|txt|old|bak)\Z", re.IGNORECASE)
_ROLLED = re.compile(r"-(\d{8})-(\d{6})\Z")
_CMG = re.compile(r"CMG-(?P<name>.+)-ProxyService_IN_(?P<number>\w+)-(?P<log>CMG\w+)\Z", re.IGNORECASE)
_COPY = re.compile(r"(?:[ _-](?:copy|kopie|copie|copia)| ?\(\d+\)|[._-]\d{1,3})\Z", re.IGNORECASE)
_EDGE = re.compile(r"[^A-Za-z0-9]")
_SEPARATORS = re.compile(r"[\\/]")
_WORD = re.compile(r"[A-Za-z][\w.$-]{1,63}\Z")


def spelled(name: str) -> str:
    """The component's name as the table spells it; unknown ones as they come."""
    found = component(name)
    return found.name if found else name


def known(name: str) -> bool:
    """Whether a component of this name is known, in any spelling."""
    return component(name) is not None


def is_name(word: str) -> bool:
    """Whether a word is the very name of a component, in its own spelling, and no word of any language."""
    found = component(word)
    return found is not None and word in (found.name, *found.also)


def where(log: str) -> Where:
    """The host whose component this is."""
    found = component(log)
    return found.where if found else Where.UNKNOWN


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name tells.

    Attributes:
        log: the component; empty where the name says none.
        family: the path without what rolling over has added: one for all files of one log.
        turn: their order, oldest first.
    """

    log: str
    family: str
    turn: tuple[int, str]


def named(path: str) -> Named:
    """What a path tells, with either kind of slash; a name that is no component's has no log.

    >>> named("CCM/Logs/ccmsetup-20240318-091500.log")
    Named(log='ccmsetup', family='CCM/Logs/ccmsetup', turn=(0, '20240318091500'))
    """
    folder, name = _parted(path)
    ending = _ENDING.search(name)
    stem = name[: ending.start()] if ending else name
    turn = (1, "") if name.lower().endswith(".lo_") else (2, "")
    rolled = _ROLLED.search(stem)
    if rolled:
        stem, turn = stem[: rolled.start()], (0, rolled[1] + rolled[2])
    copy = _COPY.search(stem)
    if copy and not known(stem) and known(stem[: copy.start()]):
        stem = stem[: copy.start()]
    cmg = _CMG.match(stem)
    log = cmg["log"] if cmg else stem
    writes = of_file(log)
    if writes is None:
        is_log = ending is not None and ending[0].lower() != ".txt" and bool(_WORD.match(log))
        log = _within(stem) or (log if is_log else "")
    return Named(writes.name if writes else spelled(log), folder + stem, turn)


def _parted(path: str) -> tuple[str, str]:
    name = _SEPARATORS.split(path)[-1]
    return path[: len(path) - len(name)], name


def _within(stem: str) -> str:
    """A component named within a longer name, as in ``pc12_ccmsetup`` or ``ccmsetup from the user``; empty: none."""
    edges = [0, *(found.end() for found in _EDGE.finditer(stem))]
    ends = [*(found.start() for found in _EDGE.finditer(stem)), len(stem)]
    for begin in edges[:8]:
        for end in reversed(ends[:8]):
            if begin < end and known(stem[begin:end]):
                return stem[begin:end]
    return ""
