"""Two designs compared, against an oracle that explores both state by state and looks at one environment a time."""

from __future__ import annotations

import pytest
from brute import Environment, Pair, Seen, primes
from ccmproof.harness.changes.change import Change
from ccmproof.harness.changes.compare import Aim, Became, Behaves, Compared
from ccmproof.harness.changes.design import pair
from ccmproof.harness.changes.side import Ways
from ccmproof.harness.changes.validate import validate
from ccmproof.model.kernel.actor import actor, record, send, unknown
from ccmproof.model.kernel.causes import Cause
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.environments import Environments
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.properties.property import Property, Verdict
from designs import FIELDS, PLACES, UNKNOWNS, change, condition, edits, entry, models, system
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

MANY = settings(max_examples=80, deadline=None, suppress_health_check=[*HealthCheck])
WORDS = {**UNKNOWNS, **FIELDS, "s0": PLACES, "s1": PLACES, "w0": ("x", "y", "z")}
EVENTS = ("s0_e0", "s0_e1", "s1_e0", "s1_e1")


@st.composite
def suites(draw: st.DrawFn, model: Model) -> tuple[Property, ...]:
    """Claims and possibilities about a random model, of states and of steps: where an actor gets, and with what.

    Some say what a row's guard says, so that they hold until that is changed.
    """
    chance = draw(st.randoms(use_true_random=True))
    found = []
    for number in range(4):
        who, place = chance.choice(["s0", "s1"]), chance.choice("bc")
        then = chance.choice(["false", str(condition(chance, WORDS)), str(condition(chance, UNKNOWNS))])
        kind = chance.choice(["state", "state", "step", "possible"])
        found.append(Property(
            f"P-{number}", "Random", "It is so", "",
            on=(chance.choice(EVENTS),) if kind == "step" else (),
            when=chance.choice(["", f"{who} is {place}", str(condition(chance, WORDS))]),
            then="true" if kind == "possible" and then == "false" else then,
            attempt=chance.choice(["", f"{who} is not {place}", "r0.kind is ccm"]) if kind != "possible" else "",
            possible=kind == "possible",
        ))  # fmt: skip
    for of in model.actors:
        for row in of.rows:
            if row.sends and isinstance(row.when, str) and row.when:
                found.append(Property(f"G-{row.event}", "Random", "It is so", "", on=(row.event,), then=row.when,
                                      attempt=f"{of.name} is {row.source[0]}"))  # fmt: skip
    return tuple(found)


SETTINGS = st.sampled_from(["", "[settings]\nu0 = { before = 'yes', after = 'no' }",
                            "[settings]\nu1 = { before = 'a b', after = 'c a b' }",
                            "[settings]\np = { after = 'on off' }", "[settings]\np = { before = 'on', after = 'off' }",
                            "[settings]\nu1 = 'a c'"])  # fmt: skip
GOALS = {"place": "s0 is c", "both": "s0 is b and s1 is b", "token": "r0.kind is ccm"}


def listed(environments: Environments) -> list[str]:
    return sorted(str(sorted(each.items())) for each in environments)


def plain(environments: list[Environment]) -> list[str]:
    return sorted(str(sorted(each.items())) for each in environments)


def both(model: Model, made: Change) -> Pair:
    """Both designs explored by brute force, with the settings of the change."""
    before, after = pair(lambda *_: model, [made])
    seen = []
    for design in (before, after):
        values = {name: text.split(",") for name, text in (design.settings or {}).items()}
        seen.append(Seen(expand(design.model(PLAIN).pinned(values))))
    apart = tuple(each.name for each in made.settings if each.before != each.after)
    return Pair(seen[0], seen[1], apart)


PLAIN = system(Model("", ())).default


def check_property(told: Compared, oracle: Pair) -> None:
    """Where it is broken, repaired, newly spoken of and no longer spoken of, and what became of it by these sets."""
    failed, tried, fails, tries = oracle.sides(told.prop)
    broken = [each for each in fails if each in tried and each not in failed]
    repaired = [each for each in failed if each in tries and each not in fails]
    if told.prop.possible:
        broken = broken if fails == tries else []
        repaired = repaired if failed == tried else []
    anew = [each for each in tries if each not in tried]
    assert listed(told.broken) == plain(broken)
    assert listed(told.repaired) == plain(repaired)
    assert listed(told.anew) == plain(anew)
    assert listed(told.fails_anew) == plain([each for each in anew if each in fails])
    assert listed(told.hushed) == plain([each for each in tried if each not in tries])
    assert told.failed == (len(failed), len(fails))
    assert told.spoken == (len(tried), len(tries))
    assert told.total == len(oracle.shared)
    assert told.before is not None and told.after is not None
    expected = Became.KEPT
    if told.before.verdict is not Verdict.VACUOUS and told.after.verdict is Verdict.VACUOUS and not broken:
        expected = Became.VACUOUS
    elif broken:
        expected = Became.BROKEN
    elif told.after.verdict is Verdict.VACUOUS:
        expected = Became.SILENT
    elif repaired:
        expected = Became.REPAIRED
    elif any(each in fails for each in anew):
        expected = Became.FAILS_ANEW
    elif failed and not fails and not told.prop.possible:
        expected = Became.HUSHED
    elif told.after.verdict is Verdict.FAILS:
        expected = Became.FAILS
    assert told.became is expected
    event(expected.value)


