"""Somebody watches a test of components that may be anybody's: what is being done, and whether anything is done at all.

The components run in a thread of their own, since one that blocks cannot be interrupted, only left: on every system,
whatever it does, and with Ctrl-C as ever. Whoever drives a lab says what it does (:func:`beat`); a component that does
nothing for as long as the watch is patient hangs (:class:`Hangs`), and the test is over. One that holds the
interpreter's own lock, so that not even the watch can run, is ended by :mod:`faulthandler`, which says where it was.
"""

from __future__ import annotations

import faulthandler
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from ..asked import Fails, place, pressed, raised, theirs

PATIENCE = 60.0
"""So many seconds nothing real takes, all of whose wires are memory."""
LOOKS = 0.1
"""So often the watch looks, in seconds."""
SLOWER = 1.5
"""So much longer than whoever drives a lab the watch itself waits, since a driver knows more of who does not answer."""
GRACE = 5.0
"""So many seconds what is interrupted has to come to its next step; then it is left."""
LAST = 4
"""The same of the last resort, where the watch cannot run."""


class Hangs(Exception):
    """A component neither answers nor ends; it says which, at which step, and where, as far as that is known."""


class Stopped(BaseException):
    """Whoever watches wants no more of it."""


@dataclass
class Watch:
    """One test that is watched.

    Attributes:
        patience: so many seconds a component may do nothing.
        part: of the test: a case, a schedule, a lab; ``step``: of the case, the number, where it is one.
        doing: what would be said if nothing came any more of what is being done.
        stopped: it is to end at its next step.
        folder: where labs keep their files, so that none is left of one that hangs; None: where the system does.
        tell: told what would be said if nothing came any more, each time that something is done.
    """

    patience: float = PATIENCE
    part: str = ""
    step: int = 0
    doing: str = ""
    stopped: bool = False
    folder: Path | None = None
    tell: Callable[[str], None] | None = None
    _since: float = field(default_factory=time.monotonic)
    _interrupted: Event = field(default_factory=Event)

    def begin(self, part: str) -> None:
        """Another part of the test begins."""
        self.part, self.step = part, 0
        self.beat("its lab is not built")

    def interrupt(self) -> None:
        """Wish for the end of what is watched, as Ctrl-C does; from any thread."""
        self._interrupted.set()

    @property
    def interrupted(self) -> bool:
        """Somebody has wished for the end."""
        return self._interrupted.is_set()

    @property
    def where(self) -> str:
        """At which part it is, and at which step of that."""
        return f"{self.part}, step {self.step}" if self.step else self.part

    def beat(self, doing: str, *, ends: bool = False) -> None:
        """Something is done; where it ``ends`` what goes on, that is what was wanted.

        Raises:
            Stopped: nothing more is wanted.
        """
        if self.stopped and not ends:
            raise Stopped
        self.doing, self._since = doing, time.monotonic()
        if self.tell is not None:
            self.tell(f"{self.where}: {doing}")

    @property
    def silent(self) -> float:
        """For how many seconds nothing has been done."""
        return time.monotonic() - self._since


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


def beat(doing: str, *, ends: bool = False) -> None:
    """Tell whoever watches, if anybody does, what would be said if nothing came any more of what is being done now.

    Args:
        ends: it ends what goes on.

    Raises:
        Stopped: nothing more is wanted.
    """
    watch = _watch.get()
    if watch is not None:
        watch.beat(doing, ends=ends)


def at_step(number: int) -> None:
    """Tell whoever watches that a case has come to a step, counted from 1."""
    watch = _watch.get()
    if watch is not None:
        watch.step = number


def patience() -> float:
    """So many seconds somebody who waits for a component waits."""
    watch = _watch.get()
    return watch.patience if watch is not None else PATIENCE


def folder() -> Path | None:
    """Where what is watched keeps its files; None: where the system does."""
    watch = _watch.get()
    return watch.folder if watch is not None else None


def watched(work: Callable[[], None], watch: Watch) -> None:
    """Let something be done in a thread of its own, and give it up where it hangs. What it raises is raised here.

    Raises:
        Hangs: a component does nothing any more. Its thread is left as it is.
        Fails: a component raises what would end the interpreter.
        KeyboardInterrupt: Ctrl-C, or :meth:`Watch.interrupt`; what is being done has ended at its next step, or is
            left.
    """
    ended: list[BaseException] = []
    watch.beat("nothing begins")  # whatever took its time before this was none of the components'

    def run() -> None:
        try:
            work()
        except (SystemExit, KeyboardInterrupt) as error:  # of a task that a component has made, say
            ended.append(error if pressed(error) else Fails(f"a component raises {raised(error)}"))
        except BaseException as error:
            ended.append(error)

    context = copy_context()
    context.run(_watch.set, watch)
    thread = Thread(target=context.run, args=(run,), name="components", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            _last_resort(LAST * watch.patience)
            thread.join(LOOKS)
            if watch.interrupted:
                raise KeyboardInterrupt
            if watch.silent > SLOWER * watch.patience and thread.is_alive():
                raise Hangs(f"{watch.doing}{_where(thread)}")
    except KeyboardInterrupt:
        watch.stopped = True
        with suppress(KeyboardInterrupt):  # who cannot wait even for that presses it again
            thread.join(min(GRACE, watch.patience))
        raise
    finally:
        faulthandler.cancel_dump_traceback_later()
    if ended:
        raise ended[0]


def _last_resort(seconds: float) -> None:
    """End the process with what its threads are at, unless this is called again in time."""
    try:
        sys.__stderr__.fileno()  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        return  # there is nobody who could be told
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)  # type: ignore[arg-type]


def _where(thread: Thread) -> str:
    """Where a thread is: the innermost place that is neither ours nor a library's, if there is one."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        if theirs(frame.f_code):
            return f", in {place(frame.f_code, frame.f_lineno)}"
        frame = frame.f_back
    return ""
