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
Without a user there is less to look at. Whose a ClientID is where anybody may register is played in labs that
`tests/lab/conformance/test_whose_record.py` names.

There lab and model still differ where somebody else has registered by the device's own token, which he has taken or
which a client in disorder shows. The lab knows the record by the key that he signed with: he may come again without the
token, and the client may not, nor by a certificate or the domain's word. To the model the record is the client's.
The lab is right; of a key a site can tell no more. What the model would need is known too: `site_record.device` says
`stranger` wherever `request.sender` is not the client, and a certificate or the domain takes over nothing that an
Entra token has proven. Then this conforms; but that somebody has once shown the client's token is remembered, and
`thief` has 38 % more states.
`tests/lab/conformance/test_differences.py` plays it, and fails when it is mended.
"""
