"""Suites as files: cases that any implementation can replay, without this tool.

A case is an environment and steps, as JSON of a version of its own::

    {"version": 1, "name": "…", "environment": {"join": "entra", …}, "steps": [
        {"work": "INSTALL"},
        {"see": "ccmsetup_sends_aad_info_request", "as": "a request of the client to the CMG",
         "fields": {"request.endpoint": "aad_info", …}},
        {"do": "tick"},
        {"do": "adversary_offers_no_token", "fields": {"request.endpoint": "sts", …}, "way": "offer_goes_to_the_cmg"},
        {"end": "INSTALL"}]}

``work`` tells the client to do something, ``do`` is a stimulus, ``see`` what is then to be seen, with the values of the
model's fields in it, ``end`` that the client is at rest again. A client is at one work at a time. What a file says
beside that is a mistake, and is told in one line: a case that is not what its writer meant would be inconclusive at
best.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccmproof import harness
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.workflow.wire import OFFER_GOES, OFFERS

from ..contract import Work
from .alphabet import OBSERVED, STIMULI
from .equipment import equipment

VERSION = 1
"""It goes up where a reader of the older form would misread the newer."""
SCHEMA = Path(str(harness.__file__)).with_name("schema") / "case-1.json"
"""The JSON schema of such a file. How the steps of a case hang together, and that no two have one name, only
:func:`read` tells."""
SHIPPED = Path(__file__).with_name("cases.json")
"""The suite that :mod:`.suites` has found, which `ccmproof lab suite --cases` writes."""
_KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("version", "name", "environment", "steps"),
    "work": ("work",), "end": ("end",), "see": ("see", "as", "fields"), "do": ("do", "fields", "way"),
}  # fmt: skip
"""What a case says, and what a step of each kind does."""
_NAMES: Mapping[str, tuple[str, ...]] = {
    "work": tuple(work.value for work in Work), "end": tuple(work.value for work in Work), "see": tuple(OBSERVED),
    "do": tuple(event for event, who in STIMULI.items() if who not in ("way", "work")),
}  # fmt: skip
"""What each kind of step may be: where an offer goes is said with it, and what comes of a work comes of itself."""
_OF_OFFER = ("request.endpoint", "request.token_auth", "request.claims")
"""What whoever makes an offer chooses."""


@dataclass(frozen=True)
class CaseStep:
    """One step.

    Attributes:
        kind: ``work``, ``do``, ``see`` or ``end``.
        name: of the work, or the event.
        fields: what an offer says, or what is to be seen.
        way: of an offer, where it goes.
    """

    kind: str
    name: str
    fields: Mapping[str, str]
    way: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it stands in a file."""
        found: dict[str, Any] = {self.kind: self.name}
        if self.kind == "see":
            found["as"] = OBSERVED[self.name]
        if self.fields:
            found["fields"] = dict(self.fields)
        return found | ({"way": self.way} if self.way else {})


@dataclass(frozen=True)
class Case:
    """A run that an implementation is put through.

    Attributes:
        environment: a whole one.
    """

    name: str
    environment: Mapping[str, str]
    steps: tuple[CaseStep, ...]

    def to_json(self) -> dict[str, Any]:
        """As it stands in a file."""
        return {
            "version": VERSION,
            "name": self.name,
            "environment": dict(self.environment),
            "steps": [step.to_json() for step in self.steps],
        }


