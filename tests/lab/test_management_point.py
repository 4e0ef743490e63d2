"""The management point's endpoints: who is served, through the gateway and on the direct path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.lab.content import CLIENT
from ccmproof.harness.lab.endpoints import CERTIFICATE, VIA, VOUCHER
from ccmproof.harness.lab.incoming import to_header
from ccmproof.harness.lab.management_point import ManagementPoint, Mode
from ccmproof.harness.lab.network import Kind
from ccmproof.harness.lab.pki import Use
from ccmproof.harness.lab.tokens import Validator, read

from .test_gateway import BAD_TOKENS
from .whole_site import CLIENT_ID, DEVICE, HOUR, KEY, OTHER_DEVICE, OTHER_ID, OTHER_KEY, WholeSite

OPERATIONAL = ["SiteInfoRequest", "ContentLocationRequest", "PolicyRequest", "ccmsetup.cab", "client.msi"]


@pytest.fixture
def site(tmp_path: Path) -> WholeSite:
    """A site with a client that is registered by Entra."""
    site = WholeSite(tmp_path)
    assert site.register(site.entra_token()).status_code == 200
    return site


def ask(site: WholeSite, what: str, token: str, client_id: str = CLIENT_ID, auth: str = "1", **more: Any) -> int:
    """Ask for something operational on the direct path; the status of the answer."""
    if what.endswith("Request"):
        return site.message(what, token, client_id, direct=True, auth=auth, key=KEY, **more).status_code
    return site.send(
        f"/CCM_Client/{what}", token=token, host=site.names.management_point, CcmClientID=client_id, CcmTokenAuth=auth,
        method="HEAD" if what == "ccmsetup.cab" else "GET", **more,
    ).status_code  # fmt: skip


@pytest.mark.parametrize("what", OPERATIONAL)
def test_a_good_ccm_token_is_served_and_no_other(site: WholeSite, what: str) -> None:
    token = site.given(site.entra_token())
    assert ask(site, what, token) == 200
    assert ask(site, what, token, auth="0") == 401
    assert ask(site, what, site.entra_token()) == 401
    for bad in BAD_TOKENS.values():
        assert ask(site, what, bad(site)) == 401


@pytest.mark.parametrize("what", OPERATIONAL)
def test_a_token_serves_its_owner_only(site: WholeSite, what: str) -> None:
    stranger = site.ccm_token(deviceId=OTHER_DEVICE)
    assert ask(site, what, stranger) == 401
    assert ask(site, what, site.given(site.entra_token()), OTHER_ID) == 401


def test_a_stranger_is_served_in_his_own_name(site: WholeSite) -> None:
    assert ask(site, "SiteInfoRequest", site.ccm_token(deviceId=OTHER_DEVICE), OTHER_ID) == 200


def test_before_the_registration_a_client_id_is_whose_device_first_used_it(tmp_path: Path) -> None:
    site = WholeSite(tmp_path)
    mine = site.given(site.entra_token())
    stranger = site.given(site.entra_token(deviceid=OTHER_DEVICE))
    assert ask(site, "SiteInfoRequest", mine) == 200
    assert ask(site, "SiteInfoRequest", stranger) == 401
    assert ask(site, "SiteInfoRequest", stranger, OTHER_ID) == 200
    assert ask(site, "SiteInfoRequest", mine, OTHER_ID) == 401


@pytest.mark.parametrize("what", OPERATIONAL)
def test_a_blocked_client_is_refused(site: WholeSite, what: str) -> None:
    token = site.given(site.entra_token())
    site.database.block(CLIENT_ID)
    assert ask(site, what, token) == 401
    site.database.unblock(CLIENT_ID)
    assert ask(site, what, token) == 200


def test_another_name_does_not_get_a_blocked_device_in(site: WholeSite) -> None:
    token = site.given(site.entra_token())
    site.database.block(CLIENT_ID)
    assert site.register(site.entra_token(), OTHER_ID).status_code == 401
    assert ask(site, "SiteInfoRequest", token, OTHER_ID) == 401


def test_policy_is_for_who_signs_with_a_registered_key(site: WholeSite) -> None:
    token = site.given(site.entra_token())
    assert site.message("PolicyRequest", token, direct=True, key=OTHER_KEY).status_code == 401
    assert site.message("PolicyRequest", token, direct=True).status_code == 401
    site.database.delete(CLIENT_ID)
    assert ask(site, "PolicyRequest", token) == 200, "a client whose record was deleted goes on talking (6.12)"


# Certificates


def test_a_certificate_serves_the_computer_that_it_names(site: WholeSite) -> None:
    certificate = site.certificate
    assert site.message("SiteInfoRequest", identity=certificate).status_code == 200
    other = site.clients.issue("PC0002", uses=[Use.client])
    assert site.message("SiteInfoRequest", identity=other).status_code == 401
    assert site.message("SiteInfoRequest", client_id=OTHER_ID, identity=other).status_code == 200


def test_a_clients_certificate_is_judged_here_too_with_its_list(site: WholeSite) -> None:
    assert site.message("SiteInfoRequest", identity=site.certificate).status_code == 200
    site.clients.revoke(site.certificate.certificate)
    site.clients.publish()
    site.world.clock.advance(8 * 24 * HOUR)
    reply = site.message("SiteInfoRequest", identity=site.certificate)
    assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGConnector_Unauthorized")


def test_a_certificate_on_the_direct_path_is_what_was_shown(site: WholeSite) -> None:
    assert site.message("SiteInfoRequest", identity=site.certificate, direct=True).status_code == 200
    rogue = site.rogue.issue("PC0001", uses=[Use.client])
    assert site.message("SiteInfoRequest", identity=rogue, direct=True).status_code == 401


def test_what_no_connection_point_vouches_for_is_the_direct_paths(site: WholeSite) -> None:
    """Somebody who writes a connection point's headers himself, or copies them, is nobody."""
    site.message("SiteInfoRequest", identity=site.certificate)
    (request,) = [
        each for each in site.seen if each.kind is Kind.request and each.path == "/ccm_system/request"
    ][-1:]  # fmt: skip
    copied = {name: request.headers[name.lower()] for name in (VIA, VOUCHER, CERTIFICATE)}
    host = site.names.management_point
    headers = {name.replace("-", "_"): value for name, value in copied.items()}
    assert site.send("/ccm_system/request", request.body, host=host, **headers).status_code == 403, "no certificate"
    changed = request.body.replace(b"SiteInfoRequest", b"ContentLocationRequest")
    assert site.send("/ccm_system/request", changed, host=host, **headers).status_code == 401
    for name in ("X_Cmg_Voucher", "X_Cmg_Via"):
        others = {**headers, name: "x"}
        assert site.send("/ccm_system/request", request.body, host=host, **others).status_code == 401
    forged = {**headers, "X_Cmg_Client_Certificate": to_header(site.clients.issue("x", uses=[Use.client]).chain)}
    assert site.send("/ccm_system/request", request.body, host=host, **forged).status_code == 401


