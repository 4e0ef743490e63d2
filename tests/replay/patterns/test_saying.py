"""What a run of the model says is what the table says of its steps: two accounts of the same lines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from ccmproof.harness.expression import expression
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern
from ccmproof.harness.replay.patterns import recogniser
from ccmproof.harness.system import shipped as system
from ccmproof.model.kernel.condition import TRUE, Condition
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.product import holds, successors
from replay.saying import LINES, Telling

Step = tuple[str, State, State]
STEPS, RUNS = 150, 8
TROUBLE = ("fail", "refuse", "reject", "withhold", "crash", "not_", "cannot", "wrong", "down", "stops", "wants", "no_",
           "disable", "leaves", "lose", "break", "block", "gives_up")  # fmt: skip


@cache
def network(name: str) -> Network:
    of = system()
    return expand(of.build(of.scenario(name)))


@cache
def true(text: str, name: str) -> Condition:
    return expression(text, network(name)) if text else TRUE


def began(of: Network, chance: random.Random) -> State:
    """A beginning that is all well but for a few things."""
    healthy = chance.choice((1.0, 0.97, 0.9, 0.8))
    while True:
        state = tuple(a.initial[0] if chance.random() < healthy else chance.choice(a.initial) for a in of.actors)
        if all(holds(of, condition, state) for condition in of.assume):
            return state


def walk(of: Network, seed: int) -> Iterator[Step]:
    """A run, drawn: what it has not done yet is likelier than what it has."""
    chance, done = random.Random(seed), Counter[str]()
    state = began(of, chance)
    for _ in range(STEPS):
        steps = list(successors(of, state))
        if not steps:
            return
        likely = [weight(event.name, seed) / (1 + done[event.name]) ** 2 for event, _ in steps]
        event, after = chance.choices(steps, likely)[0]
        done[event.name] += 1
        yield event.name, state, after
        state = after


def weight(event: str, seed: int) -> float:
    """How likely it is besides: what is written of is likelier, and trouble is in every second run."""
    troubled = seed % 2 == 0 and any(word in event for word in TROUBLE)
    return (8 if event in LINES else 1) * (0.02 if troubled else 1)


def wrong(name: str, step: Step, known: Pattern | None) -> str:
    """What is wrong in taking a line of the step for the pattern; empty: nothing."""
    event, before, after = step
    if known is None:
        return "nothing knows"
    if known.events and event not in {*known.events, *known.echoes}:
        return f"{known.id} stands for {known.events}, not"
    at = (before,) if known.events else (before, after)
    if not any(holds(network(name), true(known.holds, name), state) for state in at):
        return f"{known.id} needs {known.holds} for"
    return ""


@pytest.mark.parametrize(("name", "least"), [("document", 20), ("passing", 20), ("faults", 20)])
def test_what_a_run_says_is_recognised_as_what_it_did(name: str, least: int) -> None:
    of, found, met = network(name), dict[str, str](), set[str]()
    for seed in range(RUNS):
        telling = Telling(seed=seed, old=seed % 2 == 1)
        for step in walk(of, seed):
            before, after = (dict(zip(of.position, state, strict=True)) for state in step[1:])
            for said in telling.step(step[0], before, after):
                seen = recogniser().of(Line("a.log", 1, said.log, said.text))
                why = wrong(name, step, seen and seen.pattern)
                if why:
                    found.setdefault(f"{why} {step[0]}", f"{said.log}: {said.text}")
                met.add(step[0])
    assert not found
    assert len(met) >= least
