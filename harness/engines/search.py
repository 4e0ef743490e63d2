"""The search for a better order of the moving actors, by the nodes that an exploration really makes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from ccmproof.model.kernel.network import Network

from .budget import Limit
from .order import Order, completed
from .symbolic import explore


@dataclass(frozen=True)
class Trial:
    """One order that was tried: its cost in nodes."""

    order: tuple[str | tuple[str, ...], ...]
    nodes: int


def searched(
    network: Network,
    *,
    start: Order | None = None,
    seconds: float = 60.0,
    seed: int = 0,
    told: Callable[[Trial, int], None] | None = None,
    tries: int | None = None,
) -> Trial:
    """A better order, by local search: move one to three neighbouring levels elsewhere, keep what costs fewer nodes.

    Args:
        network: best one in which every actor takes part; orders found without some do not transfer to it.
        start: where to begin; by default at :func:`guessed`.
        seconds: how long to search. With ``tries`` instead of time the outcome depends on the seed alone.
        told: called with each improvement and the number of orders tried so far.
    """

    def cost(order: Order, limit: int | None) -> int | None:
        found = explore(network, order=order, limit=Limit(nodes=limit))
        return found.nodes if found.complete else None

    choose = random.Random(seed)
    first = tuple(completed(network, start))
    best = Trial(first, cost(first, None) or 0)
    began, number = time.monotonic(), 0
    while len(first) > 1 and (number < tries if tries is not None else time.monotonic() - began < seconds):
        number += 1
        order = neighbour(best.order, choose)
        nodes = cost(order, best.nodes)
        if nodes is not None and nodes < best.nodes:
            best = Trial(order, nodes)
            if told is not None:
                told(best, number)
    return best


def neighbour(order: tuple[str | tuple[str, ...], ...], choose: random.Random) -> tuple[str | tuple[str, ...], ...]:
    """The order with one to three neighbouring levels, together, at another place."""
    many = choose.randint(1, min(3, len(order) - 1))
    at = choose.randrange(len(order) - many + 1)
    block, rest = order[at : at + many], order[:at] + order[at + many :]
    to = choose.randrange(len(rest) + 1)
    return rest[:to] + block + rest[to:]
