"""The management point: CCM_STS, the registration manager, and the endpoints that serve clients.

It validates for itself, whatever gateway and connection point have validated (X3). What came through a connection point
carries that one's voucher; without it a request is the direct path's, whatever its headers say (X3). In front stands
IIS, which demands the connection point's client certificate where the management point is set to (X4, A15).

An operational request needs a CCM token that is good here and whose owner is who the message claims to be, or a PKI
certificate on its path; policy needs the signature of the client's own key as well (DOMAIN 6.2, R4.2).
"""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from .bearer import Acceptor, Bearer, Kind
from .call import Call, client_id_of, name_in
from .content import content_token
from .database import DatabaseDown, Known, Mark
from .endpoints import (
    ALTAUTH_MESSAGES,
    CLIENT_FILES,
    DOWNLOAD,
    MESSAGES,
    PUBLISHED,
    STS,
    TOKEN_MESSAGES,
    WINDOWS_MESSAGES,
    endpoint_of,
)
from .entra_keys import EntraKeys, NoMetadata
from .incoming import CLIENT_ID, Incoming, Refusal, Server, plain
from .management_point_config import Approving, Demand, ManagementPointConfig, Mode, TenantMatch
from .network import Chain, Refused
from .registration import RegistrationManager
from .sts import TokenService
from .tokens import Check, Invalid
from .world import World

SITE_SERVER = "siteserver.corp.example"
VERSION = "5.00.9128.1000"


__all__ = ["Approving", "Demand", "ManagementPoint", "ManagementPointConfig", "Mode", "TenantMatch"]


