"""Extension: a bulk registration token, the way in for a device with neither Entra join nor PKI certificate.

An administrator makes the token with the site server's tool, for three days by default and seven at most, and may block
it in the console; it cannot be renewed, and whoever holds it may use it (DOMAIN 1.6, 7, TOKEN). It opens the gateway
and proves a first registration; what follows is done with a token of the device's own. The gateway refuses one that has
expired (401 CMGService_Invalid_Token); the management point looks at its life again, and at the block.

It lies beside the Entra path: the device, its requests and the two acceptors are actors of this file, one request at a
time, and the connection point, which passes it on, is left out. Its age is counted in days that pass in no fixed
relation to the ticks of the other tokens. Not modelled: which approval such a registration gives (it is not
documented), and how the device's own token is renewed.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import actor, choose, clear, put, record, recv, send
from ccmproof.model.kernel.definition import Item, Predicate

from .extension import Extension
from .hosts import ADMINISTRATOR, CLIENT, CMG, ENVIRONMENT, HANDS, MP, WIRE
from .timing import Scale

DAYS = 7
"""The longest life that the tool gives (10080 minutes)."""
LIVES = [f"left_{n}" for n in range(1, DAYS + 1)]
LATER = dict(zip(LIVES, ["expired", *LIVES], strict=False))
"""What is left of it a day later."""

ASKS = ("bulk_device_asks_to_register", "bulk_device_asks_for_policy", "bulk_device_misuses_token")
ANSWERS = ("mp_registers_by_bulk_token", "mp_serves_bulk_device", "mp_refuses_bulk_device")

RECORDS = [
    record("bulk", {"life": " ".join(["none", "expired", *LIVES])}, host=WIRE, seen_by=HANDS,
           doc="What is left of the bulk registration token, in days; its holder and its acceptors read it"),
    record("bulk_request", {"endpoint": "none registration policy", "token": "none bulk own"}, host=WIRE, seen_by=HANDS,
           doc="A request of the device that came by a bulk token, with that or with its own"),
]  # fmt: skip

PREDICATES = [
    Predicate("bulk_token_alive", f"bulk.life in {{{', '.join(LIVES)}}}", "X3 SEC-23"),
    Predicate("cmg_takes_bulk_bearer", "bulk_request.token is own or bulk_token_alive", "X3"),
    Predicate("mp_takes_bulk_token", "bulk_request.token is bulk and bulk_token_alive and bulk_issue is not blocked",
              "X3 SEC-23"),
    Predicate("mp_registers_bulk_device", "bulk_request.endpoint is registration and mp_takes_bulk_token", "R3.1"),
    Predicate("mp_serves_device", "bulk_request.endpoint is policy and bulk_request.token is own", "R4.2 SEC-23"),
]  # fmt: skip

DAY = actor(
    "days",
    host=ENVIRONMENT,
    states="passing",
    rows=[
        send("day_passes", "passing", "passing", "bulk.life not in {none, expired}",
             *(put("bulk.life", then, when=f"bulk.life is {now}") for now, then in LATER.items()), cites="T1 SEC-23"),
    ],
    waits="passing",
    oracle=True,
    doc="Days, which age the bulk registration token.",
)  # fmt: skip

ISSUE = actor(
    "bulk_issue",
    host=ADMINISTRATOR,
    states="not_issued issued blocked",
    seen_by=(MP,),
    rows=[
        send("administrator_issues_bulk_token", "not_issued", "issued", "", choose("bulk.life", LIVES), cites="SEC-23"),
        send("administrator_blocks_bulk_token", "issued", "blocked", cites="SEC-23"),
    ],
    doc="The bulk registration token as the console shows it. A block is for good.",
)  # fmt: skip

DEVICE = actor(
    "bulk_device",
    host=CLIENT,
    states="without_token holding registering registered asking misusing_unregistered misusing",
    rows=[
        recv("administrator_issues_bulk_token", "without_token", "holding"),
        send("bulk_device_asks_to_register", "holding", "registering", "",
             put("bulk_request", endpoint="registration", token="bulk"), cites="R3.1 SEC-23"),
        send("bulk_device_asks_for_policy", "registered", "asking", "",
             put("bulk_request", endpoint="policy", token="own"), cites="R4.2 SEC-23"),
        send("bulk_device_misuses_token", "holding", "misusing_unregistered", "",
             put("bulk_request", endpoint="policy", token="bulk"), cites="X3 SEC-23"),
        send("bulk_device_misuses_token", "registered", "misusing", "",
             put("bulk_request", endpoint="policy", token="bulk"), cites="X3 SEC-23"),
        recv("mp_registers_by_bulk_token", "registering", "registered", cites="R3.2"),
        *(recv(event, "asking misusing", "registered")
          for event in ("mp_serves_bulk_device", "mp_refuses_bulk_device", "cmg_refuses_bulk_bearer")),
        recv("mp_serves_bulk_device", "misusing_unregistered", "holding"),
        *(recv(event, "registering misusing_unregistered", "holding")
          for event in ("mp_refuses_bulk_device", "cmg_refuses_bulk_bearer")),
    ],
    waits="without_token",
    ignores=("administrator_issues_bulk_token", *ANSWERS, "cmg_refuses_bulk_bearer"),
    doc="The device that was given the token; it also tries to do with it what it is not for.",
)  # fmt: skip

GATEWAY = actor(
    "bulk_gateway",
    host=CMG,
    states="idle holding waiting",
    rows=[
        *(recv(event, "idle", "holding") for event in ASKS),
        send("cmg_admits_bulk_bearer", "holding", "waiting", "cmg_takes_bulk_bearer", cites="I3.2 X3"),
        send("cmg_refuses_bulk_bearer", "holding", "idle", "not cmg_takes_bulk_bearer", clear("bulk_request"),
             cites="I3.2 X3", status="401 CMGService_Invalid_Token"),
        *(recv(event, "waiting", "idle") for event in ANSWERS),
    ],
    holds_up=ASKS,
    ignores=ANSWERS,
    doc="The CMG at a request of this device's.",
)  # fmt: skip

ACCEPTOR = actor(
    "bulk_acceptor",
    host=MP,
    states="idle holding",
    rows=[
        recv("cmg_admits_bulk_bearer", "idle", "holding"),
        send("mp_registers_by_bulk_token", "holding", "idle", "mp_registers_bulk_device", clear("bulk_request"),
             cites="R3.1 R3.2 SEC-23"),
        send("mp_serves_bulk_device", "holding", "idle", "mp_serves_device", clear("bulk_request"), cites="R4.2"),
        send("mp_refuses_bulk_device", "holding", "idle", "not mp_registers_bulk_device and not mp_serves_device",
             clear("bulk_request"), cites="X3 SEC-23", status="401 PreAuth token validation failed"),
    ],
    holds_up="cmg_admits_bulk_bearer",
    doc="The management point at a request of this device's.",
)  # fmt: skip


def parts(scale: Scale) -> Item:
    """The actors of this extension; its days are its own."""
    return [RECORDS, PREDICATES, DAY, ISSUE, DEVICE, GATEWAY, ACCEPTOR]


BULK = Extension(
    "bulk",
    "A device registers with a bulk registration token",
    parts,
    strikes={
        "administrator_issues_bulk_token": "a decision; nobody can count on it",
        "administrator_blocks_bulk_token": "a decision that is not taken back",
        "bulk_device_misuses_token": "who is confused need not be",
    },
)
