"""Who wrote the lines of a text that names no component, and which of them count."""

from __future__ import annotations

from collections.abc import Sequence

from ccmproof.harness.replay.following.writers import attributed
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Seen
from ccmproof.harness.replay.patterns import recogniser, shipped
from hypothesis import given
from hypothesis import strategies as st

OURS = "ccmsetup"


def lines(texts: Sequence[str], logs: Sequence[str] = (), source: str = "post.txt") -> list[Seen]:
    """The texts as lines of one source, those that are recognised."""
    named = [*logs, *[""] * (len(texts) - len(logs))]
    found = (recogniser().of(Line(source, i + 1, log, text)) for i, (text, log) in enumerate(zip(texts, named)))  # noqa: B905 (as many)
    return [seen for seen in found if seen is not None]


TEXTS = [(example, seen[0].pattern) for p in shipped() for example in p.examples if (seen := lines([example]))]
MAY = [text for text, pattern in TEXTS if all(OURS in each.logs for each in pattern.readings or (pattern,))]
ALONE = [text for text, pattern in TEXTS if pattern.logs == (OURS,) and not pattern.common]
THEIRS = [
    text
    for text, pattern in TEXTS
    if all(each.logs and OURS not in each.logs for each in pattern.readings or (pattern,))
]


@given(st.lists(st.sampled_from(MAY)), st.sampled_from(ALONE), st.lists(st.sampled_from(MAY)))
def test_lines_around_one_that_only_a_component_writes_are_its_too(
    before: list[str], alone: str, after: list[str]
) -> None:
    found = attributed(lines([*before, alone, *after]), recogniser())
    assert {seen.line.log for seen in found} == {OURS}
    assert [seen.line.text for seen in found] == [*before, alone, *after]
    named = lines([*before, alone, *after], [OURS] * (len(before) + len(after) + 1))
    assert [seen.pattern.id for seen in found] == [seen.pattern.id for seen in named]


@given(st.sampled_from(ALONE), st.sampled_from(THEIRS))
def test_what_another_component_alone_writes_ends_it(ours: str, theirs: str) -> None:
    found = attributed(lines([ours, theirs, ours]), recogniser())
    assert [seen.line.log == OURS for seen in found] == [True, False, True]


@given(st.lists(st.sampled_from([text for text, _ in TEXTS]), max_size=8))
def test_a_component_that_is_named_stays_so_and_one_that_cannot_be_is_not_made_up(texts: list[str]) -> None:
    bare = lines(texts)
    found = attributed(bare, recogniser())
    assert [seen.line.text for seen in found] == [seen.line.text for seen in bare] or any(
        seen.pattern.common for seen in bare
    )
    for seen in found:
        may = next(each.pattern for each in bare if each.line.number == seen.line.number)
        several = [frozenset(each.logs) for each in may.readings or (may,)]
        assert not seen.line.log or not all(several) or seen.line.log in frozenset().union(*several)
    named = lines(texts, ["CcmMessaging"] * len(texts))
    assert attributed(named, recogniser()) == named


def test_two_sources_have_nothing_to_do_with_each_other() -> None:
    ours, shared = lines(["Getting AAD info from CMG 'GW'"], source="a.txt"), "Created connection on port 443"
    found = attributed([*ours, *lines([shared], source="b.txt")], recogniser())
    assert [seen.line.log for seen in found] == [OURS, ""]


def test_words_of_any_installer_count_beside_lines_of_ours_only() -> None:
    words = "Installation succeeded."
    assert attributed(lines([words]), recogniser()) == []
    assert [seen.line.log for seen in attributed(lines([words], [OURS]), recogniser())] == [OURS]
    found = attributed(lines(["Getting AAD info from CMG 'GW'", words]), recogniser())
    assert [seen.pattern.id for seen in found] == ["S1", "C.installed"]
