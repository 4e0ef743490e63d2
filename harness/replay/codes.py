"""Error codes, in whatever form a log has them: hexadecimal, with and without 0x, decimal, signed or not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from . import table

_HEX = re.compile(r"(?:0x)?([0-9a-f]{1,8})\Z", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"0x[0-9a-f]{3,8}(?![0-9a-z])|(?<![\w{-])(?:[8cd][0-9a-f]{7})(?![\w-])|(?<![\w.-])-?\d{4,11}(?![\w.-])",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"(?<![A-Z0-9_])(?:CMG(?:Service|Connector)_\w{1,40}|[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,8}"
    r"|AADSTS\d{1,9}|IDX\d{1,9}|MISE\d{1,9})",
    re.IGNORECASE,
)
_STATUS = re.compile(r"StatusCode=\W{0,6}(\d{3})\W{1,6}StatusText=\W{0,6}([A-Za-z ]{5,30})", re.IGNORECASE)
"""All with every repetition bounded: what is looked at again grows with the text's length alone."""


@dataclass(frozen=True, slots=True)
class Code:
    """An error code.

    Attributes:
        value: unsigned, of 32 bits; 0 for a code that is a text.
        name: its symbolic name, or the text itself.
        means: what it says.
        causes: by name, those it may have here; the likelier first. None: it says nothing by itself.
        logs: the components in whose lines it may have them; none: in any.
    """

    value: int
    name: str
    means: str
    causes: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()

    def tells(self, *logs: str) -> bool:
        """Whether it says a cause in a line that one of these components wrote."""
        return bool(self.causes) and (not self.logs or not set(self.logs).isdisjoint(logs))

    @property
    def hex(self) -> str:
        return f"0x{self.value:08X}" if self.value else self.name


@cache
def codes() -> tuple[Code, ...]:
    """The table."""
    return tuple(Code(**{"value": 0, **table.tupled(each)}) for each in table.read("codes")["code"])


@cache
def _by_value() -> Mapping[int, Code]:
    found: dict[int, Code] = {}
    for each in codes():
        if each.value:
            found.setdefault(each.value, each)
    for each in codes():  # a Win32 error is also met as its HRESULT, and the other way round
        if 0 < each.value < 0x10000:
            found.setdefault(0x80070000 | each.value, each)
        elif each.value >> 16 == 0x8007:
            found.setdefault(each.value & 0xFFFF, each)
        elif each.value >> 28 == 0xD:  # and an NT status
            found.setdefault(each.value & ~0x1000_0000, each)
    return found


@cache
def _by_name() -> Mapping[str, Code]:
    return {each.name.lower(): each for each in codes()}


def value_of(text: str) -> int | None:
    """The number that a code is, of 32 bits without sign; ``None`` where it is none.

    Eight hexadecimal digits without 0x that are no decimal number, or begin with 8, C or D, are hexadecimal.
    """
    text = text.strip(" .,;:'\"()")
    if not text.isascii():
        return None
    if text.startswith(("-", "+")) or (text.isdecimal() and not (len(text) == 8 and text[0] == "8")):
        digits = text.lstrip("+-")
        return int(text) & 0xFFFFFFFF if digits.isdecimal() and len(digits) <= 11 else None
    found = _HEX.match(text)
    return int(found[1], 16) if found else None


def code(text: str) -> Code | None:
    """The code that a text is, a number in any form or a name; ``None`` where the table does not have it."""
    named = _by_name().get(text.strip(" .,;:'\"()").lower())
    if named is not None:
        return named
    value = value_of(text)
    return _by_value().get(value) if value else None


@lru_cache(maxsize=8192)
def codes_in(text: str) -> tuple[Code, ...]:
    """The codes of the table that a message has in it, each once, in order. The same messages come again for weeks."""
    text = text[:4096]
    places = [(found.start(), found.group()) for pattern in (_IN_TEXT, _TEXT) for found in pattern.finditer(text)]
    places += [(found.start(), f"HTTP {found[1]} {found[2].strip()}") for found in _STATUS.finditer(text)]
    found: dict[str, Code] = {}
    for _, written in sorted(places):
        known = code(written)
        if known is not None:
            found.setdefault(known.name, known)
    return tuple(found.values())
