"""Assertions of devices: each question shown on one that has just that wrong."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from ccmproof.harness.lab.device_proof import DeviceProof, Flaw, Unproven, device_named
from ccmproof.harness.lab.network import Chain, Identity
from ccmproof.harness.lab.pki import DAY, Authority, DistributionPoint, Use
from ccmproof.harness.lab.tokens import SigningKey
from ccmproof.harness.lab.trust import Trust
from ccmproof.harness.lab.world import World
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

ENDPOINT = "https://login.entra.example/tenant/oauth2/token"
WORLD = World(Path("nothing is written"))
POINT = DistributionPoint(WORLD)
ISSUER = Authority(WORLD, "devices", POINT)
DEVICE = ISSUER.issue("device-1", uses=[Use.client])
NOW = WORLD.clock.now()


def certificates(chain: Chain) -> list[str]:
    return [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain]


def assertion(
    by: Identity = DEVICE, *, chain: Chain | None = None, header: dict[str, Any] | None = None, **claims: Any
) -> str:
    begins = int(NOW.timestamp())
    said = {"aud": ENDPOINT, "iat": begins, "nbf": begins, "exp": begins + 300, "jti": "one", **claims}
    shown = {"x5c": certificates(by.chain if chain is None else chain), **(header or {})}
    return jwt.encode({name: value for name, value in said.items() if value is not None}, by.key, "ES256", shown)


def proof() -> DeviceProof:
    return DeviceProof(Trust([ISSUER.certificate]))


def flaw(text: str, by: DeviceProof | None = None) -> Flaw:
    with pytest.raises(Unproven) as unproven:
        (by or proof()).verify(text, ENDPOINT, NOW)
    return unproven.value.flaw


def test_good() -> None:
    assert device_named(proof().verify(assertion(), ENDPOINT, NOW)) == "device-1"


def test_of_another_issuer() -> None:
    stranger = Authority(WORLD, "devices", POINT).issue("device-1", uses=[Use.client])
    assert flaw(assertion(stranger)) is Flaw.chain


def test_certificate_for_servers_or_expired() -> None:
    assert flaw(assertion(ISSUER.issue("device-1"))) is Flaw.chain
    old = ISSUER.issue("device-1", uses=[Use.client], ends=NOW - timedelta(hours=1))
    assert flaw(assertion(old)) is Flaw.chain


def test_certificate_of_one_device_and_key_of_another() -> None:
    other = ISSUER.issue("device-2", uses=[Use.client])
    assert flaw(assertion(other, chain=DEVICE.chain)) is Flaw.signature


def test_signed_by_another_algorithm() -> None:
    key = SigningKey.labelled("test tokens").private
    text = jwt.encode({}, key, "RS256", {"x5c": certificates(DEVICE.chain)})
    assert flaw(text) is Flaw.signature
    assert flaw(jwt.encode({}, "", "none", {"x5c": certificates(DEVICE.chain)}) + "AA") is Flaw.signature
    assert flaw(jwt.encode({}, b"s" * 32, "HS256", {"x5c": certificates(DEVICE.chain)})) is Flaw.signature


@pytest.mark.parametrize("audience", [None, "", ENDPOINT + "/", ENDPOINT.replace("tenant", "other"), [ENDPOINT], 7])
def test_for_another_endpoint(audience: object) -> None:
    assert flaw(assertion(aud=audience)) is Flaw.audience


@pytest.mark.parametrize(
    "claims",
    [{"exp": int(NOW.timestamp())}, {"iat": int(NOW.timestamp()) + 1}, {"nbf": int(NOW.timestamp()) + 1}, {"exp": None},
     {"iat": None}, {"exp": int(NOW.timestamp()) + 601}, {"exp": int((NOW + DAY).timestamp())}],
)  # fmt: skip
def test_lives_for_minutes(claims: dict[str, Any]) -> None:
    assert flaw(assertion(**claims)) is Flaw.lifetime


def test_is_good_once() -> None:
    mine = proof()
    mine.verify(assertion(), ENDPOINT, NOW)
    assert flaw(assertion(), mine) is Flaw.replay
    mine.verify(assertion(jti="two"), ENDPOINT, NOW)


def test_is_remembered_as_long_as_it_would_live() -> None:
    mine, begins = proof(), int(NOW.timestamp())
    mine.verify(assertion(), ENDPOINT, NOW)
    later = NOW + timedelta(seconds=299)
    with pytest.raises(Unproven) as unproven:
        mine.verify(assertion(), ENDPOINT, later)
    assert unproven.value.flaw is Flaw.replay
    mine.verify(assertion(jti="two", iat=begins + 200, nbf=begins + 200, exp=begins + 700), ENDPOINT, later)
    afterwards = NOW + timedelta(seconds=300)
    mine.verify(assertion(jti="three", exp=begins + 600), ENDPOINT, afterwards)
    assert set(mine._used) == {"two", "three"}


def test_a_refused_one_does_not_use_up_its_number() -> None:
    mine = proof()
    assert flaw(assertion(aud="elsewhere"), mine) is Flaw.audience
    mine.verify(assertion(), ENDPOINT, NOW)


@pytest.mark.parametrize("identifier", [None, "", "x" * 129, 7, ["one"]])
def test_has_a_number(identifier: object) -> None:
    assert flaw(assertion(jti=identifier)) is Flaw.replay
    proof().verify(assertion(jti="x" * 128), ENDPOINT, NOW)


@pytest.mark.parametrize("shown", [None, "AA==", [], [7], ["!"], ["AA=="], [[]], certificates(DEVICE.chain) * 6])
def test_shows_its_certificate(shown: object) -> None:
    assert flaw(assertion(header={"x5c": shown})) is Flaw.form


def test_header_says_too_much() -> None:
    assert flaw(assertion(header={"jku": "https://evil.example"})) is Flaw.form


def test_each_question_is_asked_in_its_own_method() -> None:
    stranger = Authority(WORLD, "devices", POINT).issue("device-1", uses=[Use.client])
    wrong = {
        "chain_good": assertion(stranger),
        "signature_good": assertion(ISSUER.issue("x", uses=[Use.client]), chain=DEVICE.chain),
        "audience_good": assertion(aud="elsewhere"),
        "lifetime_good": assertion(exp=int(NOW.timestamp())),
    }
    for left_out in wrong:
        careless = type("Careless", (DeviceProof,), {left_out: lambda *_: True})(Trust([ISSUER.certificate]))
        for question, text in wrong.items():
            careless._used.clear()
            if question == left_out:
                careless.verify(text, ENDPOINT, NOW)
            else:
                assert f"{flaw(text, careless).value}_good" == question


class TestMutations:
    text = assertion()

    @settings(max_examples=200, deadline=None)
    @given(st.integers(0, 10**6), st.characters(max_codepoint=255))
    def test_one_character_changed(self, where: int, character: str) -> None:
        where %= len(self.text)
        changed = self.text[:where] + character + self.text[where + 1 :]
        if changed != self.text:
            flaw(changed)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.binary(max_size=300).map(lambda data: base64.b64encode(data).decode()), max_size=3))
    def test_any_certificates(self, shown: list[str]) -> None:
        assert flaw(assertion(header={"x5c": shown})) is Flaw.form

    @pytest.mark.filterwarnings("ignore:Parsed a serial number")
    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10**6), st.integers(1, 255))
    def test_certificate_with_a_byte_changed(self, where: int, change: int) -> None:
        signed = DEVICE.certificate.tbs_certificate_bytes
        data = bytearray(DEVICE.certificate.public_bytes(Encoding.DER))
        data[where % (data.index(signed) + len(signed))] ^= change
        assert flaw(assertion(header={"x5c": [base64.b64encode(bytes(data)).decode()]})) in {Flaw.form, Flaw.chain}
