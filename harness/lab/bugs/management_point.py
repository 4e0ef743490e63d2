"""Bugs of the management point itself; those of what runs on it are in :mod:`.sts` and :mod:`.registration`."""

from __future__ import annotations

from datetime import datetime

from ..bearer import Bearer, kind_of
from ..call import Call
from ..incoming import Refusal
from ..management_point import ManagementPoint
from ..network import Chain
from ..tokens import Issuer, Token, read
from .bug import bug
from .transport import trusting_any_entra


class TrustsTheGateway(ManagementPoint):
    """It reads what a token says, and leaves it to gateway and connection point to validate it."""

    async def bearer(self, text: str, now: datetime) -> Bearer:
        token = read(text)
        return Bearer(kind_of(token, self.site), token.claims)


class IgnoresExpiry(ManagementPoint):
    """It serves a token that has died on the way to it."""

    def lifetime_good(self, token: Token, now: datetime) -> bool:
        return True


class IgnoresIssuingTenant(ManagementPoint):
    """It takes a token of any tenant, for all of them are signed with Entra's keys."""

    def tenant_good(self, token: Token) -> bool:
        return True

    def issuer_good(self, token: Token, issuer: Issuer) -> bool:
        return True

    def tenant_matches(self, bearer: Bearer, client_id: str) -> bool:
        return True


class TakesAnyOnboardedTenant(ManagementPoint):
    """Where a token has to be of the device's tenant it takes one of another tenant of the site."""

    def tenant_matches(self, bearer: Bearer, client_id: str) -> bool:
        return True


class ServesEntraTokens(ManagementPoint):
    """It serves a request that shows an Entra token where a CCM token is due."""

    def kind_serves(self, bearer: Bearer) -> bool:
        return True


class IgnoresTokenAuth(ManagementPoint):
    """It serves a request that does not say that it carries a CCM token."""

    def token_auth_good(self, call: Call) -> bool:
        return True


class ServesAnybodysToken(ManagementPoint):
    """It serves a message in one client's name that shows another's token."""

    def owner_good(self, bearer: Bearer, call: Call, client_id: str) -> bool:
        return True


class ServesBlockedClients(ManagementPoint):
    """It serves a client whose token is good, blocked or not."""

    async def admit(self, call: Call, client_id: str) -> None:
        if call.token:
            await self.ccm_token(call, client_id)
        elif not await self.certificate_serves(call, client_id):
            raise Refusal(401)


class ServesUnsignedPolicy(ManagementPoint):
    """It gives policy to a message that is not signed by the client's own key."""

    def policy_signed(self, call: Call, client_id: str) -> bool:
        return True


class DemandsNoCertificate(ManagementPoint):
    """It lets in a connection point that shows no client certificate."""

    def demands_certificate(self, call: Call) -> bool:
        return False


class ForgetsRevocation(ManagementPoint):
    """It takes a client certificate whose revocation list it cannot get."""

    async def certificate_good(self, chain: Chain) -> bool:
        return bool(chain)


BUGS = (
    bug("management_point", TrustsTheGateway, "X3 SEC-05a.mp SEC-06.mp SEC-07.mp SEC-09.mp"),
    bug("management_point", IgnoresExpiry, "X3 T1 SEC-07.mp"),
    bug("management_point", IgnoresIssuingTenant, "X3 A20 SEC-05a.mp", {"other_tenant_onboarded": "no"}),
    bug("management_point", TakesAnyOnboardedTenant, "I3.7 A38 SEC-05b",
        {"other_tenant_onboarded": "yes", "tenant_match": "strict"}),
    bug("management_point", ServesEntraTokens, "I3.0 N-01"),
    bug("management_point", IgnoresTokenAuth, "I3.0 T4 N-01"),
    bug("management_point", ServesAnybodysToken, "I3.7 R4.2 N-01", {"other_tenant_onboarded": "yes"}),
    bug("management_point", ServesBlockedClients, "X3 A43 SEC-17a"),
    bug("management_point", ServesUnsignedPolicy, "R4.2 T4"),
    bug("management_point", DemandsNoCertificate, "X4 A15", {"cp_certificate": "absent"}),
    bug("management_point", ForgetsRevocation, "X4", {"cp_certificate_crl": "unreachable"}),
    bug("management_point", trusting_any_entra(ManagementPoint), "X3 SEC-09.mp"),
)  # fmt: skip
