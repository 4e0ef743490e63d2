"""Causes, the tree and the closest environment, judged by brute force on small spaces, one environment at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from math import comb

import pytest
from ccmproof.model.kernel.causes import Cause, Causes, cover, literal
from ccmproof.model.kernel.closest import changes, closest
from ccmproof.model.kernel.condition import Condition, evaluate
from ccmproof.model.kernel.decision import Tree, decision_tree, tallies
from ccmproof.model.kernel.diagram import EMPTY, FULL
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.errors import ModelError
from hypothesis import given, settings
from hypothesis import strategies as st

Environment = Mapping[str, str]


def space_of(*values: str) -> Space:
    """The space of the unknowns a, b, …, each with the values that are named, without assumptions."""
    return Space(tuple("abcdef"[: len(values)]), tuple(tuple(of.split()) for of in values))


def drawn(space: Space, chosen: int) -> int:
    """The set of those environments, of all combinations in order, whose bit is set."""
    found = EMPTY
    for number, combination in enumerate(product(*map(range, map(len, space.values)))):
        if chosen >> number & 1:
            found = space.store.union(found, space.store.single(combination[::-1]))
    return found


@st.composite
def asked(draw: st.DrawFn) -> tuple[Space, Environments]:
    """A space of up to four unknowns, some combinations excluded, and a set of its environments."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    space = space_of(*(" ".join(f"v{i}" for i in range(size)) for size in sizes))
    bits = st.integers(0, (1 << len(list(product(*map(range, sizes))))) - 1)
    few = st.just(0) | bits
    everything = (1 << len(list(product(*map(range, sizes))))) - 1
    space.allowed = drawn(space, everything & ~(draw(few) & draw(few)))
    return space, Environments(space, space.store.intersection(drawn(space, draw(bits)), space.allowed))


def obeys(condition: Condition, environment: Environment) -> bool:
    return evaluate(condition, lambda leaf: environment[leaf.actor] in leaf.names)


def boxes(space: Space) -> Iterator[dict[str, frozenset[str]]]:
    """Every way to allow each unknown some values."""
    of = [[frozenset(c) for n in range(1, len(v) + 1) for c in combinations(v, n)] for v in space.values]
    for chosen in product(*of):
        yield dict(zip(space.names, chosen, strict=True))


def inside(box: Mapping[str, frozenset[str]], environment: Environment) -> bool:
    return all(environment[name] in values for name, values in box.items())


def primes(space: Space, bad: Environments) -> set[tuple[tuple[str, frozenset[str]], ...]]:
    """The definition: a box without good environments and with a bad one, of which no value can be added."""
    good, ill = list(~bad), list(bad)
    implicants = [box for box in boxes(space) if not any(inside(box, each) for each in good)]
    known = {tuple(box.items()) for box in implicants}

    def widened(box: dict[str, frozenset[str]]) -> Iterator[dict[str, frozenset[str]]]:
        for name, values in zip(space.names, space.values, strict=True):
            for value in values:
                if value not in box[name]:
                    yield {**box, name: box[name] | {value}}

    found = [
        box
        for box in implicants
        if any(inside(box, each) for each in ill) and not any(tuple(w.items()) in known for w in widened(box))
    ]
    full = {name: frozenset(values) for name, values in zip(space.names, space.values, strict=True)}
    return {tuple((name, values) for name, values in box.items() if values != full[name]) for box in found}


def said(cause: Cause) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((name, frozenset(values)) for name, values in cause.literals.items())


@settings(max_examples=150)
@given(asked())
def test_the_causes_are_all_prime_implicants_and_nothing_else(of: tuple[Space, Environments]) -> None:
    space, bad = of
    causes = Causes(space).of(bad)
    assert len({said(each) for each in causes}) == len(causes)
    assert {said(each) for each in causes} == primes(space, bad)


@given(asked())
def test_each_cause_says_where_it_holds_how_often_and_how_often_alone(of: tuple[Space, Environments]) -> None:
    space, bad = of
    causes = Causes(space).of(bad)
    everyone = list(space.all())
    for cause in causes:
        holds = [each for each in everyone if obeys(cause.condition, each)]
        alone = [each for each in holds if sum(obeys(other.condition, each) for other in causes) == 1]
        assert (list(cause.environments), cause.count, cause.alone) == (holds, len(holds), len(alone))


@given(asked())
def test_the_cover_is_exact_and_none_of_it_can_be_left_out(of: tuple[Space, Environments]) -> None:
    space, bad = of
    cover = [each for each in Causes(space).of(bad) if each.in_cover]

    def union(some: list[Cause]) -> Environments:
        found = space.none()
        for each in some:
            found = found | each.environments
        return found

    assert union(cover) == bad
    for each in cover:
        assert union([other for other in cover if other is not each]) != bad


