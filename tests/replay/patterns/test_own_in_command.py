"""A table of the user's own is held to the model before anything is read by it."""

from __future__ import annotations

from pathlib import Path

from ccmproof.harness.cli import app
from typer.testing import CliRunner

CORPUS = Path(__file__).parents[1] / "corpus"


def test_an_event_that_there_is_not_is_told_in_a_line(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[pattern]]\nid = "own"\ntext = "Hello {x}"\nevents = ["cmg_returns_replay"]\nmeans = "x"\n')
    result = CliRunner().invoke(app, ["replay", str(CORPUS / "management-point-fails"), "--patterns", str(own)])
    assert result.exit_code == 2
    assert "own.toml:4:1: there is no event 'cmg_returns_replay' (did you mean 'cmg_returns_reply'?)" in " ".join(
        result.output.split()
    )
