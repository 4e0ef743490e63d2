"""The whole of it: which edits, screened, then step by step until something notices them.

No worker waits for the last edit of a step: while those that differ in it are explored, those that do not are compared
in the next. What is asked together depends on answers alone, not on who was faster, so it is the same in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import pairwise
from typing import Any

from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.expand import expand

from ..changes.cache import key_of
from ..executors import Hands, done
from ..system import observers_of
from .journal import Journal
from .ladder import Step
from .mutants import KINDS, Mutant
from .score import Edited, Fate, Tally
from .standing import PLACES, REACH, REACH_CLAIM, Standing
from .work import ORIGINAL, Desk, Found, Plan, answered, compared, desk, explored, screened, standing

Tell = Callable[[str, int, int], None]
"""Told now and then what is being done, how many edits of it are done, and how many there are."""

SCREENED_TOGETHER, COMPARED_TOGETHER = 24, 48
"""How many edits make a task, at most. Tasks are the same whatever a journal knows already."""


@dataclass(frozen=True)
class Chosen:
    """Which edits are looked at.

    Attributes:
        kinds: of these kinds; none: of all.
        only: whose text or part fits one of these patterns; none: all.
        parts: of these actors, predicates and events; ``None``: of all.
        most: so many at most, spread evenly over all that fit; ``None``: all.
    """

    kinds: Collection[str] = ()
    only: Sequence[str] = ()
    parts: Collection[str] | None = None
    most: int | None = None

    def of(self, mutants: Iterable[Mutant]) -> list[Mutant]:
        """Those of them that are chosen, in their order.

        Raises:
            ModelError: a pattern fits none of them all; the nearest part is given.
        """
        every = list(mutants)
        for pattern in self.only:
            if not any(_fits(each, pattern) for each in every):
                raise ModelError(
                    f"no edit fits {pattern!r}{nearest(pattern, dict.fromkeys(each.part for each in every))}"
                )
        found = [each for each in every if self._has(each)]
        if self.most is None or self.most >= len(found):
            return found
        return [found[i * len(found) // self.most] for i in range(self.most)]

    def _has(self, mutant: Mutant) -> bool:
        if self.kinds and mutant.kind not in self.kinds:
            return False
        if self.parts is not None and mutant.part not in self.parts:
            return False
        return not self.only or any(_fits(mutant, pattern) for pattern in self.only)


def _fits(mutant: Mutant, pattern: str) -> bool:
    """Whether the pattern is, or fits, the edit's text or part."""
    return any(text == pattern or fnmatchcase(text, pattern) for text in (mutant.name, mutant.part))


def mutated(plan: Plan, chosen: Chosen, hands: Hands, journal: Journal, tell: Tell | None = None) -> Tally:
    """Look at the edits, and say what notices them. Ctrl-C ends it, with what had been found by then.

    Raises:
        ModelError: a name is not there, or workers cannot be had.
    """
    here = desk(plan)
    work = _Run(plan, here, hands, journal, tell or (lambda what, now, of: None))
    edits = chosen.of(mutant for mutant, _ in here.table.values())
    interrupted = ""
    try:
        work.screen([each.name for each in edits])
        work.begin()
        for number in range(len(here.steps)):
            work.step(number)
        work.together()
        work.whole = True
    except KeyboardInterrupt:
        interrupted = "it was interrupted"
    edited = tuple(work.edited(each) for each in edits)
    steps = tuple(step.name for step in here.steps)
    asked = {prop.id: prop.claim for step in here.steps for prop in step.asked(here.system)}
    known = {name: asked[name] for name in (prop.id for prop in here.system.suite) if name in asked}
    return Tally(edited, steps, {**known, REACH: REACH_CLAIM}, interrupted, tuple(KINDS), plan.scenarios)


@dataclass(frozen=True)
class _Job:
    """One question about edits.

    Attributes:
        key: of everything that an answer depends on.
        work: what answers it, given the lead and some edits.
        groups: which edits make a task.
    """

    key: str
    work: Callable[..., list[Found]]
    lead: tuple[object, ...]
    groups: Sequence[tuple[str, ...]]

    @property
    def edits(self) -> list[str]:
        return [text for group in self.groups for text in group]


