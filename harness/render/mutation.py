"""A mutation run as a page to read."""

from __future__ import annotations

from ccmproof.harness.mutation.score import Verdicts

from .mutation_told import parts
from .validation import drawn


def render(verdicts: Verdicts, *, width: int = 80, colour: bool = False, ascii: bool = False) -> str:
    """The page. The same for the same input."""
    return drawn(parts(verdicts, folds=False), width=width, colour=colour, ascii=ascii)
