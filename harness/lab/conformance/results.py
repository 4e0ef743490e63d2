"""What has come of a test of components so far. It is data that can go from one process to another: no lab is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .cases import Played, Verdict
from .driver import Choice
from .follow import Deviation


@dataclass(frozen=True)
class Left:
    """A lab that has left the model.

    Attributes:
        by: the schedule that was played in it; empty where it roamed, by ``seed``.
        changes: what its environment has else than the healthy one.
        choices: what was done.
        broken: the claims that are broken, as far as that was looked for.
    """

    by: str
    changes: Mapping[str, str]
    choices: tuple[Choice, ...]
    deviation: Deviation
    broken: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Roaming:
    """What has come of labs that roam.

    Attributes:
        steps: how many choices were made in all.
        covered: how much of the model they have taken (:meth:`.covered.Covered.summary`).
    """

    runs: int
    steps: int
    covered: Mapping[str, int]
    failed: tuple[Left, ...]


@dataclass(frozen=True)
class Begins:
    """There is so much to be done; ``whose`` components are tested, in words."""

    whose: str
    cases: int
    schedules: int


@dataclass(frozen=True)
class Scheduled:
    """A schedule was played, with what it has found."""

    name: str
    left: Left | None


@dataclass(frozen=True)
class Over:
    """Nothing more is done: all of it is, or somebody has interrupted it, or a component hangs or fails."""

    interrupted: bool = False
    hangs: str = ""
    fails: str = ""


News: TypeAlias = Begins | Played | Scheduled | Roaming | Over
"""What is told of a test."""


@dataclass
class Results:
    """What has come of a test.

    Attributes:
        whose: components they are, in words.
        cases, schedules, labs: how many there were to be.
        played: the cases that were; ``scheduled``: how many schedules were; ``finds``: those that left the model.
        roamed: None where no lab has been let roam to its end.
        over: all that there was to be done is done.
        interrupted: by Ctrl-C.
        hangs: which component does nothing any more, and at which step; empty where none does.
        fails: what keeps the test from going on, and at which step: a component raises where it has to answer, or has
            ended the process. Empty where nothing does.
    """

    whose: str
    cases: int
    schedules: int
    labs: int
    played: list[Played] = field(default_factory=list)
    scheduled: int = 0
    finds: list[Left] = field(default_factory=list)
    roamed: Roaming | None = None
    over: bool = False
    interrupted: bool = False
    hangs: str = ""
    fails: str = ""

    def hear(self, news: News) -> str:
        """Take note of what was done; what there is to be said of it, if anything."""
        match news:
            case Begins():
                self.whose, self.cases, self.schedules = news.whose, news.cases, news.schedules
                return ""
            case Played():
                self.played.append(news)
                return f"case {len(self.played)} of {self.cases}: {news.verdict.value}"
            case Scheduled():
                self.scheduled += 1
                self.finds += [news.left] if news.left is not None else []
                return f"schedule {self.scheduled} of {self.schedules}: {news.name}"
            case Roaming():
                self.roamed = news
                return f"lab {news.runs} of {self.labs}"
            case Over():
                self.over = not (news.interrupted or news.hangs or news.fails)
                self.interrupted, self.hangs, self.fails = news.interrupted, news.hangs, news.fails
                return ""

    @property
    def complete(self) -> bool:
        """All of it was done: whoever did it says so, and it can be counted."""
        return self.over and (len(self.played), self.scheduled) == (self.cases, self.schedules)

    @property
    def begun(self) -> bool:
        """Something has been done to its end."""
        return any(done for done, _, _ in self.covered)

    @property
    def covered(self) -> tuple[tuple[int, int, str], ...]:
        """How many cases, schedules and labs were done to the end, of how many."""
        labs = self.roamed.runs if self.roamed is not None else 0
        return (
            (len(self.played), self.cases, "case"),
            (self.scheduled, self.schedules, "schedule"),
            (min(labs, self.labs), self.labs, "lab"),
        )

    @property
    def verdict(self) -> Verdict:
        """Of all of it: a deviation is one, and so is a component that hangs, or fails where it has to answer. What is
        inconclusive does not conform, and neither does what was not tested to the end, or not at all."""
        found = {each.verdict for each in self.played}
        left = self.finds or (self.roamed is not None and self.roamed.failed)
        if Verdict.DEVIATES in found or left or self.hangs or self.fails:
            return Verdict.DEVIATES
        unclear = Verdict.INCONCLUSIVE in found or not self.begun or not self.complete
        return Verdict.INCONCLUSIVE if unclear else Verdict.CONFORMS
