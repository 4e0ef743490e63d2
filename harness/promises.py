"""Promises: from which states what must happen may fail to, in all environments at once; and a run that shows it.

*Eventually.* A state evades the promise where some fair run from it never comes to ``then`` or ``unless``. Two
questions are asked, the cheap one first. (1) Can a state be come to, on the way of such runs, from which no owed step
leads any closer, that is, from which ``then`` cannot be reached by owed events? From there every fair run evades,
because a set that no owed step leaves has in it a component that none leaves, and a run through all of it neglects
nobody. (2) In the environments that are left, is there a fair cycle all the same (:mod:`.engines.fair`)? So what the
first finds the second would find for any groups of the same events, and where the groups are the single steps of the
product they are the same. Where they differ fair cycles decide; which groups make them agree on this workflow is said
in :mod:`ccmproof.model.workflow.fairness`.

*Recoverable*: ``then`` can be reached, by any steps, faults included. *Never stuck*: something else than time happens
now or, time passing, later.

References: Manna, Pnueli, "Completing the temporal picture" (TCS 1991), for response under fairness; Pnueli, "On the
extremely fair treatment of probabilistic algorithms" (STOC 1983), for fairness to each single step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.fairness import Fairness, checked
from ccmproof.properties.property import Promise

from .engines import Exploration, StateSet
from .engines.fair import may
from .lasso import Lasso, lasso


@dataclass(frozen=True)
class Owed:
    """A promise, read against a network.

    Attributes:
        when: where it begins to be owed.
        kept: where it is kept, or no longer owed.
        without: events that it does not count on, though they are owed.
    """

    promise: Promise
    when: Condition
    kept: Condition
    without: frozenset[str] = frozenset()


class Promises:
    """What one exploration says of promises, under one fairness."""

    def __init__(self, explored: Exploration, fairness: Sequence[Fairness]) -> None:
        self.explored, self._fairness = explored, checked(explored.network, fairness)

    @cached_property
    def fairness(self) -> tuple[Fairness, ...]:
        """The groups that may ever happen; no run neglects the others."""
        return tuple(group for group in self._fairness if may(self.explored, group).found)

    def counted_on(self, owed: Owed) -> tuple[Fairness, ...]:
        """The groups of the fairness, without the events that the promise does not count on."""
        left = ((group, tuple(name for name in group.events if name not in owed.without)) for group in self.fairness)
        return tuple(replace(group, events=events) for group, events in left if events)

    def evading(self, owed: Owed) -> StateSet:
        """States in which the promise is owed and may stay unkept for ever: some in each environment that has any.

        It means nothing of a search that was cut short.
        """
        start = self.explored.where(owed.when) - self.explored.where(owed.kept)
        if not start.found:
            return start
        match owed.promise:
            case Promise.EVENTUALLY:
                return self._avoiding(start, self._open(owed, start), self.counted_on(owed))
            case Promise.RECOVERABLE:
                there = self.explored.sharing(start)
                return start - self.explored.backward(self.explored.where(owed.kept) & there, within=there)
            case Promise.UNSTUCK:
                return start - self._moving(self.counted_on(owed))

    def shown(self, owed: Owed, evading: StateSet) -> Lasso | None:
        """A fair run that comes to one of these states and never keeps the promise; ``None`` where it was cut short."""
        return lasso(self.explored, evading, self._open(owed, evading), self.counted_on(owed))

    def _open(self, owed: Owed, start: StateSet) -> StateSet:
        """Where the promise is not kept, in the environments of these states."""
        return self.explored.sharing(start) - self.explored.where(owed.kept)

    def _avoiding(self, start: StateSet, inside: StateSet, fairness: tuple[Fairness, ...]) -> StateSet:
        """The states of the start from which some fair run stays inside."""
        explored = self.explored
        there = explored.sharing(start)
        near = explored.backward(there - inside, within=there, by=_events(fairness))
        evading = explored.backward(inside - near, within=inside) & start
        left = start - explored.sharing(evading) if evading.found else start
        if not left.found:
            return evading
        ahead = explored.forward(left, within=inside)
        return evading | (explored.fair(ahead, fairness) & left)

    def _moving(self, fairness: tuple[Fairness, ...]) -> StateSet:
        """The states in which, at once or once time has passed, something else than time happens that is owed."""
        explored = self.explored
        moved = explored.reached - explored.reached
        for name in sorted(_events(fairness) - {TICK}):
            moved = moved | explored.can_fire(name)
        return explored.backward(moved, by={TICK})


def _events(fairness: Sequence[Fairness]) -> frozenset[str]:
    return frozenset(name for group in fairness for name in group.events)


TICK = "tick"
"""The event by which time passes, by the name that models give it unless they say otherwise."""
