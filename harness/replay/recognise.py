"""Recognises lines: which pattern a message is, and what it captured; and, in one cheap test, what is none.

A log is mostly lines of no interest. :meth:`Recogniser.may` looks at the first signs of a message, in the bytes of the
file, and rules out nearly all of them; what it lets pass is read by :meth:`Recogniser.of`. It never rules out what the
other would recognise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from .components import canonical, component
from .line import CLOSE, OPEN, Line
from .normal import lower, normal
from .pattern import Pattern, Seen
from .template import CUT, Found, Template, template

KEY = 8
"""So many signs of a message's beginning are looked up."""
SHORT = 4
"""The same for templates that begin with less."""
LONG_START = 400
"""A template's beginning is looked for in so many signs of a message, which may have more blanks than it needs."""
TELLING = 12
"""So many signs of a beginning tell where in a text a message begins."""
BEFORE = 200
"""A message may stand behind so many signs that were copied with it: a time, a component, a thread."""
HEADS = 20_000
"""Of so many beginnings of messages it is kept in mind whether a template may begin so."""
SAME = 4_096
"""Of so many messages it is kept in mind what they were found to be; many stand in a log again and again."""
SHORT_ENOUGH = 600
"""Longer ones are not kept in mind."""
_STRIP = b" *>`'\"~-+#."
"""Signs before a message that comparing passes over."""
SAID_BY, LONGEST_NAME = b": ", 16
"""A message may stand behind a name in so many signs, as in `MP Reg: …`."""
AS_ERROR = b'type="3"'
"""Behind the message of a line that its component takes for an error: it counts, known or not."""
SAID_ERROR = b"error"
"""What a message of the CMG or of a site server begins with that its component takes for an error: there is no type."""
_LEADING = frozenset(bytes([each]) for each in _STRIP)
_UNDONE = re.compile(rb"[&\\*`\x80-\xff]")
"""Signs that may be undone before a message is compared."""


@dataclass(frozen=True)
class _Wording:
    """One of the texts of a pattern."""

    pattern: Pattern
    template: Template


class _Match(NamedTuple):
    """What a message was found to be, what it captured, and how much had to be there."""

    pattern: Pattern
    what: Found
    weight: int


def _plain(pattern: Pattern) -> bool:
    """Whether none of the logs that have it is in the form of the product's components."""
    writers = [component(log) for log in pattern.logs]
    return bool(writers) and all(each is not None and each.plain for each in writers)


def _anchors(wordings: Iterable[_Wording]) -> tuple[bytes, ...]:
    """A word of each, one of which any message has that is one of them."""
    words = sorted({each.template.anchor.encode() for each in wordings}, key=len)
    return tuple(word for at, word in enumerate(words) if not any(other in word for other in words[:at]))


def faceted(pattern: Pattern, small: str) -> Pattern:
    """The pattern with what the words of a message, in small letters, say besides."""
    if pattern.readings:
        pattern = replace(pattern, readings=tuple(faceted(each, small) for each in pattern.readings))
    whole = "..." not in small and "[" not in small
    there = [each for each in pattern.facets if each.word.lower() in small]
    says = [each.holds for each in there if each.holds]
    says += [each.lacks for each in pattern.facets if each.lacks and whole and each not in there]
    workflow = next((each.workflow for each in there if each.workflow), pattern.workflow)
    return replace(pattern, holds=" and ".join((*filter(None, [pattern.holds]), *says)), workflow=workflow)


def _readings(small: bytes) -> Iterator[bytes]:
    """What a message may begin with, from its first signs: these, less what comparing passes over, or behind a name."""
    yield small
    if small[:1] in _LEADING:
        yield small.lstrip(_STRIP)
    at = small.find(SAID_BY, 1, LONGEST_NAME)
    if at > 0:
        yield small[at + len(SAID_BY) :]


def beginnings(patterns: Iterable[Pattern]) -> tuple[str, ...]:
    """What their messages begin with, by which a text that several were flattened into is told apart."""
    texts = (text for pattern in patterns for text in (pattern.text, *pattern.also))
    starts = (text.partition("{")[0].partition("…")[0].rstrip() for text in texts)
    return tuple(dict.fromkeys(each for each in starts if len(each) >= TELLING))


