"""Suites and their cases: few runs that take every row there is to take, kept as files, and played in labs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ccmproof.harness.checker import network_of
from ccmproof.harness.engines import explore
from ccmproof.harness.lab.conformance.alphabet import Work
from ccmproof.harness.lab.conformance.cases import Case, CaseStep, Verdict, case_of, played, read, write
from ccmproof.harness.lab.conformance.covered import row_in_words
from ccmproof.harness.lab.conformance.environments import DEEP, ENVIRONMENTS
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.conformance.suites import Suite, lower_bound, possible, suite
from ccmproof.harness.lab.gateway import Gateway
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow.scenarios import HEALTHY

NOT_JOINED = {"join": "not_joined", "wpj": "absent", "user_kind": "nobody"}
NOT_ONBOARDED = {"tenant": "not_onboarded"}
NO_STS = {"sts_healthy": "no"}
ENOUGH = [NOT_JOINED, NOT_ONBOARDED, NO_STS]


@pytest.fixture(scope="module")
def found() -> Suite:
    """A small one: environments in which a client does not get far."""
    return suite([NOT_JOINED, NOT_ONBOARDED, NO_STS, NOT_JOINED], most=60)


def test_each_environment_has_its_run_and_none_is_there_for_nothing(found: Suite) -> None:
    """The fourth environment is the first one again: its run is left out."""
    changes = [run.changes for run in found.runs]
    assert [each for place, each in enumerate(changes) if each not in changes[:place]] == ENOUGH
    assert changes.count(NOT_JOINED) == 1
    told = {row_in_words(equipment().network, row) for row in found.rows}
    assert "ccmsetup: ccmsetup_finds_no_tenant from started to attempt_failed" in told
    assert "cmg: cmg_withholds_entra_properties from holding to returning" in told
    assert "sts: sts_crashes from validating to idle" in told
    assert not found.rows & set(found.left)


def test_runs_are_runs_of_the_model_as_a_lab_takes_them(found: Suite) -> None:
    """Each is confirmed by the reference semantics; works begin, and do not overlap."""
    for run in found.runs:
        working = False
        for step in run.steps:
            assert not (step.begins and working)
            working = (working or step.begins is not None) and step.ends is None
        assert [step.event for step in run.steps if step.event] == [step.event for step in run.run.steps]


def test_a_lower_bound_says_how_good_a_suite_is(found: Suite) -> None:
    """Rows that can be taken in no environment together need a run each."""
    pins = {name: value for name, value in HEALTHY.items() if name not in ("tenant", "sts_healthy")}
    scenario = Scenario("small", "Two unknowns", pins={**pins, "user_kind": "nobody"})
    explored = explore(network_of(scenario, (), {}))
    network = equipment().network

    def row(actor: str, event: str) -> tuple[str, int]:
        rows = network.actor[actor].transitions
        return actor, next(number for number, each in enumerate(rows) if each.event == event)

    withheld, crash = row("cmg", "cmg_withholds_entra_properties"), row("sts", "sts_crashes")
    issued = row("sts", "sts_issues_token")
    assert lower_bound(explored, [crash]) == 1
    assert lower_bound(explored, [withheld, crash]) == 2
    assert lower_bound(explored, [withheld, crash, issued]) == 3
    assert lower_bound(explored, found.rows) >= 2


def test_what_an_environment_excludes_is_not_looked_for() -> None:
    """A device that is not joined never has a tenant."""
    using = equipment()
    there = {row_in_words(using.network, row) for row in possible(using.network, using.environment(NOT_JOINED))}
    assert "ccmsetup: ccmsetup_finds_no_tenant from started to attempt_failed" in there
    assert "ccmsetup: ccmsetup_asks_the_cmg from started to asking_aad_info" not in there


def test_every_environment_of_the_suite_is_one() -> None:
    """The model assumes nothing against it."""
    for changes in (*ENVIRONMENTS, *DEEP):
        equipment().environment(changes)


# -- cases


@pytest.fixture(scope="module")
def cases(found: Suite) -> tuple[Case, ...]:
    return tuple(case_of(f"case {number}", run) for number, run in enumerate(found.runs, start=1))


def test_cases_are_read_as_they_were_written(cases: tuple[Case, ...], tmp_path: Path) -> None:
    """And say of what is to be seen as what it is seen."""
    path = tmp_path / "cases.json"
    write(cases, path)
    assert read(path) == cases
    data = json.loads(path.read_text(encoding="utf-8"))
    seen = next(step for step in data[2]["steps"] if step.get("see") == "ccmsetup_sends_sts_request")
    assert seen["as"] == "a request of the client to the CMG"
    assert seen["fields"]["request.kind"] == "entra_device"


def test_our_lab_conforms_to_its_cases(cases: tuple[Case, ...]) -> None:
    """Each is played to its end."""
    for case in cases:
        result = played(case)
        assert result.verdict is Verdict.CONFORMS, (case.name, result.step, result.why, result.deviation)
        assert result.step == len(case.steps)


def test_a_gateway_that_tells_everybody_deviates(cases: tuple[Case, ...]) -> None:
    """In the case in which it should withhold the properties."""

    class Talking(Gateway):
        def gives_properties(self, tenant: str) -> bool:
            return True

    for case in cases:
        wrong = case.environment["tenant"] == "not_onboarded"
        verdict = played(case, {"gateway": Talking}).verdict
        assert verdict is (Verdict.DEVIATES if wrong else Verdict.CONFORMS), case.name


def test_what_is_allowed_and_not_meant_is_inconclusive(cases: tuple[Case, ...]) -> None:
    """The lab does something else that the model has too; what cannot be done there is told as well."""
    other = replace(cases[0], environment=equipment().environment())
    result = played(replace(cases[0], steps=(CaseStep("work", Work.REGISTER.value, {}),)))
    assert (result.verdict, result.why) == (Verdict.INCONCLUSIVE, "work REGISTER cannot be done there")
    result = played(other)
    assert result.verdict is Verdict.INCONCLUSIVE
    assert "tls_succeeds is seen" in result.why or "is not to be seen" in result.why


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    """Not there, or no JSON."""
    with pytest.raises(ModelError, match="cannot read"):
        read(tmp_path / "nothing.json")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="it is no JSON"):
        read(tmp_path / "bad.json")
