"""`ccmproof mutate`: what it prints, exit codes, complaints, and the JSON that its schema describes."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest
from ccmproof.harness import cli
from ccmproof.harness.system import System
from demo import demo
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

RUNNER = CliRunner()


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``ccmproof mutate`` on the demo, in this process."""
    result = RUNNER.invoke(cli.app, ["mutate", "--workers", "1", *arguments], env={"COLUMNS": "80"})
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo in place of the shipped system."""
    monkeypatch.setattr(cli, "system", demo)


BELL = """\
Mutation score 62.5 %  calm, storm
 every single edit of the model, and which properties of the suite notice it
9 edits · 5 noticed · 3 survive · 1 refused by a lint

Survivors  nothing notices these, and nobody has said why that is right

bell  3 survivors
 ✗ row-removed     drop bell/fall_silent
                   [B1]
 ✗ redirected      bell/fall_silent: leads to ringing
                   [B1]
 ✗ source-moved    bell/fall_silent: leaves from silent
                   [B1]

By kind of edit
 kind              noticed         what it does
 demand-dropped    0 of 0   100 %  a part of a guard is demanded no more
"""


def test_the_page_of_one_part() -> None:
    code, out, err = run("--only", "bell")
    assert code == 1
    assert out.splitlines()[:13] == BELL.splitlines()[:13]
    assert "A-01      5      5        No alarm rings while somebody is inside" in out
    assert err.splitlines()[0].startswith("ccmproof: screening: 0 of 9 edits")


def test_quiet_says_nothing_on_standard_error() -> None:
    assert run("--only", "bell", "--quiet")[2] == ""


@pytest.mark.parametrize(("at_least", "code"), [("62.5", 0), ("62.6", 1), ("0", 0), ("100", 1)])
def test_the_exit_code_is_for_the_score(at_least: str, code: int) -> None:
    assert run("--only", "bell", "--at-least", at_least)[0] == code


def accepting(monkeypatch: pytest.MonkeyPatch, **survivors: str) -> None:
    from dataclasses import replace

    def load() -> System:
        return replace(demo(), survivors=dict.fromkeys(survivors.values(), "so it is"))

    monkeypatch.setattr(cli, "system", load)


def test_an_accepted_survivor_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    accepting(monkeypatch, one="drop bell/fall_silent")
    code, out, _ = run("--only", "bell", "--at-least", "60")
    assert code == 0
    assert "Accepted survivors" in out and "so it is:" in out
    assert "2 survivors" in out


@pytest.mark.parametrize(
    ("text", "why"),
    [("bell/ring: guard becomes alarm is not on", "A-01 notices it"), ("drop bell/sing", "there is no such edit")],
)
def test_what_is_accepted_and_is_no_survivor_fails(text: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    accepting(monkeypatch, one=text)
    code, out, _ = run("--only", "bell", "--at-least", "0")
    assert code == 1
    assert f"accepted as a survivor, but {why}: {text}" in " ".join(out.split())


def test_in_some_scenarios_what_is_accepted_need_not_survive(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "drop bell/fall_silent"
    accepting(monkeypatch, one=text)
    code, out, _ = run("--only", "bell", "--at-least", "0", "--scenario", "storm")
    assert code == 0 and "Accepted survivors" in out and text in out
    code, out, _ = run("--only", "bell", "--at-least", "0", "--scenario", "calm")
    assert code == 0 and "change nothing that happens" in out and text not in out
    accepting(monkeypatch, one="bell/ring: guard becomes alarm is not on")
    code, out, _ = run("--only", "bell", "--at-least", "0", "--scenario", "calm")
    assert code == 1 and "accepted as a survivor, but A-01 notices it" in " ".join(out.split())


def test_every_edit_that_is_noticed_is_told_with_what_notices_it() -> None:
    """On a page to read only where they are few; folded away where a form folds."""
    out = run("--only", "bell")[1]
    assert "What notices which edit" in out
    data = json.loads(run("--json")[1])
    noticed = [each for each in data["edits"] if each["fate"] == "noticed"]
    assert len(noticed) > 30
    assert f"--format markdown, html and json tell all {len(noticed)}" in " ".join(run()[1].split())
    for form in ("markdown", "html"):
        said = run("--format", form)[1].replace("&#x27;", "'").replace("&gt;", ">")
        for each in noticed:
            assert f"{each['edit']} – in {each['where']} by {', '.join(each['by'])}" in said


def test_few_edits_make_no_property_a_candidate_for_removal() -> None:
    few, all_ = run("--only", "bell")[1], run()[1]
    assert "Candidates for removal" not in few and "too few to say" in few
    assert "Candidates for removal" in all_


def test_json_is_what_its_schema_says() -> None:
    code, out, _ = run("--json")
    text = (resources.files("ccmproof.harness") / "schema" / "mutation-1.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    data = json.loads(out)
    Draft202012Validator(schema).validate(data)
    assert data["exit"]["code"] == code == 1
    assert sum(data["counts"].values()) == len(data["edits"]) == 66


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_the_same_run_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    run("--only", "bell", "--format", form, "-o", str(one))
    run("--only", "bell", "--format", form, "-o", str(two), "--journal", str(tmp_path / "journal"))
    assert one.read_bytes() == two.read_bytes()
    assert "fall_silent" in one.read_text(encoding="utf-8").replace("\\", "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--kind", "row-remove"), "there is no kind of edit 'row-remove' (did you mean 'row-removed'?)"),
        (("--scenario", "clam"), "there is no scenario 'clam' (did you mean 'calm'?)"),
        (("--since", "no-such-revision"), "--since: git says"),
        (("--since", ""), "--since: git says"),
        (("--executor", "tcp://127.0.0.1:1"), "--workers and --executor exclude each other"),
        (("-o", "no/such/folder/file"), "cannot write"),
    ],
)
def test_a_complaint_is_one_line(arguments: tuple[str, ...], complaint: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert complaint in err and len(err.splitlines()) == 1


def test_scenarios_narrow_it() -> None:
    out = run("--scenario", "calm", "--only", "bell")[1]
    assert out.startswith("Mutation score 75 %  calm\n")
