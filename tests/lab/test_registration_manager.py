"""The registration manager: which proof counts where, what approval it gives, and whose a ClientID is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.lab.database import Approval, Known, Mark, Proof, Status
from ccmproof.harness.lab.endpoints import ALTAUTH_MESSAGES, WINDOWS_MESSAGES
from ccmproof.harness.lab.management_point import Approving, ManagementPoint, Mode
from ccmproof.harness.lab.pki import Use
from ccmproof.harness.lab.registration import Outcome, RegistrationManager
from sqlalchemy import Connection

from .test_gateway import BAD_TOKENS
from .whole_site import (
    CLIENT_ID,
    DEVICE,
    KEY,
    OTHER_DEVICE,
    OTHER_ID,
    OTHER_KEY,
    WholeSite,
    public,
    signature,
)

HTTPS: dict[str, Any] = {"mode": Mode.https}
EHTTP: dict[str, Any] = {"mode": Mode.ehttp}
HTTP: dict[str, Any] = {"mode": Mode.http}
REJECTED = {"Status": 3, "ClientID": CLIENT_ID, "Approval": None}


def lines(site: WholeSite) -> list[str]:
    log = site.log(site.names.management_point, "MP_RegistrationManager")
    return [each.split("[LOG[")[1].split("]LOG]")[0] for each in log.splitlines()]


def by_entra(site: WholeSite) -> int:
    return result(site.register(site.entra_token()))


def by_user(site: WholeSite) -> int:
    return result(site.register(site.entra_token(user=True)))


def by_certificate(site: WholeSite) -> int:
    return result(site.register(identity=site.certificate))


def by_ccm_token(site: WholeSite) -> int:
    return result(site.register(site.ccm_token()))


def by_nothing(site: WholeSite) -> int:
    return result(site.register(direct=True))


def by_windows(site: WholeSite) -> int:
    ticket = site.domain.join("PC0001")(site.names.management_point)
    body = {"Message": "ClientRegistration", "ClientID": CLIENT_ID, "PublicKey": public(KEY)}
    plain = site.management_point.config.mode is Mode.http
    return result(
        site.send(
            WINDOWS_MESSAGES, body, host=site.names.management_point, Authorization=f"Negotiate {ticket}", plain=plain
        )
    )


def by_altauth(site: WholeSite, key: Any = KEY) -> int:
    return result(site.register(direct=True, endpoint=ALTAUTH_MESSAGES, key=key))


def result(reply: Any) -> int:
    """The approval, or -1 where it was rejected."""
    if reply.status_code == 401:
        assert reply.json()["Status"] == 3
        return -1
    assert reply.status_code == 200 and reply.json()["Status"] == 0, reply.status_code
    return int(reply.json()["Approval"])


PROOFS: list[tuple[Callable[[WholeSite], int], dict[str, Any], int]] = [
    (by_entra, HTTPS, 3), (by_entra, EHTTP, 3),
    (by_user, HTTPS, 3), (by_user, EHTTP, -1), (by_user, EHTTP | {"ehttp_takes_user_registration": True}, 3),
    (by_certificate, HTTPS, 2), (by_certificate, EHTTP, -1),
    (by_ccm_token, HTTPS, -1), (by_ccm_token, EHTTP, 0), (by_ccm_token, EHTTP | {"approving": Approving.all}, 1),
    (by_ccm_token, HTTPS | {"https_takes_anonymous": True}, 0),
    (by_nothing, HTTPS, -1), (by_nothing, EHTTP, 0), (by_nothing, HTTP, 0),
    (by_nothing, EHTTP | {"approving": Approving.all}, 1), (by_nothing, EHTTP | {"approving": Approving.manual}, 0),
    (by_nothing, HTTPS | {"https_takes_anonymous": True}, 0), (by_nothing, HTTPS | {"altauth": True}, -1),
    (by_windows, HTTPS, 1), (by_windows, EHTTP, 1), (by_windows, HTTP, 1),
    (by_windows, HTTPS | {"approving": Approving.manual}, 0), (by_windows, HTTPS | {"domain": None}, -1),
    (by_altauth, HTTPS | {"altauth": True}, 1), (by_altauth, HTTPS, -1), (by_altauth, EHTTP | {"altauth": True}, 0),
    (by_altauth, HTTPS | {"altauth": True, "approving": Approving.manual}, 1),
    (by_altauth, HTTPS | {"altauth": True, "https_takes_anonymous": True}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("how", "changes", "approval"), PROOFS)
def test_a_proof_counts_where_it_does_and_gives_its_approval(
    tmp_path: Path, how: Callable[[WholeSite], int], changes: dict[str, Any], approval: int
) -> None:
    site = WholeSite(tmp_path, changes)
    assert how(site) == approval
    device = site.database.device(CLIENT_ID)
    assert (device.approval if device else -1) == approval


@pytest.fixture
def site(tmp_path: Path) -> WholeSite:
    return WholeSite(tmp_path)


def test_the_log_and_the_record_tell_who_was_registered(site: WholeSite) -> None:
    by_entra(site)
    assert lines(site) == [
        f"Registering device using AAD auth: DeviceId='{DEVICE}', TenantId='{site.names.tenant}'",
        f"Processing Registration request from Client '{CLIENT_ID}'",
        f"Registration of client '{CLIENT_ID}' succeeded",
    ]
    (device,) = site.database.devices()
    assert (device.status, device.proof, device.name) == (Status.registered, Proof.entra, "PC0001")
    assert Known(Mark.entra, DEVICE) in site.database.known(CLIENT_ID)


@pytest.mark.parametrize(
    "what", sorted(set(BAD_TOKENS) - {"no token", *(n for n in BAD_TOKENS if n.startswith("CCM"))})
)
def test_a_bad_token_proves_nothing_and_is_not_taken_for_none(tmp_path: Path, what: str) -> None:
    site = WholeSite(tmp_path, EHTTP)
    reply = site.register(BAD_TOKENS[what](site), direct=True)
    assert (reply.status_code, reply.json()) == (401, REJECTED)
    assert not site.database.devices()
    assert lines(site)[-1] == f"Rejecting registration request from Client '{CLIENT_ID}'"


@pytest.mark.parametrize("what", [*(name for name in BAD_TOKENS if name.startswith("CCM token")), "unsigned"])
def test_a_ccm_token_is_as_good_as_none_whatever_is_wrong_with_it(tmp_path: Path, what: str) -> None:
    site = WholeSite(tmp_path, EHTTP)
    token = BAD_TOKENS[what](site) if what in BAD_TOKENS else f"{site.ccm_token().rsplit('.', 1)[0]}."
    assert result(site.register(token, direct=True)) == 0


def test_through_the_gateway_a_rejection_has_the_connectors_name(site: WholeSite) -> None:
    reply = site.register(site.ccm_token())
    assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGConnector_Unauthorized")
    assert reply.json() == REJECTED


def test_without_a_way_to_entra_its_tokens_prove_nothing(site: WholeSite) -> None:
    site.management_point.outbound = False
    assert by_entra(site) == -1 and by_certificate(site) == 2


@pytest.mark.parametrize("ticket", ["", "x", "a.b.c", "used", "other service"])
def test_what_is_no_ticket_of_the_domain_proves_nothing(site: WholeSite, ticket: str) -> None:
    give = site.domain.join("PC0001")
    shown = {"used": give(site.names.management_point), "other service": give("elsewhere")}.get(ticket, ticket)
    body = {"Message": "ClientRegistration", "ClientID": CLIENT_ID}

    def send() -> int:
        return site.send(
            WINDOWS_MESSAGES, body, host=site.names.management_point, Authorization=f"Negotiate {shown}"
        ).status_code  # fmt: skip

    if ticket == "used":
        assert send() == 200
    assert send() == 401
    assert site.send("/ccm_system/request", body, host=site.names.management_point,
                     Authorization=f"Negotiate {give(site.names.management_point)}").status_code == 401  # fmt: skip


# Outcomes


@pytest.mark.parametrize("outcome", [Outcome.pending, Outcome.resend])
def test_the_site_chooses_the_next_outcome_once(site: WholeSite, outcome: Outcome) -> None:
    site.management_point.registrations.outcome = outcome
    reply = site.register(site.entra_token()).json()
    assert reply == {"Status": int(outcome), "ClientID": CLIENT_ID, "Approval": None}
    assert site.management_point.registrations.outcome is Outcome.success


def test_what_is_pending_stays_so_until_it_is_confirmed(site: WholeSite) -> None:
    site.management_point.registrations.outcome = Outcome.pending
    assert site.register(site.entra_token()).json()["Status"] == 1
    assert site.register(site.entra_token()).json()["Status"] == 1
    assert site.database.confirm_pending() == [CLIENT_ID]
    assert site.register(site.entra_token()).json() == {"Status": 0, "ClientID": CLIENT_ID, "Approval": 3}


def test_what_is_registered_does_not_become_pending_again(site: WholeSite) -> None:
    by_entra(site)
    site.management_point.registrations.outcome = Outcome.pending
    assert by_entra(site) == 3


def test_a_resend_leaves_no_record(site: WholeSite) -> None:
    site.management_point.registrations.outcome = Outcome.resend
    site.register(site.entra_token())
    assert not site.database.devices()


def test_a_rejection_does_not_use_up_the_choice(site: WholeSite) -> None:
    site.management_point.registrations.outcome = Outcome.pending
    site.register(site.ccm_token())
    assert site.management_point.registrations.outcome is Outcome.pending


# Whose a ClientID is


def test_what_another_device_has_cannot_be_taken(site: WholeSite) -> None:
    by_entra(site)
    before = site.database.devices(), site.database.known(CLIENT_ID)
    site.database.discover_device(OTHER_DEVICE, site.names.tenant)
    for token in (site.entra_token(deviceid=OTHER_DEVICE), site.entra_token(user=True, deviceid=OTHER_DEVICE)):
        assert site.register(token, key=OTHER_KEY).json() == REJECTED
    other = site.clients.issue("PC0002", uses=[Use.client])
    assert site.register(identity=other, key=OTHER_KEY).json() == REJECTED
    assert (site.database.devices(), site.database.known(CLIENT_ID)) == before


def test_where_rebinding_is_allowed_it_can(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, {"registration_rebinds": True})
    by_entra(site)
    assert site.register(site.entra_token(deviceid=OTHER_DEVICE), key=OTHER_KEY).json()["Approval"] == 3
    assert site.database.known(CLIENT_ID, Mark.entra) == {Known(Mark.entra, OTHER_DEVICE)}


@pytest.mark.parametrize("changes", [EHTTP])
def test_nobody_takes_a_clients_record_unproven(tmp_path: Path, changes: dict[str, Any]) -> None:
    site = WholeSite(tmp_path, changes)
    by_entra(site)
    assert result(site.register(direct=True, key=OTHER_KEY)) == -1
    device = site.database.device(CLIENT_ID)
    assert device is not None and device.approval is Approval.entra


def test_the_device_itself_registers_again_by_another_proof(site: WholeSite) -> None:
    """What it is known by is the key that it signs with."""
    assert by_entra(site) == 3
    assert by_certificate(site) == 2
    assert by_entra(site) == 3


def test_what_nothing_has_proven_gives_way_to_a_proof(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, EHTTP)
    assert result(site.register(direct=True, key=OTHER_KEY)) == 0
    assert by_entra(site) == 3


def test_it_is_as_good_as_free_to_any_proof_but_that_of_another_device(tmp_path: Path) -> None:
    """Whoever has registered it without one may come again so, and not as an Entra device that does not use it."""
    site = WholeSite(tmp_path, {"altauth": True})
    site.given(site.entra_token())
    assert by_altauth(site, OTHER_KEY) == by_altauth(site, OTHER_KEY) == 1
    assert site.register(site.entra_token(deviceid=OTHER_DEVICE), key=OTHER_KEY).json() == REJECTED
    assert by_altauth(site) == -1
    assert by_certificate(site) == 2


def test_what_was_another_keys_is_not_that_ones_any_more(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, EHTTP)
    site.register(direct=True, key=OTHER_KEY)
    assert by_entra(site) == 3
    assert result(site.register(direct=True, key=OTHER_KEY)) == -1
    site.database.delete(CLIENT_ID)
    assert result(site.register(direct=True, key=OTHER_KEY)) == 0
    assert result(site.register(direct=True)) == -1 and by_entra(site) == 3


def test_a_stranger_who_names_a_clients_id_gets_one_of_his_own(site: WholeSite) -> None:
    """The ClientID is free, but the client has used it already; it stays the client's."""
    site.given(site.entra_token())
    reply = site.register(site.entra_token(deviceid=OTHER_DEVICE), key=OTHER_KEY).json()
    assert reply["Status"] == 0 and reply["ClientID"] not in (CLIENT_ID, OTHER_ID) and reply["Approval"] == 3
    assert site.database.device(CLIENT_ID) is None
    assert by_entra(site) == 3
    assert len(site.database.devices()) == 2


