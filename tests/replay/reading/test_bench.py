"""The bench of reading: every way sees the same lines, and the memory does not grow with the log."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from ccmproof.harness.bench import replay
from ccmproof.harness.bench.reading import WAYS, Pass, in_a_process, measured, table, write_log


def test_every_way_counts_the_same_lines(tmp_path: Path) -> None:
    path = tmp_path / "CcmMessaging.log"
    write_log(path, 1 << 20)
    found = {way: measured(way, path) for way in WAYS}
    assert {each.lines for each in found.values()} == {20_000}
    assert found["every line"].kept == 20_000
    assert 0 < found["what may matter"].kept == found["what is recognised"].kept < 1_500


def test_the_table_says_how_long_a_way_takes_beside_the_plain_pass() -> None:
    shown = table({"a plain pass": Pass(1000, 1000, 0.5, 3 << 20), "every line": Pass(1000, 10, 2.0, None)})
    assert "| a plain pass | 1,000 | 1,000 | 2,000 | 1.0 | 3 MiB |" in shown
    assert "| every line | 1,000 | 10 | 500 | 4.0 |  |" in shown


def test_the_log_that_is_replayed_has_one_line_in_twenty_that_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "CcmMessaging.log"
    replay.write_log(path, 1 << 20)
    assert 1 << 20 <= path.stat().st_size < (1 << 20) + 500
    found = measured("what is recognised", path)
    assert found.kept == -(-found.lines // replay.EVERY)


def test_the_table_of_the_whole_command() -> None:
    shown = replay.table(5 << 20, Pass(1000, 1000, 0.5, None), Pass(1000, 50, 2.0, None), replay.Whole(1, 0.5, 3 << 20))
    assert "| log | 5.0 MiB, 1,000 lines, 50 recognised |" in shown
    assert "| read and recognised | 500 lines/s |" in shown
    assert "| to plain | 4.0 |" in shown
    assert "| the whole command | 1.00 s, 0.50 s of CPU |" in shown
    assert "| its memory | 3 MiB at most |" in shown


@pytest.mark.long
def test_the_whole_command_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "CcmMessaging.log"
    replay.write_log(path, 1 << 16)
    measure = (
        "from pathlib import Path; from ccmproof.harness.bench.replay import command;"
        f" print(command(Path({str(path)!r})).peak)"
    )
    # a process of its own measures: what one is told of its child's memory has its own in it
    done = subprocess.run([sys.executable, "-P", "-c", measure], capture_output=True, encoding="utf-8", check=True)
    told = done.stdout
    assert told.strip() == "None" or 0 < int(told) < 500 << 20
    with pytest.raises(OSError, match="ends with 2"):
        replay.command(tmp_path / "absent.log")


@pytest.mark.long
def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    peaks = []
    for size in (16 << 20, 256 << 20):
        path = tmp_path / "CcmMessaging.log"
        write_log(path, size)
        peaks.append(in_a_process("every line", path).peak or 0)
    assert peaks[1] - peaks[0] < 32 << 20


@pytest.mark.long
@pytest.mark.parametrize(
    "line",
    [
        b"x" * 900_000 + b"\n",
        b"<![LOG[" + b"y" * 900_000,
        b"<![LOG[begins and does not end\n" + b"z\n" * 400_000,
        b"x" * 2_000_000,
        b"a\tccmsetup\t18.03.2024 09:12:40\t1 (0x1)\n" * 20_000,
    ],
    ids=["long lines", "long messages", "a message without an end", "one line", "rows"],
)
def test_memory_is_bounded_whatever_is_read(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "ccmsetup.log"
    with path.open("wb") as file:
        while file.tell() < (60 << 20 if b"ccmsetup" in line else 300 << 20):  # rows of a viewer take longer
            file.write(line)
    found = in_a_process("every line", path)
    assert found.peak is None or found.peak < 400 << 20
