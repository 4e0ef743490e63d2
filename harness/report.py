"""What a check has found, as data. Text, JSON and JUnit (:mod:`.render`) are renderings of it and know nothing more.

A :class:`Report` is about one scenario; an :class:`Outcome` is what one command has to say, over one scenario or all of
them, with the exit code that it means. Times and memory stand in :class:`Measured` alone, so that everything else is
the same for the same input, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from ccmproof.model.kernel.causes import Cause
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.run import Run
from ccmproof.properties.property import Property, Verdict
from ccmproof.properties.timing import OVER

if TYPE_CHECKING:
    from .premises import Conjunct, Loose
    from .profile import Profile


class Exit(IntEnum):
    """What the command's exit code says."""

    AS_EXPECTED = 0
    UNEXPECTED = 1
    UNUSABLE = 2
    UNDETERMINED = 3

    @property
    def meaning(self) -> str:
        """The code in a few words."""
        return {
            Exit.AS_EXPECTED: "everything is as expected",
            Exit.UNEXPECTED: "something is not as expected",
            Exit.UNUSABLE: "the input is unusable",
            Exit.UNDETERMINED: "something could not be determined",
        }[self]


@dataclass(frozen=True)
class Told:
    """One step of a run in words: who does what, to whom.

    Attributes:
        who: the host of the actor that decides, or the actor where it has no host.
        what: the event in words.
        to: the other hosts that take part, in the order of the network; watching machines are left out.
    """

    who: str
    what: str
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counterexample:
    """A run that breaks a property, as short as may be, replayed on the reference semantics.

    Attributes:
        told: each step of ``run`` in words.
        judged: the index of the state in which the property is broken. For a state requirement it is the last one; for
            a step requirement the one before, and the last step is the offending event. Of a run without end it is the
            one from which on the promise is owed and never kept.
        unusual: the part of the environment that differs from the first of the values that each unknown may have here.
        everywhere: no environment in which one was looked for has a shorter run; else none is shorter in this run's own
            environment.
        served: of a run without end, what happens in it again and again that fairness owes, by the names of the groups.
    """

    run: Run
    told: tuple[Told, ...]
    judged: int
    unusual: Mapping[str, str]
    everywhere: bool = True
    served: tuple[str, ...] = ()


@dataclass(frozen=True)
class Computed:
    """The tightest bound that holds, by the exploration: what a stopwatch shows at most, or at least, when it matters.

    Attributes:
        reading: the stopwatch's, a number of ticks or ``over``; empty where what is bounded never happens while it
            runs.
        tick: the length of a tick in minutes; the bound is right to within one.
        environments: how many have a run that attains it.
        promised: the bound in those environments alone in which the suite says that the claim holds, where a condition
            decides that (``decided_by``) and the bound is another one there; else ``None``.
    """

    reading: str
    tick: int
    environments: int
    promised: Computed | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> Computed | None:
        """Back from its ``asdict``."""
        return None if data is None else cls(**{**data, "promised": cls.read(data["promised"])})

    @property
    def minutes(self) -> int | None:
        """The bound in minutes; ``None`` where there is none, or more than the stopwatch can show."""
        return int(self.reading) * self.tick if self.reading.isdecimal() else None

    @property
    def readings(self) -> tuple[int | str, ...]:
        """What the stopwatch shows, in minutes where it can: of all environments, and of those where it is promised."""
        own = self.reading if self.minutes is None else self.minutes
        return (own,) if self.promised is None else (own, *self.promised.readings)

    @property
    def beyond(self) -> bool:
        """It is more than the stopwatch can show."""
        return self.reading == OVER


@dataclass(frozen=True)
class Judgement:
    """One property, judged in one scenario.

    Attributes:
        expected: the verdict that the suite expects in this scenario.
        as_expected: whether that is what was found. A claim that is never put to the test here counts as expected, too,
            unless the suite speaks of this scenario; :class:`Outcome` judges over all of them whether it is at all.
        failing: the environments in which it fails; for a possibility, those in which it cannot happen. Where the
            search was cut short, what had been found of them. ``None`` where nothing was found out.
        causes: of a claim that fails or a possibility that is none: every minimal condition on the environment for it.
            ``None`` where they are not known because the search was cut short.
        among: how many environments the causes tell the failing ones from: those in which a claim is attempted, or all.
        note: why the verdict is not simply what one would wish, in one line; else empty.
        tried: the environments in which what the claim speaks of is attempted, as far as they were found; for a
            possibility, all.
        promised: the environments in which the suite says that the claim holds.
        bound: of a claim in time, the tightest bound that holds; ``None`` where it is not known.
        premise: what is needed of its premise; ``None`` where that is not known, or was not asked.
    """

    prop: Property
    verdict: Verdict
    expected: Verdict
    as_expected: bool
    failing: Environments | None
    failing_count: int
    total: int
    note: str = ""
    counterexample: Counterexample | None = None
    causes: tuple[Cause, ...] | None = None
    among: int | None = None
    tried: Environments | None = None
    promised: Environments | None = None
    bound: Computed | None = None
    premise: tuple[Conjunct, ...] | None = None

    @property
    def surprising(self) -> bool:
        """Something definite was found that is not what the suite expects."""
        return not self.as_expected and self.verdict is not Verdict.UNDETERMINED


