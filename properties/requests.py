"""What must hold of a request while it is under way: who waits for it, whose it is, where it is, what it is answered.

None of this is said of one hop or one component; it is how they hang together. A step that leads one of them astray
leaves the others waiting for what does not come, or with what nobody asked for.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import observer, recv
from ccmproof.model.workflow.transport import TLS_FAILURES
from ccmproof.model.workflow.wire import ADVERSARY_OFFERS, CONFUSED_OFFERS, THROUGH_COMPROMISED_CMG

from .property import WORKING_CLIENT, Property, Severity
from .wording import all_imply

CONCERN = "Requests and replies"

WAITING = {
    "ccmsetup is waiting_for_aad_info": "aad_info",
    "ccmsetup is waiting_for_sts": "sts",
    "ccmsetup is waiting_for_site": "location",
    "ccmsetup is waiting_for_files": "client_files",
    "ccmsetup is waiting_for_content": "content_location",
    "ccmsetup is waiting_for_download": "download",
    "registration is waiting": "registration",
    "messaging is waiting_for_sts": "sts",
    "messaging is waiting_for_reply": "policy",
}
"""Who waits for a reply, and of which endpoint."""
SOMEBODY_WAITS = " or ".join(WAITING)
MESSAGING_WAITS = "messaging in {waiting_for_sts, waiting_for_reply}"

HOPS = {
    "cmg is waiting": "connection_point is not idle or second_connection_point is not idle",
    "connection_point is waiting or second_connection_point is waiting": "management_point is not idle",
    "management_point is in_sts": "sts is not idle",
    "management_point is in_registration": "registration_manager is not idle",
    "sts is not idle": "management_point is in_sts",
    "registration_manager is not idle": "management_point is in_registration",
    "management_point is not idle": "request.via is direct or cmg is waiting",
    "connection_point is not idle or second_connection_point is not idle": "cmg is waiting",
    "cmg is not idle or management_point is not idle": "request.sender is not nobody",
    "request.sender is not nobody and request.via is gateway and offer is none_there": "cmg is not idle",
    "request.sender is not nobody and request.via is direct and offer is none_there": "management_point is not idle",
}
"""Who is at a request, and who must be at it then."""

OFFERED = ("adversary", "thief")
IN_HIS_OWN_NAME = "request.claims is stranger and request.token_auth is yes and request.endpoint is policy"
"""One way of many to show it: what it is shown as is his choice."""
OFFERS = {
    "no token at all": "request.kind is none",
    "a token of another tenant": "request.kind is entra_user and request.tenant is other and request.audience is site"
    " and request.owner is stranger and request.signer is entra and request.life is not none",
    "a token for another audience": "request.kind is entra_user and request.tenant is own and request.audience is other"
    " and request.owner is user and request.signer is entra and request.life is not none",
    "a forged Entra token": "request.kind is entra_device and request.tenant is own and request.audience is site"
    " and request.owner is device and request.signer is forger and request.life is not none",
    "a forged CCM token": "request.kind is ccm and request.tenant is own and request.audience is site"
    " and request.owner is device and request.signer is forger and request.names is client_id"
    " and request.life is not none",
    "an Entra token that is over": "request.kind is entra_device and request.tenant is own and request.audience is site"
    " and request.owner is device and request.signer is entra and request.life is expired",
    "a CCM token that is over": "request.kind is ccm and request.tenant is own and request.audience is site"
    " and request.owner is device and request.signer is site and request.names is client_id"
    " and request.life is expired",
}
"""What each of the adversary's offers shows."""

KEY_WAS_RENEWED = observer(
    "key_was_renewed",
    states="no yes",
    rows=[recv("administrator_renews_signing_key", "no", "yes", "new_token is got")],
    doc="Whether the token-signing key was renewed when the registered client had a token already.",
)

MESSAGE_UNDER_WAY = observer(
    "message_under_way",
    states="no yes",
    rows=[
        recv("system_message_is_queued", "*", "yes"),
        recv("user_message_is_queued", "*", "yes"),
        recv("cmg_returns_reply", "*", "no", "messaging is waiting_for_reply and reply.status is ok"),
        recv("messaging_tries_again", "*", "no"),
    ],
    doc="Whether a message was queued that is neither answered yet nor tried again.",
)


