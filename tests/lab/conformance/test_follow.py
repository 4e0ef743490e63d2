"""Following, without a lab: what a walk of the model would show is followed, and what is spoiled is refused."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from ccmproof.harness.lab.conformance.alphabet import OBSERVED, STIMULI
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.conformance.follow import Deviates, Follower, Seen
from ccmproof.model.kernel.errors import ModelError

from .test_compiled import ENVIRONMENTS
from .walks import Walk, follower, taken, walked


@pytest.mark.parametrize("changes", ENVIRONMENTS)
def test_the_belief_has_the_true_state(changes: dict[str, str]) -> None:
    """After each thing that is seen or made of a random walk the state that the walk is in is believed."""
    environment = equipment().environment(changes)
    for seed in range(6):
        walk = walked(environment, Random(seed), 300)
        made = follower(environment)
        for (event, seen), state in zip(walk.told, walk.at, strict=True):
            taken(made, event, seen)
            assert state in made.states, event
        run = made.run()
        assert [step.event for step in run.steps if step.event in STIMULI or step.event in OBSERVED] == [
            event for event, _ in walk.told
        ]
        assert run.environment == {name: environment[name] for name in run.environment}


def _spoiled(seen: Seen, chance: Random) -> Seen | None:
    """The same observation with one field other than it was."""
    network = equipment().network
    places = [(which, name) for which, facts in (("before", seen.before), ("after", seen.after)) for name in facts]
    if not places:
        return None
    which, name = chance.choice(places)
    facts = dict(getattr(seen, which))
    facts[name] = chance.choice([state for state in network.actor[name].states if state != facts[name]])
    return replace(seen, **{which: facts})


def test_spoiled_observations_are_refused() -> None:
    """A relayed message with one field changed is nothing that the model allows: it is the same at every hop."""
    environment = equipment().environment({"device_app": "not_enabled"})
    refused = spoiled = 0
    for seed in range(6):
        walk = walked(environment, Random(seed), 300)
        chance = Random(seed)
        made = follower(environment)
        for event, seen in walk.told:
            wrong = _spoiled(seen, chance) if event in OBSERVED and seen.before else None
            if wrong is not None:
                spoiled += 1
                refused += not made.expects(wrong)
            taken(made, event, seen)
    assert spoiled > 50
    assert refused == spoiled


def _until(environment: dict[str, str], event: str) -> tuple[Follower, Walk, int]:
    """A follower just before the first observation of that event in some walk."""
    for seed in range(200):
        walk = walked(environment, Random(seed), 250, seldom=0.0)
        if event in [name for name, _ in walk.told]:
            made = follower(environment)
            for place, (name, seen) in enumerate(walk.told):
                if name == event:
                    return made, walk, place
                taken(made, name, seen)
    raise AssertionError(f"no walk has {event}")


def test_a_deviation_says_which_field_differs() -> None:
    """The request that the CMG hands on is not the one that it got."""
    made, walk, place = _until(equipment().environment(), "cmg_forwards_request")
    seen = walk.told[place][1]
    wrong = replace(seen, before={**seen.before, "request.token_auth": "yes"})
    with pytest.raises(Deviates) as found:
        made.see(wrong)
    deviation = found.value.deviation
    (alternative,) = deviation.alternatives
    assert not alternative.barred
    assert alternative.differs == {"request.token_auth": ("no", "yes")}
    assert "request.token_auth is no, and yes was seen" in str(deviation)


def test_a_deviation_says_what_bars_the_event_and_which_claims_it_breaks() -> None:
    """A CMG that hands on a request with an expired token breaks SEC-07.cmg and SEC-04."""
    environment = equipment().environment()
    made, walk, place = _until(environment, "cmg_forwards_request")
    for _ in range(9):
        made.do("tick")
    state = equipment().network.as_dict(min(made.states))
    seen = walk.told[place][1]
    old = {**seen.before, "request.life": state["request.life"]}
    with pytest.raises(Deviates) as found:
        made.see(replace(seen, before=old))
    deviation = found.value.deviation
    assert deviation.alternatives[0].barred[0] == "request.life is live"
    assert {"SEC-04", "SEC-07.cmg"} <= set(deviation.broken)


def test_what_the_model_never_allows_is_refused_as_a_stimulus() -> None:
    """Nobody can make a user sign in who is signed in."""
    made = Follower(equipment().environment())
    assert not made.allows("user_signs_in")
    with pytest.raises(Deviates, match="user_signs_in"):
        made.do("user_signs_in")


def test_an_environment_is_checked() -> None:
    """Unknown names and values are told with the nearest right ones, and what the model assumes is said."""
    using = equipment()
    with pytest.raises(ModelError, match="mp_mode"):
        using.environment({"mp_mod": "https"})
    with pytest.raises(ModelError, match="ehttp"):
        using.environment({"mp_mode": "ehtp"})
    with pytest.raises(ModelError, match="assumes"):
        using.environment({"join": "not_joined"})
