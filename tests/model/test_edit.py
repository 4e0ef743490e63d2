"""Edits: what each does to the text, what it prints, and that one which matches nothing is refused."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel.actor import Row, actor, clear, otherwise, put, record, recv, send, take, unknown
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.definition import Model, Predicate
from ccmproof.model.kernel.edit import (
    AddActor,
    AddConjunct,
    AddEffects,
    AddField,
    AddParticipant,
    AddRow,
    AddStates,
    CloneActor,
    DropActor,
    DropConjunct,
    DropCopy,
    DropEffect,
    DropEvent,
    DropField,
    DropParticipant,
    DropRow,
    Edit,
    NegateGuard,
    SetDest,
    SetEffect,
    SetEvent,
    SetEventGuard,
    SetGuard,
    SetInitial,
    SetMarks,
    SetParameter,
    SetPredicate,
    SetSource,
    SetTraits,
    apply,
    conjuncts,
)
from ccmproof.model.kernel.edit_actors import CloneRecord, field_of
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.lint import lint
from small import AGE, small

GRANT = "may_grant and request.kind is ccm"


def rows(model: Model, name: str, event: str) -> list[Row]:
    return [row for row in model.actor(name).rows if row.event == event]


def test_drop_a_row() -> None:
    model = apply(small(), DropRow("server", "refuse"))
    assert rows(model, "server", "refuse") == []
    assert len(model.actor("server").rows) == 2


def test_drop_a_row_from_one_of_its_states() -> None:
    both = small(
        actor("x", host="h", states="s t u", groups={"st": "s t"}, rows=[send("e", "st u", "u"), send("f", "*", "s")])
    )
    model = apply(both, DropRow("x", "e", source="s"))
    assert [row.source for row in rows(model, "x", "e")] == [("t", "u")]
    model = apply(both, DropRow("x", "f", source="t"))
    assert [row.source for row in rows(model, "x", "f")] == [("s", "u")]
    model = apply(both, SetDest("x", "e", "s", source="t"))
    assert [(row.source, row.dest) for row in rows(model, "x", "e")] == [(("t",), "s"), (("s", "u"), "u")]


def test_choose_among_rows_by_index() -> None:
    two = small(
        actor("x", host="h", states="s t", rows=[send("e", "s", "t"), send("f", "s", "s"), send("e", "t", "s")])
    )
    model = apply(two, DropRow("x", "e", index=1))
    assert [(row.event, row.source) for row in model.actor("x").rows] == [("e", ("s",)), ("f", ("s",))]


def test_add_a_row() -> None:
    model = apply(small(), AddRow("server", send("shut", "ready", "busy")))
    assert expand(model).event["shut"].controller == "server"


def test_change_where_a_row_leads_and_comes_from() -> None:
    model = apply(small(), SetDest("client", "refuse", "done"), SetSource("client", "refuse", ("asking", "idle")))
    (row,) = rows(model, "client", "refuse")
    assert (row.source, row.dest) == (("asking", "idle"), "done")


def test_replace_negate_and_weaken_a_guard() -> None:
    assert (
        rows(apply(small(), SetGuard("server", "grant", "strict is no")), "server", "grant")[0].when == "strict is no"
    )
    negated = apply(small(), NegateGuard("server", "grant"))
    assert rows(negated, "server", "grant")[0].when == "not (may_grant and request.kind is ccm)"
    for part in (0, "may_grant"):
        weaker = apply(small(), DropConjunct("server", "grant", part))
        assert rows(weaker, "server", "grant")[0].when == "request.kind is ccm"
    assert list(map(str, conjuncts(GRANT, small()))) == ["may_grant", "request.kind is ccm"]
    gone = apply(small(), DropConjunct("server", "grant", 1), DropConjunct("server", "grant", 0))
    assert rows(gone, "server", "grant")[0].when == ""


def test_a_guard_that_is_a_condition_stays_one() -> None:
    guard = at("key").is_("good") & at("strict").is_("no")
    model = apply(small(), SetGuard("server", "grant", guard), DropConjunct("server", "grant", "key is good"))
    assert rows(model, "server", "grant")[0].when == at("strict").is_("no")


def test_otherwise_follows_the_changed_rows() -> None:
    """The row that refuses is "otherwise": what is no longer granted is refused."""
    refusal = expand(apply(small(), SetGuard("server", "grant", "key is bad"))).actor["server"].by_event["refuse"]
    assert [str(row.when) for row in refusal] == ["key is not bad"]


def test_drop_a_copy_or_one_field_of_it() -> None:
    assert rows(apply(small(), DropEffect("client", "grant", "token")), "client", "grant")[0].effect == ()
    model = apply(small(), DropEffect("client", "grant", "token", "kind"))
    assert rows(model, "client", "grant")[0].effect == take("token", "reply", "life")
    assert "grant" not in expand(model).actor["token.kind"].alphabet
    model = apply(small(), DropEffect("server", "ask", "reply.life"))
    assert rows(model, "server", "ask")[0].effect == put("reply", kind="ccm")


def test_change_or_add_an_effect() -> None:
    model = apply(small(), SetEffect("client", "ask", "request.kind", put("request", kind="nothing")))
    assert rows(model, "client", "ask")[0].effect == put("request", kind="nothing")
    model = apply(model, SetEffect("client", "ask", "token", take("token", "reply")))
    assert rows(model, "client", "ask")[0].effect == (*put("request", kind="nothing"), *take("token", "reply"))


def test_a_participant_goes() -> None:
    assert expand(apply(small(), DropParticipant("client", "refuse"))).event["refuse"].participants == ("server",)
    kept = apply(small(), DropParticipant("token.life", "grant"))
    assert expand(kept).event["grant"].participants == ("token.kind", "client", "server")
    kept = apply(small(), DropParticipant("request.kind", "ask"))
    assert expand(kept).event["ask"].participants == ("reply.kind", "reply.life", "client", "server")


def test_a_field_that_a_copy_does_not_reach_takes_no_part() -> None:
    bag = record("bag", {"life": AGE, "extra": "a b"}, host="client")
    model = small(bag, actor("x", host="client", states="s", rows=[send("e", "s", "s", "", take("bag", "reply"))]))
    assert expand(apply(model, DropParticipant("bag.life", "e"))).event["e"].participants == ("x",)
    with pytest.raises(ModelError, match=r"bag.extra takes no part in 'e'$"):
        apply(model, DropParticipant("bag.extra", "e"))


def test_a_participant_comes() -> None:
    model = apply(small(), AddParticipant("world", (recv("ask", "*", "="),)))
    assert expand(model).event["ask"].receivers[-1] == "world"


def test_initial_states_and_parameters() -> None:
    model = apply(small(), SetInitial("key", ("bad",)), SetParameter("strict", "no"))
    assert model.actor("key").initial == ("bad",) and model.actor("strict").initial == ("no",)
    assert apply(small(), SetInitial("client", ("done", "idle"))).actor("client").initial == ("idle", "done")


def test_predicates_and_guards_of_events() -> None:
    network = expand(apply(small(), SetPredicate("may_grant", "key is bad")))
    assert str(network.predicates["may_grant"]) == "key is bad"
    assert str(expand(apply(small(), SetEventGuard("ask", "key is bad"))).event["ask"].guard) == "key is bad"
    network = expand(apply(small(), SetEventGuard("grant", "key is bad")))
    assert str(network.event["grant"].guard) == "key is bad"


def test_a_record_gets_a_field_that_copies_and_clears_reach() -> None:
    seal = "none wax"
    model = apply(
        small(),
        AddField(record("reply", {"seal": seal}, host="server", seen_by="client")),
        AddField(record("token", {"seal": seal}, host="client")),
    )
    assert [of.name for of in model.actors if of.record == "reply"] == ["reply.kind", "reply.life", "reply.seal"]
    assert lint(model, expand(model)) == []
    network = expand(model)
    assert "token.seal" in network.event["grant"].participants  # client/grant takes the reply
    assert "token.seal" in network.event["forget"].participants


def test_actors_come_and_go() -> None:
    model = apply(small(), DropActor("world"), AddActor(unknown("weather", "dry wet", host="world")))
    assert [a.name for a in expand(model).unknowns] == ["key", "strict", "weather"]
    with pytest.raises(ModelError, match=r"^predicate may_grant: there is no actor 'key'$"):
        expand(apply(small(), DropActor("key")))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (DropRow("a", "e"), "drop a/e"),
        (DropRow("a", "e", source="s"), "drop a/e from s"),
        (DropRow("a", "e", index=1), "drop a/e (row 1)"),
        (AddRow("a", send("e", "s t", "u", "x is y")), "add a: sends e from s, t to u when x is y"),
        (AddRow("a", recv("e", "*", "u", otherwise)), "add a: receives e from anywhere to u when otherwise"),
        (AddRow("a", recv("e", "s", "u")), "add a: receives e from s to u"),
        (SetGuard("a", "e", ""), "a/e: guard becomes true"),
        (SetGuard("a", "e", at("x").is_("y"), source="s"), "a/e from s: guard becomes x is y"),
        (NegateGuard("a", "e"), "a/e: guard is negated"),
        (DropConjunct("a", "e", 2), "a/e: guard no more demands part 2"),
        (DropConjunct("a", "e", "x is y"), "a/e: guard no more demands 'x is y'"),
        (SetSource("a", "e", ("s", "t")), "a/e: leaves from s, t"),
        (SetDest("a", "e", "t"), "a/e: leads to t"),
        (DropEffect("a", "e", "m"), "a/e: no more writes m"),
        (DropEffect("a", "e", "m", "kind"), "a/e: no more writes m.kind"),
        (SetEffect("a", "e", "m", take("m", "n")), "a/e: m is written by copy n to m"),
        (DropParticipant("a", "e"), "a takes no part in e any more"),
        (AddParticipant("a", (recv("e", "s", "t"), recv("e", "t", "t"))), "a takes part in e"),
        (SetInitial("a", ("s", "t")), "a begins in s or t"),
        (SetParameter("p", "yes"), "parameter p is yes"),
        (SetPredicate("p", "x is y"), "predicate p becomes x is y"),
        (SetEventGuard("e", ""), "event e: guard becomes true"),
        (DropActor("a"), "drop the actor a"),
        (AddActor(unknown("u", "a b", host="h")), "add the actor u"),
        (AddField(record("m", {"x": "a b", "y": "a b"}, host="h")), "add to the record m: m.x, m.y"),
    ],
)
def test_an_edit_prints_itself(edit: Edit, words: str) -> None:
    assert str(edit) == words


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (DropRow("sever", "ask"), "there is no actor 'sever' (did you mean 'server'?)"),
        (DropRow("server", "aks"), "server has no row for 'aks' (did you mean 'ask'?)"),
        (DropRow("server", "ask", source="redy"), "server has no row for ask from 'redy' (did you mean 'ready'?)"),
        (DropRow("server", "ask", index=1), "server has 1 such rows for ask, and no row 1"),
        (DropConjunct("server", "grant", 2), "the guard has 2 parts, and no part 2"),
        (
            DropConjunct("server", "grant", "request.kind is cm"),
            "the guard has no part 'request.kind is cm' (did you mean 'request.kind is ccm'?)",
        ),
        (DropConjunct("server", "refuse", 0), "the guard is otherwise, and has no parts"),
        (NegateGuard("server", "refuse"), "the guard is otherwise, and has no parts"),
        (DropConjunct("server", "ask", 0), "the guard has 0 parts, and no part 0"),
        (DropEffect("client", "grant", "tokn"), "client/grant does not write 'tokn' (did you mean 'token'?)"),
        (DropEffect("client", "grant", "token", "lief"), "it does not write token.lief (did you mean 'life'?)"),
        (DropParticipant("server", "tick"), "server takes no part in 'tick'"),
        (DropParticipant("server", "gran"), "server takes no part in 'gran' (did you mean 'grant'?)"),
        (AddParticipant("world", (recv("aks", "*", "="),)), "there is no event 'aks' (did you mean 'ask'?)"),
        (SetInitial("key", ("goood",)), "key has no state 'goood' (did you mean 'good'?)"),
        (SetParameter("key", "good"), "key is no parameter"),
        (SetParameter("strict", "noo"), "strict has no state 'noo' (did you mean 'no'?)"),
        (SetPredicate("may_grand", "true"), "there is no predicate 'may_grand' (did you mean 'may_grant'?)"),
        (SetEventGuard("aks", "true"), "there is no event 'aks' (did you mean 'ask'?)"),
        (DropActor("wrld"), "there is no actor 'wrld' (did you mean 'world'?)"),
        (AddActor(unknown("key", "a b", host="h")), "there is an actor 'key' already"),
        (AddField(record("tokn", {"x": "a b"}, host="h")), "there is no record 'tokn' (did you mean 'token'?)"),
        (AddField(record("token", {"kind": "a b"}, host="h")), "there is a field 'token.kind' already"),
        (SetDest("server", "ask", "busy"), "that is how it is already"),
    ],
)
def test_an_edit_that_matches_nothing_is_refused(edit: Edit, error: str) -> None:
    with pytest.raises(ModelError) as caught:
        apply(small(), edit)
    assert str(caught.value) == f"{edit}: {error}"


def test_edits_leave_the_model_they_are_applied_to() -> None:
    model = small(Predicate("p", "true"))
    apply(model, DropActor("world"), SetPredicate("p", "key is good"))
    assert model == small(Predicate("p", "true"))


def test_rows_demand_more_write_more_and_are_about_another_event() -> None:
    model = apply(
        small(),
        AddConjunct("server", "grant", "strict is no"),
        AddConjunct("server", "ask", "key is good or strict is no"),
        AddEffects("server", "grant", put("reply", kind="ccm")),
        SetEvent("client", "forget", "tick"),
        SetMarks("server", "grant", choice=True, urgent=True, status="200"),
    )
    (grant,) = rows(model, "server", "grant")
    assert grant.when == f"{GRANT} and strict is no"
    assert (grant.effect, grant.choice, grant.urgent, grant.status, grant.sends) == (
        put("reply", kind="ccm"), True, True, "200", True,
    )  # fmt: skip
    assert rows(model, "server", "ask")[0].when == "key is good or strict is no"
    assert [row.source for row in rows(model, "client", "tick")] == [("done",)]


def test_a_demand_that_is_a_disjunction_keeps_its_meaning() -> None:
    model = apply(small(), SetGuard("server", "grant", "key is good or strict is no"))
    model = apply(model, AddConjunct("server", "grant", "strict is yes or key is bad"))
    (row,) = rows(model, "server", "grant")
    assert row.when == "(key is good or strict is no) and (strict is yes or key is bad)"


def test_states_are_added_at_the_end() -> None:
    model = apply(small(), AddStates("server", ("away", "ill")))
    assert model.actor("server").states == ("ready", "busy", "away", "ill")
    assert expand(model).actor["server"].initial == ("ready",)


def test_clones_of_actors_and_of_records() -> None:
    model = apply(small(), CloneActor("world", "moon", {"tick": "tock"}), CloneRecord("token", "spare"))
    assert [row.event for row in model.actor("moon").rows] == ["tock"]
    assert [of.name for of in model.actors if of.record == "spare"] == ["spare.kind", "spare.life"]
    assert model.actor("spare.life").rows == model.actor("token.life").rows
    assert lint(model, expand(model)) == []
    assert apply(model, DropActor("moon"), DropActor("spare.kind"), DropActor("spare.life")) == small()


def test_what_is_said_of_an_actor_is_replaced_or_added_to() -> None:
    model = apply(small(), SetTraits("server", host="client", more={"holds_up": ("tick",), "seen_by": ("client",)}))
    of = model.actor("server")
    assert (of.host, of.holds_up, of.seen_by) == ("client", ("ask", "tick"), ("client",))
    assert apply(model, SetTraits("server", holds_up=(), more={"holds_up": ("ask",)})).actor("server").holds_up == (
        "ask",
    )


def test_an_event_goes_for_everybody_with_what_is_said_of_it() -> None:
    model = apply(small(), DropEvent("ask"))
    assert "ask" not in expand(model).event
    assert (model.events, model.actor("server").holds_up) == ((), ())
    assert {row.event for of in apply(small(), DropEvent("*")).actors for row in of.rows} == set()


def test_a_field_goes_and_comes_back() -> None:
    model = apply(small(), DropField("token", "kind"))
    assert [of.name for of in model.actors if of.record == "token"] == ["token.life"]
    assert expand(model).event["grant"].participants == ("token.life", "client", "server")
    back = apply(model, AddField((field_of(model, "token", "kind", ("nothing", "ccm")),)))
    assert sorted(back.actors, key=lambda of: of.name) == sorted(small().actors, key=lambda of: of.name)


def test_a_field_like_another_has_its_clock() -> None:
    made = field_of(small(), "request", "life", ("token.life",))
    assert (made.name, made.host, made.seen_by, made.rows) == (
        "request.life", "client", ("server",), small().actor("token.life").rows,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (AddConjunct("server", "refuse", "key is good"), "the guard is otherwise, and has no parts"),
        (AddStates("server", ("busy",)), "server has a state 'busy' already"),
        (CloneActor("wrld", "moon"), "there is no actor 'wrld' (did you mean 'world'?)"),
        (CloneActor("world", "moon", {"tik": "tock"}), "world takes no part in 'tik' (did you mean 'tick'?)"),
        (CloneActor("world", "server"), "there is an actor 'server' already"),
        (CloneRecord("tokn", "spare"), "there is no record 'tokn' (did you mean 'token'?)"),
        (CloneRecord("token", "reply"), "there is an actor 'reply.kind' already"),
        (DropEvent("aks"), "there is no event 'aks' (did you mean 'ask'?)"),
        (DropEvent("x*"), "no event matches 'x*'"),
        (DropField("tokn", "kind"), "there is no record 'tokn' (did you mean 'token'?)"),
        (DropField("token", "lief"), "token has no field 'lief' (did you mean 'life'?)"),
        (SetTraits("server", more={"holds_up": ("ask",)}), "that is how it is already"),
        (SetMarks("server", "grant", sends=True), "that is how it is already"),
    ],
)
def test_such_an_edit_that_matches_nothing_is_refused_too(edit: Edit, error: str) -> None:
    with pytest.raises(ModelError) as caught:
        apply(small(), edit)
    assert str(caught.value) == f"{edit}: {error}"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (AddConjunct("a", "e", "x is y"), "a/e: guard demands x is y too"),
        (AddEffects("a", "e", take("m", "n")), "a/e: writes too: copy n to m"),
        (SetEvent("a", "e", "f"), "a/e: is about f"),
        (SetMarks("a", "e", choice=True, status="401"), "a/e: choice = True, status = 401"),
        (AddStates("a", ("s", "t")), "a may be s or t too"),
        (CloneActor("a", "b"), "add the actor b, another a"),
        (CloneRecord("m", "n"), "add the record n, another m"),
        (SetTraits("a", host="h", more={"waits": ("s",)}), "a: waits s; host = h"),
        (DropField("m", "kind"), "drop from the record m: kind"),
        (DropEvent("e"), "drop the event e"),
    ],
)
def test_such_an_edit_prints_itself_too(edit: Edit, words: str) -> None:
    assert str(edit) == words


def test_drop_what_a_row_copies() -> None:
    copied = rows(small(), "client", "grant")[0].effect
    assert [each.source for each in copied] == ["reply"]
    assert rows(apply(small(), DropCopy("client", "grant", "re*")), "client", "grant")[0].effect == ()
    with pytest.raises(
        ModelError, match=r"there is no record 'replay' that client/grant copies \(did you mean 'reply'"
    ):
        apply(small(), DropCopy("client", "grant", "replay"))


def test_a_field_is_dropped_of_those_effects_on_a_record_that_write_it():
    row = send("go", "a", "a", "", take("request", "request", "kind"), clear("token"), take("token", "reply", "kind"))
    model = small(actor("walker", host="client", states="a", rows=[row]))
    (left,) = apply(model, DropEffect("walker", "go", "token", "life")).actor("walker").rows
    assert [str(each) for each in left.effect] == [
        "copy kind of request to request",
        "clear kind of token",
        "copy kind of reply to token",
    ]
