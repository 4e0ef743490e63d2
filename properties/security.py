"""What must hold whoever asks: what CMG, connection point and management point accept; what an adversary never gets.

Each acceptor is a property of its own. Premises and conclusions are written out here and do not use the model's own
predicates for what is validated: a check that is weakened there must be noticed here.
"""

from ccmproof.model.kernel.actor import observer, recv

from .property import Property, Severity
from .transport import CMG_FORWARDS, CP_PASSES

CONCERN = "Acceptance and adversary"

MP_SERVES = (
    "mp_gives_site_information",
    "mp_serves_client_files",
    "mp_gives_content_locations",
    "mp_sends_content",
    "mp_serves_policy",
)
MP_TAKES_ENTRA = ("sts_validates_entra_token", "mp_validates_registration_token")
MP_ACCEPTS = (*MP_SERVES, *MP_TAKES_ENTRA)

TOKEN = "request.kind in {entra_device, entra_user, ccm}"
TENANT = "request.tenant is own and tenant is onboarded or request.tenant is other and other_tenant_onboarded is yes"
SIGNED = (
    "request.kind in {entra_device, entra_user} and request.signer is entra"
    " or request.kind is ccm and request.signer is site"
)
OWNED = (
    "request.claims is client and request.owner in {device, user}"
    " or request.claims is stranger and request.owner is stranger"
)

ACCEPTORS = (
    ("cmg", "The CMG", CMG_FORWARDS, "cmg is holding", "I3.2 X3"),
    (
        "cp",
        "The connection point",
        CP_PASSES,
        "connection_point is holding or second_connection_point is holding",
        "I3.3 X3",
    ),
    ("mp", "The management point", MP_ACCEPTS, "management_point is not idle", "I3.4 X3"),
)
CHECKS = (
    ("SEC-05a", "a token", "it is of a tenant that is onboarded and enabled", TOKEN, TENANT),
    ("SEC-06", "an Entra token", "it is for the server app", "request.kind in {entra_device, entra_user}",
     "request.audience is site"),
    ("SEC-07", "a token", "it is not expired", TOKEN, "request.life is live"),
    ("SEC-09", "a token", "its issuer signed it", TOKEN, SIGNED),
)  # fmt: skip

VALIDATION = tuple(
    Property(
        f"{check}.{short}",
        CONCERN,
        f"{who} accepts {token} only if {what}",
        f"{cites} {check}",
        on=on,
        when=when,
        then=then,
        attempt=f"({attempt}) and {when}",
        severity=Severity.CRITICAL,
        decided_by="cp_validates is yes" if short == "cp" else "",
    )
    for check, token, what, when, then in CHECKS
    for short, who, on, attempt, cites in ACCEPTORS
)

ISSUED_AFTER_BLOCK = observer(
    "issued_after_block",
    states="no yes",
    rows=[recv("sts_issues_token", "*", "yes", "block is set and reply.owner in {device, user}")],
    doc="Whether CCM_STS has issued a token to the client, or to its user, after the client was blocked.",
)

