"""How a management point knows that a request came through a connection point, and not from who says so.

The connection point signs what it hands on with its role's key, whose certificate the site publishes. Its client
certificate would not do: not every management point asks for it (A15), and the certificate of a client, of which only
the gateway has seen the handshake, counts where a connection point has handed it on, and nowhere else.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def vouch(key: ec.EllipticCurvePrivateKey, via: str, method: str, path: str, body: bytes, certificate: str) -> str:
    """The voucher of a connection point for a request.

    Args:
        certificate: what is handed on of the client's, as in the header.
    """
    signature = key.sign(_told(via, method, path, body, certificate), ec.ECDSA(hashes.SHA256()))
    return base64.b64encode(signature).decode("ascii")


def vouched(
    known: x509.Certificate, voucher: str, via: str, method: str, path: str, body: bytes, certificate: str
) -> bool:
    """The voucher is this connection point's, and for this request."""
    return signed_by(known.public_key(), voucher, _told(via, method, path, body, certificate))


def signed_by(public: object, signature: str, text: bytes) -> bool:
    """A signature in base64 over a text is by this key: ECDSA with SHA-256."""
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return False
    try:
        public.verify(base64.b64decode(signature, validate=True), text, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def _told(via: str, method: str, path: str, body: bytes, certificate: str) -> bytes:
    return "\n".join([via, method, path, hashlib.sha256(body).hexdigest(), certificate]).encode("utf-8")
