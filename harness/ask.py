"""Asking: can it happen, does it always hold, does it never happen, does it always lead there?

A question becomes a property, and the checker judges it (:mod:`.checker`); there is no other way to judge here. *Can*
and *never* are one claim, "it never happens", that is asked with the one answer or the other in mind.

What is asked may be narrowed by a premise. A conjunct of it that reads nothing but unknowns says which environments are
meant: the others are no environments of the question. The rest says where in a run it is meant, and where that is never
reached nothing has been said: the answer is then no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ccmproof.model.kernel.causes import Cause, Causes
from ccmproof.model.kernel.condition import Condition, actors_of, all_of, leaves, opened
from ccmproof.model.kernel.definition import Assumption, Model
from ccmproof.model.kernel.environments import Space
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Promise, Property, Verdict

from .checker import check
from .engines import Limit, Order, Progress
from .expression import conjuncts, events_in, expression
from .judge import told_from
from .report import Counterexample, Exit, Judgement, Report
from .system import Build, configured

ID = "ask"
"""The ID of the property that a question becomes."""


class Shape(Enum):
    """What is asked of the expression."""

    CAN = "can"
    """Can a state be reached in which it holds?"""
    ALWAYS = "always"
    """Does it hold in every state that can be reached?"""
    NEVER = "never"
    """Does it hold in none?"""
    LEADS_TO = "leads-to"
    """Does every fair run, from every state in which it holds, come to the goal?"""


@dataclass(frozen=True)
class Question:
    """What is asked: an expression, what of it, and under which premise.

    Attributes:
        when: the premise; empty: none.
        goal: of :attr:`Shape.LEADS_TO`, what it should lead to.
    """

    expression: str
    shape: Shape = Shape.CAN
    when: str = ""
    goal: str = ""


@dataclass(frozen=True)
class Exactly:
    """The conditions on the environment under which the answer is yes, or under which it is no.

    Attributes:
        yes: which of the two.
        causes: all of them, those of most environments first; together they say exactly when.
    """

    yes: bool
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Answer:
    """What was found out about a question in one scenario.

    Attributes:
        changes: the names of the changes that the design was asked with.
        environments_when, state_when: the premise, as to the environment and as to the state; empty: nothing is asked.
        reads: the moving actors that expression, premise and goal speak of, in the order of the network.
        exactly: ``None`` where there is nothing to tell apart, or a search was cut short.
    """

    question: Question
    changes: tuple[str, ...]
    environments_when: str
    state_when: str
    reads: tuple[str, ...]
    report: Report
    exactly: Exactly | None

    @property
    def judgement(self) -> Judgement:
        return self.report.judgements[0]

    @property
    def run(self) -> Counterexample | None:
        """The run that shows it: how it can happen, or how it fails."""
        return self.judgement.counterexample

    @property
    def met(self) -> int:
        """In how many environments it happens, fails to hold or need not lead there, as far as that was found."""
        return self.judgement.failing_count

    @property
    def spoken(self) -> int | None:
        """In how many environments what the question speaks of is reached; ``None`` where that is not known."""
        tried = self.judgement.tried
        return None if tried is None or not self.report.complete else tried.count

    @property
    def is_empty(self) -> bool:
        """What the question speaks of is never reached, so that nothing was put to the test."""
        return self.judgement.verdict is Verdict.VACUOUS

    @property
    def is_yes(self) -> bool | None:
        """The answer; ``None`` where a search was cut short before there was one."""
        match self.judgement.verdict:
            case Verdict.UNDETERMINED:
                return None
            case Verdict.VACUOUS:
                return False
            case verdict:
                return (verdict is Verdict.FAILS) is (self.question.shape is Shape.CAN)

    @property
    def exit(self) -> Exit:
        """0: yes, as asked; 1: no; 3: it cannot be said."""
        return {True: Exit.AS_EXPECTED, False: Exit.UNEXPECTED, None: Exit.UNDETERMINED}[self.is_yes]


def ask(
    scenario: Scenario,
    question: Question,
    settings: Mapping[str, str] | None = None,
    *,
    build: Build | None = None,
    changes: Sequence[str] = (),
    engine: str = "symbolic",
    order: Order | None = None,
    limit: Limit | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Answer a question in one scenario; arguments as for :func:`.checker.check`.

    Args:
        build: makes the model that is asked, with the changes in it.
        changes: their names, for the answer.

    Raises:
        ModelError: an expression is malformed or names what is not there, no environment is as the premise says, or the
            model is unusable as it stands.
    """
    if build is None:
        from ccmproof.model.workflow import build as shipped

        build = shipped
    read = _Read.of(question, expand(configured(build, scenario, settings or {})))
    report = check(
        scenario,
        [read.property()],
        settings,
        build=_narrowed(build, read.about_environments),
        engine=engine,
        order=order,
        limit=limit,
        progress=progress,
        reach=False,
    )
    where, state = (str(all_of(*parts)) if parts else "" for parts in (read.about_environments, read.about_states))
    found = report.judgements[0]
    return Answer(question, tuple(changes), where, state, read.reads(), report, _exactly(question, report, found))


