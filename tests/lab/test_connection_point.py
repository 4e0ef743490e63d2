"""The connection point: what it maps, what it validates, what it shows, and how it names what the site answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from ccmproof.harness.lab.connection_point import ConnectionPoint
from ccmproof.harness.lab.endpoints import CERTIFICATE, VIA, VOUCHER
from ccmproof.harness.lab.incoming import to_header
from ccmproof.harness.lab.management_point import Demand, Mode
from ccmproof.harness.lab.network import Front, Kind, Refused, Unreachable
from ccmproof.harness.lab.pki import Use
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from .test_gateway import BAD_TOKENS, TRICKS, WITHOUT
from .whole_site import CLIENT_ID, WholeSite


@pytest.fixture
def site(tmp_path: Path) -> WholeSite:
    return WholeSite(tmp_path)


def through_the_channel(
    site: WholeSite, path: str, token: str = "", body: bytes = b"", method: str = "POST", **headers: str
) -> httpx.Response:
    """As a compromised gateway may: past all its checks."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        given["Authorization"] = f"Bearer {token}"
    return asyncio.run(site.gateway.channels[0].request_back(method, path, headers=given, content=body))


def asked(site: WholeSite) -> list[Any]:
    return [each for each in site.seen if each.kind is Kind.request and each.receiver == site.names.management_point]


QUESTION = f'{{"Message": "SiteInfoRequest", "ClientID": "{CLIENT_ID}"}}'.encode()


# What is mapped


@pytest.mark.parametrize("path", [*TRICKS, "/CCM_Proxy_ServerAuth/AADAuthInfo"])
def test_what_is_not_mapped_is_not_there_even_for_the_gateway(site: WholeSite, path: str) -> None:
    reply = through_the_channel(site, path.format(role=site.names.role), site.entra_token(), QUESTION)
    assert reply.status_code == 404 and not asked(site)


def test_a_plain_http_management_point_is_not_mapped(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, {"mode": Mode.http})
    assert through_the_channel(site, site.path("/CCM_STS"), site.entra_token(), QUESTION).status_code == 404


def test_the_address_becomes_the_sites_own(site: WholeSite) -> None:
    site.message("SiteInfoRequest", site.ccm_token())
    (request,) = asked(site)
    assert (request.sender, request.path) == (site.names.connection_point, "/ccm_system_tokenauth/request")
    assert request.headers[VIA.lower()] == site.names.connection_point
    log = site.log(site.names.connection_point, "SMS_CLOUD_PROXYCONNECTOR")
    assert "Switched to internal URL. Replaced 'https://GW.EXAMPLE.NET/CCM_Proxy_ServerAuth/" in log
    assert "EndpointName: ccm_system_tokenauth ResponseHeader: HTTP/1.1 200 OK ~~ ResponseBodySize: " in log


# What is validated


@pytest.mark.parametrize("what", BAD_TOKENS)
def test_a_bad_token_is_refused_here_too(site: WholeSite, what: str) -> None:
    token = BAD_TOKENS[what](site)
    reply = through_the_channel(site, site.path("/ccm_system_tokenauth/request"), token, QUESTION, CcmTokenAuth="1")
    assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGConnector_Unauthorized")
    assert not asked(site)


def test_a_bad_certificate_is_refused_here_too(site: WholeSite) -> None:
    path = site.path("/ccm_system/request", "MutualAuth")
    for shown in (to_header(site.rogue.issue("PC0001", uses=[Use.client]).chain), "nonsense", "%FF", ""):
        assert through_the_channel(site, path, "", QUESTION, X_Cmg_Client_Certificate=shown).status_code == 401
    assert not asked(site)
    good = to_header(site.certificate.chain)
    assert through_the_channel(site, path, "", QUESTION, X_Cmg_Client_Certificate=good).status_code == 200


def test_where_it_does_not_validate_the_management_point_refuses(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, connecting={"validates": False})
    for what in BAD_TOKENS:
        token = BAD_TOKENS[what](site)
        reply = through_the_channel(site, site.path("/ccm_system_tokenauth/request"), token, QUESTION, CcmTokenAuth="1")
        assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGConnector_Unauthorized")
    assert len(asked(site)) == len(BAD_TOKENS)


def test_a_certificate_counts_on_the_path_for_it_and_alone(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, connecting={"validates": False})
    shown = to_header(site.certificate.chain)
    path = site.path("/ccm_system/request")
    assert through_the_channel(site, path, "", QUESTION, X_Cmg_Client_Certificate=shown).status_code == 401
    assert CERTIFICATE.lower() not in asked(site)[0].headers
    path = site.path("/ccm_system/request", "MutualAuth")
    through_the_channel(site, path, site.ccm_token(), QUESTION, X_Cmg_Client_Certificate=shown, X_Cmg_Other="1")
    headers = asked(site)[1].headers
    assert {name for name in headers if name.startswith("x-cmg-")} == {
        name.lower() for name in (CERTIFICATE, VIA, VOUCHER)
    }
    assert "authorization" not in headers


# Both ends (X4)


def test_a_wrong_binding_is_forbidden(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, wrong_binding=True)
    reply = site.message("SiteInfoRequest", site.ccm_token())
    assert (reply.status_code, reply.headers["StatusText"]) == (403, "CMGConnector_Forbidden")
    assert not asked(site)


WANTED = (403, "CMGConnector_Clientcertificaterequired")


