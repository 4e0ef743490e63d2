"""The management point: CCM_STS, the registration manager, and the endpoints that serve the client.

It validates for itself, whatever CMG and connection point have validated (X3): tenant, audience, signature, lifetime,
each a check of its own.

*CCM_STS* goes in the document's order (I3.4): it validates the Entra token, looks the identity up in the site database,
creates the CCM token, issues it, returns it. A device's token needs no user in the database (A23). Time does not pass
between the lookup and the issue: they are one call of the server.

*Registration manager* (R3.1, R3.2): accepts an Entra token, a PKI certificate on an HTTPS management point, Windows
proof on a path of its own, or nothing where anonymous registration is taken; four outcomes (A24): success, pending,
resend, rejected. Approval says which proof it was: 3 for Entra, 2 for a certificate, 1 for Windows, 0 for none
(DOMAIN 6.7).

*Operational endpoints*: a CCM token that is good here and whose owner is who the message claims to be, or the PKI
path. Policy needs the message signature of a registered client too (DOMAIN 6.2).
"""

from ccmproof.model.kernel.actor import ActorDef, Effect, actor, clear, put, recv, send
from ccmproof.model.kernel.definition import Item, Predicate

from .hosts import MP
from .timing import Scale
from .tokens import checks

ARRIVALS = ("cp_sends_to_mp", "second_cp_sends_to_mp", "offer_goes_directly", "registration_sends_directly")

VALIDATION = [
    *checks("mp", "X3 I3.4"),
    Predicate(
        "mp_tenant_matches",
        "tenant_match is onboarded or request.tenant is own or request.claims is stranger",
        "I3.7 A38",
        "Under `strict` a token must be of the tenant of the device that the message claims to come from",
    ),
    Predicate(
        "mp_accepts_entra_token",
        "request_bears_entra and mp_tenant_good and mp_tenant_matches and mp_audience_good and mp_signature_good"
        " and mp_lifetime_good",
        "I3.4 R3.1",
    ),
    Predicate(
        "mp_owner_is_caller",
        "request.claims is client and request.owner in {device, user}"
        " or request.claims is stranger and request.owner is stranger",
        "I3.7 R4.2",
        "The CCM token was issued to the device that the message claims to come from, or to its user",
    ),
    Predicate(
        "mp_accepts_ccm_token",
        "request.kind is ccm and request.token_auth is yes and mp_tenant_good and mp_audience_good"
        " and mp_signature_good and mp_lifetime_good and mp_owner_is_caller",
        "I3.0 R4.2 T4",
    ),
    Predicate("mp_accepts_certificate", "request.kind is certificate and request.path is mutual_auth", "I2.4"),
    Predicate("client_is_blocked", "request.claims is client and block is set", "X3 A43"),
    Predicate("mp_knows_signature", "request.endpoint is not policy or request.signed is yes", "R4.2"),
    Predicate(
        "mp_accepts_call",
        "(mp_accepts_ccm_token or mp_accepts_certificate) and not client_is_blocked and mp_knows_signature",
        "I3.0 R4.2 T4",
    ),
]


