"""The checker: each verdict and when it is given, what is expected, which run is shown, what is never reached."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ccmproof.harness import checker
from ccmproof.harness.checker import check
from ccmproof.harness.counterexample import EngineError, counterexample
from ccmproof.harness.engines import Limit
from ccmproof.harness.report import Exit, Judgement, Outcome, Report, gather
from ccmproof.harness.system import observers_of
from ccmproof.model.kernel.actor import recv
from ccmproof.model.kernel.errors import LintError, ModelError
from ccmproof.properties.property import Promise, Property, Verdict, broken
from ccmproof.properties.timing import Bound, Stopwatch
from demo import REFUSED, SCENARIOS, SUITE, WATCH, build
from hypothesis import given
from hypothesis import strategies as st

BY_ID = {prop.id: prop for prop in SUITE}
HOLDS, FAILS, UNDETERMINED, VACUOUS = Verdict.HOLDS, Verdict.FAILS, Verdict.UNDETERMINED, Verdict.VACUOUS


def checked(*properties: Property, scenario: str = "calm", **options: object) -> Report:
    settings = options.pop("settings", {})
    return check(SCENARIOS[scenario], properties or SUITE, settings, build=build, **options)  # type: ignore[arg-type]


def judged(prop: Property, **options: object) -> Judgement:
    return checked(prop, **options).judgements[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["symbolic", "reference"])
def test_each_kind_of_property_gets_its_verdict_and_environments(engine: str) -> None:
    report = checked(engine=engine)
    assert [(j.prop.id, j.verdict, j.failing_count, j.as_expected) for j in report.judgements] == [
        ("D-01", HOLDS, 0, True),
        ("D-02", FAILS, 2, True),
        ("D-03", HOLDS, 0, True),
        ("D-04", FAILS, 2, True),
        ("D-05", HOLDS, 0, True),
        ("D-06", FAILS, 2, True),
        ("R-01", HOLDS, 2, True),
        ("R-02", FAILS, 4, True),
        ("A-01", VACUOUS, 0, True),
    ]
    assert (report.size.environments, report.size.states, report.size.actors, report.size.unknowns) == (4, 16, 11, 4)
    assert report.complete and gather([report], together=False).exit is Exit.AS_EXPECTED


def test_failing_environments_are_the_set_itself() -> None:
    failing = judged(BY_ID["D-02"]).failing
    assert failing is not None
    assert list(failing) == [
        {"key": "bad", "weather": "dry", "porter_checks": "strict", "alarm": "off"},
        {"key": "bad", "weather": "wet", "porter_checks": "strict", "alarm": "off"},
    ]


def test_a_state_requirement_is_refuted_by_the_shortest_run_to_a_broken_state() -> None:
    shown = judged(BY_ID["D-02"]).counterexample
    assert shown is not None
    assert [step.event for step in shown.run.steps] == ["ask_with_bad_key"]
    assert shown.judged == 1
    assert shown.run.because == ("key is good",)
    assert shown.unusual == {"key": "bad"}
    assert [(t.who, t.what, t.to) for t in shown.told] == [("visitor", "ask with bad key", ("porter",))]


def test_a_step_requirement_ends_with_the_offending_event_and_is_judged_before_it() -> None:
    shown = judged(BY_ID["D-06"]).counterexample
    assert shown is not None
    assert [step.event for step in shown.run.steps] == ["ask_with_bad_key", "turn_away", "ask_with_bad_key"]
    assert shown.judged == 2
    assert shown.run.states[2]["was_refused"] == "yes"
    assert shown.run.because == ("was_refused is not yes",)


def test_a_claim_with_a_conclusion_gives_its_false_leaves_as_the_reason() -> None:
    prop = Property("X", "c", "x", "", when="visitor is waiting", then="key is good and weather is wet")
    shown = judged(prop).counterexample
    assert shown is not None and shown.run.because == ("weather is wet",)
    assert shown.run.environment["key"] == "good"


def test_a_claim_that_the_first_state_breaks_has_a_run_without_steps() -> None:
    shown = judged(Property("X", "c", "x", "", then="key is good")).counterexample
    assert shown is not None and (shown.run.steps, shown.judged) == ((), 0)


def test_a_premise_that_is_never_attempted_is_vacuous_and_one_that_is_attempted_in_vain_holds() -> None:
    never = Property("X", "c", "x", "", when="bell is ringing", then="key is good")
    upheld = replace(never, attempt="bell is silent")
    assert (judged(never).verdict, judged(upheld).verdict) == (VACUOUS, HOLDS)
    assert judged(never).note == "what it speaks of is never attempted in this scenario"


def test_a_step_requirement_on_an_event_that_may_never_happen_is_vacuous() -> None:
    assert judged(Property("X", "c", "x", "", on=("ring",), then="key is good")).verdict is VACUOUS
    assert judged(Property("X", "c", "x", "", on=("ring",), then="key is good"), scenario="storm").verdict is FAILS


def test_an_impossible_possibility_fails_rather_than_being_vacuous() -> None:
    judgement = judged(Property("X", "c", "x", "", possible=True, then="bell is ringing"))
    assert (judgement.verdict, judgement.failing_count, judgement.as_expected) == (FAILS, 4, False)
    assert judgement.counterexample is None


def test_a_possibility_that_the_suite_denies_is_shown_by_a_run() -> None:
    judgement = judged(BY_ID["R-02"], settings={"porter_checks": "lax"})
    assert (judgement.verdict, judgement.surprising) == (HOLDS, True)
    assert judgement.counterexample is not None
    assert [step.event for step in judgement.counterexample.run.steps] == ["ask_with_bad_key", "let_in"]


AT_ONCE = {"engine": "reference", "limit": Limit(nodes=0)}
"""Explores nothing but the initial states."""


def test_what_a_cut_short_search_did_not_refute_is_undetermined() -> None:
    report = checked(**AT_ONCE)
    assert not report.complete and report.stopped
    verdicts = {j.prop.id: j.verdict for j in report.judgements}
    assert HOLDS not in {verdicts[name] for name in ("D-01", "D-03", "D-05")}
    assert VACUOUS not in verdicts.values()
    assert verdicts["R-02"] is UNDETERMINED
    assert gather([report], together=False).exit is not Exit.AS_EXPECTED


def test_a_refutation_stays_one_in_a_cut_short_search() -> None:
    at_once = Property("X", "c", "x", "", then="key is good", expected="fails")
    report = checked(at_once, BY_ID["D-03"], **AT_ONCE)
    assert [j.verdict for j in report.judgements] == [FAILS, UNDETERMINED]
    assert gather([report], together=False).exit is Exit.UNDETERMINED


def test_a_refutation_that_nobody_expects_outweighs_what_is_undetermined() -> None:
    at_once = Property("X", "c", "x", "", then="key is good")
    report = checked(at_once, BY_ID["D-03"], **AT_ONCE)
    assert gather([report], together=False).exit is Exit.UNEXPECTED


@pytest.mark.parametrize(
    ("expected", "found_expected", "code"),
    [("fails", True, Exit.AS_EXPECTED), ("holds", False, Exit.UNEXPECTED), ("vacuous", False, Exit.UNEXPECTED)],
)
def test_a_failure_is_judged_by_what_the_suite_expects(expected: str, found_expected: bool, code: Exit) -> None:
    report = checked(replace(BY_ID["D-02"], expected=expected))
    assert (report.judgements[0].as_expected, gather([report], together=False).exit) == (found_expected, code)


def test_a_weakness_that_does_not_show_is_news() -> None:
    judgement = judged(replace(BY_ID["D-03"], expected="fails"))
    assert (judgement.surprising, judgement.note) == (True, "a weakness that the suite states does not show here")


def test_a_scenario_may_expect_another_verdict() -> None:
    assert judged(BY_ID["A-01"], scenario="storm").as_expected
    assert not judged(replace(BY_ID["A-01"], but={}), scenario="storm").as_expected


def test_what_a_scenario_never_puts_to_the_test_is_no_surprise_unless_the_suite_speaks_of_that_scenario() -> None:
    for expected in ("holds", "fails"):
        never = replace(BY_ID["A-01"], expected=expected, but={})
        assert (judged(never).verdict, judged(never).as_expected) == (VACUOUS, True)
        assert not judged(replace(never, but={"calm": expected})).as_expected
        assert judged(replace(never, but={"calm": "vacuous"})).as_expected


def test_with_settings_the_usual_verdict_is_as_good_as_the_exception_of_the_scenario() -> None:
    excepted = replace(BY_ID["D-02"], but={"calm": "vacuous"})
    assert not judged(excepted).as_expected
    assert judged(excepted, settings={"weather": "wet"}).as_expected
    assert not judged(replace(excepted, expected="holds"), settings={"weather": "wet"}).as_expected


@pytest.mark.parametrize(
    ("checks", "verdict", "expected"), [("strict", HOLDS, HOLDS), ("lax", FAILS, FAILS), ("*", FAILS, FAILS)]
)
def test_what_a_parameter_decides_is_expected_to_fail_where_it_says_so(
    checks: str, verdict: Verdict, expected: Verdict
) -> None:
    judgement = judged(BY_ID["D-01"], settings={"porter_checks": checks})
    assert (judgement.verdict, judgement.expected, judgement.as_expected) == (verdict, expected, True)


def test_a_failure_where_the_deciding_condition_promises_the_claim_is_not_expected_and_its_run_lies_there() -> None:
    judgement = judged(replace(BY_ID["D-02"], decided_by="weather is wet", expected="holds"))
    assert (judgement.verdict, judgement.expected, judgement.as_expected) == (FAILS, FAILS, False)
    assert judgement.note == "it fails in 1 environment in which weather is wet should make it hold"
    assert judgement.counterexample is not None
    assert judgement.counterexample.run.environment["weather"] == "wet"


def test_a_possibility_that_a_condition_decides_is_asked_of_each_environment() -> None:
    by_key = replace(BY_ID["R-01"], decided_by="key is good")
    assert (judged(by_key).verdict, judged(by_key).as_expected) == (FAILS, True)
    by_weather = replace(BY_ID["R-01"], decided_by="weather is dry")
    assert not judged(by_weather).as_expected
    assert judged(by_key, settings={"key": "good"}).verdict is HOLDS


def exact(where: str, **more: object) -> Property:
    return replace(BY_ID["R-01"], exactly=where, **more)


def test_what_is_possible_exactly_somewhere_is_possible_there_and_nowhere_else() -> None:
    assert judged(exact("key is good")).verdict is HOLDS
    assert judged(exact("porter_checks is lax or key is good"), settings={"porter_checks": "*"}).verdict is HOLDS
    short = judged(exact("true"))
    assert (short.verdict, short.as_expected, short.counterexample) == (FAILS, False, None)
    assert (short.failing_count, short.note) == (2, "it cannot happen in 2 environments where it should")


def test_what_is_possible_beyond_where_it_is_said_to_be_comes_with_a_run_there() -> None:
    beyond = judged(exact("key is good and weather is dry"))
    assert (beyond.verdict, beyond.failing_count) == (FAILS, 1)
    assert beyond.note == "it can happen in 1 environment where it should not"
    assert beyond.counterexample is not None
    assert beyond.counterexample.run.environment["weather"] == "wet"
    both = judged(exact("weather is dry"))
    assert both.note == (
        "it can happen in 1 environment where it should not and it cannot happen in 1 environment where it should"
    )


def test_a_search_that_was_cut_short_says_of_what_is_exact_only_what_it_has_seen() -> None:
    found = judged(exact("key is good"), **AT_ONCE)
    assert (found.verdict, found.failing, found.note) == (UNDETERMINED, None, "the search was cut short")


def test_words_say_a_condition_step_by_step_and_do_not_hide_those_of_the_model() -> None:
    words = {"opens": "key is good", "in_the_dry": "opens and weather is dry"}
    assert judged(exact("opens", words=words)).verdict is HOLDS
    assert judged(exact("in_the_dry", words=words)).verdict is FAILS
    with pytest.raises(ModelError, match="the word 'fits' is a predicate of the model already"):
        judged(exact("opens", words={**words, "fits": "key is good"}))
    with pytest.raises(ModelError, match=r"R-01: .*opns"):
        judged(exact("opns", words=words))


@pytest.mark.parametrize("field", ["decided_by", "exactly"])
def test_a_deciding_condition_that_reads_what_moves_is_refused(field: str) -> None:
    with pytest.raises(ModelError, match=f"X: {field} reads visitor, which is no unknown and no parameter"):
        judged(Property("X", "c", "x", "", possible=True, **{field: "visitor is inside"}))


def test_observers_are_added_once_and_two_of_one_name_are_refused() -> None:
    assert observers_of(SUITE) == (WATCH, REFUSED)
    other = replace(WATCH, rows=(recv("let_in", "*", "yes"),))
    clash = replace(BY_ID["D-05"], id="X", observers=(other,))
    with pytest.raises(ModelError, match="X: its observer 'has_asked' differs from the one of D-05"):
        checked(BY_ID["D-05"], clash)


def test_nothing_asked_is_an_error() -> None:
    with pytest.raises(ModelError, match="there is no property to check"):
        check(SCENARIOS["calm"], [], build=build)


def test_a_property_that_names_what_is_not_there_says_which_and_the_nearest_name() -> None:
    with pytest.raises(ModelError, match=r"X: there is no actor 'visitr' \(did you mean 'visitor'\?\)"):
        judged(Property("X", "c", "x", "", then="visitr is inside"))


def test_a_setting_of_what_moves_is_refused_even_where_only_effects_move_it() -> None:
    with pytest.raises(ModelError, match=r"request\.shown moves; only unknowns and parameters can be set"):
        checked(settings={"request.shown": "good"})
    with pytest.raises(ModelError, match="visitor moves"):
        checked(settings={"visitor": "inside,outside"})


def test_a_model_that_a_lint_refuses_is_not_explored() -> None:
    def without_holds_up(*of: object) -> object:
        model = build(*of)  # type: ignore[arg-type]
        return model.with_actor(replace(model.actor("porter"), holds_up=()))

    with pytest.raises(LintError, match="porter/ask_with_good_key/judging"):
        check(SCENARIOS["calm"], SUITE, build=without_holds_up)  # type: ignore[arg-type]


def test_an_engine_that_lies_is_found_out() -> None:
    network = checker.network_of(SCENARIOS["calm"], SUITE, {}, build)
    prop = BY_ID["D-02"]
    start = next(s for s in checker.explore(network, engine="reference").initial.members if "bad" in s)  # type: ignore[attr-defined]
    end = tuple("inside" if name == "outside" else name for name in start)
    waiting = tuple("waiting" if name == "outside" else name for name in start)
    with pytest.raises(EngineError, match="D-02: the run that was found does not end where the property is broken"):
        counterexample(network, prop, broken(prop, network), [start, end], ["ask_with_bad_key"])
    with pytest.raises(EngineError, match="D-02: step 1 of the run, ask_with_bad_key, is not possible there"):
        counterexample(network, prop, broken(prop, network), [start, waiting], ["ask_with_bad_key"])


def test_what_no_scenario_reaches_is_found_over_all_of_them_together() -> None:
    calm, storm = checked(), checked(scenario="storm")
    assert [str(each) for each in gather([calm], together=True).unreached] == [
        "event ring: it never happens in any scenario",
        "event fall_silent: it never happens in any scenario",
        "state bell is ringing: it is never entered in any scenario",
        "property A-01: it is vacuous in every scenario: what it speaks of is never attempted",
    ]
    together = gather([calm, storm], together=True)
    assert (together.unreached, together.exit) == ((), Exit.AS_EXPECTED)


def test_a_refusal_that_never_happens_is_called_one() -> None:
    outcome = gather([checked(settings={"porter_checks": "lax"})], together=True)
    assert "refusal turn_away: it never happens in any scenario" in [str(each) for each in outcome.unreached]
    assert outcome.exit is Exit.UNEXPECTED


def test_watching_machines_and_unknowns_are_not_asked_to_be_reached() -> None:
    reach = checked().reach
    assert reach is not None and checked(reach=False).reach is None
    actors = {actor for actor, _ in reach.places}
    assert actors == {"visitor", "porter", "bell"}  # the values of a record are a type, and no machine


def test_a_cut_short_search_is_not_said_to_miss_anything() -> None:
    outcome = gather([checked(BY_ID["D-03"], **AT_ONCE)], together=True)
    assert (outcome.unreached, outcome.exit) == ((), Exit.UNDETERMINED)


def test_one_scenario_alone_is_not_judged_for_reach() -> None:
    assert gather([checked()], together=False).unreached == ()


def test_interrupted_between_scenarios_is_undetermined() -> None:
    assert Outcome((checked(),), interrupted="1 of 2").exit is Exit.UNDETERMINED


def test_safety_that_is_broken_beneath_a_promise_comes_first_and_the_promise_says_so() -> None:
    promise = Property("L-01", "Promises", "Whoever waits is answered", "P2", when="visitor is waiting",
                       then="visitor is not waiting", promise=Promise.EVENTUALLY)  # fmt: skip
    unsafe = replace(BY_ID["D-02"], expected="holds", reason="")
    beneath = [BY_ID["D-01"], unsafe, BY_ID["D-04"]]  # D-04 is known to fail
    first, second = checked(promise, beneath=beneath).judgements
    assert (first.prop, first.verdict, first.surprising) == (unsafe, FAILS, True)
    assert first.counterexample is not None
    assert (second.prop, second.verdict) == (promise, HOLDS)
    assert second.note == "on a model that is not safe: D-02"
    assert [each.prop for each in checked(promise, unsafe, beneath=beneath).judgements] == [promise, unsafe]
    assert [each.prop.id for each in checked(BY_ID["D-01"], beneath=beneath).judgements] == ["D-01"]


def test_safety_that_is_broken_beneath_a_bound_comes_first_too() -> None:
    watch = Stopwatch("since_ring", ("ring",), 30)
    bound = Property("T-01", "Time", "Nobody rings for long", "P2", on=("ring",), bound=Bound(watch, 30, 30))
    unsafe = replace(BY_ID["D-02"], expected="holds", reason="")
    first, second = checked(bound, beneath=[unsafe]).judgements
    assert (first.prop, first.verdict, second.prop.id) == (unsafe, FAILS, "T-01")
    assert second.note.endswith("on a model that is not safe: D-02")


@given(st.permutations(SUITE))
def test_the_order_and_company_in_which_properties_are_asked_does_not_matter(suite: list[Property]) -> None:
    some = suite[:4]
    found = {j.prop.id: (j.verdict, j.failing_count) for j in checked(*some).judgements}
    whole = {j.prop.id: (j.verdict, j.failing_count) for j in WHOLE.judgements}
    assert found == {name: whole[name] for name in found}


WHOLE = checked()
