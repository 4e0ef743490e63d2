"""Entra tokens, from Windows' Web Account Manager: for the device, else for a user who is signed in (I2.0 to I2.5).

WAM serves a token from its cache while it is alive (A25). Every request is signed by the device's workplace-join key, a
user's too (D2, K3): without the certificate, or without its key, nothing is asked. For SYSTEM the device's token comes
first and a user's is the fallback; a user's own messages ask for his at once (T2).

The way to Entra is not the CMG's: it has its own host, and no option of the site's says how its certificate is checked.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization

from ..contract import ClientConfig, User
from ..logs import Log
from ..network import Chain, Refused, Unreachable
from ..world import SYSTEM, World
from .device import Device, Users

PROVIDER_ERROR, INTERACTION_REQUIRED = 5, 3
"""WebTokenRequestStatus (DOMAIN 3.5)."""
NO_API = "0x800703f0"
NO_KEY = "0x80090016"
REFUSED = "0xd0090016"
INTERACTION = "0xcaa2000c"
NO_ANSWER = "0xcaa82efd"
NOT_KNOWN = "0x80070002"
ASSERTION_LIVES = timedelta(minutes=5)


class Denied(Exception):
    """No Entra token can be had."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class EntraToken:
    """An Entra access token; `user` is whose it is, None for the device's."""

    token: str = field(repr=False)
    expires: datetime
    user: User | None = None


