"""The keys that Entra signs tokens with: those that it publishes, as whoever asks it for them is told, and none else.

They are read as the hosts of the site read them (:mod:`..entra_keys`): when a lab begins, and again wherever a token of
Entra's crosses a wire that none of those in hand has signed. What was published once counts on, for tokens live longer
than keys are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cryptography.hazmat.primitives.asymmetric import rsa

from ..asked import Fails
from ..build import Lab
from ..entra_keys import EntraKeys
from ..network import Refused, Unreachable
from ..trust import Trust

READER = "watch.example"
"""The name of whoever reads them for the judge."""


class Published:
    """Entra's keys.

    Attributes:
        latest: as they were published when they were last read, by `kid`; the first is taken for the present one.
    """

    def __init__(self, lab: Lab) -> None:
        names = lab.names
        self._tenants = (names.tenant, names.other_tenant)
        self._reader = EntraKeys(lab.world, READER, Trust([lab.authorities.public.certificate]))
        self.latest: Mapping[str, rsa.RSAPublicKey] = {}
        self._ever: dict[tuple[int, int], rsa.RSAPublicKey] = {}

    @property
    def ever(self) -> Iterable[rsa.RSAPublicKey]:
        """All that were published so far, the latest first."""
        return reversed(self._ever.values())

    @property
    def present(self) -> tuple[str, rsa.RSAPublicKey]:
        """The key that new tokens are taken to be signed with, by its name."""
        return next(iter(self.latest.items()))

    async def begin(self) -> None:
        """Read them for the first time.

        Raises:
            Fails: there are none, or they cannot be read.
        """
        try:
            await self._read()
        except (Refused, Unreachable, ValueError) as error:
            raise Fails(f"the entra's keys cannot be read: {error}") from error
        if not self.latest:
            raise Fails("the entra publishes no key for RS256, and every token is signed by such a one")

    async def again(self) -> None:
        """Read them again; where they cannot be read those in hand count."""
        try:
            await self._read()
        except (Refused, Unreachable, ValueError):
            return

    async def _read(self) -> None:
        latest: dict[str, rsa.RSAPublicKey] = {}
        for tenant in self._tenants:
            latest |= (await self._reader.read(tenant)).keys
        self.latest = latest
        for key in reversed(latest.values()):
            numbers = key.public_numbers()
            self._ever.setdefault((numbers.n, numbers.e), key)
