"""Random walks on the genuine machines of the workflow: every step as the semantics has it, no claim broken.

Each walk draws its environment. Whatever it comes to must be known to the symbolic engine, which explores that
environment alone; and every property of the suite that is expected to hold is checked in every state as a condition:
invariants, requirements of steps (no event that may happen is one that may not), and what their observers have seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pytest
from ccmproof.harness.engines import Exploration, explore
from ccmproof.harness.stateful import stateful_machine
from ccmproof.harness.system import observers_of
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import put
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.edit import SetEffect, apply
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow import build
from ccmproof.model.workflow.document import WALKS, WalkStep
from ccmproof.model.workflow.scenarios import HEALTHY
from ccmproof.properties.suite import CORE
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sites import CLAIMS, GETS_NOWHERE, SWITCHES, Pins, promised, site

pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")  # the engine raises it

QUICK = settings(max_examples=5, stateful_step_count=30, deadline=None, derandomize=True, database=None)
LONG = settings(QUICK, max_examples=16, stateful_step_count=80)
PROFILES = [pytest.param(QUICK, id="quick"), pytest.param(LONG, id="thorough", marks=pytest.mark.long)]

OPEN_ON_THE_WAY: Pins = {
    "join": ("entra", "hybrid"), "os": ("ok", "old"), "pki": ("none_there", "valid"), "root": ("present", "missing"),
    "properties_given": ("yes", "no"), "nocrlcheck": ("yes", "no"), "device_app": ("enabled", "not_enabled"),
    "cmg_certificate": ("public", "pki"), "mp_mode": ("https", "ehttp"), "cp_count": ("1", "2"),
    "content_in_cloud": ("yes", "no"), "user_kind": ("same_tenant", "other_tenant"), "site_option": ("on", "off"),
}  # fmt: skip
"""What may be otherwise without keeping every client from being installed."""

OPEN_LATER: Pins = {
    "use_old_on_failed_renewal": ("yes", "no"), "recheck_after_renewal": ("yes", "no"),
    "messaging_drops_on_401": ("yes", "no"), "cp_count": ("1", "2"),
}  # fmt: skip
"""What makes no difference to the document's walks, and some to what follows them."""

POWERFUL: Pins = {
    "adversary": "present", "adversary_account": ("none_there", "other_tenant"), "cmg_compromised": ("no", "yes"),
    "direct": ("no", "yes"), "mp_mode": ("https", "ehttp"), "cp_validates": ("yes", "no"),
    "other_tenant_onboarded": ("no", "yes"),
}  # fmt: skip


class Known:
    """Whether the engine reaches a state, in an exploration of that state's environment alone."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.explorations: dict[State, Exploration] = {}

    def __call__(self, state: State) -> bool:
        place = self.network.position
        environment = tuple(state[place[each.name]] for each in self.network.unknowns)
        if environment not in self.explorations:
            self.explorations[environment] = explore(self._pinned(environment))
        found = self.explorations[environment]
        assert found.complete
        return state in found.reached

    def _pinned(self, environment: State) -> Network:
        values = dict(zip((each.name for each in self.network.unknowns), environment, strict=True))
        actors = (replace(a, initial=(values[a.name],)) if a.name in values else a for a in self.network.actors)
        return replace(self.network, actors=tuple(actors))


def claims(network: Network) -> dict[str, Condition]:
    """Every property that is expected to hold, as a condition on states."""
    return {prop.id: promised(prop, network) for prop in CLAIMS}


def walk(
    network: Network,
    profile: settings,
    reachable: Callable[[State], bool] | None = None,
    start: Mapping[str, str] | None = None,
) -> None:
    """Let hypothesis walk on the network's machines."""
    machine = stateful_machine(network, claims(network), reachable or Known(network), start)
    run_state_machine_as_test(machine, settings=profile)


