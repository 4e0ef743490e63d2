"""A network as diagrams, before anything is explored: its levels, the store of its sets, a relation for each event.

The symbolic engine explores from here; whoever follows single steps needs no more than this.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cached_property

from ccmproof.model.kernel.condition import Condition, all_of
from ccmproof.model.kernel.diagram import EMPTY, Store
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.network import Network

from .budget import Watch
from .order import Order, completed
from .reduce import reduce
from .relation import Builder, Relations
from .tuples import packed

_FRAMES = 20
"""Python frames that saturation may need for a level, at the most."""


class Prepared:
    """One network, ready to be explored or followed. A set of states is a node of :attr:`store`.

    Attributes:
        events: the relation of each event that may happen at all.
        relation_nodes: how many nodes the relations were made of.
    """

    def __init__(self, network: Network, order: Order | None, watch: Watch) -> None:
        _make_room_for(network)
        self.network = network
        self.reduced = reduce(network)
        self.layout = packed(self.reduced, completed(network, order), watch)
        self._watch = watch
        self.store, self.relations = self._made()
        self._named: dict[str, int] = {}
        self._memo: dict[int, int] = {}
        builder = Builder(self.reduced, self.layout, self.relations)
        made = [(event.name, builder.relation(event)) for event in network.events if event.name in self.reduced.rows]
        self.events: Mapping[str, int] = {name: r for name, r in made if r != EMPTY}
        self.relation_nodes = len(builder.pairs) + len(self.relations.moves)

    def _made(self) -> tuple[Store, Relations]:
        store = Store(self.layout.sizes, lambda nodes: self._watch.look(nodes))
        return store, Relations(store, self.layout.floor)

    @cached_property
    def space(self) -> Space:
        return Space.of(self.network)

    def built(self, condition: Condition) -> int:
        """The states in which a condition holds, reached or not."""
        return self.store.build(condition, self.layout.leaf(self.store), self._named)

    def begun(self) -> int:
        """The states in which the network may begin."""
        found = self.built(all_of(*self.network.assume))
        for actor in self.network.moving:
            numbers = self.layout.numbers(actor.name, actor.initial)
            found = self.store.intersection(found, self.store.leaf(self.layout.level[actor.name], numbers))
        return found

    def read(self, shadow: int) -> Environments:
        """A set of environments, as a node of the store, as one that can be shown and combined."""
        return self.space.read(shadow, self.store, self._memo)


def _make_room_for(network: Network) -> None:
    """Let Python go as deep as saturation may have to on the levels of the network."""
    needed = 500 + _FRAMES * len(network.actors)
    if sys.getrecursionlimit() < needed:
        sys.setrecursionlimit(needed)
