"""The document's own walks, step by step: the installation, the registration, the renewal.

Each step names the event, the statements it stands for, and what is true after it. The device token fails and the
user's is taken, as the document's log shows; the content comes from the cloud. The walks belong together: each begins
where the one before it has ended.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WalkStep:
    """One step: the event, the statements, and a condition on the state after it."""

    event: str
    cites: str
    then: str


@dataclass(frozen=True)
class Walk:
    """A named walk. ``follows`` is the walk that it begins after."""

    name: str
    title: str
    steps: tuple[WalkStep, ...]
    follows: str = ""


def _step(event: str, cites: str, then: str) -> WalkStep:
    return WalkStep(event, cites, then)


CONNECT = (
    _step("create_connection", "I1.8", "connection is created"),
    _step("enable_revocation_check", "I1.7 I1.8", "connection is revocation_checked"),
    _step("tls_succeeds", "I1.5 X2", "connection is open"),
)
"""Connection first, revocation check enabled on it after."""

INWARD = (
    _step("cmg_forwards_request", "I3.2", "cmg is waiting and connection_point is holding"),
    _step("cp_switches_to_internal_url", "I3.3", "connection_point is rewritten"),
    _step("cp_sends_to_mp", "I3.3 X4", "management_point is holding and request.via is gateway"),
)
"""From the CMG to the management point."""

BACK = (
    _step("mp_answers", "I3.4", "connection_point is returning"),
    _step("cp_returns_reply", "I3.4", "cmg is returning"),
    _step("cmg_returns_reply", "I3.4", "cmg is idle and connection is closed and request.sender is nobody"),
)
"""The reply returns the same way."""

STS = (
    _step("sts_starts_request", "I3.4", "sts is validating"),
    _step("sts_validates_entra_token", "I3.4 I3.7", "sts is looking_up"),
    _step("sts_finds_identity", "I3.4", "sts is creating"),
    _step("sts_creates_token", "I3.4 I3.6", "reply.kind is ccm and reply.owner is user and reply.life is whole"),
    _step("sts_issues_token", "I3.4", "reply.status is ok and management_point is answering"),
)
"""Validated, looked up, created, issued, returned: in that order."""

SENT_TO_STS = "request.kind is entra_user and request.endpoint is sts and request.path is server_auth"
TOKEN_ATTACHED = "request.kind is ccm and request.token_auth is yes and request.path is server_auth"

INSTALL = Walk(
    "install",
    "The client is installed with the user's token",
    (
        _step("ccmsetup_asks_the_cmg", "I1.1 I1.2", "ccmsetup is asking_aad_info and install_mode is entra"),
        *CONNECT,
        _step("ccmsetup_sends_aad_info_request", "I1.2 I1.4",
              "request.endpoint is aad_info and request.path is server_auth and request.token_auth is no"),
        _step("cmg_gives_entra_properties", "I1.2", "reply.status is ok"),
        _step("cmg_returns_reply", "I1.2", "entra_properties is known and ccmsetup is getting_entra_token"),
        _step("ask_for_device_token", "I2.1", "entra_request is asking_device"),
        _step("entra_refuses_device_token", "I2.2", "entra_request is device_failed"),
        _step("ask_for_user_token", "I2.2 I2.5", "entra_request is asking_user"),
        _step("entra_issues_user_token", "I2.2 I3.7", "entra_request is got_user and wam.user.kind is entra_user"),
        _step("ccmsetup_takes_entra_token", "I2.2", "ccmsetup is sending_sts"),
        *CONNECT,
        _step("ccmsetup_sends_sts_request", "I3.0 I3.1", SENT_TO_STS),
        *INWARD,
        *STS,
        *BACK,
        _step("ccmsetup_caches_ccm_token", "I4.1 I2.5",
              "cache.system.life is live and cache.system.owner is user and cache.system.names is provisional"),
        *CONNECT,
        _step("ccmsetup_sends_location_request", "I4.2", f"request.endpoint is location and {TOKEN_ATTACHED}"),
        *INWARD,
        _step("mp_gives_site_information", "I4.2", "reply.status is ok"),
        *BACK,
        *CONNECT,
        _step("ccmsetup_checks_client_files", "I4.2b", f"request.endpoint is client_files and {TOKEN_ATTACHED}"),
        *INWARD,
        _step("mp_serves_client_files", "I4.2b", "reply.status is ok"),
        *BACK,
        *CONNECT,
        _step("ccmsetup_sends_content_location_request", "I4.2c",
              f"request.endpoint is content_location and {TOKEN_ATTACHED}"),
        *INWARD,
        _step("mp_gives_content_locations", "I4.2c", "reply.status is ok and content_token.life is whole"),
        *BACK,
        _step("ccmsetup_downloads_from_cloud", "I4.4", "ccmsetup is downloading_from_cloud"),
        _step("cloud_serves_content", "I4.4", "ccmsetup is downloaded"),
        _step("ccmsetup_verifies_content", "I4.3", "ccmsetup is verified"),
        _step("ccmsetup_starts_client_msi", "I4.3", "ccmsetup is installing"),
        _step("client_msi_finishes", "R1.1", "ccmsetup is installed"),
    ),
)  # fmt: skip

REGISTRATION = Walk(
    "registration",
    "The client is registered with approval 3 and caches a new CCM token",
    (
        _step("site_is_assigned", "R1.2 R1.4", "site_assignment is as_commanded"),
        _step("registration_starts", "R1.1 R1.2", "registration is starting"),
        _step("registration_validates_certificates", "R5", "registration is getting_entra_token"),
        _step("ask_for_device_token", "R2.1 R2.2", "entra_request is asking_device"),
        _step("entra_refuses_device_token", "R2.2", "entra_request is device_failed"),
        _step("wam_serves_cached_user_token", "R2.2 A25", "entra_request is got_user"),
        _step("registration_takes_entra_token", "R2.2", "registration.proof is entra"),
        *CONNECT,
        _step("registration_sends_request", "R3.1", "request.endpoint is registration and request.kind is entra_user"),
        *INWARD,
        _step("mp_starts_registration", "R3.1", "registration_manager is proving"),
        _step("mp_validates_registration_token", "R3.1 I3.7", "registration_manager is proven_by_entra"),
        _step("mp_registers_client", "R3.2",
              "site_record.status is registered and site_record.approval is 3 and reply.approval is 3"),
        *BACK[:-1],
        _step("cmg_returns_reply", "R3.2", "registration is confirmed"),
        _step("registration_processes_confirmation", "R3.2 R3.3",
              "registration is registered and registration.approval is 3 and registration.client_id is assigned"),
        _step("messaging_needs_new_token", "R4.0", "messaging is getting_entra_token and message.account is system"),
        _step("ask_for_device_token", "R4.0", "entra_request is asking_device"),
        _step("entra_refuses_device_token", "R4.0", "entra_request is device_failed"),
        _step("wam_serves_cached_user_token", "R4.0", "entra_request is got_user"),
        _step("messaging_takes_entra_token", "R4.0", "messaging is sending_sts"),
        *CONNECT,
        _step("messaging_sends_sts_request", "R4.0 R4.1", SENT_TO_STS),
        *INWARD,
        *STS,
        *BACK,
        _step("messaging_caches_new_token", "R4.0", "new_token is got and cache.system.names is client_id"),
    ),
    follows="install",
)  # fmt: skip

_RENEW = (
    *CONNECT,
    _step("messaging_finds_token_ending", "T2 T3", "messaging is getting_entra_token and connection is closed"),
)
_ASK = (
    _step("messaging_takes_entra_token", "T2", "messaging is sending_sts"),
    *CONNECT,
    _step("messaging_sends_sts_request", "T2", f"{SENT_TO_STS} and request.account is user"),
    *INWARD,
    *STS,
    *BACK,
    _step("messaging_caches_renewed_token", "T5",
          "cache.user.owner is user and cache.user.life is whole"),
    *CONNECT,
    _step("messaging_sends_message", "T4", f"request.endpoint is policy and request.account is user"
          f" and {TOKEN_ATTACHED}"),
    *INWARD,
    _step("mp_serves_policy", "T4", "reply.status is ok"),
    *BACK[:-1],
    _step("cmg_returns_reply", "T4 T5", "messaging is idle"),
)  # fmt: skip

RENEWAL = Walk(
    "renewal",
    "A message of the user's account finds its token expired, and goes out with a new one",
    (
        _step("user_message_is_queued", "T3", "message.account is user and messaging is sending"),
        *_RENEW,
        _step("wam_serves_cached_user_token", "T2 A25", "entra_request is got_user"),
        *_ASK,
        _step("tick", "T1", "wam.user.life is expired and cache.user.life is fresh"),
        _step("tick", "T1", "cache.user.life is near_expiry"),
        _step("tick", "T1", "cache.user.life is expired"),
        _step("user_message_is_queued", "T3", "message.account is user and messaging is sending"),
        *_RENEW,
        _step("ask_for_user_token", "T2", "entra_request is asking_user"),
        _step("entra_issues_user_token", "T2", "entra_request is got_user"),
        *_ASK,
    ),
    follows="registration",
)

WALKS = {walk.name: walk for walk in (INSTALL, REGISTRATION, RENEWAL)}
