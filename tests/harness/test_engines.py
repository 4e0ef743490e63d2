"""Every engine against the judge, against closed forms, and against itself: one class of tests for all of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import permutations
from itertools import product as combinations
from pathlib import Path

import pytest
from ccmproof.harness.engines import (
    ENGINES,
    CutShort,
    Exploration,
    Limit,
    StateSet,
    explore,
    symbolic,
)
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Actor, Event, Network, State, Transition
from ccmproof.model.kernel.run import replayed
from closed_forms import copying, mutex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import conditions, models, networks

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Of the function-scoped fixtures :func:`engine` alone is used, which has nothing to set back between two examples."""


def members(exploration: Exploration, states: StateSet) -> set[State]:
    """The states of a set, found by asking for each state of the whole product."""
    return {state for state in combinations(*(a.states for a in exploration.network.actors)) if state in states}


TWINS = ("numba", "plain")
"""They go breadth first in two ways; each serves every test."""


def engines(*without: str) -> list[str]:
    """What the fixture :func:`engine` takes: each engine, a twin once for each of its ways."""
    ways = dict.fromkeys(TWINS, (" parts", " rings"))
    return [name + way for name in sorted(set(ENGINES) - set(without)) for way in ways.get(name, ("",))]


@pytest.fixture(params=engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name, _, way = str(request.param).partition(" ")
    if way:
        monkeypatch.setattr(symbolic, "_FEW_PARTS", 10**9 if way == "parts" else -1)
    return name


@pytest.mark.parametrize("engine", engines("reference"), indirect=True)
class TestAgainstTheJudge:
    @FEW
    @given(network=networks() | models())
    def test_the_reachable_states_are_the_same(self, engine: str, network: Network) -> None:
        found, judge = explore(network, engine=engine), explore(network, engine="reference")
        assert found.complete
        assert members(found, found.reached) == members(judge, judge.reached)
        assert (found.states, found.moving_parts) == (judge.states, judge.moving_parts)
        assert (found.fired, found.entered) == (judge.fired, judge.entered)
        assert members(found, found.initial) == set(product.initial_states(network))
        assert found.environments == judge.environments
        assert found.environments.is_all

    @FEW
    @given(network=networks() | models())
    def test_the_deadlocks_are_the_same(self, engine: str, network: Network) -> None:
        found, judge = explore(network, engine=engine), explore(network, engine="reference")
        assert members(found, found.deadlocks()) == members(judge, judge.deadlocks())
        for event in network.events:
            assert found.can_fire(event.name).count == judge.can_fire(event.name).count

    @FEW
    @given(network=networks() | models(), data=st.data())
    def test_verdicts_environments_and_backward_sets_are_the_same(
        self, engine: str, network: Network, data: st.DataObject
    ) -> None:
        condition = data.draw(conditions({a.name: a.states for a in network.actors}))
        found, judge = explore(network, engine=engine), explore(network, engine="reference")
        here, there = found.where(condition), judge.where(condition)
        assert (here.count, here.found, here.is_empty) == (there.count, there.found, there.is_empty)
        assert found.environments_of(here) == judge.environments_of(there)
        where = judge.environments_of(there)  # of another space, whose nodes are numbered otherwise
        assert members(found, found.inside(where)) == members(judge, judge.sharing(there))
        assert members(found, found.inside(~where)) == members(judge, judge.reached - judge.sharing(there))
        assert members(found, found.backward(here)) == members(judge, judge.backward(there))
        assert (found.reached - here).count == judge.states - there.count
        assert (here & found.initial).count == (there & judge.initial).count
        assert (here | found.initial).count == (there | judge.initial).count

    @FEW
    @given(network=networks() | models(), data=st.data())
    def test_what_the_actors_of_a_set_are_in_is_the_same(
        self, engine: str, network: Network, data: st.DataObject
    ) -> None:
        condition = data.draw(conditions({a.name: a.states for a in network.actors}))
        names = data.draw(st.lists(st.sampled_from(sorted(network.actor)), unique=True, max_size=4))
        found, judge = explore(network, engine=engine), explore(network, engine="reference")
        pairs = [(found.can_fire(event.name), judge.can_fire(event.name)) for event in network.events]
        for here, there in [*pairs, (found.where(condition), judge.where(condition))]:
            assert found.occurring(here) == judge.occurring(there)
            assert found.combinations(here, names) == judge.combinations(there, names)

    @FEW
    @given(network=networks() | models(), data=st.data())
    def test_the_shortest_paths_are_the_same_and_replay(
        self, engine: str, network: Network, data: st.DataObject
    ) -> None:
        targets = data.draw(st.lists(conditions({a.name: a.states for a in network.actors}), min_size=1, max_size=3))
        order = data.draw(st.none() | st.permutations([a.name for a in network.moving]))
        found, judge = explore(network, engine=engine, order=order), explore(network, engine="reference")
        paths = found.shortest([found.where(target) for target in targets])
        assert paths == judge.shortest([judge.where(target) for target in targets])
        for path, target in zip(paths, targets, strict=True):
            assert (path is None) == found.where(target).is_empty
            if path is not None:
                replayed(network, path.states, path.events, broken=~target)
        assert found.measure_depth() == judge.measure_depth() == found.depth


@pytest.mark.parametrize("engine", engines("reference", "networkx"), indirect=True)
class TestWithoutNamingEachState:
    """What an engine finds that need not hold every state by itself."""

    @pytest.mark.parametrize("order", list(permutations(["gate0", "gate1", "gate2", "walker"])))
    def test_events_fire_at_levels_that_a_set_says_nothing_about(self, engine: str, order: tuple[str, ...]) -> None:
        names = ("gate0", "gate1", "gate2")
        still = (Transition("look", frozenset({"shut"}), None),)
        gates = [Actor(name, ("open", "shut"), ("open", "shut"), still) for name in names]
        rows = [
            Transition(f"pass{i}", frozenset({f"at{i}"}), f"at{i + 1}", at(name).is_("open"))
            for i, name in enumerate(names)
        ]
        walker = Actor("walker", ("at0", "at1", "at2", "at3"), ("at0",), tuple(rows))
        events = [Event("look", "gate0", names), *(Event(row.event, "walker", ("walker",)) for row in rows)]
        found = explore(Network("gates", (*gates, walker), tuple(events)), engine=engine, order=order)
        assert found.states == 8 + 4 + 2 + 1

    @pytest.mark.parametrize("processes", [1, 2, 7, 60])
    def test_processes_and_a_lock_have_as_many_states_as_the_formula_says(self, engine: str, processes: int) -> None:
        found = explore(mutex(processes), engine=engine)
        assert found.states == 3**processes + processes * 3 ** (processes - 1)
        assert found.deadlocks().is_empty
        both = found.where(at("p0").is_("critical") & at(f"p{processes - 1}").is_("critical"))
        assert both.is_empty == (processes > 1)

    def test_a_record_of_eight_fields_is_copied_without_their_product(self, engine: str) -> None:
        found = explore(copying(8, 3), engine=engine)
        assert found.states == 2 * 3**8 - 1
        (path,) = found.shortest([found.where(at("target7").is_("v2"))])
        assert path is not None
        assert path.events == ["copy"]

    @pytest.mark.parametrize("nodes", [1000, 3000, 5000])
    def test_what_a_search_has_found_before_it_is_cut_short_is_true(self, engine: str, nodes: int) -> None:
        network = mutex(120)
        whole, part = explore(network, engine=engine), explore(network, engine=engine, limit=Limit(nodes=nodes))
        assert whole.complete
        assert not part.complete
        assert 1 <= part.states < whole.states
        assert set(part.fired) <= set(whole.fired)
        assert part.deadlocks().count == 0
        held = part.where(at("lock").is_("held"))
        assert part.backward(held).count <= part.states
        (path,) = part.shortest([part.where(at("p3").is_("wanting"))])
        assert path is None or path.events == ["want3"]

    def test_a_limit_of_seconds_and_progress_are_looked_after(self, engine: str) -> None:
        told: list[tuple[int, float, str]] = []
        assert explore(mutex(120), engine=engine, progress=lambda *news: told.append(news)).complete
        assert told
        assert [nodes for nodes, _, _ in told] == sorted(nodes for nodes, _, _ in told)
        cut = explore(mutex(120), engine=engine, limit=Limit(seconds=-1.0))
        assert (cut.complete, cut.why_incomplete) == (False, "the limit of -1 s was reached")

    def test_an_interruption_cuts_it_short_and_the_next_search_is_whole(self, engine: str) -> None:
        presses = iter([signal.SIGINT])

        def press(nodes: int, seconds: float, what: str) -> None:
            for number in presses:
                signal.raise_signal(number)

        cut = explore(mutex(120), engine=engine, progress=press)
        assert (cut.complete, cut.why_incomplete) == (False, "it was interrupted")
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert explore(mutex(120), engine=engine).complete

    def test_a_pass_over_the_rings_that_is_cut_short_leaves_out_paths(self, engine: str) -> None:
        found = explore(mutex(3), engine=engine)
        held = found.where(at("lock").is_("held"))
        assert found.shortest([held, held - held], limit=Limit(seconds=-1.0)) == [None, None]
        assert held.found
        assert found.measure_depth(limit=Limit(seconds=-1.0)) is None
        assert found.measure_depth() == 8


class TestEveryEngine:
    def test_a_search_that_is_cut_short_is_not_complete(self, engine: str) -> None:
        network = mutex(300 if engine in TWINS else 3)
        found = explore(network, engine=engine, limit=Limit(nodes=1))
        assert not found.complete
        assert found.why_incomplete == "the limit of 1 nodes was reached"
        nothing = found.where(at("p0").is_("critical") & at("p1").is_("critical"))
        assert not nothing.found
        with pytest.raises(CutShort, match="the search is not complete: the limit of 1 nodes was reached"):
            _ = nothing.is_empty
        assert found.initial.found
        assert (found.initial - found.reached).count == 0

    def test_the_first_of_several_shortest_paths_is_taken(self, engine: str) -> None:
        found = explore(mutex(3), engine=engine)
        (path,) = found.shortest([found.where(at("lock").is_("held"))])
        assert path is not None
        assert path.events == ["want2", "wait2", "enter2"]

    def test_sets_of_two_explorations_do_not_combine(self, engine: str) -> None:
        one, other = explore(mutex(1), engine=engine), explore(mutex(1), engine=engine)
        with pytest.raises(ModelError, match="two explorations"):
            _ = one.reached & other.reached

    def test_a_condition_that_names_what_is_not_there_is_refused(self, engine: str) -> None:
        with pytest.raises(ModelError, match=r"there is no actor 'lok' \(did you mean 'lock'\?\)"):
            explore(mutex(1), engine=engine).where(at("lok").is_("free"))

    def test_an_unknown_that_nothing_reads_is_multiplied_in(self, engine: str) -> None:
        network = mutex(2)
        weather = Actor("weather", ("dry", "wet", "windy"), ("windy", "dry"))
        found = explore(Network("mutex", (*network.actors, weather), network.events), engine=engine)
        assert found.states == 2 * (9 + 6)
        assert found.moving_parts == 15
        assert found.environments.count == 2
        assert found.environments_of(found.where(at("weather").is_("windy"))).first() == {"weather": "windy"}
        assert found.entered["weather"] == ("dry", "windy")


def test_an_engine_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(ModelError, match=r"no engine 'symbolik' \(did you mean 'symbolic'\?\)"):
        explore(mutex(1), engine="symbolik")


def test_an_actor_without_initial_state_is_refused() -> None:
    lost = Actor("lost", ("a",), ())
    with pytest.raises(ModelError, match="lost has no initial state"):
        explore(Network("lost", (lost,), ()))


def test_the_output_does_not_depend_on_the_hash_seed() -> None:
    script = (
        "from test_engines import *\n"
        "found = explore(mutex(4))\n"
        "paths = found.shortest([found.where(at('lock').is_('held')), found.where(at('p3').is_('waiting'))])\n"
        "print(found.states, found.nodes, found.order, found.fired, found.entered, paths)\n"
    )
    here = Path(__file__).parent
    folders = os.pathsep.join(map(str, (here, here.parent)))
    said = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": folders}
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        )
        said.add(done.stdout)
    assert len(said) == 1
    assert next(iter(said)).startswith("189 ")
