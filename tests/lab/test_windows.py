"""Tickets of the domain: who gets one, for what it is good, and that it is good once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from ccmproof.harness.lab.tokens import Check, Invalid, SigningKey, issue
from ccmproof.harness.lab.windows import TICKET_LIVES, Domain, Negotiate, NoAccount
from ccmproof.harness.lab.world import World
from hypothesis import given, settings
from hypothesis import strategies as st

SERVICE = "mp.corp.example"


@pytest.fixture
def world() -> World:
    return World(Path("nothing is written"))


@pytest.fixture
def domain(world: World) -> Domain:
    return Domain(world)


@pytest.fixture
def negotiate(world: World, domain: Domain) -> Negotiate:
    return Negotiate(world, domain, SERVICE)


def refused(negotiate: Negotiate, header: str) -> Check:
    with pytest.raises(Invalid) as invalid:
        negotiate.computer(header)
    return invalid.value.check


def test_a_computer_of_the_domain_shows_its_account(domain: Domain, negotiate: Negotiate) -> None:
    proof = domain.join("PC0001")
    assert negotiate.computer(f"Negotiate {proof(SERVICE)}") == "PC0001"
    assert negotiate.computer(f"NEGOTIATE {proof(SERVICE)}") == "PC0001"


def test_a_ticket_is_good_once(domain: Domain, negotiate: Negotiate) -> None:
    ticket = domain.join("PC0001")(SERVICE)
    negotiate.computer(f"Negotiate {ticket}")
    assert refused(negotiate, f"Negotiate {ticket}") is Check.lifetime


def test_tickets_are_remembered_as_long_as_they_would_live(world: World, domain: Domain, negotiate: Negotiate) -> None:
    proof = domain.join("PC0001")
    negotiate.computer(f"Negotiate {proof(SERVICE)}")
    world.clock.advance(TICKET_LIVES)
    negotiate.computer(f"Negotiate {proof(SERVICE)}")
    assert len(negotiate._used) == 1


def test_a_ticket_is_good_for_minutes(world: World, domain: Domain, negotiate: Negotiate) -> None:
    ticket = domain.join("PC0001")(SERVICE)
    world.clock.advance(TICKET_LIVES - timedelta(microseconds=1))
    negotiate.computer(f"Negotiate {ticket}")
    late = domain.ticket("PC0001", SERVICE)
    world.clock.advance(TICKET_LIVES)
    assert refused(negotiate, f"Negotiate {late}") is Check.lifetime


def test_for_another_service(domain: Domain, negotiate: Negotiate) -> None:
    assert refused(negotiate, f"Negotiate {domain.join('PC0001')('cp.corp.example')}") is Check.audience


def test_of_another_domain(world: World, negotiate: Negotiate) -> None:
    elsewhere = Domain(world, "elsewhere.example")
    assert refused(negotiate, f"Negotiate {elsewhere.join('PC0001')(SERVICE)}") is Check.issuer


def test_signed_by_somebody_else(world: World, domain: Domain, negotiate: Negotiate) -> None:
    claims = {"iss": domain.issuer, "aud": f"HTTP/{SERVICE}", "sub": "PC0001$", "jti": "one"}
    forged = issue(SigningKey.labelled("test tokens"), claims, TICKET_LIVES, world.clock.now())
    assert refused(negotiate, f"Negotiate {forged}") is Check.signature


@pytest.mark.parametrize("account", ["user", "", None, 7, "$"])
def test_of_nobody_who_is_a_computer(world: World, domain: Domain, negotiate: Negotiate, account: object) -> None:
    claims = {"iss": domain.issuer, "aud": f"HTTP/{SERVICE}", "sub": account, "jti": "one"}
    key = SigningKey.labelled(f"domain {domain.name}")
    ticket = issue(key, claims, TICKET_LIVES, world.clock.now())
    assert refused(negotiate, f"Negotiate {ticket}") is Check.form


@pytest.mark.parametrize("identifier", [None, "", 7])
def test_without_a_number(world: World, domain: Domain, negotiate: Negotiate, identifier: object) -> None:
    claims = {"iss": domain.issuer, "aud": f"HTTP/{SERVICE}", "sub": "PC0001$", "jti": identifier}
    key = SigningKey.labelled(f"domain {domain.name}")
    ticket = issue(key, claims, TICKET_LIVES, world.clock.now())
    assert refused(negotiate, f"Negotiate {ticket}") is Check.lifetime


def test_who_is_not_in_the_domain_gets_none(domain: Domain) -> None:
    with pytest.raises(NoAccount, match="no account"):
        domain.ticket("PC0002", SERVICE)


def test_who_is_disabled_gets_none(domain: Domain) -> None:
    proof = domain.join("PC0001")
    domain.disable("PC0001")
    with pytest.raises(NoAccount):
        proof(SERVICE)


@pytest.mark.parametrize("scheme", ["Bearer", "Basic", "", "Negotiate,"])
def test_another_scheme(domain: Domain, negotiate: Negotiate, scheme: str) -> None:
    assert refused(negotiate, f"{scheme} {domain.join('PC0001')(SERVICE)}") is Check.form


@settings(max_examples=200, deadline=None)
@given(st.text() | st.text().map(lambda text: f"Negotiate {text}"))
def test_any_header(text: str) -> None:
    world = World(Path("nothing is written"))
    refused(Negotiate(world, Domain(world), SERVICE), text)
