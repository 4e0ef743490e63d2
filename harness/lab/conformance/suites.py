"""Suites: few runs that take every row of every actor of client and servers, as a lab can be made to take them.

A run is in one environment. From where it is, the nearest step that takes a new row is looked for, breadth first, with
as few kinds of stimuli as will do; so a run goes on for as long as it finds something new. Environments are gone
through in a chosen order, which are so few because what goes together is together: a client that cannot get far does
not keep an adversary from the servers. Of the runs then as few are kept as take all rows (:func:`fewest`, exactly).

How good that is, is said too: rows that can be taken in no environment together need a run each
(:func:`.relaxed.lower_bound`). What no run has taken is listed, with what is known of it.

Reference: Hierons and Ural, "Optimizing the length of checking sequences" (2006), for the aim; Karp, "Reducibility
among combinatorial problems" (1972), for how hard the least cover is in general; here it is small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import combinations, product

from ccmproof.model.kernel.run import Run, replayed

from .alphabet import STIMULI
from .covered import Row, rows_of, taken
from .environments import DEEP, ENVIRONMENTS
from .equipment import Equipment, equipment
from .relaxed import lower_bound, never_taken, possible
from .space import Node, Space, Step

MOST = 4_000
"""So many nodes one search looks at."""
MANY = 5
"""So many times as many where offers are among them, of which there are hundreds at a time."""
DEEPER = 15
"""So many times as many in environments in which it is looked further."""
LONGEST = 900
"""Steps that a run may have."""
PASSING = ("time", "loss", "fault", "user", "site")
LASTING = ("Entra", "administrator")
TIERS: tuple[tuple[str, ...], ...] = (
    (),
    *((kind,) for kind in PASSING),
    ("offer", "way"),
    *combinations(("time", "user", "fault", "loss", "site"), 2),
    ("adversary",),
    ("adversary", "offer", "way"),
    *((kind,) for kind in LASTING),
    *product(LASTING, PASSING),
    LASTING,
    ("time", "Entra", "administrator", "site"),
    ("patience",),
)
"""The kinds of stimuli that a search may use, the fewest first, and first those that leave a run as it was. A device
that is disabled stays so, a client that is blocked too; and nothing comes of ccmsetup any more when it has given up.
Works a search may always use."""


@dataclass
class Path:
    """A run as it grows."""

    nodes: list[Node]
    steps: list[Step] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True)
class SuiteRun:
    """One run of a suite.

    Attributes:
        changes: what its environment has else than the healthy one.
        steps: with the works that begin and end.
        rows: what it takes.
    """

    changes: Mapping[str, str]
    run: Run
    steps: tuple[Step, ...]
    rows: frozenset[Row]


class Why(Enum):
    """Why no run takes a row."""

    NEVER = "out of reach in every environment"
    ELSEWHERE = "out of reach in each environment that was looked at"
    NOT_FOUND = "not found; it may be far, or out of reach"


@dataclass(frozen=True)
class Suite:
    """Runs, and how good they are.

    Attributes:
        left: the rows that no run takes, each with why.
        bound: no suite that takes these rows has fewer runs; 0 where that was not asked.
    """

    runs: tuple[SuiteRun, ...]
    left: Mapping[Row, Why]
    bound: int = 0

    @property
    def rows(self) -> frozenset[Row]:
        """All rows that are taken."""
        return frozenset().union(*(run.rows for run in self.runs))


def nearest(
    space: Space, start: Node, stimuli: frozenset[str], wanted: Callable[[str, int, int], bool], most: int = MOST
) -> list[tuple[Step, Node]] | None:
    """The shortest way to a step that is wanted; None where none is found among so many nodes."""
    back: dict[Node, tuple[Node, Step] | None] = {start: None}
    waiting = [start]
    for node in waiting:
        if len(back) > most:
            return None
        for step, after in space.moves(node, stimuli):
            if step.event and wanted(step.event, node.state, after.state):
                return [*_way(back, node), (step, after)]
            if after not in back:
                back[after] = node, step
                waiting.append(after)
    return None


def to_rest(space: Space, start: Node, most: int = MOST) -> list[tuple[Step, Node]] | None:
    """The shortest way to where nobody waits for anything: so what a run leads to last is seen too, and not only asked.

    None where there is none among so many nodes.
    """
    idle = space.network.condition("line is free")
    back: dict[Node, tuple[Node, Step] | None] = {start: None}
    waiting = [start]
    for node in waiting:
        if node.work is None and space.compiled.holds(idle, node.state):
            return _way(back, node)
        if len(back) > most:
            return None
        for step, after in space.moves(node, frozenset()):
            if after not in back and step.begins is None:
                back[after] = node, step
                waiting.append(after)
    return None


def _way(back: Mapping[Node, tuple[Node, Step] | None], node: Node) -> list[tuple[Step, Node]]:
    found = []
    here = back[node]
    while here is not None:
        found.append((here[1], node))
        node = here[0]
        here = back[node]
    return found[::-1]


class _Builder:
    """Runs of one environment."""

    def __init__(self, space: Space, wanted: set[Row], never: frozenset[Row], most: int) -> None:
        self.space, self.wanted, self.never, self.most = space, wanted, never, most
        self.network = space.network
        self._taken: dict[tuple[str, int, int], frozenset[Row]] = {}

    def rows(self, event: str, before: int, after: int) -> frozenset[Row]:
        key = event, before, after
        found = self._taken.get(key)
        if found is None:
            states = self.space.compiled.states
            found = self._taken[key] = taken(self.network, event, states[before], states[after])
        return found

    def grow(self) -> Path:
        """One run, from the beginning to where nothing new is near, and on until nothing goes on any more."""
        path = Path([self.space.start])
        while len(path) < LONGEST and not self.wanted <= self.never:
            more = self._further(path.nodes[-1])
            if more is None:
                break
            self._go(path, more)
        self._go(path, to_rest(self.space, path.nodes[-1], self.most) or [])
        return path

    def _go(self, path: Path, way: Iterable[tuple[Step, Node]]) -> None:
        for step, node in way:
            if step.event:
                self.wanted -= self.rows(step.event, path.nodes[-1].state, node.state)
            path.steps.append(step)
            path.nodes.append(node)

    def _further(self, start: Node) -> list[tuple[Step, Node]] | None:
        for kinds in TIERS:
            stimuli = frozenset(event for event, kind in STIMULI.items() if kind in kinds)
            found = nearest(self.space, start, stimuli, self._is_new, self.most * (MANY if "offer" in kinds else 1))
            if found is not None:
                return found
        return None

    def _is_new(self, event: str, before: int, after: int) -> bool:
        return not self.wanted.isdisjoint(self.rows(event, before, after))


def suite(
    environments: Iterable[Mapping[str, str]] | None = None,
    using: Equipment | None = None,
    *,
    bound: bool = False,
    most: int = MOST,
    again: int = 3,
    tell: Callable[[str], None] | None = None,
) -> Suite:
    """Runs in these environments that take all rows that are found there.

    Args:
        environments: changes to the healthy one, each; the first ones should do most. By default those of
            :mod:`.environments`.
        bound: say how many runs any suite has at the least, which takes half a minute.
        again: so many runs of one environment at most; a second one is looked for when each has had its first.
    """
    using = using or equipment()
    rows = rows_of(using.network)
    wanted = set(rows)
    made: list[SuiteRun] = []
    grown = [
        (changes, using.environment(changes))
        for changes in ((*ENVIRONMENTS, *DEEP) if environments is None else environments)
    ]
    there = [possible(using.network, environment) for _, environment in grown]
    looked_at = frozenset[Row]().union(*there)
    for place in _turns([changes in DEEP for changes, _ in grown], again):
        changes, environment = grown[place]
        before = len(wanted)
        if wanted.isdisjoint(there[place]):
            continue
        space = Space(using, environment)
        further = DEEPER if changes in DEEP else 1
        path = _Builder(space, wanted, frozenset(rows) - there[place], further * most).grow()
        if len(wanted) == before:
            there[place] = frozenset()
            continue
        made.append(_suite_run(space, changes, path))
        if tell is not None:
            tell(f"{len(made)} runs, {len(wanted)} rows left, after {dict(changes)}")
    never = never_taken(using.network, wanted)
    left = {
        row: Why.NEVER if row in never else Why.NOT_FOUND if row in looked_at else Why.ELSEWHERE
        for row in rows
        if row in wanted
    }
    return Suite(fewest(made), left, lower_bound(using.network, set(rows) - wanted) if bound else 0)


def _turns(deep: Sequence[bool], again: int) -> Iterator[int]:
    """Whose turn it is: each once, then each again, the last first, since what the first ones have left is often on
    the way of others; and those where it is looked further when nobody else finds more."""
    for wanted in (False, True):
        places = [place for place, each in enumerate(deep) if each is wanted]
        for turn in range(again):
            yield from places if turn % 2 == 0 else reversed(places)


def _suite_run(space: Space, changes: Mapping[str, str], path: Path) -> SuiteRun:
    states = space.compiled.states
    steps = [(step, one, other) for step, one, other in zip(path.steps, path.nodes, path.nodes[1:], strict=False)
             if step.event]  # fmt: skip
    run = replayed(space.network, [states[path.nodes[0].state], *(states[other.state] for _, _, other in steps)],
                   [step.event for step, _, _ in steps])  # fmt: skip
    rows = frozenset[Row]().union(
        *(taken(space.network, step.event, states[one.state], states[other.state]) for step, one, other in steps)
    )
    return SuiteRun(dict(changes), run, tuple(path.steps), rows & frozenset(rows_of(space.network)))


def fewest(runs: Sequence[SuiteRun]) -> tuple[SuiteRun, ...]:
    """Of the runs as few as take all that they take together, and of those the ones with the fewest steps: exactly.

    The row that fewest runs take is looked at first, and each of these tried; most rows that matter have one only.
    """
    by_row: dict[Row, list[int]] = {}
    for number, run in enumerate(runs):
        for row in run.rows:
            by_row.setdefault(row, []).append(number)
    steps = [len(run.run.steps) for run in runs]
    best = tuple(range(len(runs)))

    def further(chosen: tuple[int, ...], left: frozenset[Row]) -> None:
        nonlocal best
        cost = len(chosen), sum(steps[each] for each in chosen)
        if cost >= (len(best), sum(steps[each] for each in best)):
            return
        if not left:
            best = chosen
            return
        row = min(left, key=lambda each: (len(by_row[each]), each))
        for number in by_row[row]:
            further((*chosen, number), left - runs[number].rows)

    further((), frozenset(by_row))
    return tuple(runs[number] for number in sorted(best))
