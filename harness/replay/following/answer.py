"""The answer: what a diagnosis says of one device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from ..pattern import Seen
from .binding import Warned
from .deviation import Refused
from .findings import Finding
from .longest import Longest
from .ranking import Left, Named, Trouble
from .stages import Passed
from .trail import Placed


class Verdict(Enum):
    CONFORMS = "conforms"
    STALLED = "stalled"
    DEVIATES = "deviates"
    OTHER = "other workflow"
    UNSAID = "unknown"


@dataclass(frozen=True)
class Deviation:
    """A line that contradicts what came before, why none of its events may happen there, and how what came before is
    explained."""

    placed: Placed
    number: int
    """Its place among the recognised lines that were followed."""
    refused: tuple[Refused, ...]
    longest: Longest


@dataclass(frozen=True)
class Diagnosis:
    """What is said of one device.

    Attributes:
        where, why, then: the three lines: where it stands, why, what to look at or do next.
        seen: every recognised line, in order; ``placed``: those that were followed, in an order
            that is possible: the client's, and those of the site that its run explains.
        troubles: the lines that speak of a failure that was not overcome; ``overcome``: the others.
        named: the causes that lines support, ranked; ``left``: the minimal causes that are possible beside them.
        actors: the states that each actor of the client may be in after the last line.
        workflow: the other workflow that it is, where it is one.
        inexact: it was too much to find out all that silent events lead to.
        site: of the lines of the site beside a client's, how many its run explains, and how many there are.
        nameless: those of them, by identity, that bear no name of this device: they may be about another one.
    """

    device: str
    verdict: Verdict
    where: str
    why: str
    then: str
    seen: tuple[Seen, ...] = ()
    placed: tuple[Placed, ...] = ()
    stages: tuple[Passed, ...] = ()
    actors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    overcome: tuple[Trouble, ...] = ()
    named: tuple[Named, ...] = ()
    left: tuple[Left, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    findings: tuple[Finding, ...] = ()
    warnings: tuple[Warned, ...] = ()
    workflow: str = ""
    logs: tuple[str, ...] = ()
    environments: tuple[int, int] = (0, 0)
    inexact: bool = False
    site: tuple[int, int] = (0, 0)
    nameless: frozenset[int] = frozenset()

    @property
    def exit(self) -> int:
        if self.verdict in (Verdict.OTHER, Verdict.UNSAID):
            return 3
        return int(self.verdict is not Verdict.CONFORMS or bool(self.findings))
