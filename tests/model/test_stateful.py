"""Random walks on real transitions machines: clean on a sound network, and loud where anything is wrong."""

from __future__ import annotations

import pytest
from ccmproof.harness.stateful import stateful_machine
from ccmproof.model.kernel import product
from ccmproof.model.kernel.definition import Assumption
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.graph import product_graph
from ccmproof.model.kernel.machine import Driver
from ccmproof.model.kernel.network import Event, Network, State
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from small import locked, small

NETWORK = expand(small())
GRAPH = product_graph(NETWORK)
SHORT = settings(max_examples=60, stateful_step_count=12, deadline=None, database=None, derandomize=True)

INVARIANTS = {
    "only a good key is granted a token": "token.kind is nothing or key is good",
    "who is done has a token": "client is not done or token.kind is ccm and token.life is there",
}


def run(machine: type[RuleBasedStateMachine]) -> None:
    """Without shrinking: it is enough that the fault is found."""
    run_state_machine_as_test(machine, settings=settings(SHORT, phases=(Phase.generate,)))


class TestSmall(stateful_machine(NETWORK, INVARIANTS, GRAPH.__contains__).TestCase):  # type: ignore[misc]
    settings = SHORT


class TestLock(stateful_machine(locked(3), {"one at a time": "not (p0 is in_it and p1 is in_it)"}).TestCase):  # type: ignore[misc]
    settings = SHORT


def test_a_walk_reaches_what_is_deep() -> None:
    """A run of the lock's whole length is walked: the walk is not stuck near its beginning."""
    with pytest.raises(AssertionError, match=r"^never is broken: p0 is not after"):
        run(stateful_machine(locked(2), {"never": "not (p0 is after and p1 is after)"}))


def test_a_broken_invariant_is_found_with_its_false_leaves() -> None:
    with pytest.raises(AssertionError, match=r"^no tokens is broken: token.kind is nothing"):
        run(stateful_machine(NETWORK, {"no tokens": "token.kind is nothing"}))


def test_an_engine_that_misses_a_state_is_found() -> None:
    def poor(state: State) -> bool:
        return state in GRAPH and NETWORK.as_dict(state)["client"] != "done"

    with pytest.raises(AssertionError, match=r"^the engine does not reach \{'key': 'good'"):
        run(stateful_machine(NETWORK, {}, poor))


def test_a_semantics_that_differs_from_the_machines_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = product.outcomes

    def wrong(network: Network, event: Event, state: State) -> object:
        return right(network, event, state) if event.name != "refuse" else iter(())

    monkeypatch.setattr(product, "outcomes", wrong)
    with pytest.raises(AssertionError, match=r"^refuse: machines and product differ on what may happen"):
        run(stateful_machine(NETWORK, {}))


def test_machines_that_move_elsewhere_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Driver, "fire", lambda self, event, after=None: self.state)
    with pytest.raises(AssertionError, match=r": the machines went to \{"):
        run(stateful_machine(NETWORK, {}))


def test_walks_begin_where_they_are_told() -> None:
    run(stateful_machine(NETWORK, {"bad": "key is bad", "never granted": "client is not done"}, initial={"key": "bad"}))


def test_walks_begin_only_where_what_is_assumed_holds() -> None:
    network = expand(small(Assumption("key is bad", "the worst site")))
    run(stateful_machine(network, {"bad": "key is bad"}))
    with pytest.raises(ModelError, match=r"^small: no initial state satisfies what is assumed$"):
        stateful_machine(network, {}, initial={"key": "good"})


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(ModelError, match=r"^there is no actor 'kee' \(did you mean 'key'\?\)$"):
        stateful_machine(NETWORK, {}, initial={"kee": "good"})
    with pytest.raises(ModelError, match=r"^client does not begin in 'done'$"):
        stateful_machine(NETWORK, {}, initial={"client": "done"})
    with pytest.raises(ModelError, match=r"^key has no state 'god' \(did you mean 'good'\?\)$"):
        stateful_machine(NETWORK, {"x": "key is god"})
