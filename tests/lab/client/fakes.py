"""A small site for the client's tests: it believes everything, says what it is told to say, and remembers requests.

Entra, the certificates and the revocation lists are the lab's own.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

from ccmproof.harness.lab.client import Client, ClientConfig, Join, User, Work
from ccmproof.harness.lab.directory import App
from ccmproof.harness.lab.entra import Entra, EntraConfig
from ccmproof.harness.lab.network import Crossing, Identity, Kind
from ccmproof.harness.lab.pki import Authority, DistributionPoint
from ccmproof.harness.lab.tokens import SigningKey, issue
from ccmproof.harness.lab.trust import Trust, Use
from ccmproof.harness.lab.world import USER, World
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CONTENT = b"client.msi of a test"
TEXTS = {401: "CMGService_Invalid_Token", 403: "CMGConnector_Forbidden", 500: "CMGConnector_InternalServerError"}
T = TypeVar("T")


def run(what: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(what)


@dataclass(frozen=True)
class Got:
    """A request that the fake site has got."""

    what: str
    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float = 0.0

    @property
    def bearer(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass
class Site:
    """CMG and site in one.

    Attributes:
        answers: what is answered in place of the usual, by what is asked: a status, or a body; used up one by one.
        always: the same, for ever.
    """

    world: World
    identity: Identity
    cloud_identity: Identity
    check_crl: bool = True
    in_cloud: bool = True
    approval: int = 3
    lives: timedelta = timedelta(hours=8)
    answers: dict[str, list[Any]] = field(default_factory=dict)
    always: dict[str, Any] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    content: bytes = CONTENT
    count: int = 0

    def start(self, clients: Trust) -> None:
        async def verify_client(chain: Any, _: str) -> None:
            clients.verify_client(chain, self.world.clock.now())

        everything = Route("/{rest:path}", self.answer, methods=["GET", "HEAD", "POST"])
        app = Starlette(routes=[everything])
        self.world.network.serve(self.world.names.cmg, app, self.identity, verify_client=verify_client)
        self.world.network.serve(self.world.names.management_point, app, self.identity)
        self.world.network.serve(self.world.names.cloud, app, self.cloud_identity)

    def what(self) -> list[str]:
        return [each.what for each in self.got]

    def last(self, what: str) -> Got:
        return next(each for each in reversed(self.got) if each.what == what)

    async def answer(self, request: Request) -> Response:
        content = await request.body()
        body = json.loads(content) if content else {}
        what = named(request.url.path, body)
        headers = {name.lower(): value for name, value in request.headers.items()}
        shown = request.scope["extensions"]["tls"]["client_cert_chain"]
        headers |= {"x-shown": "yes"} if shown else {}
        at = self.world.clock.now().timestamp()
        self.got.append(Got(what, request.method, str(request.url), headers, body, at))
        queue = self.answers.get(what)
        said = queue.pop(0) if queue else self.always.get(what)
        if isinstance(said, int):
            return Response(status_code=said, headers={"StatusText": TEXTS[said]} if said in TEXTS else {})
        if isinstance(said, tuple):
            return JSONResponse(said[1], status_code=said[0])
        if isinstance(said, dict):
            return JSONResponse(said)
        return self.usual(what, body, request)

    def usual(self, what: str, body: dict[str, Any], request: Request) -> Response:
        names = self.world.names
        match what:
            case "aad_info":
                good = parse_qs(request.url.query).get("TenantID") == [names.tenant]
                found = {"ClientAppId": names.client_app, "ResourceUri": names.resource}
                return JSONResponse(found) if good else Response(status_code=404)
            case "sts":
                return JSONResponse({"access_token": self.token(), "expires_in": int(self.lives.total_seconds())})
            case "SiteInfoRequest":
                return JSONResponse({"SiteCode": names.site_code, "SecuritySettings": {"CheckCrl": self.check_crl}})
            case "ContentLocationRequest":
                url = f"https://{names.cloud}/content/client?token=content-token-{self.count}" if self.in_cloud else ""
                return JSONResponse({"Location": url, "Package": "LAB00001", "Sha256": digest(CONTENT)})
            case "cloud" | "download":
                return Response(self.content)
            case "ClientRegistration":
                return JSONResponse({"Status": 0, "ClientID": body["ClientID"], "Approval": self.approval})
            case "PolicyRequest":
                return JSONResponse({"Policy": "p"})
            case _:
                return Response()

    def token(self) -> str:
        self.count += 1
        claims = {"iss": "urn:sccm:oauth2:test", "aud": "urn:sccm:service", "number": self.count}
        return issue(SigningKey.labelled("test site"), claims, self.lives, self.world.clock.now())


def named(path: str, body: dict[str, Any]) -> str:
    if "Message" in body:
        return str(body["Message"])
    ends = {"AADAuthInfo": "aad_info", "CCM_STS": "sts", "ccmsetup.cab": "files", "client.msi": "download"}
    return next((what for end, what in ends.items() if path.endswith(end)), "cloud")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Town:
    """A world with Entra, certificates, a fake site and one client, unless it is told otherwise."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.world = World(folder)
        names = self.world.names
        self.point = DistributionPoint(self.world)
        self.public = Authority(self.world, "public", self.point)
        self.corporate = Authority(self.world, "corporate", self.point)
        self.devices = Authority(self.world, "devices", self.point)
        shown = self.public.issue(names.entra, hosts=[names.entra])
        self.entra = Entra(self.world, EntraConfig(shown, self.devices, lambda: timedelta(minutes=75)))
        for tenant in (names.tenant, names.other_tenant):
            self.entra.directory.add_tenant(tenant, App(names.client_app, names.resource))
        self.entra.start()
        hosts = [names.cmg, names.management_point]
        self.site = Site(
            self.world,
            self.corporate.issue(names.cmg, hosts=hosts),
            self.public.issue(names.cloud, hosts=[names.cloud]),
        )
        self.site.start(Trust([self.corporate.certificate]))
        key = ec.generate_private_key(ec.SECP256R1())
        chain = self.entra.join_device(names.tenant, key.public_key())
        self.device_id = next(iter(self.entra.directory.devices))
        self.crossings: list[Crossing] = []
        self.world.network.taps.append(self._tap)
        config = ClientConfig(
            host_name=names.mutual_auth,
            site_code=names.site_code,
            join=Join.entra,
            tenant=names.tenant,
            wpj=Identity(chain[0], key, tuple(chain[1:])),
            roots=(self.public.certificate, self.corporate.certificate),
        )
        self.config = dataclasses.replace(config, **changes)
        self.client = Client(self.world, self.config)

    def certificate(self, name: str = "PC0001", **how: Any) -> Identity:
        return self.corporate.issue(name, hosts=[name], uses=how.pop("uses", [Use.client]), **how)

    def configure(self, **changes: Any) -> Client:
        """Another client of this town, in place of the first."""
        self.config = dataclasses.replace(self.config, **changes)
        self.client = Client(self.world, self.config)
        return self.client

    def sign_in(self, sid: str = USER, tenant: str = "") -> User:
        tenant = tenant or self.world.names.tenant
        if sid not in self.entra.directory.accounts:
            self.entra.directory.add_user(tenant, sid)
        account = self.entra.directory.accounts[sid]
        user = User(sid, account.oid, tenant, self.entra.directory.sign_in(sid, self.device_id))
        self.client.users.sign_in(user)
        return user

    def refuse_device_tokens(self) -> None:
        self.app().takes_device_tokens = False

    def app(self) -> App:
        return self.entra.directory.tenants[self.world.names.tenant].apps[self.world.names.resource]

    def do(self, *works: Work) -> list[str]:
        async def all_of_them() -> list[str]:
            return [(await self.client.run(work)).name for work in works]

        return run(all_of_them())

    def wait(self, **time: float) -> None:
        self.world.clock.advance(timedelta(**time))

    def asked_entra(self) -> list[str]:
        bodies = [
            each.body
            for each in self.crossings
            if each.kind is Kind.request and each.receiver == self.world.names.entra
        ]
        return [json.loads(body)["grant_type"] for body in bodies]

    def logs(self, name: str) -> str:
        path = self.world.folder / "logs" / self.config.name / f"{name}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    async def _tap(self, crossing: Crossing) -> None:
        self.crossings.append(crossing)
