"""A change file: what would be different, why, and what it gives up on purpose.

Reading takes a file apart and knows nothing of any model: names are looked up when the change is applied
(:mod:`.design`). Every part keeps its place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccmproof.model.kernel import effects
from ccmproof.model.kernel.actor import Effect
from ccmproof.model.kernel.condition import TRUE
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.text import parse
from ccmproof.properties.property import Promise, Property, Verdict

from .claims import GIVES_UP, OBSERVER, PROPERTY, observer_of
from .forms import FORMS, ROW, Form, Given, Key, Kind, form
from .located import Document, Way, read

TITLE = "title"
TEXTS = ("title", "rationale", "cites")
MINUTES = {"min": 1, "h": 60, "d": 1440}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DURATION = re.compile(r"(\d+)\s*(min|h|d)(?:\s+(\d+)\s*min)?")


@dataclass(frozen=True)
class Entry:
    """One entry of a change file: the form that it has, what it gives, and where it stands."""

    form: Form
    given: Given
    way: Way
    document: Document

    def error(self, error: ModelError) -> ModelError:
        """The error with the entry's place."""
        return self.document.error(self.way, f"[[{self.form.name}]] {error}")

    def conditions(self) -> Iterator[tuple[Way, str]]:
        """The conditions that it writes, each with the way to it."""
        yield from _conditions(self.given, self.form.keys, self.way)


@dataclass(frozen=True)
class Setting:
    """The value of a parameter or an unknown, before and after; empty: as the scenario has it."""

    name: str
    before: str
    after: str
    way: Way

    @property
    def moves(self) -> bool:
        """Whether it is another value after than before: part of the change, and not of what it is about."""
        return self.before != self.after


@dataclass(frozen=True)
class GivenUp:
    """A verdict that the change gives up on purpose."""

    property: str
    verdict: Verdict
    reason: str
    way: Way


@dataclass(frozen=True)
class Change:
    """What a change file says.

    Attributes:
        name: the file's name without its ending.
        scenarios: where it is judged unless somebody asks otherwise; empty: in the default one.
        settings: of parameters and unknowns, before and after.
        durations: those that are other than the document's, in minutes, from and to.
        entries: the edits, in the order of the file.
        properties: what it brings to be judged with the suite.
        strikes: events that it adds which promises must not count on: adversities.
    """

    name: str
    document: Document
    title: str
    rationale: str
    cites: str
    scenarios: tuple[str, ...]
    settings: tuple[Setting, ...]
    durations: Mapping[str, tuple[int, int]]
    entries: tuple[Entry, ...]
    properties: tuple[Property, ...]
    gives_up: tuple[GivenUp, ...]
    strikes: tuple[str, ...] = ()

    @property
    def moved(self) -> tuple[str, ...]:
        """The names of what it sets otherwise."""
        return tuple(each.name for each in self.settings if each.moves)

    def __reduce__(self) -> tuple[Callable[[Document, str], Change], tuple[Document, str]]:
        """What was read goes to another process as it was written, and is read there."""
        return changed_by, (self.document, self.name)


def load(path: Path) -> Change:
    """Read a change file.

    Raises:
        ModelError: it cannot be read or used; it says file, line, column, what is wrong, and the nearest right name.
    """
    return changed_by(read(path), path.stem)


def changed_by(document: Document, name: str) -> Change:
    """The change that a document says.

    Raises:
        ModelError: as :func:`load`.
    """
    return _Reader(document, name).change()


