"""The site database: transactions, what is known of whom, the switch that takes it down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from ccmproof.harness.lab.database import Approval, Database, DatabaseDown, Device, Known, Mark, Proof, Status
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

DEVICE = Device("GUID:1", "PC0001", "tenant", Status.registered, Approval.entra, Proof.entra, False)
MINE, KEY = Known(Mark.entra, "device"), Known(Mark.key, "key")


def test_a_client_is_found_again_in_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    first = Database(path)
    first.register(DEVICE, {MINE, KEY})
    first.close()
    second = Database(path)
    assert second.device("GUID:1") == DEVICE
    assert second.known("GUID:1") == {MINE, KEY} and second.client_ids(MINE) == ["GUID:1"]
    second.close()


def test_a_client_has_one_entra_device_and_any_number_of_keys() -> None:
    database = Database()
    database.register(DEVICE, {MINE, KEY})
    database.register(DEVICE, {Known(Mark.entra, "other"), Known(Mark.key, "other")})
    assert database.known("GUID:1", Mark.entra) == {Known(Mark.entra, "other")}
    assert len(database.known("GUID:1", Mark.key)) == 2


def test_what_is_anothers_now_is_known_by_what_is_that_ones() -> None:
    """But for the Entra device that is known to use it, as long as no other is."""
    database, other = Database(), Known(Mark.key, "other")
    database.register(DEVICE, {MINE, KEY})
    database.register(DEVICE, {other}, anew=True)
    assert database.known("GUID:1") == {MINE, other}


def test_what_is_dropped_leaves_nothing_behind() -> None:
    database = Database()
    database.register(DEVICE, {MINE, KEY})
    database.register(replace(DEVICE, client_id="GUID:2"), {MINE}, drop={"GUID:1"})
    assert database.device("GUID:1") is None and not database.known("GUID:1")


def test_a_registration_does_not_lift_a_block() -> None:
    database = Database()
    database.register(DEVICE, {MINE})
    database.block("GUID:1")
    database.register(DEVICE, {MINE})
    assert database.device("GUID:1") == replace(DEVICE, blocked=True)


def test_who_is_not_there_cannot_be_changed() -> None:
    database = Database()
    for act in (database.block, database.unblock, database.approve):
        with pytest.raises(KeyError):
            act("GUID:9")
    database.delete("GUID:9")
    assert database.confirm_pending() == []


def test_one_pending_registration_is_confirmed_by_itself() -> None:
    database = Database()
    for client_id in ("GUID:1", "GUID:2"):
        database.register(replace(DEVICE, client_id=client_id, status=Status.pending), ())
    assert database.confirm_pending("GUID:2") == ["GUID:2"]
    assert [each.status for each in database.devices()] == [Status.pending, Status.registered]


def test_what_discovery_finds_twice_is_there_once() -> None:
    database = Database()
    for _ in range(2):
        database.discover_user("tenant", "oid")
        database.discover_device("device", "tenant")
    assert database.user_discovered("tenant", "oid") and not database.user_discovered("other", "oid")
    assert database.tenant_of("device") == "tenant" and database.tenant_of("other") is None


CALLS: list[Callable[[Database], object]] = [
    lambda each: each.device("x"), lambda each: each.devices(), lambda each: each.known("x"),
    lambda each: each.client_ids(MINE), lambda each: each.user_discovered("t", "o"), lambda each: each.tenant_of("x"),
    lambda each: each.note_use("x", MINE), lambda each: each.register(DEVICE, ()), lambda each: each.block("x"),
    lambda each: each.delete("x"), lambda each: each.approve("x"), lambda each: each.confirm_pending(),
    lambda each: each.discover_user("t", "o"), lambda each: each.discover_device("x", "t"),
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_while_it_is_down_it_answers_nothing(call: Callable[[Database], object]) -> None:
    database = Database()
    database.up = False
    with pytest.raises(DatabaseDown):
        call(database)
    database.up = True
    assert not database.devices()


IDS = st.sampled_from(["GUID:1", "GUID:2", "GUID:3"])
OWNERS = st.sampled_from(["a", "b"])


class Clients(RuleBasedStateMachine):
    """Whatever is done, records and what is known of them are as a dictionary would have them."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database()
        self.records: dict[str, Device] = {}
        self.owners: dict[str, str] = {}
        self.outlived: set[str] = set()

    @rule(client_id=IDS, owner=OWNERS, status=st.sampled_from(Status))
    def register(self, client_id: str, owner: str, status: Status) -> None:
        blocked = self.records[client_id].blocked if client_id in self.records else client_id in self.outlived
        device = replace(DEVICE, client_id=client_id, status=status)
        self.database.register(device, {Known(Mark.entra, owner)})
        self.records[client_id] = replace(device, blocked=blocked)
        self.owners[client_id] = owner

    @rule(client_id=IDS, owner=OWNERS)
    def use(self, client_id: str, owner: str) -> None:
        self.database.note_use(client_id, Known(Mark.entra, owner))
        self.owners[client_id] = owner

    @rule(client_id=IDS)
    def delete(self, client_id: str) -> None:
        self.database.delete(client_id)
        if (gone := self.records.pop(client_id, None)) is not None and gone.blocked:
            self.outlived.add(client_id)

    @rule(client_id=IDS)
    def block(self, client_id: str) -> None:
        if client_id in self.records:
            self.database.block(client_id)
            self.records[client_id] = replace(self.records[client_id], blocked=True)

    @rule()
    def confirm(self) -> None:
        self.database.confirm_pending()
        self.records = {name: replace(each, status=Status.registered) for name, each in self.records.items()}

    @invariant()
    def agrees(self) -> None:
        assert {each.client_id: each for each in self.database.devices()} == self.records
        for client_id in self.outlived - {*self.records}:
            assert self.database.is_blocked(client_id)
        for client_id, owner in self.owners.items():
            assert self.database.known(client_id, Mark.entra) == {Known(Mark.entra, owner)}
        for owner in ("a", "b"):
            expected = sorted(name for name, each in self.owners.items() if each == owner)
            assert sorted(self.database.client_ids(Known(Mark.entra, owner))) == expected


TestClients = Clients.TestCase
TestClients.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
