"""The page on expressions: every example that it gives is run, and answers what the page says.

An example is a line ``$ ccmproof …`` in a block ``console``; what stands beneath it is the first paragraph that the
command prints, or what it complains of. Run as a script, it puts what the commands print now into the page.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from ccmproof.harness import cli
from typer.testing import CliRunner

FILE = Path(__file__).parents[2] / "model" / "EXPRESSIONS.md"
PAGE = FILE.read_text(encoding="utf-8")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
EXAMPLE = re.compile(r"^\$ (ccmproof [^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
EXAMPLES = [found.groups() for block in BLOCK.findall(PAGE) for found in EXAMPLE.finditer(block)]


def answered(command: str) -> str:
    """The sentence that a command answers, or its complaint."""
    result = CliRunner(env={"COLUMNS": "1000"}).invoke(cli.app, shlex.split(command)[1:])
    return (result.stdout or result.stderr).splitlines()[0] + "\n"


def test_every_question_has_examples() -> None:
    commands = [command for command, _ in EXAMPLES]
    for option in ("--never", "--always", "--leads-to", "--when", "--change"):
        assert any(option in command for command in commands)
    assert len(commands) >= 15


@pytest.mark.parametrize(("command", "answer"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_examples_answer_what_the_page_says(command: str, answer: str) -> None:
    assert answered(command) == answer


def test_links_of_the_page_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert links and [link for link in links if not (FILE.parent / link).exists()] == []


def _renewed(found: re.Match[str]) -> str:
    return f"$ {found[1]}\n{answered(found[1])}"


if __name__ == "__main__":
    renewed = BLOCK.sub(lambda block: "```console\n" + EXAMPLE.sub(_renewed, block[1]) + "```", PAGE)
    FILE.write_text(renewed, encoding="utf-8", newline="\n")
