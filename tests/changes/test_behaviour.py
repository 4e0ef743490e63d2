"""What happens in a design, against a plain search over the reference semantics, by every engine."""

from __future__ import annotations

import pytest
from brute import Environment, Seen
from ccmproof.harness.changes.behaviour import behaviour
from ccmproof.harness.engines import ENGINES, Limit, explore
from ccmproof.model.alphabet import Alphabet
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from demo import WATCH, build
from designs import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import networks

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])


def same(found: Environments, plain: list[Environment]) -> bool:
    return sorted(map(str, found)) == sorted(map(str, plain))


def check(network: Network, engine: str, alphabet: Alphabet) -> None:
    told, seen = behaviour(explore(network, engine=engine), alphabet), Seen(network)
    assert list(told.fires) == [event.name for event in network.events]
    for name, where in told.fires.items():
        assert same(where, seen.fires[name]), name
    assert told.steps == seen.steps
    assert told.labels == seen.labels(alphabet.hosts, alphabet.fields)
    assert told.entered == seen.entered


@pytest.mark.parametrize("engine", sorted(ENGINES))
class TestByEveryEngine:
    @FEW
    @given(model=models(), data=st.data())
    def test_of_random_models(self, engine: str, model: Model, data: st.DataObject) -> None:
        network = expand(model)
        names = [of.name for of in network.actors]
        fields = data.draw(st.lists(st.sampled_from([*names, "nowhere"]), max_size=3, unique=True))
        check(network, engine, Alphabet(("h",), tuple(fields)))

    @FEW
    @given(network=networks(), data=st.data())
    def test_of_random_networks(self, engine: str, network: Network, data: st.DataObject) -> None:
        fields = data.draw(st.lists(st.sampled_from([of.name for of in network.actors]), max_size=3, unique=True))
        check(network, engine, Alphabet(("",), tuple(fields)))


def test_machines_that_watch_are_not_spoken_of_and_other_hosts_are_not_told() -> None:
    network = expand(build(Scenario("calm", "d")).extended(WATCH))
    told = behaviour(explore(network), Alphabet(("porter",), ("request.shown", "has_asked")), ["has_asked"])
    assert set(told.steps) == {"visitor", "porter", "bell"}
    assert "has_asked" not in told.entered
    assert told.labels == {("let_in", "good", "yes"), ("turn_away", "bad", "yes")}
    assert told.steps["visitor"] == {
        ("outside", "ask_with_good_key", "waiting"), ("outside", "ask_with_bad_key", "waiting"),
        ("waiting", "let_in", "inside"), ("waiting", "turn_away", "outside"), ("inside", "leave", "outside"),
    }  # fmt: skip
    assert told.steps["bell"] == set()
    assert (told.entered["bell"], told.fires["ring"].count, told.fires["let_in"].count) == (frozenset({"silent"}), 0, 2)


def test_of_a_search_that_was_cut_short_it_is_true_as_far_as_it_goes() -> None:
    network = expand(build(Scenario("calm", "d")))
    short, whole = (
        behaviour(explore(network, engine="reference", limit=limit), Alphabet()) for limit in (Limit(nodes=3), None)
    )
    assert all(short.steps[name] <= whole.steps[name] for name in whole.steps)
    assert short.steps != whole.steps
