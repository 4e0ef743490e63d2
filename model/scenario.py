"""Scenarios as data: how fine time is, which switches are on, which unknowns and parameters are pinned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scenario:
    """What a question is asked about.

    Attributes:
        tick: the length of one tick in minutes; ``None`` for the coarsest time that keeps the order in which tokens
        end. pins: unknowns, parameters and switches that are narrowed to one value or a few. All others stay as the
        model has
            them: unknowns open, parameters at their default, switches off.
    """

    name: str
    doc: str
    tick: int | None = None
    pins: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
