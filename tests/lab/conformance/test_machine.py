"""Labs that hypothesis drives: ours conforms, a bug is found and told, and what is covered is counted."""

from __future__ import annotations

from typing import Any

import pytest
from ccmproof.harness.lab.conformance.covered import Covered, row_in_words, rows_of
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.conformance.follow import Deviates
from ccmproof.harness.lab.conformance.machine import Session, kinds, lab_machine, mended, repeated, roam
from ccmproof.harness.lab.gateway import Gateway
from ccmproof.model.kernel.errors import ModelError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

QUICK = settings(
    max_examples=4, stateful_step_count=40, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False,
)  # fmt: skip


class Immortal(Gateway):
    """A gateway to which no token is ever too old."""

    def lifetime_good(self, token: Any, now: Any) -> bool:
        return True


def test_hypothesis_finds_nothing_against_our_lab() -> None:
    """Some examples; the long runs are a command's."""
    covered = Covered(equipment().network)
    run_state_machine_as_test(lab_machine(covered=covered), settings=QUICK)
    assert covered.summary()["rows"] > 20


def test_hypothesis_finds_a_bug_and_tells_it() -> None:
    """The environment, what was done, the model's words, and the sequence that led there."""
    machine = lab_machine({"gateway": Immortal}, pins={"properties_given": "yes"})
    with pytest.raises(AssertionError) as found:
        run_state_machine_as_test(machine, settings=settings(QUICK, max_examples=60))
    told = str(found.value)
    assert "request.life is live" in told
    assert "SEC-07.cmg" in told
    assert "sequenceDiagram" in told
    assert "here it leaves the model" in told


def test_roaming_finds_it_too_and_the_run_can_be_had_again() -> None:
    """What roaming finds is found again by the same choices, whatever the seed."""
    found = roam(40, parts={"gateway": Immortal}, length=80, stop=1)
    assert len(found.failed) == 1
    failed = found.failed[0]
    with pytest.raises(Deviates) as again:
        repeated(failed.changes, failed.choices, {"gateway": Immortal})
    assert again.value.deviation.seen.events == failed.deviation.seen.events


def test_a_choice_that_is_not_there_is_told() -> None:
    """With what there is."""
    with pytest.raises(ModelError, match="work MESSAGE_USER cannot be done there; there are work INSTALL"):
        repeated({}, [Choice("work", "MESSAGE_USER")])


def test_what_is_covered_is_counted_by_rows() -> None:
    """A run of one attempt takes the rows of one attempt."""
    network = equipment().network
    covered = Covered(network)
    session = Session({"join": "not_joined", "wpj": "absent", "user_kind": "nobody"})
    try:
        session.do(Choice("work", "INSTALL"))
        assert covered.add(session.driver.follower.run()) > 0
    finally:
        session.close()
    assert {row_in_words(network, row) for row in covered.rows} == {
        "ccmsetup: ccmsetup_finds_no_tenant from started to attempt_failed"
    }
    assert len(covered.left) == len(rows_of(network)) - 1
    assert any(leaf == ("ccmsetup", 1, "join in {entra, hybrid}", False) for leaf in covered.leaves)


def test_changes_are_mended_to_what_the_model_assumes() -> None:
    """A device that is not joined has no key and no user."""
    assert mended({"join": "registered", "wpj": "ok"}) == {
        "join": "registered", "wpj": "absent", "user_kind": "nobody"
    }  # fmt: skip


def test_the_likeliest_kind_comes_first() -> None:
    """To which hypothesis shrinks."""
    choices = [Choice("stimulus", "tick"), Choice("go", "client")]
    assert kinds(choices)[0] == "go"
