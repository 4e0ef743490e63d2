"""The document's walks are accepted step by step, and the state after each step is what the document says."""

import pytest
from ccmproof.model.kernel import product
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.run import replayed
from ccmproof.model.scenario import Scenario
from ccmproof.model.statements import STATEMENTS
from ccmproof.model.workflow import build
from ccmproof.model.workflow.document import WALKS
from ccmproof.model.workflow.scenarios import HEALTHY

NETWORK = expand(build(Scenario("walk", "", None, HEALTHY | {"device_app": "not_enabled"})))


def follow(network, state, steps):
    """The states along the walk; every step must be possible and have one outcome that is as described."""
    path = [state]
    for number, step in enumerate(steps, start=1):
        outcomes = list(product.outcomes(network, network.event[step.event], path[-1]))
        assert outcomes, f"step {number}, {step.event}, is not possible"
        described = network.condition(step.then)
        as_described = [s for s in outcomes if product.holds(network, described, s)]
        assert as_described, f"after step {number}, {step.event}: not {step.then}"
        path.append(as_described[0])
    return path


def history(name):
    walk = WALKS[name]
    return (history(walk.follows) if walk.follows else ()) + walk.steps


@pytest.mark.parametrize("name", WALKS)
def test_walk_is_accepted_step_by_step(name):
    (start,) = product.initial_states(NETWORK)
    steps = history(name)
    path = follow(NETWORK, start, steps)
    run = replayed(NETWORK, path, [step.event for step in steps])
    assert len(run) == len(steps)


@pytest.mark.parametrize("name", WALKS)
def test_the_walk_cites_the_statements_that_its_transitions_cite(name):
    for step in WALKS[name].steps:
        cited = set(step.cites.split())
        assert cited <= STATEMENTS.keys()


def test_a_walk_that_leaves_a_step_out_is_refused():
    (start,) = product.initial_states(NETWORK)
    steps = [step for step in WALKS["install"].steps if step.event != "ccmsetup_caches_ccm_token"]
    with pytest.raises(AssertionError, match="create_connection, is not possible"):
        follow(NETWORK, start, steps)
