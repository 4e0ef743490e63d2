"""How that hangs together which only some scenarios have beside the core: what :mod:`.requests` says of the core."""

from __future__ import annotations

from ccmproof.model.kernel.actor import ActorDef, observer, recv
from ccmproof.model.workflow.in_flight import ACCOUNTS, EXCHANGES
from ccmproof.model.workflow.outage import ANSWERS
from ccmproof.model.workflow.second_client import MISUSES

from .property import Property, Severity
from .security import ACCEPTORS, TOKEN
from .wording import all_imply, exactly_where

CONCERN = "Beyond the core"

BULK_DEVICE = {
    "bulk_device is registering": "bulk_request.endpoint is registration and bulk_request.token is bulk",
    "bulk_device is asking": "bulk_request.endpoint is policy and bulk_request.token is own",
    "bulk_device in {misusing, misusing_unregistered}":
    "bulk_request.endpoint is policy and bulk_request.token is bulk",
    "bulk_device in {without_token, holding, registered}":
    "bulk_request.endpoint is none and bulk_request.token is none",
    "bulk_device is without_token": "bulk_issue is not_issued",
    "bulk_issue is not_issued": "bulk.life is none",
    "bulk.life is none": "bulk_issue is not_issued",
    "bulk_gateway is waiting": "bulk_acceptor is holding",
    "bulk_acceptor is holding": "bulk_gateway is waiting",
    "bulk_gateway is not idle": "bulk_request.endpoint is not none",
    "bulk_request.endpoint is not none": "bulk_gateway is not idle",
}  # fmt: skip
"""What a device with a bulk token has under way, and who is at it; and that there is one just once it was issued."""

IN_FLIGHT = {
    **{f"way.{name} is not none_there": f"flight.{name}.account is not nobody and exchange.{name} is not idle"
       for name in EXCHANGES},
    **{f"exchange.{name} is not idle": f"way.{name} is not none_there" for name in EXCHANGES},
    **{f"way.{name} is homeward": f"flight.{name}.owner is not nobody and flight.{name}.life is not none"
       for name in EXCHANGES},
    **{f"entry.{each}.owner is not nobody": f"entry.{each}.life is not none" for each in ACCOUNTS},
    **{f"entry.{each}.owner is nobody": f"entry.{each}.life is none" for each in ACCOUNTS},
    **{f"way.{name} is outward": f"flight.{name}.owner is nobody" for name in EXCHANGES},
}  # fmt: skip
"""Of each of two requests: where it is, who waits for it, what it brings."""

PROPERTIES_WERE_BROUGHT = observer(
    "properties_were_brought",
    states="no yes",
    rows=[recv("cmg_returns_reply", "no", "yes", "reply.status is ok and (ccmsetup is waiting_for_aad_info"
               " or messaging is waiting_for_reply and policy_brings_entra_properties is yes)")],
    doc="Whether an answer has come that brings the Entra properties.",
)  # fmt: skip

GIVEN_UP = {
    mine: observer(
        f"given_up.{mine}",
        states="no yes",
        rows=[
            recv(f"client_gives_up_{mine}", "no", "yes"),
            recv(f"reply_{other}_is_mistaken", "no", "yes", f"exchange.{mine} is awaited"),
            *(recv(event, "yes", "no") for event in (f"reply_{mine}_is_mistaken", f"late_reply_{mine}_is_dropped")),
        ],
        doc=f"Whether the client has lost its patience with request {mine}, or taken another's reply for its own.",
    )
    for mine, other in EXCHANGES.items()
}
COMES_AND_GOES = {
    "administrator_onboards_tenant": ("The tenant can be onboarded later", "later", "tenant is not_onboarded"),
    "mp_regains_internet": ("The management point can regain the internet", "later", "mp_internet is no"),
    "mp_loses_internet": ("The management point can lose the internet again", "later", "mp_internet is yes"),
    "entra_goes_out": ("Entra can go out", "outage", "entra_service is up"),
    "entra_comes_back": ("Entra can come back", "outage", "entra_service is out"),
    "pki_certificate_expires": ("The certificate can expire", "ageing", "pki is valid"),
}
"""What the scenarios of an extension are about, and what must be so for it to happen."""

