"""The content access token: issued with the content locations, shown to the cloud storage, eight hours good (A28).

It is not the CCM token: a client that is blocked goes on downloading until it ends (DOMAIN 5.5).
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import ActorDef, record

from .hosts import CLIENT, CLOUD, MP
from .timing import Scale


def content_token(scale: Scale) -> tuple[ActorDef, ...]:
    """The record of the content token."""
    return record(
        "content_token", {"life": scale.token}, host=CLIENT, seen_by=(CLOUD, MP), doc="Opens the cloud storage"
    )
