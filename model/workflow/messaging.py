"""CcmMessaging: the client's messages after registration, and the CCM token that they need (R4, T).

Once the confirmation has been processed a client that did not register with a certificate asks for a *new* CCM token,
and only then sends (R4.0, R4.2). Before each message it looks at the token of the account that sends it: fresh, it
goes out with it; expired or close to expiry, a new one is asked for first, which presents an Entra token (T2) and
replaces that account's entry (T5). Looking and sending are one step (A41). A user's own messages ask for the user's
Entra token at once.

Where a renewal fails and the old token is not dead yet, `use_old_on_failed_renewal` decides (A33); where the site
refuses a token that the client thinks alive, `messaging_drops_on_401` (A39).
"""

from ccmproof.model.kernel.actor import actor, clear, put, record, recv, send, take
from ccmproof.model.kernel.definition import Item, Predicate

from .hosts import CLIENT
from .transport import TLS_FAILURES

PREDICATES = [
    Predicate("client_is_registered", "registration is registered", "R3.3 R4.0"),
    Predicate("client_uses_certificate", "registration.approval is 2", "R5", "It registered with its PKI certificate"),
    Predicate(
        "sender_token_live",
        "message.account is system and cache.system.life is live"
        " or message.account is user and cache.user.life is live",
        "T2 T5",
        "The entry of the account that sends, by the client's clock",
    ),
    Predicate(
        "sender_token_fresh",
        "message.account is system and cache.system.life is fresh"
        " or message.account is user and cache.user.life is fresh",
        "T2 T5",
        "Not expired, and not close to expiry",
    ),
    Predicate(
        "renewed_token_will_do", "sender_token_live and (recheck_after_renewal is no or sender_token_fresh)", "A41"
    ),
    Predicate("old_token_will_do", "use_old_on_failed_renewal is yes and sender_token_live", "A33"),
]

ATTACH = [
    put("request", sender="client", claims="client", endpoint="policy", via="gateway", signed="yes"),
    take("request", "message", "account"),
    put("request", path="mutual_auth", token_auth="no", kind="certificate", when="client_uses_certificate"),
    put("request", path="server_auth", token_auth="yes", when="not client_uses_certificate"),
    take("request", "cache.system", when="not client_uses_certificate and message.account is system"),
    take("request", "cache.user", when="not client_uses_certificate and message.account is not system"),
]
"""A message with what its sender appends to it."""

MESSAGING = actor(
    "messaging",
    host=CLIENT,
    states="idle getting_entra_token sending_sts waiting_for_sts holding_ccm_token sending sending_renewed"
    " waiting_for_reply attempt_failed",
    rows=[
        send("messaging_needs_new_token", "idle", "getting_entra_token",
             "client_is_registered and new_token is due and not client_uses_certificate",
             put("message.account", "system"), cites="R3.3 R4.0"),
        send("system_message_is_queued", "idle", "sending", "client_is_registered and (new_token is got"
             " or client_uses_certificate)",
             put("message.account", "system"), cites="T3"),
        send("user_message_is_queued", "idle", "sending",
             "client_is_registered and new_token is got and not client_uses_certificate and someone_is_signed_in",
             put("message.account", "user"), cites="T3 T5"),
        send("messaging_finds_token_ending", "sending", "getting_entra_token",
             "connection is open and not client_uses_certificate and not sender_token_fresh", cites="T2 T3"),
        send("messaging_takes_entra_token", "getting_entra_token", "sending_sts", "entra_token_got", cites="R4.0 T2"),
        send("messaging_sends_sts_request", "sending_sts", "waiting_for_sts", "connection is open",
             put("request", sender="client", claims="client", endpoint="sts", path="server_auth", token_auth="no",
                 via="gateway", signed="yes"),
             take("request", "message", "account"),
             take("request", "wam.device", when="entra_request is got_device"),
             take("request", "wam.user", when="entra_request is got_user"), cites="R4.0 R4.1 T2"),
        recv("cmg_returns_reply", "waiting_for_sts", "holding_ccm_token", "reply_is_good", cites="R4.1 T5"),
        send("messaging_caches_new_token", "holding_ccm_token", "idle", "new_token is due",
             take("cache.system", "reply"), clear("reply"), clear("message"), cites="R4.0 I4.1"),
        send("messaging_caches_renewed_token", "holding_ccm_token", "sending_renewed", "new_token is not due",
             take("cache.system", "reply", when="message.account is system"),
             take("cache.user", "reply", when="message.account is user"), clear("reply"), cites="T5 I4.1"),
        send("messaging_uses_old_token", "getting_entra_token", "sending_renewed",
             "entra_request is denied and new_token is got and old_token_will_do", cites="A33"),
        send("messaging_renewal_fails", "getting_entra_token", "attempt_failed",
             "entra_request is denied and not (new_token is got and old_token_will_do)", cites="T2 D3",
             status="0x87D00455"),
        recv("cmg_returns_reply", "waiting_for_sts", "sending_renewed",
             "not reply_is_good and new_token is got and old_token_will_do", cites="A33"),
        recv("cmg_returns_reply", "waiting_for_sts", "attempt_failed",
             "not reply_is_good and not (new_token is got and old_token_will_do)", cites="T2"),
        send("messaging_sends_message", "sending", "waiting_for_reply",
             "connection is open and (client_uses_certificate or sender_token_fresh)", *ATTACH, cites="T2 T4 R4.2"),
        send("messaging_sends_message", "sending_renewed", "waiting_for_reply",
             "connection is open and renewed_token_will_do", *ATTACH, cites="T4 R4.2"),
        send("messaging_has_no_live_token", "sending_renewed", "getting_entra_token",
             "connection is open and not renewed_token_will_do", cites="T2 A41"),
        recv("cmg_returns_reply", "waiting_for_reply", "idle", "reply_is_good", clear("message"), cites="T4 T5"),
        recv("cmg_returns_reply", "waiting_for_reply", "attempt_failed", "not reply_is_good",
             clear("cache.system", when="reply.status is 401 and messaging_drops_on_401 is yes and message.account"
             " is system"),
             clear("cache.user", when="reply.status is 401 and messaging_drops_on_401 is yes and message.account"
             " is user"),
             cites="A39"),
        recv("reply_is_lost", "waiting_for_sts waiting_for_reply", "attempt_failed", cites="A24"),
        *(recv(failure, "sending_sts sending sending_renewed", "attempt_failed",
               cites="I1.7 A17") for failure in TLS_FAILURES),
        send("messaging_tries_again", "attempt_failed", "idle", "", clear("message"), cites="T3 A24"),
    ],
    waits="idle getting_entra_token sending_sts sending sending_renewed",
    ignores=("cmg_returns_reply", "reply_is_lost", *TLS_FAILURES),
    doc="The messaging component: a message at a time, and the token that it needs.",
)  # fmt: skip

MESSAGE = record("message", {"account": "system user"}, host=CLIENT, doc="The account that sends")

NEW_TOKEN = actor(
    "new_token",
    host=CLIENT,
    states="not_due due got",
    rows=[
        recv("registration_processes_confirmation", "*", "due", cites="R4.0"),
        recv("messaging_caches_new_token", "*", "got", cites="R4.0"),
    ],
    doc="The new CCM token that follows the confirmation of the registration.",
)

MESSAGING_PARTS: list[Item] = [PREDICATES, MESSAGING, MESSAGE, NEW_TOKEN]
