"""The device: what is in its stores and on its disk, and who is signed in.

Files lie in a folder of the device's own, each written whole to a temporary file that then takes its place: whoever
reads sees the old one or the new one. Keys are not among them: they are in the key store, as Windows has them in a TPM
or under DPAPI.

The registration state is a file of its own, for that one may fail to be written: the product encrypts it, and where
the key store does not work it says 0x80071770 (DOMAIN 10, KB3067633).
"""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from ..contract import ClientConfig, User
from ..network import Chain, Identity
from ..trust import Trust, Use
from ..world import World


class CannotStore(Exception):
    """The registration state cannot be stored: 0x80071770."""


class Users:
    """Who is signed in, in the order in which they came."""

    def __init__(self) -> None:
        self._signed_in: dict[str, User] = {}

    def sign_in(self, user: User) -> None:
        """A user signs in."""
        self._signed_in[user.sid] = user

    def sign_out(self, sid: str) -> None:
        """A user signs out; who is not signed in does so too."""
        self._signed_in.pop(sid, None)

    def signed_in(self, sid: str) -> User | None:
        """The user of a SID, if he is signed in."""
        return self._signed_in.get(sid)

    def sids(self) -> list[str]:
        """Those of all who are signed in."""
        return list(self._signed_in)

    def anyone(self) -> User | None:
        """One who is signed in, for SYSTEM: the one who has been there longest (A21 leaves it open)."""
        return next(iter(self._signed_in.values()), None)


class Device:
    """The stores and the disk of one computer.

    Attributes:
        folder: its part of the disk.
        trust: the root store; roots may be added to it at any time (I1.6).
        signing_key: the client's own, of which a registration tells the site the public half.
        cache_key: what the token cache is encrypted with, for Local System.
    """

    def __init__(self, world: World, config: ClientConfig) -> None:
        self._world, self._config = world, config
        self.folder: Path = world.disk(config.name)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.trust = Trust(config.roots)
        self.signing_key = ec.generate_private_key(ec.SECP256R1())
        self.cache_key = AESGCM.generate_key(bit_length=256)

    @property
    def state_file(self) -> Path:
        """Where the registration state lies."""
        return self.folder / "registration.json"

    @property
    def client_id(self) -> str:
        """The client's GUID: made at install, until the site assigns one (R1.3)."""
        assigned = self.registration.get("ClientID")
        if isinstance(assigned, str):
            return assigned
        known = self.setting("ClientID")
        if not isinstance(known, str):
            made = uuid.UUID(int=self._world.random.getrandbits(128), version=4)
            known = f"GUID:{str(made).upper()}"
            self.remember(ClientID=known)
        return known

    @property
    def public_key(self) -> str:
        """The public half of the signing key, as a registration tells it."""
        return (
            self.signing_key.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode("ascii")
        )

    def sign(self, body: bytes) -> bytes:
        """The signature of a message by the client's own key."""
        return self.signing_key.sign(body, ec.ECDSA(hashes.SHA256()))

    # What is remembered

    def setting(self, name: str) -> Any:
        """What has been remembered under this name; None where nothing has."""
        return read_json(self.folder / "settings.json").get(name)

    def remember(self, **settings: Any) -> None:
        """Remember settings beside those that are known."""
        path = self.folder / "settings.json"
        write_whole(path, json.dumps({**read_json(path), **settings}).encode())

    @property
    def registration(self) -> dict[str, Any]:
        """The registration state as it is stored; empty where the client is not registered."""
        return read_json(self.state_file)

    @property
    def registered(self) -> bool:
        """It is stored that the client is registered, and as what (R3.3)."""
        return isinstance(self.registration.get("ClientID"), str)

    def store_registration(self, state: dict[str, Any]) -> None:
        """Store the registration state.

        Raises:
            CannotStore: the key store does not work.
        """
        if not self._config.state_persists:
            raise CannotStore("0x80071770")
        write_whole(self.state_file, json.dumps(state).encode())

    # Certificates

    def certificate(self) -> Identity | None:
        """The client certificate: of those that will do the one that is valid longest (3.9); None where none will."""
        good = [each for each in self._config.certificates if self.certificate_good(each)]
        return max(good, key=lambda each: each.certificate.not_valid_after_utc, default=None)

    def certificate_good(self, identity: Identity) -> bool:
        """All that a client certificate has to be."""
        return (
            self.chain_good(identity.chain)
            and self.date_good(identity.chain)
            and self.use_good(identity.chain)
            and self.names_this_computer(identity)
            and key_there(identity)
        )

    def chain_good(self, chain: Chain) -> bool:
        """It chains to a root of the store or to one of the Certificate Issuers."""
        return self._for_certificates().authority_good(chain, self._world.clock.now())

    def date_good(self, chain: Chain) -> bool:
        """It is within its dates, and so are those above it."""
        return self._for_certificates().date_good(chain, self._world.clock.now())

    def use_good(self, chain: Chain) -> bool:
        """It is for client authentication."""
        return self._for_certificates().use_good(chain, self._world.clock.now(), Use.client)

    def names_this_computer(self, identity: Identity) -> bool:
        """Its subject contains the computer's name."""
        names = identity.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return any(self._config.name.lower() in str(each.value).lower() for each in names)

    def _for_certificates(self) -> Trust:
        return Trust([*self.trust.roots, *self._config.issuers])


def key_there(identity: Identity) -> bool:
    """The private key is there and is the certificate's."""
    public = identity.certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return False
    try:
        public.verify(identity.key.sign(b"key", ec.ECDSA(hashes.SHA256())), b"key", ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def read_json(path: Path) -> dict[str, Any]:
    """An object from a file; an empty one where there is no file, or none that can be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all: a temporary file takes its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
