"""The management point: CCM_STS, the registration manager, and the endpoints that serve clients.

It validates for itself, whatever gateway and connection point have validated (X3). What came through a connection point
carries that one's voucher; without it a request is the direct path's, whatever its headers say (X3). In front stands
IIS, which demands the connection point's client certificate where the management point is set to (X4, A15).

An operational request needs a CCM token that is good here and whose owner is who the message claims to be, or a PKI
certificate on its path; policy needs the signature of the client's own key as well (DOMAIN 6.2, R4.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from starlette.responses import JSONResponse, Response

from .bearer import Acceptor, Bearer, Kind
from .content import CLIENT, Package, content_token
from .database import Database, DatabaseDown, Known, Mark
from .endpoints import (
    ALTAUTH_MESSAGES,
    CERTIFICATE,
    CLIENT_FILES,
    DOWNLOAD,
    INTERNAL,
    MESSAGES,
    STS,
    TOKEN_MESSAGES,
    VIA,
    VOUCHER,
    WINDOWS_MESSAGES,
    endpoint_of,
)
from .entra_keys import EntraKeys, NoMetadata
from .incoming import CLIENT_ID, SID, Incoming, Refusal, Server, from_header, plain
from .network import Chain, Identity, Reason, Refused, Verify
from .site import Site
from .tokens import Invalid
from .trust import Trust
from .vouching import signed_by, vouched
from .windows import Domain, Negotiate
from .world import World

SITE_SERVER = "siteserver.corp.example"
VERSION = "5.00.9128.1000"


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
