"""Explaining: in which environments something can be so, the causes for which it cannot, and a run for each.

What is asked is a *goal*, a condition that some reachable state should satisfy, or a property. Of a claim the causes
are those of its failing, and the run of a cause is the shortest counterexample in its environments. Of a goal they are
those for which it cannot be reached, and the run of a cause is the nearest *approach* (:mod:`.approach`). Of a goal it
is also said where it is inevitable, and why it is not elsewhere (:mod:`.must`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccmproof.model.kernel.causes import Cause, Causes
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.decision import Tree, decision_tree
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.fairness import Fairnesses, fairness_of
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property

from .approach import Approach, approaches
from .checker import Clock, interrupted, met_of, network_of, size_of
from .engines import Exploration, Limit, Order, Progress, StateSet, explore
from .expression import expression
from .judge import Asked, spoken_of, tried_in
from .memory import peak_bytes
from .must import Must, evasion, missing, must
from .promises import Promises
from .report import Counterexample, Exit, Measured, Size
from .runs import counterexamples
from .system import Build


@dataclass(frozen=True)
class Reason:
    """A cause, with its run where one was asked for: of a claim ``run``, of a goal ``approach``."""

    cause: Cause
    run: Counterexample | None = None
    approach: Approach | None = None


@dataclass(frozen=True)
class Explanation:
    """What was found out about one question in one scenario.

    Attributes:
        prop: the property that was asked about; ``None`` for a goal.
        goal: the text of the goal; empty for a property.
        among: the environments that the causes tell the others from: of a claim those in which what it speaks of is
            attempted (all, where it fails in each of these), else all.
        caused: those of which ``reasons`` are the causes: those in which the claim fails, or the goal cannot
            be reached. ``None`` where the search was cut short, so that they are not known.
        reasons: every cause, smallest first.
        stopped: why a search was cut short, or runs that were asked for are missing; else empty.
        tree: the decision tree, where it was asked for.
        must: where the goal is inevitable; ``None`` of a claim, and where a search was cut short, so that it is not
            known.
        vacuous: of a claim, what it speaks of is never attempted.
    """

    scenario: str
    doc: str
    settings: Mapping[str, str]
    engine: str
    size: Size
    prop: Property | None
    goal: str
    among: Environments
    caused: Environments | None
    reasons: tuple[Reason, ...]
    stopped: str = ""
    tree: Tree | None = None
    must: Must | None = None
    vacuous: bool = False
    measured: Measured = field(default_factory=Measured, compare=False)

    @property
    def is_claim(self) -> bool:
        """Whether the causes are those of a claim's failing, and not of a goal that cannot be reached."""
        return self.prop is not None and not self.prop.possible

    @property
    def exit(self) -> Exit:
        """An explanation expects nothing; it can only be cut short."""
        return Exit.UNDETERMINED if self.caused is None or self.stopped else Exit.AS_EXPECTED


@dataclass(frozen=True)
class Wanted:
    """What of an explanation is wanted: how many causes get a run, and whether and how deep to grow the tree.

    With any runs there is also one that could reach a goal and never does, where it is not inevitable.
    """

    runs: int = 3
    tree: bool = False
    depth: int | None = None


BY_DEFAULT = Wanted()


