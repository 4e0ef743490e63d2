"""Several actors on one level: whatever the groups, every answer is the one that is given without them."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product as combinations
from pathlib import Path

import pytest
from ccmproof.harness.checker import network_of
from ccmproof.harness.engines import Exploration, StateSet, explore, symbolic, tuples
from ccmproof.harness.engines.levels import levels
from ccmproof.harness.engines.order import Order, flat, sharing
from ccmproof.harness.engines.reduce import reduce
from ccmproof.harness.engines.tuples import possible
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.condition import In
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.run import replayed
from closed_forms import mutex
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import conditions, fairness, models, networks

EXPECTED = Path(__file__).parent.parent / "expected" / "verdicts.json"
FEW = settings(max_examples=50, deadline=None)


@st.composite
def orders(draw: st.DrawFn, network: Network) -> Order:
    """The moving actors in any order, some of them together."""
    left = draw(st.permutations([a.name for a in network.moving]))
    found: list[str | tuple[str, ...]] = []
    while left:
        many = draw(st.integers(1, 4))
        found.append(tuple(left[:many]) if len(left[:many]) > 1 else left[0])
        left = left[many:]
    return found


def members(exploration: Exploration, states: StateSet) -> set[State]:
    return {state for state in combinations(*(a.states for a in exploration.network.actors)) if state in states}


@FEW
@given(network=networks() | models(), data=st.data())
def test_no_tuple_that_is_reached_is_left_out(network: Network, data: st.DataObject) -> None:
    order = data.draw(orders(network))
    judge = explore(network, engine="reference")
    allowed = possible(reduce(network), order)
    assert list(allowed) == [level for level in order if len(sharing(level)) > 1]
    for actors, found in allowed.items():
        places = [network.position[name] for name in actors]
        assert {tuple(state[i] for i in places) for state in members(judge, judge.reached)} <= set(found)
        assert len(found) == len(set(found))


@FEW
@given(network=networks() | models(), data=st.data())
@pytest.mark.parametrize("few", [-1, 10**9], ids=["rings", "parts"])
def test_every_answer_is_the_same(few: int, network: Network, data: st.DataObject) -> None:
    order = data.draw(orders(network))
    targets = data.draw(st.lists(conditions({a.name: a.states for a in network.actors}), min_size=1, max_size=3))
    fair = data.draw(fairness(network))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(symbolic, "_FEW_PARTS", few)
        found, plain = symbolic.explore(network, order=order), symbolic.explore(network, order=flat(order))
        assert found.order == tuple(order)
        assert (found.states, found.moving_parts) == (plain.states, plain.moving_parts)
        assert (found.entered, found.fired) == (plain.entered, plain.fired)
        assert found.environments == plain.environments
        assert members(found, found.reached) == members(plain, plain.reached)
        assert members(found, found.deadlocks()) == members(plain, plain.deadlocks())
        names = data.draw(st.lists(st.sampled_from(sorted(network.actor)), unique=True, max_size=4))
        assert found.combinations(found.reached, names) == plain.combinations(plain.reached, names)
        for target in targets:
            here, there = found.where(target), plain.where(target)
            assert members(found, here) == members(plain, there)
            assert found.environments_of(here) == plain.environments_of(there)
            assert found.occurring(here) == plain.occurring(there)
            assert found.backward(here).count == plain.backward(there).count
            assert found.fair(here, fair).count == plain.fair(there, fair).count
        paths = found.shortest([found.where(target) for target in targets])
        assert paths == plain.shortest([plain.where(target) for target in targets])
        for path in paths:
            if path is not None:
                replayed(network, path.states, path.events)
        assert found.measure_depth() == plain.measure_depth()


@FEW
@given(network=networks() | models(), data=st.data())
def test_the_twins_make_the_same_nodes(network: Network, data: st.DataObject) -> None:
    pytest.importorskip("numba")
    order = data.draw(orders(network))
    mine, its = (explore(network, engine=engine, order=order) for engine in ("numba", "plain"))
    assert isinstance(mine, symbolic.Symbolic) and isinstance(its, symbolic.Symbolic)
    condition = data.draw(conditions({a.name: a.states for a in network.actors}))
    assert mine.backward(mine.where(condition)).node == its.backward(its.where(condition)).node
    assert [(mine.store.level[n], mine.store.kids[n]) for n in range(len(mine.store))] == [
        (its.store.level[n], its.store.kids[n]) for n in range(len(its.store))
    ]
    assert levels(mine) == levels(its)


def test_a_tuple_that_cannot_be_has_no_number() -> None:
    """Of two processes and the lock two are never critical, and the lock is held where one is."""
    names = ("p0", "p1", "lock")
    found = symbolic.explore(mutex(2), order=[names])
    assert found.layout.names == ["p0 + p1 + lock"]
    assert set(found.layout.states[0]) == {
        tuple(state[mutex(2).position[name]] for name in names) for state in members(found, found.reached)
    }
    assert len(found.layout.states[0]) == found.states == 3**2 + 2 * 3


def test_a_level_of_too_many_tuples_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock nothing keeps two processes from being critical at once: 4 × 4 tuples, with it 15."""
    monkeypatch.setattr(tuples, "MOST", 15)
    found = symbolic.explore(mutex(2), order=[("p0", "p1", "lock")])
    assert found.order == (("p0", "p1", "lock"),)
    found = symbolic.explore(mutex(2), order=["lock", ("p0", "p1")])
    assert found.order == ("lock", "p0", "p1")
    plain = symbolic.explore(mutex(2), order=["lock", "p0", "p1"])
    assert [(plain.store.level[n], plain.store.kids[n]) for n in range(len(plain.store))] == [
        (found.store.level[n], found.store.kids[n]) for n in range(len(found.store))
    ]


TOKEN = ("kind", "tenant", "audience", "owner", "signer", "life", "names")


@pytest.mark.long
@pytest.mark.parametrize("scenario", ["adversary", "thief"])
def test_the_token_records_of_the_workflow_packed(scenario: str) -> None:
    """As many states and parts as unpacked, and as the checked-in file says."""
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))[scenario]
    of = shipped()
    chosen = of.scenario(scenario)
    network = network_of(chosen, of.asked_in(chosen, of.suite, named=False), {}, of.build)
    order = of.orders["order_everything"]
    assert [len(sharing(level)) for level in order if len(sharing(level)) > 1] == [*[len(TOKEN)] * 5, 2]
    found, plain = explore(network, order=order), explore(network, order=of.order_of(chosen))
    assert (found.states, found.moving_parts) == (expected["states"], expected["moving_parts"])
    assert (plain.states, plain.moving_parts) == (expected["states"], expected["moving_parts"])
    assert (found.entered, found.fired) == (plain.entered, plain.fired)
    assert found.environments == plain.environments


def test_a_network_that_cannot_begin_has_no_state() -> None:
    never = replace(mutex(2), assume=(In("lock", frozenset({"free"})), In("lock", frozenset({"held"}))))
    assert symbolic.explore(never, order=[("p0", "p1", "lock")]).states == 0
