"""Each structural lint, on a planted defect: exactly one finding, with its rule and its place.

One room although it is long: a table of defects, in which every lint must be met.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from ccmproof.model.kernel.actor import (
    Clock,
    actor,
    clear,
    observer,
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
from ccmproof.model.kernel.errors import LintError
from ccmproof.model.kernel.expand import Expansion, expand
from ccmproof.model.kernel.lint import NAME_RULES, RULES, lint, refuse
from small import small


def found(model: Model) -> list[tuple[str, str]]:
    """The rule and the place of each finding, also of those for which the model does not expand."""
    try:
        refuse(model)
    except LintError as error:
        return [(finding.rule, finding.place) for finding in error.findings]
    return []


def extra(name: str, rows: list, states: str = "s t", **more: object):  # type: ignore[no-untyped-def, type-arg]
    return actor(name, host="client", states=states, rows=rows, **more)  # type: ignore[arg-type]


def test_a_clean_model_passes() -> None:
    model = small()
    assert lint(model, expand(model)) == []
    assert refuse(model).name == "small"
    assert refuse(model, Expansion(model)) == expand(model)


# Who decides, who blocks -------------------------------------------------------------------------------------------


def test_an_event_without_controller() -> None:
    lonely = extra("lonely", [recv("nobody_sends", "*", "=")])
    assert found(small(lonely)) == [("no-controller", "nobody_sends")]


def test_an_event_with_two_controllers() -> None:
    assert found(small(extra("second", [send("ask", "*", "=")], waits="*"))) == [("two-controllers", "ask")]


def test_an_actor_that_sends_an_event_and_receives_it() -> None:
    assert found(small(extra("both", [send("e", "s", "t"), recv("e", "t", "s")]))) == [("two-controllers", "both/e")]


def test_an_event_that_nobody_offers() -> None:
    never = extra("never", [send("e", "s", "t", "token.life is fresh and token.life is old")], waits="s")
    assert found(small(never)) == [("never-offered", "never/e")]


def test_an_event_that_its_own_guard_never_allows() -> None:
    note = EventDef("e", "token.life in {fresh, old} and token.life not in {there, none_yet}")
    assert found(small(extra("never", [send("e", "s", "t")]), note)) == [("never-offered", "never/e")]


def test_a_receiver_that_blocks_in_a_state() -> None:
    assert found(small(extra("wall", [recv("ask", "s", "t")]))) == [("blocking-receiver", "wall/ask/t")]


def test_a_receiver_that_blocks_under_a_guard() -> None:
    model = small(extra("wall", [recv("ask", "s t", "=", "token.life is not old")]))
    assert found(model) == [("blocking-receiver", "wall/ask/s"), ("blocking-receiver", "wall/ask/t")]
    (first, _) = lint(model, expand(model))
    assert str(first) == (
        "wall/ask/s: it may block the event when client is idle and token.life is old [blocking-receiver]; "
        "add rows, name the event in ignores (it stays) or in holds_up (the sender waits)"
    )


def test_a_receiver_is_judged_by_what_its_controller_demands() -> None:
    rows = [send("poke", "s t", "=", "wall is s"), send("rest", "s t", "=", otherwise)]
    assert found(small(extra("wall", [recv("poke", "s", "t")]), extra("poker", rows))) == []


@pytest.mark.parametrize("declared", ["ignores", "holds_up"])
def test_a_receiver_that_is_declared_does_not_block(declared: str) -> None:
    assert found(small(extra("wall", [recv("ask", "s", "t")], **{declared: "ask"}))) == []


def test_an_observer_does_not_block() -> None:
    assert found(small(observer("seen", states="no yes", rows=[recv("ask", "no", "yes")]))) == []


# Time --------------------------------------------------------------------------------------------------------------


def test_a_clock_that_a_state_freezes() -> None:
    clock = Clock(("new", "mid", "old"), {"new": "mid", "mid": "mid"}, frozen=("old",))
    assert found(small(record("egg", {"age": clock}, host="client"))) == [("frozen-clock", "egg.age/tick/mid")]


def test_a_clock_that_moves_though_it_is_said_to_be_frozen() -> None:
    clock = Clock(("new", "old"), {"new": "old"}, frozen=("old",))
    age = clock.field("age", "client")
    moved = replace(age, rows=(age.rows[0], recv("tick", "old", "new")))
    assert found(small(moved)) == [("frozen-clock", "age/tick/old")]


def test_a_state_of_a_clock_without_a_row_stops_time() -> None:
    clock = Clock(("new", "old"), {"new": "old"})
    assert found(small(record("egg", {"age": clock}, host="client"))) == [
        ("time-stops", "egg.age/tick/old"),
        ("frozen-clock", "egg.age/tick/old"),
    ]


def test_an_actor_that_stops_time() -> None:
    assert found(small(extra("brake", [recv("tick", "s", "t")]))) == [("time-stops", "brake/tick/t")]


# Who may read whom -------------------------------------------------------------------------------------------------


def test_a_guard_that_reads_another_host() -> None:
    spy = extra("spy", [send("e", "s", "t", "key is good"), send("f", "s", "t", otherwise)])
    assert found(small(spy)) == [("foreign-guard", "spy/e")]


def test_predicates_are_looked_through() -> None:
    spy = extra("spy", [send("e", "s", "t", "may_grant"), send("f", "s", "t", otherwise)])
    assert found(small(spy)) == [("foreign-guard", "spy/e")]


def test_an_oracle_may_read_everything() -> None:
    row = extra("spy", [send("e", "s", "t", "key is good", oracle=True), send("f", "s", "t", otherwise)])
    whole = extra("spy", [send("e", "s", "t", "key is good"), send("f", "s", "t", otherwise)], oracle=True)
    assert found(small(row)) == [] and found(small(whole)) == []


def test_a_guard_may_read_its_host_what_is_shown_to_it_and_parameters() -> None:
    fair = [
        send("e", "s", "t", "token.life is old and reply.life is old and strict is yes"),
        send("f", "s", "t", otherwise),
    ]
    assert found(small(extra("fair", fair))) == []


def test_the_guard_of_an_effect_reads_another_host() -> None:
    spy = extra("spy", [send("e", "s", "t", "", put("request", kind="ccm", when="key is good"))])
    assert found(small(spy)) == [("foreign-guard", "spy/e")]


def test_an_effect_that_copies_from_another_host() -> None:
    secret = record("secret", {"kind": "nothing ccm"}, host="server")
    assert found(small(secret, extra("spy", [send("e", "s", "t", "", take("token", "secret"))]))) == [
        ("foreign-effect", "spy/e")
    ]
    inside = extra("mover", [send("e", "s", "t", "", take("reply", "secret"))])
    assert found(small(secret, inside)) == []


def test_the_guard_of_an_event_reads_what_no_participant_may() -> None:
    assert found(small(EventDef("forget", "key is good"))) == [("foreign-event-guard", "forget")]
    assert found(small(EventDef("refuse", "key is good"))) == []
    watched = observer("watch", states="no yes", rows=[recv("forget", "no", "yes")])
    assert found(small(EventDef("forget", "key is good"), watched)) == [("foreign-event-guard", "forget")]
    seer = extra("seer", [recv("forget", "*", "=")], oracle=True)
    assert found(small(EventDef("forget", "key is good"), seer)) == []


# Overlaps and gaps -------------------------------------------------------------------------------------------------


def test_rows_that_overlap() -> None:
    rows = [send("e", "s t", "s", "token.life is there"), send("e", "t", "t", "token.life is old")]
    assert found(small(extra("two_minds", rows, waits="*"))) == [("overlap", "two_minds/e/t")]


def test_rows_that_overlap_on_purpose() -> None:
    rows = [send("e", "s", "s"), send("e", "s t", "t", choice=True)]
    assert found(small(extra("two_minds", rows))) == []


def test_rows_that_a_guard_tells_apart_do_not_overlap() -> None:
    rows = [send("e", "s t", "s", "token.life is there"), send("e", "s t", "t", "token.life is none_yet")]
    assert found(small(extra("one_mind", rows))) == []


def test_a_choice_between_rows_with_different_effects() -> None:
    """The fields would be written as both rows say, whichever the actor takes."""
    rows = [send("e", "s", "s", "", put("request", kind="ccm"), choice=True), send("e", "s t", "t", choice=True)]
    assert found(small(extra("two_minds", rows))) == [("overlap", "two_minds/e/s")]


def test_effects_that_write_two_values_at_once() -> None:
    rows = [send("e", "s t", "=", "", put("token", kind="ccm", when="token.life is there"), clear("token", "kind"))]
    model = small(extra("writer", rows))
    assert found(model) == [("conflicting-effects", "token.kind/e")]
    (finding,) = lint(model, expand(model))
    assert finding.what == "two effects write it when token.life is fresh and writer is s: ccm and nothing"


def test_effects_that_copy_from_two_records() -> None:
    rows = [send("e", "s t", "=", "", take("token", "reply", "kind"), take("token", "request", "kind"))]
    assert found(small(extra("writer", rows))) == [("conflicting-effects", "token.kind/e")]


def test_effects_that_agree_or_never_meet() -> None:
    rows = [
        send(
            "e", "s t", "=", "", put("token", kind="ccm", when="token.life is there"),
            put("token", kind="ccm"),
            put("request", kind="ccm", when="token.life is old"), clear("request", when="token.life is not old"),
        )
    ]  # fmt: skip
    assert found(small(extra("writer", rows))) == []


def test_an_actor_that_an_event_moves_and_writes() -> None:
    writer = extra("writer", [send("e", "s t", "=", "", put("moved", "t"))])
    assert found(small(writer, extra("moved", [recv("e", "s t", "s")]))) == [("moved-and-written", "moved/e")]
    assert found(small(writer, extra("moved", [recv("ask", "s t", "s")], ignores="e"))) == [
        ("moved-and-written", "moved/e")
    ]


def test_a_gap() -> None:
    rows = [send("e", "s", "t", "token.life is fresh"), send("f", "s", "t", "token.life is old"), send("g", "t", "s")]
    model = small(extra("stuck", rows))
    assert found(model) == [("gap", "stuck/s")]
    (finding,) = lint(model, expand(model))
    assert finding.what == "no row applies when token.life is none_yet, and none receives"


def test_a_gap_that_is_said_or_left_by_receiving_is_none() -> None:
    rows = [send("e", "s", "t", "token.life is fresh"), send("g", "t", "s")]
    assert found(small(extra("waiting", rows, waits="s"))) == []
    assert found(small(extra("waiting", rows, waits="*"))) == []
    assert found(small(extra("woken", [*rows, recv("ask", "s", "t")], ignores="ask"))) == []
    assert found(small(extra("not_woken", [*rows, recv("ask", "s", "=")], ignores="ask"))) == [("gap", "not_woken/s")]
    assert found(small(extra("moved", rows), extra("mover", [send("h", "s t", "=", "", put("moved", "t"))]))) == []


# Names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "rule", "place", "what"),
    [
        (
            actor("x", host="h", states="s t", initial="r", rows=[]),
            "no-such-state",
            "x",
            "initial: there is no state 'r'",
        ),
        (
            actor("x", host="h", states="idle busy", groups={"all": "idle buzy"}, rows=[]),
            "no-such-state",
            "x",
            "group all: there is no state 'buzy' (did you mean 'busy'?)",
        ),
        (
            actor("x", host="h", states="idle busy", waits="idel", rows=[]),
            "no-such-state",
            "x",
            "waits: there is no state 'idel' (did you mean 'idle'?)",
        ),
        (
            actor("x", host="h", states="idle busy", rows=[send("e", "idel", "=")]),
            "no-such-state",
            "x/e",
            "from: there is no state 'idel' (did you mean 'idle'?)",
        ),
        (
            actor("x", host="h", states="idle busy", rows=[send("e", "idle", "bussy")]),
            "no-such-state",
            "x/e",
            "to: there is no state 'bussy' (did you mean 'busy'?)",
        ),
        (
            actor("x", host="h", states="s t", rows=[send("e", "", "t")]),
            "no-such-state",
            "x/e",
            "the row has no source",
        ),
        (
            parameter("p", "one two", default="three"),
            "no-such-state",
            "p",
            "initial: there is no state 'three'",
        ),
        (
            actor("x", host="h", states="s t", ignores="aks", rows=[]),
            "no-such-event",
            "x",
            "ignores: there is no event 'aks' (did you mean 'ask'?)",
        ),
        (
            actor("x", host="h", states="s t", holds_up="gran", rows=[]),
            "no-such-event",
            "x",
            "holds_up: there is no event 'gran' (did you mean 'grant'?)",
        ),
        (
            actor("x", host="h", states="s t", holds_up="grant", rows=[]),
            "no-such-event",
            "x",
            "holds_up names 'grant', and it has no row for that",
        ),
        (
            EventDef("forgett"),
            "no-such-event",
            "forgett",
            "something is said of the event 'forgett', which no row has (did you mean 'forget'?)",
        ),
        (unknown("client", "a b", host="h"), "duplicate-name", "client", "the actor 'client' is there twice"),
        (Predicate("may_grant", "true"), "duplicate-name", "may_grant", "the predicate 'may_grant' is there twice"),
        (EventDef("ask"), "duplicate-name", "ask", "the note on the event 'ask' is there twice"),
        (unknown("u", "a b a", host="h"), "duplicate-name", "u/a", "the state or group 'a' is there twice"),
        (
            actor("x", host="h", states="s t", groups={"s": "t"}, rows=[]),
            "duplicate-name",
            "x/s",
            "the state or group 's' is there twice",
        ),
        (
            record("token", {"more": "a b"}, host="client"),
            "duplicate-name",
            "token",
            "the record 'token' is there twice",
        ),
        (
            unknown("token", "a b", host="client"),
            "duplicate-name",
            "token",
            "'token' is a record and an actor, so an effect on it could mean either",
        ),
        (unknown("Key", "a b", host="h"), "case-only", "Key", "the actors 'key' and 'Key' differ by case only"),
        (unknown("u", "on On", host="h"), "case-only", "u/On", "the states 'on' and 'On' differ by case only"),
        (
            actor("x", host="h", states="s t", rows=[send("Ask", "s t", "=")]),
            "case-only",
            "Ask",
            "the events 'ask' and 'Ask' differ by case only",
        ),
        (
            unknown("two words", ("a", "b"), host="h"),
            "unsayable-name",
            "two words",
            "no condition can name the actor 'two words'",
        ),
        (Predicate("in", "true"), "unsayable-name", "in", "no condition can name the predicate 'in'"),
        (
            unknown("u", "* b", host="h"),
            "unsayable-name",
            "u/*",
            "'*' cannot be a state's name: in rows it has a meaning of its own",
        ),
        (unknown("u", "only", host="h"), "single-value", "u", "the unknown has the single value 'only'"),
        (parameter("p", "only"), "single-value", "p", "the parameter has the single value 'only'"),
    ],
)
def test_a_wrong_name(part: object, rule: str, place: str, what: str) -> None:
    with pytest.raises(LintError) as caught:
        refuse(small(part))
    assert [(each.rule, each.place, each.what) for each in caught.value.findings] == [(rule, place, what)]


def test_a_field_of_a_record_may_have_one_value() -> None:
    """It is what another record's field of that name may be."""
    assert found(small(record("proof", {"kind": "ccm"}, host="client"))) == []


