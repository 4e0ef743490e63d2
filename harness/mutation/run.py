"""The whole of it: which edits, screened, then step by step until something notices them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import pairwise

from ccmproof.model.kernel.expand import expand

from ..changes.cache import key_of
from ..executors import Hands, done
from ..system import observers_of
from .journal import Journal
from .ladder import Step
from .mutants import KINDS, Mutant
from .score import Edited, Fate, Tally
from .standing import PLACES, REACH, REACH_CLAIM, Standing
from .work import Desk, Found, Plan, compared, desk, explored, screened, standing

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
        """Those of them that are chosen, in their order."""
        found = [each for each in mutants if self._has(each)]
        if self.most is None or self.most >= len(found):
            return found
        return [found[i * len(found) // self.most] for i in range(self.most)]

    def _has(self, mutant: Mutant) -> bool:
        if self.kinds and mutant.kind not in self.kinds:
            return False
        if self.parts is not None and mutant.part not in self.parts:
            return False
        texts = (mutant.name, mutant.part)
        return not self.only or any(text == each or fnmatchcase(text, each) for each in self.only for text in texts)


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


@dataclass
class _Run:
    plan: Plan
    desk: Desk
    hands: Hands
    journal: Journal
    tell: Tell
    alive: list[str] = field(default_factory=list)
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
        found = self._asked("screening", key, texts, screened, (self.plan,), SCREENED_TOGETHER)
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

    def step(self, number: int) -> None:
        """Look at all that nothing has noticed yet."""
        step = self.desk.steps[number]
        chosen = [text for text in self.alive if self._asks(step, text) or self._might_hold(text, number)]
        if not chosen:
            return
        key, lead, differing = self._step_key(number), (self.plan, number), f"{step.name}, what differs"
        found = self._asked(step.name, f"{key} compared", chosen, compared, lead, COMPARED_TOGETHER)
        for alone in (False, True):
            some = [text for text in chosen if found[text].word == "differs" and (text in self.unclear) is alone]
            found |= self._asked(differing, key, some, explored, lead, 1 if alone else step.at_once)
        if not step.promises:
            self._stands(number)  # of workers that have explored the original by now
        self.standing.learn(number, step, found.values())
        for text in chosen:
            each = found[text]
            if each.word == "noticed":
                self.ends[text] = (Fate.NOTICED, step.name, each)
            elif each.word == "undetermined":
                self.unclear.setdefault(text, (step.name, each))
            if each.word not in ("absent", "same"):
                self.changes.add(text)
        self.alive = [text for text in self.alive if text not in self.ends]

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

    def _asks(self, step: Step, text: str) -> bool:
        """Whether an edit that is left is looked at in the step."""
        home = self.desk.table[text][1]
        return not step.dear or self.plan.deep or text not in self.changes or step.is_home_of(home)

    def _might_hold(self, text: str, number: int) -> bool:
        step = self.desk.steps[number]
        return step.dear and not step.within and self.standing.might_hold(text, number)

    def _step_key(self, number: int) -> str:
        """Of everything that an answer of the step depends on."""
        if number not in self.keys:
            self.keys[number] = self._key_of_step(self.desk.steps[number])
        return self.keys[number]

    def _key_of_step(self, step: Step) -> str:
        asked = (*step.asked(self.desk.system), *step.beneath(self.desk.system))
        network = expand(self.desk.system.build(step.narrowed).extended(*observers_of(asked)))
        return self._key(step.name, [key_of(network, step.narrowed, asked, self.desk.system), self.plan.larger])

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
            key = self._step_key(number)
            known = self.journal.get(key, "")
            if known is None:
                answers: list[Found] = []
                done(self.hands, standing, [(self.plan, number)], lambda task, found: answers.extend(found))
                known = answers[0]
                self.journal.put(key, known)
            self.there[number] = frozenset(known.by)
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

    def _asked(
        self,
        what: str,
        key: str,
        texts: Sequence[str],
        work: Callable[..., list[Found]],
        lead: tuple[object, ...],
        together: int,
    ) -> dict[str, Found]:
        """The answers of the journal, and for the others those of the workers."""
        if not texts:
            return {}
        known = {text: found for text in texts if (found := self.journal.get(key, text)) is not None}
        groups = _shared_out(texts, together)
        tasks = [(*lead, group) for group in groups if not all(text in known for text in group)]
        self.tell(what, len(known), len(texts))

        def told(task: object, answers: list[Found]) -> None:
            for each in answers:
                known[each.edit] = each
                self.journal.put(key, each)
            self.tell(what, len(known), len(texts))

        done(self.hands, work, tasks, told)
        return known

    def _model_key(self, scenario: object) -> str:
        model = self.desk.system.build(scenario)  # type: ignore[arg-type]
        return key_of(expand(model), scenario, (), self.desk.system)  # type: ignore[arg-type]

    @staticmethod
    def _key(name: str, said: object) -> str:
        return sha256(repr((name, said)).encode()).hexdigest()[:24]


def _shared_out(texts: Sequence[str], together: int) -> list[tuple[str, ...]]:
    """As few groups as there must be, when none has more than ``together``, and as even."""
    groups = -(-len(texts) // together)
    return [tuple(texts[i:j]) for i, j in pairwise(i * len(texts) // groups for i in range(groups + 1))]
