"""The same for what says why somebody is refused, and what was found beside it: one edit that breaks each."""

from __future__ import annotations

from ccmproof.model.kernel.edit import DropEffect, DropRow, SetDest, SetGuard, SetInitial, SetSource
from ccmproof.model.workflow.scenarios import NOBODY

from .weakenings import ALONE, ANONYMOUS, FOREIGNER, INSIDER, NO_DEVICE_TOKEN, NO_TOKEN, OUTSIDER, Weakening
from .weakenings_of_attempts import ADMINISTRATOR, DISABLED, WINDOWS
from .weakenings_of_requests import BESIDE_A_CLIENT

GIVEN_A_TOKEN = FOREIGNER | {"other_tenant_onboarded": "yes"}
FAULTS_OR_NONE = {"faults_happen": ("off", "on")}

REFUSALS = (
    Weakening("S-115.a", SetGuard("entra_request", "entra_app_is_not_known", "entra_token_is_wanted"),
              {"pki": ("none_there", "valid")}),
    Weakening("S-115.b", SetGuard("entra_request", "device_key_is_not_there", "entra_token_is_wanted and"
                                  " entra_app_is_known"), {"wpj": ("ok", "absent")}),
    Weakening("S-115.c", SetGuard("ccmsetup", "ccmsetup_attempt_fails", "pki is not valid"), NO_TOKEN),
    Weakening("S-115.d", SetGuard("messaging", "messaging_renewal_fails", "entra_request is denied"),
              DISABLED | {"use_old_on_failed_renewal": ("no", "yes")}),
    Weakening("S-115.e", SetGuard("cloud_store", "cloud_refuses_content_token", "")),
    Weakening("S-115.f", SetSource("cloud_store", "cloud_fails", ("idle",)), {"faults_happen": "on"}),
    Weakening("S-116.a", SetGuard("cmg", "cmg_withholds_entra_properties", "request.endpoint is aad_info"),
              {"tenant": ("onboarded", "not_onboarded")}),
    Weakening("S-116.b", SetGuard("cmg", "cmg_does_not_publish", ""), OUTSIDER),
    Weakening("S-116.c", SetGuard("cmg", "cmg_refuses_credential", "cmg_publishes")),
    Weakening("S-116.d", SetGuard("cmg", "cmg_has_no_way_on", "not mp_is_published"), {"mp_mode": "http"}),
    Weakening("S-116.e", SetGuard("connection_point", "cp_refuses_unmapped", ""), INSIDER),
    Weakening("S-116.f", SetGuard("connection_point", "cp_refuses_credential", "cp_maps")),
    Weakening("S-116.g", SetGuard("connection_point", "mp_wants_client_certificate",
                                  "mp_binding is ok and mp_demands_certificate"),
              {"cp_certificate": ("valid", "absent")}),
    Weakening("S-116.h", SetGuard("connection_point", "mp_binding_is_wrong", ""), {"mp_binding": ("ok", "wrong")}),
    Weakening("S-117.a", SetGuard("sts", "sts_cannot_reach_entra", "sts_healthy is yes"),
              {"mp_internet": ("yes", "no")}),
    Weakening("S-117.b", SetGuard("sts", "sts_refuses_entra_token", "sts_works")),
    Weakening("S-117.c", SetGuard("sts", "sts_does_not_know_user", "site_database is up"),
              NO_DEVICE_TOKEN | {"user_discovered": ("yes", "no")}),
    Weakening("S-117.d", SetGuard("registration_manager", "mp_registration_has_no_database", ""),
              {"site_database": ("up", "down")}),
    Weakening("S-117.e", SetGuard("registration_manager", "mp_rejects_blocked_client", "site_database is up"),
              ADMINISTRATOR),
    Weakening("S-117.f", SetGuard("registration_manager", "mp_rejects_registration", "")),
    Weakening("S-117.g", SetGuard("management_point", "mp_refuses_call", "request_is_operational")),
    Weakening("S-117.h", SetGuard("management_point", "mp_does_not_have_endpoint", ""), OUTSIDER),
)  # fmt: skip

BESIDE = (
    Weakening("S-52e", DropEffect("adversary_call", "adversary_offers_no_token", "request.endpoint"), ALONE),
    Weakening("S-76e", SetGuard("entra", "entra_does_not_answer", ""), FAULTS_OR_NONE),
    Weakening("S-76r", SetGuard("cmg", "reply_is_lost", ""), FAULTS_OR_NONE),
    Weakening("S-94h", SetDest("entra_request", "wam_serves_cached_user_token", "device_failed",
                               source="device_failed"), NO_DEVICE_TOKEN),
    Weakening("S-98b", SetGuard("registration_manager", "mp_rejects_rebinding", "site_database is up and not"
                                " registrant_is_a_stranger and not registration_may_name_the_client"),
              {"registration_rebinds": "no"}, within="squatter"),
    Weakening("S-110g", DropEffect("adversary_call", "mp_answers_directly", "loot", "tenant"), GIVEN_A_TOKEN),
    Weakening("S-76d", SetInitial("second_connection_point.service", ("up", "down")), FAULTS_OR_NONE),
    Weakening("S-73k", SetDest("interception", "adversary_shows_wrong_certificate", "stolen_key"),
              ALONE | {"adversary_key": ("none_there", "cmg_key")}),
    Weakening("S-63g", SetInitial("content_token.life", ("none", "expired"))),
    Weakening("S-41a", SetInitial("site_assignment", ("none_yet", "as_commanded"))),
    Weakening("S-37d", SetInitial("new_token", ("not_due", "due"))),
    Weakening("S-14s", DropEffect("registration_manager", "mp_registers_stranger", "rogue_record.approval"), ANONYMOUS),
    Weakening("R-45", SetDest("mp_internet", "mp_loses_internet", "yes"), {"mp_internet": "no"}, ("later",)),
    Weakening("R-46", SetDest("entra_service", "entra_comes_back", "out"), within="outage"),
    Weakening("R-43", SetSource("line", "mp_answers_directly", ("free",), index=1), WINDOWS),
    Weakening("R-44", DropRow("adversary_call", "adversary_replays_loot"), GIVEN_A_TOKEN),
)  # fmt: skip

CLAUSES = (
    Weakening("S-43.h", SetGuard("registration", "registration_attempt_fails", "pki is not valid and not"
                                 " windows_proof_is_possible and not anonymous_is_possible"),
              NO_DEVICE_TOKEN | {"users_come_and_go": "on"}),
    Weakening("S-89", SetInitial("bulk.life", ("none", "expired")), NOBODY, ("bulk",)),
    Weakening("S-112", DropEffect("confused_client", "confused_client_takes_the_wrong_path", "request.path"),
              BESIDE_A_CLIENT),
)  # fmt: skip
"""S-43.h: that it was asked first. S-89: that there is no token before it is issued. S-112: where it is sent."""
