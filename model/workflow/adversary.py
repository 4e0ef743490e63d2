"""The adversary and the confused client: requests that nobody should make (DOMAIN 14).

An offer is prepared, with a token or none, for an endpoint and in somebody's name, and then goes to the CMG, directly
to the management point where there is a path to it, or past a compromised CMG's checks to the connection point. The
answer to an STS request is loot.

The adversary may have: an account in another tenant, the private key of the CMG's certificate, the eyes of a local
user or of SYSTEM on the client's disk, the gateway. Each is a capability of its own that a scenario opens. He can
always listen to nothing that TLS protects, forge with a key of his own, and keep an old token that he found.
"""

from ccmproof.model.kernel.actor import Effect, actor, choose, clear, put, recv, send, take
from ccmproof.model.kernel.definition import Item

from .hosts import ADVERSARY, CLIENT
from .wire import OFFER_GOES, OFFERS

ENDPOINTS = "sts location content_location registration policy unpublished"


def offer(*token: tuple[Effect, ...]) -> list[tuple[Effect, ...]]:
    """A request of the adversary's, in any name, for any endpoint, with and without CcmTokenAuth."""
    return [
        put("request", sender="adversary", path="server_auth", account="system", signed="no"),
        choose("request.token_auth", "no yes"),
        choose("request.claims", "client stranger"),
        choose("request.endpoint", ENDPOINTS),
        *token,
    ]


def slip(*token: tuple[Effect, ...], path: str = "server_auth", token_auth: str = "yes") -> list[tuple[Effect, ...]]:
    """A request of the confused client's, in its own name, for any endpoint."""
    return [
        put("request", sender="confused_client", claims="client", path=path, token_auth=token_auth),
        put("request", account="system", signed="no"),
        choose("request.endpoint", ENDPOINTS),
        *token,
    ]


PRESENT = "adversary is present"

ADVERSARY_CALL = actor(
    "adversary_call",
    host=ADVERSARY,
    states="idle offering waiting",
    rows=[
        send("adversary_offers_no_token", "idle", "offering", PRESENT,
             *offer(), cites="X3 D3"),
        send("adversary_offers_foreign_token", "idle", "offering",
             f"{PRESENT} and adversary_account is other_tenant",
             *offer(put("request", kind="entra_user", tenant="other", audience="site", owner="stranger", signer="entra",
                        life="left_1")), cites="X3 A20"),
        send("adversary_offers_token_for_other_audience", "idle", "offering", PRESENT,
             *offer(put("request", kind="entra_user", tenant="own", audience="other", owner="user", signer="entra",
                        life="left_1")), cites="X3"),
        send("adversary_offers_forged_entra_token", "idle", "offering", PRESENT,
             *offer(put("request", kind="entra_device", tenant="own", audience="site", owner="device", signer="forger",
                        life="left_1")), cites="X3"),
        send("adversary_offers_forged_ccm_token", "idle", "offering", PRESENT,
             *offer(put("request", kind="ccm", tenant="own", audience="site", owner="device", signer="forger",
                        names="client_id", life="left_1")), cites="X3"),
        send("adversary_offers_expired_entra_token", "idle", "offering", PRESENT,
             *offer(put("request", kind="entra_device", tenant="own", audience="site", owner="device", signer="entra",
                        life="expired")), cites="X3 T1"),
        send("adversary_offers_expired_ccm_token", "idle", "offering", PRESENT,
             *offer(put("request", kind="ccm", tenant="own", audience="site", owner="device", signer="site",
                        names="client_id", life="expired")), cites="X3 T1"),
        send("adversary_replays_loot", "idle", "offering", f"{PRESENT} and loot.kind is not none",
             *offer(take("request", "loot")), cites="X3"),
        *(recv(event, "offering", "waiting", cites="X3") for event in OFFER_GOES),
        recv("cmg_returns_reply", "waiting", "idle", "",
             take("loot", "reply", when="adversary_call is waiting and reply.kind is ccm"), cites="X3"),
        recv("mp_answers_directly", "waiting", "idle", "",
             take("loot", "reply", when="adversary_call is waiting and reply.kind is ccm"), cites="X3"),
        recv("reply_is_lost", "waiting", "idle", "", cites="X3"),
    ],
    waits="idle offering",
    ignores=(*OFFER_GOES, "cmg_returns_reply", "mp_answers_directly", "reply_is_lost"),
    doc="What the adversary is about.",
)  # fmt: skip

CONFUSED_CALL = actor(
    "confused_client",
    host=CLIENT,
    states="idle offering waiting",
    rows=[
        send("confused_client_offers_no_token", "idle", "offering", PRESENT,
             *slip(token_auth="no"), cites="I3.0 D3"),
        send("confused_client_offers_entra_token", "idle", "offering", f"{PRESENT} and wam.device.life is not none",
             *slip(take("request", "wam.device")), cites="I3.0"),
        send("confused_client_offers_dead_token", "idle", "offering",
             f"{PRESENT} and cache.system.life is expired",
             *slip(take("request", "cache.system")), cites="T2"),
        send("confused_client_takes_the_wrong_path", "idle", "offering",
             f"{PRESENT} and cache.system.life is not none",
             *slip(take("request", "cache.system"), path="mutual_auth"), cites="I3.5"),
        *(recv(event, "offering", "waiting", cites="X3") for event in OFFER_GOES),
        *(recv(event, "waiting", "idle") for event in ("cmg_returns_reply", "mp_answers_directly", "reply_is_lost")),
    ],
    waits="idle offering",
    ignores=(*OFFER_GOES, "cmg_returns_reply", "mp_answers_directly", "reply_is_lost"),
    doc="A client in disorder: it sends what a client in order never would.",
)  # fmt: skip

OFFER = actor(
    "offer",
    host=ADVERSARY,
    states="none_there made",
    rows=[
        *(recv(event, "none_there", "made") for event in OFFERS),
        send("offer_goes_to_the_cmg", "made", "none_there", "", put("request.via", "gateway"), cites="X3"),
        send("offer_goes_directly", "made", "none_there", "direct is yes", put("request.via", "direct"), cites="A7 X3"),
        send("offer_goes_through_the_compromised_cmg", "made", "none_there",
             "cmg_compromised is yes and request.sender is adversary", put("request.via", "gateway"), cites="X3"),
        send("offer_goes_through_the_compromised_cmg_to_second", "made", "none_there",
             "cmg_compromised is yes and request.sender is adversary and cp_count is 2",
             put("request.via", "gateway"), cites="X3"),
    ],
    holds_up=OFFERS,
    oracle=True,
    doc="The way that a prepared request takes.",
)  # fmt: skip

LOOTING = actor(
    "looting",
    host=ADVERSARY,
    states="watching",
    rows=[
        send("adversary_captures_token", "watching", "watching",
             "interception is stolen_key and cmg is holding and request.sender is client and request.kind is not none"
             " and request.kind is not certificate",
             take("loot", "request"), cites="X2"),
        send("adversary_reads_cache", "watching", "watching",
             "cache.system.life is not none and (adversary_reads is as_system"
             " or adversary_reads is as_local_user and cache_protection is plain)",
             take("loot", "cache.system"), cites="I4.1"),
        send("adversary_forgets", "watching", "watching", "loot.kind is not none", clear("loot"), cites="X3"),
    ],
    waits="watching",
    oracle=True,
    doc="How the adversary comes by tokens: on a connection that he ends himself, and on the client's disk.",
)  # fmt: skip

ADVERSARY_PARTS: list[Item] = [ADVERSARY_CALL, CONFUSED_CALL, OFFER, LOOTING]
