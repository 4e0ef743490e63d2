"""A model small enough to know by heart, without a structural fault: a client asks a server for a token that ages."""

from __future__ import annotations

from ccmproof.model.kernel.actor import (
    ActorDef,
    Clock,
    actor,
    clear,
    otherwise,
    parameter,
    put,
    record,
    recv,
    send,
    take,
    unknown,
)
from ccmproof.model.kernel.definition import Assumption, EventDef, Model, Predicate
from ccmproof.model.kernel.network import Actor, Event, Network, Transition

AGE = Clock(
    ("none_yet", "fresh", "old"), {"fresh": "old"}, groups={"there": ("fresh", "old")}, frozen=("none_yet", "old")
)

CLIENT = actor(
    "client",
    host="client",
    states="idle asking done",
    ignores="grant refuse",
    rows=[
        send("ask", "idle", "asking", "", put("request", kind="ccm"), cites="A1"),
        recv("grant", "asking", "done", "", take("token", "reply"), cites="A2"),
        recv("refuse", "asking", "idle", cites="A3"),
        send("forget", "done", "idle", "", clear("token"), cites="A4"),
    ],
)
SERVER = actor(
    "server",
    host="server",
    states="ready busy",
    holds_up="ask",
    rows=[
        recv("ask", "ready", "busy", "", put("reply", kind="ccm", life="fresh")),
        send("grant", "busy", "ready", "may_grant and request.kind is ccm", cites="B1"),
        send("refuse", "busy", "ready", otherwise, cites="B2", status="401"),
    ],
)
WORLD = actor("world", host="world", states="running", rows=[send("tick", "running", "running")])


def records() -> tuple[ActorDef, ...]:
    """The messages and the token, each with an age where it has one."""
    return (
        *record("request", {"kind": "nothing ccm"}, host="client", seen_by="server"),
        *record("reply", {"kind": "nothing ccm", "life": AGE}, host="server", seen_by="client"),
        *record("token", {"kind": "nothing ccm", "life": AGE}, host="client"),
    )


def small(*more: object) -> Model:
    """The model, with further parts."""
    return Model.of(
        "small",
        unknown("key", "good bad", host="server"),
        parameter("strict", "yes no", default="yes"),
        records(),
        CLIENT,
        SERVER,
        WORLD,
        Predicate("may_grant", "key is good or strict is no"),
        EventDef("ask", doc="The client asks"),
        Assumption("key is good or strict is yes", "a lax site has a good key"),
        *more,  # type: ignore[arg-type]
    )


def locked(n: int) -> Network:
    """``n`` processes and a lock, in the flat form: 3^n + n·3^(n-1) states."""
    processes = tuple(
        Actor(
            f"p{i}",
            ("out", "waits", "in_it", "after"),
            ("out",),
            (
                Transition(f"want.{i}", frozenset({"out"}), "waits"),
                Transition(f"enter.{i}", frozenset({"waits"}), "in_it"),
                Transition(f"leave.{i}", frozenset({"in_it"}), "after"),
            ),
            host=f"host{i}",
        )
        for i in range(n)
    )
    taken = [Transition(f"enter.{i}", frozenset({"free"}), "taken") for i in range(n)]
    given = [Transition(f"leave.{i}", frozenset({"taken"}), "free") for i in range(n)]
    lock = Actor("lock", ("free", "taken"), ("free",), (*taken, *given), host="lock")
    events = []
    for i in range(n):
        events.append(Event(f"want.{i}", f"p{i}", (f"p{i}",)))
        events.append(Event(f"enter.{i}", f"p{i}", (f"p{i}", "lock")))
        events.append(Event(f"leave.{i}", f"p{i}", (f"p{i}", "lock")))
    return Network(f"lock of {n}", (*processes, lock), tuple(events))
