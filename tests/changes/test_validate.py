"""Validating a change from its file to the exit code: nothing for nothing, and each thing that is planted is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from ccmproof.harness.changes.change import Change, load
from ccmproof.harness.changes.compare import Became, Comparison
from ccmproof.harness.changes.side import Ways
from ccmproof.harness.changes.validate import validate
from ccmproof.harness.changes.validation import InScenario, Told, Validation
from ccmproof.harness.engines import Limit
from ccmproof.harness.report import Exit
from ccmproof.harness.system import System
from ccmproof.model.alphabet import Alphabet
from ccmproof.model.kernel.actor import actor, parameter, send, unknown
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.scenario import Scenario
from ccmproof.properties.property import Property, Verdict
from demo import SUITE, demo
from designs import change, entry, models, system, undone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MANY = settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
DOOR = replace(demo(), goals={"in": "visitor is inside", "rings": "bell is ringing"},
               alphabet=Alphabet(("visitor", "porter"), ("request.shown",)))  # fmt: skip
UNCHANGED = (Became.KEPT, Became.FAILS, Became.SILENT)

LAX = entry("alter.transition", actor="porter", event="let_in", when="true")
STRICT = (entry("alter.transition", actor="visitor", event="ask_with_bad_key", when="false")
          + entry("alter.actor", name="visitor", waits="outside"))  # fmt: skip
OUT = entry("remove.event", name="let_in") + entry("alter.actor", name="porter", waits="judging")
GIVES_UP = '[[gives_up]]\nproperty = "{}"\nverdict = "{}"\nreason = "It is worth it"\n'


def judged(*entries: str, head: str = "", here: System = DOOR, **how: object) -> Validation:
    return validate(here, [change(*entries, head=head)], **how)  # type: ignore[arg-type]


def told(found: Validation, name: str) -> Told:
    return next(each for each in (*found.scenarios[0].told, *found.scenarios[0].own) if each.compared.prop.id == name)


def news(found: InScenario) -> dict[str, Became]:
    """The properties of which there is something to tell."""
    return {each.compared.prop.id: each.compared.became for each in found.told if each.compared.became not in UNCHANGED}


def check_nothing_is_reported(found: Validation) -> None:
    assert (found.exit, found.differences, found.footing, found.idle) == (Exit.AS_EXPECTED, (), (), ())
    for each in found.scenarios:
        assert news(each) == {}
        for one in each.told:
            compared = one.compared
            changed = (compared.broken, compared.repaired, compared.anew, compared.fails_anew, compared.hushed)
            assert all(part.is_empty for part in changed), compared.prop.id
            assert (compared.failed[0], compared.spoken[0]) == (compared.failed[1], compared.spoken[1])
            assert not compared.bound_moved and not compared.fitted.gone
            assert (one.refusal, one.given_up) == (None, None)
        assert each.behaves is not None and each.behaves.is_empty
        assert all((aim.gone, aim.new, aim.before) == ((), (), aim.after) for aim in each.goals)


@pytest.mark.parametrize("head", ["", "[settings]\nkey = 'good'", "[settings]\nporter_checks = 'lax strict'"])
def test_a_change_that_changes_nothing_reports_nothing(head: str) -> None:
    check_nothing_is_reported(judged(head=head))


def test_nor_does_it_in_all_scenarios() -> None:
    check_nothing_is_reported(judged(scenarios=list(DOOR.scenarios.values())))


def test_nor_does_a_change_together_with_its_inverse() -> None:
    back = entry("alter.transition", actor="porter", event="let_in", when="fits or porter_checks is lax")
    check_nothing_is_reported(judged(LAX, back))


@MANY
@given(st.data())
def test_nor_does_any_change_with_its_inverse(data: st.DataObject) -> None:
    """The rows may have changed places, so the texts may differ; nothing that is found of the two designs does."""
    model = data.draw(models(), "model")
    both = data.draw(undone(model), "undone")
    props = (Property("A", "c", "c", "", when="s0 is b", then="u0 is yes"),
             Property("B", "c", "c", "", possible=True, then="s1 is c and r0.kind is ccm"))  # fmt: skip
    here = system(model, props, {"c": "s0 is c"})
    found = validate(here, [change(both.does, name="there"), change(both.undoes, name="back")])
    check_nothing_is_reported(replace(found, differences=(), footing=()))


def test_a_guard_that_is_said_otherwise_changes_the_text_alone() -> None:
    found = judged(entry("alter.transition", actor="porter", event="let_in", when="porter_checks is lax or fits"))
    assert [each.name for each in found.differences] == ["porter"]
    check_nothing_is_reported(replace(found, differences=(), footing=()))


def test_a_planted_break_is_found_with_its_run_and_where_the_original_refuses() -> None:
    found = judged(LAX)
    assert found.exit is Exit.UNEXPECTED
    # The porter turns nobody away any more, so nobody can ask again after that.
    assert news(found.scenarios[0]) == {"D-01": Became.BROKEN, "R-02": Became.REPAIRED, "D-06": Became.VACUOUS}
    assert [each.compared.prop.id for _, each in found.broken] == ["D-01"]
    one = told(found, "D-01")
    assert (one.compared.broken.count, one.compared.failed, one.compared.total) == (2, (0, 2), 4)
    assert one.judgement is not None and one.judgement.counterexample is not None
    assert [step.event for step in one.judgement.counterexample.run.steps] == ["ask_with_bad_key", "let_in"]
    assert one.refusal is not None and (one.refusal.step, one.refusal.event) == (1, "let_in")
    assert [str(each) for each in one.judgement.causes or ()] == ["key is bad"]
    assert (one.statements, found.footing) == (("P1", "P2"), ("P1", "P2"))


def test_the_run_that_is_shown_is_the_shortest_of_all_environments_in_which_it_breaks() -> None:
    """Not of the first of them: there it takes two steps."""
    walker = actor("walker", host="h", states="here there gone", waits="*", rows=[
        send("set_out", "here", "there", "way is long"),
        send("arrive", "there", "gone", "gate is open"),
        send("slip_out", "here", "gone", "gate is open and way is short"),
    ])  # fmt: skip
    gate, way = parameter("gate", "shut open", default="shut"), unknown("way", "long short", host="h")
    here = system(Model.of("walk", [gate, way, walker]), (Property("A", "c", "c", "", then="walker is not gone"),), {})
    one = told(judged(head="[settings]\ngate = { before = 'shut', after = 'open' }", here=here), "A")
    assert (one.compared.became, one.compared.broken.count) == (Became.BROKEN, 2)
    assert one.judgement is not None and one.judgement.counterexample is not None
    assert [step.event for step in one.judgement.counterexample.run.steps] == ["slip_out"]


def test_a_planted_repair_is_found() -> None:
    offered = replace(SUITE[1], id="D-07", attempt="visitor is outside")
    found = judged(STRICT, here=replace(DOOR, suite=(*SUITE, offered)))
    assert found.exit is Exit.AS_EXPECTED
    assert news(found.scenarios[0])["D-07"] is Became.REPAIRED
    assert (told(found, "D-07").compared.failed, told(found, "D-07").compared.repaired.count) == ((2, 0), 2)
    hushed = told(found, "D-02").compared  # where it failed nobody waits any more: it is not repaired there
    assert (hushed.failed, hushed.repaired.count, hushed.hushed.count) == ((2, 0), 0, 2)


def test_a_planted_vacuity_is_not_counted_as_kept() -> None:
    found = judged(OUT)
    assert news(found.scenarios[0]) == {"D-03": Became.VACUOUS, "D-05": Became.VACUOUS, "R-01": Became.BROKEN}
    assert told(found, "D-03").compared.fitted.gone == ("let_in",)
    assert told(found, "D-01").compared.became is Became.KEPT  # it is still attempted
    assert found.exit is Exit.UNEXPECTED
    assert [(aim.name, aim.before, aim.after) for aim in found.scenarios[0].goals] == [("in", 2, 0), ("rings", 0, 0)]
    assert [str(cause) for aim in found.scenarios[0].goals for cause in (*aim.gone, *aim.new)] == ["key is bad", "true"]


def test_what_can_no_longer_be_said_is_told() -> None:
    found = judged(entry("remove.actor", name="bell"))
    assert news(found.scenarios[0]) == {"A-01": Became.UNSAID}
    assert told(found, "A-01").judgement is None
    assert found.exit is Exit.AS_EXPECTED
    assert [aim.name for aim in found.scenarios[0].goals] == ["in"]


@pytest.mark.parametrize(
    ("entries", "head", "code", "intended"),
    [
        ([LAX], GIVES_UP.format("D-01", "fails"), Exit.AS_EXPECTED, True),
        ([LAX], GIVES_UP.format("D-01", "vacuous"), Exit.UNEXPECTED, False),
        ([LAX], GIVES_UP.format("D-03", "fails"), Exit.UNEXPECTED, False),
        ([OUT], GIVES_UP.format("R-01", "fails") + GIVES_UP.format("D-05", "vacuous"), Exit.AS_EXPECTED, True),
        ([OUT], GIVES_UP.format("R-01", "fails") + GIVES_UP.format("D-01", "fails"), Exit.UNEXPECTED, True),
        ([], GIVES_UP.format("D-01", "fails"), Exit.UNEXPECTED, False),
        ([], GIVES_UP.format("D-02", "fails"), Exit.UNEXPECTED, False),
    ],
)
def test_what_is_given_up_on_purpose(entries: list[str], head: str, code: Exit, intended: bool) -> None:
    """It excuses that very verdict of that very property, and what does not happen may not be declared."""
    found = judged(*entries, head=head)
    assert found.exit is code
    assert any(each.is_intended for each in found.scenarios[0].told) == intended
    declared = {given.property for _, given in found.idle}
    assert declared == {given.property for one in found.changes for given in one.gives_up} - {
        each.compared.prop.id for each in found.scenarios[0].told if each.is_intended
    }


OWN = '[[property]]\nid = "N-{}"\nclaim = "Own"\n{}\n'


def test_properties_of_the_change_are_judged_with_the_suite() -> None:
    holds, fails = (
        OWN.format(1, 'when = "visitor is inside"\nthen = "key is good"'),
        OWN.format(2, 'when = "visitor is inside"'),
    )
    found = judged(head=holds)
    assert (found.exit, told(found, "N-1").compared.became) == (Exit.AS_EXPECTED, Became.KEPT)
    found = judged(head=fails)
    assert (found.exit, told(found, "N-2").compared.became) == (Exit.UNEXPECTED, Became.FAILS_ANEW)
    assert [each.compared.prop.id for _, each in found.broken] == ["N-2"]
    assert judged(head=fails + 'expected = "fails"\n').exit is Exit.AS_EXPECTED
    assert judged(head=OWN.format(3, 'on = "let_in"\npossible = true')).exit is Exit.AS_EXPECTED
    elsewhere = judged(head=fails + 'scenarios = "storm"\n')
    assert (elsewhere.exit, elsewhere.scenarios[0].own) == (Exit.AS_EXPECTED, ())


@pytest.mark.parametrize(
    ("entries", "head", "error"),
    [
        ([], OWN.format(1, 'when = "visitr is inside"'),
         "2:1: N-1: there is no actor 'visitr' (did you mean 'visitor'?)"),
        ([], OWN.format(1, 'on = "let_inn"'), "2:1: N-1: there is no event 'let_inn' (did you mean 'let_in'?)"),
        ([], OWN.format(1, "") + 'when = "true"\n' + OWN.format(1, ""), "2:1: there is a property N-1 already"),
        ([], OWN.format(1, "").replace("N-1", "D-01"), "2:1: there is a property D-01 already"),
        ([], GIVES_UP.format("D-1", "fails"), "2:1: there is no property 'D-1' (did you mean 'D-01'?)"),
        ([], "scenarios = 'clam'", "2:1: there is no scenario 'clam' (did you mean 'calm'?)"),
        ([], "[settings]\nkey = { before = 'god', after = 'bad' }",
         "3:9: key has no state 'god' (did you mean 'good'?)"),
        ([], "[settings]\nkey = { before = 'good', after = 'bd' }",
         "3:26: key has no state 'bd' (did you mean 'bad'?)"),
        ([], "strikes = 'let_inn'", "2:1: there is no event 'let_inn' (did you mean 'let_in'?)"),
        ([entry("remove.event", name="leeve")], "",
         "3:1: [[remove.event]] drop the event leeve: there is no event 'leeve' (did you mean 'leave'?)"),
        ([entry("remove.event", name="ask_with_good_key")], "",
         "3:1: [[remove.event]] visitor/outside: no row applies when key is good, and none receives [gap]; "),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(entries: list[str], head: str, error: str) -> None:
    with pytest.raises(ModelError) as caught:
        judged(*entries, head=head)
    assert str(caught.value).startswith(f"change.toml:{error}")
    assert "\n" not in str(caught.value)


NEW = entry("add.parameter", name="guard_dog", values="asleep awake", default="asleep")


def test_what_only_one_design_has_can_be_set() -> None:
    """By the file and by the user, to one value on both sides; what neither has cannot."""
    barks = entry("alter.transition", actor="porter", event="let_in", demands_too="guard_dog is asleep")
    for how in ({"head": "[settings]\nguard_dog = 'awake'"}, {"settings": {"guard_dog": "awake"}}):
        found = judged(NEW, barks, **how)
        assert found.scenarios[0].settings == ({}, {"guard_dog": "awake"})
        assert told(found, "R-01").compared.became is Became.BROKEN
    gone = judged(entry("remove.actor", name="weather"), head="[settings]\nweather = 'dry'")
    assert gone.scenarios[0].settings == ({"weather": "dry"}, {})
    with pytest.raises(ModelError, match=r"^there is no actor 'guard_dg'"):
        judged(NEW, settings={"guard_dg": "awake"})
    with pytest.raises(ModelError, match=r"^change.toml:3:15: there is no actor 'guard_dog'"):
        judged(NEW, head="[settings]\nguard_dog = { before = 'asleep', after = 'awake' }")


def test_a_property_may_speak_of_what_its_own_change_takes_away() -> None:
    """The words are those of the original; of the changed design it is then vacuous."""
    found = judged(OUT, head=OWN.format(1, 'on = "let_in"'))
    assert told(found, "N-1").compared.became is Became.SILENT


def test_there_must_be_a_change() -> None:
    with pytest.raises(ModelError, match=r"^there is no change to validate$"):
        validate(DOOR, [])


@pytest.mark.parametrize("engine", ["plain", "reference"])
@pytest.mark.parametrize("nodes", [1, 3, 10, 30])
def test_a_search_that_was_cut_short_never_says_kept(engine: str, nodes: int) -> None:
    """Nor repaired, nor no longer spoken of, nor broken where the original may have failed all along."""
    whole = judged(LAX)
    found = judged(LAX, ways=Ways(engine=engine, limit=Limit(nodes=nodes)))
    here = found.scenarios[0]
    if here.behaves is not None:  # everything was seen: what was cut short, if anything, is the search for runs
        assert news(here) == news(whole.scenarios[0])
        assert found.exit is Exit.UNEXPECTED
        return
    assert not here.goals
    for one, all_of_it in zip(here.told, whole.scenarios[0].told, strict=True):
        compared = one.compared
        assert compared.broken <= all_of_it.compared.broken
        if here.after.behaviour is None:
            assert compared.hushed.is_empty and compared.repaired.is_empty
        if compared.became is Became.KEPT:  # of a possibility: a run has been found on either side
            assert compared.prop.possible and compared.after is not None and compared.after.verdict is Verdict.HOLDS
        else:
            assert compared.became in (Became.UNDETERMINED, Became.BROKEN)
    assert found.exit in (Exit.UNDETERMINED, Exit.UNEXPECTED)
    assert (found.exit is Exit.UNEXPECTED) == bool(found.broken)


def test_of_a_whole_original_and_a_cut_short_change_only_what_breaks_is_known() -> None:
    whole = judged(LAX).scenarios[0]
    for nodes in (1, 5, 10):
        found = judged(LAX, ways=Ways(engine="reference", limit=Limit(nodes=nodes))).scenarios[0]
        assert found.after.behaviour is None
        comparison = Comparison(whole.before, found.after)
        for each in found.told:
            one = comparison.property(each.compared.prop, each.compared.fitted)
            assert one.became in (Became.UNDETERMINED, Became.BROKEN) or one.prop.possible
            assert one.repaired.is_empty and one.hushed.is_empty


def test_ctrl_c_says_what_had_been_judged() -> None:
    calls = iter([False, False, False, True, True, True])

    def build(scenario: Scenario, settings: Mapping[str, str] = {}, /) -> Model:
        if next(calls):
            raise KeyboardInterrupt
        return DOOR.build(scenario, settings)

    here = replace(DOOR, build=build)
    found = judged(here=here, scenarios=list(DOOR.scenarios.values()))
    assert found.interrupted == "1 of 2 scenarios had been judged"
    assert found.exit is Exit.UNDETERMINED


def test_of_every_scenario_those_without_what_is_changed_are_passed_over() -> None:
    def build(scenario: Scenario, settings: Mapping[str, str] = {}, /) -> Model:
        model = DOOR.build(scenario, settings)
        there = [of for of in model.actors if scenario.name == "calm" or of.name != "weather"]
        return replace(model, actors=tuple(there))

    here = replace(DOOR, build=build)
    made = entry("alter.actor", name="weather", initial="dry")
    found = judged(made, here=here, scenarios=list(DOOR.scenarios.values()), every=True)
    assert [each.scenario for each in found.scenarios] == ["calm"]
    assert list(found.passed_over) == ["storm"]
    with pytest.raises(ModelError, match=r"^change.toml:3:1: .*there is no actor 'weather'"):
        judged(made, here=here, scenarios=list(DOOR.scenarios.values()))
    with pytest.raises(ModelError, match=r"^change.toml:3:1: .*there is no actor 'weather'"):
        judged(made, here=here, scenarios=[DOOR.scenarios["storm"]], every=True)


def test_a_change_names_its_scenarios() -> None:
    assert [each.scenario for each in judged(head="scenarios = 'storm calm'").scenarios] == ["storm", "calm"]
    found = judged(head="scenarios = 'storm'", scenarios=[DOOR.scenarios["calm"]])
    assert [each.scenario for each in found.scenarios] == ["calm"]


def test_two_changes_whose_order_matters_are_named() -> None:
    one = change(LAX, name="one")
    two = change(entry("alter.transition", actor="porter", event="let_in", when="fits"), name="two")
    assert validate(DOOR, [one, two]).scenarios[0].order == (("one", "two", "porter"),)
    assert validate(DOOR, [one, change(entry("remove.actor", name="weather"), name="two")]).scenarios[0].order == ()


def test_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "lax.toml"
    path.write_text(f"title = 'Lax'\n{LAX}", encoding="utf-8")
    made: Change = load(path)
    found = validate(DOOR, [made], properties=[prop for prop in SUITE if prop.id == "D-01"])
    assert [each.compared.prop.id for each in found.scenarios[0].told] == ["D-01"]
    assert (found.exit, found.changes) == (Exit.UNEXPECTED, (made,))


def test_a_design_that_lets_nobody_through_is_not_as_expected() -> None:
    """It breaks no prohibition: every one of them is vacuous. The goal that is lost says it."""
    found = judged(entry("alter.event", name="let_in", when="key is good and key is bad"))
    assert [aim.name for _, aim in found.lost] == ["in"]
    assert found.exit is Exit.UNEXPECTED


def test_what_a_change_sets_cannot_be_set_beside_it() -> None:
    head = "[settings]\nporter_checks = { before = 'strict', after = 'lax' }"
    with pytest.raises(ModelError, match=r"^--set porter_checks=lax: change is about this; leave it to the change$"):
        judged(head=head, settings={"porter_checks": "lax"})


def test_a_file_that_changes_nothing_says_so() -> None:
    assert judged(head="[settings]\nporter_checks = 'lax'").is_idle
    assert not judged(head="[settings]\nporter_checks = { before = 'strict', after = 'lax' }").is_idle


def test_the_statements_of_what_is_set_otherwise_lose_their_footing() -> None:
    cited = DOOR.build(DOOR.default).actor("porter_checks").cites.split()
    found = judged(head="[settings]\nporter_checks = { before = 'strict', after = 'lax' }")
    assert cited and list(found.footing) == cited
