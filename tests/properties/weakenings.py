"""For each property one edit of the model that breaks it, at the hop it speaks of, and the environment that shows it.

`where` is what differs from the healthy environment; `OUTSIDER`, `INSIDER` and the like name the powers of an
adversary. A property that is expected to fail has no edit: it is broken as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ccmproof.model.kernel.actor import clear, put, recv, send, take
from ccmproof.model.kernel.edit import (
    AddRow,
    DropEffect,
    DropRow,
    Edit,
    SetDest,
    SetEffect,
    SetGuard,
    SetParameter,
    SetPredicate,
)
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow.scenarios import HEALTHY, NOBODY, SCENARIOS


@dataclass(frozen=True)
class Weakening:
    """``edit`` breaks the property in the healthy environment with ``where`` changed, and with these extensions.

    What is about time needs the time and the pins of the scenario ``within``.
    """

    property: str
    edit: Edit | None
    where: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    within: str = ""

    @property
    def site(self) -> Scenario:
        """The environment that shows it."""
        if self.within:
            scenario = SCENARIOS[self.within]
            return replace(scenario, pins={**HEALTHY, **scenario.pins, **self.where})
        return Scenario("weakened", "", None, {**HEALTHY, **self.where}, self.extensions)


NO_DEVICE_TOKEN = {"device_app": "not_enabled"}
NO_TOKEN = {"device_app": "not_enabled", "user_kind": "nobody"}
PKI = {"pki": "valid"}
NO_USER = {"user_kind": "nobody"}
ALONE = {"adversary": "present", "join": "not_joined", "wpj": "absent", "user_kind": "nobody"}
"""The adversary beside a device that gets nowhere: what he can do without the client is found on a small product."""
OUTSIDER = ALONE | {"direct": "yes"}
ANONYMOUS = OUTSIDER | {"mp_mode": "ehttp"}
FOREIGNER = OUTSIDER | {"adversary_account": "other_tenant"}
INSIDER = ALONE | {"cmg_compromised": "yes"}
FOREIGN_INSIDER = INSIDER | {"adversary_account": "other_tenant"}
WIRETAPPER = {"adversary": "present", "adversary_key": "cmg_key", "user_kind": "nobody"}
FOREIGN_USER = NO_DEVICE_TOKEN | {"user_kind": "other_tenant", "other_tenant_onboarded": "yes"}
FIRST_COME = {"registration_rebinds": "no", "administrator_acts": "off", "entra_disables": "off"}
ANYBODY_IS_TAKEN = SetPredicate("registration_may_name_the_client", "not registrant_is_a_stranger")

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
    Weakening("S-01w", DropEffect("ccmsetup", "ccmsetup_sends_sts_request", "request")),
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
    Weakening("N-06", ANYBODY_IS_TAKEN, FIRST_COME, within="squatter"),
    Weakening("N-06s", ANYBODY_IS_TAKEN, FIRST_COME | {"entra_disables": "on"}, within="squatter"),
    Weakening("S-98q", SetGuard("registration_manager", "mp_asks_to_resend", "site_database is up and not"
                                " registrant_is_a_stranger and not client_is_blocked"), FIRST_COME, within="squatter"),
    Weakening("S-16d", DropEffect("registration_manager", "mp_registers_client", "site_record.device")),
    Weakening("R-41", SetPredicate(
        "registration_may_name_the_client",
        "not registrant_is_a_stranger and (registrant_made_the_record or site_record.status is absent)"), FIRST_COME,
              within="squatter"),
    Weakening("R-42", SetPredicate("registrant_made_the_record",
              "request.sender is client and site_record.device is client"), FIRST_COME, within="squatter"),
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

INSTALLS_ONCE = SetGuard("ccmsetup", "ccmsetup_tries_again", "false")
REGISTERS_ONCE = SetGuard("registration", "registration_tries_again", "false")
SENDS_ONCE = SetGuard("messaging", "messaging_tries_again", "false")

EXTENSIONS = (
    Weakening("SEC-22", SetPredicate("certificate_chain_good", "true"),
              NO_USER | {"adversary": "present"}, ("policy_signing",)),
    Weakening("S-42", SetPredicate("client_uses_certificate", "registration.approval is 2"), PKI, ("ageing",)),
    Weakening("R-10", DropRow("entra_properties", "cmg_returns_reply", index=1), PKI, ("ageing",)),
    Weakening("R-11", SetGuard("administrator", "administrator_onboards_tenant", "false"),
              {"tenant": "not_onboarded"}, ("later",)),
    Weakening("R-12", SetGuard("mp_internet", "mp_regains_internet", "false"), {"mp_internet": "no"}, ("later",)),
    Weakening("L-14", SetPredicate("ccmsetup_lost_certificate", "false"), PKI | {"properties_given": "yes"},
              ("ageing",)),
    Weakening("L-14k", SetPredicate("ccmsetup_lost_certificate", "false"), PKI | {"properties_given": "yes"},
              ("ageing",)),
    Weakening("L-15", INSTALLS_ONCE, {"tenant": "not_onboarded"}, ("later",)),
    Weakening("L-17", INSTALLS_ONCE, {"mp_internet": "no"}, ("later",)),
    Weakening("N-11", AddRow("entra_request", send(
        "wam_serves_cached_user_token", "idle", "got_user",
        "can_ask and not for_the_user and wam.user.life is live and wam.device.life is not live")), within="fallback"),
    Weakening("S-21", SetGuard("exchange.two", "first_user_asks_by_two", "client_is_registered"), NO_USER,
              ("in_flight",)),
    Weakening("N-09", AddRow("exchange.one", send("reply_one_is_cached", "given_up", "idle", "way.one is homeward",
              take("entry.first_user", "flight.one", when="flight.one.account is first_user"))), NO_USER,
              ("in_flight",)),
    Weakening("SEC-18", SetEffect("sts_for_users", "sts_answers_one", "flight.one.owner",
              put("flight.one.owner", "first_user")), NO_USER, ("in_flight",)),
    Weakening("SEC-23", SetPredicate("bulk_token_alive", "true"), NOBODY, ("bulk",)),
    Weakening("SEC-23r", SetPredicate("mp_serves_device", "bulk_request.endpoint is policy"), NOBODY, ("bulk",)),
    Weakening("R-13", SetPredicate(
        "mp_serves_device", "bulk_request.endpoint is policy and bulk_request.token is own and bulk_token_alive"),
              NOBODY, ("bulk",)),
)  # fmt: skip

DEAD_TOKENS_ACCEPTED = SetPredicate("mp_lifetime_good", "true")
CLOUD_OPEN = SetGuard("cloud_store", "cloud_serves_content", "")
RENEWED_EVERY_TIME = SetGuard("messaging", "messaging_finds_token_ending", "connection is open")

IN_TIME = (
    Weakening("SEC-15a", DEAD_TOKENS_ACCEPTED, NO_USER, within="half-hourly"),
    Weakening("SEC-15u", DEAD_TOKENS_ACCEPTED, {"users_come_and_go": "off"}, within="fallback"),
    Weakening("SEC-15b", CLOUD_OPEN, NO_USER, within="half-hourly"),
    Weakening("SEC-15c", None, NO_USER, within="half-hourly"),
    Weakening("SEC-17b", CLOUD_OPEN, NO_USER, within="blocked"),
    Weakening("SEC-17c", None, NO_USER, within="blocked"),
    Weakening("N-13", AddRow("tenant_switch", recv("tick", "left_0", "left_0")), NO_USER, within="tenant-off"),
    Weakening("N-18", RENEWED_EVERY_TIME, within="outage"),
    Weakening("L-18", RENEWED_EVERY_TIME, within="outage"),
    Weakening("L-18o", SetPredicate("old_token_will_do", "false"), {"use_old_on_failed_renewal": "yes"},
              within="outage"),
    Weakening("N-11t", DEAD_TOKENS_ACCEPTED, {"users_come_and_go": "off"}, within="fallback"),
    Weakening("N-11n", None, {"users_come_and_go": "off"}, within="fallback"),
    Weakening("N-02", SetGuard("messaging", "messaging_sends_message", "connection is open", source="sending"),
              {"recheck_after_renewal": "yes"}, within="skew"),
    Weakening("N-02f", None, within="skew"),
)  # fmt: skip

NO_CRL = {"crl": "unreachable"}
FAULTS = {"faults_happen": "on"}

PROMISES = (
    Weakening("L-01", REGISTERS_ONCE),
    Weakening("L-02", SetGuard("entra_request", "ask_for_user_token", "false", source="device_failed"),
              NO_DEVICE_TOKEN),
    Weakening("L-04", INSTALLS_ONCE, FAULTS, ("passing",)),
    Weakening("L-05", SENDS_ONCE),
    Weakening("L-07", INSTALLS_ONCE, {"content_in_cloud": "no"}),
    Weakening("L-08", SetGuard("registration", "registration_asks_again", "false")),
    Weakening("L-09", REGISTERS_ONCE),
    Weakening("L-10", SetGuard("ccmsetup", "ccmsetup_sends_download_request", "false"), {"content_in_cloud": "no"}),
    Weakening("L-11", SetPredicate("second_cp_is_connected", "false"), FAULTS | {"cp_count": "2"}, ("passing",)),
    Weakening("L-12", None, NO_CRL | {"nocrlcheck": "yes"}),
    Weakening("L-13", SENDS_ONCE, NO_CRL | {"site_option": "off"}),
    Weakening("L-19", SetGuard("user_session", "user_signs_in", "false"),
              NO_DEVICE_TOKEN | {"users_come_and_go": "on"}),
    Weakening("L-20", INSTALLS_ONCE, NO_TOKEN),
    Weakening("L-21", INSTALLS_ONCE),
    Weakening("N-03", SetParameter("messaging_drops_on_401", "no"),
              {"administrator_acts": "on", "messaging_drops_on_401": "yes"}),
    Weakening("N-05", SetGuard("registration", "registration_falls_back_to_certificate", "false"),
              PKI | {"wpj": "absent"}),
    Weakening("N-15", REGISTERS_ONCE),
)  # fmt: skip
"""What a promise needs is that somebody tries again, falls back or comes back."""

CLAUSES = (
    Weakening("N-01", SetPredicate("mp_signature_good", "true"), OUTSIDER),
    Weakening("N-01", SetPredicate("mp_owner_is_caller", "true"), FOREIGNER | {"other_tenant_onboarded": "yes"}),
    Weakening("N-01", SetPredicate(
        "mp_accepts_ccm_token",
        "request.kind is ccm and mp_tenant_good and mp_audience_good and mp_signature_good and mp_lifetime_good"
        " and mp_owner_is_caller"), FOREIGNER | {"other_tenant_onboarded": "yes"}),
    Weakening("SEC-14", SetEffect("registration_manager", "mp_registers_client", "site_record.approval",
                                  put("site_record", approval="1")), ANONYMOUS),
    Weakening("SEC-22", SetPredicate("policy_signature_good", "true"),
              {"signing_certificate_given": "yes", "adversary_key": "cmg_key"}, ("policy_signing",)),
    Weakening("SEC-18", SetGuard("exchange.one", "reply_one_is_mistaken",
                                 "way.one is homeward and exchange.two is awaited"), NO_USER, ("in_flight",)),
    Weakening("SEC-23", SetPredicate("mp_takes_bulk_token", "bulk_request.token is bulk and bulk_token_alive"),
              NOBODY, ("bulk",)),
    Weakening("S-19o", SetEffect("registration", "registration_processes_confirmation", "assigned_id",
              take("assigned_id", "peer.reply.assigned")), {"administrator_acts": "off"}, within="two-clients"),
)  # fmt: skip
"""Clauses that a property's own weakening does not show.

