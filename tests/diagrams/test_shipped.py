"""Diagrams of what is shipped: in the README and the gallery, all changes; and the output is the same each time."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ccmproof.diagrams.formats import written
from ccmproof.diagrams.limits import CHARACTERS, ELSEWHERE
from ccmproof.harness import cli
from ccmproof.harness.changes.shipped import named, shipped
from ccmproof.harness.drawing import drawn_actor, drawn_change
from ccmproof.harness.gallery import GALLERY
from ccmproof.harness.system import shipped as shipped_system
from mermaid_grammar import parsed
from typer.testing import CliRunner

PICTURES = ("explorer-dark.png", "explorer-light.png")
"""Of the explorer, which a test of it has taken."""
ROOT = Path(__file__).parent.parent.parent
HOME = ROOT / "diagrams" / "gallery"
MARKED = re.compile(r"<!-- diagram:(.*?) -->\n```mermaid\n(.*?)```\n", re.DOTALL)


def marked(page: Path) -> dict[str, str]:
    """The diagrams of a page by what stands behind ``ccmproof diagram``; there are no others on it."""
    text = page.read_text(encoding="utf-8")
    found = dict(MARKED.findall(text))
    assert len(found) == text.count("```mermaid") == text.count("<!-- diagram:")
    return found


IN_THE_README = marked(ROOT / "README.md")


def test_the_readme_has_two_diagrams() -> None:
    assert list(IN_THE_README) == ["actor entra", "workflow renewal"]


@pytest.mark.parametrize("arguments", IN_THE_README)
def test_a_diagram_in_the_readme_is_what_the_command_prints(arguments: str) -> None:
    result = CliRunner().invoke(cli.app, ["diagram", *shlex.split(arguments)])
    assert result.exit_code == 0 and result.stdout == IN_THE_README[arguments]


def test_the_gallery_has_what_its_table_says_and_each_diagram_is_whole_and_within_the_grammar() -> None:
    shown = [group for group in GALLERY if group.entries]
    assert sorted(path.name for path in HOME.iterdir()) == sorted(
        ["README.md", *PICTURES, *(f"{each.name}.md" for each in shown)]
    )
    index = (HOME / "README.md").read_text(encoding="utf-8")
    for group in shown:
        page = HOME / f"{group.name}.md"
        found = marked(page)
        assert list(found) == [entry.command for entry in group.entries]
        for text in found.values():
            assert len(text) <= CHARACTERS and "folded" not in text and ELSEWHERE not in text
            parsed(text)
        headings = re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        links = re.findall(rf"\[([^\]]*)\]\({group.name}\.md#([\w-]+)\)", index)
        assert [title for title, _ in links] == headings == [entry.title for entry in group.entries]
        assert [anchor for _, anchor in links] == [
            re.sub(r"[^\w -]", "", t).lower().replace(" ", "-") for t in headings
        ]
    assert sum(path.stat().st_size for path in HOME.iterdir()) < 2_000_000


@pytest.mark.long
def test_the_gallery_drawn_again_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli.app, ["diagram", "--all", "-o", str(tmp_path / "again")])
    assert (result.exit_code, result.output) == (0, "")
    again = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert again == {path.name: path.read_bytes() for path in HOME.glob("*.md")}


@pytest.mark.long
def test_every_shipped_change_and_actor_is_drawn_within_the_grammar() -> None:
    of = shipped_system()
    scenario = of.default
    for name in ("ccmsetup", "entra_request", "messaging", "management_point", "request.life", "pki", "renewed"):
        parsed(written(drawn_actor(of, scenario, name), "mermaid").decode())
    for name in shipped():
        change = named(name)
        graph = drawn_change(of, change, of.scenario(next(iter(change.scenarios), "")))
        found = parsed(written(graph, "mermaid").decode())
        assert any(role in ("added", "removed", "altered") for role in found.roles.values()) or any(
            label[0].startswith(("+", "−", "±")) for _, _, label in found.edges
        )


@pytest.mark.long
def test_the_output_is_the_same_whatever_the_hash_seed() -> None:
    def printed(seed: str, *arguments: str) -> bytes:
        command = [sys.executable, "-P", "-m", "ccmproof.harness.cli", "diagram", *arguments]
        return subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout

    for arguments in (
        ("actor", "line"),
        ("actor", "ccmsetup", "--format", "scxml"),
        ("network", "--format", "dot"),
        ("change", "c06-token-lives-a-day"),
        ("product", "ccmsetup", "pki", "--format", "dot"),
        ("product", "--scenario", "bulk", "--format", "graphml"),
    ):
        assert printed("1", *arguments) == printed("2", *arguments)
