"""Requests as a server of the site takes them, and what all of those servers refuse: too much, or nonsense.

Whatever comes from outside is answered with a 4xx where it is at fault, and never with a stack trace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .tokens import loads

LARGEST_BODY = 1 << 20
LARGEST_HEADERS = 16 << 10
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
CLIENT_ID = re.compile(r"GUID:[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}", re.ASCII)
SID = re.compile(r"S-1-\d{1,14}(-\d{1,10}){1,15}", re.ASCII)


class Refusal(Exception):
    """A request is answered with an error.

    Args:
        reason: for the header ``StatusText``.
    """

    def __init__(self, status: int, reason: str = "", body: object = None, **headers: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status, self.reason, self.body, self.headers = status, reason, body, headers

    def response(self) -> Response:
        """The answer."""
        told = {"StatusText": self.reason} if self.reason else {}
        headers = {**told, **{name.replace("_", "-"): value for name, value in self.headers.items()}}
        if self.body is None:
            return Response(status_code=self.status, headers=headers)
        return JSONResponse(self.body, status_code=self.status, headers=headers)


@dataclass(frozen=True)
class Incoming:
    """A request.

    Attributes:
        path: as it was sent: nothing in it has been decoded.
        headers: names in lower case.
        chain: the certificates that the other end has shown, leaf first.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    chain: tuple[x509.Certificate, ...] = ()

    def header(self, name: str) -> str:
        """A header's value; empty where it is not there."""
        return self.headers.get(name.lower(), "")

    def credential(self, scheme: str) -> str:
        """What comes after the scheme in ``Authorization``; empty where it is of another scheme, or not there."""
        given, _, rest = self.header("Authorization").partition(" ")
        return rest.strip() if given.lower() == scheme.lower() else ""

    def json(self) -> dict[str, Any]:
        """The body's object.

        Raises:
            Refusal: it has none.
        """
        try:
            found = loads(self.body)
        except ValueError as error:
            raise Refusal(400) from error
        if not isinstance(found, dict):
            raise Refusal(400)
        return found


class Server:
    """What every server of the site is: an application that reads a request whole and answers it.

    Attributes:
        app: the application.
    """

    def __init__(self) -> None:
        self.app = Starlette(routes=[Route("/{path:path}", self._endpoint, methods=list(METHODS))])
        self.app.router.redirect_slashes = False  # nobody is sent to wherever the request's own Host header says

    async def answer(self, incoming: Incoming) -> Response:
        """Answer a request.

        Raises:
            Refusal: with an error.
        """
        raise NotImplementedError

    async def _endpoint(self, request: Request) -> Response:
        try:
            return await self.answer(await read(request))
        except Refusal as refusal:
            return refusal.response()


async def read(request: Request) -> Incoming:
    """Read a request whole.

    Raises:
        Refusal: it is too large, or says one thing twice.
    """
    raw: list[tuple[bytes, bytes]] = request.scope["headers"]
    if sum(len(name) + len(value) for name, value in raw) > LARGEST_HEADERS:
        raise Refusal(431)
    try:
        headers = {name.decode("ascii").lower(): value.decode("ascii") for name, value in raw}
    except UnicodeDecodeError as error:
        raise Refusal(400) from error
    if len(headers) != len(raw) or not all(value.isprintable() for value in headers.values()):
        raise Refusal(400)
    shown = request.scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    try:
        chain = tuple(x509.load_pem_x509_certificate(each.encode("ascii")) for each in shown)
    except (ValueError, UnicodeEncodeError) as error:
        raise Refusal(400) from error
    return Incoming(
        request.method,
        request.scope.get("raw_path", b"").decode("latin-1"),
        request.scope["query_string"].decode("latin-1"),
        headers,
        await _body(request),
        chain,
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise Refusal(413)
    except ClientDisconnect as error:
        raise Refusal(400) from error
    return bytes(body)


def plain(path: str) -> bool:
    """A path means what it reads: nothing is encoded, doubled, or leads upwards."""
    return path.startswith("/") and not any(trick in path for trick in ("%", "//", "\\", "..", "/./", ";"))


def to_header(chain: tuple[x509.Certificate, ...]) -> str:
    """Certificates as a header carries them: PEM, url-encoded."""
    pem = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain)
    return quote(pem.decode("ascii"), safe="")


def from_header(text: str) -> tuple[x509.Certificate, ...]:
    """Certificates from a header.

    Raises:
        ValueError: there are none in it, or something else.
    """
    return tuple(x509.load_pem_x509_certificates(unquote(text, errors="strict").encode("ascii")))


def legible(text: object) -> str:
    """What came from outside, as a line of a log may tell it."""
    return "".join(each for each in str(text) if each.isascii() and each.isprintable())[:200]