AGAIN = {
    "R-45": ("mp_regains_internet", "mp_loses_internet", "A management point that has lost the internet can regain it",
             "later"),
    "R-46": ("entra_goes_out", "entra_comes_back", "Entra that has come back can go out again", "outage"),
}  # fmt: skip
"""What can happen after the other, which is the one that it undoes: so that each does what its name says."""


def has_happened(event: str) -> ActorDef:
    """Whether the event has ever happened."""
    return observer(
        f"has_happened.{event}", states="no yes", rows=[recv(event, "no", "yes")], doc="Whether it has ever happened."
    )


CAN_HAPPEN = {
    **{f"{account}_asks_by_{name}": f"Either user's token can be asked for by request {name}"
       for account in ACCOUNTS for name in EXCHANGES},
    **{f"client_gives_up_{name}": f"The client can give up request {name}" for name in EXCHANGES},
    **{f"reply_{name}_is_cached": f"Reply {name} can be the one that is waited for" for name in EXCHANGES},
    **{f"late_reply_{name}_is_dropped": f"Reply {name} can come too late" for name in EXCHANGES},
    **{f"{account}_message_goes_out": "Either user's message can go out" for account in ACCOUNTS},
}  # fmt: skip
"""What becomes of two requests under every reading of how they are kept apart."""

POLICY_CAME = observer(
    "policy_came",
    states="no yes",
    rows=[
        recv("cmg_returns_reply", "no", "yes", "messaging is waiting_for_reply and reply.status is ok"),
        *(recv(event, "yes", "no") for event in ("client_accepts_policy", "client_rejects_policy")),
    ],
    doc="Whether policy has come that has not been verified.",
)

TAKEN_BY_CLOCK = tuple(
    Property(
        f"SEC-07k.{short}", CONCERN, f"{who} accepts a token only if it is not expired by the site's own clock",
        f"{cites} SEC-07 A42", on=on, when=TOKEN,
        then="request.life is live and (site_clock is right or request.life is not left_1)", attempt=attempt,
        asked_in=("skew",), severity=Severity.CRITICAL,
    )
    for short, who, on, attempt, cites in ACCEPTORS
)  # fmt: skip

