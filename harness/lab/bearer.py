"""Bearer tokens as gateway, connection point and management point each judge them, none relying on another (X3).

An Entra token or a CCM token: issuer, signature, tenant, audience and lifetime are each a question of its own
(DOMAIN 4.5, 8). Time is the clock's, without leeway (A42).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .entra import issuer_name
from .entra_keys import EntraKeys
from .incoming import GUID
from .site import CCM_AUDIENCE, Site
from .tokens import Check, Claims, Invalid, Issuer, Token, Validator, loads

NOBODY = "00000000-0000-0000-0000-000000000000"


class Kind(StrEnum):
    """What a token is."""

    entra_device = "entra_device"
    entra_user = "entra_user"
    ccm = "ccm"


@dataclass(frozen=True)
class Bearer:
    """What a good token says."""

    kind: Kind
    claims: Claims

    @property
    def from_entra(self) -> bool:
        return self.kind is not Kind.ccm

    @property
    def tenant(self) -> str:
        return self._text("tid")

    @property
    def device(self) -> str:
        """The Entra device, or nothing."""
        return self._text("deviceid" if self.from_entra else "deviceId")

    @property
    def user(self) -> str:
        """The user's Entra object; nothing for a device's token."""
        name = "userId" if self.kind is Kind.ccm else "oid" if self.kind is Kind.entra_user else ""
        user = self._text(name)
        return "" if user == NOBODY else user

    @property
    def sid(self) -> str:
        """The user's SID, as Entra has it."""
        return self._text("sid")

    @property
    def client_id(self) -> str:
        """The ClientID that a CCM token names; nothing before the registration (A4)."""
        return self._text("clientId")

    @property
    def owner(self) -> str:
        """Whose it is: the device's, or, where it names none, the user's (I3.7)."""
        return self.device or f"{self.tenant}/{self.user}"

    def _text(self, name: str) -> str:
        value = self.claims.get(name)
        return value if isinstance(value, str) else ""


class Acceptor:
    """Whoever is shown a bearer token. Each check is a method.

    Args:
        keys: Entra's, as this host has them.
    """

    def __init__(self, site: Site, keys: EntraKeys) -> None:
        self.site, self.keys = site, keys
        self._entra = Validator({}, site.resource)
        self._ccm = Validator({}, CCM_AUDIENCE)

    async def bearer(self, text: str, now: datetime) -> Bearer:
        """What a good token says.

        Raises:
            Invalid: it is not good; the first check that failed.
            NoMetadata: nothing is known of its issuer's keys.
        """
        token = self._entra.read(text)
        if not self.algorithm_good(token):
            raise Invalid(Check.algorithm)
        if not self.tenant_good(token):
            raise Invalid(Check.tenant)
        issuer = await self.issuer_of(token)
        if issuer is None:
            raise Invalid(Check.issuer)
        if not self.signature_good(token, issuer):
            raise Invalid(Check.signature)
        if not self.issuer_good(token, issuer):
            raise Invalid(Check.issuer)
        if not self.audience_good(token):
            raise Invalid(Check.audience)
        if not self.lifetime_good(token, now):
            raise Invalid(Check.lifetime)
        return Bearer(kind_of(token, self.site), token.claims)

    def algorithm_good(self, token: Token) -> bool:
        """It is signed by RS256."""
        return self._entra.algorithm_good(token)

    def tenant_good(self, token: Token) -> bool:
        """Its tenant is onboarded and enabled (I1.3, A20)."""
        tenant = token.claims.get("tid")
        return isinstance(tenant, str) and self.site.takes_tenant(tenant)

    async def issuer_of(self, token: Token) -> Issuer | None:
        """Who has issued it: the site, or the tenant that it names; None for anybody else.

        Raises:
            NoMetadata: nothing is known of the tenant's keys.
        """
        if from_site(token, self.site):
            return self.site.token_issuer
        tenant = token.claims.get("tid")
        if not isinstance(tenant, str) or not GUID.fullmatch(tenant) or token.claims.get("iss") != issuer_name(tenant):
            return None
        return await self.keys.issuer(tenant, token.header.get("kid"))

    def signature_good(self, token: Token, issuer: Issuer) -> bool:
        """One of the issuer's keys has signed it, the one that it names."""
        return self._entra.signature_good(token, issuer)

    def issuer_good(self, token: Token, issuer: Issuer) -> bool:
        """The tenant is the one that its issuer speaks for (DOMAIN 8)."""
        return self._entra.tenant_good(token, issuer)

    def audience_good(self, token: Token) -> bool:
        """It is meant for the site: an Entra token for the server app, a CCM token for the site's services."""
        return (self._ccm if from_site(token, self.site) else self._entra).audience_good(token)

    def lifetime_good(self, token: Token, now: datetime) -> bool:
        """It has begun to live, and lives."""
        return self._entra.lifetime_good(token, now)


def from_site(token: Token, site: Site) -> bool:
    """It says that the site has issued it: a CCM token."""
    return token.claims.get("iss") == site.issuer


def says_from_site(text: str, site: Site) -> bool:
    """The same of a token as it came, whatever else is wrong with it."""
    claims = text.split(".")[1:2]
    try:
        found = loads(base64.urlsafe_b64decode(claims[0] + "=" * (-len(claims[0]) % 4))) if claims else None
    except ValueError:
        return False
    return isinstance(found, dict) and found.get("iss") == site.issuer


def kind_of(token: Token, site: Site) -> Kind:
    """What it says that it is."""
    if from_site(token, site):
        return Kind.ccm
    return Kind.entra_device if token.claims.get("idtyp") == "device" else Kind.entra_user
