"""A lab that is driven: ours conforms, and each kind of deviation is found, at its step, in the model's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from ccmproof.harness.lab.client import Client, Outcome
from ccmproof.harness.lab.client.cache import Entry, TokenCache
from ccmproof.harness.lab.client.ccmsetup import Ccmsetup
from ccmproof.harness.lab.client.transport import Transport
from ccmproof.harness.lab.clock import TICK
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.follow import Deviates, Deviation
from ccmproof.harness.lab.conformance.judged import judged
from ccmproof.harness.lab.conformance.machine import Session
from ccmproof.harness.lab.gateway import Gateway
from ccmproof.harness.lab.incoming import Incoming, Refusal
from ccmproof.harness.lab.management_point import ManagementPoint
from ccmproof.harness.lab.registration import RegistrationManager
from ccmproof.harness.lab.sts import TokenService

GO = Choice("go", "client")
ALL = ("INSTALL", "REGISTER", "MESSAGE_SYSTEM")


def worked(session: Session, works: Sequence[str]) -> None:
    """These works, each to its end, nothing striking."""
    for work in works:
        session.do(Choice("work", work))
        while session.driver.held:
            session.do(GO)


def deviation(parts: Mapping[str, type[Any]], works: Sequence[str] = ALL, **changes: str) -> Deviation:
    """Where a lab with these parts leaves the model."""
    session = Session(changes, parts)
    try:
        with pytest.raises(Deviates) as found:
            worked(session, works)
        return found.value.deviation
    finally:
        session.close()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"device_app": "not_enabled", "content_in_cloud": "no"},
        {"pki": "valid"},
        {"mp_mode": "ehttp", "cp_count": "2", "properties_given": "yes"},
        {"tenant_match": "onboarded", "user_kind": "other_tenant", "other_tenant_onboarded": "yes", "os": "old"},
    ],
)
def test_the_lab_conforms(changes: dict[str, str]) -> None:
    """A client is installed and registered and served, in several environments; the run that is told is the model's,
    and breaks no claim that the suite makes of it."""
    session = Session(changes)
    try:
        worked(session, (*ALL, "REFRESH_SETTINGS", "MESSAGE_SYSTEM"))
        (state,) = session.driver.follower.states
        network = session.driver.network
        assert network.as_dict(state)["registration"] == "registered"
        run = session.driver.follower.run()
        assert [step.event for step in run.steps].count("mp_serves_policy") == 2
        assert not [each for each in judged(session.driver.follower.using, run) if not each.known]
    finally:
        session.close()


def test_time_may_pass_while_a_message_is_held() -> None:
    """A token that dies on its way is refused where it arrives, and the lab still conforms."""
    session = Session({})
    try:
        session.do(Choice("work", "INSTALL"))
        while "ccmsetup_sends_sts_request" not in session.driver.held["client"].seen.events:
            session.do(GO)
        session.do(Choice("stimulus", "tick"))
        session.do(Choice("stimulus", "tick"))
        while session.driver.held:
            session.do(GO)
        (state,) = session.driver.follower.states
        assert session.driver.network.as_dict(state)["ccmsetup"] == "attempt_failed"
        events = [step.event for step in session.driver.follower.run().steps]
        assert "cmg_refuses_credential" in events
    finally:
        session.close()


def test_a_request_that_should_be_refused_is_found() -> None:
    """The CMG looks at no tenant: the step says what bars it and which claims it breaks."""

    class Anybody(Gateway):
        def tenant_good(self, token: Any) -> bool:
            return True

        def gives_properties(self, tenant: str) -> bool:
            return True

    found = deviation({"gateway": Anybody}, tenant="disabled")
    assert "cmg_gives_entra_properties" not in str(found)
    assert found.alternatives[0].differs["reply.status"] == ("404", "ok")
    found = deviation({"gateway": Anybody}, tenant="disabled", properties_given="yes")
    assert "tenant is onboarded" in found.alternatives[0].barred
    assert {"SEC-04", "SEC-05a.cmg"} <= set(found.broken)


def test_a_message_that_is_altered_on_its_way_is_found() -> None:
    """The CMG hands on another CcmTokenAuth than it got."""

    class Altering(Gateway):
        def headers_on(self, incoming: Incoming, certificate: Any) -> dict[str, str]:
            return {**super().headers_on(incoming, certificate), "ccmtokenauth": "1"}

    found = deviation({"gateway": Altering})
    assert found.alternatives[0].event == "cmg_forwards_request"
    assert found.alternatives[0].differs == {"request.token_auth": ("no", "yes")}


def test_a_wrong_reply_is_found() -> None:
    """A CCM token of nine hours: T1."""

    class Generous(TokenService):
        def lifetime(self) -> Any:
            return super().lifetime() + TICK

    class Point(ManagementPoint):
        def make_sts(self) -> TokenService:
            return Generous(self)

    found = deviation({"management_point": Point})
    assert found.seen.events == ("mp_answers",)
    assert found.alternatives[0].differs == {"reply.life": ("left_8", "left_9")}


def test_a_reply_that_the_model_does_not_have_is_found() -> None:
    """Some status that no system of the site answers."""

    class Teapot(Gateway):
        async def answer(self, incoming: Incoming) -> Any:
            raise Refusal(418)

    assert deviation({"gateway": Teapot}).alternatives[0].differs["reply.status"][1] == "418"


def test_a_wrong_row_of_the_database_is_found() -> None:
    """A registration that is written otherwise than it is answered."""

    class Forgetful(RegistrationManager):
        def write(self, *args: Any) -> None:
            return

    class Point(ManagementPoint):
        def make_registrations(self) -> RegistrationManager:
            return Forgetful(self)

    found = deviation({"management_point": Point})
    assert found.alternatives[0].differs["site_record.status"] == ("registered", "absent")


def test_a_wrong_entry_of_the_cache_is_found() -> None:
    """The client writes that its token lives longer than it does: S-18."""

    class Hopeful(TokenCache):
        def put(self, sid: str, entry: Entry) -> None:
            super().put(sid, Entry(entry.token, entry.expires + TICK))

    class Theirs(Client):
        cache_class = Hopeful

    found = deviation({"client": Theirs})
    assert found.seen.what == "what lies in the stores"
    assert "cache.system.life" in found.alternatives[0].differs


def test_a_connection_that_should_be_refused_is_found() -> None:
    """The client takes any certificate: SEC-01."""

    class Trusting(Transport):
        async def verify_server(self, chain: Any, host: str) -> None:
            return

    class Theirs(Client):
        transport_class = Trusting

    found = deviation({"client": Theirs}, cmg_name="mismatch")
    assert found.seen.events == ("tls_succeeds",)
    assert "cmg_name is match" in found.alternatives[0].barred


def test_a_message_that_does_not_come_is_found() -> None:
    """ccmsetup ends after it has got its token, and has neither failed nor installed anything."""

    class Lazy(Ccmsetup):
        async def _install_with_credential(self) -> None:
            return

    class Theirs(Client):
        ccmsetup_class = Lazy

    found = deviation({"client": Theirs})
    assert found.seen.what == "the work INSTALL is over"
    assert found.alternatives[0].barred == ("ccmsetup in {attempt_failed, gave_up, installed}",)


def test_a_component_that_ends_with_an_error_is_found() -> None:
    """Its error is none of the interface."""

    class Broken(Ccmsetup):
        async def attempt(self) -> Outcome:
            raise RuntimeError("out of order")

    class Theirs(Client):
        ccmsetup_class = Broken

    assert "RuntimeError: out of order" in deviation({"client": Theirs}).seen.what


def test_only_what_may_be_done_is_offered() -> None:
    """An adversary without abilities, and nobody else's request while the client's is under way."""
    session = Session({})
    try:
        assert not [choice for choice in session.choices if choice.name == "adversary_offers_foreign_token"]
        assert [choice for choice in session.choices if choice.name == "adversary_offers_forged_entra_token"]
        session.do(Choice("work", "INSTALL"))
        assert session.driver.held["client"].seen.events == ("tls_succeeds",)
        assert not [choice for choice in session.choices if choice.what in ("offer", "work")]
        assert Choice("stimulus", "tick") in session.choices
    finally:
        session.close()
