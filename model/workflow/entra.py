"""Entra tokens: asked for the device first, then for the user who is signed in (I2.0 to I2.5, R2.1, R2.2, T2).

`entra_request` is one definition that ccmsetup, the registration and the messaging component use; it ends in
`got_device`, `got_user` or `denied`, and says nothing of what its requester does then. A token that the site will
refuse later is still got here: the fallback follows a failed request, not a refused token. A message of the user's
own SID asks for the user's token at once (S-05). WAM serves a live token from its cache without asking (A25).

`entra` is Microsoft Entra ID. It binds every token to the device's key: a user's token too needs it (D2, K3).
"""

from ccmproof.model.kernel.actor import ActorDef, actor, choose, put, recv, send
from ccmproof.model.kernel.definition import Item, Predicate

from .hosts import CLIENT, ENTRA, USER
from .timing import Scale

PREDICATES = [
    Predicate("device_is_joined", "join in {entra, hybrid}", "D1 I2.1 K3"),
    Predicate("device_can_sign", "device_is_joined and wpj is ok", "D2 K3 A34"),
    Predicate("entra_app_is_known", "properties_given is yes or entra_properties is known", "I1.1 I1.2 I2.0"),
    Predicate("for_the_user", "messaging is getting_entra_token and message.account is user", "T3 S-05"),
    Predicate(
        "entra_token_is_wanted",
        "ccmsetup is getting_entra_token or registration is getting_entra_token or messaging is getting_entra_token",
        "I2.1 R2.1 T2",
    ),
    Predicate("can_ask", "entra_token_is_wanted and entra_app_is_known and device_can_sign", "I2.0 D2"),
    Predicate("someone_is_signed_in", "user_kind is not nobody and user_session is signed_in", "I2.2 I2.5"),
    Predicate("entra_token_got", "entra_request in {got_device, got_user}", "I2.1 I2.2"),
]

OBTAINS_ENTRA = (
    "entra_issues_device_token",
    "entra_issues_user_token",
    "wam_serves_cached_device_token",
    "wam_serves_cached_user_token",
)
"""The events by which a requester obtains an Entra token, from Entra or from WAM's cache."""
SENT_WITH_ENTRA = ("ccmsetup_sends_sts_request", "registration_sends_request", "messaging_sends_sts_request")
"""The events that present an Entra token (SEC-12): what was got is used up by them."""

LET_GO = (
    "ccmsetup_attempt_fails",
    "ccmsetup_uses_certificate_instead",
    "registration_attempt_fails",
    "registration_falls_back_to_certificate",
    "registration_falls_back_to_windows",
    "registration_falls_back_to_anonymous",
    "messaging_renewal_fails",
    "messaging_uses_old_token",
    "ccmsetup_tries_again",
    "registration_tries_again",
    "messaging_tries_again",
)
"""The events by which a requester stops waiting for a token, or drops one: an attempt leaves none to the next."""

ENTRA_REQUEST = actor(
    "entra_request",
    host=CLIENT,
    states="idle asking_device device_failed asking_user got_device got_user denied",
    rows=[
        send("entra_app_is_not_known", "idle", "denied", "entra_token_is_wanted and not entra_app_is_known",
             cites="I2.0 I1.3"),
        send("device_key_is_not_there", "idle", "denied",
             "entra_token_is_wanted and entra_app_is_known and not device_can_sign",
             cites="D2 D3 K3 A34", status="0x80090016"),
        send("wam_serves_cached_device_token", "idle", "got_device",
             "can_ask and not for_the_user and wam.device.life is live", cites="I2.1 R2.1 A25"),
        send("ask_for_device_token", "idle", "asking_device",
             "can_ask and not for_the_user and wam.device.life is not live and os is ok", cites="I2.0 I2.1 R2.1 R2.2"),
        send("windows_lacks_device_token_api", "idle", "device_failed",
             "can_ask and not for_the_user and wam.device.life is not live and os is old",
             cites="I2.2", status="0x800703F0"),
        recv("entra_issues_device_token", "asking_device", "got_device", cites="I2.1"),
        recv("entra_refuses_device_token", "asking_device", "device_failed", cites="I2.2"),
        recv("entra_does_not_answer", "asking_device", "device_failed", cites="I2.2"),
        send("wam_serves_cached_user_token", "device_failed", "got_user",
             "someone_is_signed_in and wam.user.life is live", cites="I2.2 A25"),
        send("ask_for_user_token", "device_failed", "asking_user",
             "someone_is_signed_in and wam.user.life is not live", cites="I2.2 I2.5 R2.2"),
        send("no_user_is_signed_in", "device_failed", "denied", "not someone_is_signed_in", cites="I2.3"),
        send("wam_serves_cached_user_token", "idle", "got_user",
             "can_ask and for_the_user and someone_is_signed_in and wam.user.life is live", cites="T2 A25"),
        send("ask_for_user_token", "idle", "asking_user",
             "can_ask and for_the_user and someone_is_signed_in and wam.user.life is not live", cites="T2 T5"),
        send("no_user_is_signed_in", "idle", "denied", "can_ask and for_the_user and not someone_is_signed_in",
             cites="I2.3"),
        recv("entra_issues_user_token", "asking_user", "got_user", cites="I2.2 I3.7"),
        recv("entra_refuses_user_token", "asking_user", "denied", cites="I2.3"),
        recv("entra_does_not_answer", "asking_user", "denied", cites="I2.3"),
        *(recv(event, "got_device got_user denied", "idle") for event in (*SENT_WITH_ENTRA, *LET_GO)),
    ],
    waits="idle",
    ignores=("entra_issues_device_token", "entra_refuses_device_token", "entra_issues_user_token",
             "entra_refuses_user_token", "entra_does_not_answer", *SENT_WITH_ENTRA, *LET_GO),
    doc="The request for an Entra token: device first, then user.",
)  # fmt: skip