def test_what_later_choices_make_redundant_leaves_the_cover_again() -> None:
    """The largest set is chosen first; the two that then add most cover it together."""
    space = space_of("x y z u v w")

    def some(values: str) -> int:
        return space.store.leaf(1, ["xyzuvw".index(value) for value in values])

    sets = [some(values) for values in ("xyzu", "xyv", "zuw", "v", "w")]
    assert cover(space.store, FULL, sets, [0] * 5) == {1, 2}
    assert cover(space.store, FULL, sets, [1, 0, 0, 0, 0]) == {0, 1, 2}


@given(asked())
def test_the_smallest_come_first(of: tuple[Space, Environments]) -> None:
    space, bad = of
    place = {name: i for i, name in enumerate(space.names)}

    def key(cause: Cause) -> tuple[int, int, list[tuple[int, list[int]]]]:
        literals = [(place[n], [space.values[place[n]].index(v) for v in vs]) for n, vs in cause.literals.items()]
        return len(literals), -cause.count, literals

    causes = Causes(space).of(bad)
    assert list(causes) == sorted(causes, key=key)


@given(asked(), st.integers(0, 2**81 - 1))
def test_among_some_environments_the_others_count_as_excluded(of: tuple[Space, Environments], chosen: int) -> None:
    space, bad = of
    among = space.all() & Environments(space, drawn(space, chosen))
    narrow = Space(space.names, space.values)
    narrow.allowed = space.store.copied(among.node, narrow.store, {})
    there = narrow.all() & Environments(narrow, space.store.copied(bad.node, narrow.store, {}))

    def told(causes: tuple[Cause, ...]) -> list[tuple[object, ...]]:
        return [(said(each), each.count, each.alone, each.in_cover) for each in causes]

    causes = Causes(space).of(bad, among)
    assert told(causes) == told(Causes(narrow).of(there))
    assert all(each.environments <= among for each in causes)


def test_excluded_combinations_shorten_a_cause_and_are_no_cause() -> None:
    space = space_of("joined not_joined", "key none", "up down")
    excluded = space.store.single((0, 0, 1))
    excluded = space.store.union(excluded, space.store.single((1, 0, 1)))  # not joined, and yet with a key
    space.allowed = space.store.difference(FULL, excluded)
    without_key = [each for each in space.all() if each["b"] == "none"]
    bad = space.none()
    for each in without_key:
        bad = bad | space.single(each)
    found = [(str(c), c.count, c.alone, c.in_cover) for c in Causes(space).of(bad)]
    assert found == [("b is none", 4, 2, True), ("a is not_joined", 2, 0, False)]
    assert Causes(space).of(space.none()) == ()


def test_everything_has_one_cause_that_asks_nothing() -> None:
    space = space_of("x y", "x y z")
    (cause,) = Causes(space).of(space.all())
    assert (cause.literals, str(cause), cause.count, cause.alone, cause.in_cover) == ({}, "true", 6, 6, True)


@pytest.mark.parametrize(
    ("chosen", "values", "text"),
    [
        (["x"], ["x", "y"], "u is x"),
        (["x"], ["x", "y", "z"], "u is x"),
        (["x", "z"], ["x", "y", "z"], "u is not y"),
        (["x", "z"], ["x", "y", "z", "w"], "u in {x, z}"),
        (["x", "y", "z"], ["x", "y", "z", "w"], "u is not w"),
    ],
)
def test_what_is_left_out_is_said_where_that_is_shorter(chosen: list[str], values: list[str], text: str) -> None:
    assert str(literal("u", chosen, values)) == text


def test_thousands_of_causes_in_a_space_of_many_unknowns() -> None:
    """Something fails where three of 26 switches are off; seven unknowns more say nothing."""
    names = tuple(f"u{i:02}" for i in range(33))
    space = Space(names, tuple(("on", "off") if i < 26 else ("a", "b", "c") for i in range(33)))
    store = space.store
    at_least = [FULL, EMPTY, EMPTY, EMPTY]  # of the levels so far: 0, 1, 2, 3 of them off
    for level in range(8, 34):
        at_least = [FULL] + [store.node(level, (at_least[k], at_least[k - 1])) for k in (1, 2, 3)]
    bad = Environments(space, at_least[3])
    causes = Causes(space).of(bad)
    assert len(causes) == comb(26, 3)
    assert {cause.alone for cause in causes} == {3**7}
    assert {cause.count for cause in causes} == {2**23 * 3**7}
    assert str(causes[0]) == "u00 is off and u01 is off and u02 is off"
    assert all(cause.in_cover for cause in causes)


def walk(tree: Tree, environment: Environment) -> Tree:
    """The leaf that the answers lead to."""
    while tree.branches:
        (tree,) = [below for answer, below in tree.branches if obeys(answer, environment)]
    return tree


