"""The whole path, client to gateway to connection point to management point and back, over real connections."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from ccmproof.harness.lab.content import CLIENT
from ccmproof.harness.lab.management_point import Mode
from ccmproof.harness.lab.network import Kind
from ccmproof.harness.lab.tokens import read

from .whole_site import CLIENT_ID, DEVICE, KEY, OTHER_KEY, WholeSite


@pytest.fixture(params=[Mode.https, Mode.ehttp])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> WholeSite:
    return WholeSite(tmp_path, {"mode": request.param})


def test_a_client_is_installed_registered_and_served_with_a_device_token(site: WholeSite) -> None:
    info = site.send(f"/CCM_Proxy_ServerAuth/AADAuthInfo?TenantID={site.names.tenant}", method="GET", CcmTokenAuth="0")
    assert info.json() == {"ClientAppId": site.names.client_app, "ResourceUri": site.names.resource}

    token = site.given(site.entra_token())
    reply = site.message("SiteInfoRequest", token)
    assert reply.json()["SiteCode"] == "LAB" and reply.json()["SecuritySettings"] == {"CheckCrl": True}
    files = {"CcmTokenAuth": "1", "CcmClientID": CLIENT_ID}
    assert site.send(site.path("/CCM_Client/ccmsetup.cab"), token=token, method="HEAD", **files).status_code == 200
    location = site.message("ContentLocationRequest", token).json()
    where = location["Location"].removeprefix(f"https://{site.names.cloud}")
    content = site.send(where, host=site.names.cloud, method="GET").content
    assert hashlib.sha256(content).hexdigest() == location["Sha256"]
    assert site.send(site.path("/CCM_Client/client.msi"), token=token, method="GET", **files).content == content

    registered = site.register(site.entra_token()).json()
    assert registered == {"Status": 0, "ClientID": CLIENT_ID, "Approval": 3}
    renewed = site.given(site.entra_token())
    assert read(renewed).claims["clientId"] == CLIENT_ID and read(token).claims["clientId"] == ""
    assert read(renewed).claims["deviceId"] == DEVICE
    assert site.message("PolicyRequest", renewed, key=KEY).json()["Policy"]["ClientID"] == CLIENT_ID
    assert site.message("PolicyRequest", renewed, key=OTHER_KEY).status_code == 401
    assert site.message("PolicyRequest", renewed).status_code == 401


def test_a_request_goes_by_every_hop_and_its_reply_back_by_the_same(site: WholeSite) -> None:
    site.given(site.entra_token())
    names = site.names
    hops = [
        (each.kind, each.sender, each.receiver, each.path)
        for each in site.seen
        if each.kind in (Kind.request, Kind.reply) and each.path.lower().endswith("ccm_sts")
    ]
    outside, cp, mp = site.path("/CCM_STS"), names.connection_point, names.management_point
    there = [(names.client, names.cmg, outside), (names.cmg, cp, outside), (cp, mp, "/CCM_STS")]
    assert hops == [
        *((Kind.request, *each) for each in there),
        *((Kind.reply, receiver, sender, path) for sender, receiver, path in reversed(there)),
    ]


def test_a_pki_client_is_served_and_registered_on_the_path_for_certificates(tmp_path: Path) -> None:
    site = WholeSite(tmp_path)
    assert site.message("SiteInfoRequest", identity=site.certificate).status_code == 200
    assert site.message("ContentLocationRequest", identity=site.certificate).json()["Package"] == CLIENT.id
    assert site.register(identity=site.certificate).json()["Approval"] == 2
    assert site.message("PolicyRequest", identity=site.certificate, key=KEY).status_code == 200
    assert site.message("PolicyRequest", identity=site.certificate, key=OTHER_KEY).status_code == 401


def test_a_token_lives_for_eight_hours_to_the_second(site: WholeSite) -> None:
    token = site.given(site.entra_token())
    site.world.clock.advance(timedelta(hours=8) - timedelta(seconds=1))
    assert site.message("SiteInfoRequest", token).status_code == 200
    site.world.clock.advance(timedelta(seconds=1))
    refused = site.message("SiteInfoRequest", token)
    assert (refused.status_code, refused.headers["StatusText"]) == (401, "CMGService_Invalid_Token")


def test_a_user_who_falls_back_gets_a_token_and_registers_where_that_is_taken(site: WholeSite) -> None:
    token = site.given(site.entra_token(user=True))
    assert read(token).claims["userId"] != "00000000-0000-0000-0000-000000000000"
    taken = site.management_point.config.mode is Mode.https
    assert site.register(site.entra_token(user=True)).status_code == (200 if taken else 401)


def test_a_renewed_signing_key_makes_every_token_that_is_out_worthless(site: WholeSite) -> None:
    token = site.given(site.entra_token())
    site.site.renew_signing_key()
    assert site.message("SiteInfoRequest", token).status_code == 401
    assert site.message("SiteInfoRequest", token, direct=True).status_code == 401
    assert site.message("SiteInfoRequest", site.given(site.entra_token())).status_code == 200


def test_nothing_secret_is_ever_logged(site: WholeSite) -> None:
    entra, bad = site.entra_token(), site.entra_token(aud="https://elsewhere")
    token = site.given(entra)
    for each in (entra, bad, token):
        site.message("SiteInfoRequest", each)
        site.register(each)
        site.sts(each)
        site.sts(each, direct=True)
    logged = site.logs()
    assert "CCM_STS" in logged
    for each in (entra, bad, token):
        assert not any(part in logged for part in each.split("."))