class Wam:
    """The token broker of one device."""

    def __init__(self, world: World, config: ClientConfig, device: Device, users: Users) -> None:
        self._world, self._config, self._device, self._users = world, config, device, users
        self._cache: dict[tuple[str, ...], EntraToken] = {}

    # What a component asks

    async def for_system(self, log: Log) -> EntraToken:
        """A token for SYSTEM: the device's, else that of somebody who is signed in (I2.1, I2.2).

        Raises:
            Denied: neither is to be had (I2.3).
        """
        self._can_ask(log)
        try:
            return await self.device_token(log)
        except Denied:
            return await self.fallback(log)

    async def fallback(self, log: Log) -> EntraToken:
        """What follows where the device has got none: a user's token, fetched by SYSTEM (I2.5)."""
        user = self._users.anyone()
        if user is None:
            log.error("No user is logged on. Cannot get AAD user token.")
            raise Denied(NOT_KNOWN)
        log.write(f"Falling back to get user '{user.sid}' token for system...")
        return await self.user_token(log, user)

    async def for_user(self, log: Log, sid: str) -> EntraToken:
        """A token for a message of a user's own (T2).

        Raises:
            Denied: he is not signed in, or Entra gives none.
        """
        self._can_ask(log)
        user = self._users.signed_in(sid)
        if user is None:
            log.error("No user is logged on. Cannot get AAD user token.")
            raise Denied(NOT_KNOWN)
        return await self.user_token(log, user)

    # The two kinds

    async def device_token(self, log: Log) -> EntraToken:
        """The device's token.

        Raises:
            Denied: this Windows cannot ask for one, or Entra gives none.
        """
        client_app, resource = self.properties()
        log.write(
            f"Getting AAD (device) token with: ClientId = {client_app}, ResourceUrl = {resource},"
            f" AccountId = https://{self._world.names.entra}/common/oauth2/token"
        )
        if self._config.old_windows and self._cached("device") is None:
            log.error("IWebAuthenticationCoreManagerStatics4 not available. Falling back to user token.")
            log.error("Failed to get AAD token..")
            self._log_failed(log, SYSTEM, NO_API)
            raise Denied(NO_API)
        token = await self._token(log, SYSTEM, None)
        log.write(f"Retrieved AAD token for AAD device '{claim(token.token, 'deviceid')}'")
        return token

    async def user_token(self, log: Log, user: User) -> EntraToken:
        """The token of a user.

        Raises:
            Denied: Entra gives none.
        """
        client_app, resource = self.properties()
        log.write(
            f"Getting AAD (user) token with: ClientId = {client_app}, ResourceUrl = {resource}, AccountId = {user.oid}"
        )
        token = await self._token(log, user.sid, user)
        log.write(f"Retrieved AAD token for AAD user '{user.oid}'")
        return token

    # What decides

    def properties(self) -> tuple[str, str]:
        """The client app and the resource that tokens are asked for, given or learnt from the CMG (I1.1, I1.2).

        Raises:
            Denied: they are not known.
        """
        if self._config.client_app is not None and self._config.resource is not None:
            return self._config.client_app, self._config.resource
        client_app, resource = self._device.setting("ClientAppId"), self._device.setting("ResourceUri")
        if not isinstance(client_app, str) or not isinstance(resource, str):
            raise Denied(NOT_KNOWN)
        return client_app, resource

    def properties_known(self) -> bool:
        """Whether there is anything to ask for a token with (I2.0)."""
        try:
            self.properties()
        except Denied:
            return False
        return True

    def device_can_sign(self) -> bool:
        """The workplace-join certificate and its key are there, on a device that is joined (D2, A34)."""
        return self._config.joined and self._config.wpj is not None and self._config.wpj_key_usable

    def alive(self, token: EntraToken) -> bool:
        """A cached token may still be served (A25)."""
        return self._world.clock.now() < token.expires

    def _can_ask(self, log: Log) -> None:
        if not self.properties_known():
            log.error(f"Failed to get AAD client app id. Error {NOT_KNOWN}")
            raise Denied(NOT_KNOWN)
        if self.device_can_sign():
            return
        if self._config.wpj is None or not self._config.joined:
            log.error("WPJ certificate is not found. Make sure that the device is AAD joined.")
            raise Denied(NO_KEY)
        client_app, resource = self.properties()
        log.write(
            f"Getting AAD (device) token with: ClientId = {client_app}, ResourceUrl = {resource},"
            f" AccountId = https://{self._world.names.entra}/common/oauth2/token"
        )
        log.error(f"WAM token request failed. Status {PROVIDER_ERROR}, Details 'Keyset does not exist'")
        log.error("Failed to get AAD token..")
        log.error("Keyset does not exist (Error: 80090016; Source: Windows)")
        self._log_failed(log, SYSTEM, NO_KEY)
        raise Denied(NO_KEY)

    # Entra

    async def _token(self, log: Log, sid: str, user: User | None) -> EntraToken:
        key = self._key(user)
        cached = self._cached(*key)
        if cached is not None:
            return cached
        try:
            status, reply = await self._ask(user)
        except (Refused, Unreachable) as error:
            log.error(f"WAM token request failed. Status {PROVIDER_ERROR}, Details 'No answer'")
            log.error("Failed to get AAD token..")
            self._log_failed(log, sid, NO_ANSWER)
            raise Denied(NO_ANSWER) from error
        access_token, lives = reply.get("access_token"), reply.get("expires_in")
        if status != 200 or not isinstance(access_token, str) or not isinstance(lives, int):
            raise self._refused(log, sid, reply)
        token = EntraToken(access_token, self._ends(access_token, lives), user)
        self._cache[key] = token
        return token

    def _cached(self, *key: str) -> EntraToken | None:
        token = self._cache.get(key)
        return token if token is not None and self.alive(token) else None

    def _key(self, user: User | None) -> tuple[str, ...]:
        return ("device",) if user is None else ("user", user.sid, user.oid)

    async def _ask(self, user: User | None) -> tuple[int, dict[str, Any]]:
        client_app, resource = self.properties()
        tenant = self._config.tenant if user is None else user.tenant
        path = f"/{tenant}/oauth2/token"
        endpoint = f"https://{self._world.names.entra}{path}"
        body: dict[str, Any] = {
            "grant_type": "device" if user is None else "user",
            "assertion": self._assertion(endpoint, client_app),
            "client_id": client_app,
            "resource": resource,
        }
        if user is not None:
            body |= {"user": user.sid, "session": user.session}
        connection = await self._world.network.connect(
            self._config.name, self._world.names.entra, verify=self.verify_entra
        )
        try:
            response = await connection.request(
                "POST", path, headers={"Content-Type": "application/json"}, content=json.dumps(body).encode()
            )
        finally:
            connection.close()
        return response.status_code, parsed(response.content)

    async def verify_entra(self, chain: Chain, host: str) -> None:
        """It is Entra that answers.

        Raises:
            Refused: it is not.
        """
        self._device.trust.verify_server(chain, host, self._world.clock.now())

    def _assertion(self, endpoint: str, client_app: str) -> str:
        """What shows that it is this device that asks: signed by its workplace-join key, good for minutes."""
        assert self._config.wpj is not None
        now = self._world.clock.now()
        shown = [
            base64.b64encode(each.public_bytes(serialization.Encoding.DER)).decode("ascii")
            for each in self._config.wpj.chain
        ]
        claims = {
            "iss": client_app,
            "aud": endpoint,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + ASSERTION_LIVES).timestamp()),
            "jti": f"{self._world.random.getrandbits(128):032x}",
        }
        return jwt.encode(claims, self._config.wpj.key, algorithm="ES256", headers={"x5c": shown})

    def _ends(self, token: str, lives: int) -> datetime:
        return expiry_of(token) or self._world.clock.now() + timedelta(seconds=lives)

    # Logs

    def _refused(self, log: Log, sid: str, reply: dict[str, Any]) -> Denied:
        interaction = reply.get("error") == "interaction_required"
        status = INTERACTION_REQUIRED if interaction else PROVIDER_ERROR
        details = "interaction_required" if interaction else "AAD WAM extension error"
        code = INTERACTION if interaction else REFUSED
        log.error(f"WAM token request failed. Status {status}, Details '{details}'")
        log.error("Failed to get AAD token..")
        if not interaction:
            log.error("Unknown error (Error: D0090016; Source: Unknown)")
        self._log_failed(log, sid, code)
        return Denied(code)

    def _log_failed(self, log: Log, sid: str, code: str) -> None:
        log.error(f"Failed to get AAD token for '{sid}' from WAM API. Error {code}")


def parsed(content: bytes) -> dict[str, Any]:
    """An object from a reply's body; an empty one where there is none."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, to whoever bears it: no validation, for it is not the bearer's to judge."""
    try:
        return dict(jwt.decode(token, options={"verify_signature": False}))
    except jwt.InvalidTokenError:
        return {}


def claim(token: str, name: str) -> str:
    """One claim of a token as text; empty where it does not say."""
    return str(claims_of(token).get(name, ""))


def expiry_of(token: str) -> datetime | None:
    """When a token ends, by its own word."""
    ends = claims_of(token).get("exp")
    if isinstance(ends, bool) or not isinstance(ends, (int, float)):
        return None
    return datetime.fromtimestamp(ends, UTC)
