"""Where suites are looked for: environments, each as changes to the healthy one; what goes together is together."""

from __future__ import annotations

from collections.abc import Mapping

ABLE = {
    "adversary_account": "other_tenant",
    "adversary_key": "cmg_key",
    "adversary_reads": "as_system",
    "cmg_compromised": "yes",
}
FOREIGN = {**ABLE, "other_tenant_onboarded": "yes"}
"""An adversary whose tokens the site takes."""
TWO = {"cp_count": "2"}
ENVIRONMENTS: tuple[Mapping[str, str], ...] = (
    {**FOREIGN, **TWO, "content_hash": "bad", "nocrlcheck": "yes", "user_discovered": "no"},
    {**FOREIGN, **TWO, "join": "hybrid", "direct": "yes", "altauth": "yes", "state_persists": "no", "os": "old"},
    {**FOREIGN, **TWO, "content_in_cloud": "no"},
    {"pki": "valid", "install_prefers": "token", "wpj": "absent"},
    {"pki": "valid"},
    {"pki": "valid", "install_prefers": "token", "tenant": "not_onboarded"},
    {**FOREIGN, "pki": "valid", "site_database": "down"},
    {**FOREIGN, "cmg_name": "mismatch", "nocrlcheck": "no", "sts_healthy": "no"},
    {**FOREIGN, "cmg_name": "mismatch", "nocrlcheck": "yes", "mp_internet": "no"},
    {**FOREIGN, **TWO, "cmg_date": "expired", "nocrlcheck": "no", "cp_certificate": "absent"},
    {**FOREIGN, **TWO, "cmg_date": "expired", "nocrlcheck": "yes", "mp_binding": "wrong"},
    {"join": "not_joined", "wpj": "absent", "user_kind": "nobody"},
)
"""Where suites are looked for, unless others are named: what goes together is together. Where a client cannot install
it tries again and again, and all that keeps it from installing is there; where it cannot connect, the servers have to
do with an adversary's requests alone, and what is wrong with them may be wrong there."""
DEEP: tuple[Mapping[str, str], ...] = (
    {"use_old_on_failed_renewal": "yes", "user_kind": "nobody", "mp_mode": "ehttp", "anonymous_fallback": "yes"},
)
"""Where it is looked further, for what takes long: a token that is nearly dead, a client that was blocked meanwhile.
Without a user there is less to look at.

Left out is an enhanced-HTTP site with a direct path, on which somebody without proof registers a ClientID that is free.
There lab and model differ, for the model does not keep whose a record is:

* he registers it a second time: to the lab the record is his own, by the key that it was made with; the model rejects
  him (`mp_rejects_rebinding`);
* then the client itself, without proof either, registers by that ClientID: to the model it is free for the client
  whoever has the record; the lab rejects it, for the record is another's.

The lab is right. A ClientID may be named that is free or *this device's* (R1.3, A40 with its default, N-06), and only
another device's is refused; a proof takes over what nothing has proven. What the model would need is little: a field
`site_record.device` of {nobody, client, stranger}, as :mod:`ccmproof.model.workflow.second_client` has it already for
two clients; written with the record by `mp_registers_client` and `mp_leaves_registration_pending`, `client` where
`registrant_is_the_client` and `stranger` elsewhere; and in `registration_may_name_the_client`, in the place of
`registrant_is_the_client`, that the registration is proven by what is the client's, or that `request.sender` is who
`site_record.device` says. `tests/lab/conformance/test_differences.py` plays both runs, and fails when this is mended.
"""
