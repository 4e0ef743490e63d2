"""``ccmproof check --premises``: a line under a claim, a section over all scenarios, the exit code, the other forms."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources

import pytest
from ccmproof.harness import cli
from ccmproof.properties.spare import Spare
from demo import demo
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

LISTED = (
    Spare("D-02", ("visitor is waiting",), "the claim is about those who wait"),
    Spare("D-06", ("was_refused is yes",), "the claim is about those who come back"),
)


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The demo, whose suite lists what it need not have in its premises."""
    monkeypatch.setattr(cli, "system", lambda: replace(demo(), spare=LISTED))
    monkeypatch.delenv("COLUMNS", raising=False)
    yield


def listing(monkeypatch: pytest.MonkeyPatch, *spare: Spare) -> None:
    monkeypatch.setattr(cli, "system", lambda: replace(demo(), spare=spare))


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["check", "--premises", *arguments])
    assert result.stderr == ""
    return result.exit_code, result.stdout


def section(page: str) -> str:
    return page.partition("In a premise, and needed in no scenario\n")[2].partition("\n\n")[0]


def test_one_scenario_says_what_it_does_not_need_and_judges_nothing() -> None:
    code, out = run("D-01", "D-02")
    assert code == 0
    assert out.count("not needed here: visitor is waiting\n") == 1
    assert "visitor is inside\n" not in out and section(out) == ""


def test_all_scenarios_name_what_is_listed_with_the_reason() -> None:
    code, out = run("--all")
    assert code == 0
    assert section(out) == (
        " D-02  visitor is waiting\n       the claim is about those who wait\n"
        " D-06  was_refused is yes\n       the claim is about those who come back"
    )


def test_what_is_not_listed_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    listing(monkeypatch, LISTED[1])
    code, out = run("--all")
    assert code == 1
    assert section(out).startswith(
        " D-02  visitor is waiting\n       NOT AS EXPECTED: the suite does not say why it stays\n"
    )
    assert "; 1 conjunct of premises not as expected" in " ".join(out.split())


def test_what_is_listed_and_needed_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    listing(monkeypatch, *LISTED, Spare("D-01", ("visitor is inside",), "for no reason"))
    code, out = run("--all")
    assert code == 1
    assert section(out).startswith(
        " D-01  visitor is inside\n       NOT AS EXPECTED: the suite lists it, and it is needed in calm, storm\n"
    )


def test_nothing_is_judged_together_where_settings_differ_from_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    listing(monkeypatch)
    data = json.loads(run("--all", "D-02", "--set", "key=bad", "--json")[1])
    assert "spare" not in data and [len(each["properties"]) for each in data["reports"]] == [1, 1]


@pytest.mark.parametrize("arguments", [(), ("--all",), ("--engine", "reference", "--limit", "0")])
def test_the_json_is_what_its_schema_says(arguments: tuple[str, ...]) -> None:
    text = (resources.files("ccmproof.harness") / "schema" / "report-1.json").read_text(encoding="utf-8")
    data = json.loads(run(*arguments, "--json")[1])
    Draft202012Validator(json.loads(text)).validate(data)
    known = [each["premise"] for each in data["reports"][0]["properties"] if "premise" in each]
    if "--limit" in arguments:
        assert known == []
    else:
        assert known[1] == [{"conjunct": "visitor is waiting", "need": "spare"}]
    if arguments == ("--all",):
        reason = "the claim is about those who wait"
        first = {"property": "D-02", "conjunct": "visitor is waiting", "reason": reason, "needed_in": []}
        assert data["spare"][0] == first


def test_junit_has_no_place_for_the_premises_of_one_scenario() -> None:
    result = CliRunner().invoke(cli.app, ["check", "--premises", "--format", "junit"])
    complaint = "ccmproof: --premises without --all: JUnit has no place for it; ask --format text or json\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", complaint)


def test_junit_has_a_case_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    listing(monkeypatch, LISTED[1])
    code, out = run("--all", "--format", "junit")
    cases = [each for each in ElementTree.fromstring(out).iter("testcase") if each.attrib["classname"] == "premises"]
    assert code == 1
    assert [each.attrib["name"] for each in cases] == ["D-02: visitor is waiting", "D-06: was_refused is yes"]
    assert [each.find("failure") is not None for each in cases] == [True, False]
