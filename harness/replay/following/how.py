"""How directly lines speak for a cause."""

from __future__ import annotations

from enum import IntEnum


class How(IntEnum):
    """How directly the lines speak for a cause."""

    SAID = 1
    CODED = 2
    SHOWN = 3
    INFERRED = 4
    THINKABLE = 5


WORDS = {
    How.SAID: "a line says so",
    How.CODED: "its code is there",
    How.SHOWN: "what was refused shows it",
    How.INFERRED: "it would explain these lines",
    How.THINKABLE: "it might explain these lines",
}
