"""Entra's side of the wire: what a request has to look like, and how everything else is refused, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .tokens import loads

LARGEST_BODY = 64 << 10
LARGEST_HEADERS = 16 << 10
MOST_FIELDS = 32

Fields = Mapping[str, str]


class EntraError(Exception):
    """A refusal.

    Attributes:
        error: OAuth's word for it, or Entra's.
        code: Entra's number, 0 where it has none.
    """

    def __init__(self, error: str, code: int = 0, *, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.code, self.status = error, code, status


class Service(Protocol):
    """What answers. Everything is raised as :class:`EntraError` that is not answered."""

    def token(self, tenant: str, fields: Fields) -> dict[str, Any]:
        """An access token."""

    def join(self, tenant: str, fields: Fields, invitation: str) -> dict[str, Any]:
        """A certificate for a device."""

    def metadata(self, tenant: str) -> dict[str, Any]:
        """Where what is."""

    def keys(self, tenant: str) -> dict[str, Any]:
        """The signing keys."""


def application(service: Service) -> Starlette:
    """The application that lets a service answer what comes over the wire."""

    async def token(request: Request) -> Response:
        return JSONResponse(
            service.token(_tenant(request), await _fields(request)), headers={"Cache-Control": "no-store"}
        )

    async def join(request: Request) -> Response:
        scheme, _, invitation = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise EntraError("access_denied", status=401)
        return JSONResponse(service.join(_tenant(request), await _fields(request), invitation))

    async def metadata(request: Request) -> Response:
        return JSONResponse(service.metadata(_tenant(request)))

    async def keys(request: Request) -> Response:
        return JSONResponse(service.keys(_tenant(request)))

    return Starlette(
        routes=[
            Route("/{tenant}/oauth2/token", token, methods=["POST"]),
            Route("/{tenant}/devices/join", join, methods=["POST"]),
            Route("/{tenant}/.well-known/openid-configuration", metadata, methods=["GET"]),
            Route("/{tenant}/discovery/keys", keys, methods=["GET"]),
        ],
        exception_handlers={EntraError: _refusal, HTTPException: _no_route},
    )


async def _refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, EntraError)
    return JSONResponse({"error": error.error, "error_code": error.code}, error.status)


async def _no_route(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    word = "invalid_request" if error.status_code == 405 else "not_found"
    return JSONResponse({"error": word, "error_code": 0}, error.status_code, error.headers)


def _tenant(request: Request) -> str:
    """The tenant of the path, which has to be written plainly: what is escaped may be read in two ways."""
    raw = request.scope.get("raw_path")
    if raw is not None and raw.partition(b"?")[0] != request.scope["path"].encode("utf-8"):
        raise EntraError("invalid_request")
    if sum(len(name) + len(value) for name, value in request.headers.raw) > LARGEST_HEADERS:
        raise EntraError("invalid_request", status=431)
    return str(request.path_params["tenant"])


async def _fields(request: Request) -> Fields:
    """The fields of a body, a form or JSON: each once, each text."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    read: Callable[[bytes], Any] | None = KINDS.get(kind)
    if read is None:
        raise EntraError("invalid_request", status=415)
    try:
        fields = read(await _body(request))
    except ValueError as error:
        raise EntraError("invalid_request", 900144) from error
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise EntraError("invalid_request", 900144)
    return fields


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise EntraError("invalid_request", status=413)
    return bytes(body)


def _form(body: bytes) -> dict[str, str]:
    pairs = parse_qsl(
        body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS
    )
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field is there twice")
    return fields


KINDS: Mapping[str, Callable[[bytes], Any]] = {"application/json": loads, "application/x-www-form-urlencoded": _form}
