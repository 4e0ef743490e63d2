"""Entra's signing keys as one host of the site has them: read from each tenant's metadata over the network, and kept.

A key that is not among those in hand is a reason to look again, for keys are renewed; not without end, for anybody can
name a key. Where Entra cannot be reached the last keys that were read go on to count, as they do in the product.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from .entra import issuer_name
from .network import Chain, Connection, Refused, Unreachable
from .tokens import Issuer, KeySet, loads
from .trust import Trust
from .world import World

KEPT = timedelta(hours=24)
INTERVAL = timedelta(minutes=5)
LOOKS = 8
"""How often a host looks again within the interval, for all the keys that it does not know."""


class NoMetadata(Exception):
    """A tenant's keys cannot be read, and never have been."""


class EntraKeys:
    """The keys of tenants.

    Args:
        by: the host that reads them.
        trust: judges what Entra shows.
    """

    def __init__(self, world: World, by: str, trust: Trust) -> None:
        self._world, self._by, self._trust = world, by, trust
        self._kept: dict[str, tuple[KeySet, datetime]] = {}
        self._looks: deque[datetime] = deque(maxlen=LOOKS)

    async def issuer(self, tenant: str, kid: object) -> Issuer:
        """A tenant as an issuer, with the named key if it has one.

        Raises:
            NoMetadata: nothing is known of its keys.
        """
        kept = self._kept.get(tenant)
        if kept is None or self._old(kept[1]) or (not _has(kept[0], kid) and self._may_look()):
            try:
                kept = await self.read(tenant), self._world.clock.now()
            except (Refused, Unreachable, ValueError) as error:
                if kept is None:
                    raise NoMetadata(f"the keys of {tenant} cannot be read") from error
            self._kept[tenant] = kept
        return Issuer(kept[0], tenant)

    def _old(self, since: datetime) -> bool:
        return self._world.clock.now() - since >= KEPT

    def _may_look(self) -> bool:
        now = self._world.clock.now()
        if len(self._looks) == LOOKS and now - self._looks[0] < INTERVAL:
            return False
        self._looks.append(now)
        return True

    async def read(self, tenant: str) -> KeySet:
        """A tenant's keys, as they are published now.

        Raises:
            Refused: Entra is not who it should be.
            Unreachable: it does not answer.
            ValueError: what it answers is something else.
        """
        connection = await self._world.network.connect(self._by, self._world.names.entra, verify=self._verify)
        try:
            metadata = await _get(connection, f"/{tenant}/.well-known/openid-configuration")
            if metadata.get("issuer") != issuer_name(tenant):
                raise ValueError("the metadata is another tenant's")
            where = urlsplit(str(metadata.get("jwks_uri")))
            if where.scheme != "https" or where.netloc != self._world.names.entra:
                raise ValueError("the keys are elsewhere")
            return KeySet.from_jwks(await _get(connection, where.path))
        finally:
            connection.close()

    async def _verify(self, chain: Chain, host: str) -> None:
        self._trust.verify_server(chain, host, self._world.clock.now())


async def _get(connection: Connection, path: str) -> dict[str, Any]:
    response = await connection.request("GET", path)
    document = loads(response.content) if response.status_code == 200 else None
    if not isinstance(document, dict):
        raise ValueError(f"no document under {path}")
    return document


def _has(keys: KeySet, kid: object) -> bool:
    return isinstance(kid, str) and keys.get(kid) is not None
