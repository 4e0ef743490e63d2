"""Bugs of CCM_STS, which runs on the management point."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..bearer import Bearer, Kind
from ..call import Call
from ..entra_keys import NoMetadata
from ..management_point import ManagementPoint
from ..sts import TokenService
from .bug import Bug, bug


class SkipsLookup(TokenService):
    """It makes a token without a look into the site database."""

    def _looked_up(self, bearer: Bearer, call: Call, client_id: str) -> str:
        return ""  # no client is known to it, so that the token names none


class KnowsEveryUser(TokenService):
    """It makes a token for a user whom the site does not know."""

    def knows_user(self, bearer: Bearer) -> bool:
        return True


class IssuesForADay(TokenService):
    """Its tokens live for a day."""

    def lifetime(self) -> timedelta:
        return timedelta(days=1)


class NamesWhatIsClaimed(TokenService):
    """Its token names the ClientID that the request names, registered or not."""

    def client_id_of(self, bearer: Bearer, client_id: str) -> str:
        return client_id


class ForgetsTheUser(TokenService):
    """Its token for a user is his device's."""

    def create(self, bearer: Bearer, client_id: str) -> str:
        return super().create(Bearer(Kind.entra_device, bearer.claims), client_id)


class IgnoresBlock(TokenService):
    """It makes a token for a client that is blocked."""

    def lets_client(self, client_id: str) -> bool:
        return True


class RenewsByCcmToken(TokenService):
    """It takes a CCM token in the place of an Entra token: who has one has one for ever."""

    async def validate(self, call: Call, client_id: str) -> Bearer:
        if not self.mp.reaches_entra():
            raise NoMetadata("no way to Entra")
        return await self.mp.bearer(call.token, self.mp.world.clock.now())


def _of(service: type[TokenService], offends: str, shows: dict[str, str] | None = None) -> Bug:
    class Site(ManagementPoint):
        __doc__ = service.__doc__

        def make_sts(self) -> TokenService:
            return service(self)

    Site.__name__ = service.__name__
    made = bug("management_point", Site, offends, shows)
    return replace(made, name=made.name.replace("management-point", "sts"))


BUGS = (
    _of(SkipsLookup, "I3.4 A23 S-33 N-12"),
    _of(KnowsEveryUser, "I3.4 A23 N-12", {"user_discovered": "no", "device_app": "not_enabled"}),
    _of(IssuesForADay, "T1 S-18"),
    _of(NamesWhatIsClaimed, "I3.7 A4"),
    _of(ForgetsTheUser, "I3.7 N-14"),
    _of(IgnoresBlock, "A43", {"sts_checks_block": "yes"}),
    _of(RenewsByCcmToken, "I3.0 I3.4"),
)
