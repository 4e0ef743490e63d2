"""The scenarios: what is asked about, as data. They read the model and change nothing in it."""

from ccmproof.model.scenario import Scenario

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


SCENARIOS: dict[str, Scenario] = {
    each.name: each
    for each in (
        Scenario(
            "any-environment",
            "Every environment; no faults, no adversary; the coarsest time that keeps the order of events",
        ),
        Scenario(
            "hourly",
            "One-hour ticks; users come and go, Entra disables, the administrator acts",
            tick=60,
            pins={"users_come_and_go": "on", "entra_disables": "on", "administrator_acts": "on"},
        ),
        Scenario(
            "faults",
            "Every environment; what may fail for a while, fails",
            pins={"faults_happen": "on"},
        ),
        Scenario(
            "adversary",
            "Every environment; an adversary with every capability, and a confused client",
            pins={
                "adversary": "present",
                "adversary_account": ("none_there", "other_tenant"),
                "adversary_key": ("none_there", "cmg_key"),
                "adversary_reads": ("nothing", "as_local_user", "as_system"),
                "cmg_compromised": ("no", "yes"),
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
    )
}
