"""What a client offers: it is told what happens to it, asked what there is to do, told to do it, and looked at.

Nothing that it says is believed where something else shows otherwise. What it says that it has must be what the wires
have brought it and nothing else: a token's signature, owner and end are read in the token itself, and every state has
to be one that the messages seen so far lead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from ..world import World
from .given import ClientConfig, User


class Work(StrEnum):
    """What a client may be told to do, a piece at a time."""

    INSTALL = "INSTALL"
    """One attempt of ccmsetup."""
    REGISTER = "REGISTER"
    """One attempt of the registration."""
    MESSAGE_SYSTEM = "MESSAGE_SYSTEM"
    """What SYSTEM has to send: the new token first, where that is due, and a message that asks for policy."""
    MESSAGE_USER = "MESSAGE_USER"
    """The same of somebody who is signed in."""
    REFRESH_SETTINGS = "REFRESH_SETTINGS"
    """The location service takes the site's security settings: from now on they count (A17)."""


@dataclass(frozen=True)
class StoredToken:
    """A CCM token that a client has in store, and until when it takes it to live."""

    token: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True)
class Registered:
    """What a client knows of its registration once it has processed the confirmation (R3.3).

    Attributes:
        approval: the approval status that it was told.
        has_new_token: it has got the new token that is due after that (R4.0).
    """

    approval: int
    has_new_token: bool = False


@dataclass(frozen=True)
class Observation:
    """What a client has, and what it knows.

    Attributes:
        client_id: what it calls itself, before its registration too (R1.3).
        public_key: by which its signatures are good.
        tokens: its CCM tokens, by the SID of the account that each is for (I4.1); dead ones too, until they are
            replaced or dropped.
        installed: client.msi has finished.
        learnt_properties: the CMG has told it the Entra properties (I1.2).
        refreshed_settings: :attr:`Work.REFRESH_SETTINGS` was done.
        registered: None until the confirmation has been processed.
    """

    client_id: str
    public_key: ec.EllipticCurvePublicKey
    tokens: Mapping[str, StoredToken] = field(default_factory=dict)
    installed: bool = False
    learnt_properties: bool = False
    refreshed_settings: bool = False
    registered: Registered | None = None


class AnyClient(Protocol):
    """A client.

    It does nothing by itself and it never sleeps: whoever has it lets time pass, and tells it what to do. What it sends
    it sends over ``world.network``; what it keeps on a disk it keeps under ``world.disk(config.name)``, where the lab
    looks for tokens in clear.
    """

    def __init__(self, world: World, config: ClientConfig) -> None:
        """Be there, and not installed yet."""

    def due(self) -> Mapping[Work, datetime]:
        """What there is to do, and from when on; what is done for good, or cannot be yet, is not in it."""

    async def run(self, what: Work) -> object:
        """Do one thing to its end: one attempt, or one message. What it gives back is nobody's concern; what it raises
        is a deviation."""

    def abandon(self) -> None:
        """Wait no more for the reply that is still to come, as after a timeout: it fails what runs, and whatever it
        brings when it comes after all is nobody's (T5)."""

    def be_patient(self, patient: bool) -> None:
        """Say whether ccmsetup tries on after its next failed attempt, whatever /downloadtimeout says (A13)."""

    def sign_in(self, user: User) -> None:
        """A user signs in."""

    def sign_out(self, sid: str) -> None:
        """A user signs out."""

    def observe(self) -> Observation:
        """What it has now. Asked at any time, most often while messages are under way; it changes nothing."""
