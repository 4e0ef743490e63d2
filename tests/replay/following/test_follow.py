"""The follower's sets are those of the reference semantics, and the truth is always among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from brute import Seen as Whole
from ccmproof.harness.replay.following.asked import Asked, asked
from ccmproof.harness.replay.following.follow import Follower, Way, ended, followed
from ccmproof.harness.replay.following.ground import CALM_SCENARIO, Ground, TooLarge
from ccmproof.harness.replay.following.ground import ground as scenario_ground
from ccmproof.harness.replay.following.silence import heard, silent
from ccmproof.harness.replay.following.trail import Fit
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen
from ccmproof.model.kernel import product
from ccmproof.model.kernel.network import Network, State
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import models, networks

from . import followed as reference


@dataclass(frozen=True)
class Told:
    """A run, which of its events leave a line, and the lines: each stands for the true event and perhaps for others."""

    network: Network
    silent: frozenset[str]
    observed: list[reference.Observation]
    truth: list[State]
    """The state just after each line."""


@st.composite
def told(draw: st.DrawFn) -> Told:
    network = draw(networks() | models())
    beginnings = list(product.initial_states(network))
    assume(beginnings)
    chance = draw(st.randoms(use_true_random=False))
    names = [event.name for event in network.events]
    quiet = frozenset(draw(st.lists(st.sampled_from(names), unique=True))) if names else frozenset()
    state = chance.choice(beginnings)
    observed: list[reference.Observation] = []
    truth: list[State] = []
    for _ in range(draw(st.integers(0, 8))):
        steps = list(product.successors(network, state))
        if not steps:
            break
        happening, after = chance.choice(steps)
        event = happening.name
        if event not in quiet:
            others = tuple(each for each in names if each != event and chance.random() < 0.3)
            events = (event, *others)
            if chance.random() < 0.2:
                name = chance.choice(network.actors).name
                holds = f"{name} is {state[network.position[name]]}"
            else:
                holds = ""
            observed.append((events, holds))
            truth.append(after)
        state = after
    return Told(network, quiet, observed, truth)


def after_of(ground: Ground, whole: Whole) -> dict[str, int]:
    """The states just after each event, of everything that is reached, as sets of the ground."""
    found = {}
    for event in ground.network.events:
        states = {
            after
            for state in whole.states
            for after in product.outcomes(ground.network, ground.network.event[event.name], state)
        }
        encoded = [ground.layout.encoded(state) for state in states]
        found[event.name] = ground.union(ground.store.single(each) for each in encoded if each is not None)
    return found


@given(told())
def test_the_sets_are_those_of_the_reference_and_the_truth_is_in_them(run: Told) -> None:
    ground = Ground(run.network)
    whole = Whole(run.network)
    follower = Follower(ground, run.silent, after_of(ground, whole).__getitem__, from_start=True)
    expected = reference.followed(run.network, run.silent, run.observed)
    ways = follower.first
    for line, states, truth in zip(asked(reference.lines(run.observed)), expected, run.truth, strict=True):
        assert truth in states
        before, ways = ways[0], follower.read(ways, line)
        exact = [way for way in ways if way.cost == 0]
        if line.repeats:  # what an earlier line may have said already need not have happened again
            assert any(reference.members(ground, way.states or 0, [truth]) for way in exact)
            ways = [Way(_node(ground, states), before.shadow)]
        else:
            assert [way.states for way in exact] == [_node(ground, states)]


def _node(ground: Ground, states: set[State]) -> int:
    encoded = [ground.layout.encoded(state) for state in states]
    return ground.union(ground.store.single(each) for each in encoded if each is not None)


@given(told(), st.data())
def test_a_log_that_begins_in_the_middle_and_lacks_lines_still_has_the_truth(run: Told, data: st.DataObject) -> None:
    ground = Ground(run.network)
    whole = Whole(run.network)
    first = data.draw(st.integers(0, max(len(run.observed) - 1, 0)))
    follower = Follower(ground, run.silent, after_of(ground, whole).__getitem__)
    seen = reference.lines(run.observed)[first:]
    ways, lines = follower.first, asked(seen)
    for line, truth in zip(lines, run.truth[first:], strict=True):
        ways = follower.read(ways, line)
        assert ways[0].cost == 0
        assert reference.members(ground, ways[0].states or 0, [truth])
    result = followed(follower, lines)
    if seen:
        there = {of.name: run.truth[-1][run.network.position[of.name]] for of in run.network.unknowns}
        assert there in ground.environments(result.possible)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(told(), st.data())
def test_what_cannot_have_happened_is_never_taken_for_a_step(run: Told, data: st.DataObject) -> None:
    assume(run.observed)
    assume(len({frozenset(events) for events, _ in run.observed}) == len(run.observed))  # nothing is said again
    ground = Ground(run.network)
    follower = Follower(ground, run.silent, after_of(ground, Whole(run.network)).__getitem__, from_start=True)
    odd = data.draw(st.permutations(run.observed))
    expected = reference.followed(run.network, run.silent, odd)
    result = followed(follower, asked(reference.lines(odd)))
    assert (result.cost == 0) is all(expected)


def _read_as(line: Asked, pattern: Pattern) -> Asked:
    return replace(line, seen=replace(line.seen, pattern=pattern))


@given(told(), st.data())
def test_a_line_of_which_it_is_open_who_wrote_it_is_read_as_each_of_them(run: Told, data: st.DataObject) -> None:
    assume(run.observed)
    ground = Ground(run.network)
    follower = Follower(ground, run.silent, after_of(ground, Whole(run.network)).__getitem__, from_start=True)
    seen = reference.lines(run.observed)
    ways = follower.first
    for number, (line, truth) in enumerate(zip(asked(seen), run.truth, strict=True)):
        other = data.draw(st.sampled_from(seen)).pattern
        readings = data.draw(st.permutations([line.seen.pattern, other]))
        joint = Pattern(f"joint{number}", "", readings=tuple(readings))
        apart = [
            each
            for one in readings
            for each in follower.read(ways, replace(line, seen=replace(line.seen, pattern=one)))
        ]
        ways = follower.read(ways, replace(line, seen=replace(line.seen, pattern=joint)))
        for way in ways:
            states = ground.union(each.states for each in apart if each.cost == way.cost and each.states)
            assert (way.states or 0) in (0, states)
        assert any(reference.members(ground, way.states or 0, [truth]) for way in ways if way.cost == 0)
        assert all(placed.seen.pattern is joint for placed, _ in ways[0].point.steps) if ways[0].point else False


def test_a_line_that_is_written_twice_deviates_from_nothing() -> None:
    network = _ladder()
    twice = [Seen(Line("a.log", i + 1, "a", "up"), Pattern("up", "", (), ("up1",))) for i in range(2)]
    result = followed(_from_start(network), asked(twice))
    assert [each.fit for each in result.placed] == [Fit.STEP, Fit.AGAIN]
    assert result.cost == 0


@given(told(), st.booleans())
def test_what_is_kept_in_mind_of_lines_changes_nothing(run: Told, from_start: bool) -> None:
    ground = Ground(run.network)
    after = after_of(ground, Whole(run.network)).__getitem__
    lines = reference.lines(run.observed)
    often = [replace(each, line=replace(each.line, number=i)) for i, each in enumerate(3 * lines)]
    mindful, forgetful = (Follower(ground, run.silent, after, from_start) for _ in range(2))
    ways = others = mindful.first
    for each in asked(often):
        ways = mindful.read(ways, each)
        forgetful._taken.clear()
        forgetful._moves.clear()
        others = forgetful.read(others, each)
    assert ways == others
    assert ended(mindful, ways).placed == ended(forgetful, others).placed


def test_one_pattern_may_say_several_things() -> None:
    """By what single words of a message say besides."""
    follower, line = _from_start(_ladder()), _line(1, "up1")
    first = follower.ground.initial
    assert follower._moved(first, replace(line.pattern, holds="m is s0"), "")[1] == ("up1",)
    assert follower._moved(first, replace(line.pattern, holds="m is s3"), "")[1] == ()


def test_a_missing_line_costs_and_is_bridged() -> None:
    network = _ladder()
    follower = _from_start(network)
    result = followed(follower, asked([_line(1, "up3")]))
    assert [each.fit for each in result.placed] == [Fit.GAP]
    assert follower.ground.states(result.states or 0)["m"] == ("s3",)


def test_a_line_about_something_else_is_passed_over() -> None:
    network = _ladder()
    odd = Seen(Line("a.log", 2, "a", "down"), Pattern("down", "", (), ("never",), elsewhere=True))
    result = followed(_from_start(network), asked([_line(1, "up1"), odd, _line(3, "up2")]))
    assert [each.fit for each in result.placed] == [Fit.STEP, Fit.ELSEWHERE, Fit.STEP]


def test_what_is_too_much_is_said_and_not_guessed() -> None:
    ground = scenario_ground(CALM_SCENARIO)
    everything = frozenset(event.name for event in ground.network.events)
    ground.most = 1
    with pytest.raises(TooLarge):
        ground.closed(ground.initial, everything)
    follower = Follower(ground, everything, lambda event: ground.allowed, from_start=True)
    result = followed(follower, asked([_line(1, "ccmsetup_caches_ccm_token")]))
    assert result.cut == 1
    assert result.cost == 0


@given(told())
def test_what_is_found_out_roughly_has_all_that_is_so(run: Told) -> None:
    ground = Ground(run.network)
    follower = Follower(
        ground, run.silent, after_of(ground, Whole(run.network)).__getitem__, from_start=True, budget=-1
    )
    states = set(product.initial_states(run.network))
    closed = reference.closed(run.network, states, run.silent)
    assert reference.members(ground, ground.spread(ground.initial, run.silent), closed) == {
        state for state in closed if ground.layout.encoded(state) is not None
    }
    ground.most = -1  # every closure is too much
    ways = follower.first
    for line, truth in zip(asked(reference.lines(run.observed)), run.truth, strict=True):
        ways = follower.read(ways, line)
        assert any(reference.members(ground, way.states or 0, [truth]) for way in ways if way.cost == 0)
    assert bool(follower.cut) is any(events for events, _ in run.observed)


def test_what_is_found_out_roughly_of_one_part_is_exact() -> None:
    follower = _from_start(_ladder())
    ground, first = follower.ground, follower.ground.initial
    for quiet in map(frozenset, (["up1"], ["up1", "up2"], ["up2"], ["never"], [])):
        assert ground.spread(first, quiet) == ground.closed(first, quiet)


def test_what_is_over_for_good_is_so_roughly_too() -> None:
    ground = scenario_ground(CALM_SCENARIO)
    everything = frozenset(event.name for event in ground.network.events)
    there = ground.store.intersection(
        ground.allowed, ground.says("ccmsetup is installed and registration is registered")
    )
    spread = ground.states(ground.spread(there, everything))
    assert spread["ccmsetup"] == ("installed",)
    assert len(spread["messaging"]) > 1
    begun = ground.states(ground.spread(ground.initial, everything))
    assert "installed" in begun["ccmsetup"] and "registered" in begun["registration"]


def test_what_not_even_that_leads_to_is_followed_on_from_wherever_it_is() -> None:
    follower = replace(_from_start(_ladder()), budget=-1)
    follower.ground.most = -1
    result = followed(follower, asked([_line(1, "up1"), _line(2, "up3")]))
    assert [each.fit for each in result.placed] == [Fit.STEP, Fit.STEP]
    assert follower.ground.states(result.states or 0)["m"] == ("s3",)


def test_an_event_is_heard_only_where_every_log_that_always_has_it_is_there() -> None:
    patterns = [
        Pattern("1", "", ("ccmsetup",), ("a", "b"), always=True),
        Pattern("2", "", ("CcmMessaging",), ("b",), always=True),
        Pattern("3", "", ("ccmsetup",), ("c",)),
        Pattern("4", "", ("ccmsetup",), ("d",), always=True, workflow="PKI"),
    ]
    assert heard(patterns, frozenset({"ccmsetup"})) == {"a"}
    assert heard(patterns, frozenset({"ccmsetup", "CcmMessaging"})) == {"a", "b"}
    assert silent(_ladder(), patterns, frozenset()) == {"up1", "up2", "up3", "never"}


def _line(number: int, event: str) -> Seen:
    return Seen(Line("a.log", number, "a", event), Pattern(event, "", (), (event,)))


def _ladder() -> Network:
    """A ladder of four rungs; nothing ever comes down."""
    from ccmproof.model.kernel.condition import FALSE, TRUE
    from ccmproof.model.kernel.network import Actor, Event, Transition

    rows = [Transition(f"up{i}", frozenset({f"s{i - 1}"}), f"s{i}") for i in (1, 2, 3)]
    never = Transition("never", frozenset({"s0"}), "s0", FALSE)
    names = ("up1", "up2", "up3", "never")
    mover = Actor("m", ("s0", "s1", "s2", "s3"), ("s0",), (*rows, never))
    other = Actor("u", ("yes", "no"), ("yes", "no"))
    return Network("ladder", (mover, other), tuple(Event(name, "m", ("m",), TRUE) for name in names))


def _from_start(network: Network) -> Follower:
    ground = Ground(network)
    after = after_of(ground, Whole(network))
    return Follower(ground, frozenset(), after.__getitem__, from_start=True)