def ends(network: Network, name: str) -> list[State]:
    """Where the document's walk of that name ends, walks before it included, from each initial state of the network."""
    found = []
    for state in product.initial_states(network):
        for step in history(name):
            described = network.condition(step.then)
            after = product.outcomes(network, network.event[step.event], state)
            state = next(each for each in after if product.holds(network, described, each))
        found.append(state)
    return found


def history(name: str) -> tuple[WalkStep, ...]:
    of = WALKS[name]
    return (*(history(of.follows) if of.follows else ()), *of.steps)


def continued(network: Network, states: list[State]) -> Network:
    """The network as it begins in these states, which differ in their environments only."""
    initial = {
        each.name: tuple(dict.fromkeys(state[network.position[each.name]] for state in states))
        for each in network.actors
    }
    assert all(len(initial[each.name]) == 1 for each in network.moving)
    return replace(network, actors=tuple(replace(each, initial=initial[each.name]) for each in network.actors))


@cache
def walked_site() -> Exploration:
    """The site of the document's walks, with what makes no difference to them left open."""
    return explore(site({**HEALTHY, "device_app": "not_enabled", **OPEN_LATER}))


@pytest.mark.parametrize("profile", PROFILES)
def test_in_any_environment(profile: settings) -> None:
    walk(site({}), profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_in_environments_that_are_nearly_healthy(profile: settings) -> None:
    walk(site({**HEALTHY, **OPEN_ON_THE_WAY}), profile)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", WALKS)
def test_from_where_a_walk_of_the_document_has_come_to(name: str, profile: settings) -> None:
    """Random steps seldom come as far: here they begin there, and the engine has come there by itself."""
    explored = walked_site()
    begin = ends(explored.network, name)
    assert len(begin) == explored.environments.count == 16
    walk(continued(explored.network, begin), profile, explored.reached.__contains__)


@pytest.mark.parametrize("profile", PROFILES)
def test_with_an_adversary_beside_a_device_that_gets_nowhere(profile: settings) -> None:
    walk(site({**HEALTHY, **GETS_NOWHERE, **POWERFUL}), profile)


@pytest.mark.long
def test_where_users_come_and_go_and_the_administrator_acts() -> None:
    network = site({**HEALTHY, **dict.fromkeys(SWITCHES, "on"), "device_app": "not_enabled"})
    walk(network, LONG)
    walk(continued(network, ends(network, "renewal")), LONG, Known(network))


def test_a_claim_that_a_weakened_model_breaks_is_found() -> None:
    """A request for the Entra properties that goes to MutualAuth breaks S-31, whichever walk comes there."""
    wrong = SetEffect("ccmsetup", "ccmsetup_sends_aad_info_request", "request.path", put("request", path="mutual_auth"))
    model = apply(build(Scenario("weak", "", None, HEALTHY)), wrong)
    network = expand(model.extended(observers_of(CORE)))
    with pytest.raises(AssertionError, match=r"^S-31 is broken: .*; request.path is server_auth\n"):
        walk(network, settings(LONG, phases=(Phase.generate,)))


def test_a_state_that_the_engine_does_not_know_is_found() -> None:
    """The engine is asked about a site whose CMG withholds the properties; the walks are on one that gives them."""
    network = site({**HEALTHY, "properties_given": "no"})
    other = Known(site({**HEALTHY, "tenant": "not_onboarded"}))

    def elsewhere(state: State) -> bool:
        return other(tuple("not_onboarded" if value == "onboarded" else value for value in state))

    with pytest.raises(AssertionError, match=r"^the engine does not reach"):
        walk(network, settings(LONG, phases=(Phase.generate,)), elsewhere)


def test_every_claim_that_is_expected_to_hold_is_checked() -> None:
    kinds = {prop.id: prop.kind for prop in CLAIMS}
    assert set(claims(site({}))) == kinds.keys()
    assert set(kinds.values()) == {"I", "S", "O"}
    assert {prop.id for prop in CORE if prop.id not in kinds and not prop.possible} == {
        prop.id for prop in CORE if prop.expected == "fails"
    }
