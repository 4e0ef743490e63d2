"""Computed bounds: against a search that counts ticks itself, on random networks; verdicts and reports on one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

import jsonschema
import pytest
from ccmproof.harness.bounds import Bounds
from ccmproof.harness.checker import check
from ccmproof.harness.engines import ENGINES, Limit, explore
from ccmproof.harness.explain import explain
from ccmproof.harness.judge import Asked
from ccmproof.harness.render import json as as_json
from ccmproof.harness.render import junit
from ccmproof.harness.render.text import render
from ccmproof.harness.report import Computed, Judgement, gather
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import Clock, actor, put, send, unknown
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict, broken
from ccmproof.properties.timing import OVER, Bound, Stopwatch
from hypothesis import given, settings
from hypothesis import strategies as st
from library import OPEN_TENS, ORDER, TENS, at_least, at_most, build

TICK, TOLD_APART = 5, 4


@st.composite
def timed(draw: st.DrawFn) -> tuple[Model, Property]:
    """A walker who takes a lease by `a`, uses it by `b` and wanders by `c`, more or less; and a bound, often wrong.

    Where he stands time may have to wait. All is drawn evenly, from one seed: what hypothesis draws by itself is small
    and regular, and every answer was then "none" or "at once".
    """
    chance = draw(st.randoms(use_true_random=True))
    places = [f"at{i}" for i in range(chance.randint(2, 6))]
    lives = ["left_1", "left_2", "left_3"]
    lease = Clock(("dead", *lives), dict(zip(lives, ["dead", *lives], strict=False)), {"live": tuple(lives)}, ("dead",))
    aged = ["lease is live", "lease is live", "lease is left_1", "lease is left_2", "lease is dead"]
    whens = {"a": ["", "way is dry", "lease is dead"], "b": aged, "c": ["", *aged]}
    onward, renews = chance.random() < 0.7, {"a": 0.9, "b": 0.05, "c": 0.1}
    rows = []
    for number, place in [(0, places[0]), *(each for each in enumerate(places) for _ in range(2))]:
        event, dest = chance.choice("abbcc") if rows else "a", chance.choice(places[number:] if onward else places)
        effect = put("lease", chance.choice(lives)) if chance.random() < renews[event] else ()
        rows.append(send(event, place, dest, chance.choice(whens[event]), effect))
    waits = f"walker is not {chance.choice(places)}" if chance.random() < 0.4 else ""
    world = actor("world", host="h", states="on", rows=[send("tick", "on", "on", waits)])
    way = unknown("way", "dry wet", host="h")
    walker = actor("walker", host="h", states=places, rows=rows)
    model = Model.of("timed", lease.field("lease", "h"), way, walker, world)
    there = {row.event for row in rows}
    watch = Stopwatch(
        "watch", ("a",), reaches=TOLD_APART * TICK + chance.randint(0, TICK - 1), when=chance.choice(["", "", *aged]),
        stops=tuple(there & {"c"}) if chance.random() < 0.3 else (), stops_when=chance.choice(["", "lease is live"]),
        restarts=chance.random() < 0.7,
    )  # fmt: skip
    bound = Bound(watch, chance.randint(0, TOLD_APART) * TICK, TICK, least=chance.random() < 0.5)
    on = "b" if "b" in there and chance.random() < 0.8 else "a"
    return model, Property("T", "", "", "", on=(on,), when=chance.choice(["", "", *aged]), bound=bound)


def counted(network: Network, prop: Property) -> Iterator[int]:
    """How many ticks lie between the start and the events of the property, by a search that counts them itself."""
    assert prop.bound is not None
    watch = prop.bound.stopwatch
    begins, ends, when = (network.condition(text or "true") for text in (watch.when, watch.stops_when, prop.when))
    todo: list[tuple[tuple[str, ...], int | None]] = [(state, None) for state in product.initial_states(network)]
    seen = set(todo)
    while todo:
        state, ticks = todo.pop()
        for event, after in product.successors(network, state):
            if event.name in prop.on and ticks is not None and product.holds(network, when, state):
                yield ticks
            later = ticks
            if event.name in watch.starts and product.holds(network, begins, state):
                later = 0 if ticks is None or watch.restarts else ticks
            elif event.name in watch.stops and product.holds(network, ends, state):
                later = None
            elif event.name == "tick" and ticks is not None:
                later = min(ticks + 1, TOLD_APART + 1)
            if (after, later) not in seen:
                seen.add((after, later))
                todo.append((after, later))


@settings(max_examples=400, deadline=None)
@given(timed(), st.sampled_from(sorted(set(ENGINES) - {"numba", "oxidd"})))
def test_the_computed_bound_is_what_counting_finds(drawn: tuple[Model, Property], engine: str) -> None:
    model, prop = drawn
    assert prop.bound is not None
    found = sorted(set(counted(expand(model), prop)))
    expected = "" if not found else found[0] if prop.bound.least else found[-1]
    scenario = Scenario("s", "", TICK, closed=not prop.bound.least)
    read = prop.at(scenario)
    network = expand(model.extended(read.observers))
    explored = explore(network, engine=engine)
    computed, states = Bounds([Asked.of(read, network)], explored, TICK).found["T"]
    assert computed.reading == (OVER if expected == TOLD_APART + 1 else str(expected))
    assert states.found == bool(found)
    within = prop.bound.minutes // TICK
    breaks = any(ticks < within if prop.bound.least else ticks > within for ticks in found)
    assert explored.where(broken(read, network)).found == breaks


def judged(scenario: Scenario, prop: Property, **asked: str) -> Judgement:
    return check(scenario, [prop], asked, build=build, reach=False).judgements[0]


def test_a_bound_is_closed_and_a_tick_less_fails() -> None:
    assert judged(TENS, at_most(30)).verdict is Verdict.HOLDS
    assert judged(TENS, at_most(20)).verdict is Verdict.FAILS
    assert judged(OPEN_TENS, at_least(30)).verdict is Verdict.HOLDS
    assert judged(OPEN_TENS, at_least(40)).verdict is Verdict.FAILS


@pytest.mark.parametrize("tick", [1, 2, 3, 5, 6, 10, 15, 30])
def test_the_bound_is_the_same_at_every_tick_that_divides_what_it_rests_on(tick: int) -> None:
    longest = judged(Scenario("s", "", tick, closed=True), at_most(30)).bound
    assert longest is not None
    assert longest.minutes == 30
    least = judged(Scenario("s", "", tick), at_least(30)).bound
    assert least is not None
    assert least.minutes == 30


@pytest.mark.parametrize(
    "scenario", [ORDER, OPEN_TENS, Scenario("s", "", 20, closed=True), Scenario("s", "", 7, closed=True)]
)
def test_a_scenario_that_cannot_tell_is_never_a_pass(scenario: Scenario) -> None:
    report = check(scenario, [at_most(30)], build=build)
    judgement = report.judgements[0]
    assert judgement.verdict is Verdict.UNDETERMINED
    assert judgement.note == at_most(30).at(scenario).untold != ""
    assert (judgement.bound, judgement.failing, judgement.counterexample) == (None, None, None)
    assert int(gather([report], together=False).exit) == 3


def test_a_search_that_was_cut_short_computes_no_bound() -> None:
    report = check(TENS, [at_most(30)], build=build, engine="reference", limit=Limit(nodes=3))
    assert not report.complete
    assert (report.judgements[0].verdict, report.judgements[0].bound) == (Verdict.UNDETERMINED, None)


def test_a_stopwatch_that_runs_over_means_that_there_is_no_bound() -> None:
    judgement = judged(TENS, at_most(30), lends_by_night="*")
    assert judgement.verdict is Verdict.FAILS
    assert judgement.as_expected
    assert judgement.bound == Computed(OVER, 10, 1, Computed("3", 10, 1))
    assert (judgement.bound.minutes, judgement.bound.beyond) == (None, True)
    assert [str(cause) for cause in judgement.causes or ()] == ["lends_by_night is yes"]


def test_what_never_happens_has_no_bound_and_is_vacuous_only_where_the_stopwatch_never_runs() -> None:
    never = Property("T-03", "Time", "", "D1", on=("lend",), bound=Bound(at_most(30).bound.stopwatch, 0, 30))  # type: ignore[union-attr]
    judgement = judged(TENS, never)
    assert (judgement.verdict, judgement.bound) == (Verdict.HOLDS, Computed("", 10, 0))
    asleep = Stopwatch("asleep", ("lend_by_night",), 60)
    vacuous = judged(TENS, Property("T-04", "Time", "", "D1", on=("read",), bound=Bound(asleep, 30, 30)))
    assert vacuous.verdict is Verdict.VACUOUS


def test_a_widened_duration_is_said_with_the_verdict() -> None:
    judgement = judged(Scenario("s", "", 20, closed=True), at_most(40, grain=20))
    assert judgement.verdict is Verdict.HOLDS
    assert judgement.note == "the lease of 30 min counts as 20 to 40 min"
    assert judgement.bound == Computed("2", 20, 1)


def test_the_run_that_attains_a_bound_is_shown_where_it_is_asked_for_or_the_claim_fails() -> None:
    assert check(TENS, [at_most(30)], build=build).judgements[0].counterexample is None
    shown = check(TENS, [at_most(30)], build=build, kept_bounds=True).judgements[0].counterexample
    assert shown is not None
    assert [step.event for step in shown.run.steps] == ["lend", "close", "tick", "tick", "tick", "read"]
    broken_at = judged(TENS, at_most(10)).counterexample
    assert broken_at is not None
    assert broken_at.run.steps == shown.run.steps  # the longest, not the first that is too long


def test_a_claim_that_fails_where_it_should_hold_is_shown_there() -> None:
    judgement = judged(TENS, at_most(20), lends_by_night="*")
    assert judgement.surprising
    assert judgement.bound == Computed(OVER, 10, 1, Computed("3", 10, 1))
    shown = judgement.counterexample
    assert shown is not None
    assert shown.run.environment["lends_by_night"] == "no"
    assert shown.run.states[shown.judged]["since_closed"] == "3"


def test_what_two_claims_watch_is_watched_once() -> None:
    report = check(TENS, [at_most(30), Property("T-05", "Time", "", "D1", on=("turn_away",),
                                                bound=Bound(at_most(30).bound.stopwatch, 60, 30))], build=build)  # type: ignore[union-attr]  # fmt: skip
    assert report.size.actors == len(build(TENS).actors) + 1


def test_the_page_has_a_table_of_bounds_and_the_run() -> None:
    report = check(TENS, [at_most(30)], {"lends_by_night": "*"}, build=build, kept_bounds=True)
    lines = [line.rstrip() for line in render(gather([report], together=False)).splitlines()]
    table = lines.index(" bound on time  claimed                 computed         attained")
    assert lines[table + 1 : table + 4] == [
        " T-01           at most 30 min          none up to 1 h   in 1 environment (50 %)",
        "                where lends_by_night    30 min ± 10 min  in 1 environment (50 %)",
        "                is no",
    ]
    assert "   more than 1 h, attained in 1 environment (50 %), this one: lends_by_night" in lines
    assert "   at step 10 the stopwatch shows more than 1 h" in lines


def test_the_bound_where_it_is_promised_is_told_too() -> None:
    outcome = gather([check(TENS, [at_most(30)], {"lends_by_night": "*"}, build=build)], together=False)
    (bound,) = (each["bound"] for each in json.loads(as_json.render(outcome))["reports"][0]["properties"])
    assert (bound["computed"]["beyond_minutes"], bound["promised"]["minutes"]) == (60, 30)
    said = "claimed: at most 30 min; computed: none up to 1 h; 30 min ± 10 min where lends_by_night is no"
    assert said in junit.render(outcome)


def test_json_and_junit_say_the_bound() -> None:
    outcome = gather([check(TENS, [at_most(30)], build=build)], together=False)
    data = json.loads(as_json.render(outcome))
    schema = json.loads(files("ccmproof.harness").joinpath("schema/report-1.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, schema)
    assert data["reports"][0]["properties"][0]["bound"] == {
        "stopwatch": "since_closed",
        "at_least": False,
        "claimed_minutes": 30,
        "computed": {"minutes": 30, "tick_minutes": 10, "beyond_minutes": None, "environments": 1},
        "promised": None,
    }
    assert "claimed: at most 30 min; computed: 30 min ± 10 min" in junit.render(outcome)


def test_explain_says_when_a_bound_fails_and_refuses_where_it_cannot_be_told() -> None:
    found = explain(TENS, at_most(30), {"lends_by_night": "*"}, build=build)
    assert [str(each.cause) for each in found.reasons] == ["lends_by_night is yes"]
    with pytest.raises(ModelError, match="T-01 cannot be told in open-tens: the longest time needs closed lives"):
        explain(OPEN_TENS, at_most(30), build=build)
