"""A component that hangs ends the test in one line, and Ctrl-C leaves what has been found: neither is ever green."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ccmproof.harness.lab.asked import Fails
from ccmproof.harness.lab.conformance.cases import SHIPPED, read, write
from ccmproof.harness.lab.conformance.watch import Hangs, Stopped, Watch, beat, watched
from typer.testing import Result

from .theirs import adapter, lab_test, short_cases

PATIENCE = "2"
BLOCKS = "threading.Event().wait()"
WAITS = "await asyncio.Event().wait()"


@pytest.fixture
def short(tmp_path: Path) -> Path:
    return short_cases(tmp_path)


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


HANGING = {
    "a gateway blocks": ("Gateway", "async def answer(self, incoming):", BLOCKS,
                         "gw.example.net does not answer: go client, choice 3, in theirs.py, line 10, answer()"),
    "a gateway waits": ("Gateway", "async def answer(self, incoming):", WAITS,
                        "gw.example.net does not answer: go client, choice 3"),
    "a gateway does not start": ("Gateway", "def start(self):", BLOCKS,
                                 "the lab does not start, in theirs.py, line 10, start()"),
    "a gateway is not made": ("Gateway", "def __init__(self, world, config):", BLOCKS,
                              "its lab is not built, in theirs.py, line 10, __init__()"),
    "a connection point waits": ("ConnectionPoint", "async def open_channel(self):", WAITS, "the lab does not start"),
    "a client waits": ("ExampleClient", "async def install(self):", WAITS,
                       "PC0001 does not answer: work INSTALL, choice 1"),
    "a client blocks when it is asked": ("ExampleClient", "def due(self):", BLOCKS,
                                         "in theirs.py, line 10, due()"),
}  # fmt: skip


@pytest.mark.parametrize(("of", "method", "body", "told"), HANGING.values(), ids=HANGING)
def test_what_hangs_ends_the_test_in_one_line(
    short: Path, tmp_path: Path, temporary: Path, of: str, method: str, body: str, told: str
) -> None:
    """And nothing is left of it but its thread."""
    answer = lab_test(adapter(tmp_path, of, method, body), str(short), "--patience", PATIENCE)
    lines = answer.stdout.splitlines()
    name = read(short)[0].name
    assert answer.exit_code == 1
    assert lines[0].startswith("✗ deviates")
    assert re.match(f" hangs: {name}(, step \\d+)?: ", lines[1]) and lines[1].endswith(told), lines
    assert lines[2] == " not complete: 0 of 3 cases"
    assert not list(temporary.iterdir())


def test_a_component_that_does_not_let_itself_be_ended_is_left(short: Path, tmp_path: Path) -> None:
    body = (
        "while True:\n            try:\n                await asyncio.Event().wait()\n"
        "            except asyncio.CancelledError:\n                continue"
    )
    path = adapter(tmp_path, "ExampleClient", "async def install(self):", body)
    answer = lab_test(path, str(short), "--patience", PATIENCE, "--json")
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["verdict"], found["complete"]) == (1, "deviates", False)
    assert found["hangs"].endswith("what still goes on does not end")


@pytest.mark.long
def test_what_holds_the_interpreters_lock_ends_the_process_with_the_place(short: Path, tmp_path: Path) -> None:
    """Nothing in Python runs beside it, and so no watch."""
    path = adapter(tmp_path, "Gateway", "async def answer(self, incoming):", 're.match("(a+)+$", "a" * 60 + "b")')
    words = ("lab", "test", str(short), "--adapter", str(path), "--patience", "1", "-q")
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "ccmproof.harness.cli", *words], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert f'"{path}", line 10 in answer' in ended.stderr


# -- Ctrl-C


INTERRUPTS = """
import os, signal, time
from ccmproof.harness.lab.conformance import watch
made = []
def ctrl_c_at(number):
    made.append(number)
    if len(made) == number:
        os.kill(os.getppid(), signal.SIGINT)
        while not watch._watch.get().stopped:  # until it has been heard
            time.sleep(0.001)
"""


@pytest.fixture(autouse=True)
def hears_ctrl_c() -> Iterator[None]:
    """Also where whoever runs the tests does not, as in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupted(folder: Path, at: int, *words: str, more: str = "", first: str = "") -> Result:
    """A test of four short cases, with Ctrl-C while the lab of this one is built."""
    case = next(each for each in read(SHIPPED) if each.environment["tenant"] == "not_onboarded")
    cases = folder / "cases.json"
    write([replace(case, name=f"case-{number}") for number in range(1, 5)], cases)
    body = f"super().__init__(world, config)\n        ctrl_c_at({at}){more}"
    path = adapter(folder, "Gateway", "def __init__(self, world, config):", body, INTERRUPTS + first)
    return lab_test(path, str(cases), *words)


