"""What is fair in the workflow's models: what strikes is never owed, what mends is, and a model carries it with it."""

from __future__ import annotations

import pytest
from ccmproof.harness.checker import network_of
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.edit import SetParameter, apply
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.fairness import fairness_of, to_all
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow import EXTENSIONS, SCENARIOS, build, hosts, workflow
from ccmproof.model.workflow.fairness import FAIR, STRIKES, Fair
from ccmproof.model.workflow.scenarios import HEALTHY
from ccmproof.properties.suite import by_id

CORE = expand(workflow())
ALONE = {name: expand(build(Scenario(name, "", None, HEALTHY, (name,)))) for name in EXTENSIONS}
"""The core with one extension."""
OUTSIDE = {hosts.ADMINISTRATOR, hosts.ADVERSARY, hosts.ENVIRONMENT, hosts.USER, ""}
"""Who is no machine of the site's or the client's: what happens to them, and not what they do."""
TURNS = ("connection_point_comes_back", "second_connection_point_comes_back")


def owed(network: Network) -> set[str]:
    assert isinstance(network.fairness, Fair)
    return {event.name for event in network.events if network.fairness.owes(network, event)}


def test_every_event_of_the_core_that_strikes_is_there_and_not_owed() -> None:
    assert STRIKES.keys() <= CORE.event.keys()
    assert STRIKES.keys().isdisjoint(owed(CORE))


@pytest.mark.parametrize("name", EXTENSIONS)
def test_what_an_extension_says_of_fairness_is_of_its_own_events_and_actors(name: str) -> None:
    extension, network = EXTENSIONS[name], ALONE[name]
    assert extension.strikes.keys().isdisjoint(CORE.event.keys())
    not_there = extension.strikes.keys() - network.event.keys()
    assert {each.removeprefix("peer_") for each in not_there} <= STRIKES.keys(), "only what has no image in the mirror"
    assert extension.strikes.keys().isdisjoint(owed(network))
    for actor, good in extension.moments.items():
        network.actor[actor].resolve((good,))
        assert actor not in FAIR.moments
    assert STRIKES.keys().isdisjoint(owed(network))


def test_of_what_comes_from_outside_only_what_mends_is_owed() -> None:
    found = {
        name
        for network in (CORE, *ALONE.values())
        for name in owed(network)
        if network.actor[network.event[name].controller].host in OUTSIDE
    }
    assert found == {
        "tick",
        "crl_traffic_passes_again",
        "user_signs_in",
        "peer_user_signs_in",
        "entra_comes_back",
        "faults_are_over",
        "day_passes",
    }


def test_what_goes_down_and_comes_back_is_owed_one_way() -> None:
    assert set(TURNS) <= owed(CORE)
    assert {"mp_regains_internet"} == owed(ALONE["later"]) - owed(CORE)
    assert {"entra_comes_back"} == owed(ALONE["outage"]) - owed(CORE)


def test_the_groups_are_of_what_is_owed_at_the_good_moments_too() -> None:
    groups = fairness_of(ALONE["later"])
    assert {name for group in groups for name in group.events} == owed(ALONE["later"])
    names = {group.name for group in groups}
    assert "sts_validates_entra_token, while ccmsetup is waiting_for_sts and mp_internet is yes" in names


def test_a_model_carries_its_fairness_whoever_builds_or_edits_it() -> None:
    scenario, asked = SCENARIOS["later"], [by_id()["L-15"]]

    def edited(of: Scenario, /) -> Model:
        return apply(build(of), SetParameter("messaging_drops_on_401", "yes"))

    later = EXTENSIONS["later"]
    fair = FAIR.and_(later.strikes, later.moments)
    assert network_of(scenario, asked, {}).fairness == fair
    assert network_of(scenario, asked, {"device_app": "enabled"}, edited).fairness == fair
    assert fair != FAIR


def test_where_a_model_says_nothing_every_event_is_owed() -> None:
    silent = Network("silent", CORE.actors, CORE.events, CORE.assume)
    assert fairness_of(silent) == to_all(CORE)
    assert {name for group in fairness_of(silent) for name in group.events} == CORE.event.keys()
