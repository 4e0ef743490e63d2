"""The suite: every property, in the order in which it is reported. One file a concern."""

from __future__ import annotations

from collections.abc import Iterable

from . import (
    adversary,
    attempts,
    extension_requests,
    extensions,
    in_time,
    install,
    liveness,
    reach,
    refusals,
    registration,
    requests,
    second_client,
    security,
    tokens,
    transport,
)
from .property import Property

CORE: tuple[Property, ...] = (
    *install.PROPERTIES,
    *tokens.PROPERTIES,
    *registration.PROPERTIES,
    *transport.PROPERTIES,
    *requests.PROPERTIES,
    *attempts.PROPERTIES,
    *adversary.PROPERTIES,
    *refusals.PROPERTIES,
    *security.PROPERTIES,
)
"""What can be said of the workflow whatever extensions it has."""

SUITE: tuple[Property, ...] = (
    *CORE,
    *reach.PROPERTIES,
    *liveness.PROPERTIES,
    *in_time.PROPERTIES,
    *extensions.PROPERTIES,
    *extension_requests.PROPERTIES,
    *attempts.WITH_A_CERTIFICATE_THAT_EXPIRES,
    *second_client.PROPERTIES,
)
"""Every property."""


def by_id(properties: Iterable[Property] = SUITE) -> dict[str, Property]:
    """The properties by their ID."""
    return {each.id: each for each in properties}
