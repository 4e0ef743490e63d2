"""``ccmproof explore``: one file that needs no other, and one line for what cannot be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ccmproof.diagrams.explorer.data import script
from ccmproof.harness import cli
from ccmproof.harness.system import shipped
from demo import demo
from typer.testing import CliRunner

RUNNER = CliRunner()


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The demo in place of the shipped system, and a folder to write to."""
    monkeypatch.setattr(cli, "system", demo)
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = RUNNER.invoke(cli.app, ["explore", *arguments], env={"COLUMNS": "80"})
    assert result.stdout == ""
    return result.exit_code, result.stderr


def data_in(page: Path) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_the_page_is_one_file_that_refers_to_no_other(door: Path) -> None:
    assert run("--quiet") == (0, "")
    text = (door / "ccmproof-explore.html").read_text(encoding="utf-8")
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"|url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket", text) == []
    assert "{{" not in text.partition("<script>")[0]
    assert [actor["name"] for actor in data_in(door / "ccmproof-explore.html")["actors"]]  # type: ignore[attr-defined]


def test_the_same_page_each_time(door: Path) -> None:
    for name in ("a.html", "b.html"):
        assert run("--quiet", "--counterexample", "D-02", "-o", name) == (0, "")
    assert (door / "a.html").read_bytes() == (door / "b.html").read_bytes()


def test_nothing_that_a_model_says_ends_the_data() -> None:
    said = {"about": "</script><script>alert(1)</script>\u2028<!--"}
    text = script(said)
    assert "<" not in text and "\u2028" not in text
    assert json.loads(text) == said


def test_runs_of_files_and_counterexamples_lie_in_the_page(door: Path) -> None:
    result = RUNNER.invoke(cli.app, ["check", "D-02", "--runs", "kept", "-q"])
    assert result.exit_code == 0
    (file,) = (door / "kept").iterdir()
    assert run("--quiet", "--run", str(file), "--counterexample", "D-04") == (0, "")
    walks = data_in(door / "ccmproof-explore.html")["walks"]
    assert [walk["name"] for walk in walks] == [file.name.removesuffix(".run.json"), "D-04"]  # type: ignore[attr-defined]
    assert all(walk["tokens"] for walk in walks)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--scenario", "clam"], "there is no scenario 'clam' (did you mean 'calm'?); there are calm, storm"),
        (["--counterexample", "D-20"], "there is no property 'D-20' (did you mean 'D-06'?);"),
        (["--counterexample", "D-03"], "D-03 holds in calm: there is no run against it"),
        (["--set", "kee=good"], "there is no actor 'kee' (did you mean 'key'?)"),
        (["--set", "visitor=inside"], "visitor moves; only unknowns and parameters can be set"),
        (["--change", "no-such.toml"], "there is no file 'no-such.toml'"),
        (["--run", "no-such.json"], "cannot read no-such.json: No such file or directory"),
        (["-o", "no/such/folder.html"], "cannot write no/such/folder.html: there is no folder no/such"),
    ],
)
def test_what_cannot_be_is_one_line(door: Path, arguments: list[str], complaint: str) -> None:
    code, said = run("--quiet", *arguments)
    assert code == 2
    assert said.count("\n") == 1 and said.startswith(f"ccmproof: {complaint}"), said
    assert list(door.glob("*.html")) == []


def test_a_search_that_is_cut_short_leaves_no_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    code, said = run("--quiet", "--counterexample", "S-16c", "--limit", "0", "-o", str(page))
    assert (code, page.exists(), said.count("\n")) == (3, False, 1)
    assert said.startswith("ccmproof: S-16c in any-environment is undetermined, and there is nothing to draw: ")


def test_a_run_that_does_not_fit_says_at_which_step(door: Path) -> None:
    assert RUNNER.invoke(cli.app, ["check", "D-02", "--runs", "kept", "-q"]).exit_code == 0
    (file,) = (door / "kept").iterdir()
    data = json.loads(file.read_text(encoding="utf-8"))
    data["steps"][0]["event"] = "leave"
    file.write_text(json.dumps(data), encoding="utf-8")
    code, said = run("--quiet", "--run", str(file))
    assert (code, said.count("\n")) == (2, 1)
    assert said.endswith("step 1 of the run, leave, is not possible there: not so that visitor is inside\n")


def test_without_graphviz_it_says_what_to_install(door: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *more: object, **named: object) -> object:
        if name == "pygraphviz":
            raise ImportError("no pygraphviz here")
        return real(name, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    code, said = run("--quiet")
    assert code == 2 and "pip install 'ccmproof[diagrams]'" in said and said.count("\n") == 1


def test_the_shipped_page_is_small(tmp_path: Path) -> None:
    """It is sent by mail, and opened at once."""
    page = tmp_path / "page.html"
    assert run("--quiet", "-o", str(page)) == (0, "")
    assert page.stat().st_size < 1_000_000
    claims = data_in(page)["claims"]
    assert len(claims) > 100  # type: ignore[arg-type]
    assert {claim["name"] for claim in claims} <= {prop.id for prop in shipped().suite}  # type: ignore[attr-defined]


def test_a_run_is_opened_in_the_scenario_that_it_is_of(door: Path) -> None:
    """Nobody has to say which."""
    RUNNER.invoke(cli.app, ["check", "D-06", "--scenario", "storm", "--runs", "kept", "-q"])
    (file,) = (door / "kept").iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["environment"]["alarm"] == "on"
    assert run("--quiet", "--run", str(file)) == (0, "")
    assert data_in(door / "ccmproof-explore.html")["title"] == "ccmproof: storm"
    assert run("--quiet", "--run", str(file), "--scenario", "calm")[0] == 2
