"""ccmsetup: installs the client from the internet through the CMG (document, Client installation, 1 to 4).

With a valid PKI certificate it goes that way at once and uses no Entra step (I2.4). Else it needs the Entra properties,
an Entra token, and by it a CCM token, which it caches for SYSTEM and appends to every request from there on: site
information, ccmsetup.cab, content locations, and the content where it is not in the cloud (I1 to I4). Only content
whose hash is good is installed.

One run is one attempt. What fails ends the attempt, not ccmsetup: it tries again every /retry minutes, until
/downloadtimeout (A13).
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives import hashes

from ..contract import Prefers
from ..logs import Log
from ..network import Identity
from ..world import SYSTEM
from .caller import Caller, TokenDead
from .download import FILE, HASH_BAD, Download
from .means import Component, Means
from .outcome import Outcome
from .sts import TokenService
from .transport import BAD_STATUS, Call, Failed
from .wam import Denied, EntraToken, parsed

NO_TOKEN = "0x87d00455"
VERSION = "5.00.9122.1000"
PRODUCT = "{0B7C8AB3-9EA1-4FFA-B2B9-8FFDD944BD8B}"
TURNS = 8
"""How often one attempt begins anew with another token. A clock that stands still never comes to /downloadtimeout, and
a site that refuses for ever would keep the attempt for ever."""


class Ccmsetup(Component):
    """The installer of one client.

    Attributes:
        started: when its first attempt began; None before.
        patient: whether it tries on after an attempt that fails; None: as /downloadtimeout has it.
    """

    caller_class = Caller
    download_class = Download

    def __init__(self, means: Means, service: TokenService, log: Log) -> None:
        super().__init__(means)
        self._service, self._log = service, log
        self._call = Call(self._log, "ccmsetup", "0x4100", "0xe0")
        self.caller = self.caller_class(means, self._call)
        self.download = self.download_class(means, self.caller, self._call)
        self.started: datetime | None = None
        self.patient: bool | None = None
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
            if self.caller.certificate is None:
                await self._get_ccm_token()
            try:
                return await self._install_with_credential()
            except TokenDead:
                continue  # the next token replaces the one that is dead or refused (T5)
        raise Failed(NO_TOKEN)

    async def _install_with_credential(self) -> None:
        await self._ask_for_site()
        await self._check_client_files()
        await self.download.get()
        self._run_msi()

    # What decides

    def takes_certificate(self) -> bool:
        """Install as a PKI client at once (I2.4, A11)."""
        return self._config.install_prefers is Prefers.certificate and self._device.certificate() is not None

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
        certificate = self._device.certificate()
        assert certificate is not None
        self.caller.certificate = certificate
        subject = certificate.certificate.subject.rfc4514_string().removeprefix("CN=")
        thumbprint = thumbprint_of(certificate)
        self._log.write(f"Client selected the PKI Certificate [Thumbprint {thumbprint}] issued to '{subject}'")

    # 4. Site, files, content

    async def _ask_for_site(self) -> None:
        path = self.caller.request_path
        self.caller.announce(path)
        connection = await self.caller.open()
        self._log.write(
            f"Sending location request to '{self._config.host_name}' with payload"
            f' \'<SiteInformationRequest SchemaVersion="1.00"><SiteCode Name="{self._config.site_code}"/>'
            "</SiteInformationRequest>'"
        )
        response = await self.caller.request(connection, "POST", path, self.caller.message("SiteInfoRequest"))
        reply = self.caller.good(response, path)
        settings = reply.get("SecuritySettings")
        check = settings.get("CheckCrl") if isinstance(settings, dict) else None
        self._device.remember(CheckCrl=check is not False, SiteCode=reply.get("SiteCode"))
        self._log.write("Received message '<SiteInfoReply SchemaVersion=\"1.00\"><SiteInfo/></SiteInfoReply>'")

    async def _check_client_files(self) -> None:
        path = self.caller.path("CCM_Client/ccmsetup.cab")
        self._log.write(f"Checking the URL 'https://{self._config.host_name}/CCM_Client/ccmsetup.cab'")
        self.caller.announce(path)
        connection = await self.caller.open()
        response = await self.caller.request(connection, "HEAD", path)
        self.caller.good(response, path)
        self._log.write(f"Found a valid online MP 'https://{self._config.host_name}'")

    def _run_msi(self) -> None:
        self._log.write(f"Installing version {VERSION} of the client with product code {PRODUCT}")
        self._log.write("Running installation package")
        self._log.write(f"  Package:     {FILE}")
        self._log.write("  Log:         C:\\WINDOWS\\ccmsetup\\Logs\\client.msi.log")
        self._device.remember(Installed=True, InstalledAsPki=self.caller.certificate is not None)
        self._log.write("Installation succeeded.")
        self._log.write("CcmSetup is exiting with return code 0")

    # Begin and end

    def _begin(self) -> None:
        self.caller.certificate = None
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
        if self.time_is_up() if self.patient is None else not self.patient:
            self._gave_up = True
            self._log.error(f"CcmSetup is exiting with return code {10 if code == HASH_BAD else 6}")
            return
        self._next = now + self._config.retry
        self._log.write(f"Next retry in {int(self._config.retry.total_seconds() // 60)} minute(s)...")


def thumbprint_of(identity: Identity) -> str:
    """A certificate's thumbprint, as logs show it."""
    return identity.certificate.fingerprint(hashes.SHA1()).hex().upper()
