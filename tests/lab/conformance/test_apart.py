"""What a component may do to the process of its test: none of it is a pass, each is told in one line with its place."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from ccmproof.harness.lab.conformance.cases import Verdict, read
from ccmproof.harness.lab.conformance.results import Over, Results, Scheduled

from .theirs import adapter, lab_test, short_cases

WORK = "PC0001 does not answer: work INSTALL, choice 1"
GONE = "the process of the test is no more, with exit code"
NO_KEY = "raises KeyError: 'nothing', in theirs.py, line 10"
RAISES = "raise KeyError('nothing')"

ENDINGS = {
    "leaves without a word": ("ExampleClient", "async def install(self):", "os._exit(0)", f"{GONE} 0: ", WORK),
    "leaves what still runs in its place": (
        "ExampleClient", "async def install(self):", "threading.Thread(target=threading.Event().wait).start(); "
        "os.fork() and os._exit(0); threading.Event().wait(3); os._exit(0)", f"{GONE} 0: ", WORK),
    "leaves when it is made": ("Gateway", "def __init__(self, world, config):", "os._exit(0)", f"{GONE} 0: ",
                               "its lab is not built"),
    "leaves when it is looked at": ("ExampleClient", "def observe(self):", "os._exit(0)", f"{GONE} 0: ", ""),
    "is not made": ("Gateway", "def __init__(self, world, config):", RAISES, f"the gateway's Theirs() {NO_KEY}", ""),
    "does not start": ("Gateway", "def start(self):", RAISES, f"the gateway's start() {NO_KEY}", ""),
    "exits as it starts": ("Gateway", "def start(self):", "sys.exit(0)",
                           "the gateway's start() raises SystemExit: 0, in theirs.py, line 10", ""),
    "is deaf": ("Gateway", "def start(self):", "pass",
                "the gateway does not serve under gw.example.net once its start() is over", ""),
    "cannot say what it has": ("ExampleClient", "def observe(self):", RAISES, f"the client's observe() {NO_KEY}", ""),
    "cannot say it later": (
        "ExampleClient", "def observe(self):", "return super().observe() if not self.tokens else self.tokens['x']",
        "the client's observe() raises KeyError: 'x', in theirs.py, line 10, observe(): go client, choice 14", ""),
    "exits when it is looked at": ("ExampleClient", "def observe(self):", "raise SystemExit",
                                   "the client's observe() raises SystemExit, in theirs.py", ""),
    "does not know what is due": ("ExampleClient", "def due(self):", RAISES, f"the client's due() {NO_KEY}", ""),
    "has something else due": ("ExampleClient", "def due(self):", "return {'INSTALL': 0}",
                               "the client's due() has 'INSTALL', which is no Work", ""),
    "cannot be told": ("ExampleClient", "def be_patient(self):", "pass",
                       "the client's be_patient() raises TypeError", ""),
    "interrupts where it must answer": ("ExampleClient", "def due(self):", "raise KeyboardInterrupt",
                                        "the client's due() raises KeyboardInterrupt, in theirs.py", ""),
    "leaves its loop": ("ExampleClient", "async def install(self):",
                        "asyncio.get_running_loop().call_soon(sys.exit, 0); await asyncio.sleep(9)",
                        "a component raises SystemExit: 0", ""),
}  # fmt: skip


QUICK = ("leaves without a word", "is not made", "cannot say it later", "does not know what is due", "leaves its loop")
"""Those that are looked at each time: one of each kind, for each takes a process."""


def _one_of_each_kind() -> list[object]:
    return [pytest.param(*of, marks=() if name in QUICK else pytest.mark.long, id=name) for name, of in ENDINGS.items()]


@pytest.fixture
def short(tmp_path: Path) -> Path:
    return short_cases(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="one of them forks")
@pytest.mark.parametrize(("of", "method", "body", "told", "ends"), _one_of_each_kind())
def test_whoever_ends_the_test_is_told_with_what_it_was_asked_and_at_which_step(
    short: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    of: str,
    method: str,
    body: str,
    told: str,
    ends: str,
) -> None:
    answer = lab_test(adapter(tmp_path, of, method, body), str(short))
    lines = answer.stdout.splitlines()
    name = read(short)[0].name
    assert answer.exit_code == 1, answer.stdout
    assert lines[0].startswith("✗ deviates")
    assert lines[1].startswith(f" fails: {name}") or lines[1].startswith(f" fails: {GONE}"), lines
    assert told in lines[1] and ends in lines[1] and name in lines[1], lines
    assert lines[2:] == [" not complete: 0 of 3 cases"]
    assert "Traceback" not in answer.stderr + capfd.readouterr().err


RUNS = {
    "SystemExit": "raise SystemExit(0)",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "KeyError": "raise KeyError('x')",
    "TypeError": "return 3 + 'x'",
}


@pytest.mark.parametrize(("error", "body"), RUNS.items(), ids=RUNS)
def test_what_run_raises_is_a_deviation_of_its_case_and_the_test_goes_on(
    short: Path, tmp_path: Path, error: str, body: str
) -> None:
    answer = lab_test(adapter(tmp_path, "ExampleClient", "async def run(self, work):", body), str(short), "--json")
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["fails"], found["complete"]) == (1, "", True)
    assert [(each["verdict"], each["step"]) for each in found["cases"]] == [("deviates", 1)] * 3
    first = found["cases"][0]["why"].splitlines()[0]
    assert f"work INSTALL: the client's run() ends with an error: {error}" in first
    assert "in theirs.py, line 10, run()" in first


def test_a_run_that_is_no_coroutine_is_one_too(short: Path, tmp_path: Path) -> None:
    answer = lab_test(adapter(tmp_path, "ExampleClient", "def run(self, work):", "return None"), str(short), "--json")
    assert answer.exit_code == 1
    assert "run() ends with an error: TypeError" in json.loads(answer.stdout)["cases"][0]["why"]


def test_what_was_found_before_is_kept(short: Path, tmp_path: Path) -> None:
    """It ends the process in the lab of the second case."""
    more = "made = []"
    body = "super().__init__(world, config); made.append(1); len(made) == 2 and os._exit(0)"
    path = adapter(tmp_path, "Gateway", "def __init__(self, world, config):", body, more)
    answer = lab_test(path, str(short), "--json")
    found, second = json.loads(answer.stdout), read(short)[1].name
    assert (answer.exit_code, found["complete"], len(found["cases"])) == (1, False, 1)
    assert found["fails"] == f"{GONE} 0: {second}: its lab is not built"


def test_an_adapter_that_ends_the_process_as_it_is_loaded_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "theirs.py"
    path.write_text("import os; os._exit(0)\n", encoding="utf-8")
    answer = lab_test(path)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr == f"ccmproof: {path}: {GONE} 0: {path} is being loaded\n"


def test_what_a_component_prints_is_no_output_of_ours(short: Path, tmp_path: Path) -> None:
    body = "print('{}'); os.write(1, b'{}'); os.system('echo {}'); return True"
    answer = lab_test(adapter(tmp_path, "Gateway", "def gives_properties(self, tenant):", body), str(short), "--json")
    assert json.loads(answer.stdout)["complete"]


def test_what_it_leaves_running_does_not_keep_the_test(short: Path, tmp_path: Path) -> None:
    body = "threading.Thread(target=threading.Event().wait).start(); return True"
    answer = lab_test(adapter(tmp_path, "Gateway", "def gives_properties(self, tenant):", body), str(short))
    assert answer.stdout.splitlines()[1].startswith(" 3 cases, ")


def test_nothing_is_a_pass_that_does_not_say_that_it_is_over() -> None:
    of = Results("ours", 0, 2, 0)
    of.hear(Scheduled("one", None))
    of.hear(Scheduled("two", None))
    assert (of.complete, of.verdict) == (False, Verdict.INCONCLUSIVE)
    of.hear(Over())
    assert (of.complete, of.verdict) == (True, Verdict.CONFORMS)
    of.schedules = 3
    assert (of.complete, of.verdict) == (False, Verdict.INCONCLUSIVE)
