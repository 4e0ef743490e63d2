"""Fair runs: from which states a fair run stays inside a set for ever, by fixpoints on sets of states.

What is left of the set when every state is taken away from which some group of the fairness cannot be served: one that
may happen (strong), or may happen wherever the run can go (weak), while no step of it that stays in what is left can be
reached. In what remains every component that nothing leaves is fair as a whole: a run that keeps to it and takes each
step of it again and again serves every group. A component that is one state without a step is one in which no group may
happen: the run rests there. So fairness is judged on the cycle itself, whatever the larger component around it has.

The sets are of all environments at once, and a step never leaves its environment; so is the answer.

References: Emerson, Lei, "Modalities for model checking: branching time logic strikes back" (SCP 1987), for weak
fairness; Kesten, Pnueli, Raviv, "Algorithmic verification of linear temporal logic specifications" (ICALP 1998), for
strong fairness; on events instead of states here, as in TLA.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ccmproof.model.kernel.condition import TRUE
from ccmproof.model.kernel.fairness import Fairness, checked

if TYPE_CHECKING:
    from . import Exploration, StateSet


def fair(explored: Exploration, within: StateSet, fairness: Sequence[Fairness]) -> StateSet:
    """The states of ``within`` from which some fair run stays in it for ever.

    Raises:
        ModelError: the fairness names what is no event.
    """
    return explored.backward(core(explored, within, fairness), within=within)


def core(explored: Exploration, within: StateSet, fairness: Sequence[Fairness]) -> StateSet:
    """The largest part of ``within`` in which every group can be served from wherever it has to be.

    From each of its states a fair run goes on inside it; of its components those that nothing leaves are fair.

    Raises:
        ModelError: the fairness names what is no event.
    """
    groups = [(group, may(explored, group)) for group in checked(explored.network, fairness)]
    left, before = within, None
    while before is None or (before - left).found:
        before = left
        groups = [(group, where) for group, where in groups if (left & where).found]  # the others rest from now on
        for group, where in groups:
            left = _served(explored, left, group, where)
        groups.reverse()  # what one group takes away is news to those before it: there and back takes fewer rounds
    return left


def may(explored: Exploration, group: Fairness) -> StateSet:
    """The reached states in which the group may happen."""
    first, *others = (explored.can_fire(event) for event in group.events)
    for other in others:
        first = first | other
    return first if group.when == TRUE else first & explored.where(group.when)


def steps(explored: Exploration, group: Fairness, inside: StateSet) -> StateSet:
    """Where a step of the group begins that stays inside the set."""
    found = explored.leading_to(inside, group.events) & inside
    return found if group.when == TRUE else found & explored.where(group.when)


def _served(explored: Exploration, left: StateSet, group: Fairness, where: StateSet) -> StateSet:
    """The states of ``left`` that the group, which may happen ``where``, does not rule out."""
    ready = left & where
    if not ready.found:
        return left
    if not (ready - explored.leading_to(left, group.events)).found:
        return left  # wherever it may happen it can: what follows would take nothing away, and is dearer
    taken = steps(explored, group, left)
    if group.strong:
        return (left - where) | explored.backward(taken, within=left)
    return explored.backward((left - where) | taken, within=left)
