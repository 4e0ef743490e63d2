"""From scenarios and settings to one environment; and a lab's run as one of a scenario of the suite."""

from __future__ import annotations

import re

import pytest
from ccmproof.harness.lab import chosen
from ccmproof.harness.lab.chosen import environment, unused
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.workflow.readings import SWITCHES
from ccmproof.model.workflow.scenarios import HEALTHY


def test_the_usual_lab_is_the_healthy_site() -> None:
    usual = environment(equipment(), None, {})
    assert {name: usual[name] for name in HEALTHY} == HEALTHY


def test_what_a_scenario_settles_is_so_and_settings_come_on_top() -> None:
    ageing = shipped().scenario("document")
    assert environment(equipment(), ageing, {"mp_mode": "ehttp"})["mp_mode"] == "ehttp"
    thief = shipped().scenario("thief")
    settled = environment(equipment(), thief, {})
    assert settled["user_kind"] == "nobody"
    assert settled["adversary_key"] == "none_there"


@pytest.mark.parametrize(
    ("scenario", "brings"),
    [
        ("any-environment", ()),
        ("faults", ("faults",)),
        ("hourly", ("users who come and go", "Entra's disabling of device or user", "an administrator")),
        ("adversary", ("an adversary and a client in disorder",)),
        ("fine", ("ticks of 10 minutes",)),
        ("tenant-off", ("lives that are good at the tick at which they end",)),
    ],
)
def test_what_a_scenario_brings_and_a_run_has_not_can_be_said(scenario: str, brings: tuple[str, ...]) -> None:
    assert unused(shipped().scenario(scenario)) == brings


def test_every_switch_of_the_model_has_words() -> None:
    assert {each.name for each in SWITCHES} == {*chosen._STRIKES}


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
