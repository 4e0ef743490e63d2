"""Rows copied out of a viewer: a message, its component, date and time, and thread, in whatever order they stood.

Date, time and thread stand together and are found first; the component is next to them. Of several rows that were
flattened into one line each ends, or begins, at such a group.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .naming import is_name, known, spelled
from .stamps import GLUED, STAMP, Stamp, viewed

_ALONE: Final = r"(?<![\w.])"
_THREAD: Final = _ALONE + r"(?P<thread>\d{1,7}|[xX*#?]{2,8})[ \t\u00a0]?\(0[xX][0-9A-Fa-fxX*#?]{1,8}\)"
"""A thread, in both its forms; posters mask it too."""
_BLANK: Final = r"[ \t\u00a0]{1,60}"
_BESIDE: Final = rf"{_BLANK}(?:(?P<component>[A-Za-z_][\w.-]{{1,60}}){_BLANK})?"
_GROUP = re.compile(rf"{STAMP}{_BESIDE}{_THREAD}")
_TURNED = re.compile(rf"{_THREAD}{_BESIDE}{STAMP}")
_GLUED = re.compile(rf"{GLUED}[ \t\u00a0]{{0,60}}{_THREAD.removeprefix(_ALONE)}")
_TIME = re.compile(STAMP)
_ONLY_THREAD = re.compile(_THREAD)
_NAME = re.compile(r"[A-Za-z_][\w.-]{1,60}\Z")
_MIXED = re.compile(r"[a-z][A-Z]|_|[A-Z]{2}.*[a-z]")
_DECIMAL = re.compile(r"\d{0,7}\Z")
_CELLS = re.compile(r"\t|[ \u00a0]{2,}")
_GOES_ON = re.compile(
    r"(?:[:=,<–—-]|\b(?:after|at|before|by|for|from|in|is|of|on|since|to|until|was))\Z", re.IGNORECASE
)
"""Behind these signs and words a time belongs to the message."""
_LONGEST: Final = 60
_MOST: Final = 1000
"""Components that are kept in mind; no text has more, unless it is made so."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says. ``behind``: its message stands last, so that more lines of it may follow."""

    text: str
    component: str = ""
    stamp: Stamp | None = None
    thread: str = ""
    behind: bool = False


def rows(line: str, seen: set[str]) -> list[Row]:
    """The rows of a line; empty: it has none. ``seen``: components that other rows were of, in small letters."""
    groups = list(_GROUP.finditer(line)) or list(_TURNED.finditer(line))
    marks = [(each, stamp) for each in groups if (stamp := viewed(each))]
    if not marks:
        return _run_together(line, seen) or _by_time(line, seen)
    before = line[: marks[0][0].start()].strip()
    if not before or _is_component(before, seen):
        return _after(line, marks, before, seen)
    return _before(line, marks, seen)


def stacked(cells: Sequence[str]) -> Row | None:
    """A row whose cells stand one below the other: message, component, time, thread; ``None``: these are none."""
    text, component, time, thread = (cell.strip() for cell in cells)
    found, number = _TIME.fullmatch(time), _ONLY_THREAD.fullmatch(thread)
    stamp = viewed(found) if found and number and _NAME.match(component) else None
    return Row(text, spelled(component), stamp, number["thread"]) if stamp and number else None


def _before(line: str, marks: list[tuple[re.Match[str], Stamp]], seen: set[str]) -> list[Row]:
    """Each message stands before its time."""
    found, at = [], 0
    for mark, stamp in marks:
        text, component = line[at : mark.start()], mark["component"] or ""
        if not component:
            text, component = _split_end(text, seen)
        found.append(Row(text.strip(), spelled(component), stamp, mark["thread"]))
        at = mark.end()
        _note(seen, component)
    if line[at:].strip():
        found.append(Row(line[at:].strip()))
    return found


