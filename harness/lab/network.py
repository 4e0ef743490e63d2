"""The wires, in memory: connections on which both ends show certificates and verify them, and requests over them.

A server is an ASGI application under a host name; a connection calls it through httpx's ASGI transport. What TLS would
do happens in the handshake: the server shows its chain, proves that it has the key, and the client's own verifier
judges it (X2); where the server asks for a certificate, the same the other way round (X4). A server learns what the
client showed from ASGI's TLS extension, as it would from a real server.

A connection can be used backwards too: who has opened it can serve requests that the other end sends over it. That is
the channel by which a connection point, which nobody can reach from outside, serves the CMG (DOMAIN 4.2).

Everything that passes a wire is told to the network's taps *before* it arrives. A tap may wait, which holds the
message, or raise :class:`Lost`, which loses it. So a test sees, orders and breaks what real components do, and they
need not know.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.types import ASGIApp, Receive, Scope, Send

Chain = Sequence[x509.Certificate]
Verify = Callable[[Chain, str], Awaitable[None]]
"""Judges what the other end shows: its chain, leaf first (it may be empty), and the host name that was asked for.

It raises :class:`Refused` where it does not accept it.
"""


class Reason(StrEnum):
    """Why a certificate is refused; the names of WinHTTP's flags where it has one (DOMAIN 2.7)."""

    unknown_authority = "INVALID_CA"
    name = "CERT_CN_INVALID"
    date = "CERT_DATE_INVALID"
    revocation = "CERT_REV_FAILED"
    client_certificate = "CLIENT_CERTIFICATE"
    wrong_use = "WRONG_USAGE"


class Refused(Exception):
    """One end has refused the other's certificate: there is no connection, and nothing has been sent."""

    def __init__(self, reason: Reason, text: str = "") -> None:
        super().__init__(text or reason.value)
        self.reason = reason


class Unreachable(Exception):
    """Nobody answers under this host name, or the way to it is cut."""


class Lost(Exception):
    """Raised by a tap: the message does not arrive, and its sender hears nothing."""


