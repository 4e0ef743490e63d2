"""Whoever is refused is refused for the reason that he is told, and nobody else is.

Which refusal it was is all that a log says of it, so a diagnosis rests on it. Each reason is written out from the
statements: what a hop finds wrong with the one request that it is at, or the client with what it has just then. In
which environments a refusal can happen at all is said by :mod:`.reach`.
"""

from __future__ import annotations

from string import ascii_lowercase

from .attempts import OLD_TOKEN_WILL_DO
from .property import Property, Severity
from .registration import PROOFS
from .security import OWNED, SIGNED, TENANT

CONCERN = "Refusals"

BEARS_ENTRA = "request.kind in {entra_device, entra_user}"
GOOD_TOKEN = f"({TENANT}) and request.audience is site and request.life is live and ({SIGNED})"
BY_CERTIFICATE = "request.kind is certificate and request.path is mutual_auth"
BY_TOKEN = f"request.kind in {{entra_device, entra_user, ccm}} and {GOOD_TOKEN}"
ADMITTED = f"{BY_CERTIFICATE} or request.path is server_auth and {BY_TOKEN}"
"""What opens the CMG: a token on ServerAuth, a certificate on MutualAuth (A2)."""
PUBLISHED = "request.endpoint not in {aad_info, unpublished}"
TENANT_MATCHES = "(tenant_match is onboarded or request.tenant is own or request.claims is stranger)"
GOOD_FOR_STS = f"{BEARS_ENTRA} and {GOOD_TOKEN} and {TENANT_MATCHES}"
PROVES = " or ".join((
    f"{GOOD_FOR_STS} and mp_internet is not no"
    " and (request.kind is entra_device or mp_mode is https or ehttp_takes_user_registration is yes)",
    *(PROOFS[event][2] for event in ("mp_takes_registration_certificate", "mp_takes_windows_proof",
                                     "mp_takes_altauth_proof", "mp_takes_no_proof")),
))  # fmt: skip
"""What a management point takes a registration by, or takes it without."""
SERVED = f"{BY_CERTIFICATE} or request.kind is ccm and request.token_auth is yes and {GOOD_TOKEN} and ({OWNED})"
IS_BLOCKED = "request.claims is client and block is set"
DATABASE_DOWN = "site_database is down"
CERTIFICATE_MISSING = (
    "mp_mode is https and mp_binding is ok and (mp_demands_cp_cert is always or request.kind is certificate)"
    " and (cp_shows_certificate is no or cp_certificate is not valid or cp_certificate_crl is unreachable)"
)

Refusals = dict[tuple[str, ...], tuple[str, str, str]]

BY_THE_CLIENT: Refusals = {
    ("entra_app_is_not_known",): (
        "That the Entra app is not known is found only where nobody has said it", "I1.1 I2.0",
        "properties_given is no and entra_properties is not_known"),
    ("device_key_is_not_there",): (
        "That there is no key to ask with is found only where there is none, of an app that is known", "D2 D3 K3",
        "not (join in {entra, hybrid} and wpj is ok) and (properties_given is yes or entra_properties is known)"),
    ("ccmsetup_attempt_fails",): (
        "ccmsetup's attempt fails for want of a token only where it can have none, and has no certificate either",
        "I2.3 I2.4 D3", "entra_request is denied and pki is not valid"),
    ("messaging_renewal_fails",): (
        "A renewal fails only where no token can be had, and an old one will not do", "T2 D3 A33",
        f"entra_request is denied and not ({OLD_TOKEN_WILL_DO})"),
    ("cloud_refuses_content_token",): (
        "The cloud refuses a content token only once that is over", "I4.4 A28", "content_token.life is not live"),
    ("cloud_serves_content", "cloud_refuses_content_token", "cloud_fails"): (
        "The cloud answers a download that is under way, or fails it, and nothing else", "I4.4 I4.5",
        "cloud_store is asked and ccmsetup is downloading_from_cloud"),
}  # fmt: skip
"""What the client is refused beside its requests, or finds itself."""

