"""Conjuncts that stay in a premise although no scenario needs them: which, and why. Data; the checker compares.

A claim whose premise lacked them would say more and still have the verdict that it has
(:mod:`ccmproof.harness.premises`). They stay where the document makes the exception itself, or where what a claim
speaks of would no longer be told by its premise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spare:
    """Conjuncts, as the checker writes them, that the premises of some properties have without need.

    Attributes:
        properties: their IDs, separated by blanks.
        reason: why they stay.
    """

    properties: str
    conjuncts: tuple[str, ...]
    reason: str

    def has(self, prop: str, conjunct: str) -> bool:
        return prop in self.properties.split() and conjunct in self.conjuncts


def reason_for(prop: str, conjunct: str, listed: Sequence[Spare]) -> str:
    """Why the conjunct stays in the property's premise; empty where it is not listed."""
    return next((each.reason for each in listed if each.has(prop, conjunct)), "")


CERTIFICATE_GOOD = ("cmg_certificate is public or root is present", "cmg_name is match", "cmg_date is ok")
CONNECTS_AT_FIRST = (
    "nocrlcheck is yes or site_option is off and bootstrap_knows_site_option is yes"
    " or crl is fresh and cmg_revoked is no"
)
CONNECTS_LATER = "site_option is off or crl is fresh and cmg_revoked is no"
CONNECTION_POINT = "mp_mode is ehttp or cp_certificate is valid and cp_certificate_crl is reachable"
SITE_WORKS = (
    "tenant is onboarded",
    "mp_mode is not http",
    "mp_internet is not no",
    "sts_healthy is yes",
    "site_database is up",
    "mp_binding is ok",
    CONNECTION_POINT,
)
DEVICE_OR_USER = (
    "join in {entra, hybrid} and wpj is ok and os is ok and device_app is enabled or join in {entra, hybrid} and wpj is"
    " ok and user_kind is same_tenant and user_discovered is yes and conditional_access is excluded"
)
"""The conjuncts of :mod:`.liveness` as the checker writes them."""

A_GOOD_SITE = (
    "a good site is described once for all promises; a client that has come so far has met nothing worse, or the"
    " promise is kept, or broken, all the same"
)
THE_CLIENT = (
    "to whom promises are made is said in the same words for all; a client that has come so far is one of these"
)
ITS_MOMENT = (
    "it says when the promise begins to be owed; begun elsewhere it is kept, or broken, in the same environments"
)
ITS_END = "what ends a promise is said in the same words for all; where this one is asked it does not come about"

PROMISES: tuple[Spare, ...] = (
    Spare("L-01 L-21", (CONNECTS_AT_FIRST,), A_GOOD_SITE),
    Spare("L-02", (CONNECTS_AT_FIRST, CONNECTS_LATER, "content_hash is good", "state_persists is yes"), A_GOOD_SITE),
    Spare("L-05", (*CERTIFICATE_GOOD, *SITE_WORKS, CONNECTS_AT_FIRST, "content_hash is good",
          "state_persists is yes"), A_GOOD_SITE),
    Spare("L-07", (*CERTIFICATE_GOOD, *SITE_WORKS, CONNECTS_AT_FIRST, CONNECTS_LATER,
          "state_persists is yes"), A_GOOD_SITE),
    Spare("L-08", (*CERTIFICATE_GOOD, CONNECTS_AT_FIRST, "mp_mode is not http", "sts_healthy is yes",
          "site_database is up", "mp_binding is ok", CONNECTION_POINT, "content_hash is good"), A_GOOD_SITE),
    Spare("L-10", (*CERTIFICATE_GOOD, *SITE_WORKS, CONNECTS_AT_FIRST, CONNECTS_LATER, "content_hash is good",
          "state_persists is yes"), A_GOOD_SITE),
    Spare("L-12", (*CERTIFICATE_GOOD, *SITE_WORKS, "state_persists is yes"), A_GOOD_SITE),
    Spare("L-13", (*CERTIFICATE_GOOD, *SITE_WORKS), A_GOOD_SITE),
    Spare("L-19 N-15", (*CERTIFICATE_GOOD, *SITE_WORKS, CONNECTS_AT_FIRST, "content_hash is good"), A_GOOD_SITE),
    Spare("N-05", (CONNECTS_AT_FIRST, "tenant is onboarded", "mp_mode is not http", "mp_internet is not no",
          "sts_healthy is yes"), A_GOOD_SITE),
    Spare("L-04", ("state_persists is yes",), A_GOOD_SITE),
    Spare("L-11", ("mp_mode is not http", "state_persists is yes"), A_GOOD_SITE),
    Spare("L-17", ("mp_internet is yes",), A_GOOD_SITE),
    Spare("L-01 L-21", ("join in {entra, hybrid}",), THE_CLIENT),
    Spare("L-02", ("join in {entra, hybrid}", "os is old or device_app is not enabled"), THE_CLIENT),
    Spare("L-05", (DEVICE_OR_USER,), THE_CLIENT),
    Spare("L-07", (DEVICE_OR_USER, "pki is not valid"), THE_CLIENT),
    Spare("L-10", (f"{DEVICE_OR_USER} or pki is valid and mp_mode is https",), THE_CLIENT),
    Spare("L-12 N-15", ("join in {entra, hybrid}", "wpj is ok"), THE_CLIENT),
    Spare("L-13", ("join in {entra, hybrid}", "wpj is ok", "os is ok", "device_app is enabled"), THE_CLIENT),
    Spare("L-19", ("join in {entra, hybrid}", "wpj is ok", "user_kind is same_tenant", "user_discovered is yes",
          "conditional_access is excluded", "os is old or device_app is not enabled",
          "pki is not valid"), THE_CLIENT),
    Spare("L-04", ("pki is not valid",), THE_CLIENT),
    Spare("L-11", (DEVICE_OR_USER,), THE_CLIENT),
    Spare("L-14", ("pki is expired",), ITS_MOMENT),
    Spare("L-05", ("registration is registered", "messaging is sending", "message.account is system"), ITS_MOMENT),
    Spare("L-07", ("ccmsetup is waiting_for_download", "cache.system.life is expired"), ITS_MOMENT),
    Spare("L-12", (CONNECTS_AT_FIRST, "nocrlcheck is yes", "site_option is on", "registration is registered",
          "messaging is sending", "message.account is system"), ITS_MOMENT),
    Spare("L-13", ("crl is not fresh", "registration is registered", "registration.approval is 3",
          "messaging is sending", "message.account is system"), ITS_MOMENT),
    Spare("L-19", ("user_session is signed_out", "registration is not registered"), ITS_MOMENT),
    Spare("L-20", ("registration is not registered",), ITS_MOMENT),
    Spare("N-15", ("registration is attempt_failed", "site_record.status is registered"), ITS_MOMENT),
    Spare("L-14 L-14k", (
          "registration is not registered or messaging is sending and message.account is system",), ITS_MOMENT),
    Spare("L-15", ("turned_away is yes",), ITS_MOMENT),
    Spare("L-04", ("ccmsetup is attempt_failed",), ITS_MOMENT),
    Spare("L-11", ("connection_point.service is down", "registration is registered", "messaging is sending",
          "message.account is system"), ITS_MOMENT),
    Spare("N-03", ("refused_token is alive",), ITS_MOMENT),
    Spare("N-03", ("unless device_identity is disabled", "unless user_identity is disabled"), ITS_END),
)  # fmt: skip

