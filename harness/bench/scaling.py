"""How a long job scales: ``python -m ccmproof.harness.bench.scaling``.

A mutation run of some edits is done by one worker and by two, each run a process of its own, and must say the same.
What each task took by one worker is then dealt out to more of them, stage after stage, each task to whoever is free
first: in a stage edits are explored in one step and others compared in the next, and no stage begins before the one
before it has ended. A worker's first task in a step has it explore the original there, which all of them do for
themselves. What two are simulated to take stands beside what two took.
"""

from __future__ import annotations

import heapq
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Annotated, Any, Final

import typer

from ..cli.options import plain_app
from ..cli.output import guarded
from ..executors import Hands, InProcess, processes
from ..render.page import Page

WORKERS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000)
"""How many workers are simulated."""

app = plain_app(add_completion=False)


@dataclass(frozen=True)
class Task:
    """What somebody does at a stretch.

    Attributes:
        stage: tasks of one stage are dealt out together; stages are numbered in their order.
        kind: the name of what is done.
        original: the step whose original it needs; whoever has not explored that does so first. ``None``: none.
        seconds: what it takes; once the exploring of originals is set apart, beside that.
    """

    stage: int
    kind: str
    original: int | None
    seconds: float


@dataclass(frozen=True)
class Taken:
    """What a run took: seconds of the whole, what it found as a text, and of one worker its tasks in their order."""

    seconds: float
    found: str
    tasks: tuple[Task, ...] = ()


def simulated(tasks: Iterable[Task], setup: Mapping[int, float], workers: int) -> float:
    """Seconds that so many workers take.

    Args:
        setup: seconds that exploring a step's original takes.
    """
    stages: dict[int, list[Task]] = {}
    for task in tasks:
        stages.setdefault(task.stage, []).append(task)
    explored: list[set[int]] = [set() for _ in range(workers)]
    whole = 0.0
    for _, stage in sorted(stages.items()):
        free, end = [(0.0, i) for i in range(workers)], 0.0
        for task in stage:
            at, who = heapq.heappop(free)
            if task.original is not None and task.original not in explored[who]:
                at += setup.get(task.original, 0.0)
                explored[who].add(task.original)
            at += task.seconds
            end = max(end, at)
            heapq.heappush(free, (at, who))
        whole += end
    return whole


def set_apart(tasks: Sequence[Task]) -> tuple[tuple[Task, ...], dict[int, float]]:
    """The tasks beside the exploring of originals, and what that took: the first task that needs one bears it, by so
    much as it took longer than its like."""
    usual: dict[tuple[str, int], list[float]] = {}
    for task in tasks:
        if task.original is not None:
            usual.setdefault((task.kind, task.original), []).append(task.seconds)
    found, setup = [], {}
    for task in tasks:
        own = task.seconds
        if task.original is not None and task.original not in setup:
            others = usual[task.kind, task.original][1:]
            own = min(own, median(others) if others else 0.0)
            setup[task.original] = task.seconds - own
        found.append(replace(task, seconds=own))
    return tuple(found), setup


class Timing(InProcess):
    """Does tasks of a mutation run here, and keeps what each took."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        began = time.perf_counter()
        future = super().submit(fn, *args, **kwargs)
        self.tasks.append(task_of(args, time.perf_counter() - began))
        return future


def task_of(asked: Sequence[Any], seconds: float) -> Task:
    """The task that :func:`ccmproof.harness.mutation.work.answered` was given so."""
    from ..mutation.work import compared, screened

    _, work, _, *lead, _ = asked
    if work is screened:
        return Task(-2, work.__name__, None, seconds)
    (number,) = lead
    return Task(number - (work is compared), work.__name__, number, seconds)  # a step is compared in a stage ahead


def taken(workers: int, edits: int, scenarios: Sequence[str]) -> Taken:
    """Do the run in this process, with so many workers."""
    from ..mutation.journal import Journal
    from ..mutation.run import Chosen, mutated
    from ..mutation.work import Plan
    from ..system import shipped

    plan = Plan(shipped, tuple(scenarios))
    timing = Timing()
    began = time.perf_counter()
    with Hands(lambda: timing, 1, here=True) if workers == 1 else processes(workers) as hands:
        tally = mutated(plan, Chosen(most=edits), hands, Journal(None))
    seconds = time.perf_counter() - began
    said = json.dumps([[each.mutant.name, each.fate.value, each.by] for each in tally.edits])
    return Taken(seconds, said, tuple(timing.tasks))


def in_a_process(workers: int, edits: int, scenarios: Sequence[str]) -> Taken:
    """The same in a new process.

    Raises:
        ModelError: it broke; its last line says why.
    """
    from ccmproof.model.kernel.errors import ModelError

    command = [sys.executable, "-P", "-m", __spec__.name, "--workers", str(workers), "--edits", str(edits)]
    command += [part for name in scenarios for part in ("--scenario", name)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise ModelError((done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1])
    said = json.loads(done.stdout)
    return Taken(said["seconds"], said["found"], tuple(Task(**each) for each in said["tasks"]))


def table(one: Taken, two: Taken, edits: int) -> str:
    """What was measured, and what is simulated from it."""
    page = Page(width=80, colour=False, ascii=False)
    ratio = one.seconds / two.seconds
    page.line((f"A mutation run of {edits} edits", "title"))
    page.blank()
    page.table(
        ("workers", "seconds", "times as fast", "measured"),
        (("1", f"{one.seconds:.1f}", "1.00", "yes"), ("2", f"{two.seconds:.1f}", f"{ratio:.2f}", "yes")),
    )
    page.blank()
    tasks, setup = set_apart(one.tasks)
    beside = one.seconds - simulated(tasks, setup, 1)
    page.line((f"simulated from {len(tasks)} tasks in {len({task.stage for task in tasks})} stages", "title"))
    page.blank()
    rows = []
    for workers in WORKERS:
        seconds = beside + simulated(tasks, setup, workers)
        rows.append((str(workers), f"{seconds:.1f}", f"{one.seconds / seconds:.2f}"))
    page.table(("workers", "seconds", "times as fast"), rows)
    return page.text()


def same(one: Taken, two: Taken) -> bool:
    """Whether both runs found the same."""
    return one.found == two.found


@app.command()
def main(
    edits: Annotated[int, typer.Option("--edits", min=1, help="So many edits, spread evenly.")] = 60,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", metavar="NAME", help="Only in these; several times.")
    ] = None,
    workers: Annotated[int | None, typer.Option("--workers", hidden=True, help="Measure this process alone.")] = None,
) -> None:
    """Measure a mutation run by one worker and by two, and simulate it by up to a thousand.

    Exit code 0 when both found the same, 1 when they did not, 2 for unusable input.
    """
    with guarded():
        from ..system import shipped

        of = shipped()
        names = [of.scenario(name).name for name in scenario or ()]
        names = names or [each.name for each in of.scenarios.values() if not each.on_demand]
        if workers is not None:
            print(json.dumps(asdict(taken(workers, edits, names))))
            return
        one, two = in_a_process(1, edits, names), in_a_process(2, edits, names)
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a text stream
    sys.stdout.write(table(one, two, edits))
    raise typer.Exit(0 if same(one, two) else 1)


if __name__ == "__main__":
    app()
