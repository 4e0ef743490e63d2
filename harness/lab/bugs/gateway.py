"""Bugs of the cloud management gateway."""

from __future__ import annotations

import hmac
from datetime import datetime

from cryptography.hazmat.primitives import serialization

from ..bearer import Bearer, Kind, from_site, kind_of
from ..endpoints import Scheme, Target
from ..gateway import Gateway
from ..incoming import Incoming, Refusal
from ..network import Chain, Connection
from ..tokens import Check, Invalid, Issuer, KeySet, SigningKey, Token, read
from .bug import bug
from .transport import trusting_any_entra


class IgnoresExpiry(Gateway):
    """It lets in a token whose time is over."""

    def lifetime_good(self, token: Token, now: datetime) -> bool:
        return True


class IgnoresAudience(Gateway):
    """It lets in a token that is meant for somebody else."""

    def audience_good(self, token: Token) -> bool:
        return True


class IgnoresTenant(Gateway):
    """It lets in a token of a tenant that was never onboarded."""

    def tenant_good(self, token: Token) -> bool:
        return True


class IgnoresSignature(Gateway):
    """It lets in a token that nobody of those whom it trusts has signed."""

    def signature_good(self, token: Token, issuer: Issuer) -> bool:
        return True


class AcceptsUnsigned(Gateway):
    """It takes a token's own word that it is not signed: `alg` none (RFC 8725 2.1)."""

    async def bearer(self, text: str, now: datetime) -> Bearer:
        if not text.endswith("."):
            return await super().bearer(text, now)
        token = read(f"{text}AA")  # what is read has three parts; nobody looks at the third
        if token.header.get("alg") != "none":
            raise Invalid(Check.algorithm)
        if not (self.tenant_good(token) and self.audience_good(token) and self.lifetime_good(token, now)):
            raise Invalid(Check.audience)
        return Bearer(kind_of(token, self.site), token.claims)


class ConfusesKeys(Gateway):
    """It takes the issuer's public key for a shared secret where a token says HS256 (RFC 8725 2.1)."""

    def algorithm_good(self, token: Token) -> bool:
        return token.header.get("alg") == "HS256" or super().algorithm_good(token)

    def signature_good(self, token: Token, issuer: Issuer) -> bool:
        public = issuer.keys.get(str(token.header.get("kid")))
        if token.header.get("alg") != "HS256" or public is None:
            return super().signature_good(token, issuer)
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        secret = public.public_bytes(serialization.Encoding.PEM, form)
        data, _, shown = token.text.rpartition(".")
        return hmac.compare_digest(_encoded(hmac.digest(secret, data.encode(), "sha256")), shown)


def _encoded(data: bytes) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


class KeepsRetiredKeys(Gateway):
    """It goes on accepting CCM tokens that a former signing key has signed."""

    async def issuer_of(self, token: Token) -> Issuer | None:
        if not from_site(token, self.site):
            return await super().issuer_of(token)
        return Issuer(KeySet.of(self.site.signing_key, SigningKey.labelled("site-0")))


class AdmitsWithoutCredential(Gateway):
    """It hands on what shows no credential at all."""

    async def token_good(self, incoming: Incoming) -> bool:
        return not incoming.header("Authorization") or await super().token_good(incoming)


class TakesTokenForCertificate(Gateway):
    """On the path for certificates it takes a token as well."""

    async def admit(self, target: Target, incoming: Incoming) -> Chain:
        if target.scheme is Scheme.mutual_auth and incoming.credential("Bearer"):
            if await self.token_good(incoming):
                return ()
            raise Refusal(401, "CMGService_Invalid_Token")
        return await super().admit(target, incoming)


class RefusesUsers(Gateway):
    """It knows devices' tokens and the site's own, and refuses a user's."""

    async def bearer(self, text: str, now: datetime) -> Bearer:
        bearer = await super().bearer(text, now)
        if bearer.kind is Kind.entra_user:
            raise Invalid(Check.issuer, "a user's")
        return bearer


class PublishesEverything(Gateway):
    """It hands on requests for endpoints that are not published."""

    def publishes(self, target: Target) -> bool:
        return target.role == self.site.role


class TellsEveryTenant(Gateway):
    """It gives the Entra properties to whoever asks, whatever tenant he names."""

    def gives_properties(self, tenant: str) -> bool:
        return True


class KnowsOneConnectionPoint(Gateway):
    """It always turns to the connection point that came first, be it there or not."""

    def ways_on(self) -> list[Connection]:
        return self.channels[:1] if self.site.publishes_management_point else []


class TakesAnyChannel(Gateway):
    """It takes whoever offers a channel for a connection point."""

    def channel_good(self, connection: Connection) -> bool:
        return True


class KnowsChannelsByName(Gateway):
    """It takes for a connection point whoever says that he is one."""

    def channel_good(self, connection: Connection) -> bool:
        return connection.by in self.site.connection_points


BUGS = (
    bug("gateway", IgnoresExpiry, "X3 T1 SEC-07.cmg SEC-04"),
    bug("gateway", IgnoresAudience, "X3 I2.0 SEC-06.cmg SEC-04"),
    bug("gateway", IgnoresTenant, "X3 I1.3 A20 SEC-05a.cmg SEC-04", {"other_tenant_onboarded": "no"}),
    bug("gateway", IgnoresSignature, "X3 SEC-09.cmg SEC-04"),
    bug("gateway", AcceptsUnsigned, "X3 SEC-09.cmg SEC-04"),
    bug("gateway", ConfusesKeys, "X3 SEC-09.cmg SEC-04"),
    bug("gateway", KeepsRetiredKeys, "X3 SEC-09.cmg SEC-04"),
    bug("gateway", AdmitsWithoutCredential, "X3 SEC-04"),
    bug("gateway", TakesTokenForCertificate, "I3.5 A2"),
    bug("gateway", RefusesUsers, "I2.2 I3.1 A26", {"device_app": "not_enabled"}),
    bug("gateway", PublishesEverything, "X1 X3 S-22"),
    bug("gateway", TellsEveryTenant, "I1.3 S-04"),
    bug("gateway", KnowsOneConnectionPoint, "I3.2", {"cp_count": "2"}),
    bug("gateway", TakesAnyChannel, "I3.2 X3"),
    bug("gateway", KnowsChannelsByName, "I3.2 X3"),
    bug("gateway", trusting_any_entra(Gateway), "X3 SEC-09.cmg"),
)
