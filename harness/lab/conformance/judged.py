"""The suite's claims, judged on what was seen: on a run that conforms, and on the step by which a lab has left it.

A claim about steps speaks of the state before its event; what was seen of that state counts, and not what the model
says. Whether the event might happen at all is left out: it has happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ccmproof.model.kernel.condition import actors_of
from ccmproof.model.kernel.network import State
from ccmproof.model.kernel.run import Run
from ccmproof.properties.property import Property, Verdict

from .compiled import Test

if TYPE_CHECKING:
    from .equipment import Equipment
    from .follow import Seen

ELSEWHERE = ("everything", "adversary", "thief", "faults", "hourly")
"""Where the suite says that a claim fails in one of these, it is no news in a lab, where everything strikes."""


@dataclass(frozen=True)
class _Claim:
    """A property, compiled; ``actors`` are all that it speaks of, ``then_of`` those of what it promises."""

    prop: Property
    when: Test
    then: Test
    promised: Test | None
    actors: frozenset[str]
    then_of: frozenset[str]

    def broken(self, state: State) -> bool:
        return self.when(state) and not self.then(state)

    def surprises(self, state: State) -> bool:
        """Whether the suite says that it holds here."""
        if self.promised is not None:
            return self.promised(state)
        return all(self.prop.expected_in(each) is Verdict.HOLDS for each in ("", *ELSEWHERE))


@lru_cache(maxsize=4)
def _claims(using: Equipment) -> tuple[_Claim, ...]:
    network, test = using.network, using.compiled.test
    return tuple(
        _Claim(
            prop,
            test(network.condition(prop.when or "true")),
            test(network.condition(prop.then)),
            test(network.condition(prop.decided_by, prop.words)) if prop.decided_by else None,
            actors_of(network.condition(prop.when or "true")) | actors_of(network.condition(prop.then)),
            actors_of(network.condition(prop.then)),
        )
        for prop in using.properties
    )


@dataclass(frozen=True)
class Broken:
    """A claim that a run breaks.

    Attributes:
        step: of the run, from 1: the step that breaks it, or after which it is broken; 0: at the beginning.
        known: the suite says itself that it may fail.
    """

    prop: str
    step: int
    known: bool


def judged(using: Equipment, run: Run) -> tuple[Broken, ...]:
    """The claims that a run breaks, each once, in the order of the suite."""
    network = using.network
    states = [network.as_state(each) for each in run.states]
    found = []
    for claim in _claims(using):
        if claim.prop.on:
            places = ((number, states[number - 1]) for number, step in enumerate(run.steps, start=1)
                      if step.event in claim.prop.on)  # fmt: skip
        else:
            places = enumerate(states)  # type: ignore[assignment]
        at = next(((number, state) for number, state in places if claim.broken(state)), None)
        if at is not None:
            found.append(Broken(claim.prop.id, at[0], not claim.surprises(at[1])))
    return tuple(found)


def broken_by(using: Equipment, seen: Seen, before: Mapping[str, str]) -> tuple[str, ...]:
    """The claims that an observation breaks and should not: by one of its events in the state before, as it was seen,
    or by the state after it, as far as that was seen.

    Where it is an event that the model does not allow there, what else would be true after it is not known, nor where
    the actors are that would have to be elsewhere for it: no claim is judged by these.
    """
    from .follow import _single

    one = tuple(before[a.name] for a in using.network.actors)
    other = tuple({**before, **_single(seen.after)}[a.name] for a in using.network.actors)
    found = []
    for claim in _claims(using):
        if claim.prop.on:
            events = [event for event in claim.prop.on if event in seen.events]
            known = any(claim.then_of.isdisjoint(_misplaced(using, event, before)) for event in events)
        else:
            known = not (seen.events or seen.holds) or claim.actors <= {*seen.before, *seen.after}
        states = (one,) if claim.prop.on else (one, other)
        if known and any(claim.broken(state) and claim.surprises(state) for state in states):
            found.append(claim.prop.id)
    return tuple(found)


def _misplaced(using: Equipment, event: str, state: Mapping[str, str]) -> frozenset[str]:
    """The participants of an event that are where none of their rows begins."""
    network = using.network
    return frozenset(
        name
        for name in network.event[event].participants
        if not any(state[name] in row.sources for row in network.actor[name].by_event[event])
    )
