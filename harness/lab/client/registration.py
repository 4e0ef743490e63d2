"""Registration of the installed client (document, Client registration, 1 to 3).

It is tried in numbered attempts, once ccmsetup has installed the client and the site is assigned (R1.1, R1.2, R1.4).
In every attempt certificate validation runs first, for it is the fallback (R5). Then an Entra token is asked for anew
(R2). That token is the proof; without one it is, in this order, the PKI certificate, the computer's domain account on a
path of the client's own to the management point, or, where the client is set to do so, nothing: a message behind the
CCM token of the install, which only opens the gateway (A26, A37).

The confirmation is processed before anything else (R3.3). Where the client cannot store that it is registered it is
not, and tries again (0x80071770). Attempts that fail are as far apart as twice the time before, from 15 s on.
"""

from __future__ import annotations

import base64
import json
import uuid
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import httpx

from ..contract import Join
from ..logs import Log
from ..network import Chain, Identity, Refused, Unreachable
from ..trust import Trust
from ..world import SYSTEM
from .device import CannotStore
from .means import Component, Means
from .outcome import Outcome
from .transport import BAD_STATUS, Call, Failed, NoReply
from .wam import Denied, parsed

NO_TOKEN = "0x87d00455"
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(seconds=15360)


class Status(Enum):
    """What the site says to a registration (DOMAIN 6.5)."""

    success = 0
    pending = 1
    resend = 2
    rejected = 3


class BackOff:
    """Waits that double (DOMAIN 6.6)."""

    def __init__(self) -> None:
        self._wait = FIRST_WAIT

    def next(self) -> timedelta:
        """The next wait."""
        wait, self._wait = self._wait, min(2 * self._wait, LONGEST_WAIT)
        return wait

    def begin_again(self) -> None:
        """What was waited for has happened."""
        self._wait = FIRST_WAIT


