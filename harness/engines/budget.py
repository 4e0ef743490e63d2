"""How far a search may go, who is told how it goes, and how it is interrupted. Every engine uses this."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TypeAlias

from ..memory import peak_bytes

Progress: TypeAlias = Callable[[int, float, str], None]
"""Called now and then with the number of nodes (or states) so far, the seconds so far, and what is being done."""

FEW_PARTS = 300_000
"""Combinations of states of the moving actors up to which a breadth-first search in all environments is affordable.

The symbolic engine then makes its rings part by part and not of diagrams; the checker looks for the shortest runs of
larger products in one environment each.
"""


@dataclass(frozen=True)
class Limit:
    """Where a search is cut short. ``None``: not at all. Nodes are states in an engine that has no nodes.

    ``bytes`` are of memory, of the whole process.
    """

    nodes: int | None = None
    seconds: float | None = None
    bytes: int | None = None


class CutShort(RuntimeError):
    """An answer was asked for that only a complete search can give."""


class Watch:
    """Looks after one search: tells of progress, and sets ``cut`` when a limit is passed or Ctrl-C is pressed.

    A search reads ``cut`` in its loops and then returns, quickly, what it has: always a part of the truth.
    """

    def __init__(
        self,
        progress: Progress | None = None,
        limit: Limit | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.cut = False
        self.why = ""
        self.what = "exploring"
        self._progress, self.limit, self._clock = progress, limit or Limit(), clock
        self._began = clock()

    def look(self, nodes: int) -> None:
        """Called by the search now and then."""
        seconds = self._clock() - self._began
        limit = self.limit
        if limit.nodes is not None and nodes > limit.nodes:
            self.stop(f"the limit of {limit.nodes:,} nodes was reached")
        if limit.seconds is not None and seconds > limit.seconds:
            self.stop(f"the limit of {limit.seconds:g} s was reached")
        if limit.bytes is not None:
            self.weigh(peak_bytes() or 0)
        if self._progress is not None:
            self._progress(nodes, seconds, self.what)

    def weigh(self, bytes: int) -> None:
        """Stop where so much memory is more than is allowed."""
        if self.limit.bytes is not None and bytes > self.limit.bytes:
            self.stop(f"the limit of {self.limit.bytes >> 20:,} MiB was reached")

    def stop(self, why: str) -> None:
        if not self.cut:
            self.cut, self.why = True, why

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Within it the first Ctrl-C cuts the search short; the second one raises ``KeyboardInterrupt`` as ever."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        former = signal.getsignal(signal.SIGINT)

        def handle(number: int, frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, former)
            self.stop("it was interrupted")

        if former is not signal.default_int_handler:
            yield  # somebody else looks after Ctrl-C
            return
        signal.signal(signal.SIGINT, handle)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, former)


class Watched:
    """What answers questions that may be cut short: one watch at a time looks after all of them."""

    _watch = Watch()
    _asking = False

    @contextmanager
    def watched(self, progress: Progress | None = None, limit: Limit | None = None) -> Iterator[Watch]:
        """A watch that Ctrl-C cuts short. Within another, where nothing new is asked, it is that one."""
        if self._asking and progress is None and limit is None:
            yield self._watch
            return
        former = self._watch, self._asking
        self._watch, self._asking = Watch(progress, limit), True
        try:
            with self._watch.interruptible():
                yield self._watch
        finally:
            self._watch, self._asking = former
