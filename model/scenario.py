"""Scenarios as data: how fine time is, which switches are on, which unknowns and parameters are pinned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .kernel.mirror import AddMirror


@dataclass(frozen=True)
class Scenario:
    """What a question is asked about.

    Attributes:
        tick: the length of one tick in minutes; ``None`` for the coarsest time that keeps the order in which tokens
            end.
        closed: a life is good at the very tick at which it ends, and is over at the next; else it is over at that tick.
            With closed lives the longest time that anything takes comes out whole, with the others the shortest.
        pins: unknowns, parameters and switches that are narrowed to one value or a few. All others stay as the model
            has them: unknowns open, parameters at their default, switches off.
        extensions: the names of what the model has here beside its core, in the order in which it is added.
        order: the name of the stored order of the moving actors that is good for it: one product's is not another's.
        durations: of the model's durations those that are other than it says, in minutes, from and to.
        mirror: what its model has twice, if it does: what of the two is reached by either counts as reached.
        on_demand: it takes minutes, and is left out where all scenarios are asked. Its shortest counterexamples take
            as long again and more memory; they are looked for where properties are named.
        alone: only the properties that name the scenario are asked; the core does nothing here that it does not do
            in another.
    """

    name: str
    doc: str
    tick: int | None = None
    pins: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    on_demand: bool = False
    alone: bool = False
    closed: bool = False
    order: str = "order"
    durations: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    mirror: AddMirror | None = None
