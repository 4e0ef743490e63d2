"""Logs that grow are read as they come, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ccmproof.harness.replay.reading import follow
from ccmproof.model.kernel.errors import ModelError
from replay.printing import ENCODINGS, INSTALL, client, run_of

SAID = run_of(INSTALL)
LINES = [(client(each) + "\r\n").encode() for each in SAID]


def followed(path: Path, *steps: Callable[[], object]) -> list[list[str]]:
    """What was read at each look; the steps happen while it sleeps."""
    left, found = list(steps), [[]]  # type: ignore[var-annotated]
    for line in follow([path], sleep=lambda _: left.pop(0)(), stop=lambda: not left):
        if line is None:
            found.append([])
        else:
            found[-1].append(line.text)
    return found[:-1]


def add(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_lines_come_when_they_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "ccmsetup.log"
    path.write_bytes(LINES[0] + LINES[1][:30])
    looks = followed(
        path,
        lambda: add(path, LINES[1][30:-9]),
        lambda: add(path, LINES[1][-9:]),
        lambda: None,
        lambda: add(path, LINES[2] + LINES[3]),
    )
    texts = [each.text for each in SAID]
    assert looks == [[texts[0]], [], [texts[1]], [], texts[2:4]]


@pytest.mark.parametrize("encoding", ["UTF-16 LE with a mark", "UTF-8 with a mark"])
def test_the_encoding_is_kept_from_the_beginning(tmp_path: Path, encoding: str) -> None:
    data = ENCODINGS[encoding](b"".join(LINES[:4]).decode())
    path = tmp_path / "ccmsetup.log"
    path.write_bytes(data[:600])
    looks = followed(path, lambda: add(path, data[600:]))
    assert [text for look in looks for text in look] == [each.text for each in SAID[:4]]


def test_a_log_that_is_rolled_over_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "ccmsetup.log"
    path.write_bytes(LINES[0])

    def roll() -> None:
        add(path, LINES[1])
        path.rename(tmp_path / "ccmsetup-20240318-091244.log")
        path.write_bytes(LINES[2])

    looks = followed(path, roll, lambda: path.unlink(), lambda: path.write_bytes(LINES[3]))
    assert [text for look in looks for text in look] == [each.text for each in SAID[:4]]


def test_a_log_that_is_begun_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "ccmsetup.log"
    path.write_bytes(b"".join(LINES[:3]))
    looks = followed(path, lambda: path.write_bytes(LINES[4]))
    assert looks == [[each.text for each in SAID[:3]], [SAID[4].text]]


@pytest.mark.parametrize("name", ["absent.log", "."])
def test_what_cannot_be_followed_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="cannot follow"):
        next(follow([tmp_path / name]))
