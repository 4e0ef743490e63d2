"""The semantics, on networks worked out by hand."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Actor, Event, Network, Transition
from small import locked


def row(event: str, source: str, dest: str | None, when: object = None) -> Transition:
    sources = frozenset(source.split())
    return Transition(event, sources, dest) if when is None else Transition(event, sources, dest, when)  # type: ignore[arg-type]


def steps(network: Network, *state: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(event.name, after) for event, after in product.successors(network, state)]


def reachable(network: Network) -> set[tuple[str, ...]]:
    seen = set(product.initial_states(network))
    waiting = list(seen)
    while waiting:
        for _, after in product.successors(network, waiting.pop()):
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def test_an_event_happens_in_all_its_participants_or_not_at_all() -> None:
    a = Actor("a", ("1", "2"), ("1",), (row("go", "1", "2"),))
    b = Actor("b", ("1", "2"), ("1", "2"), (row("go", "1", "2"),))
    c = Actor("c", ("1", "2"), ("1",), (row("back", "2", "1"),))
    network = Network("n", (a, b, c), (Event("go", "a", ("a", "b")), Event("back", "c", ("c",))))
    assert list(product.initial_states(network)) == [("1", "1", "1"), ("1", "2", "1")]
    assert steps(network, "1", "1", "2") == [("go", ("2", "2", "2")), ("back", ("1", "1", "1"))]
    assert steps(network, "1", "2", "1") == []


def test_each_combination_of_rows_is_an_outcome_and_each_state_comes_once() -> None:
    a = Actor("a", ("1", "2", "3"), ("1",), (row("go", "1", "2"), row("go", "1", "3"), row("go", "1 2", "3")))
    b = Actor("b", ("1", "2"), ("1",), (row("go", "1", None), row("go", "1", "2")))
    network = Network("n", (a, b), (Event("go", "a", ("a", "b")),))
    assert steps(network, "1", "1") == [
        ("go", ("2", "1")),
        ("go", ("2", "2")),
        ("go", ("3", "1")),
        ("go", ("3", "2")),
    ]


def test_guards_read_the_state_before_so_two_fields_swap_in_one_event() -> None:
    def field(name: str, other: str) -> Actor:
        copies = tuple(row("swap", "x y", value, at(other).is_(value)) for value in ("x", "y"))
        return Actor(name, ("x", "y"), ("x",), copies)

    network = Network("n", (field("a", "b"), field("b", "a")), (Event("swap", "a", ("a", "b")),))
    assert steps(network, "x", "y") == [("swap", ("y", "x"))]
    assert steps(network, "y", "y") == [("swap", ("y", "y"))]


def test_an_event_has_a_guard_of_its_own() -> None:
    a = Actor("a", ("1", "2"), ("1",), (row("go", "1", "2"),))
    day = Actor("day", ("work", "free"), ("work", "free"))
    event = Event("go", "a", ("a",), guard=at("day").is_("work"))
    network = Network("n", (a, day), (event,))
    assert steps(network, "1", "work") == [("go", ("2", "work"))]
    assert steps(network, "1", "free") == []
    assert product.enabled(network, event, ("1", "work")) is True
    assert product.enabled(network, event, ("1", "free")) is False
    assert network.unknowns == (day,) and network.combinations == 2


def test_assumptions_leave_some_combinations_of_initial_states() -> None:
    os = Actor("os", ("old", "new"), ("old", "new"))
    key = Actor("key", ("tpm", "none"), ("tpm", "none"))
    network = Network("n", (os, key), (), assume=(at("os").is_("new") | at("key").is_("none"),))
    assert list(product.initial_states(network)) == [("old", "none"), ("new", "tpm"), ("new", "none")]


@pytest.mark.parametrize(("n", "states"), [(1, 3 + 1), (2, 9 + 6), (3, 27 + 27), (4, 81 + 108)])
def test_processes_and_a_lock_have_as_many_states_as_the_closed_form_says(n: int, states: int) -> None:
    assert states == 3**n + n * 3 ** (n - 1)
    assert len(reachable(locked(n))) == states


def test_a_name_that_is_there_twice_is_refused() -> None:
    a = Actor("a", ("1",), ("1",))
    with pytest.raises(ModelError, match=r"^n: the actor 'a' is there twice$"):
        Network("n", (a, a), ())


def test_a_leaf_names_states_and_groups_that_are_there() -> None:
    clock = Actor("clock", ("new", "end"), ("new",), groups={"live": frozenset({"new"})})
    network = Network("n", (clock,), ())
    assert product.holds(network, network.condition("clock is live"), ("new",))
    assert not product.holds(network, network.condition("clock is live"), ("end",))
    with pytest.raises(ModelError, match=r"^clock has no state 'life' \(did you mean 'live'\?\)$"):
        network.condition("clock in {life, zzz, new}")
    with pytest.raises(ModelError, match=r"^clock has no state 'a1'$"):  # the first by name, whatever the hash seed
        network.condition("clock in {a5, a4, a3, a2, a1, new}")
    with pytest.raises(ModelError, match=r"^there is no actor 'clok' \(did you mean 'clock'\?\)$"):
        network.condition("clok is new")
