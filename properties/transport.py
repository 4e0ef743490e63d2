"""What must hold of connections and paths: the CMG's certificate, the CRL, ServerAuth and MutualAuth, the way in."""

from ccmproof.model.kernel.actor import observer, recv
from ccmproof.model.workflow.wire import CCMSETUP_SENDS, CLIENT_SENDS

from .property import Property, Severity
from .wording import ENTRA_TOKEN, all_imply, same_token

CONCERN = "Transport"
CMG_FORWARDS = ("cmg_forwards_request", "cmg_forwards_request_to_second")
CP_PASSES = ("cp_switches_to_internal_url", "second_cp_switches_to_internal_url")
CP_SENDS = ("cp_sends_to_mp", "second_cp_sends_to_mp")

TOKEN_SENT = observer(
    "token_sent",
    states="nothing device user system_ccm user_ccm",
    rows=[
        *(
            recv(event, "*", owner, f"entra_request is got_{owner}{and_when}")
            for event, and_when in (
                ("ccmsetup_sends_sts_request", ""),
                ("messaging_sends_sts_request", ""),
                ("registration_sends_request", " and registration.proof is entra"),
            )
            for owner in ("device", "user")
        ),
        *(
            recv(event, "*", "system_ccm", "install_mode is entra")
            for event in CCMSETUP_SENDS
            if event not in {"ccmsetup_sends_aad_info_request", "ccmsetup_sends_sts_request"}
        ),
        recv("registration_sends_request", "*", "system_ccm", "registration.proof is nothing"),
        *(
            recv(
                "messaging_sends_message", "*", f"{account}_ccm",
                f"message.account is {account} and not client_uses_certificate",
            )
            for account in ("system", "user")
        ),
        *(recv(event, "*", "nothing") for event in ("cmg_returns_reply", "reply_is_lost")),
    ],
    doc="Which token the client's request that is under way was sent with.",
)  # fmt: skip


SENT_FROM = {"system_ccm": "cache.system", "user_ccm": "cache.user"}
SENT_FROM_WAM = {"device": "wam.device", "user": "wam.user"}

PROPERTIES = (
    Property(
        "SEC-01", CONCERN, "The client sends nothing unless chain, name and date of the certificate"
        " it was shown were good",
        "I1.5 I1.6 X2 K1 SEC-01", on=CLIENT_SENDS,
        then="interception is not wrong_certificate and (cmg_certificate is public or root is present)"
        " and cmg_name is match and cmg_date is ok",
        attempt="connection is not closed", severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-02a", CONCERN, "With revocation checking on and no fresh CRL in hand there is no connection",
        "I1.7 K2 SEC-02a", on=("tls_succeeds",), when="connection is revocation_checked",
        then="crl is fresh and crl_path is open", attempt="connection is revocation_checked",
    ),
    Property(
        "SEC-02b", CONCERN, "Once the settings are refreshed, the site's option turns revocation checking on",
        "I1.7 A17 SEC-02b", on=("tls_succeeds",), when="security_settings is refreshed and site_option is on",
        then="connection is revocation_checked",
        attempt="security_settings is refreshed and site_option is on and connection is created",
    ),
    Property(
        "S-39", CONCERN, "During bootstrap revocation is checked unless /NoCRLCheck or the site's option turns it off",
        "I1.7 I1.8 K2", on=("tls_succeeds",), when="security_settings is bootstrap and nocrlcheck is no"
        " and site_option is on",
        then="connection is revocation_checked", attempt="connection is created and security_settings is bootstrap",
    ),
    Property(
        "SEC-03", CONCERN, "A certificate that the CRL in hand revokes is accepted only with revocation checking off",
        "I1.7 SEC-03", on=("tls_succeeds",), when="cmg_revoked is yes and crl is fresh and crl_path is open",
        then="connection is not revocation_checked", attempt="connection is not closed and cmg_revoked is yes",
    ),
    Property(
        "SEC-03s", CONCERN, "A revoked certificate is never accepted",
        "I1.7 SEC-03s", on=("tls_succeeds",), when="cmg_revoked is yes",
        attempt="connection is not closed and cmg_revoked is yes",
        expected="fails", reason="/NoCRLCheck during bootstrap, or the site's option, turns the check off",
        but={"thief": "holds"},
    ),
    Property(
        "S-24", CONCERN, "A request with a token goes to ServerAuth, one with a TLS client certificate to MutualAuth",
        "I3.5 A2 S-24", when="request.sender is client",
        then="request.kind is certificate and request.path is mutual_auth and request.token_auth is no"
        " or request.kind is not certificate and request.path is server_auth",
        attempt="cmg is holding and request.sender is client",
    ),
    Property(
        "S-40", CONCERN, "A client's operational request that bears a CCM token says so (CcmTokenAuth=1)",
        "I3.0 I4.2 T4", when="request.sender is client and request_is_operational and request.kind is ccm",
        then="request.token_auth is yes",
        attempt="cmg is holding and request.sender is client and request_is_operational and request.kind is ccm",
    ),
    Property(
        "S-22", CONCERN, "The CMG forwards only to endpoints that are published",
        "I3.2 S-22", on=CMG_FORWARDS, then="request.endpoint not in {aad_info, unpublished, none}",
        attempt="cmg is holding",
    ),
    Property(
        "S-23", CONCERN, "The connection point passes on only what is mapped, also for a compromised CMG",
        "I3.3 S-23", on=CP_PASSES, then="request.endpoint not in {aad_info, unpublished, none}",
        attempt="connection_point is holding or second_connection_point is holding",
    ),
    Property(
        "S-25", CONCERN, "No request through the CMG reaches a plain HTTP management point",
        "X1 S-25", when="management_point is not idle and request.via is gateway", then="mp_mode is not http",
        attempt="cmg is holding and request.endpoint is not aad_info",
    ),
    Property(
        "SEC-10", CONCERN, "To an HTTPS management point the connection point shows its certificate, on"
        " the right binding",
        "X4 SEC-10", on=CP_SENDS, when="mp_mode is https",
        then="cp_certificate is valid and cp_certificate_crl is reachable and mp_binding is ok",
        attempt="mp_mode is https and (connection_point is rewritten or second_connection_point is rewritten)",
        decided_by="cp_shows_certificate is yes and mp_demands_cp_cert is always",
    ),
    Property(
        "SEC-10m", CONCERN, "The connection point sends only to a management point whose certificate is"
        " the one of its binding",
        "X1 X4 SEC-10", on=CP_SENDS, then="mp_binding is ok",
        attempt="connection_point is rewritten or second_connection_point is rewritten",
    ),
    Property(
        "N-14", CONCERN, "At every hop a request's token is the one it was sent with",
        "I3.7 I3.2 I3.3 N-14", then=all_imply({
            **{f"token_sent is {sent}": same_token("request", record) for sent, record in SENT_FROM.items()},
            **{f"token_sent is {sent}": same_token("request", record, ENTRA_TOKEN)
               for sent, record in SENT_FROM_WAM.items()},
        }),
        attempt="management_point is not idle and token_sent is not nothing", observers=(TOKEN_SENT,),
    ),
)  # fmt: skip
