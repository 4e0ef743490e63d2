"""Templates: the text of a message with named captures, and how a message is compared with one.

``Cached encrypted token for '{sid}'. Will expire at '{expiry}'``: what stands between braces is captured, everything
else has to be there, in this order, in any case, with any blanks. ``…`` is what may be anything and is not kept. A
template without either at its end is the whole message, but for signs that end a sentence.

Comparing looks for each literal behind the one before it, once, from left to right. There is nothing to go back to:
however long a message is and whatever it says, it is read a bounded number of times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ccmproof.model.kernel.errors import ModelError, nearest

from .normal import lower, normal

_PART = re.compile(r"\{([^{}]*)\}|…")
_NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")

KINDS: dict[str, re.Pattern[str]] = {
    "text": re.compile(r""),
    "number": re.compile(r"\s*[-+]?\d+\s*\Z"),
    "code": re.compile(r"\s*(?:0x[0-9a-f]{1,8}|[0-9a-f]{8}|-?\d{1,11})[.,;]?\s*\Z", re.IGNORECASE),
    "word": re.compile(r"\s*[^\s]+\s*\Z"),
    "sid": re.compile(r"\s*S(?:-\d+){2,20}\s*\Z", re.IGNORECASE),
    "guid": re.compile(
        r"\s*(?:GUID:)?\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?\s*\Z", re.IGNORECASE
    ),
    "host": re.compile(r"\s*(?:https?://)?[a-z0-9_.-]+(?::\d+)?(?:/\S*)?\s*\Z", re.IGNORECASE),
    "url": re.compile(r"\s*(?:https?://)?[^\s']+\s*\Z", re.IGNORECASE),
    "time": re.compile(r"\s*\d{1,4}[-/. ].*\d\s*(?:AM|PM)?\s*\Z", re.IGNORECASE),
}
"""What a capture looks like, beside what a poster put in its place. ``text`` is anything."""
STRICT = ("number", "code")
"""Kinds that a message must have there, unless it is masked. Of the others a value that looks otherwise is noted."""

_MASKED = re.compile(
    r"[<>\[\]*#]|\.\.\.|x{3,}|y{3,}|redact|remov|hidden|mask|anonym|deleted|snip|0{8}-0{4}|1234", re.IGNORECASE
)
_ENDS = " .,;:!~'\")]}*`>"
"""What may stand behind the last word of a message without changing it."""
CUT = ("...", "..", "[snip]", "<snip>", "[cut]", "[truncated]", "[...]", "(...)", "<...>")
"""What a poster ends a message with that he cut short."""
LONGEST_FIELD = 2_000
ENOUGH = 12
"""So many signs of a template's beginning tell it, where the poster cut the message short."""


@dataclass(frozen=True)
class Capture:
    """A named part; of an empty name it is passed over. ``kind`` is one of :data:`KINDS`."""

    name: str
    kind: str = "text"


@dataclass(frozen=True)
class Found:
    """What a message has in place of the captures, which of them a poster has masked, and whether he cut it short."""

    fields: Mapping[str, str]
    masked: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True)
class Template:
    """A template, in its parts.

    Attributes:
        text: as it is written.
        literals: in small letters and with single blanks; before each capture stands one, maybe empty, and one is last.
        captures: between the literals.
    """

    text: str
    literals: tuple[str, ...]
    captures: tuple[Capture, ...] = field(default=())

    @cached_property
    def weight(self) -> int:
        """How much of it has to be there: of two templates that fit a message the heavier one is meant."""
        typed = sum(capture.kind != "text" for capture in self.captures)
        return 4 * sum(map(len, self.literals)) + 2 * typed - len(self.captures)

    @property
    def start(self) -> str:
        """What the message begins with; empty where that is captured."""
        return self.literals[0]

    @cached_property
    def anchor(self) -> str:
        """The longest word that has to be there: it has no blanks, of which a message may have more."""
        return max((word for literal in self.literals for word in literal.split()), key=len)

    def match(self, text: str, small: str, at: int = 0) -> Found | None:
        """Compare with a message that :func:`~.normal.normal` has made, and the same in small letters, from a place.

        Takes time linear in the length of the message: every literal is looked for once, behind the one before.
        """
        if not small.startswith(self.start, at):
            rest = _uncut(small[at:]) if self.start else ""
            told = len(rest) >= ENOUGH and self.start.startswith(rest)
            return Found({}, self._missing(0), cut=True) if told else None
        at += len(self.start)
        fields: dict[str, str] = {}
        masked: list[str] = []
        for number, capture in enumerate(self.captures):
            literal = self.literals[number + 1]
            last = number + 1 == len(self.captures)
            end = _last(small, literal, at) if last else _next(small, literal, at)
            if end < 0:
                told = sum(map(len, self.literals[: number + 1])) >= ENOUGH and bool(_uncut(small[at:]))
                return Found(fields, (*masked, *self._missing(number)), cut=True) if told else None
            if not _keep(capture, text[at:end], fields, masked):
                return None
            at = end + len(literal)
        return None if not self.captures and small[at:].strip(_ENDS) else Found(fields, tuple(masked))

    def _missing(self, number: int) -> tuple[str, ...]:
        """The captures from that one on, of a message that ends before them."""
        return tuple(capture.name for capture in self.captures[number:] if capture.name)


