"""What a property is: a claim in one line, what it says exactly, where it rests, and the verdict that is expected.

Kinds (the letters of the domain's property list):

====  ==========================================================================================================
I     invariant: in every reachable state, ``when`` implies ``then``
S     requirement: whenever one of the events ``on`` happens where ``when`` holds, ``then`` holds (before the event)
O     observer: an invariant or a requirement that reads machines which watch the history (``observers``)
R     possible: some reachable state satisfies ``then``, or ``on`` can happen where ``then`` holds
E     exact: the same, in just those environments that ``exactly`` says
L     promise: something must happen (:class:`Promise`)
T     in time: a requirement that reads a stopwatch (:class:`~.timing.Bound`)
====  ==========================================================================================================

A state requirement is refuted by a state, a step requirement by a state in which the event may happen; so both are a
condition on states (:func:`broken`), and one engine serves all of them. A promise is refuted by a run without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from ccmproof.model.kernel.actor import ActorDef
from ccmproof.model.kernel.condition import And, Condition, Or, all_of, any_of
from ccmproof.model.kernel.errors import ModelError, nearest
from ccmproof.model.kernel.expand import readiness
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario

from .timing import OFF, Bound

WORKING_CLIENT = ("any-environment", "hourly", "faults")
"""The scenarios in which every kind of client can get through; elsewhere devices, users or sites are pinned."""


class Verdict(Enum):
    """The four verdicts. A search that was cut short never yields ``HOLDS``."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDETERMINED = "undetermined"
    VACUOUS = "vacuous"


class Severity(Enum):
    """How much it matters to a site that the claim is true."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"


class Promise(Enum):
    """What kind of thing must happen from every state in which ``when`` holds."""

    EVENTUALLY = "eventually"
    """Every fair run comes to ``then``, or to ``unless``."""
    RECOVERABLE = "recoverable"
    """Some run still comes to ``then``, or ``unless`` holds."""
    UNSTUCK = "never stuck"
    """Unless ``then`` holds, which says where it is right to rest, something other than time goes on, now or later."""


@dataclass(frozen=True)
class Property:
    """One claim about the workflow.

    Attributes:
        id: as the domain's property list has it, ``S-05``.
        concern: the group it is shown in.
        claim: one line in plain words.
        on: the events that the claim is about; empty for a claim about states.
        when, then: conditions, as text: ``when`` implies ``then``.
        attempt: the condition under which the claim speaks at all. Where no reachable state satisfies it the verdict is
            vacuous. It is about the attempt (a request is offered), not the acceptance: where nothing is ever accepted
            a prohibition is upheld. Empty: ``when``, and for a requirement the readiness of ``on``.
        expected: ``holds`` or ``fails``; ``reason`` says why where it is not "holds".
        but: scenarios in which another verdict is expected: ``{"adversary": "fails"}``.
        asked_in: the scenarios that the claim is about, where it says nothing in the others (it needs an adversary,
            say); empty: all.
        promise: what must happen, where the claim is that something must.
        without: of a promise: events that it does not count on, though they are owed.
        unless: of a promise: where it is no longer owed, because something has struck.
        bound: of a claim in time: what a stopwatch must show, in place of ``then`` (:meth:`at`).
        untold: why the scenario that it was read for (:meth:`at`) cannot tell; else empty.
        decided_by: a condition on unknowns and parameters; where it holds the claim is expected to hold, and where it
            does not, to fail. Empty: the expectation is for all environments alike.
        exactly: of what is possible: a condition on unknowns and parameters; it is possible in the environments in
            which this holds, and in no others. ``words``: those of its own that it says this with, each said by
            unknowns, parameters and the words before it.
    """

    id: str
    concern: str
    claim: str
    cites: str
    on: tuple[str, ...] = ()
    when: str = ""
    then: str = "false"
    attempt: str = ""
    observers: tuple[ActorDef, ...] = ()
    possible: bool = False
    promise: Promise | None = None
    unless: str = ""
    without: tuple[str, ...] = ()
    bound: Bound | None = None
    untold: str = ""
    severity: Severity = Severity.HIGH
    expected: str = "holds"
    reason: str = ""
    but: Mapping[str, str] = field(default_factory=dict)
    asked_in: tuple[str, ...] = ()
    decided_by: str = ""
    exactly: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The letter of its kind."""
        if self.promise is not None:
            return "L"
        if self.bound is not None:
            return "T"
        if self.possible:
            return "E" if self.exactly else "R"
        if self.observers:
            return "O"
        return "S" if self.on else "I"

    @property
    def rests_on_safety(self) -> bool:
        """Whether it says little of a model that is not safe: what must happen, and how long something takes."""
        return self.promise is not None or self.bound is not None

    @property
    def is_read(self) -> bool:
        """Whether it says what it says without a scenario, or has been read for one."""
        watched = (each.name for each in self.observers)
        return self.bound is None or bool(self.untold) or self.bound.stopwatch.name in watched

    def at(self, scenario: Scenario) -> Property:
        """The claim as it is said in the scenario: one in time with its stopwatch, and what that must show.

        It is put to the test where the stopwatch runs, and ``attempt`` holds, if there is one.
        """
        if self.bound is None or self.is_read:
            return self
        bound = self.bound.at(scenario)
        untold = bound.obstacle(scenario)
        if untold or scenario.tick is None:
            elsewhere = f"; try --scenario {self.asked_in[0]}" if self.asked_in else ""
            return replace(self, untold=untold + elsewhere)
        running = "false" if bound.says_nothing else f"{bound.stopwatch.name} is not {OFF}"
        return replace(
            self,
            bound=bound,
            observers=(*self.observers, bound.stopwatch.observer(scenario.tick)),
            then=bound.keeps(scenario.tick),
            attempt=f"({self.attempt}) and {running}" if self.attempt else running,
        )

    def expected_in(self, scenario: str) -> Verdict:
        """The verdict that is expected in the scenario."""
        return Verdict(self.but.get(scenario, self.expected))


