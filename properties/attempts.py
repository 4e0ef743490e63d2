"""How one attempt follows another: what fails one, what is at hand meanwhile, what is kept of what came.

Each is said of whoever it is about from one end to the other, not of one row: an attempt has failed just where
something has failed it, a token is at hand just where it was asked for, a reply is there until it has been used.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import ActorDef, Row, observer, recv
from ccmproof.model.workflow.ccmsetup import ALL_WAITING, TO_SEND
from ccmproof.model.workflow.entra import LET_GO, OBTAINS_ENTRA, SENT_WITH_ENTRA
from ccmproof.model.workflow.transport import TLS_FAILURES
from ccmproof.model.workflow.wire import RETURNS

from .property import Property, Severity
from .requests import MESSAGING_WAITS
from .tokens import CACHES
from .wording import all_imply, among, exactly_where

CONCERN = "Attempts"


OLD_TOKEN_WILL_DO = (
    "new_token is got and use_old_on_failed_renewal is yes and (message.account is system and cache.system.life is live"
    " or message.account is user and cache.user.life is live)"
)
ASKS_FOR_NEW_TOKEN = (
    "ccmsetup is waiting_for_download and reply.status is 401 and install_mode is entra and ccmsetup_drops_on_401"
    " is yes"
)
"""Where a refusal is no failure: what is had already, or had again, will do (A33, A10)."""

FAILURES: dict[str, dict[str, str]] = {
    "ccmsetup": {
        **dict.fromkeys(("ccmsetup_finds_no_tenant", "ccmsetup_attempt_fails", "ccmsetup_rejects_content"), ""),
        "cmg_returns_reply": f"{among('ccmsetup', ' '.join(ALL_WAITING))} and reply.status is not ok"
        f" and not ({ASKS_FOR_NEW_TOKEN})",
        "reply_is_lost": among("ccmsetup", " ".join(ALL_WAITING)),
        **dict.fromkeys(TLS_FAILURES, among("ccmsetup", TO_SEND)),
    },
    "registration": {
        **dict.fromkeys(("registration_attempt_fails", "registration_cannot_be_stored"), ""),
        **dict.fromkeys(RETURNS, "registration is waiting and (reply.status is not ok"
                        " or reply.outcome not in {success, pending, resend})"),
        "reply_is_lost": "registration is waiting",
        **dict.fromkeys(TLS_FAILURES, "registration is sending"),
    },
    "messaging": {
        "messaging_renewal_fails": "",
        "cmg_returns_reply": "reply.status is not ok and (messaging is waiting_for_reply"
        f" or messaging is waiting_for_sts and not ({OLD_TOKEN_WILL_DO}))",
        "reply_is_lost": MESSAGING_WAITS,
        **dict.fromkeys(TLS_FAILURES, among("messaging", "sending_sts sending sending_renewed")),
    },
}  # fmt: skip
"""What fails an attempt of each component, and when."""
ENDS = {
    "ccmsetup": ("ccmsetup_tries_again", "ccmsetup_gives_up"),
    "registration": ("registration_tries_again",),
    "messaging": ("messaging_tries_again",),
}
"""What follows on an attempt that has failed."""


LOSES_ITS_CERTIFICATE = {component: f"{component}_has_no_certificate" for component in ("ccmsetup", "registration")}
"""What fails an attempt beside it where the certificate that it goes by may expire."""


def failed(component: str, *others: str) -> ActorDef:
    """Whether the component's present attempt has been failed by what fails one, or by the other events."""
    failures = {**FAILURES[component], **dict.fromkeys(others, "")}
    return observer(
        "_".join(("failed", *others)) + f".{component}",
        states="no yes",
        rows=[
            *(recv(event, "no", "yes", when) for event, when in failures.items()),
            *(recv(event, "yes", "no") for event in ENDS[component]),
        ],
        doc=f"Whether something has failed the present attempt of {component}.",
    )


ATTEMPT_BEGUN = observer(
    "attempt_begun",
    states="no yes",
    rows=[
        *(recv(event, "no", "yes") for event in ("ccmsetup_takes_pki_certificate", "ccmsetup_finds_no_tenant",
                                                 "ccmsetup_asks_the_cmg", "ccmsetup_has_entra_properties")),
        recv("ccmsetup_tries_again", "yes", "no"),
    ],
    doc="Whether an attempt of ccmsetup has begun.",
)  # fmt: skip
REGISTRATION_BEGUN = observer(
    "registration_begun",
    states="no yes",
    rows=[recv("registration_starts", "no", "yes")],
    doc="Whether the registration has ever begun.",
)

