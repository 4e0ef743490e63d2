"""The extensions of the core, by their names; each has a file of its own."""

from __future__ import annotations

from collections.abc import Iterable

from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest

from .ageing import AGEING
from .bulk import BULK
from .extension import Extension
from .in_flight import IN_FLIGHT
from .later import LATER
from .outage import OUTAGE
from .policy_signing import POLICY_SIGNING
from .skew import SKEW
from .taken_away import KNOWN_DEVICE, TENANT_OFF
from .timing import Scale

EXTENSIONS: dict[str, Extension] = {
    each.name: each for each in (POLICY_SIGNING, AGEING, LATER, IN_FLIGHT, BULK, KNOWN_DEVICE, TENANT_OFF, OUTAGE, SKEW)
}
"""Every extension by its name."""


def extended(model: Model, scale: Scale, names: Iterable[str]) -> Model:
    """The model with the named extensions, one after the other.

    Raises:
        ModelError: there is no extension of that name; the nearest name is given.
    """
    for name in names:
        if name not in EXTENSIONS:
            raise ModelError(f"there is no extension {name!r}{nearest(name, EXTENSIONS)}")
        model = EXTENSIONS[name].on(model, scale)
    return model
