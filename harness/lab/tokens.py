"""Signed tokens (JWT): made by whoever has a key, and validated one question at a time (DOMAIN 8).

RS256 and nothing else. What a token's header says of where its key is to be had (`jku`, `jwk`, `x5u`, `x5c`) is not
followed but refused; a key is known by its `kid`, of an issuer that is known already. Each question is a method of
:class:`Validator`. Time is what the caller says that it is, and there is no leeway.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ALGORITHM = "RS256"
DEEPEST = 100
"""So deep may objects and lists of a token lie in one another."""
_BRACKET, _STRING = re.compile(rb"[\[\]{}]"), re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
LARGEST = 16 << 10
HEADERS = frozenset({"alg", "kid", "typ"})
LAST_SECOND = 253402300799
"""The end of the year 9999: no claim of a time is later."""

Claims = Mapping[str, Any]


class Check(StrEnum):
    """What is asked of a token, in this order."""

    form = "form"
    header = "header"
    algorithm = "algorithm"
    issuer = "issuer"
    signature = "signature"
    tenant = "tenant"
    audience = "audience"
    lifetime = "lifetime"


class Invalid(Exception):
    """A token is refused. Its text never holds the token."""

    def __init__(self, check: Check, text: str = "") -> None:
        super().__init__(f"{check.value}: {text}" if text else check.value)
        self.check = check


@dataclass(frozen=True)
class SigningKey:
    """A key that tokens are signed with, and the `kid` by which it is known: its thumbprint (RFC 7638)."""

    kid: str
    private: rsa.RSAPrivateKey = field(repr=False)

    @staticmethod
    def labelled(label: str) -> SigningKey:
        """The key of that label; the same one in the whole process, since making one takes long."""
        return _made(label)

    @property
    def public(self) -> rsa.RSAPublicKey:
        return self.private.public_key()


@cache
def _made(label: str) -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return SigningKey(_thumbprint(private.public_key()), private)


def _thumbprint(public: rsa.RSAPublicKey) -> str:
    jwk = RSAAlgorithm.to_jwk(public, as_dict=True)
    named = {name: jwk[name] for name in ("e", "kty", "n")}
    digest = hashlib.sha256(json.dumps(named, separators=(",", ":"), sort_keys=True).encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class KeySet:
    """Public keys by `kid`, as an issuer publishes them (JWKS), in its order."""

    def __init__(self, keys: Mapping[str, rsa.RSAPublicKey]) -> None:
        self.keys: Mapping[str, rsa.RSAPublicKey] = dict(keys)

    @staticmethod
    def of(*keys: SigningKey) -> KeySet:
        """The public halves of some keys."""
        return KeySet({key.kid: key.public for key in keys})

    @staticmethod
    def from_jwks(document: object) -> KeySet:
        """What a document publishes; keys for anything but RS256 signatures are left out.

        Raises:
            ValueError: it is no JWKS.
        """
        entries = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise ValueError("no JWKS: it has no list of keys")
        return KeySet(dict(_read_keys(entries)))

    def to_jwks(self) -> dict[str, Any]:
        """The document that publishes them."""
        return {
            "keys": [
                {**RSAAlgorithm.to_jwk(public, as_dict=True), "use": "sig", "alg": ALGORITHM, "kid": kid}
                for kid, public in self.keys.items()
            ]
        }

    def get(self, kid: str) -> rsa.RSAPublicKey | None:
        """The key of that name, if it is there."""
        return self.keys.get(kid)

    def __len__(self) -> int:
        return len(self.keys)


def _read_keys(entries: Iterable[dict[str, Any]]) -> Iterable[tuple[str, rsa.RSAPublicKey]]:
    for entry in entries:
        kid, use = entry.get("kid"), entry.get("use", "sig")
        if entry.get("kty") != "RSA" or use != "sig" or entry.get("alg", ALGORITHM) != ALGORITHM:
            continue
        if not isinstance(kid, str) or not kid:
            raise ValueError("no JWKS: a key has no kid")
        try:
            public = RSAAlgorithm.from_jwk({name: entry.get(name) for name in ("kty", "n", "e")})
        except (jwt.InvalidKeyError, ValueError, TypeError, AttributeError) as error:
            raise ValueError("no JWKS: a key cannot be read") from error
        if not isinstance(public, rsa.RSAPublicKey) or public.key_size < 2048:
            raise ValueError("no JWKS: a key is none, or too short")
        yield kid, public


def issue(key: SigningKey, claims: Claims, lifetime: timedelta, now: datetime) -> str:
    """A token, signed now, that lives from now on: `iat`, `nbf` and `exp` are added to the claims."""
    begins = int(now.timestamp())
    times = {"iat": begins, "nbf": begins, "exp": begins + int(lifetime.total_seconds())}
    return sign(key, {**claims, **times})


def sign(key: SigningKey, claims: Claims, **headers: str) -> str:
    """A token that says just this, by a key, under its name unless the headers say another."""
    return jwt.encode(dict(claims), key.private, algorithm=ALGORITHM, headers={"kid": key.kid, **headers})


@dataclass(frozen=True)
class Token:
    """A token as it came: taken apart, and nothing believed yet."""

    text: str = field(repr=False)
    header: Claims
    claims: Claims


def read(text: str, headers: frozenset[str] = HEADERS) -> Token:
    """Take a token apart.

    Args:
        headers: what its header may say; anything else is refused rather than overlooked.

    Raises:
        Invalid: it has no token's form, or its header says too much.
    """
    if len(text) > LARGEST:
        raise Invalid(Check.form, "too large")
    parts = text.split(".")
    if len(parts) != 3 or not all(parts):
        raise Invalid(Check.form, "not three parts")
    _decoded(parts[2])
    token = Token(text, _object(parts[0]), _object(parts[1]))
    if too_much := set(token.header) - headers:
        raise Invalid(Check.header, f"not allowed: {', '.join(sorted(map(ascii, too_much)))}")
    if token.header.get("typ", "JWT") != "JWT":
        raise Invalid(Check.header, "typ")
    return token


def _decoded(part: str) -> bytes:
    """The bytes of a part, which is written in the one way that they can be written in."""
    try:
        data = base64.urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    except ValueError as error:
        raise Invalid(Check.form, "no base64url") from error
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != part:
        raise Invalid(Check.form, "no base64url")
    return data


def _object(part: str) -> dict[str, Any]:
    try:
        value = loads(_decoded(part))
    except ValueError as error:
        raise Invalid(Check.form, "no JSON object") from error
    if not isinstance(value, dict):
        raise Invalid(Check.form, "no JSON object")
    return value


def loads(data: bytes) -> Any:
    """JSON from outside, strictly: no name twice, no NaN, no half of a character, no depth that ends the stack.

    Raises:
        ValueError: it is not.
    """
    if _depth(data) > DEEPEST:  # not left to the interpreter's limit, which others in the process have raised
        raise ValueError("too deep")
    value = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _depth(data: bytes) -> int:
    """How deep objects and lists lie in one another at the most."""
    depth = most = 0
    for sign in _BRACKET.findall(_STRING.sub(b"", data)):
        depth += 1 if sign in b"[{" else -1
        most = max(most, depth)
    return most


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name is there twice")
    return named


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


@dataclass(frozen=True)
class Issuer:
    """Somebody whose tokens are believed: his keys, and the one tenant that he speaks for, if he is a tenant's."""

    keys: KeySet
    tenant: str | None = None


