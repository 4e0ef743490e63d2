"""From what crosses a wire, real tokens in it, to the values of the model's record fields: what was seen.

Tokens are taken apart and their signatures verified here, by `cryptography` and by nothing of the components: a bug in
a validator must not blind whoever judges it. A life is what is left until a token's `exp`, in whole ticks of the lab's
clock, which moves by nothing else. What a crossing as a whole is, in the model's events, is read in :mod:`.reader`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ..clock import TICK
from ..network import Crossing
from ..world import SYSTEM, Names
from .published import Published

ENTRA_ISSUER = "https://sts.windows.net/"
CCM_AUDIENCE = "urn:sccm:service"
NOBODY = "00000000-0000-0000-0000-000000000000"
MESSAGES = {
    "SiteInfoRequest": "location",
    "ContentLocationRequest": "content_location",
    "PolicyRequest": "policy",
    "ClientRegistration": "registration",
}
FILES = {("HEAD", "ccm_client/ccmsetup.cab"): "client_files", ("GET", "ccm_client/client.msi"): "download"}
STATUS = {200: "ok", 401: "401", 403: "403", 404: "404", 500: "500"}
OUTCOMES = {0: "success", 1: "pending", 2: "resend", 3: "rejected"}
ELSE = "something else"
"""What no state of the model is called: a value that it does not have."""


@dataclass
class Known:
    """What is known of the lab by whoever watches it.

    Attributes:
        now: the lab's time.
        device: the Entra device of the lab's client; empty where it has none.
        users: the user's object ids and SIDs.
        client_id: the client's ClientID, as it is now.
        client_key: the public half of its signing key.
        shows: what Entra and the cloud's store show on the wire, by their hosts.
        given: the tokens that Entra has given to the client.
        published, site_keys, retired_keys: what tokens may have been signed with.
    """

    names: Names
    now: Callable[[], datetime]
    device: str
    users: frozenset[str]
    client_id: Callable[[], str]
    client_key: Callable[[], ec.EllipticCurvePublicKey]
    shows: Mapping[str, x509.Certificate]
    published: Published
    site_keys: Callable[[], Iterable[rsa.RSAPublicKey]]
    retired_keys: Callable[[], Iterable[rsa.RSAPublicKey]]
    given: set[str] = field(default_factory=set)

    def life(self, ends: object) -> str:
        """What is left until then, as the model's clocks say it."""
        if not isinstance(ends, (int, float)):
            return ELSE
        left = (datetime.fromtimestamp(ends, self.now().tzinfo) - self.now()) / TICK
        return f"left_{-int(-left // 1)}" if left > 0 else "expired"


# -- tokens


