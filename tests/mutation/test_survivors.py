"""What the suite accepts as a survivor is an edit, and survives; each has a reason of its own."""

from __future__ import annotations

import pytest
from ccmproof.harness.executors import here
from ccmproof.harness.mutation.journal import Journal
from ccmproof.harness.mutation.mutants import mutants_of
from ccmproof.harness.mutation.run import Chosen, mutated
from ccmproof.harness.mutation.score import Verdicts
from ccmproof.harness.mutation.work import Plan
from ccmproof.harness.system import shipped
from ccmproof.properties.survivors import ACCEPTED, SURVIVORS

SYSTEM = shipped()
SCENARIOS = [each for each in SYSTEM.scenarios.values() if not each.on_demand]


def test_every_accepted_survivor_is_an_edit_and_is_accepted_once() -> None:
    texts = [text for each in ACCEPTED for text in each.edits]
    assert [text for text in texts if text not in mutants_of(SYSTEM, SCENARIOS)] == []
    assert len(texts) == len(set(texts)) == len(SURVIVORS)
    assert all(each.reason and each.edits for each in ACCEPTED)


@pytest.mark.long
@pytest.mark.skipif(not SURVIVORS, reason="none is accepted")
def test_every_accepted_survivor_survives() -> None:
    plan = Plan(shipped, tuple(each.name for each in SCENARIOS))
    tally = mutated(plan, Chosen(only=tuple(SURVIVORS)), here(), Journal(None))  # another process explores all anew
    assert Verdicts(tally, SURVIVORS).stale == {}
    assert {each.mutant.name for each in tally.edits} == set(SURVIVORS)