ASKS_ENTRA = ("ask_for_device_token", "windows_lacks_device_token_api", "wam_serves_cached_device_token",
              "ask_for_user_token", "wam_serves_cached_user_token", "no_user_is_signed_in")  # fmt: skip
"""What a client does that can ask Entra for a token, in its order."""
OBTAINS_WHOSE = {event: "device" if "device" in event else "user" for event in OBTAINS_ENTRA}
"""The events by which a token is had, each with whose it is."""
CANNOT_ASK = ("entra_app_is_not_known", "device_key_is_not_there")

TOKEN_ASKED_FOR = observer(
    "token_asked_for",
    states="no yes",
    rows=[
        *(recv(event, "no", "yes") for event in (*ASKS_ENTRA, *CANNOT_ASK)),
        *(recv(event, "yes", "no") for event in (*SENT_WITH_ENTRA, *LET_GO)),
    ],
    doc="Whether an Entra token was asked for that has neither been sent nor let go since.",
)

TOKEN_AT_HAND = observer(
    "token_at_hand",
    states="none_there of_device of_user",
    rows=[
        *(recv(event, "*", f"of_{whose}") for event, whose in OBTAINS_WHOSE.items()),
        *(recv(event, "*", "none_there") for event in (*SENT_WITH_ENTRA, *LET_GO)),
    ],
    doc="Whose Entra token Entra has issued, or WAM served, that has neither been sent nor let go since.",
)

KEPT = {"owner": ("device", "user"), "signer": ("site", "retired"), "names": ("provisional", "client_id")}
"""What a reply says of the token that it brings, beside its life."""


def brought(field: str) -> ActorDef:
    """What the reply said that brought the token which the client has just cached."""
    rows: list[Row] = [
        recv(event, "*", f"{account}_{value}", " and ".join(filter(None, (f"reply.{field} is {value}", when))))
        for account, events in CACHES.items()
        for event, when in events.items()
        for value in KEPT[field]
    ]
    ends = ("create_connection", "system_message_is_queued", "user_message_is_queued",
            "administrator_renews_signing_key")  # fmt: skip
    return observer(
        f"brought.{field}",
        states=["nothing", *(f"{account}_{value}" for account in CACHES for value in KEPT[field])],
        rows=[*rows, *(recv(event, "*", "nothing") for event in ends)],
        doc=f"For whom the client has just cached a token, and its {field} by the reply that brought it.",
    )


def was_down(name: str) -> ActorDef:
    """Whether the connection point was ever down."""
    return observer(
        f"was_down.{name}", states="no yes", rows=[recv(f"{name}_goes_down", "no", "yes")],
        doc="Whether the connection point was ever down.",
    )  # fmt: skip


OWNERS = {
    "cache.{0}.owner is device": "wam.device.life is not none and cache.{0}.tenant is own",
    "cache.{0}.owner is user": "wam.user.life is not none",
    "cache.{0}.owner is user and user_kind is same_tenant": "cache.{0}.tenant is own",
    "cache.{0}.owner is user and user_kind is other_tenant": "cache.{0}.tenant is other",
}
"""Whose a cached token may be, and what must be so then."""
BEARERS = ("cache.system", "cache.user", "request", "reply", "loot")


def key_is_new(prefix: str = "") -> ActorDef:
    """Whether CCM_STS has made no token yet with the key that the administrator has renewed."""
    return observer(
        f"{prefix}key_is_new",
        states="no yes",
        rows=[
            recv("administrator_renews_signing_key", "*", "yes"),
            recv(f"{prefix.replace('.', '_')}sts_creates_token", "*", "no"),
        ],
        doc="Whether the token-signing key was renewed, and CCM_STS has made no token with it since.",
    )


def without_new_key(prefix: str = "") -> str:
    """No token is signed with the site's present key, but for what somebody else says of what he shows."""
    shown = {f"{prefix}request": f" and {prefix}request.sender is {'peer' if prefix else 'client'}"}
    return " and ".join(
        f"not ({bearer}.kind is ccm and {bearer}.life is not none and {bearer}.signer is site{shown.get(bearer, '')})"
        for bearer in (f"{prefix}{name}" for name in BEARERS)
    )