def test_the_connection_points_certificate_is_no_clients(tmp_path: Path) -> None:
    """A token that is bad stays bad, though the connection point shows a good certificate."""
    site = WholeSite(tmp_path, connecting={"validates": False})
    from .test_connection_point import QUESTION, through_the_channel

    reply = through_the_channel(site, site.path("/ccm_system/request"), "", QUESTION)
    assert reply.status_code == 401


# Content and the database


def test_content_locations_come_with_a_token_for_eight_hours(site: WholeSite) -> None:
    reply = site.message("ContentLocationRequest", site.given(site.entra_token())).json()
    address, token = reply["Location"].split("?token=")
    assert address == f"https://{site.names.cloud}/content/{CLIENT.id}" and reply["Package"] == CLIENT.id
    claims = read(token).claims
    assert claims["exp"] - claims["iat"] == 8 * 3600


def test_where_the_content_is_not_in_the_cloud_there_is_no_location(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, {"content_in_cloud": False})
    reply = site.message("ContentLocationRequest", site.given(site.entra_token())).json()
    assert reply == {"Location": "", "Package": CLIENT.id, "Sha256": CLIENT.sha256}


@pytest.mark.parametrize(
    ("what", "status"),
    [("SiteInfoRequest", 200), ("ccmsetup.cab", 200), ("client.msi", 200), ("ContentLocationRequest", 500),
     ("PolicyRequest", 500)],
)  # fmt: skip
def test_without_the_database_some_is_served_and_some_is_not(site: WholeSite, what: str, status: int) -> None:
    token = site.given(site.entra_token())
    site.database.up = False
    assert ask(site, what, token) == status
    assert ask(site, what, token, OTHER_ID) == 401
    assert ask(site, what, "") == 401
    site.database.up = True
    assert ask(site, what, token) == 200


