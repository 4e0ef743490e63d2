"""Cases (:mod:`.case_file`): made from a suite's runs, and played in a lab.

Where an implementation does something else that the model allows too, a case is *inconclusive* for it: it was not the
run that was meant. Only what the model does not allow is a deviation (ISO 9646's verdicts).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ccmproof.model.workflow.wire import OFFER_GOES, OFFERS

from ..build import Parts
from ..contract import Work
from ..gateway import Order
from .alphabet import OBSERVED, STIMULI
from .case_file import SHIPPED, Case, CaseStep, read, read_all, write
from .driver import OUTCOMES, Choice
from .equipment import Equipment, equipment
from .fields import visible
from .follow import Deviates, Deviation, Facts, values_of
from .machine import Session
from .mischief import CLIENT
from .suites import SuiteRun
from .watch import at_step

__all__ = ["SHIPPED", "Case", "CaseStep", "Played", "Verdict", "case_of", "played", "read", "read_all", "write"]

ANEW = 5
"""So often a client may begin a work anew until something is to be seen of it."""


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
            at_step(number)
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
