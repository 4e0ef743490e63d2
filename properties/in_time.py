"""What must be over in time, or may not come before: how long what was taken away is still served; what a margin gives.

An Entra token lives 60 to 90 minutes, a CCM token and a content token eight hours each, whatever happens to whom they
were given (DOMAIN 7.7); so what is taken away lasts as long as the tokens that can still follow one another.

A claim that something takes at least so long is asked with open lives, one that it takes at most so long with closed
ones (:mod:`.timing`); each has a scenario of its own, in which its durations are whole ticks.

Where what is computed is not what is claimed:

* N-13: 25 h, not 33 h. CMG, connection point and management point each look at the tenant of every token (X3), so that
  nothing outlives the switch's way to them. Where the management point does not look, it is 33 h.
* N-18: two in eight hours, 7 h 30 min apart, from the token on that follows the registration (R4.0); ccmsetup's own
  comes on top of them.
* N-02: 30 min with the skew and 40 without, not 20 and 30. "More than the margin left" is at least one tick more.
"""

from __future__ import annotations

from ccmproof.model.workflow.timing import CCM_TTL, CONTENT_TTL, ENTRA_TTL, MARGIN, TENANT_DISABLE_LAG

from .property import Property, Severity
from .security import MP_ACCEPTS, MP_SERVES
from .timing import Bound, Duration, Stopwatch

CONCERN = "In time"

ENTRA_LIFE = Duration("entra_token", "Entra access token", *ENTRA_TTL)
CCM_LIFE = Duration("ccm_token", "CCM token", CCM_TTL, CCM_TTL)
CONTENT_LIFE = Duration("content_token", "content token", CONTENT_TTL, CONTENT_TTL)
TENANT_LAG = Duration("tenant_lag", "way of a tenant's switch to the site", 0, TENANT_DISABLE_LAG)
MARGIN_IS = Duration("margin", "margin of the CCM token", MARGIN, MARGIN)
TOKENS = (ENTRA_LIFE, CCM_LIFE)

CCM_IS_DEAD = ENTRA_LIFE.longest + CCM_LIFE.longest
CONTENT_IS_DEAD = CCM_IS_DEAD + CONTENT_LIFE.longest
TENANT_IS_OUT = TENANT_LAG.longest + CCM_LIFE.longest
RENEWED_AFTER = CCM_TTL - MARGIN
TWO_IN_A_LIFE = 240
"""Tokens that are so far apart are two in any eight hours, whatever the margin (N-18 has k = 2 up to δ = 4 h)."""
SKEW = 10
"""How far ahead the site's clock may be: one tick of the scenario `skew`."""

DEVICE_DISABLED = Stopwatch(
    "since_device_disabled", ("entra_disables_device",), reaches=CONTENT_IS_DEAD + 60, spans=(*TOKENS, CONTENT_LIFE),
    doc="How long ago Entra disabled the device.",
)  # fmt: skip
USER_DISABLED = Stopwatch(
    "since_user_disabled", ("entra_disables_user",), reaches=CCM_IS_DEAD + 60, spans=TOKENS,
    doc="How long ago Entra disabled the user.",
)  # fmt: skip
BLOCKED = Stopwatch(
    "since_blocked", ("administrator_blocks_client",), reaches=CONTENT_TTL + 60, spans=(CONTENT_LIFE,),
    doc="How long ago the administrator blocked the client.",
)  # fmt: skip
TENANT_DISABLED = Stopwatch(
    "since_tenant_disabled", ("administrator_disables_tenant",), reaches=TENANT_IS_OUT + 120,
    spans=(TENANT_LAG, CCM_LIFE),
    doc="How long ago authentication was turned off for the tenant.",
)  # fmt: skip
LAST_TOKEN = Stopwatch(
    "since_ccm_token", ("sts_issues_token",), when="request.sender is client and request.account is system",
    reaches=2 * CCM_TTL, spans=(CCM_LIFE, CCM_LIFE), restarts=True,
    doc="How long ago CCM_STS issued the last token for SYSTEM.",
)  # fmt: skip
ENTRA_BACK = Stopwatch(
    "since_entra_came_back", ("entra_comes_back",),
    when="entra_request not in {asking_device, device_failed, asking_user}", reaches=ENTRA_LIFE.longest + 60,
    spans=(ENTRA_LIFE,), restarts=True, stops=("entra_goes_out",),
    doc="How long ago Entra came back, where no request for a token was under way that had met the outage.",
)  # fmt: skip
UNDER_WAY = Stopwatch(
    "message_under_way", ("messaging_sends_message",), reaches=2 * MARGIN + 30,
    spans=(MARGIN_IS, MARGIN_IS), restarts=True,
    stops=("cmg_returns_reply",),
    doc="How long a message has been under way.",
)  # fmt: skip

