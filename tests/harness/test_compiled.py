"""The compiled twin: node for node what the plain one makes, however its memory grows and whoever interrupts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ccmproof.harness.engines import Limit, budget, explore, symbolic
from ccmproof.harness.system import stored_order
from ccmproof.model.kernel.network import Network
from closed_forms import mutex
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import conditions, models, networks

pytest.importorskip("numba")
from ccmproof.harness.engines import compiled
from ccmproof.harness.engines.compiled import arena, kernels

FEW = settings(max_examples=60, deadline=None)


def workflow_of(scenario: str) -> Network:
    from ccmproof.harness.checker import network_of
    from ccmproof.harness.system import shipped

    of = shipped()
    chosen = of.scenario(scenario)
    return network_of(chosen, of.asked_in(chosen, of.suite, named=False), {})


def nodes(of: symbolic.Symbolic) -> list[tuple[int, tuple[int, ...]]]:
    """Every node that was made, in the order in which it was: its level and its children."""
    return [(of.store.level[n], of.store.kids[n]) for n in range(len(of.store))]


def same(network: Network, order: tuple[str, ...] | None = None) -> tuple[symbolic.Symbolic, symbolic.Symbolic]:
    mine, its = compiled.explore(network, order=order), symbolic.explore(network, order=order)
    assert mine.complete and its.complete
    assert mine.reached.node == its.reached.node
    assert nodes(mine) == nodes(its)
    assert (mine.states, mine.moving_parts, mine.entered) == (its.states, its.moving_parts, its.entered)
    return mine, its


@FEW
@given(network=networks() | models(), data=st.data())
def test_it_makes_the_same_nodes_in_the_same_order_both_ways(network: Network, data: st.DataObject) -> None:
    mine, its = same(network)
    condition = data.draw(conditions({a.name: a.states for a in network.actors}))
    here, there = mine.where(condition), its.where(condition)
    assert (here.base, here.wanted) == (there.base, there.wanted)
    assert mine.backward(here).node == its.backward(there).node  # type: ignore[attr-defined]
    assert nodes(mine) == nodes(its)


@FEW
@given(network=networks() | models())
def test_however_often_its_memory_grows(network: Network) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arena, "_FIRST_NODES", 4)
        patch.setattr(arena, "_KIDS_A_NODE", 8)
        patch.setattr(arena, "_CACHED_A_NODE", 1)
        same(network)


def test_on_the_document() -> None:
    same(workflow_of("document"), stored_order())


@pytest.mark.long
@pytest.mark.parametrize("scenario", ["any-environment", "readings"])
def test_on_the_workflow(scenario: str) -> None:
    same(workflow_of(scenario), stored_order())


def test_a_filter_that_says_too_much_does_not_apply_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail: relations that demand a value that is not there lose states."""
    right = compiled.CompiledRelations._demanded

    def spoiled(self: compiled.CompiledRelations, r: int) -> list[int]:
        count, *found = right(self, r)
        return [count, *(0 if place == 1 else number for place, number in enumerate(found))]

    monkeypatch.setattr(compiled.CompiledRelations, "_demanded", spoiled)
    with pytest.raises(AssertionError):
        same(workflow_of("document"), stored_order())


SCRIPT = """
from closed_forms import mutex
from ccmproof.harness.engines import compiled
from ccmproof.harness.engines.compiled import kernels
from ccmproof.model.kernel.condition import at
found = compiled.explore(mutex(4))
print(found.states, found.nodes, found.backward(found.where(at("lock").is_("held"))).count)
print(sum(kernels.closure.stats.cache_hits.values()), sum(kernels.closure.stats.cache_misses.values()))
"""


def run(script: str, **variables: str) -> list[str]:
    here = Path(__file__).parent
    folders = os.pathsep.join(map(str, (here, here.parent)))
    environment = {**os.environ, "PYTHONPATH": folders, **variables}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True,
                          encoding="utf-8")  # fmt: skip
    return done.stdout.splitlines()


def test_a_first_and_a_second_process_share_a_fresh_cache_folder(tmp_path: Path) -> None:
    first, second = (run(SCRIPT, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2))
    assert first[0] == second[0]
    assert first[0].startswith("189 ")
    assert (first[1], second[1]) == ("0 1", "1 0")


def test_without_numba_the_plain_twin_is_chosen_and_the_other_refused() -> None:
    script = (
        "import sys; sys.modules['numba'] = None\n"
        "from closed_forms import mutex\n"
        "from ccmproof.harness.engines import chosen, explore\n"
        "from ccmproof.model.kernel.errors import ModelError\n"
        "print(chosen('symbolic'), explore(mutex(2)).engine)\n"
        "try:\n"
        "    explore(mutex(2), engine='numba')\n"
        "except ModelError as error:\n"
        "    print(error)\n"
    )
    chosen, refused = run(script)
    assert chosen == "plain plain"
    assert refused.startswith("the engine 'numba' cannot be loaded (")
    assert refused.endswith(": pip install 'ccmproof[fast]', or choose --engine plain")


class TestCutShort:
    """In the middle of a saturation; what was found until then is a part of the truth."""

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(arena, "_LOOK", 0.001)
        monkeypatch.setattr(arena, "_FIRST_NODES", 1 << 10)

    def partial(self, cut: symbolic.Symbolic) -> None:
        whole = compiled.explore(workflow_of("document"), order=stored_order())
        assert not cut.complete
        assert 1 < cut.states < whole.states
        assert cut.reached.node != cut.initial.node
        for values in list(cut.store.elements(cut.reached.node))[:2000]:
            assert whole.store.contains(whole.reached.node, values[::-1])

    def explored(self, **how: object) -> symbolic.Symbolic:
        return compiled.explore(workflow_of("document"), order=stored_order(), **how)  # type: ignore[arg-type]

    def test_by_a_limit_of_nodes(self) -> None:
        cut = self.explored(limit=Limit(nodes=15_000))
        assert cut.why_incomplete == "the limit of 15,000 nodes was reached"
        self.partial(cut)

    def test_by_control_c(self) -> None:
        seen: list[int] = []

        def progress(count: int, seconds: float, what: str) -> None:
            seen.append(count)
            if count > 12_000 and signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
                signal.raise_signal(signal.SIGINT)

        cut = self.explored(progress=progress)
        assert cut.why_incomplete == "it was interrupted"
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert len(set(seen)) > 1  # how often it is told hangs on the time it takes
        assert not cut.complete and cut.states >= 1

    def test_by_a_limit_of_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(budget, "peak_bytes", lambda: 0)  # that of the arena alone, not of the test's process
        cut = self.explored(limit=Limit(bytes=3 << 20))
        assert cut.why_incomplete == "the limit of 3 MiB was reached"
        assert cut.store.arena.bytes <= 3 << 20  # type: ignore[attr-defined]
        self.partial(cut)

    def test_by_the_memory_of_the_whole_process(self) -> None:
        for engine in ("plain", "numba"):
            cut = explore(mutex(300), engine=engine, limit=Limit(bytes=1 << 20))
            assert cut.why_incomplete == "the limit of 1 MiB was reached"


def test_two_explorations_at_once_say_what_each_says_alone() -> None:
    networks_ = [mutex(40), workflow_of("document")]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda n: nodes(compiled.explore(n)), networks_))
    assert together == [nodes(compiled.explore(n)) for n in networks_]


def test_counts_beyond_any_machine_word_are_exact() -> None:
    found = compiled.explore(mutex(60))
    assert found.states == 3**60 + 60 * 3**59
    assert found.reached.count == symbolic.explore(mutex(60)).states
    assert kernels.MOST_NODES == 1 << 27
