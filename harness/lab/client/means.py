"""What the components of one client work with: its surroundings, its stores, its tokens and its connections."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import ClientConfig
from ..world import World
from .cache import TokenCache
from .device import Device, Users
from .transport import Transport
from .wam import Wam


@dataclass(frozen=True)
class Means:
    """What is there once for the whole client.

    Attributes:
        users: who is signed in.
        wam: gives Entra tokens.
        cache: has the CCM tokens.
    """

    world: World
    config: ClientConfig
    device: Device
    users: Users
    transport: Transport
    wam: Wam
    cache: TokenCache


class Component:
    """Whatever works with them, and has each at hand."""

    def __init__(self, means: Means) -> None:
        self._world, self._config = means.world, means.config
        self._device, self._users = means.device, means.users
        self._transport, self._wam, self._cache = means.transport, means.wam, means.cache
