"""A network, and what is to be looked at in it, as the page of the explorer reads them: numbers, lists and texts.

Actors, states, events and conditions are named by their numbers. Equal conditions are one; a condition's parts have
smaller numbers than it has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import And, Condition, In, Named, Not, Or
from ccmproof.model.kernel.network import Actor, Event, Network, State, Transition
from ccmproof.model.kernel.run import Run

from ..told import ASIDE, Carries


@dataclass(frozen=True)
class Claim:
    """A property as the page judges it.

    Attributes:
        kind: in a word: ``claim``, ``possible``, ``promise`` (something must happen), or ``beyond`` what one run tells.
        broken: of a claim of safety, what refutes it where it is reached; of a possibility, what it asks for.
        attempt: where what it speaks of is attempted; of a promise, where it is owed.
        should: what is not so where a claim is broken.
        kept: of a promise, where it is kept; ``None`` where it is none.
        on: of a claim about steps, the events: it is broken by a step by one of them from where ``broken`` holds.
        remark: what the suite expects of it, where that is not simply that it holds.
    """

    name: str
    says: str
    kind: str
    broken: Condition
    attempt: Condition
    should: Condition
    kept: Condition | None = None
    on: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Walk:
    """A run that can be loaded, and what it shows.

    Attributes:
        judged: the number of the state in which it breaks something; ``None`` where it breaks nothing.
        because: why, in words.
    """

    name: str
    says: str
    run: Run
    judged: int | None = None
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """All that a page is about. ``watching`` are the actors that only watch, ``records`` in which record a field is."""

    title: str
    about: str
    network: Network
    claims: tuple[Claim, ...] = ()
    goals: Mapping[str, Condition] = field(default_factory=dict)
    walks: tuple[Walk, ...] = ()
    watching: frozenset[str] = frozenset()
    records: Mapping[str, str] = field(default_factory=dict)
    carries: Carries = field(default_factory=Carries)
    altered: frozenset[str] = frozenset()
    """Events that a change has altered or added."""


class Numbers:
    """Conditions by their numbers."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.place = network.position
        self.state = {a.name: {state: number for number, state in enumerate(a.states)} for a in network.actors}
        self.rows: list[list[Any]] = []
        self._known: dict[str, int] = {}

    def of(self, condition: Condition) -> int:
        """The number of a condition; it is written down when it is first asked for."""
        match condition:
            case In(actor=actor, names=names):
                inside = sorted(self.state[actor][state] for state in self.network.resolve(condition))
                row: list[Any] = ["in", self.place[actor], inside, sorted(names)]
            case Not(part=part):
                row = ["not", self.of(part)]
            case And(parts=parts):
                row = ["and", [self.of(part) for part in parts]]
            case Or(parts=parts):
                row = ["or", [self.of(part) for part in parts]]
            case Named(name=name, body=body):
                row = ["named", self.of(body), name]
            case _:
                raise TypeError(f"not a condition: {condition!r}")
        key = json.dumps(row)
        if key not in self._known:
            self._known[key] = len(self.rows)
            self.rows.append(row)
        return self._known[key]


def data_of(subject: Subject) -> dict[str, Any]:
    """The subject as plain dictionaries, lists, numbers and texts."""
    network, numbers = subject.network, Numbers(subject.network)
    acting = {network.actor[event.controller].host for event in network.events if event.controller}
    moves = {
        "actors": [_actor(of, subject) for of in network.actors],
        "events": [_event(of, numbers, subject) for of in network.events],
        "assume": [numbers.of(each) for each in network.assume],
    }
    data = {
        "title": subject.title,
        "about": subject.about,
        "name": network.name,
        "fingerprint": _fingerprint(moves, numbers.rows),
        "hosts": [host for host in dict.fromkeys(a.host for a in network.actors) if host in acting - {*ASIDE}],
        **moves,
        "predicates": {name: numbers.of(each) for name, each in network.predicates.items()},
        "claims": [_claim(each, numbers) for each in subject.claims],
        "goals": [{"name": name, "says": str(each)} for name, each in subject.goals.items()],
        "walks": [_walk(each, network) for each in subject.walks],
        "carries": {
            "fields": dict(subject.carries.fields),
            "under_way": subject.carries.under_way,
            "to": list(subject.carries.to),
            "brought": list(subject.carries.brought),
        },
    }
    return {**data, "conditions": numbers.rows}