class Validator:
    """What somebody who is shown a token asks of it. Each question is a method.

    Args:
        issuers: by the `iss` claim. Looked at anew for each token: whoever owns it may change it.
        audience: what the `aud` claim has to be.
    """

    def __init__(self, issuers: Mapping[str, Issuer], audience: str) -> None:
        self.issuers, self.audience = issuers, audience

    def validate(self, text: str, now: datetime) -> Claims:
        """The claims of a good token.

        Raises:
            Invalid: it is not; the first check that failed.
        """
        token = self.read(text)
        if not self.algorithm_good(token):
            raise Invalid(Check.algorithm)
        issuer = self.issuer_of(token)
        if issuer is None:
            raise Invalid(Check.issuer)
        if not self.signature_good(token, issuer):
            raise Invalid(Check.signature)
        if not self.tenant_good(token, issuer):
            raise Invalid(Check.tenant)
        if not self.audience_good(token):
            raise Invalid(Check.audience)
        if not self.lifetime_good(token, now):
            raise Invalid(Check.lifetime)
        return token.claims

    def read(self, text: str) -> Token:
        """Take it apart."""
        return read(text)

    def algorithm_good(self, token: Token) -> bool:
        """It is signed by RS256: `none` and whatever takes the public key for a secret are not (RFC 8725)."""
        return token.header.get("alg") == ALGORITHM

    def issuer_of(self, token: Token) -> Issuer | None:
        """Who has issued it, by what it says; None where he is not known."""
        name = token.claims.get("iss")
        return self.issuers.get(name) if isinstance(name, str) else None

    def signature_good(self, token: Token, issuer: Issuer) -> bool:
        """One of the issuer's keys has signed it, the one that it names."""
        kid = token.header.get("kid")
        public = issuer.keys.get(kid) if isinstance(kid, str) else None
        return public is not None and signed_by(token, public)

    def tenant_good(self, token: Token, issuer: Issuer) -> bool:
        """The tenant is the one that its issuer speaks for (DOMAIN 8: `tid` must match the issuer)."""
        return issuer.tenant is None or token.claims.get("tid") == issuer.tenant

    def audience_good(self, token: Token) -> bool:
        """It is meant for whom it is shown to, and for nobody else (DOMAIN 8: only the own `aud`)."""
        return token.claims.get("aud") == self.audience

    def lifetime_good(self, token: Token, now: datetime) -> bool:
        """It has begun to live, and lives."""
        return lives(token.claims, now)


def signed_by(token: Token, public: rsa.RSAPublicKey) -> bool:
    """The signature is by this key, and by RS256, whatever the token's header says."""
    try:
        jwt.PyJWS(algorithms=[ALGORITHM]).decode(token.text, public, algorithms=[ALGORITHM])
    except jwt.InvalidTokenError:
        return False
    return True


def lives(claims: Claims, now: datetime) -> bool:
    """It was issued and begins no later than now, and ends later than now; all three are said, in whole seconds."""
    issued, begins, ends = (_second(claims, name) for name in ("iat", "nbf", "exp"))
    if issued is None or begins is None or ends is None:
        return False
    return max(issued, begins) <= now.timestamp() < ends


def _second(claims: Claims, name: str) -> int | None:
    value = claims.get(name)
    return value if type(value) is int and 0 <= value <= LAST_SECOND else None
