"""Whether an edit changes anything that can happen, against the two products, state by state and step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from brute import Seen
from ccmproof.harness.engines import Exploration, explore
from ccmproof.harness.mutation import sameness
from ccmproof.harness.mutation.mutants import mutants
from ccmproof.harness.mutation.sameness import Difference, same_product
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import actor, recv, send
from ccmproof.model.kernel.condition import FALSE, TRUE, Condition
from ccmproof.model.kernel.definition import Model, Predicate
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.lint import lint
from ccmproof.model.kernel.network import Network, State
from designs import _model, models
from hypothesis import given, settings
from hypothesis import strategies as st

Product = tuple[set[State], set[tuple[State, str, State]]]


def whole(network: Network) -> Product:
    """The states of the product, and each step that can be made in it."""
    seen = Seen(network)
    steps = {(state, event.name, after) for state in seen.states for event, after in product.successors(network, state)}
    return set(seen.states), steps


def edited(model: Model) -> Iterator[Network]:
    """What each edit of the model makes of it, where that can be said."""
    for mutant in mutants(model):
        changed = mutant.on(model)
        if changed is not None:
            try:
                yield expand(changed)
            except ModelError:
                continue


def owed(network: Network) -> set[tuple[str, str, bool]]:
    return {(event.name, event.controller, event.refusal) for event in network.events}


def wrong(model: Model, judged: Counter[bool]) -> list[Network]:
    """The edits that are judged otherwise than the two products say; what they say is counted."""
    explored = explore(expand(model), engine="plain")
    before = whole(explored.network)
    found = []
    for network in edited(model):
        same = whole(network) == before
        judged[same] += 1
        says = same_product(explored, Difference(explored.network, network))
        if says != same and (says or owed(network) >= owed(explored.network)):
            found.append(network)
    return found


@settings(max_examples=25)
@given(models())
def test_edits_of_random_models_are_told_apart_as_their_products_are(model: Model) -> None:
    assert wrong(model, Counter()) == []


def sample(count: int) -> Iterator[Model]:
    """The same models every time, none of which a lint refuses."""
    for seed in range(10 * count):
        model = _model(Random(seed))
        if count and not lint(model, expand(model)):
            count -= 1
            yield model


def test_the_oracle_has_plenty_of_both() -> None:
    judged: Counter[bool] = Counter()
    assert [wrong(model, judged) for model in sample(12)] == [[]] * 12
    assert judged[True] > 100 and judged[False] > 100


def generous(self: Difference, event: str) -> Condition:
    return FALSE


def enabledness_alone(self: Difference, event: str) -> Condition:
    before, after = (sameness.all_of(*self._demands(each, event)) for each in (self.old, self.new))
    return sameness._apart(before, after)


def targets_alone(self: Difference, event: str) -> Condition:
    return sameness.any_of(*(self._offers_otherwise(name, event) for name in self.events.get(event, ())))


def strict(self: Difference, event: str) -> Condition:
    return TRUE


@pytest.mark.parametrize("flaw", [generous, enabledness_alone, targets_alone, strict])
def test_the_oracle_finds_a_check_that_is_too_generous_or_too_strict(
    flaw: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Difference, "differs", flaw)
    assert any(wrong(model, Counter()) for model in sample(12))


def test_the_oracle_finds_that_the_beginning_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Difference, "beginning", [])
    assert any(wrong(model, Counter()) for model in sample(12))


def pair(meaning: str) -> Network:
    walker = actor("walker", host="h", states="a b", rows=[send("go", "a", "b", "may"), send("back", "b", "a")])
    light = actor("light", host="h", states="red green", waits="*", rows=[recv("go", "*", "green")])
    return expand(Model.of("pair", walker, light, Predicate("may", meaning)))


def told(explored: Exploration, meaning: str) -> bool:
    return same_product(explored, Difference(explored.network, pair(meaning)))


def test_a_predicate_is_read_as_its_own_network_has_it() -> None:
    explored = explore(pair("light is red"), engine="plain")
    assert explored.where(explored.network.condition("may")).found  # an engine keeps predicates by their names
    assert not told(explored, "light is green")
    assert told(explored, "not (light is green)")


def test_an_edit_of_what_is_never_reached_changes_nothing() -> None:
    explored = explore(pair("light is red and walker is b"), engine="plain")
    assert told(explored, "false")
    assert not told(explored, "true")


def switched(begins: str, *rows: str) -> Network:
    """A light that may begin so, with these events of it, beside one that is never moved."""
    light = actor(
        "light",
        host="h",
        states="red green",
        initial=begins,
        waits="*",
        rows=[send(event, *{"go": ("red", "green"), "stop": ("green", "red")}[event]) for event in rows],
    )
    lamp = actor("lamp", host="h", states="on off", initial="on off", rows=[])
    return expand(Model.of("switched", light, lamp))


@pytest.mark.parametrize(
    ("before", "after", "rows", "same"),
    [
        ("red", "red green", ("go",), True),
        ("red", "green", ("go", "stop"), False),  # it begins elsewhere, and not where it did
        ("green", "red green", ("go",), False),  # where it begins it never came to
        ("green", "red green", ("go", "stop"), True),
    ],
)
def test_to_begin_where_one_comes_to_anyway_changes_nothing(
    before: str, after: str, rows: tuple[str, ...], same: bool
) -> None:
    explored = explore(switched(before, *rows), engine="plain")
    assert same_product(explored, Difference(explored.network, switched(after, *rows))) is same


@settings(max_examples=25)
@given(st.data())
def test_a_fingerprint_is_the_same_for_the_same_network_alone(data: st.DataObject) -> None:
    model = data.draw(models())
    old = expand(model)
    found: dict[str, Product] = {}
    for network in edited(model):
        mark = Difference(old, network).fingerprint()
        assert found.setdefault(mark, whole(network)) == whole(network)
