"""The worked example of an adapter: a whole client, which keeps what it has in memory and writes no log.

It uses the contract, the lab's wires and its certificate verifier, and nothing of the lab's own client. What each
server is sent, and on which path, is all in here, in :mod:`.entra` and in :mod:`.wires`::

    ccmproof lab test --adapter ccmproof.harness.lab.example.client
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
from ccmproof.harness.lab.contract import (
    AnyClient,
    ClientConfig,
    Join,
    Observation,
    Prefers,
    Registered,
    StoredToken,
    User,
    Work,
)
from ccmproof.harness.lab.network import Chain, Connection, Identity, Refused, Unreachable
from ccmproof.harness.lab.trust import Trust, Use
from ccmproof.harness.lab.world import SYSTEM, World
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .entra import Denied, EntraTokens, stored
from .wires import Failed, Wires, parsed

TURNS = 8
"""So often one attempt begins anew where what it needs is dead or refused."""
BY_CERTIFICATE = 2
"""The approval status of a client that has registered with its certificate."""


class StsRefused(Failed):
    """CCM_STS has answered, and given no token."""


class TokenDead(Exception):
    """SYSTEM's token will not do any more: ccmsetup needs another before it goes on."""


class ExampleClient:
    """A client that remembers everything for as long as it lives."""

    wires_class, entra_class = Wires, EntraTokens

    def __init__(self, world: World, config: ClientConfig) -> None:
        self.config, self.wires = config, self.wires_class(world, config)
        self.now = world.clock.now
        self.users: dict[str, User] = {}
        self.entra = self.entra_class(self.wires, self.users)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.client_id = f"GUID:{self.wires.guid()}"
        self.tokens: dict[str, StoredToken] = {}
        self.registered: Registered | None = None
        self.began: datetime | None = None
        self.patient: bool | None = None
        self.installed = self.gave_up = self.learnt = False

    # -- the contract

    def due(self) -> dict[Work, datetime]:
        """What can be done is due now: this client does not wait."""
        uses_tokens = self.registered is not None and self.registered.approval != BY_CERTIFICATE
        ready = {
            Work.INSTALL: not self.installed and not self.gave_up,
            Work.REGISTER: self.installed and self.registered is None,
            Work.MESSAGE_SYSTEM: self.registered is not None,
            Work.MESSAGE_USER: uses_tokens and bool(self.users),
            Work.REFRESH_SETTINGS: self.installed and not self.wires.refreshed,
        }
        return {work: self.now() for work, is_so in ready.items() if is_so}

    async def run(self, what: Work) -> None:
        """Do one thing; that it comes to nothing is no error."""
        doing = {
            Work.INSTALL: self.install,
            Work.REGISTER: self.register,
            Work.MESSAGE_SYSTEM: lambda: self.message(SYSTEM),
            Work.MESSAGE_USER: lambda: self.message(next(iter(self.users))),
            Work.REFRESH_SETTINGS: self.refresh,
        }
        try:
            await doing[what]()
        except Failed:
            if what is Work.INSTALL:
                self.gave_up = self.out_of_time() if self.patient is None else not self.patient

    def abandon(self) -> None:
        """Wait for no reply any more."""
        self.wires.abandon()

    def be_patient(self, patient: bool) -> None:
        """Try on after the next failed attempt, or do not."""
        self.patient = patient

    def sign_in(self, user: User) -> None:
        """A user signs in."""
        self.users[user.sid] = user

    def sign_out(self, sid: str) -> None:
        """A user signs out."""
        self.users.pop(sid, None)

    def observe(self) -> Observation:
        """All that it has."""
        return Observation(
            self.client_id, self.key.public_key(), dict(self.tokens), self.installed, self.learnt, self.wires.refreshed,
            self.registered,
        )  # fmt: skip

    # -- ccmsetup: one attempt

    async def install(self) -> None:
        """Install the client, with the certificate or with tokens (document, Client installation)."""
        self.began = self.began or self.now()
        certificate = self.certificate()
        shown = certificate if self.config.install_prefers is Prefers.certificate else None
        if shown is None and self.entra.apps is None:
            await self.ask_for_properties()
        for _ in range(TURNS):
            if shown is None:
                try:
                    await self.get_ccm_token(SYSTEM, await self.entra.for_system(), signed=False)
                except Denied:
                    shown = certificate
                    if shown is None:
                        raise
            try:
                return await self.install_by(shown)
            except TokenDead:
                continue
        raise Failed

    async def install_by(self, shown: Identity | None) -> None:
        """Ask where the site and the content are, get the content, and install it if it is what the site says."""
        site = parsed(await self.call(shown, "POST", **self.asking("SiteInfoRequest")))
        settings = site.get("SecuritySettings")
        self.wires.site_checks_lists = not (isinstance(settings, dict) and settings.get("CheckCrl") is False)
        await self.call(shown, "HEAD", "CCM_Client/ccmsetup.cab")
        for _ in range(TURNS):
            location = parsed(await self.call(shown, "POST", **self.asking("ContentLocationRequest")))
            url = str(location.get("Location") or "")
            content = await self.from_cloud(shown, url) if url else await self.from_management_point(shown)
            if content is not None:
                self.installed = hashlib.sha256(content).hexdigest() == str(location.get("Sha256")).lower()
                break
        if not self.installed:
            raise Failed

    async def ask_for_properties(self) -> None:
        if not self.config.joined:
            raise Failed
        path = f"/CCM_Proxy_ServerAuth/AADAuthInfo?TenantID={self.config.tenant}"
        response = await self.wires.send(await self.wires.connect(), "GET", path, {"CcmTokenAuth": "0"})
        found = parsed(response)
        if response.status_code != 200 or not found:
            raise Failed
        self.entra.apps, self.learnt = (found["ClientAppId"], found["ResourceUri"]), True

    async def call(
        self, shown: Identity | None, method: str, path: str, body: bytes = b"", drops: bool = False
    ) -> httpx.Response:
        """A call of ccmsetup's to the management point; the token is looked at once the connection is open."""
        connection = await self.wires.connect(shown)
        if shown is None and not self.live(SYSTEM):
            connection.close()
            raise TokenDead
        headers = {"CcmClientID": self.client_id, "Content-Type": "application/json", **self.shows(shown, SYSTEM)}
        if shown is not None:
            path = path.replace("ccm_system_tokenauth", "ccm_system")
        response = await self.wires.send(connection, method, self.wires.outside(shown, path), headers, body)
        if drops and shown is None and response.status_code == 401:
            raise TokenDead
        if response.status_code != 200:
            raise Failed
        return response

    async def from_cloud(self, shown: Identity | None, url: str) -> bytes | None:
        """The content; None where the cloud refuses the token that is in the address."""
        host, _, path = url.removeprefix("https://").partition("/")
        try:
            connection = await self.wires.world.network.connect(self.config.name, host, verify=self.wires.verify)
            response = await connection.request("GET", f"/{path}")
        except (Refused, Unreachable):
            return await self.from_management_point(shown)
        if response.status_code in (401, 403):
            return None
        return response.content if response.status_code == 200 else await self.from_management_point(shown)

    async def from_management_point(self, shown: Identity | None) -> bytes:
        drops = self.config.ccmsetup_drops_on_401
        return (await self.call(shown, "GET", "CCM_Client/client.msi", drops=drops)).content

    def out_of_time(self) -> bool:
        """/downloadtimeout has passed."""
        return self.began is not None and self.now() >= self.began + self.config.download_timeout

    # -- registration: one attempt

    async def register(self) -> None:
        """Send one registration request with the best proof there is, and process what is answered."""
        certificate = self.certificate()
        try:
            response = await self.send_registration({"Authorization": f"Bearer {await self.entra.for_system()}"})
        except Denied:
            if certificate is not None:
                response = await self.send_registration({}, certificate)
            elif self.config.direct is not None and self.config.direct.proof and self.config.join is Join.hybrid:
                response = await self.send_directly(self.config.direct.proof())
            elif self.config.anonymous_fallback and self.live(SYSTEM):
                response = await self.send_registration({"Authorization": f"Bearer {self.tokens[SYSTEM].token}"})
            else:
                raise
        said = parsed(response)
        if response.status_code != 200 or said.get("Status") != 0 or not self.config.state_persists:
            raise Failed  # pending, to be sent again, rejected, or not to be stored: another attempt will show
        self.client_id, self.registered = said["ClientID"], Registered(said["Approval"])

    async def send_registration(
        self, headers: Mapping[str, str], certificate: Identity | None = None
    ) -> httpx.Response:
        body = self.registration()
        connection = await self.wires.connect(certificate)
        path = self.wires.outside(certificate, "ccm_system/request")
        return await self.wires.send(
            connection, "POST", path, {"CcmTokenAuth": "0", **headers, **self.signed(body)}, body
        )

    async def send_directly(self, proof: str) -> httpx.Response:
        """To the management point itself, by the domain's word for this computer."""
        direct, body = self.config.direct, self.registration()
        assert direct is not None
        trust = Trust(direct.roots)

        async def verify(chain: Chain, host: str) -> None:
            trust.verify_server(chain, host, self.now())

        try:
            connection = await self.wires.world.network.connect(
                self.config.name, direct.host, verify=verify if direct.roots else None
            )
        except (Refused, Unreachable) as error:
            raise Failed from error
        headers = {"CcmTokenAuth": "0", "Authorization": f"Negotiate {proof}", **self.signed(body)}
        return await self.wires.send(connection, "POST", "/ccm_system_windowsauth/request", headers, body)

    def registration(self) -> bytes:
        public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return self.body("ClientRegistration", PublicKey=public.decode(), Name=self.config.name)

    # -- messages

    async def message(self, sid: str) -> None:
        """One message of an account, with a token that is fresh when it goes, or with the certificate."""
        assert self.registered is not None
        if self.registered.approval == BY_CERTIFICATE:
            certificate = self.certificate()
            if certificate is None:
                raise Failed
            return await self.send_message(await self.wires.connect(certificate), sid, certificate)
        if not self.registered.has_new_token:
            await self.get_ccm_token(SYSTEM, await self.entra.for_system(), signed=True)
            self.registered = Registered(self.registered.approval, has_new_token=True)
        if sid != SYSTEM and sid not in self.users:
            return None
        connection = await self.wires.connect()
        if self.fresh(sid):
            return await self.send_message(connection, sid)
        for _ in range(TURNS):
            connection.close()
            await self.renew(sid)
            connection = await self.wires.connect()
            if self.live(sid) and (self.fresh(sid) or not self.config.recheck_after_renewal):
                return await self.send_message(connection, sid)
        raise Failed

    async def renew(self, sid: str) -> None:
        """Get a new token for an account, or be content with the old one where that is allowed."""
        try:
            entra = await (self.entra.for_system() if sid == SYSTEM else self.entra.for_user(sid))
            await self.get_ccm_token(sid, entra, signed=True)
        except (Denied, StsRefused):
            if not (self.config.use_old_on_failed_renewal and self.live(sid)):
                raise

    async def send_message(self, connection: Connection, sid: str, certificate: Identity | None = None) -> None:
        body = self.body("PolicyRequest", sid)
        path = "ccm_system/request" if certificate else "ccm_system_tokenauth/request"
        headers = {**self.shows(certificate, sid), **self.signed(body)}
        response = await self.wires.send(connection, "POST", self.wires.outside(certificate, path), headers, body)
        if response.status_code == 401 and self.config.messaging_drops_on_401:
            self.tokens.pop(sid, None)
        if response.status_code != 200:
            raise Failed

    async def refresh(self) -> None:
        """The site's security settings count from now on."""
        self.wires.refreshed = True

    # -- tokens

    def live(self, sid: str) -> bool:
        """The account has a token that has not expired."""
        return sid in self.tokens and self.now() < self.tokens[sid].expires

    def fresh(self, sid: str) -> bool:
        """It is not close to its expiry either."""
        return sid in self.tokens and self.now() < self.tokens[sid].expires - self.config.close_to_expiry

    async def get_ccm_token(self, sid: str, entra: str, *, signed: bool) -> None:
        """Ask CCM_STS for an account's token, and keep it."""
        body = json.dumps({"ClientID": self.client_id, "Account": sid}).encode()
        headers = {"CcmTokenAuth": "0", "Authorization": f"Bearer {entra}", "Content-Type": "application/json"}
        headers |= self.signed(body) if signed else {}
        response = await self.wires.send(
            await self.wires.connect(), "POST", self.wires.outside(None, "CCM_STS"), headers, body
        )
        given = parsed(response).get("access_token")
        if response.status_code != 200 or not isinstance(given, str):
            raise StsRefused
        self.tokens[sid] = stored(given)

    def shows(self, certificate: Identity | None, sid: str) -> dict[str, str]:
        """An account's token, unless there is a certificate to go by."""
        if certificate is not None:
            return {"CcmTokenAuth": "0"}
        return {"CcmTokenAuth": "1", "Authorization": f"Bearer {self.tokens[sid].token}"}

    def asking(self, kind: str) -> dict[str, Any]:
        """A message of ccmsetup's, and where it goes."""
        return {"path": "ccm_system_tokenauth/request", "body": self.body(kind)}

    def body(self, kind: str, sid: str = SYSTEM, **more: str) -> bytes:
        """A message."""
        said = {"Message": kind, "ClientID": self.client_id, "Account": sid, "MessageID": f"{{{self.wires.guid()}}}",
                "SiteCode": self.config.site_code}  # fmt: skip
        return json.dumps({**said, **more}).encode()

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers of a message that is signed by the client's own key."""
        signature = self.key.sign(body, ec.ECDSA(hashes.SHA256()))
        return {"CcmSignature": base64.b64encode(signature).decode(), "Content-Type": "application/json"}

    # -- the device

    def certificate(self) -> Identity | None:
        """The certificate that will do for a client, and longest; None where none will."""
        trust = Trust([*self.config.roots, *self.config.issuers])
        good = [each for each in self.config.certificates
                if not trust.reasons(each.chain, self.now(), Use.client) and names(each, self.config.name)]  # fmt: skip
        return max(good, key=lambda each: each.certificate.not_valid_after_utc, default=None)


def names(identity: Identity, computer: str) -> bool:
    """The subject of a certificate names the computer."""
    found = identity.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return any(computer.lower() in str(each.value).lower() for each in found)


def parts() -> dict[str, type[AnyClient]]:
    """What `ccmproof lab test --adapter` asks for."""
    return {"client": ExampleClient}