def mp(scale: Scale) -> ActorDef:
    """The management point's front: what arrives goes to STS, to registration, or is served."""
    refuse = put("reply", status="401")
    fail = put("reply", status="500")
    served = put("reply", status="ok")
    rows = [recv(event, "idle", "holding", cites="I3.3") for event in ARRIVALS]
    rows += [
        send("sts_starts_request", "holding", "in_sts", "request.endpoint is sts", cites="I3.4"),
        send("mp_starts_registration", "holding", "in_registration", "request.endpoint is registration", cites="R3.1"),
        *(recv(event, "in_sts", "answering") for event in STS_ENDS),
        *(recv(event, "in_registration", "answering") for event in REGISTRATION_ENDS),
        send("mp_gives_site_information", "holding", "answering",
             "request.endpoint is location and mp_accepts_call", served, cites="I4.2"),
        send("mp_serves_client_files", "holding", "answering",
             "request.endpoint is client_files and mp_accepts_call", served, cites="I4.2b"),
        send("mp_gives_content_locations", "holding", "answering",
             "request.endpoint is content_location and mp_accepts_call and site_database is up", served,
             put("content_token.life", scale.whole_content_life, when="request.sender is client"),
             cites="I4.2c I4.4 A28"),
        send("mp_sends_content", "holding", "answering",
             "request.endpoint is download and mp_accepts_call", served, cites="I4.5"),
        send("mp_serves_policy", "holding", "answering",
             "request.endpoint is policy and mp_accepts_call and site_database is up", served, cites="R4.2 T4"),
        send("mp_has_no_database", "holding", "answering",
             "request.endpoint in {content_location, policy} and mp_accepts_call and site_database is down",
             fail, cites="I3.4", status="500"),
        send("mp_refuses_call", "holding", "answering",
             "request_is_operational and not mp_accepts_call", refuse,
             cites="X3 I3.0", status="401 CMGConnector_Unauthorized"),
        send("mp_does_not_have_endpoint", "holding", "answering",
             "request.endpoint in {none, aad_info, unpublished}", put("reply", status="404"), cites="I3.3",
             status="404"),
        send("mp_answers", "answering", "idle", "request.via is not direct", cites="I3.4 R3.2 R4.1"),
        send("mp_answers_directly", "answering", "idle", "request.via is direct",
             clear("request"), clear("reply", when="not reply_is_kept"), cites="A7"),
    ]  # fmt: skip
    return actor(
        "management_point",
        host=MP,
        states="idle holding in_sts in_registration answering",
        rows=rows,
        holds_up=ARRIVALS,
        ignores=(*STS_ENDS, *REGISTRATION_ENDS),
        doc="The management point.",
    )


STS_ENDS = (
    "sts_crashes",
    "sts_cannot_reach_entra",
    "sts_refuses_entra_token",
    "sts_finds_database_down",
    "sts_does_not_know_user",
    "sts_refuses_blocked_client",
    "sts_issues_token",
)

STS_PREDICATES = [
    Predicate("sts_works", "sts_healthy is yes and mp_internet in {old, yes}", "I3.4 A31"),
    Predicate("sts_knows_user", "request.kind is entra_device or user_discovered is yes and request.owner is user"
              " or request.owner is stranger", "I3.4 A23", "Of a stranger's tenant the users are discovered there"),
    Predicate("sts_lets_client", "sts_checks_block is no or not client_is_blocked", "A43"),
]  # fmt: skip


def sts(scale: Scale) -> ActorDef:
    """CCM_STS on the management point: an Entra token in, a CCM token out."""
    fail, refuse = put("reply", status="500"), put("reply", status="401")
    create = [
        put("reply", kind="ccm", audience="site", signer="site", life=scale.whole_ccm_life),
        put("reply.tenant", "own", when="request.tenant is own"),
        put("reply.tenant", "other", when="request.tenant is not own"),
        put("reply.owner", "device", when="request.owner is device"),
        put("reply.owner", "user", when="request.owner is user"),
        put("reply.owner", "stranger", when="request.owner not in {device, user}"),
        put("reply.names", "client_id", when="site_record.status is registered and request.claims is client"),
        put("reply.names", "provisional", when="not (site_record.status is registered and request.claims is client)"),
    ]
    return actor(
        "sts",
        host=MP,
        states="idle validating looking_up creating issuing",
        rows=[
            recv("sts_starts_request", "idle", "validating", cites="I3.4"),
            send("sts_crashes", "validating", "idle", "sts_healthy is no", fail,
                 cites="I3.4", status="500 CMGConnector_InternalServerError 0x80131040"),
            send("sts_cannot_reach_entra", "validating", "idle", "sts_healthy is yes and mp_internet is no", fail,
                 cites="I3.4 A31", status="500 MISE12034"),
            send("sts_refuses_entra_token", "validating", "idle", "sts_works and not mp_accepts_entra_token", refuse,
                 cites="I3.4 X3", status="401 CMGConnector_Unauthorized"),
            send("sts_validates_entra_token", "validating", "looking_up", "sts_works and mp_accepts_entra_token",
                 cites="I3.4 I3.7"),
            send("sts_finds_database_down", "looking_up", "idle", "site_database is down", fail,
                 cites="I3.4", status="500"),
            send("sts_does_not_know_user", "looking_up", "idle", "site_database is up and not sts_knows_user", refuse,
                 cites="I3.4 A23", status="0x87D00231"),
            send("sts_refuses_blocked_client", "looking_up", "idle",
                 "site_database is up and sts_knows_user and not sts_lets_client", refuse, cites="A43", status="401"),
            send("sts_finds_identity", "looking_up", "creating",
                 "site_database is up and sts_knows_user and sts_lets_client", cites="I3.4 A23", urgent=True),
            send("sts_creates_token", "creating", "issuing", "", *create, cites="I3.4 I3.6 I3.7 T1", urgent=True),
            send("sts_issues_token", "issuing", "idle", "", put("reply", status="ok"), cites="I3.4", urgent=True),
        ],
        holds_up="sts_starts_request",
        doc="The security token service.",
    )  # fmt: skip


