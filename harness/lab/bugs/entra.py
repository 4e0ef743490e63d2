"""Bugs of Entra, and of the cloud's store."""

from __future__ import annotations

from ..content import CloudStore
from ..directory import Account, App, JoinedDevice
from ..entra import Entra
from ..tokens import Claims
from .bug import bug


class ServesDisabledDevices(Entra):
    """It issues tokens to a device that is disabled."""

    def device_enabled(self, device: JoinedDevice) -> bool:
        return True


class ServesDisabledUsers(Entra):
    """It issues tokens to a user who is disabled."""

    def user_enabled(self, account: Account) -> bool:
        return True


class IgnoresConditionalAccess(Entra):
    """It issues a user's token against a policy that asks for more than a silent request can give."""

    def policy_allows(self, app: App) -> bool:
        return True


class IssuesDeviceTokensForAnyApp(Entra):
    """It issues device tokens for a server app that is not enabled for them."""

    def takes_device_tokens(self, app: App) -> bool:
        return True


class ServesDeadTokens(CloudStore):
    """It gives content for a content token whose time is over."""

    def lifetime_good(self, claims: Claims) -> bool:
        return True


BUGS = (
    bug("entra", ServesDisabledDevices, "A20 S-59"),
    bug("entra", ServesDisabledUsers, "A20 S-59"),
    bug("entra", IgnoresConditionalAccess, "I2.2", {"conditional_access": "blocks"}),
    bug("entra", IssuesDeviceTokensForAnyApp, "I2.1 I2.2", {"device_app": "not_enabled"}),
    bug("cloud", ServesDeadTokens, "I4.4 A28 N-17"),
)
