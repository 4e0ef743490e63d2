"""The client's connection to the CMG: first made, then checked (I1.8), for every request anew.

`connection` waits until some component of the client has something to send. The certificate that it sees is the one
that is shown on this connection, the CMG's or an adversary's; chain, name and date must be good (I1.5, X2), and where
revocation checking is on, a CRL must be in hand, and the certificate not in it. A CRL that is stale or out of reach
is the same as a revoked certificate (fail-closed: DOMAIN 2.4, A35).

Whether revocation checking is on depends on a phase: during bootstrap /NoCRLCheck turns it off, and so does the site's
option where ccmsetup knows it; once the security settings have been refreshed by the location service, only the site's
option counts (A17).
"""

from ccmproof.model.kernel.actor import actor, recv, send
from ccmproof.model.kernel.definition import Item, Predicate

from .hosts import ADVERSARY, CLIENT, ENVIRONMENT

PREDICATES = [
    Predicate(
        "certificate_chain_good",
        "interception is not wrong_certificate and (cmg_certificate is public or root is present)",
        "I1.5 I1.6 X2 K1",
    ),
    Predicate("certificate_name_good", "cmg_name is match", "I1.5"),
    Predicate("certificate_date_good", "cmg_date is ok", "I1.5"),
    Predicate(
        "certificate_good",
        "certificate_chain_good and certificate_name_good and certificate_date_good",
        "I1.5 X2",
        "Of the certificate that is shown on this connection",
    ),
    Predicate(
        "revocation_check_on",
        "security_settings is bootstrap and nocrlcheck is no"
        " and (site_option is on or bootstrap_knows_site_option is no)"
        " or security_settings is refreshed and site_option is on",
        "I1.7 K2 A17",
    ),
    Predicate("crl_in_hand", "crl is fresh and crl_path is open", "I1.7 A35"),
    Predicate("revocation_passed", "crl_in_hand and cmg_revoked is no", "I1.7 A35"),
    Predicate(
        "client_has_something_to_send",
        "ccmsetup in {asking_aad_info, sending_sts, locating, checking_files, asking_content, downloading_from_mp}"
        " or registration is sending or messaging in {sending_sts, sending, sending_renewed}",
        "I1.8",
    ),
]

TLS_FAILURES = (
    "tls_root_is_not_trusted",
    "tls_name_does_not_match",
    "tls_date_is_not_valid",
    "tls_revocation_check_fails",
)

CONNECTION = actor(
    "connection",
    host=CLIENT,
    states="closed created revocation_checked open",
    seen_by=(ADVERSARY,),
    rows=[
        send("create_connection", "closed", "created", "client_has_something_to_send", cites="I1.4 I1.8"),
        send("enable_revocation_check", "created", "revocation_checked", "revocation_check_on", cites="I1.7 I1.8"),
        send("tls_succeeds", "created", "open", "not revocation_check_on and certificate_good", cites="I1.5 I1.7 X2"),
        send("tls_succeeds", "revocation_checked", "open", "certificate_good and revocation_passed",
             cites="I1.5 I1.7 X2"),
        send("tls_root_is_not_trusted", "created", "closed", "not revocation_check_on and not certificate_chain_good",
             cites="I1.5 I1.6 K1", status="12175 INVALID_CA 0x800B010A"),
        send("tls_root_is_not_trusted", "revocation_checked", "closed", "not certificate_chain_good",
             cites="I1.5 I1.6 K1", status="12175 INVALID_CA 0x800B010A"),
        send("tls_name_does_not_match", "created", "closed", "not revocation_check_on and not certificate_name_good",
             cites="I1.5", status="12175 CERT_CN_INVALID 0x80072F06"),
        send("tls_name_does_not_match", "revocation_checked", "closed", "not certificate_name_good",
             cites="I1.5", status="12175 CERT_CN_INVALID 0x80072F06"),
        send("tls_date_is_not_valid", "created", "closed", "not revocation_check_on and not certificate_date_good",
             cites="I1.5", status="0x80072F05"),
        send("tls_date_is_not_valid", "revocation_checked", "closed", "not certificate_date_good",
             cites="I1.5", status="0x80072F05"),
        send("tls_revocation_check_fails", "revocation_checked", "closed", "not revocation_passed",
             cites="I1.7 K2", status="12175 CERT_REV_FAILED 0x80092013"),
        recv("cmg_returns_reply", "open", "closed"),
        recv("reply_is_lost", "open", "closed"),
        recv("ccmsetup_finds_token_dead", "open", "closed"),
        recv("messaging_finds_token_ending", "open", "closed"),
        recv("messaging_has_no_live_token", "open", "closed"),
    ],
    waits="closed",
    ignores="cmg_returns_reply reply_is_lost ccmsetup_finds_token_dead messaging_finds_token_ending"
    " messaging_has_no_live_token",
    doc="The client's connection to the CMG, one at a time.",
)  # fmt: skip

SECURITY_SETTINGS = actor(
    "security_settings",
    host=CLIENT,
    states="bootstrap refreshed",
    rows=[
        send("security_settings_are_refreshed", "bootstrap", "refreshed", "ccmsetup is installed", cites="A17"),
    ],
    waits="bootstrap",
    doc="Which CRL switch counts: ccmsetup's, or after the location service's first refresh the site's.",
)

INTERCEPTION = actor(
    "interception",
    host=ADVERSARY,
    states="none_there wrong_certificate stolen_key",
    seen_by=(CLIENT,),
    rows=[
        send("adversary_shows_wrong_certificate", "none_there", "wrong_certificate",
             "adversary is present and connection is closed", cites="I1.5 X2"),
        send("adversary_shows_stolen_certificate", "none_there", "stolen_key",
             "adversary is present and adversary_key is cmg_key and connection is closed", cites="I1.7 X2"),
        send("adversary_stops_intercepting", "wrong_certificate stolen_key", "none_there",
             "connection is closed", cites="X2"),
    ],
    waits="*",
    doc="Who answers on the CMG's name: the CMG, or a man in the middle with a certificate of his own or a stolen one.",
)  # fmt: skip

CRL_PATH = actor(
    "crl_path",
    host=ENVIRONMENT,
    states="open blocked",
    seen_by=(CLIENT,),
    rows=[
        send(
            "crl_traffic_is_blocked", "open", "blocked", "adversary is present or faults_happen is on", cites="I1.7 A35"
        ),
        send("crl_traffic_passes_again", "blocked", "open", cites="I1.7 A35"),
    ],
    waits="open",
    oracle=True,
    doc="The way to the CRL's distribution point. A fault or an adversary blocks it.",
)

TRANSPORT: list[Item] = [PREDICATES, CONNECTION, SECURITY_SETTINGS, INTERCEPTION, CRL_PATH]
