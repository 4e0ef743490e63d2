"""Which level of a diagram stands for which actor, and which number for which of its states."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ccmproof.model.kernel.condition import In
from ccmproof.model.kernel.diagram import Store
from ccmproof.model.kernel.network import State

from .reduce import Reduced


class Layout:
    """The unknowns at the bottom, the first one highest among them; the moving actors above, in a given order.

    Attributes:
        names: the actor of each level, the lowest first.
        states: the local states of each level that matter; a state's number is its place among them.
        floor: the number of levels that belong to unknowns. What lies below it is a set of environments.
        reading: the levels in the order in which the network lists its actors.
    """

    def __init__(self, reduced: Reduced, order: Sequence[str]) -> None:
        network = reduced.network
        self.network = network
        self.names = [a.name for a in reversed(network.unknowns)] + list(reversed(order))
        self.floor = len(network.unknowns)
        self.level = {name: i for i, name in enumerate(self.names, start=1)}
        self.states = [reduced.states[name] for name in self.names]
        self.sizes = [len(states) for states in self.states]
        self.reading = [self.level[a.name] for a in network.actors]
        self.number = [{state: i for i, state in enumerate(states)} for states in self.states]
        self._values: dict[In, tuple[int, list[int]]] = {}

    def values(self, leaf: In) -> tuple[int, list[int]]:
        """The level that a leaf of a condition reads, and the numbers for which it holds."""
        found = self._values.get(leaf)
        if found is None:
            wanted = self.network.resolve(leaf)
            level = self.level[leaf.actor]
            numbers = [i for i, state in enumerate(self.states[level - 1]) if state in wanted]
            found = self._values[leaf] = (level, numbers)
        return found

    def leaf(self, store: Store) -> Callable[[In], int]:
        """The node of a leaf, as :meth:`Store.build` asks for it."""
        return lambda of: store.leaf(*self.values(of))

    def encoded(self, state: State) -> list[int] | None:
        """The tuple of a state, the lowest level first; ``None`` where it has a local state that never matters."""
        found = []
        for numbers, name in zip(self.number, self.names, strict=True):
            number = numbers.get(state[self.network.position[name]])
            if number is None:
                return None
            found.append(number)
        return found

    def decoded(self, values: Sequence[int]) -> State:
        return tuple(self.states[level - 1][values[level - 1]] for level in self.reading)