REGISTRATION_ENDS = (
    "mp_registers_client",
    "mp_leaves_registration_pending",
    "mp_asks_to_resend",
    "mp_registers_stranger",
    "mp_rejects_rebinding",
    "mp_rejects_blocked_client",
    "mp_rejects_registration",
    "mp_registration_has_no_database",
)

REGISTRATION_PREDICATES = [
    Predicate(
        "mp_takes_entra_registration",
        "mp_accepts_entra_token and mp_internet in {old, yes}"
        " and (request.kind is entra_device or mp_mode is https or ehttp_takes_user_registration is yes)",
        "R3.1 R3.2 A18",
    ),
    Predicate("mp_takes_certificate_registration", "mp_accepts_certificate and mp_mode is https", "R5"),
    Predicate("mp_takes_windows_registration", "request.kind is windows and request.via is direct", "R3.2"),
    Predicate(
        "mp_takes_unproven_registration",
        "request.kind in {none, ccm} and (mp_mode is ehttp or mp_mode is http or https_mp_takes_anonymous is yes)",
        "R3.2 A36",
        "Nothing that proves an identity: anonymous, or behind a bearer that only opens the gateway (A26)",
    ),
    Predicate(
        "mp_takes_altauth_registration",
        "request.kind is none and mp_mode is https and altauth is yes and request.via is direct"
        " and not mp_takes_unproven_registration",
        "R3.2 A12",
    ),
    Predicate(
        "mp_takes_registration",
        "mp_takes_entra_registration or mp_takes_certificate_registration or mp_takes_windows_registration"
        " or mp_takes_unproven_registration or mp_takes_altauth_registration",
        "R3.1",
    ),
    Predicate(
        "registration_proves_the_client",
        "request_bears_entra and request.owner in {device, user} or request.kind in {certificate, windows}",
        "R1.3 R3.2 A40",
        "What proves the registration is this device's, whoever shows it",
    ),
    Predicate(
        "registrant_is_the_client",
        "registration_proves_the_client or not request_bears_entra and request.sender is client",
        "R1.3 R3.2 A40",
        "An unproven registration is signed by the sender's own key",
    ),
    Predicate(
        "registrant_made_the_record",
        "request.sender is client and site_record.device is client"
        " or request.sender is not client and site_record.device is stranger",
        "R1.3 A40 N-06",
        "He signs with the key that the record was made with",
    ),
    Predicate(
        "registrant_is_a_stranger",
        "request.claims is not client or request_bears_entra and request.owner is stranger"
        " and site_record.status is absent and registration_rebinds is no",
        "R1.3 A40",
        "It makes a record with the stranger's own DeviceId, whatever free ClientID it names",
    ),
    Predicate(
        "registration_may_name_the_client",
        "not registrant_is_a_stranger and (registration_proves_the_client"
        " or not request_bears_entra and registrant_made_the_record"
        " or registration_rebinds is yes or site_record.status is absent)",
        "R1.3 A40 N-06",
        "The ClientID that it names is free, or this device's. Who proves nothing may have what he has made himself",
    ),
]


