"""Fairness: which runs are looked at when it is asked whether something must happen.

A *run* goes on for ever: from some state on either event follows event without end, or nothing happens any more.
Nothing obliges an event to happen but fairness:

- *weak*: what may happen from some state on without interruption happens again and again;
- *strong*: what may happen again and again happens again and again.

Both speak of a group of *outcomes*: events, where a condition holds in the state before. The group may happen where the
condition holds and one of its events may; it has happened where one of them did, with the condition. So a run may come
to rest exactly where no group of its fairness may happen. An event that is in no group (a fault, a block, whatever an
adversary does) need never happen.

References: Lamport, "The temporal logic of actions" (TOPLAS 1994), whose runs, stuttering and fairness these are;
Francez, "Fairness" (1986).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from .condition import TRUE, Condition
from .errors import ModelError, nearest
from .network import Event, Network


@dataclass(frozen=True)
class Fairness:
    """A group of outcomes that is not put off for ever.

    Attributes:
        name: what it is, in words: ``Entra issues a device token``.
        events: the names of the events.
        strong: strong, else weak.
        when: in which states before the event it counts.
    """

    name: str
    events: tuple[str, ...]
    strong: bool = True
    when: Condition = TRUE

    def __str__(self) -> str:
        return f"{'strong' if self.strong else 'weak'}: {self.name}"


Fairnesses = Callable[[Network], tuple[Fairness, ...]]
"""What is fair in a network."""


@dataclass(frozen=True)
class Excepting:
    """What is fair without some events, which are not owed: where a group has no other it is none."""

    of: Fairnesses
    events: tuple[str, ...]

    def __call__(self, network: Network) -> tuple[Fairness, ...]:
        groups = (replace(each, events=tuple(e for e in each.events if e not in self.events))
                  for each in self.of(network))  # fmt: skip
        return tuple(group for group in groups if group.events)


def checked(network: Network, fairness: Iterable[Fairness]) -> tuple[Fairness, ...]:
    """The groups, if the network has what they name.

    Raises:
        ModelError: a group is empty, or names what is not there.
    """
    groups = tuple(fairness)
    for group in groups:
        if not group.events:
            raise ModelError(f"the fairness {group.name!r} is of no event")
        network.check(group.when)
        for name in group.events:
            if name not in network.event:
                raise ModelError(
                    f"the fairness {group.name!r}: there is no event {name!r}{nearest(name, network.event)}"
                )
    return groups


def of_events(network: Network, owed: Sequence[Event]) -> tuple[Fairness, ...]:
    """The fairness that these events, and no others, are owed.

    Whoever decides them goes on (weak, one group an actor), and each that is no refusal happens again and again where
    it may again and again (strong).
    """
    working: dict[str, list[str]] = {}
    for event in owed:
        working.setdefault(event.controller, []).append(event.name)
    return (
        *(Fairness(f"{actor or 'the rest'} goes on", tuple(names), strong=False) for actor, names in working.items()),
        *(Fairness(event.name, (event.name,)) for event in owed if not event.refusal),
    )


def fairness_of(network: Network) -> tuple[Fairness, ...]:
    """What is fair in the network: what its model says, and where that says nothing, that every event is."""
    return (network.fairness or to_all)(network)


def to_all(network: Network) -> tuple[Fairness, ...]:
    """Every event of the network is owed."""
    return of_events(network, network.events)
