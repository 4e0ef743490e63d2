"""The bench of reading: every way sees the same lines, and the memory does not grow with the log."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness.bench.reading import WAYS, Pass, in_a_process, measured, table, write_log


def test_every_way_counts_the_same_lines(tmp_path: Path) -> None:
    path = tmp_path / "CcmMessaging.log"
    write_log(path, 1 << 20)
    found = {way: measured(way, path) for way in WAYS}
    assert {each.lines for each in found.values()} == {20_000}
    assert found["every line"].kept == 20_000
    assert 0 < found["what may matter"].kept < 1_500


def test_the_table_says_how_long_a_way_takes_beside_the_plain_pass() -> None:
    shown = table({"a plain pass": Pass(1000, 1000, 0.5, 3 << 20), "every line": Pass(1000, 10, 2.0, None)})
    assert "| a plain pass | 1,000 | 1,000 | 2,000 | 1.0 | 3 MiB |" in shown
    assert "| every line | 1,000 | 10 | 500 | 4.0 |  |" in shown


@pytest.mark.long
def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    peaks = []
    for size in (16 << 20, 256 << 20):
        path = tmp_path / "CcmMessaging.log"
        write_log(path, size)
        peaks.append(in_a_process("every line", path).peak or 0)
    assert peaks[1] - peaks[0] < 32 << 20
