"""A test of components: cases, schedules, labs that roam. It is done in a process of its own (:mod:`.apart`), and tells
whoever has begun it of each thing that is done, so that this is known whatever ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..asked import Fails, raised
from ..build import Parts
from .adapter import loaded
from .cases import SHIPPED, Case, played, read_all
from .equipment import equipment
from .hunt import Find, by_schedule
from .machine import Failed, Roamed, roam
from .results import Begins, Left, News, Over, Roaming, Scheduled
from .schedules import SCHEDULES
from .watch import Hangs, Watch, watched


@dataclass(frozen=True)
class Task:
    """What is to be tested.

    Attributes:
        adapter: the module whose components take the places of ours; empty: ours alone.
        cases: files; none of them: the suite that is shipped.
        schedules: whether they are played too.
        labs: so many roam, the first of them by ``seed``.
        patience: so many seconds a component may do nothing.
        folder: where labs keep their files.
    """

    adapter: str = ""
    cases: tuple[Path, ...] = ()
    schedules: bool = True
    labs: int = 0
    seed: int = 0
    patience: float = 60.0
    folder: Path | None = None


def test(task: Task, watch: Watch, tell: Callable[[News], None]) -> None:
    """Do all of it, or as much as can be done until a component hangs or fails, or somebody interrupts.

    Raises:
        ModelError: there is no such adapter, or a file with cases cannot be used.
    """
    parts = loaded(task.adapter) if task.adapter else {}
    cases = read_all(task.cases or (SHIPPED,))
    equipment()  # it takes its time, which is none of the components'
    whose = f"{', '.join(sorted(parts))} of {task.adapter}; the rest is ours" if parts else "our own components"
    tell(Begins(whose, len(cases), len(SCHEDULES) if task.schedules else 0))
    watch.folder = task.folder
    try:
        watched(lambda: _all_of_it(task, cases, parts, watch, tell), watch)
    except Hangs as hangs:
        tell(Over(hangs=f"{watch.where}: {hangs}"))
    except KeyboardInterrupt:
        tell(Over(interrupted=True))
    except Fails as fails:
        tell(Over(fails=f"{watch.where}: {fails}"))
    except Exception as error:
        if not parts:
            raise
        tell(Over(fails=f"{watch.where}: a component raises {raised(error)}"))
    else:
        tell(Over())


def _all_of_it(task: Task, cases: Sequence[Case], parts: Parts, watch: Watch, tell: Callable[[News], None]) -> None:
    for case in cases:
        watch.begin(case.name)
        tell(played(case, parts))
    for schedule in SCHEDULES if task.schedules else ():
        watch.begin(f"the schedule '{schedule.name}'")
        found = by_schedule(None, schedule, parts)
        tell(Scheduled(schedule.name, _found(found) if found is not None else None))
    if task.labs:
        watch.begin(f"the lab of seed {task.seed}")

        def roams(seed: int, so_far: Roamed) -> None:
            failed = tuple(map(_failed, so_far.failed))
            tell(Roaming(so_far.runs, so_far.steps, so_far.covered.summary(), failed))
            watch.begin(f"the lab of seed {seed + 1}")

        roam(task.labs, seed=task.seed, parts=parts, tell=roams)


def _found(of: Find) -> Left:
    return Left(of.by, of.changes, of.choices, of.deviation, of.broken)


def _failed(of: Failed) -> Left:
    return Left("", of.changes, of.choices, of.deviation, seed=of.seed)
