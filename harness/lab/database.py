"""The site database: clients with what is known to be theirs, users, devices that were discovered.

Every change is one transaction: it is done, or nothing of it is. A ClientID may be known before its client is
registered: CCM_STS notes which Entra device first used it, and nobody else is taken for its owner then (I3.7, A40).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or_leave
from sqlalchemy.pool import StaticPool


class DatabaseDown(Exception):
    """The database does not answer."""


class Status(StrEnum):
    """How far a client's registration is."""

    pending = "pending"
    registered = "registered"


class Proof(StrEnum):
    """What a registration was proven by."""

    entra = "entra"
    certificate = "certificate"
    windows = "windows"
    altauth = "altauth"
    nothing = "nothing"


class Approval(IntEnum):
    """The approval status of a client (DOMAIN 6.7)."""

    no = 0
    yes = 1
    certificate = 2
    entra = 3


class Mark(StrEnum):
    """Kinds of what a client is known by."""

    entra = "entra"
    certificate = "certificate"
    computer = "computer"
    key = "key"


@dataclass(frozen=True)
class Known:
    """Something that a client is known by: its Entra device, its certificate's name, its computer account, its key."""

    mark: Mark
    value: str


@dataclass(frozen=True)
class Device:
    """A client as the database has it."""

    client_id: str
    name: str
    tenant: str
    status: Status
    approval: Approval
    proof: Proof
    blocked: bool

    @property
    def proven(self) -> bool:
        """Its registration was proven by something."""
        return self.proof not in (Proof.nothing, Proof.altauth)


