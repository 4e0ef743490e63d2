"""The model that logs are followed through: its states in sets, its events as relations, explored only where one looks.

The same diagrams as those of the symbolic engine, without the exploration: nothing is reached but what is asked for. A
set is a node of :attr:`Ground.store`. There are two grounds (:func:`grounds`): *full*, on which faults happen, users
come and go, Entra disables and the administrator acts, and *calm*, on which none of that happens. Whatever the full one
cannot explain is a deviation; what the calm one explains needs no fault to be explained.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cached_property

from ccmproof.model.kernel.condition import Condition, all_of
from ccmproof.model.kernel.diagram import EMPTY, Store
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.expand import Expansion
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow.scenarios import SCENARIOS

from ...engines import Limit, Order, Watch
from ...engines.order import completed
from ...engines.reduce import reduce
from ...engines.relation import Builder, Relations
from ...engines.saturation import Saturation
from ...engines.tuples import packed
from ...expression import expression
from ...system import System, configured, shipped

FULL_SCENARIO = SCENARIOS["replay"]
CALM_SCENARIO = Scenario("replay-calm", "The same where nothing fails for a while, and nobody interferes")
_FRAMES = 20
"""Python frames that saturation may need for a level, at the most."""
MOST_NODES = 15_000
"""So many new nodes one closure may cost. What costs more is not found out (:class:`TooLarge`)."""


class TooLarge(Exception):
    """What leaves no line may have led to too much: it cannot be said where."""


class Ground:
    """One network, ready to be followed.

    Attributes:
        events: the relation of each event that may happen at all.
        initial: the states in which the network may begin.
    """

    def __init__(self, network: Network, order: Order | None = None, most: int = MOST_NODES) -> None:
        needed = 500 + _FRAMES * len(network.actors)
        if sys.getrecursionlimit() < needed:
            sys.setrecursionlimit(needed)
        self.network, self.most = network, most
        reduced = reduce(network)
        self._watch = Watch()
        self.layout = packed(reduced, completed(network, order), self._watch)
        self.store = Store(self.layout.sizes, lambda nodes: self._watch.look(nodes))
        self.relations = Relations(self.store, self.layout.floor)
        builder = Builder(reduced, self.layout, self.relations)
        made = [(each.name, builder.relation(each)) for each in network.events if each.name in reduced.rows]
        self.events: Mapping[str, int] = {name: r for name, r in made if r != EMPTY}
        self._named: dict[str, int] = {}
        self._conditions: dict[str, int] = {}
        self._closings: dict[frozenset[str], Saturation] = {}
        self._closures: dict[tuple[frozenset[str], int], int] = {}
        self._refused: dict[tuple[frozenset[str], int], int] = {}
        self._memo: dict[int, int] = {}

    @cached_property
    def space(self) -> Space:
        return Space.of(self.network)

    @cached_property
    def initial(self) -> int:
        found = self.where(all_of(*self.network.assume))
        for actor in self.network.moving:
            numbers = self.layout.numbers(actor.name, actor.initial)
            found = self.store.intersection(found, self.store.leaf(self.layout.level[actor.name], numbers))
        return found

    @cached_property
    def allowed(self) -> int:
        """The environments that there are, as a set of states that says nothing else."""
        return self.space.store.copied(self.space.allowed, self.store, {})

    def where(self, condition: Condition) -> int:
        """The states in which a condition holds, reached or not."""
        return self.store.build(condition, self.layout.leaf(self.store), self._named)

    def says(self, text: str) -> int:
        """The same for the text of an expression, whose words may be events.

        Raises:
            ModelError: the text is malformed, or names what is not there.
        """
        if text not in self._conditions:
            self._conditions[text] = self.where(expression(text, self.network))
        return self._conditions[text]

    def after(self, states: int, event: str) -> int:
        """The states to which the event leads from some of these."""
        r = self.events.get(event, EMPTY)
        return self.relations.image(states, r) if r and states else EMPTY

    def closed(self, states: int, silent: frozenset[str], most: int | None = None) -> int:
        """All that these events lead to from the states, these included.

        Args:
            most: so many new nodes it may take; by default :attr:`most`.

        Raises:
            TooLarge: it would take more than that.
        """
        key, most = (silent, states), self.most if most is None else most
        found = self._closures.get(key)
        if found is None and most > self._refused.get(key, -1):
            found = self._closure(states, silent, most)
            if found is None:
                self._refused[key] = most
            else:
                self._closures[key] = found
        if found is None:
            raise TooLarge
        return found

    def _closure(self, states: int, silent: frozenset[str], most: int) -> int | None:
        watch = Watch(limit=Limit(nodes=len(self.store) + most))
        closing = self._closings.get(silent)
        if closing is None:
            relations = [r for name, r in self.events.items() if name in silent]
            closing = self._closings[silent] = Saturation(self.store, self.relations, relations, watch)
        former, self._watch, closing.watch = self._watch, watch, watch
        try:
            found = closing.closure(states)
        finally:
            self._watch = former
        return None if watch.cut else found

    def within(self, states: int, environments: int) -> int:
        """Those of the states that lie in these environments, a set as :meth:`shadow` gives it."""
        return self.store.intersection(states, environments)

    def shadow(self, states: int) -> int:
        """In which environments some of the states lie."""
        return self.store.projection(states, self.layout.floor)

    def environments(self, states: int) -> Environments:
        """The same as a set of environments that can be shown and combined."""
        return self.space.read(self.shadow(states), self.store, self._memo)

    def states(self, states: int) -> Mapping[str, tuple[str, ...]]:
        """For each actor the states that it may be in."""
        return self.layout.entered(self.store.occurring(states))

    def union(self, several: Iterable[int]) -> int:
        found = EMPTY
        for each in several:
            found = self.store.union(found, each)
        return found


def ground(scenario: Scenario, system: System | None = None) -> Ground:
    """The ground of a scenario. The model is taken to be sound: lint takes a while, and is for those who change it."""
    of = system or shipped()
    return Ground(Expansion(configured(of.build, scenario, {})).network(), of.order_of(scenario))
