"""The client: ccmsetup, registration and messaging of one device, with its stores.

Written from the document and `DOMAIN.md`, as a product would be; it knows nothing of the model. What the lab needs of
it is what it needs of anybody's (:mod:`..contract`); what is here beside that is for its own tests.
"""

from ..contract import ClientConfig, Direct, Join, Prefers, Protection, User, Work
from .agent import Client, Outcome
from .device import Device

__all__ = [
    "Client",
    "ClientConfig",
    "Device",
    "Direct",
    "Join",
    "Outcome",
    "Prefers",
    "Protection",
    "User",
    "Work",
]
