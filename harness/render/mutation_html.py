"""A mutation run as a page of HTML that stands alone."""

from __future__ import annotations

from ccmproof.harness.mutation.score import Verdicts

from .mutation_told import parts
from .validation_html import standing_alone


def render(verdicts: Verdicts) -> str:
    """The page."""
    return standing_alone("Mutation score", parts(verdicts))
