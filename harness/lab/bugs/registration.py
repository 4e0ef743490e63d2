"""Bugs of the registration manager, which runs on the management point."""

from __future__ import annotations

from dataclasses import replace

from ..database import Approval, Proof
from ..management_point import ManagementPoint
from ..registration import Outcome, Registrant, RegistrationManager
from .bug import Bug, bug


class ApprovesWithoutEntra(RegistrationManager):
    """It gives approval 3 to whoever is registered, by Entra or not."""

    def approval(self, proof: Proof) -> Approval:
        return Approval.entra


class ApprovesUnproven(RegistrationManager):
    """It approves a client that nothing has proven."""

    def approval(self, proof: Proof) -> Approval:
        return Approval.yes if proof is Proof.nothing else super().approval(proof)


class RebindsClients(RegistrationManager):
    """It lets a registration take over a ClientID that is another device's."""

    def rebinds(self) -> bool:
        return True


class TakesUsersEverywhere(RegistrationManager):
    """On an enhanced HTTP management point it takes a registration that a user's token proves."""

    def takes_user_tokens(self) -> bool:
        return True


class TakesAnonymous(RegistrationManager):
    """On an HTTPS management point it takes a registration that nothing proves."""

    def takes_anonymous(self) -> bool:
        return True


class StoresPendingAsRegistered(RegistrationManager):
    """It says that a registration is pending, and stores it as done."""

    def write(self, registrant: Registrant, client_id: str, name: str, outcome: Outcome) -> None:
        super().write(registrant, client_id, name, Outcome.success)


class RegistersBlockedClients(RegistrationManager):
    """It registers a client that is blocked."""

    def is_blocked(self, client_id: str, owner: str) -> bool:
        return False


class ConfirmsWithoutStoring(RegistrationManager):
    """It says that a client is registered, and stores nothing."""

    def write(self, registrant: Registrant, client_id: str, name: str, outcome: Outcome) -> None:
        pass


def _of(manager: type[RegistrationManager], offends: str, shows: dict[str, str] | None = None) -> Bug:
    class Site(ManagementPoint):
        __doc__ = manager.__doc__

        def make_registrations(self) -> RegistrationManager:
            return manager(self)

    Site.__name__ = manager.__name__
    made = bug("management_point", Site, offends, shows)
    return replace(made, name=made.name.replace("management-point", "registration"))


BUGS = (
    _of(ApprovesWithoutEntra, "R3.2 R2.2 SEC-14"),
    _of(ApprovesUnproven, "R3.2 SEC-14", {"approval": "trusted"}),
    _of(RebindsClients, "R1.3 A40 N-06", {"registration_rebinds": "no"}),
    _of(TakesUsersEverywhere, "R2.2 A18 S-26", {"mp_mode": "ehttp", "ehttp_takes_user_registration": "no"}),
    _of(TakesAnonymous, "R3.2 A36", {"mp_mode": "https", "https_mp_takes_anonymous": "no"}),
    _of(StoresPendingAsRegistered, "R3.2 A24"),
    _of(RegistersBlockedClients, "A43 S-62"),
    _of(ConfirmsWithoutStoring, "R3.2 R3.3 S-12b"),
)
