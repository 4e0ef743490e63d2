"""The CMG connection point: keeps a channel to the gateway open from inside, and makes its requests the site's own.

It knows the published endpoints by a list of its own and has no other (S-23), validates the credential where it is set
to (X3, A14), rewrites the address to the management point's internal one (I3.3), and shows the management point its
client certificate (X4, A15). What the management point refuses comes back under the connector's names (DOMAIN 10).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

import httpx
from starlette.responses import Response

from .bearer import Acceptor
from .endpoints import (
    CERTIFICATE,
    INFO,
    INTERNAL,
    OF_CONNECTION,
    VIA,
    VOUCHER,
    Scheme,
    Target,
    target_of,
)
from .entra_keys import EntraKeys, NoMetadata
from .gateway import given_back
from .incoming import Incoming, Refusal, Server, from_header
from .logs import Form
from .network import Chain, Connection, Identity, Reason, Refused, Unreachable, Verify
from .site import Site
from .tokens import Invalid
from .trust import Trust
from .vouching import vouch
from .world import World

UNAUTHORIZED = "CMGConnector_Unauthorized"
FORBIDDEN = "CMGConnector_Forbidden"
WANTS_CERTIFICATE = "CMGConnector_Clientcertificaterequired"
FAILED = "CMGConnector_InternalServerError"


@dataclass(frozen=True)
class ConnectionPointConfig:
    """A connection point.

    Attributes:
        role: what it shows to the gateway, and vouches with.
        entra_roots: by which it trusts Entra's metadata.
        verify_client: judges a client's PKI certificate.
        verify_management_point: judges what the management point shows, by the roots of the domain and of the site.
        certificate: its client authentication certificate, for the management point; None where it has none.
        shows_certificate: whether it shows that (A15).
        validates: whether it validates credentials itself (A14).
        host: where it is; the first connection point's host unless it is given.
        verbose: it tells how it rewrites addresses.
    """

    site: Site
    role: Identity
    entra_roots: Trust
    verify_client: Verify
    verify_management_point: Verify
    certificate: Identity | None = None
    shows_certificate: bool = True
    validates: bool = True
    host: str = ""
    verbose: bool = True


class ConnectionPoint(Acceptor, Server):
    """A connection point.

    Attributes:
        channel: its connection to the gateway; None while there is none.
    """

    def __init__(self, world: World, config: ConnectionPointConfig) -> None:
        self.host = config.host or world.names.connection_point
        Acceptor.__init__(self, config.site, EntraKeys(world, self.host, config.entra_roots))
        Server.__init__(self)
        self._world, self._config = world, config
        config.site.connection_points[self.host] = config.role.certificate
        self.channel: Connection | None = None
        self._log = world.logs(self.host).open("SMS_CLOUD_PROXYCONNECTOR", form=Form.server)

    # The channel

    async def open_channel(self) -> None:
        """Connect to the gateway, and serve what it sends back.

        Raises:
            Unreachable: there is no gateway, or it does not take the channel.
            Refused: one of the two is not who it should be.
        """
        gateway = self._world.names.cmg
        self._log.write(f"Starting to connect to Proxy server {gateway}:443")
        connection = await self._world.network.connect(
            self.host, gateway, verify=self._verify_gateway, identity=self._config.role
        )
        connection.offer(self.app)
        if not connection.open:
            raise Unreachable(f"{gateway} does not take the channel of {self.host}")
        self.channel = connection
        self._log.write(f"Successfully connected to Proxy server {gateway}:443")

    def close_channel(self) -> None:
        """Lose the channel; until it is opened again the gateway cannot reach this connection point."""
        if self.channel is not None:
            self.channel.close()
            self.channel = None
            self._log.write(
                f"ERROR: Failed to build Http connection 1 with server {self._world.names.cmg}:443."
                " A connection attempt failed"
            )

    async def _verify_gateway(self, chain: Chain, host: str) -> None:
        if not self.gateway_good(chain):
            raise Refused(Reason.unknown_authority, f"{host} does not show the site's gateway's certificate")

    def gateway_good(self, chain: Chain) -> bool:
        """The gateway shows the certificate that was uploaded for it."""
        return bool(chain) and chain[0] == self.site.gateway_certificate

    # Requests

    async def answer(self, incoming: Incoming) -> Response:
        """Take a request of the gateway's to the management point, and its reply back.

        Raises:
            Refusal: it is not mapped, or not good here, or the management point does not let it in.
        """
        target = target_of(incoming.path)
        if target is None or target.endpoint == INFO or not self.maps(target):
            raise Refusal(404)
        certificate = incoming.header(CERTIFICATE) if self.hands_on_certificate(target) else ""
        if self._config.validates and not await self.accepts(incoming, certificate):
            raise Refusal(401, UNAUTHORIZED)
        inside = self.internal(target)
        message = str(uuid.UUID(int=self._world.random.getrandbits(128), version=4))
        if self._config.verbose:
            self._tell_switch(incoming.path, inside)
        request = replace(incoming, path=inside, headers=self.headers_on(incoming, inside, certificate))
        try:
            response = await self.ask(request)
        except Refusal as refusal:
            self._tell_answer(message, inside, refusal.status, refusal.reason, 0)
            raise
        self._tell_answer(message, inside, response.status_code, response.headers.get("StatusText", ""),
                          len(response.body))  # fmt: skip
        return response

    def maps(self, target: Target) -> bool:
        """The endpoint is published, of a management point that is (X1, A16)."""
        return target.role == self.site.role and target.published and self.site.publishes_management_point

    def hands_on_certificate(self, target: Target) -> bool:
        """A client's certificate counts on the path for it only (A2)."""
        return target.scheme is Scheme.mutual_auth

    def internal(self, target: Target) -> str:
        """The address inside (I3.3)."""
        return target.endpoint

    async def accepts(self, incoming: Incoming, certificate: str) -> bool:
        """The credential is good here too (X3)."""
        if certificate:
            return await self.certificate_good(certificate)
        return await self.token_good(incoming.credential("Bearer"))

    async def token_good(self, text: str) -> bool:
        """A bearer token is good here."""
        try:
            await self.bearer(text, self._world.clock.now())
        except (Invalid, NoMetadata):
            return False
        return True

    async def certificate_good(self, header: str) -> bool:
        """A client's certificate, as the gateway has handed it on, is good here."""
        try:
            await self._config.verify_client(from_header(header), self._world.names.cmg)
        except (Refused, ValueError):
            return False
        return True

    def headers_on(self, incoming: Incoming, inside: str, certificate: str) -> dict[str, str]:
        """What goes on beside the request, with the word of this connection point that it came through it."""
        dropped = OF_CONNECTION | ({"authorization"} if certificate else set())
        headers = {
            name: value
            for name, value in incoming.headers.items()
            if name not in dropped and not name.startswith(INTERNAL)
        }
        if certificate:
            headers[CERTIFICATE] = certificate
        key = self._config.role.key
        voucher = vouch(key, self.host, incoming.method, inside, incoming.body, certificate)
        return {**headers, VIA: self.host, VOUCHER: voucher}

    # The management point

    async def ask(self, request: Incoming) -> Response:
        """Ask the management point, and give its answer a name of the connector's.

        Raises:
            Refusal: it does not answer as it should.
        """
        connection = await self.connect()
        try:
            reply = await connection.request(
                request.method, request.path, headers=request.headers, content=request.body
            )
        except Unreachable as error:
            raise Refusal(500, FAILED) from error
        finally:
            connection.close()
        return self.named(reply)

    async def connect(self) -> Connection:
        """Connect to the management point, each end judging the other (X4).

        Raises:
            Refusal: it cannot be reached, or one does not accept the other.
        """
        accepted = False

        async def verify(chain: Chain, host: str) -> None:
            nonlocal accepted
            await self.verify_management_point(chain, host)
            accepted = True

        try:
            return await self._world.network.connect(
                self.host, self.site.management_point, verify=verify, identity=self.shown()
            )
        except Refused as error:
            raise Refusal(403, WANTS_CERTIFICATE if accepted else FORBIDDEN) from error
        except Unreachable as error:
            raise Refusal(500, FAILED) from error

    async def verify_management_point(self, chain: Chain, host: str) -> None:
        """The management point shows a certificate of the domain's or of the site's, by its name.

        Raises:
            Refused: it does not: its binding is wrong.
        """
        await self._config.verify_management_point(chain, host)

    def shown(self) -> Identity | None:
        """What it shows to the management point."""
        return self._config.certificate if self._config.shows_certificate else None

    def named(self, reply: httpx.Response) -> Response:
        """The management point's answer; a refusal gets the connector's name for it (DOMAIN 10).

        Raises:
            Refusal: it is none that a client could use.
        """
        if reply.status_code == 403:
            wanted = "X-Iis-Substatus" in reply.headers
            if wanted and self.shown() is None:
                self._log.write("Filtered cert count with client auth: 0")
            raise Refusal(403, WANTS_CERTIFICATE if wanted else FORBIDDEN)
        if reply.status_code >= 500:
            raise Refusal(500, FAILED)
        if 300 <= reply.status_code < 400:
            raise Refusal(401, UNAUTHORIZED)
        response = given_back(reply)
        if reply.status_code == 401:
            response.headers["StatusText"] = UNAUTHORIZED
        return response

    # The log

    def _tell_switch(self, outside: str, inside: str) -> None:
        outer = f"https://{self._world.names.cmg.upper()}{outside}"
        inner = f"https://{self.site.management_point.upper()}{inside}"
        self._log.write(f"Switched to internal URL. Replaced '{outer}' in '{outer}' with '{inner}' and got '{inner}~~'")

    def _tell_answer(self, message: str, inside: str, status: int, reason: str, size: int) -> None:
        uri = f"https://{self.site.management_point.upper()}{inside}"
        phrase = reason or httpx.codes.get_reason_phrase(status)
        self._log.write(
            f"MessageID: {message} RequestURI: {uri} EndpointName: {inside.split('/')[1]}"
            f" ResponseHeader: HTTP/1.1 {status} {phrase} ~~ ResponseBodySize: {size} ElapsedTime: 0 ms"
        )
