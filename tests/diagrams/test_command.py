"""`ccmproof diagram`: every kind in every format, and what it says of input that is unusable."""

from __future__ import annotations

import json
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness import cli
from ccmproof.harness.engines import Limit
from ccmproof.harness.runfile import read_run
from ccmproof.model.kernel.errors import ModelError
from demo import demo
from mermaid_grammar import parsed
from typer.testing import CliRunner

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands are about the door."""
    monkeypatch.setattr(cli, "system", demo)


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of ``ccmproof diagram``."""
    result = RUNNER.invoke(cli.app, ["diagram", *arguments], env={"COLUMNS": "80"})
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A kept run of the door's: nobody asks again after a refusal, but somebody does."""
    result = RUNNER.invoke(cli.app, ["check", "D-06", "--runs", str(tmp_path)])
    assert result.exit_code == 0
    return tmp_path / "calm.D-06.run.json"


def changed(kept: Path, **entries: Any) -> Path:
    """A copy of the run with some entries replaced."""
    data = json.loads(kept.read_text(encoding="utf-8"))
    path = kept.with_name("changed.json")
    path.write_text(json.dumps({**data, **entries}), encoding="utf-8")
    return path


KINDS = [
    ("actor", "visitor"),
    ("network",),
    ("counterexample", "D-06", "-q"),
    ("counterexample", "A-01", "--scenario", "storm"),
    ("causes", "D-02"),
    ("causes", "visitor is inside", "--depth", "2"),
]


@pytest.mark.parametrize("arguments", KINDS, ids=" ".join)
def test_every_kind_is_printed_as_mermaid_and_written_in_every_format(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    pytest.importorskip("pygraphviz")
    code, text, complaint = run(*arguments)
    assert (code, complaint) == (0, "")
    parsed(text)
    starts = {"a.mmd": b"---\ntitle: ", "a.dot": b"digraph {\n", "a.svg": b"<?xml ", "a.png": b"\x89PNG"}
    for name, start in starts.items():
        file = tmp_path / name
        assert run(*arguments, "-o", str(file)) == (0, "", "")
        assert file.read_bytes().startswith(start)
    assert (tmp_path / "a.mmd").read_text(encoding="utf-8") == text


def test_a_kept_run_is_drawn_like_the_counterexample_but_for_what_it_breaks(kept: Path) -> None:
    code, text, _ = run("sequence", str(kept))
    told = parsed(run("counterexample", "D-06")[1])
    found = parsed(text)
    assert code == 0 and text.startswith('---\ntitle: "calm.D-06"\n')
    assert found.lanes == told.lanes == ["visitor", "porter"]
    assert found.items == told.items[:-1]
    assert found.items[:3] == [
        ("note", "visitor to porter", ("key bad; all else as usual",)),
        ("message", "visitor ->> porter", ("1 · ask with bad key",)),
        ("message", "porter -x visitor", ("✗ 2 · turn away (401)",)),
    ]
    assert told.items[-1][2][0] == "✗ step 3 breaks it"


def test_a_run_finds_its_scenario(tmp_path: Path) -> None:
    RUNNER.invoke(cli.app, ["check", "A-01", "--scenario", "storm", "--runs", str(tmp_path)])
    path = tmp_path / "storm.A-01.run.json"
    assert read_run(path, demo()).scenario.name == "calm"  # the alarm's parameter is part of the environment
    assert read_run(path, demo(), demo().scenario("storm")).scenario.name == "storm"
    assert read_run(path, demo()).run.to_json() == json.loads(path.read_text(encoding="utf-8"))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"version": 2}, "it is a run of version 2, and version 1 is read here"),
    ({"steps": 3}, "it is no run: 'steps' is no list"),
    ({"steps": [{}]}, "it is no run: step 1 does not say its event and what that changed"),
    ({"initial": []}, "it is no run: 'initial' does not say a state of each actor"),
    ({"loop": True}, "it is no run: 'loop' is no number"),
    ({"because": [1]}, "it is no run: 'because' is no list of texts"),
    ({"network": "gate"}, "it is no run of any scenario here: its network is 'gate', and here it is 'door'"),
    ({"loop": 1}, "it is no run of any scenario here: the loop of the run does not close"),
]


