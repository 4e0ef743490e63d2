"""Whether it matters to what an unknown is settled, against the two products, state by state and step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from brute import Seen
from ccmproof.harness.engines import explore
from ccmproof.harness.mutation import settled as module
from ccmproof.harness.mutation.sameness import Difference, same_product
from ccmproof.harness.mutation.settled import said_as_settled
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import actor, recv, send, unknown
from ccmproof.model.kernel.condition import TRUE
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network, State
from designs import models
from hypothesis import given, settings


def settled(network: Network, name: str, value: str) -> Network:
    """The network with an unknown settled."""
    actors = tuple(module.replace(of, initial=(value,)) if of.name == name else of for of in network.actors)
    return module.replace(network, actors=actors)


def pairs(network: Network) -> Iterator[tuple[Network, Network, str]]:
    """The network with each of its unknowns settled in two ways."""
    for of in network.unknowns:
        for one, two in zip(of.states, of.states[1:], strict=False):
            yield settled(network, of.name, one), settled(network, of.name, two), of.name


def apart_from(name: str, network: Network) -> tuple[set[State], set[tuple[State, str, State]]]:
    """The product without one actor's value."""
    place = network.position[name]

    def without(state: State) -> State:
        return state[:place] + state[place + 1 :]

    steps = {
        (without(state), event.name, without(after))
        for state in Seen(network).states
        for event, after in product.successors(network, state)
    }
    return set(map(without, product.initial_states(network))), steps


def wrong(model: Model, judged: Counter[bool]) -> list[tuple[Network, Network, str]]:
    found = []
    for old, new, name in pairs(expand(model)):
        same = apart_from(name, old) == apart_from(name, new)
        judged[same] += 1
        explored = explore(old, engine="plain")
        if same_product(explored, Difference(old, said_as_settled(old, new, ()))) != same:
            found.append((old, new, name))
    return found


@settings(max_examples=40)
@given(models())
def test_it_matters_just_where_the_products_differ(model: Model) -> None:
    assert wrong(model, Counter()) == []


READER = Model.of(
    "reader",
    actor("walker", host="h", states="a b", rows=[send("go", "a", "b", "light is green or walker is a")]),
    actor("other", host="h", states="c d", waits="*", rows=[send("run", "d", "c", "light is green")]),
    actor(
        "third", host="h", states="e f", waits="*", rows=[recv("go", "*", "f", "light is red"), recv("go", "*", "f")]
    ),
    unknown("light", "red green", host="h"),
    unknown("lamp", "red green", host="h"),
)


def differing(name: str, read: tuple[str, ...] = ()) -> bool:
    ((old, new, _),) = (each for each in pairs(expand(READER)) if each[2] == name)
    return not same_product(explore(old, engine="plain"), Difference(old, said_as_settled(old, new, read)))


def test_what_is_read_where_it_does_not_matter_does_not_matter() -> None:
    assert not differing("lamp")
    assert not differing("light")


def test_what_somebody_else_reads_stays_a_difference() -> None:
    assert differing("lamp", ("lamp",))


def test_the_oracle_finds_a_rule_that_forgets_who_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "rewrite", lambda condition, leaf: TRUE)
    reads = Model.of(
        "reads",
        actor("walker", host="h", states="a b", waits="*", rows=[send("go", "a", "b", "light is green")]),
        unknown("light", "green red", host="h"),
    )
    assert wrong(reads, Counter())
