"""CcmMessaging: the client's messages after registration, and the CCM token that they need (R4, T).

Once the confirmation has been processed, a client that did not register with a certificate asks for a new CCM token,
and only then sends (R4.0, R4.2). Before each message it looks at the token of the account that sends: one that is
fresh goes out with it; where it is expired or close to it, a new one is asked for first, by an Entra token, and
replaces that account's entry (T2, T5). The look comes when the connection is open, and nothing lies between it and the
sending (A41).

A user's own message asks for that user's Entra token at once; SYSTEM's for the device's first.
"""

from __future__ import annotations

import base64
import json
import uuid
from datetime import datetime

import httpx

from ..logs import Log
from ..network import Connection, Identity
from ..world import SYSTEM
from .cache import Entry
from .means import Component, Means
from .outcome import Outcome
from .registration import BackOff
from .sts import StsRefused, TokenService
from .transport import BAD_STATUS, Call, Failed
from .wam import Denied, EntraToken, parsed

NO_TOKEN = "0x87d00455"
NO_CERTIFICATE = "0x87d00454"
BY_CERTIFICATE = 2
"""The approval status of a client that has registered with its PKI certificate (DOMAIN 6.7)."""
TURNS = 8
"""How often one message asks for a token anew, where each new one is too old already (A41)."""


