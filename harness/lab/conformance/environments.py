"""Where suites are looked for: environments, each as changes to the healthy one; what goes together is together."""

from __future__ import annotations

from collections.abc import Mapping

ABLE = {
    "adversary_account": "other_tenant",
    "adversary_key": "cmg_key",
    "adversary_reads": "as_system",
    "cmg_compromised": "yes",
}
BY_USER = {"device_app": "not_enabled"}
ENVIRONMENTS: tuple[Mapping[str, str], ...] = (
    {**ABLE, "cp_count": "2", "other_tenant_onboarded": "yes", "content_in_cloud": "no"},
    {**ABLE, **BY_USER, "direct": "yes", "altauth": "yes", "other_tenant_onboarded": "yes"},
    {**BY_USER, "use_old_on_failed_renewal": "yes", "recheck_after_renewal": "yes", "properties_given": "yes"},
    {"join": "hybrid", "direct": "yes", "nocrlcheck": "yes", "cp_count": "2"},
    {"pki": "valid", "properties_given": "yes"},
    {"pki": "valid"},
    {"pki": "valid", "install_prefers": "token", **BY_USER},
    {"mp_mode": "ehttp", "anonymous_fallback": "yes"},
    {"state_persists": "no"},
    {"content_hash": "bad"},
    {"tenant": "not_onboarded"},
    {"os": "old", "user_discovered": "no"},
    {"wpj": "absent", "properties_given": "yes"},
    {"join": "not_joined", "wpj": "absent", "user_kind": "nobody"},
    {"sts_healthy": "no"},
    {"mp_internet": "no"},
    {"site_database": "down", "adversary_account": "other_tenant", "other_tenant_onboarded": "yes"},
    {"site_database": "down", "pki": "valid"},
    {"cp_certificate": "absent", "cp_count": "2"},
    {"mp_binding": "wrong", "cp_count": "2"},
    {"mp_mode": "http"},
    *({**why, "nocrlcheck": check} for why in (
        {"cmg_certificate": "pki", "root": "missing"}, {"cmg_name": "mismatch"}, {"cmg_date": "expired"}
    ) for check in ("no", "yes")),
)  # fmt: skip
"""Where suites are looked for, unless others are named: what goes together is together."""
DEEP: tuple[Mapping[str, str], ...] = (
    {"use_old_on_failed_renewal": "yes", "user_kind": "nobody"},
    {"join": "hybrid", "direct": "yes", "user_kind": "nobody"},
)
"""Where it is looked further, for what takes long: a token that is nearly dead, a client that was blocked meanwhile.
Without a user there is less to look at.

Left out is an enhanced-HTTP site with a stranger who registers a free ClientID twice. There lab and model differ: for
the lab the record is the stranger's own the second time, and he registers again (R1.3); the model does not keep who
made a record, and rejects him (`mp_rejects_rebinding`, A40). The model is the stricter of the two. No case asks for it.
"""
