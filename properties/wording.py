"""How several claims are said as one condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

TOKEN: Mapping[str, tuple[str, ...]] = {
    "kind": ("entra_device", "entra_user", "ccm"),
    "tenant": ("own",),
    "audience": ("site",),
    "owner": ("device", "user"),
    "signer": ("entra", "site", "retired"),
    "names": ("client_id",),
    "life": ("live", "fresh", "expired"),
}
"""For each field of a token the values that tell one token from another."""
ENTRA_TOKEN = tuple(field for field in TOKEN if field != "names")
"""The fields that an Entra token has: it names no ClientID."""


def among(actor: str, states: str) -> str:
    """The actor is in one of these states."""
    return f"{actor} in {{{', '.join(states.split())}}}"


def all_imply(pairs: Mapping[str, str]) -> str:
    """Each of the premises implies its conclusion."""
    return " and ".join(f"(not ({when}) or ({then}))" for when, then in pairs.items())


def exactly_where(one: str, other: str) -> str:
    """The two hold together, or neither does."""
    return all_imply({one: other, other: one})


def same_token(one: str, other: str, fields: Iterable[str] = TOKEN) -> str:
    """The two records have the same token, as far as these fields tell."""
    return " and ".join(
        exactly_where(f"{one}.{field} is {value}", f"{other}.{field} is {value}")
        for field in fields
        for value in TOKEN[field]
    )
