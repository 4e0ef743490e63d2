"""Requests to the CMG: a connection of their own for each, first made and then checked (I1.8).

Chain, name and dates of what the server shows must be good (I1.5, X2). Where revocation checking is on, no certificate
of the path may be in a fresh list; the list is fetched for every connection, and one that cannot be had is as good as
one that names the certificate (A35).

Whether it is on is a matter of phase (A17). In the bootstrap /NoCRLCheck turns it off, and so does the site's option
where ccmsetup has been told it; once the location service has refreshed the security settings, only the site's option
counts.

A request that nobody waits for any more goes on by itself, and its reply finds nobody: replies belong to requests
(T5). Who waits can be told to stop (:meth:`Transport.abandon`), as a timeout would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from cryptography import x509

from ..contract import ClientConfig
from ..logs import Log
from ..network import Chain, Connection, Identity, Reason, Refused, Unreachable
from ..trust import Revocations
from ..world import World
from .device import Device

SECURE_FAILURE = "12175"
BAD_STATUS = "0x87d0027e"
ERRORS = {
    Reason.unknown_authority: ("INVALID_CA", "0x80000008"),
    Reason.name: ("CERT_CN_INVALID", "0x80000010"),
    Reason.date: ("CERT_DATE_INVALID", "0x80000020"),
    Reason.revocation: ("CERT_REV_FAILED", "0x80000001"),
    Reason.wrong_use: ("INVALID_CERT", "0x80000002"),
    Reason.client_certificate: ("INVALID_CERT", "0x80000002"),
}
"""WinHTTP's flags (DOMAIN 2.7), and their values."""


