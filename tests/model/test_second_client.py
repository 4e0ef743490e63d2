"""The second client: it is the core's client once more, the servers deal with both alike, and the core is untouched."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ccmproof.model.kernel.condition import actors_of
from ccmproof.model.kernel.edit import Edit, SetGuard, SetPredicate, apply
from ccmproof.model.kernel.expand import Expansion, expand
from ccmproof.model.kernel.lint import refuse
from ccmproof.model.kernel.network import Network
from ccmproof.model.kernel.symmetry import asymmetries, is_symmetric
from ccmproof.model.workflow import SCENARIOS, build, workflow
from ccmproof.model.workflow.scenarios import HEALTHY
from ccmproof.model.workflow.second_client import OWN_UNKNOWNS, SHARED, TWINS, both

MODELS = {name: build(SCENARIOS[name]) for name in ("two-clients", "copied-image", "copied-token")}
EXPANSIONS = {name: Expansion(model) for name, model in MODELS.items()}
NETWORKS: Mapping[str, Network] = {name: of.network() for name, of in EXPANSIONS.items()}
NETWORK = NETWORKS["two-clients"]
SWAP = TWINS.swap(NETWORK)


WRITE_RECORDS = ("mp_registers_client", "mp_leaves_registration_pending")
"""The events on one line that write the record of the other's ClientID, where that is the one that is named."""


@pytest.mark.parametrize("name", MODELS)
def test_nothing_is_left_unsaid(name: str) -> None:
    assert refuse(MODELS[name], EXPANSIONS[name]) is NETWORKS[name]


def test_the_whole_workflow_is_there_twice_but_for_what_is_shared() -> None:
    core = {each.name: each for each in workflow().actors}
    once = {name for name in core if f"peer.{name}" not in NETWORK.actor}
    assert once == {*SHARED, *(name for name, each in core.items() if each.parameter)}
    moving = {each.name for each in NETWORK.moving if not each.data} & once
    assert moving == {
        "administrator",
        "site_server",
        "time",
        "crl_path",
        "connection_point.service",
        "second_connection_point.service",
    }
    assert {name for name in OWN_UNKNOWNS if f"peer.{name}" not in NETWORK.actor} == set()


def test_what_happens_to_both_at_once_is_time_and_the_signing_key_alone() -> None:
    sides = [({*SWAP.actors}, {*SWAP.actors.values()}), ({*SWAP.actors.values()}, {*SWAP.actors})]
    both_move = [event.name for event in NETWORK.events if all({*event.participants} & side for side, _ in sides)]
    assert {name for name in both_move if not name.endswith(WRITE_RECORDS)} == {
        "tick",
        "administrator_renews_signing_key",
    }


def test_a_line_carries_its_own_clients_messages_only() -> None:
    """No row of a client's own reads or takes what is on the other's line."""
    for name, peer in SWAP.actors.items():
        if NETWORK.actor[name].host != "client":
            continue
        read = {each for row in NETWORK.actor[name].transitions for each in actors_of(row.when)}
        assert not [each for each in read if each.startswith(("peer.request", "peer.reply", "peer.line"))], name
        read = {each for row in NETWORK.actor[peer].transitions for each in actors_of(row.when)}
        assert not [each for each in read if each.startswith(("request.", "reply.", "line"))], peer


@pytest.mark.parametrize("name", ["two-clients", "copied-image"])
def test_the_two_clients_are_symmetric(name: str) -> None:
    assert is_symmetric(NETWORKS[name], TWINS.swap(NETWORKS[name]))


def test_where_one_of_the_two_is_in_disorder_that_is_all_that_differs() -> None:
    odd = ["root", "properties_given", "in_disorder"]
    assert asymmetries(NETWORKS["copied-token"], TWINS.swap(NETWORKS["copied-token"])) == (
        *(f"{name}: its initial states are not those of peer.{name}" for name in odd),
        *(f"peer.{name}: its initial states are not those of {name}" for name in odd),
    )


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (
            SetPredicate("peer_mp_owner_is_caller", "true"),
            "management_point/mp_serves_policy: peer.management_point does otherwise",
        ),
        (
            SetGuard("registration", "registration_tries_again", "false"),
            "registration/registration_tries_again: peer.registration does otherwise",
        ),
        (
            SetGuard("administrator", "administrator_deletes_client", "administrator_acts is on"),
            "administrator/administrator_deletes_client: administrator does otherwise",
        ),
    ],
)
def test_an_edit_of_one_client_alone_is_noticed(edit: Edit, line: str) -> None:
    network = expand(apply(MODELS["two-clients"], edit))
    assert line in asymmetries(network, TWINS.swap(network))


def test_pins_are_the_same_for_both_in_the_mirror() -> None:
    assert both({"wpj": "absent", "crl": "stale", "carried_id": ("client",)}) == {
        "wpj": "absent",
        "peer.wpj": "absent",
        "crl": "stale",
        "carried_id": ("client",),
        "peer.carried_id": ("peer",),
    }
    assert {name.removeprefix("peer.") for name in both(HEALTHY) if name.startswith("peer.")} == {
        "join", "wpj", "os", "pki", "root", "nocrlcheck", "properties_given", "state_persists", "direct", "user_kind",
        "user_discovered",
    }  # fmt: skip
