"""How a device shows Entra that it has its workplace-join key: an assertion, signed for one request (D2, K3).

A signed token (JWT, ES256) with the certificate in its header, meant for one endpoint, alive for minutes, and good
once. Each question is a method of :class:`DeviceProof`.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from enum import StrEnum

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .network import Chain, Refused
from .tokens import HEADERS, Invalid, Token, lives, read
from .trust import UNREADABLE, Trust

ALGORITHM = "ES256"
LONGEST = timedelta(minutes=10)
LARGEST_CHAIN = 5


class Flaw(StrEnum):
    """What is wrong with an assertion, in the order in which it is asked for."""

    form = "form"
    chain = "chain"
    signature = "signature"
    audience = "audience"
    lifetime = "lifetime"
    replay = "replay"


class Unproven(Exception):
    """Whoever asks has not shown that he has a device's key."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class DeviceProof:
    """What is asked of an assertion. It remembers those that have been used, as long as they would live.

    Args:
        trust: the issuer of the devices' certificates.
    """

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        self._used: dict[str, int] = {}

    def verify(self, assertion: str, endpoint: str, now: datetime) -> x509.Certificate:
        """The certificate of the device that has signed an assertion for this endpoint.

        Raises:
            Unproven: nobody has, or it is not to be accepted.
        """
        try:
            token = read(assertion, HEADERS | {"x5c"})
        except Invalid as error:
            raise Unproven(Flaw.form) from error
        chain = shown_chain(token)
        if not self.chain_good(chain, now):
            raise Unproven(Flaw.chain)
        if not self.signature_good(token, chain[0]):
            raise Unproven(Flaw.signature)
        if not self.audience_good(token, endpoint):
            raise Unproven(Flaw.audience)
        if not self.lifetime_good(token, now):
            raise Unproven(Flaw.lifetime)
        if not self.first_time(token, now):
            raise Unproven(Flaw.replay)
        return chain[0]

    def chain_good(self, chain: Chain, now: datetime) -> bool:
        """The certificate is of the devices' issuer, for client authentication, and within its dates."""
        try:
            self._trust.verify_client(chain, now)
        except Refused:
            return False
        return True

    def signature_good(self, token: Token, certificate: x509.Certificate) -> bool:
        """The certificate's key has signed it, by ES256."""
        public = certificate.public_key()
        if token.header.get("alg") != ALGORITHM or not isinstance(public, ec.EllipticCurvePublicKey):
            return False
        try:
            jwt.PyJWS(algorithms=[ALGORITHM]).decode(token.text, public, algorithms=[ALGORITHM])
        except (jwt.InvalidTokenError, jwt.InvalidKeyError):
            return False
        return True

    def audience_good(self, token: Token, endpoint: str) -> bool:
        """It is meant for this endpoint, and so for this tenant."""
        return token.claims.get("aud") == endpoint

    def lifetime_good(self, token: Token, now: datetime) -> bool:
        """It lives, and has never been meant to live for longer than minutes."""
        claims = token.claims
        return lives(claims, now) and claims["exp"] - claims["iat"] <= LONGEST.total_seconds()

    def first_time(self, token: Token, now: datetime) -> bool:
        """It has not been used before; from now on it has."""
        identifier = token.claims.get("jti")
        if not isinstance(identifier, str) or not 0 < len(identifier) <= 128:
            return False
        self._used = {each: ends for each, ends in self._used.items() if now.timestamp() < ends}
        if identifier in self._used:
            return False
        self._used[identifier] = token.claims["exp"]
        return True


def shown_chain(token: Token) -> Chain:
    """The certificates in an assertion's header, leaf first.

    Raises:
        Unproven: there are none, or they cannot be read.
    """
    shown = token.header.get("x5c")
    if not isinstance(shown, list) or not 0 < len(shown) <= LARGEST_CHAIN:
        raise Unproven(Flaw.form)
    try:
        return [x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in shown]
    except UNREADABLE as error:
        raise Unproven(Flaw.form) from error


def device_named(certificate: x509.Certificate) -> str:
    """The device that a workplace-join certificate names: its subject's common name."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else ""