def check_behaviour(told: Behaves, oracle: Pair) -> None:
    old, new = oracle.before, oracle.after
    moved = {}
    for name in dict.fromkeys((*old.fires, *new.fires)):
        before, after = (oracle.among(seen.fires.get(name, [])) for seen in (old, new))
        gained, lost = ([each for each in a if each not in b] for a, b in ((after, before), (before, after)))
        if gained or lost:
            moved[name] = (len(gained), len(lost), not after, not before)
    assert {each.event: (each.gained, each.lost, each.never, each.first) for each in told.events} == moved
    steps = {}
    for name in {*old.steps, *new.steps}:
        was, is_ = (seen.steps.get(name, set()) for seen in (old, new))
        if was != is_:
            steps[name] = (is_ - was, was - is_)
    assert {name: (set(gained), set(lost)) for name, (gained, lost) in told.steps.items()} == steps
    alphabet = system(Model("", ())).alphabet
    then, now = (seen.labels(alphabet.hosts, alphabet.fields) for seen in (old, new))
    assert tuple(map(set, told.labels)) == (now - then, then - now)
    states = {}
    for name in {*old.steps, *new.steps}:
        had, has = (seen.entered.get(name, set()) for seen in (old, new))
        if had != has:
            states[name] = (sorted(has - had), sorted(had - has))
    assert {name: tuple(map(list, each)) for name, each in told.states.items()} == {
        name: (gained, lost) for name, (gained, lost) in states.items()
    }


def literals(causes: tuple[Cause, ...]) -> set[frozenset[tuple[str, frozenset[str]]]]:
    return {frozenset((name, frozenset(values)) for name, values in each.literals.items()) for each in causes}


def check_goal(told: Aim, oracle: Pair) -> None:
    values = {name: tuple(dict.fromkeys(each[name] for each in oracle.shared)) for name in oracle.shared[0]}
    found = []
    for seen in (oracle.before, oracle.after):
        can = oracle.among(seen.where(seen.network.condition(GOALS[told.name])))
        found.append((len(can), primes([each for each in oracle.shared if each not in can], oracle.shared, values)))
    (could, then), (can_now, now) = found
    assert (told.before, told.after, told.total) == (could, can_now, len(oracle.shared))
    assert literals(told.gone) == then - now
    assert literals(told.new) == now - then
    assert literals(told.unchanged) == now & then


@MANY
@given(st.data())
def test_of_random_changes_all_is_as_the_oracle_finds_it(data: st.DataObject) -> None:
    model = data.draw(models(), "model")
    suite = data.draw(suites(model), "suite")
    made = change(*data.draw(st.lists(edits(model), max_size=2), "edits"), head=data.draw(SETTINGS, "settings"))
    try:
        found = validate(system(model, suite, GOALS), [made])
    except ModelError:
        return
    (told,) = found.scenarios
    oracle = both(model, made)
    assert told.environments == len(oracle.shared)
    assert plain(oracle.shared) == listed(told.before.space.shared(told.after.space, set(oracle.apart)).all())
    for each in told.told:
        if each.compared.after is not None and not each.compared.fitted.gone:
            check_property(each.compared, oracle)
    assert told.behaves is not None
    check_behaviour(told.behaves, oracle)
    for aim in told.goals:
        check_goal(aim, oracle)


def small_model() -> Model:
    """Two steps, the second only where u0 is yes; a record and an event that nothing depends on."""
    return Model.of(
        "small",
        unknown("u0", "yes no", host="h"),
        unknown("u1", "a b c", host="h"),
        record("r0", {"kind": "none ccm"}, host="h"),
        actor("s0", host="h", states="a b c", waits="*",
              rows=[send("go", "a", "b"), send("on", "b", "c", "u0 is yes")]),
    )  # fmt: skip


def became(suite: tuple[Property, ...], *entries: str, head: str = "") -> list[Compared]:
    (told,) = validate(system(small_model(), suite), [change(*entries, head=head)]).scenarios
    return [each.compared for each in told.told]


