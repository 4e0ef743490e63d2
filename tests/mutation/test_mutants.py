"""Which edits there are: each of a small model by its text; of the shipped one, that every text is a name."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest
from ccmproof.harness.mutation.mutants import KINDS, Mutant, mutants, mutants_of
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.actor import actor, observer, otherwise, parameter, put, record, recv, send, take, unknown
from ccmproof.model.kernel.definition import EventDef, Model, Predicate
from ccmproof.model.kernel.edit import SetDest, apply
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import Expansion, expand
from ccmproof.model.kernel.network import Network
from demo import demo

SHIPPED = shipped()

PARTS = (
    unknown("key", "good bad", host="h"),
    parameter("strict", "yes no rather", default="no"),
    parameter("open_one", "a b"),
    *record("held", {"kind": "none ccm", "owner": "x y"}, host="h"),
    *record("shown", {"kind": "none ccm"}, host="h"),
    actor(
        "door",
        host="h",
        states="shut ajar open_wide",
        ignores="knock",
        rows=[
            send("let_in", "shut", "open_wide", "key is good and strict is no", take("shown", "held"), cites="A1"),
            send("refuse", "shut", "shut", otherwise, cites="A2"),
            recv("knock", "ajar", "shut", "", put("held", owner="y")),
            recv("knock", "shut", "=", "fits"),
        ],
    ),
    actor("knocker", host="h", states="one two", rows=[send("knock", "*", "=", cites="A3")]),
    observer("watching", states="no yes", rows=[recv("let_in", "*", "yes")]),
    Predicate("fits", "key is good or strict is no", "A4"),
    Predicate("both", "key is good and strict is no", "A5"),
    EventDef("knock", "key is bad"),
)

TEXTS = {
    "demand-dropped": {
        "door/let_in: guard no more demands 'key is good'",
        "door/let_in: guard no more demands 'strict is no'",
        "door/knock from shut: guard no more demands 'fits'",
        "predicate both becomes strict is no",
        "predicate both becomes key is good",
    },
    "demand-negated": {
        "door/let_in: guard becomes key is not good and strict is no",
        "door/let_in: guard becomes key is good and strict is not no",
        "door/knock from shut: guard becomes not fits",
        "predicate fits becomes not (key is good or strict is no)",
        "predicate both becomes key is not good and strict is no",
        "predicate both becomes key is good and strict is not no",
        "event knock: guard becomes key is not bad",
    },
    "guard-true": {
        "door/let_in: guard becomes true",
        "predicate fits becomes true",
        "predicate both becomes true",
        "event knock: guard becomes true",
    },
    "let-through": {"door/refuse: leads to open_wide"},
    "row-removed": {
        "drop door/let_in",
        "drop door/refuse",
        "drop door/knock from ajar",
        "drop door/knock from shut",
        "drop knocker/knock",
    },
    "redirected": {
        "door/let_in: leads to shut",
        "door/refuse: leads to ajar",
        "door/knock from ajar: leads to ajar",
        "door/knock from shut: leads to ajar",
        "knocker/knock: leads to one",
    },
    "source-moved": {
        "door/let_in: leaves from ajar",
        "door/refuse: leaves from ajar",
        "door/knock from ajar: leaves from open_wide",
        "door/knock from shut: leaves from ajar",
    },
    "left-out": {"door takes no part in knock any more"},
    "not-copied": {"door/let_in: no more writes shown.kind"},
    "not-written": {"door/knock from ajar: no more writes held.owner"},
    "begins-elsewhere": {
        "held.kind begins in none or ccm",
        "held.owner begins in x or y",
        "shown.kind begins in none or ccm",
        "door begins in shut or ajar",
        "knocker begins in one or two",
    },
    "parameter-moved": {"parameter strict is rather"},
}


def small() -> Model:
    return Model.of("door", *PARTS)


def test_every_edit_of_a_small_model() -> None:
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for mutant in mutants(small()):
        found[mutant.kind].add(mutant.name)
    assert found == TEXTS


def named(text: str) -> Mutant:
    return next(each for each in mutants(small()) if each.name == text)


def test_an_edit_says_what_its_row_rests_on_and_a_row_that_receives_what_its_sender_does() -> None:
    assert named("drop door/let_in").cites == "A1"
    assert named("drop door/knock from ajar").cites == "A3"
    assert named("predicate both becomes true").cites == "A5"


def test_an_edit_is_not_made_where_its_row_or_its_guard_is_another() -> None:
    text = "door/let_in: guard becomes key is not good and strict is no"
    assert named(text).on(small()) is not None
    other = small().actor("door").rows[0]
    changed = small().with_actor(
        actor("door", host="h", states="shut ajar open_wide", ignores="knock",
              rows=[send("let_in", "shut", "open_wide", "key is bad", *other.effect), *small().actor("door").rows[1:]])
    )  # fmt: skip
    assert named(text).on(changed) is None
    assert named("door/let_in: leads to shut").on(changed) is not None
    assert named("drop door/let_in").on(Model.of("door", *PARTS[:6])) is None


def test_what_a_scenario_pins_has_no_default() -> None:
    mutant = named("parameter strict is rather")
    assert mutant.on(small(), pins=()) is not None
    assert mutant.on(small(), pins=("strict",)) is None


SYSTEM = shipped()
TABLE = mutants_of(SYSTEM, [each for each in SYSTEM.scenarios.values() if not each.on_demand])


def test_the_shipped_model_has_thousands_of_edits_of_every_kind_but_one_by_their_texts() -> None:
    assert len(TABLE) > 4000
    assert {name for name, (mutant, _) in TABLE.items() if name != mutant.name} == set()
    kinds = Counter(mutant.kind for mutant, _ in TABLE.values())
    assert set(KINDS) - set(kinds) <= {"let-through"}, "the workflow spells out what is otherwise"


def test_who_watches_and_who_is_a_mirror_image_is_not_edited() -> None:
    touched = {name for mutant, _ in TABLE.values() for name in mutant.about}
    assert not [name for name in touched if name.startswith(("peer.", "peer_"))]
    observers = {each.name for prop in SYSTEM.suite for each in prop.observers}
    assert not observers & touched


@pytest.mark.parametrize("sample", range(7))
def test_every_edit_can_be_made_where_it_is_from(sample: int) -> None:
    idle = []
    models = {}
    for mutant, scenario in list(TABLE.values())[sample :: 7 * 8]:
        model = models.setdefault(scenario.name, SYSTEM.build(scenario))
        if mutant.on(model) is None:
            idle.append(mutant.name)
    assert idle == []


def expanded(model: Model, beside: Expansion | None) -> Network | str:
    """What the model expands to, or why it does not."""
    try:
        return expand(model, beside)
    except ModelError as error:
        return str(error)


def test_every_edit_of_the_demo_expands_beside_the_original_to_what_it_expands_to_alone() -> None:
    model = demo().build(demo().default)
    beside = Expansion(model)
    beside.network()
    for mutant in mutants(model):
        changed = mutant.on(model)
        if changed is not None:
            assert expanded(changed, beside) == expanded(changed, None), mutant.name


@pytest.mark.parametrize("scenario", ["any-environment", "two-clients", "policy"])
def test_so_does_every_fortieth_of_the_workflow(scenario: str) -> None:
    model = SHIPPED.build(SHIPPED.scenario(scenario))
    beside = Expansion(model)
    beside.network()
    for mutant in islice(mutants(model), 0, None, 40):
        changed = mutant.on(model)
        if changed is not None:
            assert expanded(changed, beside) == expanded(changed, None), mutant.name


def test_what_an_edit_leaves_alone_is_the_same_object_and_what_it_touches_is_not() -> None:
    model = demo().build(demo().default)
    old = expand(model, beside := Expansion(model))
    changed = apply(model, SetDest("visitor", "leave", "waiting"))
    new = Expansion(changed, beside).network()
    apart = [one.name for one, two in zip(old.actors, new.actors, strict=True) if one != two]
    assert apart == ["visitor"]
    beside.network()
    shared = [one.name for one, two in zip(beside.actors, Expansion(changed, beside).actors, strict=True) if one is two]
    assert "porter" in shared and "visitor" not in shared
