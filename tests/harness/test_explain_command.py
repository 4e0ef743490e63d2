"""`ccmproof explain`: exit codes, complaints, and the JSON that its schema describes."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from ccmproof.harness import cli
from demo import demo
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

RUNNER = CliRunner()


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``ccmproof explain`` on the demo."""
    result = RUNNER.invoke(cli.app, ["explain", *arguments], env={"COLUMNS": "80"})
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo in place of the shipped system."""
    monkeypatch.setattr(cli, "system", demo)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "explain needs the ID of a property or --goal CONDITION, and not both"),
        (["D-01", "--goal", "fits"], "explain needs the ID of a property or --goal CONDITION, and not both"),
        (["D-1"], "there is no property 'D-1' (did you mean 'D-01'?); `ccmproof list properties` names them all"),
        (["D-0*"], "'D-0*' is a pattern, and one property is wanted; it matches D-01, D-02, D-03, D-04, D-05, D-06"),
        (["?-0*"],
         "'?-0*' is a pattern, and one property is wanted; it matches D-01, D-02, D-03, D-04, D-05, D-06 and 3 more"),
        (["D-1*"], "no property matches 'D-1*' (did you mean 'D-01'?); `ccmproof list properties` names them all"),
        (["--goal", "visitr is inside"],
         "--goal 'visitr is inside': line 1, column 1: there is no actor 'visitr' (did you mean 'visitor'?)"),
        (["--goal", "bell is loud"],
         "--goal 'bell is loud': line 1, column 9: bell has no state 'loud'; it has silent, ringing"),
        (["--goal", "bell is"],
         "--goal 'bell is': line 1, column 8: expected a state's name, but the text ends there"),
        (["D-01", "--scenario", "clam"], "there is no scenario 'clam' (did you mean 'calm'?); there are calm, storm"),
        (["D-01", "--set", "key"], "--set 'key': expected NAME=VALUE"),
        (["D-01", "--set", "key=bad,bad"], "--set 'key=bad,bad': the value 'bad' is given twice"),
    ],
)  # fmt: skip
def test_unusable_input_is_two_and_one_line(arguments: list[str], complaint: str) -> None:
    assert run(*arguments) == (2, "", f"ccmproof: {complaint}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["d-02", "--tree"],
        ["R-02", "--tree"],
        ["--goal", "visitor is inside", "--depth", "1"],
        ["--goal", "visitor is inside and porter_checks is lax", "--set", "porter_checks=*"],
        ["--goal", "let_in and bell is ringing", "--scenario", "storm"],
        ["D-03"],
    ],
)
def test_json_is_what_its_schema_says(arguments: list[str]) -> None:
    code, out, err = run(*arguments, "--json")
    text = (resources.files("ccmproof.harness") / "schema" / "explain-1.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(out))
    assert (code, err) == (0, "")


def test_json_has_every_cause_whatever_the_limit_and_a_file_takes_it(tmp_path: Path) -> None:
    target = tmp_path / "found.json"
    goal = ("--goal", "visitor is inside and weather is wet")
    assert run(*goal, "--causes", "0", "--stories", "1", "--json", "-o", str(target)) == (0, "", "")
    found = json.loads(target.read_text(encoding="utf-8"))
    assert [(each["condition"], each["approach"] is None) for each in found["causes"]] == [
        ("key is bad", False),
        ("weather is dry", True),
    ]
    assert found["environments"] == {"caused": 3, "among": 4, "total": 4}


def test_a_search_that_a_limit_cut_short_is_three() -> None:
    code, out, err = run("D-02", "--engine", "reference", "--limit", "0")
    assert (code, err) == (3, "")
    assert "Cut short: the limit of 0 s was reached\n" in out and "exit 3: something could not be determined\n" in out
    assert run("D-02", "--engine", "reference", "--limit", "600")[0] == 0