class Recogniser:
    """The patterns, made ready to be found.

    Where it is not known which component wrote a line, a pattern that several components have in the same words is
    found as all of them together: its events are those of all.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns = tuple(patterns)
        wordings = [
            _Wording(pattern, template(text)) for pattern in self.patterns for text in (pattern.text, *pattern.also)
        ]
        wordings.sort(key=lambda each: -each.template.weight)
        self._together: dict[tuple[str, ...], Pattern] = {}
        self._at: dict[str, list[_Wording]] = {}
        self._anywhere: list[_Wording] = []
        for each in wordings:
            start = each.template.start
            if len(start) >= SHORT:
                self._at.setdefault(start[:KEY] if len(start) >= KEY else start[:SHORT], []).append(each)
            else:
                self._anywhere.append(each)
        self._begins = {
            key.encode(): tuple({each.template.start.encode() for each in those}) for key, those in self._at.items()
        }
        self._anchors = _anchors(each for each in self._anywhere if not _plain(each.pattern))
        starts = sorted({re.escape(key) for key in self._at}, key=len, reverse=True)
        self._starts = re.compile(f"(?<![a-z0-9])(?={'|'.join(starts)})" if starts else "(?!)")
        self._heads: dict[bytes, bool] = {}
        self._same: dict[tuple[str, str], Seen | None] = {}

    @cached_property
    def _inside(self) -> re.Pattern[bytes]:
        """A beginning, or a word of what has none, anywhere in a line."""
        parts = map(re.escape, (*self._begins, *_anchors(self._anywhere)))
        return re.compile(b"|".join(parts) or b"(?!)")

    def keep(self, message: bytes) -> bool:
        """Whether bytes that begin with a message, as a component writes it, may be recognised, or speak of an error.

        Of what stands behind the message only that counts that says so.
        """
        first = message[: 3 * KEY]
        begins = self._heads.get(first)
        if begins is None:
            if len(self._heads) >= HEADS:
                self._heads.clear()
            begins = self._heads[first] = self._may_begin(b" ".join(first.lower().split()))
        if begins and self._begins_as_known(b" ".join(first.lower().split()), message):
            return True
        end = message.rfind(CLOSE)
        if end >= 0 and message.find(AS_ERROR, end) > 0:
            return True
        small = (message[:end] if end >= 0 else message).lower()
        for anchor in self._anchors:  # noqa: SIM110 (any() takes twice as long here, for every message of a log)
            if anchor in small:
                return True
        return False

    def _may_begin(self, head: bytes) -> bool:
        """Whether the first signs of a message, in small letters, leave it open that it begins as some template, or say
        that it speaks of an error."""
        return (
            head.startswith(SAID_ERROR)
            or _UNDONE.search(head) is not None
            or any(key in self._begins for each in _readings(head) for key in (each[:KEY], each[:SHORT]))
        )

    def _begins_as_known(self, head: bytes, message: bytes) -> bool:
        """Whether a message, whose first signs are ``head`` in small letters, begins as a template, or as an error."""
        if head.startswith(SAID_ERROR) or _UNDONE.search(head) is not None:
            return True
        small = b" ".join(message[:LONG_START].lower().split()) + b" "
        return any(map(self._known_to_begin, _readings(small)))

    def _known_to_begin(self, small: bytes) -> bool:
        for key in (small[:KEY], small[:SHORT]):
            starts = self._begins.get(key)
            if starts and (small.startswith(starts) or _UNDONE.search(small)):
                return True
        return False

    def may(self, line: bytes) -> bool:
        """Whether a line of a file, in whatever form, may be recognised."""
        if line.startswith(OPEN):
            return self.keep(line[len(OPEN) :])
        return self.keep(line) or self._inside.search(line.lower()) is not None

    def of(self, line: Line) -> Seen | None:
        """What a line is; ``None`` where it is nothing that the table knows."""
        key = line.text, line.log
        if key in self._same:
            same = self._same[key]
            return same and Seen(line, same.pattern, same.fields, same.masked)
        found = self._of(line)
        if len(line.text) <= SHORT_ENOUGH:
            if len(self._same) >= SAME:
                self._same.clear()
            self._same[key] = found
        return found

    def _of(self, line: Line) -> Seen | None:
        text = normal(line.text)
        small = lower(text)
        log = canonical(line.log)
        found = self._best(text, small, 0, log)
        if found is None:
            found = next(filter(None, (self._best(text, small, at, log) for at in self._within(small))), None)
        if found is None:
            return None
        spoken = any(each.facets for each in (found.pattern, *found.pattern.readings))
        pattern = faceted(found.pattern, small) if spoken else found.pattern
        return Seen(line, pattern, found.what.fields, found.what.masked)

    def begins(self, text: str) -> bool:
        """Whether a text begins as a message of the table does, by more than a word; or is such a beginning."""
        small = lower(normal(text)) + " "
        starts = [each.template.start for each in self._known(small[:KEY]) if len(each.template.start) >= KEY]
        return any(small.startswith(start) or (len(small) > TELLING and start.startswith(small)) for start in starts)

    def worth(self, line: Line) -> tuple[int, int]:
        """How much of a line tells what it is, 0 where nothing does; then how little of it is masked."""
        text = normal(line.text)
        found = self._best(text, lower(text), 0, canonical(line.log))
        return (0, 0) if found is None or found.what.cut else (found.weight, -len(found.what.masked))

    def all(self, lines: Iterable[Line]) -> Iterator[Seen]:
        """Those of the lines that are recognised, in their order."""
        return filter(None, map(self.of, lines))

    def _within(self, small: str) -> Iterator[int]:
        """Where a message may begin behind what was copied with it."""
        return (found.start() for found in self._starts.finditer(small, 1, BEFORE))

    def _known(self, small: str) -> list[_Wording]:
        """The wordings that may begin a text."""
        return [*self._at.get(small[:KEY], ()), *self._at.get(small[:SHORT], ())]

    def _best(self, text: str, small: str, at: int, log: str) -> _Match | None:
        """Of the wordings that fit at a place the one of which most has to be there."""
        best: list[tuple[_Wording, Found]] = []
        most, cut = (False, 0), small.endswith(CUT)
        known = self._known(small[at : at + KEY])
        if at == 0:
            known += [each for each in self._anywhere if each.template.anchor in small]
        for each in known:
            if each.pattern.logs and (log not in each.pattern.logs if log else each.pattern.bound):
                continue
            if not cut and not small.startswith(each.template.start, at):
                continue
            what = each.template.match(text, small, at)
            if what is None:
                continue
            worth = (not what.cut, each.template.weight)
            if worth > most:
                best, most = [], worth
            if worth == most:
                best.append((each, what))
        if not best:
            return None
        return _Match(self._joint([each.pattern for each, _ in best]), best[0][1], most[1])

    def _joint(self, patterns: Sequence[Pattern]) -> Pattern:
        """One pattern for several of the same words: what they have in common, and the events of all."""
        ids = tuple(dict.fromkeys(pattern.id for pattern in patterns))
        if len(ids) == 1:
            return patterns[0]
        if ids not in self._together:
            first = patterns[0]
            causes = dict.fromkeys(cause for each in patterns for cause in (each.cause, *each.either) if cause)
            said = tuple(causes) if all(each.cause for each in patterns) else ()  # one of them, as its log may be
            self._together[ids] = replace(
                first,
                id="|".join(ids),
                logs=tuple(dict.fromkeys(log for each in patterns for log in each.logs)),
                events=tuple(dict.fromkeys(event for each in patterns for event in each.events)),
                elsewhere=first.elsewhere or any(each.elsewhere or not each.events for each in patterns),
                holds=first.holds if all(each.holds == first.holds for each in patterns) else "",
                cause=said[0] if said else "",
                either=said[1:],
                against=first.against if all(each.against == first.against for each in patterns) else (),
                workflow=first.workflow if all(each.workflow == first.workflow for each in patterns) else "",
                always=False,
                cites=tuple(dict.fromkeys(cite for each in patterns for cite in each.cites)),
                readings=tuple({each.id: each for each in patterns}.values()),
            )
        return self._together[ids]
