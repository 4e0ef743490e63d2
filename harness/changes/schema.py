"""The JSON schema of change files, for editors: made from the tables by which they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ccmproof.properties.property import Promise, Verdict

from .claims import GIVES_UP, OBSERVER, PROPERTY, WATCHES
from .forms import FORMS, ROW, Key, Kind

VERSION = 1
DRAFT = "https://json-schema.org/draft/2020-12/schema"
FILE = f"change-{VERSION}.json"
DURATION = r"^\s*\d+\s*(min|h|d)(\s+\d+\s*min)?\s*$"

TOP = {
    "title": "what would be different, in a line",
    "rationale": "why somebody would want that",
    "cites": "the statements that it touches",
    "scenarios": "where it is judged unless somebody asks otherwise; by default in the first scenario",
    "strikes": "events that it adds which promises must not count on: adversities",
    "settings": "values of parameters and unknowns, the same on both sides, or before and after",
    "durations": "how long something lasts where that is other than the scenario has it: one, or from and to",
    "observer": "a machine that watches, for a property of this file",
    "property": "a property that the change brings, judged with the suite",
    "gives_up": "a verdict that it gives up on purpose, and why that is worth it",
}
"""What a file may have beside its entries, in the order of the documentation."""
ONE_OF: dict[str, list[str]] = {
    "promise": [each.value for each in Promise],
    "expected": [each.value for each in Verdict],
    "verdict": [Verdict.FAILS.value, Verdict.VACUOUS.value],
}
"""The keys of which only some values are meant."""


def schema() -> dict[str, Any]:
    """The schema, as plain dictionaries."""
    return {
        "$schema": DRAFT,
        "$id": f"urn:ccmproof:change-{VERSION}",
        "title": "ccmproof design change",
        "type": "object",
        "required": ["title"],
        "additionalProperties": False,
        "properties": {**_top(), **{verb: _verb(verb) for verb in dict.fromkeys(each.verb for each in FORMS)}},
        "$defs": _definitions(),
    }


def text() -> str:
    """The schema as it is printed and stored."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _top() -> dict[str, Any]:
    setting: dict[str, Any] = {
        "oneOf": [
            {"$ref": "#/$defs/names"},
            {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {side: {"$ref": "#/$defs/names"} for side in ("before", "after")},
            },
        ]
    }
    duration: dict[str, Any] = {"type": "string", "pattern": DURATION}
    forms: dict[str, dict[str, Any]] = {
        "title": {"type": "string", "minLength": 1},
        "rationale": {"type": "string"},
        "cites": {"type": "string"},
        "scenarios": {"$ref": "#/$defs/names"},
        "strikes": {"$ref": "#/$defs/names"},
        "settings": {"type": "object", "additionalProperties": setting},
        "durations": {
            "type": "object",
            "additionalProperties": {
                "oneOf": [duration, {"type": "array", "items": duration, "minItems": 2, "maxItems": 2}]
            },
        },
        "observer": _several(_table("", OBSERVER, rows="watch")),
        "property": _several(_table("", PROPERTY)),
        "gives_up": _several(_table("", GIVES_UP)),
    }
    return {name: {"description": _sentence(doc), **forms[name]} for name, doc in TOP.items()}


def _verb(verb: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {each.noun: _several(_table(each.doc, each.keys)) for each in FORMS if each.verb == verb},
    }


def _several(table: dict[str, Any]) -> dict[str, Any]:
    """One table, or an array of them."""
    doc = {"description": table.pop("description")} if "description" in table else {}
    return {**doc, "oneOf": [table, {"type": "array", "items": table}]}


def _table(doc: str, keys: Iterable[Key], rows: str = "row") -> dict[str, Any]:
    listed = list(keys)
    return {
        **({"description": _sentence(doc)} if doc else {}),
        "type": "object",
        "additionalProperties": False,
        "required": [each.name for each in listed if each.required],
        "properties": {each.name: _key(each, rows) for each in listed},
    }


def _key(key: Key, rows: str) -> dict[str, Any]:
    found: dict[str, Any] = {"description": _sentence(key.doc)}
    match key.kind:
        case Kind.TEXT | Kind.NAME | Kind.CONDITION:
            found["type"] = "string"
        case Kind.NAMES | Kind.EFFECTS:
            found["$ref"] = "#/$defs/names" if key.kind is Kind.NAMES else "#/$defs/effects"
        case Kind.FLAG:
            found["type"] = "boolean"
        case Kind.NUMBER:
            found |= {"type": "integer", "minimum": 0}
        case Kind.TABLE:
            found |= {"type": "object", "additionalProperties": {"type": "string"}}
        case Kind.ROWS:
            found |= {"type": "array", "items": {"$ref": f"#/$defs/{rows}"}}
    if key.name in ONE_OF:
        found["enum"] = ONE_OF[key.name]
    return found


def _definitions() -> dict[str, Any]:
    either: dict[str, Any] = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    return {
        "names": {"description": "A list of names, or one text with blanks between them.", **either},
        "effects": {"description": "An effect, or a list of them: set F to V, copy R to R, clear R.", **either},
        "row": _table("A transition of an actor", ROW),
        "watch": _table("A transition of a machine that watches", WATCHES),
    }


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
