"""TOML whose every key and value has a place, so that an error names the line and the column.

The reading itself is the standard library's; what is added here is a walk over the same text that notes where things
stand. It is only done on text that is TOML.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

from ccmproof.model.kernel.errors import ConditionError, ModelError

Way = tuple[str | int, ...]
"""The way to a value: keys of tables and places in arrays, from the top."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_CLOSING = {
    '"""': re.compile(r'(?:\\.|[^\\])*?"""("{0,2})', re.DOTALL),
    "'''": re.compile(r".*?'''('{0,2})", re.DOTALL),
    '"': re.compile(r'(?:\\.|[^"\\])*"'),
    "'": re.compile(r"[^']*'"),
}
_ESCAPED = re.compile(
    r"(?P<nothing>\\[ \t]*\n[ \t\n]*)|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|.",
    re.DOTALL,
)
"""One sign of a text in double quotes, as it is written; the end of a line that is continued is none."""
_ERROR_AT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands, counted from 1."""

    line: int
    column: int

    def further(self, line: int, column: int) -> Place:
        """The place at a line and column of the text that begins here."""
        return Place(self.line, self.column + column - 1) if line == 1 else Place(self.line + line - 1, column)


@dataclass(frozen=True)
class Spelled:
    """A text as it is written.

    Attributes:
        raw: what stands between the quotes.
        escapes: whether a backslash means something in it.
    """

    raw: str
    escapes: bool

    def place(self, first: Place, number: int) -> Place:
        """Where a sign of the text stands, by its number from 0; ``first`` is where ``raw`` begins."""
        offset = number
        if self.escapes:
            signs = [found for found in _ESCAPED.finditer(self.raw) if found["nothing"] is None]
            offset = signs[number].start() if number < len(signs) else len(self.raw)
        before = self.raw[:offset]
        return first.further(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


class Misplaced(ModelError):
    """Something in a file is wrong: ``file:line:column: what``."""

    def __init__(self, file: str, place: Place, what: str) -> None:
        super().__init__(f"{file}:{place.line}:{place.column}: {what}")
        self.file, self.place, self.what = file, place, what


@dataclass(frozen=True)
class Document:
    """A file that was read.

    Attributes:
        file: as the user named it.
        data: what it says, as the standard library reads it.
        keys, values: where each key and each value stands; of a text, where its first sign does.
        spelled: each text as it is written between its quotes.
    """

    file: str
    data: Mapping[str, Any]
    keys: Mapping[Way, Place]
    values: Mapping[Way, Place]
    spelled: Mapping[Way, Spelled]

    def place(self, path: Way) -> Place:
        """Where a key stands, or what it is in."""
        while path and path not in self.keys and path not in self.values:
            path = path[:-1]
        return self.keys.get(path) or self.values.get(path) or Place(1, 1)

    def error(self, path: Way, what: str) -> Misplaced:
        """The error at a key."""
        return Misplaced(self.file, self.place(path), what)

    def error_in(self, path: Way, error: ModelError) -> Misplaced:
        """The error in a text: where in it, if the error says so."""
        if path not in self.values:
            path = path[:-1]
        place = self.values.get(path) or self.place(path)
        if not isinstance(error, ConditionError):
            return Misplaced(self.file, place, str(error))
        if path in self.spelled:
            place = self._within(path, error)
        return Misplaced(self.file, place, error.what)

    def _within(self, path: Way, error: ConditionError) -> Place:
        """Where in a text the error is; it may be about a part of the text, a condition that ends an effect say."""
        whole: Any = self.data
        text: str = reduce(getitem, path, whole)
        lines = error.text.split("\n")[: error.line - 1]
        offset = sum(len(line) + 1 for line in lines) + error.column - 1
        return self.spelled[path].place(self.values[path], max(text.rfind(error.text), 0) + offset)


def read(path: Path) -> Document:
    """Read a file.

    Raises:
        ModelError: it cannot be read, is not UTF-8, or is not TOML; it says where.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ModelError(f"{path}: it is not UTF-8: byte {error.start} is {error.object[error.start]:#04x}") from error
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}") from error
    return parsed(text, str(path))


