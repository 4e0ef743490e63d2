"""Premises: which of their conjuncts could be dropped without notice, in one scenario and in all of them together.

A conjunct is *spare* in a scenario where the claim without it, which says more, fails in the same environments (and if
it is about time has the same tightest bound): the premise excuses a case there that needs no excuse. Where it reads
nothing but unknowns that the scenario has settled, so that it always holds, it could not have been noticed at all. It
is spare in the suite where no scenario that asks the claim needs it.

That is a finding and not a failure: the document may say it so. The suite lists those that stay, with the reason
(:class:`~ccmproof.properties.spare.Spare`); one that is not listed, or is listed although it is needed, is news. Each
conjunct is dropped alone, so that of two which imply one another both are spare until one of them has gone.

A promise is judged for all its conjuncts at once: the states from which some fair run never keeps it do not depend on
where it begins to be owed.

References: Kupferman, Vardi, "Vacuity detection in temporal model checking" (STTT 2003), for a subformula that does not
affect the verdict; Beer, Ben-David, Eisner, Rodeh, "Efficient detection of vacuity in temporal model checking" (FMSD
2001).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ccmproof.model.kernel.condition import Condition, actors_of
from ccmproof.model.kernel.environments import Environments
from ccmproof.properties.property import Weaker, weaker
from ccmproof.properties.spare import Spare, reason_for

from .bounds import Bounds
from .engines import StateSet
from .judge import Asked
from .promises import Promises
from .report import Report


class Need(Enum):
    """What one scenario says of a conjunct: the claim without it is another one there; it is not; it could not be."""

    NEEDED = "needed"
    SPARE = "spare"
    SETTLED = "settled"


@dataclass(frozen=True)
class Conjunct:
    """A conjunct of a premise, in words (``unless …`` for what ends a promise), and what one scenario says of it."""

    text: str
    need: Need


@dataclass(frozen=True)
class Loose:
    """A conjunct of which all scenarios together say that it is spare, or the suite.

    Attributes:
        reason: why it stays; empty for one that is spare and not listed.
        needed_in: the scenarios that need it, where the suite lists it all the same.
    """

    prop: str
    text: str
    reason: str
    needed_in: tuple[str, ...] = ()

    @property
    def is_news(self) -> bool:
        """The suite and the scenarios do not agree."""
        return not self.reason or bool(self.needed_in)


SETTLED_EVERYWHERE = "every scenario that asks it has it so"


class Premises:
    """What one exploration says of the conjuncts of premises, with ticks of so many minutes."""

    def __init__(self, promises: Promises, tick: int | None) -> None:
        self.promises, self.tick = promises, tick
        self.explored = promises.explored

    def of(self, asked: Asked, met: StateSet | None) -> tuple[Conjunct, ...] | None:
        """The conjuncts of the claim's premise, in the order in which it has them.

        Args:
            met: the states that decide the claim (:meth:`Asked.met`).

        ``None`` where nothing can be said, because the search was cut short or the scenario cannot tell.
        """
        if met is None or not self.explored.complete:
            return None
        found = list(weaker(asked.prop, self.explored.network))
        open_ = [each for each in found if not self._settled(each.conjunct)]
        needed = self._needed(asked, met, open_)
        need = {
            each.text: Need.NEEDED if is_needed else Need.SPARE for each, is_needed in zip(open_, needed, strict=True)
        }
        return tuple(Conjunct(each.text, need.get(each.text, Need.SETTLED)) for each in found)

    def _settled(self, conjunct: Condition) -> bool:
        """Whether it reads unknowns only, and holds in each environment of the scenario."""
        network, environments = self.explored.network, self.explored.environments
        if any(not network.actor[name].is_unknown for name in actors_of(conjunct)):
            return False
        return (environments & environments.space.where(~conjunct, network)).is_empty

    def _needed(self, asked: Asked, met: StateSet, without: Sequence[Weaker]) -> list[bool]:
        """Of each weaker premise whether the verdict is another with it, in some environment."""
        read = [Asked.of(each.claim, self.explored.network) for each in without]
        if asked.owed is None:
            before = self._verdict(asked, met)
            return [self._verdict(each, each.met(self.promises)) != before for each in read]
        owed = [each.owed for each in read if each.owed is not None]
        by_end: dict[Condition, list[Condition]] = {}
        for each in owed:
            by_end.setdefault(each.kept, []).append(each.when)
        broken = {
            (kept, when): found
            for kept, whens in by_end.items()
            for when, found in zip(
                whens, self.promises.also_broken(replace(asked.owed, kept=kept), whens, met), strict=True
            )
        }
        return [broken[each.kept, each.when] for each in owed]

    def _verdict(self, asked: Asked, met: StateSet) -> tuple[Environments, str]:
        """Where the claim fails; and if it is about time, the reading of the tightest bound that holds."""
        bound = Bounds([asked], self.explored, self.tick).found.get(asked.prop.id)
        return self.explored.environments_of(met), "" if bound is None else bound[0].reading


def together(reports: Sequence[Report], listed: Sequence[Spare]) -> tuple[Loose, ...]:
    """What all scenarios together say: which conjuncts none of them needs, and which the suite lists in vain.

    Nothing is said of a claim of which one report does not know; so there should be one of every scenario that asks it.
    """
    needs: dict[tuple[str, str], dict[str, Need]] = {}
    unknown = set()
    for report in reports:
        for judgement in report.judgements:
            if judgement.premise is None:
                unknown.add(judgement.prop.id)
                continue
            for each in judgement.premise:
                needs.setdefault((judgement.prop.id, each.text), {})[report.scenario] = each.need
    loose = (_loose(*key, found, listed) for key, found in needs.items() if key[0] not in unknown)
    return tuple(each for each in loose if each is not None)


def _loose(prop: str, text: str, found: Mapping[str, Need], listed: Sequence[Spare]) -> Loose | None:
    reason = reason_for(prop, text, listed)
    needed_in = tuple(name for name, need in found.items() if need is Need.NEEDED)
    if needed_in:
        return Loose(prop, text, reason, needed_in) if reason else None
    if set(found.values()) == {Need.SETTLED}:
        reason = reason or SETTLED_EVERYWHERE
    return Loose(prop, text, reason)
