"""The wires: what a handshake proves, what taps see and can do, channels that are used backwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import httpx
import pytest
from ccmproof.harness.lab.clock import BEGINS
from ccmproof.harness.lab.network import (
    Chain,
    Connection,
    Crossing,
    Front,
    Identity,
    Kind,
    Lost,
    Network,
    Reason,
    Refused,
    Unreachable,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

T = TypeVar("T")


def run(what: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(what)


def identity(name: str, *, key: ec.EllipticCurvePrivateKey | None = None) -> Identity:
    """A self-signed certificate; with ``key`` whoever shows it has another key than the certificate's."""
    own = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(BEGINS)
        .not_valid_after(BEGINS + timedelta(days=1))
        .sign(own, hashes.SHA256())
    )
    return Identity(certificate, key or own)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the path, the body and how many certificates the client has shown."""
    request = Request(scope, receive)
    shown = scope["extensions"]["tls"]["client_cert_chain"]
    body = (await request.body()).decode()
    await PlainTextResponse(f"{request.url.path} {body} {len(shown)}")(scope, receive, send)


async def anything(chain: Chain, host: str) -> None:
    """Takes any certificate."""


def refuse(reason: Reason) -> Callable[[Chain, str], Awaitable[None]]:
    async def verify(chain: Chain, host: str) -> None:
        raise Refused(reason)

    return verify


def watched(network: Network) -> list[Crossing]:
    seen: list[Crossing] = []

    async def tap(crossing: Crossing) -> None:
        seen.append(crossing)

    network.taps.append(tap)
    return seen


def test_a_request_comes_to_the_server_and_its_reply_back_and_taps_see_both() -> None:
    network = Network()
    network.serve("server", echo, identity("server"))
    seen = watched(network)

    async def talk() -> httpx.Response:
        connection = await network.connect("client", "server", verify=anything)
        return await connection.request("POST", "/here?now=1", headers={"X-Word": "yes"}, content=b"hello")

    response = run(talk())
    assert response.text == "/here hello 0"
    opened, request, reply = seen
    assert (opened.kind, opened.sender, opened.receiver) == (Kind.opened, "client", "server")
    assert (request.kind, request.path, request.body) == (Kind.request, "/here?now=1", b"hello")
    assert request.headers["x-word"] == "yes"
    assert (reply.kind, reply.sender, reply.receiver, reply.status) == (Kind.reply, "server", "client", 200)


@pytest.mark.parametrize("reason", [Reason.unknown_authority, Reason.name, Reason.date, Reason.revocation])
def test_a_server_that_the_client_refuses_hears_nothing(reason: Reason) -> None:
    network = Network()
    network.serve("server", echo, identity("server"))
    seen = watched(network)
    with pytest.raises(Refused) as refused:
        run(network.connect("client", "server", verify=refuse(reason)))
    assert refused.value.reason is reason
    assert [(each.kind, each.reason, each.by) for each in seen] == [(Kind.refused, reason, "client")]


def test_a_certificate_without_its_key_proves_nothing() -> None:
    network = Network()
    network.serve("server", echo, identity("server", key=ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(Refused):
        run(network.connect("client", "server", verify=anything))


def test_the_server_verifies_what_the_client_shows() -> None:
    network = Network()
    network.serve("server", echo, identity("server"), verify_client=refuse(Reason.unknown_authority))
    with pytest.raises(Refused):
        run(network.connect("client", "server", verify=anything, identity=identity("client")))
    network.serve("server", echo, identity("server"), verify_client=anything)

    async def talk(shown: Identity | None) -> str:
        connection = await network.connect("client", "server", verify=anything, identity=shown)
        return (await connection.request("GET", "/")).text

    assert run(talk(identity("client"))) == "/  1"
    assert run(talk(None)) == "/  0"
    stolen = identity("client", key=ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(Refused):
        run(talk(stolen))


def test_a_server_that_asks_for_no_certificate_is_told_of_none() -> None:
    network = Network()
    network.serve("server", echo, identity("server"))

    async def talk() -> str:
        connection = await network.connect("client", "server", verify=anything, identity=identity("client"))
        return (await connection.request("GET", "/")).text

    assert run(talk()) == "/  0"


def test_a_server_can_demand_a_certificate() -> None:
    network = Network()
    network.serve("server", echo, identity("server"), verify_client=anything, demands_certificate=True)
    with pytest.raises(Refused) as refused:
        run(network.connect("client", "server", verify=anything))
    assert refused.value.reason is Reason.client_certificate


def test_what_stands_in_front_answers_before_the_application() -> None:
    network = Network()
    front = Front(lambda path, shown: httpx.Response(403) if path == "/closed" else None)
    network.serve("server", echo, identity("server"), front=front)

    async def talk(path: str) -> int:
        connection = await network.connect("client", "server", verify=anything)
        return (await connection.request("GET", path)).status_code

    assert run(talk("/closed")) == 403
    assert run(talk("/open")) == 200


@pytest.mark.parametrize("lost", [Kind.request, Kind.reply])
def test_a_tap_can_lose_a_message(lost: Kind) -> None:
    network = Network()
    network.serve("server", echo, identity("server"))

    async def tap(crossing: Crossing) -> None:
        if crossing.kind is lost:
            raise Lost

    network.taps.append(tap)

    async def talk() -> None:
        connection = await network.connect("client", "server", verify=anything)
        await connection.request("GET", "/")

    with pytest.raises(Unreachable):
        run(talk())


def test_a_tap_can_hold_a_message() -> None:
    network = Network()
    network.serve("server", echo, identity("server"))
    order: list[str] = []

    async def talk() -> None:
        let_go = asyncio.Event()

        async def tap(crossing: Crossing) -> None:
            if crossing.kind is Kind.reply:
                order.append("held")
                await let_go.wait()

        network.taps.append(tap)
        connection = await network.connect("client", "server", verify=anything)
        asked = asyncio.create_task(connection.request("GET", "/"))
        while not order:
            await asyncio.sleep(0)
        assert not asked.done()
        order.append("let go")
        let_go.set()
        assert (await asked).status_code == 200

    run(talk())
    assert order == ["held", "let go"]


def test_nobody_answers_under_a_name_that_is_not_there_or_is_cut() -> None:
    network = Network()
    with pytest.raises(Unreachable):
        run(network.connect("client", "server"))
    network.serve("server", echo)
    network.cut("server")
    with pytest.raises(Unreachable):
        run(network.connect("client", "server"))
    network.mend("server")
    assert not run(network.connect("client", "server")).chain


def test_a_channel_is_served_by_the_end_that_opened_it() -> None:
    network, channels = Network(), list[Connection]()
    network.serve("gateway", echo, identity("gateway"), verify_client=anything, on_channel=channels.append)
    seen = watched(network)

    async def talk() -> str:
        connection = await network.connect("inside", "gateway", verify=anything, identity=identity("inside"))
        connection.offer(echo)
        (channel,) = channels
        answer = await channel.request_back("GET", "/within")
        channel.close()
        with pytest.raises(Unreachable):
            await channel.request_back("GET", "/within")
        return answer.text

    assert run(talk()) == "/within  1"
    request = next(each for each in seen if each.kind is Kind.request)
    assert (request.sender, request.receiver, request.backwards) == ("gateway", "inside", True)


def test_a_server_that_takes_no_channels_says_so() -> None:
    network = Network()
    network.serve("server", echo, identity("server"))

    async def talk() -> None:
        (await network.connect("client", "server", verify=anything)).offer(echo)

    with pytest.raises(Unreachable):
        run(talk())
