"""The judge: the same interface, by dictionaries and sets over the semantics page. For small networks only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.network import Network, State

from . import Exploration, Path, StateSet
from .budget import Limit, Progress, Watch
from .explicit import Explicit, States

_PULSE = 1000
"""Of so many initial states one is told to the watch."""


class Reference(Explicit):
    """An explicit search that keeps every step it has seen."""

    engine = "reference"

    def __init__(self, network: Network, watch: Watch) -> None:
        super().__init__(network)
        self._begin = list(_watched(product.initial_states(network), watch))
        self._steps: dict[State, list[tuple[str, State]]] = {}
        self._predecessors: dict[State, list[tuple[str, State]]] = {}
        self._search(watch)
        self.complete, self.why_incomplete = not watch.cut, watch.why
        self.initial = self._set(self._begin)
        self.reached = self._set(self._predecessors)

    def _search(self, watch: Watch) -> None:
        found = self._predecessors = {state: [] for state in self._begin}
        waiting = list(self._begin)
        for state in waiting:
            watch.look(len(found))
            if watch.cut:
                return
            self._steps[state] = [(event.name, after) for event, after in product.successors(self.network, state)]
            for name, after in self._steps[state]:
                if after not in found:
                    found[after] = []
                    waiting.append(after)
                found[after].append((name, state))

    def where(self, condition: Condition) -> States:
        self.network.check(condition)
        return self._filter(lambda state: product.holds(self.network, condition, state))

    def deadlocks(self) -> States:
        events = self.network.events
        return self._filter(lambda state: not any(product.enabled(self.network, event, state) for event in events))

    def can_fire(self, event: str) -> States:
        if event not in self.network.event:
            raise ModelError(f"there is no event {event!r}{nearest(event, self.network.event)}")
        return self._filter(lambda state: product.enabled(self.network, self.network.event[event], state))

    @property
    def fired(self) -> tuple[str, ...]:
        return tuple(event.name for event in self.network.events if self.can_fire(event.name).found)

    def backward(self, states: object) -> States:
        found = set(self.own(states).members)
        waiting = list(found)
        for state in waiting:
            for _, before in self._predecessors[state]:
                if before not in found:
                    found.add(before)
                    waiting.append(before)
        return self._set(found)

    def _rings(self) -> list[set[State]]:
        rings, seen = [], set(self._begin)
        ring = set(self._begin)
        while ring:
            rings.append(ring)
            ring = {after for state in ring for _, after in self._steps.get(state, ())} - seen
            seen |= ring
        return rings

    def measure_depth(self, *, progress: Progress | None = None, limit: Limit | None = None) -> int | None:
        self.depth = len(self._rings()) if self.complete else None
        return self.depth

    def shortest(
        self, targets: Sequence[object], *, progress: Progress | None = None, limit: Limit | None = None
    ) -> list[Path | None]:
        """As the interface says; a limit is not looked at, the steps are all known."""
        rings = self._rings()
        return [self._path(rings, self.own(target)) for target in targets]

    def _path(self, rings: list[set[State]], target: States) -> Path | None:
        for number, ring in enumerate(rings):
            if ring & target.members:
                path = Path([self._first(ring & target.members)], [])
                for former in reversed(rings[:number]):
                    self._prepend(path, former)
                return path
        return None

    def _prepend(self, path: Path, former: set[State]) -> None:
        """One step backwards: the first event that leads from the ring to the path's first state, its first state."""
        before = [(name, state) for name, state in self._predecessors[path.states[0]] if state in former]
        name = min((name for name, _ in before), key=[event.name for event in self.network.events].index)
        path.states.insert(0, self._first(state for event, state in before if event == name))
        path.events.insert(0, name)


def _watched(states: Iterator[State], watch: Watch) -> Iterator[State]:
    """The states, as many as the watch allows; the first in any case."""
    for number, state in enumerate(states):
        yield state
        if number % _PULSE == 0:
            watch.look(number)
            if watch.cut:
                return


if TYPE_CHECKING:  # the types are what the interface asks for
    _CONFORM: tuple[type[Exploration], type[StateSet]] = (Reference, States)


def explore(
    network: Network,
    *,
    order: Sequence[str] | None = None,
    progress: Progress | None = None,
    limit: Limit | None = None,
) -> Reference:
    """Explore by brute force. ``order`` has no meaning here."""
    watch = Watch(progress, limit)
    with watch.interruptible():
        return Reference(network, watch)
