"""The example's connections: how they are made and checked, what goes over them, and who waits for it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
from ccmproof.harness.lab.contract import ClientConfig
from ccmproof.harness.lab.network import Chain, Connection, Identity, Refused, Unreachable
from ccmproof.harness.lab.trust import Revocations, Trust
from ccmproof.harness.lab.world import World


class Failed(Exception):
    """What was tried has come to nothing."""


class Wires:
    """What one client has of the lab's surroundings.

    Attributes:
        refreshed: the security settings have been refreshed.
        site_checks_lists: the site's word on revocation lists, which counts from then on.
    """

    def __init__(self, world: World, config: ClientConfig) -> None:
        self.world, self.config, self.trust = world, config, Trust(config.roots)
        self.refreshed, self.site_checks_lists = False, True
        self._waiting: asyncio.Future[httpx.Response] | None = None

    def now(self) -> datetime:
        """The lab's time; there is no other."""
        return self.world.clock.now()

    def guid(self) -> str:
        """A new one, drawn from what the lab draws from, so that a run can be had again."""
        return str(uuid.UUID(int=self.world.random.getrandbits(128), version=4)).upper()

    async def connect(self, shown: Identity | None = None) -> Connection:
        """A connection to the gateway, whose certificate is good and, where lists are checked, in none.

        Raises:
            Failed: there is none.
        """

        async def verify(chain: Chain, host: str) -> None:
            await self.verify(chain, host)
            if self._checks_lists():
                await Revocations(self.world, self.config.name, self.trust).verify(chain)

        host = self.config.gateway
        try:
            return await self.world.network.connect(self.config.name, host, verify=verify, identity=shown)
        except (Refused, Unreachable) as error:
            raise Failed from error

    async def verify(self, chain: Chain, host: str) -> None:
        """Chain, name and date of what a server shows.

        Raises:
            Refused: one of them is not good.
        """
        self.trust.verify_server(chain, host, self.now())

    def _checks_lists(self) -> bool:
        """The site's word counts once the settings are refreshed; before that what ccmsetup was told."""
        if self.refreshed:
            return self.site_checks_lists
        told_not_to = self.config.bootstrap_knows_site_option and not self.config.site_checks_crl
        return not self.config.no_crl_check and not told_not_to

    async def send(
        self, connection: Connection, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> httpx.Response:
        """Send a request, and wait for its reply until it comes, or :meth:`abandon` says that it will not.

        Raises:
            Failed: none has come.
        """
        waiting = asyncio.ensure_future(connection.request(method, path, headers=headers, content=body))
        self._waiting = waiting
        try:
            await asyncio.wait({waiting})
            if waiting.cancelled():
                raise Failed
            return waiting.result()
        except Unreachable as error:
            raise Failed from error
        finally:
            waiting.cancel()

    def abandon(self) -> None:
        """Wait for no reply any more."""
        if self._waiting is not None:
            self._waiting.cancel()

    def outside(self, shown: Identity | None, path: str) -> str:
        """The gateway's path to something on the management point: one for tokens, one for certificates."""
        return f"/CCM_Proxy_{'ServerAuth' if shown is None else 'MutualAuth'}/{self.config.role}/{path}"


def parsed(response: httpx.Response) -> dict[str, Any]:
    """The object in a reply; an empty one where there is none."""
    try:
        found = json.loads(response.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
