"""The cloud's store looks at the content token and at nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from ccmproof.harness.lab.content import CLIENT, CloudStore, Package, content_token
from ccmproof.harness.lab.tokens import SigningKey, issue

from .whole_site import HOUR, WholeSite


@pytest.fixture
def site(tmp_path: Path) -> WholeSite:
    return WholeSite(tmp_path)


def fetch(site: WholeSite, token: str, package: str = CLIENT.id, method: str = "GET") -> httpx.Response:
    return site.send(f"/content/{package}?token={token}", host=site.names.cloud, method=method)


def token(site: WholeSite, key: SigningKey | None = None, hours: float = 8, **changes: object) -> str:
    claims = {"iss": "urn:sccm:content", "aud": site.names.cloud, "package": CLIENT.id, **changes}
    return issue(key or site.site.content_key, claims, hours * HOUR, site.world.clock.now())


def test_a_package_is_given_to_whoever_shows_a_token_for_it(site: WholeSite) -> None:
    reply = fetch(site, content_token(site.world, site.site, CLIENT.id))
    assert reply.content == CLIENT.content and Package.of("x", reply.content).sha256 == CLIENT.sha256


def test_a_content_token_lives_for_eight_hours_to_the_second_blocked_or_not(site: WholeSite) -> None:
    site.register(site.entra_token())
    given = content_token(site.world, site.site, CLIENT.id)
    site.database.block("GUID:11111111-1111-4111-8111-111111111111")
    site.world.clock.advance(8 * HOUR - HOUR / 3600)
    assert fetch(site, given).status_code == 200
    site.world.clock.advance(HOUR / 3600)
    assert fetch(site, given).status_code == 403


BAD: dict[str, Callable[[WholeSite], str]] = {
    "none": lambda site: "",
    "nonsense": lambda site: "a.b.c",
    "another package's": lambda site: token(site, package="LAB00002"),
    "another audience's": lambda site: token(site, aud="elsewhere"),
    "another issuer's": lambda site: token(site, iss=site.site.issuer),
    "forged": lambda site: token(site, SigningKey.labelled("forger")),
    "by the site's key for CCM tokens": lambda site: token(site, site.site.signing_key),
    "expired": lambda site: token(site, hours=-1),
    "a CCM token": lambda site: site.ccm_token(),
    "an Entra token": lambda site: site.entra_token(),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_token_opens_nothing(site: WholeSite, what: str) -> None:
    assert fetch(site, BAD[what](site)).status_code == 403


def test_a_content_token_opens_nothing_else(site: WholeSite) -> None:
    given = content_token(site.world, site.site, CLIENT.id)
    assert site.message("SiteInfoRequest", given).status_code == 401
    assert site.message("SiteInfoRequest", given, direct=True).status_code == 401
    assert site.sts(given, direct=True).status_code == 401
    assert site.register(given, direct=True).status_code == 401


def test_what_is_asked_otherwise_is_refused(site: WholeSite) -> None:
    given = content_token(site.world, site.site, CLIENT.id)
    host = site.names.cloud
    assert fetch(site, given, method="POST").status_code == 405
    assert site.send("/other", host=host, method="GET").status_code == 404
    assert site.send(f"/content/{CLIENT.id}?token={given}&token={given}", host=host, method="GET").status_code == 403
    assert fetch(site, token(site, package="NONE"), "NONE").status_code == 404


def test_a_store_that_fails_says_so(site: WholeSite) -> None:
    site.cloud.fails = True
    assert fetch(site, token(site)).status_code == 503


@pytest.mark.parametrize(("name", "what"), [("lifetime_good", "expired"), ("package_good", "another package's")])
def test_a_check_that_is_not_made_gives_what_it_alone_refuses(tmp_path: Path, name: str, what: str) -> None:
    site = WholeSite(tmp_path, parts={"cloud": type("Weak", (CloudStore,), {name: lambda *_: True})})
    assert fetch(site, BAD[what](site)).status_code == 200
