"""Satisfiability of conditions, against trying all combinations of states."""

from __future__ import annotations

from itertools import product

import pytest
from ccmproof.model.kernel.condition import FALSE, TRUE, Condition, In, Named, actors_of, at, evaluate
from ccmproof.model.kernel.decide import Decider, satisfiable, valid
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Actor, Network
from hypothesis import given
from hypothesis import strategies as st

DOMAINS = {"a": ("x",), "b": ("x", "y"), "c": ("x", "y", "z"), "d": ("x", "y", "z", "w")}

leaf = st.one_of(
    *(
        st.builds(In, st.just(actor), st.sets(st.sampled_from(states), min_size=1).map(frozenset))
        for actor, states in DOMAINS.items()
    )
)
conditions = st.recursive(
    leaf | st.sampled_from([TRUE, FALSE]),
    lambda parts: (
        st.builds(lambda a, b: a & b, parts, parts)
        | st.builds(lambda a, b: a | b, parts, parts)
        | st.builds(lambda a: ~a, parts)
        | st.builds(lambda a: Named(f"({a})", a), parts)
    ),
    max_leaves=20,
)


def true_in(world: dict[str, str], condition: Condition) -> bool:
    return evaluate(condition, lambda leaf: world[leaf.actor] in leaf.names)


def all_worlds() -> list[dict[str, str]]:
    return [dict(zip(DOMAINS, states, strict=True)) for states in product(*DOMAINS.values())]


@given(conditions)
def test_it_says_what_trying_everything_says(condition: Condition) -> None:
    truths = [true_in(world, condition) for world in all_worlds()]
    found = satisfiable(DOMAINS, condition)
    assert (found is not None) == any(truths)
    assert valid(DOMAINS, condition) == all(truths)
    if found is not None:
        assert found.keys() == actors_of(condition)
        assert true_in({**all_worlds()[0], **found}, condition)


def test_the_answer_is_the_first_state_that_will_do() -> None:
    assert satisfiable(DOMAINS, at("c").is_not("x") & at("d").is_in("w", "z")) == {"c": "y", "d": "z"}
    assert satisfiable(DOMAINS, TRUE) == {}
    assert satisfiable(DOMAINS, FALSE) is None
    assert satisfiable(DOMAINS, at("a").is_not("x")) is None


def test_groups_and_all_declared_states_count_in_a_network() -> None:
    clock = Actor("clock", ("new", "mid", "end"), ("new",), groups={"live": frozenset({"new", "mid"})})
    network = Network("n", (clock,), ())
    assert satisfiable(network, at("clock").is_not("live")) == {"clock": "end"}
    assert valid(network, at("clock").is_in("live", "end"))


def test_an_answer_may_be_changed_by_who_gets_it() -> None:
    decider = Decider(DOMAINS)
    first = decider.satisfiable(at("b").is_("y"))
    assert first == {"b": "y"}
    first["b"] = "x"
    assert decider.satisfiable(at("b").is_("y")) == {"b": "y"}


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(ModelError, match=r"^there is no actor 'e'$"):
        satisfiable(DOMAINS, at("e").is_("x"))
    with pytest.raises(ModelError, match=r"^b has no state 'q'$"):
        satisfiable(DOMAINS, at("b").is_("q"))


def test_pigeons_are_decided() -> None:
    """Five pigeons and four holes: unsatisfiable, and not by propagation alone."""
    domains = {f"pigeon{i}": ("1", "2", "3", "4") for i in range(5)}
    alone: Condition = TRUE
    for i, j in product(range(5), range(5)):
        if i < j:
            for hole in "1234":
                alone = alone & ~(at(f"pigeon{i}").is_(hole) & at(f"pigeon{j}").is_(hole))
    assert satisfiable(domains, alone) is None
