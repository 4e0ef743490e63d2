"""CCM_STS: the document's order, what stops it at each step, and what the token says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.lab.bearer import NOBODY
from ccmproof.harness.lab.management_point import ManagementPoint, TenantMatch
from ccmproof.harness.lab.registration import Outcome
from ccmproof.harness.lab.sts import TokenService
from ccmproof.harness.lab.tokens import Validator, read

from .test_gateway import BAD_TOKENS
from .whole_site import (
    CLIENT_ID,
    DEVICE,
    HOUR,
    KEY,
    OTHER_DEVICE,
    OTHER_ID,
    USER_ID,
    WholeSite,
    signature,
)

STARTED = ["ProcessRequest - Start", "Incoming request URL: https://MP.CORP.EXAMPLE/CCM_STS"]


@pytest.fixture
def site(tmp_path: Path) -> WholeSite:
    return WholeSite(tmp_path)


def lines(site: WholeSite, name: str = "CCM_STS") -> list[str]:
    """The messages of a log."""
    log = site.log(site.names.management_point, name)
    return [each.split("[LOG[")[1].split("]LOG]")[0] for each in log.splitlines()]


def test_it_goes_in_the_documents_order(site: WholeSite) -> None:
    site.given(site.entra_token(user=True))
    assert lines(site) == [
        *STARTED,
        f"Validated AAD token. TokenType: UDA TenantId: {site.names.tenant} UserId: {USER_ID} DeviceId: {DEVICE}"
        " OnPrem_UserSid: S-1-5-21-1004336348-1177238915-682003330-1104 OnPrem_DeviceSid: ",
        "TokenType is UDA",
        f"Created SCCM token, token type: UDA, hierarchyId: {site.names.hierarchy}, userId: {USER_ID}, deviceId: ",
        "Issued token",
        "Return token to client",
    ]


def test_the_token_is_for_whom_entra_proves_and_lives_eight_hours(site: WholeSite) -> None:
    reply = site.sts(site.entra_token(user=True)).json()
    now = site.world.clock.now()
    validator = Validator({site.site.issuer: site.site.token_issuer}, "urn:sccm:service")
    claims = validator.validate(reply["access_token"], now)
    assert reply["expires_in"] == 28800
    assert {name: claims[name] for name in claims if name not in ("iat", "nbf", "exp")} == {
        "iss": f"urn:sccm:oauth2:{site.names.hierarchy}", "aud": "urn:sccm:service", "SCCMTokenCategory": "UDA",
        "Type": "UDA", "hierarchyId": site.names.hierarchy, "tid": site.names.tenant, "userId": USER_ID,
        "deviceId": DEVICE, "clientId": "",
    }  # fmt: skip
    assert claims["iat"] == claims["nbf"] == int(now.timestamp()) and claims["exp"] == claims["iat"] + 28800


def test_a_devices_token_has_no_user_and_needs_none(site: WholeSite) -> None:
    assert read(site.given(site.entra_token())).claims["userId"] == NOBODY
    assert "TokenType is Device" in lines(site)


@pytest.mark.parametrize("what", BAD_TOKENS)
def test_a_bad_token_is_refused_on_the_direct_path_too(site: WholeSite, what: str) -> None:
    assert site.sts(BAD_TOKENS[what](site), direct=True).status_code == 401
    told = lines(site)
    assert told[:2] == STARTED and len(told) == 3
    assert told[2].startswith("Return code: 401, Description: AAD token validation failed")


@pytest.mark.parametrize("how", ["ccm", "certificate", "nothing"])
def test_nothing_but_an_entra_token_gets_a_ccm_token(site: WholeSite, how: str) -> None:
    token = site.given(site.entra_token()) if how == "ccm" else ""
    if how == "certificate":
        reply = site.send(
            site.path("/CCM_STS", "MutualAuth"), {"ClientID": CLIENT_ID}, identity=site.certificate, CcmTokenAuth="0"
        )
    else:
        reply = site.sts(token, direct=True)
    assert reply.status_code == 401


def test_a_user_has_to_be_discovered(site: WholeSite) -> None:
    unknown = "00000000-aaaa-4aaa-8aaa-000000000000"
    reply = site.sts(site.entra_token(user=True, oid=unknown))
    assert (reply.status_code, reply.headers["StatusText"]) == (401, "CMGConnector_Unauthorized")
    assert lines(site)[-1] == f"Failed to find user {unknown} in the database"
    site.database.discover_user(site.names.tenant, unknown)
    site.given(site.entra_token(user=True, oid=unknown))


def test_a_user_is_known_in_his_tenant_only(site: WholeSite) -> None:
    site.site.onboard(site.names.other_tenant)
    assert site.sts(site.entra_token(user=True, tid=site.names.other_tenant)).status_code == 401


@pytest.mark.parametrize("checks", [True, False])
def test_a_blocked_client_is_refused_where_it_looks(tmp_path: Path, checks: bool) -> None:
    site = WholeSite(tmp_path, {"sts_checks_block": checks})
    site.register(site.entra_token())
    site.database.block(CLIENT_ID)
    reply = site.sts(site.entra_token())
    assert reply.status_code == (401 if checks else 200)
    assert site.message("SiteInfoRequest", site.ccm_token(clientId=CLIENT_ID)).status_code == 401


def test_a_crash_comes_before_anything_else(site: WholeSite) -> None:
    site.management_point.sts_healthy = False
    reply = site.sts(site.entra_token())
    assert (reply.status_code, reply.headers["StatusText"]) == (500, "CMGConnector_InternalServerError")
    assert "0x80131040" in lines(site)[-1] and len(lines(site)) == 3
    assert site.sts("nonsense", direct=True).status_code == 500


def test_without_a_way_to_entra_nothing_can_be_validated(site: WholeSite) -> None:
    site.management_point.outbound = False
    for token in (site.entra_token(), site.entra_token()):
        reply = site.sts(token)
        assert (reply.status_code, reply.headers["StatusText"]) == (500, "CMGConnector_InternalServerError")
    assert "MISE12034" in lines(site, "CCM_STS_ManagedBase")[0]
    site.management_point.outbound = True
    site.given(site.entra_token())
    site.management_point.outbound = False
    assert site.sts(site.entra_token()).status_code == 500, "keys in hand do not do"


def test_before_2603_the_site_server_reads_the_metadata(tmp_path: Path) -> None:
    site = WholeSite(tmp_path, {"reads_metadata": False, "outbound": False})
    site.given(site.entra_token())
    asked = {each.sender for each in site.seen if each.receiver == site.names.entra}
    assert site.names.management_point not in asked and "siteserver.corp.example" in asked


def test_without_entra_and_without_keys_it_cannot_be_known(tmp_path: Path) -> None:
    site = WholeSite(tmp_path)
    site.world.network.cut(site.names.entra)
    assert site.sts(site.entra_token(), direct=True).status_code == 500


def test_the_database_is_asked_after_the_token(site: WholeSite) -> None:
    site.database.up = False
    assert site.sts("nonsense", direct=True).status_code == 401
    reply = site.sts(site.entra_token())
    assert (reply.status_code, reply.headers["StatusText"]) == (500, "CMGConnector_InternalServerError")
    assert lines(site)[-3].startswith("Validated AAD token.") and "SqlException" in lines(site)[-1]


@pytest.mark.parametrize("body", [{}, {"ClientID": "x"}, {"ClientID": CLIENT_ID, "Account": "me"}, [], "x"])
def test_a_malformed_request_never_begins(site: WholeSite, body: object) -> None:
    assert site.send("/CCM_STS", body, site.entra_token(), host=site.names.management_point).status_code == 400
    assert not lines(site)


# Whose token it is


def test_the_token_names_the_client_of_the_device_whatever_is_asked(site: WholeSite) -> None:
    site.register(site.entra_token())
    assert read(site.given(site.entra_token())).claims["clientId"] == CLIENT_ID
    assert read(site.given(site.entra_token(), OTHER_ID)).claims["clientId"] == CLIENT_ID
    stranger = site.given(site.entra_token(deviceid=OTHER_DEVICE))
    assert read(stranger).claims["clientId"] == ""
    assert site.message("SiteInfoRequest", stranger).status_code == 401


def test_a_pending_client_is_not_named_yet(site: WholeSite) -> None:
    site.management_point.registrations.outcome = Outcome.pending
    site.register(site.entra_token())
    assert read(site.given(site.entra_token())).claims["clientId"] == ""
    site.database.confirm_pending()
    assert read(site.given(site.entra_token())).claims["clientId"] == CLIENT_ID


def test_a_client_that_a_certificate_registered_is_its_devices_once_it_signs(site: WholeSite) -> None:
    site.register(identity=site.certificate)
    site.given(site.entra_token(deviceid=OTHER_DEVICE))
    unsigned = site.given(site.entra_token())
    assert site.message("SiteInfoRequest", unsigned).status_code == 401
    body = b'{"ClientID": "%s", "Account": "S-1-5-18"}' % CLIENT_ID.encode()
    reply = site.send(site.path("/CCM_STS"), body, site.entra_token(), CcmSignature=signature(KEY, body))
    token = str(reply.json()["access_token"])
    assert read(token).claims["clientId"] == CLIENT_ID
    assert site.message("SiteInfoRequest", token).status_code == 200


def test_whose_device_was_never_discovered_does_not_take_a_client_id_by_using_it_first(site: WholeSite) -> None:
    stranger = site.given(site.entra_token(deviceid=OTHER_DEVICE))
    mine = site.given(site.entra_token())
    assert site.message("SiteInfoRequest", mine).status_code == 200
    assert site.message("SiteInfoRequest", stranger).status_code == 401


# The tenant (A38)


def _strict(tmp_path: Path, match: TenantMatch) -> WholeSite:
    site = WholeSite(tmp_path, {"tenant_match": match})
    site.site.onboard(site.names.other_tenant)
    site.database.discover_user(site.names.other_tenant, USER_ID)
    return site


@pytest.mark.parametrize(("match", "status"), [(TenantMatch.onboarded, 200), (TenantMatch.strict, 401)])
def test_a_user_of_another_tenant_on_the_device(tmp_path: Path, match: TenantMatch, status: int) -> None:
    site = _strict(tmp_path, match)
    token = site.entra_token(user=True, tid=site.names.other_tenant)
    assert site.sts(token).status_code == status
    assert site.register(token).status_code == status
    assert site.sts(site.entra_token(user=True)).status_code == 200
    assert site.sts(site.entra_token(user=True, tid=site.names.other_tenant, deviceid="x"), OTHER_ID).status_code == 200


# Each check and step is a method of its own


WITHOUT: list[tuple[type[Any], str, Callable[..., object], Callable[[WholeSite], str]]] = [
    (ManagementPoint, "tenant_good", lambda *_: True, BAD_TOKENS["tenant that is not onboarded"]),
    (ManagementPoint, "audience_good", lambda *_: True, BAD_TOKENS["another audience"]),
    (ManagementPoint, "signature_good", lambda *_: True, BAD_TOKENS["forged"]),
    (ManagementPoint, "lifetime_good", lambda *_: True, BAD_TOKENS["expired"]),
    (TokenService, "knows_user", lambda *_: True, lambda site: site.entra_token(user=True, oid="x")),
    (TokenService, "lets_client", lambda *_: True, lambda site: site.entra_token()),
]


@pytest.mark.parametrize(("of", "name", "weak", "bad"), WITHOUT, ids=[name for _, name, *_ in WITHOUT])
@pytest.mark.parametrize("made", [True, False])
def test_a_check_that_is_not_made_gives_a_token_for_what_it_alone_refuses(
    tmp_path: Path,
    of: type[Any],
    name: str,
    weak: Callable[..., object],
    bad: Callable[[WholeSite], str],
    made: bool,
) -> None:
    weakened = type("Weak", (of,), {} if made else {name: weak})
    weak_point = weakened
    if of is TokenService:
        weak_point = type("WeakPoint", (ManagementPoint,), {"make_sts": lambda self: weakened(self)})
    site = WholeSite(tmp_path, parts={"management_point": weak_point})
    if name == "lets_client":
        site.register(site.entra_token())
        site.database.block(CLIENT_ID)
    assert site.sts(bad(site), direct=True).status_code == (401 if made else 200)


def test_how_long_a_token_lives_is_one_method(tmp_path: Path) -> None:
    class Long(TokenService):
        def lifetime(self) -> timedelta:
            return 24 * HOUR

    parts = {"management_point": type("Point", (ManagementPoint,), {"make_sts": lambda self: Long(self)})}
    claims = read(WholeSite(tmp_path, parts=parts).given(WholeSite(tmp_path / "x").entra_token())).claims
    assert claims["exp"] - claims["iat"] == 24 * 3600
