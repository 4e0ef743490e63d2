"""What is left in a field that means nothing: that nobody reads it, and that it is no difference."""

from __future__ import annotations

from dataclasses import replace

import pytest
from brute import Seen
from ccmproof.harness.engines import Exploration, explore
from ccmproof.harness.executors import here
from ccmproof.harness.mutation.journal import Journal
from ccmproof.harness.mutation.mutants import mutants
from ccmproof.harness.mutation.run import Chosen, mutated
from ccmproof.harness.mutation.sameness import Difference, same_product
from ccmproof.harness.mutation.score import Fate
from ccmproof.harness.mutation.void import Void, readers
from ccmproof.harness.mutation.work import Plan
from ccmproof.harness.system import System, shipped
from ccmproof.model.kernel import product
from ccmproof.model.kernel.edit import SetGuard, apply
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network
from demo import demo

SYSTEM = shipped()
QUICK = ("any-environment", "document", "readings", "adversary", "policy", "ageing", "in-flight", "bulk")
LONG = [each.name for each in SYSTEM.scenarios.values() if not each.on_demand and each.name not in QUICK]
LEFT = {"request.*": "visitor is outside"}
"""Of the demo: outside, nothing that was shown before is looked at."""


def explored(system: System, scenario: str) -> Exploration:
    found = explore(expand(system.build(system.scenario(scenario))), order=system.order_of(system.scenario(scenario)))
    assert found.complete
    return found


def nobody_reads(scenario: str) -> None:
    found = explored(SYSTEM, scenario)
    void = Void.of(found.network, SYSTEM.void)
    assert list(readers(found, void)) == []


@pytest.mark.parametrize("scenario", QUICK)
def test_nobody_reads_a_field_of_the_workflow_while_it_means_nothing(scenario: str) -> None:
    nobody_reads(scenario)


@pytest.mark.long
@pytest.mark.parametrize("scenario", LONG)
def test_nobody_reads_one_in_any_other_scenario(scenario: str) -> None:
    nobody_reads(scenario)


def test_everything_that_is_said_to_mean_nothing_at_times_is_a_field_of_some_scenario() -> None:
    networks = [expand(SYSTEM.build(SYSTEM.scenario(name))) for name in ("any-environment", "in-flight", "two-clients")]
    for pattern, when in SYSTEM.void.items():
        assert any(Void.of(network, {pattern: when}).when for network in networks), pattern


def test_who_reads_a_field_that_means_nothing_is_found() -> None:
    model = apply(demo().build(demo().default), SetGuard("visitor", "ask_with_bad_key", "request.shown is not bad"))
    found = explore(expand(model))
    assert list(readers(found, Void.of(found.network, LEFT))) == ["ask_with_bad_key: visitor reads request.shown"]
    as_it_is = explore(expand(demo().build(demo().default)))
    assert list(readers(as_it_is, Void.of(as_it_is.network, LEFT))) == []


def test_a_pattern_that_names_what_is_not_there_is_refused() -> None:
    network = expand(demo().build(demo().default))
    with pytest.raises(ModelError, match="visitr"):
        Void.of(network, {"request.*": "visitr is outside"})


def without_void(network: Network) -> tuple[set[object], set[object]]:
    """The product by brute force, in which what means nothing is blank."""
    fields = [network.position[name] for name in ("request.shown", "request.count")]

    def blank(state: tuple[str, ...]) -> tuple[str, ...]:
        if state[network.position["visitor"]] != "outside":
            return state
        return tuple("" if i in fields else each for i, each in enumerate(state))

    states = Seen(network).states
    steps = {(blank(s), event.name, blank(t)) for s in states for event, t in product.successors(network, s)}
    return {blank(s) for s in product.initial_states(network)}, steps


def test_two_designs_are_the_same_just_if_they_are_but_for_what_means_nothing() -> None:
    model = demo().build(demo().default)
    old = expand(model)
    found, void = explore(old), Void.of(old, LEFT)
    same, only_so = 0, 0
    for mutant in mutants(model):
        changed = mutant.on(model)
        if changed is None:
            continue
        try:
            new = expand(changed)
        except ModelError:
            continue
        if set(new.event) != set(old.event):
            continue
        alike = same_product(found, Difference(old, new, void))
        assert alike == (without_void(new) == without_void(old)), mutant.name
        same += alike
        only_so += alike and not same_product(found, Difference(old, new))
    assert same > only_so > 1


def test_an_edit_that_leaves_something_behind_that_means_nothing_is_no_survivor() -> None:
    plan = Plan(lambda: replace(demo(), void=LEFT), ("calm", "storm"))
    with_void = mutated(plan, Chosen(), here(), Journal(None))
    without = mutated(Plan(demo, ("calm", "storm")), Chosen(), here(), Journal(None))
    moved = [
        (one.mutant.name, one.fate)
        for one, two in zip(with_void.edits, without.edits, strict=True)
        if one.fate is not two.fate
    ]
    assert moved
    assert {fate for _, fate in moved} == {Fate.EQUIVALENT}
