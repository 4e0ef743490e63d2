"""Walks of the model printed as a client alone would write them: the diagnosis has the truth, and finds the cause."""

from __future__ import annotations

import random

import pytest
from ccmproof.harness.counterexample import usual
from ccmproof.harness.replay.following.diagnosis import Watched, diagnose, follow, ordered
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.following.follow import Followed
from ccmproof.harness.replay.following.hosts import of_client
from ccmproof.harness.replay.following.trail import Fit
from ccmproof.harness.replay.line import Where
from ccmproof.harness.replay.pattern import Seen
from ccmproof.model.kernel import product
from ccmproof.model.kernel.closest import closest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from .walks import CLIENT_LOGS, SITE_LOGS, Printer, Walk, begun

FAILED = "ccmsetup is attempt_failed or registration is attempt_failed or messaging is attempt_failed"
DONE = f"{FAILED} or messaging is idle and new_token is got and security_settings is refreshed"
UNTOLD = {
    "user token on enhanced HTTP": "a 401 at the registration may be that of a token that died on the way",
}
"""Causes that a client's lines cannot tell, and why."""


def in_an_environment(using: Equipment, seed: int) -> tuple[random.Random, dict[str, str], Walk]:
    """The beginning of a walk in an environment that is unusual in at most two ways, one that can be."""
    chance, network = random.Random(seed), using.full.network
    environment = usual(network)
    for actor in chance.sample(network.unknowns, 2):
        environment[actor.name] = chance.choice(actor.initial)
    walk = begun(network, environment, chance)
    assume(all(product.holds(network, each, walk.states[0]) for each in network.assume))
    return chance, environment, walk


def followed_of_client(using: Equipment, seed: int, lost: float, twice: float = 0.0) -> tuple[dict[str, str], Followed]:
    """The environment of a walk, and what is made of some of the client's logs with lines lost, or said twice."""
    chance, environment, walk = in_an_environment(using, seed)
    walk.seldom = 0.05
    walk.go(chance.randint(20, 120))
    logs = chance.sample(CLIENT_LOGS, chance.randint(1, len(CLIENT_LOGS)))
    lines = Printer(using, using.full.network, logs).printed(walk, drop=lost, twice=twice)
    return environment, follow(Watched(lines, lines), using, frozenset(logs), False, calm=False)


@pytest.mark.long
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**9), lost=st.sampled_from([0.0, 0.0, 0.15]), twice=st.sampled_from([0.0, 0.2]))
def test_the_environment_of_the_walk_is_never_ruled_out(using: Equipment, seed: int, lost: float, twice: float) -> None:
    environment, followed = followed_of_client(using, seed, lost, twice)
    assert environment in followed.ground.environments(followed.possible)
    assert not followed.deviations
    assert all(placed.timely for placed in followed.placed)


@pytest.mark.long
def test_two_lines_in_a_row_may_be_lost(using: Equipment) -> None:
    """Found by chance: where a failure and the next start are both lost, what comes next once fitted elsewhere."""
    assert not followed_of_client(using, 9776, 0.15)[1].deviations


@pytest.mark.long
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**9), lost=st.sampled_from([0.0, 0.0, 0.15]))
def test_what_several_hosts_say_by_clocks_of_their_own_never_rules_out_the_walk(
    using: Equipment, seed: int, lost: float
) -> None:
    chance, environment, walk = in_an_environment(using, seed)
    walk.go(chance.randint(20, 120))
    logs = [*chance.sample(CLIENT_LOGS, chance.randint(1, 4)), *chance.sample(SITE_LOGS, chance.randint(1, 4))]
    skew = {host: chance.uniform(-400, 400) for host in Where}
    lines = Printer(using, using.full.network, logs, skew).printed(walk, drop=lost)
    found = follow(watched(lines), using, frozenset(logs), False, calm=False)
    assert environment in found.ground.environments(found.possible)
    assert not found.deviations
    assert all(placed.timely for placed in found.placed)


@pytest.mark.long
def test_the_site_s_lines_of_a_walk_are_followed_whatever_the_skew(using: Equipment) -> None:
    """Of a few walks of a usual environment, all lines of all hosts: most are explained, and none is out of place."""
    network, followed, there = using.full.network, 0, 0
    for seed in range(6):
        chance = random.Random(seed)
        walk = begun(network, usual(network), chance)
        walk.seldom = 0.0
        walk.go(60)
        skew = {host: chance.uniform(-400, 400) for host in Where}
        lines = Printer(using, network, ["ccmsetup", "CCM_STS", "CMGService"], skew).printed(walk, quiet=0.0)
        found = diagnose(lines, using, logs=["ccmsetup", "CCM_STS", "CMGService"])
        site = [placed for placed in found.placed if not of_client(placed.seen)]
        assert all(placed.fit in (Fit.STEP, Fit.HOLDS, Fit.SAID, Fit.AGAIN) for placed in site)
        followed, there = followed + found.site[0], there + found.site[1]
    assert there > 20
    assert followed > there * 0.8


def watched(lines: list[Seen]) -> Watched:
    seen, time = ordered(lines)
    return Watched([each for each in seen if of_client(each)], seen, time)


@pytest.mark.long
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**9))
def test_every_actor_is_said_to_be_where_it_may_be(using: Equipment, seed: int) -> None:
    """Of a walk whose last step leaves a line: what is said of the client's actors is true."""
    chance, network = random.Random(seed), using.full.network
    walk = begun(network, usual(network), chance)
    walk.seldom = 0.05
    walk.go(chance.randint(20, 90))
    printer = Printer(using, network, CLIENT_LOGS)
    lines = printer.printed(walk, quiet=0.0)
    while walk.events and len(printer.printed(walk, quiet=0.0)) == len(lines):
        walk.events.pop()
        before = walk.states.pop()
    assume(lines and lines[-1].pattern.events)  # what is said while something holds may be said of another moment
    found = diagnose(lines, using, logs=CLIENT_LOGS)
    truth = network.as_dict(before)
    assert all(truth[name] in states for name, states in found.actors.items())


@pytest.mark.long
def test_a_cause_is_among_the_first_three_where_it_makes_an_attempt_fail(using: Equipment) -> None:
    network, grounds = using.calm.network, using.grounds
    printer, normal = Printer(using, network, CLIENT_LOGS), usual(network)
    found: dict[str, list[int]] = {}
    for name, where in grounds.where.items():
        alone = grounds.only[name]
        environment = closest(where if alone.is_empty else alone, lambda n, value: (value != normal[n],))
        for seed in range(2):
            walk = begun(network, environment, random.Random(seed))
            walk.seldom = 0.0
            walk.go(400, DONE)
            if product.holds(network, network.condition(FAILED), walk.states[-1]):
                lines = printer.printed(walk, quiet=0.0)
                found.setdefault(name, []).append(_rank(diagnose(lines, using, logs=CLIENT_LOGS).named, name))
    assert len(found) > 20
    assert {name: ranks for name, ranks in found.items() if max(ranks) > 3 and name not in UNTOLD} == {}


def _rank(named: object, cause: str) -> int:
    return next((each.rank for each in named if each.cause.name == cause), 99)  # type: ignore[attr-defined]
