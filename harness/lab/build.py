"""A whole lab in one process, made from an environment of the model (:mod:`.plan`).

What happens during a run is a method of :class:`Lab`: an administrator acts, Entra disables a device, a connection
point loses its channel. Every component may be another's: ``parts`` names the class that takes a place
(:mod:`.conformance.adapter`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from . import promised
from .asked import Fails, asking
from .client import Client
from .clock import TICK
from .connection_point import ConnectionPoint, ConnectionPointConfig
from .content import CloudStore
from .contract import (
    AnyClient,
    AnyConnectionPoint,
    AnyEntra,
    AnyManagementPoint,
    AnyServer,
    Observation,
    User,
    Work,
)
from .database import Database, Known, Mark
from .directory import App
from .entra import Entra
from .gateway import Gateway, Order
from .management_point import ManagementPoint
from .network import Chain, Identity
from .plan import Plan
from .tokens import SigningKey
from .world import USER, World

ENTRA_TICKS = (1, 2)
"""Entra's tokens live from one tick to two (DOMAIN 3.11, widened to whole ticks)."""
PATIENCE = 4 * TICK
"""/downloadtimeout of a lab's ccmsetup: so short that a run sees it pass."""
STRANGER = "S-1-5-21-3623811015-3361044348-30300820-1013"

Parts = Mapping[str, type[Any]]
"""Classes by the place that they take: one of :data:`PLACES`."""
PLACES: Mapping[str, type[Any]] = {
    "entra": Entra,
    "gateway": Gateway,
    "connection_point": ConnectionPoint,
    "management_point": ManagementPoint,
    "cloud": CloudStore,
    "client": Client,
}
"""The places of a lab, and who takes each unless another is named."""
_OURS: tuple[
    type[AnyEntra],
    type[AnyServer],
    type[AnyConnectionPoint],
    type[AnyManagementPoint],
    type[AnyServer],
    type[AnyClient],
] = (Entra, Gateway, ConnectionPoint, ManagementPoint, CloudStore, Client)
"""So that whoever checks types holds ours to the contracts, too; a lab relies on nothing else of them."""


