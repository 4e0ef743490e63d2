"""Extension: two things that were wrong become right while clients wait, without an administrator at the client.

The device's tenant is onboarded after ccmsetup has been turned away (L-15); it stays onboarded. A management point
from version 2603 on, which needs Entra's metadata (A31), regains its way to the internet, and may lose it again (L-17).
Both are unknowns of the core that move here; which way they stand at the start is the scenario's to say.

That a tenant's onboarding takes time to reach the gateway is not modelled (DOMAIN 3.14).
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import recv, send
from ccmproof.model.kernel.definition import Item
from ccmproof.model.kernel.edit import AddParticipant, AddRow

from .extension import Extension
from .timing import Scale


def parts(scale: Scale) -> Item:
    """Nothing new: what is there already moves."""
    return []


LATER = Extension(
    "later",
    "The tenant is onboarded later, and the management point regains the internet",
    parts,
    (
        AddRow("administrator", send("administrator_onboards_tenant", "at_work", "at_work", "tenant is not_onboarded",
                                     cites="I1.3 L-15")),
        AddParticipant("tenant", (recv("administrator_onboards_tenant", "not_onboarded", "onboarded", cites="I1.3"),)),
        AddRow("mp_internet", send("mp_regains_internet", "no", "yes", cites="A31 L-17")),
        AddRow("mp_internet", send("mp_loses_internet", "yes", "no", cites="A31 L-17")),
    ),
    strikes={
        "administrator_onboards_tenant": "a decision; nobody can count on it",
        "mp_loses_internet": "a fault",
    },
    moments={"mp_internet": "yes"},
)  # fmt: skip
