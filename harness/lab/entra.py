"""Microsoft Entra ID: joins devices, and issues tokens to them and to users on them (DOMAIN 3; I2.0 to I2.5).

Every token is bound to the device's key: a user's token too is asked for by an assertion that the device has signed,
and by his session on it (D2, K3). All tenants share the signing keys, as in the product, so that whoever accepts a
token has to look at its issuer and its tenant.

On the wire it is `POST /<tenant>/oauth2/token`, `POST /<tenant>/devices/join`, the metadata and the keys. A user's
token is asked for at his own tenant, whichever tenant the device is in (A20). Refusals are 4xx with `error`, and
`error_code` as Entra's where it has one.

Its records are those of users' sign-ins, as they are exported: `NonInteractiveUserSignInLogs`. Where a device's own
token is recorded is not documented, so that it is in no record here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .device_proof import DeviceProof, Flaw, Unproven, device_named
from .directory import Account, App, Directory, JoinedDevice, key_bytes
from .entra_wire import EntraError, Fields, application
from .incoming import GUID
from .network import Chain, Identity
from .pki import YEAR, Authority
from .tokens import Claims, Issuer, KeySet, SigningKey, issue, sign
from .trust import Trust, Use
from .world import World

OLD_KEYS_PUBLISHED = timedelta(days=1)
JOINED_FOR = 10 * YEAR
FLAWS = {Flaw.chain: 700027, Flaw.signature: 700027, Flaw.lifetime: 700024}


def issuer_name(tenant: str) -> str:
    """The `iss` claim of a tenant's tokens."""
    return f"https://sts.windows.net/{tenant}/"


def between_60_and_90_minutes(random: Random) -> Callable[[], timedelta]:
    """Lifetimes of access tokens, as Entra draws them by default (DOMAIN 3.11)."""
    return lambda: timedelta(seconds=random.randint(3600, 5400))


@dataclass(frozen=True)
class EntraConfig:
    """Entra.

    Attributes:
        identity: what it shows on the wire.
        devices: the issuer of workplace-join certificates, a root.
        choose_lifetime: of each access token; without one Entra draws it as it does by default.
    """

    identity: Identity
    devices: Authority
    choose_lifetime: Callable[[], timedelta] | None = None


