"""What can be wrong with a model's text, and how it is said: what, where, and the nearest right name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


class ModelError(ValueError):
    """The model, or a question about it, is unusable as it stands. One line: what is wrong, where, the mend."""


class ConditionError(ModelError):
    """A condition's text is malformed.

    Attributes:
        what: what is wrong, without the place.
        line, column: where, counted from 1.
        text: the whole text.
    """

    def __init__(self, what: str, *, line: int, column: int, text: str) -> None:
        super().__init__(f"line {line}, column {column}: {what}")
        self.what, self.line, self.column, self.text = what, line, column, text


@dataclass(frozen=True)
class Finding:
    """One finding of a lint: the place (``actor/event/state``), what is wrong there, and the mend."""

    rule: str
    place: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} [{self.rule}]; {self.mend}"


class LintError(ModelError):
    """Structural findings refuse the network; ``findings`` has them all."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def nearest(name: str, known: Iterable[str]) -> str:
    """``" (did you mean 'x'?)"``, or nothing where no known name is near."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""
