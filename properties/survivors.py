"""Single edits of the model that no property notices, and why that is right; by their texts, as a run has them.

What is here is no gap of the suite. An edit that a property would have to notice does not belong here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """Edits that one reason explains."""

    reason: str
    edits: tuple[str, ...]


ACCEPTED: tuple[Accepted, ...] = (
    Accepted(
        "the document leaves it open; the suite speaks of both readings, says what depends on them (`decided_by`,"
        " `exactly`), and is asked for both in the scenario `readings`",
        (
            "parameter bootstrap_knows_site_option is no",
            "parameter anonymous_fallback is yes",
            "parameter messaging_drops_on_401 is yes",
            "parameter ccmsetup_drops_on_401 is no",
            "parameter recheck_after_renewal is yes",
        ),
    ),
    Accepted(
        "it is left open where a disk is read, or an adversary has an account or the gateway, and what depends on it"
        " says so (SEC-11, SEC-14, E-190, E-192 to E-194, S-72); elsewhere the claims hold either way, as they should",
        (
            "parameter cache_protection is plain",
            "parameter adversary_account is other_tenant",
            "parameter cmg_compromised is yes",
        ),
    ),
    Accepted(
        "whether a site keeps or merges conflicting records is its administrator's choice; N-15o says what depends on"
        " it, and the scenarios of two clients leave it open",
        ("parameter conflicting_records is kept",),
    ),
    Accepted(
        "a day over which no token ages changes nothing; the demand keeps the product small",
        ("days/day_passes: guard no more demands 'bulk.life not in {expired, none}'",),
    ),
)

SURVIVORS: Mapping[str, str] = {text: each.reason for each in ACCEPTED for text in each.edits}
"""Each accepted survivor, and why it is one."""
