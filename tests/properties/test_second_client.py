"""What two clients show: who is refused, in which environments, and that a claim and its mirror image agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

import pytest
from ccmproof.harness.checker import check
from ccmproof.harness.report import Judgement, Report
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.symmetry import Swap
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow import SCENARIOS, build
from ccmproof.model.workflow.second_client import TWINS
from ccmproof.properties.property import Property, Verdict
from ccmproof.properties.second_client import PROPERTIES, mirrored
from ccmproof.properties.suite import by_id


def image_of(prop: Property, scenario: Scenario) -> tuple[Property, Swap]:
    network = expand(build(scenario).extended(prop.observers))
    swap = TWINS.swap(network)
    return replace(mirrored(prop, network, swap), id=f"{prop.id}'"), swap


@cache
def report_on(scenario: str) -> Report:
    asked = [prop for prop in PROPERTIES if scenario in prop.asked_in]
    return check(SCENARIOS[scenario], asked, runs=False, reach=False)


def judged(scenario: str, name: str) -> Judgement:
    return report_on(scenario).judgement(name)


def as_set(environments: Iterable[Mapping[str, str]]) -> set[tuple[tuple[str, str], ...]]:
    return {tuple(sorted(each.items())) for each in environments}


@pytest.mark.parametrize(("name", "claims"), [("two-clients", 8), ("copied-image", 12)])
def test_a_claim_and_its_mirror_image_have_one_verdict_in_environments_that_are_images(name: str, claims: int) -> None:
    scenario = SCENARIOS[name]
    asked = [prop for prop in PROPERTIES if name in prop.asked_in and not prop.observers]
    images = [image_of(prop, scenario) for prop in asked]
    assert len(asked) == claims
    report = check(scenario, [*asked, *(image for image, _ in images)], runs=False, reach=False)
    for prop, (image, swap) in zip(asked, images, strict=True):
        of, theirs = report.judgement(prop.id), report.judgement(image.id)
        assert of.verdict is theirs.verdict
        assert of.failing is not None and theirs.failing is not None
        assert as_set(map(swap.environment, of.failing)) == as_set(theirs.failing)
    assert any(prop.on and image.on != prop.on for prop, (image, _) in zip(asked, images, strict=True))


@pytest.mark.long
@pytest.mark.parametrize("prop", [prop for prop in PROPERTIES if prop.observers], ids=lambda prop: str(prop.id))
def test_the_same_of_what_is_watched(prop: Property) -> None:
    scenario = SCENARIOS["two-clients"]
    image, _ = image_of(prop, scenario)
    verdicts = [check(scenario, [each], runs=False, reach=False).judgements[0].verdict for each in (prop, image)]
    assert verdicts == [Verdict.HOLDS, Verdict.HOLDS]


@pytest.mark.long
def test_symmetry_keeps_no_verdict_where_only_one_of_the_two_is_in_disorder() -> None:
    scenario = SCENARIOS["copied-token"]
    image, _ = image_of(by_id()["SEC-21o"], scenario)
    report = check(scenario, [by_id()["SEC-21o"], image], runs=False, reach=False)
    assert [each.verdict for each in report.judgements] == [Verdict.FAILS, Verdict.VACUOUS]
    turned = replace(scenario, pins={**scenario.pins, "in_disorder": "yes", "peer.in_disorder": "no",
                                     "root": "missing", "peer.root": "present",
                                     "properties_given": "yes", "peer.properties_given": "no"})  # fmt: skip
    report = check(turned, [by_id()["SEC-21o"], image], runs=False, reach=False)
    assert [each.verdict for each in report.judgements] == [Verdict.VACUOUS, Verdict.FAILS]


@pytest.mark.parametrize(
    ("scenario", "name", "causes"),
    [
        ("copied-token", "SEC-08o", {"entra_tokens_are_copied is yes", "registration_rebinds is yes"}),
        ("copied-token", "N-06o", {"registration_rebinds is yes"}),
        ("copied-token", "N-15o", {"conflicting_records is kept"}),
        ("copied-image", "N-06d", {"registration_rebinds is no and peer.carried_id is peer"}),
        ("copied-image", "N-15t", {"registration_rebinds is yes"}),
    ],
)
def test_what_one_client_can_do_as_another_depends_on_the_readings(scenario: str, name: str, causes: set[str]) -> None:
    judgement = judged(scenario, name)
    assert (judgement.verdict, judgement.as_expected) == (Verdict.FAILS, True)
    assert judgement.causes is not None
    assert {str(cause) for cause in judgement.causes} == causes


@pytest.mark.long
def test_a_token_shown_in_its_owners_name_is_served_where_nothing_is_signed() -> None:
    shown = check(
        SCENARIOS["copied-token"], [by_id()["SEC-21o"]], {"registration_rebinds": "no"}, reach=False
    ).judgements[0].counterexample  # fmt: skip
    assert shown is not None
    events = [step.event for step in shown.run.steps]
    assert events[-5:] == [
        "peer_client_shows_others_token_in_the_others_name",
        "peer_cmg_forwards_request",
        "peer_cp_switches_to_internal_url",
        "peer_cp_sends_to_mp",
        "peer_mp_gives_site_information",
    ]
    assert not {"peer_mp_registers_client", "peer_ccmsetup_caches_ccm_token"} & {*events}