@dataclass(frozen=True)
class Identity:
    """A certificate with its key, and the intermediates that are shown with it, if any."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    intermediates: tuple[x509.Certificate, ...] = ()

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return (self.certificate, *self.intermediates)


class Kind(StrEnum):
    """What a crossing is."""

    opened = "opened"
    refused = "refused"
    request = "request"
    reply = "reply"


@dataclass(frozen=True)
class Crossing:
    """Something on its way over a wire.

    Attributes:
        sender, receiver: names of hosts, in the direction of this very message: a reply's sender is the server.
        secure: by TLS; a distribution point of revocation lists is not.
        path: with its query.
        headers: names in lower case.
        status: of a reply; 0 else.
        reason: why a connection was refused, and ``by`` whom.
        backwards: over a channel that the receiver had opened.
        chain: on ``opened`` and ``refused``, what the server has shown.
        shown: on a request, the certificate that its sender has shown on the connection and the other end has taken.
    """

    kind: Kind
    sender: str
    receiver: str
    secure: bool = True
    method: str = ""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 0
    reason: Reason | None = None
    by: str = ""
    backwards: bool = False
    chain: Chain = ()
    shown: Chain = ()


Tap = Callable[[Crossing], Awaitable[None]]


@dataclass(frozen=True)
class Front:
    """What stands in front of a server's application before a request reaches it, as IIS does: an answer, or nothing.

    Called with the path and the certificates that the client has shown.
    """

    admit: Callable[[str, Chain], httpx.Response | None]


@dataclass
class _Server:
    app: ASGIApp
    identity: Identity | None
    verify_client: Verify | None
    demands_certificate: bool
    front: Front | None
    on_channel: Callable[[Connection], None] | None


class Network:
    """All hosts, under their names.

    Attributes:
        taps: told of every crossing, in this order.
    """

    def __init__(self) -> None:
        self._servers: dict[str, _Server] = {}
        self._cut: set[str] = set()
        self.taps: list[Tap] = []

    def serve(
        self,
        host: str,
        app: ASGIApp,
        identity: Identity | None = None,
        *,
        verify_client: Verify | None = None,
        demands_certificate: bool = False,
        front: Front | None = None,
        on_channel: Callable[[Connection], None] | None = None,
    ) -> None:
        """Put a server under a host name; what stood there before is replaced.

        Args:
            identity: what it shows; without one it speaks plain HTTP.
            verify_client: judges what a client shows. It is asked where a client shows something; without it nothing
                that a client shows is looked at, or passed on.
            demands_certificate: refuse a client that shows none.
            front: may answer a request before the application gets it.
            on_channel: is given each connection that a client offers to serve over, to send requests back.
        """
        self._servers[host] = _Server(app, identity, verify_client, demands_certificate, front, on_channel)

    def cut(self, host: str) -> None:
        """Nobody reaches this host any more."""
        self._cut.add(host)

    def mend(self, host: str) -> None:
        """The host can be reached again."""
        self._cut.discard(host)

    def identity_of(self, host: str) -> Identity | None:
        """What is shown under a host name."""
        return self._server(host).identity

    def takes_channels(self, host: str) -> bool:
        """Whether the server of a host takes connections that its clients offer to serve over."""
        return self._server(host).on_channel is not None

    async def connect(
        self, by: str, host: str, *, verify: Verify | None = None, identity: Identity | None = None
    ) -> Connection:
        """Open a connection. With a verifier it is TLS, without one plain HTTP.

        Args:
            by: the name of the host that opens it.
            identity: what is shown to a server that asks for a certificate.

        Raises:
            Unreachable: nobody answers.
            Refused: one end does not accept what the other has shown.
        """
        server = self._server(host)
        chain = server.identity.chain if server.identity else ()
        shown: Chain = ()
        refused_by = by
        try:
            if verify is not None:
                _proves(server.identity)
                await verify(chain, host)
            refused_by = host
            if server.verify_client is not None and identity is not None:
                _proves(identity)
                await server.verify_client(identity.chain, by)
                shown = identity.chain
            elif server.demands_certificate:
                raise Refused(Reason.client_certificate, f"{host} demands a client certificate")
        except Refused as refused:
            await self.tell(
                Crossing(Kind.refused, by, host, verify is not None, reason=refused.reason, by=refused_by, chain=chain)
            )
            raise
        if verify is not None:
            await self.tell(Crossing(Kind.opened, by, host, chain=chain))
        return Connection(self, by, host, chain, shown, secure=verify is not None)

    async def tell(self, crossing: Crossing) -> None:
        """Tell every tap; one of them may hold it for a while, or lose it."""
        for tap in tuple(self.taps):
            await tap(crossing)

    def _server(self, host: str) -> _Server:
        if host in self._cut or host not in self._servers:
            raise Unreachable(f"no answer from {host}")
        return self._servers[host]

    async def handle(self, connection: Connection, request: httpx.Request) -> httpx.Response:
        """Let the server of a connection answer; its front first."""
        server = self._server(connection.host)
        if server.front is not None:
            answer = server.front.admit(request.url.path, connection.shown)
            if answer is not None:
                return answer
        return await _call(server.app, request, connection.shown)

    def channel(self, connection: Connection) -> None:
        """Give the server of a connection the way back over it.

        Raises:
            Unreachable: the server takes no channels.
        """
        server = self._server(connection.host)
        if server.on_channel is None:
            raise Unreachable(f"{connection.host} takes no channels")
        server.on_channel(connection)


class Connection:
    """An open connection, from the host that opened it to the host that answered.

    Attributes:
        chain: what the server showed.
        shown: what the client showed and the server accepted.
    """

    def __init__(self, network: Network, by: str, host: str, chain: Chain, shown: Chain, *, secure: bool) -> None:
        self._network, self._secure = network, secure
        self.by, self.host, self.chain, self.shown = by, host, tuple(chain), tuple(shown)
        self._back: ASGIApp | None = None
        self.open = True

    def close(self) -> None:
        """Nothing goes over it any more, in either direction."""
        self.open = False

    def offer(self, app: ASGIApp) -> None:
        """Serve what the other end sends back over this connection: a channel."""
        self._back = app
        self._network.channel(self)

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, content: bytes = b""
    ) -> httpx.Response:
        """Send a request to the server, and wait for its reply.

        Raises:
            Unreachable: the connection is closed, the way is cut, or no reply came.
        """
        return await self._exchange(False, method, path, headers, content)

    async def request_back(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, content: bytes = b""
    ) -> httpx.Response:
        """Send a request from the server to the host that opened the channel.

        Raises:
            Unreachable: it is closed, it is no channel, or no reply came.
        """
        return await self._exchange(True, method, path, headers, content)

    async def _exchange(
        self, backwards: bool, method: str, path: str, headers: Mapping[str, str] | None, content: bytes
    ) -> httpx.Response:
        if not self.open or (backwards and self._back is None):
            raise Unreachable(f"the connection of {self.by} to {self.host} is closed")
        sender, receiver = (self.host, self.by) if backwards else (self.by, self.host)
        request = httpx.Request(method, f"https://{receiver}{path}", headers=dict(headers or {}), content=content)
        lower = {name.lower(): value for name, value in request.headers.items()}
        crossing = Crossing(
            Kind.request, sender, receiver, self._secure, method, path, lower, content, backwards=backwards,
            shown=self.chain if backwards else self.shown,
        )  # fmt: skip
        try:
            await self._network.tell(crossing)
            if backwards:
                assert self._back is not None
                response = await _call(self._back, request, self.chain)
            else:
                response = await self._network.handle(self, request)
            await self._network.tell(
                Crossing(
                    Kind.reply, receiver, sender, self._secure, method, path,
                    {name.lower(): value for name, value in response.headers.items()}, response.content,
                    response.status_code, backwards=backwards,
                )
            )  # fmt: skip
        except Lost as lost:
            raise Unreachable(f"no reply from {receiver}") from lost
        return response


async def _call(app: ASGIApp, request: httpx.Request, peer: Chain) -> httpx.Response:
    """One request through httpx's ASGI transport, with what the other end has shown."""
    shown = [each.public_bytes(serialization.Encoding.PEM).decode("ascii") for each in peer]

    async def with_tls(scope: Scope, receive: Receive, send: Send) -> None:
        extensions: dict[str, Any] = {**scope.get("extensions", {}), "tls": {"client_cert_chain": shown}}
        await app({**scope, "extensions": extensions}, receive, send)

    transport = httpx.ASGITransport(app=with_tls, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.send(request)


def _proves(identity: Identity | None) -> None:
    """What a handshake proves: whoever shows a certificate has its key.

    Raises:
        Refused: he has not.
    """
    if identity is None:
        return
    nonce = os.urandom(32)
    signature = identity.key.sign(nonce, ec.ECDSA(hashes.SHA256()))
    public = identity.certificate.public_key()
    try:
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise InvalidSignature
        public.verify(signature, nonce, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Refused(Reason.unknown_authority, "the key is not the certificate's") from error
