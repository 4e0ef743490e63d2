"""The endpoints of a management point that are published, and the addresses by which they are asked (DOMAIN 4.3).

Outside, an address names the scheme, the management point's role and the endpoint; inside, the endpoint alone. The
gateway has the list, and the connection point the same one, and neither relies on the other's (S-22, S-23).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .incoming import plain

INFO = "AADAuthInfo"
STS = "/CCM_STS"
TOKEN_MESSAGES = "/ccm_system_tokenauth/request"
MESSAGES = "/ccm_system/request"
CLIENT_FILES = "/CCM_Client/ccmsetup.cab"
DOWNLOAD = "/CCM_Client/client.msi"
WINDOWS_MESSAGES = "/ccm_system_windowsauth/request"
ALTAUTH_MESSAGES = "/ccm_system_AltAuth/request"

PUBLISHED = {STS: "POST", TOKEN_MESSAGES: "POST", MESSAGES: "POST", CLIENT_FILES: "HEAD", DOWNLOAD: "GET"}
"""The published endpoints, and how each is asked."""

CERTIFICATE = "X-Cmg-Client-Certificate"
VIA = "X-Cmg-Via"
VOUCHER = "X-Cmg-Voucher"
INTERNAL = "x-cmg-"
"""How the headers begin that only the site's own systems may send."""

OF_CONNECTION = frozenset({"host", "content-length", "connection", "transfer-encoding"})
"""Headers that belong to one connection, and are not handed on."""


class Scheme(StrEnum):
    """How a client authenticates on a path (A2)."""

    server_auth = "CCM_Proxy_ServerAuth"
    mutual_auth = "CCM_Proxy_MutualAuth"


@dataclass(frozen=True)
class Target:
    """What an address of the gateway's means.

    Attributes:
        role: of the management point; empty for AADAuthInfo.
        endpoint: the address inside; of one that is published, as it is written there.
    """

    scheme: Scheme
    role: str
    endpoint: str

    @property
    def published(self) -> bool:
        """The endpoint is in the list."""
        return self.endpoint in PUBLISHED


def target_of(path: str) -> Target | None:
    """What an address means; None where it is none of the gateway's. Like IIS, it does not tell cases apart."""
    if not plain(path):
        return None
    first, *rest = path[1:].split("/", 2)
    scheme = next((each for each in Scheme if each.lower() == first.lower()), None)
    if scheme is Scheme.server_auth and [each.lower() for each in rest] == [INFO.lower()]:
        return Target(scheme, "", INFO)
    if scheme is None or len(rest) != 2:
        return None
    return Target(scheme, rest[0], endpoint_of(f"/{rest[1]}"))


def endpoint_of(path: str) -> str:
    """An address inside, as it is written where it is one that is known."""
    known = (*PUBLISHED, WINDOWS_MESSAGES, ALTAUTH_MESSAGES)
    return next((each for each in known if each.lower() == path.lower()), path)
