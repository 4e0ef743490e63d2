"""Why an event may not happen in a state."""

from __future__ import annotations

from . import product
from .condition import In, false_leaves
from .network import Event, Network, State


def barred(network: Network, event: Event, state: State) -> tuple[str, ...]:
    """What would have to hold in the state so that the event may happen, as conditions in text; of each participant
    that offers no row for it, what its rows from there ask for, or where it would have to be. Empty where it may."""

    def leaf(of: In) -> bool:
        return state[network.position[of.actor]] in network.resolve(of)

    found = [*false_leaves(event.guard, leaf)]
    for name in event.participants:
        actor = network.actor[name]
        if product.offered(network, actor, event.name, state):
            continue
        rows = actor.by_event[event.name]
        from_here = [row for row in rows if state[network.position[name]] in row.sources]
        for row in from_here:
            found += false_leaves(row.when, leaf)
        if not from_here:
            found.append(str(In(name, frozenset().union(*(row.sources for row in rows)))))
    return tuple(dict.fromkeys(found))
