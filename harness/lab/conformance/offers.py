"""Requests that nobody should make, as they are made in a lab: an adversary's, and those of a client in disorder.

What the model calls a forged token is made in one of several concrete ways (:data:`FORGERIES`); which one is drawn.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ..asked import asking
from ..build import Lab
from ..clock import TICK
from ..entra import issuer_name
from ..site import CCM_AUDIENCE
from ..tokens import SigningKey, sign
from ..world import SYSTEM
from .published import Published

ENDPOINTS = ("sts", "location", "content_location", "registration", "policy", "unpublished")
MESSAGES = {
    "location": "SiteInfoRequest",
    "content_location": "ContentLocationRequest",
    "policy": "PolicyRequest",
    "registration": "ClientRegistration",
}
FORGERIES = ("unsigned", "hashed", "of_own_key", "of_unknown_key", "altered")
"""The ways in which tokens are forged."""
FORGER = "forger"
"""The label of the key that forged tokens are signed with."""
FORGED = ("adversary_offers_forged_entra_token", "adversary_offers_forged_ccm_token")
"""The offers of tokens that nobody has issued."""
STRANGER_ID = "GUID:0BADC0DE-0BAD-4BAD-8BAD-0BADC0DE0BAD"
STRANGER_DEVICE = "0badc0de-1111-4111-8111-0badc0de1111"


@dataclass(frozen=True)
class Offer:
    """A request as it is prepared.

    Attributes:
        event: the model's.
        endpoint, token_auth, claims: what it says, in the model's words.
        bearer: the token that it shows; empty where it shows none.
        mutual: it takes the path for certificates.
    """

    event: str
    endpoint: str
    token_auth: str
    claims: str
    bearer: str = field(default="", repr=False)
    mutual: bool = False

    @property
    def facts(self) -> Mapping[str, str]:
        """What is chosen, as the model has it."""
        return {
            "request.endpoint": self.endpoint,
            "request.token_auth": self.token_auth,
            "request.claims": self.claims,
        }


@dataclass(frozen=True)
class Message:
    """A request as it goes over a wire."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Tokens:
    """The tokens that an adversary can come by, or make.

    Args:
        published: Entra's keys.

    Attributes:
        forgery: the way in which the next forged token is made.
    """

    def __init__(self, lab: Lab, published: Published) -> None:
        self.lab, self.names, self._published = lab, lab.names, published
        self.forgery = FORGERIES[0]

    def of_event(self, event: str, loot: str, device: str, system: str) -> str:
        """The token of an offer.

        Args:
            loot: what the adversary has; device, system: what lies in the client's own caches.
        """
        made: Mapping[str, Callable[[], str]] = {
            "adversary_offers_foreign_token": self.foreign,
            "adversary_offers_token_for_other_audience": self.for_other_audience,
            "adversary_offers_forged_entra_token": lambda: self.forged(self.entra_claims()),
            "adversary_offers_forged_ccm_token": lambda: self.forged(self.ccm_claims()),
            "adversary_offers_expired_entra_token": lambda: self.of_entra(self.entra_claims(), -1),
            "adversary_offers_expired_ccm_token": lambda: self.signed(self.lab.site.signing_key, self.ccm_claims(), -1),
            "adversary_replays_loot": lambda: loot,
            "confused_client_offers_entra_token": lambda: device,
            "confused_client_offers_dead_token": lambda: system,
            "confused_client_takes_the_wrong_path": lambda: system,
        }
        return made[event]() if event in made else ""

    def foreign(self) -> str:
        """A good token of another tenant's user, for the site."""
        account, tenant = self.lab.stranger, self.names.other_tenant
        claims = {**self.entra_claims(), "iss": issuer_name(tenant), "tid": tenant, "deviceid": STRANGER_DEVICE}
        claims |= {"idtyp": "user", "oid": account.oid, "sid": account.sid, "upn": account.upn}
        return self.of_entra(claims, 1)

    def for_other_audience(self) -> str:
        """A good token of the device's user, for somebody else."""
        account = self.lab.account
        claims = {**self.entra_claims(), "idtyp": "user", "oid": account.oid, "sid": account.sid, "upn": account.upn}
        return self.of_entra({**claims, "aud": "https://graph.example"}, 1)

    def entra_claims(self) -> dict[str, Any]:
        """What a token of the device says."""
        tenant = self.names.tenant
        return {
            "iss": issuer_name(tenant), "aud": self.names.resource, "tid": tenant, "appid": self.names.client_app,
            "deviceid": self.lab.device, "oid": self.lab.device, "idtyp": "device",
        }  # fmt: skip

    def ccm_claims(self) -> dict[str, Any]:
        """What a CCM token of the device says."""
        site = self.lab.site
        return {
            "iss": site.issuer, "aud": CCM_AUDIENCE, "SCCMTokenCategory": "UDA", "Type": "UDA",
            "hierarchyId": site.hierarchy, "tid": self.names.tenant, "deviceId": self.lab.device,
            "userId": "00000000-0000-0000-0000-000000000000", "clientId": self.lab.client_id,
        }  # fmt: skip

    def signed(self, key: SigningKey, claims: Mapping[str, Any], ticks: int, **headers: str) -> str:
        """A token that ends so many ticks from now, or ended so long ago."""
        return sign(key, self._timed(claims, ticks), **headers)

    def of_entra(self, claims: Mapping[str, Any], ticks: int) -> str:
        """The same by Entra, who has the key."""
        with asking("entra", "sign()"):
            return self.lab.entra.sign(self._timed(claims, ticks))

    def forged(self, claims: Mapping[str, Any]) -> str:
        """A token that nobody has issued, in the way that is chosen."""
        ways: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
            "unsigned": self._unsigned,
            "hashed": self._hashed,
            "of_own_key": self._of_own_key,
            "of_unknown_key": self._of_unknown_key,
            "altered": self._altered,
        }
        return ways[self.forgery](claims)

    def _unsigned(self, claims: Mapping[str, Any]) -> str:
        """`alg` none."""
        header = {"alg": "none", "typ": "JWT"}
        first, second = (_encoded(json.dumps(each).encode()) for each in (header, self._timed(claims, 1)))
        return f"{first}.{second}."

    def _hashed(self, claims: Mapping[str, Any]) -> str:
        """HS256, with the issuer's public key for a secret (RFC 8725 2.1)."""
        kid, key = self._key_of(claims)
        secret = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        header = {"alg": "HS256", "typ": "JWT", "kid": kid}
        first, second = (_encoded(json.dumps(each).encode()) for each in (header, self._timed(claims, 1)))
        signature = hmac.new(secret, f"{first}.{second}".encode(), "sha256").digest()  # a library would not do it
        return f"{first}.{second}.{_encoded(signature)}"

    def _of_own_key(self, claims: Mapping[str, Any]) -> str:
        """A key of the forger's, under the issuer's name for its own."""
        return self.signed(SigningKey.labelled(FORGER), claims, 1, kid=self._key_of(claims)[0])

    def _of_unknown_key(self, claims: Mapping[str, Any]) -> str:
        """A key of the forger's, under its own name."""
        return self.signed(SigningKey.labelled(FORGER), claims, 1)

    def _altered(self, claims: Mapping[str, Any]) -> str:
        """Somebody else's good signature under other claims."""
        signature = self.foreign().split(".")[2]
        header = {"alg": "RS256", "typ": "JWT", "kid": self._key_of(claims)[0]}
        first, second = (_encoded(json.dumps(each).encode()) for each in (header, self._timed(claims, 1)))
        return f"{first}.{second}.{signature}"

    def _key_of(self, claims: Mapping[str, Any]) -> tuple[str, rsa.RSAPublicKey]:
        """The issuer's present key, by its name."""
        site = self.lab.site
        return (
            (site.signing_key.kid, site.signing_key.public)
            if claims["iss"] == site.issuer
            else (self._published.present)
        )

    def _timed(self, claims: Mapping[str, Any], ticks: int) -> dict[str, Any]:
        now = self.lab.world.clock.now()
        begins = int((now - 2 * TICK).timestamp())
        return {**claims, "iat": begins, "nbf": begins, "exp": int((now + ticks * TICK).timestamp())}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def message(lab: Lab, offer: Offer, *, direct: bool) -> Message:
    """An offer as a request: to the CMG's address, or to the management point's own."""
    kind = MESSAGES.get(offer.endpoint)
    claimed = lab.client_id if offer.claims == "client" else STRANGER_ID
    body: dict[str, Any] = {"ClientID": claimed, "Account": SYSTEM}
    if kind is not None:
        body["Message"], body["MessageID"] = kind, "{0BADC0DE-0000-4000-8000-000000000000}"
    headers = {"CcmTokenAuth": "1" if offer.token_auth == "yes" else "0", "Content-Type": "application/json"}
    if offer.bearer:
        headers["Authorization"] = f"Bearer {offer.bearer}"
    if offer.endpoint == "registration":
        body |= {"PublicKey": _public(lab), "SiteCode": lab.names.site_code, "Name": lab.names.adversary}
    content = json.dumps(body).encode()
    if offer.endpoint == "registration":
        headers["CcmSignature"] = base64.b64encode(_key(lab).sign(content, ec.ECDSA(_hash()))).decode("ascii")
    inside = _inside(lab, offer, direct)
    if direct:
        return Message("POST", inside, headers, content)
    scheme = "CCM_Proxy_MutualAuth" if offer.mutual else "CCM_Proxy_ServerAuth"
    return Message("POST", f"/{scheme}/{lab.names.role}{inside}", headers, content)


def _inside(lab: Lab, offer: Offer, direct: bool) -> str:
    if offer.endpoint == "sts":
        return "/CCM_STS"
    if offer.endpoint == "unpublished":
        return "/SMS_MP/.sms_aut"
    if offer.endpoint == "registration":
        unproven = direct and not offer.bearer and lab.environment["altauth"] == "yes"
        return "/ccm_system_AltAuth/request" if unproven else "/ccm_system/request"
    return "/ccm_system_tokenauth/request"


_KEYS: dict[int, ec.EllipticCurvePrivateKey] = {}


def _key(lab: Lab) -> ec.EllipticCurvePrivateKey:
    return _KEYS.setdefault(0, ec.generate_private_key(ec.SECP256R1()))


def _public(lab: Lab) -> str:
    public = _key(lab).public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def _hash() -> Any:
    from cryptography.hazmat.primitives import hashes

    return hashes.SHA256()
