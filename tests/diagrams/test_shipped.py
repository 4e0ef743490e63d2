"""Diagrams of what is shipped: the one in the README, all changes, and that the output is the same each time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ccmproof.diagrams.formats import written
from ccmproof.harness import cli
from ccmproof.harness.changes.shipped import named, shipped
from ccmproof.harness.drawing import drawn_actor, drawn_change
from ccmproof.harness.system import shipped as shipped_system
from mermaid_grammar import parsed
from typer.testing import CliRunner

README = Path(__file__).parent.parent.parent / "README.md"


def test_the_diagram_in_the_readme_is_what_the_command_prints() -> None:
    text = README.read_text(encoding="utf-8")
    arguments, _, rest = text.partition("<!-- diagram:")[2].partition(" -->\n```mermaid\n")
    result = CliRunner().invoke(cli.app, ["diagram", *arguments.split()])
    assert result.exit_code == 0 and result.stdout == rest.partition("```\n")[0]


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
