"""What the table of patterns answers for: statements, quoted lines, events; and what it says that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from . import table
from .causes import causes
from .pattern import Cause, Pattern
from .table_file import shipped

LOGS: dict[str, tuple[str, ...]] = {
    "L1": ("ccmsetup",),
    "L2": ("ADALOperationProvider", "CcmAad"),
    "L3": ("ClientIDManagerStartup",),
    "L4": ("CcmMessaging",),
    "L5": ("CMGService",),
    "L6": ("SMS_CLOUD_PROXYCONNECTOR",),
    "L7": ("CCM_STS",),
    "L8": ("MP_RegistrationManager",),
}
"""The logs that the document names, and the components that write them."""
STATEMENT = re.compile(r"[DIRTXKGLA]\d+(?:\.\d+[a-z]?)?\Z")
LINE = re.compile(r"line (\d+)\Z")


@dataclass(frozen=True)
class Told:
    """What patterns answer for.

    Attributes:
        statements: for each statement that is cited, and each log that the document names, the IDs of the patterns.
        lines: the same for the lines that the document quotes; with the components that write each pattern.
        events: for each event the patterns that stand for it or are written with it.
        silent: the events that nothing stands for, and why.
        unsaid: the lines of the document that no pattern is for, and why.
    """

    statements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: Mapping[int, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)
    unsaid: Mapping[int, str] = field(default_factory=dict)

    def of_line(self, number: int, log: str) -> tuple[str, ...]:
        """The patterns for a quoted line that the components of a log of the document write."""
        writers = LOGS.get(log, ())
        return tuple(
            name
            for name, logs in self.lines.get(number, {}).items()
            if not logs or any(each in logs for each in writers)
        )


def told(patterns: Iterable[Pattern] | None = None, named: Mapping[str, Cause] | None = None) -> Told:
    """What the shipped table answers for, or another with other causes."""
    patterns = shipped() if patterns is None else tuple(patterns)
    named = causes() if named is None else named
    statements: dict[str, dict[str, None]] = {}
    lines: dict[int, dict[str, tuple[str, ...]]] = {}
    events: dict[str, dict[str, None]] = {}
    for pattern in patterns:
        cites = [*pattern.cites, *(named[pattern.cause].cites if pattern.cause in named else ())]
        for cite in cites:
            if found := LINE.match(cite):
                lines.setdefault(int(found[1]), {})[pattern.id] = pattern.logs
            elif STATEMENT.match(cite):
                statements.setdefault(cite, {})[pattern.id] = None
        for name, writers in LOGS.items():
            if any(log in writers for log in pattern.logs):
                statements.setdefault(name, {})[pattern.id] = None
        for event in (*pattern.events, *pattern.echoes):
            events.setdefault(event, {})[pattern.id] = None
    silent, unsaid = _without()
    return Told(
        {name: tuple(ids) for name, ids in statements.items()},
        lines,
        {name: tuple(ids) for name, ids in events.items()},
        silent,
        unsaid,
    )


def _without() -> tuple[dict[str, str], dict[int, str]]:
    data = table.read("silent")
    silent = {event: each["why"] for each in data["silent"] for event in each["events"]}
    return silent, {number: each["why"] for each in data["unsaid"] for number in each["lines"]}
