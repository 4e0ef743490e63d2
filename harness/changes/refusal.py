"""Where the original design would have refused: the first step of a run that it does not make."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

from ccmproof.model.kernel import product
from ccmproof.model.kernel.barred import barred
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import Run


@dataclass(frozen=True)
class Refusal:
    """The first step of a run that another design does not make.

    Attributes:
        step: its number, from 0; as many as there are steps where the design makes all of them, and ``None`` where it
            has no such environment.
        event: the event; empty where there is none.
        why: what would have to hold, or what is not there, in words.
        instead: for each actor the state that the run has after the step, and the one that the design has.
    """

    step: int | None
    event: str
    why: tuple[str, ...] = ()
    instead: Mapping[str, tuple[str, str]] | None = None


def first_refusal(network: Network, run: Run) -> Refusal:
    """Follow the run in a network that may lack some of its actors, or have others beside.

    Whatever the others do, the run is followed as long as some of it agrees with the run. What never moves, and never
    has the value that the run has, stays as the network has it: that is what the change sets.
    """
    here = _beginnings(network, run)
    wherever = _set_apart(network, run)
    if not here:
        return Refusal(None, "", _strange(network, run))
    for number, step in enumerate(run.steps):
        event = network.event.get(step.event)
        if event is None:
            return Refusal(number, step.event, ("there is no such event",))
        wanted = run.states[number + 1]
        outcomes = dict.fromkeys(after for state in here for after in product.outcomes(network, event, state))
        if not outcomes:
            return Refusal(number, step.event, barred(network, event, here[0]))
        apart = {after: _apart(network, after, wanted, wherever) for after in outcomes}
        here = [after for after, differs in apart.items() if not differs]
        if not here:
            return Refusal(number, step.event, (), min(apart.values(), key=len))
    return Refusal(len(run.steps), "")


def _beginnings(network: Network, run: Run) -> list[State]:
    """The initial states that agree with the run's, as far as both have the actors."""
    wanted, wherever = run.states[0], _set_apart(network, run)
    pinned = tuple(
        of
        if of.name in wherever
        else replace(of, initial=tuple(state for state in of.initial if wanted.get(of.name, state) == state))
        for of in network.actors
    )
    return list(product.initial_states(replace(network, actors=pinned)))


def _set_apart(network: Network, run: Run) -> set[str]:
    """The unknowns and parameters that have a value in the run that they never have in the network."""
    wanted = run.states[0]
    return {of.name for of in network.unknowns if wanted.get(of.name, of.initial[0]) not in of.initial}


def _strange(network: Network, run: Run) -> tuple[str, ...]:
    """What of the run's beginning the network cannot have."""
    return tuple(
        f"{name} is {state}"
        for name, state in run.states[0].items()
        if name in network.actor and state not in network.actor[name].initial
    )


def _apart(
    network: Network, state: State, wanted: Mapping[str, str], but: Container[str]
) -> dict[str, tuple[str, str]]:
    """In which actors, of those that both have, a state differs from the run's; ``but`` not in these."""
    return {
        name: (wanted[name], here)
        for name, here in network.as_dict(state).items()
        if wanted.get(name, here) != here and name not in but
    }
