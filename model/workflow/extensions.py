"""The extensions of the core, by their names; each has a file of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError, nearest

from .ageing import AGEING
from .bulk import BULK
from .extension import Extension
from .fairness import FAIR
from .in_flight import IN_FLIGHT
from .later import LATER
from .outage import OUTAGE
from .passing import PASSING
from .policy_signing import POLICY_SIGNING
from .second_client import SECOND_CLIENT
from .skew import SKEW
from .taken_away import KNOWN_DEVICE, TENANT_OFF
from .timing import Scale

EXTENSIONS: dict[str, Extension] = {
    each.name: each
    for each in (
        POLICY_SIGNING,
        AGEING,
        LATER,
        IN_FLIGHT,
        BULK,
        KNOWN_DEVICE,
        TENANT_OFF,
        OUTAGE,
        PASSING,
        SKEW,
        SECOND_CLIENT,
    )
}
"""Every extension by its name."""


def extended(model: Model, scale: Scale, names: Iterable[str]) -> Model:
    """The model with the named extensions, one after the other, and what is fair in it then.

    Raises:
        ModelError: there is no extension of that name; the nearest name is given.
    """
    fair = FAIR
    for name in names:
        if name not in EXTENSIONS:
            raise ModelError(f"there is no extension {name!r}{nearest(name, EXTENSIONS)}")
        extension = EXTENSIONS[name]
        model, fair = extension.on(model, scale), fair.and_(extension.strikes, extension.moments)
    return replace(model, fairness=fair)
