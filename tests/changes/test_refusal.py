"""The first step of a run that another design does not make, against a plain walk over the reference semantics."""

from __future__ import annotations

import random

from ccmproof.harness.changes.design import applied
from ccmproof.harness.changes.refusal import first_refusal
from ccmproof.model.kernel import product
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import Run, replayed
from ccmproof.model.scenario import Scenario
from demo import build
from designs import change, edits, entry, models
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

DOOR = build(Scenario("calm", "d"))


def a_run(network: Network, chance: random.Random, most: int = 8) -> Run:
    """Some run of the network."""
    states = [chance.choice(list(product.initial_states(network)))]
    events: list[str] = []
    while len(events) < most and (steps := list(product.successors(network, states[-1]))):
        taken, after = chance.choice(steps)
        events.append(taken.name)
        states.append(after)
    return replayed(network, states, events)


def followed(network: Network, run: Run) -> int | None:
    """How many steps of the run some run of the network makes, as far as both have the actors; ``None``: none begins.

    Unknowns that never have the run's value in the network are as the network has them.
    """

    def fits(state: State, number: int) -> bool:
        return all(
            run.states[number].get(of.name, here) == here
            for of, here in zip(network.actors, state, strict=True)
            if not (of.is_unknown and run.states[0].get(of.name, of.initial[0]) not in of.initial)
        )

    here = {state for state in product.initial_states(network) if fits(state, 0)}
    if not here:
        return None
    for number, step in enumerate(run.steps):
        here = {
            after
            for state in here
            for taken, after in product.successors(network, state)
            if taken.name == step.event and fits(after, number + 1)
        }
        if not here:
            return number
    return len(run.steps)


@settings(max_examples=60, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_the_step_is_the_first_that_the_original_does_not_make(data: st.DataObject) -> None:
    model = data.draw(models(), "model")
    try:
        changed = applied(model, [change(data.draw(edits(model), "edits"))])
    except ModelError:
        return
    chance = random.Random(data.draw(st.integers(0, 2**32), "seed"))
    original, other = expand(model), expand(changed)
    for _ in range(5):
        run = a_run(other, chance)
        told = first_refusal(original, run)
        assert told.step == followed(original, run)
        if told.step is None:
            event("begins nowhere")
            assert told.why
        elif told.step == len(run.steps):
            event("makes all of it")
            assert (told.event, told.why, told.instead) == ("", (), None)
        else:
            event("refuses a step")
            assert told.event == run.steps[told.step].event
            assert bool(told.why) != bool(told.instead)
            for name, (wanted, here) in (told.instead or {}).items():
                assert run.states[told.step + 1][name] == wanted != here


@settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
@given(models(), st.randoms(use_true_random=False))
def test_a_design_makes_every_step_of_its_own_runs(model: Model, chance: random.Random) -> None:
    network = expand(model)
    run = a_run(network, chance)
    assert first_refusal(network, run).step == len(run.steps)


def run_of(changed: Model, *events: str, **environment: str) -> Run:
    """The run of the changed design by these events, in this environment."""
    network = expand(changed.pinned(environment))
    (state,) = product.initial_states(network)
    states = [state]
    for name in events:
        states += product.outcomes(network, network.event[name], states[-1])
    return replayed(network, states, events)


def test_what_would_have_to_hold_is_said() -> None:
    lax = applied(DOOR, [change(entry("alter.transition", actor="porter", event="let_in", when="true"))])
    run = run_of(lax, "ask_with_bad_key", "let_in", key="bad", weather="dry")
    told = first_refusal(expand(DOOR), run)
    assert (told.step, told.event, told.why) == (1, "let_in", ("request.shown is good", "porter_checks is lax"))


def test_what_happens_instead_is_said() -> None:
    lost = applied(DOOR, [change(entry("alter.transition", actor="visitor", event="turn_away", to="inside"))])
    run = run_of(lost, "ask_with_bad_key", "turn_away", key="bad", weather="dry")
    told = first_refusal(expand(DOOR), run)
    assert (told.step, told.event, told.why, told.instead) == (1, "turn_away", (), {"visitor": ("inside", "outside")})


def test_an_event_that_is_not_there_is_said() -> None:
    new = applied(
        DOOR, [change(entry("add.transition", actor="visitor", event="break_in", from_="outside", to="inside"))]
    )
    told = first_refusal(expand(DOOR), run_of(new, "break_in", key="bad", weather="dry"))
    assert (told.step, told.event, told.why) == (0, "break_in", ("there is no such event",))


def test_a_state_that_an_actor_is_not_in_is_said() -> None:
    early = applied(DOOR, [change(entry("alter.transition", actor="visitor", event="leave", leaves="outside"))])
    told = first_refusal(expand(DOOR), run_of(early, "leave", key="bad", weather="dry"))
    assert (told.step, told.why) == (0, ("visitor is inside",))


def test_where_it_begins_otherwise_is_said() -> None:
    awake = applied(DOOR, [change(entry("alter.actor", name="bell", initial="ringing"))])
    told = first_refusal(expand(DOOR), run_of(awake, "fall_silent", key="bad", weather="dry"))
    assert (told.step, told.event, told.why) == (None, "", ("bell is ringing",))


def test_of_an_actor_that_the_run_lacks_any_choice_will_do() -> None:
    """The original has a bell that may ring or not; the run, of a design without one, is followed either way."""
    quiet = applied(DOOR, [change(entry("remove.actor", name="bell"), entry("remove.actor", name="weather"))])
    hears = {"actor": "bell", "event": "ask_with_good_key", "sends": False, "from_": "silent", "choice": True}
    rings = applied(DOOR, [change(
        entry("add.transition", **hears, to="silent"),
        entry("add.transition", **hears, to="ringing"),
        entry("add.transition", actor="bell", event="let_in", sends=False, from_="ringing", to="silent"),
        entry("alter.actor", name="bell", holds_up_too="ask_with_good_key let_in"),
    )])  # fmt: skip
    run = run_of(quiet, "ask_with_good_key", "let_in", key="good")
    assert first_refusal(expand(rings), run).step == 2
