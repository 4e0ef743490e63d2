"""Extension: Entra ID is out for a time. A request for a token that meets it, or is under way, gets no answer.

WAM serves live tokens from its cache all the while. That an outage also takes from a management point the metadata that
it needs (A31) is not modelled.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import actor, send
from ccmproof.model.kernel.edit import SetEventGuard, SetGuard

from .extension import Extension
from .hosts import ENTRA, ENVIRONMENT

ENTRA_SERVICE = actor(
    "entra_service",
    host=ENVIRONMENT,
    states="up out",
    seen_by=(ENTRA,),
    rows=[
        send("entra_goes_out", "up", "out", cites="A33"),
        send("entra_comes_back", "out", "up", cites="A33"),
    ],
    doc="Whether Entra ID can be had at all.",
)

ANSWERS = (
    "entra_issues_device_token",
    "entra_refuses_device_token",
    "entra_issues_user_token",
    "entra_refuses_user_token",
)

OUTAGE = Extension(
    "outage",
    "Entra ID is out for a time",
    lambda scale: [ENTRA_SERVICE],
    (
        *(SetEventGuard(event, "entra_service is up") for event in ANSWERS),
        SetGuard("entra", "entra_does_not_answer", "entra_service is out"),
    ),
    strikes={"entra_goes_out": "a fault"},
    moments={"entra_service": "up"},
)
