"""Lines of several hosts: every order that their windows allow is followed, and no other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from brute import Seen as Whole
from ccmproof.harness.replay.following import together
from ccmproof.harness.replay.following.asked import Asked
from ccmproof.harness.replay.following.follow import Follower
from ccmproof.harness.replay.following.ground import Ground, TooLarge
from ccmproof.harness.replay.following.together import Chain, Cut, follow_together
from ccmproof.model.kernel import product
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from . import followed as reference
from .test_follow import Told, _from_start, _ladder, _line, _node, after_of, told


def orders(chains: Sequence[Chain], cut: Cut) -> Iterator[tuple[Asked, ...]]:
    """Every order in which the rest may be read."""
    if all(there == len(chain.lines) for there, chain in zip(cut, chains, strict=True)):
        yield ()
    for at, chain in enumerate(chains):
        if cut[at] == len(chain.lines) or any(n > c for n, c in zip(chain.needs[cut[at]], cut, strict=True)):
            continue
        for rest in orders(chains, (*cut[:at], cut[at] + 1, *cut[at + 1 :])):
            yield (chain.lines[cut[at]], *rest)


def split(run: Told, hosts: Sequence[int], reach: int) -> list[Chain]:
    """The lines of a run as those of several hosts, of which the order is open within a reach."""
    lines = [Asked(seen, bound=host > 0) for seen, host in zip(reference.lines(run.observed), hosts, strict=True)]
    places = [[place for place, host in enumerate(hosts) if host == each] for each in range(3)]
    return [
        Chain(
            [lines[place] for place in own],
            [
                tuple(
                    number if chain is own else sum(other < place - reach for other in chain)
                    for number, chain in [(own.index(place), each) for each in places]
                )
                for place in own
            ],
        )
        for own in places
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(told(), st.data())
def test_the_sets_are_those_of_all_orders_one_by_one(run: Told, data: st.DataObject) -> None:
    hosts = data.draw(st.lists(st.integers(0, 2), min_size=len(run.observed), max_size=len(run.observed)))
    chains = split(run, hosts, data.draw(st.integers(0, 4)))
    every = list(itertools.islice(orders(chains, (0, 0, 0)), 200))
    assume(len(every) < 200)
    ground = Ground(run.network)
    follower = Follower(ground, run.silent, after_of(ground, Whole(run.network)).__getitem__, from_start=True)
    ways = follow_together(follower, chains, 0)
    expected = set()
    for order in every:
        observed = [(asked.seen.pattern.events, asked.seen.pattern.holds) for asked in order]
        ends = reference.followed(run.network, run.silent, observed)
        expected |= ends[-1] if ends else set(product.initial_states(run.network))
    assert [way.states for way in ways] == [_node(ground, expected)]
    assert not run.truth or run.truth[-1] in expected


def test_too_many_orders_are_said_and_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [_line(1, "up1"), _line(2, "up2"), _line(3, "up3")]
    chains = [Chain([Asked(each, repeats=True)], [(0, 0, 0)]) for each in lines]
    one = [Chain([Asked(each) for each in lines], [(number,) for number in range(3)])]
    assert follow_together(_from_start(_ladder()), chains, 0)[0].cost == 0
    monkeypatch.setattr(together, "MOST_READ", 2)
    with pytest.raises(TooLarge):
        follow_together(_from_start(_ladder()), chains, 0)
    assert follow_together(_from_start(_ladder()), one, 0)[0].cost == 0  # one order is never too many


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(told())
def test_a_line_of_the_site_that_no_order_explains_leaves_nothing(run: Told) -> None:
    assume(run.observed)
    ground = Ground(run.network)
    follower = Follower(ground, run.silent, after_of(ground, Whole(run.network)).__getitem__, from_start=True)
    chains = split(run, [0] * len(run.observed), 0)
    (seen,) = reference.lines([((), "false")])
    odd = Chain([Asked(replace(seen, pattern=replace(seen.pattern, id="odd")), bound=True)], [(0, 0, 0)])
    assert follow_together(follower, [chains[0], odd, chains[2]], 0) == []
