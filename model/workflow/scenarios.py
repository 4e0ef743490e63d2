"""The scenarios: what is asked about, as data. They read the model and change nothing in it.

`any-environment`, `hourly` and `faults` leave every unknown open. The product of an adversary, a client that works and
every environment at once is the dearest of all; it is asked in two halves: `adversary` has every site, and a device
that gets nowhere; `thief` has a device that works, on a healthy site, and tokens to steal. `squatter` is about whose a
ClientID is that somebody else has registered first, where anybody may. `everything` has all that moves at once, on one
healthy site; it takes minutes, and is asked on demand. So is `replay`, in which logs are followed. Any unknown can be
opened again with `--set NAME=*`.
"""

from ccmproof.model.scenario import Scenario

from .second_client import TWINS, both

HEALTHY = {
    "join": "entra", "wpj": "ok", "os": "ok", "pki": "none_there", "root": "present", "nocrlcheck": "no",
    "properties_given": "no", "state_persists": "yes", "direct": "no", "tenant": "onboarded",
    "other_tenant_onboarded": "no", "device_app": "enabled", "conditional_access": "excluded",
    "user_kind": "same_tenant", "user_discovered": "yes", "cmg_certificate": "public", "cmg_name": "match",
    "cmg_date": "ok", "cmg_revoked": "no", "crl": "fresh", "site_option": "on", "mp_mode": "https",
    "mp_binding": "ok", "mp_internet": "yes", "sts_healthy": "yes", "site_database": "up", "approval": "trusted",
    "altauth": "no", "cp_certificate": "valid", "cp_certificate_crl": "reachable", "cp_count": "1",
    "content_in_cloud": "yes", "content_hash": "good", "tenant_match": "strict", "use_old_on_failed_renewal": "no",
}  # fmt: skip
"""One environment in which everything is as it should be."""


def _open(*names: str) -> dict[str, str]:
    """The healthy environment with these unknowns left open."""
    return {name: value for name, value in HEALTHY.items() if name not in names}


NOBODY = {"join": "not_joined", "wpj": "absent", "user_kind": "nobody", "pki": "none_there"}
"""A device that gets nowhere by itself: no join, no key, no user, no certificate."""

KINDS = _open("device_app", "user_kind", "pki", "wpj", "mp_mode", "cp_count", "content_in_cloud", "state_persists")
"""Good sites of several kinds, with several kinds of device and user."""

FEW = _open("device_app", "user_kind", "pki", "wpj", "content_in_cloud")
"""The kinds of device and user alone: where a promise is looked at first that is asked of more environments."""

TWO_CLIENTS = both({**HEALTHY, "user_kind": "nobody", "carried_id": "client", "in_disorder": "no"})
"""Two devices of one kind, and one healthy site. Their users are left out: with them a client has twice the tokens."""


