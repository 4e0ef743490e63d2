"""The shipped model: its structure, its citations, its names. What it does is judged by the suite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import ActorDef
from ccmproof.model.kernel.condition import Condition, leaves
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.lint import lint
from ccmproof.model.kernel.network import Actor, Network
from ccmproof.model.statements import STATEMENTS
from ccmproof.model.workflow import SCENARIOS, build, hosts, workflow
from ccmproof.model.workflow.document import WALKS
from ccmproof.model.workflow.scenarios import HEALTHY
from ccmproof.properties.claims import CLAIMS
from ccmproof.properties.property import Property, broken
from ccmproof.properties.suite import CORE, SUITE
from transitions import Machine

MODEL = workflow()
NETWORK = expand(MODEL)
ANSWERED_BY_NO_PROPERTY: dict[str, str] = {}
"""The `must` statements that no prohibition of the suite answers for, and why."""

NEVER_TOLD_APART = {
    "join": ("registered not_joined", "neither has a tenant that it could name (I1.2, D1)"),
    "wpj": ("absent unusable", "both keep the device from Entra tokens; cause and remedy differ (A34)"),
    "pki": ("none_there expired untrusted", "ccmsetup takes a valid certificate only (I2.4)"),
    "tenant": ("not_onboarded disabled", "the CMG withholds from both (I1.3)"),
    "crl": ("stale unreachable", "revocation checking is fail-closed (A35)"),
    "mp_internet": ("old yes", "an old management point does not need the internet (A31)"),
}
"""Values of one unknown that no guard distinguishes: they differ for who reads the answer, and not in what happens."""

CONSTANT_FIELDS: dict[str, str] = {}
"""Fields of records that nothing ever writes. The network counts them among its unknowns."""

WRITTEN_ONLY: dict[str, str] = {}
"""Data that effects write and nobody reads."""

SAYS_NO_BY_ITSELF = {
    "ccmsetup_gives_up": "the end of the attempts; each of them has shown why it failed",
    "cmg_returns_reply": "carries the refusal of whoever refused",
    "mp_answers_directly": "carries the refusal of whoever refused",
    "entra_app_is_not_known": "the client asks nobody",
    "no_user_is_signed_in": "the client asks nobody",
}
"""Events that lead to a failure and are no refusals."""

ACTOR_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z][a-z0-9]*(_[a-z0-9]+)*){0,2}")
EVENT_NAME = re.compile(r"[a-z]+(_[a-z0-9]+)*")
STATE_NAME = re.compile(r"[0-9]+|[a-z]+(_[a-z0-9]+)*")
PROPERTY_ID = re.compile(r"(I|S|O|R|E|L|T|N|SEC)-\d{2,3}[a-z]?(\.[a-z]+(_[a-z]+)?)?")


def is_asked(each: ActorDef) -> bool:
    """It is an unknown or a parameter, and no field of a record."""
    return NETWORK.actor[each.name].is_unknown and not each.record


def cited(prop: Property) -> set[str]:
    return set(prop.cites.split())


def known_citations() -> set[str]:
    """Statements, claims, properties, and those that are split among several acceptors (`SEC-07` of `SEC-07.mp`)."""
    return {*STATEMENTS, *CLAIMS, *(prop.id for prop in SUITE), *(prop.id.partition(".")[0] for prop in SUITE)}


def guards(network: Network) -> Iterator[Condition]:
    yield from (row.when for each in network.actors for row in each.transitions)
    yield from (event.guard for event in network.events)


@cache
def told_apart() -> dict[str, set[frozenset[str]]]:
    """For each actor the sets of its states that some guard asks for."""
    found: dict[str, set[frozenset[str]]] = {each.name: set() for each in NETWORK.actors}
    for guard in guards(NETWORK):
        for leaf in leaves(guard):
            found[leaf.actor].add(NETWORK.resolve(leaf))
    return found


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_scenario_has_a_structural_fault(name: str) -> None:
    model = build(SCENARIOS[name])
    assert lint(model, expand(model)) == []


def test_the_healthy_environment_names_every_unknown_and_is_one() -> None:
    open_ones = [each.name for each in NETWORK.unknowns if len(each.initial) > 1]
    assert [name for name in open_ones if NETWORK.actor[name].parameter] == [
        "tenant_match",
        "use_old_on_failed_renewal",
    ]
    assert sorted(HEALTHY) == sorted(open_ones)
    (start,) = product.initial_states(expand(MODEL.pinned(HEALTHY)))
    assert {name: start[NETWORK.position[name]] for name in HEALTHY} == HEALTHY


# Citations


def test_every_citation_is_a_statement_or_a_property() -> None:
    known = known_citations()
    places = [*MODEL.citations(), *((f"property {prop.id}", prop.cites) for prop in SUITE)]
    places += [(f"walk {walk.name}/{step.event}", step.cites) for walk in WALKS.values() for step in walk.steps]
    assert [(place, cite) for place, cites in places for cite in cites.split() if cite not in known] == []


def test_every_sending_row_unknown_parameter_predicate_and_property_cites() -> None:
    silent = [f"{each.name}/{row.event}" for each in MODEL.actors for row in each.rows if row.sends and not row.cites]
    silent += [each.name for each in MODEL.actors if is_asked(each) and not each.cites]
    silent += [each.name for each in (*MODEL.predicates, *MODEL.events) if not each.cites]
    silent += [each.doc for each in MODEL.assumptions if not each.cites]
    silent += [prop.id for prop in SUITE if not prop.cites]
    assert silent == []


@pytest.mark.parametrize("kind", ["must", "state", "transition"])
def test_every_statement_of_the_document_is_in_the_model(kind: str) -> None:
    there = {cite for _, cites in MODEL.citations() for cite in cites.split()}
    wanted = [each.id for each in STATEMENTS.values() if each.kind == kind]
    assert wanted
    assert [name for name in wanted if name not in there] == []


def test_every_must_is_answered_for_by_a_claim_and_not_only_by_a_possibility() -> None:
    answered = {cite for prop in SUITE if not prop.possible for cite in cited(prop)}
    open_ones = [each.id for each in STATEMENTS.values() if each.kind == "must" and each.id not in answered]
    assert open_ones == list(ANSWERED_BY_NO_PROPERTY)


def test_every_property_of_the_suite_cites_a_statement_of_the_document() -> None:
    assert [prop.id for prop in SUITE if not cited(prop) & STATEMENTS.keys()] == []


# Actors


@pytest.mark.parametrize("each", NETWORK.actors, ids=lambda each: each.name)
def test_every_actor_is_a_genuine_machine(each: Actor) -> None:
    made = each.machine()
    assert isinstance(made, Machine)
    assert list(made.states) == list(each.states)
    assert made.initial == each.initial[0]
    assert set(made.get_triggers(*each.states)) == each.alphabet
    rows = {(event, source, row.target(source)) for event, rows in each.by_event.items() for row in rows
            for source in row.sources}  # fmt: skip
    assert {(t.name, s.source, s.dest) for t in made.events.values() for s in made.get_transitions(t.name)} == rows


def test_every_unknown_and_parameter_is_read_by_a_guard() -> None:
    asked = told_apart()
    assert [each.name for each in MODEL.actors if is_asked(each) and not asked[each.name]] == []


def test_no_guard_asks_for_all_states_or_for_none() -> None:
    odd = [
        (name, sorted(states))
        for name, sets in told_apart().items()
        for states in sets
        if not states or len(states) == len(NETWORK.actor[name].states)
    ]
    assert odd == []


def test_values_that_nothing_tells_apart_are_those_that_are_known() -> None:
    found = {}
    for each in filter(is_asked, MODEL.actors):
        sets = sorted(told_apart()[each.name], key=sorted)
        alike: dict[tuple[bool, ...], list[str]] = {}
        for value in each.states:
            alike.setdefault(tuple(value in states for states in sets), []).append(value)
        same = [" ".join(values) for values in alike.values() if len(values) > 1]
        if same:
            found[each.name] = same
    assert found == {name: [values] for name, (values, _) in NEVER_TOLD_APART.items()}


def test_every_datum_is_read_by_a_guard_or_a_property() -> None:
    """What has no rows of its own is written by effects only; written and never read it would say nothing."""
    asked = told_apart()
    claims = {leaf.actor for prop in CORE for leaf in leaves(broken(prop, watched(prop)))}
    data = [each.name for each in MODEL.actors if not each.rows and NETWORK.actor[each.name].transitions]
    assert len(data) > 40
    assert [name for name in data if not asked[name] and name not in claims] == list(WRITTEN_ONLY)


def test_every_field_of_a_record_is_written() -> None:
    fields = [each.name for each in MODEL.actors if each.record]
    assert len(fields) > 50
    assert [name for name in fields if NETWORK.actor[name].is_unknown] == list(CONSTANT_FIELDS)


def watched(prop: Property) -> Network:
    """The network with the property's observers."""
    return expand(MODEL.extended(prop.observers)) if prop.observers else NETWORK


