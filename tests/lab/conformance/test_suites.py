"""Suites and their cases: few runs that take every row there is to take, kept as files, and played in labs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from ccmproof.harness.lab.conformance.cases import SHIPPED, Case, CaseStep, Verdict, case_of, played, read, write
from ccmproof.harness.lab.conformance.covered import Row, row_in_words, rows_of, taken
from ccmproof.harness.lab.conformance.environments import DEEP, ENVIRONMENTS
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.conformance.relaxed import lower_bound, possible
from ccmproof.harness.lab.conformance.suites import Suite, SuiteRun, Why, fewest, suite
from ccmproof.harness.lab.contract import Work
from ccmproof.harness.lab.gateway import Gateway
from ccmproof.harness.render.lab_told import suite as told
from ccmproof.harness.render.lab_told import suite_json
from ccmproof.harness.render.validation import drawn
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.run import Run, Step

from .walks import walked

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


def row(actor: str, event: str) -> Row:
    """The first row of an actor for an event."""
    rows = equipment().network.actor[actor].transitions
    return actor, next(number for number, each in enumerate(rows) if each.event == event)


@pytest.mark.long
def test_a_lower_bound_says_how_good_a_suite_is() -> None:
    """Rows that can be taken in no environment together need a run each."""
    network = equipment().network
    crash, issued = row("sts", "sts_crashes"), row("sts", "sts_issues_token")
    away, down = row("sts", "sts_cannot_reach_entra"), row("sts", "sts_finds_database_down")
    named, installed = row("connection", "tls_name_does_not_match"), row("ccmsetup", "client_msi_finishes")
    assert lower_bound(network, [crash]) == 1
    assert lower_bound(network, [crash, issued]) == 2
    assert lower_bound(network, [crash, issued, away, down]) == 4
    assert lower_bound(network, [named, installed]) == 2
    assert lower_bound(network, [named, crash]) == 1


def run_of(rows: str, steps: int = 1) -> SuiteRun:
    """One that takes some rows, each a letter."""
    made = Run("", {}, (Step("tick", "time", "", {}, ()),) * steps, ({},) * (steps + 1))
    return SuiteRun({"rows": rows}, made, (), frozenset((letter, 0) for letter in rows))


@pytest.mark.parametrize(
    ("runs", "least"),
    [
        (["abcd", "abe", "cdf"], ["abe", "cdf"]),  # who takes most first needs three
        (["ab", "bc", "ca"], ["ab", "bc"]),
        (["a", "b", "ab"], ["ab"]),
        ([], []),
    ],
)
def test_as_few_runs_are_kept_as_can_be(runs: list[str], least: list[str]) -> None:
    """Exactly, where greed would keep more."""
    assert [each.changes["rows"] for each in fewest([run_of(rows) for rows in runs])] == least


def test_of_as_few_runs_the_shortest_are_kept() -> None:
    """With the fewest steps in all."""
    long, short, other = run_of("ab", 9), run_of("abc", 2), run_of("cd", 3)
    assert fewest([long, short, other]) == (short, other)


def test_what_is_not_taken_is_told_with_why() -> None:
    """In no environment, since who does not trust the CMG's name does not come so far; in none of these; not found."""
    of = suite([NOT_JOINED], most=10, again=1)
    assert of.left[row("messaging", "tls_name_does_not_match")] is Why.NEVER
    assert of.left[row("connection", "tls_name_does_not_match")] is Why.ELSEWHERE
    there = possible(equipment().network, equipment().environment(NOT_JOINED))
    assert {each for each, why in of.left.items() if why is Why.NOT_FOUND} == there - of.rows


@pytest.mark.parametrize("changes", [{}, NO_STS, NOT_JOINED, {"direct": "yes", "mp_mode": "ehttp"}], ids=str)
def test_what_is_said_to_be_out_of_reach_is_never_taken(changes: dict[str, str]) -> None:
    """By no walk in that environment."""
    using = equipment()
    there = possible(using.network, using.environment(changes))
    for number in range(8):
        walk = walked(using.environment(changes), Random(number), 150)
        states = [walk.compiled.states[each] for each in walk.states]
        for event, before, after in zip(walk.events, states, states[1:], strict=False):
            assert taken(using.network, event, before, after) & set(rows_of(using.network)) <= there


def test_what_an_environment_excludes_is_not_looked_for() -> None:
    """A device that is not joined never has a tenant, and where nothing can be installed nothing registers."""
    using = equipment()
    there = {row_in_words(using.network, each) for each in possible(using.network, using.environment(NOT_JOINED))}
    assert "ccmsetup: ccmsetup_finds_no_tenant from started to attempt_failed" in there
    assert "ccmsetup: ccmsetup_asks_the_cmg from started to asking_aad_info" not in there
    assert not any(each.startswith("registration: ") for each in there)


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


@pytest.mark.parametrize("width", [60, 80])
def test_the_page_of_a_suite_says_what_is_taken_of_each_actor(found: Suite, width: int) -> None:
    """And of the rest why not, within the width that there is; so does the JSON form."""
    page = drawn(told(found), width=width)
    assert max(map(len, page.splitlines())) <= width
    network = equipment().network
    lines = [line.split() for line in page.splitlines()]
    for name in dict.fromkeys(actor for actor, _ in rows_of(network)):
        rows, took = (sum(actor == name for actor, _ in each) for each in (rows_of(network), found.rows))
        assert [name, str(rows), str(took)] in lines
    flat = " ".join(page.split())
    for why in set(found.left.values()):
        assert f"No run takes, {why.value}:" in flat
    data = json.loads(suite_json(found))
    assert sum(each["taken"] for each in data["actors"]) == len(found.rows)
    assert {each["row"]: each["why"] for each in data["left"]} == {
        row_in_words(network, each): why.value for each, why in found.left.items()
    }


@pytest.mark.long
def test_the_shipped_cases_are_those_that_the_command_finds(tmp_path: Path) -> None:
    """`ccmproof lab suite --cases`; and all rows are in them but those that no environment allows."""
    of = suite()
    path = tmp_path / "cases.json"
    write([case_of(f"case-{number}", run) for number, run in enumerate(of.runs, start=1)], path)
    assert path.read_text(encoding="utf-8") == SHIPPED.read_text(encoding="utf-8")
    assert {row_in_words(equipment().network, each): why for each, why in of.left.items()} == {
        "registration: tls_name_does_not_match from sending to attempt_failed": Why.NEVER,
        "registration: tls_date_is_not_valid from sending to attempt_failed": Why.NEVER,
        "messaging: tls_name_does_not_match from sending, sending_renewed, sending_sts to attempt_failed": Why.NEVER,
        "messaging: tls_date_is_not_valid from sending, sending_renewed, sending_sts to attempt_failed": Why.NEVER,
    }
