"""Whatever comes to a server of the site is answered with a 4xx where it is at fault, and never with a stack trace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.lab.endpoints import PUBLISHED, WINDOWS_MESSAGES
from ccmproof.harness.lab.incoming import Server
from ccmproof.harness.lab.management_point import Mode
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message

from .whole_site import CLIENT_ID, KEY, WholeSite, public, signature

Header = tuple[bytes, bytes]
SITES: dict[str, WholeSite] = {}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> WholeSite:
    return WholeSite(tmp_path_factory.mktemp("site"), {"mode": Mode.ehttp, "altauth": True})


def call(server: Server, method: str, path: bytes, query: bytes, headers: Iterable[Header], body: bytes) -> int:
    """Ask an application with nothing between that would mend what is wrong; its status."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https",
        "path": path.decode("latin-1"), "raw_path": path, "query_string": query, "headers": list(headers),
        "server": None, "client": None, "root_path": "", "extensions": {},
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(server.app(scope, receive, send))
    return int(sent[0]["status"])


METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "x"])
INSIDE = [*PUBLISHED, WINDOWS_MESSAGES, "/ccm_system_AltAuth/request", "/content/LAB00001"]
PREFIXES = ["", "/CCM_Proxy_ServerAuth/72057594037937956", "/CCM_Proxy_MutualAuth/72057594037937956"]
PATHS = st.one_of(
    st.tuples(st.sampled_from(PREFIXES), st.sampled_from(INSIDE)).map(lambda both: "".join(both).encode()),
    st.just(b"/CCM_Proxy_ServerAuth/AADAuthInfo"),
    st.binary(max_size=60).map(lambda text: b"/" + text),
    st.binary(max_size=8),
)
QUERIES = st.one_of(
    st.sampled_from([b"", b"\xff"]),
    st.binary(max_size=40).map(lambda text: b"TenantID=" + text),
    st.binary(max_size=40).map(lambda text: b"token=" + text),
)
NAMES = st.sampled_from(
    [b"authorization", b"ccmtokenauth", b"ccmsignature", b"ccmclientid", b"x-cmg-via", b"x-cmg-voucher",
     b"x-cmg-client-certificate", b"host", b"content-length", b"content-type", b"cookie"]
)  # fmt: skip
VALUES = st.one_of(
    st.binary(max_size=60),
    st.binary(max_size=60).map(lambda text: b"Bearer " + text),
    st.binary(max_size=60).map(lambda text: b"Negotiate " + text),
    st.just(b"cp.corp.example"),
    st.just(CLIENT_ID.encode()),
)
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=6)
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just(CLIENT_ID)),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.text(max_size=8), below, max_size=3)),
    max_leaves=6,
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "Message": st.one_of(
            st.sampled_from(["SiteInfoRequest", "ContentLocationRequest", "PolicyRequest", "ClientRegistration"]), TREES
        ),
        "ClientID": st.one_of(st.just(CLIENT_ID), TREES),
        "Account": st.one_of(st.just("S-1-5-18"), TREES),
        "PublicKey": st.one_of(st.just(public(KEY)), TREES),
        "SiteCode": TREES,
        "Name": TREES,
    },
)
BODIES = st.one_of(
    st.binary(max_size=200), TREES.map(json.dumps).map(str.encode), MESSAGES.map(json.dumps).map(str.encode)
)


@pytest.mark.parametrize("name", ["gateway", "connection_point", "management_point", "cloud"])
def test_whatever_comes_is_answered(site: WholeSite, name: str) -> None:
    server: Any = site.connection_points[0] if name == "connection_point" else getattr(site, name)

    @settings(max_examples=400, deadline=None)
    @given(METHODS, PATHS, QUERIES, HEADERS, BODIES)
    def check(method: str, path: bytes, query: bytes, headers: list[Header], body: bytes) -> None:
        status = call(server, method, path, query, headers, body)
        assert 400 <= status < 500 or (status == 200 and name == "management_point" and b"ClientRegistration" in body)

    check()


@pytest.mark.parametrize("name", ["gateway", "connection_point", "management_point", "cloud", "entra"])
@pytest.mark.parametrize("query", [b"", b"\xff"])
def test_what_has_no_path_is_not_sent_elsewhere(site: WholeSite, name: str, query: bytes) -> None:
    server: Any = site.connection_points[0] if name == "connection_point" else getattr(site, name)
    assert 400 <= call(server, "GET", b"", query, [(b"host", b"evil.example")], b"") < 500


@pytest.mark.parametrize("endpoint", [*PUBLISHED, WINDOWS_MESSAGES, "/ccm_system_AltAuth/request"])
def test_messages_that_are_nearly_right_are_answered(site: WholeSite, endpoint: str) -> None:
    """With a good credential, so that what is behind it is reached."""
    tokens = {"ccm": site.ccm_token(), "entra": site.entra_token()}

    @settings(max_examples=100, deadline=None)
    @given(MESSAGES, st.sampled_from([*tokens, ""]), st.booleans())
    def check(message: dict[str, Any], token: str, signed: bool) -> None:
        body = json.dumps(message).encode()
        headers = [(b"ccmtokenauth", b"1"), (b"ccmclientid", CLIENT_ID.encode())]
        if token:
            headers.append((b"authorization", f"Bearer {tokens[token]}".encode()))
        if signed:
            headers.append((b"ccmsignature", signature(KEY, body).encode()))
        status = call(site.management_point, PUBLISHED.get(endpoint, "POST"), endpoint.encode(), b"", headers, body)
        assert status == 200 or 400 <= status < 500

    check()


BOMBS = {
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000,
    "twice": b'{"ClientID": "x", "ClientID": "y"}',
    "nan": b'{"ClientID": NaN}',
    "half a character": b'{"ClientID": "\\ud800"}',
    "not utf-8": b'{"ClientID": "\xff"}',
    "long number": b'{"ClientID": ' + b"9" * 100_000 + b"}",
    "empty": b"",
    "null": b"null",
}


@pytest.mark.parametrize("what", BOMBS)
@pytest.mark.parametrize("endpoint", ["/CCM_STS", "/ccm_system/request"])
def test_what_is_no_message_is_a_bad_request(tmp_path: Path, what: str, endpoint: str) -> None:
    site = SITES.setdefault("plain", WholeSite(tmp_path))
    headers = [(b"authorization", f"Bearer {site.entra_token()}".encode())]
    assert call(site.management_point, "POST", endpoint.encode(), b"", headers, BOMBS[what]) == 400


def test_a_header_twice_or_with_control_characters_is_a_bad_request(site: WholeSite) -> None:
    path = b"/CCM_Proxy_ServerAuth/72057594037937956/CCM_STS"
    token = f"Bearer {site.entra_token()}".encode()
    for headers in ([(b"authorization", token)] * 2, [(b"x", b"a\r\nb")], [(b"x", b"\xe9")], [(b"\xe9", b"x")]):
        for server in (site.gateway, site.connection_points[0], site.management_point, site.cloud):
            assert call(server, "POST", path, b"", headers, b"{}") == 400