def _uncut(small: str) -> str:
    """What is left of a message that its poster cut short, without his mark; empty where he did not."""
    if not small.endswith(CUT):
        return ""
    return small[: -max(len(mark) for mark in CUT if small.endswith(mark))].rstrip(_ENDS)


def _next(small: str, literal: str, at: int) -> int:
    """Where the literal is found next; the blank that it ends with is missing where the message ends."""
    found = small.find(literal, at)
    if found >= 0 or not literal.endswith(" "):
        return found
    tail = literal.rstrip()
    return len(small) - len(tail) if small.endswith(tail) and len(small) - len(tail) >= at else -1


def _last(small: str, literal: str, at: int) -> int:
    """Where the last capture ends, which begins here; below 0: nowhere.

    Nothing may follow its literal, so that the last one counts: what it bounds may have the same signs within. Where
    the literal is but a quote or a full stop, the poster may have lost it.
    """
    tail = literal.rstrip(_ENDS)
    if tail:
        end = small.rstrip(_ENDS)
        begins = len(end) - len(tail)
        return begins if begins >= at and end.endswith(tail) else -1
    found = small.rfind(literal.strip(), at) if literal.strip() else -1
    return found if found >= 0 and not small[found:].strip(_ENDS) else len(small)


def _keep(capture: Capture, value: str, fields: dict[str, str], masked: list[str]) -> bool:
    """Note a captured value; ``False`` where it cannot be what is meant and nobody masked it."""
    value = value[:LONGEST_FIELD].strip()
    if not capture.name:
        return True
    if not value or (capture.kind != "text" and not KINDS[capture.kind].match(value)):
        if capture.kind in STRICT and value and not _MASKED.search(value):
            return False
        masked.append(capture.name)
    fields[capture.name] = value
    return True


def template(text: str) -> Template:
    """Read a template.

    Raises:
        ModelError: a capture has no name, a kind that is not there, or a neighbour without a literal between.
    """
    literals, captures, at = [], [], 0
    for part in _PART.finditer(text):
        literals.append(text[at : part.start()])
        captures.append(Capture("") if part[1] is None else _capture(part[1]))
        at = part.end()
    literals.append(text[at:])
    small = [lower(_joined(each)) for each in literals]
    if not captures:
        small[0] = small[0].rstrip(_ENDS)
    if any(not each.strip() for each in small[1:-1]):
        raise ModelError(f"between two captures of {text!r} there is nothing that tells where the one ends")
    if not any(each.strip() for each in small):
        raise ModelError(f"{text!r} fits every message")
    return Template(text, tuple(small), tuple(captures))


def _capture(text: str) -> Capture:
    name, _, kind = text.partition(":")
    if not _NAME.match(name):
        raise ModelError(f"{{{text}}} is no capture: a name of small letters, and a colon before its kind")
    if kind and kind not in KINDS:
        raise ModelError(f"there is no kind of capture {kind!r}{nearest(kind, KINDS)}; there are {', '.join(KINDS)}")
    return Capture(name, kind or "text")


def _joined(literal: str) -> str:
    """A literal as a message has it: blanks joined, those at its ends kept as one."""
    inner = " ".join(literal.split())
    if not inner:
        return " " if literal else ""
    return (" " if literal[0].isspace() else "") + inner + (" " if literal[-1].isspace() else "")


def compare(text: str, message: str) -> Found | None:
    """Compare a template with a message, both as they are written."""
    plain = normal(message)
    return template(text).match(plain, lower(plain))
