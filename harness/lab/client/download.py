"""Where ccmsetup gets the client's content: from the cloud's storage, else from the management point (I4.2c to I4.5).

The location that the site gives has a content token of its own, for the cloud. Where the cloud refuses that, a new
location is asked for (A28); where the cloud fails, the management point is asked through the CMG (I4.5). What has been
downloaded counts only if its hash is the one that the site has said (I4.3).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import httpx

from ..network import Chain, Refused, Unreachable
from .caller import Caller, TokenDead
from .device import write_whole
from .means import Component, Means
from .transport import BAD_STATUS, Call, Failed

HASH_BAD = "0x80091007"
NO_CONTENT = "0x87d00267"
LOCATIONS = 8
"""How many locations one attempt asks for, where the cloud refuses the token of each."""
FILE = "C:\\WINDOWS\\ccmsetup\\client.msi"


@dataclass(frozen=True)
class Location:
    """Where the content is, and what it is: a URL in the cloud, or none where the management point has it."""

    url: str
    hash: str

    @property
    def address(self) -> str:
        """The URL without what opens it."""
        return self.url.split("?")[0]


class Download(Component):
    """The download of one client's ccmsetup."""

    def __init__(self, means: Means, caller: Caller, call: Call) -> None:
        super().__init__(means)
        self._caller, self._call, self._log = caller, call, call.log

    async def get(self) -> None:
        """Ask for the content's location, download it, and verify it.

        Raises:
            Failed: it is not to be had, or is not what the site says.
            TokenDead: a new CCM token is needed first.
        """
        for _ in range(LOCATIONS):
            location = await self.ask()
            content = await self.from_cloud(location) if location.url else await self.from_management_point()
            if content is not None:
                self._verify(content, location)
                return
        raise Failed(NO_CONTENT)

    # What decides

    def drops(self, response: httpx.Response) -> bool:
        """A download that is refused is tried again with a new CCM token (A10, A39)."""
        by_token = self._caller.certificate is None
        return response.status_code == 401 and by_token and self._config.ccmsetup_drops_on_401

    def hash_good(self, content: bytes, location: Location) -> bool:
        """The content is what the site says it is (I4.3)."""
        return hashlib.sha256(content).hexdigest() == location.hash

    async def verify_store(self, chain: Chain, host: str) -> None:
        """The store is who its address names. It is no site system: the site's CRL option is not for it.

        Raises:
            Refused: it is not.
        """
        await self._transport.verify_server(chain, host)

    # Location

    async def ask(self) -> Location:
        """Ask the site where the content is (I4.2c)."""
        path = self._caller.request_path
        self._log.write("Searching for DP locations from MP(s)...")
        self._log.write("CCMSETUP bootstrap from Internet: 1")
        self._caller.announce(path)
        connection = await self._caller.open()
        self._log.write(
            'Sending message body \'<ContentLocationRequest SchemaVersion="1.00" BGRVersion="1">'
            f'<AssignedSite SiteCode="{self._config.site_code}"/></ContentLocationRequest>\''
        )
        message = self._caller.message("ContentLocationRequest")
        response = await self._caller.request(connection, "POST", path, message)
        location = located(self._caller.good(response, path))
        if location.url:
            self._log.write(f"The location '{location.address}' is on Azure")
        return location

    # The two sources

    async def from_cloud(self, location: Location) -> bytes | None:
        """The content from the cloud's storage (I4.4).

        Returns:
            None where it refuses the content token.
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
        self._log.error(f"Failed to download from {location.address} with error {code}")
        return await self.from_management_point()

    async def _get_from_cloud(self, host: str, path: str) -> httpx.Response:
        connection = await self._world.network.connect(self._config.name, host, verify=self.verify_store)
        try:
            return await connection.request("GET", path)
        finally:
            connection.close()

    async def from_management_point(self) -> bytes:
        """The content from the management point, through the CMG (I4.5).

        Raises:
            TokenDead: it refuses the token.
        """
        path = self._caller.path("CCM_Client/client.msi")
        self._log.write(f"Downloading https://{self._config.gateway}{path} to {FILE}")
        self._caller.announce(path)
        connection = await self._caller.open()
        response = await self._caller.request(connection, "GET", path)
        if self.drops(response):
            self._transport.log_status(self._call, path, response)
            raise TokenDead
        self._caller.good(response, path)
        return response.content

    def _verify(self, content: bytes, location: Location) -> None:
        self._log.write("Successfully downloaded client files via WinHTTP.")
        found = hashlib.sha256(content).hexdigest().upper()
        if not self.hash_good(content, location):
            self._log.error(
                f"File '{FILE}' with hash '{location.hash.upper()}' from manifest doesn't match with the file hash"
                f" '{found}'"
            )
            raise Failed(HASH_BAD)
        self._log.write(f"Validated file '{FILE}' hash '{found}'")
        write_whole(self._device.folder / "client.msi", content)


def located(reply: dict[str, Any]) -> Location:
    """What a content location reply says."""
    return Location(str(reply.get("Location") or ""), str(reply.get("Sha256") or "").lower())
