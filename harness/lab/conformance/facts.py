"""From what crosses a wire, real tokens in it, to the values of the model's record fields: what was seen.

Tokens are taken apart and their signatures verified here, by `cryptography` and by nothing of the components: a bug in
a validator must not blind whoever judges it. A life is what is left until a token's `exp`, in whole ticks of the lab's
clock, which moves by nothing else.
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
from ..network import Crossing, Kind, Reason
from ..world import SYSTEM, Names
from .alphabet import CP_RETURNS, CP_SENDS, FORWARDS
from .follow import Facts, Seen
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
SENDS: Mapping[str, tuple[str, ...]] = {
    "aad_info": ("ccmsetup_sends_aad_info_request",),
    "sts": ("ccmsetup_sends_sts_request", "messaging_sends_sts_request"),
    "location": ("ccmsetup_sends_location_request",),
    "client_files": ("ccmsetup_checks_client_files",),
    "content_location": ("ccmsetup_sends_content_location_request",),
    "download": ("ccmsetup_sends_download_request",),
    "registration": ("registration_sends_request",),
    "policy": ("messaging_sends_message",),
}
"""What a request of the client to the CMG may be in the model, by its endpoint."""
ASKS = (("ccmsetup_downloads_from_cloud",), ("ask_for_device_token", "ask_for_user_token"))
"""What a request to the cloud's store may be, and one to Entra."""
REFUSALS: Mapping[Reason, str] = {
    Reason.unknown_authority: "tls_root_is_not_trusted",
    Reason.name: "tls_name_does_not_match",
    Reason.date: "tls_date_is_not_valid",
    Reason.revocation: "tls_revocation_check_fails",
}
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