def parts(text: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, claims, what was signed, and the signature.

    Raises:
        ValueError: it is no token.
    """
    first, second, third = text.split(".")
    header, claims = (json.loads(_decoded(each)) for each in (first, second))
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise ValueError("no token")
    return header, claims, f"{first}.{second}".encode(), _decoded(third)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signed(keys: Iterable[rsa.RSAPublicKey], data: bytes, signature: bytes) -> bool:
    for key in keys:
        try:
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def token(text: str, record: str, known: Known) -> dict[str, str]:
    """What a bearer token says and who has signed it, as fields of a record."""
    try:
        header, claims, data, signature = parts(text)
    except (ValueError, RecursionError):
        return {f"{record}.kind": ELSE}
    entra = str(claims.get("iss", "")).startswith(ENTRA_ISSUER)
    named = claims.get("tid")
    kind = "ccm" if not entra else f"entra_{'device' if claims.get('idtyp') == 'device' else 'user'}"
    seen = {
        "kind": kind,
        "tenant": "own" if named == known.names.tenant else "other",
        "audience": "site" if claims.get("aud") == (known.names.resource if entra else CCM_AUDIENCE) else "other",
        "owner": _owner(claims, known),
        "signer": _signer(known, data, signature) if header.get("alg") == "RS256" else "forger",
        "life": known.life(claims.get("exp")),
    }
    if not entra:
        seen["names"] = "client_id" if claims.get("clientId") == known.client_id() else "provisional"
    return {f"{record}.{name}": value for name, value in seen.items()}


def _owner(claims: Mapping[str, Any], known: Known) -> str:
    device = claims.get("deviceid", claims.get("deviceId"))
    user = claims.get("userId", claims.get("oid") if claims.get("idtyp") == "user" else NOBODY)
    if device != known.device or not device:
        return "stranger"
    if user == NOBODY or not user:
        return "device"
    return "user" if user in known.users else "stranger"


def from_unknown_key(crossing: Crossing, known: Known) -> bool:
    """Whether a token of Entra's is under way that none of the keys in hand has signed."""
    for text in (crossing.headers.get("authorization", "").partition(" ")[2], body_of(crossing).get("access_token")):
        try:
            _, claims, data, signature = parts(str(text or ""))
        except (ValueError, RecursionError):
            continue
        if str(claims.get("iss", "")).startswith(ENTRA_ISSUER) and not _signed(known.published.ever, data, signature):
            return True
    return False


def _signer(known: Known, data: bytes, signature: bytes) -> str:
    if _signed(known.published.ever, data, signature):
        return "entra"
    if _signed(known.site_keys(), data, signature):
        return "site"
    return "retired" if _signed(known.retired_keys(), data, signature) else "forger"


# -- requests and replies


@dataclass(frozen=True)
class Path:
    """What a path says: the CMG's scheme, if it is one of its, and the endpoint, without case."""

    scheme: str
    rest: str
    query: Mapping[str, list[str]] = field(default_factory=dict)

    @staticmethod
    def of(text: str) -> Path:
        """Read a path."""
        split = urlsplit(text)
        pieces = [each for each in split.path.split("/") if each]
        query = parse_qs(split.query)
        schemes = {"ccm_proxy_serverauth": "server_auth", "ccm_proxy_mutualauth": "mutual_auth"}
        scheme = schemes.get(pieces[0].lower(), "") if pieces else ""
        if not scheme:
            return Path("", "/".join(pieces).lower(), query)
        named = pieces[1:] if len(pieces) > 1 and pieces[1].lower() == "aadauthinfo" else pieces[2:]
        return Path(scheme, "/".join(named).lower(), query)


def body_of(crossing: Crossing) -> Mapping[str, Any]:
    """The object that a message has; an empty one where there is none."""
    try:
        found = json.loads(crossing.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def endpoint_of(crossing: Crossing) -> str:
    """The endpoint that a request is for, as the model has it."""
    path = Path.of(crossing.path)
    if path.rest == "aadauthinfo":
        return "aad_info"
    if path.rest == "ccm_sts":
        return "sts"
    if path.rest.endswith("/request") and path.rest.startswith("ccm_system"):
        return MESSAGES.get(str(body_of(crossing).get("Message")), "unpublished")
    return FILES.get((crossing.method, path.rest), "unpublished")


def request(crossing: Crossing, known: Known, *, direct: bool = False) -> dict[str, str]:
    """What is seen of a request to a system of the site."""
    path, body, endpoint = Path.of(crossing.path), body_of(crossing), endpoint_of(crossing)
    seen = {"request.endpoint": endpoint, "request.via": "direct" if direct else "gateway"}
    if not direct:
        seen["request.token_auth"] = "yes" if crossing.headers.get("ccmtokenauth") == "1" else "no"
    if path.scheme:
        seen["request.path"] = path.scheme
    if endpoint == "aad_info":
        named = path.query.get("TenantID", [""])[0]
        return {**seen, "request.kind": "none", "request.tenant": "own" if named == known.names.tenant else "other"}
    claimed = body.get("ClientID") or crossing.headers.get("ccmclientid")
    if claimed is not None:
        seen["request.claims"] = "client" if claimed == known.client_id() else "stranger"
    if isinstance(body.get("Account"), str):
        seen["request.account"] = "system" if body["Account"] == SYSTEM else "user"
    if endpoint == "policy":
        seen["request.signed"] = "yes" if _signature_good(crossing, known) else "no"
    return {**seen, **_credential(crossing, known)}


def _credential(crossing: Crossing, known: Known) -> dict[str, str]:
    scheme, _, text = crossing.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token(text, "request", known)
    if scheme.lower() == "negotiate":
        return {"request.kind": "windows"}
    by_channel = "x-cmg-client-certificate" in crossing.headers
    shown = by_channel or (bool(crossing.shown) and not crossing.backwards and crossing.receiver == known.names.cmg)
    return {"request.kind": "certificate" if shown else "none"}


def _signature_good(crossing: Crossing, known: Known) -> bool:
    try:
        signature = base64.b64decode(crossing.headers.get("ccmsignature", ""), validate=True)
        known.client_key().verify(signature, crossing.body, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def reply(crossing: Crossing, endpoint: str, known: Known) -> dict[str, str]:
    """What is seen of a reply to a request for that endpoint."""
    body = body_of(crossing)
    seen = {"reply.status": STATUS.get(crossing.status, str(crossing.status)), "reply.outcome": "none",
            "reply.kind": "none"}  # fmt: skip
    if endpoint == "registration" and "Status" in body:
        status = body["Status"]
        seen["reply.outcome"] = OUTCOMES.get(status, ELSE) if isinstance(status, int) else ELSE
        if seen["reply.outcome"] == "success":
            seen["reply.approval"] = str(body.get("Approval"))
    if "access_token" in body:
        seen |= token(str(body["access_token"]), "reply", known)
    return seen
