"""What the levels and the relations of a symbolic exploration hold: the figures behind a profile.

Only here does a profile look inside a diagram. Whatever is asked makes nodes in the exploration's store, so figures on
nodes come before all others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Final

from ccmproof.model.kernel.diagram import EMPTY, FULL, Store
from ccmproof.model.kernel.errors import ModelError

from . import DEFAULT, Exploration, chosen
from .symbolic import Symbolic

LEVELLED: Final = ("plain", "numba")
"""The engines whose explorations have levels."""


@dataclass(frozen=True)
class Relation:
    """What the relation of one event is made of.

    Attributes:
        nodes: those of the relation itself, and of the sets of environments in which the event may happen.
        top, bottom: the moving actors of the highest and of the lowest level that it reads or moves; empty where it
            does neither.
        span: how many levels lie between the two, both included.
    """

    nodes: int
    top: str = ""
    bottom: str = ""
    span: int = 0


@dataclass(frozen=True)
class Level:
    """What lies on the level of one actor.

    Attributes:
        actor: whose level it is, or the record whose fields share it.
        moving: it is no unknown.
        values: how many of the actor's states occur among the reached ones.
        reached: the nodes that the reached set has there.
        made: all nodes that were made there, whatever for.
        without: how many moving parts there would be if the actor's state were forgotten; of an unknown, all of them.
        shared: the actors that share the level; empty where it is one actor's own.
    """

    actor: str
    moving: bool
    values: int
    reached: int
    made: int
    without: int
    shared: tuple[str, ...] = ()


def refuse_without_levels(engine: str) -> None:
    """Pass an engine whose explorations can be profiled.

    Raises:
        ModelError: its explorations have no levels, or there is no such engine.
    """
    if chosen(engine) not in LEVELLED:
        raise ModelError(f"the engine {engine!r} has no levels to profile; ask it of --engine {DEFAULT}")


def levelled(explored: Exploration) -> Symbolic:
    """The same exploration, known to have levels.

    Raises:
        ModelError: it has none.
    """
    refuse_without_levels(explored.engine)
    assert isinstance(explored, Symbolic)
    return explored


def relation_nodes(explored: Symbolic) -> int:
    """How many nodes were made for the relations of the events."""
    return explored.relation_nodes


def relations(explored: Symbolic) -> Mapping[str, Relation]:
    """The relation of each event that has one: that may happen, as far as each actor by itself can tell."""
    return {name: _relation(explored, r) for name, r in explored.events.items()}


def _relation(explored: Symbolic, r: int) -> Relation:
    store, of, seen = explored.store, explored.relations, {EMPTY, FULL}
    waiting, levels = [r], set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if here < 0:
            levels.add(of.level[-here])
            waiting.extend(child for moves in of.moves[-here] for _, child in moves)
        else:
            waiting.extend(store.kids[here])
    if not levels:
        return Relation(len(seen) - 2)
    top, bottom = max(levels), min(levels)
    names = explored.layout.names
    return Relation(len(seen) - 2, names[top - 1], names[bottom - 1], top - bottom + 1)


def levels(explored: Symbolic) -> tuple[Level, ...]:
    """Every level, the highest first."""
    store, layout = explored.store, explored.layout
    made = store.population()
    reached = Counter(store.level[n] for n in store.nodes(explored.reached.node))
    without = [explored.moving_parts] * layout.floor + forgotten(*moving(explored))
    values = [len(seen) for seen in store.occurring(explored.reached.node)]
    found = [
        Level(name, i > layout.floor, values[i - 1], reached[i], made[i - 1], without[i - 1], shared)
        for i, (name, actors) in enumerate(zip(layout.names, layout.actors, strict=True), start=1)
        for shared in [actors if len(actors) > 1 else ()]
    ]
    return tuple(reversed(found))


def moving(explored: Symbolic) -> tuple[Store, int]:
    """The reached moving parts in a store of their own, whose lowest level is the lowest of an actor that moves."""
    store, floor = explored.store, explored.layout.floor
    parts = Store(store.sizes[floor:])
    copied: dict[int, int] = {}

    def copy(n: int) -> int:
        """A set of environments is as good as all of them."""
        return copied[n] if store.level[n] > floor else min(n, FULL)

    top = explored.reached.node
    for n in sorted(store.nodes(top)):  # children have lower numbers than their parent
        if store.level[n] > floor:
            copied[n] = parts.node(store.level[n] - floor, [copy(kid) for kid in store.kids[n]])
    return parts, copy(top)


def forgotten(store: Store, top: int) -> list[int]:
    """For each level, the lowest first: of how many tuples the set is once that level's values are forgotten.

    A tuple of the levels above leads to one node, so nothing above it need be looked at: the node's children are
    joined, and what they have together counts once for each way to the node.
    """
    total, ways = store.count(top), _ways(store, top)
    through, joined = [0] * store.height, [0] * store.height
    for n, many in ways.items():
        level = store.level[n]
        union = EMPTY
        for kid in store.kids[n]:
            union = store.union(union, kid)
        above = prod(store.sizes[level:])  # `count` is of tuples of all levels
        through[level - 1] += many * store.count(n) // above
        joined[level - 1] += many * store.count(union) // (above * store.sizes[level - 1])
    return [
        both + (total - met) // size  # a tuple whose path skips the level has all values there
        for both, met, size in zip(joined, through, store.sizes, strict=True)
    ]


def _ways(store: Store, top: int) -> dict[int, int]:
    """For each node of the set the number of tuples of the levels above it that lead to it, the highest nodes first."""
    ways = dict.fromkeys(sorted(store.nodes(top), key=lambda n: -store.level[n]), 0)
    if top > FULL:
        ways[top] = prod(store.sizes[store.level[top] :])
    for n in ways:
        for kid in store.kids[n]:
            if kid > FULL:
                ways[kid] += ways[n] * prod(store.sizes[store.level[kid] : store.level[n] - 1])
    return ways
