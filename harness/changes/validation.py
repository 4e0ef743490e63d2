"""What a validation has found, as data: property by property, scenario by scenario, and the exit code that it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccmproof.model.alphabet import Alphabet
from ccmproof.properties.property import Verdict

from ..report import Exit, Judgement
from .change import Change, GivenUp
from .compare import Aim, Became, Behaves, Compared
from .difference import Difference
from .refusal import Refusal
from .side import Side


@dataclass(frozen=True)
class Told:
    """A property that the change breaks, repairs or brings, with what explains it.

    Attributes:
        compared: before and after.
        judgement: of the changed design, with counterexample and causes; ``None`` where it cannot be said of it.
        refusal: the first step of the counterexample that the original does not make.
        given_up: the declaration that allows it.
        statements: those that the property cites and that lose their footing.
    """

    compared: Compared
    judgement: Judgement | None
    refusal: Refusal | None = None
    given_up: GivenUp | None = None
    statements: tuple[str, ...] = ()

    @property
    def is_intended(self) -> bool:
        """What became of it is what the change declares to give up."""
        wanted = {Verdict.FAILS: (Became.BROKEN,), Verdict.VACUOUS: (Became.VACUOUS, Became.UNSAID)}
        return self.given_up is not None and self.compared.became in wanted[self.given_up.verdict]


@dataclass(frozen=True)
class InScenario:
    """What the changes do in one scenario.

    Attributes:
        settings: before and after, as the changes and the user have them.
        told: every property that was asked, those of the changes last.
        order: of each pair of changes that is another change the other way round, where it differs.
    """

    scenario: str
    doc: str
    settings: tuple[Mapping[str, str], Mapping[str, str]]
    environments: int
    told: tuple[Told, ...]
    own: tuple[Told, ...]
    goals: tuple[Aim, ...]
    behaves: Behaves | None
    before: Side = field(repr=False)
    after: Side = field(repr=False)
    order: tuple[tuple[str, str, str], ...] = ()

    def that(self, *became: Became) -> list[Told]:
        """The properties that became one of these, in the order of the suite."""
        return [each for each in self.told if each.compared.became in became]


@dataclass(frozen=True)
class Validation:
    """What one or several changes do, in every scenario that was asked.

    Attributes:
        differences: of the two models, in the first scenario.
        footing: the statements that something rested on which is removed or altered.
        scenarios: one entry a scenario.
        passed_over: the scenarios to which the changes cannot be applied, and why: they speak of what is not there.
        idle: what a change declares to give up, and does not.
        alphabet: what is told of the labelled steps.
        elsewhere: the properties that no judged scenario asks and that cite a statement which is touched, by a scenario
            that asks them.
    """

    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]
    footing: tuple[str, ...]
    scenarios: tuple[InScenario, ...]
    passed_over: Mapping[str, str] = field(default_factory=dict)
    idle: tuple[tuple[Change, GivenUp], ...] = ()
    interrupted: str = ""
    alphabet: Alphabet = field(default_factory=Alphabet)
    elsewhere: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def broken(self) -> list[tuple[InScenario, Told]]:
        """What breaks and is not given up on purpose; what the changes bring and does not hold as they expect."""
        found = []
        for each in self.scenarios:
            found += [(each, told) for told in each.that(Became.BROKEN) if not told.is_intended]
            found += [(each, told) for told in each.own if told.judgement and told.judgement.surprising]
        return found

    @property
    def lost(self) -> list[tuple[InScenario, Aim]]:
        """The goals that could be reached in some environment, and can be in none: a design that lets nobody through
        breaks no prohibition, and is no good. Whoever gives up a possibility on purpose has said so."""
        said = [any(told.is_intended and told.compared.prop.possible for told in each.told) for each in self.scenarios]
        return [
            (each, aim)
            for each, purpose in zip(self.scenarios, said, strict=True)
            for aim in each.goals
            if aim.before and not aim.after and not purpose
        ]

    @property
    def is_idle(self) -> bool:
        """Both designs are the same: nothing is edited, and nothing is set otherwise."""
        said = self.differences or any(change.durations for change in self.changes)
        return not said and all(before == after for before, after in (each.settings for each in self.scenarios))

    @property
    def exit(self) -> Exit:
        """Certain bad news first, then what could not be said."""
        if self.broken or self.idle or self.lost:
            return Exit.UNEXPECTED
        stopped = any(each.before.stopped or each.after.stopped for each in self.scenarios)
        if self.interrupted or stopped or any(each.that(Became.UNDETERMINED) for each in self.scenarios):
            return Exit.UNDETERMINED
        return Exit.AS_EXPECTED
