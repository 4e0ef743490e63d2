"""Dealing tasks out to workers that are not there: by hand, and within the bounds that any way of it has."""

from __future__ import annotations

import subprocess
import sys

import pytest
from ccmproof.harness.bench.scaling import Taken, Task, Timing, same, set_apart, simulated, table
from ccmproof.harness.mutation.work import Found, compared, explored, screened
from hypothesis import given
from hypothesis import strategies as st

SECONDS = st.floats(0.01, 100)
TASKS = st.lists(
    st.builds(Task, st.integers(0, 3), st.just("explored"), st.none() | st.integers(0, 3), SECONDS), max_size=20
)
SETUP = st.fixed_dictionaries(dict.fromkeys(range(4), SECONDS))


def tasks(stage: int, original: int | None, *seconds: float) -> list[Task]:
    return [Task(stage, "explored", original, each) for each in seconds]


def test_tasks_go_to_whoever_is_free_and_stages_wait_for_each_other() -> None:
    some, setup = [*tasks(0, 0, 4.0, 3.0, 3.0), *tasks(1, 1, 2.0)], {0: 1.0}
    assert simulated(some, setup, 1) == 1 + 10 + 2
    assert simulated(some, setup, 2) == (1 + 3 + 3) + 2, "the longer one, on the other side the two shorter ones"
    assert simulated(some, setup, 3) == simulated(some, setup, 1000) == (1 + 4) + 2
    assert simulated([], setup, 5) == 0


def test_a_worker_explores_an_original_once_whatever_the_stage() -> None:
    some = [*tasks(0, 1, 2.0), *tasks(1, 1, 2.0)]
    assert simulated(some, {1: 5.0}, 1) == simulated(some, {1: 5.0}, 2) == 5 + 2 + 2
    two = [*tasks(0, 1, 2.0), *tasks(1, 1, 2.0, 2.0)]
    assert simulated(two, {1: 5.0}, 2) == (5 + 2) + (5 + 2), "the other one has not yet"


@given(TASKS, SETUP, st.integers(1, 20))
def test_no_number_of_workers_is_faster_than_its_share(some: list[Task], setup: dict[int, float], workers: int) -> None:
    found = simulated(some, setup, workers)
    stages = [[task for task in some if task.stage == stage] for stage in {task.stage for task in some}]
    alone = [sum(task.seconds for task in stage) for stage in stages]
    shares = [max(max(t.seconds for t in stage), whole / workers) for stage, whole in zip(stages, alone, strict=True)]
    setups = [sum(setup[number] for number in {t.original for t in stage} - {None}) for stage in stages]
    assert sum(shares) * 0.999999 <= found <= (sum(alone) + sum(setups)) * 1.000001


def test_the_first_task_of_a_step_bears_what_all_others_are_spared() -> None:
    measured = [Task(-2, "screened", None, 5.0), Task(-1, "compared", 0, 9.0), Task(-1, "compared", 0, 2.0),
                Task(-1, "compared", 0, 3.0), Task(0, "explored", 0, 8.0), Task(0, "compared", 1, 4.0)]  # fmt: skip
    some, setup = set_apart(measured)
    assert [task.seconds for task in some] == [5.0, 2.5, 2.0, 3.0, 8.0, 0.0]
    assert setup == {0: 6.5, 1: 4.0}
    assert simulated(some, setup, 1) == sum(task.seconds for task in measured)


def test_what_a_task_takes_is_told_with_its_stage() -> None:
    timing = Timing()

    def nothing(job: int, work: object, *parts: object) -> list[Found]:
        return []

    for work, lead in (
        (screened, ("plan",)),
        (compared, ("plan", 0)),
        (explored, ("plan", 0)),
        (compared, ("plan", 1)),
    ):
        assert timing.submit(nothing, 0, work, *lead, ("some", "edits")).result() == []
    told = [(task.stage, task.kind, task.original) for task in timing.tasks]
    assert told == [(-2, "screened", None), (-1, "compared", 0), (0, "explored", 0), (0, "compared", 1)]


def test_a_run_gives_out_tasks_as_they_are_read_here() -> None:
    from ccmproof.harness.executors import Hands
    from ccmproof.harness.mutation.journal import Journal
    from ccmproof.harness.mutation.run import Chosen, mutated
    from ccmproof.harness.mutation.work import Plan
    from demo import demo

    timing = Timing()
    mutated(Plan(demo, ("calm", "storm")), Chosen(most=20), Hands(lambda: timing, 1, here=True), Journal(None))
    assert {task.kind for task in timing.tasks} == {"screened", "compared", "explored", "standing"}
    assert sorted(timing.tasks, key=lambda task: task.stage) == timing.tasks


def test_the_table_has_what_was_measured_beside_what_is_simulated() -> None:
    measured = (Task(0, "explored", 0, 6.0), Task(0, "explored", 0, 5.0))
    one, two = Taken(12.0, "x", measured), Taken(8.0, "x")
    text = table(one, two, 2)
    assert ["2", "8.0", "1.50", "yes"] in [line.split() for line in text.splitlines()]
    assert ["1000", "7.0", "1.71"] in [line.split() for line in text.splitlines()]
    assert same(one, two) and not same(one, Taken(1.0, "y"))


@pytest.mark.long
def test_one_worker_and_two_are_measured_side_by_side() -> None:
    command = [sys.executable, "-P", "-m", "ccmproof.harness.bench.scaling", "--edits", "6", "--scenario", "document"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "simulated from" in done.stdout and "1000" in done.stdout