def test_ctrl_c_gives_what_has_been_found_and_says_that_it_is_not_all(tmp_path: Path, temporary: Path) -> None:
    answer = interrupted(tmp_path, 3)
    assert not list(temporary.iterdir())
    assert answer.exit_code == 3
    title, second, third = answer.stdout.splitlines()
    assert title.startswith("? inconclusive")
    assert second == " interrupted, and not complete: 2 of 4 cases"
    assert third.startswith(" 2 cases, ") and third.endswith("2 conform")


def test_what_had_deviated_before_ctrl_c_has_deviated(tmp_path: Path) -> None:
    more = "\n    def gives_properties(self, tenant):\n        return True"
    answer = interrupted(tmp_path, 2, "--json", more=more)
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["verdict"], found["complete"]) == (1, "deviates", False)
    assert found["interrupted"] == "interrupted, and not complete: 1 of 4 cases"
    assert [each["verdict"] for each in found["cases"]] == ["deviates"]


def test_ctrl_c_while_a_component_blocks_leaves_it(tmp_path: Path) -> None:
    """It comes to no next step, so that the report does not wait for it."""
    answer = interrupted(tmp_path, 2, "--patience", "1", more=f"\n        if len(made) == 2: {BLOCKS}")
    assert answer.exit_code == 3
    assert answer.stdout.splitlines()[1] == " interrupted, and not complete: 1 of 4 cases"


def test_ctrl_c_twice_waits_for_nothing(tmp_path: Path) -> None:
    """Not for what blocks either, which would be left only after a day."""
    more = f"\n        if len(made) == 2:\n            os.kill(os.getppid(), signal.SIGINT)\n            {BLOCKS}"
    long = "\nwatch.GRACE = 86400"
    answer = interrupted(tmp_path, 2, "--patience", "86400", more=more, first=long)
    assert answer.exit_code == 3
    assert answer.stdout.splitlines()[1] == " interrupted, and not complete: 1 of 4 cases"


def test_ctrl_c_before_anything_is_done_says_so(tmp_path: Path) -> None:
    answer = interrupted(tmp_path, 1)
    assert (answer.exit_code, answer.stdout) == (3, "")
    assert answer.stderr == "ccmproof: interrupted; nothing had been covered\n"


# -- the watch itself


def test_ctrl_c_is_what_the_main_thread_hears_and_no_other() -> None:
    """A component that raises what looks like it has interrupted nobody."""

    def raises() -> None:
        raise KeyboardInterrupt

    with pytest.raises(Fails, match=r"a component raises KeyboardInterrupt, in test_watch\.py, line \d+, raises\(\)"):
        watched(raises, Watch(60))


def test_an_interruption_from_elsewhere_is_heard() -> None:
    watch, on = Watch(60), threading.Event()

    def works() -> None:
        while True:
            on.wait(0.01)
            beat("nothing comes of it")

    threading.Timer(0.05, watch.interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        watched(works, watch)
    assert watch.stopped


def test_what_is_raised_is_raised_to_whoever_watches() -> None:
    def fails() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        watched(fails, Watch(60))


def test_whoever_goes_on_does_not_hang() -> None:
    """It may take longer than the watch is patient, as long as something is done."""
    watch, on = Watch(0.2), threading.Event()

    def works() -> None:
        for _ in range(40):
            on.wait(0.02)
            beat("nothing comes of it")

    watched(works, watch)
    assert watch.doing == "nothing comes of it"


def test_what_took_its_time_before_does_not_count() -> None:
    watch = Watch(0.1)
    watch._since -= 1000
    seen: list[float] = []
    watched(lambda: seen.append(watch.silent), watch)
    assert seen[0] < 1000


def test_where_it_hangs_is_told() -> None:
    def blocks() -> None:
        beat("nothing comes of it")
        threading.Event().wait()

    with pytest.raises(Hangs, match=r"nothing comes of it, in test_watch\.py, line \d+, blocks\(\)"):
        watched(blocks, Watch(0.1))


def test_what_is_stopped_ends_at_its_next_step_but_may_clean_up() -> None:
    watch = Watch()
    watch.stopped = True
    watch.beat("what still goes on does not end", ends=True)
    with pytest.raises(Stopped):
        watch.beat("nothing comes of it")


def test_without_a_watch_nobody_is_told() -> None:
    beat("nothing comes of it")
