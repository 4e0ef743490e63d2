"""Registration of the installed client (document, Client registration, 1 to 3).

It starts once client.msi has finished, in numbered attempts (R1.1, R1.2). In every attempt certificate validation
runs first, as the fallback (R5). Then a new request for an Entra token, device first, then user (R2). The token is
the proof; without one, in this order: a valid PKI certificate, Windows proof on a path of the client's own to the
management point, and, where `anonymous_fallback` says so, nothing at all behind the install-time CCM token that only
opens the gateway (A26, A37).

The client processes the confirmation before anything else (R3.3). Where it cannot store that it is registered, it is
not, and tries again (DOMAIN 10, 0x80071770).
"""

from ccmproof.model.kernel.actor import actor, clear, data, put, recv, send, take
from ccmproof.model.kernel.definition import Item, Predicate

from .hosts import CLIENT
from .transport import TLS_FAILURES

PREDICATES = [
    Predicate("windows_proof_is_possible", "direct is yes and join is hybrid", "R3.2 A12"),
    Predicate(
        "anonymous_is_possible",
        "anonymous_fallback is yes and cache.system.life is live",
        "A26 A37",
    ),
]

MESSAGE = put("request", sender="client", claims="client", account="system", endpoint="registration", signed="no")
"""What every registration request says."""

REGISTRATION = actor(
    "registration",
    host=CLIENT,
    states="not_started starting getting_entra_token sending sending_directly waiting confirmed pending registered"
    " attempt_failed",
    rows=[
        send("registration_starts", "not_started", "starting",
             "ccmsetup is installed and site_assignment is as_commanded",
             cites="R1.1 R1.2 R1.4"),
        send("registration_validates_certificates", "starting", "getting_entra_token", "", cites="R5 R2.1"),
        send("registration_takes_entra_token", "getting_entra_token", "sending", "entra_token_got",
             put("registration.proof", "entra"), cites="R2.1 R2.2"),
        send("registration_falls_back_to_certificate", "getting_entra_token", "sending",
             "entra_request is denied and pki is valid", put("registration.proof", "certificate"), cites="R5"),
        send("registration_falls_back_to_windows", "getting_entra_token", "sending_directly",
             "entra_request is denied and pki is not valid and windows_proof_is_possible",
             put("registration.proof", "windows"), cites="R3.2"),
        send("registration_falls_back_to_anonymous", "getting_entra_token", "sending",
             "entra_request is denied and pki is not valid and not windows_proof_is_possible and anonymous_is_possible",
             put("registration.proof", "nothing"), cites="A26 A37"),
        send("registration_attempt_fails", "getting_entra_token", "attempt_failed",
             "entra_request is denied and pki is not valid and not windows_proof_is_possible and not"
             " anonymous_is_possible",
             cites="R2.2 D3", status="0x87D00455"),
        send("registration_sends_request", "sending", "waiting", "connection is open",
             MESSAGE, put("request", via="gateway", token_auth="no"),
             put("request", path="mutual_auth", kind="certificate", when="registration.proof is certificate"),
             put("request", path="server_auth", when="registration.proof is not certificate"),
             take("request", "wam.device", when="registration.proof is entra and entra_request is got_device"),
             take("request", "wam.user", when="registration.proof is entra and entra_request is got_user"),
             take("request", "cache.system", when="registration.proof is nothing"), cites="R1.3 R3.1"),
        send("registration_sends_directly", "sending_directly", "waiting", "",
             MESSAGE, put("request", via="direct", path="server_auth", token_auth="no", kind="windows"),
             cites="R1.3 R3.1 A7"),
        *(recv(event, "waiting", "confirmed", "reply_is_good and reply.outcome is success", cites="R3.2")
          for event in ("cmg_returns_reply", "mp_answers_directly")),
        *(recv(event, "waiting", "pending", "reply_is_good and reply.outcome is pending", cites="R3.2 A24")
          for event in ("cmg_returns_reply", "mp_answers_directly")),
        *(recv(event, "waiting", "starting", "reply_is_good and reply.outcome is resend", cites="R3.2 A24")
          for event in ("cmg_returns_reply", "mp_answers_directly")),
        *(recv(event, "waiting", "attempt_failed",
               "not reply_is_good or reply.outcome not in {success, pending, resend}", cites="R3.2 A24")
          for event in ("cmg_returns_reply", "mp_answers_directly")),
        recv("reply_is_lost", "waiting", "attempt_failed", cites="A24"),
        *(recv(failure, "sending", "attempt_failed", cites="I1.5 I1.7") for failure in TLS_FAILURES),
        send("registration_processes_confirmation", "confirmed", "registered", "state_persists is yes",
             take("registration.approval", "reply.approval"), put("registration.client_id", "assigned"), clear("reply"),
             cites="R3.2 R3.3 R1.3"),
        send("registration_cannot_be_stored", "confirmed", "attempt_failed", "state_persists is no", clear("reply"),
             cites="R3.3", status="0x80071770"),
        send("registration_asks_again", "pending", "starting", "", cites="R3.2 A24"),
        send("registration_tries_again", "attempt_failed", "starting", "", cites="R1.2 A24"),
    ],
    waits="not_started getting_entra_token sending sending_directly",
    ignores=("cmg_returns_reply", "mp_answers_directly", "reply_is_lost", *TLS_FAILURES),
    doc="The client's registration.",
)  # fmt: skip

RESULT = [
    data(
        "registration.proof",
        "none entra certificate windows nothing",
        host=CLIENT,
        doc="What this attempt proves it by",
    ),
    data("registration.approval", "none 0 1 2 3", host=CLIENT, doc="The approval status that the client was told"),
    data("registration.client_id", "none assigned", host=CLIENT, doc="The ClientID that the site has assigned"),
]

SITE_ASSIGNMENT = actor(
    "site_assignment",
    host=CLIENT,
    states="none_yet as_commanded",
    rows=[
        send("site_is_assigned", "none_yet", "as_commanded", "ccmsetup is installed", cites="R1.2 R1.4"),
    ],
    waits="none_yet",
    doc="The site that the client is assigned to: the one of SMSSITECODE.",
)

REGISTRATION_PARTS: list[Item] = [PREDICATES, REGISTRATION, SITE_ASSIGNMENT, RESULT]
