"""Time bounds the age of tokens: what it rules out, what it leaves open, and that it never makes a line deviate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from ccmproof.harness.replay.following.ages import Ages
from ccmproof.harness.replay.following.answer import Diagnosis
from ccmproof.harness.replay.following.binding import warned
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.following.findings import findings
from ccmproof.harness.replay.following.trail import Fit
from ccmproof.harness.replay.gathered import gathered
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen

CORPUS = Path(__file__).parent.parent / "corpus"
BEGAN = datetime.fromisoformat("2024-03-18T09:00:00+00:00")
CACHED = Pattern("S9", "", ("ccmsetup",), ("ccmsetup_caches_ccm_token",), always=True)
LOCATES = Pattern("S10.location", "", ("ccmsetup",), (), "ccmsetup in {locating, waiting_for_site}")
RENEWED = Pattern("N1.cached", "", ("CcmMessaging",), ("messaging_caches_renewed_token", "messaging_caches_new_token"))
ENDING = Pattern("N1.ending", "", ("CcmMessaging",), ("messaging_finds_token_ending",), elsewhere=True)
SYSTEM, USER = "S-1-5-18", "S-1-5-21-1-2-3-1001"
HEARD = frozenset({"ccmsetup_caches_ccm_token", "messaging_caches_new_token", "messaging_caches_renewed_token"})


def seen(pattern: Pattern, hours: float, fields: Mapping[str, str] | None = None, *, naive: bool = False) -> Seen:
    when = BEGAN + timedelta(hours=hours)
    log = pattern.logs[0]
    line = Line(f"{log}.log", 1 + round(100 * hours), log, pattern.id, when.replace(tzinfo=None) if naive else when)
    return Seen(line, pattern, fields or {})


def given(*lines: Seen, heard: frozenset[str] = frozenset()) -> str:
    ages = Ages(heard)
    for each in lines[:-1]:
        ages.take(each)
    return ages.given(lines[-1])


@pytest.mark.parametrize(("hours", "alive"), [(0.1, True), (7.5, True), (7.9, False), (8.5, False)])
def test_before_eight_hours_a_token_has_not_expired(hours: float, alive: bool) -> None:
    assert given(seen(CACHED, 0), seen(LOCATES, hours)) == "cache.system.life is not expired" * alive


def test_a_token_is_dead_after_eight_hours_only_where_none_can_have_been_cached_without_a_line() -> None:
    dead = "(cache.system.life in {none, expired} or ccmsetup is installed)"
    assert given(seen(CACHED, 0), seen(LOCATES, 9)) == ""
    assert given(seen(CACHED, 0), seen(LOCATES, 9), heard=HEARD - {"messaging_caches_new_token"}) == dead
    assert given(seen(CACHED, 0), seen(LOCATES, 8.1), heard=HEARD) == ""


def test_a_log_that_begins_in_the_middle_tells_from_there_on() -> None:
    """What was cached before CcmMessaging's first line, and may have been rolled away, is not known."""
    lines = seen(CACHED, 0), seen(ENDING, 100), seen(LOCATES, 101)
    assert given(*lines, heard=HEARD) == ""
    late = given(*lines, seen(LOCATES, 109), heard=HEARD)
    assert late == "(cache.system.life in {none, expired}) and cache.user.life in {none, expired}"


def test_of_whom_a_token_is_has_to_be_said() -> None:
    of_system, of_user, masked = ({"sid": SYSTEM}, {"sid": USER}, {})
    assert given(seen(RENEWED, 0, of_system), seen(LOCATES, 1)) == "cache.system.life is not expired"
    assert given(seen(RENEWED, 0, of_user), seen(LOCATES, 1)) == ""
    assert given(seen(RENEWED, 0, masked), seen(LOCATES, 1)) == ""


def test_a_clock_that_is_put_back_tells_nothing() -> None:
    assert given(seen(CACHED, 5), seen(LOCATES, 1), seen(LOCATES, 2)) == ""


def test_summer_time_is_no_age() -> None:
    assert given(seen(CACHED, 0, naive=True), seen(LOCATES, 7.2, naive=True)) == ""
    assert given(seen(CACHED, 0, naive=True), seen(LOCATES, 9, naive=True), heard=HEARD) == ""
    assert given(seen(CACHED, 0), seen(LOCATES, 1, naive=True)) == ""


def installing(using: Equipment, pattern: Pattern, hours: float) -> Diagnosis:
    """An install up to the line that caches the token, and some hours later one more line."""
    (of,) = gathered([CORPUS / "install-succeeds"], using.recogniser).devices
    last = next(place for place, each in enumerate(of.seen) if each.pattern.id == "S9")
    when = of.seen[last].line.when
    assert when is not None
    line = Line("ccmsetup.log", 900, "ccmsetup", "later", when + timedelta(hours=hours))
    return diagnose([*of.seen[: last + 1], Seen(line, pattern)], using, logs=["ccmsetup"])


@pytest.mark.long
@pytest.mark.parametrize(("hours", "dead"), [(1, False), (9, True)])
def test_what_time_rules_out_is_ruled_out(using: Equipment, hours: float, dead: bool) -> None:
    found = installing(using, LOCATES, hours)
    lives = set(found.actors["cache.system.life"])
    assert lives == {"expired"} if dead else lives and "expired" not in lives
    assert not found.deviations
    assert found.warnings == ()


@pytest.mark.long
def test_what_fits_only_against_its_time_is_said_and_does_not_deviate(using: Equipment) -> None:
    """ccmsetup finds that its token has died, an hour after it was cached: the clock was put back meanwhile."""
    found = installing(using, Pattern("dead", "", ("ccmsetup",), (), "cache.system.life is expired"), 1)
    assert found.placed[-1].fit is Fit.HOLDS
    assert not found.placed[-1].timely
    assert not found.deviations
    assert ["eight hours" in each.text for each in found.warnings] == [True]


def renewed(after: float) -> tuple[Seen, Seen]:
    of = {"sid": SYSTEM, "expiry": "03/18/2024 17:00:00"}
    return seen(RENEWED, 0, of), seen(ENDING, after, of)


@pytest.mark.parametrize(("hours", "claims", "warnings"), [(0.1, ["L-16"], 0), (3, [], 1), (7.5, [], 0), (9, [], 0)])
def test_a_renewal_that_is_early_is_said(hours: float, claims: list[str], warnings: int) -> None:
    """With all of its life left it is a finding; else how early is too early is not documented."""
    lines = renewed(hours)
    assert [each.claim for each in findings(lines)] == claims
    texts = [each.text for each in warned(lines)]
    assert len(texts) == warnings
    assert all("5 h 0 min of its life left" in text for text in texts)
