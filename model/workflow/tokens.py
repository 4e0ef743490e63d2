"""Tokens and messages are records: what a bearer token says, and what a request or a reply carries.

A token's fields are those that somebody validates: kind, tenant, audience, owner, signer, life, and for a CCM token the
device that it names (provisional before registration, the client's ID after: A4). The same fields travel with a request
and a reply, so that one `take` copies a token from a cache to the wire or back.

`owner` is the identity that Entra proved: the device, the user who is signed in on it, or a stranger. A CCM token that
was gained with a user's token is the user's here too, although it is cached under SYSTEM's SID (I2.5, A22). `signer` is
Entra, the site's token-signing key, the site's former key (`retired`), or somebody else (`forger`).
"""

from ccmproof.model.kernel.actor import ActorDef, Clock, record
from ccmproof.model.kernel.definition import Predicate

from .hosts import ADVERSARY, CLIENT, HANDS, WIRE
from .timing import Scale


def entra_fields(life: Clock, kind: str, owner: str = "device", signer: str = "entra") -> dict[str, str | Clock]:
    """The fields of any bearer token, each with the value that it has where nothing else has been written first.

    Where there is no token `life` is `none`, and the other fields mean nothing; so they begin as what they most often
    are.
    """
    return {
        "kind": _first(kind, "none entra_device entra_user ccm certificate windows"),
        "tenant": "own other",
        "audience": "site other",
        "owner": _first(owner, "device user stranger"),
        "signer": _first(signer, "entra site retired forger"),
        "life": life,
    }


def token_fields(life: Clock, kind: str, signer: str) -> dict[str, str | Clock]:
    """The same for what may be a CCM token: it names a device of the site's too."""
    return {**entra_fields(life, kind, signer=signer), "names": "provisional client_id"}


def _first(value: str, values: str) -> str:
    return " ".join([value, *(each for each in values.split() if each != value)])


REQUEST_FIELDS: dict[str, str | Clock] = {
    "sender": "nobody client confused_client adversary",
    "claims": "client stranger",
    "account": "system user",
    "endpoint": "none aad_info sts location client_files content_location download registration policy unpublished",
    "path": "server_auth mutual_auth",
    "token_auth": "no yes",
    "signed": "no yes",
    "via": "gateway direct",
}
"""What a request says beside its token; while `sender` is `nobody` there is none.

`claims` is whose message it says it is; `account` the SID that sends it; `token_auth` is CcmTokenAuth; `signed` is the
message signature of a registered client; `via` the way to the management point. `sender` is whose key signed it: no
acceptor reads who a bearer really is.
"""

REPLY_FIELDS: dict[str, str | Clock] = {
    "status": "none ok 401 403 404 500",
    "outcome": "none success pending resend rejected",
    "approval": "none 0 1 2 3",
}


def records(scale: Scale) -> list[tuple[ActorDef, ...]]:
    """Every record of the workflow that bears a token."""
    life = scale.token
    ccm = token_fields(life, "ccm", "site")
    return [
        record("wam.device", entra_fields(life, "entra_device"), host=CLIENT,
               doc="The device's Entra token in WAM's cache"),
        record("wam.user", entra_fields(life, "entra_user", "user"), host=CLIENT,
               doc="The user's Entra token in WAM's cache"),
        record("cache.system", ccm, host=CLIENT, doc="The CCM token cached for S-1-5-18, SYSTEM (I4.1)"),
        record("cache.user", ccm, host=CLIENT, doc="The CCM token cached for the user's SID (I4.1, A5)"),
        record("request", {**REQUEST_FIELDS, **token_fields(life, "none", "entra")}, host=WIRE, seen_by=HANDS,
               doc="The one request under way"),
        record("reply", {**REPLY_FIELDS, **token_fields(life, "none", "site")}, host=WIRE, seen_by=HANDS,
               doc="Its reply"),
        record("loot", token_fields(life, "none", "entra"), host=ADVERSARY, doc="A token that the adversary has"),
    ]  # fmt: skip


PREDICATES = [
    Predicate("request_bears_entra", "request.kind in {entra_device, entra_user}", "I3.0"),
    Predicate(
        "request_is_operational",
        "request.endpoint in {location, client_files, content_location, download, policy}",
        "I3.0 R4.2",
        "Site traffic other than the token request itself and the registration, which present an Entra token",
    ),
]


def checks(hop: str, cites: str) -> list[Predicate]:
    """What one acceptor checks of a bearer token, each check a predicate of its own that can be weakened by itself.

    CMG, connection point and management point all make these checks (X3); none of them relies on another's.
    """
    return [
        Predicate(
            f"{hop}_tenant_good",
            "request.tenant is own and tenant is onboarded"
            " or request.tenant is other and other_tenant_onboarded is yes",
            f"{cites} I1.3 A20",
            "The tenant that the request names, or that its token is of, is onboarded and enabled",
        ),
        Predicate(f"{hop}_audience_good", "request.audience is site", f"{cites} I2.0"),
        Predicate(
            f"{hop}_signature_good",
            "request_bears_entra and request.signer is entra or request.kind is ccm and request.signer is site",
            cites,
        ),
        Predicate(f"{hop}_lifetime_good", "request.life is live", f"{cites} T1"),
    ]