@pytest.mark.parametrize(("entries", "said"), WRONG, ids=lambda each: str(each)[:30])
def test_what_is_no_run_is_refused_in_one_line(kept: Path, entries: dict[str, Any], said: str) -> None:
    path = changed(kept, **entries)
    assert run("sequence", str(path)) == (2, "", f"ccmproof: {path}: {said}\n")


def test_a_run_of_other_actors_events_or_steps_is_refused(kept: Path) -> None:
    data = json.loads(kept.read_text(encoding="utf-8"))
    lead = "it is no run of any scenario here: "
    initial = {**data["initial"], "portr": "idle"}
    with pytest.raises(ModelError, match=lead + r"there is no actor 'portr' \(did you mean 'porter'\?\)"):
        read_run(changed(kept, initial=initial), demo())
    with pytest.raises(ModelError, match=lead + "bell has no state 'broken'"):
        read_run(changed(kept, initial={**data["initial"], "bell": "broken"}), demo())
    with pytest.raises(ModelError, match=lead + "the run does not say in which state 'bell' is"):
        read_run(changed(kept, initial={k: v for k, v in data["initial"].items() if k != "bell"}), demo())
    step = {**data["steps"][0], "event": "ask_with_bad_ky"}
    with pytest.raises(ModelError, match=r"there is no event 'ask_with_bad_ky' \(did you mean 'ask_with_bad_key'\?\)"):
        read_run(changed(kept, steps=[step]), demo())
    with pytest.raises(
        ModelError, match="step 1 of the run, turn_away, is not possible there: not so that porter is ju"
    ):
        read_run(changed(kept, steps=data["steps"][1:2]), demo())  # a step is missing: said before what it changed
    step = {**data["steps"][0], "changed": {"request.shown": ["good", "bad"]}}
    with pytest.raises(ModelError, match=r"step 1: request\.shown is 'nothing' there, not 'good'"):
        read_run(changed(kept, steps=[step]), demo())
    step = {**data["steps"][0], "event": "ask_with_good_key"}
    with pytest.raises(ModelError, match="step 1 of the run, ask_with_good_key, is not possible there"):
        read_run(changed(kept, steps=[step]), demo())


def test_a_file_that_is_not_there_or_no_json_is_told(tmp_path: Path) -> None:
    (tmp_path / "calm.D-06.run.json").write_text("no", encoding="utf-8")
    code, _, said = run("sequence", str(tmp_path / "calm.D-06.run.json"))
    assert code == 2 and ": it is no run: it is no JSON (" in said and said.count("\n") == 1
    code, _, said = run("sequence", str(tmp_path / "calm.D-6.run.json"))
    assert code == 2 and said.endswith(" (did you mean 'calm.D-06.run.json'?)\n")


@pytest.mark.parametrize(
    ("function", "arguments", "what"),
    [("explain.explain", ("causes", "D-02"), "D-02"), ("checker.check", ("counterexample", "D-06"), "D-06")],
)
def test_what_was_cut_short_is_undetermined(
    function: str, arguments: tuple[str, ...], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, _, name = function.partition(".")
    of = import_module(f"ccmproof.harness.{module}")
    monkeypatch.setattr(of, name, partial(getattr(of, name), limit=Limit(seconds=0)))
    code, text, complaint = run(*arguments)
    assert (code, text) == (3, "")
    assert complaint.startswith(f"ccmproof: {what} in calm is undetermined, and there is nothing to draw: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("actor", "visitr"), "there is no actor 'visitr' (did you mean 'visitor'?)"),
        (("counterexample", "D-7"), "there is no property 'D-7'"),
        (("counterexample", "D-03"), "D-03 holds in calm: there is no run to draw"),
        (("causes", "D-2"), "there is no property 'D-2' (did you mean 'D-02'?)"),
        (("causes", "visitor is insde"), "(did you mean 'inside'?)"),
        (("change", "nothing-like-it"), "there is no change 'nothing-like-it'"),
        (("network", "--scenario", "clam"), "there is no scenario 'clam' (did you mean 'calm'?)"),
        (("network", "--format", "sgv"), "there is no format 'sgv' (did you mean 'svg'?)"),
        (("network", "-o", "a.txt"), "a.txt: its ending says no format"),
        (("network", "-o", "no/where/a.svg"), "there is no folder"),
    ],
)
def test_unusable_input_is_told_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    code, text, complaint = run(*arguments)
    assert (code, text) == (2, "") and said in complaint and complaint.count("\n") == 1
