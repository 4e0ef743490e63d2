"""A condition that is replaced wherever it stands: in whole, in parts, under names, and against its truth table."""

from __future__ import annotations

from itertools import product as combinations

import pytest
from ccmproof.model.kernel.actor import Otherwise, actor, otherwise, put, recv, send, unknown
from ccmproof.model.kernel.condition import FALSE, TRUE, And, Condition, In, Named, Not, Or, all_of, any_of, evaluate
from ccmproof.model.kernel.definition import Assumption, EventDef, Model, Predicate
from ccmproof.model.kernel.edit import (
    AddAssumption,
    AddPredicate,
    DropAssumption,
    DropPredicate,
    Edit,
    ExtendPredicate,
    ReplaceCondition,
    SetPredicate,
    apply,
)
from ccmproof.model.kernel.edit_conditions import substituted
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.text import parse
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small
from strategies import Alphabet, conditions

STATES: Alphabet = {"a": ("s0", "s1", "s2"), "b": ("s0", "s1"), "c": ("s0", "s1")}
WORLDS = [dict(zip(STATES, states, strict=True)) for states in combinations(*STATES.values())]


def table(condition: Condition) -> list[bool]:
    """The truth of a condition in each of the twelve states that there are."""

    def holds(world: dict[str, str]) -> bool:
        return evaluate(condition, lambda leaf: world[leaf.actor] in leaf.names)

    return list(map(holds, WORLDS))


def replaced(tree: Condition, old: Condition, new: Condition) -> Condition:
    """What is meant, said without folding: a plain walk that leaves junctions as they are."""
    if tree == old:
        return new
    match tree:
        case Not(part=part):
            return Not(replaced(part, old, new))
        case And(parts=parts):
            return And(tuple(_junction(parts, old.parts if isinstance(old, And) else (), old, new)))
        case Or(parts=parts):
            return Or(tuple(_junction(parts, old.parts if isinstance(old, Or) else (), old, new)))
    return tree


def _junction(
    parts: tuple[Condition, ...], wanted: tuple[Condition, ...], old: Condition, new: Condition
) -> list[Condition]:
    if not wanted or not set(wanted) <= set(parts):
        return [replaced(part, old, new) for part in parts]
    return [new, *(replaced(part, old, new) for part in parts if part not in wanted)]


@st.composite
def occurring(draw: st.DrawFn) -> tuple[Condition, Condition]:
    """A tree, and a condition that stands in it: the whole, a part, or some parts of a junction."""
    tree = draw(conditions(STATES, 3))
    here = tree
    while draw(st.booleans()):
        match here:
            case Not(part=part):
                here = part
            case And(parts=parts) | Or(parts=parts) if parts:
                some = draw(st.lists(st.sampled_from(parts), min_size=1, unique=True))
                if len(some) > 1:
                    return tree, (all_of if isinstance(here, And) else any_of)(*some)
                here = some[0]
    return tree, here


@settings(max_examples=300)
@given(occurring(), conditions(STATES, 1))
def test_it_means_what_the_tree_means_with_the_other_in_its_place(
    both: tuple[Condition, Condition], new: Condition
) -> None:
    tree, old = both
    assert table(substituted(tree, old, new)) == table(replaced(tree, old, new))


@settings(max_examples=200)
@given(occurring(), conditions(STATES, 1))
def test_an_equal_condition_changes_no_meaning(both: tuple[Condition, Condition], more: Condition) -> None:
    """What is replaced by the same twice over, or by what is equal by its truth table, is as true as it was."""
    tree, old = both
    for equal in (~~old, all_of(old, old), any_of(old, all_of(old, more))):
        assert table(substituted(tree, old, equal)) == table(tree)


@given(occurring())
def test_replaced_by_a_new_name_and_back_it_is_the_same(both: tuple[Condition, Condition]) -> None:
    tree, old = both
    name = Named("stands_for_it", old)
    there = substituted(tree, old, name)
    assert table(substituted(there, name, old)) == table(tree)


@given(conditions(STATES, 3), conditions(STATES, 1))
def test_what_does_not_stand_there_is_left(tree: Condition, new: Condition) -> None:
    absent = In("a", frozenset({"nowhere"}))
    assert table(substituted(tree, absent, new)) == table(tree)


KEYS = "key is good"
HELD = Model.of(
    "held",
    unknown("key", "good bad", host="h"),
    unknown("mood", "calm wild", host="h"),
    actor("x", host="h", states="s t", rows=[
        send("e", "s", "t", "key is good and mood is calm", put("z", "b", when="mood is calm or key is good")),
        send("f", "t", "s", otherwise),
        send("g", "t", "t", "not (mood is calm and key is good)"),
    ]),
    actor("y", host="h", states="s", rows=[recv("e", "s", "s", parse("key is good and mood is wild"))]),
    actor("z", host="h", states="a b", rows=[]),
    Predicate("fits", "key is good or mood is wild"),
    EventDef("g", "key is good"),
)  # fmt: skip


def texts(model: Model) -> dict[str, list[str]]:
    """Every condition of a model as text, by what owns it."""
    found: dict[str, list[str]] = {}
    for of in model.actors:
        for row in of.rows:
            if not isinstance(row.when, Otherwise):
                found.setdefault(of.name, []).append(str(row.when))
            found.setdefault(of.name, []).extend(str(effect.when) for effect in row.effect)
    found.update({each.name: [str(each.text)] for each in (*model.predicates,)})
    found.update({each.name: [str(each.guard)] for each in model.events})
    return found


