"""Bugs of the client: ccmsetup, its tokens and its store. Those of its connections are in :mod:`.transport`, of what it
does after the install in :mod:`.messaging`."""

from __future__ import annotations

from dataclasses import replace

from ..client import Client, ClientConfig
from ..client.cache import Entry, TokenCache
from ..client.caller import Caller
from ..client.ccmsetup import Ccmsetup
from ..client.download import Download, Location
from ..client.sts import TokenService
from ..client.transport import Call
from ..client.wam import Denied, EntraToken, Wam
from ..contract import Protection, User
from ..logs import Log
from ..network import Chain, Reason, Refused
from ..world import SYSTEM, World
from .bug import bug


class SharesTheCache(Client):
    """It has one token in its cache, whosever it is."""

    class cache_class(TokenCache):
        def put(self, sid: str, entry: Entry) -> None:
            super().put(SYSTEM, entry)

        def get(self, sid: str) -> Entry | None:
            return super().get(SYSTEM)


class KeepsTokensInClear(Client):
    """Its cache lies on the disk in clear."""

    def __init__(self, world: World, config: ClientConfig) -> None:
        super().__init__(world, replace(config, cache_protection=Protection.plain))


class KeepsTheFirstToken(Client):
    """It caches a new token only where there is none."""

    class service_class(TokenService):
        def keep(self, call: Call, sid: str, entry: Entry) -> None:
            if self._cache.get(sid) is None:
                super().keep(call, sid, entry)


class AsksForUserFirst(Client):
    """For SYSTEM it asks for a user's token first, and for the device's where it gets none."""

    class wam_class(Wam):
        async def for_system(self, log: Log) -> EntraToken:
            self._can_ask(log)
            try:
                return await self.fallback(log)
            except Denied:
                return await self.device_token(log)


class NeverFallsBack(Client):
    """Where the device gets no token it does not ask for its user's."""

    class wam_class(Wam):
        async def fallback(self, log: Log) -> EntraToken:
            raise Denied("0x80070002")


class ServesDeadEntraTokens(Client):
    """It goes on serving an Entra token from its cache when its time is over."""

    class wam_class(Wam):
        def alive(self, token: EntraToken) -> bool:
            return True


class MixesUsersUp(Client):
    """It asks for a user's token at the device's tenant, whose ever the user is."""

    class wam_class(Wam):
        async def user_token(self, log: Log, user: User) -> EntraToken:
            return await super().user_token(log, replace(user, tenant=self._config.tenant))


class PrefersToken(Client):
    """It asks Entra though it has a PKI certificate to install with."""

    class ccmsetup_class(Ccmsetup):
        def takes_certificate(self) -> bool:
            return False


class NeverGivesUp(Client):
    """ccmsetup tries again for ever, whatever /downloadtimeout says."""

    class ccmsetup_class(Ccmsetup):
        def time_is_up(self) -> bool:
            return False


class CallsWithDeadToken(Client):
    """ccmsetup appends SYSTEM's token to its requests without a look at its expiry."""

    class ccmsetup_class(Ccmsetup):
        class caller_class(Caller):
            def may_call(self) -> bool:
                return True


class InstallsAnything(Client):
    """It installs what it has downloaded without a look at the hash."""

    class ccmsetup_class(Ccmsetup):
        class download_class(Download):
            def hash_good(self, content: bytes, location: Location) -> bool:
                return True


class AsksTheCloudForEver(Client):
    """Where the cloud's store does not answer it asks there again, and never turns to the management point."""

    class ccmsetup_class(Ccmsetup):
        class download_class(Download):
            async def _cloud_failed(self, location: Location, code: str) -> bytes:
                while (content := await self.from_cloud(location)) is None:
                    continue
                return content


class TrustsAnyStore(Client):
    """It takes its content from whoever answers under the name of the cloud's store."""

    class ccmsetup_class(Ccmsetup):
        class download_class(Download):
            async def verify_store(self, chain: Chain, host: str) -> None:
                return


class IgnoresTheStoresName(Client):
    """It takes its content from whoever has a good certificate, of whatever name."""

    class ccmsetup_class(Ccmsetup):
        class download_class(Download):
            async def verify_store(self, chain: Chain, host: str) -> None:
                try:
                    await super().verify_store(chain, host)
                except Refused as refused:
                    if refused.reason is not Reason.name:
                        raise


class TrustsAnyEntra(Client):
    """It asks for its tokens whoever answers under Entra's name."""

    class wam_class(Wam):
        async def verify_entra(self, chain: Chain, host: str) -> None:
            return


BUGS = (
    bug("client", SharesTheCache, "I4.1 T5 S-65"),
    bug("client", KeepsTokensInClear, "I4.1 SEC-11", {"cache_protection": "encrypted"}),
    bug("client", KeepsTheFirstToken, "R4.0 T5 S-18e"),
    bug("client", AsksForUserFirst, "I2.1 S-05"),
    bug("client", NeverFallsBack, "I2.2 I2.5", {"device_app": "not_enabled"}),
    bug("client", ServesDeadEntraTokens, "I3.0 A25 T2"),
    bug("client", MixesUsersUp, "A20 S-64", {"user_kind": "other_tenant"}),
    bug("client", PrefersToken, "I2.4 A11 S-08", {"pki": "valid", "install_prefers": "certificate"}),
    bug("client", NeverGivesUp, "I2.3 A13"),
    bug("client", CallsWithDeadToken, "I3.0 I4.2 S-02"),
    bug("client", InstallsAnything, "I4.3 S-09", {"content_hash": "bad"}),
    bug("client", AsksTheCloudForEver, "I4.5 A24", {"content_in_cloud": "yes"}),
    bug("client", TrustsAnyEntra, "I2.0 X2"),
    bug("client", TrustsAnyStore, "I4.4 X2", {"content_in_cloud": "yes"}),
    bug("client", IgnoresTheStoresName, "I4.4 X2", {"content_in_cloud": "yes"}),
)
