"""The command line as a process: its streams, a full disk, a pipe, encodings, and the same bytes for the same input."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
SCRIPT = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from demo import demo
from ccmproof.harness import cli
cli.system = demo
cli.main()
"""


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The demo's command line as a process of its own."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "PYTHONIOENCODING", "FORCE_COLOR")
    }
    command = [sys.executable, "-P", "-c", SCRIPT, str(TESTS), *arguments]
    return subprocess.run(command, capture_output=True, env={**kept, **environment}, check=False, timeout=60)


def into(redirections: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The demo's command line with its output sent elsewhere by a shell."""
    command = ["sh", "-c", f'exec "$@" {redirections}', "sh", sys.executable, "-P", "-c", SCRIPT, str(TESTS)]
    return subprocess.run([*command, *arguments], capture_output=True, check=False, timeout=60)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["check"], ["check", "--json"], ["list"]], ids=" ".join)
def test_a_full_disk_behind_standard_output_is_two_and_one_line(arguments: list[str]) -> None:
    found = into(">/dev/full", *arguments)
    assert found.stderr.decode() == f"ccmproof: cannot write to standard output: {os.strerror(errno.ENOSPC)}\n"
    assert found.returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_streams_that_are_closed_are_no_reason_for_a_traceback() -> None:
    closed = into(">&-", "list")
    assert (closed.returncode, closed.stderr) == (2, b"ccmproof: cannot write to standard output: it is closed\n")
    nowhere = into("2>&-", "check", "D-1")
    assert (nowhere.returncode, nowhere.stdout) == (2, b"")
    silent = into("2>&-", "check")
    assert (silent.returncode, b"exit 0" in silent.stdout) == (0, True)


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_a_reader_that_goes_away_early_is_no_error() -> None:
    found = into("| head -1; true", "list", "properties")
    assert (found.stdout.startswith(b"properties  9"), found.stderr) == (True, b"")


TIMES = re.compile(rb'("\w+_seconds": |"peak_bytes": | time=")[\d.e-]+|^[\d.]+ s \(model .*$', re.MULTILINE)


@pytest.mark.parametrize("form", ["text", "json", "junit"])
def test_the_same_bytes_whatever_the_hash_seed(form: str) -> None:
    first, second = (process("check", "--all", "--format", form, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first.returncode == second.returncode == 0
    assert TIMES.sub(b"", first.stdout) == TIMES.sub(b"", second.stdout) != b""
    assert TIMES.sub(b"", first.stdout) != first.stdout


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_explanation_is_the_same_bytes_whatever_the_hash_seed(form: str) -> None:
    command = ("explain", "--goal", "visitor is inside and weather is wet", "--tree", "--format", form)
    first, second = (process(*command, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first.returncode == second.returncode == 0
    assert TIMES.sub(b"", first.stdout) == TIMES.sub(b"", second.stdout) != first.stdout


def test_a_pipe_has_no_colours_no_progress_and_lines_of_80_columns() -> None:
    found = process("check", PYTHONIOENCODING="utf-8")
    text = found.stdout.decode("utf-8")
    assert "\x1b" not in text and found.stderr == b""
    assert max(map(len, text.splitlines())) <= 80
    assert "→ porter" in text


def test_a_stream_without_the_signs_gets_ascii_and_json_is_utf_8_all_the_same() -> None:
    found = process("check", PYTHONIOENCODING="ascii")
    text = found.stdout.decode("ascii")
    assert "visitor: ask with bad key -> porter" in text
    assert "?" not in text
    suite = process("check", "--json", PYTHONIOENCODING="ascii")
    assert json.loads(suite.stdout.decode("utf-8"))["exit"]["code"] == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signal to one process alone")
def test_control_c_in_the_middle_of_an_exploration_tells_what_was_covered() -> None:
    """The plain twin is at it for many seconds; the signal comes from outside."""
    command = [sys.executable, "-P", "-m", "ccmproof.harness.cli", "check", "--engine", "plain", "--scenario", "faults"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    said, complaint = (stream.decode() for stream in running.communicate(timeout=60))
    assert running.returncode == 3, said + complaint
    assert "interrupted" in said + complaint
    assert "Traceback" not in complaint
    assert "exit 0" not in said
