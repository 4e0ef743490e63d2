"""Joins again what a mail, a page or a paste has wrapped: messages that go on on the next line.

Only lines without a time are looked at, as only pasted text has them. Lines are joined where the whole is more of a
message of the table than its first line is; a line that begins as a message itself ends the one before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .line import Line
from .recognise import Recogniser

MOST = 6
"""So many lines may have been one."""
LONGEST = 2_000
"""Lines longer than this were not wrapped."""


def rejoined(lines: Iterable[Line], recogniser: Recogniser) -> Iterator[Line]:
    """The lines, those of a message that was wrapped as one."""
    waiting: deque[Line] = deque()
    for line in lines:
        if waiting and not _goes_on(waiting[-1], line):
            yield from _emptied(waiting, recogniser)
        if _may_be_wrapped(line):
            waiting.append(line)
            if len(waiting) > MOST:
                yield _taken(waiting, recogniser)
        else:
            yield line
    yield from _emptied(waiting, recogniser)


def _may_be_wrapped(line: Line) -> bool:
    return line.when is None and len(line.text) <= LONGEST


def _goes_on(before: Line, line: Line) -> bool:
    """Whether a line stands right behind another in a text of the same log."""
    near = line.source == before.source and 0 <= line.number - before.number <= 2
    return near and line.log == before.log and _may_be_wrapped(line)


def _emptied(waiting: deque[Line], recogniser: Recogniser) -> Iterator[Line]:
    while waiting:
        yield _taken(waiting, recogniser)


def _taken(waiting: deque[Line], recogniser: Recogniser) -> Line:
    """Take the first line, and those that belong to it."""
    first = waiting.popleft()
    if not waiting or not recogniser.begins(first.text):
        return first
    best, most, used = first, recogniser.worth(first), 0
    text = first.text
    for count, line in enumerate(list(waiting)[: MOST - 1], start=1):
        if recogniser.begins(line.text):
            break
        text = f"{text} {line.text}"
        whole = replace(first, text=text)
        worth = recogniser.worth(whole)
        if worth > most:
            best, most, used = whole, worth, count
    for _ in range(used):
        waiting.popleft()
    return best
