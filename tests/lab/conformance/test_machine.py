"""Labs that are driven: a bug is found by roaming and can be had again, and what is covered is counted."""

from __future__ import annotations

from typing import Any

import pytest
from ccmproof.harness.lab.conformance.covered import Covered, row_in_words, rows_of
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.conformance.follow import Deviates
from ccmproof.harness.lab.conformance.machine import Session, kinds, mended, repeated, roam
from ccmproof.harness.lab.gateway import Gateway
from ccmproof.model.kernel.errors import ModelError


class Immortal(Gateway):
    """A gateway to which no token is ever too old."""

    def lifetime_good(self, token: Any, now: Any) -> bool:
        return True


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
