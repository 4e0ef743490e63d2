"""Promises against the components of the product graph, and what a cut-short answer is worth."""

from __future__ import annotations

import pytest
from ccmproof.harness.checker import check
from ccmproof.harness.engines import ENGINES, Exploration, Limit, explore, graph
from ccmproof.harness.engines.budget import Watched
from ccmproof.harness.explain import Wanted, explain
from ccmproof.harness.promises import Owed, Promises
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.condition import TRUE, Condition
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network
from ccmproof.properties.property import Promise
from fairness_models import NOT_SERVED, SERVE_IN_THE_HALL, VISITOR
from hypothesis import given, settings
from strategies import wanderers

MANY = settings(max_examples=150, deadline=None)
Drawn = tuple[Network, list[Fairness], Condition]


def evading(explored: Exploration, groups: list[Fairness], owed: Owed) -> set[tuple[str, ...]]:
    """The environments in which the promise may be broken, as the values of the unknowns."""
    found = explored.environments_of(Promises(explored, groups).evading(owed))
    return {tuple(each.values()) for each in found}


@pytest.mark.parametrize("engine", sorted(ENGINES))
@MANY
@given(drawn=wanderers())
def test_eventually_is_one_question_to_the_components(engine: str, drawn: Drawn) -> None:
    """The judge asks the components at once, of all that is not kept: no cheap question, no environment left out."""
    network, groups, open_ = drawn
    judge = graph.explore(network)
    wanted = judge.environments_of(judge.fair(judge.where(open_), groups))
    owed = Owed(Promise.EVENTUALLY, TRUE, ~open_)
    assert evading(explore(network, engine=engine), groups, owed) == {tuple(each.values()) for each in wanted}


@pytest.mark.parametrize("engine", sorted(ENGINES))
@MANY
@given(drawn=wanderers())
def test_recoverable_is_that_no_state_is_without_a_way(engine: str, drawn: Drawn) -> None:
    network, groups, open_ = drawn
    judge = graph.explore(network)
    lost = judge.reached - judge.backward(judge.where(~open_))
    owed = Owed(Promise.RECOVERABLE, TRUE, ~open_)
    found = evading(explore(network, engine=engine), groups, owed)
    assert found == {tuple(each.values()) for each in judge.environments_of(lost)}


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_a_run_that_was_cut_short_is_none(engine: str) -> None:
    explored = explore(VISITOR, engine=engine)
    promises, owed = Promises(explored, [SERVE_IN_THE_HALL]), Owed(Promise.EVENTUALLY, TRUE, ~NOT_SERVED)
    found = promises.evading(owed)
    assert found.found
    assert promises.shown(owed, found) is not None
    with explored.watched(limit=Limit(nodes=0)) as watch:
        watch.stop("somebody lost patience")
        assert promises.shown(owed, found) is None
    assert promises.shown(owed, found) is not None


def test_within_a_watch_what_asks_for_nothing_new_is_watched_by_it() -> None:
    asked = Watched()
    with asked.watched(limit=Limit(seconds=60)) as outer:
        with asked.watched() as inner:
            assert inner is outer
        with asked.watched(limit=Limit(seconds=1)) as other:
            assert other is not outer
        with asked.watched() as again:
            assert again is outer
    with asked.watched() as after:
        assert after is not outer


@pytest.mark.parametrize(("name", "scenario", "failing"), [("N-03", "refusals", 1), ("L-09", "recovery", 0)])
def test_an_explanation_of_a_promise_is_about_its_being_broken(name: str, scenario: str, failing: int) -> None:
    of = shipped()
    chosen = of.scenario(scenario)
    found = explain(chosen, of.property(name), {}, Wanted(runs=1), build=of.build, order=of.order_of(chosen))
    assert found.caused is not None
    assert (found.caused.count, found.stopped) == (failing, "")
    assert [each.run.run.loop is not None for each in found.reasons if each.run] == [True] * failing


def assert_explained_as_checked(name: str) -> None:
    """An explanation finds of each property the environments that the check finds."""
    of = shipped()
    chosen = of.scenario(name)
    order = of.order_of(chosen)
    asked = of.asked_in(chosen, of.suite, named=False)
    report = check(chosen, asked, build=of.build, order=order, runs=False, reach=False)
    for judgement in report.judgements:
        found = explain(chosen, judgement.prop, {}, Wanted(runs=0), build=of.build, order=order).caused
        assert found is not None
        assert found.count == judgement.failing_count, judgement.prop.id


@pytest.mark.parametrize("name", ["refusals", "recovery"])
def test_explanations_and_verdicts_agree(name: str) -> None:
    assert_explained_as_checked(name)


@pytest.mark.long
@pytest.mark.parametrize("name", ["promises", "document", "half-hourly"])
def test_explanations_and_verdicts_agree_in_every_environment(name: str) -> None:
    assert_explained_as_checked(name)
