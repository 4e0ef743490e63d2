"""The CMG connection point: keeps a channel to the CMG open from inside, and makes the CMG's request the site's own.

It rewrites the CMG's URL to the management point's internal one (I3.3), for mapped endpoints only (S-23), validates
the token where `cp_validates` says so (X3, A14), and shows the management point its client certificate (X4, A15). The
management point's IIS refuses without it (403 7), or where its own binding is not the site's (403 Forbidden).

There may be a second one, a clone of the first; the CMG takes either.
"""

from ccmproof.model.kernel.actor import actor, put, recv, send
from ccmproof.model.kernel.definition import Item, Predicate
from ccmproof.model.kernel.shapes import clone, family

from .hosts import CMG, CP
from .tokens import checks

PREDICATES = [
    *checks("cp", "X3 I3.3"),
    Predicate(
        "cp_accepts_token",
        "request.kind in {entra_device, entra_user, ccm} and cp_tenant_good and cp_audience_good"
        " and cp_signature_good and cp_lifetime_good",
        "X3",
    ),
    Predicate(
        "cp_accepts",
        "cp_validates is no or cp_accepts_token or request.kind is certificate and request.path is mutual_auth",
        "X3 A14",
    ),
    Predicate(
        "cp_maps",
        "request.endpoint not in {aad_info, unpublished} and mp_mode is not http",
        "I3.3 X1 A16",
        "The CMG's endpoints are replicated here; a plain HTTP management point has none",
    ),
    Predicate(
        "mp_demands_certificate",
        "mp_mode is https and (mp_demands_cp_cert is always or request.kind is certificate)",
        "X4 A15",
    ),
    Predicate(
        "cp_has_certificate",
        "cp_shows_certificate is yes and cp_certificate is valid and cp_certificate_crl is reachable",
        "X4",
    ),
    Predicate("mp_lets_cp_in", "mp_binding is ok and (not mp_demands_certificate or cp_has_certificate)", "X4"),
]

FIRST = actor(
    "connection_point",
    host=CP,
    states="idle holding rewritten waiting returning",
    rows=[
        recv("cmg_forwards_request", "idle", "holding", cites="I3.2"),
        recv("offer_goes_through_the_compromised_cmg", "idle", "holding", cites="X3"),
        send("cp_switches_to_internal_url", "holding", "rewritten", "cp_maps and cp_accepts", cites="I3.3 X3"),
        send("cp_refuses_unmapped", "holding", "returning", "not cp_maps",
             put("reply", status="404"), cites="I3.3", status="404"),
        send("cp_refuses_credential", "holding", "returning", "cp_maps and not cp_accepts",
             put("reply", status="401"), cites="X3", status="401 CMGConnector_Unauthorized"),
        send("cp_sends_to_mp", "rewritten", "waiting", "mp_lets_cp_in", cites="I3.3 X1 X4"),
        send("mp_wants_client_certificate", "rewritten", "returning",
             "mp_binding is ok and mp_demands_certificate and not cp_has_certificate",
             put("reply", status="403"), cites="X4", status="403 CMGConnector_Clientcertificaterequired"),
        send("mp_binding_is_wrong", "rewritten", "returning", "mp_binding is wrong",
             put("reply", status="403"), cites="X4", status="403 CMGConnector_Forbidden"),
        recv("mp_answers", "waiting", "returning", cites="I3.4 R4.1"),
        send("cp_returns_reply", "returning", "idle", "", cites="I3.4 R4.1"),
    ],
    holds_up="cmg_forwards_request offer_goes_through_the_compromised_cmg",
    ignores="mp_answers",
    doc="The CMG connection point.",
)  # fmt: skip

OWN_EVENTS = {
    "cmg_forwards_request": "cmg_forwards_request_to_second",
    "offer_goes_through_the_compromised_cmg": "offer_goes_through_the_compromised_cmg_to_second",
    **{
        name: name.replace("cp_", "second_cp_") if name.startswith("cp_") else f"{name}_for_second"
        for name in (
            "cp_switches_to_internal_url", "cp_refuses_unmapped", "cp_refuses_credential", "cp_sends_to_mp",
            "mp_wants_client_certificate", "mp_binding_is_wrong", "cp_returns_reply",
        )
    },
}  # fmt: skip


SERVICES = family(
    actor(
        "<index>.service",
        host=CP,
        states="up down",
        seen_by=(CMG,),
        rows=[
            send("<index>_goes_down", "up", "down", "faults_happen is on", cites="A24"),
            send("<index>_comes_back", "down", "up", cites="A24"),
        ],
        waits="up",
        doc="The channel that this connection point keeps to the CMG. A fault takes it down and mends it.",
    ),
    over=("connection_point", "second_connection_point"),
)

CONNECTION_POINTS: list[Item] = [
    PREDICATES,
    FIRST,
    clone(FIRST, "second_connection_point", OWN_EVENTS),
    SERVICES,
]