def test_it_is_replaced_in_rows_effects_predicates_and_events() -> None:
    model = apply(HELD, ReplaceCondition(KEYS, "key is bad"))
    assert texts(model) == {
        "x": ["key is bad and mood is calm", "mood is calm or key is bad", "not (mood is calm and key is bad)"],
        "y": ["key is bad and mood is wild"],
        "fits": ["key is bad or mood is wild"],
        "g": ["key is bad"],
    }
    assert isinstance(model.actor("y").rows[0].when, And)


def test_some_parts_of_a_junction_in_whatever_order() -> None:
    model = apply(HELD, ReplaceCondition("mood is calm and key is good", "fits"))
    assert texts(model)["x"] == ["fits", "mood is calm or key is good", "not fits"]
    assert texts(model)["y"] == texts(HELD)["y"]


def test_what_becomes_true_is_said_as_the_place_says_it() -> None:
    """Empty for a guard that was text, ``true`` for a predicate."""
    model = apply(HELD, ReplaceCondition(KEYS, "true"))
    assert texts(model) == {
        "x": ["mood is calm", "", "mood is not calm"],
        "y": ["mood is wild"],
        "fits": ["true"],
        "g": [""],
    }


def test_only_within_the_owners_that_are_named() -> None:
    assert texts(apply(HELD, ReplaceCondition(KEYS, "true", ("fi*", "y")))) == {
        **texts(HELD), "y": ["mood is wild"], "fits": ["true"],
    }  # fmt: skip


def test_assumptions_are_not_replaced_but_added_and_dropped() -> None:
    held = HELD.extended(Assumption(KEYS, "sites have good keys"))
    model = apply(held, ReplaceCondition(KEYS, "key is bad"))
    assert [each.text for each in model.assumptions] == [KEYS]
    assert apply(held, DropAssumption(KEYS)) == HELD
    assert apply(HELD, AddAssumption(Assumption(KEYS, "sites have good keys"))) == held


def test_a_predicate_comes_and_goes() -> None:
    more = Predicate("calm", "mood is calm")
    assert apply(HELD, AddPredicate(more), DropPredicate("calm")) == HELD
    assert apply(small(), AddPredicate(more)).predicates == (*small().predicates, more)


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (ReplaceCondition("key is odd", "true"), "the condition 'key is odd' stands nowhere"),
        (ReplaceCondition(KEYS, "true", ("z",)), "the condition 'key is good' stands nowhere in z"),
        (ReplaceCondition(KEYS, "true", ("fit",)), "there is no actor or predicate 'fit' (did you mean 'fits'?)"),
        (ReplaceCondition(KEYS, "true", ("q*",)), "no actor or predicate matches 'q*'"),
        (AddPredicate(Predicate("fits", "true")), "there is a predicate 'fits' already"),
        (DropPredicate("fit"), "there is no predicate 'fit' (did you mean 'fits'?)"),
        (DropAssumption("key is good"), "there is no assumption 'key is good'"),
    ],
)
def test_what_is_not_there_is_refused(edit: Edit, error: str) -> None:
    with pytest.raises(ModelError) as caught:
        apply(HELD, edit)
    assert str(caught.value) == f"{edit}: {error}"


@pytest.mark.parametrize(("old", "new"), [("key is", "true"), ("true", "key iz good"), ("fitz", "true")])
def test_a_text_that_does_not_parse_is_refused(old: str, new: str) -> None:
    with pytest.raises(ModelError, match=r"expected|is no predicate"):
        apply(HELD, ReplaceCondition(old, new))


def test_constants_are_conditions_too() -> None:
    assert substituted(TRUE, TRUE, FALSE) == FALSE
    assert substituted(all_of(In("a", frozenset({"s0"})), In("b", frozenset({"s0"}))), TRUE, FALSE) != FALSE


def test_a_predicate_is_narrowed_or_widened_whatever_it_means() -> None:
    narrow = apply(HELD, ExtendPredicate("fits", "mood is calm", widened=False))
    assert texts(narrow)["fits"] == ["(key is good or mood is wild) and mood is calm"]
    wide = apply(HELD, ExtendPredicate("f*", "mood is calm", widened=True))
    assert texts(wide)["fits"] == ["key is good or mood is wild or mood is calm"]
    assert texts(wide)["x"] == texts(HELD)["x"]
    again = apply(HELD, SetPredicate("fits", "key is bad"), ExtendPredicate("fits", "mood is calm", widened=True))
    assert texts(again)["fits"] == ["key is bad or mood is calm"]


def test_a_predicate_that_is_content_with_anything_is_true() -> None:
    assert texts(apply(HELD, ExtendPredicate("fits", "true", widened=True)))["fits"] == ["true"]


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (ExtendPredicate("fit", KEYS, widened=True), "there is no predicate 'fit' (did you mean 'fits'?)"),
        (ExtendPredicate("fits", "", widened=True), "expected an actor, a predicate, 'not' or '(', but the text ends"),
    ],
)
def test_what_cannot_be_extended_is_refused(edit: Edit, error: str) -> None:
    with pytest.raises(ModelError) as caught:
        apply(HELD, edit)
    assert error in str(caught.value)
