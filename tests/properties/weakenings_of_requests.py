"""The same for what says how requests hang together: one edit that breaks each, and the environment that shows it."""

from __future__ import annotations

from ccmproof.model.kernel.actor import put
from ccmproof.model.kernel.edit import (
    DropEffect,
    DropParticipant,
    DropRow,
    SetDest,
    SetEffect,
    SetEventGuard,
    SetGuard,
    SetPredicate,
    SetSource,
)
from ccmproof.model.workflow.scenarios import NOBODY

from .weakenings import (
    ALONE,
    ANONYMOUS,
    FOREIGNER,
    INSIDER,
    NO_DEVICE_TOKEN,
    NO_TOKEN,
    NO_USER,
    Weakening,
)

DATABASE_DOWN = {"site_database": "down"}
BESIDE_A_CLIENT = {"adversary": "present", "user_kind": "nobody"}

CORE = (
    Weakening("S-50", SetDest("ccmsetup", "ccmsetup_sends_location_request", "waiting_for_files")),
    Weakening("S-51", SetDest("ccmsetup", "ccmsetup_sends_sts_request", "getting_entra_token")),
    Weakening("S-52", DropEffect("messaging", "messaging_sends_sts_request", "request", "account")),
    Weakening("S-53", DropParticipant("connection_point", "mp_answers")),
    Weakening("S-54", DropEffect("cmg", "cmg_withholds_entra_properties", "reply.status"), {"tenant": "not_onboarded"}),
    Weakening("S-55", DropRow("connection", "messaging_finds_token_ending")),
    Weakening("S-56", SetGuard("connection", "tls_root_is_not_trusted", "not certificate_chain_good", source="created"),
              {"cmg_certificate": "pki", "root": "missing"}),
    Weakening("S-57", SetDest("entra", "entra_refuses_device_token", "asked_for_user"), NO_DEVICE_TOKEN),
    Weakening("S-58", DropRow("entra_request", "ccmsetup_attempt_fails"), NO_TOKEN),
    Weakening("S-59", SetGuard("entra", "entra_issues_user_token", "conditional_access is excluded"),
              NO_DEVICE_TOKEN | {"entra_disables": "on"}),
    Weakening("S-60", SetGuard("user_identity", "entra_disables_user", "entra_disables is on"),
              {"entra_disables": "on", "user_kind": ("same_tenant", "nobody")}),
    Weakening("S-61", SetGuard("messaging", "system_message_is_queued", "ccmsetup is installed")),
    Weakening("S-62", SetGuard("registration_manager", "mp_asks_to_resend", "site_database is up"),
              {"administrator_acts": "on"}),
    Weakening("S-63", SetDest("ccmsetup", "cloud_refuses_content_token", "downloading_from_cloud")),
    Weakening("S-63j", DropEffect("ccmsetup", "ccmsetup_rejects_content", "content_token"), {"content_hash": "bad"}),
    Weakening("S-64", SetEffect("entra", "entra_issues_device_token", "wam.device.audience",
                                put("wam.device.audience", "other"))),
    Weakening("S-65", SetEffect("messaging", "messaging_caches_renewed_token", "cache.user.owner",
                                put("cache.user.owner", "device", when="message.account is user"))),
    Weakening("S-66", SetEffect("messaging", "messaging_caches_renewed_token", "cache.system.life",
                                put("cache.system.life", "none", when="message.account is system"))),
    Weakening("S-67", SetDest("messaging", "cmg_returns_reply", "idle", source="waiting_for_reply", index=1),
              {"administrator_acts": "on"}),
    Weakening("S-68", SetDest("cmg", "cmg_withholds_entra_properties", "holding"), {"tenant": "not_onboarded"}),
    Weakening("S-75", SetGuard("connection_point", "cp_refuses_credential", "not cp_accepts"), INSIDER),
    Weakening("S-70", SetGuard("adversary_call", "adversary_offers_no_token", ""),
              ALONE | {"adversary": ("absent", "present")}),
    Weakening("S-76", SetGuard("connection_point.service", "connection_point_goes_down", ""),
              {"faults_happen": ("off", "on")}),
    Weakening("R-27", DropEffect("messaging", "messaging_caches_renewed_token", "cache.system", "signer"),
              {"administrator_acts": "on", "user_kind": "nobody"}),
    Weakening("S-71", SetDest("adversary_call", "cmg_returns_reply", "waiting"), ALONE),
    Weakening("S-71o", SetDest("line", "confused_client_offers_no_token", "free"), BESIDE_A_CLIENT),
    Weakening("S-113", SetGuard("registration_manager", "mp_registers_stranger", "registrant_is_a_stranger"),
              ANONYMOUS | DATABASE_DOWN),
    Weakening("S-114", SetGuard("management_point", "mp_has_no_database",
                                "request.endpoint in {content_location, policy} and site_database is down"),
              BESIDE_A_CLIENT | DATABASE_DOWN | {"pki": "valid", "direct": "yes"}),
    Weakening("S-73o", SetSource("interception", "adversary_shows_stolen_certificate", ("wrong_certificate",)),
              ALONE | {"adversary_key": "cmg_key"}),
    Weakening("S-72", SetGuard("offer", "offer_goes_through_the_compromised_cmg", "cmg_compromised is yes"),
              BESIDE_A_CLIENT | {"cmg_compromised": "yes"}),
    Weakening("S-73", SetGuard("interception", "adversary_shows_wrong_certificate", "adversary is present"),
              BESIDE_A_CLIENT),
    *(
        Weakening(f"R-2{number}", DropRow("adversary_call", f"adversary_offers_{event}"), FOREIGNER)
        for number, event in enumerate((
            "no_token", "foreign_token", "token_for_other_audience", "forged_entra_token", "forged_ccm_token",
            "expired_entra_token", "expired_ccm_token",
        ))
    ),
)  # fmt: skip

