"""Which steps there are, in which order, and what is asked in one: what its scenario asks, and the claims of safety
that this rests on."""

from __future__ import annotations

from ccmproof.harness.mutation.ladder import CHEAPEST_FIRST, DEAR, Step, ladder
from ccmproof.harness.mutation.mutants import Mutant
from ccmproof.harness.mutation.work import Original, Plan
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.edit import DropRow, RowEdit, SetDest
from ccmproof.properties.property import Property

SYSTEM = shipped()
OUTAGE = Step(SYSTEM.scenario("outage"))


LADDER = ladder(SYSTEM, [each for each in SYSTEM.scenarios.values() if not each.on_demand])


def test_each_shipped_scenario_has_its_rank() -> None:
    assert {each.name for each in SYSTEM.scenarios.values() if not each.on_demand} == set(CHEAPEST_FIRST)
    assert set(DEAR) < set(CHEAPEST_FIRST)


def test_safety_comes_before_promises_and_what_is_cheap_before_what_is_dear() -> None:
    assert [step.dear for step in LADDER if not step.within] == sorted(step.dear for step in LADDER if not step.within)
    for dear in (False, True):
        those = [step for step in LADDER if step.dear is dear and not step.within]
        assert [step.promises for step in those] == sorted(step.promises for step in those)
        for promises in (False, True):
            ranks = [CHEAPEST_FIRST.index(step.scenario.name) for step in those if step.promises is promises]
            assert ranks == sorted(ranks) and ranks


def test_what_is_narrowed_is_looked_at_whole_later_and_nothing_twice() -> None:
    names = [step.name for step in LADDER]
    assert len(set(names)) == len(names)
    for place, step in enumerate(LADDER):
        if step.within:
            assert step.name.removesuffix(", some environments") in names[place + 1 :]
    whole = {step.scenario.name for step in LADDER if not step.within}
    assert whole == set(CHEAPEST_FIRST)


def ids(properties: tuple[Property, ...]) -> set[str]:
    return {each.id for each in properties}


def test_bounds_and_promises_rest_on_safety_that_the_scenario_does_not_ask() -> None:
    asked, beneath = ids(OUTAGE.asked(SYSTEM)), ids(OUTAGE.beneath(SYSTEM))
    assert "L-18" in asked
    assert "S-58" in beneath
    assert not asked & beneath
    assert beneath | asked >= ids(SYSTEM.beneath(OUTAGE.scenario))


def test_what_the_scenario_asks_itself_is_not_asked_twice() -> None:
    later = SYSTEM.scenario("later")
    assert Step(later).beneath(SYSTEM) == ()
    assert ids(Step(later, promises=True).beneath(SYSTEM)) == ids(SYSTEM.beneath(later))


def test_nothing_lies_beneath_what_is_itself_about_safety() -> None:
    assert Step(SYSTEM.scenario("in-flight")).beneath(SYSTEM) == ()


def mutant(edit: RowEdit) -> Mutant:
    rows = SYSTEM.build(OUTAGE.scenario).actor(edit.actor).rows
    return Mutant("edit", edit, edit.actor, "", next(row for row in rows if row.event == edit.event))


def test_an_edit_is_noticed_by_safety_beneath_a_bound() -> None:
    event = "messaging_uses_old_token"  # as in few scenarios, and in none that asks so much itself
    waits, holds_on = SetDest("messaging", event, "waiting_for_reply"), DropRow("entra_request", event)
    original = Original(SYSTEM, OUTAGE, Plan(shipped, ("outage",)))
    found = original.explored_at_once({"waits": mutant(waits), "holds on": mutant(holds_on)})
    assert "S-50" in found[0].by
    assert "S-58" in found[1].by