class Messaging(Component):
    """The messaging component of one client: a message at a time."""

    def __init__(self, means: Means, service: TokenService, log: Log, registration_log: Log, entra_log: Log) -> None:
        super().__init__(means)
        self._service, self._log, self._entra_log = service, log, entra_log
        self._call = Call(log, "ccmhttp", "0x4200", "0x1e0")
        self._new_token_call = Call(registration_log, "ccmhttp", "0x4200", "0x1e0", silent=True)
        self._back_off = BackOff()
        self._next: datetime | None = None

    # Whether, and when

    @property
    def registered(self) -> bool:
        """The client has stored that it is registered (R3.3)."""
        return self._device.registered

    @property
    def uses_certificate(self) -> bool:
        """It registered with its PKI certificate, and goes on with it (R5)."""
        return self._device.registration.get("Approval") == BY_CERTIFICATE

    def due(self) -> datetime | None:
        """When SYSTEM may send next; None before registration."""
        return (self._next or self._world.clock.now()) if self.registered else None

    def user_due(self) -> datetime | None:
        """When a user may send next; None where none is signed in, or the client goes by its certificate."""
        return self.due() if self._users.anyone() is not None and not self.uses_certificate else None

    # A message

    async def message(self, sid: str) -> Outcome:
        """One message of an account: first the new token, where it is due, and then the message."""
        if not self.registered or (sid != SYSTEM and self.uses_certificate):
            return Outcome.not_now
        try:
            if self.new_token_due():
                await self._get_new_token()
            if sid != SYSTEM and self._users.signed_in(sid) is None:
                return Outcome.not_now
            await self._message(sid)
        except Failed:
            self._next = self._world.clock.now() + self._back_off.next()
            return Outcome.failed
        self._back_off.begin_again()
        self._next = None
        return Outcome.done

    # What decides

    def new_token_due(self) -> bool:
        """The new token after the confirmation has still to be got (R4.0)."""
        return self._device.registration.get("NewToken") == "due" and not self.uses_certificate

    def fresh(self, entry: Entry | None) -> bool:
        """Neither expired nor close to it, by the client's clock (T2)."""
        return entry is not None and self._world.clock.now() < entry.expires - self._config.close_to_expiry

    def live(self, entry: Entry | None) -> bool:
        """Not expired, by the client's clock."""
        return entry is not None and entry.alive(self._world.clock.now())

    def renewed_will_do(self, entry: Entry | None) -> bool:
        """A token that has just been renewed goes out (A41)."""
        return self.live(entry) and (not self._config.recheck_after_renewal or self.fresh(entry))

    def old_will_do(self, sid: str) -> bool:
        """Where a renewal fails, what is there goes out (A33)."""
        return self._config.use_old_on_failed_renewal and self.live(self._cache.get(sid))

    def drops(self, response: httpx.Response) -> bool:
        """A token that the site refuses is forgotten (A39)."""
        return response.status_code == 401 and self._config.messaging_drops_on_401

    # The new token after registration (R4.0)

    async def _get_new_token(self) -> None:
        call = self._new_token_call
        try:
            token = await self._wam.for_system(self._entra_log)
        except Denied as denied:
            self._log_no_token(call.log)
            raise Failed(NO_TOKEN) from denied
        call.log.write(f"Getting CCM Token from STS server '{self._config.host_name}'")
        entry = await self._ask_sts(call, SYSTEM, token)
        self._service.keep(call, SYSTEM, entry)
        self._device.store_registration({**self._device.registration, "NewToken": "got"})

    # Sending

    async def _message(self, sid: str) -> None:
        message = f"{{{self._guid()}}}"
        self._log.write(
            f"Sending remote sync message '{message}' to host '{self._config.host_name}'"
            f" endpoint 'MP_PolicyManager'. Flags 0x280, sender account {sid}"
        )
        if self.uses_certificate:
            await self._send_with_certificate(sid, message)
            return
        connection = await self._transport.open(self._call, self._config.gateway)
        entry = self._cache.get(sid)
        if self.fresh(entry):
            await self._send(connection, sid, message, None, entry)
            return
        connection.close()
        ends = self._service.local(entry.expires) if entry is not None else "01/01/1970 00:00:00"
        self._log.write(f"CCM Token for '{sid}' ({ends}) is already expired or close to expire")
        await self._renew_and_send(sid, message)

    async def _renew_and_send(self, sid: str, message: str) -> None:
        for _ in range(TURNS):
            await self._renew(sid)
            connection = await self._transport.open(self._call, self._config.gateway)
            entry = self._cache.get(sid)
            if self.renewed_will_do(entry):
                await self._send(connection, sid, message, None, entry)
                return
            connection.close()
        raise Failed(NO_TOKEN)

    async def _renew(self, sid: str) -> None:
        """Replace the entry of a SID by a new token, or be content with the old one (A33).

        Raises:
            Failed: there is neither.
        """
        try:
            token = await self._entra_token(sid)
            entry = await self._ask_sts(self._call, sid, token)
        except (Denied, StsRefused) as refused:
            if self.old_will_do(sid):
                return
            if isinstance(refused, Denied):
                self._log_no_token(self._log)
            raise Failed(NO_TOKEN) from refused
        self._service.keep(self._call, sid, entry)

    async def _entra_token(self, sid: str) -> EntraToken:
        if sid == SYSTEM:
            return await self._wam.for_system(self._entra_log)
        return await self._wam.for_user(self._entra_log, sid)

    async def _ask_sts(self, call: Call, sid: str, token: EntraToken) -> Entry:
        call.log.write(f"Getting CCM Token from https://{self._config.gateway}{self._service.path}")
        connection = await self._transport.open(call, self._config.gateway)
        return await self._service.ask(call, connection, sid, token, signed=True)

    async def _send_with_certificate(self, sid: str, message: str) -> None:
        certificate = self._device.certificate()
        if certificate is None:
            raise Failed(NO_CERTIFICATE)
        connection = await self._transport.open(self._call, self._config.gateway, certificate)
        await self._send(connection, sid, message, certificate, None)

    async def _send(
        self, connection: Connection, sid: str, message: str, certificate: Identity | None, entry: Entry | None
    ) -> None:
        """Send a message with what its sender appends to it (T4).

        Raises:
            Failed: no good reply.
        """
        path = self._path(certificate)
        self._transport.announce(self._call, path, ccm_token=certificate is None)
        self._log.write(f"Target URL scheme is HTTPS: https://{self._config.gateway}{path}")
        body = json.dumps(
            {"Message": "PolicyRequest", "ClientID": self._device.client_id, "Account": sid, "MessageID": message}
        ).encode()
        signature = base64.b64encode(self._device.sign(body)).decode("ascii")
        headers = {"CcmTokenAuth": "0", "CcmSignature": signature, "Content-Type": "application/json"}
        if entry is not None:
            headers |= {"CcmTokenAuth": "1", "Authorization": f"Bearer {entry.token}"}
            self._log.write("Appending CCM Token to the header.")
        response = await self._transport.send(self._call, connection, "POST", path, headers, body)
        if response.status_code != 200 or "Policy" not in parsed(response.content):
            self._transport.log_status(self._call, path, response)
            if self.drops(response):
                self._cache.drop(sid)
            raise Failed(BAD_STATUS)
        self._log.write(f"Message '{message}' got reply message '{{{self._guid()}}}' to endpoint 'dummy'")

    def _path(self, certificate: Identity | None) -> str:
        if certificate is not None:
            return f"/CCM_Proxy_MutualAuth/{self._config.role}/ccm_system/request"
        return f"/CCM_Proxy_ServerAuth/{self._config.role}/ccm_system_tokenauth/request"

    def _guid(self) -> str:
        return str(uuid.UUID(int=self._world.random.getrandbits(128), version=4)).upper()

    def _log_no_token(self, log: Log) -> None:
        log.error(f"RetrieveTokenFromStsServerImpl failed with error {NO_TOKEN}")
        log.error("Failed to get CCM access token and client doesn't have PKI issued cert to use SSL. Error 0x80070002")
