"""Bugs of the connection point."""

from __future__ import annotations

from datetime import datetime

import httpx
from starlette.responses import Response

from ..connection_point import FAILED, ConnectionPoint
from ..endpoints import Target
from ..incoming import Incoming, Refusal
from ..network import Chain, Identity
from ..tokens import Token
from .bug import bug
from .transport import trusting_any_entra


class IgnoresExpiry(ConnectionPoint):
    """It hands on a token that has died on the way to it."""

    def lifetime_good(self, token: Token, now: datetime) -> bool:
        return True


class IgnoresTenant(ConnectionPoint):
    """It hands on a token of a tenant that was never onboarded."""

    def tenant_good(self, token: Token) -> bool:
        return True


class TrustsTheGateway(ConnectionPoint):
    """It validates nothing, since the gateway has done so."""

    async def accepts(self, incoming: Incoming, certificate: str) -> bool:
        return True


class OpenToAnyPath(ConnectionPoint):
    """It hands on requests for whatever path the gateway names."""

    def maps(self, target: Target) -> bool:
        return True


class ShowsNoCertificate(ConnectionPoint):
    """It does not show the management point the client certificate that it has."""

    def shown(self) -> Identity | None:
        return None


class AcceptsAnyManagementPoint(ConnectionPoint):
    """It does not look at what the management point shows."""

    async def verify_management_point(self, chain: Chain, host: str) -> None:
        pass


class HidesRefusals(ConnectionPoint):
    """It makes a refusal of the management point's an error of its own."""

    def named(self, reply: httpx.Response) -> Response:
        if reply.status_code == 401:
            raise Refusal(500, FAILED)
        return super().named(reply)


class TrustsAnyGateway(ConnectionPoint):
    """It serves whoever answers under the gateway's name."""

    def gateway_good(self, chain: Chain) -> bool:
        return True


BUGS = (
    bug("connection_point", IgnoresExpiry, "X3 T1 SEC-07.cp"),
    bug("connection_point", IgnoresTenant, "X3 A20 SEC-05a.cp",
        {"other_tenant_onboarded": "no", "cmg_compromised": "yes"}),
    bug("connection_point", TrustsTheGateway, "X3 A14 SEC-07.cp SEC-06.cp SEC-09.cp"),
    bug("connection_point", OpenToAnyPath, "X1 X3 S-23", {"cmg_compromised": "yes"}),
    bug("connection_point", ShowsNoCertificate, "X4 A15"),
    bug("connection_point", AcceptsAnyManagementPoint, "X4 SEC-10m", {"mp_binding": "wrong"}),
    bug("connection_point", HidesRefusals, "X3 R3.2"),
    bug("connection_point", TrustsAnyGateway, "I3.2 X2"),
    bug("connection_point", trusting_any_entra(ConnectionPoint), "X3 SEC-09.cp"),
)  # fmt: skip
