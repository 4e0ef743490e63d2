"""The Entra of one's own with one thing wrong: it signs by a key that it does not publish.

Nobody can know that its tokens are its own. It is found out at the first of them::

    ccmproof lab test --adapter ccmproof.harness.lab.example.unpublished
"""

from __future__ import annotations

from typing import Any

from .own_entra import OwnEntra


class SecretiveEntra(OwnEntra):
    """It publishes another key."""

    published = ("own-2",)


def parts() -> dict[str, type[Any]]:
    """What `ccmproof lab test --adapter` asks for."""
    return {"entra": SecretiveEntra}
