"""The cloud management gateway: admits a request by its bearer token or TLS client certificate, and hands it on.

Only published endpoints are there, and AADAuthInfo, which it answers itself to anybody whose tenant is onboarded
(I1.2, I1.3). All else needs a credential that is good here, on the path of its scheme: a token on ServerAuth, a
certificate on MutualAuth (I3.5, A2). What is admitted goes through the channel that a connection point keeps open from
inside (DOMAIN 4.2); what is not admitted is answered and not handed on (X3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl

import httpx
from starlette.responses import JSONResponse, Response

from .bearer import Acceptor
from .endpoints import CERTIFICATE, INFO, INTERNAL, OF_CONNECTION, PUBLISHED, Scheme, Target, target_of
from .entra_keys import EntraKeys, NoMetadata
from .incoming import GUID, Incoming, Refusal, Server, legible, to_header
from .logs import Form
from .network import Chain, Connection, Identity, Refused, Unreachable, Verify
from .site import Site
from .tokens import Check, Invalid, Token, read
from .trust import Trust
from .world import World


class Order(StrEnum):
    """Which of several connection points gets a request (DOMAIN 4.2)."""

    round_robin = "round_robin"
    first = "first"


@dataclass(frozen=True)
class GatewayConfig:
    """A gateway.

    Attributes:
        identity: what it shows to its clients (I1.5).
        entra_roots: by which it trusts Entra's metadata.
        verify_client: judges a client's PKI certificate by the roots that were uploaded, and by its CRL where the
            option says so (DOMAIN 2.8).
        order: which of several connection points gets a request.
    """

    site: Site
    identity: Identity
    entra_roots: Trust
    verify_client: Verify
    order: Order = Order.round_robin


class Gateway(Acceptor, Server):
    """The gateway.

    Attributes:
        channels: the connections that connection points keep open, in the order in which they were opened.
    """

    def __init__(self, world: World, config: GatewayConfig) -> None:
        self.host = world.names.cmg
        Acceptor.__init__(self, config.site, EntraKeys(world, self.host, config.entra_roots))
        Server.__init__(self)
        self._world, self._config = world, config
        config.site.gateway_certificate = config.identity.certificate
        self.channels: list[Connection] = []
        self._turn = 0
        self._log = world.logs(self.host).open("CMGService", form=Form.server)

    def start(self) -> None:
        """Serve."""
        self._world.network.serve(
            self.host, self.app, self._config.identity, verify_client=self._shown, on_channel=self.take_channel
        )

    def take_channel(self, connection: Connection) -> None:
        """Take the channel that a connection point offers; a stranger's is closed."""
        if self.channel_good(connection):
            self.channels = [each for each in self.channels if each.by != connection.by]
            self.channels.append(connection)
        else:
            connection.close()

    async def answer(self, incoming: Incoming) -> Response:
        """Answer a request, by the site's systems if it is to go there.

        Raises:
            Refusal: it is not published, not admitted, or there is no way on.
        """
        target = target_of(incoming.path)
        if target is None:
            raise Refusal(404)
        if target.endpoint == INFO:
            return self.give_entra_properties(incoming)
        if not self.publishes(target):
            raise Refusal(404)
        if not self.method_good(target, incoming.method):
            raise Refusal(405, Allow=PUBLISHED.get(target.endpoint, "POST"))
        certificate = await self.admit(target, incoming)
        return await self.forward(target, incoming, certificate)

    # What is published

    def publishes(self, target: Target) -> bool:
        """The endpoint of this management point is published (S-22)."""
        return target.role == self.site.role and target.published

    def method_good(self, target: Target, method: str) -> bool:
        """The endpoint is asked as it is meant to be."""
        return PUBLISHED.get(target.endpoint, method) == method

    def give_entra_properties(self, incoming: Incoming) -> Response:
        """AADAuthInfo (I1.2): the Entra properties, for a tenant that is onboarded and enabled (I1.3).

        Raises:
            Refusal: it is not.
        """
        if incoming.method != "GET":
            raise Refusal(405, Allow="GET")
        named = [value for name, value in parse_qsl(incoming.query) if name.lower() == "tenantid"]
        if len(named) != 1 or not GUID.fullmatch(named[0]):
            raise Refusal(400)
        if not self.gives_properties(named[0]):
            raise Refusal(404)
        return JSONResponse({"ClientAppId": self.site.client_app, "ResourceUri": self.site.resource})

    def gives_properties(self, tenant: str) -> bool:
        """The tenant is onboarded and enabled (I1.3, S-04)."""
        return self.site.takes_tenant(tenant)

    # Who is admitted

    async def admit(self, target: Target, incoming: Incoming) -> Chain:
        """The certificate to hand on, or none where a token is good.

        Raises:
            Refusal: nothing that is shown is good here.
        """
        if target.scheme is Scheme.mutual_auth:
            if await self.certificate_good(incoming.chain):
                return incoming.chain
        elif await self.token_good(incoming):
            return ()
        raise Refusal(401, "CMGService_Invalid_Token")

    async def token_good(self, incoming: Incoming) -> bool:
        """The request bears a token that is good here, be it Entra's or the site's (A26)."""
        text = incoming.credential("Bearer")
        if not text:
            self._log.write(f"ERROR: Token validation failed, there is none. {self._url(incoming)}")
            return False
        try:
            await self.bearer(text, self._world.clock.now())
        except (Invalid, NoMetadata) as error:
            self._tell(incoming, text, error)
            return False
        return True

    async def certificate_good(self, chain: Chain) -> bool:
        """The client has shown a certificate of a client, by the roots that were uploaded."""
        try:
            await self._config.verify_client(chain, self.host)
        except Refused:
            return False
        return True

    def channel_good(self, connection: Connection) -> bool:
        """Who offers a channel has shown the certificate of a connection point of this site (DOMAIN 4.2)."""
        return bool(connection.shown) and connection.shown[0] == self.site.connection_points.get(connection.by)

    # The way on

    async def forward(self, target: Target, incoming: Incoming, certificate: Chain) -> Response:
        """Hand a request on, and its reply back.

        Raises:
            Refusal: there is no way on.
        """
        headers = self.headers_on(incoming, certificate)
        for channel in self.ways_on():
            try:
                reply = await channel.request_back(
                    incoming.method, incoming.path, headers=headers, content=incoming.body
                )
            except Unreachable:
                if channel.open:
                    break
                continue
            self._count(target, incoming, reply)
            return given_back(reply)
        self._log.write("ERROR: No connection to forward request")
        raise Refusal(500, "CMGService_No_Connector")

    def headers_on(self, incoming: Incoming, certificate: Chain) -> dict[str, str]:
        """What goes on beside the request: no word of the site's own from outside, and one credential only."""
        dropped = OF_CONNECTION | ({"authorization"} if certificate else set())
        headers = {
            name: value
            for name, value in incoming.headers.items()
            if name not in dropped and not self.is_internal(name)
        }
        return {**headers, CERTIFICATE: to_header(tuple(certificate))} if certificate else headers

    def is_internal(self, name: str) -> bool:
        """Only the site's own systems send this header."""
        return name.startswith(INTERNAL)

    def ways_on(self) -> list[Connection]:
        """The channels to try, in this order; none where the management point is not published (X1, A16)."""
        self.channels = [each for each in self.channels if each.open]
        if not self.channels or not self.site.publishes_management_point:
            return []
        first = self._turn % len(self.channels) if self._config.order is Order.round_robin else 0
        self._turn += 1
        return [*self.channels[first:], *self.channels[:first]]

    async def _shown(self, chain: Chain, by: str) -> None:
        """What is shown is judged where it is used: clients and connection points come to the same door."""

    # The log

    def _url(self, incoming: Incoming) -> str:
        return f"https://{self.host}{legible(incoming.path)}"

    def _count(self, target: Target, incoming: Incoming, reply: httpx.Response) -> None:
        uri = f"/{target.scheme}/{target.role}{target.endpoint}".upper()
        self._log.write(
            f"RequestUri: {uri}  RequestCount: 1  RequestSize: {len(incoming.body)} Bytes  ResponseCount: 1"
            f"  ResponseSize: {len(reply.content)} Bytes  AverageElapsedTime: 0 ms~~"
        )

    def _tell(self, incoming: Incoming, text: str, error: Invalid | NoMetadata) -> None:
        self._log.write(
            f"ERROR: Security token validation exception with requesting URL {self._url(incoming)}."
            f" {_exception(text, error)}"
        )


def given_back(reply: httpx.Response) -> Response:
    """A reply as it came, without what belongs to the connection that it came by, or to the site."""
    headers = {
        name: value
        for name, value in reply.headers.items()
        if name.lower() not in OF_CONNECTION and not name.lower().startswith((INTERNAL, "x-iis-"))
    }
    return Response(reply.content, reply.status_code, headers)


def _exception(text: str, error: Invalid | NoMetadata) -> str:
    """What the log calls the exception (DOMAIN 10, ISS279)."""
    check = error.check if isinstance(error, Invalid) else Check.issuer
    if check is Check.lifetime:
        return (
            "System.IdentityModel.Tokens.SecurityTokenExpiredException: IDX10223: Lifetime validation failed."
            " The token is expired."
        )
    if check in {Check.issuer, Check.tenant, Check.audience}:
        token: Token = read(text)
        issuer, audience = (re.sub(r"\s", "", legible(token.claims.get(name, "-"))) or "-" for name in ("iss", "aud"))
        return (
            "System.IdentityModel.Tokens.SecurityTokenValidationException: There is no appropriate token validator to"
            f" validate the token with issuer {issuer} and audience {audience}"
        )
    return "System.ArgumentException"
