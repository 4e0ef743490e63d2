"""Two sides compared, property by property and environment by environment.

The environments of two designs are compared over the unknowns that both have, those apart that the change sets to
different values: these are what it is about. A claim is *broken* where it was spoken of, held, and fails now; it is
*repaired* where it failed and is spoken of and holds now. Where it was not spoken of before it is not broken, whatever
becomes of it there; where it is no longer spoken of it is not repaired.

A possibility asks for some environment (:mod:`ccmproof.properties.property`), unless conditions decide it: it is broken
where it could happen, and now can nowhere. That it can happen in fewer environments is told by their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from ccmproof.model.kernel.causes import Cause, Causes
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.properties.property import Property, Verdict

from ..report import Judgement
from .behaviour import Behaviour, Label, LocalStep
from .fit import Fitted
from .side import Judged, Side


class Became(Enum):
    """What became of a property, the most telling word that applies."""

    UNDETERMINED = "undetermined"
    BROKEN = "broken"
    UNSAID = "can no longer be said"
    VACUOUS = "vacuous now"
    REPAIRED = "repaired"
    FAILS_ANEW = "fails where it was not spoken of"
    HUSHED = "no longer spoken of where it failed"
    FAILS = "fails as before"
    SILENT = "vacuous as before"
    KEPT = "kept"


@dataclass(frozen=True)
class Compared:
    """One property before and after, in one scenario.

    Attributes:
        fitted: what of it is said of the changed design.
        before, after: ``None`` where it cannot be said.
        broken, repaired: the environments in which it is.
        promised: in how many of the broken ones the suite says that it holds; in the others it held all the same.
        anew: those in which it was not spoken of and is; ``fails_anew`` those of them in which it fails.
        hushed: those in which it was spoken of and is no more.
        spoken: in how many environments it was spoken of, and is.
        failed: in how many it failed, and fails.
        total: how many environments there are to compare.
        whole: neither search was cut short. Else nothing is said that the part which was not seen could undo.
    """

    prop: Property
    fitted: Fitted
    before: Judged | None
    after: Judged | None
    broken: Environments
    repaired: Environments
    promised: int
    anew: Environments
    fails_anew: Environments
    hushed: Environments
    spoken: tuple[int, int]
    failed: tuple[int, int]
    total: int
    whole: bool = True

    @property
    def became(self) -> Became:
        if self.after is None:
            return Became.UNSAID
        known = self.before is not None and self.before.verdict is not Verdict.UNDETERMINED
        if self.after.verdict is Verdict.UNDETERMINED or (self.before is not None and not known):
            return Became.UNDETERMINED
        if not self.broken.is_empty:
            return Became.BROKEN
        if not self.whole and self.before is not None and Verdict.FAILS in (self.before.verdict, self.after.verdict):
            return Became.REPAIRED if not self.repaired.is_empty else Became.UNDETERMINED
        if self.after.verdict is Verdict.VACUOUS:
            was = self.before is not None and self.before.verdict is not Verdict.VACUOUS
            return Became.VACUOUS if was else Became.SILENT
        if not self.repaired.is_empty:
            return Became.REPAIRED
        if not self.fails_anew.is_empty:
            return Became.FAILS_ANEW
        if not self.prop.possible and self.failed[0] and not self.failed[1]:
            return Became.HUSHED
        return Became.FAILS if self.after.verdict is Verdict.FAILS else Became.KEPT

    @property
    def bound_moved(self) -> bool:
        """Whether the tightest bound of a claim in time is another one."""
        if self.before is None or self.after is None or self.before.bound is None or self.after.bound is None:
            return False
        return self.before.bound.readings != self.after.bound.readings


@dataclass(frozen=True)
class Aim:
    """A goal before and after: where it can be reached, and the causes for which it cannot."""

    name: str
    before: int
    after: int
    total: int
    gone: tuple[Cause, ...]
    new: tuple[Cause, ...]
    unchanged: tuple[Cause, ...]


@dataclass(frozen=True)
class Moved:
    """An event that happens in other environments than before: how many are gained, how many are lost."""

    event: str
    gained: int
    lost: int
    never: bool
    first: bool


@dataclass(frozen=True)
class Behaves:
    """What of the behaviour is gained and lost.

    Attributes:
        events: those that happen in other environments.
        steps: for each actor, the steps of its own that are gained and that are lost.
        labels: the labelled steps that are gained and that are lost, over the alphabet.
        states: for each actor, the states that it is in only now, and that it is never in any more.
    """

    events: tuple[Moved, ...]
    steps: Mapping[str, tuple[tuple[LocalStep, ...], tuple[LocalStep, ...]]]
    labels: tuple[tuple[Label, ...], tuple[Label, ...]]
    states: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

    @property
    def is_empty(self) -> bool:
        return not (self.events or self.steps or any(self.labels) or self.states)


def newly_failing(before: Side, apart: Iterable[str]) -> Callable[[Judgement], Environments | None]:
    """For a judgement of the changed design, the environments in which what it says fails was spoken of, and held.

    Args:
        apart: the unknowns that are set otherwise.
    """
    names = set(apart)

    def broken(judgement: Judgement) -> Environments | None:
        was, failing = before.judged.get(judgement.prop.id), judgement.failing
        if was is None or failing is None or judgement.prop.possible:
            return None
        shared = before.space.shared(failing.space, names)
        failed = shared.none() if was.failing is None else was.failing.onto(shared)
        return failing & (was.tried.onto(shared) - failed).onto(failing.space)

    return broken


def _of_some(prop: Property) -> bool:
    """Whether it asks for some environment, and not for each of those that are spoken of."""
    return prop.possible and not prop.decided_by and not prop.exactly


class Comparison:
    """Compares two sides of one scenario."""

    def __init__(self, before: Side, after: Side, apart: Iterable[str] = ()) -> None:
        self.before, self.after = before, after
        self.space: Space = before.space.shared(after.space, set(apart))

    @property
    def environments(self) -> Environments:
        """All that are compared."""
        return self.space.all()

    def property(self, prop: Property, fitted: Fitted) -> Compared:
        """What became of one property."""
        old, new = self.before.judged.get(prop.id), self.after.judged.get(prop.id)
        failed, tried = self._sets(old, prop)
        fails, tries = self._sets(new, prop)
        anew, hushed = tries - tried, tried - tries
        broken, repaired = (fails & tried) - failed, (failed & tries) - fails
        if _of_some(prop):
            broken = broken if fails == tries else self.space.none()
            repaired = repaired if failed == tried else self.space.none()
        nowhere = self.space.none()
        if self.before.behaviour is None:  # whatever is new may have been there already
            broken = anew = nowhere
        if self.after.behaviour is None:  # whatever is gone may be there still
            repaired = hushed = nowhere
        return Compared(
            prop,
            fitted,
            old,
            new,
            broken=broken,
            repaired=repaired,
            promised=0 if old is None else (broken & old.promised.onto(self.space)).count,
            anew=anew,
            fails_anew=fails & anew,
            hushed=hushed,
            spoken=(tried.count, tries.count),
            failed=(failed.count, fails.count),
            total=self.environments.count,
            whole=self.before.behaviour is not None and self.after.behaviour is not None,
        )

    def _sets(self, judged: Judged | None, prop: Property) -> tuple[Environments, Environments]:
        """Where it fails, and where it is spoken of: where it fails, it is; a possibility is wherever a design begins.

        Where one of the designs has an unknown that the other has not, or the change sets it, a claim fails if it does
        for some value of it; and what needs only some environment is impossible if it is for all of them.
        """
        if judged is None:
            return self.space.none(), self.space.none()
        failing = self.space.none() if judged.failing is None else judged.failing.onto(self.space)
        if not prop.possible:
            return failing, judged.tried.onto(self.space) | failing
        if _of_some(prop) and judged.failing is not None:
            failing -= (~judged.failing).onto(self.space)
        return failing, judged.tried.onto(self.space)

    def goals(self) -> tuple[Aim, ...]:
        """The goals that both sides can say."""
        causes = Causes(self.space)
        found = []
        for name, before in self.before.goals.items():
            if name not in self.after.goals:
                continue
            can, could = self.after.goals[name].onto(self.space), before.onto(self.space)
            then = {str(each): each for each in causes.of(~could)}
            now = {str(each): each for each in causes.of(~can)}
            found.append(
                Aim(
                    name,
                    could.count,
                    can.count,
                    self.environments.count,
                    gone=tuple(each for text, each in then.items() if text not in now),
                    new=tuple(each for text, each in now.items() if text not in then),
                    unchanged=tuple(each for text, each in now.items() if text in then),
                )
            )
        return tuple(found)

    def behaviour(self) -> Behaves | None:
        """What is gained and lost; ``None`` where a search was cut short."""
        old, new = self.before.behaviour, self.after.behaviour
        if old is None or new is None:
            return None
        return Behaves(tuple(self._events(old, new)), _steps(old, new), _labels(old, new), _states(old, new))

    def _events(self, old: Behaviour, new: Behaviour) -> list[Moved]:
        found = []
        for name in dict.fromkeys((*old.fires, *new.fires)):
            before, after = (
                side.fires[name].onto(self.space) if name in side.fires else self.space.none() for side in (old, new)
            )
            if before != after:
                gained, lost = (after - before).count, (before - after).count
                found.append(Moved(name, gained, lost, never=after.is_empty, first=before.is_empty))
        return found


def _steps(old: Behaviour, new: Behaviour) -> dict[str, tuple[tuple[LocalStep, ...], tuple[LocalStep, ...]]]:
    found = {}
    for name in dict.fromkeys((*old.steps, *new.steps)):
        before, after = (side.steps.get(name, frozenset()) for side in (old, new))
        if before != after:
            found[name] = (tuple(sorted(after - before)), tuple(sorted(before - after)))
    return found


def _labels(old: Behaviour, new: Behaviour) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    return tuple(sorted(new.labels - old.labels)), tuple(sorted(old.labels - new.labels))


def _states(old: Behaviour, new: Behaviour) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    found = {}
    for name in dict.fromkeys((*old.steps, *new.steps)):  # of actors that act on one side at least
        before, after = (side.entered.get(name, frozenset()) for side in (old, new))
        if before != after:
            found[name] = (tuple(sorted(after - before)), tuple(sorted(before - after)))
    return found
