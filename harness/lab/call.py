"""What a management point is asked: a request with how it came and what it shows for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from .endpoints import CERTIFICATE, VIA, VOUCHER
from .incoming import CLIENT_ID, SID, Incoming, Refusal, from_header
from .network import Chain
from .site import Site
from .vouching import signed_by, vouched


@dataclass(frozen=True)
class Call:
    """A request to a management point.

    Attributes:
        via: the connection point that vouches for it; empty on the direct path.
        token: the bearer token, or nothing.
        certificate: the client's, or nothing: where it came through a connection point what that hands on, else what
            was shown in the handshake.
    """

    incoming: Incoming
    via: str = ""
    token: str = ""
    certificate: Chain = ()

    @staticmethod
    def of(incoming: Incoming, site: Site) -> Call:
        """What a request shows. What nobody vouches for is the direct path's, and none of the site's headers count.

        Raises:
            Refusal: it shows two credentials, or what a connection point would not hand on.
        """
        via, token = via_of(incoming, site), incoming.credential("Bearer")
        if not via:
            return Call(incoming, "", token, () if incoming.header("Authorization") else incoming.chain)
        if not incoming.header(CERTIFICATE):
            return Call(incoming, via, token)
        try:
            certificate = from_header(incoming.header(CERTIFICATE))
        except ValueError as error:
            raise Refusal(400) from error
        if incoming.header("Authorization"):
            raise Refusal(400)
        return Call(incoming, via, "", certificate)

    @property
    def token_auth(self) -> bool:
        """The client says that it shows a CCM token (I3.0)."""
        return self.incoming.header("CcmTokenAuth") == "1"

    @property
    def anonymous(self) -> bool:
        """It shows nothing at all."""
        return not self.certificate and not self.incoming.header("Authorization")

    def signed(self, public_keys: set[str]) -> bool:
        """The body is signed by one of these keys (DOMAIN 6.2)."""
        signature = self.incoming.header("CcmSignature")
        return any(signed_by(public_key(each), signature, self.incoming.body) for each in public_keys)


def via_of(incoming: Incoming, site: Site) -> str:
    """The connection point that vouches for a request; empty where none does."""
    via = incoming.header(VIA)
    known = site.connection_points.get(via)
    if known is None:
        return ""
    voucher, certificate = incoming.header(VOUCHER), incoming.header(CERTIFICATE)
    good = vouched(known, voucher, via, incoming.method, incoming.path, incoming.body, certificate)
    return via if good else ""


def client_id_of(message: Mapping[str, Any]) -> str:
    """The ClientID that a message names.

    Raises:
        Refusal: it names none, or nonsense beside it.
    """
    client_id, account = message.get("ClientID"), message.get("Account", "S-1-5-18")
    if not isinstance(client_id, str) or not CLIENT_ID.fullmatch(client_id):
        raise Refusal(400)
    if not isinstance(account, str) or not SID.fullmatch(account):
        raise Refusal(400)
    return client_id


def public_key(pem: str) -> object:
    """A public key from its text; None where it is none."""
    try:
        return serialization.load_pem_public_key(pem.encode("ascii"))
    except (ValueError, TypeError):
        return None


def name_in(chain: Chain) -> str:
    """The name in the subject of a client's certificate."""
    names = chain[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME) if chain else []
    return str(names[0].value) if names else ""
