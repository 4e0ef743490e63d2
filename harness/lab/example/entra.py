"""The example's Entra tokens: the device's, else a user's, and kept while they live."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import jwt
from ccmproof.harness.lab.contract import StoredToken, User
from ccmproof.harness.lab.network import Refused, Unreachable
from cryptography.hazmat.primitives import serialization

from .wires import Failed, Wires, parsed

DEVICE = "device"
"""Under which name the device's own token is kept."""
MINUTES = 5
"""So long what shows that this device asks is good."""


class Denied(Failed):
    """There is no Entra token to be had."""


class EntraTokens:
    """The token broker of the device.

    Attributes:
        users: who is signed in, by SID.
        apps: the client app and the resource that tokens are asked for; None while they are not known.
    """

    def __init__(self, wires: Wires, users: dict[str, User]) -> None:
        config = wires.config
        self.wires, self.config, self.users = wires, config, users
        self.apps = (config.client_app, config.resource) if config.client_app and config.resource else None
        self._kept: dict[str, StoredToken] = {}

    async def for_system(self) -> str:
        """The device's token, else that of somebody who is signed in.

        Raises:
            Denied: neither is to be had.
        """
        self._can_ask()
        try:
            return await self._token(None)
        except Denied:
            return await self.for_user(next(iter(self.users), ""))

    async def for_user(self, sid: str) -> str:
        """A user's token.

        Raises:
            Denied: he is not signed in, or Entra gives none.
        """
        self._can_ask()
        if sid not in self.users:
            raise Denied
        return await self._token(self.users[sid])

    def _can_ask(self) -> None:
        """Every request names the app, and is signed by the device's key."""
        if self.apps is None or not self.config.joined or self.config.wpj is None or not self.config.wpj_key_usable:
            raise Denied

    async def _token(self, user: User | None) -> str:
        """One that is kept and alive, or a new one; this Windows may be too old to ask for the device's."""
        name = DEVICE if user is None else user.sid
        if name in self._kept and self.wires.now() < self._kept[name].expires:
            return self._kept[name].token
        if user is None and self.config.old_windows:
            raise Denied
        self._kept[name] = stored(await self._ask(user))
        return self._kept[name].token

    async def _ask(self, user: User | None) -> str:
        assert self.apps is not None
        host = self.wires.world.names.entra
        path = f"/{user.tenant if user else self.config.tenant}/oauth2/token"
        asked = {"grant_type": "device", "client_id": self.apps[0], "resource": self.apps[1]}
        if user is not None:
            asked |= {"grant_type": "user", "user": user.sid, "session": user.session}
        asked["assertion"] = self._assertion(f"https://{host}{path}")
        try:
            connection = await self.wires.world.network.connect(self.config.name, host, verify=self.wires.verify)
            headers = {"Content-Type": "application/json"}
            response = await connection.request("POST", path, headers=headers, content=json.dumps(asked).encode())
        except (Refused, Unreachable) as error:
            raise Denied from error
        given = parsed(response).get("access_token")
        if response.status_code != 200 or not isinstance(given, str):
            raise Denied
        return given

    def _assertion(self, audience: str) -> str:
        """What shows that it is this device that asks."""
        assert self.apps is not None and self.config.wpj is not None
        now = int(self.wires.now().timestamp())
        claims = {"iss": self.apps[0], "aud": audience, "iat": now, "nbf": now, "exp": now + 60 * MINUTES}
        chain = [each.public_bytes(serialization.Encoding.DER) for each in self.config.wpj.chain]
        headers = {"x5c": [base64.b64encode(each).decode() for each in chain]}
        return jwt.encode({**claims, "jti": self.wires.guid()}, self.config.wpj.key, "ES256", headers=headers)


def stored(token: str) -> StoredToken:
    """A token, and when it ends by its own word, which is not its bearer's to judge."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return StoredToken(token, datetime.fromtimestamp(claims["exp"], UTC))
