"""For each property one edit of the model that breaks it, at the hop it speaks of, and the environment that shows it.

`where` is what differs from the healthy environment; `OUTSIDER`, `INSIDER` and the like name the powers of an
adversary. A property that is expected to fail has no edit: it is broken as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ccmproof.model.kernel.actor import put, send, take
from ccmproof.model.kernel.edit import (
    AddRow,
    DropEffect,
    DropRow,
    Edit,
    SetDest,
    SetEffect,
    SetGuard,
    SetPredicate,
)


@dataclass(frozen=True)
class Weakening:
    """``edit`` breaks the property in the healthy environment with ``where`` changed."""

    property: str
    edit: Edit | None
    where: Mapping[str, str] = field(default_factory=dict)


NO_DEVICE_TOKEN = {"device_app": "not_enabled"}
NO_TOKEN = {"device_app": "not_enabled", "user_kind": "nobody"}
PKI = {"pki": "valid"}
ALONE = {"adversary": "present", "join": "not_joined", "wpj": "absent", "user_kind": "nobody"}
"""The adversary beside a device that gets nowhere: what he can do without the client is found on a small product."""
OUTSIDER = ALONE | {"direct": "yes"}
ANONYMOUS = OUTSIDER | {"mp_mode": "ehttp"}
FOREIGNER = OUTSIDER | {"adversary_account": "other_tenant"}
INSIDER = ALONE | {"cmg_compromised": "yes"}
FOREIGN_INSIDER = INSIDER | {"adversary_account": "other_tenant"}
WIRETAPPER = {"adversary": "present", "adversary_key": "cmg_key", "user_kind": "nobody"}
FOREIGN_USER = NO_DEVICE_TOKEN | {"user_kind": "other_tenant", "other_tenant_onboarded": "yes"}

INSTALL = (
    Weakening("S-04", SetGuard("cmg", "cmg_gives_entra_properties", "request.endpoint is aad_info"),
              {"tenant": "not_onboarded"}),
    Weakening("S-31", SetEffect("ccmsetup", "ccmsetup_sends_aad_info_request", "request.path", put("request",
              path="mutual_auth"))),
    Weakening("S-32", SetPredicate("entra_app_is_known", "true")),
    Weakening("S-05", AddRow("entra_request", send(
        "ask_for_user_token", "idle", "asking_user",
        "can_ask and not for_the_user and someone_is_signed_in and wam.user.life is not live")), NO_DEVICE_TOKEN),
    Weakening("S-06", SetPredicate("device_can_sign", "device_is_joined"), {"wpj": "absent"}),
    Weakening("S-07", SetDest("ccmsetup", "ccmsetup_attempt_fails", "verified"), NO_TOKEN),
    Weakening("S-08", SetPredicate("ccmsetup_takes_certificate", "false"), PKI),
    Weakening("L-03", SetDest("ccmsetup", "ccmsetup_attempt_fails", "verified"), NO_TOKEN),
    Weakening("S-09", SetDest("ccmsetup", "cmg_returns_reply", "asking_content", source="waiting_for_site", index=0)),
    Weakening("S-09h", SetGuard("ccmsetup", "ccmsetup_verifies_content", ""), {"content_hash": "bad"}),
    Weakening("N-17", SetGuard("cloud_store", "cloud_serves_content", "")),
    Weakening("S-11", SetGuard("registration", "registration_starts", "ccmsetup is attempt_failed"), NO_TOKEN),
    Weakening("R-01", DropRow("ccmsetup", "ccmsetup_downloads_from_cloud")),
    Weakening("R-02", SetGuard("ccmsetup", "ccmsetup_takes_entra_token", "entra_request is got_device"),
              NO_DEVICE_TOKEN),
    Weakening("R-03", DropRow("ccmsetup", "ccmsetup_downloads_from_mp"), {"content_in_cloud": "no"}),
    Weakening("R-04", DropRow("ccmsetup", "ccmsetup_takes_pki_certificate"), PKI),
)  # fmt: skip

TOKENS = (
    Weakening("S-01", SetGuard("ccmsetup", "ccmsetup_takes_entra_token", "entra_request is denied"), NO_TOKEN),
    Weakening("S-02", SetPredicate("ccmsetup_may_call", "true")),
    Weakening("S-02m", SetGuard("messaging", "messaging_sends_message", "connection is open", source="sending")),
    Weakening("SEC-08", SetDest("sts", "sts_starts_request", "looking_up")),
    Weakening("S-33", SetDest("sts", "sts_validates_entra_token", "creating")),
    Weakening("N-12", SetPredicate("sts_knows_user", "true"), NO_DEVICE_TOKEN | {"user_discovered": "no"}),
    Weakening("S-18", SetEffect("sts", "sts_creates_token", "reply.life", put("reply", life="left_1"))),
    Weakening("S-18e", SetEffect("ccmsetup", "ccmsetup_caches_ccm_token", "cache.system.life",
              put("cache.system", life="left_1"))),
    Weakening("S-20", SetEffect("messaging", "messaging_takes_entra_token", "cache.user.life",
              put("cache.user.life", "left_3", when="message.account is user and cache.user.life is not none"))),
    Weakening("L-16", SetEffect("sts", "sts_creates_token", "reply.life", put("reply", life="left_1"))),
    Weakening("S-34", SetEffect("sts", "sts_creates_token", "reply.owner", put("reply", owner="device")),
              NO_DEVICE_TOKEN),
    Weakening("S-19", SetPredicate("for_the_user", "false")),
    Weakening("S-35", SetEffect("ccmsetup", "ccmsetup_caches_ccm_token", "cache.system", take("cache.system",
              "wam.device"))),
    Weakening("S-27", SetGuard("messaging", "messaging_finds_token_ending", "connection is open")),
    Weakening("S-36", SetGuard("messaging", "system_message_is_queued", "client_is_registered")),
    Weakening("S-37", SetGuard("messaging", "messaging_needs_new_token", "registration is confirmed")),
    Weakening("S-15", SetEffect("sts", "sts_creates_token", "reply.names", put("reply", names="provisional"))),
    Weakening("R-05", SetGuard("messaging", "messaging_finds_token_ending", "false")),
    Weakening("R-06", DropRow("messaging", "user_message_is_queued")),
)  # fmt: skip

REGISTRATION = (
    Weakening("N-04", SetDest("registration", "registration_starts", "getting_entra_token")),
    Weakening("S-41", SetGuard("registration", "registration_starts", "ccmsetup is installed")),
    Weakening("S-38", SetGuard("registration", "registration_falls_back_to_certificate", "pki is valid"), PKI),
    Weakening("S-12a", SetEffect("registration_manager", "mp_registers_client", "site_record.approval",
                                 put("site_record", approval="3")), PKI),
    Weakening("S-12b", SetEffect("registration_manager", "mp_registers_client", "site_record.approval",
                                 put("site_record", approval="1"))),
    Weakening("N-07", SetPredicate("mp_takes_entra_registration", "request_bears_entra"), OUTSIDER),
    Weakening("S-14", DropEffect("registration", "registration_processes_confirmation", "registration.client_id")),
    Weakening("S-14c", SetEffect("messaging", "messaging_tries_again", "registration.approval",
                                 put("registration", approval="1"))),
    Weakening("S-14r", SetEffect("sts", "sts_issues_token", "site_record.approval",
                                 put("site_record.approval", "1", when="site_record.status is registered"))),
    Weakening("S-16", DropEffect("registration_manager", "mp_registers_client", "site_record.status")),
    Weakening("S-16c", None),
    Weakening("S-26", SetPredicate("mp_takes_entra_registration", "mp_accepts_entra_token"),
              NO_DEVICE_TOKEN | {"mp_mode": "ehttp"}),
    Weakening("N-16", SetGuard("messaging", "system_message_is_queued", "registration is not not_started")),
    Weakening("SEC-13", SetEffect("registration_manager", "mp_registers_client", "site_record.approval",
                                  put("site_record", approval="1")), ANONYMOUS),
    Weakening("N-06", SetPredicate("registration_may_name_the_client", "not registrant_is_a_stranger"), ANONYMOUS),
    Weakening("R-07", DropRow("registration_manager", "mp_validates_registration_token")),
    Weakening("R-08", DropRow("registration_manager", "mp_validates_registration_token"), NO_DEVICE_TOKEN),
    Weakening("R-09", DropRow("registration_manager", "mp_takes_registration_certificate"), PKI),
)  # fmt: skip

TRANSPORT = (
    Weakening("SEC-01", SetPredicate("certificate_name_good", "true"), {"cmg_name": "mismatch"}),
    Weakening("SEC-02a", SetPredicate("crl_in_hand", "true"), {"crl": "unreachable"}),
    Weakening("SEC-02b", SetPredicate("revocation_check_on", "security_settings is bootstrap and nocrlcheck is no")),
    Weakening("S-39", SetPredicate("revocation_check_on", "security_settings is refreshed and site_option is on")),
    Weakening("SEC-03", SetPredicate("revocation_passed", "crl_in_hand"), {"cmg_revoked": "yes"}),
    Weakening("SEC-03s", None, {"cmg_revoked": "yes", "nocrlcheck": "yes"}),
    Weakening("S-24", SetEffect("ccmsetup", "ccmsetup_sends_sts_request", "request.path", put("request",
              path="mutual_auth"))),
    Weakening("S-40", SetEffect("messaging", "messaging_sends_message", "request.token_auth", put("request",
              token_auth="no"),
                                source="sending")),
    Weakening("S-22", SetPredicate("cmg_publishes", "request.endpoint is not aad_info"),
              FOREIGNER | {"other_tenant_onboarded": "yes"}),
    Weakening("S-23", SetPredicate("cp_maps", "true"), INSIDER | {"cp_validates": "no"}),
    Weakening("S-25", SetPredicate("cp_maps", "request.endpoint not in {aad_info, unpublished}"),
              INSIDER | {"cp_validates": "no", "mp_mode": "http"}),
    Weakening("SEC-10", SetPredicate("mp_lets_cp_in", "mp_binding is ok"), {"cp_certificate": "absent"}),
    Weakening("SEC-10m", SetPredicate("mp_lets_cp_in", "not mp_demands_certificate or cp_has_certificate"),
              {"mp_binding": "wrong"}),
    Weakening("N-14", SetEffect("connection_point", "cp_switches_to_internal_url", "request.owner",
              put("request", owner="device")), NO_DEVICE_TOKEN),
)  # fmt: skip

SECURITY = (
    Weakening("N-01", SetPredicate("mp_lifetime_good", "true")),
    Weakening("SEC-04", SetPredicate("cmg_signature_good", "true"), OUTSIDER),
    Weakening("SEC-05a.cmg", SetPredicate("cmg_tenant_good", "true"), FOREIGNER),
    Weakening("SEC-05a.cp", SetPredicate("cp_tenant_good", "true"), FOREIGN_INSIDER),
    Weakening("SEC-05a.mp", SetPredicate("mp_tenant_good", "true"), FOREIGNER),
    Weakening("SEC-06.cmg", SetPredicate("cmg_audience_good", "true"), OUTSIDER),
    Weakening("SEC-06.cp", SetPredicate("cp_audience_good", "true"), INSIDER),
    Weakening("SEC-06.mp", SetPredicate("mp_audience_good", "true"), OUTSIDER),
    Weakening("SEC-07.cmg", SetPredicate("cmg_lifetime_good", "true")),
    Weakening("SEC-07.cp", SetPredicate("cp_lifetime_good", "true")),
    Weakening("SEC-07.mp", SetPredicate("mp_lifetime_good", "true")),
    Weakening("SEC-09.cmg", SetPredicate("cmg_signature_good", "true"), OUTSIDER),
    Weakening("SEC-09.cp", SetPredicate("cp_signature_good", "true"), INSIDER),
    Weakening("SEC-09.mp", SetPredicate("mp_signature_good", "true"), OUTSIDER),
    Weakening("S-03", SetPredicate("mp_tenant_matches", "true"), FOREIGN_USER),
    Weakening("SEC-05b", SetPredicate("mp_tenant_matches", "true"), FOREIGN_USER),
    Weakening("SEC-12", SetEffect("messaging", "messaging_sends_message", "request", take("request", "wam.device"),
                                  source="sending")),
    Weakening("SEC-24", SetPredicate("cmg_admits", "true"), ANONYMOUS | {"cp_validates": "no"}),
    Weakening("SEC-11", SetGuard("looting", "adversary_reads_cache", "cache.system.kind is not none"),
              {"adversary": "present", "adversary_reads": "as_local_user", "user_kind": "nobody"}),
    Weakening("SEC-14", SetPredicate("mp_signature_good", "true"), OUTSIDER),
    Weakening("SEC-17a", SetPredicate("client_is_blocked", "false"), {"administrator_acts": "on"}),
    Weakening("N-10", SetPredicate("client_is_blocked", "false"), {"administrator_acts": "on"}),
    Weakening("SEC-21b", None, {"adversary": "present", "adversary_reads": "as_system", "user_kind": "nobody"}),
    Weakening("N-08", None, WIRETAPPER | {"cmg_revoked": "yes", "nocrlcheck": "yes"}),
)  # fmt: skip

CLAUSES = (
    Weakening("N-01", SetPredicate("mp_signature_good", "true"), OUTSIDER),
    Weakening("N-01", SetPredicate("mp_owner_is_caller", "true"), FOREIGNER | {"other_tenant_onboarded": "yes"}),
    Weakening("N-01", SetPredicate(
        "mp_accepts_ccm_token",
        "request.kind is ccm and mp_tenant_good and mp_audience_good and mp_signature_good and mp_lifetime_good"
        " and mp_owner_is_caller"), FOREIGNER | {"other_tenant_onboarded": "yes"}),
)  # fmt: skip
"""The headline property clause by clause: signed by the site, the caller's own, and with CcmTokenAuth=1."""

WEAKENINGS = {each.property: each for each in (*INSTALL, *TOKENS, *REGISTRATION, *TRANSPORT, *SECURITY)}
