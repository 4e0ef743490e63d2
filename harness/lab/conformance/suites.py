"""Suites: few runs that take every row of every actor of client and servers, as a lab can be made to take them.

A run is in one environment. From where it is, the nearest step that takes a new row is looked for, breadth first, with
as few kinds of stimuli as will do; so a run goes on for as long as it finds something new. Environments are gone
through in a chosen order; runs are then left out whose rows others take too.

How good that is, is said too: rows whose environments exclude one another need a run each, so the largest set of such
rows that is found is a lower bound (:func:`lower_bound`). What no run has taken is listed.

Reference: Hierons and Ural, "Optimizing the length of checking sequences" (2006), for the aim; Chvátal, "A greedy
heuristic for the set-covering problem" (1979), for what greed costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ccmproof.model.kernel.condition import FALSE, TRUE, Condition, In, all_of, rewrite
from ccmproof.model.kernel.expand import readiness
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.run import Run, replayed
from ccmproof.model.workflow.wire import THROUGH_COMPROMISED_CMG

from ...engines import Exploration
from ..contract import Work
from .alphabet import COMPONENTS, FORWARDS, OBSERVED, QUEUES, RESTS, RETRIES, SHARED, STIMULI, silent
from .compiled import Compiled
from .covered import Row, rows_of, taken
from .driver import AT_ARRIVAL
from .environments import DEEP, ENVIRONMENTS
from .equipment import Equipment, equipment

MOST = 4_000
"""So many nodes one search looks at."""
MANY = 5
"""So many times as many where offers are among them, of which there are hundreds at a time."""
DEEPER = 15
"""So many times as many in environments in which it is looked further."""
LONGEST = 900
"""Steps that a run may have."""
TIERS: tuple[tuple[str, ...], ...] = (
    (),
    *((kind,) for kind in ("time", "loss", "fault", "user", "Entra", "administrator", "site", "patience")),
    ("offer", "way"),
    *combinations(("time", "administrator", "Entra", "user", "fault", "loss", "site"), 2),
    ("time", "Entra", "administrator", "site"),
    ("adversary",),
    ("adversary", "offer", "way"),
)
"""The kinds of stimuli that a search may use, the fewest first. Works it may always use."""


OTHERS = "adversary_call is not idle or confused_client is not idle"
"""Somebody else's request is under way; the client waits."""
ALONE = "connection is closed and line is free"
"""Where somebody else may send a request."""
CHANNELS = dict(
    zip(
        THROUGH_COMPROMISED_CMG,
        ("connection_point.service is up", "second_connection_point.service is up"),
        strict=True,
    )
)
"""What a way past the CMG's checks needs in a lab: the channel to the connection point."""
SECOND = FORWARDS[2]
"""A lab's gateway takes the first connection point, in a suite, where it is connected."""
UNTIMELY = "entra is not idle or request.via is direct and request.sender is client"
"""Where an hour may not pass: a proof is on its way that is good for minutes."""


@dataclass(frozen=True)
class Node:
    """Where a run is: the model's state, what the client is at, whether nothing goes on but what is held, and whether
    the work has still to queue its message."""

    state: int
    work: Work | None = None
    settled: bool = True
    queued: bool = False


@dataclass(frozen=True)
class Step:
    """A step of a suite's run: an event, or a work that begins or ends (then ``event`` is empty)."""

    event: str
    begins: Work | None = None
    ends: Work | None = None


class Space:
    """The runs of the model that a lab can be made to take, in one environment.

    A stimulus strikes only while nothing goes on but what is held on a wire, and the client does one thing at a time.
    """

    def __init__(self, using: Equipment, environment: Mapping[str, str]) -> None:
        self.using, self.network = using, using.network
        self.compiled: Compiled = using.compiled
        self.start = Node(self.compiled.number(using.initial(environment)))
        self._silent = {work: silent(self.network, frozenset({work} if work else ())) for work in (None, *Work)}
        self._seen = {work: frozenset(self._observed(work)) for work in (None, *Work)}
        self._rests = {work: self.network.condition(RESTS[work]) for work in Work}
        self._others = self.network.condition(OTHERS)
        self._untimely = self.network.condition(UNTIMELY)
        self._first = self.network.condition("connection_point.service is up")
        self._channels = {event: self.network.condition(up) for event, up in CHANNELS.items()}
        self._alone = self.network.condition(ALONE)

    def _observed(self, work: Work | None) -> Iterator[str]:
        at_work = (COMPONENTS[work] | SHARED) if work else frozenset()
        for name in OBSERVED:
            controller = self.network.event[name].controller
            if self.network.actor[controller].host != "client" or controller in at_work:
                yield name

    def moves(self, node: Node, stimuli: frozenset[str]) -> Iterator[tuple[Step, Node]]:
        """What may come next."""
        compiled, state, work = self.compiled, node.state, node.work
        acting = None if compiled.holds(self._others, state) else work
        events = self._silent[acting]
        if node.queued and acting is not None:
            events |= frozenset(QUEUES[acting])
        inside = list(compiled.steps(state, events))
        seen = list(compiled.steps(state, self._seen[acting]))
        for event, after in inside:
            queued = node.queued and work is not None and event not in QUEUES[work]
            yield Step(event), Node(after, work, settled=False, queued=queued)
        for event, after in seen:
            if event != SECOND or not compiled.holds(self._first, state):
                yield Step(event), Node(after, work, settled=event not in AT_ARRIVAL, queued=node.queued)
        if node.settled or (not inside and all(event in AT_ARRIVAL for event, _ in seen)):
            for event, after in compiled.steps(state, stimuli):
                if self._may_strike(event, state):
                    yield Step(event), Node(after, work, queued=node.queued)
            if work is None and acting is work:
                yield from self._begun(node)
        if work is not None and acting is work and not inside and compiled.holds(self._rests[work], state):
            yield Step("", ends=work), Node(state)

    def _may_strike(self, event: str, state: int) -> bool:
        """Whether a lab lets it strike here, beside the model."""
        if event == "tick":
            return not self.compiled.holds(self._untimely, state)
        if event in CHANNELS:
            return self.compiled.holds(self._channels[event], state)
        return STIMULI[event] != "offer" or self.compiled.holds(self._alone, state)

    def _begun(self, node: Node) -> Iterator[tuple[Step, Node]]:
        for work in Work:
            events = (*RETRIES.get(work, ()), *QUEUES.get(work, ()))
            made = [(event, after) for event in events for after in self.compiled.outcomes(event, node.state)]
            for event, after in made:
                queued = work in QUEUES and event not in QUEUES[work]
                yield Step(event, begins=work), Node(after, work, settled=False, queued=queued)
            if not made and any(True for _ in self.compiled.steps(node.state, self._silent[work])):
                yield Step("", begins=work), Node(node.state, work, settled=False, queued=work in QUEUES)