class ManagementPoint(Acceptor, Server):
    """A management point.

    Attributes:
        outbound, sts_healthy, redirects: as the configuration says in the beginning; they may change.
        sts: CCM_STS.
        registrations: the registration manager.
    """

    def __init__(self, world: World, config: ManagementPointConfig) -> None:
        self.host = world.names.management_point
        reader = self.host if config.reads_metadata else SITE_SERVER
        Acceptor.__init__(self, config.site, EntraKeys(world, reader, config.entra_roots))
        Server.__init__(self)
        self.world, self.config, self.database = world, config, config.database
        self.outbound, self.sts_healthy, self.redirects = config.outbound, config.sts_healthy, config.redirects
        self.logs = world.logs(self.host)
        self.sts = self.make_sts()
        self.registrations = self.make_registrations()

    def make_sts(self) -> TokenService:
        """CCM_STS."""
        return TokenService(self)

    def make_registrations(self) -> RegistrationManager:
        """The registration manager."""
        return RegistrationManager(self)

    def start(self) -> None:
        """Serve: by plain HTTP in that mode, else by TLS, where what clients show is judged later, as IIS does."""
        secure = self.config.mode is not Mode.http
        self.world.network.serve(
            self.host, self.app, self.config.identity if secure else None, verify_client=_shown if secure else None
        )

    async def answer(self, incoming: Incoming) -> Response:
        """Answer a request.

        Raises:
            Refusal: with an error.
        """
        if self.redirects:
            raise Refusal(302, Location=f"https://{self.host}/somewhere")
        call = Call.of(incoming, self.site)
        await self.front(call)
        endpoint = endpoint_of(incoming.path)
        method = PUBLISHED.get(endpoint, "POST")
        if not plain(incoming.path) or endpoint not in (*PUBLISHED, WINDOWS_MESSAGES, ALTAUTH_MESSAGES):
            raise Refusal(404)
        if incoming.method != method:
            raise Refusal(405, Allow=method)
        if endpoint == STS:
            return await self.sts.answer(call)
        if endpoint in (CLIENT_FILES, DOWNLOAD):
            return await self.give_files(call, endpoint)
        return await self.take_message(call, endpoint)

    # IIS in front

    async def front(self, call: Call) -> None:
        """What IIS asks before anything else (X4).

        Raises:
            Refusal: 403 7, a client certificate is required.
        """
        if self.demands_certificate(call) and not await self.certificate_good(call.incoming.chain):
            raise Refusal(403, X_Iis_Substatus="7")

    def demands_certificate(self, call: Call) -> bool:
        """IIS demands the connection point's client certificate for this request (A15)."""
        if self.config.mode is not Mode.https or not call.via:
            return False
        return self.config.demands is Demand.always or bool(call.certificate)

    async def certificate_good(self, chain: Chain) -> bool:
        """A client certificate is good, and is in no revocation list: IIS always looks (DOMAIN 2.8)."""
        try:
            await self.config.verify_client(chain, self.host)
        except Refused:
            return False
        return bool(chain)

    # Who it is

    def reaches_entra(self) -> bool:
        """It has Entra's keys from the site server, or reads them itself and has a way there (A31)."""
        return self.outbound or not self.config.reads_metadata

    async def entra_token(self, call: Call, client_id: str) -> Bearer:
        """The Entra token of a request, validated here.

        Raises:
            Invalid: it is not good, or none.
            NoMetadata: it cannot be known.
        """
        if not self.reaches_entra():
            raise NoMetadata("no way to Entra")
        bearer = await self.bearer(call.token, self.world.clock.now())
        if not bearer.from_entra:
            raise Invalid(Check.issuer, "a CCM token")
        if not self.tenant_matches(bearer, client_id):
            raise Invalid(Check.tenant, "not the device's")
        return bearer

    def tenant_matches(self, bearer: Bearer, client_id: str) -> bool:
        """The token is of the tenant that the device has joined, where that is demanded (A38)."""
        if self.config.tenant_match is TenantMatch.onboarded:
            return True
        try:
            devices = {each.value for each in self.database.known(client_id, Mark.entra)} | {bearer.device}
            tenants = {self.database.tenant_of(each) for each in devices} - {None}
        except DatabaseDown:
            return True
        return tenants <= {bearer.tenant}

    def owner_good(self, bearer: Bearer, call: Call, client_id: str) -> bool:
        """The token was issued to whom the message claims to come from (I3.7, R4.2, N-01)."""
        try:
            return self._owns(bearer, call, client_id)
        except DatabaseDown:
            return bearer.client_id in ("", client_id)

    def _owns(self, bearer: Bearer, call: Call, client_id: str) -> bool:
        mine = Known(Mark.entra, bearer.owner)
        owners = self.database.known(client_id, Mark.entra)
        if owners:
            return mine in owners
        if self.database.device(client_id) is not None:
            return self.signed_by_client(call, client_id)
        return not self.database.client_ids(mine)

    def certificate_names(self, chain: Chain, client_id: str) -> bool:
        """The certificate is of the computer that the message claims to come from, as far as the site knows it."""
        try:
            device = self.database.device(client_id)
            names = {each.value for each in self.database.known(client_id, Mark.certificate)}
        except DatabaseDown:
            return True
        if names or device is None or not device.proven:
            return not names or name_in(chain) in names
        return bool(device.name) and name_in(chain).lower().split(".")[0] == device.name.lower().split(".")[0]

    def discovered(self, owner: str) -> bool:
        """Device discovery has found this Entra device."""
        return self.database.tenant_of(owner) is not None

    def is_blocked(self, client_id: str, owner: str = "") -> bool:
        """The administrator has blocked this client, or a client of the same Entra device (X3, A43)."""
        others = self.database.client_ids(Known(Mark.entra, owner)) if owner else []
        return any(self.database.is_blocked(each) for each in {client_id, *others})

    def signed_by_client(self, call: Call, client_id: str) -> bool:
        """The message is signed by a key that this client has registered (DOMAIN 6.2)."""
        return call.signed({each.value for each in self.database.known(client_id, Mark.key)})

    # Operational requests

    async def admit(self, call: Call, client_id: str) -> None:
        """Let a request in that may be served for this client (I3.0, R4.2, T4).

        Raises:
            Refusal: it may not.
        """
        owner = ""
        if call.token:
            owner = (await self.ccm_token(call, client_id)).owner
        elif not await self.certificate_serves(call, client_id):
            raise Refusal(401)
        try:
            blocked = self.is_blocked(client_id, owner)
        except DatabaseDown:
            blocked = False
        if blocked:
            raise Refusal(401)

    async def ccm_token(self, call: Call, client_id: str) -> Bearer:
        """The CCM token of an operational request.

        Raises:
            Refusal: it is not good for it.
        """
        try:
            bearer = await self.bearer(call.token, self.world.clock.now())
        except (Invalid, NoMetadata) as error:
            raise Refusal(401) from error
        if not self.kind_serves(bearer) or not self.token_auth_good(call):
            raise Refusal(401)
        if not self.owner_good(bearer, call, client_id):
            raise Refusal(401)
        return bearer

    def kind_serves(self, bearer: Bearer) -> bool:
        """An Entra token is for CCM_STS and for registration, and for nothing else (I3.0)."""
        return bearer.kind is Kind.ccm

    def token_auth_good(self, call: Call) -> bool:
        """The request says that it carries a CCM token (I3.0, T4)."""
        return call.token_auth

    async def certificate_serves(self, call: Call, client_id: str) -> bool:
        """The client's PKI certificate is good for a request in this client's name (I2.4)."""
        return await self.certificate_good(call.certificate) and self.certificate_names(call.certificate, client_id)

    async def take_message(self, call: Call, endpoint: str) -> Response:
        """A message: a registration, or a question of a client's.

        Raises:
            Refusal: with an error.
        """
        message = call.incoming.json()
        client_id = client_id_of(message)
        what = message.get("Message")
        if what == "ClientRegistration":
            return await self.registrations.answer(call, message, endpoint)
        answers = {
            "SiteInfoRequest": self.give_site_information,
            "ContentLocationRequest": self.give_content_locations,
            "PolicyRequest": self.give_policy,
        }
        if not isinstance(what, str) or what not in answers or endpoint not in (MESSAGES, TOKEN_MESSAGES):
            raise Refusal(400)
        await self.admit(call, client_id)
        return JSONResponse(answers[what](call, client_id))

    def give_site_information(self, call: Call, client_id: str) -> dict[str, Any]:
        """What a client has to know of its site (I4.2)."""
        settings = {"CheckCrl": self.site.clients_check_crl}
        return {"SiteCode": self.site.code, "Version": VERSION, "SecuritySettings": settings}

    def give_content_locations(self, call: Call, client_id: str) -> dict[str, Any]:
        """Where the client's package is, with a token for the cloud's store where it is there (I4.2c, I4.4)."""
        self._need_database()
        package, location = self.config.package, ""
        if self.config.content_in_cloud:
            token = content_token(self.world, self.site, package.id)
            location = f"https://{self.world.names.cloud}/content/{package.id}?token={token}"
        return {"Location": location, "Package": package.id, "Sha256": package.sha256}

    def give_policy(self, call: Call, client_id: str) -> dict[str, Any]:
        """A client's policy, to whoever signs as that client (R4.2, T4).

        Raises:
            Refusal: he does not.
        """
        self._need_database()
        if not self.policy_signed(call, client_id):
            raise Refusal(401)
        return {"Policy": {"ClientID": client_id, "Settings": {"CheckCrl": self.site.clients_check_crl}}}

    def policy_signed(self, call: Call, client_id: str) -> bool:
        """The message is signed by the client's own key: it is a client's that is registered."""
        return self.signed_by_client(call, client_id)

    async def give_files(self, call: Call, endpoint: str) -> Response:
        """Files of the client's installation (I4.2b, I4.5).

        Raises:
            Refusal: with an error.
        """
        client_id = call.incoming.header("CcmClientID")
        if not CLIENT_ID.fullmatch(client_id):
            raise Refusal(400)
        await self.admit(call, client_id)
        content = self.config.package.content if endpoint == DOWNLOAD else b""
        return Response(content, media_type="application/octet-stream")

    def _need_database(self) -> None:
        if not self.database.up:
            raise Refusal(500)


async def _shown(chain: Chain, by: str) -> None:
    """What is shown is judged where it is used: IIS answers, where a refused handshake would only end."""
