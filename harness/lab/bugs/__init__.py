"""Seeded bugs: each a component of somebody else's that decides one thing otherwise than ours, switched on by itself.

The suite has to find every one, and none where no bug is on (:mod:`..conformance.hunt`).
"""

from __future__ import annotations

from collections.abc import Mapping

from . import client, connection_point, entra, gateway, management_point, messaging, registration, sts, transport
from .bug import Bug

__all__ = ["BUGS", "Bug"]

BUGS: Mapping[str, Bug] = {
    each.name: each
    for of in (gateway, connection_point, management_point, sts, registration, client, transport, messaging, entra)
    for each in of.BUGS
}
"""All of them, by name."""
