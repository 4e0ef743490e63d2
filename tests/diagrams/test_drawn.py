"""What is drawn of a system that is small enough to work out by hand: the right nodes, arrows, lanes and words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ccmproof.diagrams.causes import causes_graph
from ccmproof.diagrams.change import Altered, Elsewhere, Touched, change_graph
from ccmproof.diagrams.form import Beside, Edge, Frame, Framing, Graph, Item, Kind, Message, Role, Section, Shape
from ccmproof.diagrams.run import Broken, run_sequence
from ccmproof.diagrams.told import Carries
from ccmproof.diagrams.words import some, told, wrapped
from ccmproof.harness.checker import check
from ccmproof.harness.drawing import asked_about, drawn_actor, drawn_change, drawn_network
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import recv, send
from ccmproof.model.kernel.condition import TRUE, In, Not
from ccmproof.model.kernel.decision import Tree
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import Run, replayed
from demo import PORTER, SCENARIOS, VISITOR, build, demo

CALM = SCENARIOS["calm"]
SYSTEM = demo()
GOING = replace(SYSTEM, goals={"entry": "visitor is inside"})


def arrows(graph: Graph) -> dict[tuple[str, str], tuple[tuple[str, ...], Role]]:
    """Label and role of each arrow between two nodes; none has a second one."""
    found = {(edge.source, edge.target): (edge.label, edge.role) for edge in graph.edges}
    assert len(found) == len(graph.edges)
    return found


def walked(network: Network, state: State, *events: str, loop: int | None = None) -> Run:
    """The run that takes the first outcome of each event."""
    path = [state]
    for name in events:
        path.append(next(iter(product.outcomes(network, network.event[name], path[-1]))))
    return replayed(network, path, events, loop=loop)


def begun(network: Network, **wanted: str) -> State:
    """The first initial state in which actors are as wanted."""
    return tuple(wanted.get(each.name, each.initial[0]) for each in network.actors)


def test_an_actor_has_its_states_guards_citations_and_the_way_to_the_goal() -> None:
    graph = drawn_actor(GOING, CALM, "Visitor")
    assert graph.title == "visitor on visitor"
    assert [(n.name, n.role, n.shape) for n in graph.nodes] == [
        ("start", Role.PLAIN, Shape.START),
        ("outside", Role.HAPPY, Shape.STATE),
        ("waiting", Role.HAPPY, Shape.STATE),
        ("inside", Role.HAPPY, Shape.STATE),
    ]
    assert [(e.source, e.target, e.label, e.role) for e in graph.edges] == [
        ("start", "outside", (), Role.PLAIN),
        ("outside", "waiting", ("ask with good key", "when key is good", "[V1]"), Role.HAPPY),
        ("outside", "waiting", ("ask with bad key", "when key is bad", "[V1]"), Role.PLAIN),
        ("waiting", "inside", ("let in",), Role.HAPPY),
        ("waiting", "outside", ("turn away",), Role.REFUSAL),
        ("inside", "outside", ("leave", "[V2]"), Role.PLAIN),
    ]
    assert graph.notes == (
        "Asks to be let in, and leaves again.",
        "thick: the shortest way to entry where all is as usual; thin: it decides; dotted, ✗: a refusal or a failure",
    )


def test_a_refusal_tells_its_status_and_what_it_is_the_rest_of() -> None:
    graph = drawn_actor(GOING, CALM, "porter")
    labels = {edge.label: edge.role for edge in graph.edges}
    assert labels["turn away (401)", "when otherwise", "[P2]"] is Role.REFUSAL
    assert labels["let in", "when fits or porter", "checks is lax", "[P1 P2]"] is Role.HAPPY


def test_what_watches_what_is_written_and_what_never_moves_are_drawn_too() -> None:
    watching = drawn_actor(SYSTEM, CALM, "has_asked")
    assert arrows(watching)["any", "yes"] == (("ask with good key, ask", "with bad key"), Role.RECEIVED)
    written = drawn_actor(SYSTEM, CALM, "request.shown")
    assert {edge.target for edge in written.edges} == {"nothing", "good", "bad"}
    still = drawn_actor(SYSTEM, CALM, "key")
    assert still.edges == () and still.notes[-1] == "it never moves: any of its values, from the beginning on"


def test_an_unknown_actor_is_told_the_nearest() -> None:
    with pytest.raises(ModelError) as refused:
        drawn_actor(SYSTEM, CALM, "portr")
    assert str(refused.value) == (
        "there is no actor 'portr' (did you mean 'porter'?); `ccmproof list actors` names them"
    )


def test_events_that_share_an_arrow_are_named_up_to_a_number() -> None:
    rows = [recv(f"event_{n}", "outside", "inside", cites="C1" if n else "C0") for n in range(7)]
    network = expand(build(CALM))
    from ccmproof.diagrams.actor import actor_graph

    graph = actor_graph(replace(VISITOR, rows=tuple(rows)), network)
    assert graph.edges[1].label == ("event 0, event 1,", "event 2, event 3 and 3", "more", "[C0 C1]")


def test_the_network_has_who_decides_by_host_and_only_what_happens() -> None:
    graph = drawn_network(SYSTEM, CALM)
    assert [group.name for group in graph.groups] == ["visitor", "porter"]
    assert [(node.name, node.label, node.group) for node in graph.nodes] == [
        ("visitor", ("visitor", "decides 3 events"), "visitor"),
        ("porter", ("porter", "decides 2 events"), "porter"),
    ]
    assert arrows(graph) == {
        ("visitor", "porter"): (("ask with good key, ask", "with bad key"), Role.PLAIN),
        ("porter", "visitor"): (("let in, turn away",), Role.PLAIN),
    }
    assert [each.name for each in drawn_network(SYSTEM, SCENARIOS["storm"]).groups] == ["visitor", "porter", "world"]


CARRIES = Carries({"request.shown": "key", "request.count": "count"}, "request.shown", to=("porter",))


def test_a_run_has_lanes_arrows_what_requests_carry_and_failures() -> None:
    network = expand(build(SCENARIOS["storm"]))
    events = ("ring", "fall_silent", "ask_with_bad_key", "turn_away", "ring")
    run = walked(network, begun(network, key="bad"), *events)
    found = run_sequence(run, network, "t", CARRIES, Broken(4, ("not so",)), ["key bad"])
    assert found.lanes == ("world", "visitor", "porter")
    wanted: list[Item] = [
        Beside("world", "porter", ("key bad",), Role.QUIET),
        Beside("world", "world", ("1 · ring", "2 · fall silent")),
        Message("visitor", "porter", ("3 · ask with bad key", "key bad, count one")),
        Message("porter", "visitor", ("4 · turn away (401)",), Kind.FAILURE),
        Beside("world", "world", ("5 · ring",), Role.BAD),
        Beside("world", "porter", ("step 5 breaks it", "not so"), Role.BAD),
    ]
    assert list(found.items) == wanted


def test_the_loop_of_a_lasso_is_framed_and_what_is_owed_stands_below() -> None:
    network = expand(build(CALM))
    events = ("ask_with_good_key", "let_in", "leave", "ask_with_good_key", "let_in")
    run = walked(network, begun(network), *events, loop=2)
    found = run_sequence(run, network, "t", CARRIES, Broken(1))
    assert len(found.items) == 4
    loop = found.items[2]
    assert isinstance(loop, Frame) and loop.framing is Framing.LOOP
    assert loop.sections == (
        Section(
            "again and again, for ever",
            (
                Beside("visitor", "visitor", ("3 · leave",)),
                Message("visitor", "porter", ("4 · ask with good key", "key good, count one")),
                Message("porter", "visitor", ("5 · let in",), Kind.REPLY),
            ),
        ),
    )
    assert found.items[-1] == Beside("visitor", "porter", ("owed from step 2 on; what is owed never comes",), Role.BAD)


def test_what_answers_a_request_is_dashed_and_carries_nothing() -> None:
    network = expand(build(CALM))
    run = walked(network, begun(network), "ask_with_good_key", "let_in")
    found = run_sequence(run, network, "t", CARRIES)
    assert [item.kind for item in found.items if isinstance(item, Message)] == [Kind.REQUEST, Kind.REPLY]
    assert found.items[1].label == ("2 · let in",)


def test_a_run_of_no_steps_is_drawn() -> None:
    network = expand(build(CALM))
    found = run_sequence(walked(network, begun(network)), network, "t", broken=Broken(0, ("so it is not, " * 3,)))
    assert found.lanes == ("nobody",)
    assert found.items[0].label == ("the first state breaks it", "so it is not, so it is not, so", "it is not,")


def test_a_change_tells_added_removed_and_altered_apart() -> None:
    let_in, turn_away = PORTER.rows[2:]
    tighter = replace(let_in, when="fits")
    forgets = send("forget", "judging", "gone", cites="P3")
    after = replace(PORTER, states=("idle", "judging", "gone"), rows=(*PORTER.rows[:2], tighter, forgets))
    touched = Touched(PORTER, after, (forgets,), (turn_away,), (Altered(let_in, tighter),), ("states: more",))
    graph = change_graph("t", [touched], [Elsewhere(Role.REMOVED, "predicate fits", ("was: so",))])
    assert [group.label for group in graph.groups] == ["porter on porter", "said of the whole"]
    assert {(edge.label, edge.role) for edge in graph.edges if edge.label} == {
        (("ask with good key, ask", "with bad key"), Role.RECEIVED),
        (("let in", "when fits", "[P1 P2]", "was when fits or", "porter checks is lax"), Role.ALTERED),
        (("turn away (401)", "when otherwise", "[P2]"), Role.REMOVED),
        (("forget", "[P3]"), Role.ADDED),
    }
    roles = {node.name: node.role for node in graph.nodes}
    assert roles["porter/gone"] is Role.ADDED and roles["porter/idle"] is Role.PLAIN
    assert roles["porter/traits"] is Role.ALTERED and roles["said of the whole/0"] is Role.REMOVED


def test_an_actor_that_comes_or_goes_is_marked_whole() -> None:
    for sides, role in (((None, PORTER), Role.ADDED), ((PORTER, None), Role.REMOVED)):
        graph = change_graph("t", [Touched(*sides)])
        assert {node.role for node in graph.nodes if node.shape is Shape.STATE} == {role}
        assert {edge.role for edge in graph.edges if edge.label} == {role}


def test_a_decision_tree_asks_answers_and_counts() -> None:
    leaf = Tree(0, 2), Tree(3, 0), Tree(1, 1)
    key = In("key", frozenset({"good"}))
    some_of = In("key", frozenset({"bad", "worn"}))
    tree = Tree(4, 3, "key", ((key, leaf[0]), (Not(key), Tree(4, 1, "wet_day", ((some_of, leaf[1]), (TRUE, leaf[2]))))))
    graph = causes_graph("t", tree, "fails", "holds")
    assert [(node.label, node.role, node.shape) for node in graph.nodes] == [
        (("key?",), Role.PLAIN, Shape.QUESTION),
        (("holds", "2"), Role.GOOD, Shape.BOX),
        (("wet day?",), Role.PLAIN, Shape.QUESTION),
        (("fails", "3"), Role.BAD, Shape.BOX),
        (("fails: 1", "holds: 1"), Role.QUIET, Shape.BOX),
    ]
    assert [edge.label for edge in graph.edges] == [("good",), ("not good",), ("bad or worn",), ()]


def test_a_question_is_about_a_property_a_goal_or_a_condition() -> None:
    assert asked_about(GOING, "entry") == "visitor is inside"
    assert asked_about(GOING, "d-01") == SYSTEM.property("D-01")
    assert asked_about(GOING, "key is good") == "key is good"
    with pytest.raises(ModelError, match="there is no property 'D-0'"):
        asked_about(GOING, "D-0")


@pytest.mark.parametrize(
    ("guard", "words"),
    [
        ("x_y in {a_b, c} and not z", "x y is a b or c and not z"),
        ("x not in {a, b}", "x is neither a nor b"),
        ("true", ""),
        ("", ""),
    ],
)
def test_guards_are_told_in_words(guard: str, words: str) -> None:
    assert told(guard) == words


def test_words_are_wrapped_and_counted() -> None:
    assert wrapped("one two three", 7) == ("one two", "three")
    assert some("abc", 2) == "a, b, c" and some("abcd", 2) == "a, b and 2 more"


def test_the_shipped_change_of_a_predicate_touches_who_reads_it() -> None:
    from ccmproof.harness.changes.shipped import named
    from ccmproof.harness.system import shipped

    of = shipped()
    graph = drawn_change(of, named("c15-any-onboarded-tenant"), of.scenario(""))
    assert [group.name for group in graph.groups] == ["sts", "registration_manager", "said of the whole"]
    altered = {
        " ".join(edge.label).partition(" (")[0].partition(" when")[0]
        for edge in graph.edges
        if edge.role is Role.ALTERED
    }
    assert altered == {"sts refuses entra token", "sts validates entra token",
                       "mp rejects registration", "mp validates registration token"}  # fmt: skip
    assert graph.nodes[-1].label == ("tenant_match", "strict → onboarded")


def test_the_fields_of_one_type_to_which_the_same_happens_are_drawn_once() -> None:
    from ccmproof.harness.changes.shipped import named
    from ccmproof.harness.system import shipped

    of = shipped()
    graph = drawn_change(of, named("c06-token-lives-a-day"), of.scenario(""))
    assert [group.label for group in graph.groups] == [
        "wam.device.life on client; the same: wam.user.life, cache.system.life, cache.user.life and 4 more",
        "management_point on management point",
        "sts on management point",
        "said of the whole",
    ]
    assert Edge("sts/idle", "sts/validating", ("sts starts request",), Role.RECEIVED) in graph.edges


def test_a_setting_that_is_the_same_on_both_sides_is_not_altered() -> None:
    from ccmproof.harness.changes.shipped import named
    from ccmproof.harness.system import shipped

    of = shipped()
    graph = drawn_change(of, named("c09-renew-at-half-life"), of.scenario(""))
    assert [node.label for node in graph.nodes] == [("duration margin", "now 240 min")]


def test_the_network_that_a_counterexample_is_of_is_handed_out() -> None:
    seen: list[Network] = []
    report = check(CALM, [SYSTEM.property("D-02")], build=build, look=lambda each: seen.append(each.network))
    shown = report.judgements[0].counterexample
    assert shown is not None
    found = run_sequence(shown.run, seen[0], "t", CARRIES)
    assert found.items == (Message("visitor", "porter", ("1 · ask with bad key", "key bad, count one")),)