PROPERTIES = (
    *TAKEN_BY_CLOCK,
    Property(
        "E-150", CONCERN, "With a site's clock that is ahead a client can still be served",
        "A42 T4", possible=True, on=("mp_serves_policy",), then="request.kind is ccm",
        exactly="true", asked_in=("skew",),
    ),
    Property(
        "S-80", CONCERN, "Entra answers only while it can be had, and leaves unanswered only what it cannot be asked",
        "A33", on=ANSWERS, then="entra_service is up", asked_in=("outage", "fallback"),
    ),
    Property(
        "S-80n", CONCERN, "A request for an Entra token stays without an answer only while Entra is out",
        "A33", on=("entra_does_not_answer",), then="entra_service is out", asked_in=("outage", "fallback"),
    ),
    Property(
        "S-81", CONCERN, "Whoever has site information has the signing certificate, and nobody before",
        "I4.2 X2 SEC-22",
        then=all_imply({
            "signing_certificate_given is no and ccmsetup in {checking_files, asking_content, installed}":
            "signing_certificate is not none_there",
            "signing_certificate is not none_there": "signing_certificate_given is no",
        }),
        attempt="ccmsetup is checking_files", asked_in=("policy",),
    ),
    Property(
        "S-81p", CONCERN, "Policy is verified once it has come in answer to a message",
        "T4 SEC-22", when="policy is not none_there", then="registration is registered",
        asked_in=("policy",),
    ),
    Property(
        "S-81v", CONCERN, "Policy that has come is verified, once",
        "T4 SEC-22", then=exactly_where("policy is none_there", "policy_came is no"), attempt="policy_came is yes",
        observers=(POLICY_CAME,), asked_in=("policy",),
    ),
    Property(
        "S-81k", CONCERN, "A signing key comes with site information and with policy only",
        "I4.2 T4 SEC-22", when="reply.signing_key is not none",
        then="request.endpoint in {location, policy} and reply.status is ok", asked_in=("policy",),
    ),
    Property(
        "E-151", CONCERN, "Policy with a signature that is not good is rejected wherever the client connects and"
        " somebody can change replies",
        "T4 SEC-22", possible=True, on=("client_rejects_policy",), then="true",
        exactly="(adversary_key is cmg_key or cmg_compromised is yes) and (nocrlcheck is yes or cmg_revoked is no)",
        asked_in=("policy",),
    ),
    Property(
        "S-82", CONCERN, "The client learns the Entra properties by an answer that brings them",
        "I1.2 A11", when="entra_properties is known", then="properties_were_brought is yes",
        observers=(PROPERTIES_WERE_BROUGHT,), asked_in=("ageing",),
    ),
    *(
        Property(
            f"S-42.{component}", CONCERN, f"{who} is without a certificate just where the one it went by has expired",
            "I2.4 R5 L-14", on=(f"{component}_has_no_certificate",), then=f"pki is expired and {by}",
            asked_in=("ageing",), severity=Severity.MEDIUM,
        )
        for component, who, by in (("ccmsetup", "ccmsetup", "install_mode is pki"),
                                   ("registration", "The registration", "registration.proof is certificate"))
    ),
    Property(
        "S-84", CONCERN, "Requests and messages of users are those of a registered client, with a token that is needed",
        "R4.0 T2 T3",
        on=(*(f"{account}_asks_by_{name}" for account in ACCOUNTS for name in EXCHANGES),
            *(f"{account}_message_goes_out" for account in ACCOUNTS)),
        then="registration is registered", asked_in=("in-flight",),
    ),
    Property(
        "S-85", CONCERN, "A request of a user's is where it is waited for, and brings a token that was made for it",
        "I3.1 T5", then=all_imply(IN_FLIGHT), attempt="way.one is homeward and way.two is outward",
        asked_in=("in-flight",),
    ),
    *(
        Property(
            f"S-86g.{mine}", CONCERN, f"Request {mine} is given up by the client's patience, or by a mistake, and else"
            " not",
            "T5 A24", then=exactly_where(f"exchange.{mine} is given_up", f"given_up.{mine} is yes"),
            attempt=f"given_up.{mine} is yes", observers=(GIVEN_UP[mine],), asked_in=("in-flight",),
            severity=Severity.MEDIUM,
        )
        for mine in EXCHANGES
    ),
    *(
        Property(
            f"E-17{number}", CONCERN, claim, "I1.3 A31 A33 L-14", on=(event,), then=before, possible=True,
            exactly="true", asked_in=(scenario,), severity=Severity.MEDIUM,
        )
        for number, (event, (claim, scenario, before)) in enumerate(COMES_AND_GOES.items(), 2)
    ),
    *(
        Property(
            identifier, CONCERN, claim, "A31 A33 L-17", on=(event,), then=f"has_happened.{before} is yes",
            possible=True, observers=(has_happened(before),), asked_in=(scenario,), severity=Severity.MEDIUM,
        )
        for identifier, (event, before, claim, scenario) in AGAIN.items()
    ),
    *(
        Property(
            f"E-16{number:x}", CONCERN, claim, "T3 T5 I3.4", on=(event,), then="true", possible=True, exactly="true",
            asked_in=("in-flight",), severity=Severity.MEDIUM,
        )
        for number, (event, claim) in enumerate(CAN_HAPPEN.items())
    ),
    *(
        Property(
            f"E-17{number}", CONCERN, f"Reply {name} can be mistaken for another just where replies are not matched",
            "T5 N-09", on=(f"reply_{name}_is_mistaken",), then="true", possible=True,
            exactly="replies_are_matched is no", asked_in=("in-flight",), severity=Severity.MEDIUM,
        )
        for number, name in enumerate(EXCHANGES)
    ),
    *(
        Property(
            f"S-86.{mine}", CONCERN, f"Reply {mine} is dropped only where it is waited for no more, and for no other"
            " that is mistaken for it",
            "T5 N-09", on=(f"late_reply_{mine}_is_dropped",),
            then=f"exchange.{mine} is given_up and (replies_are_matched is yes or exchange.{other} is not awaited)",
            asked_in=("in-flight",),
        )
        for mine, other in EXCHANGES.items()
    ),
    *(
        Property(
            f"S-87.{account}", CONCERN, "A user's token is asked for only where the one that is cached will not do",
            "T2 T3", on=tuple(f"{account}_asks_by_{name}" for name in EXCHANGES),
            then=f"entry.{account}.life is not fresh", asked_in=("in-flight",), severity=Severity.MEDIUM,
        )
        for account in ACCOUNTS
    ),
    *(
        Property(
            f"S-88.{account}", CONCERN, "A user's message goes out only with a token that is fresh",
            "T2 T4", on=(f"{account}_message_goes_out",),
            then=f"entry.{account}.life is fresh", asked_in=("in-flight",), severity=Severity.MEDIUM,
        )
        for account in ACCOUNTS
    ),
    Property(
        "S-89", CONCERN, "A device with a bulk token has under way what it sent, and nothing else",
        "R3.1 SEC-23", then=all_imply(BULK_DEVICE), attempt="bulk_gateway is waiting", asked_in=("bulk",),
    ),
    Property(
        "S-89d", CONCERN, "A bulk token that is over is refused at the CMG, and one that is alive is not",
        "X3 SEC-23", on=("cmg_refuses_bulk_bearer",), then="bulk_request.token is bulk and bulk.life is expired",
        asked_in=("bulk",),
    ),
    Property(
        "S-89a", CONCERN, "The CMG admits a bulk token only while it is alive",
        "I3.2 X3 SEC-23", on=("cmg_admits_bulk_bearer",),
        then="bulk_request.token is own or bulk.life not in {none, expired}", asked_in=("bulk",),
        attempt="bulk_gateway is holding and bulk_request.token is bulk and bulk.life is expired",
    ),
    Property(
        "R-28", CONCERN, "A bulk token can be misused by a device that is registered, and is refused",
        "X3 SEC-23", possible=True, on=("mp_refuses_bulk_device",), then="bulk_device is misusing", asked_in=("bulk",),
    ),
    Property(
        "S-89r", CONCERN, "The management point refuses what a bulk token is not for, and one that is blocked or over",
        "X3 SEC-23", on=("mp_refuses_bulk_device",),
        then="bulk_request.token is bulk and (bulk_request.endpoint is policy or bulk_issue is blocked or"
        " bulk.life is expired)",
        asked_in=("bulk",),
    ),
    Property(
        "S-90", CONCERN, "While the tenant's switch is on its way the site goes on taking its tokens",
        "N-13 I1.3", when="tenant_switch is not off", then="tenant is onboarded", asked_in=("tenant-off",),
        attempt="tenant_switch not in {on, off}",
    ),
    *(
        Property(
            f"E-15{number}", CONCERN, f"{who} misuses what is the other's only where it is in disorder",
            "N-01 N-06 I3.7", possible=True, on=tuple(f"{prefix}{event}" for event in MISUSES), then="true",
            exactly=f"{of}in_disorder is yes", asked_in=("copied-token",),
        )
        for number, who, prefix, of in ((2, "A client", "", ""), (3, "The other client", "peer_", "peer."))
    ),
)  # fmt: skip
