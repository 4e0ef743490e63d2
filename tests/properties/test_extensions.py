"""What the extensions' scenarios show: in which environments, by which run; and that nothing in them is idle."""

from __future__ import annotations

import pytest
from ccmproof.harness.checker import check
from ccmproof.harness.report import Judgement
from ccmproof.harness.system import shipped
from ccmproof.model.workflow import workflow
from ccmproof.properties.property import Verdict
from ccmproof.properties.suite import CORE, SUITE, by_id

SYSTEM = shipped()
EXTENDED = [name for name, each in SYSTEM.scenarios.items() if each.extensions]
CORE_EVENTS = {row.event for each in workflow().actors for row in each.rows}
CORE_ACTORS = {each.name for each in workflow().actors}


def judged(scenario: str, name: str, **settings: str) -> Judgement:
    return check(SYSTEM.scenarios[scenario], [by_id()[name]], settings, reach=False).judgements[0]


@pytest.mark.parametrize("extensions", dict.fromkeys(SYSTEM.scenarios[name].extensions for name in EXTENDED))
def test_every_event_and_state_of_an_extension_is_reached(extensions: tuple[str, ...]) -> None:
    events, places, fired, entered = set(), set(), set(), set()
    for scenario in (each for each in SYSTEM.scenarios.values() if each.extensions == extensions):
        reach = check(scenario, [by_id()["S-05"]], runs=False).reach  # the same whatever is asked
        assert reach is not None
        events |= {*reach.events}
        places |= {*reach.places}
        fired |= reach.fired
        entered |= reach.entered
    assert events - CORE_EVENTS - fired == set()
    assert {place for place in places - entered if place[0] not in CORE_ACTORS} == set()


@pytest.mark.parametrize(
    ("scenario", "name", "causes"),
    [
        ("in-flight", "S-21", {"serial_per_account is no"}),
        ("in-flight", "N-09", {"serial_per_account is no", "replies_are_matched is no"}),
        ("in-flight", "SEC-18", {"replies_are_matched is no"}),
    ],
)
def test_what_two_requests_in_flight_break_depends_on_the_readings(scenario: str, name: str, causes: set[str]) -> None:
    judgement = judged(scenario, name)
    assert judgement.verdict is Verdict.FAILS
    assert judgement.as_expected
    assert judgement.causes is not None
    assert {str(cause) for cause in judgement.causes} == causes


def test_trust_on_first_use_protects_nothing_where_tls_does_not() -> None:
    """A stolen key that is revoked is of use only to who meets a client that does not look: /NoCRLCheck."""
    failing = judged("policy", "SEC-22").failing
    assert failing is not None
    found = {
        (each["adversary_key"] == "cmg_key" or each["cmg_compromised"] == "yes")
        and each["signing_certificate_given"] == "no"
        and (each["cmg_revoked"] == "no" or each["nocrlcheck"] == "yes")
        for each in failing
    }
    assert found == {True}
    assert failing.count == 2 * 3 * 3  # device token or not; key, gateway or both; revoked, unchecked or both, not so


def test_a_reply_that_is_matched_may_still_overtake_another_of_the_same_account() -> None:
    """The finding about N-09: matching replies is not enough, if one account may have two requests out."""
    shown = judged("in-flight", "N-09", serial_per_account="no", replies_are_matched="yes").counterexample
    assert shown is not None
    events = [step.event for step in shown.run.steps]
    after = events[events.index("registration_processes_confirmation") + 1 :]
    account = after[0].removesuffix("_asks_by_one")
    assert after == [
        f"{account}_asks_by_one",
        "sts_answers_one",
        f"{account}_asks_by_two",
        "tick",
        "sts_answers_two",
        "reply_two_is_cached",
        "reply_one_is_cached",
    ]


def test_a_client_recovers_from_a_lost_certificate_exactly_where_it_knows_the_entra_properties() -> None:
    cannot = judged("ageing", "R-10").failing
    assert cannot is not None
    assert {(each["properties_given"], each["policy_brings_entra_properties"]) for each in cannot} == {("no", "no")}
    assert cannot.count == 2  # device token or not


@pytest.mark.parametrize(
    ("name", "engine"),
    [
        ("bulk", "networkx"),
        *(pytest.param(each, "oxidd", marks=pytest.mark.long) for each in ("policy", "ageing", "later")),
    ],
)
def test_another_engine_finds_the_same(name: str, engine: str) -> None:
    scenario = SYSTEM.scenarios[name]
    asked = [prop for prop in SYSTEM.asked_in(scenario, SYSTEM.suite, named=False) if SYSTEM.extensions_of(prop)]
    ours, theirs = (check(scenario, asked, engine=each, runs=False) for each in ("symbolic", engine))
    assert (ours.size.states, ours.size.environments) == (theirs.size.states, theirs.size.environments)
    assert ours.reach == theirs.reach
    found = [[(each.verdict, each.failing) for each in report.judgements] for report in (ours, theirs)]
    assert found[0] == found[1]


def test_a_claim_about_an_extension_is_asked_where_that_is_and_the_core_everywhere() -> None:
    for prop in SUITE:
        needs = SYSTEM.extensions_of(prop)
        assert not (prop in CORE and needs), prop.id
        assert {name for name, each in SYSTEM.scenarios.items() if needs <= set(each.extensions)} >= set(prop.asked_in)
    assert {prop.id for prop in SYSTEM.sayable_in(SYSTEM.default)} >= {prop.id for prop in CORE}
