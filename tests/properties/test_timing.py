"""Stopwatches and bounds: what they count, what they ask for, and which scenarios cannot tell."""

from __future__ import annotations

from dataclasses import replace

import library
import pytest
from ccmproof.model.kernel.actor import ANY, STAY, recv
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import broken
from ccmproof.properties.suite import SUITE
from ccmproof.properties.timing import Bound, Duration, Stopwatch, in_minutes

WATCH = Stopwatch("watch", ("go",), reaches=20, when="x is on", stops=("halt",), stops_when="x is off", doc="Watches")


def test_a_stopwatch_is_an_observer_with_a_row_for_each_tick() -> None:
    made = WATCH.observer(10)
    assert (made.states, made.initial, made.observer) == (("off", "0", "1", "2", "over"), ("off",), True)
    assert made.rows == (
        recv("go", "off", "0", "x is on"),
        recv("halt", ("0", "1", "2", "over"), "off", "x is off"),
        recv("tick", "0", "1"),
        recv("tick", "1", "2"),
        recv("tick", "2", "over"),
        recv("tick", "over", STAY),
    )


def test_a_stopwatch_that_restarts_is_set_back_wherever_it_is() -> None:
    assert replace(WATCH, restarts=True).observer(10).rows[0].source == (ANY,)


def test_readings_reach_as_far_as_is_asked_and_no_further() -> None:
    assert WATCH.readings(20) == ("0", "1", "over")
    assert WATCH.readings(15) == ("0", "1", "over")
    assert WATCH.readings(5) == ("0", "1", "2", "3", "4", "over")


def test_bounds_are_closed() -> None:
    assert Bound(WATCH, 10, 10).keeps(10) == "watch in {off, 0, 1}"
    assert Bound(WATCH, 10, 10, least=True).keeps(10) == "watch in {off, 1, 2, over}"
    assert Bound(WATCH, 0, 10).keeps(10) == "watch in {off, 0}"


@pytest.mark.parametrize(
    ("bound", "scenario", "why"),
    [
        (Bound(WATCH, 20, 20), Scenario("s", "", 10, closed=True), ""),
        (Bound(WATCH, 20, 20, least=True), Scenario("s", "", 10), ""),
        (
            Bound(WATCH, 20, 20),
            Scenario("s", "", None, closed=True),
            "it needs a tick that divides 20 min, and s has time only as the order of events",
        ),
        (
            Bound(WATCH, 24, 20),
            Scenario("s", "", 8, closed=True),
            "it needs a tick that divides 20 min, and s has ticks of 8 min",
        ),
        (
            Bound(WATCH, 70, 20),
            Scenario("s", "", 20, closed=True),
            "1 h 10 min are no whole number of the ticks of 20 min that s has",
        ),
        (Bound(WATCH, 20, 20), Scenario("s", "", 10), "the longest time needs closed lives, unlike s"),
        (
            Bound(WATCH, 20, 20, least=True),
            Scenario("s", "", 10, closed=True),
            "the least time needs open lives, unlike s",
        ),
    ],
)
def test_which_scenarios_can_tell(bound: Bound, scenario: Scenario, why: str) -> None:
    assert bound.obstacle(scenario) == why


def test_a_duration_that_a_tick_does_not_divide_is_widened_outward() -> None:
    entra = Duration("token", "token", 60, 90)
    assert [entra.widened(tick) for tick in (10, 30)] == ["", ""]
    assert entra.widened(60) == "the token of 60 to 90 min counts as 60 to 120 min"
    assert entra.widened(50) == "the token of 60 to 90 min counts as 50 to 100 min"
    assert Duration("lease", "lease", 30, 30).widened(20) == "the lease of 30 min counts as 20 to 40 min"


def test_minutes_are_said_as_people_say_them() -> None:
    assert [in_minutes(n) for n in (0, 45, 60, 570)] == ["0 min", "45 min", "1 h", "9 h 30 min"]


def test_a_claim_in_time_is_read_for_a_scenario() -> None:
    prop = library.at_most(30)
    read = prop.at(library.TENS)
    assert (prop.kind, read.kind) == ("T", "T")
    assert read.then == "since_closed in {off, 0, 1, 2, 3}"
    assert read.attempt == "since_closed is not off"
    assert [each.name for each in read.observers] == ["since_closed"]
    assert read.at(library.TENS) == read
    attempted = replace(prop, attempt="lease is live").at(library.TENS).attempt
    assert attempted == "(lease is live) and since_closed is not off"


def test_a_claim_in_time_that_was_read_for_no_scenario_says_nothing() -> None:
    network = expand(library.build(library.TENS))
    with pytest.raises(ModelError, match="T-01 is about time: it must be read for a scenario"):
        broken(library.at_most(30), network)


def test_where_a_scenario_cannot_tell_another_is_named() -> None:
    untold = library.at_most(30).at(library.OPEN_TENS).untold
    assert untold == "the longest time needs closed lives, unlike open-tens; try --scenario tens"


def test_a_claim_without_a_bound_is_the_same_in_every_scenario() -> None:
    plain = next(prop for prop in SUITE if prop.bound is None)
    assert plain.at(library.ORDER) is plain
