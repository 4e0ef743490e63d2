"""Sets of states of a network as binary decision diagrams of oxidd: how they are written, built, counted and read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, TypeAlias

from ccmproof.model.kernel.condition import And, Condition, In, Named, Not, Or
from ccmproof.model.kernel.diagram import EMPTY, FULL
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.network import Network, State
from oxidd.bdd import BDDManager

Bdd: TypeAlias = Any
"""A function of oxidd (``oxidd.bdd.BDDFunction``), which has no types of its own."""

_NODES: Final = 1 << 24
_CACHE: Final = 1 << 20
"""How many nodes oxidd may hold, for which it takes the memory as it needs it, and how many results it remembers."""


class Bits:
    """The variables of a network: the moving actors in a given order, the unknowns below in the network's.

    An actor of ``n`` states has ``⌈log2 n⌉`` bits, the most significant on top, and none where it has one state. A code
    that stands for no state is in no set that is reached.
    """

    def __init__(self, network: Network, order: Sequence[str]) -> None:
        self.network = network
        self.manager = BDDManager(_NODES, _CACHE, 1)
        self.true, self.false = self.manager.true(), self.manager.false()
        self.places: dict[str, range] = {}
        for name in [*order, *(a.name for a in network.unknowns)]:
            self.places[name] = self.manager.add_vars((len(network.actor[name].states) - 1).bit_length())
        self._literals = {(a.name, s): self._written(a.name, s) for a in network.actors for s in a.states}
        self._codes: dict[tuple[str, str], Bdd] = {}
        self._leaves: dict[In, Bdd] = {}
        self._moving = self.cube(order)
        self._asked = sum(len(self.places[a.name]) for a in network.unknowns)

    def _written(self, name: str, state: str) -> list[tuple[int, bool]]:
        """A state in binary: for each bit of the actor its variable and its value."""
        number, places = self.network.actor[name].states.index(state), self.places[name]
        return [(place, bool(number >> (places[-1] - place) & 1)) for place in places]

    @property
    def nodes(self) -> int:
        return int(self.manager.approx_num_inner_nodes())

    def cube(self, names: Collection[str]) -> Bdd:
        """The variables of these actors, as oxidd wants them to be quantified."""
        found = self.true
        for place in sorted((place for name in names for place in self.places[name]), reverse=True):
            found &= self.manager.var(place)
        return found

    def code(self, name: str, state: str) -> Bdd:
        """The actor is in the state."""
        found = self._codes.get((name, state))
        if found is None:
            found = self.true
            for place, one in self._literals[name, state]:
                found &= self.manager.var(place) if one else self.manager.not_var(place)
            self._codes[name, state] = found
        return found

    def among(self, name: str, states: Collection[str]) -> Bdd:
        """The actor is in one of the states."""
        found = self.false
        for state in states:
            found |= self.code(name, state)
        return found

    def condition(self, condition: Condition) -> Bdd:
        """The condition holds. Of codes that stand for no state it may say anything."""
        return self.narrowed(self.true, condition)

    def narrowed(self, states: Bdd, condition: Condition) -> Bdd:
        """Those of the states in which the condition holds.

        Its parts are asked of the states that are left, one after another: what two participants have in common, field
        by field, is a large diagram over all codes and a small one over the states that are reached.
        """
        match condition:
            case In():
                if condition not in self._leaves:
                    self._leaves[condition] = self.among(condition.actor, self.network.resolve(condition))
                return states & self._leaves[condition]
            case Not(part=part):
                return states & ~self.narrowed(states, part)
            case And(parts=parts):
                for part in parts:
                    states = self.narrowed(states, part)
                return states
            case Or(parts=parts):
                found = self.false
                for part in parts:
                    found |= self.narrowed(states & ~found, part)
                return found
            case Named(body=body):
                return self.narrowed(states, body)
        raise TypeError(f"not a condition: {condition!r}")

    def single(self, state: State) -> Bdd:
        """The set of one state."""
        found = self.true
        for actor, own in zip(self.network.actors, state, strict=True):
            found &= self.code(actor.name, own)
        return found

    def contains(self, bdd: Bdd, state: State) -> bool:
        actors = zip(self.network.actors, state, strict=True)
        return bool(bdd.eval([literal for actor, own in actors for literal in self._literals[actor.name, own]]))

    def count(self, bdd: Bdd) -> int:
        """How many states are in a set of true codes, exactly."""
        return int(bdd.sat_count(self.manager.num_vars()))

    def count_moving(self, bdd: Bdd) -> int:
        """How many combinations of states of the moving actors are in it."""
        asked = self.cube([a.name for a in self.network.unknowns])
        return int(bdd.exists(asked).sat_count(self.manager.num_vars())) >> self._asked

    def first(self, bdd: Bdd) -> State:
        """The first state of a set that is not empty, in the order of the network's lists."""
        found = []
        for actor in self.network.actors:
            state = next(s for s in actor.states if (bdd & self.code(actor.name, s)).satisfiable())
            bdd &= self.code(actor.name, state)
            found.append(state)
        return tuple(found)

    def shared(self, bdd: Bdd) -> Bdd:
        """Everything that has its unknowns as some state of the set has them."""
        return bdd.exists(self._moving)

    def environments(self, bdd: Bdd, space: Space) -> Environments:
        """The environments of a set of reached states."""
        known: dict[tuple[int, Bdd], int] = {}

        def read(number: int, below: Bdd) -> int:
            """The node of the space from this unknown downwards."""
            if number == len(space.names) or not below.satisfiable():
                return int(below.satisfiable())
            key = (number, below)
            if key not in known:
                name = space.names[number]
                kids = [read(number + 1, self._given(below, name, value)) for value in space.values[number]]
                known[key] = space.store.node(space.level[name], kids)
            return known[key]

        return Environments(space, read(0, self.shared(bdd)))

    def inside(self, environments: Environments) -> Bdd:
        """The unknowns are as in one of these environments."""
        space = environments.space
        known = {EMPTY: self.false, FULL: self.true}

        def made(node: int) -> Bdd:
            if node not in known:
                place = len(space.names) - space.store.level[node]
                name, found = space.names[place], self.false
                for value, kid in zip(space.values[place], space.store.kids[node], strict=True):
                    found |= self.code(name, value) & made(kid)
                known[node] = found
            return known[node]

        return made(environments.node)

    def _given(self, bdd: Bdd, name: str, state: str) -> Bdd:
        """What remains of a set whose topmost actor is this one, or a lower one, where the actor is in the state."""
        for place, one in self._literals[name, state]:
            if bdd.node_var() == place:
                true, false = bdd.cofactors()
                bdd = true if one else false
        return bdd
