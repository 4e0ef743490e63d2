"""The product to look at: in full where it is small, else as some of its actors see it; and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import networkx as nx
from ccmproof.diagrams.form import Graph
from ccmproof.diagrams.product import MOST, Step, Told, parts_of, view_graph
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.graph import product_graph
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.quotient import quotient
from ccmproof.model.scenario import Scenario

from .catalogue import Catalogue
from .checker import network_of
from .drawing import shortest_to_goals
from .engines import CutShort, Exploration, Progress, explore
from .expression import sayable
from .projection import TooMany, projected
from .system import System

MOST_FOLDED: Final = 5_000
"""How many states or combinations are looked through, where those that can be gone round in may be folded."""
MOST_WRITTEN: Final = 20_000
"""How many states or combinations are written to a file that a program reads."""


@dataclass(frozen=True)
class Viewed:
    """A view of a scenario's product.

    Attributes:
        settings: what was set, and ``chosen``: the actors that it was projected on; none: it is the product in full.
        elsewhere: two of its actors that it may be projected on, the most telling ones.
    """

    of: System
    scenario: Scenario
    settings: Mapping[str, str]
    network: Network
    chosen: tuple[str, ...]
    view: nx.MultiDiGraph
    states: int
    environments: int
    elsewhere: tuple[str, ...]


def viewed(
    of: System,
    scenario: Scenario,
    settings: Mapping[str, str],
    actors: Sequence[str],
    most: int = MOST_FOLDED,
    progress: Progress | None = None,
) -> Viewed:
    """The product of a scenario, projected on these actors; in full where none is named.

    Args:
        most: how many states, or combinations of theirs, make sense.

    Raises:
        ModelError: there is no such actor, the nearest name is given; or it is too large, then it says how large.
        CutShort: the search was interrupted.
    """
    network = network_of(scenario, (), settings, of.build)
    chosen = _chosen(of, scenario, network, actors)
    explored = explore(network, order=of.order_of(scenario), progress=progress)
    if not explored.complete:
        raise CutShort(explored.why_incomplete)
    elsewhere = _telling(explored)
    goals = sayable(of.goals, network)
    if chosen:
        try:
            view = projected(explored, chosen, goals, most)
        except TooMany as error:
            raise ModelError(
                f"{', '.join(chosen)} are in at least {error.seen:,} different combinations of states in"
                f" {scenario.name}, too many: name fewer actors"
            ) from error
    else:
        if explored.states > most:
            size = f"{explored.states:,} states"
            raise ModelError(_too_large(of, scenario, settings, elsewhere, size))
        view = quotient(product_graph(network, limit=most), network, [each.name for each in network.actors], goals)
    return Viewed(
        of, scenario, settings, network, chosen, view, explored.states, explored.environments.count, elsewhere
    )


def drawn_product(found: Viewed, *, fold: bool = False, progress: Progress | None = None) -> Graph:
    """The drawing of a view; what can be gone round in is folded where that is asked for, or where it is too large.

    Raises:
        ModelError: it is too large even so; it says how large.
    """
    view = found.view
    fold = fold or len(view) > MOST
    parts = len(parts_of(view))
    if fold and parts > MOST:
        sizes = f"{view.number_of_edges():,} steps and {parts:,} strongly connected parts"
        if found.chosen:
            raise ModelError(
                f"{', '.join(found.chosen)} are in {len(view):,} different combinations of states in"
                f" {found.scenario.name}, with {sizes}, too many to draw: name fewer actors"
            )
        size = f"{len(view):,} states, {sizes}"
        raise ModelError(_too_large(found.of, found.scenario, found.settings, found.elsewhere, size))
    return view_graph(view, _told(found, progress), fold=fold)


def _chosen(of: System, scenario: Scenario, network: Network, names: Sequence[str]) -> tuple[str, ...]:
    """The actors that are meant, each once."""
    there = {name.casefold(): name for name in network.actor}
    found = dict.fromkeys(there.get(name.casefold(), "") or _unknown(of, scenario, network, name) for name in names)
    return tuple(found)


def _unknown(of: System, scenario: Scenario, network: Network, name: str) -> str:
    if any(name.casefold() == each.name.casefold() for each in Catalogue(of, scenario).model.actors):
        raise ModelError(f"{name} only watches: it is no part of the product")
    near = nearest(name, network.actor)
    raise ModelError(f"there is no actor {name!r}{near}; `ccmproof list actors` names them")


def _telling(explored: Exploration) -> tuple[str, ...]:
    """The two actors that are in most states, of those that move by themselves."""
    there = [each.name for each in explored.network.moving if not each.data] or list(explored.network.actor)
    entered = explored.entered
    return tuple(sorted(there, key=lambda name: -len(entered[name]))[:2])


def _too_large(of: System, scenario: Scenario, settings: Mapping[str, str], elsewhere: Sequence[str], size: str) -> str:
    where = "" if scenario is of.default else f" --scenario {scenario.name}"
    given = "".join(f' --set "{name}={value}"' for name, value in settings.items())
    instead = f"ccmproof diagram product {' '.join(elsewhere)}{where}{given}"
    return f"the product of {scenario.name} has {size}, too many in full; projected on some of its actors: `{instead}`"


def _told(found: Viewed, progress: Progress | None) -> Told:
    view, network = found.view, found.network
    actors = found.chosen
    if not actors:
        seen = zip(network.actors, zip(*view, strict=True), strict=True)
        vary = [each for each, states in seen if len(set(states)) > 1]
        actors = tuple(each.name for each in vary if not each.data) or tuple(each.name for each in vary)
    about = ", ".join(found.chosen) if found.chosen else "the product in full"
    given = "".join(f", {name} = {value}" for name, value in found.settings.items())
    path_is = f"the shortest way to {', '.join(found.of.goals)} where all is as usual"
    path = _path(found, progress)
    title = f"{found.scenario.name}{given}: {about}"
    return Told(title, found.states, found.environments, actors, not found.chosen, path, path_is)


def _path(found: Viewed, progress: Progress | None) -> frozenset[Step]:
    """The happy path, as these actors see it."""
    network, paths = shortest_to_goals(found.of, found.scenario, found.settings, progress)
    places = [network.position[name] for name in found.view.graph["actors"]]
    steps = set()
    for path in paths:
        seen = [tuple(state[place] for place in places) for state in path.states]
        steps |= {step for step in zip(path.events, seen, seen[1:], strict=False) if step[1] != step[2]}
    return frozenset(steps)
