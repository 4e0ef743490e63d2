"""Which run of a program a line is of, where one log has several: launcher and service, before and after a restart.

A run begins where the program says so. Its threads are its own until it ends: the launcher's lines go on between those
of the service that it has started, and are told from them by their threads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from ..line import Line

MARKS: Final = (
    b"started in process",
    b"exiting with return code",
    b"failed with error code",
    b"[----- S",
    b"Starting CCMEXEC",
)
"""Bytes of which each line has one that begins or ends a run."""
_BEGINS = re.compile(
    r"[=\[ ]{0,40}ccmsetup started in process \d|\[-{3,9} STARTUP -{3,9}\]|Starting CCMEXEC service", re.IGNORECASE
)
_ENDS = re.compile(
    r"CcmSetup (?:is exiting with return code|failed with error code)|\[-{3,9} SHUTDOWN -{3,9}\]", re.IGNORECASE
)
_MOST: Final = 10_000
"""Threads that are kept in mind."""
_LOGS: Final = 10_000
"""Logs whose runs are told apart; no folder has more, unless it is made so."""
_SILENT: Final = timedelta(minutes=30)
_FIRST: Final = "=[cCsS"
"""What the messages begin with that both look for."""


@dataclass(slots=True)
class Processes:
    """The runs that one log has had so far."""

    latest: int = 0
    _begun: bool = False
    _owner: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)
    _ended: set[int] = field(default_factory=set)

    def of(self, line: Line) -> int:
        """The run that wrote this line, which comes behind those that were asked for before."""
        telling = line.text[:1] in _FIRST
        if telling and _BEGINS.match(line.text):
            return self._begin(line)
        run = self._own(line)
        if run is None:
            run = self._other()
        if line.thread:
            self._note(line, run)
        self._begun = True
        if telling and _ENDS.match(line.text):
            self._ended.add(run)
        return run

    def _own(self, line: Line) -> int | None:
        """The run whose thread it is; ``None``: of none that still goes."""
        run, last = self._owner.get(line.thread, (None, None)) if line.thread else (None, None)
        if run is None or run == self.latest:
            return run
        return None if run in self._ended or _silent(last, line.when) else run

    def _begin(self, line: Line) -> int:
        if self._begun:
            self.latest += 1
        self._begun = True
        if line.thread:
            self._note(line, self.latest)
        return self.latest

    def _note(self, line: Line, run: int) -> None:
        if len(self._owner) > _MOST:
            self._owner.clear()
        self._owner[line.thread] = run, line.when

    def _other(self) -> int:
        """The run of a thread not met before: the latest one, or one more where all that began have ended."""
        if self.latest in self._ended:
            going = {run for run, _ in self._owner.values()} - self._ended
            if going:
                return max(going)
            self.latest += 1
        return self.latest


@dataclass(slots=True)
class Runs:
    """The runs of several logs."""

    _of: dict[tuple[str, str], Processes] = field(default_factory=dict)

    def told(self, line: Line, family: str) -> Line:
        """The line with the run of its log, in the files of a family, that wrote it."""
        key = (family, line.log) if len(self._of) < _LOGS else (family, "")
        of = self._of.get(key)
        if of is None:
            of = self._of[key] = Processes()
        run = of.of(line)
        return replace(line, process=run) if run else line


def _silent(last: datetime | None, now: datetime | None) -> bool:
    """Whether a thread said nothing for so long that another has its number by now."""
    if last is None or now is None:
        return False
    return abs(now.replace(tzinfo=None) - last.replace(tzinfo=None)) > _SILENT