def write(cases: Iterable[Case], path: Path) -> None:
    """Write cases to one file."""
    text = json.dumps([case.to_json() for case in cases], indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def read(path: Path) -> tuple[Case, ...]:
    """The cases in a file.

    Raises:
        ModelError: it cannot be read, or has something else in it; it says where and what.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: it is no JSON: {error}") from error
    if not isinstance(data, list):
        raise ModelError(f"{path}: it has no list of cases")
    if not data:
        raise ModelError(f"{path}: it has no case")
    cases = tuple(_case(each, f"{path}: case {number}") for number, each in enumerate(data, start=1))
    _each_once(((case, f"{path}: case {number}") for number, case in enumerate(cases, start=1)))
    return cases


def read_all(paths: Iterable[Path]) -> tuple[Case, ...]:
    """The cases in several files, which are told by their names.

    Raises:
        ModelError: as :func:`read`, or two have one name.
    """
    found = [(case, str(path)) for path in paths for case in read(path)]
    _each_once(found)
    return tuple(case for case, _ in found)


def _each_once(cases: Iterable[tuple[Case, str]]) -> None:
    """Raises ModelError where two cases have one name: what is told of one of them could be of either."""
    places: dict[str, str] = {}
    for case, place in cases:
        if case.name in places:
            raise ModelError(f"{place}: it is called {case.name!r}, and so is one before it, {places[case.name]}")
        places[case.name] = place


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object each of whose names is there once.

    Raises:
        ValueError: one is there twice; which of them was meant nobody can say.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"one object says {next(name for name in names if names.count(name) > 1)!r} twice")
    return found


def _case(data: object, place: str) -> Case:
    whole = _object(data, place)
    _only(whole, "", place)
    if type(whole.get("version")) is not int or whole["version"] != VERSION:
        raise ModelError(f"{place}: its version is {whole.get('version')!r}; this tool reads {VERSION}")
    name, steps = whole.get("name"), whole.get("steps")
    if not isinstance(name, str) or not name.strip() or len(name.splitlines()) > 1:
        raise ModelError(f"{place}: it has no name, which is a text of one line")
    place = f"{place} ({name})"
    if not isinstance(steps, list) or not steps:
        raise ModelError(f"{place}: it has no list of steps" if steps != [] else f"{place}: it has no step")
    try:
        environment = equipment().environment(_texts(whole.get("environment"), f"{place}: environment"))
    except ModelError as error:
        raise ModelError(str(error) if str(error).startswith(place) else f"{place}: {error}") from error
    found = tuple(_step(each, f"{place}, step {number}") for number, each in enumerate(steps, start=1))
    _in_order(found, place)
    return Case(name, environment, found)


def _step(data: object, place: str) -> CaseStep:
    step = _object(data, place)
    kinds = [kind for kind in _NAMES if kind in step]
    if len(kinds) != 1:
        near = next((said for each in step if (said := nearest(each, _NAMES))), "") if not kinds else ""
        raise ModelError(
            f"{place}: it has to be one of work, do, see and end, and is {', '.join(kinds) or 'none'}{near}"
        )
    kind, name = kinds[0], step[kinds[0]]
    _only(step, kind, place)
    if name not in _NAMES[kind]:
        raise ModelError(
            f"{place}: there is nothing to {kind} that is called {name!r}{nearest(str(name), _NAMES[kind])}"
        )
    fields = _texts(step.get("fields", {}), f"{place}: fields")
    for field, value in fields.items():
        actor = equipment().network.actor.get(field)
        if actor is None:
            raise ModelError(f"{place}: there is no field {field!r}{nearest(field, equipment().network.actor)}")
        if value not in actor.states:
            raise ModelError(f"{place}: {field} is never {value!r}{nearest(value, actor.states)}")
    if fields and kind == "do" and name not in OFFERS:
        raise ModelError(f"{place}: {name} says nothing, and it has fields")
    missing = [field for field in _OF_OFFER if name in OFFERS and field not in fields]
    if missing:
        raise ModelError(f"{place}: {name} is an offer, and does not say {', '.join(missing)}")
    way = step.get("way", "")
    if way not in (OFFER_GOES if name in OFFERS else ("",)):
        raise ModelError(f"{place}: an offer needs a way, one of {', '.join(OFFER_GOES)}; nothing else has one")
    return CaseStep(kind, name, fields, way)


def _in_order(steps: Sequence[CaseStep], place: str) -> None:
    """A client is at one work at a time, and what ends has begun; the last one need not end."""
    at = ""
    for number, step in enumerate(steps, start=1):
        if step.kind == "work" and at:
            raise ModelError(f"{place}, step {number}: {step.name} begins while the client is at {at}; end that first")
        if step.kind == "end" and step.name != at:
            raise ModelError(f"{place}, step {number}: {step.name} ends, and the client is at {at or 'nothing'}")
        at = step.name if step.kind == "work" else "" if step.kind == "end" else at


def _only(of: Mapping[str, Any], kind: str, place: str) -> None:
    """Raises ModelError where it says something that nobody would read."""
    for key in of:
        if key not in _KEYS[kind]:
            what = f"a step '{kind}'" if kind else "a case"
            near = nearest(key, _KEYS[kind])
            raise ModelError(f"{place}: {what} has no {key!r}{near}; it has {', '.join(_KEYS[kind])}")


def _object(data: object, place: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ModelError(f"{place}: it is no object")
    return data


def _texts(data: object, place: str) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(each, str) for pair in data.items() for each in pair):
        raise ModelError(f"{place}: it is no object of texts")
    return dict(data)
