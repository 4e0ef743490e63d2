"""The device's stores: which client certificate is taken, and what is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from ccmproof.harness.lab.client import Device
from ccmproof.harness.lab.client.device import CannotStore
from ccmproof.harness.lab.network import Identity
from ccmproof.harness.lab.trust import Use
from cryptography.hazmat.primitives.asymmetric import ec

from .fakes import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def chosen(town: Town, *certificates: Identity) -> Identity | None:
    return Device(town.world, replace(town.config, certificates=certificates)).certificate()


def test_a_good_certificate_is_taken(town: Town) -> None:
    good = town.certificate()
    assert chosen(town, good) == good
    assert chosen(town) is None


def test_of_several_the_one_that_is_valid_longest(town: Town) -> None:
    now = town.world.clock.now()
    short, long = (town.certificate(ends=now + timedelta(days=days)) for days in (10, 20))
    assert chosen(town, short, long) == chosen(town, long, short) == long


def test_none_that_is_out_of_its_dates(town: Town) -> None:
    now = town.world.clock.now()
    expired = town.certificate(begins=now - timedelta(days=9), ends=now - timedelta(days=1))
    not_yet = town.certificate(begins=now + timedelta(days=1))
    assert chosen(town, expired, not_yet) is None
    town.wait(days=2)
    assert chosen(town, expired, not_yet) == not_yet


def test_none_that_leads_to_no_root(town: Town) -> None:
    stranger = town.devices.issue(town.config.name, uses=[Use.client])
    assert chosen(town, stranger) is None


def test_the_issuers_list_of_the_site_counts_too(town: Town) -> None:
    theirs = town.devices.issue(town.config.name, uses=[Use.client])
    town.config = replace(town.config, issuers=(town.devices.certificate,))
    assert chosen(town, theirs) == theirs


def test_none_that_is_for_servers_only(town: Town) -> None:
    assert chosen(town, town.certificate(uses=[Use.server])) is None


def test_none_of_another_computer(town: Town) -> None:
    assert chosen(town, town.certificate("OTHER")) is None
    containing = town.certificate(f"{town.config.name.lower()}.corp.example")
    assert chosen(town, containing) == containing


def test_none_without_its_key(town: Town) -> None:
    without = replace(town.certificate(), key=ec.generate_private_key(ec.SECP256R1()))
    assert chosen(town, without) is None


def test_a_bad_one_does_not_hide_a_good_one(town: Town) -> None:
    now = town.world.clock.now()
    good = town.certificate(ends=now + timedelta(days=5))
    assert chosen(town, town.certificate("OTHER"), good) == good


def test_the_client_id_is_made_once(town: Town) -> None:
    device = Device(town.world, town.config)
    assert device.client_id.startswith("GUID:") and device.client_id == device.client_id.upper()
    assert Device(town.world, town.config).client_id == device.client_id


def test_a_registration_that_cannot_be_stored_is_not(town: Town) -> None:
    device = Device(town.world, replace(town.config, state_persists=False))
    with pytest.raises(CannotStore, match="0x80071770"):
        device.store_registration({"ClientID": "GUID:1"})
    assert device.registration == {}
    device.remember(Installed=True)
    assert device.setting("Installed") is True


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'{"ClientID": 7}'])
def test_a_damaged_file_is_as_good_as_none(town: Town, content: bytes) -> None:
    device = Device(town.world, town.config)
    before = device.client_id
    device.state_file.write_bytes(content)
    assert device.client_id == before
    assert not town.client.registration.registered
