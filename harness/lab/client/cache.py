"""The token cache: one file for each security identifier, encrypted and authenticated at rest (I4.1, DOMAIN 7.1).

An entry is bound to its SID and its expiry: a file that is copied to another SID's name, or changed in any bit, does
not open. Such an entry is as good as none, and never an error: the next renewal replaces it (T5).
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..contract import Protection
from .device import read_json, write_whole

NONCE_BYTES = 12


@dataclass(frozen=True)
class Entry:
    """A CCM token, and when it ends."""

    token: str = field(repr=False)
    expires: datetime

    def alive(self, now: datetime) -> bool:
        """It has not expired, by the clock of whoever asks."""
        return now < self.expires


class TokenCache:
    """The CCM tokens of one client.

    Args:
        key: what entries are encrypted with.
        now: the client's clock.
    """

    def __init__(
        self, folder: Path, key: bytes, now: Callable[[], datetime], protection: Protection = Protection.encrypted
    ) -> None:
        self._folder, self._key, self._now, self._protection = folder, key, now, protection

    def path(self, sid: str) -> Path:
        """Where the entry of a SID lies."""
        return self._folder / f"{sid}.token"

    def sids(self) -> list[str]:
        """Whose entries there are, dead or alive."""
        return sorted(path.stem for path in self._folder.glob("*.token"))

    def put(self, sid: str, entry: Entry) -> None:
        """Keep a token for a SID; what was there is replaced."""
        expires = entry.expires.astimezone(UTC).isoformat()
        sealed = self.seal(entry.token.encode(), bound_to(sid, expires))
        content = {"expires": expires, "token": base64.b64encode(sealed).decode("ascii")}
        write_whole(self.path(sid), json.dumps(content).encode())

    def get(self, sid: str) -> Entry | None:
        """The entry of a SID, dead or alive; None where there is none that opens."""
        content = read_json(self.path(sid))
        try:
            expires = content["expires"]
            sealed = base64.b64decode(content["token"], validate=True)
            token = self.open(sealed, bound_to(sid, expires)).decode()
            ends = datetime.fromisoformat(expires)
        except (KeyError, TypeError, ValueError, InvalidTag):
            return None
        return Entry(token, ends) if ends.tzinfo is not None else None

    def drop(self, sid: str) -> None:
        """Forget the entry of a SID."""
        self.path(sid).unlink(missing_ok=True)

    def live(self, sid: str) -> Entry | None:
        """The entry of a SID, if its token is alive by the client's clock (T2)."""
        entry = self.get(sid)
        return entry if entry is not None and entry.alive(self._now()) else None

    def seal(self, token: bytes, bound: bytes) -> bytes:
        """What is written of a token."""
        if self._protection is Protection.plain:
            return token
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._key).encrypt(nonce, token, bound)

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """The token of what was written.

        Raises:
            InvalidTag: it is not what this client wrote for this SID and this expiry.
        """
        if self._protection is Protection.plain:
            return sealed
        if len(sealed) <= NONCE_BYTES:
            raise InvalidTag
        return AESGCM(self._key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)


def bound_to(sid: str, expires: str) -> bytes:
    """What an entry is authenticated together with."""
    if not isinstance(expires, str):
        raise TypeError(expires)
    return json.dumps([sid, expires]).encode()