class Registration(Component):
    """The registration of one client.

    Attributes:
        attempts: how many have begun.
    """

    def __init__(self, means: Means, log: Log, messaging_log: Log, entra_log: Log) -> None:
        super().__init__(means)
        self._log, self._entra_log = log, entra_log
        self._call = Call(messaging_log, "ccmhttp", "0x4200", "0x1e0")
        self._certificate: Identity | None = None
        self._back_off = BackOff()
        self._next: datetime | None = None
        self._goes_on: Status | None = None
        self._message_id = ""
        self.attempts = 0

    # Whether, and when

    @property
    def registered(self) -> bool:
        """The client is registered, and has stored it."""
        return self._device.registered

    @property
    def approval(self) -> int | None:
        """The approval status that the client was told."""
        found = self._device.registration.get("Approval")
        return found if isinstance(found, int) else None

    @property
    def may_begin(self) -> bool:
        """The client is installed, and not registered yet (R1.1)."""
        return self._device.setting("Installed") is True and not self.registered

    def due(self) -> datetime | None:
        """When its next attempt is due; None where there is none."""
        return (self._next or self._world.clock.now()) if self.may_begin else None

    # An attempt

    async def attempt(self) -> Outcome:
        """One attempt: one registration request at most, and what follows from its reply."""
        if not self.may_begin:
            return Outcome.not_now
        self._begin()
        try:
            self._validate_certificates()
            response = await self._prove_and_send()
        except Failed as failed:
            self._log.error(f"[RegTask] - Failed to send registration request message. Error: {failed.code}")
            return self._try_again()
        return self._take(response)

    async def _prove_and_send(self) -> httpx.Response:
        try:
            token = await self._wam.for_system(self._entra_log)
        except Denied:
            return await self._fall_back()
        return await self._send(None, {"Authorization": f"Bearer {token.token}", "CcmTokenAuth": "0"})

    async def _fall_back(self) -> httpx.Response:
        """Register without an Entra token.

        Raises:
            Failed: there is nothing to fall back to, or it could not be sent.
        """
        if self._certificate is not None:
            self._log.write("Registering client using PKI certificate.")
            return await self._send(self._certificate, {"CcmTokenAuth": "0"})
        if self.windows_possible():
            self._log.write("Registering client using Windows auth.")
            return await self._send_directly()
        entry = self._cache.live(SYSTEM) if self._config.anonymous_fallback else None
        if entry is not None:
            return await self._send(None, {"Authorization": f"Bearer {entry.token}", "CcmTokenAuth": "0"})
        raise Failed(NO_TOKEN)

    # What decides

    def windows_possible(self) -> bool:
        """The computer has a domain account, and a path to the management point that takes it (R3.2, A12)."""
        direct = self._config.direct
        return direct is not None and direct.proof is not None and self._config.join is Join.hybrid

    def status_of(self, response: httpx.Response) -> Status | None:
        """What the site says; None where the reply is not one of the site's to a registration."""
        said = parsed(response.content).get("Status")
        if isinstance(said, bool) or said not in [each.value for each in Status]:
            return None
        status = Status(said)
        good = response.status_code == 200
        return status if good or status is Status.rejected else None

    # Certificates (R5)

    def _validate_certificates(self) -> None:
        """Look through the certificates, whatever the registration will be proven by."""
        self._log.write("Begin searching client certificates based on Certificate Issuers")
        self._certificate = self._device.certificate()
        self._log.write("Completed searching client certificates based on Certificate Issuers")
        if self._certificate is None:
            self._log.write("Unable to find any Certificate based on Certificate Issuers")

    # Requests

    async def _send(self, identity: Identity | None, headers: dict[str, str]) -> httpx.Response:
        way = "CCM_Proxy_ServerAuth" if identity is None else "CCM_Proxy_MutualAuth"
        path = f"/{way}/{self._config.role}/ccm_system/request"
        body = self._message()
        self._call.log.write(
            f"Sending remote sync message '{self._message_id}' to host '{self._config.host_name}'"
            " endpoint 'MP_ClientRegistration'. Flags 0x200, sender account empty"
        )
        connection = await self._transport.open(self._call, self._config.gateway, identity)
        response = await self._transport.send(
            self._call, connection, "POST", path, {**headers, **self._signed(body)}, body
        )
        if response.status_code != 200:
            self._transport.log_status(self._call, path, response)
        return response

    async def _send_directly(self) -> httpx.Response:
        """To the management point itself, by the domain's word for this computer (A7)."""
        direct = self._config.direct
        assert direct is not None and direct.proof is not None
        body = self._message()
        try:
            proof = direct.proof()
        except ValueError as error:
            raise Failed(NO_TOKEN) from error
        headers = {"Authorization": f"Negotiate {proof}", "CcmTokenAuth": "0", **self._signed(body)}
        trust = Trust(direct.roots)

        async def verify(chain: Chain, host: str) -> None:
            trust.verify_server(chain, host, self._world.clock.now())

        try:
            connection = await self._world.network.connect(
                self._config.name, direct.host, verify=verify if direct.roots else None
            )
        except (Refused, Unreachable) as error:
            raise NoReply("0x80072efd") from error
        return await self._transport.send(
            self._call, connection, "POST", "/ccm_system_windowsauth/request", headers, body
        )

    def _message(self) -> bytes:
        self._message_id = f"{{{str(uuid.UUID(int=self._world.random.getrandbits(128), version=4)).upper()}}}"
        message = {
            "Message": "ClientRegistration",
            "MessageID": self._message_id,
            "ClientID": self._device.client_id,
            "PublicKey": self._device.public_key,
            "SiteCode": self._config.site_code,
            "Name": self._config.name,
            "Account": SYSTEM,
        }
        return json.dumps(message).encode()

    def _signed(self, body: bytes) -> dict[str, str]:
        signature = base64.b64encode(self._device.sign(body)).decode("ascii")
        return {"CcmSignature": signature, "Content-Type": "application/json"}

    # What the site answers

    def _take(self, response: httpx.Response) -> Outcome:
        reply, status = parsed(response.content), self.status_of(response)
        if status is Status.success:
            return self._confirmed(reply)
        if status is Status.pending:
            self._log.write(
                "[RegTask] - Client registration is pending. Server assigned ClientID is"
                f" {reply.get('ClientID', self._device.client_id)}"
            )
            self._wait()
            self._goes_on = status
            return Outcome.pending
        if status is Status.resend:
            self._next, self._goes_on = self._world.clock.now(), status
            return Outcome.resend
        if status is Status.rejected:
            self._log.error("[RegTask] - Server rejected registration 3")
        else:
            self._log.error(f"[RegTask] - Failed to send registration request message. Error: {BAD_STATUS}")
        return self._try_again()

    def _confirmed(self, reply: dict[str, Any]) -> Outcome:
        """Process the confirmation: it is stored before anything else is done (R3.3)."""
        client_id, approval = reply.get("ClientID"), reply.get("Approval")
        if not isinstance(client_id, str) or not isinstance(approval, int):
            return self._try_again()
        try:
            self._device.store_registration({"ClientID": client_id, "Approval": approval, "NewToken": "due"})
        except CannotStore as error:
            self._log.error(f"SetRegistrationState failed ({error})")
            return self._try_again()
        self._log.write(
            f"[RegTask] - Client is registered. Server assigned ClientID is {client_id}. Approval status {approval}"
        )
        self._back_off.begin_again()
        return Outcome.done

    # Begin and end

    def _begin(self) -> None:
        if self.attempts == 0:
            self._log.write("AADJoinStatusTask: Client hasn't been registered yet.")
            self._log.write("RegEndPoint: Event notification: CCM_RemoteClient_Reassigned")
            self._log.write(
                "RegEndPoint: Received notification for site assignment change from '<none>' to"
                f" '{self._config.site_code}'."
            )
        client_id = self._device.client_id
        if self._goes_on is Status.pending:
            self._log.write(
                f"[RegTask] - Client registration is pending. Sending confirmation request for {client_id} ..."
            )
        elif self._goes_on is Status.resend:
            self._log.write(f"[RegTask] - Sending registration request for {client_id}")
        else:
            self.attempts += 1
            self._log.write(f"[RegTask] - Starting registration, attempt {self.attempts}.")
            self._log.write(f"[RegTask] - Client is not registered. Sending registration request for {client_id} ...")
        self._goes_on = None
        self._log.write("Registering client using AAD auth.")

    def _try_again(self) -> Outcome:
        self._wait()
        return Outcome.failed

    def _wait(self) -> None:
        wait = self._back_off.next()
        self._next = self._world.clock.now() + wait
        self._log.write(f"[RegTask] - Sleeping for {int(wait.total_seconds())} seconds ...")
