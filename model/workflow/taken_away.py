"""Extensions: what is taken away from a device that is being served, beside its identity in Entra.

*known_device*: the site knows the device from an earlier installation, so that an administrator can block it while the
client is installed again. Only so can a block fall between the content token and the content: an installed client
downloads nothing here.

*tenant_off*: the administrator turns off authentication for the device's tenant. That takes up to 25 hours to arrive
(DOMAIN 1.14, AZSVC), here at the CMG, the connection point and the management point at the same moment, and at latest
when the time is up: then no time passes before it has arrived. Entra itself goes on giving tokens.
"""

from __future__ import annotations

from itertools import pairwise

from ccmproof.model.kernel.actor import STAY, actor, recv, send
from ccmproof.model.kernel.definition import Item
from ccmproof.model.kernel.edit import AddParticipant, SetGuard

from .extension import Extension
from .hosts import ADMINISTRATOR
from .timing import Scale

KNOWN_DEVICE = Extension(
    "known_device",
    "The site knows the device from before, so that it can be blocked while the client is installed again",
    lambda scale: [],
    (SetGuard("block", "administrator_blocks_client", "administrator_acts is on"),),
)


def switch(scale: Scale) -> Item:
    """The switch of the tenant, and how many ticks there are until the site must have noticed."""
    on_the_way = [f"left_{n}" for n in range(scale.tenant_lag + 1)]
    return actor(
        "tenant_switch",
        host=ADMINISTRATOR,
        states=["on", *on_the_way, "off"],
        rows=[
            send("administrator_disables_tenant", "on", on_the_way[-1], cites="N-13"),
            send("tenant_is_disabled", on_the_way, "off", cites="N-13"),
            *(recv("tick", now, after) for after, now in pairwise(on_the_way)),
            recv("tick", "on off", STAY),
        ],
        holds_up="tick",
        waits="on",
        doc="Authentication for the device's tenant: on, turned off and on the way to the site, or off.",
    )


TENANT_OFF = Extension(
    "tenant_off",
    "Authentication for the device's tenant is turned off, and the site notices up to 25 hours later",
    switch,
    (AddParticipant("tenant", (recv("tenant_is_disabled", "*", "disabled", cites="N-13 I1.3"),)),),
    strikes={
        "administrator_disables_tenant": "a decision that is not taken back",
        "tenant_is_disabled": "it comes of that decision",
    },
)
