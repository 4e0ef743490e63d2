"""Labs that are driven from outside, a choice at a time: one of them, one that has left the model, many that roam.

In a lab that roams choices are drawn, and weighed by what has not been done yet, in this run and in those before.
:mod:`.stateful` has hypothesis draw them.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from ccmproof.diagrams.mermaid import mermaid_of_sequence
from ccmproof.diagrams.run import Broken
from ccmproof.harness.counterexample import unusual
from ccmproof.harness.drawing import drawn_run
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.errors import ModelError

from ..build import Lab, Parts
from .covered import Covered
from .driver import Choice, Driver
from .equipment import equipment
from .follow import Deviates, Deviation, Follower
from .watch import folder

KINDS: Mapping[str, int] = {
    "go": 24, "work": 12, "arrive": 4, "stimulus": 3, "offer": 2, "lose": 1, "late": 1, "draw": 1
}  # fmt: skip
"""How often each kind of choice is made, where there is one of it; the likeliest first."""
ANEW = 4
"""So much more often what the run has not done yet."""
ABILITIES = {
    "adversary_account": "other_tenant",
    "adversary_key": "cmg_key",
    "adversary_reads": "as_system",
    "cmg_compromised": "yes",
}
"""What an adversary may be able to do; often, since else he does nothing."""


def kinds(choices: Sequence[Choice]) -> list[str]:
    """The kinds of the choices, each so often as it is likely."""
    there = {choice.what for choice in choices}
    return [kind for kind, often in KINDS.items() if kind in there for _ in range(often)]


def of_kind(
    choices: Sequence[Choice], kind: str, done: Mapping[Choice, int], ever: Mapping[Choice, int] | None = None
) -> list[Choice]:
    """The choices of a kind, each so often as it is likely: what this run has not done yet more, and time.

    Args:
        ever: what any run has done; what is not in it is more likely again.
    """
    found = []
    for choice in choices:
        if choice.what == kind:
            often = 3 if choice.name == "tick" else 1
            often *= 1 if done.get(_kind(choice)) else ANEW
            often *= ANEW if ever is not None and not ever.get(_kind(choice)) else 1
            found += [choice] * often
    return found


def _kind(choice: Choice) -> Choice:
    return Choice(choice.what, choice.name)


def where(changes: Mapping[str, str]) -> str:
    """What an environment has else than the healthy one, in words."""
    return ", ".join(f"{name} {value}" for name, value in changes.items()) or "all is as usual"


@dataclass
class Failed:
    """A lab that has left the model.

    Attributes:
        changes: what its environment has else than the healthy one.
        choices: what was done.
    """

    changes: Mapping[str, str]
    choices: tuple[Choice, ...]
    deviation: Deviation
    follower: Follower = field(repr=False)
    seed: int = 0

    def told(self) -> str:
        """It in words: environment, what was done, the deviation, and the sequence that led there."""
        environment = where(self.changes)
        choices = "\n".join(f"    {choice}" for choice in self.choices)
        sequence = sequence_of(self.follower, self.deviation)
        return f"in a lab where {environment}\n{choices}\n{self.deviation}\n\n{sequence}"


def sequence_of(follower: Follower, deviation: Deviation | None = None) -> str:
    """The run that a lab has made so far, as a Mermaid sequence; where it has left the model that stands below."""
    run, network = follower.run(), follower.network
    broken = None
    if deviation is not None:
        broken = Broken(len(run.steps), str(deviation).splitlines()[1:], "here it leaves the model")  # type: ignore[arg-type]
    title = "A lab" if deviation is None else f"A lab: {deviation.seen.what}"
    return mermaid_of_sequence(drawn_run(shipped(), run, network, title, unusual(network, run), broken))


class Session:
    """One lab, driven from outside an event loop: each choice runs until nothing goes on but what is held.

    Args:
        changes: to the healthy environment.
        how: what else a :class:`~ccmproof.harness.lab.build.Lab` is told.
    """

    def __init__(self, changes: Mapping[str, str], parts: Parts | None = None, seed: int = 0, **how: Any) -> None:
        self.changes = dict(changes)
        self._folder = Path(tempfile.mkdtemp(prefix="ccmproof-lab-", dir=folder()))
        self._loop = asyncio.new_event_loop()
        self.lab = Lab(self._folder, equipment().environment(changes), parts, seed, **how)
        self.driver = Driver(self.lab)
        self.done: Counter[Choice] = Counter()
        self._run(self.driver.begin())

    def _run(self, what: Coroutine[Any, Any, None]) -> None:
        self._loop.run_until_complete(what)

    @property
    def choices(self) -> list[Choice]:
        """What may be done now."""
        return self.driver.enabled()

    def may(self, choice: Choice) -> bool:
        """Whether it is one of those."""
        return self.driver.may(choice)

    def next_of_itself(self) -> Choice | None:
        """What is done next if nothing strikes; of the works that are due it is the one that was done least."""
        return min(self.driver.further(), key=lambda choice: self.done[choice], default=None)

    def do(self, choice: Choice) -> None:
        """Do it.

        Raises:
            Deviates: the model does not allow what came of it.
        """
        self.done[_kind(choice)] += 1
        self._run(self.driver.do(choice))

    def failed(self, deviates: Deviates, seed: int = 0) -> Failed:
        """The lab as one that has left the model."""
        return Failed(self.changes, tuple(self.driver.done), deviates.deviation, self.driver.follower, seed)

    def close(self) -> None:
        """End what goes on, and leave nothing behind."""
        try:
            self._run(self.driver.close())
        finally:
            self._loop.close()
            shutil.rmtree(self._folder, ignore_errors=True)


# -- environments


def mended(changes: Mapping[str, str]) -> dict[str, str]:
    """The changes, with what the model assumes: a device that is not joined has no key and no Entra user, and there is
    no list of a certificate that is not there."""
    found = dict(changes)
    if found.get("join", "entra") not in ("entra", "hybrid"):
        found |= {"wpj": "absent", "user_kind": "nobody"}
    if found.get("cp_certificate") == "absent":
        found.pop("cp_certificate_crl", None)
    return found


def drawn(random: Random, likely: float = 0.05, tried: Counter[tuple[str, str]] | None = None) -> dict[str, str]:
    """Some changes to the healthy environment; of the values of an unknown one of those that were tried least."""
    found = {}
    counted: Counter[tuple[str, str]] = Counter() if tried is None else tried
    for actor in equipment().network.unknowns:
        if len(actor.initial) > 1 and random.random() < likely:
            often = {value: counted[actor.name, value] for value in actor.initial}
            found[actor.name] = random.choice([value for value in often if often[value] == min(often.values())])
    found |= {name: value for name, value in ABILITIES.items() if random.random() < 0.5}
    return mended(found)


# -- many labs


@dataclass
class Roamed:
    """What came of many labs.

    Attributes:
        steps: how many choices were made in all.
        failed: the labs that have left the model.
    """

    runs: int
    steps: int
    covered: Covered
    failed: list[Failed]


def roam(
    runs: int,
    *,
    seed: int = 0,
    length: int = 150,
    parts: Parts | None = None,
    pins: Mapping[str, str] | None = None,
    covered: Covered | None = None,
    tell: Callable[[int, Roamed], None] | None = None,
    stop: int | None = None,
) -> Roamed:
    """Drive many labs, each in an environment of its own, for so many choices.

    Args:
        seed: of the first; each has the next one. What is drawn depends on what the labs before have tried too; a lab
            is had again by its environment and its choices (:func:`repeated`).
        stop: after so many that have left the model.
        tell: called after each lab.
    """
    found = Roamed(0, 0, covered or Covered(equipment().network), [])
    tried: Counter[tuple[str, str]] = Counter()
    ever: Counter[Choice] = Counter()
    for number in range(seed, seed + runs):
        random = Random(number)
        changes = mended({**drawn(random, tried=tried), **(pins or {})})
        tried.update(changes.items())
        session = _session(changes, parts, number)
        if session is None:
            continue
        try:
            for _ in range(length):
                choices = session.choices
                session.do(random.choice(of_kind(choices, random.choice(kinds(choices)), session.done, ever)))
        except Deviates as deviates:
            found.failed.append(session.failed(deviates, number))
        finally:
            found.runs, found.steps = found.runs + 1, found.steps + len(session.driver.done)
            found.covered.add(session.driver.follower.run())
            ever.update(session.done)
            session.close()
        if tell is not None:
            tell(number, found)
        if stop is not None and len(found.failed) >= stop:
            break
    return found


def _session(changes: Mapping[str, str], parts: Parts | None, seed: int) -> Session | None:
    """A lab; none where the model assumes that there is no such environment."""
    try:
        equipment().environment(changes)
    except ModelError:
        return None
    return Session(changes, parts, seed)


def repeated(
    changes: Mapping[str, str], choices: Iterable[Choice], parts: Parts | None = None, seed: int = 0
) -> Session:
    """A lab in which these choices were made.

    Raises:
        Deviates: it leaves the model.
        ModelError: a choice is not there to be made.
    """
    session = Session(changes, parts, seed)
    try:
        for choice in choices:
            if not session.may(choice):
                raise ModelError(f"{choice} cannot be done there; there are {', '.join(map(str, session.choices))}")
            session.do(choice)
    except BaseException:
        session.close()
        raise
    return session
