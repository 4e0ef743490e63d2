"""What must happen: promises to the client of a good site, under the fairness of the workflow.

A promise speaks of a *good site* (:data:`GOOD_SITE`): nothing in the environment stands in the way of an Entra client,
before the settings refresh nor after it. Beside it a device that can have a token of its own (:data:`DEVICE`), or a
user who can have one (:data:`USER`). That ccmsetup gives up, or that somebody decides against the device or the user,
ends a promise: that is what ``unless`` says.

Two promises are kept by a parameter or an unknown alone: a renewal follows the clock, so that a client which does not
drop a refused token sends it until it is close to expiry (N-03); and a client that cannot store its registration asks
again for ever (N-15, KB3067633).

`promises` asks in every environment, without faults. On good sites of several kinds what may fail for a while fails in
`passing` until all of that is over, nobody knows when; in `recovery` it goes on for ever. There only what needs no luck
is asked: every other promise has a fair run in which a token lives, a user is there and the way is open again and
again, and never all at the step that needs them. Fairness to pairs of good moments does not help: it makes 334,000
groups of 56,000 (of which 15,000 and 3,600 may ever happen, at 20 s instead of 2 s only to see which), and L-01, L-02,
L-08 and L-19 fail in the same environments as without; with "the reply is good" as a moment they still do.
"""

from __future__ import annotations

from collections.abc import Iterable

from ccmproof.model.kernel.actor import observer, recv

from .property import Promise, Property, Severity

CONCERN = "Promises"

CERTIFICATE_GOOD = "(cmg_certificate is public or root is present) and cmg_name is match and cmg_date is ok"
CRL_GOOD = "crl is fresh and cmg_revoked is no"
CONNECTS_AT_FIRST = (
    f"{CERTIFICATE_GOOD} and (nocrlcheck is yes or site_option is off and bootstrap_knows_site_option is yes"
    f" or {CRL_GOOD})"
)
CONNECTS_LATER = f"{CERTIFICATE_GOOD} and (site_option is off or {CRL_GOOD})"
SITE_WORKS = (
    "tenant is onboarded and mp_mode is not http and mp_internet is not no and sts_healthy is yes"
    " and site_database is up and mp_binding is ok and (mp_mode is ehttp or cp_certificate is valid"
    " and cp_certificate_crl is reachable)"
)
GOOD_SITE = (
    f"{CONNECTS_AT_FIRST} and {CONNECTS_LATER} and {SITE_WORKS} and content_hash is good and state_persists is yes"
)
"""An Entra client finds nothing in its way, now and after the settings refresh (PRE in the domain's list)."""
KEY = "join in {entra, hybrid} and wpj is ok"
DEVICE = f"({KEY} and os is ok and device_app is enabled)"
"""The device can have a token of its own (DEV)."""
USER = f"({KEY} and user_kind is same_tenant and user_discovered is yes and conditional_access is excluded)"
"""A user of the device's tenant can have one (USR)."""
NO_DEVICE_TOKEN = "(os is old or device_app is not enabled)"
ENTRA_CLIENT = "pki is not valid"
"""It has no certificate that it would prefer."""

GAVE_UP = "ccmsetup is gave_up"
DECIDED_AGAINST = "block is set or device_identity is disabled or user_identity is disabled"
SERVED = "messaging is waiting_for_reply and reply.status is ok"
REGISTERED = "registration is registered and site_record.status is registered"

EVERYWHERE, FAILING, PASSING = "promises", "recovery", "passing"
"""The scenarios in which promises are asked."""

REFUSED = observer(
    "refused_token",
    states="no alive too_late",
    rows=[
        recv("cmg_returns_reply", "no", "alive",
             "messaging is waiting_for_reply and reply.status is 401 and message.account is system"
             " and cache.system.life is live and request.kind is ccm"),
        recv("messaging_caches_renewed_token", "alive", "no", "message.account is system"),
        recv("tick", "alive", "too_late", "cache.system.life is left_1"),
    ],
    doc="A token of SYSTEM's that the site refused while it was alive by its clock: replaced, or kept too long.",
)  # fmt: skip


def promised(
    identifier: str,
    claim: str,
    cites: str,
    *,
    when: Iterable[str],
    then: str,
    unless: str = GAVE_UP,
    asked_in: tuple[str, ...] = (EVERYWHERE,),
    promise: Promise = Promise.EVENTUALLY,
    concern: str = CONCERN,
    **more: object,
) -> Property:
    """A promise; ``when`` is a list of conditions of which all hold."""
    return Property(
        identifier, concern, claim, f"{cites} {identifier}", when=" and ".join(f"({each})" for each in when), then=then,
        promise=promise, unless=unless, asked_in=asked_in, **more,  # type: ignore[arg-type]
    )  # fmt: skip


