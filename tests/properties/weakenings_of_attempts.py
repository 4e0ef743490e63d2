"""The same for what says how one attempt follows another, and what the adversary has: one edit that breaks each."""

from __future__ import annotations

from ccmproof.model.kernel.actor import STAY, clear
from ccmproof.model.kernel.edit import (
    DropEffect,
    DropParticipant,
    DropRow,
    SetDest,
    SetEffect,
    SetGuard,
    SetInitial,
    SetPredicate,
    SetSource,
)

from .weakenings import ALONE, NO_DEVICE_TOKEN, NO_TOKEN, NO_USER, OUTSIDER, PKI, SAME_IMAGE, Weakening
from .weakenings_of_requests import BESIDE_A_CLIENT

CANNOT_STORE = {"state_persists": "no"}
USERS = {"users_come_and_go": "on"}
ADMINISTRATOR = {"administrator_acts": "on", "user_kind": "nobody"}
DISABLED = {"entra_disables": "on", "user_kind": "nobody"}
READER = BESIDE_A_CLIENT | {"adversary_reads": "as_system"}
WINDOWS = NO_DEVICE_TOKEN | USERS | {"join": "hybrid", "direct": "yes"}
REBINDER = BESIDE_A_CLIENT | {"direct": "yes", "mp_mode": "ehttp"}
POLICY, AGEING, IN_FLIGHT = ("policy_signing",), ("ageing",), ("in_flight",)

ATTEMPTS = (
    Weakening("S-91.ccmsetup", SetDest("ccmsetup", "ccmsetup_attempt_fails", "started"), NO_TOKEN),
    Weakening("S-91.registration", SetDest("registration", "registration_cannot_be_stored", "starting"), CANNOT_STORE),
    Weakening("S-91.messaging", SetDest("messaging", "messaging_renewal_fails", "getting_entra_token"), DISABLED),
    Weakening("S-91a.ccmsetup", SetDest("ccmsetup", "ccmsetup_has_no_certificate", "started"), PKI, AGEING),
    Weakening("S-91a.registration", SetDest("registration", "registration_has_no_certificate", "starting"), PKI,
              AGEING),
    Weakening("S-92.ccmsetup", SetSource("ccmsetup", "ccmsetup_tries_again", ("gave_up",)),
              {"tenant": "not_onboarded"}),
    Weakening("S-92.registration", SetSource("registration", "registration_tries_again", ("pending",)), CANNOT_STORE),
    Weakening("S-92.messaging", SetSource("messaging", "messaging_tries_again", ("sending",))),
    Weakening("S-91b", SetDest("ccmsetup", "cloud_refuses_content_token", "started")),
    Weakening("S-83", SetDest("registration", "registration_cannot_be_stored", "not_started"), CANNOT_STORE),
    Weakening("S-93", SetPredicate("can_ask", "entra_token_is_wanted and entra_app_is_known"),
              {"wpj": ("ok", "absent")}),
    Weakening("S-93d", SetGuard("entra_request", "ask_for_device_token",
                                "can_ask and wam.device.life is not live and os is ok")),
    Weakening("S-93u", SetPredicate("someone_is_signed_in", "user_kind is not nobody"), NO_DEVICE_TOKEN | USERS),
    Weakening("S-93n", SetGuard("entra_request", "no_user_is_signed_in", "", source="device_failed"),
              NO_DEVICE_TOKEN | USERS),
    Weakening("S-93a", SetGuard("entra_request", "no_user_is_signed_in", "not someone_is_signed_in", source="idle"),
              NO_USER),
    Weakening("R-40", DropRow("entra_request", "no_user_is_signed_in", source="idle"), USERS),
    Weakening("S-93w", SetGuard("entra_request", "ask_for_device_token", "can_ask and not for_the_user and os is ok")),
    Weakening("S-94", DropParticipant("entra_request", "ccmsetup_sends_sts_request")),
    Weakening("S-95", SetEffect("ccmsetup", "ccmsetup_caches_ccm_token", "wam.device", clear("wam.device"))),
    Weakening("S-96", SetDest("line", "registration_cannot_be_stored", "taken"), CANNOT_STORE),
    Weakening("S-97", DropEffect("registration_manager", "mp_asks_to_resend", "reply.outcome")),
    Weakening("S-97c", DropEffect("registration_manager", "mp_registers_client", "reply.approval")),
    Weakening("S-98", SetGuard("registration_manager", "mp_registers_client", "site_database is up")),
    Weakening("S-98p", SetGuard("registration_manager", "mp_leaves_registration_pending", "site_database is up"),
              CANNOT_STORE),
    Weakening("R-37", DropRow("connection_point.service", "connection_point_comes_back"), {"faults_happen": "on"}),
    Weakening("R-38", DropRow("second_connection_point.service", "second_connection_point_comes_back"),
              {"faults_happen": "on"}),
    Weakening("S-98r", SetGuard("registration_manager", "mp_rejects_rebinding", ""), REBINDER),
    Weakening("S-98a", SetGuard("administrator", "administrator_deletes_client", "administrator_acts is on"),
              ADMINISTRATOR),
    Weakening("S-99", SetGuard("messaging", "messaging_uses_old_token", "entra_request is denied and new_token is got"),
              DISABLED | {"use_old_on_failed_renewal": ("no", "yes")}),
    Weakening("S-100", DropEffect("administrator", "administrator_renews_signing_key", "cache.system.signer"),
              ADMINISTRATOR),
    Weakening("S-101", DropEffect("messaging", "messaging_caches_renewed_token", "cache.system", "names"),
              ADMINISTRATOR),
)  # fmt: skip

