"""Whatever lines are given, in whatever order: there is an answer, in every form, and a run that has been replayed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from ccmproof.harness.render.replay import Shown, html, markdown, text
from ccmproof.harness.render.replay_json import render
from ccmproof.harness.replay.following.answer import Verdict
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.following.explained import explanation
from ccmproof.harness.replay.gathered import Gathered
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Seen
from hypothesis import given, settings
from hypothesis import strategies as st


def anything(using: Equipment, chance: random.Random) -> list[Seen]:
    """Examples of any patterns, at any time and of any run of a program."""
    known = [pattern for pattern in using.patterns if pattern.examples]
    some = chance.sample(known, chance.choice([5, 40]))
    when, found = datetime(2024, 3, 18), []
    for number in range(chance.choice([0, 3, 20])):
        pattern = chance.choice(some)
        log = chance.choice(pattern.logs or ("ccmsetup", "CcmMessaging", ""))
        when += timedelta(seconds=chance.choice([0, 1, 4000]))
        stamp = when if chance.random() < 0.9 else None
        line = Line(f"{log}.log", number + 1, log, chance.choice(pattern.examples), stamp, process=chance.randint(0, 1))
        found.append(using.recogniser.of(line))
    return [seen for seen in found if seen is not None]


@pytest.mark.long
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**9), from_start=st.booleans())
def test_there_is_an_answer(using: Equipment, seed: int, from_start: bool) -> None:
    lines = anything(using, random.Random(seed))
    found = diagnose(lines, using, from_start=from_start)
    assert found.where and found.why and found.then
    assert (found.verdict is Verdict.UNSAID) is not any(not each.pattern.frame for each in lines)
    assert found.exit in (0, 1, 3)
    ranks = [each.rank for each in found.named]
    assert ranks == sorted(ranks) and ranks[:1] in ([], [1])
    assert all(each.lines for each in found.named)
    shown = Shown([(found, Gathered("", lines))])
    assert all(each(shown) for each in (text, markdown, html, render))
    run = explanation(found, using)
    assert run is None or run.run.steps or not run.lines
