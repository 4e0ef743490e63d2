"""ccmsetup: installs the client from the internet through the CMG (document, Client installation, 1 to 4).

With a valid PKI certificate it goes that way at once and uses no Entra step (I2.4). Else it needs the Entra properties,
an Entra token, and by it a CCM token, which it caches for SYSTEM and appends to every request from there on: site
information, ccmsetup.cab, content locations, and the content where it is not in the cloud (I1 to I4). Only content
whose hash is good is installed.

One run is one attempt. What fails ends the attempt, not ccmsetup: it tries again every /retry minutes, until
/downloadtimeout (A13).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes

from ..logs import Log
from ..network import Connection, Identity, Refused, Unreachable
from ..world import SYSTEM, World
from .cache import TokenCache
from .config import ClientConfig, Prefers
from .device import Device, write_whole
from .outcome import Outcome
from .sts import TokenService
from .transport import BAD_STATUS, Call, Failed, Transport
from .wam import Denied, EntraToken, Wam, parsed

NO_TOKEN = "0x87d00455"
HASH_BAD = "0x80091007"
VERSION = "5.00.9122.1000"
PRODUCT = "{0B7C8AB3-9EA1-4FFA-B2B9-8FFDD944BD8B}"
TURNS = 8
"""How often one attempt begins anew with another token or another location. A clock that stands still never comes to
/downloadtimeout, and a site that refuses for ever would keep the attempt for ever."""


class TokenDead(Exception):
    """SYSTEM's CCM token is dead, or was refused: a new one is needed before it goes on (A10)."""


