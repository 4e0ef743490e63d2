"""A whole lab in one process: from an environment of the model to certificates, configurations and database rows.

The environment gives each unknown and each reading of the model a value; here it becomes what a site, a tenant and a
device really are. What happens during a run is a method of :class:`Lab`: an administrator acts, Entra disables a
device, a connection point loses its channel. Every component may be another's: ``parts`` names the class that takes a
place (:mod:`.conformance.adapter`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from cryptography import x509

from .authorities import Authorities
from .client import Client
from .connection_point import ConnectionPoint, ConnectionPointConfig
from .content import CLIENT as CONTENT
from .content import CloudStore, CloudStoreConfig, Package
from .contract import AnyClient, ClientConfig, Direct, Join, Observation, Prefers, Protection, User
from .database import Database, Known, Mark
from .directory import App
from .entra import Entra, EntraConfig
from .gateway import Gateway, GatewayConfig, Order
from .management_point import Approving, Demand, ManagementPoint, ManagementPointConfig, Mode, TenantMatch
from .network import Chain, Identity
from .pki import DAY, YEAR, Revocations, Trust, Use
from .site import Site
from .tokens import SigningKey
from .windows import Domain
from .world import USER, World

TICK = timedelta(hours=1)
"""A lab's time passes in whole ticks, and every life is a whole number of them."""
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
        self.order, self.patience = order, patience
        unknown = sorted({*(parts or {})} - {*PLACES})
        if unknown:
            raise KeyError(f"a lab has no place {unknown[0]!r}; there are {', '.join(PLACES)}")
        self.environment, self.parts = dict(environment), {**PLACES, **(parts or {})}
        self.world = World(folder, random=Random(seed))
        self.names = self.world.names
        self.authorities = Authorities.of(self.world)
        self.entra_ticks = ENTRA_TICKS[-1]
        self.retired: list[SigningKey] = []
        self.site = self._site()
        self.entra: Entra = self._made("entra", self._entra())
        self.device, self._wpj = self._joined()
        self.account, self.user = self._user()
        self.stranger = self.entra.directory.add_user(self.names.other_tenant, STRANGER)
        self.database = Database()
        self._discover()
        self.gateway: Gateway = self._made("gateway", self._gateway())
        self.connection_points: list[ConnectionPoint] = [
            self._made("connection_point", config) for config in self._connection_points()
        ]
        self.management_point: ManagementPoint = self._made("management_point", self._management_point())
        self.cloud: CloudStore = self._made("cloud", self._cloud())
        self.client: AnyClient = self._made("client", self._client())
        self.database.note_use(self.client_id, Known(Mark.entra, self.device))

    async def start(self) -> None:
        """Let every server serve, and the connection points open their channels."""
        for server in (self.entra, self.gateway, self.management_point, self.cloud):
            server.start()
        self.database.up = self.environment["site_database"] == "up"
        for point in self.connection_points:
            await point.open_channel()
        if self.user is not None:
            self.client.sign_in(self.user)

    @property
    def client_id(self) -> str:
        """What the client calls itself now."""
        return self.observed().client_id

    def observed(self) -> Observation:
        """What the client says that it has.

        Raises:
            TypeError: it says nothing of the kind.
        """
        found = self.client.observe()
        if not isinstance(found, Observation):
            raise TypeError(f"the client's observe() gives {type(found).__name__}, and no Observation")
        return found

    def _made(self, place: str, config: object) -> Any:
        return self.parts[place](self.world, config)

    def _is(self, name: str, value: str) -> bool:
        return self.environment[name] == value

    # -- what happens

    def tick(self) -> None:
        """An hour passes."""
        self.world.clock.advance(TICK)

    def user_signs_in(self) -> None:
        """The user signs in, with the session that he has."""
        if self.user is not None:
            self.client.sign_in(self.user)

    def user_signs_out(self) -> None:
        """The user signs out."""
        self.client.sign_out(USER)

    def entra_disables_device(self) -> None:
        """Entra's administrator disables the device."""
        if self.device in self.entra.directory.devices:
            self.entra.directory.disable_device(self.device)

    def entra_disables_user(self) -> None:
        """Entra's administrator disables the user."""
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
            point.close_channel()

    async def connection_point_comes_back(self, number: int = 1) -> None:
        """It opens its channel again."""
        for point in self.connection_points[number - 1 : number]:
            await point.open_channel()

    # -- the environment, part by part

    def _site(self) -> Site:
        site = Site(
            self.world,
            clients_check_crl=self._is("site_option", "on"),
            publishes_management_point=not self._is("mp_mode", "http"),
        )
        if not self._is("tenant", "not_onboarded"):
            site.onboard(self.names.tenant)
        if self._is("tenant", "disabled"):
            site.disable(self.names.tenant)
        if self._is("other_tenant_onboarded", "yes"):
            site.onboard(self.names.other_tenant)
        return site

    def _entra(self) -> EntraConfig:
        return EntraConfig(
            self.authorities.public.issue(self.names.entra, hosts=[self.names.entra]),
            self.authorities.devices,
            lambda: self.entra_ticks * TICK,
        )

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
        chain = self.entra.join_device(self.names.tenant, made.key.public_key())
        device = next(iter(directory.devices))
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

    def _public(self) -> Trust:
        return Trust([self.authorities.public.certificate])

    def _cmg_identity(self) -> Identity:
        """The CMG's certificate, and what the list of its issuer is like."""
        of = self.authorities.corporate if self._is("cmg_certificate", "pki") else self.authorities.public
        now = self.world.clock.now()
        expired = self._is("cmg_date", "expired")
        made = of.issue(
            self.names.cmg,
            hosts=[self.names.cmg if self._is("cmg_name", "match") else f"other.{self.names.cmg}"],
            begins=now - YEAR if expired else None,
            ends=now - DAY if expired else None,
        )
        if self._is("cmg_revoked", "yes"):
            of.revoke(made.certificate)
            of.publish()
        if self._is("crl", "stale"):
            of.let_lapse()
        elif self._is("crl", "unreachable"):
            of.withdraw()
        return made

    def _gateway(self) -> GatewayConfig:
        return GatewayConfig(self.site, self._cmg_identity(), self._public(), self._verify_clients, self.order)

    async def _verify_clients(self, chain: Chain, host: str) -> None:
        """A client's certificate, by the roots that were uploaded to the gateway.

        No list is asked here. "Verify client certificate revocation" is an option of its own (DOMAIN 2.8), and what the
        document and the model say of `pki` has no revoked certificate: none, valid, expired, untrusted. A lab that
        refused one would do what nothing says. The management point, whose IIS always checks, does ask.
        """
        Trust([self.authorities.clients.certificate]).verify_client(chain, self.world.clock.now())

    def _connection_points(self) -> list[ConnectionPointConfig]:
        hosts = [self.names.connection_point, self.names.second_connection_point]
        return [self._connection_point(host) for host in hosts[: int(self.environment["cp_count"])]]

    def _connection_point(self, host: str) -> ConnectionPointConfig:
        systems = self.authorities.systems
        inside = Trust([systems.certificate, self.authorities.site.certificate])

        async def verify_management_point(chain: Chain, name: str) -> None:
            inside.verify_server(chain, name, self.world.clock.now())

        certificate = systems.issue(host, hosts=[host], uses=[Use.client])
        return ConnectionPointConfig(
            self.site,
            self.authorities.site.issue(host, hosts=[host], uses=[Use.client]),
            self._public(),
            self._verify_clients,
            verify_management_point,
            certificate if self._is("cp_certificate", "valid") else None,
            shows_certificate=self._is("cp_shows_certificate", "yes"),
            validates=self._is("cp_validates", "yes"),
            host=host,
        )

    def _management_point(self) -> ManagementPointConfig:
        mode = Mode(self.environment["mp_mode"])
        self.domain = Domain(self.world)
        if self._is("cp_certificate_crl", "unreachable"):
            self.authorities.systems.withdraw()
        return ManagementPointConfig(
            self.site,
            self.database,
            self._public(),
            self._verify_at_management_point(),
            mode,
            self._binding(mode),
            Demand(self.environment["mp_demands_cp_cert"]),
            reads_metadata=not self._is("mp_internet", "old"),
            outbound=not self._is("mp_internet", "no"),
            sts_healthy=self._is("sts_healthy", "yes"),
            sts_checks_block=self._is("sts_checks_block", "yes"),
            tenant_match=TenantMatch(self.environment["tenant_match"]),
            approving=Approving(self.environment["approval"]),
            https_takes_anonymous=self._is("https_mp_takes_anonymous", "yes"),
            ehttp_takes_user_registration=self._is("ehttp_takes_user_registration", "yes"),
            registration_rebinds=self._is("registration_rebinds", "yes"),
            altauth=self._is("altauth", "yes"),
            domain=self.domain,
            package=self._package(),
            content_in_cloud=self._is("content_in_cloud", "yes"),
        )

    def _binding(self, mode: Mode) -> Identity | None:
        if mode is Mode.http:
            return None
        of = self.authorities.systems if mode is Mode.https else self.authorities.site
        if self._is("mp_binding", "wrong"):
            of = self.authorities.rogue
        return of.issue(self.names.management_point, hosts=[self.names.management_point])

    def _verify_at_management_point(self) -> Any:
        """Certificates of clients and of the site's systems, always with their revocation lists (DOMAIN 2.8)."""
        trust = Trust([self.authorities.clients.certificate, self.authorities.systems.certificate])

        async def verify(chain: Chain, host: str) -> None:
            trust.verify_client(chain, self.world.clock.now())
            await Revocations(self.world, self.names.management_point, trust).verify(chain)

        return verify

    def _package(self) -> Package:
        if self._is("content_hash", "good"):
            return CONTENT
        return Package(CONTENT.id, b"something else\n", CONTENT.sha256)

    def _cloud(self) -> CloudStoreConfig:
        identity = self.authorities.public.issue(self.names.cloud, hosts=[self.names.cloud])
        return CloudStoreConfig(self.site, identity, (self._package(),))

    def _client(self) -> ClientConfig:
        given = self._is("properties_given", "yes")
        joined = self.environment["join"] in ("entra", "hybrid")
        roots = [self.authorities.public.certificate]
        if self._is("root", "present"):
            roots.append(self.authorities.corporate.certificate)
        return ClientConfig(
            self.names.mutual_auth,
            self.names.site_code,
            self.names.client,
            Join(self.environment["join"]),
            self.names.tenant if joined else "",
            self._wpj,
            wpj_key_usable=self._is("wpj", "ok"),
            old_windows=self._is("os", "old"),
            roots=tuple(roots),
            issuers=(self.authorities.clients.certificate,),
            certificates=self._certificates(),
            state_persists=self._is("state_persists", "yes"),
            direct=self._direct() if self._is("direct", "yes") else None,
            client_app=self.names.client_app if given else None,
            resource=self.names.resource if given else None,
            no_crl_check=self._is("nocrlcheck", "yes"),
            site_checks_crl=self._is("site_option", "on"),
            bootstrap_knows_site_option=self._is("bootstrap_knows_site_option", "yes"),
            install_prefers=Prefers(self.environment["install_prefers"]),
            ccmsetup_drops_on_401=self._is("ccmsetup_drops_on_401", "yes"),
            anonymous_fallback=self._is("anonymous_fallback", "yes"),
            use_old_on_failed_renewal=self._is("use_old_on_failed_renewal", "yes"),
            messaging_drops_on_401=self._is("messaging_drops_on_401", "yes"),
            recheck_after_renewal=self._is("recheck_after_renewal", "yes"),
            cache_protection=Protection(self.environment["cache_protection"]),
            close_to_expiry=TICK,
            download_timeout=self.patience,
        )

    def _certificates(self) -> tuple[Identity, ...]:
        kind, now, name = self.environment["pki"], self.world.clock.now(), self.names.client
        if kind == "none_there":
            return ()
        of = self.authorities.rogue if kind == "untrusted" else self.authorities.clients
        begins, ends = (now - YEAR, now - DAY) if kind == "expired" else (None, None)
        return (of.issue(name, hosts=[name], uses=[Use.client], begins=begins, ends=ends),)

    def _direct(self) -> Direct:
        host = self.names.management_point
        mode = Mode(self.environment["mp_mode"])
        of: dict[Mode, tuple[x509.Certificate, ...]] = {
            Mode.https: (self.authorities.systems.certificate,),
            Mode.ehttp: (self.authorities.site.certificate,),
            Mode.http: (),
        }
        if self._is("join", "hybrid"):
            ticket = self.domain.join(self.names.client)
            return Direct(host, of[mode], lambda: ticket(host))
        return Direct(host, of[mode])


async def accept_anything(chain: Chain, host: str) -> None:
    """What an adversary asks of a server's certificate."""
