"""A test of components: cases, schedules, labs that roam; as far as it has come, whatever ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ..build import Parts
from .cases import Case, Played, Verdict, played
from .equipment import equipment
from .hunt import Find, by_schedule
from .machine import Roamed, roam
from .schedules import Schedule
from .watch import Hangs, Watch, watched


@dataclass
class Testing:
    """What is to be tested, and what has come of it so far.

    Attributes:
        parts: classes that take the places of ours.
        labs: so many labs roam, the first of them by ``seed``.
        tell: told what has been done, a line at a time.
        played: the cases that were; ``scheduled``: how many schedules were; ``finds``: those that left the model.
        roamed: None where no lab has been let roam to its end.
        interrupted: by Ctrl-C.
        hangs: which component does nothing any more, and at which step; empty where none does.
    """

    cases: Sequence[Case]
    parts: Parts
    schedules: Sequence[Schedule] = ()
    labs: int = 0
    seed: int = 0
    tell: Callable[[str], None] = print
    played: list[Played] = field(default_factory=list)
    scheduled: int = 0
    finds: list[Find] = field(default_factory=list)
    roamed: Roamed | None = None
    interrupted: bool = False
    hangs: str = ""

    def run(self, watch: Watch) -> None:
        """Do all of it, or as much as can be done until a component hangs or somebody interrupts."""
        equipment()  # it takes its time, which is none of the components'
        with TemporaryDirectory(prefix="ccmproof-test-", ignore_cleanup_errors=True) as folder:
            watch.folder = Path(folder)
            try:
                watched(lambda: self._all_of_it(watch), watch)
            except Hangs as hangs:
                self.hangs = f"{watch.part}: {hangs}"
            except KeyboardInterrupt:
                self.interrupted = True

    @property
    def complete(self) -> bool:
        """Nothing has ended it before its end."""
        return not (self.interrupted or self.hangs)

    @property
    def begun(self) -> bool:
        """Something has been done to its end."""
        return any(done for done, _, _ in self.covered)

    @property
    def covered(self) -> tuple[tuple[int, int, str], ...]:
        """How many cases, schedules and labs were done to the end, of how many."""
        labs = self.roamed.runs if self.roamed is not None else 0
        return (
            (len(self.played), len(self.cases), "case"),
            (self.scheduled, len(self.schedules), "schedule"),
            (min(labs, self.labs), self.labs, "lab"),
        )

    @property
    def verdict(self) -> Verdict:
        """Of all of it: a deviation is one, and so is a component that hangs. What is inconclusive does not conform,
        and neither does what was not tested to the end, or not at all."""
        found = {each.verdict for each in self.played}
        if Verdict.DEVIATES in found or self.finds or self.hangs or (self.roamed is not None and self.roamed.failed):
            return Verdict.DEVIATES
        nothing = not any(done for done, _, _ in self.covered)
        return (
            Verdict.INCONCLUSIVE if Verdict.INCONCLUSIVE in found or nothing or self.interrupted else Verdict.CONFORMS
        )

    def _all_of_it(self, watch: Watch) -> None:
        for number, case in enumerate(self.cases, start=1):
            watch.begin(case.name)
            self.played.append(played(case, self.parts))
            self.tell(f"case {number} of {len(self.cases)}: {self.played[-1].verdict.value}")
        for schedule in self.schedules:
            watch.begin(f"the schedule '{schedule.name}'")
            find = by_schedule(None, schedule, self.parts)
            self.scheduled += 1
            if find is not None:
                self.finds.append(find)
            self.tell(f"schedule {self.scheduled} of {len(self.schedules)}: {schedule.name}")
        if self.labs:
            watch.begin(f"the lab of seed {self.seed}")
            self.roamed = roam(
                self.labs, seed=self.seed, parts=self.parts, tell=lambda *done: self._roams(watch, *done)
            )

    def _roams(self, watch: Watch, seed: int, so_far: Roamed) -> None:
        self.roamed = so_far
        self.tell(f"lab {seed - self.seed + 1} of {self.labs}")
        watch.begin(f"the lab of seed {seed + 1}")
