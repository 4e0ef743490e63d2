"""The computed bounds of the workflow, what makes them, and how they move when a duration or a check does (13.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ccmproof.harness.checker import check
from ccmproof.harness.report import Computed, Judgement
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.edit import Edit, SetPredicate, apply
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow import build
from ccmproof.properties.in_time import PROPERTIES
from ccmproof.properties.property import Property
from ccmproof.properties.suite import by_id

SYSTEM = shipped()
BOUNDS = {
    "half-hourly": {"SEC-15a": "9 h 30", "SEC-15b": "17 h 30", "SEC-15c": "17 h 30"},
    "blocked": {"SEC-17b": "8 h 00", "SEC-17c": "8 h 00"},
    "tenant-off": {"N-13": "25 h 00"},
    "outage": {"N-18": "7 h 30", "L-18": "7 h 30", "L-18o": "7 h 30"},
    "fallback": {"SEC-15u": "9 h 30", "N-11t": "1 h 30", "N-11n": "1 h 30"},
    "skew": {"N-02": "0 h 00", "N-02f": "0 h 00"},
}
"""Over all environments."""
PROMISED = {"L-18o": "8 h 00", "N-02": "0 h 30"}
"""Where a condition decides that the claim holds, in these environments alone."""
DEVICE_ALONE = {"user_kind": "nobody", "content_in_cloud": "yes", "device_app": "enabled"}


def judged(scenario: str | Scenario, prop: Property, *edits: Edit, runs: bool = False, **settings: str) -> Judgement:
    def edited(of: Scenario, more: dict[str, str] | None = None, /) -> Model:
        return apply(build(of, more or {}), *edits)

    of = SYSTEM.scenarios[scenario] if isinstance(scenario, str) else scenario
    report = check(
        of, [prop], settings, build=edited, order=SYSTEM.order_of(of), runs=runs, kept_bounds=runs, reach=False
    )
    return report.judgements[0]


def hours(judgement: Judgement) -> str:
    """The computed bound."""
    return in_hours(judgement.bound)


def in_hours(bound: Computed | None) -> str:
    assert bound is not None
    assert bound.minutes is not None, bound
    return "{} h {:02}".format(*divmod(bound.minutes, 60))


@pytest.mark.parametrize("scenario", BOUNDS)
def test_the_bounds_of_a_scenario(scenario: str) -> None:
    report = check(SYSTEM.scenarios[scenario], [by_id()[name] for name in BOUNDS[scenario]], runs=False, reach=False)
    assert {each.prop.id: hours(each) for each in report.judgements} == BOUNDS[scenario]
    promised = {each.prop.id: each.bound.promised for each in report.judgements if each.bound}
    found = {name: in_hours(bound) for name, bound in promised.items() if bound is not None}
    assert found == {name: PROMISED[name] for name in BOUNDS[scenario] if name in PROMISED}
    assert [each.prop.id for each in report.judgements if not each.as_expected] == []


def test_every_claim_in_time_is_asked_in_one_scenario_that_can_tell() -> None:
    assert {prop.id: prop.asked_in for prop in PROPERTIES} == {
        name: (scenario,) for scenario, names in BOUNDS.items() for name in names
    }
    assert [prop.id for prop in PROPERTIES if prop.at(SYSTEM.scenarios[prop.asked_in[0]]).untold] == []


def test_the_run_that_attains_nine_and_a_half_hours() -> None:
    """The token is checked at the last moment of its life, and the one that it bought is used at its last moment."""
    shown = judged("half-hourly", by_id()["SEC-15a"], runs=True, **DEVICE_ALONE).counterexample
    assert shown is not None
    told = [
        (step.event, shown.run.states[number]["since_device_disabled"]) for number, step in enumerate(shown.run.steps)
    ]
    assert [(event, at) for event, at in told if event in ("entra_disables_device", "sts_issues_token")] == [
        ("entra_disables_device", "off"),
        ("sts_issues_token", "3"),
    ]
    assert told[-1] == ("mp_gives_site_information", "19")


def test_without_closed_lives_each_of_two_lives_would_hide_a_tick() -> None:
    """Why a longest time is not asked there: eight and a half hours would be proved, which is too good."""
    scenario = replace(SYSTEM.scenarios["half-hourly"], closed=False)
    prop = by_id()["SEC-15a"]
    assert prop.at(scenario).untold
    read = replace(prop, untold="").at(replace(scenario, closed=True))
    assert hours(judged(scenario, read, **DEVICE_ALONE)) == "8 h 30"


@pytest.mark.parametrize("tick", [15, 10])
def test_the_bound_is_the_same_at_finer_ticks(tick: int) -> None:
    scenario = replace(SYSTEM.scenarios["half-hourly"], tick=tick)
    assert hours(judged(scenario, by_id()["SEC-15a"], **DEVICE_ALONE)) == "9 h 30"


def lasting(scenario: str, **minutes: int) -> Scenario:
    """The scenario with some durations of another length."""
    return replace(SYSTEM.scenarios[scenario], durations={name: (each, each) for name, each in minutes.items()})


def test_a_ccm_token_of_a_day_moves_the_bounds() -> None:
    for name, bound in (("SEC-15a", "25 h 30"), ("SEC-15b", "33 h 30")):
        judgement = judged(lasting("half-hourly", ccm_token=24 * 60), by_id()[name], **DEVICE_ALONE)
        assert (hours(judgement), judgement.surprising) == (bound, True)
    assert hours(judged(lasting("blocked", ccm_token=24 * 60), by_id()["SEC-17b"], **DEVICE_ALONE)) == "8 h 00"


def test_renewal_at_half_life_moves_what_an_outage_costs_and_no_bound_of_security() -> None:
    outage = lasting("outage", margin=4 * 60)
    assert hours(judged(outage, by_id()["L-18"], use_old_on_failed_renewal="no")) == "4 h 00"
    assert hours(judged(outage, by_id()["L-18o"], use_old_on_failed_renewal="yes")) == "8 h 00"
    assert hours(judged(outage, by_id()["N-18"], use_old_on_failed_renewal="no")) == "4 h 00"
    assert hours(judged(lasting("half-hourly", margin=4 * 60), by_id()["SEC-15a"], **DEVICE_ALONE)) == "9 h 30"


def test_a_tenant_is_out_after_33_hours_where_the_endpoints_do_not_look_at_it_themselves() -> None:
    """The domain's 25 h and 8 h: a request that was sent in time waits before a management point that does not look."""
    judgement = judged("tenant-off", by_id()["N-13"], SetPredicate("mp_tenant_good", "true"), user_kind="nobody")
    assert hours(judgement) == "33 h 00"
    assert judgement.note == "the Entra access token of 60 to 90 min counts as 60 to 120 min"


@pytest.mark.parametrize(
    ("clock", "recheck", "bound"),
    [("right", "yes", "0 h 40"), ("ahead", "yes", "0 h 30"), ("right", "no", "0 h 10"), ("ahead", "no", "0 h 00")],
)
def test_what_the_margin_gives_is_its_length_and_a_tick_less_the_skew(clock: str, recheck: str, bound: str) -> None:
    """A token is fresh with more than the margin left, which is at least a tick more: within one tick of 30 and 20 min.

    One that is sent as it was renewed, without a second look, may be close to its end already.
    """
    judgement = judged("skew", by_id()["N-02"], site_clock=clock, recheck_after_renewal=recheck)
    assert hours(judgement) == bound
