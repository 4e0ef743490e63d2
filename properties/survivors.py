"""Single edits of the model that no property notices, and why that is right; by their texts, as a run has them.

What is here is no gap of the suite. An edit that a property would have to notice does not belong here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """Edits that one reason explains."""

    reason: str
    edits: tuple[str, ...]


ACCEPTED: tuple[Accepted, ...] = ()

SURVIVORS: Mapping[str, str] = {text: each.reason for each in ACCEPTED for text in each.edits}
"""Each accepted survivor, and why it is one."""
