"""ccmsetup's requests to the site: each with what shows who sends it, on the path that goes with it (A2, I3.0).

A PKI client shows its certificate in TLS and goes to MutualAuth; any other appends SYSTEM's CCM token and goes to
ServerAuth. The token is looked at when the connection is open, and nothing lies between that and the sending (A41).
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx

from ..network import Connection, Identity
from ..world import SYSTEM
from .means import Component, Means
from .transport import BAD_STATUS, Call, Failed
from .wam import parsed


class TokenDead(Exception):
    """SYSTEM's CCM token is dead, or was refused: a new one is needed before ccmsetup goes on (A10)."""


class Caller(Component):
    """Whoever calls the management point for ccmsetup.

    Attributes:
        certificate: what a PKI client shows; None where a token is appended.
    """

    def __init__(self, means: Means, call: Call) -> None:
        super().__init__(means)
        self._call = call
        self.certificate: Identity | None = None

    def may_call(self) -> bool:
        """A PKI client, or SYSTEM's CCM token is alive by the client's clock (I3.0, I4.2)."""
        return self.certificate is not None or self._cache.live(SYSTEM) is not None

    def announce(self, path: str) -> None:
        """The line that tells where the next request goes; none where it will not go."""
        if self.may_call():
            self._transport.announce(self._call, path, ccm_token=self.certificate is None)

    async def open(self) -> Connection:
        """A connection for a request, once its credential has been looked at.

        Raises:
            Failed: there is none.
            TokenDead: the token has died.
        """
        connection = await self._transport.open(self._call, self._config.gateway, self.certificate)
        if not self.may_call():
            connection.close()
            raise TokenDead
        return connection

    async def request(
        self, connection: Connection, method: str, path: str, body: dict[str, Any] | None = None
    ) -> httpx.Response:
        """Send a request, and get its reply.

        Raises:
            NoReply: none has come.
        """
        headers = {"CcmTokenAuth": "0", "CcmClientID": self._device.client_id}
        entry = None if self.certificate is not None else self._cache.get(SYSTEM)
        if entry is not None:
            headers |= {"CcmTokenAuth": "1", "Authorization": f"Bearer {entry.token}"}
            self._call.log.write("Appending CCM Token to the header.")
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = b"" if body is None else json.dumps(body).encode()
        return await self._transport.send(self._call, connection, method, path, headers, content)

    def good(self, response: httpx.Response, path: str) -> dict[str, Any]:
        """What a good reply says.

        Raises:
            Failed: it is not a good one.
        """
        if response.status_code != 200:
            self._transport.log_status(self._call, path, response)
            raise Failed(BAD_STATUS)
        return parsed(response.content)

    @property
    def request_path(self) -> str:
        """Where messages go."""
        return self.path("ccm_system/request" if self.certificate is not None else "ccm_system_tokenauth/request")

    def path(self, what: str) -> str:
        """The CMG's path to something on the management point."""
        way = "CCM_Proxy_ServerAuth" if self.certificate is None else "CCM_Proxy_MutualAuth"
        return f"/{way}/{self._config.role}/{what}"

    def message(self, kind: str) -> dict[str, Any]:
        """The body of a message."""
        return {
            "Message": kind,
            "ClientID": self._device.client_id,
            "Account": SYSTEM,
            "MessageID": f"{{{str(uuid.UUID(int=self._world.random.getrandbits(128), version=4)).upper()}}}",
            "SiteCode": self._config.site_code,
        }
