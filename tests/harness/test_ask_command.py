"""`ccmproof ask`: what it prints, exit codes, complaints, changes, and the JSON that its schema describes."""

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


def run(*arguments: str, columns: str = "80") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``ccmproof ask`` on the demo."""
    result = RUNNER.invoke(cli.app, ["ask", *arguments], env={"COLUMNS": columns})
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def lax(tmp_path: Path) -> Path:
    """A change by which everybody is let in."""
    file = tmp_path / "lax.toml"
    file.write_text(
        'title = "No key is looked at"\n[[alter.predicate]]\nname = "fits"\nis = "true"\n', encoding="utf-8"
    )
    return file


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo in place of the shipped system."""
    monkeypatch.setattr(cli, "system", demo)


def without_time(page: str) -> str:
    *lines, measured = page.splitlines()
    assert "exploration" in measured
    return "\n".join(lines) + "\n"


def test_a_yes_in_full() -> None:
    code, out, err = run("let_in and request.shown is good")
    assert (code, err) == (0, "")
    assert (
        without_time(out)
        == """\
It can happen: in 2 of 4 environments
  can       let_in and request.shown is good
  scenario  calm: A visitor at the door; no alarm

It can happen exactly when this holds
        in environments  alone in
  1  *  2 (50 %)         2         key is good

The shortest run  all is as usual
   1  visitor: ask with good key → porter  [V1]
      request := shown good, count one; visitor: outside → waiting;
      porter: idle → judging
   2  porter: let in → visitor  [P1 P2]
      visitor: waiting → inside; porter: judging → idle
   step 2 is it; before it: request.shown good

exit 0: yes, as asked
"""
    )


def test_a_no_in_full() -> None:
    code, out, err = run("visitor is inside", "--when", "key is bad and bell is silent", "--set", "alarm=off")
    assert (code, err) == (1, "")
    assert (
        without_time(out)
        == """\
It cannot happen in any of 2 environments: everything that can be reached was
looked at, 4 states
  can           visitor is inside
  environments  those with key is bad
  where         bell is silent
  scenario      calm: A visitor at the door; no alarm
  with          alarm = off

exit 1: no
"""
    )


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--never", "visitor is inside"], 1, "It can happen: in 2 of 4 environments"),
        (["--never", "ring"], 0,
         "It never happens in any of 4 environments: everything that can be reached was looked at, 10 states"),
        (["--always", "visitor is outside"], 1, "It does not always hold: it fails in all 4 environments"),
        (["--always", "key is good", "--when", "let_in"], 0,
         'It always holds, in all 4 environments; "let_in" is reached in 2 of them: '
         "everything that can be reached was looked at, 10 states"),
        (["visitor is waiting", "--leads-to", "visitor is not waiting"], 0,
         "It always leads there, in all 4 environments: everything that can be reached was looked at, 10 states"),
        (["visitor is waiting", "--leads-to", "visitor is inside"], 1,
         "It need not lead there: in 2 of 4 environments some fair run never comes to the goal"),
        (["visitor is inside", "--leads-to", "visitor is outside", "--when", "key is bad"], 1,
         'No: "visitor is inside" is never reached in any of 2 environments, so nothing was put to the test: '
         "everything that can be reached was looked at, 4 states"),
        (["visitor is inside", "--when", "bell is ringing or ring"], 1,
         'No: "(bell is ringing or ring)" is never reached in any of 4 environments, so nothing was put to the test: '
         "everything that can be reached was looked at, 10 states"),
        (["visitor is outside", "--set", "key=good", "--set", "weather=dry"], 0,
         "It can happen: in the only environment"),
        (["bell is ringing", "--engine", "reference", "--limit", "0"], 3,
         "It cannot be said: the search was cut short after 1 state"),
        (["visitor is outside", "--engine", "reference", "--limit", "0"], 0,
         "It can happen: in 1 environment at least, where the search was cut short"),
    ],
)  # fmt: skip
def test_the_first_line_is_the_answer(arguments: list[str], code: int, sentence: str) -> None:
    found, out, err = run(*arguments, columns="400")
    assert (found, out.splitlines()[0], err) == (code, sentence, "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["fits", "--always", "--never"], "--always and --never exclude each other"),
        (["fits", "--never", "--leads-to", "leave"], "--never and --leads-to exclude each other"),
        (["fits", "--when", "bel is silent"],
         "--when 'bel is silent': line 1, column 1: there is no actor 'bel' (did you mean 'bell'?)"),
        (["fits", "--leads-to", ""],
         "--leads-to '': line 1, column 1: expected an actor, a predicate or event, 'not' or '(', but the text ends "
         "there"),
        (["fits", "--scenario", "clam"], "there is no scenario 'clam' (did you mean 'calm'?); there are calm, storm"),
        (["fits", "--set", "porter=idle"], "porter moves; only unknowns and parameters can be set"),
    ],
)  # fmt: skip
def test_unusable_input_is_two_and_one_line(arguments: list[str], complaint: str) -> None:
    assert run(*arguments) == (2, "", f"ccmproof: {complaint}\n")


