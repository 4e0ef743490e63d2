"""The client's side of CCM_STS: an Entra token goes out, a CCM token comes back and is cached (I3.0, I3.1, I4.1, T5).

At most one request for a SID counts: a newer one makes an older one's reply nobody's, so that a late reply never
replaces what came after it (T5).
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

from ..network import Connection
from .cache import Entry
from .means import Component, Means
from .transport import BAD_STATUS, Call, Failed
from .wam import EntraToken, expiry_of, parsed


class StsRefused(Failed):
    """CCM_STS, or somebody on the way to it, gives no token."""


class Outdated(Failed):
    """The reply of a request that counts no more."""

    def __init__(self) -> None:
        super().__init__("0x87d00231")


class TokenService(Component):
    """CCM_STS as one client sees it."""

    def __init__(self, means: Means) -> None:
        super().__init__(means)
        self._newest: dict[str, int] = {}
        self._count = 0

    @property
    def path(self) -> str:
        """Where it is: a request with a token goes to ServerAuth (I3.5)."""
        return f"/CCM_Proxy_ServerAuth/{self._config.role}/CCM_STS"

    async def ask(self, call: Call, connection: Connection, sid: str, token: EntraToken, *, signed: bool) -> Entry:
        """Ask for a CCM token for a SID, over a connection that is open, by an Entra token.

        Raises:
            StsRefused: there is a reply, and no token in it.
            NoReply: there is none.
            Outdated: another request for this SID has been made since.
        """
        number = self._begin(sid)
        began = self._world.clock.now()
        body = json.dumps({"ClientID": self._device.client_id, "Account": sid}).encode()
        headers = {
            "Authorization": f"Bearer {token.token}",
            "CcmTokenAuth": "0",
            "Content-Type": "application/json",
        }
        if signed:
            headers["CcmSignature"] = base64.b64encode(self._device.sign(body)).decode("ascii")
        response = await self._transport.send(call, connection, "POST", self.path, headers, body)
        if not self.counts(sid, number):
            raise Outdated
        reply = parsed(response.content)
        given, lives = reply.get("access_token"), reply.get("expires_in")
        if response.status_code != 200 or not isinstance(given, str) or not isinstance(lives, int):
            self._transport.log_status(call, self.path, response)
            call.log.error(f"RetrieveTokenFromStsServerImpl failed with error {BAD_STATUS}")
            raise StsRefused(BAD_STATUS)
        return Entry(given, self.ends(given, began, lives))

    def keep(self, call: Call, sid: str, entry: Entry) -> None:
        """Cache what was given, for the SID that it was asked for (I4.1, T5)."""
        self._cache.put(sid, entry)
        call.log.write(f"Cached encrypted token for '{sid}'. Will expire at '{self.local(entry.expires)}'")

    def counts(self, sid: str, number: int) -> bool:
        """No newer request for this SID has been made."""
        return self._newest.get(sid) == number

    def ends(self, token: str, began: datetime, lives: int) -> datetime:
        """When a token ends: as it says itself, else so long after it was asked for."""
        return expiry_of(token) or began + timedelta(seconds=lives)

    def local(self, when: datetime) -> str:
        """A time as the client's logs write it. The lab's clients are where local time is UTC."""
        return f"{when:%m/%d/%Y %H:%M:%S}"

    def _begin(self, sid: str) -> int:
        self._count += 1
        self._newest[sid] = self._count
        return self._count
