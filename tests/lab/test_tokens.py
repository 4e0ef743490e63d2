"""Tokens: what a good one says, and that each check refuses what is wrong in just its own matter."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from ccmproof.harness.lab.tokens import (
    LARGEST,
    LAST_SECOND,
    Check,
    Invalid,
    Issuer,
    KeySet,
    SigningKey,
    Validator,
    issue,
    loads,
    read,
)
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = datetime(2024, 3, 18, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY, OTHER = SigningKey.labelled("test tokens"), SigningKey.labelled("test tokens, another")
GOOD = {"iss": "urn:issuer", "aud": "urn:audience", "tid": "tenant", "name": "someone"}
ISSUER = Issuer(KeySet.of(KEY), "tenant")


def validator(**issuers: Issuer) -> Validator:
    return Validator({"urn:issuer": ISSUER, **issuers}, "urn:audience")


def refused(text: str, now: datetime = NOW, by: Validator | None = None) -> Check:
    """The check that refuses a token."""
    with pytest.raises(Invalid) as invalid:
        (by or validator()).validate(text, now)
    return invalid.value.check


def token(key: SigningKey = KEY, now: datetime = NOW, lifetime: timedelta = HOUR, **claims: Any) -> str:
    return issue(key, {**GOOD, **claims}, lifetime, now)


def part(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: object, claims: object, key: SigningKey = KEY) -> str:
    """A token that says whatever it is told to, well signed by RS256."""
    text = f"{part(header)}.{part(claims)}"
    return f"{text}.{part(jwt.get_algorithm_by_name('RS256').sign(text.encode(), key.private))}"


def times(now: datetime = NOW, lifetime: timedelta = HOUR) -> dict[str, int]:
    begins = int(now.timestamp())
    return {"iat": begins, "nbf": begins, "exp": begins + int(lifetime.total_seconds())}


HEADER = {"alg": "RS256", "kid": KEY.kid, "typ": "JWT"}
FULL = {**GOOD, **times()}


class TestGood:
    def test_says_what_it_was_told_and_when_it_lives(self) -> None:
        assert validator().validate(token(), NOW) == FULL

    def test_signed_by_hand(self) -> None:
        """What the tests below change one thing of."""
        assert validator().validate(signed(HEADER, FULL), NOW) == FULL

    def test_lives_from_its_first_second_to_before_its_last(self) -> None:
        text = token()
        for now in (NOW, NOW + HOUR - timedelta(microseconds=1)):
            validator().validate(text, now)

    def test_issued_between_seconds_it_lives_at_once(self) -> None:
        now = NOW + timedelta(microseconds=999_999)
        validator().validate(token(now=now), now)

    def test_claims_cannot_say_another_lifetime(self) -> None:
        assert refused(token(exp=LAST_SECOND), NOW + HOUR) is Check.lifetime

    def test_an_issuer_without_a_tenant_may_speak_for_none(self) -> None:
        mine = Validator({"urn:issuer": Issuer(KeySet.of(KEY))}, "urn:audience")
        claims = {name: value for name, value in FULL.items() if name != "tid"}
        assert mine.validate(signed(HEADER, claims), NOW) == claims


class TestLifetime:
    @pytest.mark.parametrize("now", [NOW + HOUR, NOW + 2 * HOUR, NOW - timedelta(microseconds=1)])
    def test_no_leeway(self, now: datetime) -> None:
        assert refused(token(), now) is Check.lifetime

    @pytest.mark.parametrize("name", ["iat", "nbf", "exp"])
    @pytest.mark.parametrize("value", [None, "1710752400", 1710752400.0, True, -1, 10**20, [1], {}])
    def test_all_three_are_whole_seconds(self, name: str, value: object) -> None:
        assert refused(signed(HEADER, {**FULL, name: value})) is Check.lifetime

    @pytest.mark.parametrize("name", ["iat", "nbf", "exp"])
    def test_none_may_be_missing(self, name: str) -> None:
        claims = {each: value for each, value in FULL.items() if each != name}
        assert refused(signed(HEADER, claims)) is Check.lifetime

    @pytest.mark.parametrize("name", ["iat", "nbf"])
    def test_each_beginning_counts(self, name: str) -> None:
        assert refused(signed(HEADER, {**FULL, name: FULL["iat"] + 1})) is Check.lifetime


class TestAudience:
    @pytest.mark.parametrize(
        "audience",
        ["urn:other", "urn:audience/", "URN:AUDIENCE", "", None, 7, ["urn:audience"], ["urn:audience", "urn:other"],
         [["urn:audience"]], {"urn:audience": 1}, [1, None]],
    )  # fmt: skip
    def test_only_its_own(self, audience: object) -> None:
        assert refused(signed(HEADER, {**FULL, "aud": audience})) is Check.audience

    def test_missing(self) -> None:
        assert refused(signed(HEADER, {each: FULL[each] for each in FULL if each != "aud"})) is Check.audience


class TestIssuerAndTenant:
    @pytest.mark.parametrize("name", ["urn:other", "urn:issuer/", "", None, 7, ["urn:issuer"], {"urn:issuer": 1}])
    def test_unknown_issuer(self, name: object) -> None:
        assert refused(signed(HEADER, {**FULL, "iss": name})) is Check.issuer

    @pytest.mark.parametrize("tenant", ["other", "TENANT", "", None, ["tenant"]])
    def test_the_tenant_is_its_issuers(self, tenant: object) -> None:
        assert refused(signed(HEADER, {**FULL, "tid": tenant})) is Check.tenant

    def test_tenants_that_share_their_keys_do_not_speak_for_each_other(self) -> None:
        both = validator(**{"urn:second": Issuer(KeySet.of(KEY), "second")})
        both.validate(token(iss="urn:second", tid="second"), NOW)
        assert refused(token(iss="urn:second"), by=both) is Check.tenant

    def test_issuers_are_looked_up_for_each_token(self) -> None:
        issuers = {"urn:issuer": ISSUER}
        mine = Validator(issuers, "urn:audience")
        mine.validate(token(), NOW)
        del issuers["urn:issuer"]
        assert refused(token(), by=mine) is Check.issuer


class TestSignature:
    def test_of_a_key_that_the_issuer_does_not_have(self) -> None:
        assert refused(token(OTHER)) is Check.signature

    def test_of_another_key_under_the_name_of_his(self) -> None:
        assert refused(token(SigningKey(KEY.kid, OTHER.private))) is Check.signature

    def test_of_his_key_under_another_name(self) -> None:
        assert refused(token(SigningKey("unknown", KEY.private))) is Check.signature

    def test_of_another_of_his_keys(self) -> None:
        mine = Validator({"urn:issuer": Issuer(KeySet.of(KEY, OTHER), "tenant")}, "urn:audience")
        mine.validate(token(OTHER), NOW)
        assert refused(token(SigningKey(KEY.kid, OTHER.private)), by=mine) is Check.signature

    @pytest.mark.parametrize("kid", [None, 7, "", [], {}])
    def test_no_name_of_a_key(self, kid: object) -> None:
        assert refused(signed({**HEADER, "kid": kid}, FULL)) is Check.signature
        assert refused(signed({"alg": "RS256"}, FULL)) is Check.signature

    def test_claims_of_one_token_with_the_signature_of_another(self) -> None:
        header, claims, _ = token(name="admin").split(".")
        assert refused(f"{header}.{claims}.{token().split('.')[2]}") is Check.signature


class TestAlgorithm:
    @pytest.mark.parametrize(
        "name", ["none", "None", "NONE", "HS256", "RS384", "PS256", "ES256", "", None, 7, ["RS256"]]
    )
    def test_only_one(self, name: object) -> None:
        assert refused(signed({**HEADER, "alg": name}, FULL)) is Check.algorithm

    def test_missing(self) -> None:
        assert refused(signed({"kid": KEY.kid}, FULL)) is Check.algorithm

    def test_none_without_a_signature(self) -> None:
        text = f"{part({**HEADER, 'alg': 'none'})}.{part(FULL)}"
        assert refused(f"{text}.") is Check.form
        assert refused(f"{text}.AA") is Check.algorithm

    @pytest.mark.parametrize("encoding", [serialization.Encoding.PEM, serialization.Encoding.DER])
    def test_the_public_key_is_no_secret(self, encoding: serialization.Encoding) -> None:
        secret = KEY.public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
        for algorithm in ("HS256", "RS256"):
            text = f"{part({**HEADER, 'alg': algorithm})}.{part(FULL)}"
            forged = f"{text}.{part(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"
            assert refused(forged) is (Check.algorithm if algorithm == "HS256" else Check.signature)

    def test_another_hash_under_its_name(self) -> None:
        text = f"{part(HEADER)}.{part(FULL)}"
        forged = f"{text}.{part(jwt.get_algorithm_by_name('RS512').sign(text.encode(), KEY.private))}"
        assert refused(forged) is Check.signature


class TestHeader:
    @pytest.mark.parametrize(
        "extra",
        [{"jku": "https://evil.example/keys"}, {"jwk": KeySet.of(OTHER).to_jwks()["keys"][0]}, {"x5u": "https://e"},
         {"x5c": ["AA=="]}, {"x5t": "AA"}, {"crit": ["exp"]}, {"b64": False, "crit": ["b64"]}, {"zip": "DEF"},
         {"cty": "JWT"}, {"ſ\ud7ff": 1}],
    )  # fmt: skip
    def test_says_too_much(self, extra: dict[str, object]) -> None:
        assert refused(signed({**HEADER, **extra}, FULL)) is Check.header

    @pytest.mark.parametrize("kind", ["JWE", "at+jwt", "", None, 7])
    def test_of_another_type(self, kind: object) -> None:
        assert refused(signed({**HEADER, "typ": kind}, FULL)) is Check.header

    def test_needs_no_type(self) -> None:
        validator().validate(signed({"alg": "RS256", "kid": KEY.kid}, FULL), NOW)


class TestForm:
    @pytest.mark.parametrize(
        "spoil",
        [
            lambda text: "",
            lambda text: "..",
            lambda text: text + ".",
            lambda text: text + "=",
            lambda text: text + "\n",
            lambda text: " " + text,
            lambda text: text.replace(".", "..", 1),
            lambda text: ".".join(text.split(".")[:2]),
            lambda text: text + ".AA.AA",
            lambda text: "é" + text,
            lambda text: "\ud800" + text,
            lambda text: text[:10] + "\x00" + text[10:],
            lambda text: text.replace(".", ".+", 1),
        ],
    )
    def test_no_token(self, spoil: Callable[[str], str]) -> None:
        assert refused(spoil(token())) is Check.form

    @pytest.mark.parametrize(
        "claims",
        [b"[]", b"7", b"null", b'"x"', b"{", b"", b"\xff{}", b"{}{}", b'{"a": NaN}', b'{"a": Infinity}',
         b'\xef\xbb\xbf{}',
         b'{"iss": "a", "iss": "b"}', b'{"a": {"b": 1, "b": 1}}', b'{"a": "\\ud800"}', b'{"\\ud800": 1}',
         b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"a": ' + b"9" * 5000 + b"}"],
    )  # fmt: skip
    def test_no_object(self, claims: bytes) -> None:
        assert refused(signed(HEADER, claims)) is Check.form
        assert refused(signed(claims, FULL)) is Check.form

    def test_depth_is_not_left_to_the_limit_of_the_interpreter(self) -> None:
        """Whoever explores in the same process raises it."""
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(20_000)
        try:
            for depth, check in ((98, Check.issuer), (101, Check.form), (5000, Check.form)):
                nested = b'{"a": "[{", "b": ' + b"[" * depth + b"]" * depth + b"}"
                assert refused(signed(HEADER, nested)) is check
        finally:
            sys.setrecursionlimit(before)

    def test_too_large(self) -> None:
        assert refused(token(name="x" * LARGEST)) is Check.form
        assert refused("A" * 10_000_000) is Check.form

    def test_duplicate_claim_that_would_change_who_it_is_for(self) -> None:
        twice = json.dumps(FULL)[:-1] + ', "aud": "urn:audience"}'
        assert refused(signed(HEADER, twice.encode())) is Check.form

    def test_what_is_refused_is_not_told(self) -> None:
        text = token(OTHER)
        with pytest.raises(Invalid) as invalid:
            validator().validate(text, NOW)
        assert not any(each in str(invalid.value) for each in text.split("."))
        assert text not in repr(read(text))


def test_each_check_is_a_method() -> None:
    """Somebody who leaves one out accepts what that one would refuse, and refuses all else as before."""
    bare = f"{part({**HEADER, 'alg': 'HS256'})}.{part(FULL)}"
    wrong = {
        "signature_good": token(SigningKey(KEY.kid, OTHER.private)),
        "tenant_good": token(tid="other"),
        "audience_good": token(aud="urn:other"),
        "lifetime_good": token(now=NOW - 2 * HOUR),
    }
    for left_out in wrong:
        careless = type("Careless", (Validator,), {left_out: lambda *_: True})({"urn:issuer": ISSUER}, "urn:audience")
        for check, text in wrong.items():
            if check == left_out:
                careless.validate(text, NOW)
            else:
                assert f"{refused(text, by=careless).value}_good" == check

    class Trusting(Validator):
        def algorithm_good(self, token: object) -> bool:
            return True

    assert refused(f"{bare}.AAAA", by=Trusting({"urn:issuer": ISSUER}, "urn:audience")) is Check.signature

    class Hospitable(Validator):
        def issuer_of(self, token: object) -> Issuer:
            return Issuer(KeySet.of(KEY, OTHER))

    Hospitable({}, "urn:audience").validate(token(OTHER, iss="urn:stranger"), NOW)


class TestKeys:
    def test_are_the_same_for_a_label_and_different_for_others(self) -> None:
        assert SigningKey.labelled("test tokens") is KEY
        assert OTHER.kid != KEY.kid
        assert KEY.private.key_size == 2048

    def test_go_out_and_come_in(self) -> None:
        document = json.loads(json.dumps(KeySet.of(KEY, OTHER).to_jwks()))
        assert not any(set(each) & {"d", "p", "q", "dp", "dq", "qi"} for each in document["keys"])
        found = KeySet.from_jwks(document)
        assert len(found) == 2
        for key in (KEY, OTHER):
            public = found.get(key.kid)
            assert public is not None and public.public_numbers() == key.public.public_numbers()
        assert found.get("unknown") is None

    def test_for_other_purposes_are_left_out(self) -> None:
        mine = KeySet.of(KEY).to_jwks()["keys"][0]
        entries = [
            {**mine, "use": "enc"}, {**mine, "alg": "RS512"}, {"kty": "EC", "kid": "ec"}, {"kty": "oct", "k": "AA"},
        ]  # fmt: skip
        assert len(KeySet.from_jwks({"keys": entries})) == 0

    @pytest.mark.parametrize(
        "spoil", [{"kid": None}, {"kid": ""}, {"n": None}, {"n": "!"}, {"e": ""}, {"n": 7}, {"n": "AQAB"}]
    )
    def test_that_cannot_be_read(self, spoil: dict[str, object]) -> None:
        with pytest.raises(ValueError, match="no JWKS"):
            KeySet.from_jwks({"keys": [{**KeySet.of(KEY).to_jwks()["keys"][0], **spoil}]})

    def test_too_short(self) -> None:
        short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        with pytest.raises(ValueError, match="too short"):
            KeySet.from_jwks(KeySet.of(SigningKey("short", short)).to_jwks())

    @pytest.mark.parametrize("document", [None, [], {}, {"keys": None}, {"keys": {}}, {"keys": [7]}, "keys"])
    def test_no_document(self, document: object) -> None:
        with pytest.raises(ValueError, match="no JWKS"):
            KeySet.from_jwks(document)

    def test_do_not_show_themselves(self) -> None:
        assert "private" not in repr(KEY)


class TestMutations:
    """Nothing that differs from a token that was issued is accepted."""

    text = token()

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10**6), st.characters(max_codepoint=255))
    def test_one_character_changed(self, where: int, character: str) -> None:
        where %= len(self.text)
        changed = self.text[:where] + character + self.text[where + 1 :]
        if changed != self.text:
            refused(changed)

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10**6), st.integers(0, 40), st.text("ABCabc019-_.=", max_size=20))
    def test_a_stretch_replaced(self, where: int, length: int, text: str) -> None:
        where %= len(self.text)
        changed = self.text[:where] + text + self.text[where + length :]
        if changed != self.text:
            refused(changed)

    @settings(max_examples=200, deadline=None)
    @given(st.dictionaries(st.sampled_from(sorted(FULL)), st.none() | st.integers() | st.text() | st.lists(st.text())))
    def test_claims_changed_and_signed_by_another(self, changes: dict[str, Any]) -> None:
        refused(signed(HEADER, {**FULL, **changes}, OTHER))

    @settings(max_examples=200, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
        st.sampled_from(sorted([*FULL, "alg", "kid", "typ"])),
    )
    def test_any_value_in_any_place_is_judged(self, value: Any, name: str) -> None:
        """Signed by the issuer himself: accepted or refused, and nothing else happens."""
        header = {**HEADER, name: value} if name in HEADER else HEADER
        claims = {**FULL, name: value} if name in FULL else FULL
        try:
            accepted = validator().validate(signed(header, claims), NOW)
        except Invalid:
            return
        assert {**accepted, "name": ""} == {**FULL, "name": ""} or name in {"iat", "nbf", "exp"}

    @settings(max_examples=200, deadline=None)
    @given(st.text())
    def test_any_text(self, text: str) -> None:
        refused(text)

    @settings(max_examples=200, deadline=None)
    @given(st.binary())
    def test_any_bytes_as_json(self, data: bytes) -> None:
        try:
            value = loads(data)
        except ValueError:
            return
        assert json.loads(data) == value


def test_an_elliptic_curve_signature_is_none_of_ours() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    text = jwt.encode(FULL, key, algorithm="ES256", headers={"kid": KEY.kid})
    assert refused(text) is Check.algorithm
