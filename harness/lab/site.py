"""What a site publishes to its systems: its tenants, its token-signing key, its connection points, its settings.

The gateway, the connection points and the management points have it whether the database answers or not, as the product
replicates it to them. What an administrator changes here counts everywhere at once; that it takes up to 25 hours to
reach a gateway (DOMAIN 3.14) is not imitated.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from cryptography import x509

from .tokens import Issuer, KeySet, SigningKey
from .world import World

CCM_AUDIENCE = "urn:sccm:service"


class Tenant(StrEnum):
    """How an Entra tenant stands with the site (DOMAIN 3.14)."""

    enabled = "enabled"
    disabled = "disabled"


class Site:
    """One site, which is its hierarchy too.

    Args:
        tenants: those that are onboarded.
        clients_check_crl: the option "Clients check the CRL for site systems".
        publishes_management_point: the management point is published through the gateway; a plain HTTP one is not
            (X1, A16).

    Attributes:
        tenants: tenant id → how it stands; one that was never onboarded is not there.
        gateway_certificate: what the gateway shows, as it was uploaded; connection points know the gateway by it.
        connection_points: host → the certificate of its role, by which the site's systems know it (DOMAIN 4.2).
        signing_key: what CCM tokens are signed with now (DOMAIN 4.10).
        content_key: what content tokens are signed with.
    """

    def __init__(
        self,
        world: World,
        tenants: Iterable[str] = (),
        *,
        clients_check_crl: bool = True,
        publishes_management_point: bool = True,
    ) -> None:
        names = world.names
        self.code, self.hierarchy, self.role = names.site_code, names.hierarchy, names.role
        self.client_app, self.resource = names.client_app, names.resource
        self.management_point = names.management_point
        self.tenants = dict.fromkeys(tenants, Tenant.enabled)
        self.gateway_certificate: x509.Certificate | None = None
        self.connection_points: dict[str, x509.Certificate] = {}
        self.clients_check_crl = clients_check_crl
        self.publishes_management_point = publishes_management_point
        self._renewals = 0
        self.signing_key = SigningKey.labelled("site-0")
        self.content_key = SigningKey.labelled("content")

    @property
    def issuer(self) -> str:
        """The `iss` of CCM tokens (DOMAIN 4.10)."""
        return f"urn:sccm:oauth2:{self.hierarchy}"

    @property
    def token_issuer(self) -> Issuer:
        """Who issues CCM tokens: only what the present key has signed is good."""
        return Issuer(KeySet.of(self.signing_key))

    def onboard(self, tenant: str) -> None:
        """Onboard a tenant, or enable it again."""
        self.tenants[tenant] = Tenant.enabled

    def disable(self, tenant: str) -> None:
        """Turn authentication off for a tenant."""
        self.tenants[tenant] = Tenant.disabled

    def takes_tenant(self, tenant: str) -> bool:
        """The tenant is onboarded and enabled (I1.3, A20)."""
        return self.tenants.get(tenant.lower()) is Tenant.enabled

    def renew_signing_key(self) -> None:
        """Renew the token-signing certificate: every CCM token that is out is the former key's (DOMAIN 4.10)."""
        self._renewals += 1
        self.signing_key = SigningKey.labelled(f"site-{self._renewals}")