def premise(prop: Property, network: Network) -> Condition:
    """The states that the claim speaks of: where ``when`` holds and, for a requirement, one of ``on`` may happen."""
    return all_of(_ready(prop, network), _condition(prop, network, prop.when))


def broken(prop: Property, network: Network) -> Condition:
    """The condition whose reachability decides: it refutes a claim, and it is what a possibility asks for.

    Raises:
        ModelError: the property names what the network does not have, or is in time and was read for no scenario
            (:meth:`Property.at`); it says which property.
    """
    if not prop.is_read:
        raise ModelError(f"{prop.id} is about time: it must be read for a scenario")
    conclusion = _condition(prop, network, prop.then)
    return all_of(premise(prop, network), conclusion if prop.possible else ~conclusion)


def kept(prop: Property, network: Network) -> Condition:
    """Where a promise is kept, or no longer owed."""
    given_up = (_condition(prop, network, prop.unless),) if prop.unless else ()
    return any_of(_condition(prop, network, prop.then), *given_up)


def attempted(prop: Property, network: Network) -> Condition:
    """The states in which what the claim speaks of is attempted."""
    return _condition(prop, network, prop.attempt) if prop.attempt else premise(prop, network)


@dataclass(frozen=True)
class Weaker:
    """A conjunct of a premise, and the claim without it, whose premise is weaker, so that it says more.

    Attributes:
        text: the conjunct in words: ``unless`` and a condition where it ends a promise.
        conjunct: what it says.
    """

    text: str
    conjunct: Condition
    claim: Property


def weaker(prop: Property, network: Network) -> Iterator[Weaker]:
    """The claim without one conjunct of its premise, for each of them.

    The conjuncts are those of ``when``, a named predicate being one, and of a promise what must not have come about:
    ``unless a or b`` has two. What is said twice is one. A possibility has no premise: it asks for all that it says.

    Raises:
        ModelError: the property names what the network does not have; it says which property.
    """
    if prop.possible:
        return
    when = _condition(prop, network, prop.when)
    for part, others in _without_each(when.parts if isinstance(when, And) else (when,)):
        yield Weaker(str(part), part, replace(prop, when=str(all_of(*others))))
    if prop.promise is None or not prop.unless:
        return
    unless = _condition(prop, network, prop.unless)
    for part, others in _without_each(unless.parts if isinstance(unless, Or) else (unless,)):
        yield Weaker(f"unless {part}", ~part, replace(prop, unless=str(any_of(*others))))


def _without_each(parts: tuple[Condition, ...]) -> Iterator[tuple[Condition, list[Condition]]]:
    """Each of the parts, once, and the others."""
    for part in dict.fromkeys(parts):
        yield part, [other for other in parts if other != part]


def _ready(prop: Property, network: Network) -> Condition:
    if not prop.on:
        return all_of()
    for name in prop.on:
        if name not in network.event:
            raise ModelError(f"{prop.id}: there is no event {name!r}{nearest(name, network.event)}")
    return any_of(*(readiness(network, network.event[name]) for name in prop.on))


def _condition(prop: Property, network: Network, text: str) -> Condition:
    if not text:
        return all_of()
    try:
        return network.condition(text)
    except ModelError as error:
        raise ModelError(f"{prop.id}: {error}") from error
