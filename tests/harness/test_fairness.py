"""Fair runs: every engine against the strongly connected components, and those against the two classic errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import networkx as nx
import pytest
from ccmproof.harness.engines import ENGINES, Exploration, Limit, components, explore, graph
from ccmproof.harness.engines.components import Group, fair_components, resting
from ccmproof.harness.lasso import lasso
from ccmproof.model.kernel.condition import TRUE, Condition, at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import Network, State
from closed_forms import mutex
from fairness_models import (
    DOORS,
    ENTER,
    LEFT,
    NOT_SERVED,
    RESTLESS,
    RIGHT,
    SERVE,
    SERVE_IN_THE_HALL,
    VISITOR,
    WEAK_ENTER,
    WEAK_SERVE,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lassos import fault, lasso_round, lasso_to, may_happen
from strategies import conditions, fairness, models, networks, wanderers

FEW, MANY = (settings(max_examples=number, deadline=None) for number in (30, 150))
JUDGE = "networkx"


def fair_states(explored: Exploration, within: Condition, groups: Sequence[Fairness]) -> set[State]:
    """The answer of an engine, found by asking for each state that networkx reaches."""
    states = explored.fair(explored.where(within), groups)
    judge = graph.explore(explored.network)
    found = {state for state in judge.reached.members if state in states}
    assert states.count == len(found)
    return found


def assert_the_same(engine: str, network: Network, groups: Sequence[Fairness], within: Condition) -> None:
    found, judge = explore(network, engine=engine), explore(network, engine=JUDGE)
    assert fair_states(found, within, groups) == fair_states(judge, within, groups)
    here, there = found.fair(found.where(within), groups), judge.fair(judge.where(within), groups)
    assert found.environments_of(here) == judge.environments_of(there)
    assert found.environments_of(here & found.initial) == judge.environments_of(there & judge.initial)
    assert (here - found.where(within)).count == 0


@pytest.mark.parametrize("engine", sorted(set(ENGINES) - {JUDGE}))
class TestAgainstTheComponents:
    """The same states and the same environments."""

    @MANY
    @given(drawn=wanderers())
    def test_of_cycles_within_cycles(self, engine: str, drawn: tuple[Network, list[Fairness], Condition]) -> None:
        assert_the_same(engine, *drawn)

    @FEW
    @given(network=networks() | models(), data=st.data())
    def test_of_any_network(self, engine: str, network: Network, data: st.DataObject) -> None:
        groups = data.draw(fairness(network))
        within = data.draw(st.just(TRUE) | conditions({a.name: a.states for a in network.actors}))
        assert_the_same(engine, network, groups, within)


@MANY
@given(drawn=wanderers())
def test_more_fairness_has_fewer_runs(drawn: tuple[Network, list[Fairness], Condition]) -> None:
    network, groups, within = drawn
    judge = graph.explore(network)
    weak, strong = ([replace(group, strong=strong) for group in groups] for strong in (False, True))
    inside = judge.where(within)
    assert judge.fair(inside, strong).members <= judge.fair(inside, groups).members
    assert judge.fair(inside, groups).members <= judge.fair(inside, weak).members
    assert judge.fair(inside, groups).members <= judge.fair(inside, groups[1:]).members
    assert judge.fair(inside, []) == inside


@MANY
@given(drawn=wanderers())
def test_what_the_components_find_is_shown_by_lassos_that_replay(
    drawn: tuple[Network, list[Fairness], Condition],
) -> None:
    network, groups, within = drawn
    judge = graph.explore(network)
    inside, restless = judge.where(within).members, groups_in(judge, groups)
    for component in fair_components(judge.graph, inside, restless):
        states, events, back_to = lasso_round(judge.graph, component)
        assert set(states[back_to:]) == component
        assert fault(network, states, events, back_to, groups, within, since=back_to) is None
    for state in sorted(resting(inside, restless))[:5]:
        states, events, back_to = lasso_to(judge.graph, state)
        assert states[-1] == state
        assert fault(network, states, events, back_to, groups, within, since=back_to) is None


@pytest.mark.parametrize("engine", sorted(ENGINES))
@MANY
@given(drawn=wanderers())
def test_the_lasso_that_is_shown_is_a_fair_run(engine: str, drawn: tuple[Network, list[Fairness], Condition]) -> None:
    network, groups, within = drawn
    found = explore(network, engine=engine)
    inside = found.where(within)
    start = found.fair(inside, groups)
    assume(start.found)
    shown = lasso(found, start, inside, groups)
    assert shown is not None
    assert shown.states[shown.owed] in start
    assert fault(network, shown.states, shown.events, shown.loop, groups, within, since=shown.owed) is None


def groups_in(judge: graph.Graph, groups: Sequence[Fairness]) -> list[Group]:
    """The groups as the semantics page says where they may happen."""
    may = [frozenset(state for state in judge.graph if may_happen(judge.network, group, state)) for group in groups]
    return [Group(frozenset(group.events), of, group.strong) for group, of in zip(groups, may, strict=True)]


HOURS = ("open", "over")
CLOSED = {("home", "over"), ("gate", "over")}
NEAR = {("home", "open"), ("gate", "open")}
EVERYWHERE = {*CLOSED, *NEAR, ("hall", "open")}

VISITS = {
    "nothing is fair: the visitor may rest anywhere": ([], EVERYWHERE),
    "to and fro before the gate, at which serving is not possible": ([RESTLESS, SERVE], EVERYWHERE),
    "to and fro before the gate: passing it is interrupted": ([RESTLESS, WEAK_ENTER, SERVE], EVERYWHERE),
    "in and out: serving is interrupted": ([RESTLESS, ENTER, WEAK_SERVE], EVERYWHERE),
    "over and over at the gate: passed in the end, and served": ([RESTLESS, ENTER, SERVE], CLOSED),
    "what happens at home is no service in the hall": ([RESTLESS, ENTER, SERVE_IN_THE_HALL], CLOSED),
    "the visitor need not come": ([ENTER, SERVE], EVERYWHERE),
    "nor stay": ([ENTER, SERVE, Fairness("comes", ("come",), strong=False)], CLOSED),
}
"""Fairness, and the states from which a fair visitor may go unserved for ever, by hand."""


@pytest.mark.parametrize("engine", sorted(ENGINES))
class TestRegressionModels:
    @pytest.mark.parametrize(("groups", "right"), VISITS.values(), ids=VISITS)
    def test_the_visitor(self, engine: str, groups: list[Fairness], right: set[State]) -> None:
        found = explore(VISITOR, engine=engine)
        assert fair_states(found, NOT_SERVED, groups) == right
        unserved = found.fair(found.where(NOT_SERVED), groups)
        hours = [environment["hours"] for environment in found.environments_of(unserved & found.initial)]
        assert hours == [hour for hour in HOURS if ("home", hour) in right]

    def test_the_two_doors(self, engine: str) -> None:
        found = explore(DOORS, engine=engine)
        assert fair_states(found, TRUE, [LEFT, RIGHT]) == set(graph.explore(DOORS).reached.members)
        assert fair_states(found, ~at("guest").is_("right"), [LEFT, RIGHT]) == set()

    @pytest.mark.parametrize("processes", [1, 2, 4])
    def test_who_waits_for_a_lock_gets_it_by_strong_fairness_and_not_by_weak(self, engine: str, processes: int) -> None:
        found = explore(mutex(processes), engine=engine)
        outside = found.where(~at("p0").is_("critical"))
        goes_on = [Fairness(name, (name,), strong=False) for name in ("want0", "wait0")]
        others = [Fairness(f"leave{i}", (f"leave{i}",), strong=False) for i in range(processes)]
        strong, weak = (Fairness("enter0", ("enter0",), strong=strong) for strong in (True, False))
        assert found.fair(outside, [*goes_on, *others, strong]).count == 0
        assert found.fair(outside, [*goes_on, *others, weak]).count == (outside.count if processes > 1 else 0)
        assert found.fair(outside, [*goes_on, strong]).count == (found.states - 3 ** (processes - 1)) * (processes > 1)

    def test_fairness_of_what_is_not_there_is_refused(self, engine: str) -> None:
        found = explore(DOORS, engine=engine)
        with pytest.raises(ModelError, match=r"fairness 'out': there is no event 'go_lef' \(did you mean 'go_left'"):
            found.fair(found.reached, [Fairness("out", ("go_right", "go_lef"))])
        with pytest.raises(ModelError, match="the fairness 'of nothing' is of no event"):
            found.fair(found.reached, [Fairness("of nothing", ())])
        with pytest.raises(ModelError, match="two explorations"):
            found.fair(explore(DOORS, engine=engine).reached, [LEFT])


Components = Iterator[frozenset[State]]


def without_dividing_again(graph: nx.MultiDiGraph, within: AbstractSet[State], groups: Sequence[Group]) -> Components:
    """Wrong: a component in which a strong group is put off is given up as a whole."""
    right = list(fair_components(graph, within, groups))
    for component in nx.strongly_connected_components(graph.subgraph(within)):
        if component in right:
            yield frozenset(component)


def judged_on_the_outer_component(
    graph: nx.MultiDiGraph, within: AbstractSet[State], groups: Sequence[Group]
) -> Components:
    """Wrong: the groups are judged once, and what is left of a component is taken for fair if it has a cycle."""
    for component in nx.strongly_connected_components(graph.subgraph(within)):
        happening = {event for *_, event in graph.subgraph(component).edges(keys=True)}
        missing = [group for group in groups if group.events.isdisjoint(happening)]
        left = component.difference(*(group.may for group in missing if group.strong))
        weak = any(component <= group.may for group in missing if not group.strong)
        if not weak and not nx.is_directed_acyclic_graph(graph.subgraph(left)):
            yield frozenset(left)


def blind_to_ways_out(graph: nx.MultiDiGraph, within: AbstractSet[State], groups: Sequence[Group]) -> Components:
    """Wrong: a group may happen only where an edge of it stays inside."""
    edges = list(graph.subgraph(within).edges(keys=True))
    may = [frozenset(before for before, _, event in edges if event in group.events) for group in groups]
    return fair_components(
        graph, within, [Group(group.events, of, group.strong) for group, of in zip(groups, may, strict=True)]
    )


Wrong = Callable[[nx.MultiDiGraph, AbstractSet[State], Sequence[Group]], Components]


class TestTheClassicErrors:
    """Each is made on purpose, and the visitor shows it."""

    @pytest.mark.parametrize(
        ("wrong", "groups", "said"),
        [
            (without_dividing_again, [RESTLESS, SERVE], CLOSED),
            (judged_on_the_outer_component, [RESTLESS, ENTER, SERVE], EVERYWHERE),
            (blind_to_ways_out, [RESTLESS, ENTER, SERVE], EVERYWHERE),
        ],
    )
    def test_fairness_judged_on_the_outer_component(
        self, wrong: Wrong, groups: list[Fairness], said: set[State], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (right,) = (states for fair, states in VISITS.values() if fair == groups)
        assert fair_states(explore(VISITOR, engine=JUDGE), NOT_SERVED, groups) == right
        monkeypatch.setattr(components, "fair_components", wrong)
        assert fair_states(explore(VISITOR, engine=JUDGE), NOT_SERVED, groups) == said
        assert said != right

    def test_a_component_printed_as_if_it_were_a_run(self) -> None:
        judge = graph.explore(DOORS)
        dry = judge.where(at("weather").is_("dry")).members
        (component,) = fair_components(judge.graph, dry, groups_in(judge, [LEFT, RIGHT]))
        listed = [("lobby", "dry"), ("left", "dry"), ("right", "dry"), ("lobby", "dry")]
        assert set(listed) == component
        leaving = [min(event for _, _, event in judge.graph.out_edges(state, keys=True)) for state in listed[:-1]]
        said = "step 2 of the run, leave_left, is not possible there: it leads elsewhere"
        assert fault(DOORS, listed, leaving, 0, [LEFT, RIGHT], TRUE) == said

    def test_a_short_cycle_of_a_fair_component_printed_as_if_it_were_fair(self) -> None:
        judge = graph.explore(DOORS)
        (component,) = fair_components(judge.graph, judge.where(at("weather").is_("dry")).members, [])
        cycle = nx.find_cycle(judge.graph.subgraph(component), ("lobby", "dry"))
        states, events = [before for before, _, _ in cycle], [event for _, _, event in cycle]
        unfair = {fault(DOORS, [*states, states[0]], events, 0, [group], TRUE) for group in (LEFT, RIGHT)}
        assert len(cycle) == 2
        assert None in unfair
        assert len(unfair) == 2
        round_all = lasso_round(judge.graph, component)
        assert fault(DOORS, *round_all, [LEFT, RIGHT], TRUE) is None


def test_a_graph_that_was_cut_short_knows_no_run_that_rests_where_it_ends() -> None:
    whole, part = graph.explore(mutex(2)), explore(mutex(2), engine=JUDGE, limit=Limit(nodes=1))
    groups = [Fairness("enter0", ("enter0",))]
    assert not part.complete
    assert whole.fair(whole.reached, groups).count == whole.states
    assert part.states == 3
    assert part.fair(part.reached, groups).count == 1
