"""Which rows may be taken in an environment at all, by a relaxation: nothing that was true once is ever lost.

Each actor has a set of states that it may have been in, and a guard is satisfied where every leaf of it might be, each
by itself. What cannot happen then cannot happen at all; what can, may be out of reach nevertheless. It is quick, where
exploring the product of one environment with all that may strike is not.

Unknowns are left open where nothing is said of them. By a distinction of the values of one, rows are found that can be
taken in no environment, and pairs of rows that can be taken in none together.

Reference: Bonet and Geffner, "Planning as heuristic search" (2001): the delete relaxation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

import networkx as nx
from ccmproof.model.kernel.condition import And, Condition, In, Named, Not, Or, actors_of
from ccmproof.model.kernel.network import Actor, Event, Network

from .covered import Row, rows_of


def possible(network: Network, environment: Mapping[str, str]) -> frozenset[Row]:
    """The rows that are not out of reach in the environment for this reason."""
    reached = _Reached(network, environment)
    return frozenset(
        (name, number) for name, number in rows_of(network) if reached.may_take(network.actor[name], number)
    )


def never_taken(network: Network, rows: Iterable[Row]) -> frozenset[Row]:
    """Those of the rows that no environment allows, by one of the unknowns that their events ask of."""
    found = set()
    distinguished: dict[str, tuple[frozenset[Row], ...]] = {}
    for name, number in sorted(rows):
        for unknown in sorted(_asked(network, network.actor[name].transitions[number].event)):
            if unknown not in distinguished:
                distinguished[unknown] = _by_value(network, unknown)
            if not any((name, number) in allowed for allowed in distinguished[unknown]):
                found.add((name, number))
    return frozenset(found)


def lower_bound(network: Network, rows: Iterable[Row]) -> int:
    """How many runs any suite has at the least that takes these rows: a run is in one environment, and a largest set of
    rows of which no two can be taken in one environment needs a run for each (an exact clique, by networkx).

    It is a bound, and far from what can be had: two rows may exclude one another for more reasons than one unknown.
    """
    allowed = [_by_value(network, unknown.name) for unknown in _open(network)]
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(sorted(rows))
    graph.add_edges_from(
        (one, other)
        for one, other in combinations(sorted(rows), 2)
        if any(not any(one in each and other in each for each in values) for values in allowed)
    )
    return int(nx.max_weight_clique(graph, weight=None)[1])


def _by_value(network: Network, unknown: str) -> tuple[frozenset[Row], ...]:
    """What may be taken, by each value of an unknown, all others open."""
    return tuple(possible(network, {unknown: value}) for value in network.actor[unknown].initial)


def _asked(network: Network, event: str) -> frozenset[str]:
    """The open unknowns of which something is asked when an event may happen."""
    of = network.event[event]
    guards = [of.guard, *(row.when for name in of.participants for row in network.actor[name].by_event[event])]
    return frozenset().union(*map(actors_of, guards)) & {unknown.name for unknown in _open(network)}


def _open(network: Network) -> list[Actor]:
    return [unknown for unknown in network.unknowns if len(unknown.initial) > 1]


def _rows_by_event(network: Network) -> Mapping[tuple[str, str], list[int]]:
    """For each actor and event the places of its rows."""
    found: dict[tuple[str, str], list[int]] = {}
    for actor in network.actors:
        for number, row in enumerate(actor.transitions):
            found.setdefault((actor.name, row.event), []).append(number)
    return found


class _Reached:
    """The states that each actor may have been in; a state of the relaxation, and the last one."""

    def __init__(self, network: Network, environment: Mapping[str, str]) -> None:
        self.network = network
        self.states = {
            actor.name: {environment[actor.name]} if actor.name in environment else set(actor.initial)
            for actor in network.actors
        }
        self.events: set[str] = set()
        self._rows = _rows_by_event(network)
        self._once: set[tuple[str, int]] = set()  # what was ready once is ready for ever
        while sum(self._happens(event) for event in network.events):
            pass

    def may_take(self, actor: Actor, number: int) -> bool:
        """Whether the row may be taken, and not only its actor be ready for it."""
        return actor.transitions[number].event in self.events and self._ready(actor, number)

    def _ready(self, actor: Actor, number: int) -> bool:
        if (actor.name, number) in self._once:
            return True
        row = actor.transitions[number]
        ready = not self.states[actor.name].isdisjoint(row.sources) and self.satisfied(row.when)
        if ready:
            self._once.add((actor.name, number))
        return ready

    def _happens(self, event: Event) -> bool:
        """Let the event happen in each way that it may; whether anything is new by it."""
        if not self.satisfied(event.guard):
            return False
        ready = []
        for name in event.participants:
            actor = self.network.actor[name]
            rows = [actor.transitions[number] for number in self._rows[name, event.name] if self._ready(actor, number)]
            if not rows:
                return False
            ready.append((name, rows))
        before = len(self.events), sum(map(len, self.states.values()))
        self.events.add(event.name)
        for name, rows in ready:
            self.states[name].update(row.dest for row in rows if row.dest is not None)
        return before != (len(self.events), sum(map(len, self.states.values())))

    def satisfied(self, condition: Condition, wanted: bool = True) -> bool:
        """Whether the condition might be as wanted, each leaf by itself."""
        match condition:
            case In(actor=name):
                values = self.network.resolve(condition)
                return bool(self.states[name] & values if wanted else self.states[name] - values)
            case Not(part=part):
                return self.satisfied(part, not wanted)
            case Named(body=body):
                return self.satisfied(body, wanted)
            case And(parts=parts) | Or(parts=parts):
                every = isinstance(condition, And) is wanted
                each = (self.satisfied(part, wanted) for part in parts)
                return all(each) if every else any(each)
        raise TypeError(f"not a condition: {condition!r}")