# Refusals


def test_every_reply_that_is_an_error_is_a_refusal_that_shows_a_status() -> None:
    errors = {
        row.event: effect.values
        for each in MODEL.actors
        for row in each.rows
        for effect in row.effect
        if effect.target == "reply.status" and set(effect.values) & {"401", "403", "404", "500"}
    }
    assert len(errors) > 20
    silent = [name for name in errors if not (NETWORK.event[name].refusal and NETWORK.event[name].status)]
    assert silent == []
    wrong = {
        name: (NETWORK.event[name].status, values)
        for name, values in errors.items()
        if re.match(r"[45]\d\d\b", NETWORK.event[name].status) and NETWORK.event[name].status[:3] not in values
    }
    assert wrong == {}


def test_whatever_leads_to_a_failure_is_a_refusal_or_carries_one() -> None:
    failures = {"attempt_failed", "denied", "device_failed", "gave_up"}
    leading = dict.fromkeys(row.event for each in MODEL.actors for row in each.rows if row.dest in failures)
    assert [name for name in leading if not NETWORK.event[name].refusal and name not in SAYS_NO_BY_ITSELF] == []
    assert [name for name in SAYS_NO_BY_ITSELF if name not in leading or NETWORK.event[name].refusal] == []


def test_every_refusal_shows_a_status() -> None:
    refusals = [event for event in NETWORK.events if event.refusal]
    assert len(refusals) > 40
    assert [event.name for event in refusals if not event.status.strip()] == []