@dataclass(frozen=True)
class _Read:
    """A question, read against a network.

    Attributes:
        about_environments: the conjuncts of the premise that read unknowns only.
        about_states: the others.
        goal: ``None`` where nothing is to be led to.
    """

    question: Question
    network: Network
    expression: Condition
    about_environments: tuple[Condition, ...]
    about_states: tuple[Condition, ...]
    goal: Condition | None

    @classmethod
    def of(cls, question: Question, network: Network) -> _Read:
        """Read the texts, each error with the option that it is in."""
        asked = _expression("EXPRESSION", question.expression, network)
        parts = conjuncts(_expression("--when", question.when, network)) if question.when else ()
        goal = _expression("--leads-to", question.goal, network) if question.shape is Shape.LEADS_TO else None
        where = tuple(part for part in parts if _reads_unknowns_only(part, network))
        _refuse_no_environment(where, question, network)
        return cls(question, network, asked, where, tuple(part for part in parts if part not in where), goal)

    def property(self) -> Property:
        """The claim that the question puts to the test.

        One conjunct that is about events is what the claim is about, so that the run ends with the event itself.
        """
        when = str(opened(all_of(*self.about_states)))
        match self.question.shape:
            case Shape.CAN | Shape.NEVER:
                on, rest = self._about(self.expression)
                premise = str(opened(all_of(*self.about_states, rest)))
                return Property(ID, "", self.question.expression, "", on=on, when=premise, attempt=when)
            case Shape.ALWAYS:
                on, rest = self._about(all_of(*self.about_states))
                return Property(
                    ID,
                    "",
                    self.question.expression,
                    "",
                    on=on,
                    when=str(opened(rest)),
                    then=str(opened(self.expression)),
                )
            case Shape.LEADS_TO:
                assert self.goal is not None
                begins = str(opened(all_of(*self.about_states, self.expression)))
                return Property(
                    ID,
                    "",
                    self.question.expression,
                    "",
                    when=begins,
                    then=str(opened(self.goal)),
                    promise=Promise.EVENTUALLY,
                )

    def _about(self, condition: Condition) -> tuple[tuple[str, ...], Condition]:
        """The events of the first conjunct that is about nothing else, and the other conjuncts."""
        parts = conjuncts(condition)
        for place, part in enumerate(parts):
            names = events_in(part, self.network)
            if names:
                return names, all_of(*parts[:place], *parts[place + 1 :])
        return (), condition

    def reads(self) -> tuple[str, ...]:
        """The moving actors that the question speaks of by name; what an event needs is not among them."""
        said = [*conjuncts(self.expression), *self.about_states, *(() if self.goal is None else (self.goal,))]
        read = frozenset[str]().union(*(actors_of(part) for part in said if not events_in(part, self.network)))
        return tuple(each.name for each in self.network.moving if each.name in read)


def _expression(option: str, text: str, network: Network) -> Condition:
    try:
        return expression(text, network)
    except ModelError as error:
        raise ModelError(f"{option} {text!r}: {error}") from error


def _reads_unknowns_only(part: Condition, network: Network) -> bool:
    return all(network.actor[name].is_unknown for name in actors_of(part))


def _refuse_no_environment(where: Sequence[Condition], question: Question, network: Network) -> None:
    """Where no environment is as the premise says, say which value the scenario does not have, if it is that."""
    if not where or not Space.of(network).where(all_of(*where), network).is_empty:
        return
    absent = ""
    for leaf in (leaf for part in where for leaf in leaves(part)):
        initial = network.actor[leaf.actor].initial
        if not network.resolve(leaf) & set(initial):
            absent = f': {leaf.actor} is {" or ".join(initial)} here; --set "{leaf.actor}=*" opens it'
            break
    raise ModelError(f"--when {question.when!r}: no environment is like that{absent}")


def _narrowed(build: Build, where: Sequence[Condition]) -> Build:
    """Builds the same models, with the environments narrowed to those in which the conditions hold."""
    if not where:
        return build

    def narrowed(scenario: Scenario, settings: Mapping[str, str] = {}, /) -> Model:
        asked = (Assumption(str(opened(part)), "the question is about these environments") for part in where)
        return build(scenario, settings).extended(*asked)

    return narrowed


def _exactly(question: Question, report: Report, found: Judgement) -> Exactly | None:
    """What tells the environments apart in which the answer is yes: said of those, or of the others if that is less."""
    if found.causes is None or found.failing is None or found.tried is None:
        return None
    among = told_from(found.tried, found.failing, found.failing.space.all())
    others = Causes(found.failing.space).of(among - found.failing, among)
    if not others:
        return None
    is_said_of = [(found.causes, question.shape is Shape.CAN), (others, question.shape is not Shape.CAN)]
    causes, yes = min(is_said_of, key=lambda each: _length(each[0]))
    return Exactly(yes, tuple(sorted(causes, key=lambda each: -each.count)))


def _length(causes: Sequence[Cause]) -> int:
    """How much there is to read until it is said exactly when."""
    return sum(len(each.literals) for each in causes if each.in_cover)
