"""What a lab asks of a component, anybody's: what it is given, and what it offers.

Neither knows of our components or of the model. What servers offer is short (:mod:`.servers`): they are judged by their
messages.

A client is a class. It is made with the lab's surroundings and a configuration (:mod:`.given`); what it then offers is
:class:`~.offered.AnyClient`: seven methods, one of which says what it has (:mod:`.offered`). How it does its work, and
whether it keeps a file, is its own matter. How such a class is put in the place of ours stands in `ADAPTERS.md`.
"""

from .given import ClientConfig, Direct, Join, Prefers, Protection, User
from .offered import AnyClient, Observation, Registered, StoredToken, Work
from .servers import AnyConnectionPoint, AnyEntra, AnyManagementPoint, AnyServer, Registrations

__all__ = [
    "AnyClient",
    "AnyConnectionPoint",
    "AnyEntra",
    "AnyManagementPoint",
    "AnyServer",
    "ClientConfig",
    "Direct",
    "Join",
    "Observation",
    "Prefers",
    "Protection",
    "Registered",
    "Registrations",
    "StoredToken",
    "User",
    "Work",
]
