"""Views of the product: an engine's projection is that of the explicit graph, and the drawing says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import networkx as nx
import pytest
from ccmproof.diagrams.form import Edge, Graph, Role, Shape
from ccmproof.diagrams.formats import written
from ccmproof.diagrams.product import MOST, Told, parts_of, view_graph
from ccmproof.harness import cli, viewing
from ccmproof.harness.engines import Limit, explore
from ccmproof.harness.projection import TooMany, projected
from ccmproof.harness.system import shipped
from ccmproof.harness.viewing import drawn_product, viewed
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import Condition, In, at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.graph import product_graph
from ccmproof.model.kernel.network import Actor, Event, Network, Transition
from ccmproof.model.kernel.quotient import quotient
from demo import SCENARIOS, demo
from hypothesis import given, settings
from hypothesis import strategies as st
from mermaid_grammar import parsed
from small import locked
from strategies import conditions, models, networks
from typer.testing import CliRunner

FEW = settings(max_examples=60, deadline=None)
CALM, STORM = SCENARIOS["calm"], SCENARIOS["storm"]
GOING = replace(demo(), goals={"entry": "visitor is inside"})


def content(view: nx.MultiDiGraph) -> tuple[Any, Any, Any]:
    """All that a view says, whatever its order."""
    edges = {(one, other, key): about for one, other, key, about in view.edges(keys=True, data=True)}
    assert len(edges) == view.number_of_edges()
    return view.graph, dict(view.nodes(data=True)), edges


@st.composite
def asked(draw: st.DrawFn, of: st.SearchStrategy[Network]) -> tuple[Network, list[str], dict[str, Condition]]:
    """A network, some of its actors in any order, and a goal."""
    network = draw(of)
    names = draw(st.lists(st.sampled_from(sorted(network.actor)), min_size=1, unique=True))
    return network, names, {"goal": draw(conditions({each.name: each.states for each in network.actors}))}


@FEW
@given(asked(networks() | models()), st.sampled_from(["plain", "reference", "networkx"]))
def test_a_projection_by_an_engine_is_that_of_the_explicit_graph(
    question: tuple[Network, list[str], dict[str, Condition]], engine: str
) -> None:
    network, actors, goals = question
    wanted = quotient(product_graph(network), network, actors, goals)
    found = projected(explore(network, engine=engine), actors, goals)
    assert content(found) == content(wanted)


@FEW
@given(asked(networks()))
def test_the_explicit_view_is_what_the_page_of_the_semantics_says(
    question: tuple[Network, list[str], dict[str, Condition]],
) -> None:
    network, actors, goals = question
    places = [network.position[name] for name in actors]
    still = [network.position[each.name] for each in network.unknowns]
    states, waiting = set(), list(product.initial_states(network))
    begin = set(waiting)
    steps = set()
    while waiting:
        state = waiting.pop()
        if state not in states:
            states.add(state)
            for event, after in product.successors(network, state):
                waiting.append(after)
                if set(event.participants) & set(actors):
                    steps.add((tuple(state[i] for i in places), tuple(after[i] for i in places), event.name))
    view = quotient(product_graph(network), network, actors, goals)
    assert set(view.edges(keys=True)) == steps
    for node, about in view.nodes(data=True):
        here = {state for state in states if tuple(state[i] for i in places) == node}
        assert about == {
            "states": len(here),
            "environments": len({tuple(state[i] for i in still) for state in here}),
            "initial": bool(here & begin),
            "deadlocks": sum(not any(True for _ in product.successors(network, state)) for state in here),
            "goals": {"goal": sum(product.holds(network, goals["goal"], state) for state in here)},
        }
    assert sum(many for _, many in view.nodes(data="states")) == len(states)


def test_a_view_of_nobody_of_a_stranger_or_of_one_twice_is_refused() -> None:
    network = locked(2)
    for actors, said in (
        ([], "a view is of one actor at the least"),
        (["p00"], r"there is no actor 'p00' \(did you mean 'p0'\?\)"),
        (["p0", "p0"], "the actor 'p0' is named twice"),
    ):
        with pytest.raises(ModelError, match=said):
            projected(explore(network, engine="plain"), actors)


def test_too_many_combinations_are_noticed_before_they_are_all_listed() -> None:
    explored = explore(locked(12), engine="plain")
    with pytest.raises(TooMany) as refused:
        projected(explored, [*locked(12).actor], most=100)
    assert 100 < refused.value.seen <= 400


def test_a_projection_of_10_to_the_12_states_counts_every_one() -> None:
    of = shipped()
    found = viewed(of, of.default, {}, ["CCMSETUP", "pki"])
    assert found.chosen == ("ccmsetup", "pki")
    assert sum(many for _, many in found.view.nodes(data="states")) == found.states == 8_167_060_295_424
    assert found.view.nodes["started", "valid"]["initial"]
    assert not any(one[1] != other[1] for one, other in found.view.edges())  # an unknown splits, and never moves
    assert ("started", "valid") in found.view.pred["locating", "valid"]
    assert ("started", "expired") not in found.view.pred["locating", "expired"]


WALK = Actor(
    "walker",
    ("a", "b", "c", "d", "e", "z"),
    ("a",),
    (
        Transition("go", frozenset({"a"}), "b"),
        Transition("run", frozenset({"a"}), "b"),
        Transition("turn", frozenset({"b"}), "a"),
        Transition("jump", frozenset({"b"}), "c"),
        Transition("spin", frozenset({"c"}), "d"),
        Transition("spin", frozenset({"d"}), "c"),
        Transition("fall", frozenset({"a"}), "e"),
        Transition("die", frozenset({"e"}), "z", at("kind").is_("mortal")),
        Transition("rest", frozenset({"e"}), None),
    ),
)
WALKS = Network(
    "walk",
    (WALK, Actor("kind", ("mortal", "other"), ("mortal", "other"))),
    tuple(Event(name, "walker", ("walker",), refusal=name == "die") for name in sorted(WALK.alphabet)),
)
GOALS: Mapping[str, Condition] = {"end": In("walker", frozenset({"z"})), "mortal": at("kind").is_("mortal")}


def drawn(*actors: str, fold: bool = False) -> Graph:
    view = projected(explore(WALKS, engine="plain"), actors, GOALS)
    path = {("go", ("a",), ("b",)), ("jump", ("b",), ("c",))} if actors == ("walker",) else ()
    return view_graph(view, Told("t", 11, 2, actors, path=path), fold=fold)


def labels(graph: Graph) -> dict[tuple[str, ...], tuple[Role, Shape, str]]:
    return {node.label: (node.role, node.shape, node.group) for node in graph.nodes if node.shape is not Shape.START}


def test_a_view_has_counts_marks_and_what_nothing_leads_out_of() -> None:
    graph = drawn("walker")
    two, all_of = "2 states", "in all environments"
    mortal = "✓ mortal: in 1 of them"
    cage = graph.groups[0]
    assert (len(graph.groups), cage.label, cage.foot) == (1, "nothing leads out of here", True)
    assert labels(graph) == {
        ("a", two, all_of, mortal): (Role.HAPPY, Shape.STATE, ""),
        ("b", two, all_of, mortal): (Role.HAPPY, Shape.STATE, ""),
        ("e", two, all_of, mortal): (Role.PLAIN, Shape.STATE, ""),
        ("c", two, all_of, mortal): (Role.HAPPY, Shape.STATE, cage.name),
        ("d", two, all_of, mortal): (Role.PLAIN, Shape.STATE, cage.name),
        ("z", "1 state", "in 1 environment", "✓ end", "✓ mortal", "⊘ nothing may happen"): (
            Role.PLAIN,
            Shape.LAST,
            "",
        ),
    }
    names = {node.name: node.label[0] for node in graph.nodes if node.label}
    assert {(names.get(e.source), names[e.target], e.label, e.role) for e in graph.edges} == {
        (None, "a", (), Role.PLAIN),
        ("a", "b", ("go, run",), Role.HAPPY),
        ("b", "a", ("turn",), Role.PLAIN),
        ("b", "c", ("jump",), Role.HAPPY),
        ("c", "d", ("spin",), Role.PLAIN),
        ("d", "c", ("spin",), Role.PLAIN),
        ("a", "e", ("fall",), Role.PLAIN),
        ("e", "z", ("die",), Role.REFUSAL),
    }


def test_what_can_be_gone_round_in_is_folded_into_one_box() -> None:
    graph = drawn("walker", fold=True)
    assert graph.groups == ()
    assert labels(graph) == {
        ("a, b", "folded: 2 combinations", "4 states", "✓ mortal: in 2 of them"): (Role.HAPPY, Shape.BOX, ""),
        ("e", "2 states", "in all environments", "✓ mortal: in 1 of them"): (Role.PLAIN, Shape.STATE, ""),
        ("c, d", "folded: 2 combinations", "4 states", "✓ mortal: in 2 of them", "nothing leads out of here"): (
            Role.HAPPY,
            Shape.LAST,
            "",
        ),
        ("z", "1 state", "in 1 environment", "✓ end", "✓ mortal", "⊘ nothing may happen"): (Role.PLAIN, Shape.LAST, ""),
    }
    assert Edge("n0", "n2", ("jump",), Role.HAPPY) in graph.edges
    assert "square: what can be gone round in, folded" in "\n".join(graph.notes)


def test_an_unknown_splits_by_environment() -> None:
    found = labels(drawn("kind", "walker"))
    ends = {label[:2] for label, (_, shape, _) in found.items() if shape is Shape.LAST}
    assert ends == {("kind: mortal", "walker: z"), ("kind: other", "walker: e")}
    assert len(found) == 11


@FEW
@given(networks(), st.booleans())
def test_folding_is_the_condensation_and_every_bottom_is_marked_once(network: Network, fold: bool) -> None:
    view = quotient(product_graph(network), network, [each.name for each in network.actors])
    graph = view_graph(view, Told("t", len(view), 1, (), True), fold=fold)
    whole = nx.condensation(nx.DiGraph(view))
    boxes = [node for node in graph.nodes if node.shape is not Shape.START]
    assert len(boxes) == (len(whole) if fold else len(view))
    bottoms = [part for part in whole if whole.out_degree(part) == 0] if len(whole) > 1 else []
    double = [node for node in boxes if node.shape is Shape.LAST]
    assert len(double) + len(graph.groups) == len(bottoms)
    assert {frozenset(part) for part in parts_of(view)} == {
        frozenset(about["members"]) for _, about in whole.nodes(data=True)
    }
    parsed(written(graph, "mermaid").decode())


def test_the_happy_path_is_seen_in_full_and_through_some_actors() -> None:
    for actors, wanted in (
        ([], [("ask with good key",), ("let in",)]),
        (["visitor"], [("ask with good key, ask", "with bad key"), ("let in",)]),
        (["visitor", "key"], [("ask with good key",), ("let in",)]),
    ):
        graph = drawn_product(viewed(GOING, CALM, {"weather": "dry"}, actors))
        assert [edge.label for edge in graph.edges if edge.role is Role.HAPPY] == wanted
        assert sum(node.role is Role.HAPPY for node in graph.nodes) == 3
        assert graph.notes[1].startswith("thick: the shortest way to entry where all is as usual")


def test_a_state_of_the_full_product_tells_what_moves_by_itself_and_splits() -> None:
    graph = drawn_product(viewed(GOING, STORM, {"weather": "dry", "key": "good"}, []))
    assert graph.title == "storm, weather = dry, key = good: the product in full"
    assert [node.label for node in graph.nodes[1:3]] == [
        ("visitor: outside", "porter: idle", "bell: silent"),
        ("visitor: waiting", "porter: judging", "bell: silent"),
    ]


def test_what_is_too_large_is_folded_and_what_is_too_large_even_then_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    of = shipped()
    bulk = viewed(of, of.scenario("bulk"), {}, [])
    graph = drawn_product(bulk)
    assert len(bulk.view) == 483 > MOST and len(parts_of(bulk.view)) == 106 == len(graph.nodes) - 1
    assert any("folded: 10 states" in node.label for node in graph.nodes)
    monkeypatch.setattr(viewing, "MOST", 100)
    with pytest.raises(ModelError) as refused:
        drawn_product(bulk)
    assert str(refused.value) == (
        "the product of bulk has 483 states, 2,223 steps and 106 strongly connected parts, too many in full; projected"
        " on some of its actors: `ccmproof diagram product bulk_device ccmsetup --scenario bulk`"
    )
    monkeypatch.setattr(viewing, "MOST", 3)
    with pytest.raises(ModelError) as refused:
        drawn_product(viewed(of, of.scenario("bulk"), {}, ["bulk_issue", "bulk_device", "bulk.life", "ccmsetup"]))
    assert "different combinations of states in bulk, with " in str(refused.value)
    assert str(refused.value).endswith(" strongly connected parts, too many to draw: name fewer actors")


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.app, ["diagram", "product", *arguments], env={"COLUMNS": "80"})
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "system", demo)
    code, text, complaint = run("visitor", "--scenario", "storm", "--set", "key=bad")
    assert (code, complaint) == (0, "")
    assert text.startswith('---\ntitle: "storm, key = bad: visitor"\nconfig:\n')
    assert [label[0] for name, label in parsed(text).nodes.items() if name != "notes"] == [" ", "outside", "waiting"]
    assert run()[0] == 0 and len(parsed(run("--fold")[1]).nodes) < len(parsed(run()[1]).nodes)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the product of any-environment has 8,167,060,295,424 states, too many in full; projected on some of its"
         " actors: `ccmproof diagram product ccmsetup registration`"),
        (("--scenario", "document", "--set", "pki=valid"), "parts, too many in full; projected on some of its actors:"
         ' `ccmproof diagram product ccmsetup registration --scenario document --set "pki=valid"`'),
        (("ccmsetpu",), "there is no actor 'ccmsetpu' (did you mean 'ccmsetup'?); `ccmproof list actors` names them"),
        (("ccmsetup", "--scenario", "docment"), "there is no scenario 'docment' (did you mean 'document'?)"),
        (("ccmsetup", "--format", "scxml"), "scxml is for one actor: `ccmproof diagram actor NAME --format scxml`"),
        (("ccmsetup", "--fold", "-o", "a.graphml"), "--fold is for drawings: graphml has every node"),
    ],
    ids=str,
)  # fmt: skip
def test_unusable_input_is_told_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    code, text, complaint = run(*arguments)
    assert (code, text) == (2, "") and said in complaint and complaint.count("\n") == 1


def test_who_only_watches_is_no_part_of_it() -> None:
    with pytest.raises(ModelError, match="has_asked only watches: it is no part of the product"):
        viewed(demo(), CALM, {}, ["has_asked"])


def test_what_was_cut_short_is_undetermined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "system", demo)
    monkeypatch.setattr(viewing, "explore", partial(explore, limit=Limit(seconds=0)))
    code, text, complaint = run("visitor")
    assert (code, text) == (3, "") and complaint.startswith("ccmproof: the product of calm is undetermined")
