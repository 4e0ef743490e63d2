"""What Entra knows: tenants with their apps, devices, users and their sessions; what an administrator changes there.

Devices belong to a tenant, and so do users; a user may sign in on a device of another tenant (A20). Disabling takes
away what would be issued, not what is out (DOMAIN 7.7).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

SESSION_LIVES = timedelta(days=14)
"""A primary refresh token's life, from its last use on (DOMAIN 3.12)."""


Found = TypeVar("Found")


class NotKnown(ValueError):
    """There is no such thing in the directory, or it may not do this."""


@dataclass
class App:
    """The site's two apps in a tenant, which its administrator has consented to: the client's and the server's (AZSVC).

    Attributes:
        client_app: who asks for tokens.
        resource: the server app's App ID URI, which becomes the audience of tokens (DOMAIN 3.10).
        takes_device_tokens: the server app is enabled for device tokens (I2.2, DOMAIN 3.3).
        blocked: a Conditional Access policy demands more than a silent request can give (I2.2).
    """

    client_app: str
    resource: str
    takes_device_tokens: bool = True
    blocked: bool = False


@dataclass
class Tenant:
    """A tenant: its apps by resource."""

    id: str
    apps: dict[str, App] = field(default_factory=dict)


@dataclass
class JoinedDevice:
    """A device that is joined to a tenant, known by its workplace-join key (D1, D2)."""

    id: str
    tenant: str
    key: bytes = field(repr=False)
    enabled: bool = True


@dataclass
class Account:
    """A user's account in a tenant."""

    sid: str
    oid: str
    tenant: str
    upn: str
    enabled: bool = True


@dataclass
class Session:
    """A user's session on a device, for which he holds a primary refresh token (DOMAIN 3.12)."""

    sid: str
    device: str
    ends: datetime


class Directory:
    """Everything that Entra knows.

    Attributes:
        tenants, devices, accounts: by id; accounts by SID.
    """

    def __init__(self, now: Callable[[], datetime], random: Random) -> None:
        self._now, self._random = now, random
        self.tenants: dict[str, Tenant] = {}
        self.devices: dict[str, JoinedDevice] = {}
        self.accounts: dict[str, Account] = {}
        self._sessions: dict[str, Session] = {}

    def add_tenant(self, tenant: str, *apps: App) -> Tenant:
        """A tenant with the apps that its administrator has consented to."""
        self.tenants[tenant] = Tenant(tenant, {app.resource: app for app in apps})
        return self.tenants[tenant]

    def add_user(self, tenant: str, sid: str, upn: str = "user@example.com") -> Account:
        """A user's account.

        Raises:
            NotKnown: there is no such tenant.
        """
        self._tenant(tenant)
        self.accounts[sid] = Account(sid, self.new_id(), tenant, upn)
        return self.accounts[sid]

    def add_device(self, tenant: str, key: ec.EllipticCurvePublicKey) -> JoinedDevice:
        """A device that joins.

        Raises:
            NotKnown: there is no such tenant.
        """
        self._tenant(tenant)
        device = JoinedDevice(self.new_id(), tenant, key_bytes(key))
        self.devices[device.id] = device
        return device

    def disable_device(self, device: str, *, disabled: bool = True) -> None:
        """Nothing is issued to this device, or to a user on it, any more (A20)."""
        self._found(self.devices, device).enabled = not disabled

    def disable_user(self, sid: str, *, disabled: bool = True) -> None:
        """Nothing is issued to this user any more (A20)."""
        self._found(self.accounts, sid).enabled = not disabled

    def sign_in(self, sid: str, device: str) -> str:
        """A user signs in on a device: his primary refresh token, which is bound to it.

        Raises:
            NotKnown: one of them is not known, or disabled.
        """
        if not self._found(self.accounts, sid).enabled or not self._found(self.devices, device).enabled:
            raise NotKnown(f"{sid} cannot sign in on {device}: disabled")
        token = f"{self._random.getrandbits(256):064x}"
        self._sessions[token] = Session(sid, device, self._now() + SESSION_LIVES)
        return token

    def use_session(self, token: str, sid: str, device: str) -> bool:
        """A primary refresh token is this user's, on this device, and lives; by use it lives on."""
        session, now = self._sessions.get(token), self._now()
        if session is None or (session.sid, session.device) != (sid, device) or now >= session.ends:
            return False
        session.ends = now + SESSION_LIVES
        return True

    def new_id(self) -> str:
        """An identifier that nobody has yet."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _tenant(self, tenant: str) -> Tenant:
        return self._found(self.tenants, tenant)

    @staticmethod
    def _found(known: dict[str, Found], name: str) -> Found:
        if name not in known:
            raise NotKnown(f"{name!r} is not known here; known are {', '.join(sorted(known)) or 'none'}")
        return known[name]


def key_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key, to compare with another."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
