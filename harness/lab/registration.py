"""The registration manager of the management point (MP_ClientRegistration): who is it, and is he registered?

The proof is an Entra token, a PKI certificate on an HTTPS management point, the domain's word on the direct path, or,
where that is taken, nothing (R3.1, R3.2, DOMAIN 6.3). What it was says the approval status (DOMAIN 6.7). The ClientID
that is named has to be free or this device's (A40); a stranger who names what another device is known to use gets a
ClientID of his own. A registration is one transaction of the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.responses import JSONResponse, Response

from .bearer import Kind, says_from_site
from .call import Call, name_in, public_key
from .database import Approval, DatabaseDown, Device, Known, Mark, Proof, Status
from .endpoints import ALTAUTH_MESSAGES, WINDOWS_MESSAGES
from .entra_keys import NoMetadata
from .incoming import Refusal
from .management_point_config import Approving, Mode
from .tokens import Invalid
from .windows import Negotiate

if TYPE_CHECKING:
    from .management_point import ManagementPoint

LONGEST_NAME = 64


class Outcome(IntEnum):
    """What is answered (DOMAIN 6.5)."""

    success = 0
    pending = 1
    resend = 2
    rejected = 3


@dataclass(frozen=True)
class Registrant:
    """Who asks to be registered, as far as it is proven.

    Attributes:
        known: what he is known by.
        tenant: of his Entra token.
    """

    proof: Proof
    known: frozenset[Known] = field(default_factory=frozenset)
    tenant: str = ""

    def by(self, mark: Mark) -> set[Known]:
        """What he is known by, of one kind."""
        return {each for each in self.known if each.mark is mark}


class RegistrationManager:
    """The registration manager.

    Attributes:
        outcome: the site's choice for the next registration that is not rejected; success again after it.
    """

    def __init__(self, management_point: ManagementPoint) -> None:
        self.mp = management_point
        self.outcome = Outcome.success
        domain = self.mp.config.domain
        self._negotiate = Negotiate(self.mp.world, domain, self.mp.host) if domain else None
        self._log = self.mp.logs.open("MP_RegistrationManager")

    def is_registered(self, client_id: str) -> bool:
        """This client is registered, and not pending."""
        device = self.mp.database.device(client_id)
        return device is not None and device.status is Status.registered

    async def answer(self, call: Call, message: Mapping[str, Any], endpoint: str) -> Response:
        """Register a client.

        Raises:
            Refusal: the registration is rejected, or there is no database.
        """
        named, name = str(message["ClientID"]), self._name(message)
        key = self._key(call, message)
        registrant = await self._proven(call, endpoint, named)
        self._log.write(f"Processing Registration request from Client '{named}'")
        if registrant is None or not self.site_good(message):
            raise self._rejection(named)
        registrant = Registrant(registrant.proof, registrant.known | key, registrant.tenant)
        try:
            return self._registered(registrant, named, name)
        except DatabaseDown as error:
            self._log.error("CMPDBConnection::Init(): Failed to connect to SQL Server")
            raise Refusal(500) from error

    # What is proven

    async def _proven(self, call: Call, endpoint: str, named: str) -> Registrant | None:
        """The registrant by the one proof that he shows; None where it is not taken."""
        if endpoint == WINDOWS_MESSAGES:
            return self.by_windows(call)
        if call.certificate:
            return await self.by_certificate(call)
        if call.token and not self.only_opens_the_gateway(call.token):
            return await self.by_entra(call, named)
        if call.token or call.anonymous:
            return self.by_nothing(call, endpoint)
        return None

    async def by_entra(self, call: Call, named: str) -> Registrant | None:
        """By an Entra token that is good here; a user's does not do everywhere (A18)."""
        try:
            bearer = await self.mp.entra_token(call, named)
        except (Invalid, NoMetadata):
            return None
        if bearer.kind is Kind.entra_user and not self.takes_user_tokens():
            return None
        self._log.write(f"Registering device using AAD auth: DeviceId='{bearer.device}', TenantId='{bearer.tenant}'")
        return Registrant(Proof.entra, frozenset({Known(Mark.entra, bearer.owner)}), bearer.tenant)

    async def by_certificate(self, call: Call) -> Registrant | None:
        """By a PKI certificate, where the management point is HTTPS (R5)."""
        if not self.takes_certificates() or not await self.mp.certificate_good(call.certificate):
            return None
        return Registrant(Proof.certificate, frozenset({Known(Mark.certificate, name_in(call.certificate))}))

    def by_windows(self, call: Call) -> Registrant | None:
        """By the domain's word, on the direct path only (R3.2)."""
        if self._negotiate is None or not self.takes_windows(call):
            return None
        try:
            computer = self._negotiate.computer(call.incoming.header("Authorization"))
        except Invalid:
            return None
        return Registrant(Proof.windows, frozenset({Known(Mark.computer, computer)}))

    def by_nothing(self, call: Call, endpoint: str) -> Registrant | None:
        """By nothing: anonymously, or by the AltAuth directories (A36, DOMAIN 6.9)."""
        if self.takes_anonymous():
            return Registrant(Proof.nothing)
        if endpoint == ALTAUTH_MESSAGES and call.anonymous and self.takes_altauth(call):
            return Registrant(Proof.altauth)
        return None

    def only_opens_the_gateway(self, token: str) -> bool:
        """It is a CCM token, which proves nothing here, whatever it is worth (A26)."""
        return says_from_site(token, self.mp.site)

    def takes_user_tokens(self) -> bool:
        """A user's Entra token proves a registration here (A18, S-26)."""
        return self._https or self.mp.config.ehttp_takes_user_registration

    def takes_certificates(self) -> bool:
        """A PKI certificate proves a registration here."""
        return self._https

    def takes_windows(self, call: Call) -> bool:
        """The domain's word counts where it does not come through the gateway."""
        return not call.via

    def takes_anonymous(self) -> bool:
        """Anonymous registration is taken here (A36)."""
        return not self._https or self.mp.config.https_takes_anonymous

    def takes_altauth(self, call: Call) -> bool:
        """The AltAuth directories are there, on the direct path."""
        return self._https and self.mp.config.altauth and not call.via

    @property
    def _https(self) -> bool:
        return self.mp.config.mode is Mode.https

    # What becomes of it

    def _registered(self, registrant: Registrant, named: str, name: str) -> Response:
        client_id = self.client_id_for(registrant, named)
        owner = next((each.value for each in registrant.by(Mark.entra)), "")
        if self.is_blocked(client_id, owner) or not self.may_name(registrant, client_id):
            raise self._rejection(named)
        outcome = self._outcome_for(client_id)
        if outcome is Outcome.resend:
            return self._reply(outcome, client_id)
        self.write(registrant, client_id, name, outcome)
        if outcome is Outcome.pending:
            return self._reply(outcome, client_id)
        self._log.write(f"Registration of client '{client_id}' succeeded")
        return self._reply(outcome, client_id, self.approval(registrant.proof))

    def client_id_for(self, registrant: Registrant, named: str) -> str:
        """The ClientID that is assigned: the one that is named, unless a stranger names what is free but in use."""
        if not self.is_stranger(registrant, named):
            return named
        made = uuid.UUID(int=self.mp.world.random.getrandbits(128), version=4)
        return f"GUID:{str(made).upper()}"

    def is_stranger(self, registrant: Registrant, named: str) -> bool:
        """A device that was never discovered names a ClientID which is free, and which another is known to use."""
        if self.rebinds() or self.mp.database.device(named) is not None:
            return False
        mine = {each.value for each in registrant.by(Mark.entra)}
        shares = self._shares(registrant, named)
        return self._another_uses(registrant, named) and not shares and not any(map(self.mp.discovered, mine))

    def may_name(self, registrant: Registrant, client_id: str) -> bool:
        """The ClientID is free, or this device's (A40, N-06). What nothing has proven is as good as free to a proof,
        and the key that it was registered with vouches for nobody who proves to be another device."""
        device = self.mp.database.device(client_id)
        if device is None or self.rebinds():
            return True
        if device.proven or registrant.proof in (Proof.nothing, Proof.altauth):
            return self._shares(registrant, client_id)
        return not self._another_uses(registrant, client_id)

    def _another_uses(self, registrant: Registrant, client_id: str) -> bool:
        """It is known which Entra device uses this ClientID, and he proves to be another."""
        owners, mine = self.mp.database.known(client_id, Mark.entra), registrant.by(Mark.entra)
        return bool(owners and mine) and not owners & mine

    def _shares(self, registrant: Registrant, client_id: str) -> bool:
        """He is known by something that this client is known by."""
        return bool(self.mp.database.known(client_id) & registrant.known)

    def rebinds(self) -> bool:
        """A registration may take over a ClientID that is another device's (A40)."""
        return self.mp.config.registration_rebinds

    def is_blocked(self, client_id: str, owner: str) -> bool:
        """The administrator has blocked this client (DOMAIN 6.11)."""
        return self.mp.is_blocked(client_id, owner)

    def approval(self, proof: Proof) -> Approval:
        """The approval status that a proof gives, by the hierarchy's setting (DOMAIN 6.7, 6.8)."""
        approving = self.mp.config.approving
        if proof is Proof.entra:
            return Approval.entra
        if proof is Proof.certificate:
            return Approval.certificate
        if proof is Proof.windows:
            return Approval.no if approving is Approving.manual else Approval.yes
        if proof is Proof.altauth:
            return Approval.yes
        return Approval.yes if approving is Approving.all else Approval.no

    def write(self, registrant: Registrant, client_id: str, name: str, outcome: Outcome) -> None:
        """Write the record, all of it at once."""
        status = Status.pending if outcome is Outcome.pending else Status.registered
        approval = self.approval(registrant.proof)
        device = Device(client_id, name, registrant.tenant, status, approval, registrant.proof, blocked=False)
        anew = self._is_anothers(registrant, client_id)
        self.mp.database.register(device, registrant.known, self._merged(registrant, client_id), anew=anew)

    def _is_anothers(self, registrant: Registrant, client_id: str) -> bool:
        """Nothing of his is known of the client, or he has another key."""
        known = self.mp.database.known(client_id)
        return not known & registrant.known or not registrant.by(Mark.key) <= known

    def _merged(self, registrant: Registrant, client_id: str) -> set[str]:
        """The other ClientIDs of this device, where the site keeps one of each."""
        if not self.mp.config.merges_records:
            return set()
        return {each for known in registrant.known for each in self.mp.database.client_ids(known)} - {client_id}

    def _outcome_for(self, client_id: str) -> Outcome:
        """The site's choice, as far as it has one: what is pending stays so, what is registered does not become so."""
        wanted, self.outcome = self.outcome, Outcome.success
        device = self.mp.database.device(client_id)
        if wanted is Outcome.resend or device is None:
            return wanted
        return Outcome.pending if device.status is Status.pending else Outcome.success

    # Form

    def site_good(self, message: Mapping[str, Any]) -> bool:
        """It is for this site, if it says for which (R1.4)."""
        code: object = message.get("SiteCode", self.mp.site.code)
        return code == self.mp.site.code

    def _name(self, message: Mapping[str, Any]) -> str:
        name = message.get("Name", "")
        if not isinstance(name, str) or not name.isprintable() or len(name) > LONGEST_NAME:
            raise Refusal(400)
        return name

    def _key(self, call: Call, message: Mapping[str, Any]) -> set[Known]:
        """The client's own key, if the message is signed by it (DOMAIN 6.2: it need not be)."""
        pem = message.get("PublicKey", "")
        if not isinstance(pem, str):
            raise Refusal(400)
        if not pem or not call.incoming.header("CcmSignature"):
            return set()
        key = public_key(pem)
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise Refusal(400)
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        text = key.public_bytes(serialization.Encoding.PEM, form).decode("ascii")
        if not self.possesses(call, text):
            raise Refusal(400)
        return {Known(Mark.key, text)}

    def possesses(self, call: Call, key: str) -> bool:
        """Whoever sends the message has the key that it tells."""
        return call.signed({key})

    def _rejection(self, named: str) -> Refusal:
        self._log.error(f"Rejecting registration request from Client '{named}'")
        body = {"Status": int(Outcome.rejected), "ClientID": named, "Approval": None}
        return Refusal(401, "", body)

    def _reply(self, outcome: Outcome, client_id: str, approval: Approval | None = None) -> Response:
        told = None if approval is None else int(approval)
        return JSONResponse({"Status": int(outcome), "ClientID": client_id, "Approval": told})