class Reader:
    """What crossings mean. It knows what is asked for on each wire, so that a reply can be read by its request.

    Attributes:
        ours: the requests that whoever runs the lab has made: the adversary's, and a confused client's.
    """

    def __init__(self, known: Known) -> None:
        self.known, self.names = known, known.names
        self._asked: dict[tuple[str, str], str] = {}
        names = known.names
        self.points = {names.connection_point: 1, names.second_connection_point: 2}

    def read(self, crossing: Crossing) -> Seen | None:
        """What it is in the model; None where the model does not speak of it."""
        if crossing.kind is Kind.request:
            seen = self._request(crossing)
            self._asked[crossing.sender, crossing.receiver] = endpoint_of(crossing)
            return seen
        if crossing.kind is Kind.reply:
            return self._reply(crossing)
        return self._connection(crossing)

    def _connection(self, crossing: Crossing) -> Seen | None:
        names = self.names
        if crossing.sender == names.client and crossing.receiver == names.cmg:
            if crossing.kind is Kind.opened:
                return Seen("the client opens a connection to the CMG", ("tls_succeeds",))
            event = REFUSALS.get(crossing.reason) if crossing.reason and crossing.by == names.client else None
            return Seen(f"no connection of the client to the CMG: {crossing.reason}", (event,) if event else (),
                        holds="" if event else "false")  # fmt: skip
        if crossing.sender == names.client and crossing.receiver in self.known.shows:
            return self._to_known(crossing)
        point = self.points.get(crossing.sender)
        if crossing.kind is Kind.refused and point is not None and crossing.receiver == names.management_point:
            _, wants, wrong = CP_SENDS[point]
            events = (wrong,) if crossing.by == crossing.sender else (wants, wrong)
            return Seen(f"no connection of {crossing.sender} to the management point: {crossing.reason}", events)
        return None

    def _to_known(self, crossing: Crossing) -> Seen | None:
        """A connection of the client to Entra, or to the cloud's store. With somebody else in its place there is to be
        none, and then it does not answer; the model speaks of the request that would have been."""
        host, opened = crossing.receiver, crossing.kind is Kind.opened
        itself = [*crossing.chain[:1]] == [self.known.shows[host]]
        if opened and itself:
            return None
        if opened:
            return Seen(f"the client opens a connection to somebody who is not {host}", holds="false")
        what = f"no connection of the client to {host}: {crossing.reason}"
        return Seen(what, holds="false") if itself else Seen(what, ASKS[host == self.names.entra])

    def _request(self, crossing: Crossing) -> Seen | None:
        names, known = self.names, self.known
        what = f"{crossing.sender} asks {crossing.receiver}: {crossing.method} {crossing.path.split('?')[0]}"
        if crossing.sender == names.client and crossing.receiver == names.entra:
            return self._to_entra(crossing, what)
        if crossing.sender == names.client and crossing.receiver == names.cloud:
            return Seen(what, ("ccmsetup_downloads_from_cloud",), self._content_token(crossing))
        if crossing.receiver == names.cmg:
            endpoint = endpoint_of(crossing)
            facts = {**request(crossing, known), "request.sender": "client"}
            return Seen(what, SENDS.get(endpoint, ()), after=facts, holds="" if endpoint in SENDS else "false")
        if crossing.sender == names.cmg and crossing.receiver in self.points:
            return Seen(what, (FORWARDS[self.points[crossing.receiver]],), request(crossing, known))
        if crossing.sender == names.cmg and crossing.backwards:
            return Seen(f"{what}, which is no connection point", holds="false")
        if crossing.receiver != names.management_point:
            return None
        if crossing.sender in self.points:
            return Seen(what, CP_SENDS[self.points[crossing.sender]], request(crossing, known))
        facts = {**request(crossing, known, direct=True), "request.sender": "client"}
        return Seen(what, ("registration_sends_directly",), after=facts)

    def _to_entra(self, crossing: Crossing, what: str) -> Seen | None:
        kind = body_of(crossing).get("grant_type")
        if kind not in ("device", "user"):
            return None
        self._asked["grant", ""] = str(kind)
        return Seen(f"{what} for a token of the {kind}", (f"ask_for_{kind}_token",))

    def _reply(self, crossing: Crossing) -> Seen | None:
        names, known = self.names, self.known
        endpoint = self._asked.get((crossing.receiver, crossing.sender), "none")
        what = f"{crossing.sender} answers {crossing.receiver}: {crossing.status}"
        if crossing.sender == names.entra and crossing.receiver == names.client:
            return self._from_entra(crossing, what)
        if crossing.sender == names.cloud and crossing.receiver == names.client:
            refused = crossing.status in (401, 403)
            return Seen(what, ("cloud_refuses_content_token" if refused else "cloud_serves_content",),
                        holds="" if refused or crossing.status == 200 else "false")  # fmt: skip
        if crossing.sender in self.points and crossing.receiver == names.cmg:
            event = CP_RETURNS[self.points[crossing.sender]]
            return Seen(what, (event,), reply(crossing, endpoint, known))
        if crossing.sender == names.management_point:
            return self._from_management_point(crossing, endpoint, what)
        if crossing.sender == names.cmg:
            return Seen(what, ("cmg_returns_reply",), reply(crossing, endpoint, known))
        return None

    def _from_management_point(self, crossing: Crossing, endpoint: str, what: str) -> Seen | None:
        if crossing.receiver not in self.points:
            return Seen(what, ("mp_answers_directly",), reply(crossing, endpoint, self.known))
        if crossing.headers.get("x-iis-substatus"):
            point = ("connection_point", "second_connection_point")[self.points[crossing.receiver] - 1]
            return Seen(f"{what}, by what stands in front of it", holds=f"{point} is returning and reply.status is 403")
        facts: dict[str, str] = reply(crossing, endpoint, self.known)
        location = body_of(crossing).get("Location")
        if endpoint == "content_location" and crossing.status == 200 and location:
            facts["content_token.life"] = self._life_in(str(location))
        return Seen(what, ("mp_answers",), facts)

    def _from_entra(self, crossing: Crossing, what: str) -> Seen | None:
        kind = self._asked.get(("grant", ""))
        if kind is None:
            return None
        del self._asked["grant", ""]
        given = body_of(crossing).get("access_token")
        if crossing.status == 200 and isinstance(given, str):
            self.known.given.add(given)
            return Seen(what, (f"entra_issues_{kind}_token",), after=token(given, f"wam.{kind}", self.known))
        refused = 400 <= crossing.status < 500
        return Seen(what, (f"entra_refuses_{kind}_token",), holds="" if refused else "false")

    def _content_token(self, crossing: Crossing) -> Facts:
        return {"content_token.life": self._life_in(crossing.path)}

    def _life_in(self, url: str) -> str:
        given = parse_qs(urlsplit(url).query).get("token", [""])[0]
        try:
            return self.known.life(parts(given)[1].get("exp"))
        except ValueError:
            return ELSE
