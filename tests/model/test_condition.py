"""Conditions: what they mean, how they print, and that printing and parsing lose nothing."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel.condition import (
    FALSE,
    TRUE,
    Condition,
    In,
    Named,
    all_of,
    any_of,
    at,
    evaluate,
    false_leaves,
    leaves,
    predicates_of,
    rename,
    rewrite,
)
from ccmproof.model.kernel.text import parse
from hypothesis import given
from hypothesis import strategies as st

ACTORS = ("cmg", "cache.life", "entra+mfa", "x-1.y", "é")
STATES = ("on", "off", "in", "true", "two words", 'q"uote', "back\\slash", "n\n", "a+b", "a+", "-", "1.2", "")
PREDICATES: dict[str, Condition] = {
    "tls_ok": at("cmg").is_("on") & at("é").is_not("off"),
    "token.valid": at("cache.life").is_in("on", "off") | at("cmg").is_("in"),
}

leaf = st.builds(In, st.sampled_from(ACTORS), st.frozensets(st.sampled_from(STATES), min_size=1, max_size=4))
atoms = leaf | st.sampled_from([TRUE, FALSE, *(Named(name, body) for name, body in PREDICATES.items())])
conditions = st.recursive(
    atoms,
    lambda parts: (
        st.builds(lambda a, b: a & b, parts, parts)
        | st.builds(lambda a, b: a | b, parts, parts)
        | st.builds(lambda a: ~a, parts)
        | st.builds(lambda a, b: a.implies(b), parts, parts)
    ),
    max_leaves=12,
)
worlds = st.fixed_dictionaries({name: st.sampled_from(STATES) for name in ACTORS})


def true_in(world: dict[str, str], condition: Condition) -> bool:
    return evaluate(condition, lambda leaf: world[leaf.actor] in leaf.names)


@given(conditions)
def test_printing_and_parsing_lose_nothing(condition: Condition) -> None:
    assert parse(str(condition), PREDICATES) == condition


@given(conditions, worlds)
def test_a_condition_keeps_its_truth_when_it_is_parsed_or_rewritten(
    condition: Condition, world: dict[str, str]
) -> None:
    truth = true_in(world, condition)
    assert true_in(world, parse(str(condition), PREDICATES)) == truth
    assert true_in(world, rewrite(condition, lambda leaf: leaf)) == truth
    settled = rewrite(condition, lambda leaf: TRUE if world[leaf.actor] in leaf.names else FALSE)
    assert settled == (TRUE if truth else FALSE)


@given(conditions, worlds)
def test_renaming_actors_is_reading_the_others(condition: Condition, world: dict[str, str]) -> None:
    renamed = rename(condition, {"cmg": "é", "é": "cmg"})
    swapped = {**world, "cmg": world["é"], "é": world["cmg"]}
    assert true_in(world, renamed) == true_in(swapped, condition)
    assert parse(str(renamed), PREDICATES) == renamed


@given(conditions, worlds)
def test_a_condition_has_false_leaves_exactly_where_it_is_false(condition: Condition, world: dict[str, str]) -> None:
    why = false_leaves(condition, lambda leaf: world[leaf.actor] in leaf.names)
    assert (why == ()) == true_in(world, condition)
    assert all(not true_in(world, parse(each)) for each in why)


@given(conditions)
def test_two_negations_are_none(condition: Condition) -> None:
    assert ~~condition == condition


def test_constants_fold() -> None:
    on = at("cmg").is_("on")
    assert on & TRUE == on and on | FALSE == on
    assert on & FALSE == FALSE and on | TRUE == TRUE
    assert all_of() == TRUE and any_of() == FALSE and ~TRUE == FALSE and ~FALSE == TRUE
    assert at("cmg").is_in() == FALSE


def test_a_condition_has_no_truth_value_of_its_own() -> None:
    with pytest.raises(TypeError, match=r"combine it by & \| ~"):
        assert at("cmg").is_("on")


def test_it_prints_as_it_is_written() -> None:
    on, off = at("cmg").is_("on"), at("cache.life").is_in("old", "fresh")
    assert str(on & ~off) == "cmg is on and cache.life not in {fresh, old}"
    assert str(~(on | off) & on) == "not (cmg is on or cache.life in {fresh, old}) and cmg is on"
    assert str(at("cmg").is_("in")) == 'cmg is "in"'
    assert str(at("cmg").is_not("two words")) == 'cmg is not "two words"'
    assert str((on | off) & on) == "(cmg is on or cache.life in {fresh, old}) and cmg is on"


def test_named_predicates_are_opened_for_their_leaves() -> None:
    outer = Named("outer", Named("inner", at("a").is_("x")) & at("b").is_("y"))
    assert [each.actor for each in leaves(outer)] == ["a", "b"]
    assert predicates_of(~outer | at("c").is_("z")) == {"outer", "inner"}


def test_false_leaves_of_a_conjunction_are_those_that_are_false() -> None:
    world = {"cmg": "off", "cache.life": "old", "é": "on"}
    condition = at("cmg").is_("on") & at("é").is_("on") & ~(at("cache.life").is_("old") | at("é").is_("off"))
    why = false_leaves(condition, lambda leaf: world[leaf.actor] in leaf.names)
    assert why == ("cmg is on", "cache.life is not old")