def test_a_change_is_asked_of_the_changed_design(lax: Path) -> None:
    question = ("visitor is inside and key is bad",)
    assert run(*question)[0] == 1
    code, out, err = run(*question, "--change", str(lax))
    assert (code, err) == (0, "") and "  changed by  lax\n" in out
    assert out.startswith("It can happen: in 2 of 4 environments\n")


def test_a_change_that_is_not_there_or_does_not_fit_is_unusable(lax: Path, tmp_path: Path) -> None:
    code, out, err = run("fits", "--change", str(tmp_path / "lux.toml"))
    assert (code, out) == (2, "") and "(did you mean 'lax.toml'?)" in err
    lax.write_text('title = "x"\n[[alter.predicate]]\nname = "fitz"\nis = "true"\n', encoding="utf-8")
    code, out, err = run("fits", "--change", str(lax))
    assert (code, out, err.count("\n")) == (2, "", 1) and "fitz" in err


ASKED = [
    ["visitor is inside"],
    ["visitor is inside and key is bad"],
    ["--always", "key is good", "--when", "let_in and weather is wet"],
    ["visitor is waiting", "--leads-to", "visitor is inside"],
    ["--never", "visitor is inside", "--when", "bell is ringing"],
    ["bell is ringing", "--engine", "reference", "--limit", "0"],
]


@pytest.mark.parametrize("arguments", ASKED)
def test_json_is_what_its_schema_says(arguments: list[str]) -> None:
    code, out, err = run(*arguments, "--json")
    text = (resources.files("ccmproof.harness") / "schema" / "ask-1.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(out))
    assert (code, err) == (json.loads(out)["exit"]["code"], "")


def test_json_has_the_exact_environment_and_every_cause(lax: Path) -> None:
    _, out, _ = run("visitor is inside", "--when", "key is bad", "--change", str(lax), "--causes", "0", "--json")
    found = json.loads(out)
    assert (found["answer"], found["changes"], found["vacuous"]) == ("yes", ["lax"], False)
    assert found["environments"] == {"met": 2, "spoken_of": 2, "total": 2}
    assert found["run"]["run"]["environment"] == {
        "key": "bad", "weather": "dry", "porter_checks": "strict", "alarm": "off",
    }  # fmt: skip
    _, out, _ = run("visitor is inside", "--causes", "0", "--json")
    told = json.loads(out)["exactly_when"]
    assert (told["answer"], [each["condition"] for each in told["causes"]]) == ("yes", ["key is good"])


@pytest.mark.parametrize("arguments", ASKED)
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_the_same_question_gives_the_same_bytes(arguments: list[str], form: str) -> None:
    def told() -> list[str]:
        lines = run(*arguments, "--format", form)[1].splitlines()
        return [line for line in lines if "_seconds" not in line and "peak" not in line and "exploration" not in line]

    assert told() == told()


def test_markdown_in_full() -> None:
    assert run("let_in", "--when", "bell is silent", "--format", "markdown") == (
        0,
        """\
**It can happen: in 2 of 4 environments**

| | |
|---|---|
| can | let\\_in |
| where | bell is silent |
| scenario | calm: A visitor at the door; no alarm |

It can happen exactly when this holds:

| | condition | environments | share | in no other |
|--:|---|--:|--:|--:|
| 1 | key is good | 2 | 50 % | 2 |

<details><summary>The shortest run: 2 steps</summary>

```text
The shortest run  all is as usual
   1  visitor: ask with good key → porter  [V1]
      request := shown good, count one; visitor: outside → waiting; porter: idle → judging
   2  porter: let in → visitor  [P1 P2]
      visitor: waiting → inside; porter: judging → idle
   step 2 is it; before it: bell silent
```

</details>
""",
        "",
    )


def test_the_run_is_kept_where_asked_for_and_a_file_takes_the_page(tmp_path: Path) -> None:
    target = tmp_path / "answer.txt"
    found = run("visitor is inside", "--runs", str(tmp_path / "runs"), "-o", str(target))
    assert found == (0, "", "")
    assert target.read_text(encoding="utf-8").startswith("It can happen: in 2 of 4 environments\n")
    kept = json.loads((tmp_path / "runs" / "calm.ask.run.json").read_text(encoding="utf-8"))
    assert [step["event"] for step in kept["steps"]] == ["ask_with_good_key", "let_in"]


def test_causes_are_listed_as_many_as_asked_for() -> None:
    code, out, _ = run("visitor is inside and (key is good and weather is dry)", "--set", "porter_checks=*",
                       "--causes", "1")  # fmt: skip
    assert code == 0 and "It can happen exactly when this holds\n" in out
    _, out, _ = run("visitor is waiting and key is bad or visitor is inside and weather is dry", "--causes", "1")
    assert "\n … and 1 more cause; --causes shows more\n" in out
