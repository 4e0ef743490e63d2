"""``ccmproof replay``: what cannot be asked for together is said, and nothing is left undone without a word."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness import cli
from typer.testing import CliRunner


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([""], "an empty name"),
        (["HERE", ""], "an empty name"),
        (["HERE", "--many", "--follow"], "give one of them"),
        (["HERE", "--many", "--diagram", "story.svg"], "not for --many"),
        (["HERE", "--follow", "--diagram", "story.svg"], "not for --follow"),
        (["HERE", "--follow", "--runs", "runs"], "not for --follow"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(arguments: list[str], says: str, tmp_path: Path) -> None:
    (tmp_path / "ccmsetup.log").write_text("x\n", encoding="utf-8")
    found = CliRunner().invoke(cli.app, ["replay", *(str(tmp_path) if each == "HERE" else each for each in arguments)])
    assert found.exit_code == 2
    assert says in found.stderr
    assert found.stderr.count("\n") == 1
