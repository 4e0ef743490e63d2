"""Why a model is large: which events and actors make its states, where its nodes lie, which sets are the largest.

A :class:`Profile` is data about one check in one scenario; :mod:`.render.profile` shows it. It holds counts alone, so
that it is the same for the same input; seconds stand in :class:`~.report.Measured`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ccmproof.model.kernel.condition import actors_of
from ccmproof.model.kernel.network import Event, Network

from .engines import Exploration, StateSet
from .engines.levels import Level, Relation, levelled, levels, relation_nodes, relations
from .judge import Asked

MULTIPLIES: Final = 5
"""An actor that makes more than so many times as many moving parts stands out where no property reads it."""
LARGE_RELATION: Final = 1000
"""A relation of more nodes stands out."""
FAR_APART: Final = 0.5
"""Two fields of one record that an event with such a relation moves are far apart beyond this part of all levels."""


@dataclass(frozen=True)
class Growth:
    """The nodes that each phase of the work has made."""

    relations: int
    exploration: int
    verdicts: int
    runs: int


@dataclass(frozen=True)
class EventUse:
    """An event, in how many reached states it may happen, and its relation."""

    event: str
    states: int
    relation: Relation


@dataclass(frozen=True)
class SetSize:
    """How many states a set has that a property asks for: those that decide it, or those in which it is attempted."""

    prop: str
    attempt: bool
    states: int


@dataclass(frozen=True)
class Profile:
    """Where the size of a model comes from.

    Attributes:
        moving_parts: how many combinations of states of the moving actors are reached.
        events: those that have a relation, those that may happen in most states first.
        levels: every level, the highest first.
        sets: of every property, the largest first. A promise that was cut short has no set that decides it.
        advice: what stands out, a line each.
    """

    moving_parts: int
    growth: Growth
    events: tuple[EventUse, ...]
    levels: tuple[Level, ...]
    sets: tuple[SetSize, ...]
    advice: tuple[str, ...]

    def factor(self, level: Level) -> float:
        """How many times as many moving parts there are because of the actor."""
        return self.moving_parts / level.without if level.without else 1.0

    @property
    def multipliers(self) -> list[Level]:
        """The moving actors, those that multiply the moving parts most first."""
        return sorted((each for each in self.levels if each.moving), key=lambda each: (each.without, each.actor))


class Profiler:
    """Notes the nodes that each phase makes, and then looks at everything.

    Raises:
        ModelError: the exploration is of an engine that has no levels.
    """

    def __init__(self, explored: Exploration) -> None:
        self.explored = levelled(explored)
        self._nodes = [relation_nodes(self.explored), self.explored.nodes]

    def lap(self) -> None:
        """The verdicts are there; what comes now are the runs."""
        self._nodes.append(self.explored.nodes)

    def profile(self, asked: Sequence[Asked], met: Sequence[StateSet | None]) -> Profile:
        """What was found, once, now that all phases are over.

        Args:
            met: for each property the states that decide it, where they are known.
        """
        self.lap()
        growth = Growth(*(after - before for before, after in pairwise([0, *self._nodes])))
        found = levels(self.explored)
        events = [
            EventUse(name, self.explored.can_fire(name).count, relation)
            for name, relation in relations(self.explored).items()
        ]
        events.sort(key=lambda each: (-each.states, each.event))
        sets = self._sets(asked, met)
        parts = self.explored.moving_parts
        advice = (*_multiplying(found, parts, asked), *_large(events, found, self.explored.network))
        return Profile(parts, growth, tuple(events), found, sets, advice)

    def _sets(self, asked: Sequence[Asked], met: Sequence[StateSet | None]) -> tuple[SetSize, ...]:
        found = [SetSize(a.prop.id, False, of.count) for a, of in zip(asked, met, strict=True) if of is not None]
        found += [SetSize(a.prop.id, True, self.explored.where(a.attempt).count) for a in asked]
        return tuple(sorted(found, key=lambda each: (-each.states, each.prop, each.attempt)))


def _multiplying(found: Sequence[Level], parts: int, asked: Sequence[Asked]) -> list[str]:
    """Actors that multiply the moving parts and that nobody asks about."""
    read = frozenset[str]().union(*map(_read_by, asked))
    unread = [each for each in found if each.moving and read.isdisjoint(each.shared or (each.actor,))]
    loud = [each for each in unread if parts > MULTIPLIES * each.without]
    loud.sort(key=lambda each: (each.without, each.actor))
    return [
        f"{each.actor} makes {parts / each.without:.1f} times as many moving parts, and no property that was asked"
        " reads it: can it do with fewer states, or can the scenario leave it out?"
        for each in loud[:1]
    ]


def _read_by(asked: Asked) -> frozenset[str]:
    conditions = [asked.decides, asked.attempt]
    if asked.owed is not None:
        conditions += [asked.owed.when, asked.owed.kept]
    return frozenset[str]().union(*map(actors_of, conditions))


def _large(events: Sequence[EventUse], found: Sequence[Level], network: Network) -> list[str]:
    """Events whose relations are so large that they cost more than what they lead to, and what may be the reason."""
    large = sorted(
        (each for each in events if each.relation.nodes > LARGE_RELATION),
        key=lambda each: (-each.relation.nodes, each.event),
    )
    if not large:
        return []
    first = large[0]
    said = f"the relation of {first.event} has {first.relation.nodes:,} nodes"
    if len(large) > 1:
        said += f", and {len(large)} events have one of more than {LARGE_RELATION:,}"
    return [f"{said}: can it copy less at once?", *_apart(network.event[first.event], found, network)]


def _apart(event: Event, found: Sequence[Level], network: Network) -> list[str]:
    """The record of which the event moves two fields that lie furthest apart, where that is far.

    Only of an event whose relation is large: a field that is set or cleared costs a node wherever it lies. What is
    dear is a field that is copied across many levels.
    """
    moving = [each.actor for each in found if each.moving]
    records: dict[str, list[int]] = {}
    for place, name in enumerate(moving):
        record, dot, _ = name.rpartition(".")
        if dot and name in event.participants and network.actor[name].data:
            records.setdefault(record, []).append(place)
    widest = max(records.values(), key=lambda places: places[-1] - places[0], default=[0])
    apart = widest[-1] - widest[0]
    if apart <= FAR_APART * len(moving):
        return []
    return [
        f"{moving[widest[0]]} and {moving[widest[-1]]}, fields of one record that {event.name} moves, lie {apart}"
        " levels apart: `ccmproof order` looks for a better order"
    ]
