"""Where a log contradicts itself: the line, and of each event that it might stand for the leaf that is false."""

from __future__ import annotations

import pytest
from ccmproof.harness.replay.following.answer import Verdict
from ccmproof.harness.replay.following.deviation import refused
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.following.ground import CALM_SCENARIO, Ground, ground
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen


@pytest.fixture(scope="module")
def calm() -> Ground:
    return ground(CALM_SCENARIO)


def test_a_leaf_that_is_false_in_every_state_is_named(calm: Ground) -> None:
    found = refused(calm, calm.initial, "ccmsetup_caches_ccm_token")
    assert found.everywhere
    assert found.leaves == ("ccmsetup is holding_ccm_token",)


def test_of_states_that_come_near_the_nearest_one_says_what_is_missing(calm: Ground) -> None:
    states = calm.store.intersection(calm.initial, calm.says("pki is valid or join is not_joined"))
    found = refused(calm, states, "ccmsetup_asks_the_cmg")
    assert not found.everywhere
    assert found.leaves


def test_what_a_line_says_to_hold_is_asked_for_too(calm: Ground) -> None:
    found = refused(calm, calm.initial, "ccmsetup_asks_the_cmg", "install_mode is entra")
    assert found.leaves == ("install_mode is entra",)


def line(number: int, pattern: Pattern) -> Seen:
    return Seen(Line("ccmsetup.log", number, "ccmsetup", f"line {number}"), pattern)


@pytest.mark.long
def test_a_line_that_no_environment_allows_after_the_others_deviates(using: Equipment) -> None:
    """A device that uses its PKI certificate is said not to have one: no missing line mends that."""
    takes = Pattern("takes", "", ("ccmsetup",), ("ccmsetup_takes_pki_certificate",), means="takes the certificate")
    denies = Pattern("denies", "", ("ccmsetup",), ("ccmsetup_asks_the_cmg",), "pki is none_there", means="asks the CMG")
    found = diagnose([line(1, takes), line(2, denies)], using, logs=["ccmsetup"])
    assert found.verdict is Verdict.DEVIATES
    assert found.exit == 1
    (deviation,) = found.deviations
    assert deviation.placed.seen.line.number == 2
    assert {each.event for each in deviation.refused} == {"ccmsetup_asks_the_cmg"}
    assert all(each.leaves for each in deviation.refused)
    assert "line 2" in found.where


@pytest.mark.long
def test_after_a_deviation_the_rest_is_still_read(using: Equipment) -> None:
    takes = Pattern("takes", "", ("ccmsetup",), ("ccmsetup_takes_pki_certificate",))
    denies = Pattern("denies", "", ("ccmsetup",), ("ccmsetup_asks_the_cmg",), "pki is none_there")
    caches = Pattern("caches", "", ("ccmsetup",), ("ccmsetup_caches_ccm_token",))
    found = diagnose([line(1, takes), line(2, denies), line(3, caches)], using, logs=["ccmsetup"])
    assert len(found.deviations) == 1
    assert found.actors["ccmsetup"] == ("locating",)
