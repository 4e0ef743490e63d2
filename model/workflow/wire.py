"""The line to the site: one request at a time is under way, from whoever sends it, until its reply has returned.

`line` is a channel of capacity one. The requests of the client, of a confused client and of an adversary take it in
turn; each acceptor sees the request and what it bears, and not who really sent it.
"""

from ccmproof.model.kernel.definition import Item, Predicate
from ccmproof.model.kernel.shapes import channel

from .hosts import WIRE

CCMSETUP_SENDS = (
    "ccmsetup_sends_aad_info_request",
    "ccmsetup_sends_sts_request",
    "ccmsetup_sends_location_request",
    "ccmsetup_checks_client_files",
    "ccmsetup_sends_content_location_request",
    "ccmsetup_sends_download_request",
)
CLIENT_SENDS = (
    *CCMSETUP_SENDS,
    "registration_sends_request",
    "messaging_sends_sts_request",
    "messaging_sends_message",
)
"""The events by which the client sends a request to the CMG."""

DIRECT_SENDS = ("registration_sends_directly",)
"""The same on a path to the management point that is not the CMG's."""

ADVERSARY_OFFERS = (
    "adversary_offers_no_token",
    "adversary_offers_foreign_token",
    "adversary_offers_token_for_other_audience",
    "adversary_offers_forged_entra_token",
    "adversary_offers_forged_ccm_token",
    "adversary_offers_expired_entra_token",
    "adversary_offers_expired_ccm_token",
    "adversary_replays_loot",
)
CONFUSED_OFFERS = (
    "confused_client_offers_no_token",
    "confused_client_offers_entra_token",
    "confused_client_offers_dead_token",
    "confused_client_takes_the_wrong_path",
)
OFFERS = (*ADVERSARY_OFFERS, *CONFUSED_OFFERS)
"""The events by which somebody else prepares a request; where it goes is decided next."""

THROUGH_COMPROMISED_CMG = (
    "offer_goes_through_the_compromised_cmg",
    "offer_goes_through_the_compromised_cmg_to_second",
)
"""The ways past the CMG's checks, to either connection point; the reply comes back through the CMG."""
OFFER_GOES = ("offer_goes_to_the_cmg", "offer_goes_directly", *THROUGH_COMPROMISED_CMG)
"""All the ways that a prepared request may take."""

TAKES = (*CLIENT_SENDS, *DIRECT_SENDS, *OFFERS)
RETURNS = ("cmg_returns_reply", "mp_answers_directly")
"""The events by which a reply arrives. A reply that is lost brings nothing that could be kept."""
CLIENT_USES_REPLY = (
    "ccmsetup_caches_ccm_token",
    "messaging_caches_new_token",
    "messaging_caches_renewed_token",
    "registration_processes_confirmation",
    "registration_cannot_be_stored",
)
"""The events by which the client takes from a reply what it brought."""

PREDICATES = [
    Predicate(
        "reply_is_kept",
        "request.sender is client and reply.status is ok"
        " and (request.endpoint is sts or request.endpoint is registration and reply.outcome is success)",
        "I4.1 R3.3",
        "It brings a token or a confirmation, which the client takes from it next; until then no reply overwrites it",
    ),
]

LINE = channel(
    "line",
    host=WIRE,
    takes=TAKES,
    frees={
        **dict.fromkeys(RETURNS, "not reply_is_kept"),
        **dict.fromkeys(("reply_is_lost", *CLIENT_USES_REPLY), ""),
    },
    doc="Room for one request: from sending it until its reply has been used.",
)

WIRE_PARTS: list[Item] = [PREDICATES, LINE]
