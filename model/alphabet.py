"""What is told of a step, where the behaviour of two designs is compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Alphabet:
    """What is told of a step: the event, by the hosts that decide it, and some fields of the message in hand.

    Attributes:
        hosts: those whose decisions are told.
        fields: the fields, the most telling first; a design without one of them is told without it.
    """

    hosts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
