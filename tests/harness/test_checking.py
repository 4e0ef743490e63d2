"""Many scenarios at a time: the same reports in the same order, whoever makes them; an interruption keeps some."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any

import pytest
from ccmproof.harness.checking import Job, checked
from ccmproof.harness.executors import Hands, InProcess, here, processes
from ccmproof.harness.report import Measured, Report
from ccmproof.model.kernel.errors import ModelError
from demo import SCENARIOS, SUITE, demo

NAMES = tuple(SCENARIOS)
JOB = Job(demo, tuple(prop.id for prop in SUITE), reach=True)


def quietly(name: str, count: int) -> None:
    """Nobody is told."""


def timeless(reports: list[Report]) -> list[tuple[Any, ...]]:
    """What reports say, times and the stores of diagrams left out."""
    return [
        (
            each.scenario,
            each.size,
            each.reach,
            [
                (j.prop.id, j.verdict, j.failing_count, j.note, j.causes, j.counterexample and j.counterexample.run)
                for j in each.judgements
            ],
        )
        for each in (replace(report, measured=Measured()) for report in reports)
    ]


def test_two_processes_report_what_one_does() -> None:
    with processes(2) as hands:
        two = checked(JOB, NAMES, hands, quietly)
    one = checked(JOB, NAMES, here(), quietly)
    assert one[1] == two[1] == ""
    assert [each.scenario for each in two[0]] == list(NAMES)
    assert timeless(two[0]) == timeless(one[0])


class Backwards(InProcess):
    """Has everything done when the last task is given out, the last first."""

    def __init__(self, tasks: int) -> None:
        self.left, self.given = tasks, []  # type: ignore[var-annotated]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append((future, fn, args))
        if len(self.given) == self.left:
            for each, work, given in reversed(self.given):
                each.set_result(work(*given))
        return future


def test_reports_come_in_the_order_of_the_scenarios_whichever_is_done_first() -> None:
    told: list[tuple[str, int]] = []
    reports, _ = checked(
        JOB, NAMES, Hands(lambda: Backwards(len(NAMES)), len(NAMES)), lambda name, count: told.append((name, count))
    )
    assert [each.scenario for each in reports] == list(NAMES)
    assert sorted(count for _, count in told) == [1, 2]


class Dying(InProcess):
    """A pool whose worker dies at its second task."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        if self.given == 2:
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("it died"))
            return future
        return super().submit(fn, *args, **kwargs)


def test_when_a_worker_dies_nothing_is_lost() -> None:
    pools = iter([Dying(), InProcess()])
    reports, _ = checked(JOB, NAMES, Hands(lambda: next(pools), 2), quietly)
    assert timeless(reports) == timeless(checked(JOB, NAMES, here(), quietly)[0])


class Interrupting(InProcess):
    """Ctrl-C at the second task."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        if self.given == 2:
            raise KeyboardInterrupt
        return super().submit(fn, *args, **kwargs)


def test_an_interruption_keeps_what_was_done_and_says_how_much_that_is() -> None:
    reports, why = checked(JOB, NAMES, Hands(Interrupting, 1), quietly)
    assert ([each.scenario for each in reports], why) == (["calm"], "1 of 2 scenarios had been checked")


def test_what_is_wrong_with_a_scenario_is_said_wherever_it_is_found() -> None:
    wrong = replace(JOB, settings={"weathr": "dry"})
    with processes(2) as hands, pytest.raises(ModelError, match="weathr"):
        checked(wrong, NAMES, hands, quietly)
