"""The cloud management gateway: admits a request by its bearer token or TLS client certificate, and hands it on.

Only published endpoints are there (S-22). AADAuthInfo is answered by the CMG itself, to anybody, if the tenant that
is named is onboarded (I1.2, I1.3). Everything else needs a credential that is good here: issuer and tenant, audience,
signature, lifetime, each a check of its own (DOMAIN 4.5), on the path of its scheme: a token on ServerAuth, a
certificate on MutualAuth (A2). What is not admitted is answered and not handed on.

A reply goes back the way the request came. `reply_is_lost` is a fault, or a man in the middle who keeps it.
"""

from ccmproof.model.kernel.actor import actor, clear, put, recv, send
from ccmproof.model.kernel.definition import Item, Predicate

from .hosts import CMG
from .tokens import checks
from .wire import CLIENT_SENDS, THROUGH_COMPROMISED_CMG

PREDICATES = [
    *checks("cmg", "X3 I3.2"),
    Predicate(
        "cmg_accepts_token",
        "request.path is server_auth and request.kind in {entra_device, entra_user, ccm} and cmg_tenant_good"
        " and cmg_audience_good and cmg_signature_good and cmg_lifetime_good",
        "I3.2 I3.5 X3",
    ),
    Predicate("cmg_accepts_certificate", "request.path is mutual_auth and request.kind is certificate", "I2.4 I3.5"),
    Predicate("cmg_admits", "cmg_accepts_token or cmg_accepts_certificate", "I3.2 X3"),
    Predicate("cmg_publishes", "request.endpoint not in {aad_info, unpublished}", "I3.2 S-22"),
    Predicate("mp_is_published", "mp_mode is not http", "X1 A16", "A plain HTTP management point has no CMG"),
    Predicate("first_cp_is_connected", "connection_point.service is up", "I3.2"),
    Predicate("second_cp_is_connected", "cp_count is 2 and second_connection_point.service is up", "I3.2"),
]

CMG_ACTOR = actor(
    "cmg",
    host=CMG,
    states="idle holding waiting returning",
    rows=[
        *(recv(event, "idle", "holding", cites="I3.1") for event in (*CLIENT_SENDS, "offer_goes_to_the_cmg")),
        send("cmg_gives_entra_properties", "holding", "returning", "request.endpoint is aad_info and cmg_tenant_good",
             put("reply", status="ok"), cites="I1.2"),
        send("cmg_withholds_entra_properties", "holding", "returning",
             "request.endpoint is aad_info and not cmg_tenant_good",
             put("reply", status="404"), cites="I1.3", status="no properties"),
        send("cmg_does_not_publish", "holding", "returning", "request.endpoint is unpublished",
             put("reply", status="404"), cites="I3.2", status="404"),
        send("cmg_refuses_credential", "holding", "returning", "cmg_publishes and not cmg_admits",
             put("reply", status="401"), cites="I3.2 X3", status="401 CMGService_Invalid_Token"),
        send("cmg_forwards_request", "holding", "waiting",
             "cmg_publishes and cmg_admits and mp_is_published and first_cp_is_connected", cites="I3.2 R3.1 R4.1"),
        send("cmg_forwards_request_to_second", "holding", "waiting",
             "cmg_publishes and cmg_admits and mp_is_published and second_cp_is_connected", cites="I3.2"),
        send("cmg_has_no_way_on", "holding", "returning",
             "cmg_publishes and cmg_admits and not (mp_is_published and (first_cp_is_connected"
             " or second_cp_is_connected))",
             put("reply", status="500"), cites="X1 I3.2", status="500 no connection point"),
        *(recv(event, "idle", "waiting", cites="X3") for event in THROUGH_COMPROMISED_CMG),
        recv("cp_returns_reply", "waiting", "returning", cites="I3.4 R4.1"),
        recv("second_cp_returns_reply", "waiting", "returning", cites="I3.4 R4.1"),
        send("cmg_returns_reply", "returning", "idle", "",
             clear("request"), clear("reply", when="not reply_is_kept"), cites="I3.4 R3.2 R4.1"),
        send("reply_is_lost", "returning", "idle", "faults_happen is on or interception is stolen_key",
             clear("request"), clear("reply"), cites="A24", status="no reply", oracle=True),
    ],
    holds_up=(*CLIENT_SENDS, "offer_goes_to_the_cmg", *THROUGH_COMPROMISED_CMG),
    ignores="cp_returns_reply second_cp_returns_reply",
    doc="The cloud management gateway.",
)  # fmt: skip

GATEWAY_PARTS: list[Item] = [PREDICATES, CMG_ACTOR]