@dataclass
class _Run:
    plan: Plan
    desk: Desk
    hands: Hands
    journal: Journal
    tell: Tell
    alive: list[str] = field(default_factory=list)
    ahead: dict[str, Found] = field(default_factory=dict)
    ends: dict[str, tuple[Fate, str, Found]] = field(default_factory=dict)
    changes: set[str] = field(default_factory=set)
    unclear: dict[str, tuple[str, Found]] = field(default_factory=dict)
    standing: Standing = field(init=False)
    asked: dict[int, frozenset[str]] = field(default_factory=dict)
    there: dict[int, frozenset[str]] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    whole: bool = False

    def __post_init__(self) -> None:
        self.standing = Standing(self._stands_in)

    def screen(self, texts: Sequence[str]) -> None:
        """Set aside what a lint refuses, what changes nothing, and what says the same as another edit."""
        key = self._key("screen", list(map(self._model_key, self.desk.scenarios)))
        job = _Job(key, screened, (self.plan,), _shared_out(texts, SCREENED_TOGETHER))
        found = self._asked("screening", job)[0]
        first: dict[str, str] = {}
        for text in texts:
            each = found[text]
            if each.word == "open" and each.why in first:
                self.ends[text] = (Fate.REPEATED, first[each.why], each)
            elif each.word == "open":
                first[each.why] = text
                self.alive.append(text)
            else:
                self.ends[text] = (Fate.REFUSED if each.word == "refused" else Fate.REPEATED, "", each)

    def begin(self) -> None:
        """Compare all that is left in the first step."""
        if self.desk.steps:
            self.ahead = self._asked(self.desk.steps[0].name, self._comparison(0, self.alive))[0]

    def step(self, number: int) -> None:
        """Look at all that nothing has noticed yet, and ahead at what is sure to be looked at in the next step.

        What was explored in the step before was not compared in this one, and is explored as if it differs.
        """
        step = self.desk.steps[number]
        chosen = [text for text in self.alive if self._asks(number, text)]
        known = {text: self.ahead[text] for text in chosen if text in self.ahead}
        open_ = [text for text in chosen if text not in known or known[text].word == "differs"]
        self._learn(number, {text: each for text, each in known.items() if each.word != "differs"})
        explorations = [self._exploration(number, some, at_once) for some, at_once in self._apart(step, open_)]
        undecided = set(open_)
        comparison = self._comparison(number + 1, [text for text in self.alive if text not in undecided])
        original = [] if step.promises or not chosen else [self._original(number)]
        answers = self._asked(step.name, *explorations, comparison, *original)
        self.ahead = answers[len(explorations)]
        for each in answers[: len(explorations)]:
            self._learn(number, each)
        self.alive = [text for text in self.alive if text not in self.ends]

    def _apart(self, step: Step, texts: Sequence[str]) -> list[tuple[list[str], int]]:
        """What is explored, and how many at once; what some search could not say of is alone."""
        clear = [text for text in texts if text not in self.unclear]
        return [(clear, step.at_once), ([text for text in texts if text in self.unclear], 1)]

    def _learn(self, number: int, found: Mapping[str, Found]) -> None:
        """Take up what a step says of edits."""
        step = self.desk.steps[number]
        self.standing.learn(number, step, found.values())
        for text, each in found.items():
            if each.word == "noticed":
                self.ends[text] = (Fate.NOTICED, step.name, each)
            elif each.word == "undetermined":
                self.unclear.setdefault(text, (step.name, each))
            if each.word not in ("absent", "same"):
                self.changes.add(text)

    def together(self) -> None:
        """Say which edits are noticed because something stands in no scenario any more."""
        whole = [number for number, step in enumerate(self.desk.steps) if not step.within]
        for text in self.alive:
            if not self.standing.suspects(text) or text in self.unclear:
                continue
            gone = self.standing.gone(text, whole)
            if gone is not None:
                number, by = gone
                self.ends[text] = (Fate.NOTICED, self.desk.steps[number].name, Found(text, "noticed", by))
        self.alive = [text for text in self.alive if text not in self.ends]

    def _asks(self, number: int, text: str) -> bool:
        """Whether an edit that is left is looked at in the step."""
        step, home = self.desk.steps[number], self.desk.table[text][1]
        if not step.dear or self.plan.deep or text not in self.changes or step.is_home_of(home):
            return True
        return not step.within and self.standing.might_hold(text, number)

    def _comparison(self, number: int, texts: Sequence[str]) -> _Job:
        """Which of them differ in a step; none where there is no such step."""
        there = number < len(self.desk.steps)
        chosen = [text for text in texts if self._asks(number, text)] if there else []
        key = f"{self._step_key(number)} compared" if chosen else ""
        return _Job(key, compared, (self.plan, number), _shared_out(chosen, COMPARED_TOGETHER))

    def _exploration(self, number: int, texts: Sequence[str], at_once: int) -> _Job:
        return _Job(self._step_key(number), explored, (self.plan, number), _shared_out(texts, at_once))

    def _original(self, number: int) -> _Job:
        """What stands in a step before any edit."""
        return _Job(self._step_key(number), standing, (self.plan, number), [(ORIGINAL,)])

    def _step_key(self, number: int) -> str:
        """Of everything that an answer of the step depends on."""
        if number not in self.keys:
            self.keys[number] = self._key_of_step(self.desk.steps[number])
        return self.keys[number]

    def _key_of_step(self, step: Step) -> str:
        asked = (*step.asked(self.desk.system), *step.beneath(self.desk.system))
        network = expand(self.desk.system.build(step.narrowed).extended(*observers_of(asked)))
        return self._key(
            step.name, [key_of(network, step.narrowed, asked, self.desk.system), self.plan.larger, self.plan.seconds]
        )

    def _stands_in(self, number: int, item: str) -> bool:
        """Whether an item stands in the step before any edit."""
        step = self.desk.steps[number]
        if item.startswith(PLACES):  # the scenario is asked for them in its other step
            return not step.promises and item in self._stands(number)
        if number not in self.asked:
            self.asked[number] = frozenset(prop.id for prop in step.asked(self.desk.system))
        return item in self.asked[number] and item in self._stands(number)

    def _stands(self, number: int) -> frozenset[str]:
        """What stands in the step before any edit."""
        if number not in self.there:
            found = self._asked(self.desk.steps[number].name, self._original(number))[0]
            self.there[number] = frozenset(found[ORIGINAL].by)
        return self.there[number]

    def edited(self, mutant: Mutant) -> Edited:
        """What has become of an edit."""
        text = mutant.name
        if text in self.ends:
            fate, where, found = self.ends[text]
            return Edited(mutant, fate, where, found.by, found.why if fate in (Fate.REFUSED, Fate.NOTICED) else "")
        if text not in self.alive or (self.alive and not self.whole):
            return Edited(mutant, Fate.OPEN)
        if text in self.unclear:
            where, found = self.unclear[text]
            return Edited(mutant, Fate.UNDETERMINED, where, why=found.why)
        return Edited(mutant, Fate.SURVIVES if text in self.changes else Fate.EQUIVALENT)

    def _asked(self, what: str, *jobs: _Job) -> list[dict[str, Found]]:
        """The answers to each: of the journal, and for the other edits those of the workers, who take up the jobs in
        their order."""
        known = [self._in_journal(job) for job in jobs]
        tasks = [
            (i, job.work, *job.lead, group)
            for i, job in enumerate(jobs) for group in job.groups if not all(text in known[i] for text in group)
        ]  # fmt: skip
        edits = sum(len(job.edits) for job in jobs if job.work is not standing)

        def told(task: tuple[Any, ...], answers: list[Found]) -> None:
            i = task[0]
            for each in answers:
                known[i][each.edit] = each
                self.journal.put(jobs[i].key, each)
            count()

        def count() -> None:
            if edits:
                found = (len(each) for each, job in zip(known, jobs, strict=True) if job.work is not standing)
                self.tell(what, sum(found), edits)

        count()
        done(self.hands, answered, tasks, told)
        return known

    def _in_journal(self, job: _Job) -> dict[str, Found]:
        return {text: found for text in job.edits if (found := self.journal.get(job.key, text)) is not None}

    def _model_key(self, scenario: object) -> str:
        model = self.desk.system.build(scenario)  # type: ignore[arg-type]
        return key_of(expand(model), scenario, (), self.desk.system)  # type: ignore[arg-type]

    @staticmethod
    def _key(name: str, said: object) -> str:
        return sha256(repr((name, said)).encode()).hexdigest()[:24]


def _shared_out(texts: Sequence[str], together: int) -> list[tuple[str, ...]]:
    """As few groups as there must be, when none has more than ``together``, and as even."""
    if not texts:
        return []
    groups = -(-len(texts) // together)
    return [tuple(texts[i:j]) for i, j in pairwise(i * len(texts) // groups for i in range(groups + 1))]
