"""What a worker does: a pure function of texts, so that it can be done in any process, twice, or again elsewhere.

A task names the system by a function that gives it, the step by its number, and some edits by their texts. A worker
keeps what it needs again and again: the table of edits, and what it has explored of the original, in two steps at most.

One room although it is long: screening, comparing and exploring an edit all rest on what is kept of the original.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from ccmproof.model.kernel.condition import actors_of
from ccmproof.model.kernel.decide import Decider
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import LintError, ModelError
from ccmproof.model.kernel.expand import Expansion, expand
from ccmproof.model.kernel.fairness import fairness_of
from ccmproof.model.kernel.lint import refuse
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict

from ..changes.fit import fitted
from ..checker import met_of, reach_of
from ..engines import Exploration, Limit, StateSet, explore
from ..engines.symbolic import Symbolic
from ..executors import settled, unsettled
from ..judge import Asked, judge
from ..promises import Promises
from ..report import Judgement
from ..system import Load, System, observers_of
from .ladder import Step, ladder
from .mutants import Mutant, mutants_of
from .sameness import Difference, same_product
from .settled import said_as_settled
from .together import Shared, fits, together
from .void import Void

HARMLESS = ("never-offered",)
"""Lints that do not keep an edit from being judged: whoever makes it takes away the row that then never applies."""

FEW, MORE_FOR_PROMISES = 200_000, 20_000_000
"""Nodes that a search may always make, and that one which judges promises may make beside them."""
EARLY = 2
"""How many times as many nodes as the original the first search of many edits may make."""


@dataclass(frozen=True)
class Plan:
    """What is asked; all of it travels with every task.

    Attributes:
        scenarios: the names of those that are asked.
        deep: every edit that is left is looked at in dear steps too.
        larger: how many times as many nodes as the original a search may make; ``seconds``: how long it may take.
    """

    load: Load
    scenarios: tuple[str, ...]
    deep: bool = False
    larger: int = 4
    seconds: float | None = 120.0


@dataclass(frozen=True)
class Found:
    """What is known of one edit after a task.

    Attributes:
        word: of a screening: ``open``, ``refused``, ``idle`` (it says what is there already). Of a comparison in a
            step: ``absent`` (its model has not what is edited), ``same`` (nothing that happens changes), ``differs``.
            Of an exploration: ``unnoticed``, ``noticed``. Of either: ``undetermined``.
        by: the properties that notice it, in the order of the suite.
        why: the first finding that refuses it, or why it is undetermined; of one that is noticed, why more properties
            may notice it than these; of an open edit, its fingerprint.
        lost: of one that is unnoticed, what stands in the step (:class:`Standing`) and does not any more; ``gained``:
            what did not before.
    """

    edit: str
    word: str
    by: tuple[str, ...] = ()
    why: str = ""
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()


ORIGINAL, STANDS = "", "stands"
"""The text of no edit, and the word of what is found of it: ``by`` has all that stands in the step."""


@lru_cache(maxsize=4)
def desk(plan: Plan) -> Desk:
    """This process's own desk for the plan."""
    return Desk(plan)