PROPERTIES = (
    promised(
        "L-01", "A device that can have a token registers with approval 3, unless ccmsetup gives up, whoever signs in"
        " or not", "I2.1 R2.1 R3.2",
        when=(GOOD_SITE, DEVICE, ENTRA_CLIENT), then=f"{REGISTERED} and registration.approval is 3",
        severity=Severity.CRITICAL, asked_in=(EVERYWHERE, PASSING),
    ),
    promised(
        "L-02", "Where the device can have no token, a user's leads to a CCM token, or ccmsetup gives up",
        "I2.2 I3.4 I4.1",
        when=(GOOD_SITE, USER, NO_DEVICE_TOKEN, ENTRA_CLIENT, "ccmsetup is started"), then="cache.system.life is live",
        asked_in=(EVERYWHERE, PASSING),
    ),
    promised(
        "L-04", "An attempt of ccmsetup that a passing fault failed succeeds later, or it stops at its time limit",
        "I2.3 I4.5 A13", when=(GOOD_SITE, f"{DEVICE} or {USER}", ENTRA_CLIENT, "ccmsetup is attempt_failed"),
        then="ccmsetup is installed", asked_in=(PASSING,),
    ),
    promised(
        "L-05", "A message of a registered Entra client is served with a live token, however long it waited",
        "T2 T3 T4",
        when=(GOOD_SITE, f"{DEVICE} or {USER}", "registration is registered and registration.approval is 3",
              "messaging is sending and message.account is system"),
        then=f"{SERVED} and request.kind is ccm", unless="",
        severity=Severity.CRITICAL, asked_in=(EVERYWHERE, PASSING),
    ),
    promised(
        "L-07", "A token that dies during a download does not end the installation, unless ccmsetup gives up",
        "I4.5 A10 A39",
        when=(GOOD_SITE, f"{DEVICE} or {USER}", ENTRA_CLIENT,
              "ccmsetup is waiting_for_download and cache.system.life is expired"),
        then="ccmsetup is installed",
    ),
    promised(
        "L-08", "A registration that is pending is confirmed in the end", "R3.2 A24",
        when=(GOOD_SITE, f"{DEVICE} or {USER} and mp_mode is https", "registration is pending"), then=REGISTERED,
        unless="", asked_in=(EVERYWHERE, PASSING),
    ),
    promised(
        "L-09", "A registration that was rejected, or failed, is tried again", "R1.2 A24",
        when=("registration is attempt_failed",), then="registration is starting", unless="",
        asked_in=(EVERYWHERE, FAILING),
    ),
    promised(
        "L-10", "Content that the cloud does not give comes from the management point, or ccmsetup gives up", "I4.5",
        when=(GOOD_SITE, f"{DEVICE} or {USER} or pki is valid and mp_mode is https",
              "ccmsetup is downloading_from_mp"),
        then="ccmsetup is downloaded", asked_in=(EVERYWHERE, PASSING),
    ),
    promised(
        "L-11", "With one connection point down for good, and another there, messages are served", "I3.2 A24",
        when=(GOOD_SITE, f"{DEVICE} or {USER}", "connection_point.service is down",
              "registration is registered and registration.approval is 3 and messaging is sending"
              " and message.account is system"),
        then=SERVED, unless="", without=("connection_point_comes_back",), asked_in=(PASSING,),
        decided_by="cp_count is 2",
    ),
    promised(
        "L-12", "A client that was installed with /NoCRLCheck goes on being served", "I1.7 K2 A17",
        when=(CONNECTS_AT_FIRST, SITE_WORKS, DEVICE, "state_persists is yes", "nocrlcheck is yes",
              "site_option is on", "crl is not fresh",
              "registration is registered and registration.approval is 3 and messaging is sending"
              " and message.account is system"),
        then=SERVED, unless="", expected="fails",
        reason="from the settings refresh on the site's option counts, and there is no CRL: the client goes dark",
    ),
    promised(
        "L-13", "Where the site's option is off a client without a CRL goes on being served", "I1.7 K2 A17",
        when=(CERTIFICATE_GOOD, SITE_WORKS, f"{DEVICE}", "site_option is off", "crl is not fresh",
              "registration is registered and registration.approval is 3 and messaging is sending"
              " and message.account is system"),
        then=SERVED, unless="",
    ),
    promised(
        "L-19", "A user who left before the registration leads to it at a later logon", "R2.2 A21",
        when=(GOOD_SITE, USER, NO_DEVICE_TOKEN, ENTRA_CLIENT, "mp_mode is https", "ccmsetup is installed",
              "user_session is signed_out and registration is not registered"),
        then=REGISTERED, unless="", asked_in=(EVERYWHERE, PASSING),
    ),
    promised(
        "L-20", "A client that is not registered is never stuck: something goes on, or ccmsetup has given up",
        "I2.3 A13",
        when=("registration is not registered",), then=GAVE_UP, unless="", promise=Promise.UNSTUCK,
        asked_in=(EVERYWHERE, FAILING),
    ),
    promised(
        "L-21", "On a good site it never becomes impossible to register with approval 3", "R3.2 A24",
        when=(GOOD_SITE, DEVICE, ENTRA_CLIENT, "ccmsetup is not gave_up"),
        then="registration is registered and registration.approval is 3", unless="",
        promise=Promise.RECOVERABLE, asked_in=(EVERYWHERE, FAILING),
    ),
    promised(
        "N-03", "A token that the site refuses while it seems alive is replaced before it dies", "T2 A39",
        when=(GOOD_SITE, DEVICE, ENTRA_CLIENT, "refused_token is alive"), then="refused_token is no",
        unless=DECIDED_AGAINST, observers=(REFUSED,), asked_in=("refusals",),
        decided_by="messaging_drops_on_401 is yes",
    ),
    promised(
        "N-05", "Without an Entra token a certificate leads to a registration, with another approval than 3, or"
        " ccmsetup gives up", "R5 A12",
        when=(GOOD_SITE, "pki is valid and mp_mode is https", f"not ({KEY})"),
        then="registration is registered and site_record.status is registered and registration.approval is 2",
        asked_in=(EVERYWHERE, PASSING),
    ),
    promised(
        "N-15", "After a lost reply client and site come to agree on one record", "R3.2 R3.3 A24",
        when=(GOOD_SITE.replace(" and state_persists is yes", ""), DEVICE, ENTRA_CLIENT,
              "registration is attempt_failed and site_record.status is registered"),
        then=REGISTERED, unless="", asked_in=(EVERYWHERE, PASSING), decided_by="state_persists is yes",
    ),
)  # fmt: skip
