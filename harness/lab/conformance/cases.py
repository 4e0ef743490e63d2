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
model's fields in it, ``end`` that the client is at rest again. Where an implementation does something else that the
model allows too, the case is *inconclusive* for it: it was not the run that was meant. Only what the model does not
allow is a deviation (ISO 9646's verdicts).
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.workflow.wire import OFFER_GOES, OFFERS

from ..build import Parts
from ..contract import Work
from ..gateway import Order
from .alphabet import OBSERVED, STIMULI
from .driver import OUTCOMES, Choice
from .equipment import Equipment, equipment
from .fields import visible
from .follow import Deviates, Deviation, Facts, values_of
from .machine import Session
from .mischief import CLIENT
from .suites import SuiteRun

VERSION = 1
"""It goes up where a reader of the older form would misread the newer."""
ANEW = 5
"""So often a client may begin a work anew until something is to be seen of it."""
SHIPPED = Path(__file__).with_name("cases.json")
"""The suite that :mod:`.suites` has found, which `ccmproof lab suite --cases` writes."""


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


# -- from suites


def case_of(name: str, run: SuiteRun, using: Equipment | None = None) -> Case:
    """A suite's run as a case: what nobody sees is left out."""
    using = using or equipment()
    steps: list[CaseStep] = []
    states = iter(zip(run.run.states, run.run.states[1:], strict=False))
    for step in run.steps:
        if step.begins is not None:
            steps.append(CaseStep("work", step.begins.value, {}))
        if step.ends is not None:
            steps.append(CaseStep("end", step.ends.value, {}))
        if not step.event:
            continue
        before, after = next(states)
        if step.event in OFFER_GOES:
            steps[-1] = CaseStep("do", steps[-1].name, steps[-1].fields, step.event)
        elif step.event in OBSERVED or (step.event in STIMULI and STIMULI[step.event] != "work"):
            seen, made = visible(step.event, before, after)
            steps.append(CaseStep("see" if step.event in OBSERVED else "do", step.event, {**seen, **made}))
    return Case(name, using.environment(run.changes), tuple(steps))


def write(cases: Iterable[Case], path: Path) -> None:
    """Write cases to one file."""
    text = json.dumps([case.to_json() for case in cases], indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


# -- from files


def read(path: Path) -> tuple[Case, ...]:
    """The cases in a file.

    Raises:
        ModelError: it cannot be read, or has something else in it; it says where and what.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: it is no JSON: {error}") from error
    if not isinstance(data, list):
        raise ModelError(f"{path}: it has no list of cases")
    return tuple(_case(each, f"{path}: case {number}") for number, each in enumerate(data, start=1))


def _case(data: object, place: str) -> Case:
    if not isinstance(data, dict):
        raise ModelError(f"{place}: it is no object")
    if data.get("version") != VERSION:
        raise ModelError(f"{place}: its version is {data.get('version')!r}; this tool reads {VERSION}")
    name, steps = data.get("name"), data.get("steps")
    if not isinstance(name, str) or not name:
        raise ModelError(f"{place}: it has no name")
    if not isinstance(steps, list):
        raise ModelError(f"{place} ({name}): it has no list of steps")
    environment = _texts(data.get("environment"), f"{place} ({name}): environment")
    try:
        whole = equipment().environment(environment)
    except ModelError as error:
        raise ModelError(f"{place} ({name}): {error}") from error
    found = tuple(_step(each, f"{place} ({name}), step {number}") for number, each in enumerate(steps, start=1))
    return Case(name, whole, found)


def _step(data: object, place: str) -> CaseStep:
    if not isinstance(data, dict):
        raise ModelError(f"{place}: it is no object")
    kinds = [kind for kind in ("work", "do", "see", "end") if kind in data]
    if len(kinds) != 1:
        raise ModelError(f"{place}: it has to be one of work, do, see and end, and is {', '.join(kinds) or 'none'}")
    kind, name = kinds[0], data[kinds[0]]
    known: Mapping[str, Sequence[str]] = {
        "work": [work.value for work in Work], "end": [work.value for work in Work],
        "do": list(STIMULI), "see": list(OBSERVED),
    }  # fmt: skip
    if name not in known[kind]:
        raise ModelError(
            f"{place}: there is nothing to {kind} that is called {name!r}{nearest(str(name), known[kind])}"
        )
    fields = _texts(data.get("fields", {}), f"{place}: fields")
    for field, value in fields.items():
        actor = equipment().network.actor.get(field)
        if actor is None:
            raise ModelError(f"{place}: there is no field {field!r}{nearest(field, equipment().network.actor)}")
        if value not in actor.states:
            raise ModelError(f"{place}: {field} is never {value!r}{nearest(value, actor.states)}")
    way = data.get("way", "")
    if (way in OFFER_GOES) != (name in OFFERS):
        raise ModelError(f"{place}: an offer needs a way, one of {', '.join(OFFER_GOES)}; nothing else has one")
    return CaseStep(kind, name, fields, way)


def _texts(data: object, place: str) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(each, str) for pair in data.items() for each in pair):
        raise ModelError(f"{place}: it is no object of texts")
    return dict(data)


# -- in a lab


class Verdict(Enum):
    """What a case says of an implementation."""

    CONFORMS = "conforms"
    DEVIATES = "deviates"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Played:
    """A case that was played in a lab.

    Attributes:
        step: the number of the last step that was made, from 1.
        why: where it is inconclusive, what the lab did or could not do.
    """

    case: Case
    verdict: Verdict
    step: int
    why: str = ""
    deviation: Deviation | None = None


def played(case: Case, parts: Parts | None = None, seed: int = 0) -> Played:
    """Play a case in a lab."""
    session = Session(case.environment, parts, seed, order=Order.first)
    player = _Player(session)
    number = 0
    try:
        for number, step in enumerate(case.steps, start=1):
            if step == CaseStep("work", Work.INSTALL.value, {}):
                session.driver.be_patient(not _gives_up(case.steps[number:]))
            why = player.step(step)
            if why:
                return Played(case, Verdict.INCONCLUSIVE, number, why)
    except Deviates as deviates:
        return Played(case, Verdict.DEVIATES, number, deviation=deviates.deviation)
    finally:
        session.close()
    return Played(case, Verdict.CONFORMS, number)


def _gives_up(steps: Sequence[CaseStep]) -> bool:
    """Whether the client gives up after the attempt that begins there."""
    for step in steps:
        if step == CaseStep("work", Work.INSTALL.value, {}):
            return False
        if step.name == "ccmsetup_gives_up":
            return True
    return False


class _Player:
    """Makes a case's steps in a lab; each says why it could not be made, or nothing."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._read = 0
        self._seen: deque[tuple[str, Facts]] = deque()
        self._work = ""

    def step(self, step: CaseStep) -> str:
        if step.kind == "work":
            self._work = step.name
            return self._do(Choice("work", step.name))
        if step.kind == "see":
            return self._see(step)
        return self._end() if step.kind == "end" else self._stimulus(step)

    def _do(self, choice: Choice) -> str:
        if not self.session.may(choice):
            return f"{choice} cannot be done there"
        self.session.do(choice)
        follower = self.session.driver.follower
        for events, seen in zip(follower.taken[self._read :], follower.looked_at[self._read :], strict=True):
            self._seen.extend((event, {**seen.before, **seen.after}) for event in events[:1] if event in OBSERVED)
        self._read = len(follower.taken)
        return ""

    def _see(self, step: CaseStep) -> str:
        self._choose(step)
        anew = 0
        while not self._seen:
            anew += CLIENT not in self.session.driver.held
            why = self._on() if anew <= ANEW else f"the client has been at it {ANEW} times"
            if why:
                return f"{step.name} is not to be seen: {why}"
        event, facts = self._seen.popleft()
        if event != step.name:
            return f"{event} is seen, and not {step.name}"
        return "; ".join(
            f"{name} is {' or '.join(sorted(values))}, and the case says {step.fields[name]}"
            for name, value in facts.items()
            if name in step.fields and step.fields[name] not in (values := values_of(value))
        )

    def _on(self) -> str:
        """Let what is held go on its way; where the client has ended a work too soon it begins anew."""
        held = self.session.driver.held
        sender = next((each for each in held if each != CLIENT), CLIENT)
        return self._do(Choice("go", sender) if sender in held else Choice("work", self._work))

    def _choose(self, step: CaseStep) -> None:
        """Let the site and Entra choose what is then to be seen."""
        life = next((value for field, value in step.fields.items() if field.startswith("wam.") and "life" in field), "")
        if life.startswith("left_"):
            self._do(Choice("draw", f"life {life.removeprefix('left_')}"))
        outcome = step.fields.get("reply.outcome", "")
        if outcome in OUTCOMES:
            self._do(Choice("draw", f"outcome {outcome}"))

    def _end(self) -> str:
        while CLIENT in self.session.driver.held and not self._seen:
            why = self._on()
            if why:
                return why
        return f"{self._seen[0][0]} is seen, and the client should be at rest" if self._seen else ""

    def _lose(self, step: CaseStep) -> str:
        """Lose what is held, once it is what can be lost."""
        while True:
            held = self.session.driver.held
            sender = next((each for each in held if each != CLIENT), CLIENT)
            choice = Choice("lose", sender)
            if self.session.may(choice):
                return self._do(choice)
            why = (
                self._on() if sender in held and not self._seen else f"nothing that can be lost is held for {step.name}"
            )
            if why:
                return why

    def _stimulus(self, step: CaseStep) -> str:
        if step.name in OFFERS:
            said = [step.fields.get(f"request.{name}", "") for name in ("endpoint", "token_auth", "claims")]
            return self._do(Choice("offer", step.name, (*said, step.way)))
        if STIMULI[step.name] == "loss":
            return self._lose(step)
        if STIMULI[step.name] in ("patience", "work"):
            return ""  # it comes of a work
        return self._do(Choice("stimulus", step.name))