class Entra:
    """The service.

    Attributes:
        directory: tenants, devices and users; an administrator changes them there.
        proof: judges assertions.
        app: what it serves.
    """

    def __init__(self, world: World, config: EntraConfig) -> None:
        self._world, self._config = world, config
        self.directory = Directory(world.clock.now, world.random)
        self.proof = DeviceProof(Trust([config.devices.certificate]))
        self.choose_lifetime = config.choose_lifetime or between_60_and_90_minutes(world.random)
        self._invitations: dict[str, str] = {}
        self._rotations = 0
        self._key = SigningKey.labelled("entra-0")
        self._old: list[tuple[SigningKey, datetime]] = []
        self._sign_ins = world.records(world.names.entra, "NonInteractiveUserSignInLogs")
        self.app = application(self)

    def start(self) -> None:
        """Serve under its host name."""
        self._world.network.serve(self._world.names.entra, self.app, self._config.identity)

    # What an administrator does

    def rotate_keys(self) -> None:
        """Sign with a new key. The old one is published for another day, and tokens that it signed live on as long."""
        self._old.append((self._key, self._world.clock.now() + OLD_KEYS_PUBLISHED))
        self._rotations += 1
        self._key = SigningKey.labelled(f"entra-{self._rotations}")

    def invite_device(self, tenant: str) -> str:
        """Let one device join a tenant: what it has to show, once, on the wire."""
        invitation = f"{self._world.random.getrandbits(256):064x}"
        self._invitations[invitation] = tenant
        return invitation

    def join_device(self, tenant: str, key: ec.EllipticCurvePublicKey) -> Chain:
        """A device joins: the workplace-join certificate of its key, with what is shown beside it (D1, D2).

        Raises:
            NotKnown: there is no such tenant.
        """
        device = self.directory.add_device(tenant, key)
        ends = self._world.clock.now() + JOINED_FOR
        certificate = self._config.devices.certify(key, device.id, uses=[Use.client], ends=ends)
        return (certificate, *self._config.devices.intermediates)

    def published_keys(self) -> KeySet:
        """The keys that tokens may be signed with: the present one, and old ones for a while."""
        now = self._world.clock.now()
        return KeySet.of(self._key, *(key for key, until in self._old if now < until))

    def issuer(self, tenant: str) -> Issuer:
        """What somebody who trusts this tenant's tokens has to know, as of now."""
        return Issuer(self.published_keys(), tenant)

    def sign(self, claims: Claims) -> str:
        """A token that says just this, signed as the others are: what somebody may have come by elsewhere or before."""
        return sign(self._key, claims)

    # What is asked on the wire

    def token(self, tenant: str, fields: Fields) -> dict[str, Any]:
        """An access token for a device, or for a user on it.

        Raises:
            EntraError: there is none.
        """
        try:
            claims = self._claims(tenant, fields)
        except EntraError as error:
            self._record(tenant, fields, error.code)
            raise
        self._record(tenant, fields, 0, claims["deviceid"])
        lifetime = self.choose_lifetime()
        token = issue(self._key, claims, lifetime, self._world.clock.now())
        return {"token_type": "Bearer", "expires_in": int(lifetime.total_seconds()), "access_token": token}

    def _claims(self, tenant: str, fields: Fields) -> dict[str, Any]:
        """What a token says, once it is clear that it is to be issued.

        Raises:
            EntraError: it is not.
        """
        self._tenant(tenant)
        kind = _field(fields, "grant_type")
        if kind not in {"device", "user"}:
            raise EntraError("unsupported_grant_type", 70003)
        device = self._device(_field(fields, "assertion"), self.endpoint(tenant))
        if not self.device_enabled(device):
            raise EntraError("device_disabled", 135011)
        app = self._app(tenant, _field(fields, "client_id"), _field(fields, "resource"))
        if kind == "device":
            return self._for_device(tenant, app, device)
        return self._for_user(tenant, app, device, _field(fields, "user"), _field(fields, "session"))

    def join(self, tenant: str, fields: Fields, invitation: str) -> dict[str, Any]:
        """A workplace-join certificate for a device that has been invited.

        Raises:
            EntraError: there is none.
        """
        self._tenant(tenant)
        key = _public_key(_field(fields, "PublicKey"))
        if self._invitations.get(invitation) != tenant:
            raise EntraError("access_denied", status=401)
        del self._invitations[invitation]
        chain = self.join_device(tenant, key)
        shown = [each.public_bytes(serialization.Encoding.PEM).decode("ascii") for each in chain]
        return {"DeviceId": device_named(chain[0]), "Certificates": shown}

    def metadata(self, tenant: str) -> dict[str, Any]:
        """The tenant's OpenID configuration."""
        self._tenant(tenant)
        return {
            "issuer": issuer_name(tenant),
            "token_endpoint": self.endpoint(tenant),
            "jwks_uri": f"https://{self._world.names.entra}/{tenant}/discovery/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self, tenant: str) -> dict[str, Any]:
        """The signing keys, which are the same for all tenants."""
        self._tenant(tenant)
        return self.published_keys().to_jwks()

    def endpoint(self, tenant: str) -> str:
        """Where a tenant's tokens are asked for: what an assertion has to be meant for."""
        return f"https://{self._world.names.entra}/{tenant}/oauth2/token"

    # What decides

    def device_enabled(self, device: JoinedDevice) -> bool:
        """A disabled device gets nothing, nor does a user on it (A20)."""
        return device.enabled

    def device_of_tenant(self, device: JoinedDevice, tenant: str) -> bool:
        """A device's token is its own tenant's."""
        return device.tenant == tenant

    def takes_device_tokens(self, app: App) -> bool:
        """The server app is enabled for device tokens (I2.2)."""
        return app.takes_device_tokens

    def session_good(self, session: str, account: Account, device: JoinedDevice) -> bool:
        """The user is signed in on this very device."""
        return self.directory.use_session(session, account.sid, device.id)

    def user_enabled(self, account: Account) -> bool:
        """A disabled user gets nothing (A20)."""
        return account.enabled

    def policy_allows(self, app: App) -> bool:
        """No Conditional Access policy asks for more than a silent request can give (DOMAIN 3.10)."""
        return not app.blocked

    def _for_device(self, tenant: str, app: App, device: JoinedDevice) -> dict[str, Any]:
        if not self.device_of_tenant(device, tenant):
            raise EntraError("invalid_client", 700016)
        if not self.takes_device_tokens(app):
            raise EntraError("unauthorized_client", 700016)
        return {**self._common(tenant, app, device), "idtyp": "device", "oid": device.id}

    def _for_user(self, tenant: str, app: App, device: JoinedDevice, sid: str, session: str) -> dict[str, Any]:
        account = self.directory.accounts.get(sid)
        if account is None or account.tenant != tenant:
            raise EntraError("invalid_grant", 50034)
        if not self.user_enabled(account):
            raise EntraError("invalid_grant", 50057)
        if not self.session_good(session, account, device):
            raise EntraError("invalid_grant", 700082)
        if not self.policy_allows(app):
            raise EntraError("interaction_required", 53003)
        user = {"idtyp": "user", "oid": account.oid, "sid": account.sid, "upn": account.upn}
        return {**self._common(tenant, app, device), **user}

    def _record(self, tenant: str, fields: Fields, code: int, device: str = "") -> None:
        """A user's sign-in that was asked for, where he is known; of what was sent nothing that could be a secret."""
        account = self.directory.accounts.get(fields.get("user", ""))
        if fields.get("grant_type") != "user" or account is None or account.tenant != tenant:
            return
        app = fields.get("client_id", "")
        self._sign_ins.write(
            "Sign-in activity",
            operationVersion="1.0",
            resourceId=f"/tenants/{tenant}/providers/Microsoft.aadiam",
            tenantId=tenant,
            resultType=str(code),
            resultSignature="None",
            identity=account.upn,
            Level=4,
            properties={
                "userPrincipalName": account.upn,
                "userId": account.oid,
                "appId": app if GUID.fullmatch(app) else "",
                "isInteractive": False,
                "incomingTokenType": "primaryRefreshToken",
                "status": {"errorCode": code},
                "deviceDetail": {"deviceId": device},
            },
        )

    def _common(self, tenant: str, app: App, device: JoinedDevice) -> dict[str, Any]:
        return {
            "iss": issuer_name(tenant),
            "aud": app.resource,
            "tid": tenant,
            "appid": app.client_app,
            "deviceid": device.id,
            "uti": self.directory.new_id(),
        }

    def _tenant(self, tenant: str) -> None:
        if tenant not in self.directory.tenants:
            raise EntraError("invalid_tenant", 90002)

    def _app(self, tenant: str, client_app: str, resource: str) -> App:
        app = self.directory.tenants[tenant].apps.get(resource)
        if app is None:
            raise EntraError("invalid_resource", 500011)
        if app.client_app != client_app:
            raise EntraError("unauthorized_client", 700016)
        return app

    def _device(self, assertion: str, endpoint: str) -> JoinedDevice:
        """The device that asks: by its proof, and by the key that it has joined with."""
        try:
            certificate = self.proof.verify(assertion, endpoint, self._world.clock.now())
        except Unproven as error:
            raise EntraError("invalid_client", FLAWS.get(error.flaw, 50013)) from error
        device = self.directory.devices.get(device_named(certificate))
        if device is None or not _key_of(certificate, device):
            raise EntraError("invalid_client", 50155)
        return device


def _key_of(certificate: x509.Certificate, device: JoinedDevice) -> bool:
    public = certificate.public_key()
    return isinstance(public, ec.EllipticCurvePublicKey) and key_bytes(public) == device.key


def _field(fields: Fields, name: str) -> str:
    if not fields.get(name):
        raise EntraError("invalid_request", 900144)
    return fields[name]


def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_pem_public_key(text.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise EntraError("invalid_request") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise EntraError("invalid_request")
    return key
