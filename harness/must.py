"""Must: where a goal is inevitable, the causes for which it is only possible, and a run that never gets there.

A goal is *inevitable* in an environment where every fair run comes to it, wherever it begins. It is *possible but not
inevitable* where some run comes to it and some fair run never does. With the environments in which it cannot be reached
these are all, each once. What is asked is a promise that is owed at the beginning (:mod:`.promises`), under the
fairness that the model states; where that owes nothing a run may stop anywhere, so that only what holds at the
beginning is inevitable.

A run that never gets there is shown as a stem and a fair cycle, and beside it the step by which the goal goes out of
reach, where there is one: until then the run could have got there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ccmproof.model.kernel.causes import Cause, Causes
from ccmproof.model.kernel.condition import TRUE, Condition, all_at
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.network import State
from ccmproof.properties.property import Promise

from .counterexample import without_end
from .engines import Exploration, Limit, Progress, StateSet
from .promises import Owed, Promises
from .report import Counterexample


@dataclass(frozen=True)
class Evasion:
    """A fair run that never comes to a goal, in an environment in which the goal can be reached.

    Attributes:
        cause: why it is possible there that it never does.
        run: the run; it goes on for ever.
        lost: the index of the first of its states from which no run comes to the goal any more, 0 where none does that
            begins as this one; ``None`` where the goal stays within reach for ever.
    """

    cause: Cause
    run: Counterexample
    lost: int | None


@dataclass(frozen=True)
class Must:
    """Where a goal that can be reached is inevitable, and where it is not.

    Attributes:
        inevitable: the environments in which every fair run comes to it.
        possible: those in which it can be reached and some fair run never comes to it.
        causes: what tells ``possible`` from ``inevitable``: every minimal condition on the environment, smallest first.
        groups: how many groups of outcomes fairness owes, of those that may happen at all; 0: it owes nothing.
        never_owed: the events that happen and that fairness never owes, in the order of the network.
        evasion: for the most telling of the causes; ``None`` where there is no cause, or no run was asked for.
    """

    inevitable: Environments
    possible: Environments
    causes: tuple[Cause, ...]
    groups: int
    never_owed: tuple[str, ...]
    evasion: Evasion | None = None

    @property
    def most_telling(self) -> Cause | None:
        """The cause that holds in the most environments, the first of several; ``None`` where there is none."""
        return max(self.causes, key=lambda each: each.count, default=None)


def missing(
    goal: Condition, promises: Promises, progress: Progress | None = None, limit: Limit | None = None
) -> tuple[StateSet | None, str]:
    """Where a run may begin that is fair and never comes to the goal, in the environments in which it can be reached.

    Some beginnings in each environment that has any. ``None`` where it is not known, and why if this search was cut
    short.
    """
    explored = promises.explored
    if not explored.complete:
        return None, ""
    with explored.watched(progress, limit) as watch:
        watch.what = "whether it is inevitable"
        there = explored.sharing(explored.where(goal))
        found = promises.evading(_owed(goal)) & there
        if watch.cut:
            return None, f"{watch.why} before it was known where it is inevitable"
    return found, ""


def must(goal: Condition, promises: Promises, beginnings: StateSet) -> Must:
    """Where the goal is inevitable, by the beginnings of runs that never come to it (:func:`missing`)."""
    explored = promises.explored
    can, possible = (explored.environments_of(each) for each in (explored.where(goal), beginnings))
    owed = {name for group in promises.fairness for name in group.events}
    return Must(
        can - possible,
        possible,
        Causes(possible.space).of(possible, can),
        len(promises.fairness),
        tuple(name for name in explored.fired if name not in owed),
    )


def evasion(
    goal: Condition,
    cause: Cause,
    beginnings: StateSet,
    promises: Promises,
    progress: Progress | None = None,
    limit: Limit | None = None,
) -> Evasion | None:
    """A fair run of the cause's environments that never comes to the goal; ``None`` where the search was cut short.

    Raises:
        EngineError: the reference semantics does not confirm it.
    """
    explored, owed = promises.explored, _owed(goal)
    with explored.watched(progress, limit) as watch:
        watch.what = "a run that never gets there"
        shown = promises.shown(owed, beginnings & explored.where(cause.condition))
        if shown is None:
            return None
        run = without_end(explored.network, "the goal", owed, shown, promises.counted_on(owed))
        lost = _lost(goal, shown.states, run.run.environment, explored)
        return None if watch.cut else Evasion(cause, run, lost)


def _owed(goal: Condition) -> Owed:
    return Owed(Promise.EVENTUALLY, TRUE, goal, at_first=True)


def _lost(goal: Condition, states: Sequence[State], environment: dict[str, str], explored: Exploration) -> int | None:
    """The first of the states of a run in the environment from which the goal cannot be reached."""
    here = explored.where(all_at(environment))
    can = explored.backward(explored.where(goal) & here, within=here)
    return next((number for number, state in enumerate(states) if state not in can), None)