BEYOND = (
    *(Weakening(f"SEC-07k.{hop}", SetPredicate(f"{hop}_lifetime_good", "request.life is live"), within="skew")
      for hop in ("cmg", "cp", "mp")),
    Weakening("S-80", SetEventGuard("entra_issues_device_token", "entra_service is out"), within="outage"),
    Weakening("S-80n", SetGuard("entra", "entra_does_not_answer", ""), within="outage"),
    Weakening("S-81", SetDest("signing_certificate", "cmg_returns_reply", "none_there", index=0), NO_USER,
              ("policy_signing",)),
    Weakening("S-81p", SetPredicate("brings_policy", "reply_is_good"), NO_USER, ("policy_signing",)),
    Weakening("S-82", SetGuard("entra_properties", "cmg_returns_reply", "ccmsetup is waiting_for_aad_info", index=0),
              {"tenant": ("onboarded", "not_onboarded")}, ("ageing",)),
    Weakening("S-84", SetGuard("exchange.one", "first_user_asks_by_one", "entry.first_user.life is not fresh"), NO_USER,
              ("in_flight",)),
    Weakening("S-85", SetDest("way.one", "reply_one_is_cached", "outward"), NO_USER, ("in_flight",)),
    *(Weakening(f"S-86.{name}",
                SetGuard(f"exchange.{name}", f"late_reply_{name}_is_dropped", f"way.{name} is homeward"),
                NO_USER | {"replies_are_matched": "no"}, ("in_flight",)) for name in ("one", "two")),
    *(Weakening(f"S-87.{each}", SetGuard("exchange.one", f"{each}_asks_by_one", "client_is_registered"), NO_USER,
                ("in_flight",)) for each in ("first_user", "second_user")),
    *(Weakening(f"S-88.{each}", SetGuard("user_messages", f"{each}_message_goes_out", "client_is_registered"), NO_USER,
                ("in_flight",)) for each in ("first_user", "second_user")),
    Weakening("S-89", SetDest("bulk_device", "mp_serves_bulk_device", "asking", index=0), NOBODY, ("bulk",)),
    Weakening("S-89d", SetPredicate("cmg_takes_bulk_bearer", "bulk_request.token is own"), NOBODY, ("bulk",)),
    Weakening("S-89a", SetPredicate("cmg_takes_bulk_bearer", "true"), NOBODY, ("bulk",)),
    Weakening("R-28", SetGuard("bulk_device", "bulk_device_misuses_token", "false", source="registered"), NOBODY,
              ("bulk",)),
    Weakening("S-89r", SetPredicate("mp_registers_bulk_device", "false"), NOBODY, ("bulk",)),
    Weakening("S-90", SetDest("tenant_switch", "tenant_is_disabled", "left_1"), NO_USER, within="tenant-off"),
)  # fmt: skip