def test_a_blocked_client_is_rejected(site: WholeSite) -> None:
    by_entra(site)
    site.database.block(CLIENT_ID)
    assert by_entra(site) == -1 and by_certificate(site) == -1
    assert site.register(site.entra_token(), OTHER_ID).status_code == 401, "a block is the device's"
    site.database.unblock(CLIENT_ID)
    assert by_entra(site) == 3


@pytest.mark.parametrize("merges", [False, True])
def test_the_former_record_of_a_device_is_merged_or_kept(tmp_path: Path, merges: bool) -> None:
    site = WholeSite(tmp_path, {"merges_records": merges})
    by_entra(site)
    assert site.register(site.entra_token(), OTHER_ID).status_code == 200
    assert [each.client_id for each in site.database.devices()] == ([OTHER_ID] if merges else [CLIENT_ID, OTHER_ID])


# One transaction


def test_a_registration_that_fails_half_way_leaves_nothing_behind(site: WholeSite) -> None:
    database = site.database
    know = database._know

    def fail(now: Connection, client_id: str, known: Any) -> None:
        know(now, client_id, known)
        raise RuntimeError("the disk is full")

    database._know = fail  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        site.register(site.entra_token())
    database._know = know  # type: ignore[method-assign]
    assert not database.devices() and not database.known(CLIENT_ID)
    assert by_entra(site) == 3


