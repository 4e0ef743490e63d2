"""A system small enough to work out by hand, for tests of what is around a model: a visitor, a door and a porter.

Two scenarios. In ``calm`` the alarm is off; in ``storm`` it may ring. Eight environments of the unknowns and the
parameter would be; ``calm`` has four, with the parameter at its default.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccmproof.harness.system import System
from ccmproof.model.kernel.actor import actor, clear, observer, otherwise, parameter, put, record, recv, send, unknown
from ccmproof.model.kernel.definition import EventDef, Model, Predicate
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Severity

KEY = unknown("key", "good bad", host="visitor", cites="K1", doc="What the visitor holds")
WEATHER = unknown("weather", "dry wet", host="world", doc="Nothing depends on it")
PORTER_CHECKS = parameter(
    "porter_checks", "strict lax", default="strict", cites="P1", doc="Whether a bad key is refused"
)
ALARM = parameter("alarm", "off on", default="off", doc="Whether the alarm may ring at all")

GOOD = put("request", shown="good", count="one")
BAD = put("request", shown="bad", count="one")

REQUEST = record("request", {"shown": "nothing good bad", "count": "none_yet one"}, host="visitor", seen_by="porter")

VISITOR = actor(
    "visitor",
    host="visitor",
    states="outside waiting inside",
    ignores="let_in turn_away",
    doc="Asks to be let in, and leaves again.",
    rows=[
        send(
            "ask_with_good_key",
            "outside",
            "waiting",
            "key is good",
            put("request", shown="good", count="one"),
            cites="V1",
        ),
        send("ask_with_bad_key", "outside", "waiting", "key is bad", BAD, cites="V1"),
        recv("let_in", "waiting", "inside"),
        recv("turn_away", "waiting", "outside", "", clear("request")),
        send("leave", "inside", "outside", "", clear("request"), cites="V2"),
    ],
)
PORTER = actor(
    "porter",
    host="porter",
    states="idle judging",
    holds_up="ask_with_good_key ask_with_bad_key",
    doc="Judges the key that is shown.",
    rows=[
        recv("ask_with_good_key", "idle", "judging"),
        recv("ask_with_bad_key", "idle", "judging"),
        send("let_in", "judging", "idle", "fits or porter_checks is lax", cites="P1 P2"),
        send("turn_away", "judging", "idle", otherwise, cites="P2", status="401"),
    ],
)
BELL = actor(
    "bell",
    host="world",
    states="silent ringing",
    waits="silent",
    rows=[
        send("ring", "silent", "ringing", "alarm is on", cites="B1"),
        send("fall_silent", "ringing", "silent", cites="B1"),
    ],
)

WATCH = observer(
    "has_asked",
    states="no yes",
    rows=[recv("ask_with_good_key", "*", "yes"), recv("ask_with_bad_key", "*", "yes")],
    doc="Whether anybody has asked so far",
)
REFUSED = observer(
    "was_refused",
    states="no yes",
    rows=[recv("turn_away", "*", "yes"), recv("let_in", "*", "no")],
    doc="The last answer",
)

SCENARIOS = {
    "calm": Scenario("calm", "A visitor at the door; no alarm"),
    "storm": Scenario("storm", "The same, and the alarm may ring", tick=5, pins={"alarm": "on"}),
}


def build(scenario: Scenario, settings: Mapping[str, str] | None = None, /) -> Model:
    """The model of a scenario, with settings."""
    model = Model.of(
        "door",
        KEY,
        WEATHER,
        PORTER_CHECKS,
        ALARM,
        REQUEST,
        Predicate("fits", "request.shown is good", cites="P2", doc="The key that is shown opens the door"),
        EventDef("ring", doc="The alarm rings"),
        VISITOR,
        PORTER,
        BELL,
    )
    return model.pinned({**scenario.pins, **(settings or {})})


SUITE = (
    Property("D-01", "Door", "Nobody is inside with a bad key", "P1 P2", when="visitor is inside", then="key is good",
             attempt="visitor is waiting", decided_by="porter_checks is strict", severity=Severity.CRITICAL),
    Property("D-02", "Door", "Whoever waits has a good key", "V1", when="visitor is waiting", then="key is good",
             expected="fails", reason="anybody may ask"),
    Property("D-03", "Door", "Nobody is let in who has shown nothing", "P2", on=("let_in",),
             then="request.shown is not nothing"),
    Property("D-04", "Door", "Only a good key is shown", "V1", on=("ask_with_bad_key", "ask_with_good_key"),
             then="key is good", expected="fails", reason="a bad key can be shown too"),
    Property("D-05", "History", "Nobody is inside who has not asked", "V1", when="visitor is inside",
             then="has_asked is yes", observers=(WATCH,)),
    Property("D-06", "History", "Nobody asks again after a refusal", "V1", on=("ask_with_bad_key",),
             when="was_refused is yes", then="false", observers=(WATCH, REFUSED), expected="fails",
             reason="nothing keeps one from it"),
    Property("R-01", "Possible", "One can come in", "P2", possible=True, then="visitor is inside"),
    Property("R-02", "Possible", "One can come in with a bad key", "P2", possible=True,
             then="visitor is inside and key is bad", expected="fails", reason="the porter is strict"),
    Property("A-01", "Alarm", "No alarm rings while somebody is inside", "B1", when="bell is ringing",
             then="visitor is not inside", but={"storm": "fails"}),
)  # fmt: skip


def demo(suite: tuple[Property, ...] = SUITE) -> System:
    """The demo as a system to check."""
    return System(SCENARIOS, build, suite)
