"""Bugs of the client's connections, and of what they are judged by."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography import x509

from ..build import Lab
from ..client import Client, ClientConfig
from ..client.transport import FoundRevocations, Transport
from ..network import Chain, Refused
from ..trust import Trust
from ..world import World
from .bug import Bug, bug


class ChecksNoLists(Client):
    """It never looks into a revocation list."""

    class transport_class(Transport):
        def revocation_check_on(self) -> bool:
            return False


class _Soft(FoundRevocations):
    """What cannot be found out is good."""

    async def verify(self, chain: Chain) -> None:
        try:
            await super().verify(chain)
        except Refused:
            if self.found:
                raise


class IgnoresListFailure(Client):
    """It takes a certificate whose revocation list it cannot get."""

    class transport_class(Transport):
        def lists(self) -> FoundRevocations:
            return _Soft(self._world, self._config.name, self._device.trust)


class _Undated(FoundRevocations):
    """A list is good whatever its time."""

    def fresh(self, revoked: x509.CertificateRevocationList) -> bool:
        return True


class TakesStaleLists(Client):
    """It takes a revocation list whose time is over."""

    class transport_class(Transport):
        def lists(self) -> FoundRevocations:
            return _Undated(self._world, self._config.name, self._device.trust)


class NeverChecksAgain(Client):
    """/NoCRLCheck counts for ever, and not only until the site's settings have come."""

    class transport_class(Transport):
        def revocation_check_on(self) -> bool:
            return self.bootstrap_checks()


class _Some(Trust):
    """A store that leaves a question out."""


class _AnyName(_Some):
    def name_good(self, chain: Chain, host: str) -> bool:
        return True


class _AnyDate(_Some):
    def date_good(self, chain: Chain, now: datetime) -> bool:
        return True


class AnyAuthority(_Some):
    """It trusts whatever chain."""

    def authority_good(self, chain: Chain, now: datetime) -> bool:
        return True


class _Trusting(Client):
    store: type[Trust]

    def __init__(self, world: World, config: ClientConfig) -> None:
        super().__init__(world, config)
        self.device.trust = self.store(self.device.trust.roots)


class IgnoresNames(_Trusting):
    """It takes a certificate of another name than the gateway's."""

    store = _AnyName


class IgnoresDates(_Trusting):
    """It takes a certificate that has expired."""

    store = _AnyDate


class TrustsAnybody(Client):
    """It takes a certificate that chains to nobody whom it knows."""

    class transport_class(Transport):
        def lists(self) -> FoundRevocations:
            return _Soft(self._world, self._config.name, self._device.trust)

        async def verify_server(self, chain: Chain, host: str) -> None:
            AnyAuthority(self._device.trust.roots).verify_server(chain, host, self._world.clock.now())


def trusting_any_entra(of: type[Any]) -> type[Any]:
    """The bug of a host of the site that reads Entra's keys: the same mistake, whichever of them makes it."""

    class TrustsAnyEntra(of):  # type: ignore[misc]
        """It takes for Entra's keys what whoever answers under Entra's name publishes."""

        def __init__(self, world: World, config: Any) -> None:
            super().__init__(world, replace(config, entra_roots=AnyAuthority(config.entra_roots.roots)))

    return TrustsAnyEntra


def serve_list_from_before(lab: Lab) -> None:
    """The list that is served goes on to be the one from before the CMG's certificate was revoked."""
    issuer = lab.authorities.corporate if lab.environment["cmg_certificate"] == "pki" else lab.authorities.public
    issuer._revoked.clear()
    issuer.publish()
    issuer.freeze()


BUGS = (
    bug("client", ChecksNoLists, "I1.7 SEC-02a", {"site_option": "on", "nocrlcheck": "no"}),
    bug("client", IgnoresListFailure, "I1.7 A35 SEC-02a", {"site_option": "on", "nocrlcheck": "no"}),
    bug("client", TakesStaleLists, "A35 SEC-02a", {"crl": "stale"}),
    bug("client", NeverChecksAgain, "A17 K2 SEC-02a SEC-02b", {"nocrlcheck": "yes", "site_option": "on"}),
    bug("client", IgnoresNames, "I1.5 X2", {"cmg_name": "mismatch"}),
    bug("client", IgnoresDates, "I1.5 X2", {"cmg_date": "expired"}),
    bug("client", TrustsAnybody, "I1.5 I1.6 X2"),
    Bug("authority-serves-old-list", "The list that is served is from before the CMG's certificate was revoked.",
        ("I1.7", "A35", "SEC-03"), "authority", shows={"cmg_revoked": "yes", "crl": "fresh"},
        surroundings=serve_list_from_before),
)  # fmt: skip
