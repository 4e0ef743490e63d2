"""What the README says is so: its commands are there and run, its outputs are what the commands print.

An output stands between ``<!-- output:ARGUMENTS -->`` and ``<!-- /output -->``, in a code block. A line ``…`` stands
for any number of lines that are left out. The last line of a check, with times and memory, is not compared.

Run as a script, it puts what the commands print now into the blocks that leave nothing out.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from ccmproof.harness import cli
from typer.testing import CliRunner

FILE = Path(__file__).parent.parent / "README.md"
README = FILE.read_text(encoding="utf-8")
OUTPUT = re.compile(r"<!-- output:(?P<arguments>[^\n]*?) -->\n```text\n(?P<text>.*?)```\n<!-- /output -->", re.DOTALL)
OUTPUTS = [(found["arguments"], found["text"]) for found in OUTPUT.finditer(README)]
COMMANDS = sorted(
    {
        line.partition("  #")[0].strip()
        for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
        for line in block.splitlines()
        if line.startswith("ccmproof ")
    }
)
MEASURED = re.compile(r"^[\d.]+ (?:s|min \d+ s) \(model .*\n", re.MULTILINE)


def printed(arguments: list[str]) -> tuple[int, str]:
    """What a command prints on a page of 80 columns, without what the machine decides, and its exit code."""
    from_root = [str(FILE.parent / each) if each.startswith("tests/") else each for each in arguments]
    result = CliRunner(env={"COLUMNS": "80"}).invoke(cli.app, from_root)
    return result.exit_code, MEASURED.sub("", result.stdout)


def assert_shown(text: str, output: str) -> None:
    """The passages of ``text`` between lines ``…`` stand in the output, in that order."""
    at = 0
    for passage in re.split(r"^…\n", text, flags=re.MULTILINE):
        found = output.find(passage, at)
        assert found >= 0, f"the command does not print, from here on:\n{passage}"
        at = found + len(passage)


def test_the_two_commands_are_there_for_both_shells() -> None:
    for name, last in (("check", ".venv/bin/ccmproof check"), ("test", ".venv/bin/python -m pytest")):
        found = re.search(rf"<!-- command:{name} -->\n```sh\n([^\n]+)\n```\n", README)
        assert found is not None and found[1].endswith(last)
        windows = last.replace("/bin/", "\\Scripts\\").replace("/", "\\")
        assert re.search(rf"```powershell\n(.*\n)*py -m venv [^\n]*{re.escape(windows)}\n", README)


def test_there_are_outputs_and_commands_to_compare() -> None:
    assert OUTPUTS and COMMANDS


@pytest.mark.long
@pytest.mark.parametrize(("arguments", "text"), OUTPUTS, ids=[arguments for arguments, _ in OUTPUTS])
def test_outputs_are_what_the_commands_print(arguments: str, text: str) -> None:
    assert text.strip(), "the block is empty"
    assert_shown(MEASURED.sub("", text), printed(shlex.split(arguments))[1])


SLOW = [command for command in COMMANDS if " mutate" in command]
QUICK = [command for command in COMMANDS if " check" not in command and command not in SLOW]


@pytest.mark.parametrize("command", QUICK)
def test_commands_run(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # some of them write files
    code, output = printed(shlex.split(command)[1:])
    assert (code, bool(output)) == (0, True)


@pytest.mark.parametrize("command", SLOW)
def test_commands_that_take_long_are_understood(command: str) -> None:
    code, output = printed([*shlex.split(command)[1:], "--help"])
    assert (code, bool(output)) == (0, True)


@pytest.mark.parametrize("name", re.findall(r"`?ccmproof (?:show|check) (?!--)\"?([A-Za-z][\w*.-]+)", README))
def test_names_that_it_mentions_are_there(name: str) -> None:
    system = cli.system()
    if "*" in name:
        assert system.select([name])
    else:
        from ccmproof.harness.catalogue import Catalogue

        assert Catalogue(system, system.default).show(name)


def test_links_lead_somewhere() -> None:
    root = Path(__file__).parent.parent
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links and [link for link in links if not (root / link).exists()] == []


def test_the_python_that_it_shows_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = [block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "import" in block]
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    verdict, *drawing = capsys.readouterr().out.splitlines()
    assert verdict == "Verdict.HOLDS"
    assert {"  Class free s_previous", "  Class taken s_active"} <= set(drawing)


def test_the_row_to_edit_is_the_row_that_is_there() -> None:
    row = re.search(r"```python\n(Predicate\([^\n]+)\n```", README)
    assert row is not None
    assert row[1] in (Path(__file__).parent.parent / "model" / "workflow" / "entra.py").read_text(encoding="utf-8")


def test_the_edit_breaks_what_the_readme_says() -> None:
    from dataclasses import replace

    from ccmproof.harness.checker import check
    from ccmproof.model.kernel.definition import Model
    from ccmproof.model.scenario import Scenario
    from ccmproof.properties.property import Verdict

    system = cli.system()

    def edited(scenario: Scenario, settings: object = None, /) -> Model:
        model = system.build(scenario, {})
        return replace(
            model,
            predicates=tuple(
                replace(each, text="device_is_joined") if each.name == "device_can_sign" else each
                for each in model.predicates
            ),
        )

    asked, settings = system.select(["S-06"]), {"wpj": "*"}
    scenario = system.scenario("document")
    order = system.order_of(scenario)
    assert check(scenario, asked, settings, build=system.build, order=order).judgements[0].verdict is Verdict.HOLDS
    broken = check(scenario, asked, settings, build=edited, order=order).judgements[0]
    assert (broken.failing_count, broken.total) == (8, 12)
    assert broken.counterexample is not None and len(broken.counterexample.run) == 9


def _refreshed(found: re.Match[str]) -> str:
    arguments, text = found["arguments"], found["text"]
    if not re.search(r"^…$", text, re.MULTILINE):
        text = printed(shlex.split(arguments))[1]
    return f"<!-- output:{arguments} -->\n```text\n{text}```\n<!-- /output -->"


if __name__ == "__main__":
    FILE.write_text(OUTPUT.sub(_refreshed, README), encoding="utf-8", newline="\n")
