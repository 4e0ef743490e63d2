"""Many edits explored at once say of each what it says alone, on random models with random claims."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from ccmproof.harness.checker import check
from ccmproof.harness.engines import explore
from ccmproof.harness.executors import here
from ccmproof.harness.mutation import ladder, work
from ccmproof.harness.mutation.journal import Journal
from ccmproof.harness.mutation.mutants import mutants
from ccmproof.harness.mutation.run import Chosen, mutated
from ccmproof.harness.mutation.sameness import Difference
from ccmproof.harness.mutation.score import Fate, Tally
from ccmproof.harness.mutation.together import Shared, _Together, fits, together
from ccmproof.harness.mutation.work import Plan
from ccmproof.harness.report import Judgement
from ccmproof.harness.system import System
from ccmproof.model.kernel.actor import observer, recv
from ccmproof.model.kernel.condition import TRUE
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.lint import lint
from ccmproof.properties.property import Promise, Property
from designs import _model, condition, system

WATCH = observer(
    "seen", states="none first more", rows=[recv("s0_e0", "none", "first"), recv("s0_e0", "first", "more")]
)


def claims(chance: Random) -> tuple[Property, ...]:
    """Claims of every kind; some hold, some fail, and what is expected is drawn too."""

    def text(depth: int = 1) -> str:
        return str(condition(chance, depth=depth))

    place = chance.choice("abc")
    return (
        Property("I-1", "c", "invariant", "", when=f"s0 is {place}", then=text()),
        Property("I-2", "c", "invariant", "", when="fits", then=text(), expected="fails", reason="so"),
        Property("S-1", "c", "step", "", on=("s0_e0",), then=text()),
        Property("S-2", "c", "step", "", on=("s1_e1", "s0_e1"), when=text(0), then=text(), decided_by="u0 is yes"),
        Property("O-1", "c", "history", "", on=("s0_e0",), then="seen is not more", observers=(WATCH,)),
        Property("R-1", "c", "possible", "", possible=True, then=text()),
        Property("R-2", "c", "possible", "", on=("s1_e0",), possible=True, then=text(0), decided_by="u1 is a"),
        Property("E-1", "c", "exact", "", on=("s1_e0",), possible=True, then=text(0), exactly="u1 is a"),
        Property("E-2", "c", "exact", "", possible=True, then=f"s0 is {place}", exactly="u0 is yes"),
        Property("L-1", "c", "promise", "", when="s0 is a", then=f"s0 is {place}", promise=Promise.EVENTUALLY),
        Property("L-2", "c", "promise", "", when="s1 is a", then=f"s1 is {place}", promise=Promise.RECOVERABLE),
    )


def some(seed: int) -> System:
    chance = Random(seed)
    model = _model(chance)
    while lint(model, expand(model)):
        model = _model(chance)
    drawn = system(model, claims(chance))
    report = check(drawn.default, drawn.suite, build=drawn.build, runs=False)
    return system(model, tuple(as_found(each) for each in report.judgements))


def as_found(judgement: Judgement) -> Property:
    """The claim with what is expected of it such that it is no news as the model stands."""
    prop = judgement.prop
    if not judgement.surprising:
        return prop
    return replace(prop, decided_by="", expected=judgement.verdict.value, reason="so")


SYSTEMS = {seed: some(seed) for seed in range(6)}


def tally(of: System, larger: int = 4) -> Tally:
    return mutated(Plan(lambda: of, tuple(of.scenarios), larger=larger), Chosen(), here(), Journal(None))


@pytest.mark.parametrize("seed", SYSTEMS)
def test_what_is_said_of_an_edit_does_not_depend_on_what_is_explored_beside_it(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for at_once in (1, 3, 16):
        monkeypatch.setattr(ladder, "AT_ONCE", at_once)
        found.append(tally(SYSTEMS[seed]))
    assert found[0].counts[Fate.NOTICED] > 1 and found[0].counts[Fate.SURVIVES] > 1
    assert found[1] == found[0]
    assert found[2] == found[0]


def test_what_is_noticed_by_what_a_search_had_found_when_it_was_cut_short_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work, "FEW", 0)
    monkeypatch.setattr(work, "MORE_FOR_PROMISES", 0)
    monkeypatch.setattr(work, "EARLY", 1000)
    early = 0
    for of in SYSTEMS.values():
        cut, whole = (tally(of, larger) for larger in (1, 1000))
        noticed = {each.mutant.name: each for each in whole.having(Fate.NOTICED)}
        assert not any(each.why for each in noticed.values())
        for each in cut.having(Fate.NOTICED):
            full = noticed[each.mutant.name]
            assert each.where != full.where or set(each.by) <= set(full.by)
            early += bool(each.why)
        known = [each for each in cut.having(Fate.NOTICED) if len(each.by) == 1 and not each.why]
        assert sum(each.alone for each in cut.worth) == len(known)
    assert early > 3


def test_a_first_search_that_is_cut_short_changes_no_fate(monkeypatch: pytest.MonkeyPatch) -> None:
    early = 0
    for of in SYSTEMS.values():
        monkeypatch.setattr(work, "FEW", 200_000)
        whole = tally(of)
        monkeypatch.setattr(work, "FEW", 0)
        monkeypatch.setattr(work, "EARLY", 1)
        cut = tally(of, 1000)
        assert [(each.mutant, each.fate, each.where) for each in cut.edits] == [
            (each.mutant, each.fate, each.where) for each in whole.edits
        ]
        early += sum(bool(each.why) for each in cut.having(Fate.NOTICED))
    assert early > 3


def differences(model: Model) -> list[Difference]:
    old, found = expand(model), []
    for mutant in mutants(model):
        changed = mutant.on(model)
        if changed is not None:
            try:
                found.append(Difference(old, expand(changed)))
            except ModelError:
                continue
    return [each for each in found if fits(each)]


@pytest.mark.parametrize("seed", range(4))
def test_each_edit_reaches_in_its_environments_what_it_reaches_alone(seed: int) -> None:
    some = differences(SYSTEMS[seed].build(SYSTEMS[seed].default))[seed::4][:24]
    explored = explore(together(some), engine="plain")
    shared = Shared(explored)
    for number, each in enumerate(some):
        alone = explore(each.new, engine="plain")
        mine = explored.inside(shared.of(number).environments)
        assert mine.count == alone.states
        assert shared.of(number).environments.count == alone.environments.count
        for event in each.new.event:
            assert (mine & explored.can_fire(event)).count == alone.can_fire(event).count


def test_rows_that_hold_for_the_wrong_edits_are_found(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(_Together, "_made", lambda self, some: TRUE)
    with pytest.raises(AssertionError):
        test_each_edit_reaches_in_its_environments_what_it_reaches_alone(0)