SCHEMA = MetaData()
DEVICES = Table(
    "devices",
    SCHEMA,
    Column("client_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("tenant", String, nullable=False),
    Column("status", String, nullable=False),
    Column("approval", Integer, nullable=False),
    Column("proof", String, nullable=False),
    Column("blocked", Boolean, nullable=False, default=False),
)
KNOWN = Table(
    "known",
    SCHEMA,
    Column("client_id", String, primary_key=True),
    Column("mark", String, primary_key=True),
    Column("value", String, primary_key=True),
)
OUTLIVED = Table("outlived", SCHEMA, Column("client_id", String, primary_key=True))
"""Blocks that have outlived their records: a deleted record does not let its client in again."""
USERS = Table(
    "users",
    SCHEMA,
    Column("tenant", String, primary_key=True),
    Column("oid", String, primary_key=True),
    Column("sid", String, nullable=False),
)
DISCOVERED = Table(
    "discovered",
    SCHEMA,
    Column("device", String, primary_key=True),
    Column("tenant", String, nullable=False),
)


class Database:
    """The database of one site.

    Args:
        path: a file; in memory without one.

    Attributes:
        up: whether it answers. What an administrator does in the console needs it too.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._engine: Engine = (
            create_engine(f"sqlite:///{path}")
            if path
            else create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
        )
        SCHEMA.create_all(self._engine)
        self.up = True

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All that is done in it is done, or nothing.

        Raises:
            DatabaseDown: it does not answer.
        """
        if not self.up:
            raise DatabaseDown("the site database does not answer")
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of its file."""
        self._engine.dispose()

    # What the site's systems look up

    def device(self, client_id: str) -> Device | None:
        """The client of that ClientID, if there is one."""
        with self.transaction() as now:
            row = now.execute(select(DEVICES).where(DEVICES.c.client_id == client_id)).mappings().one_or_none()
        return _device(row) if row else None

    def devices(self) -> list[Device]:
        """All clients."""
        with self.transaction() as now:
            return [_device(row) for row in now.execute(select(DEVICES).order_by(DEVICES.c.client_id)).mappings()]

    def known(self, client_id: str, mark: Mark | None = None) -> set[Known]:
        """What is known to be that ClientID's."""
        asked = select(KNOWN.c.mark, KNOWN.c.value).where(KNOWN.c.client_id == client_id)
        if mark is not None:
            asked = asked.where(KNOWN.c.mark == mark)
        with self.transaction() as now:
            return {Known(Mark(each), value) for each, value in now.execute(asked)}

    def client_ids(self, known: Known) -> list[str]:
        """The ClientIDs that this is known to be of, those of a client that is there first."""
        asked = (
            select(KNOWN.c.client_id)
            .outerjoin(DEVICES, DEVICES.c.client_id == KNOWN.c.client_id)
            .where(KNOWN.c.mark == known.mark, KNOWN.c.value == known.value)
            .order_by(DEVICES.c.client_id.is_(None), KNOWN.c.client_id)
        )
        with self.transaction() as now:
            return list(now.execute(asked).scalars())

    def user_discovered(self, tenant: str, oid: str) -> bool:
        """The site knows the user (A23)."""
        asked = select(USERS.c.oid).where(USERS.c.tenant == tenant, USERS.c.oid == oid)
        with self.transaction() as now:
            return now.execute(asked).first() is not None

    def tenant_of(self, device: str) -> str | None:
        """The tenant that an Entra device has joined, if it has been discovered."""
        with self.transaction() as now:
            return now.execute(select(DISCOVERED.c.tenant).where(DISCOVERED.c.device == device)).scalar_one_or_none()

    def is_blocked(self, client_id: str) -> bool:
        """The administrator has blocked this client, whose record may have been deleted since."""
        device = self.device(client_id)
        if device is not None:
            return device.blocked
        with self.transaction() as now:
            return now.execute(select(OUTLIVED).where(OUTLIVED.c.client_id == client_id)).first() is not None

    # What they write

    def note_use(self, client_id: str, known: Known) -> None:
        """A ClientID is this Entra device's from now on, and no other's."""
        with self.transaction() as now:
            self._know(now, client_id, [known])
            self._know_only(now, client_id, known)

    def register(
        self, device: Device, known: Collection[Known], drop: Iterable[str] = (), *, anew: bool = False
    ) -> None:
        """Write a client's record and what it is known by, and drop the records of other ClientIDs of it.

        A client has one Entra device: whose it was thought to be before does not count any more.

        Args:
            anew: it has been somebody else's, or nobody's. Of what it was known by only its Entra device is kept, until
                another proves that it is its.
        """
        values = {
            "name": device.name, "tenant": device.tenant, "status": device.status, "approval": int(device.approval),
            "proof": device.proof,
        }  # fmt: skip
        with self.transaction() as now:
            changed = now.execute(update(DEVICES).where(DEVICES.c.client_id == device.client_id).values(values))
            if not changed.rowcount:
                outlived = now.execute(delete(OUTLIVED).where(OUTLIVED.c.client_id == device.client_id)).rowcount > 0
                now.execute(insert(DEVICES).values(client_id=device.client_id, blocked=outlived, **values))
            if anew:
                others = (KNOWN.c.client_id == device.client_id, KNOWN.c.mark != Mark.entra)
                now.execute(delete(KNOWN).where(*others))
            self._know(now, device.client_id, known)
            for each in known:
                if each.mark is Mark.entra:
                    self._know_only(now, device.client_id, each)
            for client_id in drop:
                self._forget(now, client_id)

    # What an administrator, discovery and the site server do

    def discover_user(self, tenant: str, oid: str, sid: str = "") -> None:
        """User discovery has found a user."""
        with self.transaction() as now:
            now.execute(insert_or_leave(USERS).values(tenant=tenant, oid=oid, sid=sid).on_conflict_do_nothing())

    def discover_device(self, device: str, tenant: str) -> None:
        """Device discovery has found an Entra device in a tenant."""
        with self.transaction() as now:
            now.execute(insert_or_leave(DISCOVERED).values(device=device, tenant=tenant).on_conflict_do_nothing())

    def block(self, client_id: str) -> None:
        """Block a client."""
        self._change(client_id, blocked=True)

    def unblock(self, client_id: str) -> None:
        """Let a client in again."""
        self._change(client_id, blocked=False)

    def approve(self, client_id: str) -> None:
        """Approve a client that nothing has proven (DOMAIN 6.7)."""
        self._change(client_id, approval=int(Approval.yes))

    def delete(self, client_id: str) -> None:
        """Delete a client's record; what it was known by stays known, for it goes on talking (DOMAIN 6.12)."""
        with self.transaction() as now:
            blocked = now.execute(select(DEVICES.c.blocked).where(DEVICES.c.client_id == client_id)).scalar()
            now.execute(delete(DEVICES).where(DEVICES.c.client_id == client_id))
            if blocked:
                now.execute(insert(OUTLIVED).values(client_id=client_id))

    def confirm_pending(self, client_id: str | None = None) -> list[str]:
        """Confirm registrations that are pending, all of them or one; the ClientIDs of those that were."""
        pending = DEVICES.c.status == Status.pending
        with self.transaction() as now:
            found = list(now.execute(select(DEVICES.c.client_id).where(pending)).scalars())
            chosen = [each for each in found if client_id in (None, each)]
            now.execute(update(DEVICES).where(DEVICES.c.client_id.in_(chosen)).values(status=Status.registered))
        return chosen

    def _change(self, client_id: str, **values: Any) -> None:
        with self.transaction() as now:
            if not now.execute(update(DEVICES).where(DEVICES.c.client_id == client_id).values(values)).rowcount:
                raise KeyError(f"there is no client {client_id}")

    def _know(self, now: Connection, client_id: str, known: Iterable[Known]) -> None:
        for each in known:
            row = {"client_id": client_id, "mark": each.mark, "value": each.value}
            now.execute(insert_or_leave(KNOWN).values(row).on_conflict_do_nothing())

    def _know_only(self, now: Connection, client_id: str, known: Known) -> None:
        others = (KNOWN.c.client_id == client_id, KNOWN.c.mark == known.mark, KNOWN.c.value != known.value)
        now.execute(delete(KNOWN).where(*others))

    def _forget(self, now: Connection, client_id: str) -> None:
        for table in (DEVICES, KNOWN):
            now.execute(delete(table).where(table.c.client_id == client_id))


def _device(row: Any) -> Device:
    return Device(
        row["client_id"], row["name"], row["tenant"], Status(row["status"]), Approval(row["approval"]),
        Proof(row["proof"]), row["blocked"],
    )  # fmt: skip