def test_without_the_database_it_fails_after_the_proof(site: WholeSite) -> None:
    site.database.up = False
    assert site.register("nonsense", direct=True).status_code == 401
    reply = site.register(site.entra_token())
    assert (reply.status_code, reply.headers["StatusText"]) == (500, "CMGConnector_InternalServerError")
    assert "CMPDBConnection::Init()" in lines(site)[-1]
    site.database.up = True
    assert not site.database.devices()


# Form


@pytest.mark.parametrize(
    "change", [{"PublicKey": 1}, {"PublicKey": "x"}, {"Name": 1}, {"Name": "x" * 65}, {"Name": "a\nb"},
               {"PublicKey": public(OTHER_KEY)}],
)  # fmt: skip
def test_a_malformed_registration_is_a_bad_request(site: WholeSite, change: dict[str, Any]) -> None:
    assert site.register(site.entra_token(), **change).status_code == 400
    assert not site.database.devices()


def test_another_sites_client_is_rejected(site: WholeSite) -> None:
    assert site.register(site.entra_token(), SiteCode="XYZ").status_code == 401


def test_a_key_that_nothing_is_signed_with_is_not_registered(site: WholeSite) -> None:
    body = {"Message": "ClientRegistration", "ClientID": CLIENT_ID, "PublicKey": public(KEY)}
    assert site.send(site.path("/ccm_system/request"), body, site.entra_token()).status_code == 200
    assert not site.database.known(CLIENT_ID, Mark.key)
    by_entra(site)
    assert site.database.known(CLIENT_ID, Mark.key) == {Known(Mark.key, public(KEY))}