class Failed(Exception):
    """No reply that could be used.

    Attributes:
        code: what the logs say of it.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TlsFailed(Failed):
    """The server was not accepted, or did not accept the client: nothing has been sent."""

    def __init__(self, reason: Reason) -> None:
        super().__init__("0x80072f8f")
        self.reason = reason


class NoReply(Failed):
    """No reply has come."""

    def __init__(self, code: str = "0x80072efe") -> None:
        super().__init__(code)


@dataclass(frozen=True)
class Call:
    """How one component calls: what its log is and how its lines name the caller.

    Attributes:
        silent: the log says nothing of connections, as that of the registration.
    """

    log: Log
    name: str
    flags: str
    options: str
    silent: bool = False

    def connected(self, text: str) -> None:
        """A line about a connection."""
        if not self.silent:
            self.log.write(text)


class Transport:
    """Connections of one client, to the CMG and to nobody else's rules.

    Attributes:
        refreshed: the location service has refreshed the security settings.
    """

    def __init__(self, world: World, config: ClientConfig, device: Device) -> None:
        self._world, self._config, self._device = world, config, device
        self._waiting: set[asyncio.Future[None]] = set()

    # What decides

    @property
    def refreshed(self) -> bool:
        """The security settings have been refreshed: the bootstrap is over."""
        return self._device.setting("SettingsRefreshed") is True

    def site_option(self) -> bool:
        """Whether the site wants its clients to check lists, as its last word to this client was."""
        return self._device.setting("CheckCrl") is not False

    def revocation_check_on(self) -> bool:
        """Whether revocation is checked on the next connection (I1.7, A17)."""
        return self.site_option() if self.refreshed else self.bootstrap_checks()

    def bootstrap_checks(self) -> bool:
        """The same while the client is being installed."""
        told_not_to = self._config.bootstrap_knows_site_option and not self._config.site_checks_crl
        return not self._config.no_crl_check and not told_not_to

    def refresh(self) -> None:
        """Take the security settings that the site has told: from now on they count, and nothing else."""
        self._device.remember(SettingsRefreshed=True)

    def lists(self) -> FoundRevocations:
        """What a connection knows of revoked certificates: nothing, to begin with."""
        return FoundRevocations(self._world, self._config.name, self._device.trust)

    def comes_late(self, content: bytes, exchange: asyncio.Future[httpx.Response]) -> None:
        """A request has ended that nobody waits for any more: its reply is nobody's (T5)."""
        if not exchange.cancelled():
            exchange.exception()

    async def verify_server(self, chain: Chain, host: str) -> None:
        """Chain, name and date of what the server shows.

        Raises:
            Refused: one of them is not good.
        """
        self._device.trust.verify_server(chain, host, self._world.clock.now())

    # Connections and requests

    async def open(self, call: Call, host: str, identity: Identity | None = None) -> Connection:
        """Connect to the CMG, and check what it shows.

        Raises:
            TlsFailed: it is not good.
            NoReply: it cannot be reached.
        """
        revocations = self.lists()

        async def verify(chain: Chain, name: str) -> None:
            call.connected("Created connection on port 443")
            checks = self.revocation_check_on()
            if checks:
                call.connected("Enabled SSL revocation check.")
            await self.verify_server(chain, name)
            if checks:
                await revocations.verify(chain)

        try:
            return await self._world.network.connect(self._config.name, host, verify=verify, identity=identity)
        except Refused as refused:
            self._log_refusal(call, refused.reason, revocations.found)
            raise TlsFailed(refused.reason) from refused
        except Unreachable as error:
            call.log.error("Failed in WinHttpSendRequest API, ErrorCode = 0x2efd")
            raise NoReply("0x80072efd") from error

    async def send(
        self,
        call: Call,
        connection: Connection,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes = b"",
    ) -> httpx.Response:
        """Send a request over an open connection, wait for its reply, and close.

        Raises:
            NoReply: none has come, or nobody waits for it any more.
        """
        try:
            return await self._until_abandoned(connection, method, path, headers, content)
        except Unreachable as error:
            call.log.error("Failed in WinHttpReceiveResponse API, ErrorCode = 0x2efe")
            raise NoReply from error
        finally:
            connection.close()

    def abandon(self) -> None:
        """Wait for no reply any more; those that are still to come are nobody's."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def _until_abandoned(
        self, connection: Connection, method: str, path: str, headers: Mapping[str, str], content: bytes
    ) -> httpx.Response:
        exchange = asyncio.ensure_future(connection.request(method, path, headers=headers, content=content))
        given_up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        either: list[asyncio.Future[Any]] = [exchange, given_up]
        self._waiting.add(given_up)
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if exchange.done():
                return exchange.result()
            exchange.add_done_callback(lambda ended: self.comes_late(content, ended))
            raise Unreachable("nobody waits for this reply any more")
        except asyncio.CancelledError:
            exchange.cancel()
            raise
        finally:
            self._waiting.discard(given_up)

    # Logs

    def announce(self, call: Call, path: str, *, ccm_token: bool) -> None:
        """The line that tells where a request goes."""
        call.log.write(
            f"{call.name}: Host={self._config.gateway}, Path={path}, Port=443, Protocol=https,"
            f" CcmTokenAuth={int(ccm_token)}, Flags={call.flags}, Options={call.options}"
        )

    def log_status(self, call: Call, path: str, response: httpx.Response) -> None:
        """The lines that tell that a reply is not a good one."""
        reason = response.headers.get("StatusText", response.reason_phrase)
        call.log.error(
            f"[CCMHTTP] ERROR: URL=https://{self._config.gateway}{path}, Port=443, Options=224, Code=0,"
            " Text=CCM_E_BAD_HTTP_STATUS_CODE"
        )
        call.log.error(f"[CCMHTTP] ERROR INFO: StatusCode={response.status_code} StatusText={plain(reason)}")

    def _log_refusal(self, call: Call, reason: Reason, revoked: bool) -> None:
        flag, value = ("CERT_REVOKED", "0x80000004") if revoked else ERRORS[reason]
        call.log.error("[CCMHTTP] AsyncCallback(): -----------------------------------------------------------------")
        call.log.error("[CCMHTTP] AsyncCallback(): WINHTTP_CALLBACK_STATUS_SECURE_FAILURE Encountered")
        call.log.error("[CCMHTTP]                : dwStatusInformationLength is 4")
        call.log.error(f"[CCMHTTP]                : *lpvStatusInformation is {value}")
        call.log.error(f"[CCMHTTP]                : WINHTTP_CALLBACK_STATUS_FLAG_{flag} is set")
        call.log.error("[CCMHTTP] AsyncCallback(): -----------------------------------------------------------------")
        call.log.error(
            f"[CCMHTTP] ERROR: URL=https://{self._config.gateway}, Port=443, Options=224, Code={SECURE_FAILURE},"
            " Text=ERROR_WINHTTP_SECURE_FAILURE"
        )


class FoundRevocations(Revocations):
    """Lists of one connection, and whether a certificate was found in one of them."""

    found = False

    def unrevoked(self, certificate: x509.Certificate, revoked: x509.CertificateRevocationList) -> bool:
        good = super().unrevoked(certificate, revoked)
        self.found = self.found or not good
        return good


def plain(text: str) -> str:
    """What a server has said, as a line of a log may tell it: nothing unprintable, and not much."""
    return "".join(each for each in text if each.isprintable())[:80]
