"""How a report reads: numbers, signs, and pages at 80 columns to the letter."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from ccmproof.harness.checker import check
from ccmproof.harness.render.page import Page
from ccmproof.harness.render.story import Again, Chapter, changes_in_words, story, told_once, told_together
from ccmproof.harness.render.text import render
from ccmproof.harness.render.words import ascii_only, duration, in_environments, number, share
from ccmproof.harness.report import Counterexample, Judgement, Told, gather
from ccmproof.model.kernel.run import Run, Step
from ccmproof.properties.property import Property
from demo import SCENARIOS, SUITE, build


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999_999, "999,999"), (1_000_000, "1.0·10^6"), (696_999_999_999, "6.9·10^11"), (10**40, "1.0·10^40")],
)
def test_large_numbers_are_cut_and_never_rounded_up(value: int, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [
        (0, 7, "none"),
        (7, 7, "all"),
        (1, 2, "50 %"),
        (999, 1000, "> 99 %"),
        (46, 1000, "4.6 %"),
        (27, 100_000, "0.027 %"),
        (1, 10**12, "< 0.000001 %"),
    ],
)
def test_a_share_is_never_all_or_none_where_it_is_not_quite(count: int, total: int, text: str) -> None:
    assert share(count, total) == text


def test_environments_in_words() -> None:
    assert in_environments(1, 1) == "in the only environment"
    assert in_environments(1, 4) == "in 1 environment (25 %)"
    assert in_environments(4, 4) == "in all 4 environments"


def test_durations() -> None:
    assert [duration(each) for each in (0.214, 4.06, 200)] == ["0.21 s", "4.1 s", "3 min 20 s"]


def test_ascii_spells_signs_and_marks_what_it_cannot() -> None:
    assert ascii_only("6.9·10^11 → ✗ ○ 7–9 … Ω") == "6.9*10^11 -> x o 7-9 ... ?"


PAGE = """\
calm  A visitor at the door; no alarm
  4 environments, 16 states, 7 events, 11 actors (4 never move)

Door
 ✗ fails    D-02  Whoever waits has a good key
                  fails in 2 environments (50 %)
                  fails exactly when key is bad
                  as expected: anybody may ask

History
 ✗ fails    D-06  Nobody asks again after a refusal
                  fails in 2 environments (50 %)
                  fails exactly when key is bad
                  as expected: nothing keeps one from it

Possible
 ✓ holds    R-01  One can come in
                  cannot happen in 2 environments (50 %)

Alarm
 ○ vacuous  A-01  No alarm rings while somebody is inside
                  what it speaks of is never attempted in this scenario

Shortest runs

 D-02  Whoever waits has a good key
   fails in 2 environments (50 %), this one among them: key bad; all else as
   usual
   1  visitor: ask with bad key → porter  [V1]
      request := shown bad, count one; visitor: outside → waiting;
      porter: idle → judging; has_asked: no → yes
   the state reached breaks it, because
     not so that key is good: it is bad

 D-06  Nobody asks again after a refusal
   fails in 2 environments (50 %), this one among them: key bad; all else as
   usual
   1  visitor: ask with bad key → porter  [V1]
      request := shown bad, count one; visitor: outside → waiting;
      porter: idle → judging; has_asked: no → yes
   2  porter: turn away → visitor  [P2]
      request is cleared; visitor: waiting → outside; porter: judging → idle;
      was_refused: no → yes
   3  visitor: ask with bad key → porter  [V1]
      request := shown bad, count one; visitor: outside → waiting;
      porter: idle → judging
   step 3 breaks it, because before it
     not so that was_refused is not yes: it is yes