# Names


def test_names_are_words_in_lower_case_joined_by_underscores() -> None:
    assert [each.name for each in MODEL.actors if not ACTOR_NAME.fullmatch(each.name)] == []
    assert [each.name for each in NETWORK.events if not EVENT_NAME.fullmatch(each.name)] == []
    assert [each.name for each in MODEL.predicates if not EVENT_NAME.fullmatch(each.name)] == []
    states = [(each.name, state) for each in MODEL.actors for state in (*each.states, *each.groups)]
    assert [found for found in states if not STATE_NAME.fullmatch(found[1])] == []
    assert [prop.id for prop in SUITE if not PROPERTY_ID.fullmatch(prop.id)] == []


def test_what_is_not_there_is_called_none_only_in_a_record_or_a_datum() -> None:
    """`none` beside `is` reads as a keyword to some: actors that move by rows and unknowns say it in words."""
    fields = {each.name for each in MODEL.actors if each.record or "." in each.name}
    assert [each.name for each in MODEL.actors if "none" in each.states and each.name not in fields] == []


def test_every_actor_lives_on_a_host_that_is_there() -> None:
    there = {value for name, value in vars(hosts).items() if name.isupper() and isinstance(value, str)}
    assert {each.host for each in MODEL.actors if not each.parameter} == there - {hosts.PEER}
    assert {each.host for each in MODEL.actors if each.parameter} == {""}