def entra(scale: Scale) -> ActorDef:
    """Microsoft Entra ID, which answers one request at a time."""
    issued = put("wam.device", kind="entra_device", tenant="own", audience="site", owner="device", signer="entra")
    given = [
        put("wam.user", kind="entra_user", audience="site", owner="user", signer="entra"),
        put("wam.user.tenant", "own", when="user_kind is same_tenant"),
        put("wam.user.tenant", "other", when="user_kind is not same_tenant"),
    ]
    device_good = "device_app is enabled and device_identity is enabled"
    user_good = "conditional_access is excluded and device_identity is enabled and user_identity is enabled"
    return actor(
        "entra",
        host=ENTRA,
        states="idle asked_for_device asked_for_user",
        rows=[
            recv("ask_for_device_token", "idle", "asked_for_device", cites="I2.1"),
            recv("ask_for_user_token", "idle", "asked_for_user", cites="I2.2"),
            send("entra_issues_device_token", "asked_for_device", "idle", device_good,
                 issued, choose("wam.device.life", scale.whole_entra_lives), cites="I2.1 R2.2"),
            send("entra_refuses_device_token", "asked_for_device", "idle", f"not ({device_good})",
                 cites="I2.2", status="WAM status 5, 0xD0090016"),
            send("entra_issues_user_token", "asked_for_user", "idle", user_good,
                 *given, choose("wam.user.life", scale.whole_entra_lives), cites="I2.2 I2.5 I3.7"),
            send("entra_refuses_user_token", "asked_for_user", "idle", f"not ({user_good})",
                 cites="I2.3", status="0xCAA2000C"),
            send("entra_does_not_answer", "asked_for_device asked_for_user", "idle",
                 "faults_happen is on or adversary is present", cites="I2.2 I2.3", status="no answer", choice=True),
        ],
        holds_up="ask_for_device_token ask_for_user_token",
        doc="Microsoft Entra ID: issues tokens for the server app to devices and users whom it knows.",
    )  # fmt: skip


IDENTITIES = [
    actor(
        "device_identity",
        host=ENTRA,
        states="enabled disabled",
        rows=[send("entra_disables_device", "enabled", "disabled", "entra_disables is on", cites="A20")],
        waits="enabled",
        doc="The device in Entra. Disabling is one-way; no user of it gets a token any more, but tokens that"
        " are out live on.",
    ),
    actor(
        "user_identity",
        host=ENTRA,
        states="enabled disabled",
        rows=[send("entra_disables_user", "enabled", "disabled",
                   "entra_disables is on and user_kind is not nobody", cites="A20")],
        waits="enabled",
        doc="The user in Entra.",
    ),
    actor(
        "user_session",
        host=USER,
        states="signed_in signed_out",
        seen_by=(CLIENT,),
        rows=[
            send("user_signs_out", "signed_in", "signed_out", "users_come_and_go is on and user_kind is not nobody",
                 cites="A21"),
            send("user_signs_in", "signed_out", "signed_in", cites="A21"),
        ],
        waits="signed_in",
        doc="The session of the user, if there is one: signed in, unless users come and go.",
    ),
]  # fmt: skip

ENTRA_PARTS: list[Item] = [PREDICATES, ENTRA_REQUEST, IDENTITIES]
