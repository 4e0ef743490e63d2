"""Fair components against what fairness says of the sets of edges that a run meets again and again."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from itertools import combinations, product

import networkx as nx
import pytest
from ccmproof.harness.engines.components import Group, fair_components, fair_nodes, resting
from hypothesis import given, settings
from hypothesis import strategies as st

Edge = tuple[int, int, str]
Rule = tuple[str, bool, frozenset[int]]
"""The events of a group, a letter each, whether it is strong, and the nodes at which it does not count."""
NOWHERE: frozenset[int] = frozenset()


def graph_of(edges: Collection[Edge], nodes: int) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edges)
    return graph


def groups_of(edges: Collection[Edge], rules: Sequence[Rule]) -> list[Group]:
    return [
        Group(frozenset(events), frozenset(here for here, _, event in edges if event in events) - without, strong)
        for events, strong, without in rules
    ]


def closure(edges: Collection[Edge], start: Hashable) -> set[Hashable]:
    """The nodes that the edges lead to from one, it included."""
    found = {start}
    for _ in edges:
        found |= {after for before, after, _ in edges if before in found}
    return found


def subsets(edges: Sequence[Edge]) -> Iterator[tuple[Edge, ...]]:
    return (some for size in range(1, len(edges) + 1) for some in combinations(edges, size))


def strongly_connected(edges: Collection[Edge]) -> bool:
    nodes = {before for before, _, _ in edges} | {after for _, after, _ in edges}
    return all(closure(edges, node) == nodes for node in nodes)


def is_fair(again: Collection[Edge], groups: Sequence[Group]) -> bool:
    """Is a run fair that meets exactly these edges again and again? The definition, group by group."""
    nodes = {node for before, after, _ in again for node in (before, after)}
    for group in groups:
        happens = [edge for edge in again if edge[2] in group.events and edge[0] in group.may]
        if not happens and (nodes & group.may if group.strong else nodes <= group.may):
            return False
    return True


def brute_force(edges: Sequence[Edge], within: Collection[int], groups: Sequence[Group]) -> set[int]:
    """By trying every set of edges as the one that a run meets again and again, and every node to rest in."""
    inside = [edge for edge in edges if edge[0] in within and edge[1] in within]
    goals = {node for node in within if all(node not in group.may for group in groups)}
    for again in subsets(inside):
        if strongly_connected(again) and is_fair(again, groups):
            goals |= {node for node, _, _ in again}
    return {node for node in within if closure(inside, node) & goals}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Edge], list[Rule]]:
    """Up to five nodes and nine edges, with their events and their rules; drawn evenly, from one seed.

    Often one of the rules lets no run rest where there is an edge: without it there is little to find out.
    """
    chance = draw(st.randoms(use_true_random=True))
    nodes = chance.randint(1, 5)
    everything = list(product(range(nodes), range(nodes), "abcd"))
    edges = chance.sample(everything, chance.randint(1, min(9, len(everything))))
    rules = [
        (chance.choice(["a", "b", "c", "ab"]), chance.random() < 0.6, chance.choice([NOWHERE, frozenset({0})]))
        for _ in range(chance.randint(0, 3))
    ]
    return nodes, edges, [*rules, *chance.choice([[], [RESTLESS]])]


RESTLESS: Rule = ("abcd", False, NOWHERE)


@settings(max_examples=300, deadline=None)
@given(drawn=graphs(), without=st.frozensets(st.integers(0, 4), max_size=2))
def test_every_set_of_edges_is_tried_and_says_the_same(
    drawn: tuple[int, list[Edge], list[Rule]], without: frozenset[int]
) -> None:
    nodes, edges, rules = drawn
    within = frozenset(range(nodes)) - without
    groups = groups_of(edges, rules)
    assert fair_nodes(graph_of(edges, nodes), within, groups) == brute_force(edges, within, groups)


EVERY_RULES: tuple[tuple[Rule, ...], ...] = (
    (("a", False, NOWHERE),),
    (("a", True, NOWHERE),),
    (("a", True, NOWHERE), ("b", True, NOWHERE)),
    (("a", False, NOWHERE), ("b", True, NOWHERE)),
    (("a", False, NOWHERE), ("b", False, NOWHERE)),
)


@pytest.mark.parametrize("rules", EVERY_RULES, ids=str)
def test_two_nodes_with_a_way_out_are_judged_right_in_each_of_their_graphs(rules: tuple[Rule, ...]) -> None:
    """All 4,096 graphs of two nodes, two events, and a third node outside that both events may lead to."""
    inside = [(before, after, event) for before in (0, 1) for after in (0, 1) for event in "ab"]
    out = [(before, 2, event) for before in (0, 1) for event in "ab"]
    cycles = [frozenset(again) for again in subsets(inside) if strongly_connected(again)]
    for chosen in product((False, True), repeat=len(inside) + len(out)):
        edges = [edge for edge, is_there in zip(inside + out, chosen, strict=True) if is_there]
        groups, there = groups_of(edges, rules), frozenset(edges)
        goals = {node for node in (0, 1) if all(node not in group.may for group in groups)}
        for cycle in cycles:
            if cycle <= there and is_fair(cycle, groups):
                goals |= {node for node, _, _ in cycle}
        kept = [edge for edge in edges if edge[1] != 2]
        right = {node for node in (0, 1) if closure(kept, node) & goals}
        assert fair_nodes(graph_of(edges, 3), frozenset({0, 1}), groups) == right, edges


@settings(max_examples=150, deadline=None)
@given(drawn=graphs())
def test_a_run_round_all_edges_of_a_fair_component_is_fair_and_no_fair_cycle_lies_outside(
    drawn: tuple[int, list[Edge], list[Rule]],
) -> None:
    nodes, edges, rules = drawn
    groups = groups_of(edges, rules)
    found = list(fair_components(graph_of(edges, nodes), frozenset(range(nodes)), groups))
    for component in found:
        inside = [edge for edge in edges if edge[0] in component and edge[1] in component]
        assert inside
        assert strongly_connected(inside)
        assert is_fair(inside, groups)
    for again in subsets(edges):
        if strongly_connected(again) and is_fair(again, groups):
            assert [component for component in found if {node for node, _, _ in again} <= component]
    assert sum(map(len, found)) == len(frozenset().union(*found))


class TestByHand:
    def test_without_fairness_every_node_may_be_rested_in(self) -> None:
        graph = graph_of([(0, 1, "a"), (1, 0, "a")], 3)
        assert fair_nodes(graph, frozenset({0, 2}), []) == {0, 2}

    def test_of_nothing_nothing_is_fair(self) -> None:
        assert fair_nodes(graph_of([(0, 0, "a")], 1), frozenset(), []) == frozenset()

    @pytest.mark.parametrize("strong", [False, True])
    def test_a_run_may_not_rest_where_a_group_may_happen_be_it_on_a_way_out(self, strong: bool) -> None:
        edges = [(0, 1, "a")]
        assert resting(frozenset({0, 1}), groups_of(edges, [("a", strong, NOWHERE)])) == {1}
        assert fair_nodes(graph_of(edges, 2), frozenset({0}), groups_of(edges, [("a", strong, NOWHERE)])) == frozenset()

    def test_weak_fairness_is_content_with_an_interruption_and_strong_fairness_is_not(self) -> None:
        edges = [(0, 1, "b"), (1, 0, "b"), (1, 2, "a")]
        graph, within, busy = graph_of(edges, 3), frozenset({0, 1}), ("b", False, NOWHERE)
        assert fair_nodes(graph, within, groups_of(edges, [busy, ("a", False, NOWHERE)])) == {0, 1}
        assert fair_nodes(graph, within, groups_of(edges, [busy, ("a", True, NOWHERE)])) == frozenset()

    def test_an_event_that_changes_nothing_has_happened_all_the_same(self) -> None:
        edges = [(0, 0, "a")]
        assert fair_nodes(graph_of(edges, 1), frozenset({0}), groups_of(edges, [("a", True, NOWHERE)])) == {0}

    def test_a_way_that_leaves_the_set_and_comes_back_is_none(self) -> None:
        edges = [(0, 1, "a"), (1, 2, "b"), (2, 2, "c")]
        groups = groups_of(edges, [("ab", False, NOWHERE)])
        assert fair_nodes(graph_of(edges, 3), frozenset({0, 2}), groups) == {2}

    def test_what_is_left_of_a_component_is_divided_again(self) -> None:
        edges = [(0, 1, "b"), (1, 0, "b"), (1, 2, "b"), (2, 1, "b"), (2, 3, "a"), (3, 3, "b")]
        groups = groups_of(edges, [("a", True, NOWHERE)])
        assert list(fair_components(graph_of(edges, 4), frozenset({0, 1, 2}), groups)) == [{0, 1}]
