"""What a diagnosis needs, made once a process: the two grounds, what is kept of them, the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ccmproof.model.scenario import Scenario

from ...engines import Progress
from ...system import System, shipped
from ..pattern import Cause, Pattern
from ..patterns import causes as shipped_causes
from ..patterns import load
from ..patterns import shipped as shipped_patterns
from ..recognise import Recogniser
from .findings import Claims
from .follow import After
from .ground import CALM_SCENARIO, FULL_SCENARIO, Ground, ground, network_of
from .kept import Kept, Minimal, shipped_key, usual_folder
from .ranking import Grounds


@dataclass
class Equipment:
    """Everything that is the same for all devices.

    Args:
        patterns: the table, a user's own patterns first.
        folder: where what was found out of the model is kept; ``None``: nowhere.
        system: the model, its goals and orders.
    """

    patterns: Sequence[Pattern]
    causes: Mapping[str, Cause]
    system: System
    folder: Path | None = None
    key: str = ""
    engine: str = "symbolic"
    progress: Progress | None = None
    told: Callable[[], None] | None = None
    """Called before something is found out that takes a while."""
    _grounds: dict[str, Ground] = field(default_factory=dict, init=False)
    """By scenario, those on which nothing is ever asked."""

    @cached_property
    def recogniser(self) -> Recogniser:
        return Recogniser(self.patterns)

    @cached_property
    def full(self) -> Ground:
        """For what is the same for all devices; one device's lines are followed on a ground of their own."""
        return self._of_nobody(FULL_SCENARIO).anew()

    @cached_property
    def calm(self) -> Ground:
        return self._of_nobody(CALM_SCENARIO).anew()

    def anew(self, *, calm: bool) -> tuple[Ground, After]:
        """A ground on which nothing has been found out yet, and the states just after an event on it.

        How much is found out of a device's lines has a limit, and what has been found out already costs nothing: on a
        ground of its own a device is told the same whatever was looked at before it.
        """
        scenario, kept = (CALM_SCENARIO, self.of_calm) if calm else (FULL_SCENARIO, self.of_full)
        own = self._of_nobody(scenario).anew()
        return own, kept.on(own)

    def _of_nobody(self, scenario: Scenario) -> Ground:
        if scenario.name not in self._grounds:
            self._grounds[scenario.name] = ground(scenario, self.system)
        return self._grounds[scenario.name]

    @cached_property
    def of_full(self) -> Kept:
        return self._kept(self.full, FULL_SCENARIO.name)

    @cached_property
    def of_calm(self) -> Kept:
        return self._kept(self.calm, CALM_SCENARIO.name)

    def _kept(self, of: Ground, name: str) -> Kept:
        wanted = sorted({event for pattern in self.patterns for event in pattern.events})
        key = f"{name}-{self.key}" if self.key else ""
        return Kept(of, self.folder, wanted, key, self.engine, self.progress, self.told)

    @cached_property
    def grounds(self) -> Grounds:
        return Grounds(self.calm, self.of_calm.after, self.causes, self.full)

    @cached_property
    def claims(self) -> Claims:
        return Claims(self.full.network)

    def minimal(self, goal: str) -> tuple[Minimal, ...]:
        """The minimal causes for which a goal of the workflow, by its name, is out of reach."""
        text = self.system.goals.get(goal)
        return self.of_calm.causes(text) if text else ()


def equipment_with(tables: Sequence[Path], *, told: Callable[[], None] | None = None) -> Equipment:
    """The shipped model and tables, and a user's tables before these.

    Raises:
        ModelError: a table of the user's is not what it should be.
    """
    if not tables:
        return equipment(told=told)
    network = network_of(FULL_SCENARIO, shipped())
    return equipment([pattern for path in tables for pattern in load(path, network)], told=told)


def equipment(
    own: Sequence[Pattern] = (),
    *,
    keep: bool = True,
    engine: str = "symbolic",
    progress: Progress | None = None,
    told: Callable[[], None] | None = None,
) -> Equipment:
    """The shipped model and tables.

    Args:
        own: a user's patterns; of two with one ID theirs counts.
        keep: whether what was found out of the model is kept in the user's cache.
    """
    ids = {pattern.id for pattern in own}
    patterns = (*own, *(pattern for pattern in shipped_patterns() if pattern.id not in ids))
    folder = usual_folder() if keep else None
    return Equipment(patterns, shipped_causes(), shipped(), folder, shipped_key(), engine, progress, told)
