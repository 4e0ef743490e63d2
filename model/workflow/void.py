"""What means nothing when: fields of records that nobody reads any more, or not yet.

While there is no request (``request.sender`` is ``nobody``) the other fields of one say nothing; while the line is free
no reply does; where there is no token (``life`` is ``none``) it has no kind and no owner; and an idle component has no
message. Whoever begins anew writes each of these fields first. So two designs that differ in what is left in them are
the same design. That nobody reads them is tested in every scenario.
"""

from __future__ import annotations

from collections.abc import Mapping

from .second_client import TWINS

TOKENS = ("cache.system", "cache.user", "wam.device", "wam.user")
FLIGHTS = {"flight.one": "way.one is none_there", "flight.two": "way.two is none_there"}

_CLIENTS: dict[str, str] = {
    "request.*": "request.sender is nobody",
    "reply.*": "line is free",
    **{f"{token}.*": f"{token}.life is none" for token in TOKENS},
    "message.*": "messaging is idle",
}
_OTHERS: dict[str, str] = {"loot.*": "loot.kind is none", **{f"{name}.*": when for name, when in FLIGHTS.items()}}


def _of_peer(when: str) -> str:
    return f"{TWINS.prefix}.{when}"


VOID: Mapping[str, str] = {
    **_CLIENTS,
    **_OTHERS,
    **{f"{TWINS.prefix}.{field}": _of_peer(when) for field, when in _CLIENTS.items()},
}
"""For the fields of records, as patterns, when they mean nothing: one actor in some of its states, which is none of the
fields that it speaks of."""