def parsed(text: str, file: str) -> Document:
    """The same from text.

    Raises:
        ModelError: it is not TOML; it says where.
    """
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _ERROR_AT.fullmatch(str(error))
        what, line, column = found.groups() if found else (str(error), None, None)
        lines = text.removesuffix("\n").split("\n")
        place = Place(int(line), int(column)) if line and column else Place(len(lines), len(lines[-1]) + 1)
        raise Misplaced(file, place, what[:1].lower() + what[1:]) from error
    except (ValueError, RecursionError) as error:  # a number, or tables in tables, beyond what Python reads
        raise ModelError(f"{file}: it cannot be read: {str(error)[:80]}") from error
    walk = _Walk(text)
    walk.document()
    return Document(file, data, walk.keys, walk.values, walk.spelled)


class _Walk:
    """One pass over a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.keys: dict[Way, Place] = {}
        self.values: dict[Way, Place] = {}
        self.spelled: dict[Way, Spelled] = {}
        self.arrays: dict[Way, int] = {}
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    def document(self) -> None:
        table: Way = ()
        self.skip()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip()

    def skip(self) -> None:
        """Past blanks, line ends and comments."""
        found = re.compile(r"(?:\s+|#[^\n]*)*").match(self.text, self.at)
        self.at = found.end() if found else self.at

    def header(self) -> Way:
        here = self.place(self.at)
        several = self.text.startswith("[[", self.at)
        self.at += 2 if several else 1
        path = self.resolved(self.key())
        self.at = self.text.index("]", self.at) + (2 if several else 1)
        if several:
            number = self.arrays.get(path, -1) + 1
            self.arrays[path] = number
            path = (*path, number)
        for length in range(1, len(path)):
            self.keys.setdefault(path[:length], here)
        self.keys[path] = here
        return path

    def resolved(self, keys: Iterable[str]) -> Way:
        """The way to a table, through the last element of each array of tables."""
        path: Way = ()
        for key in keys:
            if path in self.arrays:
                path = (*path, self.arrays[path])
            path = (*path, key)
        return path

    def key(self) -> list[str]:
        """A key, dotted or not."""
        parts = []
        while True:
            self.blanks()
            sign = self.text[self.at]
            if sign in "\"'":
                end = _ending(_CLOSING[sign], self.text, self.at + 1)
                parts.append(tomllib.loads(f"key = {self.text[self.at : end]}")["key"])
                self.at = end
            else:
                found = _BARE.match(self.text, self.at)
                assert found is not None, "the text is known to be TOML"
                parts.append(found.group())
                self.at = found.end()
            self.blanks()
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1

    def pair(self, table: Way) -> None:
        here = self.place(self.at)
        keys = self.key()
        self.at = self.text.index("=", self.at) + 1
        self.blanks()
        for length in range(1, len(keys) + 1):
            self.keys.setdefault((*table, *keys[:length]), here)
        self.value((*table, *keys))

    def value(self, path: Way) -> None:
        sign = self.text[self.at]
        if sign in "\"'":
            self.string(path, sign)
        elif sign == "[":
            self.array(path)
        elif sign == "{":
            self.inline(path)
        else:
            self.values[path] = self.place(self.at)
            self.at = _ending(_SCALAR, self.text, self.at)

    def string(self, path: Way, sign: str) -> None:
        opening = sign * 3 if self.text.startswith(sign * 3, self.at) else sign
        first = self.at + len(opening)
        end = _ending(_CLOSING[opening], self.text, first)
        if len(opening) == 3 and self.text.startswith("\n", first):
            first += 1
        self.values[path] = self.place(first)
        self.spelled[path] = Spelled(self.text[first : end - len(opening)], escapes=sign == '"')
        self.at = end

    def array(self, path: Way) -> None:
        self.values[path] = self.place(self.at)
        self.at += 1
        for number in self.items("]"):
            self.value((*path, number))

    def inline(self, path: Way) -> None:
        self.values[path] = self.place(self.at)
        self.at += 1
        for _ in self.items("}"):
            self.pair(path)

    def items(self, closing: str) -> Iterator[int]:
        number = 0
        self.skip()
        while self.text[self.at] != closing:
            yield number
            number += 1
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1
                self.skip()
        self.at += 1


def _ending(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    assert found is not None, "the text is known to be TOML"
    return found.end()
