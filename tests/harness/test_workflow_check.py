"""`ccmproof check` on the shipped workflow: the same answer whatever the hash seed, and with one thread and two."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ccmproof.harness.checker import check
from ccmproof.harness.report import Report
from ccmproof.harness.system import shipped
from ccmproof.properties.suite import SUITE

SCRIPT = "import sys; from ccmproof.harness.cli import main; sys.argv[0] = 'ccmproof'; main()"


def checked(seed: str) -> dict[str, Any]:
    """The JSON report on the scenario of the document's own walk, by a process with this hash seed."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT, "check", "--scenario", "document", "--json"],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_the_report_on_the_document_is_the_same_whatever_the_hash_seed() -> None:
    first, second = checked("1"), checked("2")
    measured = [first["reports"][0].pop("measured"), second["reports"][0].pop("measured")]
    assert all(each["peak_bytes"] > 0 and each["explore_seconds"] > 0 for each in measured)
    assert json.dumps(first) == json.dumps(second)  # the order of keys and lists included
    (report,) = first["reports"]
    about = [prop.id for prop in SUITE if not prop.asked_in or "document" in prop.asked_in]
    assert [each["id"] for each in report["properties"]] == about
    assert any(each["counterexample"] for each in report["properties"])


def test_two_threads_report_what_one_does() -> None:
    of = shipped()

    def report(name: str) -> Report:
        scenario = of.scenario(name)
        asked = of.asked_in(scenario, of.suite, named=False)
        return check(scenario, asked, build=of.build, order=of.order_of(scenario))

    names = ["document", "outage"]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(report, names))
    assert together == [report(name) for name in names]
    assert [each.complete for each in together] == [True, True]
