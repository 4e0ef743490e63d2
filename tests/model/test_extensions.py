"""The extensions of the workflow: what they add is written as the core is, and the core is as it was without them."""

from __future__ import annotations

import re

import pytest
from ccmproof.model.kernel.actor import ActorDef, Row
from ccmproof.model.kernel.condition import leaves
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.scenario import Scenario
from ccmproof.model.statements import STATEMENTS
from ccmproof.model.workflow import EXTENSIONS, SCENARIOS, build, hosts, workflow
from ccmproof.model.workflow.scenarios import HEALTHY
from ccmproof.model.workflow.second_client import TWINS
from ccmproof.properties.claims import CLAIMS

CORE = workflow()
CORE_ACTORS = {each.name: each for each in CORE.actors}
CORE_EVENTS = {row.event for each in CORE.actors for row in each.rows}
MIRRORED = {f"{TWINS.prefix}_{event}" for event in CORE_EVENTS}
EXTENDED = {name: each for name, each in SCENARIOS.items() if each.extensions}
MODELS = {name: build(each) for name, each in EXTENDED.items()}
NETWORKS = {name: expand(model) for name, model in MODELS.items()}
WORDS = re.compile(r"[a-z]+(_[a-z0-9]+)*")


def new_rows(name: str) -> list[tuple[str, Row]]:
    """The rows of a scenario's model that the core does not have, each with its actor."""
    return [
        (each.name, row)
        for each in MODELS[name].actors
        for row in each.rows
        if each.name not in CORE_ACTORS or row not in CORE_ACTORS[each.name].rows
    ]


def new_actors(name: str) -> list[ActorDef]:
    return [each for each in MODELS[name].actors if each.name not in CORE_ACTORS]


def test_every_extension_is_in_a_scenario_and_has_its_own_name() -> None:
    assert {extension for each in EXTENDED.values() for extension in each.extensions} == EXTENSIONS.keys()
    assert [name for name, each in EXTENSIONS.items() if each.name != name or not each.doc] == []


def test_an_extension_that_is_not_there_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ModelError, match=r"^there is no extension 'agein' \(did you mean 'ageing'\?\)$"):
        build(Scenario("site", "", None, HEALTHY, ("agein",)))


def test_extensions_add_up() -> None:
    model = build(Scenario("site", "", None, HEALTHY, ("later", "ageing")))
    assert {"policy_brings_entra_properties"} == {each.name for each in model.actors} - CORE_ACTORS.keys()
    moving = {each.name for each in expand(model).moving} - {each.name for each in expand(CORE).moving}
    assert moving == {"tenant", "mp_internet", "pki"}


def test_a_scenario_without_extensions_is_the_core_as_it_is_written() -> None:
    assert build(SCENARIOS["document"]) == CORE.pinned(SCENARIOS["document"].pins)


@pytest.mark.parametrize("name", EXTENDED)
def test_every_citation_is_a_statement_or_a_property(name: str) -> None:
    known = {*STATEMENTS, *CLAIMS}
    cited = [(place, cite) for place, cites in MODELS[name].citations() for cite in cites.split()]
    assert [(place, cite) for place, cite in cited if cite not in known] == []


@pytest.mark.parametrize("name", EXTENDED)
def test_every_new_sending_row_predicate_and_parameter_cites(name: str) -> None:
    rows = new_rows(name)
    assert any(row.sends for _, row in rows)
    assert [f"{actor}/{row.event}" for actor, row in rows if row.sends and not row.cites] == []
    assert [each.name for each in MODELS[name].predicates if not each.cites] == []
    assert [each.name for each in new_actors(name) if each.parameter and not each.cites] == []


@pytest.mark.parametrize("name", EXTENDED)
def test_new_names_are_words_and_every_host_is_there(name: str) -> None:
    there = {value for key, value in vars(hosts).items() if key.isupper() and isinstance(value, str)}
    rows = new_rows(name)
    assert [row.event for _, row in rows if not WORDS.fullmatch(row.event)] == []
    parts = [part for each in new_actors(name) for part in each.name.split(".")]
    assert [part for part in parts if not WORDS.fullmatch(part)] == []
    assert [each.name for each in new_actors(name) if not each.parameter and each.host not in there] == []


@pytest.mark.parametrize("name", EXTENDED)
def test_every_new_parameter_and_datum_is_read_or_written_by_somebody(name: str) -> None:
    network = NETWORKS[name]
    guards = [row.when for each in network.actors for row in each.transitions]
    read = {leaf.actor for guard in guards for leaf in leaves(guard)}
    new = new_actors(name)
    assert [each.name for each in new if each.parameter and each.name not in read] == []
    assert [each.name for each in new if each.record and not network.actor[each.name].transitions] == []


def test_the_certificate_expires_between_connections_only() -> None:
    event = NETWORKS["ageing"].event["pki_certificate_expires"]
    assert (event.controller, str(event.guard)) == ("pki", "connection is closed")


def test_refusals_of_the_extensions_show_a_status() -> None:
    refusals = {
        name: [e.name for e in network.events if e.refusal and e.name not in CORE_EVENTS | MIRRORED]
        for name, network in NETWORKS.items()
    }
    assert refusals == {
        "policy": ["client_rejects_policy"],
        "ageing": ["ccmsetup_has_no_certificate", "registration_has_no_certificate"],
        "later": [],
        "in-flight": ["late_reply_one_is_dropped", "late_reply_two_is_dropped"],
        "bulk": ["mp_refuses_bulk_device", "cmg_refuses_bulk_bearer"],
        **{name: [] for name in ("two-clients", "copied-image", "copied-token")},
        **{name: [] for name in ("blocked", "tenant-off", "outage", "fallback", "passing", "skew")},
    }
