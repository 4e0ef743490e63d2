"""The product as a networkx graph."""

from __future__ import annotations

import doctest

import networkx as nx
import pytest
from ccmproof.model.kernel import graph as graph_module
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import actor, send, unknown
from ccmproof.model.kernel.definition import Assumption, Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.graph import locally_possible, product_graph
from ccmproof.model.kernel.network import Actor, Event, Network, Transition
from small import locked, small

LAMP = Actor(
    "lamp",
    ("off", "on", "broken"),
    ("off",),
    (
        Transition("switch", frozenset({"off"}), "on"),
        Transition("switch", frozenset({"on"}), "off"),
        Transition("switch", frozenset({"off", "on"}), "broken"),
    ),
    host="house",
)
PLUG = Actor("plug", ("in_wall", "out"), ("in_wall", "out"), (Transition("switch", frozenset({"in_wall"}), None),))
HOUSE = Network("house", (LAMP, PLUG), (Event("switch", "lamp", ("lamp", "plug")),))


def test_nodes_are_states_with_an_attribute_for_each_actor() -> None:
    graph = product_graph(HOUSE)
    assert list(graph.nodes(data=True)) == [
        (("off", "in_wall"), {"lamp": "off", "plug": "in_wall", "initial": True}),
        (("off", "out"), {"lamp": "off", "plug": "out", "initial": True}),
        (("on", "in_wall"), {"lamp": "on", "plug": "in_wall", "initial": False}),
        (("broken", "in_wall"), {"lamp": "broken", "plug": "in_wall", "initial": False}),
    ]


def test_edges_carry_the_event() -> None:
    graph = product_graph(HOUSE)
    off, on, broken = ("off", "in_wall"), ("on", "in_wall"), ("broken", "in_wall")
    assert list(graph.edges(keys=True)) == [
        (off, on, "switch"),
        (off, broken, "switch"),
        (on, off, "switch"),
        (on, broken, "switch"),
    ]
    assert graph.edges[off, on, "switch"] == {"event": "switch", "controller": "lamp", "host": "house"}


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_a_lock_has_the_states_of_the_closed_form_and_one_way_out(n: int) -> None:
    graph = product_graph(locked(n))
    assert len(graph) == 3**n + n * 3 ** (n - 1)
    done = ("after",) * n + ("free",)
    assert [state for state in graph if graph.out_degree(state) == 0] == [done]
    assert nx.shortest_path_length(graph, ("out",) * n + ("free",), done) == 3 * n
    assert nx.is_directed_acyclic_graph(graph)


def test_it_is_the_product() -> None:
    network = expand(small())
    graph = product_graph(network)
    assert len(graph) == 12  # five with a bad key, seven with a good one
    for state in graph:
        steps = {(event.name, after) for event, after in product.successors(network, state)}
        assert {(key, after) for _, after, key in graph.out_edges(state, keys=True)} == steps
    assert {graph.nodes[state]["key"] for state in graph if graph.nodes[state]["client"] == "done"} == {"good"}


def test_local_possibility_excludes_only_what_cannot_be() -> None:
    network = expand(small())
    possible = locally_possible(network)
    for state in product_graph(network):
        enabled = [event.name for event in network.events if product.enabled(network, event, state)]
        assert [name for name in (event.name for event in possible(state)) if name in enabled] == enabled
    first = next(product.initial_states(network))
    assert [event.name for event in possible(first)] == ["tick", "ask"]


def test_too_many_states_are_refused_with_what_to_pin() -> None:
    assert len(product_graph(locked(3), limit=54)) == 54
    with pytest.raises(ModelError) as caught:
        product_graph(locked(3), limit=53)
    assert str(caught.value) == (
        "lock of 3 has more than 53 states, too many for a graph of at most 53: ask an engine, which needs no graph"
    )


def test_too_many_initial_states_are_refused_before_they_are_looked_at() -> None:
    many = [unknown(f"u{i}", "a b c" if i == 3 else "a b", host="h") for i in range(40)]
    network = expand(Model.of("wide", many))
    with pytest.raises(ModelError) as caught:
        product_graph(network)
    assert str(caught.value) == (
        f"wide has {3 * 2**39:,} combinations of initial states, too many for a graph of at most 20,000: "
        "pin some of u3 (3), u0 (2), u1 (2), u2 (2), u4 (2) and 35 others"
    )


def test_assumptions_may_leave_few_of_many() -> None:
    many = [unknown(f"u{i}", "a b", host="h") for i in range(6)]
    only = [Assumption(f"u{i} is a", "one of them is enough") for i in range(6)]
    network = expand(Model.of("narrow", many, only, actor("x", host="h", states="s t", rows=[send("e", "s", "t")])))
    assert len(product_graph(network, limit=2)) == 2


def test_an_actor_may_not_be_named_initial() -> None:
    with pytest.raises(ModelError, match=r"an actor named 'initial' would hide"):
        product_graph(Network("n", (Actor("initial", ("a", "b"), ("a",)),), ()))


def test_the_example_in_the_documentation_runs() -> None:
    assert doctest.testmod(graph_module) == doctest.TestResults(failed=0, attempted=4)
