"""Dealing tasks out to workers that are not there: by hand, and within the bounds that any way of it has."""

from __future__ import annotations

import subprocess
import sys

import pytest
from ccmproof.harness.bench.scaling import Step, Taken, Timing, same, simulated, steps_of, table
from hypothesis import given
from hypothesis import strategies as st

SECONDS = st.floats(0.01, 100)
STEPS = st.lists(st.builds(Step, st.floats(0, 20), st.lists(SECONDS, min_size=1, max_size=12).map(tuple)), max_size=4)


def test_tasks_go_to_whoever_is_free_and_steps_wait_for_each_other() -> None:
    steps = [Step(1.0, (4.0, 3.0, 3.0)), Step(0.0, (2.0,))]
    assert simulated(steps, 1) == 1 + 10 + 2
    assert simulated(steps, 2) == (1 + 3 + 3) + 2, "the longest first, on the other side the two shorter ones"
    assert simulated(steps, 3) == simulated(steps, 1000) == (1 + 4) + 2
    assert simulated([], 5) == 0


@given(STEPS, st.integers(1, 20))
def test_no_number_of_workers_is_faster_than_its_share_nor_slower_than_one(steps: list[Step], workers: int) -> None:
    found = simulated(steps, workers)
    least = sum(max(step.setup + max(step.tasks), sum(step.tasks) / workers) for step in steps)
    assert least * 0.999999 <= found <= simulated(steps, 1) * 1.000001


def test_the_first_task_of_a_step_bears_what_all_others_are_spared() -> None:
    taken = [("screened", 5.0), ("looked 0", 9.0), ("looked 0", 2.0), ("looked 0", 3.0), ("looked 1", 1.0),
             ("looked 1", 4.0)]  # fmt: skip
    assert steps_of(taken) == (
        Step(5.0, (0.0,)),
        Step(6.5, (2.5, 2.0, 3.0)),
        Step(0.0, (1.0, 4.0)),
    )
    assert simulated(steps_of(taken), 1) == sum(seconds for _, seconds in taken)


def test_what_a_task_takes_is_told_with_its_step() -> None:
    timing = Timing()
    assert timing.submit(max, 3, 7).result() == 7
    assert [name for name, _ in timing.taken] == ["max 7"]


def test_the_table_has_what_was_measured_beside_what_is_simulated() -> None:
    one, two = Taken(12.0, "x", (Step(1.0, (5.0, 5.0)),)), Taken(8.0, "x")
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
