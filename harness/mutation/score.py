"""What the edits say of the suite: its score, what survives, which property is worth how much, who watches what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property

from ..report import Exit
from .mutants import Mutant


class Fate(Enum):
    """What becomes of an edit."""

    REFUSED = "refused"
    """A structural lint refuses it, or it cannot be said."""
    REPEATED = "repeated"
    """It makes the same network as another edit, or as no edit."""
    EQUIVALENT = "equivalent"
    """Nothing that can happen changes by it, in any scenario that was asked."""
    NOTICED = "noticed"
    SURVIVES = "survives"
    UNDETERMINED = "undetermined"
    """Nothing noticed it, and a search was cut short."""
    OPEN = "open"
    """It was not looked at to the end, because of an interruption."""


JUDGED = (Fate.NOTICED, Fate.SURVIVES, Fate.UNDETERMINED)
"""What the score is about."""
NOTHING = (Fate.REFUSED, Fate.REPEATED, Fate.EQUIVALENT)
"""What cannot survive, for there is nothing to notice."""


@dataclass(frozen=True)
class Edited:
    """One edit and what has become of it.

    Attributes:
        where: the step in which it was noticed first; of what repeats another edit, that one's text.
        by: the properties that notice it there.
        why: what refuses it, why it is undetermined, or why more may notice it than these.
    """

    mutant: Mutant
    fate: Fate
    where: str = ""
    by: tuple[str, ...] = ()
    why: str = ""


def by_part(edits: Iterable[Edited]) -> Mapping[str, list[Edited]]:
    """The edits by the part of the model that they touch, in their order."""
    found: dict[str, list[Edited]] = {}
    for each in edits:
        found.setdefault(each.mutant.part, []).append(each)
    return found


@dataclass(frozen=True)
class Share:
    """How many of some edits are noticed."""

    name: str
    noticed: int
    judged: int
    by: tuple[str, ...] = ()

    @property
    def score(self) -> Fraction:
        """Between 0 and 1; 1 where there is nothing to notice."""
        return Fraction(self.noticed, self.judged) if self.judged else Fraction(1)


@dataclass(frozen=True)
class Worth:
    """What one property notices: how many edits, and how many of them it alone, in the step that noticed first."""

    id: str
    claim: str
    notices: int
    alone: int


@dataclass(frozen=True)
class Tally:
    """What was found of all edits.

    Attributes:
        steps: where they were looked at, in order.
        properties: those that were asked, with their claims, in the order of the suite.
        asked: the scenarios; ``kinds``: of edits, in the order in which they are told.
        interrupted: why some are open; else empty.
    """

    edits: tuple[Edited, ...]
    steps: tuple[str, ...]
    properties: Mapping[str, str]
    interrupted: str = ""
    kinds: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> Mapping[Fate, int]:
        found = Counter(each.fate for each in self.edits)
        return {fate: found[fate] for fate in Fate}

    @property
    def whole(self) -> Share:
        return self._share("all", self.edits)

    def having(self, fate: Fate) -> list[Edited]:
        return [each for each in self.edits if each.fate is fate]

    @cached_property
    def by_kind(self) -> list[Share]:
        return [self._share(kind, [e for e in self.edits if e.mutant.kind == kind]) for kind in self.kinds]

    @cached_property
    def by_part(self) -> list[Share]:
        """For each part of the model, in its order; the properties that notice most of its edits first."""
        shares = (self._share(name, some) for name, some in by_part(self.edits).items())
        return [share for share in shares if share.judged]

    @cached_property
    def worth(self) -> list[Worth]:
        """The properties, those that alone notice most first."""
        notices, alone = Counter[str](), Counter[str]()
        for each in self.having(Fate.NOTICED):
            notices.update(each.by)
            if len(each.by) == 1 and not each.why:
                alone.update(each.by)
        found = [Worth(name, claim, notices[name], alone[name]) for name, claim in self.properties.items()]
        return sorted(found, key=lambda each: (-each.alone, -each.notices))

    @property
    def idle(self) -> list[Worth] | None:
        """The properties that alone notice no edit, those that notice fewest first; ``None`` where there are fewer
        edits than properties, so that most could not notice one alone whatever they are worth."""
        if self.whole.judged < len(self.properties):
            return None
        return sorted((each for each in self.worth if not each.alone), key=lambda each: each.notices)

    @staticmethod
    def _share(name: str, edits: Sequence[Edited]) -> Share:
        judged = [each for each in edits if each.fate in JUDGED]
        noticed = [each for each in judged if each.fate is Fate.NOTICED]
        by = Counter(identifier for each in noticed for identifier in each.by)
        return Share(name, len(noticed), len(judged), tuple(name for name, _ in by.most_common()))


@dataclass(frozen=True)
class Verdicts:
    """A tally beside what the suite says of it.

    Attributes:
        accepted: survivors by their text, and why it is right that nothing notices them.
        everywhere: all scenarios were asked that the suite is for; in some of them alone an accepted survivor may well
            change nothing.
        known: the texts of all edits that there are, whether they were chosen or not.
        at_least: the share of the judged edits that must be noticed.
    """

    tally: Tally
    accepted: Mapping[str, str]
    known: frozenset[str] = frozenset()
    at_least: Fraction = Fraction(9, 10)
    everywhere: bool = True

    @property
    def enough(self) -> bool:
        return self.tally.whole.score >= self.at_least

    @cached_property
    def stale(self) -> Mapping[str, str]:
        """What is accepted as a survivor and is none, with what it is."""
        fates = {each.mutant.name: each for each in self.tally.edits}
        found = {}
        for text in self.accepted:
            each = fates.get(text)
            if each is None and text not in self.known:
                found[text] = "there is no such edit"
            elif each is not None and each.fate is Fate.NOTICED:
                found[text] = f"{', '.join(each.by)} notices it"
            elif self.everywhere and each is not None and each.fate in NOTHING:
                found[text] = f"it is {each.fate.value}"
        return found

    @property
    def exit(self) -> Exit:
        """Too many survive, or one is accepted that is none; else what is open or undetermined, if that decides."""
        if self.stale:
            return Exit.UNEXPECTED
        if self.enough:
            return Exit.UNDETERMINED if self.tally.interrupted else Exit.AS_EXPECTED
        unclear = self.tally.counts[Fate.OPEN] + self.tally.counts[Fate.UNDETERMINED]
        best = self.tally.whole.noticed + unclear
        judged = self.tally.whole.judged + self.tally.counts[Fate.OPEN]
        return Exit.UNDETERMINED if judged and Fraction(best, judged) >= self.at_least else Exit.UNEXPECTED