The headline property: signed by the site, the caller's own, and with CcmTokenAuth=1. SEC-14: in the client's name.
SEC-22: signed by the site, where the certificate was given. SEC-18: used for another, where each token was made for the
right one. SEC-23: the block. S-19o: the ClientID.
"""

HONEST = {"registration_rebinds": "no", "entra_tokens_are_copied": "no", "conflicting_records": "merged"}
SAME_IMAGE = {"registration_rebinds": "no", "carried_id": "client", "peer.carried_id": "client"}
NAMED_IS_GIVEN = SetPredicate("peer_registration_may_name_the_client", "not peer_registrant_is_a_stranger")
BLOCKED_TOGETHER = SetPredicate("peer_client_is_blocked", "block is set")

TWO_CLIENTS = (
    Weakening("N-01o", SetPredicate("peer_mp_owner_is_caller", "true"), HONEST, within="copied-token"),
    Weakening("SEC-21o", None, HONEST, within="copied-token"),
    Weakening("SEC-21p", SetPredicate("peer_mp_knows_signature", "true"), HONEST, within="copied-token"),
    Weakening("SEC-08o", SetEffect("peer.sts", "peer_sts_creates_token", "peer.reply.owner", (
        *take("peer.reply", "peer.request", "owner", when="peer.request.claims is not client"),
        *put("peer.reply.owner", "device", when="peer.request.claims is client"),
    )), HONEST, within="copied-token"),
    Weakening("N-06o", NAMED_IS_GIVEN, HONEST, within="copied-token"),
    Weakening("N-06d", None, SAME_IMAGE | {"carried_id": "peer", "peer.carried_id": "peer"}, within="copied-image"),
    Weakening("N-15o", SetParameter("conflicting_records", "kept"), HONEST, within="copied-token"),
    Weakening("N-15l", SetEffect("registration", "registration_sends_request", "request.claims", (
        *put("request.claims", "client", when="registration.proof is entra and site_record.status is absent"),
        *put("request.claims", "peer", when="not (registration.proof is entra and site_record.status is absent)"),
    )), {"conflicting_records": "kept", "administrator_acts": "off"}, within="two-clients"),
    Weakening("N-15t", NAMED_IS_GIVEN, SAME_IMAGE, within="copied-image"),
    Weakening("S-19o", SetEffect("ccmsetup", "ccmsetup_caches_ccm_token", "cache.system",
              take("cache.system", "peer.reply")), {"administrator_acts": "off"}, within="two-clients"),
    Weakening("L-09o", REGISTERS_ONCE, {"administrator_acts": "off"}, within="two-clients"),
    Weakening("SEC-17o", BLOCKED_TOGETHER, within="two-clients"),
    Weakening("S-14o", SetEffect("administrator", "administrator_deletes_client", "peer.site_record",
              clear("peer.site_record")), within="two-clients"),
    Weakening("R-14", BLOCKED_TOGETHER, within="two-clients"),
)  # fmt: skip

ALL = (*INSTALL, *TOKENS, *REGISTRATION, *TRANSPORT, *SECURITY, *EXTENSIONS, *PROMISES, *IN_TIME, *TWO_CLIENTS)
WEAKENINGS = {each.property: each for each in ALL}