PROPERTIES = (
    Property(
        "S-50", CONCERN, "Whoever waits for a reply has the request under way that it sent",
        "I3.1 R3.1 T4 T5", when=SOMEBODY_WAITS,
        then="request.sender is client and "
        + all_imply({who: f"request.endpoint is {endpoint}" for who, endpoint in WAITING.items()}),
    ),
    Property(
        "S-51", CONCERN, "A request of the client's has somebody who waits for its reply",
        "T5", when="request.sender is client", then=SOMEBODY_WAITS,
    ),
    Property(
        "S-52", CONCERN, "A request says which account sends it, is signed once the client is registered, and goes"
        " through the CMG unless Windows proves it",
        "I2.5 R4.2 T5 A7", when="request.sender is client",
        then=all_imply({
            f"({MESSAGING_WAITS}) and message.account is system": "request.account is system",
            f"({MESSAGING_WAITS}) and message.account is user": "request.account is user",
            MESSAGING_WAITS: "request.signed is yes",
            f"not ({MESSAGING_WAITS})": "request.account is system and request.signed is no",
            "registration is waiting and registration.proof is windows": "request.via is direct",
            "not (registration is waiting and registration.proof is windows)": "request.via is gateway",
        }),
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-52e", CONCERN, "Whoever sends a request says where it is to go",
        "I3.1 X3", when="request.sender is not nobody", then="request.endpoint is not none", severity=Severity.MEDIUM,
    ),
    Property(
        "S-53", CONCERN, "A request is at one hop after the other, and nobody waits for a hop that is not at it",
        "I3.1 I3.2 I3.3 I3.4", then=all_imply(HOPS), attempt="cmg is waiting",
    ),
    Property(
        "S-54", CONCERN, "What comes back says how it went",
        "I3.4 R3.2", on=("cmg_returns_reply", "mp_answers", "mp_answers_directly"), then="reply.status is not none",
    ),
    Property(
        "S-55", CONCERN, "The client has a connection only while it has something to send or waits for a reply",
        "I1.8 X1", when="connection is not closed", then=f"client_has_something_to_send or {SOMEBODY_WAITS}",
    ),
    Property(
        "S-56", CONCERN, "Where revocation is checked, no connection comes to its end before that",
        "I1.7 I1.8 K2", on=("tls_succeeds", *TLS_FAILURES), when="revocation_check_on",
        then="connection is revocation_checked",
    ),
    Property(
        "S-57", CONCERN, "Entra is at the very request for a token that the client waits for",
        "I2.1 I2.2", when="entra is not idle or entra_request in {asking_device, asking_user}",
        then="entra is asked_for_device and entra_request is asking_device"
        " or entra is asked_for_user and entra_request is asking_user",
    ),
    Property(
        "S-58", CONCERN, "An Entra token, or its refusal, is at hand only for whoever asked for it in this attempt",
        "I2.0 I2.3 R2.1 T2", when="entra_request is not idle",
        then="entra_token_is_wanted or entra_request in {got_device, got_user} and (ccmsetup in {sending_sts,"
        " attempt_failed, gave_up} or registration in {sending, attempt_failed}"
        " or messaging in {sending_sts, attempt_failed})",
    ),
    Property(
        "S-59", CONCERN, "Entra gives no token to a device, or to its user, that it has disabled",
        "A20 I2.1 I2.2", on=("entra_issues_device_token", "entra_issues_user_token"),
        then="device_identity is enabled and (entra is asked_for_device or user_identity is enabled)",
        severity=Severity.CRITICAL,
    ),
    Property(
        "S-60", CONCERN, "Users come, go and are disabled only where there is one",
        "A20 A21", on=("user_signs_out", "user_signs_in", "entra_disables_user"), then="user_kind is not nobody",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-61", CONCERN, "A client sends messages only while it is registered",
        "R3.3 R4.0", when="messaging is not idle", then="registration is registered",
    ),
    Property(
        "S-62", CONCERN, "A blocked client's registration is not taken, and not asked for once more",
        "A43", on=("mp_registers_client", "mp_leaves_registration_pending", "mp_asks_to_resend"),
        when="request.claims is client", then="block is not_set",
        attempt="registration_manager is not idle and request.claims is client and block is set",
    ),
    Property(
        "S-63", CONCERN, "ccmsetup downloads from the cloud only while the cloud is asked, and with a content token",
        "I4.4 A28", when="ccmsetup is downloading_from_cloud or cloud_store is asked",
        then="ccmsetup is downloading_from_cloud and cloud_store is asked and content_token.life is not none",
    ),
    Property(
        "S-64", CONCERN, "WAM has the device's token and its user's, issued by Entra for the site",
        "I2.0 I2.5 I3.7",
        then="(wam.device.life is none or wam.device.kind is entra_device and wam.device.signer is entra"
        " and wam.device.audience is site and wam.device.owner is device and wam.device.tenant is own)"
        " and (wam.user.life is none or wam.user.kind is entra_user and wam.user.signer is entra"
        " and wam.user.audience is site and wam.user.owner is user and (wam.user.tenant is own"
        " and user_kind is same_tenant or wam.user.tenant is other and user_kind is other_tenant))",
        attempt="entra_token_got",
    ),
    Property(
        "S-65", CONCERN, "A user's entry in the cache is a CCM token that the site issued to the user",
        "I4.1 T5", when="cache.user.life is not none",
        then="cache.user.kind is ccm and cache.user.signer in {site, retired} and cache.user.audience is site"
        " and cache.user.owner is user",
    ),
    Property(
        "S-66", CONCERN, "A token that was had does not vanish while it is needed",
        "I4.1 T1", then=all_imply({
            "entra_request is got_device": "wam.device.life is not none",
            "entra_request is got_user": "wam.user.life is not none",
            "install_mode is entra and ccmsetup in {locating, checking_files, asking_content, downloading_from_mp}":
            "cache.system.life is not none",
            "request.sender in {client, confused_client} and request.kind in {entra_device, entra_user, ccm}":
            "request.life is not none",
            "messaging is sending_renewed and message.account is system": "cache.system.life is not none",
            "messaging is sending_renewed and message.account is user": "cache.user.life is not none",
            "ccmsetup is holding_ccm_token or messaging is holding_ccm_token": "reply.life is not none",
        }),
        attempt="entra_token_got",
    ),
    Property(
        "S-67", CONCERN, "A message that is under way is answered, or tried again; it is not forgotten",
        "T3 T4", when="messaging is idle", then="message_under_way is no",
        attempt="message_under_way is yes", observers=(MESSAGE_UNDER_WAY,),
        # The certificate expires while a message waits for it: the first CCM token is asked for in its place.
        but={"ageing": "fails"},
    ),
    Property(
        "S-68", CONCERN, "A request that somebody is still at has no answer yet",
        "I3.1 I3.4", when="cmg is holding or connection_point in {holding, rewritten}"
        " or second_connection_point in {holding, rewritten} or management_point in {holding, in_sts, in_registration}",
        then="reply.status is none", severity=Severity.MEDIUM,
    ),
    Property(
        "S-70", CONCERN, "Nobody who means ill, and no client in disorder, is where there is none",
        "X3", on=(*ADVERSARY_OFFERS, *CONFUSED_OFFERS, "adversary_shows_wrong_certificate",
                  "adversary_shows_stolen_certificate"),
        then="adversary is present", severity=Severity.MEDIUM,
    ),
    Property(
        "S-76", CONCERN, "What may fail for a while fails only where that is asked for, or somebody sees to it",
        "A24", on=("connection_point_goes_down", "second_connection_point_goes_down", "cloud_fails",
                   "crl_traffic_is_blocked"),
        then="faults_happen is on or adversary is present", severity=Severity.MEDIUM,
    ),
    Property(
        "S-76d", CONCERN, "A connection point is down only where what may fail fails",
        "A24", when="connection_point.service is down or second_connection_point.service is down",
        then="faults_happen is on", severity=Severity.MEDIUM,
        asked_in=(*WORKING_CLIENT, *OFFERED),  # not where faults are over and it is still down
    ),
    *(
        Property(
            f"S-76{letter}", CONCERN, claim, "A24 X2", on=(event,), then=then, severity=Severity.MEDIUM,
            asked_in=(*WORKING_CLIENT, *OFFERED),  # not where an extension lets it happen too
        )
        for letter, event, claim, then in (
            ("e", "entra_does_not_answer", "Entra leaves unanswered only what is lost, or kept from it",
             "faults_happen is on or adversary is present"),
            ("r", "reply_is_lost", "A reply is lost only where what may fail fails, or somebody keeps it",
             "faults_happen is on or interception is stolen_key"),
        )
    ),
    Property(
        "R-27", CONCERN, "After the site has renewed its token-signing key a registered client can be served again",
        "X3 T2", possible=True, on=("mp_serves_policy",), then="request.kind is ccm and key_was_renewed is yes",
        observers=(KEY_WAS_RENEWED,), asked_in=("readings", "hourly"),
    ),
    Property(
        "S-71", CONCERN, "Whoever prepares a request, or waits for its reply, has that very request under way",
        "X3", then=all_imply({
            "adversary_call is not idle": "request.sender is adversary",
            "request.sender is adversary": "adversary_call is not idle",
            "confused_client is not idle": "request.sender is confused_client",
            "request.sender is confused_client": "confused_client is not idle",
            "offer is made": "adversary_call is offering or confused_client is offering",
            "adversary_call is offering or confused_client is offering": "offer is made",
        }),
        attempt="offer is made", severity=Severity.MEDIUM,
    ),
    Property(
        "S-71o", CONCERN, "Whoever prepares a request has prepared none, and waits for no reply",
        "X3", on=(*ADVERSARY_OFFERS, *CONFUSED_OFFERS),
        then="adversary_call is idle and confused_client is idle and offer is none_there",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-72", CONCERN, "Only the adversary goes past the checks of a CMG that he has",
        "X3", on=THROUGH_COMPROMISED_CMG, then="request.sender is adversary and cmg_compromised is yes",
        asked_in=OFFERED, severity=Severity.MEDIUM,
    ),
    Property(
        "S-75", CONCERN, "The connection point looks at the credential of what it maps, and of nothing else",
        "I3.3 X3", on=("cp_refuses_credential", "second_cp_refuses_credential"),
        then="request.endpoint not in {aad_info, unpublished, none} and mp_mode is not http",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-113", CONCERN, "With the site database down nobody is registered, told to send again, or served out of it",
        "I3.4 R3.2 R4.2",
        on=("mp_registers_client", "mp_leaves_registration_pending", "mp_asks_to_resend", "mp_registers_stranger",
            "mp_gives_content_locations", "mp_serves_policy", "sts_issues_token"),
        then="site_database is up", attempt="site_database is down and management_point is holding",
    ),
    Property(
        "S-114", CONCERN, "Only whoever would be served is told that the database is down; others are refused",
        "I3.0 I3.4", on=("mp_has_no_database",), then="mp_accepts_call and site_database is down",
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-73s", CONCERN, "Whoever stops answering on the CMG's name has answered on it",
        "X2", on=("adversary_stops_intercepting",), then="interception is not none_there", severity=Severity.MEDIUM,
    ),
    Property(
        "S-73o", CONCERN, "Whoever answers on the CMG's name does so until it stops",
        "X2", on=("adversary_shows_wrong_certificate", "adversary_shows_stolen_certificate"),
        then="interception is none_there", asked_in=OFFERED, severity=Severity.MEDIUM,
    ),
    Property(
        "S-73k", CONCERN, "Only who has the key of the CMG's certificate answers with that certificate",
        "X2", when="interception is stolen_key", then="adversary_key is cmg_key", asked_in=OFFERED,
        severity=Severity.MEDIUM,
    ),
    Property(
        "S-73", CONCERN, "Who answers on the CMG's name is settled before the connection is made",
        "I1.5 X2", on=("adversary_shows_wrong_certificate", "adversary_shows_stolen_certificate",
                       "adversary_stops_intercepting"),
        then="connection is closed", asked_in=OFFERED, severity=Severity.MEDIUM,
    ),
    *(
        Property(
            f"R-2{number}", CONCERN, f"The adversary can show {what}, in a name of his own, with CcmTokenAuth=1",
            "X3", possible=True, then=f"request.sender is adversary and {fields} and {IN_HIS_OWN_NAME}",
            asked_in=("adversary",), severity=Severity.MEDIUM,
        )
        for number, (what, fields) in enumerate(OFFERS.items())
    ),
)  # fmt: skip
