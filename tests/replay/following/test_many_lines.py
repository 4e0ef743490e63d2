"""Logs that say the same for weeks: what is held of them, looked at and shown is bounded, and the end counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ccmproof.harness.render.replay import Shown, text
from ccmproof.harness.replay import gathered as module
from ccmproof.harness.replay.following.answer import Verdict
from ccmproof.harness.replay.following.diagnosis import diagnose, few
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.following.ranking import Trouble
from ccmproof.harness.replay.gathered import Gathered, gathered
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen
from pytest import MonkeyPatch

RENEWAL = (
    "CCM Token for 'S-1-5-21-1-2-3-1001' ({day:02}/01/2024 10:00:00) is already expired or close to expire",
    "Getting CCM Token from https://gw.example.net/CCM_Proxy_ServerAuth/72057594037927937/CCM_STS",
    "Failed to get CCM access token and client doesn't have PKI issued cert to use SSL. Error 0x80070002",
)


def _log(path: Path, times: int) -> Path:
    lines = [text.format(day=1 + number % 12) for number in range(times) for text in RENEWAL]
    path.write_text(
        "".join(
            f'<![LOG[{line}]LOG]!><time="{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.000+000" '
            f'date="02-02-2024" component="CcmMessaging" context="" type="1" thread="1" file="a.cpp:1">\n'
            for n, line in enumerate(lines)
        ),
        encoding="utf-8",
    )
    return path


def _seen(number: int, log: str = "a") -> Seen:
    return Seen(Line(f"{log}.log", number, log, "words"), Pattern("p", "words"))


def test_of_too_many_lines_the_middle_of_the_longest_log_is_let_go() -> None:
    of = Gathered("")
    for number in range(1000):
        of.take(_seen(number), 100)
        if number % 100 == 0:
            of.take(_seen(number, "b"), 100)
    assert len(of.seen) <= 100
    assert len(of.seen) + of.dropped == 1010
    assert Counter(each.line.log for each in of.seen)["b"] == 10
    numbers = [each.line.number for each in of.seen if each.line.log == "a"]
    assert numbers == sorted(numbers)
    assert numbers[:40] == list(range(40))
    assert numbers[-40:] == list(range(960, 1000))


def test_what_is_let_go_is_said_and_the_end_is_followed(
    tmp_path: Path, monkeypatch: MonkeyPatch, using: Equipment
) -> None:
    take = Gathered.take
    monkeypatch.setattr(module.Gathered, "take", lambda self, seen: take(self, seen, 60))
    gathering = gathered([_log(tmp_path / "CcmMessaging.log", 100)], using.recogniser)
    (of,) = gathering.devices
    assert [str(note) for note in gathering.notes] == [
        f"the device: {of.dropped} recognised lines in the middle of the longest log are too many, and are not followed"
    ]
    assert of.seen[-1].line.number == 300


def test_of_troubles_that_say_the_same_the_first_and_the_last_are_looked_at() -> None:
    told = [Trouble(_seen(number)) for number in range(100)]
    other = Trouble(Seen(Line("a.log", 50, "a", "x"), Pattern("q", "x")))
    kept = few([*told[:50], other, *told[50:]])
    assert [each.seen.line.number for each in kept] == [*range(10), 50, *range(90, 100)]
    assert other in kept


def test_a_failure_that_goes_on_for_weeks_is_diagnosed_and_shown_in_few_lines(tmp_path: Path, using: Equipment) -> None:
    gathering = gathered([_log(tmp_path / "CcmMessaging.log", 200)], using.recogniser)
    (of,) = gathering.devices
    found = diagnose(of.seen, using, logs=of.logs)
    assert found.verdict is Verdict.STALLED
    assert found.named[0].cause.name == "renewal"
    assert len(text(Shown([(found, of)])).splitlines()) < 250