def test_assumptions_that_leave_no_initial_state() -> None:
    assert found(small(Assumption("key is bad and strict is no", "a site like that"))) == [("no-environment", "small")]
    assert found(small(Assumption("client is asking", "nobody begins there"))) == [("no-environment", "small")]
    assert found(small(Assumption("client is idle", "everybody begins there"))) == []


# The tables --------------------------------------------------------------------------------------------------------


def test_all_findings_are_given_in_the_order_of_the_table() -> None:
    model = small(
        extra("lonely", [recv("nobody_sends", "*", "=")]),
        extra("wall", [recv("ask", "s", "t")]),
        extra("stuck", [send("e", "s", "t", "key is good")]),
    )
    with pytest.raises(LintError) as caught:
        refuse(model)
    rules = [each.rule for each in caught.value.findings]
    assert rules == ["no-controller", "blocking-receiver", "gap", "foreign-guard"]
    assert str(caught.value).splitlines()[0] == (
        "nobody_sends: nobody sends it; lonely would receive it [no-controller]; let one actor's row send it"
    )


def test_every_rule_of_the_tables_is_shown_to_find_something() -> None:
    """A rule that this file does not name has no planted defect."""
    from pathlib import Path

    text = Path(__file__).read_text(encoding="utf-8")
    assert [rule for rule in {**NAME_RULES, **RULES} if f'"{rule}"' not in text] == []