def explain(
    scenario: Scenario,
    about: Property | str,
    settings: Mapping[str, str] | None = None,
    wanted: Wanted = BY_DEFAULT,
    *,
    build: Build | None = None,
    engine: str = "symbolic",
    order: Order | None = None,
    fairness: Fairnesses | None = None,
    limit: Limit | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Explain a property, or a goal that is given as text; other arguments as for :func:`.checker.check`.

    A goal is a condition over the model's actors, and a word of it may also be an event: it may happen there.

    Raises:
        ModelError: the question, the model or the property is unusable as it stands, or the scenario cannot tell.
    """
    clock = Clock()
    prop = None if isinstance(about, str) else about.at(scenario)
    if prop is not None and prop.untold:
        raise ModelError(f"{prop.id} cannot be told in {scenario.name}: {prop.untold}")
    network = network_of(scenario, () if prop is None else (prop,), settings or {}, build)
    asked = None if prop is None else Asked.of(prop, network)
    decides = goal_of(str(about), network) if asked is None else asked.decides
    built = clock.lap()
    explored = explore(network, engine=engine, order=order, progress=progress, limit=limit)
    seen = clock.lap()
    question = _Question(asked, decides, Promises(explored, fairness or fairness_of), progress, limit)
    states, why_unmet = question.states()
    missed, why_unsaid = question.missed()
    met = explored.environments.space.none() if states is None else explored.environments_of(states)
    caused = met if question.is_claim else explored.environments - met
    among = explored.environments if asked is None else spoken_of(asked, explored, caused)
    found = Explanation(
        scenario.name,
        scenario.doc,
        dict(settings or {}),
        engine,
        size_of(network, explored),
        prop,
        str(about) if prop is None else "",
        among,
        caused if explored.complete and states is not None else None,
        (),
        explored.why_incomplete or why_unmet or why_unsaid,
        must=None if missed is None else must(decides, question.promises, missed),
        vacuous=question.is_vacuous,
    )
    causes = Causes(found.caused.space).of(found.caused, among) if found.caused is not None else ()
    if wanted.tree and found.caused is not None:
        found = replace(found, tree=decision_tree(found.caused, among, wanted.depth))
    judged = clock.lap()
    shown: list[Reason] = []
    if wanted.runs and not interrupted(found.stopped):  # whoever pressed Ctrl-C does not want to wait for runs
        shown = question.reasons(causes[: wanted.runs], states)
        found = question.with_evasion(found, missed)
        if question.lacks_runs(shown, found.must):
            without = "not every run was found; the causes stand"
            found = replace(found, stopped="; ".join(filter(None, (found.stopped, without))))
    reasons = (*shown, *map(Reason, causes[len(shown) :]))
    return replace(found, reasons=reasons, measured=Measured(built, seen, judged, clock.lap(), peak_bytes()))


def goal_of(text: str, network: Network) -> Condition:
    """The condition that a goal says; an event's name stands for that it may happen.

    Raises:
        ModelError: the text is malformed, or names what is not there; of an actor without such a state it says which it
            has.
    """
    try:
        return expression(text, network)
    except ModelError as error:
        raise ModelError(f"--goal {text!r}: {error}") from error


@dataclass(frozen=True)
class _Question:
    """What is asked of one exploration, and how long the search for an answer may take.

    Attributes:
        asked: the property; ``None`` for a goal.
        decides: the condition that decides: of a goal, itself.
    """

    asked: Asked | None
    decides: Condition
    promises: Promises
    progress: Progress | None
    limit: Limit | None

    @property
    def is_claim(self) -> bool:
        return self.asked is not None and not self.asked.prop.possible

    @property
    def is_vacuous(self) -> bool:
        """Whether what a claim speaks of is known never to be attempted."""
        asked, explored = self.asked, self.explored
        return asked is not None and self.is_claim and explored.complete and tried_in(asked, explored).is_empty

    @property
    def explored(self) -> Exploration:
        return self.promises.explored

    def states(self) -> tuple[StateSet | None, str]:
        """The states that decide; ``None`` where they are not known, and why if that was cut short."""
        if self.asked is None:
            return self.explored.where(self.decides), ""
        (states,), why = met_of([self.asked], self.promises, self.progress, self.limit)
        return states, why

    def missed(self) -> tuple[StateSet | None, str]:
        """Where a fair run may begin that never comes to a goal (:func:`.must.missing`); ``None`` of a claim."""
        return (None, "") if self.is_claim else missing(self.decides, self.promises, self.progress, self.limit)

    def reasons(self, causes: Sequence[Cause], states: StateSet | None) -> list[Reason]:
        """Each cause with its run, where it was found."""
        if self.asked is not None and self.is_claim and states is not None:
            refuted = [(self.asked, states & self.explored.where(cause.condition)) for cause in causes]
            runs = counterexamples(refuted, self.promises, self.progress, self.limit, everywhere=True)
            return [Reason(cause, run) for cause, run in zip(causes, runs, strict=True)]
        without = [cause.environments for cause in causes]
        told = approaches(self.explored.network, self.decides, without, self.explored, self.progress, self.limit)
        return [Reason(cause, approach=each) for cause, each in zip(causes, told, strict=True)]

    def with_evasion(self, found: Explanation, missed: StateSet | None) -> Explanation:
        """The explanation with a run that never comes to the goal, where there is one and it was found."""
        cause = None if found.must is None else found.must.most_telling
        if found.must is None or missed is None or cause is None:
            return found
        never = evasion(self.decides, cause, missed, self.promises, self.progress, self.limit)
        return replace(found, must=replace(found.must, evasion=never))

    def lacks_runs(self, shown: Sequence[Reason], said: Must | None) -> bool:
        """Whether a run that there is was not found. Where a goal is reached nowhere there is no approach to it."""
        there_are = self.is_claim or self.explored.where(self.decides).found
        missing_one = there_are and not all(each.run or each.approach for each in shown)
        return missing_one or (said is not None and bool(said.causes) and said.evasion is None)
