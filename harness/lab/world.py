"""What every component of a lab is given: time, the wires, a folder for its logs, and the names of the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from .clock import Clock
from .logs import Logs, Records
from .network import Network


@dataclass(frozen=True)
class Names:
    """Host names and identifiers of a lab. They are invented, and the same in every run."""

    entra: str = "login.entra.example"
    crl: str = "crl.pki.example"
    cmg: str = "gw.example.net"
    connection_point: str = "cp.corp.example"
    second_connection_point: str = "cp2.corp.example"
    management_point: str = "mp.corp.example"
    cloud: str = "gwcontent.blob.example"
    client: str = "PC0001"
    adversary: str = "elsewhere.example"
    tenant: str = "5a1f0c2e-7d7b-4a54-9c1b-2f6b3c1d9a10"
    other_tenant: str = "c0ffee00-1111-4222-8333-944455556666"
    client_app: str = "0b8f9a34-66aa-4c0e-a1de-91d1b0f3a222"
    server_app: str = "7d3f2e11-1b2c-4d5e-8f90-a1b2c3d4e5f6"
    resource: str = "https://ConfigMgrService"
    site_code: str = "LAB"
    hierarchy: str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    role: str = "72057594037937956"
    """The management point's role id in the CMG's paths: 2**56 and a small number (DOMAIN A3)."""

    @property
    def mutual_auth(self) -> str:
        """The management point as its clients name it (I3.5)."""
        return f"{self.cmg}/CCM_Proxy_MutualAuth/{self.role}"


SYSTEM = "S-1-5-18"
USER = "S-1-5-21-1004336348-1177238915-682003330-1104"


@dataclass
class World:
    """A lab's surroundings.

    Attributes:
        folder: where devices keep their files, and hosts their logs.
        random: for whatever is drawn; seeded, so that a run can be had again.
    """

    folder: Path
    clock: Clock = field(default_factory=Clock)
    network: Network = field(default_factory=Network)
    names: Names = field(default_factory=Names)
    random: Random = field(default_factory=lambda: Random(0))

    def logs(self, host: str, *, bias: int = 0) -> Logs:
        """The logs of a host, in a folder of its own."""
        return Logs(self.folder / "logs" / host, self.clock.stamp, bias=bias)

    def records(self, host: str, category: str) -> Records:
        """What a service of the cloud records of one category, ``StorageRead`` say, beside the logs of its host."""
        return Records(self.folder / "logs" / host / f"{category}.json", category, self.clock.stamp)

    def disk(self, host: str) -> Path:
        """Where a host keeps its files; nothing is there until it does."""
        return self.folder / "devices" / host
