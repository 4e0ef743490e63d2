"""The suite: every property, in the order in which it is reported. One file a concern."""

from __future__ import annotations

from collections.abc import Iterable

from . import install, registration, security, tokens, transport
from .property import Property

SUITE: tuple[Property, ...] = (
    *install.PROPERTIES,
    *tokens.PROPERTIES,
    *registration.PROPERTIES,
    *transport.PROPERTIES,
    *security.PROPERTIES,
)


def by_id(properties: Iterable[Property] = SUITE) -> dict[str, Property]:
    """The properties by their ID."""
    return {each.id: each for each in properties}