REFUSED = ("cmg_refuses_credential", "cp_refuses_credential", "mp_refuses_call")
MESSAGE = "request.sender is client and request.endpoint is policy"
SERVED = "management_point is holding and request.kind is ccm"
FALLEN_BACK = (
    "request.sender is client and request.account is system and request.kind is entra_user"
    " and device_identity is enabled"
)

PROPERTIES = (
    Property(
        "SEC-15a", CONCERN, "A CCM token that a device gained, or a user on it, is accepted for 9 h 30 min at most"
        " after the device was disabled in Entra",
        "T1 I3.4 A20 SEC-15a", on=MP_SERVES, when="request.kind is ccm and request.owner in {device, user}",
        bound=Bound(DEVICE_DISABLED, CCM_IS_DEAD, grain=30, rests_on=TOKENS), attempt=SERVED,
        asked_in=("half-hourly",), severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-15u", CONCERN, "A CCM token that was gained with a user's is accepted for 9 h 30 min at most after the"
        " user was disabled in Entra",
        "T1 I3.4 A20 A22 SEC-15a", on=MP_SERVES, when="request.kind is ccm and request.owner is user",
        bound=Bound(USER_DISABLED, CCM_IS_DEAD, grain=30, rests_on=TOKENS),
        attempt=f"{SERVED} and request.owner is user",
        asked_in=("fallback",), severity=Severity.CRITICAL,
    ),
    Property(
        "SEC-15b", CONCERN, "Content is served for 17 h 30 min at most after the device was disabled in Entra",
        "T1 A28 I4.4 SEC-15b", on=("cloud_serves_content", "mp_sends_content"),
        bound=Bound(DEVICE_DISABLED, CONTENT_IS_DEAD, grain=30, rests_on=(*TOKENS, CONTENT_LIFE)),
        asked_in=("half-hourly",),
    ),
    Property(
        "SEC-15c", CONCERN, "From the moment in which the device is disabled in Entra nothing of it is accepted",
        "T1 A20 SEC-15c", on=(*MP_ACCEPTS, "cloud_serves_content"), when="request.claims is client",
        bound=Bound(DEVICE_DISABLED, 0, grain=30, rests_on=(*TOKENS, CONTENT_LIFE)),
        asked_in=("half-hourly",), expected="fails",
        reason="the tokens that are out live on: Entra's, then the CCM token that it buys, then the content token",
    ),
    Property(
        "SEC-17b", CONCERN, "Content is served for 8 h at most after the client was blocked",
        "A28 A43 I4.4 SEC-17b", on=("cloud_serves_content", "mp_sends_content"),
        bound=Bound(BLOCKED, CONTENT_TTL, grain=30, rests_on=(CONTENT_LIFE,)),
        asked_in=("blocked",),
    ),
    Property(
        "SEC-17c", CONCERN, "From the moment in which the client is blocked no content is served",
        "A28 A43 I4.4 SEC-17c", on=("cloud_serves_content", "mp_sends_content"),
        bound=Bound(BLOCKED, 0, grain=30, rests_on=(CONTENT_LIFE,)),
        asked_in=("blocked",), expected="fails",
        reason="the cloud storage looks at the content token only, and that lives for eight hours",
    ),
    Property(
        "N-13", CONCERN, "Nothing of a tenant is accepted later than 33 h after authentication was turned off for it",
        "T1 X3 N-13", on=MP_ACCEPTS, when="request.tenant is own and request.kind in {entra_device, entra_user, ccm}",
        bound=Bound(TENANT_DISABLED, TENANT_IS_OUT, grain=60, rests_on=(*TOKENS, TENANT_LAG)),
        attempt="management_point is holding and request.tenant is own",
        asked_in=("tenant-off",), severity=Severity.CRITICAL,
    ),
    Property(
        "N-18", CONCERN, "SYSTEM's CCM tokens of an installed client are issued 4 h apart at least: two in 8 h",
        "T2 T3 A8 N-18", on=("sts_issues_token",),
        when="request.sender is client and request.account is system and new_token is got",
        bound=Bound(LAST_TOKEN, TWO_IN_A_LIFE, grain=30, least=True, rests_on=(CCM_LIFE, MARGIN_IS)),
        asked_in=("outage",), severity=Severity.MEDIUM,
    ),
    Property(
        "L-18", CONCERN, "While Entra is out no message of SYSTEM's fails before its token is close to expiry"
        " (7 h 30 min old)",
        "T2 A8 A33 L-18", on=("messaging_renewal_fails",), when="message.account is system and new_token is got",
        bound=Bound(LAST_TOKEN, RENEWED_AFTER, grain=30, least=True, rests_on=(CCM_LIFE, MARGIN_IS), follows=True),
        attempt="entra_service is out and messaging is getting_entra_token",
        asked_in=("outage",),
    ),
    Property(
        "L-18o", CONCERN, "While Entra is out no message of SYSTEM's fails before its token is dead (8 h old)",
        "T2 A8 A33 L-18", on=("messaging_renewal_fails",), when="message.account is system and new_token is got",
        bound=Bound(LAST_TOKEN, CCM_TTL, grain=30, least=True, rests_on=(CCM_LIFE,), follows=True),
        attempt="entra_service is out and messaging is getting_entra_token",
        asked_in=("outage",), decided_by="use_old_on_failed_renewal is yes",
    ),
    Property(
        "N-11t", CONCERN, "A user's token that SYSTEM fell back to is exchanged within 90 min after Entra came back",
        "I2.1 A25 N-11", on=("sts_issues_token",),
        when=FALLEN_BACK,
        bound=Bound(ENTRA_BACK, ENTRA_LIFE.longest, grain=30, rests_on=(ENTRA_LIFE,)),
        attempt="sts is not idle and request.account is system and request.kind is entra_user",
        asked_in=("fallback",), severity=Severity.MEDIUM,
    ),
    Property(
        "N-11n", CONCERN, "From the moment in which Entra is back no user's token that SYSTEM fell back to is"
        " exchanged",
        "I2.1 A25 N-11", on=("sts_issues_token",), when=FALLEN_BACK,
        bound=Bound(ENTRA_BACK, 0, grain=30, rests_on=(ENTRA_LIFE,)),
        attempt="sts is not idle and request.account is system and request.kind is entra_user",
        asked_in=("fallback",), expected="fails",
        reason="a user's token that was got while Entra was out is exchanged as long as it lives",
        severity=Severity.MEDIUM,
    ),
    Property(
        "N-02", CONCERN, "A message is not refused before it has been under way for the margin less the skew: 20 min",
        "T2 A8 A42 N-02", on=REFUSED, when=MESSAGE,
        bound=Bound(UNDER_WAY, MARGIN - SKEW, grain=10, least=True, rests_on=(CCM_LIFE, MARGIN_IS)),
        asked_in=("skew",), decided_by="recheck_after_renewal is yes",
    ),
    Property(
        "N-02f", CONCERN, "A message is not refused before it has been under way for twice the margin: 60 min",
        "T2 A8 A42 N-02", on=REFUSED, when=MESSAGE,
        bound=Bound(UNDER_WAY, 2 * MARGIN, grain=10, least=True, rests_on=(CCM_LIFE, MARGIN_IS)),
        asked_in=("skew",), expected="fails", reason="flight and skew may not exceed the margin",
    ),
)  # fmt: skip
