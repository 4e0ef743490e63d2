"""Which component wrote the lines of a text that names none.

What is pasted often bears neither time nor component. Much of it only one component writes, and the lines around such a
one are its too, as long as it may have written them: lines in a row are one component's while there is one that may
have written them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..components import canonical
from ..line import Line
from ..pattern import Pattern, Seen
from ..recognise import Recogniser


def attributed(lines: Iterable[Seen], recogniser: Recogniser) -> list[Seen]:
    """The lines, those that name no component as one's where only it may have written all of a row of them."""
    found: list[Seen] = []
    for row, writers in _rows(_ours(lines)):
        log = next(iter(writers)) if len(writers) == 1 else ""
        found += [_of(seen, log, recogniser) for seen in row] if log else row
    return found


def _ours(lines: Iterable[Seen]) -> list[Seen]:
    """The lines without those that any program may have written, if nothing beside them tells that it was not so."""
    seen = list(lines)
    telling = {each.line.source for each in seen if each.line.log or not each.pattern.common}
    return [each for each in seen if each.line.log or not each.pattern.common or each.line.source in telling]


def _rows(lines: Iterable[Seen]) -> Iterator[tuple[Sequence[Seen], frozenset[str]]]:
    """The lines in rows, each with the components that may have written all of it; with none where they are named."""
    row: list[Seen] = []
    writers: frozenset[str] = frozenset()
    for seen in lines:
        may = frozenset() if seen.line.log else _writers(seen.pattern)
        if row and _alike(row[-1].line, seen.line) and (not may or not writers or may & writers):
            row.append(seen)
            writers = (may & writers) or may or writers
        else:
            yield row, writers
            row, writers = [seen], may
    yield row, writers


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines stand in one source, and both name a component or neither."""
    return one.source == other.source and bool(one.log) == bool(other.log)


def _writers(pattern: Pattern) -> frozenset[str]:
    """The components that write such a line; none: any may."""
    several = [each.logs for each in pattern.readings or (pattern,)]
    return frozenset(canonical(log) for logs in several for log in logs) if all(several) else frozenset()


def _of(seen: Seen, log: str, recogniser: Recogniser) -> Seen:
    return recogniser.of(replace(seen.line, log=log)) or seen
