"""An environment of the model as what it means for each component: sites, certificates, configurations.

The environment gives each unknown and each reading of the model a value; here it becomes what a site, a tenant and a
device really are. Nothing runs yet: components are made from it in :mod:`.build`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from cryptography import x509

from .authorities import Authorities
from .clock import TICK
from .connection_point import ConnectionPointConfig
from .content import CLIENT as CONTENT
from .content import CloudStoreConfig, Package
from .contract import ClientConfig, Direct, Join, Prefers, Protection
from .database import Database
from .entra import EntraConfig
from .gateway import GatewayConfig, Order
from .management_point import Approving, Demand, ManagementPointConfig, Mode, TenantMatch
from .network import Chain, Identity
from .pki import DAY, YEAR, Revocations, Trust, Use
from .site import Site
from .windows import Domain
from .world import World


class Plan:
    """One environment, part by part.

    Args:
        environment: a whole one (:meth:`.conformance.equipment.Equipment.environment`).

    Attributes:
        authorities: who issues certificates, and publishes lists.
        site: what the site publishes to its systems.
        domain: the Windows domain.
    """

    def __init__(self, environment: Mapping[str, str], world: World) -> None:
        self.environment, self.world, self.names = environment, world, world.names
        self.authorities = Authorities.of(world)
        self.domain = Domain(world)
        self.site = self._site()

    def _is(self, name: str, value: str) -> bool:
        return self.environment[name] == value

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

    def entra(self, lives: Callable[[], timedelta]) -> EntraConfig:
        """Entra's, whose tokens live so long."""
        return EntraConfig(
            self.authorities.public.issue(self.names.entra, hosts=[self.names.entra]),
            self.authorities.devices,
            lives,
        )

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

    def gateway(self, order: Order) -> GatewayConfig:
        """The gateway's, which takes connection points in this order."""
        return GatewayConfig(self.site, self._cmg_identity(), self._public(), self._verify_clients, order)

    async def _verify_clients(self, chain: Chain, host: str) -> None:
        """A client's certificate, by the roots that were uploaded to the gateway.

        No list is asked here. "Verify client certificate revocation" is an option of its own (DOMAIN 2.8), and what the
        document and the model say of `pki` has no revoked certificate: none, valid, expired, untrusted. A lab that
        refused one would do what nothing says. The management point, whose IIS always checks, does ask.
        """
        Trust([self.authorities.clients.certificate]).verify_client(chain, self.world.clock.now())

    def connection_points(self) -> list[ConnectionPointConfig]:
        """Those of the connection points that there are."""
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

    def management_point(self, database: Database) -> ManagementPointConfig:
        """The management point's."""
        mode = Mode(self.environment["mp_mode"])
        if self._is("cp_certificate_crl", "unreachable"):
            self.authorities.systems.withdraw()
        return ManagementPointConfig(
            self.site,
            database,
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

    def cloud(self) -> CloudStoreConfig:
        """The cloud's store."""
        identity = self.authorities.public.issue(self.names.cloud, hosts=[self.names.cloud])
        return CloudStoreConfig(self.site, identity, (self._package(),))

    def client(self, wpj: Identity | None, patience: timedelta) -> ClientConfig:
        """The client's, with its workplace-join certificate, if it has one, and /downloadtimeout."""
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
            wpj,
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
            download_timeout=patience,
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