def _after(line: str, marks: list[tuple[re.Match[str], Stamp]], before: str, seen: set[str]) -> list[Row]:
    """Each message stands behind its time; the component before that, within the group, or behind it."""
    found = []
    for number, (mark, stamp) in enumerate(marks):
        end = marks[number + 1][0].start() if number + 1 < len(marks) else len(line)
        text, component, following = line[mark.end() : end].strip(), before or mark["component"] or "", ""
        if before and number + 1 < len(marks):
            text, following = _split_end(text, seen | {before.lower()})
        if not component:
            text, component = _split_start(text, seen)
        found.append(Row(text.strip(), spelled(component), stamp, mark["thread"], behind=True))
        _note(seen, component)
        before = following
    return found


def _run_together(line: str, seen: set[str]) -> list[Row]:
    """Rows that have lost what stood between their cells; the component tells where the message ends."""
    found, at = [], 0
    for mark in _GLUED.finditer(line):
        stamp, before = viewed(mark), line[at : mark.start()].rstrip()
        component = _known_end(before)
        if not stamp or not component:
            return []
        found.append(Row(before.removesuffix(component).strip(), spelled(component), stamp, mark["thread"]))
        at = mark.end()
        _note(seen, component)
    if found and line[at:].strip():
        found.append(Row(line[at:].strip()))
    return found


def _known_end(text: str) -> str:
    """The longest name of a component that a text ends with; empty: it ends with none."""
    return next((name for at in range(max(0, len(text) - _LONGEST), len(text)) if known(name := text[at:])), "")


def _by_time(line: str, seen: set[str]) -> list[Row]:
    """A row without a thread: the time stands at an end of the line, and a component beside it or none."""
    found = _TIME.search(line)
    if not found:
        return []
    stamp = viewed(found)
    if not stamp:
        return []
    before, behind = line[: found.start()].strip(" \t[("), line[found.end() :].strip(" \t])|:-,")
    if not before and behind:
        text, component = _split_start(behind, seen)
        return [Row(text.strip(" \t:-|"), spelled(component), stamp)]
    last = None
    for last in _TIME.finditer(line, found.start()):  # noqa: B007 (the last one counts)
        pass
    thread = line[last.end() :].strip(" \t])") if last else ""
    if last is None or not _DECIMAL.match(thread):
        return []
    stamp = viewed(last)
    text, component = _split_end(line[: last.start()].rstrip(" \t[("), seen)
    if not stamp or not (component or _stands_apart(line[: last.start()])):
        return []
    return [Row(text.strip(), spelled(component), stamp, thread)]


def _stands_apart(text: str) -> bool:
    """Whether what stands before a time at the end of a line is a message, of which the time is no part itself."""
    message = text.rstrip(" \t[(")
    return bool(message) and text[-1] in " \t[(" and not _GOES_ON.search(message, max(0, len(message) - _LONGEST))


def _note(seen: set[str], component: str) -> None:
    if len(seen) < _MOST:
        seen.add(component.lower())


def _is_component(text: str, seen: set[str]) -> bool:
    return bool(_NAME.match(text)) and (known(text) or text.lower() in seen or bool(_MIXED.search(text)))


def _split_end(text: str, seen: set[str]) -> tuple[str, str]:
    """A message and the component behind it; a word by itself is one only if it looks like it."""
    text = text.rstrip(" \t\u00a0")
    if "\t" in text:
        rest, _, last = text.rpartition("\t")
        if _NAME.match(last.strip()):
            return rest, last.strip()
    rest, _, last = text.rpartition(" ")
    if not rest and known(last):
        return "", last
    apart = rest.endswith((" ", "\u00a0"))
    if rest and _NAME.match(last) and (apart or _is_component(last, seen)):
        return rest, last
    return text, ""


def _split_start(text: str, seen: set[str]) -> tuple[str, str]:
    """A message and the component before it."""
    text = text.lstrip(" \t\u00a0")
    cell = _CELLS.search(text, 0, _LONGEST + 2)
    if cell and _is_component(text[: cell.start()], seen):
        return text[cell.end() :], text[: cell.start()]
    first, _, rest = text.partition(" ")
    if rest and (is_name(first) if known(first) else first.lower() in seen):
        return rest, first
    return text, ""
