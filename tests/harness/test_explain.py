"""`explain` on the demo: causes with their runs, nearest approaches, the tree, and the page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from ccmproof.harness.approach import Approach
from ccmproof.harness.checker import check, network_of
from ccmproof.harness.engines import Limit, explore
from ccmproof.harness.explain import Explanation, Wanted, explain, goal_of
from ccmproof.harness.judge import Asked, spoken_of
from ccmproof.harness.render.causes import exactly_when
from ccmproof.harness.render.explain import text_of_explanation
from ccmproof.harness.report import Exit, Told
from ccmproof.model.kernel.actor import ActorDef, actor, send, unknown
from ccmproof.model.kernel.barred import barred
from ccmproof.model.kernel.causes import Cause, Causes
from ccmproof.model.kernel.condition import Condition, Named, evaluate
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand, readiness
from ccmproof.model.kernel.text import parse
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property
from demo import SCENARIOS, SUITE, build

BY_ID = {prop.id: prop for prop in SUITE}


def explained(about: Property | str, scenario: str = "calm", *, runs: int = 3, **options: Any) -> Explanation:
    wanted = Wanted(runs, options.pop("tree", False), options.pop("depth", None))
    return explain(SCENARIOS[scenario], about, options.pop("settings", {}), wanted, build=build, **options)


@pytest.mark.parametrize("engine", ["plain", "reference"])
def test_a_goal_is_explained_by_the_causes_for_which_it_is_out_of_reach(engine: str) -> None:
    found = explained("visitor is inside", engine=engine)
    assert found.caused is not None and (found.caused.count, found.caused.total, found.is_claim) == (2, 4, False)
    assert [(str(r.cause), r.cause.count, r.cause.alone) for r in found.reasons] == [("key is bad", 2, 2)]
    assert found.exit is Exit.AS_EXPECTED


@pytest.mark.parametrize("engine", ["plain", "reference"])
def test_an_approach_follows_the_healthy_run_and_says_what_bars_the_next_step(engine: str) -> None:
    (reason,) = explained("let_in and bell is ringing", "storm", settings={"weather": "dry"}, engine=engine).reasons
    near = reason.approach
    assert near is not None and reason.run is None
    assert [step.event for step in near.shown.run.steps] == ["ring"]
    assert (near.differs, near.steps, near.reached) == ({"key": ("bad", "good")}, 2, 1)
    assert near.next == Told("visitor", "ask with good key", ("porter",))
    assert (near.barred, near.elsewhere) == (("key is good",), {})
    assert near.instead == (Told("visitor", "ask with bad key", ("porter",)),)
    assert near.shown.unusual == {"key": "bad"}


def test_a_goal_that_itself_asks_for_another_environment_is_barred_by_that() -> None:
    (reason,) = explained("visitor is inside and porter_checks is lax", settings={"porter_checks": "*"}).reasons
    near = reason.approach
    assert near is not None and (near.next, near.barred, near.steps, near.reached) == (
        None, ("porter_checks is lax",), 2, 2
    )  # fmt: skip


def test_a_goal_that_is_reached_nowhere_has_nothing_to_be_compared_with() -> None:
    (reason,) = explained("bell is ringing").reasons
    assert (str(reason.cause), reason.cause.count, reason.approach, reason.run) == ("true", 4, None, None)


FORK = unknown("way", "left right", host="h")


def fork(scenario: Scenario, _: object = None, /) -> Model:
    """One event that leads to another place in another environment."""
    walker: ActorDef = actor(
        "walker",
        host="h",
        states="start a b end",
        rows=[
            send("walk", "start", "a", "way is left"),
            send("walk", "start", "b", "way is right"),
            send("arrive", "a", "end"),
        ],
    )
    return Model.of("fork", FORK, walker)


def test_where_the_next_step_may_happen_too_it_is_said_where_it_leads_instead() -> None:
    found = explain(Scenario("fork", ""), "walker is end", build=fork)
    (reason,) = found.reasons
    assert str(reason.cause) == "way is right" and reason.approach is not None
    near: Approach = reason.approach
    assert (near.reached, near.steps, near.barred) == (0, 2, ())
    assert near.elsewhere == {"walker": ("b", "a")}
    page = text(found)
    assert "   then otherwise: h: walk\n     walker is then b, not a\n" in page


def test_the_healthy_environment_differs_in_as_little_as_keeps_them_apart() -> None:
    """Either key opens; where both are bad one of them need be good, though two good ones would be more usual."""

    def doors(_: Scenario, __: object = None, /) -> Model:
        walker = actor("walker", host="h", states="out in", waits="out", rows=[
            send("enter", "out", "in", "front is good or back is good"),
        ])  # fmt: skip
        return Model.of("doors", unknown("front", "good bad", host="h"), unknown("back", "good bad", host="h"), walker)

    (reason,) = explain(Scenario("doors", ""), 'walker is "in"', build=doors).reasons
    assert reason.approach is not None
    assert str(reason.cause) == "front is bad and back is bad"
    assert reason.approach.differs == {"front": ("bad", "good")}
    assert reason.approach.barred == ("front is good", "back is good")


def test_a_participant_that_is_elsewhere_bars_an_event_by_where_it_is() -> None:
    network = expand(build(SCENARIOS["calm"]))
    state = network.as_state({a.name: a.initial[0] for a in network.actors})
    assert barred(network, network.event["leave"], state) == ("visitor is inside",)


def test_a_claim_is_explained_by_the_shortest_counterexample_in_each_cause() -> None:
    found = explained(BY_ID["D-01"], settings={"porter_checks": "*"})
    (reason,) = found.reasons
    assert (found.is_claim, str(reason.cause)) == (True, "key is bad and porter_checks is lax")
    assert reason.run is not None and reason.approach is None
    assert [step.event for step in reason.run.run.steps] == ["ask_with_bad_key", "let_in"]
    assert reason.run.run.because == ("key is good",)


def test_a_possibility_is_explained_like_a_goal() -> None:
    found = explained(BY_ID["R-01"])
    assert [(str(r.cause), r.approach is not None) for r in found.reasons] == [("key is bad", True)]
    assert explained(BY_ID["D-03"]).reasons == ()


def test_runs_are_sought_for_as_many_causes_as_are_asked_for() -> None:
    goal = "visitor is inside and weather is wet"
    assert [str(r.cause) for r in explained(goal).reasons] == ["key is bad", "weather is dry"]
    for runs in (0, 1, 2, 5):
        shown = [reason.approach is not None for reason in explained(goal, runs=runs).reasons]
        assert shown == [place < runs for place in range(2)]


def test_what_keeps_a_claim_from_being_attempted_is_no_part_of_a_cause() -> None:
    """Nobody asks in wet weather here, so that only the key tells where it fails of where it is attempted."""
    prop = Property("X", "c", "x", "", when="visitor is waiting and weather is dry", then="key is good")
    found = explained(prop)
    assert found.caused is not None and (found.caused.count, found.among.count, found.among.total) == (1, 2, 4)
    assert [(str(r.cause), r.cause.count) for r in found.reasons] == [("key is bad", 1)]


def test_a_claim_that_fails_wherever_it_is_attempted_is_told_from_everything() -> None:
    found = explained(BY_ID["D-06"])
    assert [str(r.cause) for r in found.reasons] == ["key is bad"] and found.among.is_all


def test_a_search_that_was_cut_short_knows_no_causes() -> None:
    found = explained("visitor is inside", engine="reference", limit=Limit(nodes=0), tree=True)
    assert (found.caused, found.reasons, found.tree, found.exit) == (None, (), None, Exit.UNDETERMINED)
    assert found.must is None
    assert "  undetermined: nothing can be said of causes, nor of what is inevitable\n" in text(found)


WITHOUT_RUNS = "not every run was found; the causes stand"
WITHOUT_MUST = "the limit of -1 s was reached before it was known where it is inevitable"


@pytest.mark.parametrize(
    ("about", "why"),
    [(BY_ID["D-02"], WITHOUT_RUNS), ("visitor is inside", f"{WITHOUT_MUST}; {WITHOUT_RUNS}")],
    ids=["claim", "goal"],
)
def test_causes_without_their_runs_are_told_and_the_explanation_is_not_complete(
    about: Property | str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exploration is done in time, the search for runs is not."""
    whole = explained(about)
    monkeypatch.setattr("ccmproof.harness.explain.explore", lambda network, **options: explore(network))
    found = explained(about, limit=Limit(seconds=-1.0))
    assert [each.cause for each in found.reasons] == [each.cause for each in whole.reasons]
    assert [(each.run, each.approach) for each in found.reasons] == [(None, None)]
    assert (found.stopped, found.must, found.exit) == (why, None, Exit.UNDETERMINED)
    page = text(found)
    assert f"Cut short: {why}" in page.replace("\n", " ") and "so far" not in page
    assert ("    undetermined: whether it is inevitable\n" in page) is (not found.is_claim)