class Lab:
    """A site, a tenant, a device, and everybody else, as an environment of the model has them.

    The model takes it that the site knows of every ClientID whose it is, so the client's is known to be its device's
    from the beginning, as after an earlier install.

    Args:
        folder: where logs and the device's disk lie.
        environment: a whole one (:meth:`.conformance.follow.Equipment.environment`).
        parts: classes that take the places of ours; each is made as ours is.
        seed: of all that is drawn.
        order: which of two connection points the gateway takes.
        patience: /downloadtimeout.

    Raises:
        KeyError: there is no such place.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        parts: Parts | None = None,
        seed: int = 0,
        *,
        order: Order = Order.round_robin,
        patience: timedelta = PATIENCE,
    ) -> None:
        self.patience = patience
        unknown = sorted({*(parts or {})} - {*PLACES})
        if unknown:
            raise KeyError(f"a lab has no place {unknown[0]!r}; there are {', '.join(PLACES)}")
        self.environment, self.parts = dict(environment), {**PLACES, **(parts or {})}
        self.world = World(folder, random=Random(seed))
        self.names = self.world.names
        plan = Plan(self.environment, self.world)
        self.authorities, self.site = plan.authorities, plan.site
        self.entra_ticks = ENTRA_TICKS[-1]
        self.retired: list[SigningKey] = []
        entra = plan.entra(lambda: self.entra_ticks * TICK)
        self.entra: AnyEntra = self._made("entra", entra)
        with asking("entra", "directory or join_device()"):
            self.device, wpj = self._joined()
            self.account, self.user = self._user()
            self.stranger = self.entra.directory.add_user(self.names.other_tenant, STRANGER)
        self.database = Database()
        self._discover()
        gateway = plan.gateway(order)
        self.gateway: AnyServer = self._made("gateway", gateway)
        promised.gateway_entered(self.site, gateway.identity)
        self.connection_points: list[AnyConnectionPoint] = [
            self._connection_point(config) for config in plan.connection_points()
        ]
        management_point = plan.management_point(self.database)
        self.management_point: AnyManagementPoint = self._made("management_point", management_point)
        store = plan.cloud()
        self.cloud: AnyServer = self._made("cloud", store)
        self._serve: Mapping[str, tuple[str, Identity | None]] = {
            "entra": (self.names.entra, entra.identity),
            "gateway": (self.names.cmg, gateway.identity),
            "management_point": (self.names.management_point, management_point.identity),
            "cloud": (self.names.cloud, store.identity),
        }
        self.shows = {self.names.entra: entra.identity.certificate, self.names.cloud: store.identity.certificate}
        self.client: AnyClient = self._made("client", plan.client(wpj, patience))
        self.database.note_use(self.client_id, Known(Mark.entra, self.device))

    async def start(self) -> None:
        """Let every server serve, and the connection points open their channels."""
        for place, (host, identity) in self._serve.items():
            with asking(place, "start()"):
                getattr(self, place).start()
            promised.serves(self.world.network, place, host, identity)
        self.database.up = self.environment["site_database"] == "up"
        for point in self.connection_points:
            with asking("connection_point", "open_channel()"):
                await point.open_channel()
            promised.has_channel(point, self.names.cmg)
        self.user_signs_in()

    @property
    def client_id(self) -> str:
        """What the client calls itself now."""
        return self.observed().client_id

    def observed(self) -> Observation:
        """What the client says that it has.

        Raises:
            Fails: it says nothing of the kind.
        """
        with asking("client", "observe()"):
            found = self.client.observe()
        if not isinstance(found, Observation):
            raise Fails(f"the client's observe() gives {type(found).__name__}, and no Observation")
        return found

    def due(self) -> Mapping[Work, datetime]:
        """What the client says that there is to do, and from when on.

        Raises:
            Fails: it says nothing of the kind.
        """
        with asking("client", "due()"):
            found = self.client.due()
            unknown = [each for each in found if not isinstance(each, Work)]
        if unknown:
            raise Fails(f"the client's due() has {unknown[0]!r}, which is no Work")
        return found

    def _made(self, place: str, config: object) -> Any:
        with asking(place, f"{self.parts[place].__name__}()"):
            component = self.parts[place](self.world, config)
        promised.offers(place, component)
        return component

    def _connection_point(self, config: ConnectionPointConfig) -> AnyConnectionPoint:
        made: AnyConnectionPoint = self._made("connection_point", config)
        promised.connection_point_entered(self.site, config.host, config.role)
        return made

    def _is(self, name: str, value: str) -> bool:
        return self.environment[name] == value

    # -- what happens

    def tick(self) -> None:
        """An hour passes."""
        self.world.clock.advance(TICK)

    def user_signs_in(self) -> None:
        """The user signs in, with the session that he has."""
        if self.user is not None:
            with asking("client", "sign_in()"):
                self.client.sign_in(self.user)

    def user_signs_out(self) -> None:
        """The user signs out."""
        with asking("client", "sign_out()"):
            self.client.sign_out(USER)

    def entra_disables_device(self) -> None:
        """Entra's administrator disables the device."""
        with asking("entra", "directory"):
            if self.device in self.entra.directory.devices:
                self.entra.directory.disable_device(self.device)

    def entra_disables_user(self) -> None:
        """Entra's administrator disables the user."""
        with asking("entra", "directory"):
            self.entra.directory.disable_user(USER)

    def site_confirms_registration(self) -> None:
        """The site confirms what is pending."""
        self.database.confirm_pending()

    def administrator_approves_client(self) -> None:
        """The administrator approves the client."""
        self.database.approve(self.client_id)

    def administrator_blocks_client(self) -> None:
        """The administrator blocks the client."""
        self.database.block(self.client_id)

    def administrator_deletes_client(self) -> None:
        """The administrator deletes the client's record."""
        self.database.delete(self.client_id)

    def administrator_renews_signing_key(self) -> None:
        """The administrator renews the token-signing certificate."""
        self.retired.append(self.site.signing_key)
        self.site.renew_signing_key()

    def connection_point_goes_down(self, number: int = 1) -> None:
        """A connection point loses its channel; where there is no second one nothing happens to it."""
        for point in self.connection_points[number - 1 : number]:
            with asking("connection_point", "close_channel()"):
                point.close_channel()

    async def connection_point_comes_back(self, number: int = 1) -> None:
        """It opens its channel again."""
        for point in self.connection_points[number - 1 : number]:
            with asking("connection_point", "open_channel()"):
                await point.open_channel()

    # -- who is there

    def _joined(self) -> tuple[str, Identity | None]:
        """The device in Entra, and its workplace-join certificate; in no tenant it has a name at least."""
        directory = self.entra.directory
        for tenant in (self.names.tenant, self.names.other_tenant):
            directory.add_tenant(
                tenant,
                App(
                    self.names.client_app,
                    self.names.resource,
                    takes_device_tokens=self._is("device_app", "enabled"),
                    blocked=self._is("conditional_access", "blocks"),
                ),
            )
        if self.environment["join"] not in ("entra", "hybrid"):
            return directory.new_id(), None
        made = self.authorities.devices.issue("key")
        key = made.key.public_key()
        chain = self.entra.join_device(self.names.tenant, key)
        device = promised.device_joined(chain, directory.devices, key)
        return device, None if self._is("wpj", "absent") else Identity(chain[0], made.key, tuple(chain[1:]))

    def _user(self) -> tuple[Any, User | None]:
        kind = self.environment["user_kind"]
        tenant = self.names.other_tenant if kind == "other_tenant" else self.names.tenant
        account = self.entra.directory.add_user(tenant, USER)
        if kind == "nobody":
            return account, None
        session = self.entra.directory.sign_in(USER, self.device)
        return account, User(USER, account.oid, tenant, session)

    def _discover(self) -> None:
        self.database.discover_device(self.device, self.names.tenant)
        self.database.discover_user(self.stranger.tenant, self.stranger.oid, STRANGER)
        if self._is("user_discovered", "yes"):
            self.database.discover_user(self.account.tenant, self.account.oid, USER)


async def accept_anything(chain: Chain, host: str) -> None:
    """What an adversary asks of a server's certificate."""
