"""Which of the model's events somebody makes, which are seen on a wire, and which nobody sees. Every one is in one.

*Stimuli* are made by whoever runs the lab: time, people, Entra's and the administrator's decisions, faults, whoever
means ill, and the works of the client (:class:`~ccmproof.harness.lab.contract.Work`). *Observed* events are what
crosses a wire. *Internal* ones happen between two crossings, inside of one host; of them only what they lead to is ever
seen.

Some stimuli are retries: a work begins with one where the attempt before has failed. Others are what a work queues.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccmproof.model.kernel.network import Network
from ccmproof.model.workflow.connection_point import OWN_EVENTS
from ccmproof.model.workflow.management_point import REGISTRATION_ENDS, STS_ENDS
from ccmproof.model.workflow.transport import TLS_FAILURES
from ccmproof.model.workflow.wire import CLIENT_SENDS, DIRECT_SENDS, OFFER_GOES, OFFERS

from ..contract import Work

RETRIES: Mapping[Work, tuple[str, ...]] = {
    Work.INSTALL: ("ccmsetup_tries_again",),
    Work.REGISTER: ("registration_tries_again", "registration_asks_again"),
    Work.MESSAGE_SYSTEM: ("messaging_tries_again",),
    Work.MESSAGE_USER: ("messaging_tries_again",),
}
"""With what a work begins where the attempt before it has come to nothing."""
QUEUES: Mapping[Work, tuple[str, ...]] = {
    Work.MESSAGE_SYSTEM: ("system_message_is_queued",),
    Work.MESSAGE_USER: ("user_message_is_queued",),
    Work.REFRESH_SETTINGS: ("security_settings_are_refreshed",),
}
"""What happens in the course of a work because of it."""
COMPONENTS: Mapping[Work, frozenset[str]] = {
    Work.INSTALL: frozenset({"ccmsetup"}),
    Work.REGISTER: frozenset({"registration", "site_assignment"}),
    Work.MESSAGE_SYSTEM: frozenset({"messaging"}),
    Work.MESSAGE_USER: frozenset({"messaging"}),
    Work.REFRESH_SETTINGS: frozenset(),
}
"""The actors that are at work in it, with :data:`SHARED`."""
SHARED = frozenset({"entra_request", "connection"})
RESTS: Mapping[Work, str] = {
    Work.INSTALL: "ccmsetup in {installed, attempt_failed, gave_up}",
    Work.REGISTER: "registration in {not_started, starting, registered, pending, attempt_failed}",
    Work.MESSAGE_SYSTEM: "messaging in {idle, attempt_failed}",
    Work.MESSAGE_USER: "messaging in {idle, attempt_failed}",
    Work.REFRESH_SETTINGS: "true",
}
"""Where its component is when a work is over. After a resend a registration begins anew, in this work or the next."""

_WHO: Mapping[str, tuple[str, ...]] = {
    "time": ("tick",),
    "user": ("user_signs_in", "user_signs_out"),
    "Entra": ("entra_disables_device", "entra_disables_user"),
    "site": ("site_confirms_registration",),
    "administrator": (
        "administrator_approves_client",
        "administrator_blocks_client",
        "administrator_deletes_client",
        "administrator_renews_signing_key",
    ),
    "fault": (
        "connection_point_goes_down",
        "connection_point_comes_back",
        "second_connection_point_goes_down",
        "second_connection_point_comes_back",
        "crl_traffic_is_blocked",
        "crl_traffic_passes_again",
    ),
    "loss": ("reply_is_lost", "entra_does_not_answer", "cloud_fails"),
    "adversary": (
        "adversary_shows_wrong_certificate",
        "adversary_shows_stolen_certificate",
        "adversary_stops_intercepting",
        "adversary_captures_token",
        "adversary_reads_cache",
        "adversary_forgets",
    ),
    "offer": OFFERS,
    "way": OFFER_GOES,
    "patience": ("ccmsetup_gives_up",),
    "work": tuple(dict.fromkeys(event for of in (RETRIES, QUEUES) for events in of.values() for event in events)),
}
STIMULI: Mapping[str, str] = {event: who for who, events in _WHO.items() for event in events}
"""The events that whoever runs the lab makes, and of what kind each is."""

_AT_CP = ("cp_sends_to_mp", "mp_wants_client_certificate", "mp_binding_is_wrong")
CP_SENDS: Mapping[int, tuple[str, ...]] = {1: _AT_CP, 2: tuple(OWN_EVENTS[event] for event in _AT_CP)}
"""What may come of it when a connection point turns to the management point, by its number."""
FORWARDS: Mapping[int, str] = {1: "cmg_forwards_request", 2: OWN_EVENTS["cmg_forwards_request"]}
CP_RETURNS: Mapping[int, str] = {1: "cp_returns_reply", 2: OWN_EVENTS["cp_returns_reply"]}

OBSERVED: Mapping[str, str] = {
    "tls_succeeds": "the client opens a connection to the CMG",
    **dict.fromkeys(TLS_FAILURES, "the client refuses the certificate that is shown on the CMG's name"),
    **dict.fromkeys(CLIENT_SENDS, "a request of the client to the CMG"),
    **dict.fromkeys(DIRECT_SENDS, "a request of the client to the management point itself"),
    "ask_for_device_token": "a request of the client to Entra",
    "ask_for_user_token": "a request of the client to Entra",
    "entra_issues_device_token": "Entra's reply",
    "entra_refuses_device_token": "Entra's reply",
    "entra_issues_user_token": "Entra's reply",
    "entra_refuses_user_token": "Entra's reply",
    **dict.fromkeys(FORWARDS.values(), "a request of the CMG to a connection point"),
    **{event: "a connection point turns to the management point" for events in CP_SENDS.values() for event in events},
    "mp_answers": "the management point's reply to a connection point",
    "mp_answers_directly": "the management point's reply to whoever asked it",
    **dict.fromkeys(CP_RETURNS.values(), "a connection point's reply to the CMG"),
    "cmg_returns_reply": "the CMG's reply",
    "ccmsetup_downloads_from_cloud": "a request of the client to the cloud storage",
    "cloud_serves_content": "the cloud storage's reply",
    "cloud_refuses_content_token": "the cloud storage's reply",
}
"""The events that cross a wire, and as what."""

_DECIDES: Mapping[str, tuple[str, ...]] = {
    "client": (
        "ccmsetup_takes_pki_certificate", "ccmsetup_uses_certificate_instead", "ccmsetup_asks_the_cmg",
        "ccmsetup_has_entra_properties", "ccmsetup_finds_no_tenant", "ccmsetup_takes_entra_token",
        "ccmsetup_attempt_fails", "ccmsetup_caches_ccm_token", "ccmsetup_finds_token_dead",
        "ccmsetup_downloads_from_mp", "ccmsetup_verifies_content", "ccmsetup_rejects_content",
        "ccmsetup_starts_client_msi", "client_msi_finishes",
        "registration_starts", "registration_validates_certificates", "registration_takes_entra_token",
        "registration_falls_back_to_certificate", "registration_falls_back_to_windows",
        "registration_falls_back_to_anonymous", "registration_attempt_fails", "registration_processes_confirmation",
        "registration_cannot_be_stored", "site_is_assigned",
        "messaging_needs_new_token", "messaging_finds_token_ending", "messaging_takes_entra_token",
        "messaging_caches_new_token", "messaging_caches_renewed_token", "messaging_uses_old_token",
        "messaging_renewal_fails", "messaging_has_no_live_token",
        "entra_app_is_not_known", "device_key_is_not_there", "wam_serves_cached_device_token",
        "windows_lacks_device_token_api", "wam_serves_cached_user_token", "no_user_is_signed_in",
        "create_connection", "enable_revocation_check",
    ),
    "CMG": (
        "cmg_gives_entra_properties", "cmg_withholds_entra_properties", "cmg_does_not_publish",
        "cmg_refuses_credential", "cmg_has_no_way_on",
    ),
    "connection point": tuple(
        event
        for first in ("cp_switches_to_internal_url", "cp_refuses_unmapped", "cp_refuses_credential")
        for event in (first, OWN_EVENTS[first])
    ),
    "management point": (
        "sts_starts_request", "sts_validates_entra_token", "sts_finds_identity", "sts_creates_token", *STS_ENDS,
        "mp_starts_registration", "mp_validates_registration_token", "mp_takes_registration_certificate",
        "mp_takes_windows_proof", "mp_takes_altauth_proof", "mp_takes_no_proof", *REGISTRATION_ENDS,
        "mp_gives_site_information", "mp_serves_client_files", "mp_gives_content_locations", "mp_sends_content",
        "mp_serves_policy", "mp_has_no_database", "mp_refuses_call", "mp_does_not_have_endpoint",
    ),
}  # fmt: skip
INTERNAL: Mapping[str, str] = {event: host for host, events in _DECIDES.items() for event in events}
"""The events that nobody sees, and the host inside of which each happens."""


def silent(network: Network, works: frozenset[Work] = frozenset(Work)) -> frozenset[str]:
    """The internal events that may happen while these works go on.

    The servers' always may. A component of the client does nothing while it is not at work.
    """
    at_work = SHARED.union(*(COMPONENTS[work] for work in works)) if works else frozenset()
    return frozenset(
        name
        for name, host in INTERNAL.items()
        if name in network.event and (host != "client" or network.event[name].controller in at_work)
    )
