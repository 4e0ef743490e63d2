"""What a management point may be set to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .content import CLIENT, Package
from .database import Database
from .network import Identity, Verify
from .site import Site
from .trust import Trust
from .windows import Domain


class Mode(StrEnum):
    """How a management point is reached (X1, X4, A16)."""

    https = "https"
    ehttp = "ehttp"
    http = "http"


class Demand(StrEnum):
    """When IIS demands the connection point's client certificate (A15)."""

    always = "always"
    not_for_tokens = "not_for_tokens"


class TenantMatch(StrEnum):
    """Whose tenant an Entra token has to be of (A38)."""

    onboarded = "onboarded"
    strict = "strict"


class Approving(StrEnum):
    """Who is approved unasked: the hierarchy's setting (DOMAIN 6.8)."""

    trusted = "trusted"
    manual = "manual"
    all = "all"


@dataclass(frozen=True)
class ManagementPointConfig:
    """A management point. The defaults are the document's readings, as `model/workflow/readings.py` has them.

    Attributes:
        identity: what it shows: a certificate of the domain's (HTTPS), or one of the site's own issuer (enhanced
            HTTP); None for plain HTTP.
        entra_roots: by which it trusts Entra's metadata.
        verify_client: judges client certificates, those of clients and of connection points, with their CRLs.
        demands: when IIS demands the connection point's certificate; on an HTTPS management point only.
        reads_metadata: it reads Entra's metadata itself, as from version 2603 on; before, the site server did (A31).
        outbound: whether SYSTEM on it has a way to Entra.
        sts_healthy: CCM_STS runs; else an assembly does not fit (DOMAIN 4.12).
        redirects: IIS redirects everything (DOMAIN 4.13).
        domain: the Windows domain whose accounts it believes.
        altauth: it has the AltAuth directories (DOMAIN 6.9).
        package: the client's installation package.
        content_in_cloud: that is in the cloud's store too.
    """

    site: Site
    database: Database
    entra_roots: Trust
    verify_client: Verify
    mode: Mode = Mode.https
    identity: Identity | None = None
    demands: Demand = Demand.always
    reads_metadata: bool = True
    outbound: bool = True
    sts_healthy: bool = True
    sts_checks_block: bool = True
    tenant_match: TenantMatch = TenantMatch.onboarded
    approving: Approving = Approving.trusted
    https_takes_anonymous: bool = False
    ehttp_takes_user_registration: bool = False
    registration_rebinds: bool = False
    merges_records: bool = False
    altauth: bool = False
    domain: Domain | None = None
    redirects: bool = False
    package: Package = CLIENT
    content_in_cloud: bool = True
