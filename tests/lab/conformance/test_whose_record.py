"""Whose a ClientID is once somebody has registered it: lab and model say the same (R1.3, A40, N-06)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.machine import Session

ONES_OWN_WAY = {"direct": "yes", "mp_mode": "ehttp", "anonymous_fallback": "yes", "user_kind": "nobody"}
"""A site on whose direct path anybody may register, and a client that may do so without proof."""
UNPROVEN = Choice("offer", "adversary_offers_no_token", ("registration", "no", "client", "offer_goes_directly"))
INSTALL, REGISTER = Choice("work", "INSTALL"), Choice("work", "REGISTER")
LATER = ("entra_disables_device", "tick", "tick", "tick")
"""What leaves the client without an Entra token, behind a CCM token that is still alive."""


@pytest.fixture(params=[{}], ids=str)
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    made = Session({**ONES_OWN_WAY, **request.param})
    yield made
    made.close()


def elsewhere(*changes: dict[str, str]) -> pytest.MarkDecorator:
    """In other environments."""
    return pytest.mark.parametrize("session", changes, ids=str, indirect=True)


def to_its_end(session: Session, choice: Choice, sender: str) -> str:
    """What the management point has made of a registration that is let go as it comes."""
    begun = len(session.driver.follower.run().steps)
    session.do(choice)
    while sender in session.driver.held:
        session.do(Choice("go", sender))
    steps = session.driver.follower.run().steps[begun:]
    return next(step.event for step in reversed(steps) if step.event.startswith(("mp_registers", "mp_rejects")))


def strike(session: Session, *events: str) -> None:
    for event in events:
        session.do(Choice("stimulus", event))


def install(session: Session) -> None:
    session.do(INSTALL)
    while "client" in session.driver.held:
        session.do(Choice("go", "client"))


def whose(session: Session) -> str:
    return session.driver.follower.run().states[-1]["site_record.device"]


def test_who_has_registered_a_free_client_id_may_do_so_again(session: Session) -> None:
    for _ in range(2):
        assert to_its_end(session, UNPROVEN, "adversary") == "mp_registers_client"
        assert whose(session) == "stranger"


def test_a_client_without_proof_may_not_take_what_is_anothers(session: Session) -> None:
    to_its_end(session, UNPROVEN, "adversary")
    install(session)
    strike(session, *LATER)
    assert to_its_end(session, REGISTER, "client") == "mp_rejects_rebinding"
    assert whose(session) == "stranger"


def test_a_proof_takes_it_over_for_good(session: Session) -> None:
    """The key of whoever had it before is forgotten: a ClientID is one device's at a time."""
    to_its_end(session, UNPROVEN, "adversary")
    install(session)
    assert to_its_end(session, REGISTER, "client") == "mp_registers_client"
    assert whose(session) == "client"
    assert to_its_end(session, UNPROVEN, "adversary") == "mp_rejects_rebinding"


def test_what_was_deleted_is_free_and_then_whose_who_takes_it(session: Session) -> None:
    install(session)
    to_its_end(session, REGISTER, "client")
    strike(session, "administrator_deletes_client")
    assert whose(session) == "nobody"
    assert to_its_end(session, UNPROVEN, "adversary") == "mp_registers_client"
    assert whose(session) == "stranger"


ALTAUTH = {"mp_mode": "https", "altauth": "yes"}


@elsewhere({"join": "hybrid"}, {**ALTAUTH, "pki": "valid"}, {**ALTAUTH, "pki": "valid", "install_prefers": "token"})
def test_other_proofs_take_over_what_nothing_has_proven(session: Session) -> None:
    """Though the site knows an Entra device that uses the ClientID: they do not prove another."""
    install(session)
    to_its_end(session, UNPROVEN, "adversary")
    strike(session, *LATER)
    assert to_its_end(session, REGISTER, "client") == "mp_registers_client"
    assert whose(session) == "client"


OF_ANOTHER_TENANT = Choice(
    "offer", "adversary_offers_foreign_token", ("registration", "yes", "client", "offer_goes_to_the_cmg")
)


@elsewhere({**ALTAUTH, "adversary_account": "other_tenant", "other_tenant_onboarded": "yes",
            "tenant_match": "onboarded"})  # fmt: skip
def test_a_key_that_nothing_has_proven_vouches_for_no_other_device(session: Session) -> None:
    to_its_end(session, UNPROVEN, "adversary")
    assert to_its_end(session, OF_ANOTHER_TENANT, "adversary") == "mp_rejects_rebinding"