PROPERTIES = (
    Property(
        "N-01", CONCERN,
        "No operational call without CcmTokenAuth: what is served came by PKI, or with a live CCM token of"
        " the caller's",
        "I3.0 R4.2 T4 N-01", on=MP_SERVES,
        then="request.kind is certificate and request.path is mutual_auth"
        " or request.token_auth is yes and request.kind is ccm and request.life is live and request.signer is site"
        f" and ({OWNED})",
        attempt="management_point is holding and request_is_operational", severity=Severity.CRITICAL,
        but={"copied-image": "fails"},  # whose client has the other's ClientID: that is what the scenario is about
    ),
    Property(
        "SEC-04", CONCERN, "The CMG forwards nothing, beside the request for properties, without a credential that"
        " is good",
        "I3.2 X3 SEC-04", on=CMG_FORWARDS,
        then="request.kind is certificate and request.path is mutual_auth"
        f" or {TOKEN} and ({TENANT}) and request.audience is site and request.life is live and ({SIGNED})",
        attempt="cmg is holding and request.endpoint is not aad_info", severity=Severity.CRITICAL,
    ),
    *VALIDATION,
    Property(
        "S-03", CONCERN, "What the management point accepts of the client is of the device's tenant",
        "I3.7 A1 S-03", on=MP_ACCEPTS, when="request.sender is client and request.kind is not certificate",
        then="request.tenant is own", attempt="management_point is not idle and request.sender is client",
        decided_by="tenant_match is strict",
    ),
    Property(
        "SEC-05b", CONCERN, "A user's token that is accepted for a device is of the device's own tenant",
        "I3.7 A20 A38 SEC-05b", on=MP_TAKES_ENTRA, when="request.claims is client and request.kind is entra_user",
        then="request.tenant is own", attempt="management_point is not idle and request.kind is entra_user",
        decided_by="tenant_match is strict", severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-12", CONCERN, "The client sends its Entra token to CCM_STS and MP_ClientRegistration only",
        "I3.0 SEC-12", when="request.sender is client and request_bears_entra",
        then="request.endpoint in {sts, registration}",
        attempt="cmg is holding and request.sender is client and request_bears_entra",
    ),
    Property(
        "SEC-24", CONCERN, "No registration comes through the CMG without a bearer or a certificate",
        "R3.1 SEC-24", on=("mp_registers_client", "mp_registers_stranger", "mp_leaves_registration_pending"),
        when="request.via is gateway", then="request.kind is not none",
        attempt="cmg is holding and request.endpoint is registration",
    ),
    Property(
        "SEC-11", CONCERN, "Who reads the client's disk without SYSTEM's rights learns no cached token",
        "I4.1 SEC-11", on=("adversary_reads_cache",), then="adversary_reads is as_system",
        attempt="adversary_reads is as_local_user and cache.system.life is not none",
        asked_in=("thief",), decided_by="cache_protection is encrypted", severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-14", CONCERN, "An outsider gets no CCM token and no approved registration",
        "X3 SEC-14",
        when="adversary_account is none_there and adversary_key is none_there and adversary_reads is nothing",
        then="loot.kind is none and rogue_record.approval in {none, 0} and (site_record.device is not stranger"
        " or site_record.proof is entra or site_record.approval is 0)", attempt="adversary_call is waiting",
        asked_in=("adversary", "thief"), decided_by="approval is not all and altauth is no", severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-17a", CONCERN, "Once the client is blocked no operational request of it is served",
        "A43 SEC-17a", on=MP_SERVES, when="request.claims is client", then="block is not_set",
        attempt="management_point is holding and request.claims is client and block is set",
        asked_in=("hourly",), severity=Severity.CRITICAL,
    ),
    Property(
        "N-10", CONCERN, "A CCM token that was still issued after the client was blocked is never served",
        "A43 I3.4 N-10", on=MP_SERVES,
        when="issued_after_block is yes and request.kind is ccm and request.owner in {device, user}",
        attempt="management_point is holding and issued_after_block is yes and request.kind is ccm",
        asked_in=("readings",), observers=(ISSUED_AFTER_BLOCK,), severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-21b", CONCERN, "A stolen CCM token that is alive is of no use",
        "I4.1 SEC-21b", on=MP_SERVES, when="request.sender is adversary and request.kind is ccm and request.owner is"
        " not stranger",
        attempt="management_point is holding and request.sender is adversary and request.kind is ccm",
        asked_in=("thief",), expected="fails", reason="it is a bearer token; to steal it takes SYSTEM's rights"
        " or a hole in TLS",
    ),
    Property(
        "N-08", CONCERN, "An Entra token captured on the wire yields neither a CCM token nor a registration",
        "X2 N-08", on=("sts_issues_token", "mp_registers_client", "mp_registers_stranger"),
        when="request.sender is adversary and request_bears_entra and request.owner is not stranger",
        attempt="management_point is not idle and request.sender is adversary and request_bears_entra",
        asked_in=("thief",), expected="fails",
        reason="it is a bearer token; to capture it takes the CMG's key and a client that does not see it revoked",
    ),
)  # fmt: skip