class Desk:
    """What a worker keeps between tasks."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.system = plan.load()
        self.scenarios = [self.system.scenario(name) for name in plan.scenarios]
        self._homes: dict[str, Home] = {}
        self._originals: dict[int, Original] = {}

    @cached_property
    def table(self) -> Mapping[str, tuple[Mutant, Scenario]]:
        return mutants_of(self.system, self.scenarios)

    @cached_property
    def steps(self) -> list[Step]:
        return ladder(self.system, self.scenarios)

    def original(self, number: int) -> Original:
        """The original in a step. Of those that were asked for only that of a neighbouring step is kept: while some
        edits are explored in one step, others are compared in the next."""
        if number not in self._originals:
            kept = {i: each for i, each in self._originals.items() if abs(i - number) == 1}
            self._originals.clear()  # its memory first
            self._originals.update(kept)
            del kept
            unsettled()
            self._originals[number] = Original(self.system, self.steps[number], self.plan)
        return self._originals[number]

    def home(self, scenario: Scenario) -> Home:
        """The model of a scenario, in which the edits that are its own are screened."""
        if scenario.name not in self._homes:
            model = self.system.build(scenario)
            expansion = Expansion(model)
            network = expansion.network()
            self._homes[scenario.name] = Home(model, expansion, network, Decider(network))
            settled()
        return self._homes[scenario.name]


@dataclass(frozen=True)
class Home:
    """A model as it stands, what it expands to, and who remembers what its lints have asked."""

    model: Model
    expansion: Expansion
    network: Network
    decider: Decider


def screened(plan: Plan, texts: Sequence[str]) -> list[Found]:
    """Which of the edits a structural lint refuses, or change nothing of the network; of the others a fingerprint."""
    here = desk(plan)
    return [_screened(text, here) for text in texts]


def _screened(text: str, here: Desk) -> Found:
    mutant, scenario = here.table[text]
    home = here.home(scenario)
    changed = mutant.on(home.model)
    if changed is None:
        return Found(text, "idle")
    try:
        expansion = Expansion(changed, home.expansion)
        difference = Difference(home.network, expansion.network())
        why = _refusal(changed, expansion, None if difference.redefined else home.decider)
    except ModelError as error:
        return Found(text, "refused", why=f"unsayable: {error}")
    if why:
        return Found(text, "refused", why=why)
    if not difference.beginning and not difference.events:
        return Found(text, "idle")
    return Found(text, "open", why=f"{scenario.name} {difference.fingerprint()}")


def _refusal(model: Model, expansion: Expansion, decider: Decider | None) -> str:
    """The first rule that refuses the model; empty: none does."""
    try:
        refuse(model, expansion, decider)
    except LintError as error:
        for finding in error.findings:
            if finding.rule not in HARMLESS:
                return finding.rule
    return ""


def compared(plan: Plan, number: int, texts: Sequence[str]) -> list[Found]:
    """Whether anything happens otherwise in a step by the edits, told without exploring any."""
    here = desk(plan)
    original = here.original(number)
    return [original.compared(text, here.table[text][0]) for text in texts]


def explored(plan: Plan, number: int, texts: Sequence[str]) -> list[Found]:
    """Which properties notice the edits in a step, all of them explored at once; they may make as many nodes as one."""
    here = desk(plan)
    return here.original(number).explored_at_once({text: here.table[text][0] for text in texts})


def standing(plan: Plan, number: int, texts: Sequence[str]) -> list[Found]:
    """What stands in a step as the model is."""
    return [Found(text, STANDS, tuple(sorted(desk(plan).original(number).stands))) for text in texts]


def answered(job: int, work: Callable[..., list[Found]], *parts: object) -> list[Found]:
    """What one of these functions says; the number tells whoever asked what it was asked for."""
    return work(*parts)


@dataclass(frozen=True)
class Changed:
    """An edit that something happens otherwise by, and the properties as they are said of what it makes."""

    difference: Difference
    asked: tuple[Property, ...]


class Original:
    """The model as it stands in one step, explored once."""

    def __init__(self, system: System, step: Step, plan: Plan) -> None:
        self.system, self.step, self.plan = system, step, plan
        self.model = system.build(step.narrowed)
        beneath = step.beneath(system)
        self.asked = (*step.asked(system), *beneath)
        self.beneath = frozenset(prop.id for prop in beneath)

    @cached_property
    def expansion(self) -> Expansion:
        return Expansion(self.model.extended(*observers_of(self.asked)))

    @cached_property
    def explored(self) -> Symbolic:
        return self._explored[0]

    @cached_property
    def _explored(self) -> tuple[Symbolic, int]:
        """With the nodes that exploring made. Questions make more: a limit by those would depend on what this process
        was asked before, and the report on who did which task."""
        found = self._search(self.expansion.network(), None)
        settled()
        return found, found.nodes

    def _search(self, network: Network, limit: Limit | None) -> Symbolic:
        found = explore(network, order=self.system.order_of(self.step.scenario), limit=limit)
        assert isinstance(found, Symbolic)
        return found

    @cached_property
    def void(self) -> Void:
        return Void.of(self.explored.network, self.system.void)

    @cached_property
    def read(self) -> frozenset[str]:
        """The actors that the properties read: a value that nothing depends on may still matter to what they say."""
        asked = (Asked.of(prop, self.explored.network) for prop in self.asked)
        conditions = (c for each in asked for c in (each.decides, each.attempt, each.decided_by, each.exactly))
        return frozenset().union(*(actors_of(each) for each in conditions if each is not None))

    @cached_property
    def limit(self) -> Limit:
        """Of one search. Judging promises makes many more nodes than exploring does."""
        nodes = self.plan.larger * self._explored[1]
        return Limit(max(nodes, FEW) + (MORE_FOR_PROMISES if self.step.promises else 0), self.plan.seconds)

    @cached_property
    def early(self) -> Limit:
        """Of the first search of many edits: those that make much more reachable than there was mostly break something
        before that."""
        nodes = max(EARLY * self._explored[1], FEW)
        return replace(self.limit, nodes=min(nodes, self.limit.nodes or nodes))

    @cached_property
    def news(self) -> frozenset[str]:
        """The properties that are not as expected before any edit, which therefore notice none."""
        return frozenset(self._surprising(self.judged))

    @cached_property
    def judged(self) -> Sequence[Judgement]:
        """Each property, judged before any edit."""
        return self._judgements(self.explored, self.asked, None)[0]

    @cached_property
    def stands(self) -> frozenset[str]:
        """What the suite asks for over all scenarios together, as far as it is so here: events that happen, states that
        are entered, and properties that are put to the test."""
        return self._standing(self.judged, self.explored, self.explored.network)[0]

    def _standing(
        self, judged: Sequence[Judgement], explored: Exploration, network: Network
    ) -> tuple[frozenset[str], frozenset[str]]:
        """What stands in what was explored, and what might, by the words that the network has."""
        known = {each.prop.id for each in judged} - self.beneath
        found = {each.prop.id for each in judged if each.verdict is not Verdict.VACUOUS} & known
        if not self.step.promises:  # the scenario is asked for the rest in its other step
            reach = reach_of(network, explored, self.asked, self.step.scenario.mirror)
            places = {place: f"state {place[0]} is {place[1]}" for place in reach.places}
            found |= {f"event {name}" for name in reach.fired}
            found |= {text for place, text in places.items() if place in reach.entered}
            known |= {f"event {name}" for name in reach.events} | set(places.values())
        return frozenset(found), frozenset(known)

    def compared(self, text: str, mutant: Mutant) -> Found:
        """What is known of an edit without exploring it."""
        looked = self._changed(text, mutant)
        return looked if isinstance(looked, Found) else Found(text, "differs")

    def explored_at_once(self, edits: Mapping[str, Mutant]) -> list[Found]:
        """What becomes of the edits, in their order; one that does not fit beside others is explored by itself."""
        looked = {text: self._changed(text, mutant) for text, mutant in edits.items()}
        left = {text: each for text, each in looked.items() if isinstance(each, Changed)}
        known = {text: each for text, each in looked.items() if isinstance(each, Found)}
        fitting = {text: each for text, each in left.items() if fits(each.difference)}
        known |= self._explored_together(fitting, early=not self.step.promises)  # of a part no promise is judged
        known |= {text: self._explored_alone(text, each) for text, each in left.items() if text not in known}
        return [known[text] for text in edits]

    def _changed(self, text: str, mutant: Mutant) -> Found | Changed:
        """What is known without exploring, or else what there is to explore."""
        changed = mutant.on(self.model, self.step.narrowed.pins)
        if changed is None:
            return Found(text, "absent")
        try:
            asked = self._sayable(changed)
            network = expand(changed.extended(*observers_of(asked)), self.expansion)
        except ModelError as error:
            return Found(text, "undetermined", why=str(error))
        difference = Difference(self.explored.network, network, self.void)
        settled = replace(difference, new=said_as_settled(difference.old, network, self.read))
        if same_product(self.explored, settled):
            return Found(text, "same")
        return Changed(difference, tuple(asked))

    def _explored_together(self, edits: Mapping[str, Changed], *, early: bool) -> dict[str, Found]:
        """Many edits at once. Where that is too much: what is found by then decides some of them, which as a rule are
        those that make it too much, and the others are explored again. Where it decides none, more is allowed, and then
        half of them are explored at a time.
        """
        if len(edits) <= 1:
            return {text: self._explored_alone(text, each) for text, each in edits.items()}
        told, why = self._told_together(edits, self.early if early else self.limit)
        if not why:
            return told
        known = {text: found for text, found in told.items() if found.word == "noticed"}
        left = [text for text in edits if text not in known]
        half = len(left) if known or early else len(left) // 2
        for some in (left[:half], left[half:]):
            known |= self._explored_together({text: edits[text] for text in some}, early=bool(known) and early)
        return known

    def _told_together(self, edits: Mapping[str, Changed], limit: Limit) -> tuple[dict[str, Found], str]:
        """What one search of all of them says of each, and why that is not all."""
        network = together([each.difference for each in edits.values()])
        explored = self._search(network, limit)
        asked = [Asked.of(prop, network) for prop in self.asked]
        met, why = self._met(asked, explored, limit)
        shared = Shared(explored)
        views = {text: shared.of(i) for i, text in enumerate(edits)}
        told = {
            text: self._told(text, view, edits[text], self._judged(asked, met, view), why)
            for text, view in views.items()
        }
        return told, why

    def _explored_alone(self, text: str, changed: Changed) -> Found:
        network = changed.difference.new
        explored = self._search(network, self.limit)
        return self._told(text, explored, changed, *self._judgements(explored, changed.asked, self.limit))

    def _judgements(
        self, explored: Exploration, properties: Sequence[Property], limit: Limit | None
    ) -> tuple[list[Judgement], str]:
        """The judgements on what was explored by itself, and why some say nothing, if that is so."""
        asked = [Asked.of(prop, explored.network) for prop in properties]
        met, why = self._met(asked, explored, limit)
        return self._judged(asked, met, explored), why

    @staticmethod
    def _met(
        asked: Sequence[Asked], explored: Exploration, limit: Limit | None
    ) -> tuple[Sequence[StateSet | None], str]:
        """The states that decide each property, as far as they were found, and why that is not all."""
        met, why = met_of(asked, Promises(explored, fairness_of), None, limit)
        return met, explored.why_incomplete or why

    def _told(self, text: str, explored: Exploration, changed: Changed, judged: Sequence[Judgement], why: str) -> Found:
        """What the judgements say of the edit: by which it is noticed, or else what stands no more."""
        surprising = self._surprising(judged)
        by = tuple(name for name in surprising if name not in self.news) if surprising else ()
        if by:
            return Found(text, "noticed", by, why)
        if why:
            return Found(text, "undetermined", why=why)
        now, known = self._standing(judged, explored, changed.difference.new)
        lost, gained = (self.stands - now) & known, now - self.stands
        return Found(text, "unnoticed", lost=tuple(sorted(lost)), gained=tuple(sorted(gained)))

    def _sayable(self, model: Model) -> Sequence[Property]:
        """The properties as they are said of the changed model, which may lack an event."""
        events = set(model.taken)
        named = {
            name
            for prop in self.asked
            for name in (*prop.on, *prop.without, *(row.event for each in prop.observers for row in each.rows))
        }
        if named <= events:
            return self.asked
        return [fit.prop for fit in fitted(self.asked, model) if fit.prop is not None]

    def _judged(self, asked: Sequence[Asked], met: Sequence[StateSet | None], explored: Exploration) -> list[Judgement]:
        name = self.step.scenario.name
        pairs = zip(asked, met, strict=True)
        return [judge(each, states, explored, name, with_tried=False) for each, states in pairs]

    def _surprising(self, judged: Sequence[Judgement]) -> list[str]:
        """The properties that are not as expected."""
        return [each.prop.id for each in judged if each.surprising and self._tells(each)]

    def _tells(self, judgement: Judgement) -> bool:
        """Of some environments only a refutation says something of all; of what lies beneath only that is asked."""
        only_refuted = self.step.within or judgement.prop.id in self.beneath
        return judgement.verdict is Verdict.FAILS or not only_refuted