GUARD = entry("alter.transition", actor="s0", event="on", when="u0 is yes or u1 is c")
OPEN = entry("alter.transition", actor="s0", event="on", when="true")
SHUT = entry("remove.event", name="on")
NEVER_C = Property("N", "c", "c", "", when="s0 is c")
ONLY_YES = Property("Y", "c", "c", "", when="s0 is c", then="u0 is yes")
TRIED_NEVER = Property("F", "c", "c", "", when="s0 is c", attempt="s0 is b")
TRIED_YES = Property("B", "c", "c", "", when="s0 is c", attempt="s0 is b", then="u0 is yes")
CAN_C = Property("R", "c", "c", "", possible=True, then="s0 is c")
CAN_C_YES = Property("Q", "c", "c", "", possible=True, then="s0 is c", decided_by="u0 is yes")


@pytest.mark.parametrize(
    ("prop", "entries", "word", "counts"),
    [
        # broken, repaired, anew, hushed
        (NEVER_C, [GUARD], Became.FAILS_ANEW, (0, 0, 1, 0)),
        (NEVER_C, [SHUT], Became.VACUOUS, (0, 0, 0, 3)),
        (ONLY_YES, [GUARD], Became.FAILS_ANEW, (0, 0, 1, 0)),
        (ONLY_YES, [SHUT], Became.VACUOUS, (0, 0, 0, 3)),
        (TRIED_YES, [GUARD], Became.BROKEN, (1, 0, 0, 0)),
        (TRIED_NEVER, [SHUT], Became.REPAIRED, (0, 3, 0, 0)),
        (CAN_C, [SHUT], Became.BROKEN, (3, 0, 0, 0)),
        (CAN_C, [GUARD], Became.KEPT, (0, 0, 0, 0)),
        (CAN_C_YES, [SHUT], Became.BROKEN, (3, 0, 0, 0)),
        (CAN_C_YES, [GUARD], Became.REPAIRED, (0, 1, 0, 0)),
    ],
)  # fmt: skip
def test_what_became_of_it_by_hand(
    prop: Property, entries: list[str], word: Became, counts: tuple[int, int, int, int]
) -> None:
    (found,) = became((prop,), *entries)
    assert found.became is word
    assert (found.broken.count, found.repaired.count, found.anew.count, found.hushed.count) == counts


def test_a_possibility_that_a_new_unknown_decides_is_not_broken_by_it() -> None:
    """It needs some environment: that it can happen in is enough, whatever the new unknown is elsewhere."""
    more = entry("add.unknown", name="new", values="x y", host="h")
    (found,) = became((CAN_C,), more, entry("alter.transition", actor="s0", event="on", demands_too="new is x"))
    assert (found.became, found.failed) == (Became.KEPT, (3, 3))
    (found,) = became((CAN_C_YES,), more, entry("alter.transition", actor="s0", event="on", demands_too="new is x"))
    assert (found.became, found.failed, found.broken.count) == (Became.BROKEN, (3, 6), 3)


def test_what_a_setting_changes_is_compared_over_the_other_unknowns() -> None:
    (found,) = became((NEVER_C,), head="[settings]\nu0 = { before = 'no', after = 'yes' }")
    assert (found.total, found.became, found.fails_anew.count) == (3, Became.FAILS_ANEW, 3)


def test_what_can_no_longer_be_said_is_told_and_is_no_error() -> None:
    (one, two, three) = became(
        (NEVER_C, Property("K", "c", "c", "", when="r0.kind is ccm"), Property("E", "c", "c", "", on=("on",))),
        entry("remove.field", record="r0", name="kind"), SHUT,
    )  # fmt: skip
    assert (one.became, two.became, three.became) == (Became.VACUOUS, Became.UNSAID, Became.VACUOUS)
    assert two.fitted.why == "K: there is no actor 'r0.kind'"
    assert three.fitted.gone == ("on",)


def test_what_decides_it_may_move_in_the_changed_design() -> None:
    moves = entry("add.transition", actor="u0", event="turns", from_="no", to="yes")
    one, two = became((CAN_C_YES, Property("C", "c", "c", "", when="s0 is c", decided_by="u0 is no")), moves)
    assert (one.became, one.failed) == (Became.REPAIRED, (3, 0))
    assert two.became is Became.FAILS


def test_ways_of_looking_do_not_matter() -> None:
    for engine in ("plain", "reference"):
        (told,) = validate(system(small_model(), (NEVER_C,)), [change(OPEN)], ways=Ways(engine=engine)).scenarios
        assert told.told[0].compared.became is Became.FAILS_ANEW
