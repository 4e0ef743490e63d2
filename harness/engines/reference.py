"""The judge: the same interface, by dictionaries and sets over the semantics page. For small networks only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network, State

from . import Exploration, Path, StateSet
from .budget import Limit, Progress, Watch
from .explicit import Explicit, States
from .fair import fair
from .order import Order

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

    def backward(self, states: object, *, within: object | None = None, by: Collection[str] | None = None) -> States:
        inside = None if within is None else self.own(within).members
        found = set(self.own(states).members)
        waiting = list(found)
        for state in waiting:
            for name, before in self._predecessors[state]:
                if before not in found and (by is None or name in by) and (inside is None or before in inside):
                    found.add(before)
                    waiting.append(before)
        return self._set(found)

    def forward(self, states: object, *, within: object) -> States:
        rings = self._rings(self.own(states).members, self.own(within).members)
        return self._set(state for ring in rings for state in ring)

    def leading_to(self, states: object, by: Collection[str]) -> States:
        there = self.own(states).members
        return self._set(before for state in there for name, before in self._predecessors[state] if name in by)

    def fair(self, within: object, fairness: Sequence[Fairness]) -> States:
        return self.own(fair(self, self.own(within), fairness))

    def _rings(self, start: Iterable[State], within: frozenset[State] | None = None) -> list[set[State]]:
        ring = set(start)
        rings, seen = [], set(ring)
        while ring:
            rings.append(ring)
            ring = {after for state in ring for _, after in self._steps.get(state, ())} - seen
            if within is not None:
                ring &= within
            seen |= ring
        return rings

    def measure_depth(self, *, progress: Progress | None = None, limit: Limit | None = None) -> int | None:
        self.depth = len(self._rings(self._begin)) if self.complete else None
        return self.depth

    def shortest(
        self,
        targets: Sequence[object],
        *,
        start: object | None = None,
        within: object | None = None,
        progress: Progress | None = None,
        limit: Limit | None = None,
    ) -> list[Path | None]:
        """As the interface says; a limit is not looked at, the steps are all known."""
        begin = self._begin if start is None else self.own(start).members
        rings = self._rings(begin, None if within is None else self.own(within).members)
        return [self._path(rings, self.own(target).members) for target in targets]

    def _steps_into(self, state: State) -> list[tuple[str, State]]:
        return self._predecessors[state]


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
    order: Order | None = None,
    progress: Progress | None = None,
    limit: Limit | None = None,
) -> Reference:
    """Explore by brute force. ``order`` has no meaning here."""
    watch = Watch(progress, limit)
    with watch.interruptible():
        return Reference(network, watch)
