"""Which level of a diagram stands for which actors, and which number for which of their states."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from ccmproof.model.kernel.condition import In
from ccmproof.model.kernel.diagram import EMPTY, Store
from ccmproof.model.kernel.network import Actor, State

from .order import Order, sharing
from .reduce import Reduced

Tuples: TypeAlias = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]
"""For the actors that share a level, the tuples of their local states that may occur."""


class Layout:
    """The unknowns at the bottom, the first one highest among them; the moving actors above, in a given order.

    A level stands for one actor, or for several that share it; its values are tuples of local states, one for each.

    Attributes:
        order: the levels of the moving actors, the highest first.
        actors: those of each level, the lowest first.
        names: the name of each level: its actor's, or that of the record whose fields share it.
        states: the tuples of each level that matter; a tuple's number is its place among them.
        level: the level of each actor.
        field: the place of each actor in the tuples of its level.
        floor: the number of levels that belong to unknowns. What lies below it is a set of environments.
    """

    def __init__(self, reduced: Reduced, order: Order, tuples: Tuples | None = None) -> None:
        network = reduced.network
        self.network, self.reduced, self.order = network, reduced, tuple(order)
        self.actors = [(a.name,) for a in reversed(network.unknowns)] + [sharing(level) for level in reversed(order)]
        self.names = [_name(actors) for actors in self.actors]
        self.floor = len(network.unknowns)
        self.level = {name: i for i, actors in enumerate(self.actors, start=1) for name in actors}
        self.field = {name: i for actors in self.actors for i, name in enumerate(actors)}
        self.states = [self._tuples(actors, tuples or {}) for actors in self.actors]
        self.sizes = [len(states) for states in self.states]
        self.number = [{state: i for i, state in enumerate(states)} for states in self.states]
        self._choices = {a.name: [self.numbers(a.name, (state,)) for state in reduced.states[a.name]]
                         for a in network.actors}  # fmt: skip
        self._ranks = [(self.level[a.name] - 1, self._ranked(a.name)) for a in network.actors]
        self._values: dict[In, tuple[int, list[int]]] = {}

    def _tuples(self, actors: tuple[str, ...], tuples: Tuples) -> tuple[tuple[str, ...], ...]:
        if len(actors) > 1:
            return tuple(tuples[actors]) or (tuple(self.reduced.states[name][0] for name in actors),)
        return tuple((state,) for state in self.reduced.states[actors[0]])

    def numbers(self, actor: str, wanted: Collection[str]) -> list[int]:
        """The numbers, at its level, for which the actor is in one of these states."""
        field = self.field[actor]
        return [i for i, state in enumerate(self.states[self.level[actor] - 1]) if state[field] in wanted]

    def values(self, leaf: In) -> tuple[int, list[int]]:
        """The level that a leaf of a condition reads, and the numbers for which it holds."""
        found = self._values.get(leaf)
        if found is None:
            numbers = self.numbers(leaf.actor, self.network.resolve(leaf))
            found = self._values[leaf] = (self.level[leaf.actor], numbers)
        return found

    def leaf(self, store: Store) -> Callable[[In], int]:
        """The node of a leaf, as :meth:`Store.build` asks for it."""
        return lambda of: store.leaf(*self.values(of))

    def encoded(self, state: State) -> list[int] | None:
        """The numbers of a state, the lowest level first; ``None`` where it has a local state that never matters."""
        place = self.network.position
        found = []
        for numbers, actors in zip(self.number, self.actors, strict=True):
            number = numbers.get(tuple(state[place[name]] for name in actors))
            if number is None:
                return None
            found.append(number)
        return found

    def decoded(self, values: Sequence[int]) -> State:
        return tuple(self._state(a.name, values[self.level[a.name] - 1]) for a in self.network.actors)

    def _state(self, actor: str, number: int) -> str:
        return self.states[self.level[actor] - 1][number][self.field[actor]]

    def entered(self, seen: Sequence[Collection[int]]) -> dict[str, tuple[str, ...]]:
        """For each actor its states, in their order, where each level has these numbers."""
        found = {}
        for name, states in self.reduced.states.items():
            here = {self._state(name, number) for number in seen[self.level[name] - 1]}
            found[name] = tuple(state for state in states if state in here)
        return found

    def combinations(
        self, found: Iterable[tuple[int, ...]], levels: Sequence[int], actors: Sequence[str]
    ) -> frozenset[tuple[str, ...]]:
        """The states of these actors in each of these combinations of numbers that the levels have."""
        place = [levels.index(self.level[name]) for name in actors]
        return frozenset(
            tuple(self._state(name, numbers[i]) for name, i in zip(actors, place, strict=True)) for numbers in found
        )

    def first(self, store: Store, n: int, among: Iterable[Actor] | None = None) -> list[int]:
        """The first state of a set in the order of the network's lists, actor by actor; the lowest level first.

        Args:
            among: look at these actors alone; what the others are in is nothing to go by then.

        Raises:
            ValueError: the set is empty.
        """
        if n == EMPTY:
            raise ValueError("an empty set has no first element")
        left: list[Sequence[int]] = [range(size) for size in self.sizes]
        for actor in self.network.actors if among is None else among:
            level = self.level[actor.name]
            for numbers in self._choices[actor.name]:
                part = store.intersection(n, store.leaf(level, numbers))
                if part != EMPTY:
                    n, left[level - 1] = part, [i for i in left[level - 1] if i in numbers]
                    break
        return [numbers[0] for numbers in left]

    def rank(self, values: Sequence[int]) -> list[int]:
        """What to sort numbers of levels by, the lowest level first, to have states in the order of the network."""
        return [ranked[values[at]] for at, ranked in self._ranks]

    def _ranked(self, actor: str) -> list[int]:
        """For each number of its level the place of the actor's state among those that matter."""
        place = {state: i for i, state in enumerate(self.reduced.states[actor])}
        field = self.field[actor]
        return [place[state[field]] for state in self.states[self.level[actor] - 1]]


def _name(actors: tuple[str, ...]) -> str:
    """The actor's own name, or that of the record that they are the fields of, or all names."""
    record, dot, _ = actors[0].rpartition(".")
    if len(actors) > 1 and dot and all(name.rpartition(".")[0] == record for name in actors):
        return record
    return " + ".join(actors)