PROOFS = (
    Weakening("S-43.a", SetPredicate("mp_takes_certificate_registration", "mp_accepts_certificate"),
              PKI | {"mp_mode": ("https", "ehttp")}),
    Weakening("S-43.b", SetPredicate("mp_takes_windows_registration", "request.kind in {windows, entra_user}"),
              WINDOWS),
    Weakening("S-43.c", SetPredicate("mp_takes_altauth_registration", "request.kind is none and altauth is yes"
                                     " and request.via is direct"),
              OUTSIDER | {"altauth": "yes", "mp_mode": ("https", "ehttp")}),
    Weakening("S-43.d", SetPredicate("mp_takes_unproven_registration", "request.kind in {none, ccm}"),
              OUTSIDER | {"mp_mode": ("https", "ehttp")}),
    Weakening("S-43.e", SetPredicate("windows_proof_is_possible", "direct is yes"), NO_DEVICE_TOKEN | USERS
              | {"join": ("entra", "hybrid"), "direct": "yes"}),
    Weakening("S-43.f", SetPredicate("anonymous_is_possible", "anonymous_fallback is yes"),
              NO_DEVICE_TOKEN | USERS | {"anonymous_fallback": "yes"}),
    Weakening("S-43.g", SetGuard("registration", "registration_falls_back_to_certificate", "entra_request is denied"),
              NO_DEVICE_TOKEN | USERS | {"pki": ("none_there", "valid")}),
    Weakening("S-43.h", SetGuard("registration", "registration_attempt_fails", "entra_request is denied"),
              NO_DEVICE_TOKEN | USERS | {"join": "hybrid", "direct": ("no", "yes")}),
    Weakening("S-43.i", SetGuard("site_assignment", "site_is_assigned", "")),
    Weakening("S-43.j", SetGuard("security_settings", "security_settings_are_refreshed", "")),
)  # fmt: skip

ADVERSARY = (
    Weakening("S-110", SetInitial("loot.kind", ("none", "entra_device")), READER),
    Weakening("S-110f", SetGuard("looting", "adversary_forgets", ""), READER),
    Weakening("S-110r", SetGuard("looting", "adversary_reads_cache", "cache.system.life is not none"),
              READER | {"adversary_reads": ("nothing", "as_system")}),
    Weakening("S-110c", SetGuard("looting", "adversary_captures_token", "cmg is holding and request.sender is client"),
              BESIDE_A_CLIENT | {"adversary_key": ("none_there", "cmg_key")}),
    Weakening("S-73s", SetSource("interception", "adversary_stops_intercepting", ("none_there",)), ALONE),
    Weakening("S-110k", DropEffect("looting", "adversary_reads_cache", "loot", "signer"), READER),
    Weakening("S-111", DropEffect("adversary_call", "adversary_replays_loot", "request", "signer"), READER),
    Weakening("S-112", DropEffect("confused_client", "confused_client_takes_the_wrong_path", "request", "names"),
              BESIDE_A_CLIENT),
    Weakening("R-39", SetGuard("looting", "adversary_forgets", "false"), READER),
    Weakening("R-30", DropRow("adversary_call", "adversary_replays_loot"), READER),
    *(
        Weakening(f"R-3{number}", DropRow("confused_client", f"confused_client_{what}"), BESIDE_A_CLIENT)
        for number, what in enumerate(
            ("offers_no_token", "offers_entra_token", "offers_dead_token", "takes_the_wrong_path"), 1
        )
    ),
    Weakening("R-35", DropRow("interception", "adversary_stops_intercepting"), ALONE),
    Weakening("R-36", DropRow("crl_path", "crl_traffic_passes_again"), ALONE),
)  # fmt: skip

BEYOND = (
    Weakening("S-81v", SetDest("policy", "client_accepts_policy", STAY), NO_USER, POLICY),
    Weakening("S-81k", SetGuard("tampering", "adversary_exchanges_signing_key",
                                "replies_can_be_changed and cmg is returning and request.sender is client"),
              NO_USER | {"cmg_compromised": "yes"}, POLICY),
    Weakening("S-42.ccmsetup", SetPredicate("ccmsetup_lost_certificate", "install_mode is pki"), PKI, AGEING),
    Weakening("S-42.registration", SetPredicate("registration_lost_certificate", "registration.proof is certificate"),
              PKI, AGEING),
    *(Weakening(f"S-86g.{name}", SetDest(f"exchange.{name}", f"first_user_asks_by_{name}", "given_up"), NO_USER,
                IN_FLIGHT) for name in ("one", "two")),
    Weakening("S-16o", DropEffect("registration_manager", "mp_registers_client", "site_record.device"), SAME_IMAGE,
              within="copied-image"),
    Weakening("S-15o", DropEffect("messaging", "messaging_sends_message", "request.claims", source="sending"),
              SAME_IMAGE | {"carried_id": "peer", "peer.carried_id": "client"}, within="copied-image"),
    Weakening("S-70o", SetGuard("disorder", "client_shows_its_own_token_in_either_name", "wam.device.life is not none"),
              {"registration_rebinds": "no", "entra_tokens_are_copied": "no", "conflicting_records": "merged"},
              within="copied-token"),
    Weakening("S-76o", SetGuard("cmg", "reply_is_lost", ""), SAME_IMAGE | {"replies_are_lost": ("off", "on")},
              within="copied-image"),
    Weakening("S-12o", DropEffect("registration_manager", "mp_registers_client", "peer.site_record.proof"),
              SAME_IMAGE | {"carried_id": "peer", "peer.carried_id": "client"}, within="copied-image"),
    Weakening("S-100o", DropEffect("administrator", "administrator_renews_signing_key", "peer.cache.system.signer"),
              within="two-clients"),
)  # fmt: skip
