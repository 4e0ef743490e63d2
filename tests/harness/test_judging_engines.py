"""What is peculiar to the engines that judge the others: their limits, and what they need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ccmproof.harness.engines import explore, graph, reference
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Actor, Network
from closed_forms import mutex


def test_without_oxidd_its_engine_is_refused_with_what_to_install() -> None:
    script = (
        "import sys; sys.modules['oxidd'] = None\n"
        "from closed_forms import mutex\n"
        "from ccmproof.harness.engines import explore\n"
        "from ccmproof.model.kernel.errors import ModelError\n"
        "try:\n"
        "    explore(mutex(2), engine='oxidd')\n"
        "except ModelError as error:\n"
        "    print(error)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.startswith("the engine 'oxidd' cannot be loaded (")
    assert done.stdout.endswith(": pip install 'ccmproof[oxidd]'\n")


class TestMemoryOfOxidd:
    """The diagrams outgrow what oxidd may hold: nothing is then said that was not found."""

    @pytest.fixture(autouse=True)
    def installed(self) -> None:
        pytest.importorskip("oxidd")

    def test_in_the_middle_of_a_search_it_is_cut_short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from ccmproof.harness.engines import bits

        monkeypatch.setattr(bits, "_NODES", 6000)
        cut = explore(mutex(40), engine="oxidd")
        assert not cut.complete
        assert cut.why_incomplete == "the diagrams need more memory than oxidd was given"
        assert 1 <= cut.states < 3**40 + 40 * 3**39

    def test_before_it_the_network_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from ccmproof.harness.engines import bits

        monkeypatch.setattr(bits, "_NODES", 100)
        with pytest.raises(ModelError, match=r"mutex: the diagrams need more memory .* before any exploration"):
            explore(mutex(40), engine="oxidd")


class TestGraphOfNetworkx:
    def test_beyond_its_size_it_is_cut_short_and_says_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(graph, "MOST_STATES", 20)
        cut = graph.explore(mutex(3))
        assert not cut.complete
        assert cut.why_incomplete == "its graph has more than 20 states, too many for networkx: pin some unknowns"
        whole = reference.explore(mutex(3))
        assert 20 < cut.states < whole.states
        assert cut.deadlocks().members <= whole.deadlocks().members
        assert all(cut.can_fire(e).members <= whole.can_fire(e).members for e in cut.network.event)

    def test_far_more_initial_states_than_it_may_have_are_refused(self) -> None:
        coins = tuple(Actor(f"coin{i}", ("heads", "tails"), ("heads", "tails")) for i in range(20))
        with pytest.raises(ModelError, match=r"1,048,576 combinations of initial states, .*: pin some of coin0"):
            explore(Network("coins", coins, ()), engine="networkx")
