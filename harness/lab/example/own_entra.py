"""An Entra of one's own: it joins devices, and issues tokens by a key that is its own.

It is asked for tokens and keys over the wire, as `ADAPTERS.md` has it; who is there is kept in the lab's directory, and
so are sessions. Of how tokens are signed the site and the judge know what it publishes, and nothing else::

    ccmproof lab test --adapter ccmproof.harness.lab.example.own_entra
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import jwt
from ccmproof.harness.lab.device_proof import DeviceProof, Unproven, device_named
from ccmproof.harness.lab.directory import Account, Directory, JoinedDevice
from ccmproof.harness.lab.entra import EntraConfig
from ccmproof.harness.lab.network import Chain
from ccmproof.harness.lab.trust import Trust, Use
from ccmproof.harness.lab.world import World
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TEN_YEARS = timedelta(days=3650)


class Denied(Exception):
    """No token."""


@cache
def made(name: str) -> rsa.RSAPrivateKey:
    """A key, made once for all labs of the process, since making one takes long."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OwnEntra:
    """An Entra.

    Attributes:
        key: the name of the key that it signs with; ``published``: of those that it publishes.
        directory: who is there.
        app: what it serves.
    """

    key = "own-1"
    published: tuple[str, ...] = ("own-1",)

    def __init__(self, world: World, config: EntraConfig) -> None:
        self.world, self.config = world, config
        self.directory = Directory(world.clock.now, world.random)
        self.proof = DeviceProof(Trust([config.devices.certificate]))
        self.app = Starlette(
            routes=[
                Route("/{tenant}/oauth2/token", self.answer, methods=["POST"]),
                Route("/{tenant}/.well-known/openid-configuration", self.metadata),
                Route("/{tenant}/keys", self.keys),
            ]
        )

    def start(self) -> None:
        """Serve under its host name."""
        self.world.network.serve(self.world.names.entra, self.app, self.config.identity)

    # -- what the lab asks of it beside messages

    def join_device(self, tenant: str, key: ec.EllipticCurvePublicKey) -> Chain:
        """A device joins: its certificate names it."""
        device, ends = self.directory.add_device(tenant, key), self.world.clock.now() + TEN_YEARS
        certificate = self.config.devices.certify(key, device.id, uses=[Use.client], ends=ends)
        return (certificate, *self.config.devices.intermediates)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token that says just this."""
        return jwt.encode(dict(claims), made(self.key), "RS256", headers={"kid": self.key})

    # -- messages

    async def metadata(self, request: Request) -> Response:
        """Where a tenant's keys are."""
        tenant = request.path_params["tenant"]
        keys = f"https://{self.world.names.entra}/{tenant}/keys"
        return JSONResponse({"issuer": f"https://sts.windows.net/{tenant}/", "jwks_uri": keys})

    async def keys(self, request: Request) -> Response:
        """The keys, the present one first."""
        return JSONResponse(
            {"keys": [{**RSAAlgorithm.to_jwk(made(each).public_key(), as_dict=True), "kid": each, "use": "sig"}
                      for each in self.published]}
        )  # fmt: skip

    async def answer(self, request: Request) -> Response:
        """A token, or a refusal."""
        try:
            token, lives = self.token(str(request.path_params["tenant"]), await request.json())
        except (Denied, Unproven, KeyError):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": token, "expires_in": int(lives.total_seconds())})

    def token(self, tenant: str, asked: Mapping[str, str]) -> tuple[str, timedelta]:
        """The token that is asked for, and how long it lives.

        Raises:
            Denied: there is none.
            Unproven: the device's key has not signed what is asked.
            KeyError: something is asked for that is not known.
        """
        endpoint, now = f"https://{self.world.names.entra}/{tenant}/oauth2/token", self.world.clock.now()
        device = self.directory.devices[device_named(self.proof.verify(asked["assertion"], endpoint, now))]
        app = self.directory.tenants[tenant].apps[asked["resource"]]
        if not device.enabled or app.client_app != asked["client_id"]:
            raise Denied
        if asked["grant_type"] == "device":
            if device.tenant != tenant or not app.takes_device_tokens:
                raise Denied
            who = {"idtyp": "device", "oid": device.id}
        else:
            account = self._user(tenant, asked, device)
            if app.blocked:
                raise Denied
            who = {"idtyp": "user", "oid": account.oid, "sid": account.sid, "upn": account.upn}
        lives = self.config.choose_lifetime() if self.config.choose_lifetime else timedelta(hours=1)
        begins = int(now.timestamp())
        times = {"iat": begins, "nbf": begins, "exp": begins + int(lives.total_seconds())}
        what = {"iss": f"https://sts.windows.net/{tenant}/", "aud": app.resource, "tid": tenant, "deviceid": device.id}
        return self.sign({**what, **who, **times, "appid": app.client_app}), lives

    def _user(self, tenant: str, asked: Mapping[str, str], device: JoinedDevice) -> Account:
        """Who is signed in on the device in this session, and enabled."""
        account = self.directory.accounts[asked["user"]]
        good = account.enabled and account.tenant == tenant
        if not good or not self.directory.use_session(asked["session"], account.sid, device.id):
            raise Denied
        return account


def parts() -> dict[str, type[Any]]:
    """What `ccmproof lab test --adapter` asks for."""
    return {"entra": OwnEntra}
