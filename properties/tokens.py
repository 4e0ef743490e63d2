"""What must hold of the CCM token: what it is issued for, how it is cached, used, and renewed."""

from ccmproof.model.kernel.actor import ActorDef, observer, recv
from ccmproof.model.workflow.entra import LET_GO, OBTAINS_ENTRA, SENT_WITH_ENTRA

from .property import WORKING_CLIENT, Property, Severity
from .wording import exactly_where

CONCERN = "CCM token"

CALLS = (
    "ccmsetup_sends_location_request",
    "ccmsetup_checks_client_files",
    "ccmsetup_sends_content_location_request",
    "ccmsetup_sends_download_request",
)

ENTRA_TOKEN_OBTAINED = observer(
    "entra_token_obtained",
    states="none_got got",
    rows=[
        *(recv(event, "*", "got") for event in OBTAINS_ENTRA),
        *(recv(event, "*", "none_got") for event in (*SENT_WITH_ENTRA, *LET_GO)),
    ],
    doc="Whether the acquisition that is under way has obtained an Entra token, from Entra or from WAM's cache.",
)

RECORD_DELETED = observer(
    "record_deleted",
    states="no yes",
    rows=[
        recv("administrator_deletes_client", "*", "yes"),
        recv("mp_registers_client", "*", "no", "request.sender is client"),
    ],
    doc="Whether the administrator has deleted the client's record since the client made it: what a client in disorder"
    " makes anew in its name brings it no token.",
)

RENEWED = observer(
    "renewed",
    states="no yes",
    rows=[
        recv("system_message_is_queued", "*", "no"),
        recv("user_message_is_queued", "*", "no"),
        recv("messaging_caches_renewed_token", "*", "yes"),
    ],
    doc="Whether the token was renewed for the message that is under way.",
)

GOOD_ENTRA_TOKEN = (
    "request.kind in {entra_device, entra_user} and request.signer is entra and request.audience is site"
    " and request.life is live and (request.tenant is own and tenant is onboarded"
    " or request.tenant is other and other_tenant_onboarded is yes)"
)
"""What a validation must have found, written out, so that one which finds it without looking is noticed."""

STS_VALIDATED = observer(
    "sts_validated",
    states="no yes",
    rows=[recv("sts_starts_request", "*", "no"), recv("sts_validates_entra_token", "*", "yes", GOOD_ENTRA_TOKEN)],
    doc="Whether CCM_STS has validated an Entra token of the request that it is at, and the token was good.",
)

STS_LOOKED_UP = observer(
    "sts_looked_up",
    states="no yes",
    rows=[recv("sts_starts_request", "*", "no"), recv("sts_finds_identity", "*", "yes", "site_database is up")],
    doc="Whether CCM_STS has found the identity of the request that it is at in the site database.",
)

CACHES = {
    "system": {
        "ccmsetup_caches_ccm_token": "",
        "messaging_caches_new_token": "",
        "messaging_caches_renewed_token": "message.account is system",
    },
    "user": {"messaging_caches_renewed_token": "message.account is user"},
}
"""The events by which a token enters the cache for an account, and when."""
PHASES = {"fresh": "fresh", "ending": "near_expiry", "dead": "expired"}


def _caching(account: str, phase: str = "") -> list[tuple[str, str]]:
    """The events that cache a token for the account whose life has come to the phase, each with its guard."""
    life = f"reply.life is {phase}" if phase else ""
    return [(event, " and ".join(filter(None, (life, when)))) for event, when in CACHES[account].items()]


JUST_CACHED = observer(
    "just_cached",
    states=["nothing", *(f"{account}_{state}" for account in CACHES for state in PHASES)],
    rows=[
        *(
            recv(event, "*", f"{account}_{state}", when)
            for account in CACHES
            for state, phase in PHASES.items()
            for event, when in _caching(account, phase)
        ),
        *(
            recv(event, "*", "nothing")
            for event in ("tick", "create_connection", "system_message_is_queued", "user_message_is_queued")
        ),
    ],
    doc="For whom the client has just cached a token, and how much life that token had by the reply that brought it.",
)