def test_a_registration_has_its_own_endpoints(site: WholeSite) -> None:
    body = b'{"Message": "SiteInfoRequest", "ClientID": "%s"}' % CLIENT_ID.encode()
    for endpoint in (WINDOWS_MESSAGES, ALTAUTH_MESSAGES):
        headers = {"CcmSignature": signature(KEY, body), "CcmTokenAuth": "1"}
        reply = site.send(endpoint, body, site.ccm_token(), host=site.names.management_point, **headers)
        assert reply.status_code == 400


# Each check is a method of its own


def by_another_device(site: WholeSite) -> int:
    return result(site.register(site.entra_token(deviceid=OTHER_DEVICE), key=OTHER_KEY))


def by_entra_blocked(site: WholeSite) -> int:
    site.database.block(CLIENT_ID)
    return by_entra(site)


def for_another_site(site: WholeSite) -> int:
    return result(site.register(site.entra_token(), SiteCode="XYZ"))


def with_anothers_key(site: WholeSite) -> int:
    reply = site.register(site.entra_token(), PublicKey=public(OTHER_KEY))
    return -1 if reply.status_code == 400 else result(reply)


WITHOUT: list[tuple[str, Callable[..., object], dict[str, Any], Callable[[WholeSite], int]]] = [
    ("takes_user_tokens", lambda *_: True, EHTTP, by_user),
    ("takes_certificates", lambda *_: True, EHTTP, by_certificate),
    ("takes_anonymous", lambda *_: True, HTTPS, by_nothing),
    ("takes_altauth", lambda *_: True, HTTPS, by_altauth),
    ("may_name", lambda *_: True, HTTPS, by_another_device),
    ("is_blocked", lambda *_: False, HTTPS, by_entra_blocked),
    ("site_good", lambda *_: True, HTTPS, for_another_site),
    ("possesses", lambda *_: True, HTTPS, with_anothers_key),
]  # fmt: skip


@pytest.mark.parametrize(("name", "weak", "changes", "bad"), WITHOUT, ids=[name for name, *_ in WITHOUT])
def test_a_check_that_is_not_made_registers_what_it_alone_refuses(
    tmp_path: Path, name: str, weak: Callable[..., object], changes: dict[str, Any], bad: Callable[[WholeSite], int]
) -> None:
    weakened = type("Weak", (RegistrationManager,), {name: weak})
    point = type("Point", (ManagementPoint,), {"make_registrations": lambda self: weakened(self)})
    for parts, registered in (({}, False), ({"management_point": point}, True)):
        site = WholeSite(tmp_path / str(registered), changes, parts=parts)
        if name in ("may_name", "is_blocked"):
            by_entra(site)
        assert (bad(site) >= 0) is registered


def test_strangers_users_are_nobody_to_registration(site: WholeSite) -> None:
    """A registration needs no discovered user (R3.1); CCM_STS does."""
    assert site.register(site.entra_token(user=True, oid="x")).json()["Approval"] == 3
    assert site.sts(site.entra_token(user=True, oid="x")).status_code == 401
