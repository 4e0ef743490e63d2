"""What engines that hold every state by itself have in common: sets of tuples, and what is read from such sets.

The search, and how steps are kept, is each engine's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Network, State

from . import Path
from .budget import CutShort, Watched


@dataclass(frozen=True)
class States:
    """A set of reached states."""

    of: Explicit
    members: frozenset[State]

    @property
    def count(self) -> int:
        return len(self.members)

    @property
    def found(self) -> bool:
        return bool(self.members)

    @property
    def is_empty(self) -> bool:
        if not self.members and not self.of.complete:
            raise CutShort(f"no such state was found, but the search is not complete: {self.of.why_incomplete}")
        return not self.members

    def __and__(self, other: object) -> States:
        return States(self.of, self.members & self.of.own(other).members)

    def __or__(self, other: object) -> States:
        return States(self.of, self.members | self.of.own(other).members)

    def __sub__(self, other: object) -> States:
        return States(self.of, self.members - self.of.own(other).members)

    def __contains__(self, state: State) -> bool:
        return state in self.members


class Explicit(Watched):
    """The part of an :class:`~ccmproof.harness.engines.Exploration` that is the same however the steps are kept."""

    complete: bool
    why_incomplete: str
    initial: States
    reached: States

    def __init__(self, network: Network) -> None:
        self.network = network
        self.depth: int | None = None
        self._space = Space.of(network)

    def _set(self, states: Iterable[State]) -> States:
        return States(self, frozenset(states))

    def _filter(self, keep: Callable[[State], bool]) -> States:
        return self._set(state for state in self.reached.members if keep(state))

    def own(self, other: object) -> States:
        if not isinstance(other, States) or other.of is not self:
            raise ModelError("sets of states of two explorations do not combine")
        return other

    @property
    def states(self) -> int:
        return self.reached.count

    @property
    def moving_parts(self) -> int:
        places = [self.network.position[a.name] for a in self.network.moving]
        return len({tuple(state[place] for place in places) for state in self.reached.members})

    @property
    def environments(self) -> Environments:
        return self.environments_of(self.initial)

    def environments_of(self, states: object) -> Environments:
        places = [self.network.position[name] for name in self._space.names]
        found = self._space.none()
        for values in sorted({tuple(state[place] for place in places) for state in self.own(states).members}):
            found |= self._space.single(dict(zip(self._space.names, values, strict=True)))
        return found

    def inside(self, environments: Environments) -> States:
        here = self._space.none() | environments
        return self._filter(lambda state: dict(zip(self.network.position, state, strict=True)) in here)

    def sharing(self, states: object) -> States:
        places = [self.network.position[name] for name in self._space.names]
        where = {tuple(state[place] for place in places) for state in self.own(states).members}
        return self._filter(lambda state: tuple(state[place] for place in places) in where)

    @property
    def entered(self) -> Mapping[str, tuple[str, ...]]:
        return self.occurring(self.reached)

    def occurring(self, states: object) -> Mapping[str, tuple[str, ...]]:
        seen = [set(column) for column in zip(*self.own(states).members, strict=True)] or [
            set() for _ in self.network.actors
        ]
        return {a.name: tuple(s for s in a.states if s in of) for a, of in zip(self.network.actors, seen, strict=True)}

    def combinations(self, states: object, actors: Sequence[str]) -> frozenset[tuple[str, ...]]:
        places = [self.network.position[name] for name in actors]
        return frozenset(tuple(state[place] for place in places) for state in self.own(states).members)

    def _steps_into(self, state: State) -> Iterable[tuple[str, State]]:
        """The steps that lead to a state: by which event, and from where."""
        raise NotImplementedError

    def _path(self, rings: Sequence[AbstractSet[State]], target: AbstractSet[State]) -> Path | None:
        """A shortest path through the rings to a state of the target, the one that the interface says."""
        for number, ring in enumerate(rings):
            if ring & target:
                path = Path([self._first(ring & target)], [])
                for former in reversed(rings[:number]):
                    event, state = self._step_before(path.states[0], former)
                    path.states.insert(0, state)
                    path.events.insert(0, event)
                return path
        return None

    def _step_before(self, state: State, former: AbstractSet[State]) -> tuple[str, State]:
        """The first event that leads from the ring to the state, and the first state from which it does."""
        steps = [(event, before) for event, before in self._steps_into(state) if before in former]
        happening = {event for event, _ in steps}
        first = next(each.name for each in self.network.events if each.name in happening)
        return first, self._first(before for event, before in steps if event == first)

    def _first(self, states: Iterable[State]) -> State:
        """The first in the order of the network's lists."""
        return min(states, key=self._rank)

    def _rank(self, state: State) -> list[int]:
        return [a.states.index(s) for a, s in zip(self.network.actors, state, strict=True)]
