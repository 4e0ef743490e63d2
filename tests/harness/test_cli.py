"""The command line: exit codes, errors with the nearest name, formats, files, and the same bytes for the same input."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from ccmproof.harness import checker, cli, engines, memory
from ccmproof.harness.engines import ENGINES
from ccmproof.properties.property import Property
from demo import SUITE, demo
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

RUNNER = CliRunner()
WAITING_IN_DRY, GOOD = "visitor is waiting and weather is dry", "key is good"
TESTS = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The demo in place of the shipped system."""
    monkeypatch.setattr(cli, "system", demo)
    monkeypatch.delenv("COLUMNS", raising=False)
    yield


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    result = RUNNER.invoke(cli.app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_as_expected_is_zero_and_says_so() -> None:
    code, out, err = run("check")
    assert (code, err) == (0, "")
    assert "9 verdicts: 4 hold, 4 fail, 1 is vacuous; none not as expected\nexit 0: everything is as expected\n" in out


def test_a_verdict_that_is_not_expected_is_one() -> None:
    code, out, _ = run("check", "R-02", "--set", "porter_checks=lax")
    assert code == 1
    assert "NOT AS EXPECTED: the suite expects that it cannot happen" in out
    assert "exit 1: something is not as expected" in out


def test_a_cut_short_search_is_three() -> None:
    code, out, _ = run("check", "D-03", "--engine", "reference", "--limit", "0")
    assert code == 3
    assert "? undetermined" in out and "Cut short: the limit of 0 s was reached" in out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ["check", "D-1"],
            "there is no property 'D-1' (did you mean 'D-01'?); `ccmproof list properties` names them all",
        ),
        (["check", "Z*"], "no property matches 'Z*'; `ccmproof list properties` names them all"),
        (["check", "D-01", "Z*"], "no property matches 'Z*'; `ccmproof list properties` names them all"),
        (["check", "--scenario", "clam"], "there is no scenario 'clam' (did you mean 'calm'?); there are calm, storm"),
        (["check", "--set", "kez=bad"], "there is no actor 'kez' (did you mean 'key'?)"),
        (["check", "--set", "key=badd"], "key has no state 'badd' (did you mean 'bad'?)"),
        (["check", "--set", "key"], "--set 'key': expected NAME=VALUE"),
        (["check", "--set", "key=bad", "--set", "key=good"], "--set 'key=good': key is given twice"),
        (["check", "--set", "key=bad,good, bad"], "--set 'key=bad,good, bad': the value 'bad' is given twice"),
        (["check", "--set", "porter=idle"], "porter moves; only unknowns and parameters can be set"),
        (["check", "--all", "--scenario", "calm"], "--all and --scenario exclude each other"),
        (
            ["check", "--all", "--engine", "networkx"],
            "--all: the engine 'networkx' is for small scenarios; "
            "ask --scenario calm of it, or --all of --engine symbolic",
        ),
        (
            ["check", "--engine", "symbolik"],
            f"there is no engine 'symbolik' (did you mean 'symbolic'?); there are: symbolic, {', '.join(ENGINES)}",
        ),
        (
            ["show", "vistor"],
            "nothing is called 'vistor' (did you mean 'visitor'?); `ccmproof list` says what there is",
        ),
        (
            ["list", "event"],
            "there is no list of 'event' (did you mean 'events'?); there are actors, events, properties, parameters, "
            "unknowns, scenarios, predicates",
        ),
    ],
)
def test_unusable_input_is_two_and_one_line_with_the_nearest_name(arguments: list[str], complaint: str) -> None:
    assert run(*arguments) == (2, "", f"ccmproof: {complaint}\n")


def scenario_of(*arguments: str) -> str:
    code, out, err = run("check", "--json", "--quiet", *arguments)
    assert code == 0, err
    return str(json.loads(out)["reports"][0]["scenario"])


def test_an_engine_for_small_scenarios_is_asked_its_own_one_where_none_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert scenario_of("--engine", "networkx") == "calm"  # the demo has no scenario of the name that is meant
    monkeypatch.setattr(engines, "SMALL_SCENARIO", {"networkx": "storm"})
    assert scenario_of("--engine", "networkx") == "storm"
    assert scenario_of("--engine", "networkx", "--scenario", "calm") == "calm"
    assert scenario_of("--engine", "reference") == "calm"


