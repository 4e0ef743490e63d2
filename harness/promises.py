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
from ccmproof.model.kernel.fairness import Fairness, Fairnesses, checked
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
        at_first: it is owed by the initial states alone, of those that ``when`` says.
    """

    promise: Promise
    when: Condition
    kept: Condition
    without: frozenset[str] = frozenset()
    at_first: bool = False


class Promises:
    """What one exploration says of promises, under one fairness: its groups, or what says them of the network.

    There may be many groups; they are not looked at before a promise is.
    """

    def __init__(self, explored: Exploration, fairness: Sequence[Fairness] | Fairnesses) -> None:
        self.explored, self._fairness = explored, fairness

    @cached_property
    def fairness(self) -> tuple[Fairness, ...]:
        """The groups that may ever happen; no run neglects the others.

        Raises:
            ModelError: a group is empty, or names what the network does not have.
        """
        network = self.explored.network
        groups = checked(network, self._fairness(network) if callable(self._fairness) else self._fairness)
        fired = frozenset(self.explored.fired)
        happening = (group for group in groups if not fired.isdisjoint(group.events))
        return tuple(group for group in happening if may(self.explored, group).found)

    def counted_on(self, owed: Owed) -> tuple[Fairness, ...]:
        """The groups of the fairness, without the events that the promise does not count on."""
        left = ((group, tuple(name for name in group.events if name not in owed.without)) for group in self.fairness)
        return tuple(replace(group, events=events) for group, events in left if events)

    def evading(self, owed: Owed) -> StateSet:
        """States in which the promise is owed and may stay unkept for ever: some in each environment that has any.

        It means nothing of a search that was cut short.
        """
        start = self._begins(owed, owed.when)
        return self._evading(owed, start) if start.found else start

    def also_broken(self, owed: Owed, whens: Sequence[Condition], known: StateSet) -> list[bool]:
        """For each condition: were the promise owed there, would it be broken where it is not known to be?

        All are asked together, since from which states a promise is not kept does not depend on where it is owed.

        Args:
            owed: the promise, whose own ``when`` is not looked at.
            known: states in the environments in which it is known to be broken.
        """
        there = self.explored.sharing(known)
        starts = [self._begins(owed, when) - there for when in whens]
        broken = [False for _ in starts]
        for asked in (self._lost, self._cycling) if owed.promise is Promise.EVENTUALLY else (self._evading,):
            left = known - known
            for start, done in zip(starts, broken, strict=True):
                left = left if done else left | start
            if left.found:
                evading = asked(owed, left)
                broken = [done or (start & evading).found for start, done in zip(starts, broken, strict=True)]
        return broken

    def shown(self, owed: Owed, evading: StateSet) -> Lasso | None:
        """A fair run that comes to one of these states and never keeps the promise; ``None`` where it was cut short."""
        return lasso(self.explored, evading, self._open(owed, evading), self.counted_on(owed))

    def _begins(self, owed: Owed, when: Condition) -> StateSet:
        """The states in which the promise is owed and not kept yet, if it is owed where the condition holds."""
        start = self.explored.where(when) - self.explored.where(owed.kept)
        return start & self.explored.initial if owed.at_first else start

    def _open(self, owed: Owed, start: StateSet) -> StateSet:
        """Where the promise is not kept, in the environments of these states."""
        return self.explored.sharing(start) - self.explored.where(owed.kept)

    def _evading(self, owed: Owed, start: StateSet) -> StateSet:
        """States of the start in which the promise may stay unkept for ever: some in each environment that has any."""
        match owed.promise:
            case Promise.EVENTUALLY:
                lost = self._lost(owed, start)
                left = start - self.explored.sharing(lost) if lost.found else start
                return lost | self._cycling(owed, left) if left.found else lost
            case Promise.RECOVERABLE:
                there = self.explored.sharing(start)
                return start - self.explored.backward(self.explored.where(owed.kept) & there, within=there)
            case Promise.UNSTUCK:
                return start - self._moving(self.counted_on(owed))

    def _lost(self, owed: Owed, start: StateSet) -> StateSet:
        """The states of the start from which one can be come to, unkept, that no owed step leads any closer from."""
        explored, inside, there = self.explored, self._open(owed, start), self.explored.sharing(start)
        near = explored.backward(there - inside, within=there, by=_events(self.counted_on(owed)))
        return explored.backward(inside - near, within=inside) & start

    def _cycling(self, owed: Owed, start: StateSet) -> StateSet:
        """The states of the start from which some fair run stays where the promise is not kept."""
        ahead = self.explored.forward(start, within=self._open(owed, start))
        return self.explored.fair(ahead, self.counted_on(owed)) & start

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
