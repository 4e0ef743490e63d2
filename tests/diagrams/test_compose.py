"""Several runs as one: each run is a way through what is composed, and what they share stands once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from ccmproof.diagrams.compose import Fork, Part, Shared, Way, common, composed, way_through
from hypothesis import given
from hypothesis import strategies as st

RUN = st.text("abcd", max_size=7)
RUNS = st.lists(RUN, min_size=1, max_size=5)


def steps(parts: Sequence[Part[str]]) -> list[str]:
    """All steps that are drawn, each as often as it is."""
    found = []
    for part in parts:
        found += [part.step] if isinstance(part, Shared) else [s for way in part.ways for s in steps(way.parts)]
    return found


def forks(parts: Sequence[Part[str]]) -> Iterator[Fork[str]]:
    for part in parts:
        if isinstance(part, Fork):
            yield part
            for way in part.ways:
                yield from forks(way.parts)


def firsts(parts: Sequence[Part[str]]) -> set[str]:
    """The steps that a way can begin with; empty for one that has no steps."""
    for part in parts:
        if isinstance(part, Shared):
            return {part.step}
        if not part.ways[0].ends:
            return set().union(*(firsts(way.parts) for way in part.ways))
    return set()


def written(parts: Sequence[Part[str]]) -> str:
    """``a(b|c)d`` for two ways, ``[x]`` for one that ends."""
    found = ""
    for part in parts:
        if isinstance(part, Shared):
            found += part.step
        else:
            inside = "|".join(written(way.parts) for way in part.ways)
            found += f"[{inside}]" if part.ways[0].ends else f"({inside})"
    return found


@given(RUNS)
def test_each_run_is_the_way_through_that_takes_its_own_alternatives(runs: list[str]) -> None:
    parts = composed(runs)
    for number, run in enumerate(runs):
        assert "".join(way_through(parts, number)) == run


@given(RUNS)
def test_runs_that_part_begin_differently_and_each_takes_one_way(runs: list[str]) -> None:
    for fork in forks(composed(runs)):
        taken = [run for way in fork.ways for run in way.runs]
        assert len(taken) == len(set(taken)) and set(taken) <= set(range(len(runs)))
        first = [way.runs[0] for way in fork.ways]
        assert first == sorted(first) and all(0 not in way.runs[1:] for way in fork.ways)
        if fork.ways[0].ends:
            assert len(fork.ways) == 1 and 0 not in fork.ways[0].runs
        else:
            begin = [firsts(way.parts) or {""} for way in fork.ways]
            assert len(set().union(*begin)) == sum(map(len, begin)) and len(begin) > 1


@given(RUN, RUN)
def test_of_two_runs_as_much_as_possible_stands_once(one: str, other: str) -> None:
    parts = composed([one, other])
    shared = len(one) + len(other) - len(steps(parts))
    if one[-1:] == other[-1:]:
        assert shared == len(common(one, other))
    else:  # it leaves: what the two begin with is all that they can share
        assert shared == next(
            (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
        )


def longest(one: str, other: str) -> int:
    """The length of a longest common subsequence, by trying all."""
    if not one or not other:
        return 0
    if one[0] == other[0]:
        return 1 + longest(one[1:], other[1:])
    return max(longest(one[1:], other), longest(one, other[1:]))


@given(RUN, RUN)
def test_a_longest_common_subsequence_is_one_of_both_and_the_longest(one: str, other: str) -> None:
    found = common(one, other)
    for text in (one, other):
        rest = iter(text)
        assert all(sign in rest for sign in found)
    assert len(found) == longest(one, other)


@given(RUN, st.integers(1, 4))
def test_runs_that_are_the_same_have_no_alternatives(run: str, many: int) -> None:
    assert composed([run] * many) == tuple(map(Shared, run))


@pytest.mark.parametrize(
    ("runs", "wanted"),
    [
        ([], ""),
        (["abc", "adc"], "a(b|d)c"),
        (["abc", "ac"], "a(b|)c"),
        (["ac", "abbc"], "a(|bb)c"),
        (["abcd", "axcd", "abcyd"], "a(b|x)c(|y)d"),
        (["abc", "ab!"], "ab[!]c"),
        (["abc", "a!", "a?x"], "a[!][?x]bc"),
        (["abc", "adec", "ad!", "a"], "a[](b|d[!]e)c"),
        (["abc", "x!", "y?"], "[x!][y?]abc"),
        (["abc", "x!c"], "(ab|x!)c"),
        (["az", "bcz", "bdz"], "(a|b(c|d))z"),
        (["", "ab"], "[ab]"),
    ],
)
def test_what_is_composed_can_be_worked_out_by_hand(runs: list[str], wanted: str) -> None:
    assert written(composed(runs)) == wanted


def test_a_way_says_which_runs_take_it() -> None:
    assert composed(["ab", "xb", "ab", "x!"]) == (
        Fork(
            (
                Way((0, 2), (Shared("a"),)),
                Way((1, 3), (Shared("x"), Fork((Way((3,), (Shared("!"),), ends=True),)))),
            )
        ),
        Shared("b"),
    )