ON_THE_WAY: Refusals = {
    ("cmg_withholds_entra_properties",): (
        "The CMG withholds the Entra properties only from a tenant that is not onboarded, or not enabled", "I1.3",
        f"request.endpoint is aad_info and not ({TENANT})"),
    ("cmg_does_not_publish",): (
        "The CMG has not what is not published, and nothing else", "I3.2 S-22", "request.endpoint is unpublished"),
    ("cmg_refuses_credential",): (
        "The CMG refuses a credential only where it is not good, or on the other's path", "I3.2 I3.5 X3 A2",
        f"{PUBLISHED} and not ({ADMITTED})"),
    ("cmg_has_no_way_on",): (
        "The CMG has no way on only for what it has admitted, to a site that has none", "X1 I3.2 A16",
        f"{PUBLISHED} and ({ADMITTED}) and (mp_mode is http or connection_point.service is down"
        " and (cp_count is 1 or second_connection_point.service is down))"),
    ("cp_refuses_unmapped", "second_cp_refuses_unmapped"): (
        "The connection point has not what is not mapped, and nothing else", "I3.3 X1 A16",
        f"not ({PUBLISHED}) or mp_mode is http"),
    ("cp_refuses_credential", "second_cp_refuses_credential"): (
        "The connection point refuses a credential only where it looks at it, and it is not good", "X3 A14",
        f"cp_validates is yes and not ({BY_CERTIFICATE} or {BY_TOKEN})"),
    ("mp_wants_client_certificate", "mp_wants_client_certificate_for_second"): (
        "The management point asks a connection point for its certificate only where it has shown none that is good",
        "X4 A15", CERTIFICATE_MISSING),
    ("mp_binding_is_wrong", "mp_binding_is_wrong_for_second"): (
        "The binding is found wrong only where it is", "X4", "mp_binding is wrong"),
}  # fmt: skip
"""What CMG and connection point refuse, and the management point's IIS before it looks at anything."""

AT_THE_SITE: Refusals = {
    ("sts_cannot_reach_entra",): (
        "CCM_STS cannot reach Entra only while the management point has no internet and needs it", "I3.4 A31",
        "mp_internet is no"),
    ("sts_refuses_entra_token",): (
        "CCM_STS refuses a token only where it is no good Entra token for this device", "I3.4 I3.7 X3 A38",
        f"not ({GOOD_FOR_STS})"),
    ("sts_does_not_know_user",): (
        "CCM_STS does not know a user who is not discovered, and nobody else", "I3.4 A23",
        "request.owner is user and user_discovered is no"),
    ("sts_finds_database_down", "mp_registration_has_no_database"): (
        "The site database is found down only where it is", "I3.4 R3.1", DATABASE_DOWN),
    ("sts_refuses_blocked_client", "mp_rejects_blocked_client"): (
        "Only a client that is blocked is refused for the block", "A43", IS_BLOCKED),
    ("mp_rejects_registration",): (
        "A registration is rejected for its proof only where it has none that is taken here", "R3.1 R3.2 X3",
        f"not ({PROVES})"),
    ("mp_refuses_call",): (
        "A call is refused only without a token or certificate that is good and the caller's, or of a client that is"
        " blocked, or without its signature", "I3.0 R4.2 T4 X3",
        f"not ({SERVED}) or {IS_BLOCKED} or request.endpoint is policy and request.signed is no"),
    ("mp_does_not_have_endpoint",): (
        "The management point has not what is not published, and nothing else", "I3.3", f"not ({PUBLISHED})"),
}  # fmt: skip
"""What the management point refuses, CCM_STS and the registration."""

ONE_CLOCK = (
    "document", "any-environment", "readings", "ageing", "policy", "later", "fine", "faults", "hourly", "adversary",
    "thief",
)  # fmt: skip
"""Where that is asked which reads a token: the site has no clock of its own there, and nobody another's ClientID."""

PROPERTIES = tuple(
    Property(
        f"{family}.{letter}", CONCERN, claim, cites, on=on, then=then,
        severity=Severity.MEDIUM, asked_in=ONE_CLOCK if "request.life" in then else (),
    )
    for family, refusals in (("S-115", BY_THE_CLIENT), ("S-116", ON_THE_WAY), ("S-117", AT_THE_SITE))
    for letter, (on, (claim, cites, then)) in zip(ascii_lowercase, refusals.items(), strict=False)
)  # fmt: skip
