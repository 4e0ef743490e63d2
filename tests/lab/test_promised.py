"""What a server owes the others once it is there is asked for, and what is missing is told as its own failure."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.lab.asked import Fails
from ccmproof.harness.lab.build import PLACES, Lab
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.connection_point import ConnectionPoint
from ccmproof.harness.lab.content import CloudStore
from ccmproof.harness.lab.entra import Entra
from ccmproof.harness.lab.gateway import Gateway
from ccmproof.harness.lab.management_point import ManagementPoint
from ccmproof.harness.lab.promised import OFFERS


def started(folder: Path, place: str, part: type[Any]) -> None:
    """A healthy lab with somebody else's component in it, up to its first message."""
    asyncio.run(Lab(folder, equipment().environment(), {place: part}).start())


class EntersNoCertificate(Gateway):
    def __init__(self, world: Any, config: Any) -> None:
        super().__init__(world, config)
        config.site.gateway_certificate = None


class TakesNoChannels(Gateway):
    def start(self) -> None:
        self._world.network.serve(self.host, self.app, self._config.identity)


class DoesNotServe(Gateway):
    def start(self) -> None:
        pass


class ShowsAnother(CloudStore):
    def start(self) -> None:
        names, network = self._world.names, self._world.network
        network.serve(names.cloud, self.app, network.identity_of(names.entra))


class SpeaksInClear(ManagementPoint):
    def start(self) -> None:
        self.world.network.serve(self.host, self.app)


class HasNoOutcome(ManagementPoint):
    def __init__(self, world: Any, config: Any) -> None:
        super().__init__(world, config)
        self.registrations = object()  # type: ignore[assignment]


class IsNotEntered(ConnectionPoint):
    def __init__(self, world: Any, config: Any) -> None:
        super().__init__(world, config)
        config.site.connection_points.clear()


class OpensNothing(ConnectionPoint):
    async def open_channel(self) -> None:
        pass


class HasNoApplication(Entra):
    def __init__(self, world: Any, config: Any) -> None:
        super().__init__(world, config)
        del self.app


class GivesNoCertificate(Entra):
    def join_device(self, tenant: str, key: Any) -> Any:
        return None


class KeepsNoDevice(Entra):
    def join_device(self, tenant: str, key: Any) -> Any:
        chain = super().join_device(tenant, key)
        self.directory.devices.clear()
        return chain


class CertifiesAnotherKey(Entra):
    def join_device(self, tenant: str, key: Any) -> Any:
        super().join_device(tenant, key)
        return self._config.identity.chain


@pytest.mark.parametrize(
    ("place", "part", "said"),
    [
        ("gateway", EntersNoCertificate, "has not entered config.identity's certificate as site.gateway_certificate"),
        ("gateway", TakesNoChannels, "takes no channels: its serve() has no on_channel"),
        ("gateway", DoesNotServe, "does not serve under gw.example.net once its start() is over"),
        ("cloud", ShowsAnother, "shows another certificate than its configuration's under gwcontent.blob.example"),
        ("management_point", SpeaksInClear, "shows no certificate under mp.corp.example"),
        ("management_point", HasNoOutcome, "has no registrations.outcome"),
        (
            "connection_point",
            IsNotEntered,
            "has not entered config.role's certificate as site.connection_points['cp.corp.example']",
        ),
        ("connection_point", OpensNothing, "has no open channel at gw.example.net once its open_channel() is over"),
        ("entra", HasNoApplication, "has no app"),
        ("entra", GivesNoCertificate, "gives no certificates by join_device()"),
        ("entra", KeepsNoDevice, "which directory.devices has not"),
        ("entra", CertifiesAnotherKey, "gives a certificate of another key by join_device()"),
    ],
)
def test_what_a_server_owes_is_told_as_its_own_failure(tmp_path: Path, place: str, part: type[Any], said: str) -> None:
    with pytest.raises(Fails) as told:
        started(tmp_path, place, part)
    assert str(told.value).startswith(f"the {place.replace('_', ' ')} ")
    assert said in str(told.value)
    assert str(told.value).endswith(" (see ADAPTERS.md)")


@pytest.mark.parametrize(
    "changes",
    [{}, {"mp_mode": "http"}, {"cp_count": "2"}, {"join": "not_joined", "wpj": "absent", "user_kind": "nobody"}],
    ids=str,
)
def test_ours_owe_nothing(tmp_path: Path, changes: dict[str, str]) -> None:
    asyncio.run(Lab(tmp_path, equipment().environment(changes)).start())


def test_every_place_offers_something() -> None:
    assert {*OFFERS} == {*PLACES}
    assert {place: {*names} for place, names in OFFERS.items()} == {
        "entra": {"start", "app", "directory", "join_device", "sign"},
        "gateway": {"start", "app"},
        "connection_point": {"open_channel", "close_channel", "channel"},
        "management_point": {"start", "app", "registrations"},
        "cloud": {"start", "app"},
        "client": {"due", "run", "abandon", "be_patient", "sign_in", "sign_out", "observe"},
    }
