"""What is said to be possible exactly somewhere is noticed where an edit takes it away, or lets it happen elsewhere."""

from __future__ import annotations

import re

import pytest
from ccmproof.harness.mutation.ladder import Step
from ccmproof.harness.mutation.mutants import Mutant
from ccmproof.harness.mutation.work import Original, Plan
from ccmproof.harness.system import System, shipped
from ccmproof.model.kernel.edit import SetEventGuard
from ccmproof.properties.places import WORDS
from ccmproof.properties.reach import PROPERTIES, WHERE

SYSTEM = shipped()
STEP = Step(SYSTEM.scenario(WHERE[0]))


@pytest.fixture(scope="module")
def original() -> Original:
    """The workflow, asked what is said exactly and nothing else."""
    alone = System(SYSTEM.scenarios, SYSTEM.build, PROPERTIES, SYSTEM.orders)
    return Original(alone, STEP, Plan(shipped, WHERE))


def noticing(original: Original, edits: dict[str, SetEventGuard]) -> dict[str, tuple[str, ...]]:
    mutants = {name: Mutant("edit", edit, edit.event, "") for name, edit in edits.items()}
    return {found.edit: found.by for found in original.found(mutants, 16)}


def test_each_notices_that_its_event_does_not_happen(original: Original) -> None:
    guards = {note.name: note.guard for note in original.model.events}
    assert not any(guards.get(each.on[0]) for each in PROPERTIES), "else the edit drops a guard too"
    found = noticing(original, {each.id: SetEventGuard(each.on[0], f"not ({each.then})") for each in PROPERTIES})
    assert [each.id for each in PROPERTIES if each.id not in found[each.id]] == []


def test_each_notices_that_its_event_does_not_happen_in_one_kind_of_environment(original: Original) -> None:
    """Every word that a line is said with ends with what is asked at that hop: without a public certificate, say."""
    without = "cmg_certificate is pki and cp_count is 1 and altauth is no"
    there = [each for each in PROPERTIES if each.exactly != "false"]
    found = noticing(original, {each.id: SetEventGuard(each.on[0], without) for each in there})
    assert [each.id for each in there if each.id not in found[each.id]] == []


def test_as_it_stands_each_holds_and_nothing_is_news(original: Original) -> None:
    assert original.news == frozenset()


def test_every_word_is_used() -> None:
    texts = [*WORDS.values(), *(each.exactly for each in PROPERTIES)]
    unused = [word for word in WORDS if not any(re.search(rf"\b{word}\b", text) for text in texts)]
    assert unused == []
