"""Where edits are looked at, and in which order: cheap steps before dear ones, promises after everything else.

A step is a scenario, whole or narrowed to some of its environments. Nothing that happens in one environment depends on
another, so a claim that breaks in the narrow step, where it should hold, breaks in the whole scenario too: such a step
may notice an edit, and never says that nothing notices it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property

from ..system import System

CHEAPEST_FIRST = (
    "document", "any-environment", "readings", "ageing", "policy", "later", "bulk", "skew", "outage", "refusals",
    "tenant-off", "half-hourly", "blocked", "copied-image", "in-flight", "adversary", "squatter", "recovery",
    "promises", "fine", "faults", "thief", "hourly", "fallback", "two-clients", "copied-token", "passing",
)  # fmt: skip
"""The shipped scenarios by what an edit costs there for what it finds; any others come after them."""
DEAR = ("fine", "faults", "thief", "hourly", "fallback", "two-clients", "copied-token", "passing")
"""Those in which not every edit is looked at unless that is asked (:attr:`Step.dear`)."""

AT_ONCE, AT_ONCE_WHERE_DEAR = 16, 4
"""How many edits are explored at once, and in a dear scenario that is narrowed."""


@dataclass(frozen=True)
class Step:
    """One place where edits are looked at.

    Attributes:
        promises: what must happen is asked; else everything else is.
        within: pins that narrow it to some of the scenario's environments; none: it is asked whole.
        dear: only those edits are looked at that have changed nothing so far, and those of what only scenarios with
            these extensions have; unless all is asked.
    """

    scenario: Scenario
    promises: bool = False
    within: Mapping[str, str] = field(default_factory=dict)
    dear: bool = False

    @property
    def name(self) -> str:
        """What tells it from the others."""
        what = f"{self.scenario.name}, promises" if self.promises else self.scenario.name
        return f"{what}, some environments" if self.within else what

    @cached_property
    def narrowed(self) -> Scenario:
        """The scenario with the environments of the step."""
        return replace(self.scenario, pins={**self.within, **self.scenario.pins}) if self.within else self.scenario

    @property
    def at_once(self) -> int:
        """How many edits are explored at once. What a dear scenario reaches with one edit has little in common with
        what it reaches with another: whole, it is explored with one at a time."""
        if self.scenario.name not in DEAR:
            return AT_ONCE
        return AT_ONCE_WHERE_DEAR if self.within else 1

    def is_home_of(self, scenario: Scenario) -> bool:
        """Whether what is said in the scenario's extensions is said here too."""
        return bool(scenario.extensions) and set(scenario.extensions) <= set(self.scenario.extensions)

    def asked(self, system: System) -> tuple[Property, ...]:
        """The properties that are asked in it."""
        found = []
        for prop in system.sayable_in(self.scenario):
            here = self.scenario.name in prop.asked_in or not (prop.asked_in or self.scenario.alone)
            if here and (prop.promise is not None) is self.promises and not (self.within and prop.possible):
                found.append(prop.at(self.scenario))
        return tuple(found)

    def beneath(self, system: System) -> tuple[Property, ...]:
        """The claims of safety that those rest on which are asked, where they are not asked themselves; as a check of
        the scenario has them."""
        asked = self.asked(system)
        known = {prop.id for prop in asked}
        rests = any(prop.rests_on_safety for prop in asked)
        return tuple(prop for prop in system.beneath(self.scenario) if prop.id not in known) if rests else ()


def ladder(system: System, scenarios: Sequence[Scenario]) -> list[Step]:
    """The steps of these scenarios, those in which nothing is asked left out.

    First all but promises, then promises, each in the system's few environments where a scenario leaves more open; then
    what is dear, whole.
    """
    rank = {name: i for i, name in enumerate(CHEAPEST_FIRST)}
    by_cost = sorted(scenarios, key=lambda each: rank.get(each.name, len(rank)))
    cheap: list[Step] = []
    dear: list[Step] = []
    for promises in (False, True):
        for each in by_cost:
            few = _left_open(system, each)
            is_dear = each.name in DEAR
            if few and (promises or is_dear):
                cheap.append(Step(each, promises, few, dear=promises and is_dear))
            later = is_dear or (promises and bool(few))
            (dear if later else cheap).append(Step(each, promises, dear=later))
    return [step for step in (*cheap, *dear) if step.asked(system)]


def _left_open(system: System, scenario: Scenario) -> Mapping[str, str]:
    there = {of.name: of for of in system.build(scenario).actors}
    return {
        name: value for name, value in system.few.items()
        if name in there and name not in scenario.pins and len(there[name].initial) > 1
    }  # fmt: skip
