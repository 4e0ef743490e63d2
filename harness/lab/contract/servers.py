"""What the servers of a lab offer beside being made: the lab starts them, and acts on what they have.

What a server does with a message is no matter of this: it is read on the wire, and judged. Each is made with the lab's
surroundings and the configuration of its place, as `ADAPTERS.md` has it, and may serve as soon as it is started.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from starlette.types import ASGIApp

from ..directory import Directory
from ..network import Chain, Connection


class AnyServer(Protocol):
    """The gateway, and the cloud's store; Entra and the management point are more."""

    @property
    def app(self) -> ASGIApp:
        """What it serves; in some trials another serves the same under its name."""

    def start(self) -> None:
        """Serve under its host's name (``world.network.serve``); called again where somebody who stood between has
        gone."""


class AnyEntra(AnyServer, Protocol):
    """Entra."""

    @property
    def directory(self) -> Directory:
        """Who is there; the lab's administrators change it."""

    def join_device(self, tenant: str, key: ec.EllipticCurvePublicKey) -> Chain:
        """Take a device into the directory, and certify its key; the certificate names the device (D1)."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token that says just this, signed like any other: what an adversary may have come by."""


class AnyConnectionPoint(Protocol):
    """A connection point: it serves nothing under a name, and is reached over the channel that it opens."""

    @property
    def channel(self) -> Connection | None:
        """Its connection to the gateway; None while there is none."""

    async def open_channel(self) -> None:
        """Connect to the gateway, and offer its application over that (X3)."""

    def close_channel(self) -> None:
        """Lose it, until it is opened again."""


class Registrations(Protocol):
    """What a management point has for registrations."""

    outcome: Any
    """What the site will answer to the next registration that it does not reject: ``success``, ``pending``, ``resend``
    or ``rejected``, as a text or as a member of an enumeration with these names (DOMAIN 6.5)."""


class AnyManagementPoint(AnyServer, Protocol):
    """The management point."""

    @property
    def registrations(self) -> Registrations:
        """What it answers to who registers."""
