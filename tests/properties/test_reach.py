"""What is said to be possible exactly somewhere is noticed where an edit takes it away, or lets it happen elsewhere."""

from __future__ import annotations

import re
from functools import cache

import pytest
from ccmproof.harness.mutation.ladder import Step
from ccmproof.harness.mutation.mutants import Mutant
from ccmproof.harness.mutation.work import Original, Plan
from ccmproof.harness.system import System, shipped
from ccmproof.model.kernel.edit import Edit, SetEventGuard, SetGuard
from ccmproof.model.workflow.second_client import MISUSES
from ccmproof.properties.places import WORDS
from ccmproof.properties.property import Property
from ccmproof.properties.reach import PROPERTIES, READINGS, WHERE

SYSTEM = shipped()
EXACT = [prop for prop in SYSTEM.suite if prop.exactly]
QUICK = (*WHERE, *READINGS, "skew", "policy", "in-flight", "copied-image", "adversary", "thief", "later", "outage",
         "ageing")  # fmt: skip


@cache
def original(scenario: str) -> Original:
    """The workflow, asked what is said exactly and nothing else."""
    alone = System(SYSTEM.scenarios, SYSTEM.build, tuple(EXACT), SYSTEM.orders)
    return Original(alone, Step(SYSTEM.scenario(scenario)), Plan(shipped, (scenario,)))


def noticing(scenario: str, edits: dict[str, Edit], part: str = "") -> dict[str, tuple[str, ...]]:
    mutants = {name: Mutant("edit", edit, getattr(edit, "event", part), "") for name, edit in edits.items()}
    names = list(mutants)
    groups = [{name: mutants[name] for name in names[i : i + 16]} for i in range(0, len(names), 16)]
    return {found.edit: found.by for some in groups for found in original(scenario).explored_at_once(some)}


def asked_in(scenario: str) -> list[Property]:
    return [each for each in EXACT if each.asked_in == (scenario,)]


def test_each_is_asked_in_a_scenario_that_is_looked_at_here() -> None:
    assert {name for each in EXACT for name in each.asked_in} == {*QUICK, "copied-token"}


@pytest.mark.parametrize("scenario", QUICK)
def test_each_notices_that_its_event_does_not_happen(scenario: str) -> None:
    guards = {note.name: note.guard for note in original(scenario).model.events}
    some = asked_in(scenario)
    kept = {each.id: guards.get(each.on[0]) or "true" for each in some}
    edits = {each.id: SetEventGuard(each.on[0], f"({kept[each.id]}) and not ({each.then})") for each in some}
    found = noticing(scenario, dict(edits))
    assert [each.id for each in some if each.id not in found[each.id]] == []


@pytest.mark.long
def test_a_client_in_order_that_misuses_what_is_the_others_is_noticed() -> None:
    """The rows are those of both clients: the second one's are the mirror of the first one's."""
    rows = [row for row in original("copied-token").model.actor("disorder").rows if row.event in MISUSES]
    edit = SetGuard("disorder", rows[-1].event, "wam.device.life is not none")
    mutant = Mutant("edit", edit, "disorder", "", rows[-1])
    (found,) = original("copied-token").explored_at_once({"edit": mutant})
    assert found.by == ("E-152",)
    off = Mutant("edit", SetEventGuard(f"peer_{rows[-1].event}", "false"), f"peer_{rows[-1].event}", "")
    (found,) = original("copied-token").explored_at_once({"edit": off})
    assert found.by == (), "three other misuses are left"


def test_each_notices_that_its_event_does_not_happen_in_one_kind_of_environment() -> None:
    without = "cmg_certificate is pki and cp_count is 1 and altauth is no"
    some = [each for each in asked_in(*WHERE) if each.exactly != "false"]
    found = noticing(*WHERE, {each.id: SetEventGuard(each.on[0], without) for each in some})
    assert [each.id for each in some if each.id not in found[each.id]] == []


@pytest.mark.parametrize("scenario", QUICK)
def test_as_it_stands_each_holds_and_nothing_is_news(scenario: str) -> None:
    assert original(scenario).news == frozenset()


def test_every_word_is_used() -> None:
    texts = [*WORDS.values(), *(each.exactly for each in PROPERTIES)]
    unused = [word for word in WORDS if not any(re.search(rf"\b{word}\b", text) for text in texts)]
    assert unused == []