@given(asked())
def test_the_tree_decides_every_environment_and_counts_each_in_one_leaf(of: tuple[Space, Environments]) -> None:
    space, wanted = of
    tree = decision_tree(wanted)
    at: dict[int, list[bool]] = {id(leaf): [] for leaf in tree.leaves}
    for each in space.all():
        at[id(walk(tree, each))].append(each in wanted)
    for leaf in tree.leaves:
        assert (leaf.inside, leaf.outside) == (sum(at[id(leaf)]), len(at[id(leaf)]) - sum(at[id(leaf)]))
        assert not leaf.is_mixed
    assert (tree.inside, tree.outside) == (wanted.count, space.total - wanted.count)


@given(asked(), st.integers(0, 2))
def test_a_tree_that_is_cut_says_what_is_left_mixed(of: tuple[Space, Environments], depth: int) -> None:
    space, wanted = of
    tree = decision_tree(wanted, depth=depth)

    def deep(tree: Tree) -> int:
        return max((1 + deep(below) for _, below in tree.branches), default=0)

    assert deep(tree) <= depth
    for each in space.all():
        leaf = walk(tree, each)
        assert leaf.is_mixed or (leaf.inside > 0) == (each in wanted)
    assert sum(leaf.inside for leaf in tree.leaves) == wanted.count
    assert sum(leaf.outside for leaf in tree.leaves) == space.total - wanted.count


@given(asked())
def test_the_first_question_leaves_least_doubt_and_is_the_first_of_equals(of: tuple[Space, Environments]) -> None:
    space, wanted = of
    everyone = list(space.all())

    def doubt(name: str, values: tuple[str, ...]) -> Fraction:
        found = Fraction(0)
        for value in values:
            there = [each in wanted for each in everyone if each[name] == value]
            found += Fraction(sum(there) * (len(there) - sum(there)), len(there) or 1)
        return found

    tree = decision_tree(wanted)
    if tree.branches:
        doubts = {n: doubt(n, values) for n, values in zip(space.names, space.values, strict=True) if len(values) > 1}
        telling = [n for n in doubts if doubts[n] == min(doubts.values())]
        chosen = space.names.index(tree.asks)
        assert tree.asks in telling
        # one that comes before it is as telling only where nothing at all depends on it
        assert all(not depends(space, wanted, n) for n in telling if space.names.index(n) < chosen)


def depends(space: Space, wanted: Environments, name: str) -> bool:
    level = space.level[name]
    return any(space.store.level[n] == level for root in (wanted.node, space.allowed) for n in space.store.nodes(root))


def test_answers_that_decide_alike_share_a_branch_whatever_else_they_leave_open() -> None:
    space = space_of("x y z", "u v")
    space.allowed = space.store.difference(FULL, space.store.single((1, 1)))  # b is v nowhere where a is y
    wanted = space.single({"a": "x", "b": "u"}) | space.single({"a": "x", "b": "v"})

    def branches(tree: Tree) -> list[tuple[str, Tree]]:
        return [(str(answer), below) for answer, below in tree.branches]

    assert branches(decision_tree(wanted)) == [("a is x", Tree(2, 0)), ("a is not x", Tree(0, 3))]
    assert branches(decision_tree(~wanted)) == [("a is x", Tree(0, 2)), ("a is not x", Tree(3, 0))]


def test_a_negative_depth_is_refused() -> None:
    with pytest.raises(ModelError, match=r"^a tree has no depth of -1$"):
        decision_tree(space_of("x y").all(), depth=-1)


@given(asked())
def test_tallies_count_each_value_of_each_unknown(of: tuple[Space, Environments]) -> None:
    space, wanted = of
    elements = list(space.store.elements(wanted.node))
    expected = [
        [sum(element[place] == value for element in elements) for value in range(len(values))]
        for place, values in enumerate(space.values)
    ]
    assert tallies(space.store, wanted.node) == expected[::-1]


@given(asked(), st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=12, max_size=12))
def test_the_closest_environment_costs_least_and_is_the_first_of_equals(
    of: tuple[Space, Environments], costs: list[tuple[int, int]]
) -> None:
    space, wanted = of

    def one(name: str, value: str) -> tuple[int, int]:
        return costs[3 * space.names.index(name) + int(value[1:])]

    def cost(environment: Environment) -> tuple[int, int]:
        pairs = [one(*item) for item in environment.items()]
        return sum(first for first, _ in pairs), sum(second for _, second in pairs)

    if wanted.is_empty:
        with pytest.raises(ValueError, match=r"^an empty set of environments has no closest one$"):
            closest(wanted, one)
    else:
        assert closest(wanted, one) == min(wanted, key=cost)


def test_changes_are_what_differs() -> None:
    assert changes({"a": "x", "b": "y"}, {"a": "x", "b": "z"}) == {"b": ("y", "z")}


@given(asked())
def test_the_values_that_occur_in_a_set(of: tuple[Space, Environments]) -> None:
    space, wanted = of
    assert space.occurring(wanted) == {name: frozenset(each[name] for each in wanted) for name in space.names}
