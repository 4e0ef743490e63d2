"""Attempts to register: what proves them, in which order, what the site may answer, and when the next one is."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from ccmproof.harness.lab.client import Client, Direct, Join, Work
from ccmproof.harness.lab.network import Kind
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .fakes import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def installed(town: Town, **changes: object) -> Client:
    client = town.configure(**changes) if changes else town.client
    town.do(Work.INSTALL)
    town.site.got.clear()
    town.crossings.clear()
    return client


def test_by_the_devices_token(town: Town) -> None:
    client = installed(town)
    assert client.registration.due() == town.world.clock.now()
    assert town.do(Work.REGISTER) == ["done"]
    (got,) = town.site.got
    assert got.what == "ClientRegistration" and "/CCM_Proxy_ServerAuth/" in got.path
    assert got.path.endswith("/ccm_system/request") and got.headers["ccmtokenauth"] == "0"
    assert got.bearer and got.bearer != client.cache.get("S-1-5-18").token  # type: ignore[union-attr]
    assert client.registration.registered and client.registration.approval == 3
    assert Work.REGISTER not in client.due()
    assert town.do(Work.REGISTER) == ["not_now"]


def test_only_once_the_client_is_installed(town: Town) -> None:
    assert town.do(Work.REGISTER) == ["not_now"]
    assert Work.REGISTER not in town.client.due()


def test_the_message_is_signed_by_the_key_that_it_names(town: Town) -> None:
    installed(town)
    town.do(Work.REGISTER)
    sent = next(each for each in town.crossings if each.kind is Kind.request and b"ClientRegistration" in each.body)
    key = serialization.load_pem_public_key(json.loads(sent.body)["PublicKey"].encode())
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(base64.b64decode(sent.headers["ccmsignature"]), sent.body, ec.ECDSA(hashes.SHA256()))


def test_certificates_are_validated_first_whatever_follows(town: Town) -> None:
    installed(town)
    town.do(Work.REGISTER)
    text = town.logs("ClientIDManagerStartup")
    assert text.index("Begin searching client certificates") < text.index("[RegTask] - Client is registered")


def test_by_a_users_token_where_the_device_gets_none(town: Town) -> None:
    installed(town)
    town.refuse_device_tokens()
    town.wait(hours=2)
    town.sign_in()
    assert town.do(Work.REGISTER) == ["done"]
    assert town.asked_entra() == ["device", "user"]


def test_by_the_certificate_where_no_token_is_to_be_had(town: Town) -> None:
    client = installed(town, certificates=(town.certificate(),))
    town.site.approval = 2
    town.refuse_device_tokens()
    assert town.do(Work.REGISTER) == ["done"]
    got = town.site.last("ClientRegistration")
    assert "/CCM_Proxy_MutualAuth/" in got.path and "authorization" not in got.headers
    assert client.messaging.uses_certificate
    assert town.asked_entra() == [], "a client that was installed by certificate knows no Entra properties"


def test_a_token_comes_before_the_certificate(town: Town) -> None:
    names = town.world.names
    installed(town, certificates=(town.certificate(),), client_app=names.client_app, resource=names.resource)
    assert town.do(Work.REGISTER) == ["done"]
    assert "/CCM_Proxy_ServerAuth/" in town.site.last("ClientRegistration").path


def with_domain(town: Town, **changes: object) -> Client:
    direct = Direct(town.world.names.management_point, (town.corporate.certificate,), lambda: "ticket")
    return installed(town, direct=direct, **changes)


def test_by_the_domain_on_the_direct_path(town: Town) -> None:
    with_domain(town, join=Join.hybrid)
    town.refuse_device_tokens()
    town.wait(hours=2)
    assert town.do(Work.REGISTER) == ["done"]
    got = town.site.last("ClientRegistration")
    assert got.path.endswith("/ccm_system_windowsauth/request")
    assert got.headers["authorization"] == "Negotiate ticket"


def test_not_by_the_domain_where_windows_is_not_joined_to_one(town: Town) -> None:
    with_domain(town, join=Join.entra)
    town.refuse_device_tokens()
    town.wait(hours=2)
    assert town.do(Work.REGISTER) == ["failed"]
    assert town.site.what() == []


def test_by_nothing_where_it_is_set_so_and_the_token_lives(town: Town) -> None:
    client = installed(town, anonymous_fallback=True)
    town.refuse_device_tokens()
    town.wait(hours=2)
    entry = client.cache.get("S-1-5-18")
    assert town.do(Work.REGISTER) == ["done"]
    got = town.site.last("ClientRegistration")
    assert entry is not None and got.bearer == entry.token and got.headers["ccmtokenauth"] == "0"


def test_not_by_nothing_once_the_token_is_dead(town: Town) -> None:
    installed(town, anonymous_fallback=True)
    town.refuse_device_tokens()
    town.wait(hours=8)
    assert town.do(Work.REGISTER) == ["failed"]


def test_nor_where_it_is_not_set_so(town: Town) -> None:
    installed(town)
    town.refuse_device_tokens()
    town.wait(hours=2)
    assert town.do(Work.REGISTER) == ["failed"]
    assert town.site.what() == []


def test_attempts_are_numbered_and_further_and_further_apart(town: Town) -> None:
    client = installed(town)
    town.site.always["ClientRegistration"] = 500
    waits = []
    for _ in range(13):
        town.do(Work.REGISTER)
        due = client.due()[Work.REGISTER]
        waits.append(int((due - town.world.clock.now()).total_seconds()))
        town.world.clock.advance(due - town.world.clock.now())
    assert waits == [15 * 2**n for n in range(11)] + [15360, 15360]
    assert "[RegTask] - Starting registration, attempt 13." in town.logs("ClientIDManagerStartup")


def test_pending_is_asked_again(town: Town) -> None:
    client = installed(town)
    town.site.answers["ClientRegistration"] = [{"Status": 1, "ClientID": "GUID:1"}]
    assert town.do(Work.REGISTER) == ["pending"]
    assert not client.registration.registered
    assert client.due()[Work.REGISTER] > town.world.clock.now()
    assert Work.MESSAGE_SYSTEM not in client.due()
    assert town.do(Work.REGISTER) == ["done"]
    assert "Sending confirmation request" in town.logs("ClientIDManagerStartup")
    assert client.registration.attempts == 1


def test_resend_is_sent_again_at_once(town: Town) -> None:
    client = installed(town)
    town.site.answers["ClientRegistration"] = [{"Status": 2}]
    assert town.do(Work.REGISTER) == ["resend"]
    assert client.due()[Work.REGISTER] == town.world.clock.now()
    assert town.do(Work.REGISTER) == ["done"]


SUCCESS = {"Status": 0, "ClientID": "GUID:1", "Approval": 3}


@pytest.mark.parametrize(
    "said", [(401, {"Status": 3}), {"Status": 3}, 401, {"Status": 7}, {"Status": True}, {}, (500, SUCCESS)]
)
def test_rejected_is_tried_again_later(town: Town, said: object) -> None:
    client = installed(town)
    town.site.answers["ClientRegistration"] = [said]
    assert town.do(Work.REGISTER) == ["failed"]
    assert not client.registration.registered
    assert town.do(Work.REGISTER) == ["done"]


@pytest.mark.parametrize("missing", ["ClientID", "Approval"])
def test_a_confirmation_that_says_too_little_is_none(town: Town, missing: str) -> None:
    client = installed(town)
    said = {key: value for key, value in SUCCESS.items() if key != missing}
    town.site.answers["ClientRegistration"] = [said]
    assert town.do(Work.REGISTER) == ["failed"]
    assert not client.registration.registered


def test_the_assigned_client_id_is_the_clients_from_there_on(town: Town) -> None:
    client = installed(town)
    town.site.answers["ClientRegistration"] = [{"Status": 0, "ClientID": "GUID:ASSIGNED", "Approval": 3}]
    town.do(Work.REGISTER, Work.MESSAGE_SYSTEM)
    assert client.device.client_id == "GUID:ASSIGNED"
    assert town.site.last("sts").body["ClientID"] == "GUID:ASSIGNED"
    assert town.site.last("PolicyRequest").body["ClientID"] == "GUID:ASSIGNED"


def test_what_cannot_be_stored_has_not_happened(town: Town) -> None:
    client = installed(town, state_persists=False)
    assert town.do(Work.REGISTER) == ["failed"]
    assert not client.registration.registered
    assert "SetRegistrationState failed (0x80071770)" in town.logs("ClientIDManagerStartup")
    assert town.do(Work.MESSAGE_SYSTEM) == ["not_now"]


def test_a_client_that_starts_anew_knows_that_it_is_registered(town: Town) -> None:
    client = installed(town)
    town.do(Work.REGISTER)
    again = Client(town.world, town.config, client.device)
    assert again.registration.registered and again.ccmsetup.installed
    assert again.device.client_id == client.device.client_id
