"""What lies in stores, as the model has it: rows of the site database, the device's cache and its state files.

It is looked at while nothing goes on but what is held on a wire.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ccmproof.model.kernel.network import Network

from ..build import Lab
from ..client.cache import TokenCache
from ..database import Database
from ..world import SYSTEM, USER
from .facts import ELSE, Known, token
from .follow import Facts


def stores(lab: Lab, known: Known, network: Network) -> Facts:
    """All that can be seen of stores."""
    device, cache = lab.client.device, lab.client.cache
    return {**database(lab), **disk(device.folder, network), **cached(cache, known), **protection(cache, device.folder)}


# -- the site database


@contextmanager
def _answering(of: Database) -> Iterator[Database]:
    """The database as one who looks at its file sees it, whether it answers or not."""
    up, of.up = of.up, True
    try:
        yield of
    finally:
        of.up = up


def database(lab: Lab) -> Facts:
    """The record of the client's ClientID, whoever has written it, and of others what they were approved with."""
    with _answering(lab.database) as now:
        rows, blocked = now.devices(), now.is_blocked(lab.client.device.client_id)
    mine = [row for row in rows if row.client_id == lab.client.device.client_id]
    others = [row for row in rows if row not in mine]
    found: dict[str, str | frozenset[str]] = {"site_record.status": "absent", "site_record.approval": "none"}
    if mine:
        found["site_record.status"] = mine[0].status.value
        found["site_record.approval"] = str(int(mine[0].approval))
        found["site_record.proof"] = mine[0].proof.value
    found["block"] = "set" if blocked else "not_set"
    if others:
        found["rogue_record.approval"] = frozenset(str(int(row.approval)) for row in others)
    return found


# -- the device's disk


def disk(folder: Path, network: Network) -> Facts:
    """What the state files say."""
    settings, registration = _object(folder / "settings.json"), _object(folder / "registration.json")
    registered = "ClientID" in registration
    found: dict[str, str | frozenset[str]] = {
        "registration": "registered"
        if registered
        else frozenset(network.actor["registration"].states) - {"registered"},
        "security_settings": "refreshed" if settings.get("SettingsRefreshed") else "bootstrap",
        "entra_properties": "known" if "ClientAppId" in settings else "not_known",
    }
    if settings.get("Installed"):
        found["ccmsetup"] = "installed"
    if registered:
        found["registration.approval"] = str(registration.get("Approval"))
        found["registration.client_id"] = "assigned"
        found["new_token"] = str(registration.get("NewToken"))
    return found


def _object(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# -- the token cache


def cached(cache: TokenCache, known: Known) -> Facts:
    """The entries of SYSTEM and of the user. An expiry that is recorded otherwise than the token has it is no life."""
    found: dict[str, str] = {}
    for sid, record in ((SYSTEM, "cache.system"), (USER, "cache.user")):
        entry = cache.get(sid)
        if entry is None:
            found[f"{record}.life"] = "none"
            continue
        found |= token(entry.token, record, known)
        if known.life(entry.expires.timestamp()) != found.get(f"{record}.life"):
            found[f"{record}.life"] = ELSE
    return dict(found)


def protection(cache: TokenCache, folder: Path) -> Facts:
    """How the cache lies on the disk: in clear, where a file has a token in it as it is, or only written otherwise."""
    texts = [entry.token.encode() for sid in (SYSTEM, USER) if (entry := cache.get(sid)) is not None]
    wanted = [each for text in texts for each in (text, base64.b64encode(text))]
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()] if wanted else []
    if not files:
        return {}
    found = any(each in content for content in files for each in wanted)
    return {"cache_protection": "plain" if found else "encrypted"}
