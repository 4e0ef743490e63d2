"""`ccmproof lab test`, `bugs` and `suite`: what they say, their exit codes, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ccmproof.harness.cli import app, system
from ccmproof.harness.lab.conformance.case_file import SCHEMA
from ccmproof.harness.lab.conformance.cases import SHIPPED, Case, read, write
from typer.testing import CliRunner, Result

LENIENT = """
from ccmproof.harness.lab.gateway import Gateway

class Lenient(Gateway):
    async def token_good(self, incoming):
        return bool(incoming.credential("Bearer"))

def parts():
    return {"gateway": Lenient}
"""


def lab(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(app, ["lab", *words], obj=system)


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """The shortest three of the shipped cases, as a file."""
    path = tmp_path / "short.json"
    write(sorted(read(SHIPPED), key=lambda each: len(each.steps))[:3], path)
    return path


def test_our_own_components_conform(short: Path) -> None:
    answer = lab("test", str(short), "--no-schedules", "--labs", "1", "-q")
    assert answer.exit_code == 0
    assert answer.stdout.startswith("✓ conforms  our own components\n 3 cases, ")
    assert "3 conform\n no schedule was played, and many a bug shows in schedules alone\n" in answer.stdout
    assert "1 lab that roamed, 150 choices: none leaves the model" in " ".join(answer.stdout.split())


def test_somebody_elses_component_is_found_out(short: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "lenient.py"
    adapter.write_text(LENIENT, encoding="utf-8")
    answer = lab("test", str(short), "--adapter", str(adapter), "--no-schedules", "--labs", "12", "-q", "--json")
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert found["verdict"] == "deviates"
    assert found["whose"].startswith("gateway of ")
    assert any("cmg_forwards_request" in each["deviation"] for each in found["roamed"]["failed"])


def test_an_adapter_without_components_is_refused(tmp_path: Path) -> None:
    adapter = tmp_path / "nothing.py"
    adapter.write_text("def parts():\n    return {}\n", encoding="utf-8")
    answer = lab("test", "--adapter", str(adapter), "-q")
    assert (answer.exit_code, "gives no component" in answer.stderr) == (2, True)


def test_schedules_find_what_cases_do_not(short: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "talking.py"
    talking = LENIENT.replace("async def token_good(self, incoming):", "def gives_properties(self, tenant):")
    talking = talking.replace('bool(incoming.credential("Bearer"))', "True")
    adapter.write_text(talking, encoding="utf-8")
    answer = lab("test", str(short), "--adapter", str(adapter), "--labs", "0", "-q", "--json")
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)["scheduled"]
    assert found["schedules"] > 50
    assert any("S-04" in each["broken"] for each in found["failed"])


def test_values_that_a_case_says_wrongly_are_noticed(tmp_path: Path) -> None:
    case = min(read(SHIPPED), key=lambda each: not any(step.fields for step in each.steps))
    wrong = {"request.endpoint": "policy"}
    steps = tuple(replace(step, fields={**step.fields, **(wrong if step.fields.keys() & wrong else {})})
                  for step in case.steps)  # fmt: skip
    path = tmp_path / "wrong.json"
    write([replace(case, steps=steps)], path)
    answer = lab("test", str(path), "--no-schedules", "--labs", "0", "-q")
    assert answer.exit_code == 3
    assert "and the case says policy" in " ".join(answer.stdout.split())


def test_every_shipped_case_that_begins_a_work_ends_it() -> None:
    for case in read(SHIPPED):
        works = [step.kind for step in case.steps if step.kind in ("work", "end")]
        cut = 1 if any(step.name == "cloud_fails" for step in case.steps[-1:]) else 0
        assert works.count("work") - works.count("end") == cut, case.name


def test_nothing_tested_is_no_pass(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.json"
    write([], nothing)
    answer = lab("test", str(nothing), "--no-schedules", "--labs", "0", "-q")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert f"{nothing}: it has no case" in answer.stderr


def test_a_case_that_means_something_else_is_inconclusive(tmp_path: Path) -> None:
    (case,) = [each for each in read(SHIPPED) if each.environment["tenant"] == "not_onboarded"][:1]
    other = Case(
        case.name, {**case.environment, "pki": "none_there", "wpj": "absent", "properties_given": "yes"}, case.steps
    )
    path = tmp_path / "other.json"
    write([other], path)
    answer = lab("test", str(path), "--no-schedules", "--labs", "0", "-q")
    assert answer.exit_code == 3
    assert "is not to be seen" in " ".join(answer.stdout.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("test", "nowhere.json"), "cannot read nowhere.json"),
        (("test", "--adapter", "nowhere.py"), "there is no file nowhere.py"),
        (("test", "--adapter", "no_such_module"), "no_such_module cannot be loaded"),
        (("test", "--adapter", "."), ". is no module's name, and no path of a file that ends in .py"),
        (("test", "--adapter", "a folder/theirs"), "a folder/theirs is no module's name, and no path of a file"),
        (("test", "--adapter", ""), "--adapter: it names no module"),
        (("bugs", "gateway-ignores-expiri"), "(did you mean 'gateway-ignores-expiry'?)"),
        (("bugs", "clear"), "there is no seeded bug 'clear' (did you mean 'client-keeps-tokens-in-clear'?)"),
        (("bugs", "expiry"), "(did you mean 'gateway-ignores-expiry', or "),
        (("bugs", "nosuch"), "there is no seeded bug 'nosuch'; lab bugs lists them"),
        (("run", "--diagram", "x.foo"), "x.foo: its ending .foo says no format; there are .mmd .mermaid .dot .gv"),
        (("run", "--diagram", "x.svgz"), "(did you mean '.svg'?)"),
        (("run", "--diagram", "x"), "x: it has no ending, which would say the format; there are .mmd"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(words: tuple[str, ...], says: str) -> None:
    answer = lab(*words, "-q")
    assert answer.exit_code == 2
    assert says in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_the_cases_are_listed_and_their_schema_is_put_out(short: Path, tmp_path: Path) -> None:
    answer = lab("cases", str(short))
    assert answer.exit_code == 0
    assert answer.stdout.startswith("3 cases  each can be played\n")
    listed = json.loads(lab("cases", str(short), "--json").stdout)["cases"]
    assert [each["case"] for each in listed] == [each.name for each in read(short)]
    assert all(each["steps"] >= 1 for each in listed)
    assert lab("cases", "nowhere.json").stderr == "ccmproof: cannot read nowhere.json: No such file or directory\n"
    where = tmp_path / "schema.json"
    assert lab("cases", "--schema", "-o", str(where)).exit_code == 0
    assert lab("cases", "--schema").stdout == where.read_text(encoding="utf-8") == SCHEMA.read_text(encoding="utf-8")


def test_one_is_told_as_one(short: Path, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    write(read(short)[:1], path)
    answer = lab("test", str(path), "--no-schedules", "--labs", "0", "-q")
    assert (answer.exit_code, "1 conforms\n" in answer.stdout) == (0, True)


def test_a_bug_is_shown_with_its_shortest_run() -> None:
    answer = lab("bugs", "gateway-ignores-expiry", "-q")
    assert answer.exit_code == 0
    for said in (
        "✓ 1 of 1 seeded bug found",
        "It lets in a token whose time is over.",
        "adversary_offers_expired_entra_token sts",
        "SEC-07.cmg",
    ):
        assert said in answer.stdout


def test_bugs_are_a_table() -> None:
    names = ["gateway-ignores-expiry", "client-ignores-names"]
    answer = lab("bugs", *names, "-q", "--json")
    assert answer.exit_code == 0
    assert [(each["bug"], each["good"]) for each in json.loads(answer.stdout)["bugs"]] == [(n, True) for n in names]
    table = lab("bugs", *names, "-q").stdout
    assert all(name in table for name in names)


def test_forms_of_cases_are_those_that_are_written(short: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    write(read(short), again)
    assert again.read_text(encoding="utf-8") == short.read_text(encoding="utf-8")


@pytest.mark.long
def test_the_shipped_cases_conform_and_none_is_inconclusive() -> None:
    answer = lab("test", "--labs", "0", "-q")  # and the schedules
    assert answer.exit_code == 0, answer.stdout
