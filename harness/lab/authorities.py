"""Who issues certificates in a lab: on the internet, in the company, in the site, in Entra; and somebody else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .pki import Authority, DistributionPoint
from .world import World


@dataclass
class Authorities:
    """Who issues certificates in a lab.

    Attributes:
        public: whom everybody trusts.
        corporate: the PKI that the CMG's certificate may be of; its root may be missing on the device.
        clients: issues client certificates of devices; ``systems`` those of the site's systems.
        site: the site's own issuer, for enhanced HTTP; ``devices`` Entra's; ``rogue`` is nobody's.
    """

    public: Authority
    corporate: Authority
    clients: Authority
    systems: Authority
    site: Authority
    devices: Authority
    rogue: Authority

    @staticmethod
    def of(world: World) -> Authorities:
        """Make them; the internal ones publish their lists on a host of their own."""
        inside = replace(world, names=replace(world.names, crl=f"crl.{world.names.management_point}"))
        outer, inner = DistributionPoint(world), DistributionPoint(inside)
        return Authorities(
            Authority(world, "Public Root", outer),
            Authority(world, "Corporate Root", outer),
            Authority(inside, "Corporate Clients", inner),
            Authority(inside, "Corporate Systems", inner),
            Authority(inside, "SMS Issuing", inner),
            Authority(inside, "MS-Organization-Access", inner),
            Authority(inside, "Somebody Else", inner),
        )