PROOFS = ("entra", "certificate", "windows", "altauth", "nothing")
"""What a registration may have been proven by."""
APPROVAL = (
    ("3", "registration_manager is proven_by_entra"),
    ("2", "registration_manager is proven_by_certificate"),
    ("1", "registration_manager is proven_by_windows and approval is not manual"),
    ("1", "registration_manager is proven_by_altauth"),
    ("1", "registration_manager is proven_by_nothing and approval is all"),
    ("0", "registration_manager is proven_by_windows and approval is manual"),
    ("0", "registration_manager is proven_by_nothing and approval is not all"),
)
"""The approval status that a proof gives, by the hierarchy's approval setting (DOMAIN 6.7, 6.8)."""


def approval_in(record: str) -> list[tuple[Effect, ...]]:
    """Write the approval status of the registration that is being processed into a record."""
    return [put(f"{record}.approval", status, when=when) for status, when in APPROVAL]


def registration_manager() -> ActorDef:
    """MP_ClientRegistration: who is it, and is he registered?"""
    proven = [f"proven_by_{proof}" for proof in PROOFS]
    proof = [put("site_record.proof", each, when=f"registration_manager is proven_by_{each}") for each in PROOFS]
    whose = [
        put("site_record.device", "client", when="registrant_is_the_client"),
        put("site_record.device", "stranger", when="not registrant_is_the_client"),
    ]
    database_up = "site_database is up"
    names_client = f"{database_up} and not registrant_is_a_stranger"
    mine = f"{names_client} and not client_is_blocked and registration_may_name_the_client"
    return actor(
        "registration_manager",
        host=MP,
        states=["idle", "proving", *proven],
        rows=[
            recv("mp_starts_registration", "idle", "proving", cites="R3.1"),
            send("mp_validates_registration_token", "proving", "proven_by_entra", "mp_takes_entra_registration",
                 cites="R3.1 I3.7"),
            send("mp_takes_registration_certificate", "proving", "proven_by_certificate",
                 "mp_takes_certificate_registration", cites="R5"),
            send("mp_takes_windows_proof", "proving", "proven_by_windows", "mp_takes_windows_registration",
                 cites="R3.2"),
            send("mp_takes_altauth_proof", "proving", "proven_by_altauth", "mp_takes_altauth_registration",
                 cites="R3.2"),
            send("mp_takes_no_proof", "proving", "proven_by_nothing", "mp_takes_unproven_registration",
                 cites="R3.2 A36"),
            send("mp_rejects_registration", "proving", "idle", "not mp_takes_registration",
                 put("reply", status="401", outcome="rejected"), cites="R3.1 X3", status="registration rejected 3"),
            send("mp_registration_has_no_database", proven, "idle", "site_database is down",
                 put("reply", status="500"), cites="R3.1", status="500"),
            send("mp_rejects_blocked_client", proven, "idle", f"{names_client} and client_is_blocked",
                 put("reply", status="401", outcome="rejected"), cites="A43", status="registration rejected 3"),
            send("mp_rejects_rebinding", proven, "idle",
                 f"{names_client} and not client_is_blocked and not registration_may_name_the_client",
                 put("reply", status="401", outcome="rejected"), cites="R1.3 A40", status="registration rejected 3"),
            send("mp_registers_client", proven, "idle",
                 f"{mine} and site_record.status is not pending",
                 put("reply", status="ok", outcome="success"), put("site_record", status="registered"),
                 *approval_in("reply"), *approval_in("site_record"), *proof, *whose, cites="R3.2 R1.3 R1.4"),
            send("mp_leaves_registration_pending", proven, "idle",
                 f"{mine} and site_record.status in {{absent, pending}}",
                 put("reply", status="ok", outcome="pending"), put("site_record", status="pending"),
                 *approval_in("site_record"), *proof, *whose, cites="R3.2 A24"),
            send("mp_asks_to_resend", proven, "idle",
                 mine,
                 put("reply", status="ok", outcome="resend"), cites="R3.2 A24"),
            send("mp_registers_stranger", proven, "idle", f"{database_up} and registrant_is_a_stranger",
                 put("reply", status="ok", outcome="success"),
                 *approval_in("rogue_record"), cites="R3.2"),
        ],
        holds_up="mp_starts_registration",
        doc="The registration component of the management point.",
    )  # fmt: skip


def management_point(scale: Scale) -> list[Item]:
    """The management point and what runs on it."""
    return [VALIDATION, STS_PREDICATES, REGISTRATION_PREDICATES, mp(scale), sts(scale), registration_manager()]