def found_ending(account: str) -> ActorDef:
    """Whether the cached token of an account is known to be close to expiry, or dead.

    A tick tells it, or the messaging component that looked; what that found is forgotten with the message, so that the
    machine follows from the token's life almost everywhere, and costs next to nothing.
    """
    life = f"cache.{account}.life"
    return observer(
        f"found_ending.{account}",
        states="no yes",
        rows=[
            *(recv(event, "*", "no", when) for event, when in _caching(account)),
            recv("tick", "*", "yes", f"{life} in {{near_expiry, expired}}"),
            recv("messaging_finds_token_ending", "*", "yes", f"message.account is {account} and {life} is not none"),
            *(
                recv(event, "*", "no", f"{life} is near_expiry")
                for event in ("messaging_sends_message", "messaging_tries_again")
            ),
        ],
        doc=f"Whether the token cached for {account} has been found close to expiry, or dead.",
    )


PROPERTIES = (
    Property(
        "S-01", CONCERN, "The client sends a request to CCM_STS only with an Entra token that it obtained for it",
        "I3.0 D3 T2 S-01", on=("ccmsetup_sends_sts_request", "messaging_sends_sts_request"),
        then="entra_token_obtained is got and (entra_request is got_device and wam.device.kind is entra_device"
        " or entra_request is got_user and wam.user.kind is entra_user)",
        attempt="entra_token_is_wanted", observers=(ENTRA_TOKEN_OBTAINED,), severity=Severity.CRITICAL,
    ),
    Property(
        "S-01w", CONCERN, "What the client sends to CCM_STS bears an Entra token, whatever it is sent by",
        "I3.0 T2 S-01", when="request.sender is client and request.endpoint is sts",
        then="request.kind in {entra_device, entra_user}", severity=Severity.CRITICAL,
    ),
    Property(
        "S-02", CONCERN, "ccmsetup's calls on the Entra path go out with SYSTEM's own token, alive by"
        " the client's clock",
        "I3.0 I4.2 S-02", on=CALLS, when="install_mode is not pki",
        then="cache.system.life is live",
    ),
    Property(
        "S-02m", CONCERN, "A message goes out with the token of the account that sends it, alive by the client's clock",
        "I3.0 T2 T4 A41 S-02", on=("messaging_sends_message",), when="registration.approval is not 2",
        then="message.account is system and cache.system.life is live"
        " or message.account is user and cache.user.life is live",
    ),
    Property(
        "SEC-08", CONCERN, "A CCM token is issued only if the management point itself validated an Entra token for it",
        "I3.4 SEC-08", on=("sts_issues_token",), then="sts_validated is yes", observers=(STS_VALIDATED,),
        attempt="sts is not idle", severity=Severity.CRITICAL,
    ),
    Property(
        "S-33", CONCERN, "A CCM token is issued only after its identity was found in the site database",
        "I3.4", on=("sts_issues_token",), then="sts_looked_up is yes", observers=(STS_LOOKED_UP,),
        attempt="sts is not idle",
    ),
    Property(
        "N-12", CONCERN, "A user's CCM token is issued only if the site has discovered the user",
        "I3.4 A23 N-12", on=("sts_creates_token",), when="request.owner is user",
        then="user_discovered is yes", attempt="sts is looking_up and request.kind is entra_user",
    ),
    Property(
        "S-18", CONCERN, "A CCM token is issued with its whole life of eight hours",
        "T1 I4.1 S-18", when="sts is issuing", then="reply.kind is ccm and reply.life is eight_hours",
    ),
    Property(
        "S-18e", CONCERN, "The expiry that the client records with a token is the token's own",
        "T1 I4.1 S-18", when="just_cached is not nothing",
        then=" or ".join(
            f"just_cached is {account}_{state} and cache.{account}.life is {phase}"
            for account in CACHES
            for state, phase in PHASES.items()
        ),
        observers=(JUST_CACHED,),
    ),
    Property(
        "S-20", CONCERN, "A cached token that comes close to its expiry is fresh again by a reply of CCM_STS only",
        "T2 T5 S-20",
        then="(found_ending.system is no or cache.system.life is not fresh)"
        " and (found_ending.user is no or cache.user.life is not fresh)",
        attempt="found_ending.system is yes or found_ending.user is yes",
        observers=(found_ending("system"), found_ending("user")), severity=Severity.CRITICAL,
    ),
    Property(
        "L-16", CONCERN, "A token that is just issued is not close to expiry",
        "T1 T2 A8 L-16", on=("sts_issues_token",), then="reply.life is fresh", severity=Severity.MEDIUM,
    ),
    Property(
        "S-34", CONCERN, "A CCM token carries the identity and tenant of the Entra token that it was issued for",
        "I3.6 I3.7", when="sts is issuing",
        then="(request.owner is device and reply.owner is device or request.owner is user and reply.owner is user"
        " or request.owner is stranger and reply.owner is stranger)"
        " and (request.tenant is own and reply.tenant is own or request.tenant is other and reply.tenant is other)",
    ),
    Property(
        "S-19", CONCERN, "A message of the user's account carries a token that was issued to the user",
        "I4.1 T5 S-19", when="request.account is user and request.endpoint is policy",
        then="request.kind is ccm and request.owner is user",
        attempt="cmg is holding and request.account is user and request.endpoint is policy",
        but={"document": "holds"},
    ),
    Property(
        "S-35", CONCERN, "What the client caches as SYSTEM's token is a CCM token of the site",
        "I4.1 I2.5", when="cache.system.life is not none",
        then="cache.system.kind is ccm and cache.system.signer in {site, retired} and cache.system.audience is site",
    ),
    Property(
        "S-27", CONCERN, "A renewal begins only when the sender's token is expired or close to expiry",
        "T2 S-27", on=("messaging_finds_token_ending",),
        then="message.account is system and cache.system.life is not fresh"
        " or message.account is user and cache.user.life is not fresh",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-36", CONCERN, "After an Entra registration no message goes out before a new CCM token has been cached",
        "R4.0 R4.2", on=("messaging_sends_message",), when="registration.approval is 3", then="new_token is got",
    ),
    Property(
        "S-37", CONCERN, "The new CCM token is asked for only once the confirmation has been processed, and not again",
        "R3.3 R4.0", on=("messaging_needs_new_token",), then="registration is registered and registration.client_id"
        " is assigned and new_token is due",
    ),
    Property(
        "S-37d", CONCERN, "A new CCM token is due, or had, just once the site has assigned a ClientID",
        "R1.3 R3.3 R4.0", then=exactly_where("new_token is not_due", "registration.client_id is none"),
        attempt="new_token is due", severity=Severity.MEDIUM,
    ),
    Property(
        "S-15", CONCERN, "After an Entra registration SYSTEM's token names the ClientID that the site assigned",
        "R4.0 R4.2 A4 S-15", on=("messaging_sends_message",),
        # A record that is deleted before the new token is issued leaves the token provisional until the next renewal.
        when="registration.approval is 3 and message.account is system and record_deleted is no",
        then="cache.system.names is client_id", observers=(RECORD_DELETED,),
    ),
    Property(
        "R-05", CONCERN, "A message of SYSTEM's can be served with a token that was renewed",
        "T2 T4", possible=True, asked_in=WORKING_CLIENT, on=("mp_serves_policy",),
        observers=(RENEWED,),
        then="request.account is system and request.kind is ccm and renewed is yes",
    ),
    Property(
        "R-06", CONCERN, "A message of the user's account can be served",
        "T5", possible=True, asked_in=WORKING_CLIENT, on=("mp_serves_policy",),
        then="request.account is user and request.kind is ccm",
    ),
)  # fmt: skip