SCENARIOS: dict[str, Scenario] = {
    each.name: each
    for each in (
        Scenario(
            "any-environment",
            "Every environment; no faults, no adversary; the coarsest time that keeps the order of events",
        ),
        Scenario(
            "hourly",
            "Every environment; one-hour ticks; users come and go, Entra disables, the administrator acts",
            tick=60,
            pins={
                "users_come_and_go": "on",
                "entra_disables": "on",
                "administrator_acts": "on",
            },
        ),
        Scenario(
            "faults",
            "Every environment; what may fail for a while, fails",
            pins={"faults_happen": "on"},
        ),
        Scenario(
            "adversary",
            "Every site; an adversary, with an account elsewhere or in the gateway; a device that gets nowhere itself",
            pins={
                **NOBODY,
                "adversary": "present",
                "adversary_account": ("none_there", "other_tenant"),
                "cmg_compromised": ("no", "yes"),
            },
            order="order_adversary",
        ),
        Scenario(
            "thief",
            "An adversary with every capability, and a confused client, beside a device without a user that works",
            pins={
                **_open("cmg_revoked"),
                "user_kind": "nobody",
                "adversary": "present",
                "adversary_account": ("none_there", "other_tenant"),
                "adversary_key": ("none_there", "cmg_key"),
                "adversary_reads": ("nothing", "as_local_user", "as_system"),
                "cmg_compromised": ("no", "yes"),
            },
            order="order_adversary",
        ),
        Scenario(
            "squatter",
            "Somebody without proof, beside a client that may come to have none itself; one site of enhanced HTTP, and"
            " a path to it",
            pins={
                **HEALTHY,
                "user_kind": "nobody",
                "mp_mode": "ehttp",
                "direct": "yes",
                "anonymous_fallback": "yes",
                "registration_rebinds": ("no", "yes"),
                "entra_disables": "on",
                "administrator_acts": "on",
                "adversary": "present",
            },
            order="order_adversary",
            alone=True,
        ),
        Scenario(
            "everything",
            "On demand, for it takes minutes: faults, users, an administrator, an adversary with every capability and"
            " a confused client, beside a client that works; one healthy site",
            pins={
                **HEALTHY,
                "users_come_and_go": "on",
                "entra_disables": "on",
                "administrator_acts": "on",
                "faults_happen": "on",
                "adversary": "present",
                "adversary_account": ("none_there", "other_tenant"),
                "adversary_key": ("none_there", "cmg_key"),
                "adversary_reads": ("nothing", "as_local_user", "as_system"),
                "cmg_compromised": ("no", "yes"),
            },
            order="order_everything",
            on_demand=True,
        ),
        Scenario(
            "replay",
            "On demand: what a log may be of. Every environment, faults, users who come and go, disabled identities,"
            " an administrator",
            pins={
                "users_come_and_go": "on",
                "entra_disables": "on",
                "administrator_acts": "on",
                "faults_happen": "on",
            },
            on_demand=True,
        ),
        Scenario(
            "readings",
            "Other readings than the defaults, on a small site: token before certificate, anonymous fallback",
            pins={
                **_open("pki", "mp_mode", "approval"),
                "install_prefers": "token",
                "anonymous_fallback": "yes",
                "entra_disables": "on",
                "administrator_acts": "on",
            },
        ),
        Scenario(
            "document",
            "The document's own walk: one healthy site, the device token there or not, the content in the cloud or not",
            pins=_open("device_app", "content_in_cloud"),
        ),
        Scenario(
            "fine",
            "Ticks of ten minutes, in which every duration is a whole number; few unknowns open",
            tick=10,
            pins=_open("device_app", "conditional_access", "content_in_cloud", "use_old_on_failed_renewal"),
        ),
        Scenario(
            "promises",
            "Every environment; no faults; users come and go: what must happen",
            pins={"users_come_and_go": "on"},
            alone=True,
        ),
        Scenario(
            "recovery",
            "Good sites, several kinds of device and user; what may fail for a while, fails; users come and go",
            pins={**KINDS, "faults_happen": "on", "users_come_and_go": "on"},
            alone=True,
        ),
        Scenario(
            "passing",
            "Good sites, several kinds of device and user; what may fail, fails until that is over; users come and go",
            pins={**KINDS, "faults_happen": "on", "users_come_and_go": "on"},
            extensions=("passing",),
            alone=True,
        ),
        Scenario(
            "refusals",
            "One healthy site that renews its token-signing key, with and without dropping a token that is refused",
            pins={**_open(), "administrator_acts": "on", "messaging_drops_on_401": ("no", "yes")},
            alone=True,
        ),
        Scenario(
            "half-hourly",
            "Ticks of half an hour, for the longest times; Entra disables the device or the user; one healthy site",
            tick=30,
            closed=True,
            pins={**_open("device_app", "content_in_cloud"), "entra_disables": "on"},
            alone=True,
        ),
        Scenario(
            "blocked",
            "The administrator acts, and may block a device that is installed again; closed ticks of half an hour",
            tick=30,
            closed=True,
            pins={**_open("device_app", "content_in_cloud"), "administrator_acts": "on"},
            extensions=("known_device",),
            alone=True,
        ),
        Scenario(
            "tenant-off",
            "Authentication for the tenant is turned off; closed ticks of an hour; one healthy site",
            tick=60,
            closed=True,
            pins=_open("device_app"),
            extensions=("tenant_off",),
            alone=True,
        ),
        Scenario(
            "outage",
            "Entra is out for a time; ticks of half an hour, for the shortest times; one healthy site, no user",
            tick=30,
            pins={**_open("use_old_on_failed_renewal"), "user_kind": "nobody"},
            extensions=("outage",),
            alone=True,
        ),
        Scenario(
            "fallback",
            "Entra is out for a time, or disables the user to whom SYSTEM fell back; closed ticks of half an hour",
            tick=30,
            closed=True,
            pins={**HEALTHY, "users_come_and_go": "on", "entra_disables": "on"},
            extensions=("outage",),
            alone=True,
        ),
        Scenario(
            "skew",
            "The site's clock is right or ahead by a tick of ten minutes, for the shortest times; no user",
            tick=10,
            pins={**HEALTHY, "user_kind": "nobody", "recheck_after_renewal": ("no", "yes")},
            extensions=("skew",),
            alone=True,
        ),
        Scenario(
            "policy",
            "Signed policy, where somebody may have the gateway, or the key of its certificate; one healthy site",
            pins={
                **_open("device_app", "nocrlcheck", "cmg_revoked"),
                "adversary_key": ("none_there", "cmg_key"),
                "cmg_compromised": ("no", "yes"),
                "signing_certificate_given": ("no", "yes"),
            },
            extensions=("policy_signing",),
        ),
        Scenario(
            "ageing",
            "A PKI certificate that expires at some time, on a joined device; one healthy HTTPS site",
            pins={**_open("pki", "device_app", "properties_given"), "pki": "valid"},
            extensions=("ageing",),
        ),
        Scenario(
            "later",
            "A tenant that is onboarded later, and a management point that regains the internet; else a healthy site",
            pins={
                **_open("device_app", "properties_given"),
                "tenant": "not_onboarded",
                "mp_internet": "no",
            },
            extensions=("later",),
        ),
        Scenario(
            "in-flight",
            "Two users on one device, two requests for a token at a time, and replies that come late; a healthy site",
            pins={
                **HEALTHY,
                "user_kind": "nobody",
                "serial_per_account": ("yes", "no"),
                "replies_are_matched": ("yes", "no"),
            },
            extensions=("in_flight",),
            alone=True,
        ),
        Scenario(
            "bulk",
            "A bulk registration token, its use and its misuse, beside a device that gets nowhere by itself",
            pins={**HEALTHY, **NOBODY},
            extensions=("bulk",),
            alone=True,
        ),
        Scenario(
            "two-clients",
            "Two whole clients of one healthy site, without users; replies are lost, and the administrator acts",
            pins={**TWO_CLIENTS, "replies_are_lost": "on", "administrator_acts": "on"},
            extensions=("second_client",),
            order="order_two_clients",
            mirror=TWINS,
            alone=True,
        ),
        Scenario(
            "copied-image",
            "Two whole clients of one healthy site, each with its own ClientID or, from an image, the other's",
            pins={
                **TWO_CLIENTS,
                **both({"carried_id": ("client", "peer")}),
                "registration_rebinds": ("no", "yes"),
            },
            extensions=("second_client",),
            order="order_two_clients",
            mirror=TWINS,
            alone=True,
        ),
        Scenario(
            "copied-token",
            "A whole client of one healthy site, and a second one that gets nowhere itself, and shows the first one's"
            " tokens and ClientID",
            pins={
                **TWO_CLIENTS,
                "cmg_certificate": "pki",
                "peer.root": "missing",
                "peer.properties_given": "yes",
                "peer.in_disorder": "yes",
                "registration_rebinds": ("no", "yes"),
                "entra_tokens_are_copied": ("no", "yes"),
                "conflicting_records": ("merged", "kept"),
            },
            extensions=("second_client",),
            order="order_two_clients",
            mirror=TWINS,
            alone=True,
        ),
    )
}
