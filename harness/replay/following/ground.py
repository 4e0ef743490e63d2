"""The model that logs are followed through: its states in sets, its events as relations, explored only where one looks.

The same diagrams as those of the symbolic engine, without the exploration: nothing is reached but what is asked for. A
set is a node of :attr:`Ground.store`. There are two grounds (:func:`grounds`): *full*, on which faults happen, users
come and go, Entra disables and the administrator acts, and *calm*, on which none of that happens. Whatever the full one
cannot explain is a deviation; what the calm one explains needs no fault to be explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import cycle

from ccmproof.model.kernel.condition import actors_of, opened
from ccmproof.model.kernel.diagram import EMPTY, FULL
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.expand import Expansion
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow.scenarios import SCENARIOS

from ...engines import Limit, Order, Watch
from ...engines.prepared import Prepared
from ...engines.saturation import Saturation
from ...expression import expression
from ...system import System, configured, shipped

FULL_SCENARIO = SCENARIOS["replay"]
CALM_SCENARIO = Scenario("replay-calm", "The same where nothing fails for a while, and nobody interferes")
MOST_NODES = 15_000
"""So many new nodes one closure may cost. What costs more is not found out (:class:`TooLarge`)."""


class TooLarge(Exception):
    """What leaves no line may have led to too much: it cannot be said where."""


class Ground(Prepared):
    """One network, ready to be followed."""

    def __init__(self, network: Network, order: Order | None = None, most: int = MOST_NODES) -> None:
        super().__init__(network, order, Watch())
        self.most = most
        self._bare()

    def _bare(self) -> None:
        """With nothing found out yet."""
        self._conditions: dict[str, int] = {}
        self._closings: dict[tuple[frozenset[str], bool], Saturation] = {}
        self._closures: dict[tuple[frozenset[str], int], int] = {}
        self._refused: dict[tuple[frozenset[str], int], int] = {}
        self._spread: dict[tuple[frozenset[str], int], int] = {}

    def anew(self) -> Ground:
        """The same, with nothing found out yet, of one on which nothing has been; it shares what never changes.

        What a closure costs is counted in new nodes, so that it rests on what was asked before. Who is not to depend
        on that begins on a ground of his own.
        """
        made = type(self).__new__(type(self))
        made.network, made.reduced, made.layout, made.space = self.network, self.reduced, self.layout, self.space
        made.events, made.relation_nodes, made.most = self.events, self.relation_nodes, self.most
        made._watch = Watch()
        made.store, made.relations = made._made()
        made.store.begin_as(self.store)
        made.relations.begin_as(self.relations)
        made._named, made._memo = dict(self._named), {}
        made._bare()
        return made

    @cached_property
    def initial(self) -> int:
        """The states in which the network may begin."""
        return self.begun()

    @cached_property
    def allowed(self) -> int:
        """The environments that there are, as a set of states that says nothing else."""
        return self.space.store.copied(self.space.allowed, self.store, {})

    def says(self, text: str) -> int:
        """The same for the text of an expression, whose words may be events.

        Raises:
            ModelError: the text is malformed, or names what is not there.
        """
        if text not in self._conditions:
            self._conditions[text] = self.built(expression(text, self.network))
        return self._conditions[text]

    def lasts(self, text: str) -> bool:
        """Whether an expression speaks of unknowns alone, so that it holds always where it holds once."""
        unknown = {actor.name for actor in self.network.unknowns}
        return bool(text) and actors_of(opened(expression(text, self.network))) <= unknown

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

    def spread(self, states: int, silent: frozenset[str]) -> int:
        """More than all that these events lead to from the states, and found out soon, whatever they are.

        What each part may come to is found out by itself, as if all went together that any of them may be in (the
        Cartesian abstraction: Cousot, "Types as abstract interpretations", 1997); in the same environments.
        """
        occurring = self.relations.occurrences.of(states)
        key = silent, occurring
        if key not in self._spread:
            moves = [r for name, r in self.events.items() if name in silent]
            box, left = self._box(occurring), len(moves)
            for r in cycle(moves):
                more = occurring | self.relations.occurrences.of(self.relations.image(box, r))
                left -= 1
                if more != occurring:
                    occurring, box, left = more, self._box(more), len(moves)
                if not left:
                    break
            self._spread[key] = box
        return self.within(self._spread[key], self.shadow(states))

    def _box(self, occurring: int) -> int:
        """All states in which each level has one of these values, as :class:`Occurrences` gives them."""
        found, shift = FULL, self.relations.occurrences.shift
        for level, size in enumerate(self.store.sizes, start=1):
            has = occurring >> shift[level - 1]
            found = self.store.node(level, [found if has >> i & 1 else EMPTY for i in range(size)])
        return found

    def before(self, states: int, event: str) -> int:
        """The states from which the event leads to some of these."""
        r = self._inverse.get(event, EMPTY)
        return self.relations.image(states, r) if r and states else EMPTY

    def led(self, states: int, silent: frozenset[str], within: int, most: int) -> int:
        """All from which these events lead to the states, inside a set that has them.

        Raises:
            TooLarge: it would take more new nodes than ``most``.
        """
        found = self._closure(states, silent, most, within)
        if found is None:
            raise TooLarge
        return found

    @cached_property
    def _inverse(self) -> Mapping[str, int]:
        return {name: self.relations.inverse(r) for name, r in self.events.items()}

    def _closure(self, states: int, silent: frozenset[str], most: int, within: int | None = None) -> int | None:
        """What these events lead to; or, backwards, what they lead from ``within`` a set."""
        watch = Watch(limit=Limit(nodes=len(self.store) + most))
        key = silent, within is not None
        closing = self._closings.get(key)
        if closing is None:
            of = self.events if within is None else self._inverse
            relations = [r for name, r in of.items() if name in silent]
            closing = self._closings[key] = Saturation(self.store, self.relations, relations, watch)
        former, self._watch, closing.watch = self._watch, watch, watch
        try:
            found = closing.closure(states) if within is None else closing.closure(states, within)
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
        return self.read(self.shadow(states))

    def states(self, states: int) -> Mapping[str, tuple[str, ...]]:
        """For each actor the states that it may be in."""
        return self.layout.entered(self.store.occurring(states))

    def union(self, several: Iterable[int]) -> int:
        found = EMPTY
        for each in several:
            found = self.store.union(found, each)
        return found


def ground(scenario: Scenario, system: System | None = None) -> Ground:
    """The ground of a scenario."""
    of = system or shipped()
    return Ground(network_of(scenario, of), of.order_of(scenario))


def network_of(scenario: Scenario, system: System) -> Network:
    """The network of a scenario. The model is taken to be sound: lint takes a while, and is for those who change it."""
    return Expansion(configured(system.build, scenario, {})).network()
