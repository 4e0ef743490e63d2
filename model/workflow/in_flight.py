"""Extension: two requests to CCM_STS at a time, for two users who are signed in on the device.

The core has one request under way at a time, and one user. Here the messages of two users' SIDs each need a CCM token
of their own (T3, DOMAIN 7.1), and two requests may be out together. A reply takes its time; the client may give up
waiting, ask again, and then be met by a reply that comes late. What it does with a reply is said by two readings:

- `serial_per_account`: for one SID there is no second request while the client waits for the first;
- `replies_are_matched`: a reply belongs to the request that it answers, and is dropped where that is waited for no
  more. Else it is taken for the answer to any request that is waited for.

Only what is answered is modelled, and of the way there only that it takes time: what CMG, connection point and
management point check of a request is the core's, and is the same for each. The token that CCM_STS makes is for the
identity in the Entra token that came with the request, the asking user's own (I3.7, A21). SYSTEM's messages, which go
on meanwhile, are the core's; its own user is best left out.
"""

from __future__ import annotations

from ccmproof.model.kernel.actor import ActorDef, Clock, actor, clear, parameter, put, record, recv, send, take
from ccmproof.model.kernel.definition import Item

from .extension import Extension
from .hosts import CLIENT, HANDS, MP, WIRE
from .timing import Scale

ACCOUNTS = ("first_user", "second_user")
EXCHANGES = {"one": "two", "two": "one"}
"""The two requests that may be out together, each with the other."""

READINGS = [
    parameter("serial_per_account", "yes no", default="yes", cites="T3 S-21",
              doc="CcmMessaging has one request to CCM_STS at a time for a SID"),
    parameter("replies_are_matched", "yes no", default="yes", cites="T5 N-09",
              doc="A reply is matched to the request that it answers"),
]  # fmt: skip


def asks(account: str, exchange: str) -> str:
    """The event by which the client asks for a token for the account."""
    return f"{account}_asks_by_{exchange}"


def records(scale: Scale) -> list[tuple[ActorDef, ...]]:
    """What is under way, and what is cached."""
    token: dict[str, str | Clock] = {"owner": "nobody first_user second_user", "life": scale.token}
    flights = [
        record(f"flight.{name}", {"account": "nobody first_user second_user", **token}, host=WIRE, seen_by=HANDS,
               doc=f"Request {name} to CCM_STS: for whom it asks; and the token that its reply brings")
        for name in EXCHANGES
    ]  # fmt: skip
    entries = [record(f"entry.{account}", token, host=CLIENT, doc=f"The CCM token cached for the {account}'s SID")
               for account in ACCOUNTS]  # fmt: skip
    return [*flights, *entries]


def exchange(mine: str, other: str) -> ActorDef:
    """What the client knows of one of its requests."""
    arrived = f"way.{mine} is homeward"
    mistakable = f"replies_are_matched is no and exchange.{other} is awaited"
    asked = [
        send(asks(account, mine), "idle", "awaited",
             f"client_is_registered and entry.{account}.life is not fresh and (serial_per_account is no"
             f" or exchange.{other} is not awaited or flight.{other}.account is not {account})",
             put(f"flight.{mine}.account", account), cites="T2 T3")
        for account in ACCOUNTS
    ]  # fmt: skip
    own = [take(f"entry.{each}", f"flight.{mine}", when=f"flight.{mine}.account is {each}") for each in ACCOUNTS]
    others = [take(f"entry.{each}", f"flight.{mine}", when=f"flight.{other}.account is {each}") for each in ACCOUNTS]
    return actor(
        f"exchange.{mine}",
        host=CLIENT,
        states="idle awaited given_up",
        rows=[
            *asked,
            send(f"client_gives_up_{mine}", "awaited", "given_up", cites="A24"),
            send(f"reply_{mine}_is_cached", "awaited", "idle", arrived, *own, clear(f"flight.{mine}"), cites="T5 I4.1"),
            send(f"reply_{mine}_is_mistaken", "awaited given_up", "idle", f"{arrived} and {mistakable}", *others,
                 clear(f"flight.{mine}"), cites="T5 N-09"),
            send(f"late_reply_{mine}_is_dropped", "given_up", "idle", f"{arrived} and not ({mistakable})",
                 clear(f"flight.{mine}"), cites="T5", status="nobody waits for it"),
            recv(f"reply_{other}_is_mistaken", "awaited", "given_up"),
        ],
        waits="idle awaited given_up",
        doc=f"Request {mine} to CCM_STS, as the client knows it.",
    )  # fmt: skip


def way(name: str) -> ActorDef:
    """Where a request, then its reply, is; how long it stays there is not said."""
    ends = (f"reply_{name}_is_cached", f"reply_{name}_is_mistaken", f"late_reply_{name}_is_dropped")
    return actor(
        f"way.{name}",
        host=WIRE,
        states="none_there outward homeward",
        seen_by=HANDS,
        rows=[
            *(recv(asks(account, name), "none_there", "outward", cites="I3.1") for account in ACCOUNTS),
            recv(f"sts_answers_{name}", "outward", "homeward", cites="I3.4"),
            *(recv(end, "homeward", "none_there") for end in ends),
        ],
        holds_up=[asks(account, name) for account in ACCOUNTS],
        doc=f"Whether request {name} is on its way to CCM_STS, or its reply on the way back.",
    )


def answers(scale: Scale) -> ActorDef:
    """CCM_STS, which answers the two requests in any order."""
    return actor(
        "sts_for_users",
        host=MP,
        states="working",
        rows=[
            send(f"sts_answers_{name}", "working", "working", f"way.{name} is outward",
                 put(f"flight.{name}", life=scale.whole_ccm_life),
                 *(put(f"flight.{name}.owner", each, when=f"flight.{name}.account is {each}") for each in ACCOUNTS),
                 cites="I3.4 I3.6 I3.7 T1")
            for name in EXCHANGES
        ],
        waits="working",
        doc="CCM_STS at the two users' requests: a whole new token, for the user who asked.",
    )  # fmt: skip


USER_MESSAGES = actor(
    "user_messages",
    host=CLIENT,
    states="working",
    rows=[
        send(f"{account}_message_goes_out", "working", "working",
             f"client_is_registered and entry.{account}.life is fresh", cites="T2 T4")
        for account in ACCOUNTS
    ],
    waits="working",
    doc="The two users' messages, each with the token cached for its user.",
)  # fmt: skip


def parts(scale: Scale) -> Item:
    """The actors of this extension, with tokens that live as long as the core's."""
    return [
        READINGS,
        records(scale),
        *(exchange(mine, other) for mine, other in EXCHANGES.items()),
        *(way(name) for name in EXCHANGES),
        answers(scale),
        USER_MESSAGES,
    ]


IN_FLIGHT = Extension(
    "in_flight",
    "Two requests to CCM_STS at a time, for two users",
    parts,
    strikes={
        event: why
        for name in EXCHANGES
        for event, why in ((f"client_gives_up_{name}", "its patience"), (f"reply_{name}_is_mistaken", "a mistake"))
    },
)
