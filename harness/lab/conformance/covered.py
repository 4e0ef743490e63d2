"""What of the model runs of labs have taken: rows of the actors, events, and outcomes of the leaves of their guards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import In, leaves
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import Run
from ccmproof.model.workflow.hosts import CLIENT, CLOUD, CMG, CP, DATABASE, ENTRA, MP

from ...counterexample import OBSERVER

ACTING = (CLIENT, ENTRA, CMG, CP, MP, DATABASE, CLOUD)
"""The hosts of client and servers: their actors' rows are what is to be covered."""
IN_DISORDER = "confused_client"
"""Lives on the client's host, and is none of its components."""

Row = tuple[str, int]
"""A row of an actor, by its place among the actor's transitions."""
Leaf = tuple[str, int, str, bool]
"""A leaf of a row's guard, and whether it was true when the row was looked at."""


def rows_of(network: Network) -> tuple[Row, ...]:
    """Every row by which an actor of client and servers, that is no data field, goes somewhere: what suites take. Where
    an event leaves an actor as it is there is nothing to take."""
    return tuple(
        (actor.name, number)
        for actor in network.moving
        if actor.host in ACTING and not actor.data and actor.name != IN_DISORDER
        for number, row in enumerate(actor.transitions)
        if row.dest is not None
    )


def row_in_words(network: Network, row: Row) -> str:
    """A row as a person reads it: ``cmg: cmg_forwards_request from holding to waiting``."""
    of = network.actor[row[0]].transitions[row[1]]
    sources = ", ".join(sorted(of.sources))
    return f"{row[0]}: {of.event} from {sources} to {of.dest or 'where it is'}"


@dataclass
class Covered:
    """What some runs have taken.

    Attributes:
        wanted: the rows that are to be covered.
    """

    network: Network
    rows: set[Row] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    leaves: set[Leaf] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.wanted = frozenset(rows_of(self.network))

    def add(self, run: Run, *, guards: bool = True) -> int:
        """Take note of a run; how many rows, events and outcomes are new by it."""
        before = self.count
        states = [self.network.as_state(each) for each in run.states]
        for step, one, other in zip(run.steps, states, states[1:], strict=False):
            self.events.add(step.event)
            self.rows |= taken(self.network, step.event, one, other)
            if guards:
                self.leaves.update(_looked_at(self.network, step.event, one))
        return self.count - before

    def merge(self, other: Covered) -> None:
        """Take note of all that another has."""
        self.rows |= other.rows
        self.events |= other.events
        self.leaves |= other.leaves

    def without(self, other: Covered) -> Covered:
        """What is covered here and not there."""
        return Covered(self.network, self.rows - other.rows, self.events - other.events, self.leaves - other.leaves)

    def has(self, event: str, state: State) -> bool:
        """Whether nothing is new of the event in this state: neither it, nor what is then true of the guards that are
        looked at."""
        return event in self.events and self.leaves.issuperset(_looked_at(self.network, event, state))

    @property
    def count(self) -> int:
        """How much there is, rows, events and outcomes alike."""
        return len(self.rows) + len(self.events) + len(self.leaves)

    @property
    def left(self) -> tuple[Row, ...]:
        """The rows that no run has taken."""
        return tuple(row for row in rows_of(self.network) if row not in self.rows)

    def summary(self) -> Mapping[str, int]:
        """How much of what is wanted is covered."""
        return {
            "rows": len(self.wanted & self.rows), "of_rows": len(self.wanted), "events": len(self.events),
            "of_events": len(self.network.events), "guard_outcomes": len(self.leaves),
        }  # fmt: skip


def taken(network: Network, event: str, before: State, after: State) -> frozenset[Row]:
    """The rows that a step may have been taken by."""
    found = set()
    for name in network.event[event].participants:
        place, actor = network.position[name], network.actor[name]
        if actor.data or actor.host == OBSERVER:
            continue
        for number, row in enumerate(actor.transitions):
            if row.event != event or before[place] not in row.sources or row.target(before[place]) != after[place]:
                continue
            if product.holds(network, row.when, before):
                found.add((name, number))
    return frozenset(found)


def _looked_at(network: Network, event: str, state: State) -> Iterable[Leaf]:
    """The leaves of the guards by which the actor that decides has decided here, taken or not."""
    name = network.event[event].controller
    actor, here = network.actor[name], state[network.position[name]]
    for number, row in enumerate(actor.transitions):
        if here in row.sources and network.event[row.event].controller == name:
            for leaf in leaves(row.when):
                yield name, number, str(leaf), _in(network, leaf, state)


def _in(network: Network, leaf: In, state: State) -> bool:
    return state[network.position[leaf.actor]] in network.resolve(leaf)
