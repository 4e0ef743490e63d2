"""The client: ccmsetup, registration and messaging of one device, with its stores.

Written from the document and `DOMAIN.md`, as a product would be; it knows nothing of the model. What a test or an
adapter needs is here: :class:`Client` with what it can be told to do, and what it is made from.
"""

from .agent import Client, Outcome, Work
from .config import ClientConfig, Direct, Join, Prefers, Protection
from .device import Device, User

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
