"""`ccmproof diagram --all`: each entry by its own command, in the folder that is named."""

from __future__ import annotations

from pathlib import Path

import ccmproof.diagrams
import pytest
from ccmproof.harness import cli, gallery
from ccmproof.harness.gallery import Entry, Group
from demo import demo
from typer.testing import CliRunner

DOOR = (
    Group("actors", "Actors", "Who decides.", (
        Entry("The visitor: in & out", "actor visitor", "In and out."),
        Entry("What breaks", "counterexample A-01 --scenario 'storm'", "The alarm."),
    )),
    Group("product", "The product", "Nothing yet.", ()),
)  # fmt: skip


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gallery is about the door."""
    monkeypatch.setattr(cli, "system", demo)
    monkeypatch.setattr(gallery, "GALLERY", DOOR)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.app, ["diagram", *arguments], env={"COLUMNS": "80"})
    return result.exit_code, result.stdout, result.stderr


def test_each_page_has_what_the_commands_print(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    assert run("--all", "-o", str(folder)) == run("--all", "-o", str(folder), "-q") == (0, "", "")
    assert sorted(each.name for each in folder.iterdir()) == ["README.md", "actors.md"]
    _, one, _ = run("actor", "visitor")
    _, two, _ = run("counterexample", "A-01", "--scenario", "storm")
    assert (folder / "actors.md").read_text(encoding="utf-8") == (
        "<!-- Made by `ccmproof diagram --all`; changes by hand are lost. -->\n\n"
        "# Actors\n\nWho decides. [All diagrams](README.md)\n\n"
        "## The visitor: in & out\n\nIn and out.\n\n```sh\nccmproof diagram actor visitor\n```\n\n"
        f"<!-- diagram:actor visitor -->\n```mermaid\n{one}```\n\n"
        "## What breaks\n\nThe alarm.\n\n```sh\nccmproof diagram counterexample A-01 --scenario 'storm'\n```\n\n"
        f"<!-- diagram:counterexample A-01 --scenario 'storm' -->\n```mermaid\n{two}```\n"
    )
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert "| [The visitor: in & out](actors.md#the-visitor-in--out) | In and out. | `actor visitor` |\n" in index
    assert "The product" not in index


def test_an_entry_that_cannot_be_drawn_ends_it_as_its_command_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "GALLERY", (Group("a", "A", "", (Entry("x", "actor visitr", ""),)),))
    code, text, said = run("--all", "-o", str(tmp_path))
    assert (code, text) == (2, "") and said.startswith("ccmproof: there is no actor 'visitr' (did you mean")
    assert list(tmp_path.iterdir()) == []


def test_without_a_checkout_a_folder_must_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gallery.home() == Path(__file__).resolve().parent.parent.parent / "diagrams" / "gallery"
    monkeypatch.setattr(ccmproof.diagrams, "__file__", str(tmp_path / "diagrams" / "__init__.py"))
    said = "there is no checkout whose gallery could be renewed: name a folder, -o FOLDER"
    assert run("--all") == (2, "", f"ccmproof: {said}\n")


def test_a_file_is_no_folder() -> None:
    code, text, said = run("--all", "-o", __file__)
    assert (code, text) == (2, "") and said.startswith(f"ccmproof: cannot keep diagrams in {__file__}: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-q",), "say what to draw (`ccmproof diagram --help`), or --all"),
        (("--all", "actor", "visitor"), "--all draws the whole gallery; leave actor out"),
        (("-o", "x.svg", "actor", "visitor"), "-o x.svg: it stands behind what is drawn, as in `actor … -o`"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...], said: str) -> None:
    assert run(*arguments) == (2, "", f"ccmproof: {said}\n")
