"""What the written layer means: otherwise, effects, time, urgency, predicates, and errors that name the place."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import (
    Clock,
    actor,
    choose,
    clear,
    observer,
    otherwise,
    put,
    record,
    recv,
    send,
    take,
    unknown,
)
from ccmproof.model.kernel.condition import Named, at
from ccmproof.model.kernel.definition import Assumption, EventDef, Model, Predicate
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand, readiness
from ccmproof.model.kernel.network import Network
from small import small

DICE = unknown("dice", "one two three", host="h")


def after(network: Network, event: str, **states: str) -> list[dict[str, str]]:
    """The outcomes of an event; actors that are not said are in their first initial state; a field is ``m__kind``."""
    here = {a.name: a.initial[0] for a in network.actors} | {k.replace("__", "."): v for k, v in states.items()}
    outcomes = product.outcomes(network, network.event[event], network.as_state(here))
    return [{k: v for k, v in network.as_dict(end).items() if v != here[k]} for end in outcomes]


def events(network: Network, **states: str) -> list[str]:
    return [
        event.name
        for event in network.events
        if after(network, event.name, **states) or _stays(network, event.name, states)
    ]


def _stays(network: Network, event: str, states: dict[str, str]) -> bool:
    here = {a.name: a.initial[0] for a in network.actors} | {k.replace("__", "."): v for k, v in states.items()}
    return product.enabled(network, network.event[event], network.as_state(here))


def test_otherwise_of_a_sender_is_about_all_that_it_sends_from_there() -> None:
    a = actor(
        "a",
        host="h",
        states="s t",
        rows=[
            send("one", "s", "t", "dice is one"),
            send("two", "s t", "t", "dice is two"),
            send("rest", "s t", "t", otherwise),
        ],
    )
    network = expand(Model.of("m", DICE, a))
    assert events(network, dice="one") == ["one"]
    assert events(network, dice="two") == ["two"]
    assert events(network, dice="three") == ["rest"]
    assert events(network, dice="one", a="t") == ["rest"]
    assert events(network, dice="two", a="t") == ["two"]


def test_otherwise_of_a_receiver_is_about_the_same_event() -> None:
    a = actor("a", host="h", states="s", rows=[send("go", "s", "s"), send("other", "s", "s")])
    b = actor(
        "b",
        host="h",
        states="s t u",
        rows=[
            recv("go", "s", "t", "dice is one"),
            recv("go", "s", "u", otherwise),
            recv("other", "s", "t", "dice is two"),
        ],
    )
    network = expand(Model.of("m", DICE, a, b))
    assert after(network, "go", dice="one") == [{"b": "t"}]
    assert after(network, "go", dice="two") == [{"b": "u"}]


def test_effects_copy_set_and_clear_and_read_the_state_before() -> None:
    a = record("a", {"kind": "none_yet x y", "life": "none_yet new", "mine": "p q"}, host="h")
    b = record("b", {"kind": "none_yet x y", "life": "none_yet new"}, host="h")
    go = actor(
        "go",
        host="h",
        states="s",
        rows=[
            send("swap", "s", "s", "", take("a", "b"), take("b", "a")),
            send("kind_only", "s", "s", "", take("a", "b", "kind")),
            send("set", "s", "s", "", put("a", kind="y", mine="q")),
            send("clear", "s", "s", "", clear("a")),
            send("maybe", "s", "s", "", put("a", kind="x", when="b.life is new")),
            send("any", "s", "s", "", choose("a.kind", "x y")),
        ],
    )
    network = expand(Model.of("m", a, b, go))
    full = {"a__kind": "x", "a__life": "new", "b__kind": "y"}
    assert after(network, "swap", **full) == [
        {"a.kind": "y", "a.life": "none_yet", "b.kind": "x", "b.life": "new"},
    ]
    assert after(network, "kind_only", **full) == [{"a.kind": "y"}]
    assert after(network, "set", **full) == [{"a.kind": "y", "a.mine": "q"}]
    assert after(network, "clear", **full, a__mine="q") == [{"a.kind": "none_yet", "a.life": "none_yet", "a.mine": "p"}]
    assert after(network, "maybe", b__life="new") == [{"a.kind": "x"}]
    assert after(network, "maybe") == [{}]
    assert after(network, "any") == [{"a.kind": "x"}, {"a.kind": "y"}]


def test_what_a_scenario_pins_does_not_change_what_clear_returns_to() -> None:
    field = record("m", {"kind": "empty full"}, host="h")
    go = actor("go", host="h", states="s", rows=[send("clear", "s", "s", "", clear("m"))])
    network = expand(Model.of("m", field, go).pinned({"m.kind": "full"}))
    assert list(product.initial_states(network)) == [("full", "s")]
    assert after(network, "clear") == [{"m.kind": "empty"}]


def test_an_effect_belongs_to_its_row() -> None:
    """Also where the actor ignores the event in other states: then nothing is written."""
    note = actor("note", host="h", states="blank written", rows=[])
    go = actor("go", host="h", states="s", rows=[send("go", "s", "s")])
    two = actor(
        "two",
        host="h",
        states="s t",
        rows=[recv("go", "s", "s", "", put("note", "written")), recv("go", "t", "t")],
    )
    one = actor("one", host="h", states="s t", ignores="go", rows=[recv("go", "s", "s", "", put("note", "written"))])
    assert after(expand(Model.of("m", note, go, two)), "go") == [{"note": "written"}]
    assert after(expand(Model.of("m", note, go, two)), "go", two="t") == [{}]
    assert after(expand(Model.of("m", note, go, one)), "go") == [{"note": "written"}]
    assert after(expand(Model.of("m", note, go, one)), "go", one="t") == [{}]


def test_ignoring_adds_rows_that_stay_where_no_row_applies() -> None:
    go = actor("go", host="h", states="s", rows=[send("go", "s", "s")])
    b = actor(
        "b", host="h", states="s t u", ignores="go", rows=[recv("go", "s", "t", "dice is one"), recv("go", "t", "u")]
    )
    network = expand(Model.of("m", DICE, go, b))
    assert after(network, "go", dice="one") == [{"b": "t"}]
    assert after(network, "go", dice="two") == [{}]
    assert after(network, "go", b="t") == [{"b": "u"}]
    assert after(network, "go", b="u") == [{}]


def test_without_it_a_receiver_blocks() -> None:
    go = actor("go", host="h", states="s", rows=[send("go", "s", "s")])
    b = actor("b", host="h", states="s t", rows=[recv("go", "s", "t")])
    assert after(expand(Model.of("m", go, b)), "go", b="t") == []


def test_an_observer_never_blocks() -> None:
    go = actor("go", host="h", states="s", rows=[send("go", "s", "s")])
    seen = observer("seen", states="no yes", rows=[recv("go", "no", "yes", "dice is one")])
    network = expand(Model.of("m", DICE, go, seen))
    assert after(network, "go", dice="one") == [{"seen": "yes"}]
    assert after(network, "go", dice="two") == [{}]


CLOCK = Clock(("none_yet", "new", "old"), {"new": "old"}, frozen=("none_yet", "old"))


def test_time_moves_clocks_and_leaves_the_frozen_ones() -> None:
    world = actor("world", host="h", states="s", rows=[send("tick", "s", "s")])
    network = expand(
        Model.of("m", record("a", {"life": CLOCK}, host="h"), record("b", {"life": CLOCK}, host="h"), world)
    )
    assert after(network, "tick", a__life="new") == [{"a.life": "old"}]
    assert after(network, "tick", a__life="old", b__life="new") == [{"b.life": "old"}]


def test_urgent_events_hold_time_back_while_they_may_happen() -> None:
    world = actor("world", host="h", states="s", rows=[send("tick", "s", "s")])
    a = actor("a", host="h", states="s t", rows=[send("go", "s", "t", "dice is one", urgent=True)])
    b = actor("b", host="h", states="free full", rows=[recv("go", "free", "full")])
    network = expand(Model.of("m", DICE, world, a, b))
    assert events(network, dice="one") == ["go"]
    assert events(network, dice="two") == ["tick"]
    assert events(network, dice="one", a="t") == ["tick"]
    assert events(network, dice="one", b="full") == ["tick"]  # nobody can receive it: it may not happen


def test_an_event_has_controller_receivers_guard_and_status() -> None:
    network = expand(small())
    refuse = network.event["refuse"]
    assert (refuse.controller, refuse.receivers, refuse.refusal, refuse.status) == ("server", ("client",), True, "401")
    assert network.event["ask"].participants == ("request.kind", "reply.kind", "reply.life", "client", "server")
    assert network.event["ask"].doc == "The client asks"
    assert [a.name for a in network.unknowns] == ["key", "strict"]


def test_an_event_carries_its_own_guard() -> None:
    go = actor("go", host="h", states="s", rows=[send("go", "s", "s")])
    network = expand(Model.of("m", DICE, go, EventDef("go", "dice is two", cites="X1")))
    assert events(network, dice="two") == ["go"] and events(network, dice="one") == []
    assert network.event["go"].cites == ("X1",)


def test_predicates_are_opened_in_any_order_and_only_where_they_are_named() -> None:
    model = Model.of(
        "m",
        DICE,
        Predicate("d", "not dice_ok"),  # its name is part of a text that does not mean it
        Predicate("dice_ok", "dice is one and not dice is d2"),
        unknown("d2", "x y", host="h"),
    )
    with pytest.raises(ModelError, match=r"^predicate dice_ok: dice has no state 'd2'$"):
        expand(model)
    model = Model.of("m", DICE, Predicate("d", "not dice_ok"), Predicate("dice_ok", "dice is one"))
    network = expand(model)
    assert product.holds(network, network.condition("d"), ("two",))
    assert not product.holds(network, network.condition("d"), ("one",))


def test_a_predicate_is_not_defined_by_itself() -> None:
    model = Model.of("m", DICE, Predicate("p", "q or dice is one"), Predicate("q", "not p"))
    with pytest.raises(ModelError, match=r"^predicate p: it is defined by itself, through p → q → p$"):
        expand(model)
    with pytest.raises(ModelError, match=r"^predicate p: it is defined by itself, through p → p$"):
        expand(Model.of("m", DICE, Predicate("p", "p or dice is one")))


def test_a_condition_from_python_means_the_predicate_as_the_model_has_it() -> None:
    stale = Named("lucky", at("dice").is_("three"))
    go = actor("go", host="h", states="s", rows=[send("go", "s", "s", stale & ~at("dice").is_("two"))])
    network = expand(Model.of("m", DICE, go, Predicate("lucky", "dice is one")))
    assert events(network, dice="one") == ["go"] and events(network, dice="three") == []


@pytest.mark.parametrize(
    ("more", "error"),
    [
        (
            actor("x", host="h", states="s t", rows=[send("e", "r", "t")]),
            "x/e: there is no state 'r'",
        ),
        (
            actor("x", host="h", states="idle busy", rows=[send("e", "idle", "bussy")]),
            "x/e: there is no state 'bussy' (did you mean 'busy'?)",
        ),
        (
            actor("x", host="h", states="s", rows=[send("e", "s", "s", "server is buzy")]),
            "x/e: server has no state 'buzy' (did you mean 'busy'?)",
        ),
        (
            actor("x", host="h", states="s", rows=[send("e", "s", "s", "sever is busy")]),
            "x/e: there is no actor 'sever' (did you mean 'server'?)",
        ),
        (
            actor("x", host="h", states="s", rows=[send("e", "s", "s", "server is")]),
            "x/e: line 1, column 10: expected a state's name, but the text ends there",
        ),
        (
            actor("x", host="h", states="s", rows=[send("e", "s", "s", "", take("tokn", "reply"))]),
            "x/e: no record or field 'tokn' (did you mean 'token'?)",
        ),
        (
            actor("x", host="h", states="s", rows=[send("e", "s", "s", "", take("token", "rply"))]),
            "x/e: no record 'rply' (did you mean 'reply'?)",
        ),
        (
            actor("x", host="h", states="s", rows=[send("e", "s", "s", "", take("token", "reply", "lief"))]),
            "x/e: token has no field 'lief' (did you mean 'life'?)",
        ),
        (
            actor("x", host="h", states="s", rows=[send("e", "s", "s", "", put("token", life="frsh"))]),
            "token.life/e: there is no state 'frsh' (did you mean 'fresh'?)",
        ),
        (
            actor("x", host="h", states="s", rows=[send("e", "s", "s", "", put("token", life="old", when=otherwise))]),
            "x/e: otherwise has no meaning here",
        ),
        (Predicate("bad", "server is bussy"), "predicate bad: server has no state 'bussy' (did you mean 'busy'?)"),
        (EventDef("ask", "key is goood"), "event ask: key has no state 'goood' (did you mean 'good'?)"),
        (Assumption("kee is good", "why"), "assumption: there is no actor 'kee' (did you mean 'key'?)"),
        (
            actor("client", host="h", states="s", rows=[]),
            "small: the actor 'client' is there twice",
        ),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_its_place_and_the_nearest(more: object, error: str) -> None:
    with pytest.raises(ModelError) as caught:
        expand(small(more))
    assert str(caught.value) == error


def test_readiness_is_being_enabled() -> None:
    network = expand(small())
    for event in network.events:
        ready = readiness(network, event)
        for state in _walk(network):
            assert product.holds(network, ready, state) == product.enabled(network, event, state)


def _walk(network: Network) -> list[tuple[str, ...]]:
    seen = list(product.initial_states(network))
    for state in seen:
        seen += [s for s in dict.fromkeys(after for _, after in product.successors(network, state)) if s not in seen]
    return seen
