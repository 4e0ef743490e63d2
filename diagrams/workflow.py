"""Several runs as one sequence: what they share stands once, and where they part a frame has each alternative.

How runs are put together stands in :mod:`.compose`. Steps have numbers in the order in which they stand there, and cite
what they rest on; a passage that stood there before is told by its numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TypeAlias

from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.run import Run

from .compose import Fork, Part, Shared, Way, composed
from .form import Beside, Frame, Framing, Item, Role, Section
from .form import Sequence as Lanes
from .told import WIDTH, Carries, Column, Told, across, lanes_of, told_steps
from .words import stacked

FEWEST = 3
"""Steps in a passage that is told by its numbers, the second time."""
PARTS = ("I", "R", "T")
"""With what the statements begin of the document's parts: installation, registration, renewal."""
PASSED = "nothing more: it goes on below"


@dataclass(frozen=True)
class Course:
    """One of the runs that are drawn together.

    Attributes:
        name: what is special about it, where it parts from the first one.
        otherwise: what is so instead in those that it parts from.
        begins: how many of its first steps are not drawn.
    """

    name: str
    otherwise: str
    run: Run
    network: Network
    begins: int = 0


def workflow_sequence(
    title: str,
    courses: Sequence[Course],
    carries: Carries,
    *,
    part: str = "",
    lanes: Iterable[str] = (),
    phase: Iterable[str] = (),
    notes: Iterable[str] = (),
) -> Lanes:
    """The sequence of all the courses; the first is the one that the others are alternatives to.

    Args:
        part: with what the statements of this workflow begin; those of another are left out beside them.
        lanes: the hosts from the left; others that take part stand to the right of them.
        phase: actors whose states say how far a run has come: steps are the same only where these states are.
        notes: what is to be known at the beginning.
    """
    runs = steps_of(courses, carries, part, tuple(phase))
    drawing = _Drawing(courses, lanes_of([step for run in runs for step, _ in run], lanes))
    said = tuple(notes)
    above = (across(drawing.lanes, said, Role.QUIET),) if said else ()
    return Lanes(title, drawing.lanes, (*above, *drawing.items(composed(runs))))


InPhase: TypeAlias = tuple[Told, tuple[str, ...]]
"""A step in words, and the phase that it leads to."""


def steps_of(
    courses: Sequence[Course], carries: Carries, part: str = "", phase: tuple[str, ...] = ()
) -> list[list[InPhase]]:
    """The steps of each course that are drawn; of one that several make, each cites all that any of them does."""
    runs = [_steps(course, carries, phase, part) for course in courses]
    cites: dict[InPhase, dict[str, None]] = {}
    for step in chain.from_iterable(runs):
        cites.setdefault(step, {}).update(dict.fromkeys(step[0].cites))
    return [[(replace(step[0], cites=tuple(cites[step])), step[1]) for step in run] for run in runs]


def _steps(course: Course, carries: Carries, phase: tuple[str, ...], part: str) -> list[InPhase]:
    told = told_steps(course.run, course.network, carries, lambda step: cited_in(part, step.cites))
    after = [tuple(state[actor] for actor in phase) for state in course.run.states[1:]]
    return list(zip(told, after, strict=True))[course.begins :]


def cited_in(part: str, cites: Sequence[str]) -> tuple[str, ...]:
    """What a step rests on, without the statements of other parts of the document where one of this part is there."""
    others = tuple(each for each in PARTS if each != part)
    own = any(each.startswith(part) for each in cites) if part else False
    return tuple(each for each in cites if not (own and each.startswith(others)))


@dataclass
class _Drawing:
    courses: Sequence[Course]
    lanes: tuple[str, ...]
    number: int = 0
    passages: list[tuple[int, list[Told]]] = field(default_factory=list)
    """Steps that follow one another and have been told in full, and the number of the first of them.

    What is usual is told in full whatever else has been told before.
    """

    def items(self, parts: Iterable[Part[InPhase]]) -> tuple[Item, ...]:
        column = Column()
        steps: list[Told] = []
        for part in parts:
            if isinstance(part, Shared):
                steps.append(part.step[0])
                continue
            self._put(column, steps)
            steps = []
            column.put(self._frame(part))
        self._put(column, steps)
        return column.items

    def _put(self, column: Column, steps: Sequence[Told]) -> None:
        """Put steps below one another; passages that have been told before by their numbers."""
        full: list[Told] | None = None
        while steps:
            length, before = self._longest_before(steps)
            if length >= FEWEST:
                column.put(self._again(steps[:length], before))
                self.number += length
                steps, full = steps[length:], None
                continue
            self.number += 1
            if full is None:
                self.passages.append((self.number, full := []))
            full.append(steps[0])
            column.step(self.number, steps[0])
            steps = steps[1:]

    def _longest_before(self, steps: Sequence[Told]) -> tuple[int, int]:
        """How many of these steps have been told before at most, and from which number on; of several the first."""
        best = 0, 0
        for number, passage in self.passages:
            for place in range(len(passage)):
                length = _alike(passage[place:], steps)
                if length > best[0]:
                    best = length, number + place
        return best

    def _again(self, steps: Sequence[Told], before: int) -> Beside:
        hosts = {host for step in steps for host in step.hosts}
        there = [lane for lane in self.lanes if lane in hosts]
        many, number = len(steps), self.number + 1
        said = f"{number}–{number + many - 1} as {before}–{before + many - 1}: "
        across = self.lanes.index(there[-1]) - self.lanes.index(there[0]) + 1
        label = stacked([said + ", ".join(step.said for step in steps)], WIDTH * across)
        return Beside(there[0], there[-1], label, Role.QUIET)

    def _frame(self, fork: Fork[InPhase]) -> Frame:
        ways = fork.ways
        framing = Framing.BREAK if ways[0].ends else Framing.ALT
        if len(ways) == 2 and not ways[0].parts:
            framing, ways = Framing.OPT, ways[1:]
        labels = dict(zip(fork.ways, self._labels(fork), strict=True))
        return Frame(framing, tuple(self._section(way, labels[way], 0 in way.runs) for way in ways))

    def _section(self, way: Way[InPhase], label: str, usual: bool) -> Section:
        before = list(self.passages)
        items = self.items(way.parts)
        if not usual:
            self.passages = before
        return Section(label, items or (across(self.lanes, [PASSED], Role.QUIET),), usual)

    def _labels(self, fork: Fork[InPhase]) -> Iterator[str]:
        """Of each way what is special about it: the first run that takes it, or else that does not take it, says so."""
        first, *others = fork.ways
        if others:
            yield self.courses[others[0].runs[0]].otherwise
        for way in others or [first]:
            yield self.courses[way.runs[0]].name


def _alike(one: Sequence[Told], other: Sequence[Told]) -> int:
    """How many steps the two begin with that are told in the same way.

    What a request carries is told where it is sent; what others do with it is the same whatever that is.
    """
    alike = 0
    for a, b in zip(one, other, strict=False):
        if (a.who, a.to, a.said, a.kind) != (b.who, b.to, b.said, b.kind):
            break
        alike += 1
    return alike
