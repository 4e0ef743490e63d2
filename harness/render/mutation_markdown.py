"""A mutation run as Markdown that is fit for a pull request."""

from __future__ import annotations

from ccmproof.harness.mutation.score import Verdicts

from .mutation_told import parts
from .validation_markdown import written


def render(verdicts: Verdicts) -> str:
    """The Markdown."""
    return written(list(parts(verdicts)))
