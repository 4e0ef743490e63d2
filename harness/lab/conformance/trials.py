"""What is tried of components beside the model: whom they trust where the model takes that for granted.

In the model a channel is a connection point's, the gateway is the gateway, Entra is Entra, and the cloud's store is the
store. Here somebody takes the place of one of them, with a certificate of nobody's or of another name, and a component
that is in order has nothing to do with him: the gateway hands him no request, a connection point serves him none,
nobody takes his keys for Entra's, and to the client he is one who does not answer (I2.2, I4.5). Nothing of the model is
covered by that, so a trial is made where a schedule says so, and in no lab that roams.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from ..asked import Fails, asking
from ..build import accept_anything
from ..entra import issuer_name
from ..network import Chain, Connection, Identity, Refused, Unreachable
from ..tokens import KeySet, SigningKey
from .offers import FORGER

if TYPE_CHECKING:
    from .mischief import Others


class Trials:
    """What may be tried in a lab.

    Args:
        others: who else there is; one of them takes a place that is not his.
    """

    def __init__(self, others: Others) -> None:
        self._others, self.lab = others, others.lab
        self._network, self._names = others.lab.world.network, others.lab.names
        self._all: Mapping[str, Callable[[], Awaitable[str]]] = {
            "channel_of_nobody": self._channel_of_nobody,
            "channel_by_name": self._channel_by_name,
            "gateway_of_nobody": self._gateway_of_nobody,
            "entra_of_nobody": self._entra_of_nobody,
            "store_of_nobody": self._store_of_nobody,
            "store_of_another_name": self._store_of_another_name,
        }

    def ready(self) -> list[str]:
        """What may be tried now, while nobody is at anything."""
        up = self.lab.connection_points[0].channel is not None
        in_cloud = self.lab.environment["content_in_cloud"] == "yes"
        needs = {"channel": True, "gateway": up, "entra": True, "store": in_cloud}
        return [name for name in self._all if needs[name.split("_")[0]]]

    async def make(self, name: str) -> str:
        """Try it; what is wrong, where that is seen at once. Else what comes after shows it."""
        return await self._all[name]()

    # -- the gateway is offered a channel

    async def _channel_of_nobody(self) -> str:
        """By somebody who shows nothing, and by one whom nobody knows, under their own name."""
        for identity in (None, self._of_nobody(self._names.adversary)):
            await self._offer_channel(self._names.adversary, identity)
        return ""

    async def _channel_by_name(self) -> str:
        """By somebody who says that he is the connection point, and cannot show it."""
        await self._offer_channel(self._names.connection_point, self._of_nobody(self._names.connection_point))
        return ""

    async def _offer_channel(self, by: str, identity: Identity | None) -> None:
        try:
            connection = await self._network.connect(by, self._names.cmg, verify=accept_anything, identity=identity)
            with asking("gateway", "app or on_channel"):
                connection.offer(_answers)
        except Fails as fails:
            if not _refuses(fails):
                raise
        except (Refused, Unreachable):
            return

    # -- the connection point opens its channel

    async def _gateway_of_nobody(self) -> str:
        """Its channel is lost, and when it opens it again somebody else is there under the gateway's name."""
        names, point, shown = self._names, self.lab.connection_points[0], self._network.identity_of(self._names.cmg)
        taken: list[Connection] = []
        self._network.serve(
            names.cmg, _answers, self._of_nobody(names.cmg), verify_client=_anybody, on_channel=taken.append
        )
        self.lab.connection_point_goes_down()
        try:
            with asking("connection_point", "open_channel()"):
                await point.open_channel()
        except Fails as fails:
            if not _refuses(fails):
                raise
        if point.channel is not None:
            self.lab.connection_point_goes_down()
        self._others.adversary_stops_intercepting()
        own = self._network.identity_of(names.cmg)
        if shown is not None and own is not None and shown.certificate != own.certificate:
            self._others.intercept(shown)
        await self._others.connection_point_comes_back(1)
        return f"{names.connection_point} serves somebody whose certificate is not the gateway's" if taken else ""

    # -- a token is asked for, or its keys

    async def _entra_of_nobody(self) -> str:
        """Of somebody who answers as Entra does, and publishes the forger's key as well."""
        names, forger = self._names, SigningKey.labelled(FORGER)

        async def metadata(request: Request) -> Response:
            tenant = request.path_params["tenant"]
            keys = f"https://{names.entra}/{tenant}/{FORGER}"
            return JSONResponse({"issuer": issuer_name(tenant), "jwks_uri": keys})

        async def keys(_: Request) -> Response:
            published = {**self._others.known.published.latest, forger.kid: forger.public}
            return JSONResponse(KeySet(published).to_jwks())

        app = Starlette(
            routes=[
                Route("/{tenant}/.well-known/openid-configuration", metadata),
                Route(f"/{{tenant}}/{FORGER}", keys),
                Mount("/", self.lab.entra.app),
            ]
        )
        self._network.serve(names.entra, app, self._of_nobody(names.entra))
        return ""

    # -- the client gets its content

    async def _store_of_nobody(self) -> str:
        """From somebody who has a certificate of nobody's."""
        self._serve_store(self._of_nobody(self._names.cloud))
        return ""

    async def _store_of_another_name(self) -> str:
        """From somebody who has a good certificate, of another name."""
        other = f"other.{self._names.cloud}"
        self._serve_store(self.lab.authorities.public.issue(other, hosts=[other]))
        return ""

    def _serve_store(self, identity: Identity) -> None:
        self._network.serve(self._names.cloud, self.lab.cloud.app, identity)

    def _of_nobody(self, host: str) -> Identity:
        return self.lab.authorities.rogue.issue(host, hosts=[host])


def _refuses(fails: Fails) -> bool:
    return isinstance(fails.__cause__, (Refused, Unreachable))


async def _anybody(chain: Chain, host: str) -> None:
    """Whatever is shown will do."""


async def _answers(scope: Scope, receive: Receive, send: Send) -> None:
    """Whatever is asked, it is answered that all is well."""
    await JSONResponse({})(scope, receive, send)
