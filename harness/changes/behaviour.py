"""What a design does: which events happen where, the steps of each actor, and what passes the gates of the site.

Two designs are compared by it, lost as well as gained: a change that only takes something away is not thereby harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ccmproof.model.alphabet import Alphabet
from ccmproof.model.kernel.condition import In, all_of
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.network import Actor, Network, Transition

from ..engines import Exploration, StateSet

LocalStep = tuple[str, str, str]
"""A step of one actor: the state before, the event, the state after."""
Label = tuple[str, ...]
"""A labelled step: the event, and the value of each field of the alphabet before it."""

Occurring = Mapping[str, tuple[str, ...]]
"""For each actor the states that it is in, in some of the states that are spoken of."""


@dataclass(frozen=True)
class Behaviour:
    """What happens in one design, in one scenario.

    Attributes:
        fires: for each event, the environments in which it happens; empty where it never does.
        steps: for each actor that acts, the steps that it makes in some environment.
        labels: the labelled steps that happen in some environment.
        entered: for each actor the states that it is ever in.
    """

    fires: Mapping[str, Environments]
    steps: Mapping[str, frozenset[LocalStep]]
    labels: frozenset[Label]
    entered: Mapping[str, frozenset[str]]


def behaviour(explored: Exploration, alphabet: Alphabet, watching: Sequence[str] = ()) -> Behaviour:
    """What happens in what was explored; machines that watch are not spoken of."""
    network = explored.network
    acting = [of for of in network.moving if not of.data and of.name not in watching]
    enabled = {event.name: explored.can_fire(event.name) for event in network.events}
    occurring = {name: explored.occurring(states) for name, states in enabled.items()}
    entered = explored.entered
    return Behaviour(
        {name: explored.environments_of(states) for name, states in enabled.items()},
        {of.name: frozenset(_steps(of, explored, enabled, occurring)) for of in acting},
        frozenset(_labels(network, explored, enabled, alphabet)),
        {of.name: frozenset(entered[of.name]) for of in network.actors if of.name not in watching},
    )


def _steps(
    of: Actor, explored: Exploration, enabled: Mapping[str, StateSet], occurring: Mapping[str, Occurring]
) -> Iterator[LocalStep]:
    """The steps of an actor, those that leave it where it is, too."""
    for event, rows in of.by_event.items():
        for source in occurring[event][of.name]:
            here = [row for row in rows if source in row.sources]
            for row in here:
                # Where only one row is left the event cannot have happened by another.
                if len(here) == 1 or _happens(of, row, source, explored, enabled[event]):
                    yield source, event, row.target(source)


def _happens(of: Actor, row: Transition, source: str, explored: Exploration, enabled: StateSet) -> bool:
    here = all_of(In(of.name, frozenset({source})), row.when)
    return (enabled & explored.where(here)).found


def _labels(
    network: Network, explored: Exploration, enabled: Mapping[str, StateSet], alphabet: Alphabet
) -> Iterator[Label]:
    fields = tuple(name for name in alphabet.fields if name in network.actor)
    for event in network.events:
        controller = network.actor.get(event.controller)
        if controller is not None and controller.host in alphabet.hosts:
            for values in explored.combinations(enabled[event.name], fields):
                yield event.name, *values
