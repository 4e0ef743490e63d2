"""The runs of the model that a lab can be made to take, in one environment: what may come next where a run is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ccmproof.model.workflow.wire import THROUGH_COMPROMISED_CMG

from ..contract import Work
from .alphabet import COMPONENTS, FORWARDS, OBSERVED, QUEUES, RESTS, RETRIES, SHARED, STIMULI, silent
from .compiled import Compiled
from .driver import ALONE, AT_ARRIVAL
from .equipment import Equipment

OTHERS = "adversary_call is not idle or confused_client is not idle"
"""Somebody else's request is under way; the client waits."""
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
        at_rest = not inside and not seen and acting is not None  # first its work ends: a lab does not show more
        if node.settled or (not inside and not at_rest and all(event in AT_ARRIVAL for event, _ in seen)):
            for event, after in compiled.steps(state, stimuli):
                if self._may_strike(event, state):
                    yield Step(event), Node(after, work, queued=node.queued)
            if work is None:
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
