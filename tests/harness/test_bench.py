"""The bench: everybody counts the same, what does not is told, and who cannot finish says why."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from ccmproof.harness.bench.cases import EVERYBODY, QUICK, USUAL, built, lock, promised
from ccmproof.harness.bench.dicts import search
from ccmproof.harness.bench.measure import Measured, in_a_process, measured
from ccmproof.harness.bench.table import Entry, disagreements, table
from ccmproof.harness.engines import ENGINES, Limit, explore
from ccmproof.harness.engines.budget import Watch
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network
from hypothesis import given, settings
from strategies import models, networks

FOUND = Measured(189, True, 0.5, 1.0, 3 << 20, "")


@settings(max_examples=60, deadline=None)
@given(network=networks() | models())
def test_the_plain_search_counts_what_the_judge_counts(network: Network) -> None:
    assert search(network, Watch()) == explore(network, engine="reference").states


@pytest.mark.parametrize("clients", [1, 2, 4])
def test_the_demo_has_as_many_states_as_the_formula_says(clients: int) -> None:
    assert explore(lock(clients), engine="reference").states == promised(f"lock-{clients}")


def test_a_plain_search_that_is_cut_short_says_so() -> None:
    watch = Watch(limit=Limit(seconds=-1.0))
    assert search(lock(4), watch) == 1
    assert watch.why == "the limit of -1 s was reached"


def test_everybody_who_competes_is_there_and_every_case_can_be_built() -> None:
    assert set(EVERYBODY) - {"dicts"} <= set(ENGINES)
    for case in (*QUICK, *USUAL):
        network, _ = built(case.name)
        assert network.actors
        assert set(case.contestants) <= set(EVERYBODY)


def test_counts_that_differ_are_told() -> None:
    entries = [Entry("lock-4", by, "", FOUND) for by in ("plain", "dicts")]
    assert disagreements(entries) == []
    spoiled = [*entries, Entry("lock-4", "oxidd", "", replace(FOUND, states=188))]
    assert disagreements(spoiled) == ["lock-4: 189 states by plain, dicts, the formula; 188 states by oxidd"]
    assert disagreements([Entry("document", "plain", "", FOUND), Entry("lock-3", "plain", "", FOUND)]) == [
        "lock-3: 189 states by plain; 54 states by the formula"
    ]


def test_a_search_that_is_cut_short_is_no_disagreement() -> None:
    cut = replace(FOUND, states=7, complete=False, why="the limit of 1 s was reached")
    assert disagreements([Entry("lock-4", "plain", "", FOUND), Entry("lock-4", "dicts", "", cut)]) == []


def test_the_table_says_how_many_times_as_fast() -> None:
    quick = replace(FOUND, seconds=0.05)
    cut = Measured(7, False, 1.0, 2.0, None, "the limit of 1 s was reached")
    entries = [
        Entry("lock-4", "plain", "", FOUND),
        Entry("lock-4", "numba", "first process", quick),
        Entry("lock-4", "dicts", "", cut),
        Entry("large", "oxidd", "", replace(FOUND, states=123456 * 10**20)),
    ]
    lines = table(entries).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[1][:33] == "|---------|----------------------"
    assert [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]] == [
        ["lock-4", "plain", "189", "0.50 s", "1×", "1.0 s", "3 MiB", ""],
        ["lock-4", "numba, first process", "189", "0.05 s", "10×", "1.0 s", "3 MiB", ""],
        ["lock-4", "dicts", "> 7", "1.00 s", "", "2.0 s", "", "the limit of 1 s was reached"],
        ["large", "oxidd", "1.234e25", "0.50 s", "", "1.0 s", "3 MiB", ""],
    ]


def test_who_cannot_compete_says_why() -> None:
    with pytest.raises(ModelError, match="there is no engine 'plian'"):
        measured("lock-2", "plian", 1.0)
    broken = in_a_process("lock-2", "plian", 20.0, {})
    assert not broken.complete
    assert broken.why.startswith("there is no engine 'plian' (did you mean 'plain'?)")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "ccmproof.harness.bench", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8")


def test_an_unknown_scenario_is_refused_with_the_nearest() -> None:
    done = run("--scenario", "documnet")
    assert done.returncode == 2
    assert "did you mean 'document'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_option_is_refused_in_one_plain_line_with_the_nearest() -> None:
    done = run("--quik")
    complaint = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert (done.returncode, done.stdout, len(complaint)) == (2, "", 1)
    assert complaint[0].startswith("Error: No such option: --quik") and "--quick" in complaint[0]
    assert done.stderr.isascii()  # no box


@pytest.mark.long
def test_all_of_them_side_by_side() -> None:
    done = run("--quick")
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines()[2:]]
    assert [(row[0], row[1]) for row in rows if not row[1].startswith("numba")] == [
        *(("lock-6", by) for by in ("plain", "oxidd", "dicts", "networkx")),
        *(("lock-40", by) for by in ("plain", "oxidd")),
    ]
    finished = [row for row in rows if not row[-1]]
    assert {row[2] for row in finished if row[0] == "lock-6"} == {"2,187"}
    assert {row[2] for row in finished if row[0] == "lock-40"} == {"1.742e20"}
