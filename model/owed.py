"""What stands beside the statements: the lines that the document quotes, what a later part owes, what needs no model.

A statement *needs* answers of certain kinds (:data:`NEEDS`). What is still to be written is due from a named part of
the project; anything else that is missing is a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Need(Enum):
    """What answers for a statement."""

    MODEL = "model"
    """Something in the model cites it: an actor, a row, a parameter, a predicate, an assumption."""
    CLAIM = "claim"
    """A property that is more than a possibility cites it."""
    ANYTHING = "anything"
    """Something in the model or a property cites it."""
    PICTURE = "picture"
    """It is drawn from the model."""
    LOG = "log"
    """It is read in the logs of a device or a site."""


NEEDS: dict[str, tuple[Need, ...]] = {
    "must": (Need.MODEL, Need.CLAIM),
    "state": (Need.MODEL,),
    "transition": (Need.MODEL,),
    "diagnosis": (Need.MODEL, Need.CLAIM, Need.LOG),
    "picture": (Need.PICTURE,),
    "question": (Need.ANYTHING,),
    "log": (Need.LOG,),
    "line": (Need.LOG,),
}
"""What a statement of each kind needs."""
MAY_BE_DUE = (Need.ANYTHING, Need.PICTURE, Need.LOG)
"""What a later part may owe. A statement's row in the model and its claim are never put off."""

DUE: dict[str, str] = {}
"""The statements of which something is still to be written, and the part of the project that owes it."""

SETTLED: dict[str, str] = {
    "A3": "concerns the identifiers in a log; the model has no such numbers",
    "A5": "a slip of the pen: accounts are told apart by their SID",
    "A6": "shortened or made anonymous in the samples",
    "A9": "no: a renewal is a request with an Entra token, like the first",
    "A19": "the type follows from whose Entra token it was; nothing depends on it",
    "A27": "bit masks without documentation; nothing depends on them",
    "A29": "outside the Entra path",
    "A32": "the answer grants nothing and is not secret; who asks needs no credential",
}
"""The questions that nothing in the model or the suite cites, and why that is right."""


@dataclass(frozen=True)
class Quoted:
    """Lines of a log that the document quotes.

    Attributes:
        lines: their numbers in the document, ``30–31``.
        log: the statement that names the log.
        cites: what the lines show.
        due: the part of the project that is to read them still; empty: none.
    """

    lines: str
    log: str
    cites: str
    due: str = ""

    @property
    def numbers(self) -> range:
        """The numbers of the lines."""
        first, _, last = self.lines.partition("–")
        return range(int(first), int(last or first) + 1)


QUOTED = tuple(
    Quoted(lines, log, cites)
    for lines, log, cites in (
        ("30–31", "L1", "I1.2 I1.4"),
        ("32–33", "L1", "I1.8"),
        ("45", "L1", "I2.1"),
        ("53–56", "L1", "I2.2"),
        ("57–59", "L1", "I2.2 I2.5"),
        ("69–70", "L1", "I3.1"),
        ("76", "L5", "I3.2"),
        ("86", "L6", "I3.3"),
        ("92–98", "L7", "I3.4 I3.6"),
        ("104", "L1", "I4.1"),
        ("105–109", "L1", "I4.2"),
        ("111–114", "L1", "I4.2b"),
        ("115–118", "L1", "I4.2c"),
        ("120–122", "L1", "I4.3"),
        ("136–138", "L3", "R1.1 R1.2 R1.4"),
        ("140–142", "L3", "R1.2 R1.3"),
        ("148–149", "L2", "R2.1 R2.2"),
        ("159–160", "L8", "R3.1 I3.7"),
        ("166", "L3", "R3.2"),
        ("172–175", "L3", "R4.0 R4.1"),
        ("181", "L5", "R4.1"),
        ("187", "L6", "R4.1"),
        ("193–199", "L7", "R4.1 I3.4"),
        ("211", "L4", "T3"),
        ("213–215", "L4", "T2 T5"),
        ("217–219", "L4", "T4"),
        ("221", "L4", "T4 T5"),
    )
)
"""Every line that the document quotes from a log, in its order."""
