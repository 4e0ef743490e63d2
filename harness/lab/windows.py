"""The Windows domain: what shows that a computer has an account in it, for `Negotiate` on the direct path (A7, A12).

As Kerberos does, the domain gives a ticket for one service to an account that it knows; the service believes the
domain's signature and needs nobody's word beside. A ticket is good for minutes, and once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from .tokens import Check, Claims, Invalid, Issuer, KeySet, SigningKey, Validator, issue
from .world import World

TICKET_LIVES = timedelta(minutes=5)


class NoAccount(ValueError):
    """The domain gives this computer no ticket."""


@dataclass
class Account:
    """A computer's account in the domain."""

    computer: str
    enabled: bool = True


class Domain:
    """A domain with its computers.

    Attributes:
        name: as in `corp.example`.
        accounts: by the computer's name.
    """

    def __init__(self, world: World, name: str = "corp.example") -> None:
        self._world, self.name = world, name
        self.accounts: dict[str, Account] = {}
        self._key = SigningKey.labelled(f"domain {name}")

    @property
    def issuer(self) -> str:
        """What its tickets say of who gave them."""
        return f"urn:domain:{self.name}"

    def join(self, computer: str) -> Callable[[str], str]:
        """A computer joins the domain: what gives it a ticket for a service, whenever it wants one."""
        self.accounts[computer] = Account(computer)
        return lambda service: self.ticket(computer, service)

    def disable(self, computer: str) -> None:
        """This computer gets no tickets any more."""
        self.accounts[computer].enabled = False

    def ticket(self, computer: str, service: str) -> str:
        """A ticket for a service's host.

        Raises:
            NoAccount: the computer is not in the domain, or disabled.
        """
        account = self.accounts.get(computer)
        if account is None or not account.enabled:
            raise NoAccount(f"{computer!r} has no account in {self.name}")
        claims = {"iss": self.issuer, "aud": f"HTTP/{service}", "sub": f"{computer}$", "jti": self._fresh_id()}
        return issue(self._key, claims, TICKET_LIVES, self._world.clock.now())

    def issuers(self) -> dict[str, Issuer]:
        """What a service in the domain believes."""
        return {self.issuer: Issuer(KeySet.of(self._key))}

    def _fresh_id(self) -> str:
        return f"{self._world.random.getrandbits(128):032x}"


class Negotiate:
    """What a service asks of an `Authorization: Negotiate` header.

    Args:
        domain: the service's own; tickets of no other are believed.
        service: its host.
    """

    def __init__(self, world: World, domain: Domain, service: str) -> None:
        self._world = world
        self.validator = Validator(domain.issuers(), f"HTTP/{service}")
        self._used: dict[str, int] = {}

    def computer(self, header: str) -> str:
        """The computer that a header shows an account of.

        Raises:
            Invalid: it shows none.
        """
        scheme, _, ticket = header.partition(" ")
        if scheme.lower() != "negotiate":
            raise Invalid(Check.form, "no Negotiate")
        claims = self.validator.validate(ticket, self._world.clock.now())
        account = claims.get("sub")
        if not isinstance(account, str) or not account.endswith("$") or account == "$":
            raise Invalid(Check.form, "no computer's account")
        if not self.first_time(claims):
            raise Invalid(Check.lifetime, "used before")
        return account[:-1]

    def first_time(self, claims: Claims) -> bool:
        """The ticket has not been used before; from now on it has."""
        now, identifier = self._world.clock.now().timestamp(), claims.get("jti")
        self._used = {each: ends for each, ends in self._used.items() if now < ends}
        if not isinstance(identifier, str) or not identifier or identifier in self._used:
            return False
        self._used[identifier] = claims["exp"]
        return True
