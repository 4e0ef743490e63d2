"""Entra over the wire: who gets which token, who does not and why, keys that rotate, and hostile input.

One room although it is long: every question goes over the wire to one Entra that one site is built around.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
import pytest
from ccmproof.harness.lab.device_proof import device_named
from ccmproof.harness.lab.directory import App, NotKnown
from ccmproof.harness.lab.entra import Entra, EntraConfig, issuer_name
from ccmproof.harness.lab.network import Chain, Identity
from ccmproof.harness.lab.pki import DAY, Authority, DistributionPoint
from ccmproof.harness.lab.tokens import Check, Invalid, KeySet, Validator, read
from ccmproof.harness.lab.tokens import Issuer as TokenIssuer
from ccmproof.harness.lab.trust import Trust
from ccmproof.harness.lab.world import USER, World
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HALF_HOUR = timedelta(minutes=30)


@dataclass
class Site:
    """Entra with two tenants, a device of the first, and a user of each who is signed in on it."""

    world: World
    public: Authority
    entra: Entra
    wpj: Identity
    device: str
    sessions: dict[str, str]
    asked: int = 0

    @property
    def tenant(self) -> str:
        return self.world.names.tenant

    @property
    def other(self) -> str:
        return self.world.names.other_tenant

    @property
    def app(self) -> App:
        return self.entra.directory.tenants[self.tenant].apps[self.world.names.resource]

    def send(
        self, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None, method: str = "POST"
    ) -> httpx.Response:
        async def verify(chain: Chain, host: str) -> None:
            Trust([self.public.certificate]).verify_server(chain, host, self.world.clock.now())

        async def exchange() -> httpx.Response:
            connection = await self.world.network.connect("PC0001", self.world.names.entra, verify=verify)
            return await connection.request(method, path, headers=headers, content=content)

        return asyncio.run(exchange())

    def assertion(self, endpoint: str, by: Identity | None = None, **claims: Any) -> str:
        self.asked += 1
        by = by or self.wpj
        begins = int(self.world.clock.now().timestamp())
        shown = [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in by.chain]
        said = {"aud": endpoint, "iat": begins, "nbf": begins, "exp": begins + 300, "jti": str(self.asked), **claims}
        return jwt.encode(said, by.key, "ES256", {"x5c": shown})

    def fields(self, tenant: str = "", by: Identity | None = None, **changes: str | None) -> dict[str, str]:
        """What a device sends for its own token, with changes; None takes a field away."""
        names, tenant = self.world.names, tenant or self.tenant
        said: dict[str, str | None] = {
            "grant_type": "device", "client_id": names.client_app, "resource": names.resource,
            "assertion": self.assertion(self.entra.endpoint(tenant), by), **changes,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}

    def for_user(self, sid: str = USER, tenant: str = "", **changes: str | None) -> dict[str, str]:
        said = {"grant_type": "user", "user": sid, "session": self.sessions[sid], **changes}
        return self.fields(tenant, **said)

    def ask(self, fields: Mapping[str, str], tenant: str = "") -> httpx.Response:
        return self.send(f"/{tenant or self.tenant}/oauth2/token", json.dumps(fields).encode(), JSON)

    def token(self, fields: Mapping[str, str], tenant: str = "") -> str:
        response = self.ask(fields, tenant)
        assert response.status_code == 200, response.text
        return str(response.json()["access_token"])

    def validate(self, token: str, tenant: str = "") -> Mapping[str, Any]:
        """As a site would that has onboarded a tenant and asks Entra for its keys."""
        tenant = tenant or self.tenant
        keys = KeySet.from_jwks(self.send(f"/{tenant}/discovery/keys", method="GET").json())
        issuers = {issuer_name(tenant): TokenIssuer(keys, tenant)}
        return Validator(issuers, self.world.names.resource).validate(token, self.world.clock.now())


FOREIGNER = "S-1-5-21-1-2-3-1001"
FOLDER = TemporaryDirectory(prefix="ccmproof-entra-", ignore_cleanup_errors=True)
"""For what Entra records."""


def join(site_entra: Entra, tenant: str) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate, *rest = site_entra.join_device(tenant, key.public_key())
    return Identity(certificate, key, tuple(rest))


def build() -> Site:
    world = World(Path(FOLDER.name))
    point, names = DistributionPoint(world), world.names
    public, devices = Authority(world, "public", point), Authority(world, "devices", point)
    entra = Entra(world, EntraConfig(public.issue("entra", hosts=[names.entra]), devices))
    entra.start()
    for tenant in (names.tenant, names.other_tenant):
        entra.directory.add_tenant(tenant, App(names.client_app, names.resource))
    wpj = join(entra, names.tenant)
    device = device_named(wpj.certificate)
    entra.directory.add_user(names.tenant, USER, "user@corp.example")
    entra.directory.add_user(names.other_tenant, FOREIGNER)
    sessions = {sid: entra.directory.sign_in(sid, device) for sid in (USER, FOREIGNER)}
    return Site(world, public, entra, wpj, device, sessions)


@pytest.fixture
def site() -> Site:
    return build()


ONE = build()
"""For hostile input, which changes nothing."""


def refusal(response: httpx.Response) -> tuple[int, str, int]:
    """What a refusal says; it says nothing else, and says it as JSON."""
    assert 400 <= response.status_code < 500, response.text
    said = response.json()
    assert set(said) == {"error", "error_code"}
    return response.status_code, said["error"], said["error_code"]


class TestDevices:
    def test_gets_a_token(self, site: Site) -> None:
        claims = site.validate(site.token(site.fields()))
        assert claims["iss"] == issuer_name(site.tenant)
        assert (claims["tid"], claims["aud"]) == (site.tenant, site.world.names.resource)
        assert (claims["idtyp"], claims["deviceid"]) == ("device", site.device)
        assert not {"sid", "upn"} & set(claims)

    def test_by_a_form_too(self, site: Site) -> None:
        response = site.send(f"/{site.tenant}/oauth2/token", urlencode(site.fields()).encode(), FORM)
        site.validate(response.json()["access_token"])

    def test_where_the_app_does_not_take_devices(self, site: Site) -> None:
        site.app.takes_device_tokens = False
        assert refusal(site.ask(site.fields())) == (400, "unauthorized_client", 700016)
        site.token(site.for_user())

    def test_a_policy_for_users_is_not_for_devices(self, site: Site) -> None:
        site.app.blocked = True
        site.token(site.fields())

    def test_disabled(self, site: Site) -> None:
        site.entra.directory.disable_device(site.device)
        assert refusal(site.ask(site.fields())) == (400, "device_disabled", 135011)
        assert refusal(site.ask(site.for_user())) == (400, "device_disabled", 135011)
        site.entra.directory.disable_device(site.device, disabled=False)
        site.token(site.fields())

    def test_disabling_takes_nothing_back(self, site: Site) -> None:
        token = site.token(site.fields())
        site.entra.directory.disable_device(site.device)
        site.validate(token)

    def test_at_another_tenant(self, site: Site) -> None:
        assert refusal(site.ask(site.fields(site.other), site.other)) == (400, "invalid_client", 700016)

    def test_another_device_is_another_one(self, site: Site) -> None:
        second = join(site.entra, site.tenant)
        site.entra.directory.disable_device(site.device)
        claims = site.validate(site.token(site.fields(by=second)))
        assert claims["deviceid"] == device_named(second.certificate) != site.device


class TestProof:
    def test_is_good_once(self, site: Site) -> None:
        fields = site.fields()
        site.token(fields)
        assert refusal(site.ask(fields))[:2] == (400, "invalid_client")

    def test_lives_for_minutes(self, site: Site) -> None:
        fields = site.fields()
        site.world.clock.advance(timedelta(minutes=5))
        assert refusal(site.ask(fields)) == (400, "invalid_client", 700024)

    def test_for_another_tenant(self, site: Site) -> None:
        fields = site.fields(site.other)
        assert refusal(site.ask(fields))[:2] == (400, "invalid_client")

    def test_by_a_key_that_is_not_the_certificates(self, site: Site) -> None:
        thief = Identity(site.wpj.certificate, ec.generate_private_key(ec.SECP256R1()))
        assert refusal(site.ask(site.fields(by=thief))) == (400, "invalid_client", 700027)

    def test_by_a_certificate_of_another_issuer(self, site: Site) -> None:
        forger = Authority(site.world, "devices", DistributionPoint(site.world))
        certificate = forger.certify(site.wpj.key.public_key(), site.device)
        assert refusal(site.ask(site.fields(by=Identity(certificate, site.wpj.key)))) == (400, "invalid_client", 700027)

    def test_by_a_device_that_is_not_known(self, site: Site) -> None:
        fields = site.fields()
        del site.entra.directory.devices[site.device]
        assert refusal(site.ask(fields)) == (400, "invalid_client", 50155)

    def test_by_a_key_that_the_device_has_not_joined_with(self, site: Site) -> None:
        other = join(site.entra, site.tenant)
        site.entra.directory.devices[site.device].key = site.entra.directory.devices[
            device_named(other.certificate)
        ].key
        assert refusal(site.ask(site.fields())) == (400, "invalid_client", 50155)


class TestUsers:
    def test_gets_a_token(self, site: Site) -> None:
        claims = site.validate(site.token(site.for_user()))
        account = site.entra.directory.accounts[USER]
        assert (claims["idtyp"], claims["sid"], claims["oid"]) == ("user", USER, account.oid)
        assert (claims["upn"], claims["deviceid"], claims["tid"]) == ("user@corp.example", site.device, site.tenant)

    def test_of_another_tenant_at_his_own(self, site: Site) -> None:
        token = site.token(site.for_user(FOREIGNER, site.other), site.other)
        assert site.validate(token, site.other)["tid"] == site.other
        with pytest.raises(Invalid) as invalid:
            site.validate(token)
        assert invalid.value.check is Check.issuer

    def test_of_another_tenant_at_the_devices(self, site: Site) -> None:
        assert refusal(site.ask(site.for_user(FOREIGNER))) == (400, "invalid_grant", 50034)

    def test_disabled(self, site: Site) -> None:
        site.entra.directory.disable_user(USER)
        assert refusal(site.ask(site.for_user())) == (400, "invalid_grant", 50057)
        site.token(site.fields())

    def test_blocked_by_a_policy(self, site: Site) -> None:
        site.app.blocked = True
        assert refusal(site.ask(site.for_user())) == (400, "interaction_required", 53003)
        site.token(site.for_user(FOREIGNER, site.other), site.other)

    def test_not_known(self, site: Site) -> None:
        assert refusal(site.ask(site.for_user(user="S-1-5-21-9-9-9-9"))) == (400, "invalid_grant", 50034)

    @pytest.mark.parametrize("session", ["", "0" * 64, "x", None])
    def test_without_a_session(self, site: Site, session: str | None) -> None:
        expected = 700082 if session else 900144
        assert refusal(site.ask(site.for_user(session=session)))[2] == expected

    def test_by_the_session_of_another(self, site: Site) -> None:
        stolen = site.sessions[FOREIGNER]
        assert refusal(site.ask(site.for_user(session=stolen))) == (400, "invalid_grant", 700082)

    def test_on_another_device(self, site: Site) -> None:
        elsewhere = join(site.entra, site.tenant)
        fields = site.for_user()
        fields["assertion"] = site.assertion(site.entra.endpoint(site.tenant), elsewhere)
        assert refusal(site.ask(fields)) == (400, "invalid_grant", 700082)

    def test_a_session_lives_on_by_use_and_ends_without(self, site: Site) -> None:
        for _ in range(3):
            site.world.clock.advance(13 * DAY)
            site.token(site.for_user())
        site.world.clock.advance(14 * DAY)
        assert refusal(site.ask(site.for_user())) == (400, "invalid_grant", 700082)

    def test_who_is_disabled_does_not_sign_in(self, site: Site) -> None:
        site.entra.directory.disable_user(USER)
        with pytest.raises(NotKnown, match="disabled"):
            site.entra.directory.sign_in(USER, site.device)
        with pytest.raises(NotKnown, match="not known"):
            site.entra.directory.sign_in("nobody", site.device)


class TestLifetimes:
    def test_are_drawn_between_60_and_90_minutes(self, site: Site) -> None:
        drawn = [site.ask(site.fields()).json()["expires_in"] for _ in range(60)]
        assert all(3600 <= each <= 5400 for each in drawn)
        assert max(drawn) - min(drawn) > 1200

    def test_are_what_the_token_says(self, site: Site) -> None:
        reply = site.ask(site.fields()).json()
        site.world.clock.advance(timedelta(seconds=reply["expires_in"] - 1))
        site.validate(reply["access_token"])
        site.world.clock.advance(timedelta(seconds=1))
        with pytest.raises(Invalid) as invalid:
            site.validate(reply["access_token"])
        assert invalid.value.check is Check.lifetime

    def test_can_be_chosen(self, site: Site) -> None:
        site.entra.choose_lifetime = lambda: HALF_HOUR
        assert site.ask(site.fields()).json()["expires_in"] == 1800

    def test_are_the_same_in_another_run(self) -> None:
        def some() -> list[int]:
            fresh = build()
            return [fresh.ask(fresh.fields()).json()["expires_in"] for _ in range(5)]

        assert some() == some()


class TestKeys:
    def test_metadata_says_where_what_is(self, site: Site) -> None:
        said = site.send(f"/{site.tenant}/.well-known/openid-configuration", method="GET").json()
        assert said["issuer"] == issuer_name(site.tenant)
        host, path = said["jwks_uri"].removeprefix("https://").split("/", 1)
        assert host == site.world.names.entra
        assert len(KeySet.from_jwks(site.send(f"/{path}", method="GET").json())) == 1
        assert said["token_endpoint"] == f"https://{host}/{site.tenant}/oauth2/token"

    def test_rotate(self, site: Site) -> None:
        old = site.token(site.fields())
        known = site.entra.published_keys()
        site.entra.rotate_keys()
        new = site.token(site.fields())
        assert read(old).header["kid"] != read(new).header["kid"]
        site.validate(old)
        site.validate(new)
        late = Validator({issuer_name(site.tenant): TokenIssuer(known, site.tenant)}, site.world.names.resource)
        late.validate(old, site.world.clock.now())
        with pytest.raises(Invalid) as invalid:
            late.validate(new, site.world.clock.now())
        assert invalid.value.check is Check.signature

    def test_old_ones_are_published_for_a_day(self, site: Site) -> None:
        site.entra.rotate_keys()
        site.world.clock.advance(DAY - timedelta(seconds=1))
        assert len(site.entra.published_keys()) == 2
        site.world.clock.advance(timedelta(seconds=1))
        assert len(site.entra.published_keys()) == 1

    def test_are_shared_by_tenants(self, site: Site) -> None:
        assert site.entra.issuer(site.tenant).keys.to_jwks() == site.entra.issuer(site.other).keys.to_jwks()
        assert site.entra.issuer(site.other).tenant == site.other


class TestJoining:
    def pem(self, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey | None = None) -> str:
        public = key or ec.generate_private_key(ec.SECP256R1()).public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def ask(self, site: Site, fields: Mapping[str, object], invitation: str, tenant: str = "") -> httpx.Response:
        headers = {**JSON, "Authorization": f"Bearer {invitation}"}
        return site.send(f"/{tenant or site.tenant}/devices/join", json.dumps(fields).encode(), headers)

    def test_gives_a_certificate_that_tokens_are_asked_for_with(self, site: Site) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        said = self.ask(site, {"PublicKey": self.pem(key.public_key())}, site.entra.invite_device(site.tenant)).json()
        chain = [x509.load_pem_x509_certificate(each.encode()) for each in said["Certificates"]]
        claims = site.validate(site.token(site.fields(by=Identity(chain[0], key, tuple(chain[1:])))))
        assert claims["deviceid"] == said["DeviceId"]
        assert chain[0].not_valid_after_utc - site.world.clock.now() == 3650 * DAY

    def test_only_by_invitation_and_once(self, site: Site) -> None:
        fields = {"PublicKey": self.pem()}
        assert refusal(self.ask(site, fields, "x")) == (401, "access_denied", 0)
        path = f"/{site.tenant}/devices/join"
        assert refusal(site.send(path, json.dumps(fields).encode(), JSON)) == (401, "access_denied", 0)
        invitation = site.entra.invite_device(site.tenant)
        assert refusal(self.ask(site, fields, invitation, site.other)) == (401, "access_denied", 0)
        assert self.ask(site, fields, invitation).status_code == 200
        assert refusal(self.ask(site, fields, invitation)) == (401, "access_denied", 0)

    def test_a_bad_key_does_not_use_the_invitation_up(self, site: Site) -> None:
        invitation = site.entra.invite_device(site.tenant)
        large = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
        curve = ec.generate_private_key(ec.SECP384R1()).public_key()
        for bad in ("", "x", self.pem(large), self.pem(curve), "é", 7, None, [self.pem()]):
            assert refusal(self.ask(site, {"PublicKey": bad}, invitation))[:2] == (400, "invalid_request")
        assert self.ask(site, {"PublicKey": self.pem()}, invitation).status_code == 200


class TestRequests:
    @pytest.mark.parametrize("name", ["grant_type", "assertion", "client_id", "resource"])
    def test_a_field_is_missing(self, site: Site, name: str) -> None:
        assert refusal(site.ask(site.fields(**{name: None}))) == (400, "invalid_request", 900144)
        assert refusal(site.ask(site.fields(**{name: ""}))) == (400, "invalid_request", 900144)

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"grant_type": "password"}, ("unsupported_grant_type", 70003)),
            ({"client_id": "00000000-0000-0000-0000-000000000000"}, ("unauthorized_client", 700016)),
            ({"resource": "https://elsewhere.example"}, ("invalid_resource", 500011)),
        ],
    )
    def test_a_field_is_wrong(self, site: Site, changes: dict[str, str], expected: tuple[str, int]) -> None:
        assert refusal(site.ask(site.fields(**changes)))[1:] == expected

    @pytest.mark.parametrize("tenant", ["elsewhere", "common", "5A1F0C2E-7D7B-4A54-9C1B-2F6B3C1D9A10", "%00", "é"])
    def test_a_tenant_that_is_not_known(self, site: Site, tenant: str) -> None:
        assert refusal(site.ask(site.fields(), tenant))[0] == 400
        for path in ("discovery/keys", ".well-known/openid-configuration"):
            assert refusal(site.send(f"/{tenant}/{path}", method="GET"))[0] == 400

    @pytest.mark.parametrize(
        "path",
        ["/", "//", "/{t}", "/{t}/", "/{t}/oauth2", "/{t}/oauth2/token/x", "/{t}/oauth2//token", "/x/{t}/oauth2/token",
         "/{t}/oauth2/Token", "/{t}/oauth2/token;x", "/{t}\\oauth2\\token", "/%2e%2e/{t}/oauth2/token"],
    )  # fmt: skip
    def test_no_such_path(self, site: Site, path: str) -> None:
        response = site.send(path.format(t=site.tenant), json.dumps(site.fields()).encode(), JSON)
        assert refusal(response)[0] == 404

    @pytest.mark.parametrize("path", ["/{t}%2Foauth2%2Ftoken", "/{t}/oauth2/%74oken", "/%35{u}/oauth2/token"])
    def test_a_path_that_is_escaped(self, site: Site, path: str) -> None:
        response = site.send(path.format(t=site.tenant, u=site.tenant[1:]), json.dumps(site.fields()).encode(), JSON)
        assert refusal(response)[1] in {"invalid_request", "not_found"}

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
    def test_a_method_that_is_not_taken(self, site: Site, method: str) -> None:
        assert refusal(site.send(f"/{site.tenant}/oauth2/token", method=method))[0] == 405

    @pytest.mark.parametrize("kind", ["", "text/plain", "application/jsonp", "multipart/form-data; boundary=x", "é/x"])
    def test_of_another_kind(self, site: Site, kind: str) -> None:
        headers = {"Content-Type": kind.encode("latin-1").decode("latin-1")}
        content = json.dumps(site.fields()).encode()
        try:
            response = site.send(f"/{site.tenant}/oauth2/token", content, headers)
        except UnicodeEncodeError:
            return
        assert refusal(response) == (415, "invalid_request", 0)

    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"[]", b"null", b"7", b'{"grant_type": 7}', b'{"a": {}}', b'{"a": "1", "a": "2"}', b"\xff",
         b"[" * 60000, b'{"a": NaN}', b'{"a": "\\ud800"}'],
    )  # fmt: skip
    def test_bad_json(self, site: Site, body: bytes) -> None:
        assert refusal(site.send(f"/{site.tenant}/oauth2/token", body, JSON)) == (400, "invalid_request", 900144)

    @pytest.mark.parametrize(
        "body", [b"", b"x", b"a=1&a=2", b"\xff=1", b"a=%ff", b"&".join([b"a%d=1"] * 99), b"a=1&&b"]
    )
    def test_bad_form(self, site: Site, body: bytes) -> None:
        assert refusal(site.send(f"/{site.tenant}/oauth2/token", body, FORM)) == (400, "invalid_request", 900144)

    def test_too_large(self, site: Site) -> None:
        fields = json.dumps(site.fields(user="x" * (64 << 10))).encode()
        assert refusal(site.send(f"/{site.tenant}/oauth2/token", fields, JSON)) == (413, "invalid_request", 0)
        response = site.send(f"/{site.tenant}/oauth2/token", b"{}", {**JSON, "X-Much": "x" * (16 << 10)})
        assert refusal(response) == (431, "invalid_request", 0)

    def test_is_not_kept_by_anybody(self, site: Site) -> None:
        assert site.ask(site.fields()).headers["Cache-Control"] == "no-store"


class TestHostile:
    """Whatever comes is refused as JSON, with 4xx, and the server lives on: an exception in it would end the test."""

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=2000), st.sampled_from([JSON, FORM]))
    def test_any_body(self, body: bytes, headers: dict[str, str]) -> None:
        refusal(ONE.send(f"/{ONE.tenant}/oauth2/token", body, headers))

    @settings(max_examples=150, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(["grant_type", "assertion", "client_id", "resource", "user", "session", "x"]),
            st.text() | st.sampled_from(["device", "user", USER, ONE.world.names.resource]),
        )
    )
    def test_any_fields(self, fields: dict[str, str]) -> None:
        refusal(ONE.ask(fields))
        refusal(ONE.send(f"/{ONE.tenant}/oauth2/token", urlencode(fields, errors="replace").encode(), FORM))

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(["grant_type", "assertion", "client_id", "resource", "user", "session"]), st.text())
    def test_any_text_in_a_field(self, name: str, text: str) -> None:
        fields = ONE.for_user()
        if fields[name] != text:
            refusal(ONE.ask({**fields, name: text}))

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 10**6), st.characters(max_codepoint=127))
    def test_an_assertion_with_a_character_changed(self, where: int, character: str) -> None:
        fields = ONE.fields()
        text = fields["assertion"]
        where %= len(text)
        changed = text[:where] + character + text[where + 1 :]
        if changed != text:
            assert refusal(ONE.ask({**fields, "assertion": changed}))[1] in {"invalid_client", "invalid_request"}

    @settings(max_examples=150, deadline=None)
    @given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=40), st.sampled_from(["GET", "POST"]))
    def test_any_path(self, path: str, method: str) -> None:
        try:
            response = ONE.send(f"/{path}", method=method)
        except httpx.InvalidURL:
            return
        refusal(response)

    @settings(max_examples=100, deadline=None)
    @given(st.dictionaries(st.sampled_from(["iat", "nbf", "exp", "jti", "aud"]), st.none() | st.integers() | st.text()))
    def test_any_claims_signed_by_the_device(self, claims: dict[str, Any]) -> None:
        begins = int(ONE.world.clock.now().timestamp())
        said = {"iat": begins, "nbf": begins, "exp": begins + 300, **claims}
        try:
            text = ONE.assertion(ONE.entra.endpoint(ONE.tenant), **claims)
        except (TypeError, ValueError):
            return
        response = ONE.ask({**ONE.fields(), "assertion": text})
        if response.status_code == 200:
            assert said["exp"] > begins >= said["iat"] and "aud" not in claims
        else:
            assert refusal(response)[1] == "invalid_client"


def test_what_decides_is_in_methods(site: Site) -> None:
    """Somebody who leaves one question out gives what that one would refuse."""

    class Careless(Entra):
        def device_enabled(self, device: object) -> bool:
            return True

    site.entra.directory.disable_device(site.device)
    refusal(site.ask(site.fields()))
    site.entra.__class__ = Careless
    site.token(site.fields())


def test_a_time_between_seconds(site: Site) -> None:
    site.world.clock.advance(timedelta(microseconds=999_999))
    claims = site.validate(site.token(site.fields()))
    assert datetime.fromtimestamp(claims["iat"], site.world.clock.now().tzinfo) <= site.world.clock.now()