@pytest.mark.parametrize(
    ("changes", "connecting", "token", "certificate"),
    [
        ({}, {"shows_certificate": False}, WANTED, WANTED),
        ({}, {"certificate": None}, WANTED, WANTED),
        ({"demands": Demand.not_for_tokens}, {"certificate": None}, (200, ""), WANTED),
        ({"mode": Mode.ehttp}, {"certificate": None}, (200, ""), (200, "")),
        ({}, {}, (200, ""), (200, "")),
    ],
)
def test_the_management_point_demands_its_certificate(
    tmp_path: Path, changes: dict[str, Any], connecting: dict[str, Any], token: object, certificate: object
) -> None:
    site = WholeSite(tmp_path, changes, connecting)
    for reply, expected in (
        (site.message("SiteInfoRequest", site.ccm_token()), token),
        (site.message("SiteInfoRequest", identity=site.certificate), certificate),
    ):
        assert (reply.status_code, reply.headers.get("StatusText", "")) == expected
    none = "Filtered cert count with client auth: 0"
    assert (none in site.logs()) is (WANTED in (token, certificate))


@pytest.mark.parametrize("what", ["withdrawn", "lapsed", "revoked"])
def test_its_certificates_revocation_list_counts_always(site: WholeSite, what: str) -> None:
    if what == "withdrawn":
        site.systems.withdraw()
    elif what == "lapsed":
        site.systems.let_lapse()
    else:
        shown = site.connection_points[0].shown()
        assert shown is not None
        site.systems.revoke(shown.certificate)
        site.systems.publish()
    reply = site.message("SiteInfoRequest", site.ccm_token())
    assert (reply.status_code, reply.headers["StatusText"]) == WANTED


def test_a_handshake_that_the_management_point_ends_is_for_want_of_a_certificate(site: WholeSite) -> None:
    network, mp = site.world.network, site.management_point
    identity = network.identity_of(mp.host)
    network.serve(mp.host, mp.app, identity, verify_client=site.verifier(site.rogue), demands_certificate=True)
    reply = site.message("SiteInfoRequest", site.ccm_token())
    assert (reply.status_code, reply.headers["StatusText"]) == WANTED


# Names for what the management point answers


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, (200, None)),
        (401, {"StatusText": "Unauthorized"}, (401, "CMGConnector_Unauthorized")),
        (302, {"Location": "https://elsewhere/"}, (401, "CMGConnector_Unauthorized")),
        (403, {}, (403, "CMGConnector_Forbidden")),
        (403, {"X-Iis-Substatus": "13"}, WANTED),
        (404, {}, (404, None)),
        (500, {}, (500, "CMGConnector_InternalServerError")),
        (503, {}, (500, "CMGConnector_InternalServerError")),
    ],
)
def test_the_management_points_answers_get_the_connectors_names(
    site: WholeSite, status: int, headers: dict[str, str], expected: tuple[int, str | None]
) -> None:
    async def answer(request: object) -> Response:
        return Response("x", status, headers)

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])
    site.world.network.serve(site.management_point.host, app, site.management_point.config.identity)
    reply = site.message("SiteInfoRequest", site.ccm_token())
    assert (reply.status_code, reply.headers.get("StatusText")) == expected
    assert "Location" not in reply.headers and "X-Iis-Substatus" not in reply.headers


def test_a_redirect_in_iis_looks_like_a_refusal_and_sts_never_hears_of_it(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, {"redirects": True})
    reply = site.sts(site.entra_token())
    assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGConnector_Unauthorized")
    assert not site.log(site.names.management_point, "CCM_STS")


def test_a_management_point_that_cannot_be_reached_is_a_failure_inside(site: WholeSite) -> None:
    site.world.network.cut(site.names.management_point)
    reply = site.message("SiteInfoRequest", site.ccm_token())
    assert (reply.status_code, reply.headers["StatusText"]) == (500, "CMGConnector_InternalServerError")


def test_an_iis_that_answers_before_anybody_else_is_understood(site: WholeSite) -> None:
    front = Front(lambda path, shown: httpx.Response(403, headers={"X-Iis-Substatus": "7"}))
    mp = site.management_point
    site.world.network.serve(mp.host, mp.app, mp.config.identity, front=front)
    assert site.message("SiteInfoRequest", site.ccm_token()).headers["StatusText"] == WANTED[1]


# The channel


def test_it_opens_no_channel_to_somebody_in_the_gateways_place(site: WholeSite) -> None:
    other = site.public.issue(site.names.cmg, hosts=[site.names.cmg])
    site.world.network.serve(site.names.cmg, site.gateway.app, other, on_channel=site.gateway.take_channel)
    with pytest.raises(Refused):
        asyncio.run(site.connection_points[0].open_channel())


def test_a_channel_that_is_not_taken_is_none(site: WholeSite) -> None:
    point = site.connection_points[0]
    point.close_channel()
    site.site.connection_points.clear()
    with pytest.raises(Unreachable):
        asyncio.run(point.open_channel())
    assert point.channel is None


def test_a_channel_that_was_lost_is_opened_again(site: WholeSite) -> None:
    point = site.connection_points[0]
    point.close_channel()
    asyncio.run(point.open_channel())
    asyncio.run(point.open_channel())
    assert site.message("SiteInfoRequest", site.ccm_token()).status_code == 200
    assert len(site.gateway.channels) == 1
    assert "ERROR: Failed to build Http connection 1" in site.log(point.host, "SMS_CLOUD_PROXYCONNECTOR")


# Each check is a method of its own


@pytest.mark.parametrize(("name", "weak", "bad"), WITHOUT, ids=[name for name, *_ in WITHOUT])
def test_a_check_that_is_not_made_lets_in_what_it_alone_refuses(
    tmp_path: Path, name: str, weak: Callable[..., object], bad: Callable[[WholeSite], str]
) -> None:
    site = WholeSite(tmp_path, parts={"connection_point": type("Weak", (ConnectionPoint,), {name: weak})})
    reply = through_the_channel(site, site.path("/CCM_STS"), bad(site), QUESTION)
    assert len(asked(site)) == 1 and reply.status_code == 401
