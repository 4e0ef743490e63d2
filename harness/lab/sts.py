"""CCM_STS on the management point: an Entra token in, a CCM token out, for eight hours (I3.4, T1).

In the document's order: it validates the Entra token, looks the identity up in the site database, creates the CCM
token, issues it, returns it. A device's token needs no user in the database (A23). The token names the ClientID that
the database has of the device whom Entra proves, whatever the request names (I3.7, A4).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from .bearer import NOBODY, Bearer, Kind
from .call import Call, client_id_of
from .database import DatabaseDown, Known, Mark
from .entra_keys import NoMetadata
from .incoming import Refusal, legible
from .site import CCM_AUDIENCE
from .tokens import Check, Invalid, issue

if TYPE_CHECKING:
    from .management_point import ManagementPoint

CCM_TOKEN_LIVES = timedelta(hours=8)

EXCEPTIONS = {
    Check.audience: "SecurityTokenInvalidAudienceException: IDX10214: Audience validation failed.",
    Check.tenant: "SecurityTokenInvalidIssuerException: IDX10205: Issuer validation failed.",
    Check.issuer: "SecurityTokenInvalidIssuerException: IDX10205: Issuer validation failed.",
}


class TokenService:
    """CCM_STS."""

    def __init__(self, management_point: ManagementPoint) -> None:
        self.mp = management_point
        self._log = self.mp.logs.open("CCM_STS")
        self._base_log = self.mp.logs.open("CCM_STS_ManagedBase")

    async def answer(self, call: Call) -> Response:
        """A CCM token for a good Entra token.

        Raises:
            Refusal: there is none.
        """
        client_id = client_id_of(call.incoming.json())
        self._log.write("ProcessRequest - Start")
        self._log.write(f"Incoming request URL: https://{self.mp.host.upper()}{call.incoming.path}")
        self._run()
        bearer = await self._validated(call, client_id)
        named = self._looked_up(bearer, call, client_id)
        token = self.create(bearer, named)
        self._log.write("Issued token")
        self._log.write("Return token to client")
        return JSONResponse({"access_token": token, "expires_in": int(self.lifetime().total_seconds())})

    def _run(self) -> None:
        if not self.mp.sts_healthy:
            self._log.error(
                "ProcessRequest - Exception: System.IO.FileLoadException: Could not load file or assembly"
                " 'System.IdentityModel.Tokens.JWT, Version=5.0.0.0' or one of its dependencies."
                " (Exception from HRESULT: 0x80131040)"
            )
            raise Refusal(500)

    # Validate

    async def _validated(self, call: Call, client_id: str) -> Bearer:
        try:
            bearer = await self.validate(call, client_id)
        except NoMetadata as error:
            self._base_log.error(
                "Microsoft.Identity.ServiceEssentials.Exceptions.MiseAuthenticationTicketProviderException: MISE12034:"
                " An exception was thrown while creating the authentication ticket"
            )
            raise Refusal(500) from error
        except Invalid as error:
            exception = EXCEPTIONS.get(error.check, "SecurityTokenValidationException")
            self._log.error(
                "Return code: 401, Description: AAD token validation failed,"
                f" Microsoft.IdentityModel.Tokens.{exception}"
            )
            raise Refusal(401) from error
        kind = token_type(bearer)
        self._log.write(
            f"Validated AAD token. TokenType: {kind} TenantId: {bearer.tenant} UserId: {bearer.user or NOBODY}"
            f" DeviceId: {bearer.device or NOBODY} OnPrem_UserSid: {bearer.sid} OnPrem_DeviceSid: "
        )
        self._log.write(f"TokenType is {kind}")
        return bearer

    async def validate(self, call: Call, client_id: str) -> Bearer:
        """The Entra token of this very request, validated here and by nobody else (SEC-08).

        Raises:
            Invalid: it is not good, or none.
            NoMetadata: it cannot be known.
        """
        return await self.mp.entra_token(call, client_id)

    # Look up

    def _looked_up(self, bearer: Bearer, call: Call, client_id: str) -> str:
        try:
            if not self.knows_user(bearer):
                self._log.error(f"Failed to find user {legible(bearer.user)} in the database")
                raise Refusal(401)
            if not self.lets_client(client_id):
                self._log.error(f"Return code: 401, Description: Client '{client_id}' is blocked")
                raise Refusal(401)
            self.note_use(bearer, call, client_id)
            return self.client_id_of(bearer, client_id)
        except DatabaseDown as error:
            self._log.error(
                "ProcessRequest - Exception: System.Data.SqlClient.SqlException (0x80131904): A network-related or"
                " instance-specific error occurred while establishing a connection to SQL Server."
            )
            raise Refusal(500) from error

    def knows_user(self, bearer: Bearer) -> bool:
        """The user of a user's token has been discovered (A23, N-12)."""
        return bearer.kind is Kind.entra_device or self.mp.database.user_discovered(bearer.tenant, bearer.user)

    def lets_client(self, client_id: str) -> bool:
        """The client that is named is not blocked, where this looks at it (A43)."""
        return not self.mp.config.sts_checks_block or not self.mp.is_blocked(client_id)

    def note_use(self, bearer: Bearer, call: Call, client_id: str) -> None:
        """Note whose ClientID this is, if this is its first use by a device that has been discovered (I3.7).

        That of a client which is registered, by whatever but Entra, is only noted for who signs as that client.
        """
        database = self.mp.database
        owners = database.known(client_id, Mark.entra)
        if not owners and database.device(client_id) is not None and not self.mp.signed_by_client(call, client_id):
            return
        if self.mp.discovered(bearer.owner) and not any(self.mp.discovered(each.value) for each in owners):
            database.note_use(client_id, Known(Mark.entra, bearer.owner))

    def client_id_of(self, bearer: Bearer, client_id: str) -> str:
        """The ClientID of the registered client whose device Entra proves; nothing before that (A4)."""
        mine = self.mp.database.client_ids(Known(Mark.entra, bearer.owner))
        registered = [each for each in mine if self.mp.registrations.is_registered(each)]
        if client_id in registered:
            return client_id
        return registered[0] if registered else ""

    # Create

    def create(self, bearer: Bearer, client_id: str) -> str:
        """A CCM token for the identity that Entra proves (I3.6, I3.7, T1)."""
        site = self.mp.site
        claims: dict[str, Any] = {
            "iss": site.issuer,
            "aud": CCM_AUDIENCE,
            "SCCMTokenCategory": "UDA",
            "Type": "UDA",
            "hierarchyId": site.hierarchy,
            "tid": bearer.tenant,
            "userId": bearer.user or NOBODY,
            "deviceId": bearer.device,
            "clientId": client_id,
        }
        self._log.write(
            f"Created SCCM token, token type: UDA, hierarchyId: {site.hierarchy}, userId: {claims['userId']},"
            f" deviceId: {client_id}"
        )
        return issue(site.signing_key, claims, self.lifetime(), self.mp.world.clock.now())

    def lifetime(self) -> timedelta:
        """How long a CCM token lives (T1)."""
        return CCM_TOKEN_LIVES


def token_type(bearer: Bearer) -> str:
    """What CCM_STS calls an Entra token (DOMAIN 4.8)."""
    if bearer.kind is Kind.entra_device:
        return "Device"
    return "UDA" if bearer.device else "User"
