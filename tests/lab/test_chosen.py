"""From scenarios and settings to one environment; and a lab's run as one of a scenario of the suite."""

from __future__ import annotations

import re

import pytest
from ccmproof.harness.lab.chosen import environment
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.workflow.scenarios import HEALTHY


def test_the_usual_lab_is_the_healthy_site() -> None:
    chosen = environment(equipment(), None, {})
    assert {name: chosen[name] for name in HEALTHY} == HEALTHY


def test_what_a_scenario_settles_is_so_and_settings_come_on_top() -> None:
    ageing = shipped().scenario("document")
    assert environment(equipment(), ageing, {"mp_mode": "ehttp"})["mp_mode"] == "ehttp"
    thief = shipped().scenario("thief")
    chosen = environment(equipment(), thief, {})
    assert chosen["user_kind"] == "nobody"
    assert chosen["adversary_key"] == "none_there"


@pytest.mark.parametrize(
    ("scenario", "settings", "says"),
    [
        ("two-clients", {}, "nothing of what the scenario 'two-clients' adds to the model: second_client"),
        ("", {"crl": "*"}, "one site and one device"),
        ("", {"crl": "fresh,stale"}, "one site and one device"),
        ("", {"faults_happen": "on"}, "no switch says what strikes in a lab"),
        ("", {"rot": "present"}, "there is no unknown 'rot' (did you mean 'root'?)"),
        ("", {"root": "there"}, "root is never 'there' in a lab"),
        ("", {"join": "not_joined"}, "the model assumes that"),
    ],
)
def test_what_no_lab_can_be_is_refused(scenario: str, settings: dict[str, str], says: str) -> None:
    with pytest.raises(ModelError, match=re.escape(says)):
        environment(equipment(), shipped().scenario(scenario) if scenario else None, settings)
