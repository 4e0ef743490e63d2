"""A fair run that never gets there, as a run that can be shown: a stem, and a real cycle or a rest.

The engine says from which states some fair run stays inside a set for ever. Here one such run is made: the shortest way
to such a state, the shortest way on into the core (:func:`~ccmproof.harness.engines.fair.core`), and there a cycle to
which, for each group that would be neglected, the shortest detour past a step of it is added, until none is. A
component of the core need not be one from which nothing leads on; where the cycle does not close, it is begun anew
further on. It ends because components are left for good.

Whether a cycle is fair is judged on the cycle itself (:class:`Cycles`), step by step, on the reference semantics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import all_at
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network, State

from .engines import Exploration, Path, StateSet, Watch
from .engines.fair import core, may, steps


@dataclass(frozen=True)
class Lasso:
    """A run without end.

    Attributes:
        states: one more than there are events.
        owed: the index of the state of the start at which it arrives.
        loop: the index of the state to which the last event returns; that of the last state where the run comes to
            rest in it.
    """

    states: list[State]
    events: list[str]
    owed: int
    loop: int

    @property
    def cycle(self) -> tuple[list[State], list[str]]:
        """The states gone round, each once, and the events; one state and no event where the run rests."""
        return self.states[self.loop : -1] or self.states[-1:], self.events[self.loop :]


def lasso(explored: Exploration, start: StateSet, within: StateSet, fairness: Sequence[Fairness]) -> Lasso | None:
    """A fair run that comes to ``start`` in as few steps as possible and stays in ``within`` from there on.

    Args:
        start: states of ``within`` from which there is one. The run is in the first environment that they lie in.

    Returns:
        The run; ``None`` where the search for it was cut short.
    """
    with explored.watched() as watch:
        within = within & explored.where(all_at(explored.environments_of(start).first()))
        last = core(explored, within, fairness)
        stem = explored.shortest([explored.backward(last, within=within) & start])[0]
        on = stem and _way(explored, stem.states[-1], last, within)
        if watch.cut or stem is None or on is None:
            return None
        return _Cycle(explored, last, fairness, watch).after(_joined(stem, on), len(stem.events))


class Cycles:
    """Whether it is fair to go round a cycle for ever, by the reference semantics; what it finds it remembers."""

    def __init__(self, network: Network, fairness: Sequence[Fairness]) -> None:
        self.network, self.fairness = network, tuple(fairness)
        self._may: dict[State, frozenset[int]] = {}

    def neglected(self, states: Sequence[State], events: Sequence[str]) -> list[Fairness]:
        """The groups to which it is not fair to go round these states by these events for ever.

        Args:
            states: as many as events, each the one before its event; a single one without events for a rest.
        """
        may = [self.may(state) for state in states]
        again, always = frozenset().union(*may), may[0].intersection(*may)
        happened = {
            number
            for can, name in zip(may, events, strict=False)
            for number in can
            if name in self.fairness[number].events
        }
        return [
            group
            for number, group in enumerate(self.fairness)
            if number in (again if group.strong else always) and number not in happened
        ]

    def may(self, state: State) -> frozenset[int]:
        """The groups, by their numbers, that may happen in the state."""
        found = self._may.get(state)
        if found is None:
            events = {e.name for e in self.network.events if product.enabled(self.network, e, state)}
            found = self._may[state] = frozenset(
                number
                for number, group in enumerate(self.fairness)
                if not events.isdisjoint(group.events) and product.holds(self.network, group.when, state)
            )
        return found


def _joined(first: Path, second: Path) -> Path:
    """A path and one that begins where it ends."""
    return Path([*first.states, *second.states[1:]], [*first.events, *second.events])


def _only(explored: Exploration, state: State) -> StateSet:
    return explored.where(all_at(explored.network.as_dict(state)))


def _way(explored: Exploration, state: State, to: StateSet, within: StateSet) -> Path | None:
    return explored.shortest([to], start=_only(explored, state), within=within)[0]


class _Cycle:
    """The search for a fair cycle inside the core."""

    def __init__(self, explored: Exploration, core: StateSet, fairness: Sequence[Fairness], watch: Watch) -> None:
        self.explored, self.core, self.watch = explored, core, watch
        self.network = explored.network
        self.cycles = Cycles(self.network, fairness)

    def after(self, stem: Path, owed: int) -> Lasso | None:
        """The stem, then a fair cycle or a rest."""
        path: Path | None = Path([stem.states[-1]], [])
        while path is not None and not self.watch.cut:
            back = _way(self.explored, path.states[-1], _only(self.explored, path.states[0]), self.core)
            if self.watch.cut:
                break
            if back is None:
                stem, path = _joined(stem, path), Path([path.states[-1]], [])
                continue
            whole = _joined(path, back)
            left = self.cycles.neglected(whole.states[:-1] or whole.states, whole.events)
            if not left:
                return Lasso([*stem.states, *whole.states[1:]], [*stem.events, *whole.events], owed, len(stem.events))
            path = self._served(path, left[0])
        return None

    def _served(self, path: Path, group: Fairness) -> Path | None:
        """The path with the shortest way past a step of the group, or for a weak one past where it may not happen."""
        ready = steps(self.explored, group, self.core)
        idle = self.core - may(self.explored, group)
        way = _way(self.explored, path.states[-1], ready if group.strong else ready | idle, self.core)
        if way is None:
            return None
        path = _joined(path, way)
        if path.states[-1] in idle:
            return path
        for name in group.events:
            for after in product.outcomes(self.network, self.network.event[name], path.states[-1]):
                if after in self.core:
                    return _joined(path, Path([path.states[-1], after], [name]))
        return path