@dataclass(frozen=True)
class Size:
    """How large what was explored is. ``depth`` is the length of the longest shortest run, where it was computed."""

    environments: int
    states: int
    moving_parts: int
    actors: int
    unknowns: int
    events: int
    depth: int | None = None


@dataclass(frozen=True)
class Reach:
    """What of the model ever happens in one scenario. Machines that watch and unknowns are not spoken of.

    Attributes:
        events, refusals: all events (those that refuse included), and which of them are refusals.
        places: all states of moving actors, as pairs ``(actor, state)``.
        fired: the events that happen.
        entered: every pair ``(actor, state)`` that is reached, unknowns included: one that stands still here may move
            in another scenario.
    """

    events: tuple[str, ...]
    refusals: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    fired: frozenset[str]
    entered: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Measured:
    """What it took. Seconds of wall-clock time; ``peak_bytes`` is the process's peak, where the system tells it."""

    build: float = 0.0
    explore: float = 0.0
    judge: float = 0.0
    runs: float = 0.0
    peak_bytes: int | None = None
    profile: float = 0.0

    @property
    def total(self) -> float:
        return self.build + self.explore + self.judge + self.runs + self.profile


@dataclass(frozen=True)
class Report:
    """What was found in one scenario.

    Attributes:
        complete: the whole product was explored.
        reach: what of the model ever happens; ``None`` where it was not asked.
        stopped: why it was not, or why shortest runs are missing; else empty.
        profile: what makes the model large, where it was asked.
    """

    scenario: str
    doc: str
    tick: int | None
    settings: Mapping[str, str]
    engine: str
    size: Size
    complete: bool
    stopped: str
    judgements: tuple[Judgement, ...]
    reach: Reach | None
    measured: Measured = field(default_factory=Measured, compare=False)
    profile: Profile | None = None

    def judgement(self, identifier: str) -> Judgement:
        """The judgement of one property, by its ID.

        Raises:
            KeyError: it was not asked.
        """
        for each in self.judgements:
            if each.prop.id == identifier:
                return each
        raise KeyError(identifier)

    @property
    def concerns(self) -> dict[str, list[Judgement]]:
        """The judgements, grouped by concern, in the order of the suite."""
        groups: dict[str, list[Judgement]] = {}
        for each in self.judgements:
            groups.setdefault(each.prop.concern, []).append(each)
        return groups


@dataclass(frozen=True)
class Unreached:
    """Something that never happens in any scenario: ``kind`` is event, refusal, state or property."""

    kind: str
    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.what}"


@dataclass(frozen=True)
class Outcome:
    """What one command has to say: its reports, and what holds of all scenarios together where all were asked.

    Attributes:
        loose: the conjuncts of premises that no scenario needs, or that the suite lists as such; ``None`` where it was
            not asked, or cannot be said.
    """

    reports: tuple[Report, ...]
    together: bool = False
    unreached: tuple[Unreached, ...] = ()
    interrupted: str = ""
    loose: tuple[Loose, ...] | None = None

    @property
    def judgements(self) -> list[Judgement]:
        return [each for report in self.reports for each in report.judgements]

    @property
    def exit(self) -> Exit:
        """Bad news that is certain comes before what is undetermined."""
        news = any(each.is_news for each in self.loose or ())
        if self.unreached or news or any(each.surprising for each in self.judgements):
            return Exit.UNEXPECTED
        cut_short = any(report.stopped or not report.complete for report in self.reports)
        if self.interrupted or cut_short or any(each.verdict is Verdict.UNDETERMINED for each in self.judgements):
            return Exit.UNDETERMINED
        return Exit.AS_EXPECTED


def gather(
    reports: list[Report], *, together: bool, interrupted: str = "", loose: tuple[Loose, ...] | None = None
) -> Outcome:
    """The outcome of several reports; with ``together``, judged over all of them for what no scenario ever reaches.

    What a cut-short exploration has not reached it might still reach, so nothing is then said to be unreached.
    """
    whole = together and not interrupted and all(report.complete for report in reports)
    return Outcome(tuple(reports), together, tuple(_unreached(reports)) if whole else (), interrupted, loose)


def _unreached(reports: list[Report]) -> list[Unreached]:
    fired: set[str] = set()
    entered: set[tuple[str, str]] = set()
    refusals: set[str] = set()
    reaches = [report.reach for report in reports if report.reach is not None]
    for reach in reaches:
        fired |= reach.fired
        entered |= reach.entered
        refusals.update(reach.refusals)
    events = dict.fromkeys(name for reach in reaches for name in reach.events)
    places = dict.fromkeys(place for reach in reaches for place in reach.places)
    found = [
        Unreached("refusal" if name in refusals else "event", name, "it never happens in any scenario")
        for name in events
        if name not in fired
    ]
    found += [
        Unreached("state", f"{actor} is {state}", "it is never entered in any scenario")
        for actor, state in places
        if (actor, state) not in entered
    ]
    return found + _never_tested(reports)


def _never_tested(reports: list[Report]) -> list[Unreached]:
    verdicts: dict[str, set[Verdict]] = {}
    for report in reports:
        for each in report.judgements:
            verdicts.setdefault(each.prop.id, set()).add(each.verdict)
    return [
        Unreached("property", name, "it is vacuous in every scenario: what it speaks of is never attempted")
        for name, found in verdicts.items()
        if found == {Verdict.VACUOUS}
    ]


def plain(value: Any) -> Any:
    """Plain dictionaries, lists and strings of what is made of mappings and tuples."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value
