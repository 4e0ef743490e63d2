"""Must: where a goal is inevitable, against every environment by itself and the components of the product graph."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import networkx as nx
import pytest
from ccmproof.harness.counterexample import EngineError, without_end
from ccmproof.harness.engines import ENGINES, Limit, explore, graph
from ccmproof.harness.engines.components import Group, fair_nodes
from ccmproof.harness.explain import Explanation, Wanted, explain
from ccmproof.harness.must import Must, evasion, missing, must
from ccmproof.harness.promises import Owed, Promises
from ccmproof.harness.render.explain import json_of_explanation, text_of_explanation
from ccmproof.harness.render.must import fairness_in_words
from ccmproof.harness.report import Exit
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import actor, send, unknown
from ccmproof.model.kernel.condition import TRUE, Condition, at
from ccmproof.model.kernel.definition import Assumption, Model
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.fairness import Fairness, of_events
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Promise, Property
from demo import SCENARIOS, SUITE
from demo import build as demo
from fairness_models import NOT_SERVED, RESTLESS, SERVE_IN_THE_HALL, VISITOR
from hypothesis import given, settings
from hypothesis import strategies as st
from lassos import fault, may_happen
from strategies import conditions, fairness, networks, wanderers

MANY, SOME = (settings(max_examples=number, deadline=None) for number in (100, 40))
Drawn = tuple[Network, list[Fairness], Condition]
Values = tuple[str, ...]
"""An environment: the values of the unknowns."""


class Parts(NamedTuple):
    """The environments of each kind."""

    inevitable: set[Values]
    possible: set[Values]
    cannot: set[Values]


def brute_force(network: Network, groups: Sequence[Fairness], goal: Condition) -> Parts:
    """Each environment by itself: which of its beginnings come to the goal, which can fairly stay away for ever."""
    judge: nx.MultiDiGraph = graph.explore(network).graph
    goals = {state for state in judge if product.holds(network, goal, state)}
    there = goals.union(*(nx.ancestors(judge, state) for state in goals))
    restless = [
        Group(frozenset(g.events), frozenset(s for s in judge if may_happen(network, g, s)), g.strong) for g in groups
    ]
    never = fair_nodes(judge, frozenset(judge) - goals, restless)
    found = Parts(set(), set(), set())
    begins: dict[Values, list[State]] = {}
    for state, initial in judge.nodes(data="initial"):
        if initial:
            begins.setdefault(tuple(state[network.position[a.name]] for a in network.unknowns), []).append(state)
    for environment, states in begins.items():
        can, stays_away = any(s in there for s in states), any(s in never for s in states)
        (found.cannot if not can else found.possible if stays_away else found.inevitable).add(environment)
    return found


def listed(environments: Environments) -> set[Values]:
    return {tuple(each.values()) for each in environments}


def asked(engine: str, network: Network, groups: Sequence[Fairness], goal: Condition) -> tuple[Must, Parts]:
    explored = explore(network, engine=engine)
    promises = Promises(explored, groups)
    beginnings, why = missing(goal, promises)
    assert beginnings is not None and why == ""
    found = must(goal, promises, beginnings)
    cannot = explored.environments - explored.environments_of(explored.where(goal))
    total = explored.environments.count
    assert found.inevitable.count + found.possible.count + cannot.count == total
    return found, Parts(listed(found.inevitable), listed(found.possible), listed(cannot))


@pytest.mark.parametrize("engine", sorted(ENGINES))
class TestAgainstEveryEnvironment:
    @MANY
    @given(drawn=wanderers())
    def test_of_cycles_within_cycles(self, engine: str, drawn: Drawn) -> None:
        network, groups, away = drawn
        assert asked(engine, network, groups, ~away)[1] == brute_force(network, groups, ~away)

    @SOME
    @given(network=networks(), data=st.data())
    def test_of_any_network_with_assumptions_and_several_beginnings(
        self, engine: str, network: Network, data: st.DataObject
    ) -> None:
        groups = data.draw(fairness(network))
        goal = data.draw(conditions({a.name: a.states for a in network.actors}))
        found, parts = asked(engine, network, groups, goal)
        assert parts == brute_force(network, groups, goal)
        for cause in found.causes:  # it tells the possible from the inevitable: it holds in none of these
            assert (cause.environments & found.inevitable).is_empty
            assert cause.environments <= found.possible

    @MANY
    @given(drawn=wanderers())
    def test_the_run_that_is_shown_is_fair_and_the_goal_is_lost_where_it_is_said(
        self, engine: str, drawn: Drawn
    ) -> None:
        network, groups, away = drawn
        explored = explore(network, engine=engine)
        promises = Promises(explored, groups)
        beginnings, _ = missing(~away, promises)
        assert beginnings is not None
        cause = must(~away, promises, beginnings).most_telling
        if cause is None:
            return
        shown = evasion(~away, cause, beginnings, promises)
        assert shown is not None and shown.cause == cause
        run = shown.run.run
        states, events = [network.as_state(each) for each in run.states], [step.event for step in run.steps]
        assert run.loop is not None and run.environment in cause.environments
        assert fault(network, states, events, run.loop, groups, away) is None
        judge = graph.explore(network).graph
        within = [
            any(product.holds(network, ~away, s) for s in {state, *nx.descendants(judge, state)}) for state in states
        ]
        assert within == [shown.lost is None or number < shown.lost for number in range(len(states))]


def explained(about: str | Property, scenario: str = "calm", *, runs: int = 3, **options: Any) -> Explanation:
    return explain(SCENARIOS[scenario], about, options.pop("settings", {}), Wanted(runs), build=demo, **options)


def text(found: Explanation) -> str:
    return text_of_explanation(found, 50, width=100, colour=False, ascii=False)


def nothing(_: Network) -> tuple[Fairness, ...]:
    return ()


def test_where_a_fair_run_is_bound_to_get_there_it_is_inevitable() -> None:
    found = explained("visitor is inside")
    assert found.must is not None and found.caused is not None
    assert (found.must.inevitable.count, found.must.possible.count, found.caused.count) == (2, 0, 2)
    assert (found.must.causes, found.must.evasion, found.must.groups, found.must.never_owed) == ((), None, 6, ())
    page = text(found)
    assert "    inevitable in 2 environments (50 %): every fair run gets there\n" in page
    assert "    possible but not inevitable in no environment\n" in page


def test_where_nothing_is_owed_a_run_may_stop_and_only_the_beginning_is_inevitable() -> None:
    found = explained("visitor is inside", fairness=nothing)
    assert found.must is not None and found.must.evasion is not None
    assert (found.must.inevitable.count, found.must.possible.count, found.must.groups) == (0, 2, 0)
    assert found.must.never_owed == ("ask_with_good_key", "ask_with_bad_key", "let_in", "turn_away", "leave")
    shown = found.must.evasion
    assert (len(shown.run.run), shown.run.run.loop, shown.lost) == (0, 0, None)
    page = text(found)
    assert "    nothing is owed: a run may stop anywhere, and only what holds at the beginning is inevitable\n" in page
    assert (
        "   it stays within reach all the time\n   there it rests: nothing that is owed may happen any more\n" in page
    )
    at_once = explained("visitor is outside", fairness=nothing).must
    assert at_once is not None and at_once.inevitable.is_all


def trial(_: Scenario, __: object = None, /) -> Model:
    """The patient arrive; others may give up before. That nobody is patient and ill-tempered is assumed."""
    return Model.of(
        "trial",
        unknown("patience", "much some", host="h"),
        unknown("temper", "good bad", host="h"),
        unknown("door", "open shut", host="h"),
        Assumption("not (temper is bad and patience is much)", "nobody is"),
        actor("walker", host="h", states="out way inside away", waits="way", rows=[
            send("walk", "out", "way"),
            send("arrive", "way", "inside", "door is open"),
            send("give_up", "way", "away", "patience is some"),
        ]),
    )  # fmt: skip


def patient(network: Network) -> tuple[Fairness, ...]:
    """Giving up is never owed."""
    return of_events(network, [event for event in network.events if event.name != "give_up"])


def tried(**options: Any) -> Explanation:
    wanted = options.pop("wanted", Wanted())
    return explain(Scenario("trial", ""), "walker is inside", {}, wanted, build=trial, fairness=patient, **options)


def test_combinations_that_are_assumed_away_never_count_and_never_speak_against_a_cause() -> None:
    found = tried()
    assert found.must is not None and found.caused is not None
    assert found.caused.total == 6
    parts = found.must.inevitable.count, found.must.possible.count, found.caused.count
    assert (parts, sum(parts)) == ((1, 2, 3), found.caused.total)
    # "temper is bad" alone would not be a cause if patience and a bad temper could come together; and where the door
    # is shut it cannot be reached at all, so that the door is no part of a cause
    assert [(str(each), each.count, each.in_cover) for each in found.must.causes] == [
        ("patience is some", 2, True),
        ("temper is bad", 1, False),
    ]


def test_the_step_by_which_it_goes_out_of_reach_is_said_and_what_is_never_owed() -> None:
    found = tried()
    assert found.must is not None and found.must.evasion is not None
    shown = found.must.evasion
    assert ([step.event for step in shown.run.run.steps], shown.run.run.loop, shown.lost) == (["walk", "give_up"], 2, 2)
    assert (str(shown.cause), found.must.never_owed) == ("patience is some", ("give_up",))
    page = text(found)
    assert "   out of reach from step 2 on: h: give up\n   there it rests:" in page
    assert "fair: 3 groups of outcomes that are never put off for ever; never owed: give up\n" in page
    assert "Possible but not inevitable, where it can be reached, exactly when one of these 2 holds\n" in page


def test_a_beginning_from_which_it_cannot_be_reached_is_lost_from_the_beginning() -> None:
    def build(_: Scenario, __: object = None, /) -> Model:
        walker = actor("walker", host="h", states="near far there", initial="near far", rows=[
            send("arrive", "near", "there"),
        ])  # fmt: skip
        return Model.of("two beginnings", unknown("weather", "dry wet", host="h"), walker)

    found = explain(Scenario("two beginnings", ""), "walker is there", build=build)
    assert found.must is not None and found.must.evasion is not None and found.must.evasion.lost == 0
    page = text(found)
    assert "    inevitable in no environment\n" in page
    assert "   out of reach from the beginning: it is reached from another beginning only\n" in page
    assert "Possible but not inevitable" not in page  # in each environment alike: there is nothing to tell apart


def test_a_possibility_is_asked_like_a_goal_and_a_claim_is_not() -> None:
    by_id = {prop.id: prop for prop in SUITE}
    found = explained(by_id["R-01"]).must
    assert found is not None and (found.inevitable.count, found.possible.count) == (2, 0)
    assert explained(by_id["D-02"]).must is None


def test_without_stories_there_is_no_run_and_nothing_is_missing() -> None:
    found = tried(wanted=Wanted(runs=0))
    assert found.must is not None and found.must.causes and found.must.evasion is None
    assert (found.stopped, found.exit) == ("", Exit.AS_EXPECTED)


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_what_is_inevitable_is_unknown_where_a_search_was_cut_short(engine: str) -> None:
    explored = explore(VISITOR, engine=engine)
    promises = Promises(explored, [RESTLESS, SERVE_IN_THE_HALL])
    goal = ~NOT_SERVED
    beginnings, _ = missing(goal, promises)
    assert beginnings is not None and beginnings.found
    cause = must(goal, promises, beginnings).most_telling
    assert cause is not None and str(cause) == "true"
    assert evasion(goal, cause, beginnings, promises) is not None
    with explored.watched(limit=Limit(seconds=60)) as watch:
        watch.stop("somebody lost patience")
        assert missing(goal, promises) == (None, "somebody lost patience before it was known where it is inevitable")
        assert evasion(goal, cause, beginnings, promises) is None
    assert missing(goal, promises)[0] is not None


def test_ctrl_c_while_it_is_asked_says_so_and_looks_for_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    why = "it was interrupted before it was known where it is inevitable"
    monkeypatch.setattr("ccmproof.harness.explain.missing", lambda *_: (None, why))
    found = tried()
    assert (found.must, found.stopped, found.exit) == (None, why, Exit.UNDETERMINED)
    assert found.caused is not None and [each.approach for each in found.reasons] == [None]
    page = text(found)
    assert "    undetermined: whether it is inevitable\n" in page and f"Cut short: {why}\n" in page
    assert "in no environment" not in page
    assert json.loads(json_of_explanation(found))["must"] is None


def test_a_run_that_was_not_found_in_time_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccmproof.harness.explain.evasion", lambda *_: None)
    found = tried()
    assert found.must is not None and found.must.causes and found.must.evasion is None
    assert (found.stopped, found.exit) == ("not every run was found; the causes stand", Exit.UNDETERMINED)


def test_json_has_the_numbers_the_causes_and_the_run() -> None:
    found = json.loads(json_of_explanation(tried()))
    said = found["must"]
    assert (said["inevitable"], said["possible"], found["environments"]["caused"]) == (1, 2, 3)
    assert said["fairness"] == {"groups": 3, "never_owed": ["give_up"]}
    assert [each["condition"] for each in said["causes"]] == ["patience is some", "temper is bad"]
    shown = said["evasion"]
    assert (shown["condition"], shown["lost_in_state"], shown["run"]["run"]["loop"]) == ("patience is some", 2, 2)
    assert shown["served"] == []


def test_a_lasso_that_does_not_begin_where_the_goal_is_owed_is_refused() -> None:
    explored = explore(VISITOR)
    promises, owed = Promises(explored, [RESTLESS]), Owed(Promise.EVENTUALLY, TRUE, ~NOT_SERVED, at_first=True)
    shown = promises.shown(owed, promises.evading(owed))
    assert shown is not None and shown.owed == 0
    assert without_end(VISITOR, "the goal", owed, shown, promises.counted_on(owed)).judged == 0
    with pytest.raises(EngineError, match=r"^the goal: the run that was found does not come to where the promise is"):
        without_end(VISITOR, "the goal", owed, replace(shown, owed=1), promises.counted_on(owed))


def test_many_events_that_are_never_owed_are_counted() -> None:
    beginnings, _ = missing(at("visitor").is_("served"), promises := Promises(explore(VISITOR), [RESTLESS]))
    assert beginnings is not None
    found = must(at("visitor").is_("served"), promises, beginnings)
    assert found.never_owed == ("enter", "serve")
    many = replace(found, never_owed=tuple("abcdefgh"))
    assert fairness_in_words(many).endswith("; never owed: a, b, c, d, e, f and 2 more")