def test_a_goal_that_nothing_reaches_has_no_runs_and_is_explained_all_the_same() -> None:
    found = explained("visitor is inside and visitor is outside")
    assert [(str(each.cause), each.approach) for each in found.reasons] == [("true", None)]
    assert (found.stopped, found.exit) == ("", Exit.AS_EXPECTED)


@pytest.mark.parametrize(
    ("goal", "complaint"),
    [
        ("visitr is inside", "line 1, column 1: there is no actor 'visitr' (did you mean 'visitor'?)"),
        ("visitor is insid", "line 1, column 12: visitor has no state 'insid' (did you mean 'inside'?); it has outside,"
                             " waiting, inside"),
        ("let_inn", "line 1, column 1: 'let_inn' is no predicate or event (did you mean 'let_in'?); for an actor, "
                    "'is' or 'in' must follow"),
        ("visitor is", "line 1, column 11: expected a state's name, but the text ends there"),
    ],
)  # fmt: skip
def test_a_goal_that_names_what_is_not_there_is_refused_with_the_nearest_name(goal: str, complaint: str) -> None:
    with pytest.raises(ModelError, match=f"^{re.escape(f'--goal {goal!r}: {complaint}')}$"):
        explained(goal)


def test_a_word_of_a_goal_is_a_predicate_or_an_event_that_may_happen() -> None:
    network = expand(build(SCENARIOS["calm"]))
    assert goal_of("fits", network) == network.condition("fits")
    said = goal_of("leave", network)
    assert isinstance(said, Named) and (said.name, said.body) == ("leave", readiness(network, network.event["leave"]))


