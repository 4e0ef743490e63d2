"""Reads tables of patterns: those that are shipped, and those that a user has written beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from ccmproof.harness.changes.located import Document, read
from ccmproof.harness.expression import expression
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network

from . import table
from .causes import causes
from .components import component, components
from .pattern import Facet, Pattern
from .template import template

LOGS = (
    "ccmsetup", "install", "content", "transport", "tokens", "registration", "messaging", "location", "cmg",
    "connection_point", "management_point", "elsewhere",
)  # fmt: skip
"""The files of the shipped table, one for each log or concern."""

TEXTS = ("logs", "events", "echoes", "cites", "also", "examples", "either", "against")
FLAGS = ("always", "bound", "common", "elsewhere", "failure", "frame")
KEYS = tuple(each.name for each in fields(Pattern) if each.name != "readings")
FACET = tuple(each.name for each in fields(Facet))


@cache
def shipped() -> tuple[Pattern, ...]:
    """The patterns that come with the product."""
    return tuple(pattern for name in LOGS for pattern in patterns_of(table.read(name)))


def patterns_of(data: Mapping[str, Any]) -> list[Pattern]:
    """The patterns of a table whose form is known to be right."""
    default = tuple(data.get("logs", ()))
    return [_pattern(each, default) for each in data.get("pattern", ())]


def _pattern(entry: Mapping[str, Any], default: tuple[str, ...]) -> Pattern:
    facets = tuple(Facet(**each) for each in entry.get("facets", ()))
    return Pattern(**{"logs": default, **table.tupled(entry), "facets": facets})


def load(path: Path, network: Network | None = None) -> tuple[Pattern, ...]:
    """The patterns of a user's file, to be put before the shipped ones: of two with one ID the user's counts.

    Parameters:
        network: whose events and actors ``events`` and ``holds`` may name; without one they are not looked at.

    Raises:
        ModelError: the file is not what it should be: where, what, and the nearest name.
    """
    document = read(path)
    _check_keys(document, (), document.data, ("logs", "pattern"))
    logs = document.data.get("logs", [])
    _check_kind(document, ("logs",), "logs", logs)
    _check_logs(document, (), logs)
    entries = document.data.get("pattern", [])
    if not isinstance(entries, list) or not entries:
        raise document.error(("pattern",), "a table of patterns has [[pattern]] entries")
    ids: set[str] = set()
    for number, entry in enumerate(entries):
        _check(document, number, entry, network)
        if entry["id"] in ids:
            raise document.error(("pattern", number, "id"), f"there is a pattern {entry['id']!r} already")
        ids.add(entry["id"])
    return tuple(patterns_of(document.data))


def with_shipped(own: Iterable[Pattern]) -> tuple[Pattern, ...]:
    """A user's patterns and the shipped ones that they do not replace."""
    own = tuple(own)
    ids = {pattern.id for pattern in own}
    return (*own, *(pattern for pattern in shipped() if pattern.id not in ids))


def _check(document: Document, number: int, entry: Mapping[str, Any], network: Network | None) -> None:
    way = ("pattern", number)
    _check_keys(document, way, entry, KEYS)
    for key in ("id", "text"):
        if not entry.get(key):
            raise document.error(way, f"a pattern needs {'an' if key == 'id' else 'a'} {key}")
    for key, value in entry.items():
        _check_kind(document, (*way, key), key, value)
    for index, facet in enumerate(entry.get("facets", ())):
        _check_keys(document, (*way, "facets", index), facet, FACET)
        if not facet.get("word"):
            raise document.error((*way, "facets", index), "a facet needs a word")
    for place, text in [("text", entry["text"]), *(("also", each) for each in entry.get("also", ()))]:
        try:
            template(text)
        except ModelError as error:
            raise document.error((*way, place), str(error)) from error
    _check_logs(document, way, entry.get("logs", ()))
    for key in ("cause", "either", "against"):
        named = entry.get(key, "")
        for cause in [named] if isinstance(named, str) else named:
            if cause and cause not in causes():
                raise document.error((*way, key), f"there is no cause {cause!r}{nearest(cause, causes())}")
    if network is not None:
        _check_model(document, way, entry, network)


def _check_keys(document: Document, way: tuple[str | int, ...], entry: Mapping[str, Any], known: Iterable[str]) -> None:
    if not isinstance(entry, Mapping):
        raise document.error(way, "it has to be a table")
    for key in entry:
        if key not in known:
            raise document.error((*way, key), f"there is no key {key!r}{nearest(key, known)}")


def _check_kind(document: Document, way: tuple[str | int, ...], key: str, value: object) -> None:
    if key in TEXTS:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise document.error(way, f"{key} has to be a list of texts")
    elif key == "facets":
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise document.error(way, "facets has to be a list of tables")
    elif key in FLAGS:
        if not isinstance(value, bool):
            raise document.error(way, f"{key} has to be true or false")
    elif not isinstance(value, str):
        raise document.error(way, f"{key} has to be a text")


def _check_logs(document: Document, way: tuple[str | int, ...], logs: Iterable[str]) -> None:
    for log in logs:
        if component(log) is None:
            known = [each.name for each in components()]
            raise document.error((*way, "logs"), f"there is no component {log!r}{nearest(log, known)}")


def _check_model(document: Document, way: tuple[str | int, ...], entry: Mapping[str, Any], network: Network) -> None:
    for key in ("events", "echoes"):
        for event in entry.get(key, ()):
            if event not in network.event:
                raise document.error((*way, key), f"there is no event {event!r}{nearest(event, network.event)}")
    says: list[tuple[tuple[str | int, ...], str]] = [(("holds",), entry.get("holds", ""))]
    for index, facet in enumerate(entry.get("facets", ())):
        says += [(("facets", index, key), facet.get(key, "")) for key in ("holds", "lacks")]
    for place, text in says:
        if text:
            try:
                expression(text, network)
            except ModelError as error:
                raise document.error_in((*way, *place), error) from error
