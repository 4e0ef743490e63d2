"""Explaining: in which environments something can be so, the causes for which it cannot, and a run for each.

What is asked is a *goal*, a condition that some reachable state should satisfy, or a property. Of a claim the causes
are those of its failing, and the run of a cause is the shortest counterexample in its environments. Of a goal they are
those for which it cannot be reached, and the run of a cause is the nearest *approach* (:mod:`.approach`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccmproof.model.kernel.causes import Cause, Causes
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.decision import Tree, decision_tree
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import readiness
from ccmproof.model.kernel.fairness import Fairnesses
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.text import parse
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property

from .approach import Approach, approaches
from .checker import Clock, interrupted, met_of, network_of, size_of
from .engines import Exploration, Limit, Progress, StateSet, explore
from .judge import Asked, spoken_of
from .memory import peak_bytes
from .promises import Promises
from .report import Counterexample, Exit, Measured, Size
from .runs import counterexamples
from .system import Build, fairness_of


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
        stopped: why the search was cut short, or runs that were asked for are missing; else empty.
        tree: the decision tree, where it was asked for.
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
    """What of an explanation is wanted: how many causes get a run, and whether and how deep to grow the tree."""

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
    order: Sequence[str] | None = None,
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
    goal = None if asked is not None else goal_of(str(about), network)
    built = clock.lap()
    explored = explore(network, engine=engine, order=order, progress=progress, limit=limit)
    seen = clock.lap()
    promises = Promises(explored, (fairness or fairness_of(build))(network))
    states, why_unmet = _states(asked, goal, promises, progress, limit)
    met = explored.environments.space.none() if states is None else explored.environments_of(states)
    claim = prop is not None and not prop.possible
    caused = met if claim else explored.environments - met
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
        explored.why_incomplete or why_unmet,
    )
    causes = Causes(found.caused.space).of(found.caused, among) if found.caused is not None else ()
    if wanted.tree and found.caused is not None:
        found = replace(found, tree=decision_tree(found.caused, among, wanted.depth))
    judged = clock.lap()
    asked_for = [] if interrupted(found.stopped) else causes[: wanted.runs]
    if asked is not None and claim and states is not None:
        refuted = [(asked, states & explored.where(cause.condition)) for cause in asked_for]
        runs = counterexamples(refuted, promises, progress, limit, everywhere=True)
        shown = [Reason(cause, run) for cause, run in zip(asked_for, runs, strict=True)]
    else:
        condition = asked.decides if asked is not None else goal
        assert condition is not None
        shown = [*_approaches(network, condition, asked_for, explored, progress, limit)]
    there_are_runs = claim or not met.is_empty
    if there_are_runs and not all(each.run or each.approach for each in shown):
        found = replace(found, stopped="not every run was found; the causes stand")
    reasons = (*shown, *map(Reason, causes[len(shown) :]))
    return replace(found, reasons=reasons, measured=Measured(built, seen, judged, clock.lap(), peak_bytes()))


def goal_of(text: str, network: Network) -> Condition:
    """The condition that a goal says; an event's name stands for that it may happen.

    Raises:
        ModelError: the text is malformed, or names what is not there.
    """
    return network.check(parse(text, _Words(network)))


class _Words(Mapping[str, Condition]):
    """What a word may stand for in a goal: a named predicate, or else an event that may happen."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def __getitem__(self, name: str) -> Condition:
        found = self.network.predicates.get(name)
        return readiness(self.network, self.network.event[name]) if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter({**self.network.predicates, **self.network.event})

    def __len__(self) -> int:
        return len({*self.network.predicates, *self.network.event})


def _states(
    asked: Asked | None,
    goal: Condition | None,
    promises: Promises,
    progress: Progress | None,
    limit: Limit | None,
) -> tuple[StateSet | None, str]:
    """The states that decide the question; ``None`` where they are not known, and why if that was cut short."""
    if asked is None:
        assert goal is not None
        return promises.explored.where(goal), ""
    (states,), why = met_of([asked], promises, progress, limit)
    return states, why


def _approaches(
    network: Network,
    goal: Condition,
    causes: Sequence[Cause],
    explored: Exploration,
    progress: Progress | None,
    limit: Limit | None,
) -> Iterator[Reason]:
    """The nearest approach to a goal in the environments of each cause."""
    told = approaches(network, goal, [each.environments for each in causes], explored, progress, limit)
    for cause, each in zip(causes, told, strict=True):
        yield Reason(cause, approach=each)
