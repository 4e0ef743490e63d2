"""What must hold of what only some scenarios have beside the core.

Signed policy, a certificate that ages, what becomes right later, two requests in flight, a bulk registration token.

Each property is asked in the scenarios that have the actors it speaks of, and in no other.

L-14: that policy brings the Entra properties is not enough. The certificate may expire before any policy has come, as
early as between installation and registration; then nothing ever brings them. L-15 and L-17 are of a management point
that keeps its way to the internet: one that loses it again and again may always be without it at the step that needs
it, or have a token that is dead at the step at which it is not.
"""

from ccmproof.model.kernel.actor import observer, recv
from ccmproof.model.workflow.bulk import DAYS
from ccmproof.model.workflow.entra import LET_GO, SENT_WITH_ENTRA
from ccmproof.model.workflow.in_flight import ACCOUNTS, EXCHANGES

from .liveness import DEVICE, GAVE_UP, REGISTERED, SERVED, USER, promised
from .property import Property, Severity

CONCERN = "Beyond the core"

CERTIFICATE_GOOD = (
    "interception is not wrong_certificate and (cmg_certificate is public or root is present)"
    " and cmg_name is match and cmg_date is ok"
)

FIRST_CERTIFICATE = observer(
    "first_signing_certificate",
    states="none_yet over_good_connection over_bad_connection",
    rows=[
        recv("cmg_returns_reply", "none_yet", f"over_{quality}_connection",
             f"ccmsetup is waiting_for_site and reply.status is ok and {when}")
        for quality, when in (("good", CERTIFICATE_GOOD), ("bad", f"not ({CERTIFICATE_GOOD})"))
    ],
    doc="Over what connection the client came by its first signing certificate.",
)  # fmt: skip

TURNED_AWAY = observer(
    "turned_away",
    states="no yes",
    rows=[
        recv("cmg_withholds_entra_properties", "*", "yes", "request.sender is client"),
        recv("cmg_refuses_credential", "*", "yes", "request.sender is client and tenant is not_onboarded"),
    ],
    doc="Whether the CMG has ever turned the client away because of its tenant.",
)

WITHOUT_ENTRA = observer(
    "sts_was_without_entra",
    states="no yes",
    rows=[recv("sts_cannot_reach_entra", "*", "yes", "request.sender is client")],
    doc="Whether CCM_STS has ever failed the client because it could not reach Entra.",
)

BY_ENTRA = f"{REGISTERED} and registration.approval is 3"
CERTIFICATE_LOST = (
    "pki is expired",
    f"{DEVICE} or {USER}",
    "registration is not registered or messaging is sending and message.account is system",
)
RECOVERED = f"{BY_ENTRA} or {SERVED} and request.kind is ccm"
INTERNET_LOST = "mp_internet is no"

DEVICE_TOKEN_IN_REACH = "(entra_service is up and device_identity is enabled)"

REACH_WAS_LOST = observer(
    "reach_was_lost",
    states="no yes",
    rows=[
        recv("ask_for_device_token", "no", "yes", f"not {DEVICE_TOKEN_IN_REACH}"),
        *(
            recv(event, "no", "yes", "entra_request is not idle")
            for event in ("entra_goes_out", "entra_disables_device")
        ),
        *(recv(event, "yes", "no") for event in (*SENT_WITH_ENTRA, *LET_GO)),
    ],
    doc="Whether the device's token could not be had at some time since the request for a token under way began.",
)


def _lower(exchange: str, account: str) -> str:
    """The token that comes by the exchange ends before the one that is cached for the account.

    Where a life has three ticks, as with the coarsest time, the groups tell any two apart.
    """
    cached, brought = f"entry.{account}.life", f"flight.{exchange}.life"
    return (
        f"({cached} is whole and {brought} is not whole or {cached} is fresh and {brought} is not fresh"
        f" or {cached} is live and {brought} is not live)"
    )


