"""Where tasks are done: in this process, in processes of this machine, or wherever a Dask cluster has workers.

All of them are ``concurrent.futures.Executor``, and tasks are pure functions of what can be pickled, so a task whose
worker died is done once more, by another, and says the same.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

from ccmproof.model.kernel.errors import ModelError

Task = TypeVar("Task")
Result = TypeVar("Result")

_DYING = "workers die again and again, of too little memory perhaps; ask for fewer of them"
_ATTEMPTS = 3
"""How often a pool of processes is made, when workers of it die."""


class InProcess(Executor):
    """Does a task at once, here, when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Hands:
    """Who does the tasks, for as long as there are some: workers keep what they have learnt from one job to the next.

    Attributes:
        window: how many tasks are given out at a time.
        here: it is this process that does them, so that they can tell how they get on.
    """

    def __init__(self, make: Callable[[], Executor], window: int, *, here: bool = False) -> None:
        """``make`` gives an executor; once more where the one before broke."""
        self._make, self.window, self.here = make, window, here
        self._executor: Executor | None = None

    @property
    def executor(self) -> Executor:
        if self._executor is None:
            self._executor = self._make()
        return self._executor

    def let_go(self, *, wait: bool = True) -> None:
        """Be done with the executor; the next task is for a new one.

        Args:
            wait: for what is being done. Else nobody reads that any more, and processes of this one are ended.
        """
        executor, self._executor = self._executor, None
        if executor is None:
            return
        executor.shutdown(wait=wait)
        if not wait:
            for each in multiprocessing.active_children():
                each.terminate()

    def __enter__(self) -> Hands:
        return self

    def __exit__(self, *error: object) -> None:
        self.let_go(wait=error[0] is None)


def here() -> Hands:
    """This process."""
    return Hands(InProcess, 1, here=True)


def processes(workers: int) -> Hands:
    """So many processes of this machine, started anew, so that it is the same on every system; one is this process."""
    if workers == 1:
        return here()

    def make() -> Executor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(workers, mp_context=context, initializer=_begins)

    return Hands(make, 2 * workers)


def _begins() -> None:
    """Ctrl-C is for the process that gives out the tasks; when that is no more, nobody is to work on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_ends_with_its_parent, daemon=True).start()


def _ends_with_its_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def cluster(address: str) -> Iterator[Hands]:
    """The workers of a Dask cluster.

    Raises:
        ModelError: ``distributed`` is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise ModelError("--executor needs the extra 'cluster': pip install 'ccmproof[cluster]'") from error
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError, TimeoutError) as error:
        raise ModelError(f"--executor {address}: nobody answers there ({error})") from error
    with client:
        # pure=False: a task is asked once, and its answer is not kept under a hash of what was asked
        hands = Hands(lambda: client.get_executor(pure=False, retries=2), max(4, 3 * sum(client.ncores().values())))
        try:
            yield hands
        except KilledWorker as error:
            raise ModelError(_DYING) from error


def done(
    hands: Hands, work: Callable[..., Result], tasks: Sequence[Task], told: Callable[[Task, Result], None]
) -> None:
    """Do the tasks, in any order, and tell each once, as it is done.

    Args:
        work: is given a task's parts; a function of a module.

    Raises:
        ModelError: workers die again and again.
    """
    left = list(tasks)
    for _ in range(_ATTEMPTS):
        try:
            _round(hands, work, left, told)
            return
        except BrokenExecutor:
            continue
    raise ModelError(_DYING)


def _round(hands: Hands, work: Callable[..., Result], left: list[Task], told: Callable[[Task, Result], None]) -> None:
    """Give out what is left, and take from it what is done."""
    waiting = list(left)
    out: dict[Future[Result], Task] = {}
    try:
        while waiting or out:
            while waiting and len(out) < hands.window:
                task = waiting.pop(0)
                out[hands.executor.submit(work, *task)] = task  # type: ignore[misc]
            finished, _ = wait(out, return_when=FIRST_COMPLETED)
            for future in finished:
                task = out.pop(future)
                told(task, future.result())
                left.remove(task)
    except BaseException:
        for future in out:
            future.cancel()
        hands.let_go(wait=False)
        raise


def settled() -> None:
    """What a process holds now it will hold for long: collecting garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()


def unsettled() -> None:
    """What it held it holds no more."""
    gc.unfreeze()
    gc.collect()