def text(found: Explanation, limit: int = 50) -> str:
    return text_of_explanation(found, limit, width=80, colour=False, ascii=False)


PAGE = """\
storm  The same, and the alarm may ring
  2 environments, 10 states
  with weather = dry

let_in and bell is ringing
  can be reached in 1 environment (50 %)
    inevitable in no environment
    possible but not inevitable in 1 environment (50 %): some fair run never
    gets there
    fair: 9 groups of outcomes that are never put off for ever; every event that
    happens is in one
  cannot be reached in 1 environment (50 %)

It cannot be reached exactly when this holds
        in environments  alone in
  1  *  1 (50 %)         1         key is bad

Nearest approaches

 1  key is bad
   key bad; all else as usual
   as far as step 1 of the 2 that get there where key is good
   1  world: ring  [B1]
      bell: silent → ringing
   then not: visitor: ask with good key → porter, because
     not so that key is good: it is bad
   instead: visitor: ask with bad key → porter

What to ask first
 key is good  can (1)
 key is bad  cannot (1)

A fair run that could get there and never does

 1  always
   all is as usual
   1  visitor: ask with good key → porter  [V1]
      request := shown good, count one; visitor: outside → waiting;
      porter: idle → judging
   2  porter: let in → visitor  [P1 P2]
      visitor: waiting → inside; porter: judging → idle
   3  world: ring  [B1]
      bell: silent → ringing
   4  world: fall silent  [B1]
      bell: ringing → silent
   5  visitor: leave  [V2]
      request is cleared; visitor: inside → outside
   it stays within reach all the time
   steps 1 to 5 come again and again for ever,
   and nothing that is owed and may happen on the way is left out
   again and again in it: visitor goes on, porter goes on, bell goes on,
   ask_with_good_key, let_in, leave, ring, fall_silent

exit 0: explained
"""


