"""The example with one thing wrong: it sends with the token that it has, and does not look whether that is still good.

It is found out, and what is told says where and which claims it breaks::

    ccmproof lab test --adapter ccmproof.harness.lab.example.careless
"""

from __future__ import annotations

from ccmproof.harness.lab.contract import AnyClient

from .client import ExampleClient


class CarelessClient(ExampleClient):
    """It takes any token for fresh (T2)."""

    def fresh(self, sid: str) -> bool:
        return sid in self.tokens


def parts() -> dict[str, type[AnyClient]]:
    """What `ccmproof lab test --adapter` asks for."""
    return {"client": CarelessClient}