class Location:
    """Where the content is: in the cloud under a URL, or at the management point."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self.url = str(reply.get("Location") or "")
        self.hash = str(reply.get("Sha256") or "").lower()
        self.package = str(reply.get("Package") or "")


class Ccmsetup:
    """The installer of one client.

    Attributes:
        started: when its first attempt began; None before.
    """

    def __init__(
        self,
        world: World,
        config: ClientConfig,
        device: Device,
        transport: Transport,
        wam: Wam,
        cache: TokenCache,
        service: TokenService,
        log: Log,
    ) -> None:
        self._world, self._config, self._device, self._transport = world, config, device, transport
        self._wam, self._cache, self._service = wam, cache, service
        self._log = log
        self._call = Call(self._log, "ccmsetup", "0x4100", "0xe0")
        self._certificate: Identity | None = None
        self.started: datetime | None = None
        self._next: datetime | None = None
        self._gave_up = False

    # Whether, and when

    @property
    def installed(self) -> bool:
        """client.msi has finished."""
        return self._device.setting("Installed") is True

    @property
    def gave_up(self) -> bool:
        """/downloadtimeout has passed without an install."""
        return self._gave_up

    def due(self) -> datetime | None:
        """When its next attempt is due; None where there is nothing left to do."""
        if self.installed or self._gave_up:
            return None
        return self._next or self._world.clock.now()

    def time_is_up(self) -> bool:
        """No more attempts: /downloadtimeout."""
        assert self.started is not None
        return self._world.clock.now() >= self.started + self._config.download_timeout

    # An attempt

    async def attempt(self) -> Outcome:
        """One attempt, from its start to its end."""
        if self.installed or self._gave_up:
            return Outcome.not_now
        self._begin()
        try:
            await self._install()
        except Failed as failed:
            self._fail(failed.code)
            return Outcome.failed
        return Outcome.done

    async def _install(self) -> None:
        if self.takes_certificate():
            self._use_certificate()
        elif not self._wam.properties_known():
            await self._ask_for_properties()
        for _ in range(TURNS):
            if self._certificate is None:
                await self._get_ccm_token()
            try:
                return await self._install_with_credential()
            except TokenDead:
                continue  # the next token replaces the one that is dead or refused (T5)
        raise Failed(NO_TOKEN)

    async def _install_with_credential(self) -> None:
        await self._ask_for_site()
        await self._check_client_files()
        content, location = await self._get_content()
        self._verify(content, location)
        self._run_msi()

    # What decides

    def takes_certificate(self) -> bool:
        """Install as a PKI client at once (I2.4, A11)."""
        return self._config.install_prefers is Prefers.certificate and self._device.certificate() is not None

    def may_call(self) -> bool:
        """A PKI client, or SYSTEM's CCM token is alive by the client's clock (I3.0, I4.2)."""
        return self._certificate is not None or self._cache.live(SYSTEM) is not None

    def drops(self, response: httpx.Response) -> bool:
        """A download that is refused is tried again with a new token (A10, A39)."""
        return response.status_code == 401 and self._certificate is None and self._config.ccmsetup_drops_on_401

    def hash_good(self, content: bytes, location: Location) -> bool:
        """The content is what the site says it is (I4.3)."""
        return hashlib.sha256(content).hexdigest() == location.hash

    # 1. Entra info

    async def _ask_for_properties(self) -> None:
        if not self._config.joined or not self._config.tenant:
            self._log.error("Device is not AAD joined. Skip AAD authentication.")
            raise Failed(NO_TOKEN)
        self._log.write(f"Getting AAD info from CMG '{self._config.gateway}'")
        path = f"/CCM_Proxy_ServerAuth/AADAuthInfo?TenantID={self._config.tenant}"
        call = Call(self._log, "ccmsetup", "0x1304", "0xe0")
        self._transport.announce(call, path, ccm_token=False)
        connection = await self._transport.open(call, self._config.gateway)
        response = await self._transport.send(call, connection, "GET", path, {"CcmTokenAuth": "0"})
        reply = parsed(response.content)
        client_app, resource = reply.get("ClientAppId"), reply.get("ResourceUri")
        if response.status_code != 200 or not isinstance(client_app, str) or not isinstance(resource, str):
            self._transport.log_status(call, path, response)
            self._log.error(f"Failed to get AAD info from CMG '{self._config.gateway}'. Error {BAD_STATUS}")
            raise Failed(NO_TOKEN)
        self._device.remember(ClientAppId=client_app, ResourceUri=resource)
        self._log.write("Persisted AAD on-boarding info")

    # 2 and 3. Tokens

    async def _get_ccm_token(self) -> None:
        try:
            token = await self._wam.for_system(self._log)
        except Denied as denied:
            if self._device.certificate() is None:
                raise Failed(NO_TOKEN) from denied
            self._use_certificate()
            return
        await self._ask_sts(token)

    async def _ask_sts(self, token: EntraToken) -> None:
        name = self._config.host_name
        self._log.write(f"Getting CCM Token from STS server '{name}'")
        self._log.write(f"Getting CCM Token from https://{name}/CCM_STS")
        self._transport.announce(self._call, self._service.path, ccm_token=False)
        connection = await self._transport.open(self._call, self._config.gateway)
        entry = await self._service.ask(self._call, connection, SYSTEM, token, signed=False)
        self._service.keep(self._call, SYSTEM, entry)

    def _use_certificate(self) -> None:
        self._certificate = self._device.certificate()
        assert self._certificate is not None
        subject = self._certificate.certificate.subject.rfc4514_string().removeprefix("CN=")
        thumbprint = thumbprint_of(self._certificate)
        self._log.write(f"Client selected the PKI Certificate [Thumbprint {thumbprint}] issued to '{subject}'")

    # 4. Site, files, content

    async def _ask_for_site(self) -> None:
        path = self._path("request")
        self._transport.announce(self._call, path, ccm_token=self._certificate is None)
        connection = await self._open()
        self._log.write(
            f"Sending location request to '{self._config.host_name}' with payload"
            f' \'<SiteInformationRequest SchemaVersion="1.00"><SiteCode Name="{self._config.site_code}"/>'
            "</SiteInformationRequest>'"
        )
        response = await self._request(connection, "POST", path, self._message("SiteInfoRequest"))
        reply = self._good(response, path)
        settings = reply.get("SecuritySettings")
        check = settings.get("CheckCrl") if isinstance(settings, dict) else None
        self._device.remember(CheckCrl=check is not False, SiteCode=reply.get("SiteCode"))
        self._log.write("Received message '<SiteInfoReply SchemaVersion=\"1.00\"><SiteInfo/></SiteInfoReply>'")

    async def _check_client_files(self) -> None:
        path = self._path("CCM_Client/ccmsetup.cab")
        self._log.write(f"Checking the URL 'https://{self._config.host_name}/CCM_Client/ccmsetup.cab'")
        self._transport.announce(self._call, path, ccm_token=self._certificate is None)
        connection = await self._open()
        response = await self._request(connection, "HEAD", path)
        self._good(response, path)
        self._log.write(f"Found a valid online MP 'https://{self._config.host_name}'")

    async def _get_content(self) -> tuple[bytes, Location]:
        for _ in range(TURNS):
            location = await self._ask_for_content()
            content = await self._from_cloud(location) if location.url else await self._from_management_point()
            if content is not None:
                self._log.write("Successfully downloaded client files via WinHTTP.")
                return content, location
        raise Failed("0x87d00267")

    async def _ask_for_content(self) -> Location:
        path = self._path("request")
        self._log.write("Searching for DP locations from MP(s)...")
        self._log.write("CCMSETUP bootstrap from Internet: 1")
        self._transport.announce(self._call, path, ccm_token=self._certificate is None)
        connection = await self._open()
        self._log.write(
            'Sending message body \'<ContentLocationRequest SchemaVersion="1.00" BGRVersion="1">'
            f'<AssignedSite SiteCode="{self._config.site_code}"/></ContentLocationRequest>\''
        )
        response = await self._request(connection, "POST", path, self._message("ContentLocationRequest"))
        location = Location(self._good(response, path))
        if location.url:
            self._log.write(f"The location '{location.url.split('?')[0]}' is on Azure")
        else:
            self._log.write("Discovered 0 Internet DP locations.")
        return location

    async def _from_cloud(self, location: Location) -> bytes | None:
        """The content from the cloud's storage (I4.4).

        Returns:
            None where the content token is refused: a new location, with a new token, is asked for (A28).
        """
        host, _, path = location.url.removeprefix("https://").partition("/")
        try:
            response = await self._get_from_cloud(host, f"/{path}")
        except (Refused, Unreachable):
            return await self._cloud_failed(location, "0x80072efd")
        if response.status_code in {401, 403}:
            self._log.error(f"DownloadFileByWinHTTP failed with error {BAD_STATUS}")
            return None
        if response.status_code != 200:
            return await self._cloud_failed(location, BAD_STATUS)
        return response.content

    async def _cloud_failed(self, location: Location, code: str) -> bytes:
        """The cloud gives nothing: the content comes from the management point (I4.5)."""
        self._log.error(f"Failed to download from {location.url.split('?')[0]} with error {code}")
        return await self._from_management_point()

    async def _get_from_cloud(self, host: str, path: str) -> httpx.Response:
        """The storage is not a site system: its certificate is looked at, but the site's CRL option is not for it."""
        connection = await self._world.network.connect(self._config.name, host, verify=self._transport.verify_server)
        try:
            return await connection.request("GET", path)
        finally:
            connection.close()

    async def _from_management_point(self) -> bytes:
        """The content from the management point, through the CMG (I4.5).

        Raises:
            TokenDead: it refuses the token.
        """
        path = self._path("CCM_Client/client.msi")
        self._log.write(f"Downloading https://{self._config.gateway}{path} to C:\\WINDOWS\\ccmsetup\\client.msi")
        self._transport.announce(self._call, path, ccm_token=self._certificate is None)
        connection = await self._open()
        response = await self._request(connection, "GET", path)
        if self.drops(response):
            self._transport.log_status(self._call, path, response)
            raise TokenDead
        self._good(response, path)
        return response.content

    def _verify(self, content: bytes, location: Location) -> None:
        found = hashlib.sha256(content).hexdigest().upper()
        if not self.hash_good(content, location):
            self._log.error(
                f"File 'C:\\WINDOWS\\ccmsetup\\client.msi' with hash '{location.hash.upper()}' from manifest"
                f" doesn't match with the file hash '{found}'"
            )
            raise Failed(HASH_BAD)
        self._log.write(f"Validated file 'C:\\WINDOWS\\ccmsetup\\client.msi' hash '{found}'")
        write_whole(self._device.folder / "client.msi", content)

    def _run_msi(self) -> None:
        self._log.write(f"Installing version {VERSION} of the client with product code {PRODUCT}")
        self._log.write("Running installation package")
        self._log.write("  Package:     C:\\WINDOWS\\ccmsetup\\client.msi")
        self._log.write("  Log:         C:\\WINDOWS\\ccmsetup\\Logs\\client.msi.log")
        self._device.remember(Installed=True, InstalledAsPki=self._certificate is not None)
        self._log.write("Installation succeeded.")
        self._log.write("CcmSetup is exiting with return code 0")

    # Requests

    async def _open(self) -> Connection:
        """A connection for a request with a credential, which is looked at once it is open (A41).

        Raises:
            TokenDead: the token has died.
        """
        connection = await self._transport.open(self._call, self._config.gateway, self._certificate)
        if not self.may_call():
            connection.close()
            raise TokenDead
        return connection

    async def _request(
        self, connection: Connection, method: str, path: str, body: dict[str, Any] | None = None
    ) -> httpx.Response:
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"CcmTokenAuth": "0", "CcmClientID": self._device.client_id}
        entry = None if self._certificate is not None else self._cache.get(SYSTEM)
        if entry is not None:
            headers |= {"CcmTokenAuth": "1", "Authorization": f"Bearer {entry.token}"}
            self._log.write("Appending CCM Token to the header.")
        if content:
            headers["Content-Type"] = "application/json"
        return await self._transport.send(self._call, connection, method, path, headers, content)

    def _path(self, what: str) -> str:
        """Where a request goes: ServerAuth with a token, MutualAuth with a certificate (A2)."""
        if self._certificate is not None:
            return f"/CCM_Proxy_MutualAuth/{self._config.role}/{'ccm_system/request' if what == 'request' else what}"
        endpoint = "ccm_system_tokenauth/request" if what == "request" else what
        return f"/CCM_Proxy_ServerAuth/{self._config.role}/{endpoint}"

    def _message(self, kind: str) -> dict[str, Any]:
        return {
            "Message": kind,
            "ClientID": self._device.client_id,
            "Account": SYSTEM,
            "MessageID": f"{{{str(uuid.UUID(int=self._world.random.getrandbits(128), version=4)).upper()}}}",
            "SiteCode": self._config.site_code,
        }

    def _good(self, response: httpx.Response, path: str) -> dict[str, Any]:
        """What a good reply says.

        Raises:
            Failed: it is not a good one.
        """
        if response.status_code != 200:
            self._transport.log_status(self._call, path, response)
            raise Failed(BAD_STATUS)
        return parsed(response.content)

    # Begin and end

    def _begin(self) -> None:
        self._certificate = None
        if self.started is None:
            self.started = self._world.clock.now()
        process = self._world.random.randrange(1000, 9999)
        self._log.write(f"==========[ ccmsetup started in process {process} ]==========")
        switch = " /nocrlcheck" if self._config.no_crl_check else ""
        given = (
            f" AADCLIENTAPPID={self._config.client_app} AADRESOURCEURI={self._config.resource}"
            if self._config.properties_given
            else ""
        )
        self._log.write(
            f'Command line: "C:\\WINDOWS\\ccmsetup\\ccmsetup.exe"{switch} CCMHOSTNAME={self._config.host_name}'
            f" SMSSITECODE={self._config.site_code}{given}"
        )

    def _fail(self, code: str) -> None:
        now = self._world.clock.now()
        if code == NO_TOKEN:
            self._log.error(
                "Failed to get CCM access token and client doesn't have PKI issued cert to use SSL. Error 0x80070002"
            )
        self._log.error(f"CcmSetup failed with error code {code}")
        if self.time_is_up():
            self._gave_up = True
            self._log.error(f"CcmSetup is exiting with return code {10 if code == HASH_BAD else 6}")
            return
        self._next = now + self._config.retry
        self._log.write(f"Next retry in {int(self._config.retry.total_seconds() // 60)} minute(s)...")


def thumbprint_of(identity: Identity) -> str:
    """A certificate's thumbprint, as logs show it."""
    return identity.certificate.fingerprint(hashes.SHA1()).hex().upper()