@pytest.mark.parametrize("command", [["check", "D-01"], ["explain", "D-01"]], ids=" ".join)
def test_less_memory_than_is_held_before_any_search_is_refused_and_enough_is_not(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(*command, "--memory", "65536")[0] == 0
    monkeypatch.setattr(memory, "peak_bytes", lambda: (99 << 20) + 1)
    assert run(*command, "--memory", "99") == (
        2, "", "ccmproof: --memory 99: 100 MiB are in use before the search begins; allow it more\n"
    )  # fmt: skip
    assert run(*command, "--memory", "99", "--engine", "plian")[2].startswith("ccmproof: there is no engine 'plian'")
    monkeypatch.setattr(memory, "peak_bytes", lambda: None)  # a system that does not tell
    assert run(*command, "--memory", "1", "--engine", "plain")[2] == ""


def test_an_unknown_option_is_two() -> None:
    code, out, err = run("check", "--senario", "calm")
    assert (code, out) == (2, "")
    assert "No such option: --senario" in err and "--scenario" in err


def test_an_empty_suite_is_an_error_and_never_green(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "system", lambda: demo(()))
    assert run("check") == (2, "", "ccmproof: there is no property to check: the suite is empty\n")


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["d-02"], ["D-02"]),
        (["D-0[13]"], ["D-01", "D-03"]),
        (["r-*", "D-02"], ["D-02", "R-01", "R-02"]),
        ([], [prop.id for prop in SUITE]),
    ],
)
def test_properties_are_chosen_by_id_and_pattern_whatever_the_case_in_the_suites_order(
    patterns: list[str], chosen: list[str]
) -> None:
    _, out, _ = run("check", *patterns, "--json")
    assert [each["id"] for each in json.loads(out)["reports"][0]["properties"]] == chosen


def test_all_scenarios_are_judged_together() -> None:
    code, out, _ = run("check", "--all", "--json")
    data = json.loads(out)
    assert (code, data["all_scenarios"], data["unreached"]) == (0, True, [])
    assert [report["scenario"] for report in data["reports"]] == ["calm", "storm"]


def test_what_is_never_reached_in_any_scenario_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    calm_only = replace(demo(), scenarios={"calm": demo().scenarios["calm"]})
    monkeypatch.setattr(cli, "system", lambda: calm_only)
    code, out, _ = run("check", "--all")
    assert code == 1
    assert "Never reached in any scenario\n event     ring: it never happens in any scenario\n" in out
    assert "; 4 things never reached exit 1: something is not as expected " in " ".join(out.split())


def schema() -> Draft202012Validator:
    text = (resources.files("ccmproof.harness") / "schema" / "report-1.json").read_text(encoding="utf-8")
    data = json.loads(text)
    Draft202012Validator.check_schema(data)
    return Draft202012Validator(data)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "--all"],
        ["check", "--profile"],
        ["check", "--set", "porter_checks=*"],
        ["check", "--engine", "reference", "--limit", "0"],
    ],
)
def test_json_is_what_its_schema_says(arguments: list[str]) -> None:
    _, out, _ = run(*arguments, "--format", "json")
    schema().validate(json.loads(out))


def test_the_schema_refuses_what_it_does_not_know() -> None:
    data = json.loads(run("check", "--json")[1])
    data["reports"][0]["properties"][0]["verdict"] = "passes"
    data["surprise"] = 1
    assert sorted(error.validator for error in schema().iter_errors(data)) == ["additionalProperties", "enum"]


def test_junit_passes_an_expected_failure_with_a_note_and_fails_an_unexpected_one() -> None:
    _, out, _ = run("check", "D-02", "A-01", "R-02", "--set", "porter_checks=lax", "--format", "junit")
    root = ElementTree.fromstring(out)
    cases = {case.attrib["name"].split(":")[0]: case for case in root.iter("testcase")}
    assert [child.tag for child in cases["D-02"]] == ["system-out"]
    assert (cases["D-02"].findtext("system-out") or "").startswith(
        "fails in 2 environments (50 %); fails exactly when key is bad; as expected; anybody may ask\n"
    )
    assert [child.tag for child in cases["A-01"]] == ["skipped"]
    assert [child.tag for child in cases["R-02"]] == ["failure"]
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["skipped"]) == ("3", "1", "1")


def test_junit_says_of_an_unexpected_failure_what_its_causes_are_as_the_text_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim = Property("X", "Door", "Whoever waits in dry weather has a good key", "", when=WAITING_IN_DRY, then=GOOD)
    monkeypatch.setattr(cli, "system", lambda: demo((claim,)))
    causes = "fails, where it is put to the test, exactly when key is bad"
    code, out, _ = run("check", "--format", "junit")
    (failure,) = ElementTree.fromstring(out).iter("failure")
    assert (code, failure.attrib["message"]) == (1, f"fails in 1 environment (25 %); {causes}; expected: holds")
    assert causes in " ".join(run("check")[1].split())


def test_junit_reports_what_is_undetermined_as_an_error() -> None:
    code, out, _ = run("check", "D-03", "--engine", "reference", "--limit", "0", "--format", "junit", "--all")
    assert code == 3
    assert [e.attrib["type"] for e in ElementTree.fromstring(out).iter("error")] == ["undetermined"] * 3


def test_a_file_is_written_in_utf_8_whole_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old", encoding="utf-8")
    assert run("check", "-o", str(target)) == (0, "", "")
    assert "✗ fails" in target.read_bytes().decode("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_a_file_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "report.txt"
    assert run("check", "-o", str(missing)) == (
        2,
        "",
        f"ccmproof: cannot write {missing}: there is no folder {missing.parent}\n",
    )
    assert run("check", "-o", str(tmp_path)) == (2, "", f"ccmproof: cannot write {tmp_path}: it is a folder\n")


def test_a_name_that_is_too_long_for_a_file_or_folder_is_refused_before_any_work(tmp_path: Path) -> None:
    for option, refusal in (("-o", "cannot write"), ("--runs", "cannot keep runs in")):
        code, out, err = run("check", option, str(tmp_path / ("x" * 5000)))
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"ccmproof: {refusal} ")
    assert run("check", "--runs", __file__) == (
        2, "", f"ccmproof: cannot keep runs in {__file__}: it is no folder\n"
    )  # fmt: skip