def test_a_page_of_80_columns_to_the_letter() -> None:
    found = explained("let_in and bell is ringing", "storm", settings={"weather": "dry"}, tree=True)
    *page, measured = text(found).splitlines(keepends=True)
    assert "".join(page) == PAGE
    assert re.fullmatch(r"[\d.]+ s \(model [\d.]+, exploration [\d.]+, verdicts [\d.]+, runs [\d.]+\).*\n", measured)


def test_a_page_lists_as_many_causes_as_are_asked_for_and_counts_the_rest() -> None:
    page = text(explained("visitor is inside and weather is wet", runs=0), limit=1)
    assert "  1  *  2 (50 %)         1         key is bad\n … and 1 more cause; --causes shows more\n" in page


def test_a_tree_that_is_cut_says_so_and_how_many_environments_remain_mixed() -> None:
    page = text(explained("visitor is inside and weather is wet", tree=True, depth=1))
    assert (
        "What to ask first\n key is bad  cannot (2)\n key is good  can in 1, cannot in 1\n"
        " cut at the depth asked for: 1 answer decides nothing yet, in 2 environments (50\n %)\n"
    ) in page


def causes_of(space: Space, *texts: str) -> list[Cause]:
    conditions = [parse(each) for each in texts]
    found = space.none()
    for each in space.all():
        if any(_obeys(condition, each) for condition in conditions):
            found = found | space.single(each)
    return list(Causes(space).of(Environments(space, found.node)))


def _obeys(condition: Condition, environment: dict[str, str]) -> bool:
    return evaluate(condition, lambda leaf: environment[leaf.actor] in leaf.names)


def test_exactly_when_says_what_cases_have_in_common_once_and_counts_those_it_does_not_say() -> None:
    space = Space(tuple("abcdef"), (("no", "yes"),) * 6)
    assert exactly_when([]) == ""
    assert exactly_when(causes_of(space, "a is yes and b is no")) == "exactly when a is yes and b is no"
    assert exactly_when(causes_of(space, "a is yes", "b is yes")) == "exactly when a is yes; or b is yes"
    common = [f"f is yes and {name} is yes" for name in "abcd"]
    assert (
        exactly_when(causes_of(space, *common[:3]))
        == "exactly when f is yes, and besides either a is yes; or b is yes; or c is yes"
    )
    assert exactly_when(causes_of(space, *common)) == (
        "exactly when f is yes, and besides either a is yes; or b is yes; or in one of 2 more cases"
    )
    assert exactly_when(Causes(space).of(space.all())) == ""


def test_exactly_when_begins_with_the_causes_of_most_environments_though_they_be_longer() -> None:
    space = Space(("a", "b", "c"), (("x", "y", "z", "w"), ("u", "v", "w"), ("u", "v", "w")))
    causes = causes_of(space, "a is x", "b is not u and c is not u")
    assert [str(each) for each in causes] == ["a is x", "b is not u and c is not u"]
    assert exactly_when(causes) == "exactly when b is not u and c is not u; or a is x"


def test_a_claim_and_its_causes_speak_of_the_environments_in_which_it_is_attempted() -> None:
    """What ``spoken_of`` says is what a report counts the causes among."""
    prop = Property("X", "c", "x", "", when="visitor is waiting and weather is dry", then="key is good")
    judgement = check(SCENARIOS["calm"], [prop], build=build).judgements[0]
    network = network_of(SCENARIOS["calm"], [prop], {}, build)
    explored = explore(network)
    assert judgement.failing is not None and judgement.causes is not None
    assert judgement.among == spoken_of(Asked.of(prop, network), explored, judgement.failing).count == 2
    assert [str(each) for each in judgement.causes] == ["key is bad"]


def test_a_claim_that_is_never_put_to_the_test_is_called_vacuous() -> None:
    prop = replace(BY_ID["D-01"], when="false", attempt="false")
    found = explained(prop)
    assert found.vacuous
    assert "vacuous: what it speaks of is never attempted" in text(found)
    assert not explained(BY_ID["D-01"]).vacuous
