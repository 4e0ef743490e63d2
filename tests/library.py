"""A system about time, small enough to work out by hand: a lease of half an hour, and a desk that closes.

While the desk is open it lends, for 30 minutes; after it has closed nobody may read for longer than that. With a desk
that lends by night too (`lends_by_night`) there is no such bound.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccmproof.model.kernel.actor import Clock, actor, parameter, put, send
from ccmproof.model.kernel.definition import Model
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property
from ccmproof.properties.timing import Bound, Duration, Stopwatch

LEASE = 30
BY_NIGHT = parameter("lends_by_night", "no yes", default="no", cites="D1", doc="The desk lends after it has closed")


def build(scenario: Scenario, settings: Mapping[str, str] | None = None, /) -> Model:
    """The model of a scenario; without ticks of a length a lease has three."""
    whole = -(-LEASE // (scenario.tick or 10)) + int(scenario.closed)
    left = [f"left_{n}" for n in range(1, whole + 1)]
    clock = Clock(
        ("none_yet", "expired", *left),
        dict(zip(left, ["expired", *left], strict=False)),
        groups={"live": tuple(left)},
        frozen=("none_yet", "expired"),
    )
    desk = actor(
        "desk", host="desk", states="open closed", waits="*",
        rows=[
            send("lend", "open", "open", "lease is not live", put("lease", left[-1]), cites="D1"),
            send("lend_by_night", "closed", "closed", "lease is not live and lends_by_night is yes",
                 put("lease", left[-1]), cites="D1"),
            send("close", "open", "closed", cites="D2"),
        ],
    )  # fmt: skip
    reader = actor(
        "reader", host="desk", states="there", waits="there",
        rows=[
            send("read", "there", "there", "lease is live", cites="R1"),
            send("turn_away", "there", "there", "lease is expired", cites="R1", status="401"),
        ],
    )  # fmt: skip
    world = actor("world", host="world", states="running", rows=[send("tick", "running", "running", cites="T1")])
    model = Model.of("library", BY_NIGHT, clock.field("lease", "desk"), desk, reader, world)
    return model.pinned({**scenario.pins, **(settings or {})})


CLOSED = Stopwatch("since_closed", ("close",), reaches=60, doc="How long ago the desk closed")
LENT = Stopwatch("since_lent", ("lend",), reaches=60, restarts=True, doc="How long ago a lease was given")
IS_LENT = (Duration("lease", "lease", LEASE, LEASE),)


def at_most(minutes: int, *, grain: int = 30) -> Property:
    """Nobody reads for longer than so many minutes after the desk has closed."""
    return Property(
        "T-01", "Time", "Reading ends in time", "D2 R1", on=("read",), asked_in=("tens",),
        bound=Bound(CLOSED, minutes, grain, rests_on=IS_LENT), decided_by="lends_by_night is no",
    )  # fmt: skip


def at_least(minutes: int) -> Property:
    """Nobody is turned away before so many minutes have passed since a lease was given."""
    return Property(
        "T-02", "Time", "A lease is good for its time", "D1 R1", on=("turn_away",),
        bound=Bound(LENT, minutes, 30, least=True, rests_on=IS_LENT),
    )  # fmt: skip


TENS = Scenario("tens", "Closed ticks of ten minutes", tick=10, closed=True)
OPEN_TENS = Scenario("open-tens", "Ticks of ten minutes", tick=10)
ORDER = Scenario("order", "No length of time")