4 verdicts: 1 holds, 2 fail, 1 is vacuous; none not as expected
exit 0: everything is as expected
"""


def some(*names: str) -> list[Judgement]:
    properties = [prop for prop in SUITE if prop.id in names]
    return list(check(SCENARIOS["calm"], properties, build=build).judgements)


def test_a_page_of_80_columns_to_the_letter() -> None:
    properties = [prop for prop in SUITE if prop.id in ("D-02", "D-06", "R-01", "A-01")]
    text = render(gather([check(SCENARIOS["calm"], properties, build=build)], together=False))
    *page, measured = text.splitlines(keepends=True)
    assert "".join(page) == PAGE
    assert re.fullmatch(r"[\d.]+ s \(model [\d.]+, exploration [\d.]+, verdicts [\d.]+, runs [\d.]+\).*\n", measured)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_longer_than_the_page_in_unicode_or_ascii(width: int) -> None:
    outcome = gather([check(SCENARIOS["storm"], SUITE, {"porter_checks": "*"}, build=build)], together=True)
    for ascii in (False, True):
        text = render(outcome, width=width, ascii=ascii)
        assert max(map(len, text.splitlines())) <= width
        assert text.isascii() == ascii
        assert not any(line != line.rstrip() for line in text.splitlines())


def test_colours_are_beside_words_and_signs_never_instead() -> None:
    outcome = gather([check(SCENARIOS["calm"], SUITE, {"porter_checks": "lax"}, build=build)], together=False)
    coloured = render(outcome, colour=True)
    surprise, expected = "\x1b[1;38;2;213;94;0m", "\x1b[38;2;213;94;0m"
    assert f"{surprise}✓ holds" in coloured and f"{surprise}NOT AS EXPECTED" in coloured
    assert f"{expected}✗ fails" in coloured
    plain = "".join(f"{line.rstrip()}\n" for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines())
    assert plain == render(outcome)


def test_a_run_that_was_told_before_is_not_told_again() -> None:
    text = render(gather([check(SCENARIOS["calm"], SUITE[1:4], build=build)], together=False))
    assert "   the same run as for D-02\n   step 1 breaks it, because before it\n" in text


def test_changes_of_a_record_stand_together_and_say_when_it_is_filled_or_cleared() -> None:
    initial = {"m.kind": "none", "m.owner": "nobody", "cmg": "idle"}
    filled = {"m.kind": ("none", "token"), "cmg": ("idle", "busy"), "m.owner": ("nobody", "me")}
    assert changes_in_words(filled, initial) == ["m := kind token,", "owner me;", "cmg: idle → busy"]
    cleared = {"m.kind": ("token", "none"), "m.owner": ("me", "nobody")}
    assert changes_in_words(cleared, initial) == ["m is cleared"]
    changed = {"m.kind": ("token", "key"), "m.owner": ("nobody", "me")}
    assert changes_in_words(changed, initial) == ["m: kind token → key,", "owner nobody → me"]
    assert changes_in_words({}, initial) == []


def ticks(*ages: str, judged: int) -> Counterexample:
    """A run of ticks through the ages."""
    steps = tuple(Step("tick", "time", "world", {"age": change}, ("T1",)) for change in pairwise(ages))
    run = Run("n", {}, steps, tuple({"age": age} for age in ages), because=())
    return Counterexample(run, tuple(Told("world", "tick") for _ in steps), judged, {})


def test_a_step_that_repeats_is_told_once_but_the_offending_one_stands_alone() -> None:
    def told(shown: Counterexample) -> list[tuple[tuple[int, int], int, dict[str, tuple[str, str]]]]:
        return [(c.span, c.times, dict(c.changed)) for c in told_together(shown)]

    assert told(ticks("new", "old", "older", "oldest", judged=3)) == [((1, 3), 3, {"age": ("new", "oldest")})]
    assert told(ticks("new", "old", "older", "oldest", judged=2)) == [
        ((1, 2), 2, {"age": ("new", "older")}),
        ((3, 3), 1, {"age": ("older", "oldest")}),
    ]
    assert told(ticks("new", "old", "new", judged=2)) == [((1, 2), 2, {})]


def test_a_passage_that_was_told_before_is_referred_to_and_the_last_step_is_always_told() -> None:
    def chapter(number: int, what: str, **changed: tuple[str, str]) -> Chapter:
        return Chapter(number, number, Told("client", what), changed, ())

    words = ["ask", "wait", "get", "ask", "wait", "get", "ask", "wait", "wait", "get", "ask", "wait"]
    chapters = [chapter(number, what) for number, what in enumerate(words, start=1)]
    shown = [
        (each.span, each.like) if isinstance(each, Again) else (each.span[0], each.told.what)
        for each in told_once(chapters)
    ]
    assert shown == [
        (1, "ask"), (2, "wait"), (3, "get"), ((4, 6), (1, 3)), ((7, 8), (1, 2)), ((9, 10), (2, 3)),
        (11, "ask"), (12, "wait"),
    ]  # fmt: skip
    other = [
        chapter(1, "ask"),
        chapter(2, "get"),
        chapter(3, "ask", a=("0", "1")),
        chapter(4, "get"),
        chapter(5, "end"),
    ]
    assert told_once(other) == other


def test_a_story_without_steps_says_that_it_begins_broken() -> None:
    prop = Property("X", "c", "The key is good", "", then="key is good")
    page = Page()
    story(page, check(SCENARIOS["calm"], [prop], build=build).judgements[0])
    assert page.text() == (
        " X  The key is good\n"
        "   fails in 2 environments (50 %), this one among them: key bad; all else as\n"
        "   usual\n"
        "   0  at the beginning, before any step\n"
        "   the first state breaks it, because\n"
        "     not so that key is good: it is bad\n"
    )
