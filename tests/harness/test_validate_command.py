"""`ccmproof validate`: exit codes, complaints, forms, files, what is kept of the original, and the same bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ccmproof.harness import cli
from ccmproof.harness.changes import cache, side
from ccmproof.harness.changes import validate as validating
from ccmproof.harness.changes.cache import Kept
from door_changes import LATCH, NOTHING, TRUSTING, door
from typer.testing import CliRunner

RUNNER = CliRunner()
TESTS = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def at_the_door(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The door in place of the shipped system, its changes as files of the folder one is in, a cache of its own."""
    monkeypatch.setattr(cli, "system", door)
    monkeypatch.setattr(cache, "usual_folder", lambda: tmp_path / "kept")
    for name, text in (("trusting", TRUSTING), ("latch", LATCH), ("nothing", NOTHING)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``ccmproof validate``."""
    result = RUNNER.invoke(cli.app, ["validate", *arguments], env={"COLUMNS": "100"})
    return result.exit_code, result.stdout, result.stderr


def test_the_page_is_the_one_that_is_kept_as_golden() -> None:
    golden = (TESTS / "golden" / "validate-trusting.txt").read_text(encoding="utf-8")
    assert run("trusting.toml") == (1, golden, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing.toml"], 0),
        (["latch.toml"], 0),
        (["trusting.toml"], 1),
        (["trusting.toml", "--property", "D-0[2-5]"], 0),
        (["nothing.toml", "latch.toml", "--compare"], 0),
        (["nothing.toml", "trusting.toml", "--compare"], 1),
        (["nothing.toml", "--engine", "reference", "--limit", "0"], 3),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert run(*arguments)[0] == code


def test_the_change_says_where_it_is_judged_unless_the_user_does() -> None:
    def judged(*arguments: str) -> list[str]:
        data = json.loads(run("latch.toml", "--json", *arguments)[1])
        return [each["scenario"] for each in data["validations"][0]["scenarios"]]

    assert judged() == ["storm"]
    assert judged("--scenario", "calm") == ["calm"]
    assert judged("--all") == ["calm", "storm"]


def test_settings_are_of_both_sides() -> None:
    data = json.loads(run("trusting.toml", "--set", "porter_checks=lax", "--json")[1])
    (found,) = data["validations"][0]["scenarios"]
    assert found["settings"] == {"before": {"porter_checks": "lax"}, "after": {"porter_checks": "lax"}}
    assert {each["id"]: each["became"] for each in found["properties"]}["D-01"] == "fails as before"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["trustin.toml"], "there is no file 'trustin.toml' (did you mean 'trusting.toml'?);"
         " `ccmproof change list` names those that are shipped"),
        (["latch.toml", "--all", "--scenario", "calm"], "--all and --scenario exclude each other"),
        (["latch.toml", "--compare"], "--compare needs two changes or more"),
        (["latch.toml", "./latch.toml"], "two of the changes are named 'latch': rename one of the files"),
        (["latch.toml", "--scenario", "clam"],
         "there is no scenario 'clam' (did you mean 'calm'?); there are calm, storm"),
        (["latch.toml", "--property", "D-1"],
         "there is no property 'D-1' (did you mean 'D-01'?); `ccmproof list properties` names them all"),
        (["latch.toml", "--set", "key"], "--set 'key': expected NAME=VALUE"),
        (["latch.toml", "-o", "nowhere/page.txt"],
         f"cannot write {Path('nowhere/page.txt')}: there is no folder nowhere"),
        (["odd.toml"],
         "odd.toml:2:1: [[alter.predicate]] predicate fit becomes true:"
         " there is no predicate 'fit' (did you mean 'fits'?)"),
    ],
)  # fmt: skip
def test_unusable_input_is_two_and_one_line(arguments: list[str], complaint: str, at_the_door: Path) -> None:
    odd = 'title = "odd"\n[[alter.predicate]]\nname = "fit"\nis = "true"\n'
    (at_the_door / "odd.toml").write_text(odd, encoding="utf-8")
    assert run(*arguments) == (2, "", f"ccmproof: {complaint}\n")


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("text", "Nothing is different  nothing.toml\n"),
        ("json", '{\n  "version": 1,\n'),
        ("markdown", "## Nothing is different\n"),
        ("html", "<!doctype html>\n"),
        ("junit", '<?xml version="1.0" encoding="utf-8"?>\n<testsuites'),
        ("sarif", '{\n  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n'),
    ],
)
def test_every_form_goes_to_a_file_as_it_is_printed(form: str, begins: str, at_the_door: Path) -> None:
    code, out, err = run("nothing.toml", "--format", form)
    assert (code, err) == (0, "") and out.startswith(begins)
    assert run("nothing.toml", "--format", form, "-o", "page") == (0, "", "")
    kept = (at_the_door / "page").read_text(encoding="utf-8")
    assert kept.startswith(begins) and (form == "text" or kept == out)


def test_runs_are_kept_by_scenario_and_property_and_those_of_rivals_by_change(at_the_door: Path) -> None:
    run("trusting.toml", "--runs", "one")
    assert [path.name for path in (at_the_door / "one").iterdir()] == ["calm.D-01.run.json"]
    kept = json.loads((at_the_door / "one" / "calm.D-01.run.json").read_text(encoding="utf-8"))
    assert [step["event"] for step in kept["steps"]] == ["ask_with_bad_key", "let_in"]
    run("trusting.toml", "nothing.toml", "--compare", "--runs", "two")
    assert [path.name for path in (at_the_door / "two").iterdir()] == ["trusting.calm.D-01.run.json"]


def test_what_the_original_gave_is_kept_and_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def looking(*arguments: object) -> side.Found:
        looked.append(len(arguments[1].changes))  # type: ignore[attr-defined]
        return side.looked_at(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(validating, "looked_at", looking)
    first = run("trusting.toml")
    assert looked == [0, 1]  # the original, and the changed design
    assert run("trusting.toml") == first and looked == [0, 1, 1]
    assert run("trusting.toml", "--no-cache") == first and looked == [0, 1, 1, 0, 1]
    assert Kept(cache.usual_folder()).clear() == 1
    assert run("trusting.toml") == first and looked[-2:] == [0, 1]


def test_no_cache_keeps_nothing(at_the_door: Path) -> None:
    run("nothing.toml", "--no-cache")
    assert not (at_the_door / "kept").exists()


def test_the_order_in_which_changes_are_given_is_the_order_in_which_they_are_applied() -> None:
    def applied(*files: str) -> list[str]:
        data = json.loads(run(*files, "--json")[1])
        return [each["name"] for each in data["validations"][0]["changes"]]

    assert applied("latch.toml", "trusting.toml") == ["latch", "trusting"]
    assert applied("trusting.toml", "latch.toml") == ["trusting", "latch"]


PROGRAM = """
import sys
from pathlib import Path
from ccmproof.harness import cli
from ccmproof.harness.changes import cache
from door_changes import door
cli.system = door
cache.usual_folder = lambda: Path("kept-of-another")
for form in ("text", "json", "markdown", "html", "junit", "sarif"):
    cli.app(["validate", "trusting.toml", "latch.toml", "--all", "--format", form], standalone_mode=False)
"""


def test_the_same_bytes_in_every_form_whatever_the_hash_seed(at_the_door: Path) -> None:
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(TESTS), "PYTHONUTF8": "1"}
        result = subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=at_the_door, env=environment, capture_output=True, check=False
        )
        assert (result.returncode, result.stderr) == (0, b"")
        outputs.add(result.stdout)
    (output,) = outputs
    assert [output.count(sign) for sign in (b"<!doctype html>", b"<testsuites", b"sarif-2.1.0")] == [1, 1, 1]


@pytest.mark.long
@pytest.mark.parametrize("name", ["c15-any-onboarded-tenant"])
def test_a_shipped_change_is_validated_by_its_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ccmproof.harness.system import shipped

    monkeypatch.setattr(cli, "system", shipped)
    code, out, err = run(name, "--quiet")
    assert (code in (0, 1), err) == (True, "") and f"model/changes/{name}.toml\n" in out
