"""Sets of environments: the assignments to the unknowns in which something is true. Every part of the tool speaks it.

An environment gives each unknown one of its initial states. Those that ``assume`` excludes are no environments at all:
the *space* of a network are the others, and a share is a share of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from .condition import Condition, In
from .diagram import EMPTY, FULL, Store
from .errors import ModelError, nearest
from .network import Network


class Space:
    """The unknowns of a network, their values, and which of their combinations ``assume`` allows.

    Attributes:
        names: the unknowns, in the order of the network. The first is the highest level of ``store``.
        values: for each unknown its values, those it may begin in, in the order of its states.
        store: where the sets of this space live, one level per unknown.
        allowed: the node of the combinations that the network may begin in.
    """

    def __init__(self, names: tuple[str, ...], values: tuple[tuple[str, ...], ...]) -> None:
        self.names, self.values = names, values
        self.store = Store([len(of) for of in reversed(values)])
        self.allowed = FULL
        self.level = {name: len(names) - i for i, name in enumerate(names)}
        self._index = [{value: i for i, value in enumerate(of)} for of in values]
        self._where: dict[int, _Where] = {}

    @classmethod
    def of(cls, network: Network) -> Space:
        """The space of a network. Where an assumption reads a moving actor, some initial state of it must allow it."""
        initial = {a.name: tuple(state for state in a.states if state in a.initial) for a in network.actors}
        space = cls(tuple(a.name for a in network.unknowns), tuple(initial[a.name] for a in network.unknowns))
        everyone = [*reversed(network.unknowns), *network.moving]
        store = Store([len(initial[a.name]) for a in everyone])
        level = {a.name: i for i, a in enumerate(everyone, start=1)}

        def leaf(of: In) -> int:
            states = network.resolve(of)
            return store.leaf(level[of.actor], [i for i, s in enumerate(initial[of.actor]) if s in states])

        begin = FULL
        for condition in network.assume:
            begin = store.intersection(begin, store.build(condition, leaf))
        space.allowed = store.copied(store.projection(begin, len(space.names)), space.store, {})
        return space

    def shared(self, other: Space, apart: Collection[str] = ()) -> Space:
        """The space of the unknowns that both have, without those that are set ``apart``, in the order of this one.

        Their values are those that they have in either; a combination is allowed where one of the two allows it.
        """
        names = tuple(name for name in self.names if name in other.level and name not in apart)
        mine, theirs = (dict(zip(of.names, of.values, strict=True)) for of in (self, other))
        space = Space(names, tuple(tuple(dict.fromkeys((*mine[name], *theirs[name]))) for name in names))
        space.allowed = (self.all().onto(space) | other.all().onto(space)).node
        return space

    @property
    def total(self) -> int:
        """How many environments there are."""
        return self.store.count(self.allowed)

    def all(self) -> Environments:
        return Environments(self, self.allowed)

    def none(self) -> Environments:
        return Environments(self, EMPTY)

    def where(self, condition: Condition, network: Network) -> Environments:
        """The environments in which a condition on unknowns holds.

        Raises:
            ModelError: the condition reads an actor that moves, or one that is not there.
        """
        found = self._where.get(id(condition))  # the same claim is judged again and again, of many edits
        if found is None or found.said is not condition or found.network is not network:
            found = self._where[id(condition)] = _Where(condition, network, self._built(condition, network))
        return Environments(self, found.node)

    def _built(self, condition: Condition, network: Network) -> int:

        def leaf(of: In) -> int:
            states = network.resolve(of)
            if of.actor not in self.level:
                raise ModelError(f"{of.actor} moves: a condition on environments reads unknowns only")
            level = self.level[of.actor]
            values = self.values[len(self.names) - level]
            return self.store.leaf(level, [i for i, value in enumerate(values) if value in states])

        return self.store.intersection(self.allowed, self.store.build(condition, leaf))

    def single(self, environment: Mapping[str, str]) -> Environments:
        """The set of one environment; empty where ``assume`` excludes it.

        Raises:
            ModelError: an unknown is missing, or has no such value.
        """
        found = self.allowed
        for name, values in zip(self.names, self.values, strict=True):
            if name not in environment:
                raise ModelError(f"the environment says nothing of the unknown {name!r}")
            value = environment[name]
            if value not in values:
                raise ModelError(f"{name} has no value {value!r}{nearest(value, values)}")
            found = self.store.restriction(found, self.level[name], values.index(value))
        return Environments(self, found)

    def read(self, node: int, store: Store, memo: dict[int, int]) -> Environments:
        """The set that a node of another store stands for, whose lowest levels are the unknowns as here."""
        return Environments(self, self.store.intersection(self.allowed, store.copied(node, self.store, memo)))

    def occurring(self, environments: Environments) -> dict[str, frozenset[str]]:
        """For each unknown the values that it has in some environment of the set."""
        seen = self.store.occurring((self.all() & environments).node)
        levels = zip(self.names, self.values, reversed(seen), strict=True)
        return {name: frozenset(of[i] for i in found) for name, of, found in levels}

    def decoded(self, element: tuple[int, ...]) -> dict[str, str]:
        return {name: of[i] for name, of, i in zip(self.names, self.values, element, strict=True)}

    def encoded(self, environment: Mapping[str, str]) -> list[int] | None:
        """The tuple of an environment, lowest level first; ``None`` where a value is none of this space."""
        found = [index.get(environment.get(name, "")) for name, index in zip(self.names, self._index, strict=True)]
        whole = [i for i in found if i is not None]
        return whole[::-1] if len(whole) == len(found) else None


class _Where(NamedTuple):
    """A condition on the unknowns of a network, and the node of the environments in which it holds."""

    said: Condition
    network: Network
    node: int


class Environments:
    """A set of environments. Immutable.

    Sets of two networks combine where these have the same unknowns with the same values; the result belongs to the
    space of the left one.
    """

    __slots__ = ("node", "space")

    def __init__(self, space: Space, node: int) -> None:
        self.space, self.node = space, node

    @property
    def count(self) -> int:
        """How many environments are in the set."""
        return self.space.store.count(self.node)

    @property
    def total(self) -> int:
        """How many environments there are at all."""
        return self.space.total

    @property
    def share(self) -> Fraction:
        """``count / total``, exact; 0 where there is no environment at all."""
        return Fraction(self.count, self.total) if self.total else Fraction(0)

    @property
    def is_empty(self) -> bool:
        return self.node == EMPTY

    @property
    def is_all(self) -> bool:
        return self.node == self.space.allowed

    def _node_of(self, other: Environments) -> int:
        mine, theirs = self.space, other.space
        if theirs is mine:
            return other.node
        if (theirs.names, theirs.values) != (mine.names, mine.values):
            odd = sorted({*mine.names} ^ {*theirs.names})
            what = (
                f"the unknown {odd[0]!r} is in one of them only" if odd else "their unknowns differ in values or order"
            )
            raise ModelError(f"two sets of environments do not combine: {what}")
        return theirs.store.copied(other.node, mine.store, {})

    def __and__(self, other: Environments) -> Environments:
        return Environments(self.space, self.space.store.intersection(self.node, self._node_of(other)))

    def __or__(self, other: Environments) -> Environments:
        return Environments(self.space, self.space.store.union(self.node, self._node_of(other)))

    def __sub__(self, other: Environments) -> Environments:
        return Environments(self.space, self.space.store.difference(self.node, self._node_of(other)))

    def __invert__(self) -> Environments:
        """The environments that are not in the set."""
        return self.space.all() - self

    def __le__(self, other: Environments) -> bool:
        return (self - other).is_empty

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Environments) and self.node == self._node_of(other)

    def __hash__(self) -> int:
        return hash((self.space.names, self.count))

    def __contains__(self, environment: Mapping[str, str]) -> bool:
        element = self.space.encoded(environment)
        return element is not None and self.space.store.contains(self.node, element)

    def __iter__(self) -> Iterator[dict[str, str]]:
        """The environments one by one, as ``{unknown: value}``, in lexicographic order of the network's lists."""
        return map(self.space.decoded, self.space.store.elements(self.node))

    def first(self) -> dict[str, str]:
        """The first environment in that order.

        Raises:
            ValueError: the set is empty.
        """
        for environment in self:
            return environment
        raise ValueError("an empty set of environments has no first one")

    def onto(self, space: Space) -> Environments:
        """The set as another space has it: what that one does not know is forgotten, what this one does not, is open.

        An environment of the other space is in it where some environment of this set agrees with it on every unknown
        that both have.
        """
        mine, theirs = self.space, space.store
        memo: dict[int, int] = {EMPTY: EMPTY, FULL: FULL}

        def shared(name: str, value: str) -> int:
            """What the value of an unknown of this space is there."""
            if name not in space.level:
                return FULL
            values = space.values[space.names.index(name)]
            return theirs.leaf(space.level[name], [i for i, each in enumerate(values) if each == value])

        def copied(n: int) -> int:
            if n not in memo:
                place = len(mine.names) - mine.store.level[n]
                name, found = mine.names[place], EMPTY
                for value, kid in zip(mine.values[place], mine.store.kids[n], strict=True):
                    found = theirs.union(found, theirs.intersection(shared(name, value), copied(kid)))
                memo[n] = found
            return memo[n]

        node = theirs.intersection(space.allowed, copied(self.node))
        for name, values in zip(mine.names, mine.values, strict=True):
            there = EMPTY
            for value in values:
                there = theirs.union(there, shared(name, value))
            node = theirs.intersection(node, there)
        return Environments(space, node)

    def __repr__(self) -> str:
        return f"<{self.count:,} of {self.total:,} environments>"