class _Reader:
    """One document on its way to the change that it says."""

    def __init__(self, document: Document, name: str) -> None:
        self.document, self.name, self.data = document, name, document.data

    def change(self) -> Change:
        verbs = dict.fromkeys(each.verb for each in FORMS)
        lists = ("observer", "property", "gives_up")
        known = (*TEXTS, "scenarios", "strikes", "settings", "durations", *verbs, *lists)
        for key in self.data:
            if key not in known:
                raise self.document.error((key,), f"a change has no {key!r}{nearest(key, known)}")
        title = self.data.get(TITLE)
        if not title or (isinstance(title, str) and not title.strip()):
            raise self.document.error((), 'a change needs a title: title = "…"')
        title, rationale, cites = (self._text((key,), self.data.get(key, "")) for key in TEXTS)
        return Change(
            self.name,
            self.document,
            title,
            rationale,
            cites,
            scenarios=self._names(("scenarios",), self.data.get("scenarios", [])),
            settings=tuple(self._settings()),
            durations=dict(self._durations()),
            entries=tuple(sorted(self._entries(verbs), key=lambda each: self.document.place(each.way))),
            properties=tuple(self._properties()),
            gives_up=tuple(self._gives_up()),
            strikes=self._names(("strikes",), self.data.get("strikes", [])),
        )

    def _entries(self, verbs: Mapping[str, None]) -> Iterator[Entry]:
        for verb in verbs:
            nouns = [each.noun for each in FORMS if each.verb == verb]
            for noun, tables in self._table((verb,), self.data.get(verb, {})).items():
                found = form(verb, noun)
                if found is None:
                    there = f"{nearest(noun, nouns)}; there are {', '.join(nouns)}"
                    raise self.document.error((verb, noun), f"one cannot {verb} a {noun!r}{there}")
                for way, table in self._tables((verb, noun), tables):
                    yield Entry(found, self._given(way, table, found.keys, found.name), way, self.document)

    def _tables(self, way: Way, value: Any) -> Iterator[tuple[Way, Mapping[str, Any]]]:
        """The tables of an array, ``[[way]]``; one alone may stand as ``[way]``."""
        if isinstance(value, dict):
            value, ways = [value], [way]
        else:
            ways = [(*way, number) for number in range(len(value))] if isinstance(value, list) else []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            name = ".".join(map(str, way))
            raise self.document.error(way, f"{name}: expected entries that begin with [[{name}]]")
        yield from zip(ways, value, strict=True)

    def _given(self, way: Way, table: Mapping[str, Any], keys: tuple[Key, ...], what: str) -> Given:
        by_name = {each.name: each for each in keys}
        for name in table:
            if name not in by_name:
                said = f"{nearest(name, by_name)}; it has {', '.join(by_name)}"
                raise self.document.error((*way, name), f"{what} has no {name!r}{said}")
        for each in keys:
            if each.required and each.name not in table:
                raise self.document.error(way, f"{what} needs {each.name!r}: {each.doc}")
        return {name: self._value((*way, name), value, by_name[name]) for name, value in table.items()}

    def _value(self, way: Way, value: Any, key: Key) -> Any:
        match key.kind:
            case Kind.TEXT:
                return self._text(way, value)
            case Kind.NAME:
                return self._filled(way, self._text(way, value), key)
            case Kind.NAMES:
                return self._filled(way, self._names(way, value), key)
            case Kind.CONDITION:
                return self._condition(way, value)
            case Kind.EFFECTS:
                return self._effects(way, value)
            case Kind.FLAG:
                return self._typed(way, value, bool, key)
            case Kind.NUMBER:
                return self._typed(way, value, int, key)
            case Kind.TABLE:
                return {name: self._text((*way, name), each) for name, each in self._table(way, value).items()}
            case Kind.ROWS:
                rows = self._typed(way, value, list, key)
                return [self._given((*way, i), self._table((*way, i), row), key.of or ROW, "a transition")
                        for i, row in enumerate(rows)]  # fmt: skip

    def _filled(self, way: Way, value: Any, key: Key) -> Any:
        """A value that must be there, where the key must."""
        if not value and (key.required or key.kind is Kind.NAME):
            raise self.document.error(way, f"{key.name} is empty: {key.doc}")
        return value

    def _typed(self, way: Way, value: Any, wanted: type, key: Key) -> Any:
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise self.document.error(way, f"{way[-1]}: expected {key.kind.value}, but it is {_shown(value)}")
        return value

    def _text(self, way: Way, value: Any) -> str:
        if not isinstance(value, str):
            raise self.document.error(way, f"{way[-1]}: expected a text in quotes, but it is {_shown(value)}")
        if _CONTROL.search(value):
            raise self.document.error(way, f"{way[-1]}: there is a control character in it")
        return value.strip() if "\n" not in value else value

    def _table(self, way: Way, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.document.error(way, f"{way[-1]}: expected a table, but it is {_shown(value)}")
        return value

    def _names(self, way: Way, value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            return tuple(value.split())
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.document.error(way, f"{way[-1]}: expected {Kind.NAMES.value}, but it is {_shown(value)}")
        return tuple(value)

    def _condition(self, way: Way, value: Any) -> str:
        text = self._text(way, value)
        try:
            if text and text != "otherwise":
                parse(text, _AnyName())
        except ModelError as error:
            raise self.document.error_in(way, error) from error
        return text

    def _effects(self, way: Way, value: Any) -> tuple[Effect, ...]:
        if not isinstance(value, str | list):
            raise self.document.error(way, f"{way[-1]}: expected {Kind.EFFECTS.value}, but it is {_shown(value)}")
        texts = [(way, value)] if isinstance(value, str) else [((*way, i), each) for i, each in enumerate(value)]
        found = []
        for where, each in texts:
            text = self._text(where, each)
            try:
                found.append(effects.parse(text))
            except ModelError as error:
                raise self.document.error_in(where, error) from error
        return tuple(found)

    def _settings(self) -> Iterator[Setting]:
        for name, value in self._table(("settings",), self.data.get("settings", {})).items():
            way: Way = ("settings", name)
            sides = value if isinstance(value, dict) else {"before": value, "after": value}
            if not sides:
                raise self.document.error(way, f"{name}: expected a value, or a table of before and after")
            for side in sides:
                if side not in ("before", "after"):
                    raise self.document.error((*way, side), f"a setting has before and after, and no {side!r}")
            texts = {side: ",".join(self._names((*way, side) if isinstance(value, dict) else way, each))
                     for side, each in sides.items()}  # fmt: skip
            yield Setting(name, texts.get("before", ""), texts.get("after", ""), way)

    def _durations(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for name, value in self._table(("durations",), self.data.get("durations", {})).items():
            way: Way = ("durations", name)
            texts = value if isinstance(value, list) else [value, value]
            if len(texts) != 2:
                raise self.document.error(way, f"{name}: expected a duration, or from and to as a list of two")
            shortest, longest = (self._minutes(way, each) for each in texts)
            if shortest > longest:
                raise self.document.error(way, f"{name}: {texts[0]} is longer than {texts[1]}")
            yield name, (shortest, longest)

    def _minutes(self, way: Way, value: Any) -> int:
        found = _DURATION.fullmatch(self._text(way, value))
        if found is None:
            raise self.document.error(way, f'{way[-1]}: expected a duration such as "30 min" or "8 h", not {value!r}')
        return int(found[1]) * MINUTES[found[2]] + int(found[3] or 0)

    def _properties(self) -> Iterator[Property]:
        watching = {}
        for way, table in self._tables(("observer",), self.data.get("observer", [])):
            given = self._given(way, table, OBSERVER, "observer")
            watching[given["name"]] = observer_of(given)
        for way, table in self._tables(("property",), self.data.get("property", [])):
            given = self._given(way, table, PROPERTY, "property")
            for name in given.get("observers", ()):
                if name not in watching:
                    raise self.document.error((*way, "observers"), f"there is no observer {name!r} in this file"
                                              f"{nearest(name, watching)}")  # fmt: skip
            yield Property(
                given["id"],
                f"Of the change {self.name}",
                given["claim"],
                given.get("cites", ""),
                on=given.get("on", ()),
                when=given.get("when", ""),
                then=given.get("then", "true" if given.get("possible") else "false"),
                attempt=given.get("attempt", ""),
                observers=tuple(watching[name] for name in given.get("observers", ())),
                possible=given.get("possible", False),
                promise=self._one_of((*way, "promise"), given["promise"], Promise) if "promise" in given else None,
                unless=given.get("unless", ""),
                without=given.get("without", ()),
                decided_by=given.get("decided_by", ""),
                expected=self._one_of((*way, "expected"), given.get("expected", "holds"), Verdict).value,
                asked_in=given.get("scenarios", ()),
            )

    def _gives_up(self) -> Iterator[GivenUp]:
        seen: set[str] = set()
        for way, table in self._tables(("gives_up",), self.data.get("gives_up", [])):
            given = self._given(way, table, GIVES_UP, "gives_up")
            verdict = self._one_of((*way, "verdict"), given["verdict"], Verdict)
            if verdict not in (Verdict.FAILS, Verdict.VACUOUS):
                raise self.document.error((*way, "verdict"), f"a verdict that is given up is fails or vacuous, not"
                                          f" {verdict.value}")  # fmt: skip
            if given["property"] in seen:
                raise self.document.error(way, f"{given['property']} is given up twice")
            seen.add(given["property"])
            yield GivenUp(given["property"], verdict, given["reason"], way)

    def _one_of(self, way: Way, value: str, among: Any) -> Any:
        values = [each.value for each in among]
        if value not in values:
            raise self.document.error(way, f"{way[-1]}: there is no {value!r}{nearest(value, values)}; there are"
                                      f" {', '.join(values)}")  # fmt: skip
        return among(value)


class _AnyName(dict[str, Any]):
    """Every bare word may be a predicate: that is looked up when the change is applied."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Any:
        return TRUE


def _conditions(given: Given, keys: tuple[Key, ...], way: Way) -> Iterator[tuple[Way, str]]:
    for key in keys:
        value = given.get(key.name)
        if value is None or value in ("", "otherwise"):
            continue
        if key.kind is Kind.CONDITION:
            yield (*way, key.name), value
        elif key.kind is Kind.ROWS:
            for number, each in enumerate(value):
                yield from _conditions(each, ROW, (*way, key.name, number))
        elif key.kind is Kind.EFFECTS:
            for number, effect in enumerate(value):
                if effect.when:
                    yield (*way, key.name, number), effect.when


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "a table" if isinstance(value, dict) else "a list" if isinstance(value, list) else repr(value)
