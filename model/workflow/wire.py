"""The line to the site: one request at a time is under way, from whoever sends it, until its reply has returned.

`line` is a channel of capacity one. The requests of the client, of a confused client and of an adversary take it in
turn; each acceptor sees the request and what it bears, and not who really sent it.
"""

from ccmproof.model.kernel.actor import actor, recv

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

TAKES = (*CLIENT_SENDS, *DIRECT_SENDS, *OFFERS)
RETURNS = ("cmg_returns_reply", "mp_answers_directly", "reply_is_lost")
"""The events that end a request."""

LINE = actor(
    "line",
    host=WIRE,
    states="free taken",
    rows=[
        *(recv(event, "free", "taken") for event in TAKES),
        *(recv(event, "taken", "free") for event in RETURNS),
    ],
    holds_up=(*TAKES, *RETURNS),
    doc="Room for one request: from sending it to its reply.",
)
