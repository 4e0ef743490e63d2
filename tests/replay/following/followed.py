"""Following, state by state with the reference semantics: what the sets of the follower have to be equal to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ccmproof.harness.replay.following.ground import Ground
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen
from ccmproof.model.kernel import product
from ccmproof.model.kernel.network import Network, State

Observation = tuple[tuple[str, ...], str]
"""The events that a line may stand for, and what holds just before it."""


def closed(network: Network, states: Iterable[State], silent: frozenset[str]) -> set[State]:
    found = set(states)
    todo = list(found)
    while todo:
        for event, after in product.successors(network, todo.pop()):
            if event.name in silent and after not in found:
                found.add(after)
                todo.append(after)
    return found


def step(network: Network, states: Iterable[State], silent: frozenset[str], observed: Observation) -> set[State]:
    events, holds = observed
    there = closed(network, states, silent)
    if holds:
        condition = network.condition(holds)
        there = {state for state in there if product.holds(network, condition, state)}
    if not events:
        return there
    return {
        after for state in there for event in events for after in product.outcomes(network, network.event[event], state)
    }


def followed(network: Network, silent: frozenset[str], observed: Sequence[Observation]) -> list[set[State]]:
    """The set after each line, from the beginning."""
    states, found = set(product.initial_states(network)), []
    for each in observed:
        states = step(network, states, silent, each)
        found.append(states)
    return found


def members(ground: Ground, node: int, among: Iterable[State]) -> set[State]:
    """Those of the states that a set has."""
    found = set()
    for state in among:
        values = ground.layout.encoded(state)
        if values is not None and ground.store.contains(node, values):
            found.add(state)
    return found


def lines(observed: Sequence[Observation], *, elsewhere: bool = False) -> list[Seen]:
    """A line for each, no two in the same words."""
    return [
        Seen(Line("a.log", i + 1, "a", f"line {i}"), Pattern(f"p{i}", "", (), events, holds, elsewhere=elsewhere))
        for i, (events, holds) in enumerate(observed)
    ]
