"""Logs that grow are diagnosed as they come, and what was read is not read again; with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import pytest
from ccmproof.harness.cli import replay as command
from ccmproof.harness.cli.replay_options import Wanted
from ccmproof.harness.replay.following.equipment import Equipment, equipment
from ccmproof.harness.replay.gathered import Gathered
from ccmproof.harness.replay.growing import growing
from ccmproof.harness.replay.patterns import recogniser
from ccmproof.model.kernel.errors import ModelError

from .cases import FOLDER

LINES = (FOLDER / "goes-dark" / "ccmsetup.log").read_bytes().splitlines(keepends=True)
LATER = (FOLDER / "goes-dark" / "LocationServices.log").read_bytes()
OTHER = LINES[1].replace(b"Running on platform", b"Nothing of note on")


def looks(source: Path, *steps: Callable[[], object], all_lines: bool = False) -> list[tuple[int, int, list[str]]]:
    """At each time that something is told: lines, recognised ones, logs; the steps happen while it sleeps."""
    left = list(steps)

    def told(devices: Sequence[Gathered]) -> tuple[int, int, list[str]]:
        (of,) = devices
        return of.lines, len(of.seen), sorted(of.logs)

    found = growing(
        [str(source)], recogniser(), all_lines=all_lines, sleep=lambda _: left.pop(0)(), stop=lambda: not left
    )
    return [told(devices) for devices in found]


def add(path: Path, *lines: bytes) -> None:
    with path.open("ab") as file:
        file.write(b"".join(lines))


def test_it_is_told_anew_where_something_recognised_has_come(tmp_path: Path) -> None:
    path = tmp_path / "ccmsetup.log"
    add(path, *LINES[:8])
    before = looks(path)[0]
    found = looks(path, lambda: add(path, OTHER), lambda: None, lambda: add(path, *LINES[8:12]), lambda: None)
    assert len(found) == 2
    assert found[0] == before
    assert found[1][0] == 13
    assert found[1][1] > before[1]


def test_a_log_that_comes_into_the_folder_is_followed_too_and_an_older_part_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "ccmsetup.log"
    add(path, *LINES[:8])

    def rolled() -> None:
        add(path, LINES[8])
        path.rename(tmp_path / "ccmsetup-20240318-091500.log")
        add(path, *LINES[9:12])

    found = looks(tmp_path, rolled, lambda: add(tmp_path / "LocationServices.log", LATER), lambda: None)
    assert [each[0] for each in found] == [8, 12, 12 + LATER.count(b"\n")]
    assert found[-1][2] == ["LocationServices", "ccmsetup"]


def test_nothing_is_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ccmsetup.log"
    add(path, *LINES)
    read: list[int] = []
    opened = Path.open

    def counted(self: Path, *arguments: Any) -> IO[Any]:
        file: IO[Any] = opened(self, *arguments)
        if self == path and arguments == ("rb",):
            whole = file.read

            def told(size: int = -1) -> bytes:
                data: bytes = whole(size)
                read.append(len(data))
                return data

            monkeypatch.setattr(file, "read", told, raising=False)
        return file

    size = path.stat().st_size
    monkeypatch.setattr(Path, "open", counted)
    looks(path, *[lambda: None] * 20)
    monkeypatch.undo()
    assert size <= sum(read) <= size + 21 * 256


@pytest.mark.parametrize("source", ["-", "bundle.zip", "absent.log", "no*.log"])
def test_what_cannot_grow_is_said(tmp_path: Path, source: str) -> None:
    with pytest.raises(ModelError, match="cannot follow"):
        looks(Path(source) if source == "-" else tmp_path / source)


@pytest.mark.long
def test_the_command_tells_what_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    using: Equipment = equipment(keep=False)
    monkeypatch.setattr(command, "equipped", lambda wanted: using)
    path = tmp_path / "ccmsetup.log"
    add(path, *LINES[:40])
    told: list[str] = []
    steps: list[Callable[[], object]] = [
        lambda: add(path, OTHER),
        lambda: add(path, (FOLDER / "root-ca-missing" / "post.txt").read_bytes()),
    ]

    def sleep(_: float) -> None:
        told.append(capsys.readouterr().out)
        if not steps:
            raise KeyboardInterrupt
        steps.pop(0)()

    assert command._followed([str(path)], Wanted(), sleep=sleep) == 1
    assert told[0] and not told[1]
    assert "root CA" in told[2]
