"""The same on a Dask cluster: with a worker that is killed in the middle nothing is lost, nothing is counted twice."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ccmproof.harness.checking import Job, checked
from ccmproof.harness.executors import cluster, done, here
from ccmproof.harness.mutation import run as module
from ccmproof.harness.mutation.journal import Journal
from ccmproof.harness.mutation.run import Chosen, mutated
from ccmproof.harness.mutation.score import Tally
from ccmproof.harness.mutation.work import Plan
from ccmproof.model.kernel.errors import ModelError
from demo import demo

distributed = pytest.importorskip("distributed")

PLAN = Plan(demo, ("calm", "storm"))
pytestmark = pytest.mark.long


def alone() -> Tally:
    return mutated(PLAN, Chosen(), here(), Journal(None))


@pytest.fixture
def local() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as found:
        yield found


def test_a_worker_that_is_killed_takes_nothing_with_it(
    local: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SCREENED_TOGETHER", 1)
    monkeypatch.setattr(module, "COMPARED_TOGETHER", 1)
    expected = alone()
    journal = tmp_path / "journal.jsonl"
    first = [worker.pid for worker in local.workers.values()]
    killed = []

    def kill() -> None:
        while not journal.exists() or len(journal.read_text(encoding="utf-8").splitlines()) < 12:
            time.sleep(0.01)
        os.kill(first[0], getattr(signal, "SIGKILL", signal.SIGTERM))
        killed.append(len(journal.read_text(encoding="utf-8").splitlines()))

    killer = Thread(target=kill)
    killer.start()
    book = Journal(journal)
    with cluster(local.scheduler_address) as hands:
        assert mutated(PLAN, Chosen(), hands, book) == expected
    book.close()
    killer.join()
    said = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert killed and 12 <= killed[0] < len(said), "it was killed in the middle"
    assert len({(each["key"], each["edit"]) for each in said}) == len(said)


def test_scenarios_that_are_checked_on_a_cluster_are_checked_alike(local: Any) -> None:
    names = ("calm", "storm")
    job = Job(demo, tuple(prop.id for prop in demo().suite))
    with cluster(local.scheduler_address) as hands:
        there, why = checked(job, names, hands, lambda name, count: None)
    at_home, _ = checked(job, names, here(), lambda name, count: None)
    assert why == ""
    assert [[(j.prop.id, j.verdict, j.failing_count) for j in each.judgements] for each in there] == [
        [(j.prop.id, j.verdict, j.failing_count) for j in each.judgements] for each in at_home
    ]


def test_a_task_that_kills_every_worker_is_said_in_one_line(local: Any) -> None:
    with pytest.raises(ModelError, match=r"^workers die again and again"), cluster(local.scheduler_address) as hands:
        done(hands, os._exit, [(1,)], lambda task, result: None)


def test_a_cluster_that_is_not_there_is_said() -> None:
    with pytest.raises(ModelError, match="nobody answers there"), cluster("tcp://127.0.0.1:1"):
        pass