def test_runs_are_kept_as_files_that_can_be_read_again(tmp_path: Path) -> None:
    run("check", "--runs", str(tmp_path / "runs"))
    names = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert names == ["calm.D-02.run.json", "calm.D-04.run.json", "calm.D-06.run.json"]
    kept = json.loads((tmp_path / "runs" / names[2]).read_text(encoding="utf-8"))
    assert [step["event"] for step in kept["steps"]] == ["ask_with_bad_key", "turn_away", "ask_with_bad_key"]


def test_an_interruption_keeps_what_was_found_and_says_what_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    real = checker.check

    def interrupted(scenario: object, *rest: object, **options: object) -> object:
        if scenario is demo().scenarios["storm"]:
            raise KeyboardInterrupt
        return real(scenario, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(checker, "check", interrupted)
    code, out, _ = run("check", "--all")
    assert code == 3
    assert "Interrupted: 1 of 2 scenarios had been checked" in out
    assert run("check", "--scenario", "storm") == (3, "", "ccmproof: interrupted; nothing had been covered\n")


def test_list_and_show_have_everything_that_has_a_name() -> None:
    code, out, _ = run("list")
    assert code == 0 and re.findall(r"^  (\w+) +(\d+)$", out, re.MULTILINE) == [
        ("actors", "7"), ("events", "7"), ("properties", "9"), ("parameters", "2"), ("unknowns", "2"),
        ("scenarios", "2"), ("predicates", "1"),
    ]  # fmt: skip
    for name in ("visitor", "request", "let_in", "D-01", "d-01", "porter_checks", "key", "storm", "fits", "has_asked"):
        assert run("show", name)[0] == 0


def test_show_minds_no_case_and_an_empty_name_is_no_name() -> None:
    for name in ("visitor", "request", "let_in", "D-01", "key", "storm", "fits"):
        assert run("show", name.upper()) == run("show", name)
    assert run("show", "") == (2, "", "ccmproof: nothing is called ''; `ccmproof list` says what there is\n")


def test_show_gives_an_actor_as_a_table_of_its_rows() -> None:
    data = json.loads(run("show", "porter", "--json")[1])
    assert (data[0]["kind"], data[0]["host"], data[0]["holds up"]) == (
        "actor", "porter", "ask_with_good_key ask_with_bad_key",
    )  # fmt: skip
    assert data[0]["tables"]["rows"][2:] == [
        {"event": "let_in (sends)", "from": "judging", "to": "idle", "when": "fits or porter_checks is lax",
         "effect": "", "cites": "P1 P2"},
        {"event": "turn_away (sends)", "from": "judging", "to": "idle", "when": "otherwise",
         "effect": "", "cites": "P2"},
    ]  # fmt: skip


def test_show_gives_an_event_with_who_decides_and_who_receives() -> None:
    data = json.loads(run("show", "turn_away", "--json")[1])
    assert (data[0]["decided by"], data[0]["refuses"]) == ("porter", "401")
    assert data[0]["received by"] == "request.shown request.count visitor was_refused"


def test_order_stores_an_order_of_the_moving_actors(tmp_path: Path) -> None:
    target = tmp_path / "order.json"
    code, out, _ = run("order", "--tries", "3", "--quiet", "-o", str(target))
    assert code == 0 and re.fullmatch(r"\d+ nodes; the order is stored in .*\n", out)
    moving = ["bell", "has_asked", "porter", "request.count", "request.shown", "visitor", "was_refused"]
    assert sorted(json.loads(target.read_text(encoding="utf-8"))) == moving


def test_the_module_is_the_command() -> None:
    command = [sys.executable, "-P", "-m", "ccmproof.harness.cli", "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == run("--version")[1]


def test_help_and_version_do_not_load_what_is_heavy() -> None:
    script = (
        "import sys, ccmproof.harness.cli\n"
        "heavy = ('networkx', 'rich.table', 'transitions', 'numpy', 'ccmproof.model.workflow')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
    assert re.fullmatch(r"ccmproof \d+\.\d+.*\n", run("--version")[1])


def test_a_condition_that_is_nested_too_deeply_is_unusable() -> None:
    code, out, err = run("explain", "--goal", "(" * 3000 + "key is bad" + ")" * 3000)
    assert (code, out, err) == (2, "", "ccmproof: a condition is nested too deeply to be understood\n")


def test_a_search_that_was_cut_short_says_that_its_counts_are_of_what_was_covered() -> None:
    _, out, _ = run("check", "D-03", "--engine", "reference", "--limit", "0")
    assert re.search(r"[\d,]+ states? so far", " ".join(out.split()))
