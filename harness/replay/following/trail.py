"""What each line is taken for on a way of reading a log, and the points at which such ways meet.

A point remembers *all* the steps that lead to it. So the ways can be told again, from the last line to the first: what
they have in common, and where they part (:mod:`.longest`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ..pattern import Seen


class Fit(Enum):
    """What a line is taken for, on one way of reading the log."""

    STEP = "step"
    HOLDS = "holds"
    SAID = "said"
    AGAIN = "again"
    ELSEWHERE = "elsewhere"
    BEGINS = "begins"
    GAP = "gap"
    DEVIATES = "deviates"


ASIDE = frozenset({Fit.SAID, Fit.AGAIN, Fit.ELSEWHERE})
"""Where a line is taken for one of these, the model makes no step for it."""
ANYWHERE = frozenset({Fit.BEGINS, Fit.GAP, Fit.DEVIATES})
"""Where a line is taken for one of these, the model was anywhere before it: nothing leads over it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A line on a way: what it is taken for, and the events of it that fit.

    Attributes:
        before: the states in which it was tried, closed under what is silent; ``None`` where nothing was known.
        after: the states after it; ``None`` as before.
        given: what was so by its time, where it fits so; ``timely``: it fits by its time too.
    """

    seen: Seen
    fit: Fit
    events: tuple[str, ...] = ()
    before: int | None = None
    after: int | None = None
    timely: bool = True
    given: str = ""

    def of(self, seen: Seen) -> Placed:
        """The same of another line."""
        return Placed(seen, self.fit, self.events, self.before, self.after, self.timely, self.given)


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """Where some ways meet that have read the same lines at the same cost.

    Attributes:
        steps: each line that was read last on one of them, and the point before it; ``None``: none was read before.
        states: where the model may be here; ``None``: anywhere.
        depth: how many lines have been read.
    """

    steps: tuple[tuple[Placed, Point | None], ...]
    states: int | None
    depth: int

    def back(self) -> Iterator[Placed]:
        """The lines of one of the ways, the last one first."""
        here: Point | None = self
        while here is not None:
            placed, here = here.steps[0]
            yield placed
