"""The semantics, on one page. Small, slow and right: every engine is tested against it.

Let a network have actors A1 … An. A state of the product is one state of each, (s1, …, sn).

*Initial.* Every combination of initial states that all conditions of ``assume`` allow.

*Step.* An event e happens in all actors that have it in their alphabets at once, or not at all. It may happen in s
where its guard holds and every participant Ai offers a transition for it: one whose sources contain si and whose
``when`` holds in s. All conditions read s, the state before. Each participant takes one of the transitions that it
offers, each combination of them is a possible outcome; every other actor stays where it is.

That is CSP's synchronous product with global read guards. Nothing else happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from .condition import Condition, evaluate
from .network import Actor, Event, Network, State, Transition


def holds(network: Network, condition: Condition, state: State) -> bool:
    """Is the condition true in the state?"""
    return evaluate(condition, lambda leaf: state[network.position[leaf.actor]] in network.resolve(leaf))


def initial_states(network: Network) -> Iterator[State]:
    """The states in which the product may begin, in the order in which the actors list theirs."""
    for state in product(*(actor.initial for actor in network.actors)):
        if all(holds(network, condition, state) for condition in network.assume):
            yield state


def offered(network: Network, actor: Actor, event: str, state: State) -> list[Transition]:
    """The transitions that one participant offers for the event."""
    here = state[network.position[actor.name]]
    return [row for row in actor.by_event.get(event, ()) if here in row.sources and holds(network, row.when, state)]


def enabled(network: Network, event: Event, state: State) -> bool:
    """May the event happen in the state?"""
    return holds(network, event.guard, state) and all(
        offered(network, network.actor[name], event.name, state) for name in event.participants
    )


def outcomes(network: Network, event: Event, state: State) -> Iterator[State]:
    """The states in which the event may end, each once; none where it may not happen."""
    if not holds(network, event.guard, state):
        return
    choices = [offered(network, network.actor[name], event.name, state) for name in event.participants]
    places = [network.position[name] for name in event.participants]
    seen: set[State] = set()
    for rows in product(*choices):
        after = list(state)
        for place, row in zip(places, rows, strict=True):
            after[place] = row.target(state[place])
        if tuple(after) not in seen:
            seen.add(tuple(after))
            yield tuple(after)


def successors(network: Network, state: State) -> Iterator[tuple[Event, State]]:
    """Every step that is possible from the state, in the order of the network's events."""
    for event in network.events:
        for after in outcomes(network, event, state):
            yield event, after
