"""Where a parameter decides a verdict it does: with its other value the claim fails, with the promised one it holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ccmproof.harness.checker import check
from ccmproof.model.kernel.condition import actors_of
from ccmproof.model.kernel.expand import expand
from ccmproof.model.workflow import build
from ccmproof.properties.property import Verdict
from ccmproof.properties.suite import SUITE, by_id

from .weakenings import FOREIGNER, WEAKENINGS

DECIDED = [prop.id for prop in SUITE if prop.decided_by]
ELSEWHERE = {
    "SEC-22": {},
    "N-07": FOREIGNER | {"other_tenant_onboarded": "yes", "tenant_match": "onboarded"},
}
"""Where the environment that shows the weakening does not bring the parameter to bear."""


def test_there_are_claims_that_a_parameter_decides() -> None:
    assert DECIDED


@pytest.mark.parametrize("name", DECIDED)
def test_the_parameter_decides(name: str) -> None:
    prop = by_id()[name]
    site = replace(WEAKENINGS[name], where=ELSEWHERE.get(name, WEAKENINGS[name].where)).site
    opened = actors_of(expand(build(site)).condition(prop.decided_by))
    scenario = replace(site, pins={key: value for key, value in site.pins.items() if key not in opened})
    judgement = check(scenario, [prop], dict.fromkeys(sorted(opened), "*"), runs=False, reach=False).judgements[0]
    assert (judgement.verdict, judgement.note) == (Verdict.FAILS, prop.reason or f"only where not ({prop.decided_by})")
    assert judgement.as_expected
    assert 0 < judgement.failing_count < judgement.total
