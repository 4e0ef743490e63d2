"""The environment of a set that is closest to what one has in mind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .diagram import EMPTY
from .environments import Environments


def closest(environments: Environments, cost: Callable[[str, str], Sequence[int]]) -> dict[str, str]:
    """The environment that costs least, the first of several in the order of the network's lists.

    Args:
        cost: what it costs that an unknown has a value: numbers of which the earlier weigh more, always equally many.

    Raises:
        ValueError: the set is empty.
    """
    if environments.is_empty:
        raise ValueError("an empty set of environments has no closest one")
    space, store = environments.space, environments.space.store
    unknowns = list(zip(space.names, space.values, strict=True))[::-1]  # the lowest level first
    costs = [[tuple(cost(name, value)) for value in values] for name, values in unknowns]
    none = tuple(0 for _ in costs[0][0]) if costs else ()
    best: dict[tuple[int, int], tuple[tuple[int, ...], tuple[int, ...]]] = {(1, 0): (none, ())}

    def search(n: int, level: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The least cost of the levels up to this one, and the values that have it, the highest level first."""
        found = best.get((n, level))
        if found is None:
            found = min(
                (tuple(map(sum, zip(costs[level - 1][value], below, strict=True))), (value, *values))
                for value, kid in enumerate(store.cofactors(n, level))
                if kid != EMPTY
                for below, values in [search(kid, level - 1)]
            )
            best[n, level] = found
        return found

    return space.decoded(search(environments.node, store.height)[1])


def changes(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The unknowns in which two environments differ, each with its value in the one and in the other."""
    return {name: (value, other[name]) for name, value in one.items() if value != other[name]}
