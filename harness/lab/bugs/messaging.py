"""Bugs of the client after its install: its registration and its messages."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from ..client import Client, ClientConfig, Outcome
from ..client.cache import Entry
from ..client.messaging import Messaging
from ..client.registration import Registration, Status
from ..client.transport import Failed, Transport
from ..client.wam import expiry_of, parsed
from ..network import Identity
from ..world import SYSTEM, World
from .bug import bug


class SendsBeforeRenewal(Client):
    """It sends with the token that it has, and does not look at its expiry."""

    class messaging_class(Messaging):
        def fresh(self, entry: Entry | None) -> bool:
            return entry is not None


class RenewsTooLate(Client):
    """It takes a token that is close to its expiry for fresh, and renews it only when it is dead."""

    class messaging_class(Messaging):
        def fresh(self, entry: Entry | None) -> bool:
            return self.live(entry)


class SendsOldToken(Client):
    """Where a renewal fails it sends with the token that it has, be it dead."""

    class messaging_class(Messaging):
        def old_will_do(self, sid: str) -> bool:
            return self._cache.get(sid) is not None

        def renewed_will_do(self, entry: Entry | None) -> bool:
            return entry is not None


class AsksForNoNewToken(Client):
    """After its registration it goes on with the token of its install."""

    class messaging_class(Messaging):
        def new_token_due(self) -> bool:
            return False


class SendsUsersAsSystem(Client):
    """It sends a user's message with SYSTEM's token."""

    class messaging_class(Messaging):
        async def _send(
            self, connection: Any, sid: str, message: str, certificate: Identity | None, entry: Entry | None
        ) -> None:
            await super()._send(connection, sid, message, certificate, entry and self._cache.get(SYSTEM))


class TakesTheWrongPath(Client):
    """It sends a token on the path for certificates."""

    class messaging_class(Messaging):
        def _path(self, certificate: Identity | None) -> str:
            return f"/CCM_Proxy_MutualAuth/{self._config.role}/ccm_system_tokenauth/request"


class SignsByAnotherKey(Client):
    """It signs its messages by a key that it has not registered."""

    class messaging_class(Messaging):
        async def _message(self, sid: str) -> None:
            self._device.sign = _by_a_new_key  # type: ignore[method-assign]
            await super()._message(sid)


def _by_a_new_key(body: bytes) -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).sign(body, ec.ECDSA(hashes.SHA256()))


class DropsOnRefusal(Client):
    """It forgets its token where the site refuses a message, though it is set to keep it."""

    class messaging_class(Messaging):
        def drops(self, response: httpx.Response) -> bool:
            return response.status_code == 401


class SendsAgainForEver(Client):
    """A message that fails is sent again at once, without end."""

    class messaging_class(Messaging):
        async def _message(self, sid: str) -> None:
            while True:
                try:
                    return await super()._message(sid)
                except Failed:
                    continue


class TakesPendingForRegistered(Client):
    """It takes a registration that is pending for done."""

    class registration_class(Registration):
        def status_of(self, response: httpx.Response) -> Status | None:
            status = super().status_of(response)
            return Status.success if status is Status.pending else status

        def _confirmed(self, reply: dict[str, Any]) -> Outcome:
            told = reply.get("Approval")
            return super()._confirmed({**reply, "Approval": 3 if told is None else told})


class TakesAnyReplyForConfirmation(Client):
    """It takes whatever comes in reply to its registration for a confirmation."""

    class registration_class(Registration):
        def status_of(self, response: httpx.Response) -> Status | None:
            return Status.success

        def _confirmed(self, reply: dict[str, Any]) -> Outcome:
            told = reply.get("Approval")
            made = {"ClientID": self._device.client_id, **reply, "Approval": 3 if told is None else told}
            return super()._confirmed(made)


class RegistersWithoutProof(Client):
    """Without an Entra token it registers behind the token of its install, though it is not set to do so."""

    def __init__(self, world: World, config: ClientConfig) -> None:
        super().__init__(world, replace(config, anonymous_fallback=True))


class _LateReplies(Transport):
    """Replies of CCM_STS that nobody waits for are cached as others are."""

    client: Client

    def comes_late(self, content: bytes, exchange: asyncio.Future[httpx.Response]) -> None:
        if exchange.cancelled() or exchange.exception() is not None:
            return
        token, asked = parsed(exchange.result().content).get("access_token"), json.loads(content or b"{}")
        ends = expiry_of(token) if isinstance(token, str) else None
        if ends is not None and isinstance(token, str):
            self.client.cache.put(asked["Account"], Entry(token, ends))


class TakesLateReplies(Client):
    """A reply of CCM_STS that comes too late overwrites the token that has come since."""

    transport_class = _LateReplies

    def __init__(self, world: World, config: ClientConfig) -> None:
        super().__init__(world, config)
        assert isinstance(self.transport, _LateReplies)
        self.transport.client = self


BUGS = (
    bug("client", SendsBeforeRenewal, "T2 T3 S-02m"),
    bug("client", RenewsTooLate, "T2 A8"),
    bug("client", SendsOldToken, "T2 A33 S-02m"),
    bug("client", AsksForNoNewToken, "R4.0 S-36"),
    bug("client", SendsUsersAsSystem, "T4 T5 S-19"),
    bug("client", TakesTheWrongPath, "I3.5 A2 S-24"),
    bug("client", SignsByAnotherKey, "R4.2 S-52"),
    bug("client", DropsOnRefusal, "A39", {"messaging_drops_on_401": "no"}),
    bug("client", SendsAgainForEver, "T3 A24"),
    bug("client", TakesPendingForRegistered, "R3.2 R3.3 A24 S-16"),
    bug("client", TakesAnyReplyForConfirmation, "R3.2 R3.3 S-16"),
    bug("client", RegistersWithoutProof, "A37 R5", {"anonymous_fallback": "no", "user_kind": "same_tenant"}),
    bug("client", TakesLateReplies, "T5 N-09"),
)
