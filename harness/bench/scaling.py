"""How a long job scales: ``python -m ccmproof.harness.bench.scaling``.

A mutation run of some edits is done by one worker and by two, each run a process of its own, and must say the same.
What each task took by one worker is then dealt out to more of them: step after step, since no step begins before the
one before it has ended, each task to whoever is free first. A worker's first task in a step has it explore the original
there, which all of them do for themselves. What two are simulated to take stands beside what two took.
"""

from __future__ import annotations

import heapq
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
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
class Step:
    """The tasks between two points at which everybody waits for everybody.

    Attributes:
        setup: seconds that a worker takes once, before its first task here.
        tasks: seconds of each task beside that.
    """

    setup: float
    tasks: tuple[float, ...]


@dataclass(frozen=True)
class Taken:
    """What a run took: seconds of the whole, what it found as a text, and of one worker its tasks."""

    seconds: float
    found: str
    steps: tuple[Step, ...] = ()


def simulated(steps: Iterable[Step], workers: int) -> float:
    """Seconds that so many workers take, each free one given the next task; the longest tasks of a step first."""
    whole = 0.0
    for step in steps:
        free = [0.0] * min(workers, len(step.tasks))
        fresh = len(free)
        for seconds in sorted(step.tasks, reverse=True):
            at = heapq.heappop(free)
            if fresh:
                at, fresh = at + step.setup, fresh - 1
            heapq.heappush(free, at + seconds)
        whole += max(free, default=0.0)
    return whole


def steps_of(taken: Sequence[tuple[str, float]]) -> tuple[Step, ...]:
    """The steps of tasks that one worker did one after the other: the first of a step bears the setup.

    Args:
        taken: for each task its step and its seconds, in the order in which they were done.
    """
    by_step: dict[str, list[float]] = {}
    for name, seconds in taken:
        by_step.setdefault(name, []).append(seconds)
    found = []
    for first, *others in by_step.values():
        usual = median(others) if others else 0.0
        own = min(first, usual)
        found.append(Step(first - own, (own, *others)))
    return tuple(found)


class Timing(InProcess):
    """Does tasks here, and keeps what each took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, float]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        began = time.perf_counter()
        future = super().submit(fn, *args, **kwargs)
        step = args[1] if len(args) > 1 and isinstance(args[1], int) else ""
        self.taken.append((f"{fn.__name__} {step}", time.perf_counter() - began))
        return future


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
    return Taken(seconds, said, steps_of(timing.taken))


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
    steps = tuple(Step(each["setup"], tuple(each["tasks"])) for each in said["steps"])
    return Taken(said["seconds"], said["found"], steps)


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
    by_one = simulated(one.steps, 1)
    beside = one.seconds - by_one
    page.line((f"simulated from {sum(len(step.tasks) for step in one.steps)} tasks in {len(one.steps)} steps", "title"))
    page.blank()
    rows = []
    for workers in WORKERS:
        seconds = beside + simulated(one.steps, workers)
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