PROPERTIES = (
    *(
        Property(
            f"S-91.{component}", CONCERN, f"An attempt of {component} has failed just where something failed it, until"
            " it is tried again",
            "I2.3 A13 A24 R1.2 T2", then=exactly_where(f"{component} is attempt_failed", f"failed.{component} is yes"),
            attempt=f"failed.{component} is yes", observers=(failed(component),),
            but={"ageing": "fails"} if component in LOSES_ITS_CERTIFICATE else {},  # there S-91a says it
        )
        for component in FAILURES
    ),
    *(
        Property(
            f"S-92.{component}", CONCERN, f"What has not failed {component} does not try again, nor give up",
            "I2.3 A13 R1.2 A24", on=ENDS[component], then=f"{component} is attempt_failed", severity=Severity.MEDIUM,
        )
        for component in FAILURES
    ),
    Property(
        "S-91b", CONCERN, "An attempt of ccmsetup that has begun begins anew only where it is tried again",
        "I1.1 I2.4 A13", then=exactly_where("ccmsetup is started", "attempt_begun is no"),
        attempt="attempt_begun is yes", observers=(ATTEMPT_BEGUN,),
    ),
    Property(
        "S-83", CONCERN, "A registration that has begun is not as if it had not, nor is one that has not as if it had",
        "R1.2 A24", then=exactly_where("registration is not_started", "registration_begun is no")
        + " and (registration_begun is yes or registration.proof is none)",
        attempt="registration_begun is yes", observers=(REGISTRATION_BEGUN,),
    ),
    Property(
        "S-93", CONCERN, "Whoever asks for a token knows the app, and has the device's key",
        "I2.0 D2 K3", on=ASKS_ENTRA,
        then="(properties_given is yes or entra_properties is known) and join in {entra, hybrid} and wpj is ok",
    ),
    Property(
        "S-93a", CONCERN, "A token is asked for, or found not to be had, only for whoever wants one",
        "I2.0 R2.1 T2", on=ASKS_ENTRA, then="entra_token_is_wanted", severity=Severity.MEDIUM,
    ),
    Property(
        "S-93d", CONCERN, "For a message of the user's own account nobody asks for the device's token",
        "T2 T5 S-05", on=("ask_for_device_token", "windows_lacks_device_token_api", "wam_serves_cached_device_token"),
        then="messaging is not getting_entra_token or message.account is system",
    ),
    Property(
        "S-93u", CONCERN, "A user's token is asked for, or served, while the user is signed in",
        "I2.2 I2.5 A21", on=("ask_for_user_token", "wam_serves_cached_user_token"),
        then="user_kind is not nobody and user_session is signed_in",
    ),
    Property(
        "R-40", CONCERN, "A message of a user's who has signed out can be found to have nobody to ask for",
        "I2.3 A21", possible=True, on=("no_user_is_signed_in",), then="message.account is user",
        asked_in=("recovery",), severity=Severity.MEDIUM,
    ),
    Property(
        "S-93n", CONCERN, "That nobody is signed in is found only where it is so",
        "I2.3 A21", on=("no_user_is_signed_in",), then="user_kind is nobody or user_session is signed_out",
    ),
    Property(
        "S-93w", CONCERN, "Entra is asked for no token that WAM has alive",
        "I2.1 A25", then=all_imply({f"entra is asked_for_{who}": f"wam.{who}.life is not live"
                                    for who in ("device", "user")}),
        attempt="entra is not idle", severity=Severity.MEDIUM,
    ),
    Property(
        "S-94", CONCERN, "A token, or its refusal, is at hand from the question on until it is sent or let go",
        "I2.1 I2.3 R2.1 T2", then=exactly_where("entra_request is idle", "token_asked_for is no"),
        attempt="token_asked_for is yes", observers=(TOKEN_ASKED_FOR,),
    ),
    Property(
        "S-94h", CONCERN, "The device's token, or the user's, is at hand just where Entra has issued that one, or WAM"
        " served it",
        "I2.1 I2.2 A25", then=" and ".join(
            exactly_where(f"entra_request is got_{whose}", f"token_at_hand is of_{whose}")
            for whose in ("device", "user")
        ),
        attempt="token_at_hand is not none_there", observers=(TOKEN_AT_HAND,),
    ),
    Property(
        "S-95", CONCERN, "A cached CCM token is of whom WAM has an Entra token for, alive or expired, and of that one's"
        " tenant",
        "I3.0 I3.6 I3.7 A25", then=all_imply({
            f"cache.{account}.life is not none and ({whose.format(account)})": then.format(account)
            for account in CACHES for whose, then in OWNERS.items()
        }),
        attempt="cache.system.life is not none",
    ),
    Property(
        "S-96", CONCERN, "The line is taken as long as a request is under way, or its reply has not been used",
        "I3.4 T5", then=exactly_where("line is taken", "request.sender is not nobody or registration is confirmed"
                                      " or ccmsetup is holding_ccm_token or messaging is holding_ccm_token"),
        attempt="line is taken", severity=Severity.MEDIUM,
    ),
    Property(
        "S-97", CONCERN, "The answer to a registration says its outcome, unless the site could not say",
        "R3.2 A24", on=("mp_answers", "mp_answers_directly"), when="request.endpoint is registration",
        then="reply.status is ok and reply.outcome in {success, pending, resend}"
        " or reply.status is 401 and reply.outcome is rejected or reply.status is 500 and reply.outcome is none",
    ),
    Property(
        "S-97c", CONCERN, "A confirmation that the client has not processed yet is at hand",
        "R3.2 R3.3", when="registration is confirmed",
        then="reply.status is ok and reply.outcome is success and reply.approval is not none",
    ),
    Property(
        "S-98", CONCERN, "A pending registration is confirmed in the site's own time, not by the next request",
        "R3.2 A24", on=("mp_registers_client",), when="request.claims is client",
        then="site_record.status is not pending",
        attempt="registration_manager is not idle and request.claims is client and site_record.status is pending",
    ),
    Property(
        "S-98p", CONCERN, "A registration that is made is not pending again",
        "R3.2 A24", on=("mp_leaves_registration_pending",), when="request.claims is client",
        then="site_record.status is not registered",
        attempt="registration_manager is not idle and request.claims is client and site_record.status is registered",
    ),
    *(
        Property(
            f"R-{number}", CONCERN, f"A {which} connection point that was down can be up again",
            "A24", possible=True, then=f"{name}.service is up and was_down.{name} is yes",
            observers=(was_down(name),), asked_in=("faults", "recovery"), severity=Severity.MEDIUM,
        )
        for number, which, name in ((37, "first", "connection_point"), (38, "second", "second_connection_point"))
    ),
    Property(
        "S-98r", CONCERN, "A registration is rejected for the ClientID that it names only where somebody has that, and"
        " whoever has it himself only with a token of another tenant",
        "R1.3 A40", on=("mp_rejects_rebinding",),
        then="request.claims is not stranger and (request.claims is not client or site_record.status is not absent"
        " and not (request.sender is client and site_record.device is client)"
        " and not (request.sender is adversary and site_record.device is stranger and not request_bears_entra))",
    ),
    Property(
        "S-98b", CONCERN, "A client that is blocked is rejected for that, whoever has the ClientID that it names",
        "R1.3 A40 A43", on=("mp_rejects_rebinding",), then="not (request.claims is client and block is set)",
        attempt="registration_manager is not idle and request.claims is client and block is set",
        asked_in=("squatter",), severity=Severity.MEDIUM,
    ),
    Property(
        "S-98q", CONCERN, "Nobody is asked to send again for a ClientID that is another's, without its proof",
        "R3.2 R1.3 A24 A40", on=("mp_asks_to_resend",),
        when="request.sender is client and site_record.device is stranger"
        " or request.sender is not client and site_record.device is client",
        then="request_bears_entra and request.owner in {device, user} or request.kind in {certificate, windows}",
        attempt="registration_manager is proving and request.sender is adversary and site_record.device is client",
        asked_in=("squatter",), decided_by="registration_rebinds is no", severity=Severity.MEDIUM,
    ),
    Property(
        "S-98a", CONCERN, "An administrator approves, and deletes, what is registered",
        "R3.2 A24", on=("administrator_approves_client", "administrator_deletes_client"),
        then="site_record.status is registered", severity=Severity.MEDIUM,
    ),
    Property(
        "S-99", CONCERN, "An old token is used only where it is alive, its renewal has failed, and one is used then at"
        " all",
        "T2 A33", on=("messaging_uses_old_token",), then=f"entra_request is denied and {OLD_TOKEN_WILL_DO}",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-100", CONCERN, "After the site has renewed its token-signing key no token is of the present key until one"
        " is made",
        "X3", when="key_is_new is yes", then=without_new_key(), observers=(key_is_new(),), severity=Severity.CRITICAL,
    ),
    Property(
        "S-101", CONCERN, "What the client keeps of a token is what the reply brought: owner, signer and ClientID",
        "I4.1 T5 A4", then=all_imply({
            f"brought.{field} is {account}_{value}": f"cache.{account}.{field} is {value}"
            for field, values in KEPT.items() for account in CACHES for value in values
        }),
        attempt="brought.owner is not nothing", observers=tuple(map(brought, KEPT)),
    ),
)  # fmt: skip

WITH_A_CERTIFICATE_THAT_EXPIRES = tuple(
    Property(
        f"S-91a.{component}", CONCERN, f"With a certificate that may expire an attempt of {component} fails of"
        " having none, too",
        "I2.4 R5 A13", then=exactly_where(f"{component} is attempt_failed", f"failed_{event}.{component} is yes"),
        attempt=f"failed_{event}.{component} is yes", observers=(failed(component, event),), asked_in=("ageing",),
    )
    for component, event in LOSES_ITS_CERTIFICATE.items()
)  # fmt: skip
"""What S-91 is where a certificate may expire: said of the extension, and not of the core."""
