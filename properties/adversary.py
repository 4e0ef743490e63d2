"""What the adversary, and a client in disorder, have and show: what was had somewhere, as it was there.

That they can show it at all is claimed too. A claim that nobody accepts what is bad says little where nothing bad is
ever shown.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import ActorDef, observer, recv
from ccmproof.model.workflow.wire import OFFER_GOES, RETURNS

from .places import WORDS
from .property import Property, Severity
from .requests import CONCERN, IN_HIS_OWN_NAME, OFFERED
from .tokens import CACHES
from .wording import ENTRA_TOKEN, all_imply, exactly_where, same_token

HE_IS_ANSWERED = "adversary_call is waiting and reply.kind is ccm"

HAS_TAKEN = observer(
    "has_taken",
    states="nothing a_token",
    rows=[
        *(recv(event, "*", "a_token") for event in ("adversary_captures_token", "adversary_reads_cache")),
        *(recv(event, "*", "a_token", HE_IS_ANSWERED) for event in RETURNS),
        recv("adversary_forgets", "*", "nothing"),
    ],
    doc="Whether the adversary has come by a token, and not forgotten it.",
)

LOOT_IS_SHOWN = observer(
    "loot_is_shown",
    states="no yes",
    rows=[
        recv("adversary_replays_loot", "no", "yes"),
        *(recv(event, "yes", "no") for event in (*OFFER_GOES, "adversary_reads_cache", "adversary_forgets")),
    ],
    doc="Whether the adversary is about to send what he has, and has come by nothing else since.",
)

SLIPS_WITH_A_TOKEN = {
    "confused_client_offers_entra_token": "of_wam",
    "confused_client_offers_dead_token": "dead",
    "confused_client_takes_the_wrong_path": "on_wrong_path",
}
SLIP_IS_SHOWN = observer(
    "slip_is_shown",
    states="no of_wam dead on_wrong_path",
    rows=[
        *(recv(event, "no", which) for event, which in SLIPS_WITH_A_TOKEN.items()),
        *(recv(event, "*", "no") for event in (*OFFER_GOES, *CACHES["system"], "entra_issues_device_token")),
    ],
    doc="Which token the client in disorder is about to send, and has not got another since.",
)  # fmt: skip

GIVEN = {"tenant": ("own", "other"), "owner": ("device", "user", "stranger"), "signer": ("site", "retired"),
         "names": ("provisional", "client_id")}  # fmt: skip
"""What a reply says of the CCM token that it brings him, beside its life."""


def given(field: str) -> ActorDef:
    """What the reply said that brought the adversary what he has."""
    others = ("adversary_captures_token", "adversary_reads_cache", "adversary_forgets",
              "administrator_renews_signing_key")  # fmt: skip
    return observer(
        f"given.{field}",
        states=("nothing", *GIVEN[field]),
        rows=[
            *(recv(event, "*", value, f"{HE_IS_ANSWERED} and reply.{field} is {value}")
              for event in RETURNS for value in GIVEN[field]),
            *(recv(event, "*", "nothing") for event in others),
        ],
        doc=f"The {field} of the CCM token that the adversary has been given, and has come by no other since.",
    )  # fmt: skip


INTERCEPTED = observer(
    "intercepted",
    states="no yes",
    rows=[recv(event, "no", "yes") for event in
          ("adversary_shows_wrong_certificate", "adversary_shows_stolen_certificate")],
    doc="Whether somebody has ever answered on the CMG's name.",
)  # fmt: skip
CRL_WAS_BLOCKED = observer(
    "crl_was_blocked",
    states="no yes",
    rows=[recv("crl_traffic_is_blocked", "no", "yes")],
    doc="Whether the way to the CRL was ever blocked.",
)


def issued(record: str) -> str:
    """What the record has, if it is a token, is one that Entra or the site has issued."""
    return all_imply({
        f"{record}.kind in {{entra_device, entra_user, ccm}}":
        f"{record}.audience is site and {record}.life is not none",
        f"{record}.kind is entra_device": f"{record}.signer is entra and {record}.owner is device",
        f"{record}.kind is entra_user": f"{record}.signer is entra and {record}.owner is user",
        f"{record}.kind is ccm": f"{record}.signer in {{site, retired}}",
        f"{record}.owner is stranger": f"{record}.tenant is other",
        f"{record}.tenant is other": f"{record}.owner is not device",
    })  # fmt: skip


SLIPS = {
    "no token": "request.kind is none and request.token_auth is no",
    "an Entra token": "request.kind is entra_device and request.token_auth is yes and request.life is live",
    "a token that is dead": "request.kind is ccm and request.names is client_id and request.path is server_auth"
    " and request.life is expired",
    "a token on the certificate's path": "request.kind is ccm and request.names is client_id"
    " and request.path is mutual_auth and request.life is live",
}
"""What a client in disorder shows where it should not."""

HIS_WAYS = {
    "adversary_offers_foreign_token": ("show a token of another tenant where he has an account there",
                                       "adversary_account is other_tenant"),
    "offer_goes_directly": ("go to the management point where there is a path to it", "direct is yes"),
    "offer_goes_through_the_compromised_cmg": ("pass the checks of a CMG that he has", "cmg_compromised is yes"),
    "offer_goes_through_the_compromised_cmg_to_second": ("do so to a second connection point where there is one",
                                                         "cmg_compromised is yes and cp_count is 2"),
    "sts_issues_token": ("get a CCM token with a token of his own tenant's where that is onboarded too, by either way",
                         "adversary_account is other_tenant and other_tenant_onboarded is yes and sts_is_well"
                         " and site_database is up and (direct is yes or published and let_in)"),
}  # fmt: skip
"""What the adversary can do beside a device that gets nowhere, and in which environments."""
HIS_LOOT = {
    "adversary_reads_cache": ("read a cached token with SYSTEM's rights",
                              "adversary_reads is as_system and cmg_revoked is no"),
    "adversary_captures_token": ("capture a token with the key of the CMG's certificate",
                                 "adversary_key is cmg_key and cmg_revoked is no"),
    "adversary_forgets": ("forget one that he came by in either way",
                          "(adversary_reads is as_system or adversary_key is cmg_key) and cmg_revoked is no"),
}  # fmt: skip
"""What he can come by beside a client that works, which needs a certificate that is not revoked."""

PROPERTIES = (
    *(
        Property(
            f"E-19{number}", CONCERN, f"The adversary can {what}, and else not",
            "X2 X3 A20", on=(event,), then="true", possible=True, exactly=where, words=WORDS, asked_in=(scenario,),
        )
        for number, (scenario, event, (what, where)) in enumerate(
            (scenario, *each) for scenario, some in (("adversary", HIS_WAYS), ("thief", HIS_LOOT))
            for each in some.items()
        )
    ),
    Property(
        "S-110", CONCERN, "The adversary has a token just where he has taken one",
        "X2 X3 I4.1", then=exactly_where("loot.kind is none", "has_taken is nothing"), attempt="has_taken is a_token",
        observers=(HAS_TAKEN,),
    ),
    Property(
        "S-110f", CONCERN, "He forgets, and shows, what he has",
        "X3", on=("adversary_forgets", "adversary_replays_loot"), then="loot.kind is not none",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-110r", CONCERN, "Nobody reads the client's disk who cannot",
        "I4.1", on=("adversary_reads_cache",), then="adversary_reads is not nothing",
    ),
    Property(
        "S-110c", CONCERN, "Nobody captures a token of the client's without the key of the CMG's certificate,"
        " nor elsewhere than there",
        "X2", on=("adversary_captures_token",),
        then="adversary_key is cmg_key and request.sender is client and cmg is holding",
    ),
    Property(
        "S-110k", CONCERN, "What he has taken is a token as it was issued",
        "X2 X3", then=issued("loot"), attempt="loot.kind is not none",
    ),
    Property(
        "S-110g", CONCERN, "What he keeps of a token that he was given is what the reply brought: tenant, owner, signer"
        " and ClientID",
        "X3 A4", then=all_imply({
            f"given.{field} is {value}": f"loot.{field} is {value}" for field in GIVEN for value in GIVEN[field]
        }),
        attempt="given.owner is not nothing", observers=tuple(map(given, GIVEN)), asked_in=OFFERED,
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-111", CONCERN, "What he shows of what he has is just that",
        "X3", when="loot_is_shown is yes", then=same_token("request", "loot"), observers=(LOOT_IS_SHOWN,),
        asked_in=OFFERED, severity=Severity.MEDIUM,
    ),
    Property(
        "S-112", CONCERN, "What a client in disorder shows of what it has is just that, with CcmTokenAuth=1, and"
        " what it takes the wrong path with goes there",
        "X3 I3.0 I3.5 T2",
        then=all_imply({
            "slip_is_shown is of_wam": same_token("request", "wam.device", ENTRA_TOKEN),
            "slip_is_shown in {dead, on_wrong_path}": same_token("request", "cache.system"),
            "slip_is_shown is dead": "request.life is expired",
            "slip_is_shown in {of_wam, dead}": "request.path is server_auth",
            "slip_is_shown is on_wrong_path": "request.path is mutual_auth",
            "slip_is_shown is not no": "request.token_auth is yes",
        }),
        attempt="slip_is_shown is not no", observers=(SLIP_IS_SHOWN,), asked_in=("thief",), severity=Severity.MEDIUM,
    ),
    Property(
        "R-30", CONCERN, "He can show a CCM token of the client's that he has taken, in a name of his own",
        "X3 I4.1", possible=True, asked_in=("thief",), severity=Severity.MEDIUM,
        then="request.sender is adversary and request.kind is ccm and request.signer is site"
        f" and request.names is client_id and request.life is live and {IN_HIS_OWN_NAME}",
    ),
    Property(
        "R-44", CONCERN, "He can show a CCM token that the site has given him, in a name of his own",
        "X3", possible=True, asked_in=("adversary",), severity=Severity.MEDIUM,
        then="request.sender is adversary and request.kind is ccm and request.signer is site"
        f" and request.owner is stranger and request.life is live and {IN_HIS_OWN_NAME}",
    ),
    *(
        Property(
            f"R-3{number}", CONCERN, f"A client in disorder can show {what}",
            "X3 I3.0 T2", possible=True, asked_in=("thief",), severity=Severity.MEDIUM,
            then=f"request.sender is confused_client and request.endpoint is policy and {fields}",
        )
        for number, (what, fields) in enumerate(SLIPS.items(), 1)
    ),
    Property(
        "R-39", CONCERN, "He can forget a token that the site has given him",
        "X3", possible=True, on=("adversary_forgets",), then="true", asked_in=("adversary",), severity=Severity.MEDIUM,
    ),
    Property(
        "R-35", CONCERN, "Whoever answers on the CMG's name may stop",
        "X2", possible=True, then="interception is none_there and intercepted is yes", observers=(INTERCEPTED,),
        asked_in=OFFERED, severity=Severity.MEDIUM,
    ),
    Property(
        "R-36", CONCERN, "The way to the CRL can be open again after it was blocked",
        "I1.7 A35", possible=True, then="crl_path is open and crl_was_blocked is yes", observers=(CRL_WAS_BLOCKED,),
        asked_in=("adversary", "faults"), severity=Severity.MEDIUM,
    ),
)  # fmt: skip
