"""What a client is given: what its device is like, what ccmsetup is told, and who signs in.

Nothing in a configuration changes while a client runs. What does change, who is signed in and what the site has said,
is told to the client or answered to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from cryptography import x509

from ..network import Identity


class Join(StrEnum):
    """How Windows is joined; only the first two have a device of their own in Entra (D1)."""

    entra = "entra"
    hybrid = "hybrid"
    registered = "registered"
    not_joined = "not_joined"


class Prefers(StrEnum):
    """What ccmsetup takes where it could have both (I2.4, A11)."""

    certificate = "certificate"
    token = "token"


class Protection(StrEnum):
    """How a cached token lies on the disk (I4.1)."""

    encrypted = "encrypted"
    plain = "plain"


@dataclass(frozen=True)
class User:
    """Somebody who signs in, with the session that Entra gave him for it (a primary refresh token, 3.12).

    Attributes:
        tenant: whose account it is; it may be another than the device's (A20).
    """

    sid: str
    oid: str
    tenant: str
    session: str = field(repr=False)


@dataclass(frozen=True)
class Direct:
    """A way to the management point that is not the CMG's (A7).

    Attributes:
        roots: what the domain publishes to trust its management points by; none, and it is spoken to by plain HTTP.
        proof: gives what shows it this computer's account in the domain, for `Negotiate`; it raises `ValueError` where
            the domain gives nothing. None outside a domain.
    """

    host: str
    roots: tuple[x509.Certificate, ...] = ()
    proof: Callable[[], str] | None = None


@dataclass(frozen=True)
class ClientConfig:
    """A client. The defaults are the document's readings, as `model/workflow/readings.py` has them.

    Attributes:
        host_name: CCMHOSTNAME, the management point as clients name it: ``host/CCM_Proxy_MutualAuth/<role>`` (I1.1).
        site_code: SMSSITECODE.
        name: the computer's name; its certificates have to name it.
        join: how Windows is joined; `tenant` counts only where that makes a device in Entra.
        wpj: the workplace-join certificate with its key; None where there is none (D2).
        wpj_key_usable: whether the TPM still has that key (A34).
        old_windows: before 1803, without the API for device tokens.
        roots: the root store of the computer.
        issuers: the Certificate Issuers list of the site: client certificates may chain to these too (3.9).
        certificates: the Personal store of the computer.
        state_persists: whether the registration state can be stored; else 0x80071770.
        direct: a path to the management point that is not the CMG's.
        client_app: AADCLIENTAPPID, where it is given on the command line.
        resource: AADRESOURCEURI, likewise.
        no_crl_check: /NoCRLCheck.
        site_checks_crl: the site's option as ccmsetup is told it; it counts in the bootstrap, and only where
            `bootstrap_knows_site_option`. Afterwards the site's own word counts (A17).
        close_to_expiry: what is left of a token that is not used any more for a message (A8).
        retry, download_timeout: /retry and /downloadtimeout (A13).
        version_2107: Entra's log is CcmAad.log, not ADALOperationProvider.log.
    """

    host_name: str
    site_code: str
    name: str = "PC0001"
    join: Join = Join.entra
    tenant: str = ""
    wpj: Identity | None = None
    wpj_key_usable: bool = True
    old_windows: bool = False
    roots: tuple[x509.Certificate, ...] = ()
    issuers: tuple[x509.Certificate, ...] = ()
    certificates: tuple[Identity, ...] = ()
    state_persists: bool = True
    direct: Direct | None = None

    client_app: str | None = None
    resource: str | None = None
    no_crl_check: bool = False
    site_checks_crl: bool = True
    bootstrap_knows_site_option: bool = True
    install_prefers: Prefers = Prefers.certificate
    ccmsetup_drops_on_401: bool = True
    anonymous_fallback: bool = False
    use_old_on_failed_renewal: bool = False
    messaging_drops_on_401: bool = False
    recheck_after_renewal: bool = False
    cache_protection: Protection = Protection.encrypted
    close_to_expiry: timedelta = timedelta(minutes=30)
    retry: timedelta = timedelta(minutes=10)
    download_timeout: timedelta = timedelta(minutes=1440)
    version_2107: bool = True

    @property
    def gateway(self) -> str:
        """The host of the CMG."""
        return self.host_name.split("/")[0]

    @property
    def role(self) -> str:
        """The management point's role id in the CMG's paths."""
        return self.host_name.rstrip("/").split("/")[-1]

    @property
    def properties_given(self) -> bool:
        """Whether ccmsetup's command line names the Entra apps (I1.1)."""
        return self.client_app is not None and self.resource is not None

    @property
    def joined(self) -> bool:
        """Whether the device has a tenant to name (I1.2, D1)."""
        return self.join in {Join.entra, Join.hybrid}
