"""What lies in stores, as the model has it: rows of the site database, and what the client has and knows.

It is looked at while nothing goes on but what is held on a wire. What a client says of itself is evidence like any
other: it has to fit to what has crossed the wires, or it is a deviation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ccmproof.model.kernel.network import Network
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ..build import Lab
from ..contract import Observation
from ..database import Database, Device, Mark, Proof
from ..database import Known as KnownBy
from ..tokens import SigningKey
from ..world import SYSTEM, USER
from .facts import ELSE, Known, token
from .follow import Facts
from .in_clear import has_files, in_clear
from .published import Published


def known_of(lab: Lab) -> Known:
    """What is known of a lab by whoever watches it."""

    def public(*keys: SigningKey) -> list[rsa.RSAPublicKey]:
        return [key.public for key in keys]

    return Known(
        lab.names,
        lab.world.clock.now,
        lab.device,
        frozenset({lab.account.oid, lab.account.sid}),
        lambda: lab.client_id,
        lambda: lab.observed().public_key,
        lab.shows,
        Published(lab),
        lambda: public(lab.site.signing_key),
        lambda: public(*lab.retired),
    )


def stores(lab: Lab, known: Known, network: Network) -> Facts:
    """All that can be seen of stores."""
    seen = lab.observed()
    return {
        **database(lab, seen.client_id, seen.public_key),
        **state(seen, network),
        **tokens(seen, known),
        **protection(seen, known, lab.world.disk(lab.names.client)),
    }


# -- the site database


@contextmanager
def _answering(of: Database) -> Iterator[Database]:
    """The database as one who looks at its file sees it, whether it answers or not."""
    up, of.up = of.up, True
    try:
        yield of
    finally:
        of.up = up


def database(lab: Lab, client_id: str, client_key: ec.EllipticCurvePublicKey) -> Facts:
    """The record of the client's ClientID, whoever has written it, and of others what they were approved with."""
    with _answering(lab.database) as now:
        rows, blocked, marks = now.devices(), now.is_blocked(client_id), now.known(client_id)
    mine = [row for row in rows if row.client_id == client_id]
    others = [row for row in rows if row not in mine]
    found: dict[str, str | frozenset[str]] = {"site_record.status": "absent", "site_record.approval": "none"}
    found["site_record.device"] = "nobody"
    if mine:
        found["site_record.device"] = _whose(mine[0], marks, lab, client_key)
        found["site_record.status"] = mine[0].status.value
        found["site_record.approval"] = str(int(mine[0].approval))
        found["site_record.proof"] = mine[0].proof.value
    found["block"] = "set" if blocked else "not_set"
    if others:
        found["rogue_record.approval"] = frozenset(str(int(row.approval)) for row in others)
    return found


def _whose(row: Device, marks: set[KnownBy], lab: Lab, client_key: ec.EllipticCurvePublicKey) -> str | frozenset[str]:
    """Whose a record is, by the Entra device that has proven it, else by the key. Of a registration that nobody signed
    nothing says it."""
    if row.proof is Proof.entra:
        return "client" if KnownBy(Mark.entra, lab.device) in marks else "stranger"
    keys = {each.value for each in marks if each.mark is Mark.key}
    if not keys:
        return frozenset({"client", "stranger"})
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    text = client_key.public_bytes(serialization.Encoding.PEM, form).decode("ascii")
    if text not in keys:
        return "stranger"
    return "client" if keys == {text} else ELSE  # a key of somebody else's with it


# -- the client


def state(of: Observation, network: Network) -> Facts:
    """What it has come to, and what it knows."""
    unregistered = frozenset(network.actor["registration"].states) - {"registered"}
    found: dict[str, str | frozenset[str]] = {
        "registration": "registered" if of.registered else unregistered,
        "security_settings": "refreshed" if of.refreshed_settings else "bootstrap",
        "entra_properties": "known" if of.learnt_properties else "not_known",
        "ccmsetup": "installed" if of.installed else frozenset(network.actor["ccmsetup"].states) - {"installed"},
    }
    if of.registered:
        found["registration.approval"] = str(of.registered.approval)
        found["registration.client_id"] = "assigned"
        found["new_token"] = "got" if of.registered.has_new_token else "due"
    return found


def tokens(of: Observation, known: Known) -> Facts:
    """Those of SYSTEM and of the user. An expiry that is recorded otherwise than the token has it is no life."""
    found: dict[str, str] = {}
    for sid, record in ((SYSTEM, "cache.system"), (USER, "cache.user")):
        entry = of.tokens.get(sid)
        if entry is None:
            found[f"{record}.life"] = "none"
            continue
        found |= token(entry.token, record, known)
        if known.life(entry.expires.timestamp()) != found.get(f"{record}.life"):
            found[f"{record}.life"] = ELSE
    return dict(found)


def protection(of: Observation, known: Known, folder: Path) -> Facts:
    """How tokens lie on the disk: in clear, where whoever reads a file has one, the site's or Entra's. Of a client that
    keeps no files nothing is seen, nor of one that has no token of the site's yet."""
    if in_clear([*(entry.token for entry in of.tokens.values()), *known.given], folder):
        return {"cache_protection": "plain"}
    return {"cache_protection": "encrypted"} if of.tokens and has_files(folder) else {}
