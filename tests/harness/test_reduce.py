"""What is left out of a network before it is explored: only what cannot be reached."""

from __future__ import annotations

from ccmproof.harness.engines import reference
from ccmproof.harness.engines.reduce import reduce
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.network import Actor, Event, Network, Transition
from closed_forms import row
from hypothesis import given, settings
from strategies import models, networks


@settings(max_examples=60, deadline=None)
@given(network=networks() | models())
def test_the_reduction_leaves_out_only_what_is_never_reached(network: Network) -> None:
    reduced, judge = reduce(network), reference.explore(network)
    for actor in network.actors:
        assert set(judge.entered[actor.name]) <= set(reduced.states[actor.name])
    assert set(judge.fired) <= set(reduced.rows)


def test_the_reduction_makes_constants_of_what_is_switched_off() -> None:
    switch = Actor("switch", ("off", "on"), ("off",))
    rows = (Transition("harm", frozenset({"calm"}), "harmed", at("switch").is_("on")), row("rest", "harmed", "calm"))
    victim = Actor("victim", ("calm", "harmed"), ("calm",), rows)
    events = (Event("harm", "victim", ("victim",)), Event("rest", "victim", ("victim",)))
    reduced = reduce(Network("switched", (switch, victim), events))
    assert reduced.states == {"switch": ("off",), "victim": ("calm",)}
    assert reduced.rows == {}
