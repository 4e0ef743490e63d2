"""The site database and who changes it: the client's record, a stranger's, the block; the administrator.

The client's record is that of its ClientID, whoever has registered it. `device` says whose it is (R1.3, A40): the
client's, by its key or by a proof, whoever has shown that; or a stranger's, who has proven nothing.

A pending registration is confirmed by the site in its own time (DOMAIN 6.6). The administrator approves, blocks,
deletes, and renews the token-signing key, which makes every CCM token that is out the former key's (DOMAIN 4.10).
"""

from ccmproof.model.kernel.actor import actor, clear, put, record, send
from ccmproof.model.kernel.definition import Item

from .hosts import ADMINISTRATOR, DATABASE, MP

BEARERS = ("cache.system", "cache.user", "request", "reply", "loot")

RECORDS = [
    record(
        "site_record",
        {
            "status": "absent pending registered",
            "approval": "none 0 1 2 3",
            "proof": "none entra certificate windows altauth nothing",
            "device": "nobody client stranger",
        },
        host=DATABASE,
        seen_by=(MP,),
        doc="What the site has of this client",
    ),
    record(
        "rogue_record",
        {"approval": "none 0 1 2 3"},
        host=DATABASE,
        seen_by=(MP,),
        doc="What the site has of a stranger who registered",
    ),
]

SITE_SERVER = actor(
    "site_server",
    host=DATABASE,
    states="working",
    rows=[
        send("site_confirms_registration", "working", "working",
             "site_record.status is pending and site_database is up",
             put("site_record.status", "registered"), cites="R3.2 A24"),
    ],
    waits="working",
    doc="Processes what the management points leave for it.",
)  # fmt: skip

BLOCK = actor(
    "block",
    host=DATABASE,
    states="not_set set",
    seen_by=(MP,),
    rows=[
        send("administrator_blocks_client", "not_set", "set",
             "administrator_acts is on and site_record.status is registered", cites="A43"),
    ],
    waits="not_set",
    doc="The administrator's block of this client. It is one-way here.",
)  # fmt: skip

ADMINISTRATOR_ACTOR = actor(
    "administrator",
    host=ADMINISTRATOR,
    states="at_work",
    rows=[
        send("administrator_approves_client", "at_work", "at_work",
             "administrator_acts is on and site_record.status is registered and site_record.approval is 0",
             put("site_record.approval", "1"), cites="R3.2"),
        send("administrator_deletes_client", "at_work", "at_work",
             "administrator_acts is on and site_record.status is registered", clear("site_record"), cites="A24"),
        send("administrator_renews_signing_key", "at_work", "at_work", "administrator_acts is on",
             *(put(f"{bearer}.signer", "retired", when=f"{bearer}.kind is ccm and {bearer}.life is not none"
                   f" and {bearer}.signer is site")
               for bearer in BEARERS), cites="X3"),
    ],
    waits="at_work",
    oracle=True,
    doc="The administrator, at a console that shows the whole site.",
)  # fmt: skip

SITE_DATABASE: list[Item] = [RECORDS, SITE_SERVER, BLOCK, ADMINISTRATOR_ACTOR]