def test_without_the_database_the_gateways_clients_hear_of_an_error_inside(site: WholeSite) -> None:
    token = site.given(site.entra_token())
    site.database.up = False
    reply = site.message("PolicyRequest", token, key=KEY)
    assert (reply.status_code, reply.headers["StatusText"]) == (500, "CMGConnector_InternalServerError")


# Form


@pytest.mark.parametrize(
    "change",
    [{"ClientID": "GUID:1"}, {"ClientID": None}, {"Account": "me"}, {"Account": 1}, {"Message": "Other"},
     {"Message": None}, {"ClientID": CLIENT_ID.lower()}],
)  # fmt: skip
def test_a_malformed_message_is_a_bad_request(site: WholeSite, change: dict[str, object]) -> None:
    message = {"Message": "SiteInfoRequest", "ClientID": CLIENT_ID, "Account": "S-1-5-18", **change}
    for endpoint in ("/ccm_system/request", "/ccm_system_tokenauth/request"):
        assert site.send(endpoint, message, site.ccm_token(), host=site.names.management_point).status_code == 400


def test_what_is_not_there_is_not_there_and_each_is_asked_in_its_way(site: WholeSite) -> None:
    host = site.names.management_point
    assert site.send("/SMS_MP/.sms_aut", {}, host=host).status_code == 404
    assert site.send("/CCM_STS", method="GET", host=host).status_code == 405
    assert site.send("/CCM_Client/client.msi", method="GET", host=host).status_code == 400


def test_a_plain_http_management_point_is_there_for_the_direct_path(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, {"mode": Mode.http})
    assert site.message("SiteInfoRequest", site.ccm_token(), direct=True).status_code == 200


# Each check is a method of its own


def _yes(*_: object) -> bool:
    return True


def _no(*_: object) -> bool:
    return False


WITHOUT: list[tuple[str, Callable[..., object], str, Callable[[WholeSite], tuple[str, str, str]]]] = [
    ("tenant_good", _yes, "SiteInfoRequest", lambda s: (s.ccm_token(tid=s.names.other_tenant), CLIENT_ID, "1")),
    ("audience_good", _yes, "SiteInfoRequest", lambda s: (s.ccm_token(aud="x"), CLIENT_ID, "1")),
    ("signature_good", _yes, "SiteInfoRequest", lambda s: (BAD_TOKENS["CCM token forged"](s), CLIENT_ID, "1")),
    ("lifetime_good", _yes, "SiteInfoRequest", lambda s: (s.ccm_token(lifetime=-HOUR), CLIENT_ID, "1")),
    ("token_auth_good", _yes, "SiteInfoRequest", lambda s: (s.ccm_token(), CLIENT_ID, "0")),
    ("kind_serves", _yes, "SiteInfoRequest", lambda s: (s.entra_token(), CLIENT_ID, "1")),
    ("owner_good", _yes, "SiteInfoRequest", lambda s: (s.ccm_token(deviceId=OTHER_DEVICE), CLIENT_ID, "1")),
    ("is_blocked", _no, "SiteInfoRequest", lambda s: (s.ccm_token(), CLIENT_ID, "1")),
    ("policy_signed", _yes, "PolicyRequest", lambda s: (s.ccm_token(), CLIENT_ID, "1")),
]


@pytest.mark.parametrize(("name", "weak", "what", "bad"), WITHOUT, ids=[name for name, *_ in WITHOUT])
@pytest.mark.parametrize("made", [False, True])
def test_a_check_that_is_not_made_serves_what_it_alone_refuses(
    tmp_path: Path,
    name: str,
    weak: Callable[..., object],
    what: str,
    bad: Callable[[WholeSite], tuple[str, str, str]],
    made: bool,
) -> None:
    parts = {} if made else {"management_point": type("Weak", (ManagementPoint,), {name: weak})}
    site = WholeSite(tmp_path, parts=parts)
    site.register(site.entra_token())
    if name == "is_blocked":
        site.database.block(CLIENT_ID)
    token, client_id, auth = bad(site)
    reply = site.message(what, token, client_id, direct=True, auth=auth, key=OTHER_KEY)
    assert reply.status_code == (401 if made else 200)


def test_the_names_of_things_are_the_sites_own(site: WholeSite) -> None:
    claims = read(site.given(site.entra_token())).claims
    issuers = {site.site.issuer: site.site.token_issuer}
    validated = Validator(issuers, "urn:sccm:service").validate(
        site.given(site.entra_token()), site.world.clock.now()
    )  # fmt: skip
    assert validated["hierarchyId"] == claims["hierarchyId"] == site.names.hierarchy
    assert claims["deviceId"] == DEVICE