SPARE: tuple[Spare, ...] = (
    Spare(
        "S-98 S-98p", ("request.claims is client",),
        "it says whose record is meant; where they are asked themselves there is one client",
    ),
    Spare(
        "S-31 S-42", ("request.sender is client",),
        "the statement is about what the client sends; that nobody else sends worse there is no part of it",
    ),
    Spare(
        "S-15", ("message.account is system",),
        "the statement is about SYSTEM's messages; a design that empties its cache on a refusal breaks nothing by what"
        " the user's message bears meanwhile",
    ),
    Spare(
        "S-35", ("cache.system.life is not none",),
        "an empty cache has no token to speak of; the model lets its fields stand as those of a good one would",
    ),
    Spare(
        "S-39", ("security_settings is bootstrap",),
        "the statement is about the bootstrap; SEC-02b says the same of what follows the settings refresh",
    ),
    Spare(
        "SEC-03", ("crl is fresh", "crl_path is open"),
        "only a CRL in hand can revoke; that without one a client that checks does not connect either is SEC-02a",
    ),
    Spare(
        "SEC-06.cmg SEC-06.cp SEC-06.mp", ("request.kind in {entra_device, entra_user}",),
        "the document asks it of Entra tokens; that a CCM token's audience is looked at too is the model's own",
    ),
    Spare(
        "S-03", ("request.kind is not certificate",),
        "a certificate is of no tenant; the model lets the device's own stand there",
    ),
    Spare(
        "SEC-05b", ("request.kind is entra_user",),
        "the statement is about users' tokens (A20); that a device's own is of its tenant is S-03",
    ),
    Spare(
        "SEC-17a SEC-15c S-62", ("request.claims is client",),
        "they are about a client that is blocked, or disabled; where they are asked nobody else calls, or registers",
    ),
    Spare(
        "N-10", ("request.kind is ccm", "request.owner in {device, user}"),
        "they say whose token it is; where it is asked nobody calls with another once the client is blocked",
    ),
    Spare(
        "SEC-21b", ("request.kind is ccm", "request.owner is not stranger"),
        "they say what is stolen; it fails, and where nothing was stolen nobody is served",
    ),
    Spare(
        "N-08", ("request_bears_entra", "request.owner is not stranger"),
        "they say what is captured; it fails, and where nothing was captured nobody is served",
    ),
    Spare(
        "N-13", ("request.tenant is own", "request.kind in {ccm, entra_device, entra_user}"),
        "they say what the switch is to end; where it is asked nobody calls with anything else",
    ),
    Spare(
        "SEC-15a SEC-15u", ("request.kind is ccm",),
        "it says which tokens are meant; where it is asked nobody is served with another",
    ),
    Spare(
        "SEC-07k.cmg SEC-07k.cp SEC-07k.mp", ("request.kind in {ccm, entra_device, entra_user}",),
        "it says that a token is what was accepted; where it is asked nobody comes with anything else",
    ),
    Spare(
        "SEC-15a", ("request.owner in {device, user}",),
        "it says whose token is meant; where it is asked there is one device",
    ),
    Spare(
        "N-02 N-02f", ("request.sender is client", "request.endpoint is policy"),
        "they say which requests are meant; where it is asked no other is under way as long as the stopwatch runs",
    ),
    Spare(
        "N-18", ("request.sender is client", "request.account is system"),
        "they say which tokens are meant; where it is asked no user is there, and nobody else",
    ),
    Spare(
        "N-11t N-11n", ("request.sender is client",),
        "it says whose token is meant; where it is asked there is one client",
    ),
    Spare(
        "L-18 L-18o", ("message.account is system",),
        "the statement is about SYSTEM's token; where it is asked no user is there",
    ),
    *PROMISES,
)  # fmt: skip
"""What no scenario needs of the premises of the suite, and why it stays."""