_MEANING = ("name", "states", "initial", "controller", "participants", "guard", "rows")
"""What of actors and events says how a run goes on."""


def _fingerprint(moves: Mapping[str, Any], conditions: Sequence[Any]) -> str:
    """Eight signs that differ where the numbers of a run may mean something else: all that decides about steps."""
    parts = [[{key: of.get(key) for key in _MEANING} for of in moves[kind]] for kind in ("actors", "events")]
    said = json.dumps([parts, moves["assume"], conditions])
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def _actor(of: Actor, subject: Subject) -> dict[str, Any]:
    kind = (
        "unknown" if of.is_unknown else "watching" if of.name in subject.watching else "field" if of.data else "actor"
    )
    return {
        "name": of.name,
        "kind": "parameter" if of.is_unknown and of.parameter else kind,
        "host": of.host,
        "states": list(of.states),
        "initial": [of.states.index(state) for state in of.states if state in of.initial],
        "groups": {name: sorted(of.states.index(state) for state in states) for name, states in of.groups.items()},
        "record": subject.records.get(of.name, ""),
        "about": " ".join(of.doc.split()),
    }


def _event(of: Event, numbers: Numbers, subject: Subject) -> dict[str, Any]:
    network = subject.network
    return {
        "name": of.name,
        "controller": network.position.get(of.controller, -1),
        "host": network.actor[of.controller].host if of.controller else "",
        "participants": [network.position[name] for name in of.participants],
        "guard": numbers.of(of.guard),
        "rows": [[_row(row, network.actor[name], numbers) for row in network.actor[name].by_event.get(of.name, ())]
                 for name in of.participants],
        "refusal": of.refusal,
        "status": of.status,
        "cites": list(of.cites),
        "about": " ".join(of.doc.split()),
        "altered": of.name in subject.altered,
    }  # fmt: skip


def _row(row: Transition, of: Actor, numbers: Numbers) -> list[Any]:
    state = numbers.state[of.name]
    dest = -1 if row.dest is None else state[row.dest]
    return [sorted(state[source] for source in row.sources), dest, numbers.of(row.when), list(row.cites)]


def _claim(of: Claim, numbers: Numbers) -> dict[str, Any]:
    events = [event.name for event in numbers.network.events]
    return {
        "name": of.name,
        "says": of.says,
        "kind": of.kind,
        "broken": numbers.of(of.broken),
        "attempt": numbers.of(of.attempt),
        "should": numbers.of(of.should),
        "kept": -1 if of.kept is None else numbers.of(of.kept),
        "on": [events.index(name) for name in of.on],
        "remark": of.remark,
    }


def _walk(of: Walk, network: Network) -> dict[str, Any]:
    return {
        "name": of.name,
        "says": of.says,
        "tokens": tokens_of(of.run, network),
        "judged": -1 if of.judged is None else of.judged,
        "loop": -1 if of.run.loop is None else of.run.loop,
        "because": list(of.because),
    }


def tokens_of(run: Run, network: Network) -> list[str]:
    """A run as the page writes it: where it begins, ``u3=1``, then event by event its number, ``17``.

    Where an event has several outcomes the number of the one that is meant follows, ``17.1``. Of an actor, or unknown,
    that may begin in one state only nothing is said.
    """
    found = [
        f"u{network.position[of.name]}={of.states.index(run.states[0][of.name])}"
        for of in network.actors
        if len(of.initial) > 1
    ]
    place = {event.name: number for number, event in enumerate(network.events)}
    states = [network.as_state(state) for state in run.states]
    for step, before, after in zip(run.steps, states, states[1:], strict=False):
        found.append(f"{place[step.event]}{_outcome(network, step.event, before, after)}")
    return found


def _outcome(network: Network, event: str, before: State, after: State) -> str:
    number = list(product.outcomes(network, network.event[event], before)).index(after)
    return f".{number}" if number else ""


def script(data: Mapping[str, Any] | Sequence[Any]) -> str:
    """The data as JSON that may stand between the tags of a script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