EXPIRY_WENT_DOWN = observer(
    "expiry_went_down",
    states="never once",
    rows=[
        recv(event, "never", "once", f"flight.{asked}.account is {account} and {_lower(mine, account)}")
        for mine, other in EXCHANGES.items()
        for event, asked in ((f"reply_{mine}_is_cached", mine), (f"reply_{mine}_is_mistaken", other))
        for account in ACCOUNTS
    ],
    doc="Whether a cached token was ever replaced by one that ends earlier.",
)

USED_FOR_ANOTHER = observer(
    "used_for_another",
    states="never once",
    rows=[
        recv(f"{account}_message_goes_out", "never", "once", f"entry.{account}.owner is not {account}")
        for account in ACCOUNTS
    ],
    doc="Whether a message of one user ever went out with a token that was made for the other.",
)

DAYS_SINCE_ISSUE = observer(
    "days_since_issue",
    states=["not_issued", *map(str, range(DAYS)), "over"],
    rows=[
        recv("administrator_issues_bulk_token", "not_issued", "0"),
        *(recv("day_passes", str(n), str(n + 1) if n + 1 < DAYS else "over") for n in range(DAYS)),
    ],
    doc="How many days have passed since the bulk registration token was made: `over` from the seventh on.",
)

PROPERTIES = (
    Property(
        "SEC-22", CONCERN, "Policy that the client accepts is signed by the site, whose certificate came over a good"
        " connection or was given",
        "T4 X2 SEC-01 SEC-22", on=("client_accepts_policy",),
        then="policy is signed_by_site and (signing_certificate_given is yes"
        " or first_signing_certificate is over_good_connection)",
        attempt="policy is not none_there", observers=(FIRST_CERTIFICATE,), asked_in=("policy",),
        decided_by="signing_certificate_given is yes or adversary_key is none_there and cmg_compromised is no",
        severity=Severity.CRITICAL,
    ),
    Property(
        "S-42", CONCERN, "The client shows no certificate that has expired",
        "I2.4 R5 L-14", when="request.sender is client and request.kind is certificate", then="pki is valid",
        attempt="cmg is holding and request.sender is client and request.kind is certificate", asked_in=("ageing",),
    ),
    Property(
        "R-10", CONCERN, "A client that was installed with its certificate can be served with a CCM token"
        " after that has expired",
        "I2.4 R5 L-14", possible=True, on=("mp_serves_policy",),
        then="pki is expired and install_mode is pki and request.kind is ccm", asked_in=("ageing",),
    ),
    Property(
        "R-11", CONCERN, "A client that was turned away before its tenant was onboarded can be registered"
        " with approval 3",
        "I1.3 A13 L-15", possible=True, then="registration.approval is 3 and turned_away is yes",
        observers=(TURNED_AWAY,), asked_in=("later",),
    ),
    Property(
        "R-12", CONCERN, "A client that got no token while the management point was without the internet can be"
        " served later",
        "I3.4 A31 L-17", possible=True, on=("mp_serves_policy",),
        then="request.sender is client and request.kind is ccm and sts_was_without_entra is yes",
        observers=(WITHOUT_ENTRA,), asked_in=("later",),
    ),
    promised(
        "L-14", "A client whose certificate has expired is registered by Entra, or served with a CCM token",
        "I2.4 R5 A13", when=CERTIFICATE_LOST, then=RECOVERED, concern=CONCERN, asked_in=("ageing",),
        decided_by="properties_given is yes",
    ),
    promised(
        "L-14k", "The same of a client that knows the Entra properties, from its command line or by policy",
        "I1.2 I2.4 R5 A13 L-14", when=(*CERTIFICATE_LOST, "properties_given is yes or entra_properties is known"),
        then=RECOVERED, concern=CONCERN, asked_in=("ageing",),
    ),
    promised(
        "L-15", "A client that was turned away before its tenant was onboarded registers with approval 3 after that",
        "I1.3 A13", when=("turned_away is yes", "tenant is onboarded", f"{DEVICE} or {USER}"),
        then=BY_ENTRA, unless=f"{GAVE_UP} or {INTERNET_LOST}", concern=CONCERN, observers=(TURNED_AWAY,),
        asked_in=("later",),
    ),
    promised(
        "L-17", "A client that got no token while the management point was without the internet registers with"
        " approval 3 once that is back",
        "I3.4 A13 A31", when=("sts_was_without_entra is yes", "mp_internet is yes", f"{DEVICE} or {USER}"),
        then=BY_ENTRA, unless=f"{GAVE_UP} or {INTERNET_LOST}", concern=CONCERN, observers=(WITHOUT_ENTRA,),
        asked_in=("later",),
    ),
    Property(
        "N-11", CONCERN, "SYSTEM falls back to a user's token only where the device's could not be had during this very"
        " request",
        "I2.1 N-11", on=("entra_issues_user_token", "wam_serves_cached_user_token"), when="not for_the_user",
        then=f"reach_was_lost is yes or not {DEVICE_TOKEN_IN_REACH}", observers=(REACH_WAS_LOST,),
        asked_in=("fallback",), severity=Severity.MEDIUM,
    ),
    Property(
        "S-21", CONCERN, "The client waits for at most one reply of CCM_STS for a SID",
        "T3 S-21", when="exchange.one is awaited and exchange.two is awaited",
        then=" and ".join(f"not (flight.one.account is {each} and flight.two.account is {each})" for each in ACCOUNTS),
        attempt="exchange.one is awaited", asked_in=("in-flight",), decided_by="serial_per_account is yes",
    ),
    Property(
        "N-09", CONCERN, "The expiry of a SID's cached token never goes down, late replies included",
        "T5 N-09", then="expiry_went_down is never", attempt="exchange.one is given_up and exchange.two is awaited",
        observers=(EXPIRY_WENT_DOWN,), asked_in=("in-flight",),
        decided_by="replies_are_matched is yes and serial_per_account is yes",
    ),
    Property(
        "SEC-18", CONCERN, "A token that was made for one user is never used in a message of another, nor made for"
        " the wrong one",
        "I3.7 I4.1 A21 SEC-18",
        then="used_for_another is never and " + " and ".join(
            f"(flight.{name}.owner is nobody or flight.{name}.owner is {account}"
            f" or flight.{name}.account is not {account})" for name in EXCHANGES for account in ACCOUNTS),
        attempt="exchange.one is awaited and exchange.two is awaited", observers=(USED_FOR_ANOTHER,),
        asked_in=("in-flight",), decided_by="replies_are_matched is yes", severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-23", CONCERN, "A bulk registration token proves a registration within seven days, and not once it is"
        " blocked",
        "R3.1 X3 SEC-23", on=("mp_registers_by_bulk_token",),
        then="days_since_issue is not over and bulk_issue is issued",
        attempt="bulk_request.endpoint is registration and (days_since_issue is over or bulk_issue is blocked)",
        observers=(DAYS_SINCE_ISSUE,), asked_in=("bulk",), severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-23r", CONCERN, "A bulk registration token is good for a registration only: what is served after it goes"
        " by the device's own token",
        "R4.2 X3 SEC-23", on=("mp_serves_bulk_device",), then="bulk_request.token is own",
        attempt="bulk_request.endpoint is policy and bulk_request.token is bulk", asked_in=("bulk",),
        severity=Severity.CRITICAL,
    ),
    Property(
        "R-13", CONCERN, "A device can be registered with a bulk registration token and be served after that has"
        " expired",
        "R3.1 R4.2 SEC-23", possible=True, on=("mp_serves_bulk_device",),
        then="bulk_device is asking and bulk.life is expired", asked_in=("bulk",),
    ),
)  # fmt: skip
