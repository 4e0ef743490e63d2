"""The gateway: what is published, who is admitted, and where it goes then. Each check refuses something wrong."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from ccmproof.harness.lab.endpoints import CERTIFICATE
from ccmproof.harness.lab.gateway import Gateway, Order
from ccmproof.harness.lab.incoming import from_header
from ccmproof.harness.lab.management_point import Mode
from ccmproof.harness.lab.network import Crossing, Identity, Kind, Lost
from ccmproof.harness.lab.pki import Use
from ccmproof.harness.lab.tokens import Issuer, SigningKey, Token

from .whole_site import CLIENT_ID, ENTRA_KEY, HOUR, KEY, WholeSite, anything

INFO = "/CCM_Proxy_ServerAuth/AADAuthInfo"


@pytest.fixture
def site(tmp_path: Path) -> WholeSite:
    return WholeSite(tmp_path)


def handed_on(site: WholeSite) -> int:
    return site.reached(site.names.connection_point)


# AADAuthInfo


def test_entra_properties_are_given_to_anybody_whose_tenant_is_onboarded(site: WholeSite) -> None:
    reply = site.send(f"{INFO}?TenantID={site.names.tenant.upper()}", method="GET")
    assert reply.json() == {"ClientAppId": site.names.client_app, "ResourceUri": site.names.resource}
    assert handed_on(site) == 0


def test_entra_properties_are_withheld_from_other_tenants(site: WholeSite) -> None:
    def status(tenant: str) -> int:
        return site.send(f"{INFO}?TenantID={tenant}", method="GET").status_code

    assert status(site.names.other_tenant) == 404
    site.site.onboard(site.names.other_tenant)
    assert status(site.names.other_tenant) == 200
    site.site.disable(site.names.other_tenant)
    assert status(site.names.other_tenant) == 404


@pytest.mark.parametrize("query", ["", "?TenantID=", "?TenantID=x", "?TenantID={t}&TenantID={t}", "?Other={t}"])
def test_a_request_for_entra_properties_names_one_tenant(site: WholeSite, query: str) -> None:
    assert site.send(INFO + query.format(t=site.names.tenant), method="GET").status_code == 400


def test_entra_properties_are_only_asked_for(site: WholeSite) -> None:
    assert site.send(f"{INFO}?TenantID={site.names.tenant}").status_code == 405
    assert site.send("/CCM_Proxy_MutualAuth/AADAuthInfo", method="GET").status_code == 404


# What is published


TRICKS = [
    "/CCM_Proxy_ServerAuth/{role}/ccm_system_windowsauth/request",
    "/CCM_Proxy_ServerAuth/{role}/ccm_system_AltAuth/request",
    "/CCM_Proxy_ServerAuth/{role}/SMS_MP/.sms_aut",
    "/CCM_Proxy_ServerAuth/{role}/CCM_STS/",
    "/CCM_Proxy_ServerAuth/{role}/CCM_STS/x",
    "/CCM_Proxy_ServerAuth/{role}/CCM_Client/../ccm_system_windowsauth/request",
    "/CCM_Proxy_ServerAuth/{role}/%2e%2e/CCM_STS",
    "/CCM_Proxy_ServerAuth/{role}/CCM%5FSTS",
    "/CCM_Proxy_ServerAuth/{role}//CCM_STS",
    "/CCM_Proxy_ServerAuth/{role}/CCM_Client\\ccmsetup.cab",
    "/CCM_Proxy_ServerAuth/{role}/CCM_STS;x=1",
    "/CCM_Proxy_ServerAuth/72057594037927999/CCM_STS",
    "/CCM_Proxy_ServerAuth/{role}",
    "/CCM_Proxy_Other/{role}/CCM_STS",
    "/CCM_STS",
    "/",
]


@pytest.mark.parametrize("path", TRICKS)
def test_what_is_not_published_is_not_there_even_with_a_good_token(site: WholeSite, path: str) -> None:
    token = site.entra_token()
    assert site.send(path.format(role=site.names.role), {"ClientID": CLIENT_ID}, token).status_code in (404, 405)
    assert handed_on(site) == 0


def test_cases_are_not_told_apart_as_in_iis(site: WholeSite) -> None:
    path = site.path("/CCM_STS").upper()
    assert site.send(path, {"ClientID": CLIENT_ID}, site.entra_token()).status_code == 200


def test_an_endpoint_is_asked_in_its_own_way(site: WholeSite) -> None:
    assert site.send(site.path("/CCM_STS"), token=site.entra_token(), method="GET").status_code == 405
    assert site.send(site.path("/CCM_Client/client.msi"), token=site.entra_token()).status_code == 405


# Who is admitted


def _none(site: WholeSite) -> str:
    header, claims = ({"alg": "none", "typ": "JWT", "kid": ENTRA_KEY.kid}, site.entra_claims())
    begins = int(site.world.clock.now().timestamp())
    times = {"iat": begins, "nbf": begins, "exp": begins + 3600}
    parts = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode()
        for each in (header, {**claims, **times})
    ]
    return ".".join([*parts, "AA"])


BAD_TOKENS: dict[str, Callable[[WholeSite], str]] = {
    "no token": lambda site: "",
    "nonsense": lambda site: "nonsense",
    "no algorithm": _none,
    "public key for a secret": lambda site: jwt.encode(
        {**site.entra_claims(), "exp": 2**33}, b"secret" * 8, "HS256", headers={"kid": ENTRA_KEY.kid}
    ),
    "another audience": lambda site: site.entra_token(aud="https://graph.example"),
    "no audience": lambda site: site.entra_token(aud=None),
    "a list of audiences": lambda site: site.entra_token(aud=[site.names.resource]),
    "CCM audience": lambda site: site.entra_token(aud="urn:sccm:service"),
    "tenant that is not onboarded": lambda site: site.entra_token(tid=site.names.other_tenant),
    "another tenant's issuer": lambda site: site.entra_token(iss=f"https://sts.windows.net/{site.names.other_tenant}/"),
    "an issuer of nobody's": lambda site: site.entra_token(iss="https://elsewhere/"),
    "no tenant": lambda site: site.entra_token(tid=None),
    "forged": lambda site: site.entra_token(key=SigningKey.labelled("forger")),
    "forged under Entra's key's name": lambda site: site.entra_token(
        key=SigningKey(ENTRA_KEY.kid, SigningKey.labelled("forger").private)
    ),
    "expired": lambda site: site.entra_token(lifetime=timedelta(0)),
    "CCM token forged": lambda site: site.ccm_token(SigningKey.labelled("forger")),
    "CCM token by Entra's key": lambda site: site.ccm_token(ENTRA_KEY),
    "Entra token by the site's key": lambda site: site.entra_token(key=site.site.signing_key),
    "CCM token for another audience": lambda site: site.ccm_token(aud=site.names.resource),
    "CCM token of a tenant that is not onboarded": lambda site: site.ccm_token(tid=site.names.other_tenant),
    "CCM token expired": lambda site: site.ccm_token(lifetime=-HOUR),
    "a content token": lambda site: site.ccm_token(site.site.content_key, iss="urn:sccm:content"),
}


@pytest.mark.parametrize("what", BAD_TOKENS)
def test_a_token_that_is_not_good_here_is_answered_and_not_handed_on(site: WholeSite, what: str) -> None:
    reply = site.message("SiteInfoRequest", BAD_TOKENS[what](site))
    assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGService_Invalid_Token")
    assert handed_on(site) == 0
    assert "ERROR: " in site.log(site.names.cmg, "CMGService")


@pytest.mark.parametrize("kind", ["entra_token", "ccm_token"])
def test_a_tenant_that_is_disabled_is_refused(site: WholeSite, kind: str) -> None:
    token = getattr(site, kind)()
    site.site.disable(site.names.tenant)
    assert site.message("SiteInfoRequest", token).status_code == 401
    assert handed_on(site) == 0


def test_a_token_does_on_the_path_for_tokens_only(site: WholeSite) -> None:
    reply = site.send(site.path("/ccm_system/request", "MutualAuth"), {"ClientID": CLIENT_ID}, site.ccm_token())
    assert reply.status_code == 401 and handed_on(site) == 0


def test_a_certificate_does_on_the_path_for_certificates_only(site: WholeSite) -> None:
    reply = site.send(site.path("/ccm_system/request"), {"ClientID": CLIENT_ID}, identity=site.certificate)
    assert reply.status_code == 401 and handed_on(site) == 0


def _expired(site: WholeSite) -> Identity:
    ends = site.world.clock.now() - HOUR
    return site.clients.issue("PC0001", uses=[Use.client], begins=ends - HOUR, ends=ends)


BAD_CERTIFICATES: dict[str, Callable[[WholeSite], Identity | None]] = {
    "none": lambda site: None,
    "of nobody's": lambda site: site.rogue.issue("PC0001", uses=[Use.client]),
    "of a server": lambda site: site.clients.issue("PC0001", uses=[Use.server]),
    "expired": _expired,
    "of a connection point's role": lambda site: site.connection_points[0]._config.role,
}


@pytest.mark.parametrize("what", BAD_CERTIFICATES)
def test_a_certificate_that_is_not_good_here_is_not_handed_on(site: WholeSite, what: str) -> None:
    path = site.path("/ccm_system/request", "MutualAuth")
    reply = site.send(path, {"ClientID": CLIENT_ID}, identity=BAD_CERTIFICATES[what](site))
    assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGService_Invalid_Token")
    assert handed_on(site) == 0


def test_one_credential_goes_on_and_nothing_of_the_sites_own_from_outside(site: WholeSite) -> None:
    site.message("SiteInfoRequest", identity=site.certificate)
    body = {"Message": "SiteInfoRequest", "ClientID": CLIENT_ID}
    site.send(
        site.path("/ccm_system/request", "MutualAuth"), body, "a.b.c", identity=site.certificate,
        X_Cmg_Via="cp.corp.example", x_cMG_anything="1",
    )  # fmt: skip
    site.message("SiteInfoRequest", site.ccm_token())
    site.send(site.path("/ccm_system_tokenauth/request"), body, site.ccm_token(), X_Cmg_Client_Certificate="x")
    first, second, third, fourth = (
        each.headers for each in site.seen if each.kind is Kind.request and each.receiver == site.names.connection_point
    )
    for headers in (first, second):
        assert from_header(headers[CERTIFICATE.lower()]) == site.certificate.chain
        assert "authorization" not in headers
    for headers in (third, fourth):
        assert headers["authorization"].startswith("Bearer ")
        assert not [name for name in headers if name.startswith("x-cmg-")]
    assert [name for name in second if name.startswith("x-cmg-")] == [CERTIFICATE.lower()]


# Entra's keys


def test_entras_keys_are_read_over_the_network_and_kept(site: WholeSite) -> None:
    for _ in range(3):
        site.message("SiteInfoRequest", site.entra_token())
    asked = [each for each in site.seen if each.kind is Kind.request and each.sender == site.names.cmg]
    assert [each.path for each in asked if each.receiver == site.names.entra] == [
        f"/{site.names.tenant}/.well-known/openid-configuration",
        f"/{site.names.tenant}/discovery/keys",
    ]


def test_a_new_key_of_entras_is_looked_for(site: WholeSite) -> None:
    site.given(site.entra_token())
    site.entra.rotate_keys()
    site.given(site.entra_token(key=SigningKey.labelled("entra-1")))
    site.given(site.entra_token())


def test_the_keys_in_hand_go_on_to_count_while_entra_is_out(site: WholeSite) -> None:
    site.given(site.entra_token())
    site.world.network.cut(site.names.entra)
    site.world.clock.advance(timedelta(days=3))
    site.given(site.entra_token())


def test_somebody_who_names_keys_does_not_make_the_gateway_ask_without_end(site: WholeSite) -> None:
    for number in range(30):
        site.message("SiteInfoRequest", site.entra_token(key=SigningKey(f"key {number}", ENTRA_KEY.private)))
    asked = sum(each.receiver == site.names.entra and each.kind is Kind.request for each in site.seen)
    assert 4 <= asked <= 20
    site.given(site.entra_token())


def test_a_stranger_in_entras_place_is_not_believed(site: WholeSite) -> None:
    rogue = site.rogue.issue(site.names.entra, hosts=[site.names.entra])
    site.world.network.serve(site.names.entra, site.entra.app, rogue)
    assert site.sts(site.entra_token()).status_code == 401


# The way on


def test_there_is_no_way_on_without_a_connection_point(site: WholeSite) -> None:
    site.connection_points[0].close_channel()
    reply = site.message("SiteInfoRequest", site.ccm_token())
    assert (reply.status_code, reply.headers["StatusText"]) == (500, "CMGService_No_Connector")
    assert site.message("SiteInfoRequest", "bad").status_code == 401


def test_a_plain_http_management_point_is_not_published(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, {"mode": Mode.http})
    assert site.message("SiteInfoRequest", site.ccm_token()).status_code == 500
    assert handed_on(site) == 0
    assert site.message("SiteInfoRequest", site.ccm_token(), direct=True).status_code == 200


def _taken(site: WholeSite) -> list[int]:
    hosts = (site.names.connection_point, site.names.second_connection_point)
    return [site.reached(host) for host in hosts]


@pytest.mark.parametrize(("order", "expected"), [(Order.round_robin, [2, 2]), (Order.first, [4, 0])])
def test_several_connection_points_take_turns_or_do_not(tmp_path: Path, order: Order, expected: list[int]) -> None:
    site = WholeSite(tmp_path, points=2, order=order)
    for _ in range(4):
        assert site.message("SiteInfoRequest", site.ccm_token()).status_code == 200
    assert _taken(site) == expected


def test_the_other_connection_point_takes_all_where_one_is_down(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, points=2)
    site.connection_points[0].close_channel()
    for _ in range(3):
        assert site.message("SiteInfoRequest", site.ccm_token()).status_code == 200
    assert _taken(site) == [0, 3]


def test_a_request_that_is_lost_inside_is_answered(site: WholeSite) -> None:
    async def lose(crossing: Crossing) -> None:
        if crossing.receiver == site.names.connection_point and crossing.kind is Kind.request:
            raise Lost

    site.world.network.taps.append(lose)
    assert site.message("SiteInfoRequest", site.ccm_token()).status_code == 500


def test_a_channel_is_taken_from_a_connection_point_of_the_site_only(site: WholeSite) -> None:
    async def offer(by: str, identity: Identity | None) -> bool:
        connection = await site.world.network.connect(by, site.names.cmg, verify=anything, identity=identity)
        connection.offer(site.connection_points[0].app)
        return connection.open

    role = site.connection_points[0]._config.role
    point = site.names.connection_point
    assert not asyncio.run(offer(point, None))
    assert not asyncio.run(offer(point, site.certificate))
    assert not asyncio.run(offer(point, site.issuing.issue(point, hosts=[point], uses=[Use.client])))
    assert not asyncio.run(offer("elsewhere.example", role))
    assert asyncio.run(offer(point, role))
    assert len(site.gateway.channels) == 1


# Each check is a method of its own: without it, what it refuses is handed on


WITHOUT: list[tuple[str, Callable[..., object], Callable[[WholeSite], str]]] = [
    ("tenant_good", lambda self, token: True, BAD_TOKENS["tenant that is not onboarded"]),
    ("audience_good", lambda self, token: True, BAD_TOKENS["another audience"]),
    ("signature_good", lambda self, token, issuer: True, BAD_TOKENS["forged"]),
    ("lifetime_good", lambda self, token, now: True, BAD_TOKENS["expired"]),
]


@pytest.mark.parametrize(("name", "weak", "bad"), WITHOUT, ids=[name for name, *_ in WITHOUT])
def test_a_check_that_is_not_made_lets_in_what_it_alone_refuses(
    tmp_path: Path, name: str, weak: Callable[..., object], bad: Callable[[WholeSite], str]
) -> None:
    site = WholeSite(tmp_path, parts={"gateway": type("Weak", (Gateway,), {name: weak})})
    reply = site.message("SiteInfoRequest", bad(site))
    assert handed_on(site) == 1
    assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGConnector_Unauthorized")


def test_an_issuer_that_does_not_speak_for_the_tenant_is_one_check(tmp_path: Path) -> None:
    async def of_other(self: Gateway, token: Token) -> Issuer | None:
        return await self.keys.issuer(self._world.names.other_tenant, token.header.get("kid"))

    site = WholeSite(tmp_path, parts={"gateway": type("Weak", (Gateway,), {"issuer_of": of_other})})
    site.message("SiteInfoRequest", site.entra_token())
    assert handed_on(site) == 0


# Too much


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"body": b"x" * (1 << 20)}, 401),
        ({"body": b"x" * ((1 << 20) + 1)}, 413),
        ({"X_Long": "x" * (16 << 10)}, 431),
        ({"Authorization": "Bearer " + "x" * (15 << 10)}, 401),
    ],
)
def test_too_much_is_refused(site: WholeSite, change: dict[str, Any], status: int) -> None:
    assert site.send(site.path("/CCM_STS"), **change).status_code == status


def test_a_registration_behind_a_ccm_token_is_admitted_to_the_gateway(site: WholeSite) -> None:
    assert site.register(site.ccm_token(), key=KEY).status_code == 401
    assert site.reached(site.names.management_point) == 1
