"""A test of components in a process of its own: whatever they do to that, this one lives to say what was tested.

A component may end the interpreter without a word (``os._exit(0)``, a library that crashes), put its output in between,
or keep it from ending. So nothing that it could do counts as a result: only what has come over the channel does, and
a test is over when it has said so there. The process is started anew, as on every system. Ctrl-C is for this one, which
passes it on; and when this one is no more, the other ends too.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread, current_thread, main_thread
from typing import TYPE_CHECKING, Any

from ccmproof.model.kernel.errors import ModelError

if TYPE_CHECKING:
    from .results import News
    from .testing import Task

LOOKS = 0.1
"""So often it is looked whether the process is still there, in seconds: its end of the channel may outlive it, in a
process that a component has started."""
GRACE = 5.0
"""So many seconds it has to end of itself once it has said all."""


class Ended(Exception):
    """The process has ended before the test was over; it says how, and what was being done."""


def apart(task: Task, tell: Callable[[News], None]) -> None:
    """Do a test in a process of its own, and tell of it here.

    Raises:
        ModelError: there is no such adapter, or a file with cases cannot be used.
        Ended: the process is no more, and the test was not over.
        KeyboardInterrupt: Ctrl-C, and the process has ended without a word, or nobody waits for it any more.
    """
    with TemporaryDirectory(prefix="ccmproof-test-", ignore_cleanup_errors=True) as folder:
        here, there = multiprocessing.get_context("spawn").Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_works, args=(there, replace(task, folder=Path(folder)))
        )
        with _without_ctrl_c():
            process.start()
        there.close()
        try:
            _listen(here, process, tell)
            process.join(GRACE)
        finally:
            process.kill()
            process.join()
            here.close()


def _listen(channel: Connection, process: SpawnProcess, tell: Callable[[News], None]) -> None:
    """Hear what is told until the test is over."""
    from .results import Over

    doing, asked_to_end = "its process begins", False
    while True:
        try:
            news = _next(channel, process)
        except KeyboardInterrupt:
            if asked_to_end:
                raise
            asked_to_end = True
            with suppress(OSError):
                channel.send("end")
            continue
        if news is None and asked_to_end:
            raise KeyboardInterrupt
        if news is None:
            process.join(GRACE)
            raise Ended(f"the process of the test is no more, with {_code(process)}: {doing}")
        if isinstance(news, str):
            doing = news
        elif isinstance(news, ModelError):
            raise news
        else:
            tell(news)
            if isinstance(news, Over):
                return


def _next(channel: Connection, process: SpawnProcess) -> Any:
    """What comes next; None where nothing can come any more."""
    while True:
        gone = process.exitcode is not None
        try:
            if channel.poll(LOOKS):
                return channel.recv()
        except (EOFError, OSError):
            return None
        if gone:
            return None


def _code(process: SpawnProcess) -> str:
    code = process.exitcode
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Whoever is started meanwhile does not hear Ctrl-C from its beginning, where that can be had."""
    if os.name == "nt" or current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)


# -- in the process of the test


def _works(channel: Connection, task: Task) -> None:
    """Do the test, and say so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _keep_output()
    lock = Lock()

    def say(what: object) -> None:
        with lock:
            channel.send(what)

    from .testing import test
    from .watch import Watch

    watch = Watch(task.patience, tell=say)
    Thread(target=_hears, args=(channel, watch.interrupt), daemon=True).start()
    say(f"{task.adapter or 'the test'} is being loaded")
    try:
        test(task, watch, say)
    except ModelError as error:
        say(error)
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.flush()
    os._exit(0)  # what a component has left running does not keep it


def _keep_output() -> None:
    """What components print is no output of ours."""
    with suppress(OSError, ValueError, AttributeError):  # either may be closed, or not be there
        sys.stdout.flush()
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr


def _hears(channel: Connection, interrupt: Callable[[], None]) -> None:
    """Pass on Ctrl-C; and end with whoever has begun the test."""
    try:
        while channel.recv() == "end":
            interrupt()
    except (EOFError, OSError):
        os._exit(1)
