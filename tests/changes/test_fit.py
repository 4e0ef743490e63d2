"""A property as it is said of a design that lacks some of what it speaks of."""

from __future__ import annotations

import pytest
from ccmproof.harness.changes.design import applied
from ccmproof.harness.changes.fit import Fitted, fitted
from ccmproof.harness.checker import check
from ccmproof.model.kernel.actor import observer, recv
from ccmproof.model.kernel.definition import Model
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Promise, Property, Verdict
from demo import SUITE, WATCH, build
from designs import change, entry

CALM = Scenario("calm", "d")
DOOR = build(CALM)
NO_LETTING = applied(DOOR, [change(entry("remove.event", name="let_in"))])
NO_BELL = applied(DOOR, [change(entry("remove.actor", name="bell"))])
NO_WEATHER = applied(DOOR, [change(entry("remove.actor", name="weather"))])


def fit(model: Model, **said: object) -> Fitted:
    (found,) = fitted([Property("P", "c", "c", "", **said)], model)  # type: ignore[arg-type]
    return found


def verdict(model: Model, **said: object) -> Verdict:
    prop = fit(model, **said).prop
    assert prop is not None
    return check(CALM, [prop], build=lambda *_: model).judgements[0].verdict


def test_what_is_all_there_is_said_as_it_is() -> None:
    assert [each.prop for each in fitted(SUITE, DOOR)] == list(SUITE)
    assert all(not each.gone and not each.why for each in fitted(SUITE, DOOR))


def test_a_claim_about_an_event_that_is_gone_is_vacuous() -> None:
    assert fit(NO_LETTING, on=("let_in",)).gone == ("let_in",)
    assert verdict(DOOR, on=("let_in",)) is Verdict.FAILS
    assert verdict(NO_LETTING, on=("let_in",)) is Verdict.VACUOUS
    assert verdict(NO_LETTING, on=("let_in",), attempt="visitor is waiting") is Verdict.VACUOUS


def test_of_several_events_the_others_are_still_spoken_of() -> None:
    both = fit(NO_LETTING, on=("let_in", "turn_away"))
    assert both.prop is not None and (both.prop.on, both.gone) == (("turn_away",), ("let_in",))
    assert verdict(NO_LETTING, on=("let_in", "turn_away"), then="key is bad") is Verdict.FAILS
    assert verdict(DOOR, on=("let_in", "turn_away"), then="request.shown is not nothing") is Verdict.HOLDS


def test_what_is_gone_is_not_possible() -> None:
    assert verdict(DOOR, on=("let_in",), possible=True, then="true") is Verdict.HOLDS
    assert verdict(NO_LETTING, on=("let_in",), possible=True, then="true") is Verdict.FAILS
    assert verdict(NO_LETTING, on=("let_in", "leave"), possible=True, then="true") is Verdict.FAILS
    assert verdict(NO_LETTING, on=("let_in", "turn_away"), possible=True, then="true") is Verdict.HOLDS


def test_a_machine_that_watches_for_it_is_never_moved_by_it() -> None:
    in_once = observer("in_once", states="no yes", rows=[recv("let_in", "*", "yes")])
    assert verdict(DOOR, when="in_once is yes", observers=(in_once,)) is Verdict.FAILS
    found = fit(NO_LETTING, when="in_once is yes", observers=(in_once,))
    assert found.gone == ("let_in",)
    assert found.prop is not None
    assert (found.prop.observers[0].rows, found.prop.observers[0].ignores) == ((), ())
    assert verdict(NO_LETTING, when="in_once is yes", observers=(in_once,)) is Verdict.VACUOUS


def test_a_machine_loses_only_what_is_gone() -> None:
    waits = entry("alter.actor", name="visitor", waits="outside")
    no_good = applied(DOOR, [change(entry("remove.event", name="ask_with_good_key"), waits)])
    found = fit(no_good, when="visitor is inside", then="has_asked is yes", observers=(WATCH,))
    assert found.prop is not None
    assert [row.event for row in found.prop.observers[0].rows] == ["ask_with_bad_key"]
    assert found.prop.observers[0].ignores == ("ask_with_bad_key",)


def test_a_promise_does_without_an_event_that_is_gone() -> None:
    promise = {"when": "bell is ringing", "then": "bell is silent", "promise": Promise.EVENTUALLY, "without": ("ring",)}
    quiet = applied(DOOR, [change(entry("remove.transition", actor="bell", event="ring"))])
    assert verdict(quiet, **promise) is Verdict.VACUOUS
    assert fit(quiet, **promise).gone == ("ring",)


@pytest.mark.parametrize(
    ("model", "said", "why"),
    [
        (NO_BELL, {"when": "bell is ringing"}, "P: there is no actor 'bell'"),
        (NO_BELL, {"attempt": "bell is ringing"}, "P: there is no actor 'bell'"),
        (NO_BELL, {"promise": Promise.EVENTUALLY, "unless": "bell is ringing"}, "P: there is no actor 'bell'"),
        (DOOR, {"then": "visitor is insid"}, "P: visitor has no state 'insid' (did you mean 'inside'?)"),
        (DOOR, {"then": "fitz"},
         "P: line 1, column 1: 'fitz' is no predicate (did you mean 'fits'?); for an actor, 'is' or 'in' must follow"),
    ],
)  # fmt: skip
def test_an_actor_or_a_state_that_is_not_there_leaves_nothing_to_be_said(
    model: Model, said: dict[str, object], why: str
) -> None:
    assert fit(model, **said) == Fitted(None, (), why)


def test_a_machine_that_cannot_be_said_leaves_the_others_alone() -> None:
    odd = observer("odd", states="no yes", rows=[recv("leave", "*", "yes", "bell is ringing")])
    unsaid = Property("A", "c", "c", "", when="odd is yes", observers=(odd,))
    plain = Property("B", "c", "c", "", when="visitor is inside", then="has_asked is yes", observers=(WATCH,))
    one, two = fitted([unsaid, plain], NO_BELL)
    assert one.prop is None and "there is no actor 'bell'" in one.why
    assert two.prop == plain


@pytest.mark.parametrize("possible", [False, True])
def test_what_no_longer_decides_is_left_out(possible: bool) -> None:
    """A claim is then about all environments alike; what is to be possible in each of them still is."""
    said = {"then": "visitor is inside", "possible": possible, "decided_by": "weather is dry"}
    found = fit(NO_WEATHER, **said)
    assert found.prop is not None
    assert found.prop.decided_by == ("true" if possible else "")
    if possible:
        assert verdict(NO_WEATHER, **said) is Verdict.FAILS
        assert verdict(NO_WEATHER, **{**said, "decided_by": ""}) is Verdict.HOLDS
