"""A whole site with Entra beside it, as its tests use it: real certificates and tokens, and somebody who asks."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from ccmproof.harness.lab.connection_point import ConnectionPoint, ConnectionPointConfig
from ccmproof.harness.lab.content import CLIENT, CloudStore, CloudStoreConfig, Package
from ccmproof.harness.lab.database import Database
from ccmproof.harness.lab.directory import App
from ccmproof.harness.lab.entra import Entra, EntraConfig, issuer_name
from ccmproof.harness.lab.gateway import Gateway, GatewayConfig, Order
from ccmproof.harness.lab.management_point import ManagementPoint, ManagementPointConfig, Mode
from ccmproof.harness.lab.network import Chain, Crossing, Identity, Kind, Verify
from ccmproof.harness.lab.pki import Authority, DistributionPoint, Revocations, Trust, Use
from ccmproof.harness.lab.site import Site
from ccmproof.harness.lab.tokens import SigningKey, issue
from ccmproof.harness.lab.windows import Domain
from ccmproof.harness.lab.world import SYSTEM, USER, World
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT_ID = "GUID:11111111-1111-4111-8111-111111111111"
OTHER_ID = "GUID:22222222-2222-4222-8222-222222222222"
DEVICE = "8d2b4ff9-0172-4998-9851-b5324303385f"
OTHER_DEVICE = "9e3c5aa0-1283-4aa9-a962-c6435414496a"
USER_ID = "e8838041-db7a-42d5-b9ae-78813910e4cc"
KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
ENTRA_KEY = SigningKey.labelled("entra-0")
HOUR = timedelta(hours=1)


async def anything(chain: Chain, host: str) -> None:
    """Accept any server."""


@dataclass
class WholeSite:
    """The site. What is not as usual is said when it is made.

    Attributes:
        changes: of the management point's configuration.
        connecting: of each connection point's.
        parts: classes in the place of ours.
    """

    folder: Path
    changes: Mapping[str, Any] = field(default_factory=dict)
    connecting: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, type[Any]] = field(default_factory=dict)
    points: int = 1
    order: Order = Order.round_robin
    wrong_binding: bool = False
    seen: list[Crossing] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.world = World(self.folder)
        self.names = self.world.names
        self.world.network.taps.append(self._see)
        point = DistributionPoint(self.world)
        self.public, self.clients, self.systems, self.issuing, self.rogue = (
            Authority(self.world, name, point) for name in ("public", "clients", "systems", "issuing", "rogue")
        )
        self.entra = Entra(self.world, EntraConfig(self._server(self.public, self.names.entra), self.public))
        for tenant in (self.names.tenant, self.names.other_tenant):
            self.entra.directory.add_tenant(tenant, App(self.names.client_app, self.names.resource))
        self.entra.start()
        mode = self.changes.get("mode", Mode.https)
        self.site = Site(self.world, [self.names.tenant], publishes_management_point=mode is not Mode.http)
        self.database = Database()
        self.database.discover_user(self.names.tenant, USER_ID, USER)
        self.database.discover_device(DEVICE, self.names.tenant)
        self.domain = Domain(self.world)
        roots = Trust([self.public.certificate])
        identity = self._server(self.public, self.names.cmg)
        verify = self.verifier(self.clients)
        self.gateway: Gateway = self.parts.get("gateway", Gateway)(
            self.world, GatewayConfig(self.site, identity, roots, verify, self.order)
        )
        self.management_point: ManagementPoint = self.parts.get("management_point", ManagementPoint)(
            self.world,
            replace(
                ManagementPointConfig(
                    self.site, self.database, roots, self.verifier(self.clients, self.systems, lists=True),
                    identity=self._binding(mode), domain=self.domain,
                ),
                **self.changes,
            ),
        )  # fmt: skip
        hosts = (self.names.connection_point, self.names.second_connection_point)[: self.points]
        self.connection_points: list[ConnectionPoint] = [
            self.parts.get("connection_point", ConnectionPoint)(
                self.world,
                replace(
                    ConnectionPointConfig(
                        self.site, self._client(self.issuing, host), roots, verify, self._verify_management_point,
                        self._client(self.systems, host), host=host,
                    ),
                    **self.connecting,
                ),
            )
            for host in hosts
        ]  # fmt: skip
        self.cloud: CloudStore = self.parts.get("cloud", CloudStore)(
            self.world, CloudStoreConfig(self.site, self._server(self.public, self.names.cloud), self.cloud_packages())
        )
        for server in (self.gateway, self.management_point, self.cloud):
            server.start()
        self.certificate = self._client(self.clients, "PC0001")

        async def open_channels() -> None:
            for each in self.connection_points:
                await each.open_channel()

        asyncio.run(open_channels())

    def cloud_packages(self) -> tuple[Package, ...]:
        """What the cloud's store has."""
        return (CLIENT, Package.of("LAB00002", b"another"))

    # Tokens

    def entra_claims(self, user: bool = False, **changes: Any) -> dict[str, Any]:
        """What an Entra token says; a claim that is None is not there."""
        tenant = changes.get("tid", self.names.tenant)
        who = {"idtyp": "user", "oid": USER_ID, "sid": USER, "upn": "u@corp.example"} if user else {
            "idtyp": "device", "oid": DEVICE}  # fmt: skip
        claims = {"iss": issuer_name(tenant), "aud": self.names.resource, "tid": tenant, "deviceid": DEVICE, **who}
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    def entra_token(
        self, user: bool = False, key: SigningKey = ENTRA_KEY, lifetime: timedelta = HOUR, **changes: Any
    ) -> str:
        """An Entra token."""
        return issue(key, self.entra_claims(user, **changes), lifetime, self.world.clock.now())

    def ccm_claims(self, **changes: Any) -> dict[str, Any]:
        """What a CCM token says."""
        claims = {
            "iss": self.site.issuer, "aud": "urn:sccm:service", "SCCMTokenCategory": "UDA", "Type": "UDA",
            "hierarchyId": self.names.hierarchy, "tid": self.names.tenant, "deviceId": DEVICE, "clientId": "",
            "userId": "00000000-0000-0000-0000-000000000000",
        }  # fmt: skip
        return {**claims, **changes}

    def ccm_token(self, key: SigningKey | None = None, lifetime: timedelta = 8 * HOUR, **changes: Any) -> str:
        """A CCM token."""
        return issue(key or self.site.signing_key, self.ccm_claims(**changes), lifetime, self.world.clock.now())

    # Requests

    def send(
        self,
        path: str,
        body: object = None,
        token: str = "",
        *,
        method: str = "POST",
        host: str = "",
        identity: Identity | None = None,
        plain: bool = False,
        **headers: str,
    ) -> httpx.Response:
        """Ask somebody, the gateway unless another host is named. Headers are written with ``_`` for ``-``."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            given.setdefault("Authorization", f"Bearer {token}")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()

        async def exchange() -> httpx.Response:
            connection = await self.world.network.connect(
                self.names.client, host or self.names.cmg, verify=None if plain else anything, identity=identity
            )
            return await connection.request(method, path, headers=given, content=content)

        return asyncio.run(exchange())

    def path(self, endpoint: str, scheme: str = "ServerAuth") -> str:
        """An address of the gateway's."""
        return f"/CCM_Proxy_{scheme}/{self.names.role}{endpoint}"

    def sts(self, token: str, client_id: str = CLIENT_ID, *, direct: bool = False, **more: Any) -> httpx.Response:
        """Ask CCM_STS."""
        body = {"ClientID": client_id, "Account": SYSTEM}
        if direct:
            return self.send("/CCM_STS", body, token, host=self.names.management_point, CcmTokenAuth="0", **more)
        return self.send(self.path("/CCM_STS"), body, token, CcmTokenAuth="0", **more)

    def given(self, token: str, client_id: str = CLIENT_ID) -> str:
        """The CCM token that CCM_STS gives."""
        reply = self.sts(token, client_id)
        assert reply.status_code == 200, (reply.status_code, reply.headers)
        return str(reply.json()["access_token"])

    def message(
        self,
        what: str,
        token: str = "",
        client_id: str = CLIENT_ID,
        *,
        identity: Identity | None = None,
        direct: bool = False,
        key: ec.EllipticCurvePrivateKey | None = None,
        auth: str = "1",
        endpoint: str = "",
        **more: Any,
    ) -> httpx.Response:
        """Send a message; with a certificate by the path for it."""
        body = json.dumps({"Message": what, "ClientID": client_id, "Account": SYSTEM, **more}).encode()
        signed = {"CcmSignature": signature(key, body)} if key else {}
        inside = endpoint or ("/ccm_system_tokenauth/request" if token else "/ccm_system/request")
        headers = {"CcmTokenAuth": "0" if identity else auth, **signed}
        if direct:
            return self.send(
                inside, body, token, host=self.names.management_point, identity=identity,
                plain=self.management_point.config.mode is Mode.http, **headers,
            )  # fmt: skip
        scheme = "MutualAuth" if identity else "ServerAuth"
        return self.send(self.path(inside, scheme), body, token, identity=identity, **headers)

    def register(
        self,
        token: str = "",
        client_id: str = CLIENT_ID,
        *,
        key: ec.EllipticCurvePrivateKey = KEY,
        endpoint: str = "/ccm_system/request",
        **more: Any,
    ) -> httpx.Response:
        """Send a registration."""
        said = {"PublicKey": public(key), "SiteCode": self.names.site_code, "Name": "PC0001"}
        options = {name: more.pop(name) for name in ("identity", "direct", "auth") if name in more}
        return self.message(
            "ClientRegistration", token, client_id, key=key, endpoint=endpoint, **options, **{**said, **more}
        )

    # What was seen

    def reached(self, host: str) -> int:
        """How many requests have reached a host."""
        return sum(each.kind is Kind.request and each.receiver == host for each in self.seen)

    def log(self, host: str, name: str) -> str:
        """A log."""
        file = self.folder / "logs" / host / f"{name}.log"
        return file.read_text() if file.exists() else ""

    def logs(self) -> str:
        """All that has been logged anywhere."""
        return "".join(each.read_text() for each in sorted(self.folder.rglob("*.log")))

    async def _see(self, crossing: Crossing) -> None:
        self.seen.append(crossing)

    # Certificates

    def verifier(self, *authorities: Authority, lists: bool = False) -> Verify:
        """What judges client certificates of these authorities."""
        trust = Trust([each.certificate for each in authorities])

        async def verify(chain: Chain, host: str) -> None:
            trust.verify_client(chain, self.world.clock.now())
            if lists:
                await Revocations(self.world, self.names.management_point, trust).verify(chain)

        return verify

    async def _verify_management_point(self, chain: Chain, host: str) -> None:
        trust = Trust([self.systems.certificate, self.issuing.certificate])
        trust.verify_server(chain, host, self.world.clock.now())

    def _binding(self, mode: Mode) -> Identity:
        of = self.rogue if self.wrong_binding else self.systems if mode is Mode.https else self.issuing
        return self._server(of, self.names.management_point)

    def _server(self, authority: Authority, host: str) -> Identity:
        return authority.issue(host, hosts=[host])

    def _client(self, authority: Authority, name: str) -> Identity:
        return authority.issue(name, hosts=[name], uses=[Use.client])


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half of a key, as a registration tells it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode("ascii")


def signature(key: ec.EllipticCurvePrivateKey, body: bytes) -> str:
    """The signature of a message."""
    return base64.b64encode(key.sign(body, ec.ECDSA(hashes.SHA256()))).decode("ascii")