def possible(network: Network, environment: Mapping[str, str]) -> frozenset[Row]:
    """The rows whose guards, and their events', are not false in the environment whatever moves."""

    def known(leaf: In) -> Condition:
        if leaf.actor not in environment:
            return leaf
        return TRUE if environment[leaf.actor] in network.resolve(leaf) else FALSE

    dead = {
        event.name
        for event in network.events
        if rewrite(event.guard, known) == FALSE
        or not any(rewrite(row.when, known) != FALSE for row in network.actor[event.controller].by_event[event.name])
    }
    return frozenset(
        (name, number)
        for name, number in rows_of(network)
        if (row := network.actor[name].transitions[number]).event not in dead and rewrite(row.when, known) != FALSE
    )


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


@dataclass(frozen=True)
class Suite:
    """Runs, and how good they are.

    Attributes:
        left: the rows that no run takes.
        bound: no suite that takes these rows has fewer runs; 0 where that was not asked.
    """

    runs: tuple[SuiteRun, ...]
    left: tuple[Row, ...]
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
    explored: Exploration | None = None,
    most: int = MOST,
    again: int = 3,
    tell: Callable[[str], None] | None = None,
) -> Suite:
    """Runs in these environments that take all rows that are found there.

    Args:
        environments: changes to the healthy one, each; the first ones should do most. By default those of
            :mod:`.environments`.
        explored: every environment, for the lower bound.
        again: so many runs of one environment at most.
    """
    using = using or equipment()
    wanted = set(rows_of(using.network))
    made: list[SuiteRun] = []
    for changes in (*ENVIRONMENTS, *DEEP) if environments is None else environments:
        space = Space(using, using.environment(changes))
        never = frozenset(wanted) - possible(using.network, using.environment(changes))
        further = DEEPER if changes in DEEP else 1
        for _ in range(again):
            before = len(wanted)
            path = _Builder(space, wanted, never, further * most).grow()
            if len(wanted) == before:
                break
            made.append(_suite_run(space, changes, path))
            if tell is not None:
                tell(f"{len(made)} runs, {len(wanted)} rows left, after {dict(changes)}")
    runs = _fewest(made)
    left = tuple(row for row in rows_of(using.network) if row in wanted)
    bound = lower_bound(explored, [row for row in rows_of(using.network) if row not in wanted]) if explored else 0
    return Suite(runs, left, bound)


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


def _fewest(runs: Sequence[SuiteRun]) -> tuple[SuiteRun, ...]:
    """Of the runs those that are needed: the one that adds most first, until nothing is added."""
    left = set().union(*(run.rows for run in runs)) if runs else set()
    chosen: list[SuiteRun] = []
    while left:
        best = max(runs, key=lambda run: (len(run.rows & left), -len(run.run.steps)))
        chosen.append(best)
        left -= best.rows
    return tuple(run for run in runs if run in chosen)


def lower_bound(explored: Exploration, rows: Iterable[Row]) -> int:
    """How many runs any suite has at the least that takes these rows: a run is in one environment, and these rows can
    be taken in no environment together.

    Args:
        explored: every environment; what it does not reach is not counted.
    """
    network = explored.network
    where = []
    for name, number in rows:
        if name not in network.actor or number >= len(network.actor[name].transitions):
            continue
        row = network.actor[name].transitions[number]
        ready = readiness(network, network.event[row.event])
        states = explored.where(all_of(In(name, row.sources), row.when, ready))
        if states.found:
            where.append(explored.environments_of(states))
    found = 0
    taken_by = explored.environments.space.none()
    for environments in sorted(where, key=lambda each: each.count):
        if (environments & taken_by).is_empty:
            taken_by |= environments
            found += 1
    return found
