"""Random walks of the model, told as a lab would be seen: what stimuli were made, what crossed the wires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from ccmproof.harness.lab.conformance.alphabet import OBSERVED, STIMULI
from ccmproof.harness.lab.conformance.compiled import Compiled
from ccmproof.harness.lab.conformance.equipment import Equipment, equipment
from ccmproof.harness.lab.conformance.fields import visible
from ccmproof.harness.lab.conformance.follow import Follower, Seen
from ccmproof.harness.lab.contract import Work
from ccmproof.model.kernel.network import State

SELDOM = ("time", "user", "Entra", "administrator", "fault", "loss", "adversary", "offer", "patience")
"""Stimuli that a walk takes seldom, so that it gets somewhere."""


@dataclass
class Walk:
    """A path of the model.

    Attributes:
        told: for each step that a lab would see or make, the stimulus or the observation.
        at: for each of these the state after it.
    """

    compiled: Compiled
    events: list[str] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    told: list[tuple[str, Seen]] = field(default_factory=list)
    at: list[State] = field(default_factory=list)


def walked(
    environment: Mapping[str, str], chance: Random, most: int, using: Equipment | None = None, seldom: float = 0.02
) -> Walk:
    """A walk of so many steps."""
    using = using or equipment()
    compiled, everything = using.compiled, frozenset(event.name for event in using.network.events)
    walk = Walk(compiled, states=[compiled.number(using.initial(environment))])
    for _ in range(most):
        steps = list(compiled.steps(walk.states[-1], everything))
        weights = [seldom if STIMULI.get(event) in SELDOM else 1.0 for event, _ in steps]
        event, after = chance.choices(steps, weights)[0]
        walk.events.append(event)
        if event in STIMULI or event in OBSERVED:
            was, now = (using.network.as_dict(compiled.states[number]) for number in (walk.states[-1], after))
            seen, made = visible(event, was, now)
            walk.told.append((event, Seen(event, _candidates(event), seen, made)))
            walk.at.append(compiled.states[after])
        walk.states.append(after)
    return walk


def _candidates(event: str) -> tuple[str, ...]:
    """Who sees a request to CCM_STS does not know whether ccmsetup or CcmMessaging has sent it; and the like."""
    if event in ("ccmsetup_sends_sts_request", "messaging_sends_sts_request"):
        return "ccmsetup_sends_sts_request", "messaging_sends_sts_request"
    return (event,)


def follower(environment: Mapping[str, str]) -> Follower:
    """Of a client whose every component is at work, and of which nobody knows when it is at rest."""
    made = Follower(environment, settled=False)
    made.works = frozenset(Work)
    return made


def taken(made: Follower, event: str, seen: Seen) -> None:
    """Make the stimulus, or see what is to be seen."""
    if event in STIMULI:
        made.do(event, seen.after)
    else:
        made.see(seen)
