"""Applying changes: what undoes them, in which order, what they leave alone, and where an error is."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness.changes.cache import fingerprint
from ccmproof.harness.changes.design import Design, applied, order_matters, pair
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.fairness import Fairness, fairness_of
from ccmproof.model.kernel.lint import lint
from ccmproof.model.scenario import Scenario
from demo import build as door
from designs import canonical, cases, change, edits, entry, models, undone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

MANY = settings(max_examples=80, deadline=None, suppress_health_check=[*HealthCheck])
DOOR = door(Scenario("calm", "d"))


@MANY
@given(st.data())
def test_a_change_and_its_inverse_give_back_the_same_network(data: st.DataObject) -> None:
    model = data.draw(models(), "model")
    both = data.draw(undone(model), "undone")
    there = change(both.does, name="there")
    together = applied(model, [there, change(both.undoes, name="back")])
    assert fingerprint(canonical(together)) == fingerprint(canonical(model))
    assert applied(model, [change(both.does, both.undoes)]) == together
    try:
        alone = applied(model, [there])
    except ModelError:
        return
    event("can be applied by itself")
    assert alone != model
    assert lint(alone, expand(alone)) == []


@MANY
@given(st.data())
def test_several_changes_are_undone_in_the_reverse_order(data: st.DataObject) -> None:
    model = data.draw(models(), "model")
    first = data.draw(undone(model, 1), "first")
    names = [each.name for each in model.actors]
    second = data.draw(undone(model, 2), "second")
    if "[[alter.condition]]" in second.does:
        return  # what the first brings may say the same, and is then undone with it
    try:
        together = applied(model, [change(first.does, second.does, second.undoes, first.undoes)])
    except ModelError:
        return  # the second speaks of what the first has taken away
    event("both can be applied")
    assert fingerprint(canonical(together)) == fingerprint(canonical(model))
    assert sorted(names) == sorted(each.name for each in together.actors)


@MANY
@given(st.data())
def test_in_either_order_they_agree_where_no_conflict_is_named(data: st.DataObject) -> None:
    model = data.draw(models(), "model")
    made = [[data.draw(edits(model, 10 * n + i), f"edits {n}") for i in range(2)] for n in (1, 2)]
    one, other = (change(*each, name=f"c{n}") for n, each in enumerate(made))
    try:
        left, right = (canonical(applied(model, way)) for way in ([one, other], [other, one]))
    except ModelError:
        return
    named = order_matters(model, [one, other])
    event("a conflict is named" if named else "none is named")
    if not named:
        assert fingerprint(left) == fingerprint(right)
    else:
        assert [(a, b) for a, b, _ in named] == [(one, other)]
        assert named[0][2]
        assert [where for _, _, where in order_matters(model, [other, one])] == [named[0][2]]


@MANY
@given(st.data())
def test_the_model_that_a_change_is_applied_to_is_left_alone(data: st.DataObject) -> None:
    model = data.draw(models(), "model")
    before, text = fingerprint(expand(model)), repr(model)
    made = change(data.draw(edits(model), "edits"))
    try:
        changed = applied(model, [made])
    except ModelError as error:
        assert str(error).startswith("change.toml:")
        assert "\n" not in str(error)
    else:
        assert lint(changed, expand(changed)) == []
    assert (fingerprint(expand(model)), repr(model)) == (before, text)
    assert applied(model, []) is model


BREAKS = {
    "no-such-state": entry("add.transition", actor="s0", event="s0_e0", from_="nowhere"),
    "no-controller": entry("add.transition", actor="s0", event="odd", from_="a", sends=False),
    "two-controllers": entry("add.transition", actor="s1", event="s0_e0", from_="b", sends=True),
    "foreign-guard": entry("add.unknown", name="far", values="x y", host="far away")
                     + entry("add.transition", actor="s0", event="peeks", from_="a", when="far is x"),
    "blocking-receiver": entry("add.actor", name="odd", host="h", states="q r",
                               rows=[{"event": "s0_e0", "from": "q", "to": "r"}]),
    "single-value": entry("add.unknown", name="odd", values="one", host="h"),
    "case-only": entry("add.unknown", name="U0", values="one two", host="h"),
    "unsayable-name": entry("add.predicate", name="so so", is_="true"),
    "duplicate-name": entry("add.actor", name="odd", host="h", states="q r", groups={"q": "r"}),
    "no-such-event": entry("alter.actor", name="s0", ignores="odd"),
    "no-environment": entry("add.assumption", condition="p is off", doc="odd"),
    "conflicting-effects": entry("alter.transition", actor="s0", event="s0_e0",
                                 effects=["set r0.kind to none", "set r0.kind to ccm"]),
}  # fmt: skip
"""Entries with which a lint objects, whatever the random model; the last of them is the one that is wrong."""


@MANY
@given(st.data())
def test_what_a_lint_finds_is_said_of_the_entry_that_brings_it(data: st.DataObject) -> None:
    model = data.draw(models(), "model")
    rule = data.draw(st.sampled_from(sorted(BREAKS)), "rule")

    def harmless(kind: str) -> list[str]:
        count = data.draw(st.integers(0, 2), kind)
        return [entry("add.predicate", name=f"{kind}{i}", is_="p is on") for i in range(count)]

    before, after = "\n".join(harmless("before")), "\n".join(harmless("after"))
    made = change(before, BREAKS[rule], after)
    with pytest.raises(ModelError) as caught:
        applied(model, [made])
    wrong = made.entries[before.count("[[") + BREAKS[rule].count("[[") - 1]
    line = made.document.place(wrong.way).line
    assert str(caught.value).startswith(f"change.toml:{line}:1: [[{wrong.form.name}]] ")
    assert f"[{rule}]" in str(caught.value)
    assert "\n" not in str(caught.value)


APPLIED = cases(Path(__file__).with_name("errors_applied.txt"))
"""What a file says after its title and an empty line, and the error where it is applied."""


@pytest.mark.parametrize("text", APPLIED)
def test_an_entry_about_what_is_not_there_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        applied(DOOR, [change(text)])
    assert str(caught.value) == f"change.toml:{APPLIED[text]}"


def test_nothing_of_a_bad_file_is_applied() -> None:
    made = change(entry("remove.actor", name="bell"), entry("remove.actor", name="ball"))
    design = Design(lambda *_: DOOR, (made,))
    for _ in range(2):
        with pytest.raises(ModelError, match=r"^change.toml:6:1: .*there is no actor 'ball'"):
            design.model(Scenario("calm", "d"))
    assert Design(lambda *_: DOOR).model(Scenario("calm", "d")) == DOOR


def test_an_event_that_nobody_can_decide_any_more_is_gone() -> None:
    """That is a finding of the report, and no error."""
    network = expand(applied(DOOR, [change(entry("remove.transition", actor="porter", event="let_in"))]))
    assert "let_in" not in network.event
    network = expand(applied(DOOR, [change(entry("alter.transition", actor="bell", event="ring", when="false"))]))
    assert "ring" not in network.event


def test_two_files_that_want_different_settings_contradict_each_other() -> None:
    one = change(head="[settings]\nkey = 'good'\n[durations]\nlife = '1 h'", name="one")
    two = change(head="[settings]\nkey = { before = 'good', after = 'bad' }", name="two")
    three = change(head="[durations]\nlife = '2 h'", name="three")
    with pytest.raises(ModelError) as caught:
        pair(door, [one, two])
    assert (
        str(caught.value) == "two.toml:3:1: key is bad after here, and good in one: the changes contradict each other"
    )
    with pytest.raises(ModelError) as caught:
        pair(door, [one, three])
    assert str(caught.value) == (
        "three.toml:3:1: life is 120 to 120 min here, and 60 to 60 min in one: the changes contradict each other"
    )
    before, after = pair(door, [two], {"weather": "dry"})
    assert (before.settings, after.settings) == (
        {"key": "good", "weather": "dry"}, {"key": "bad", "weather": "dry"},
    )  # fmt: skip
    assert after.scenario(Scenario("s", "d", durations={"other": (1, 2)})).durations == {"other": (1, 2)}
    assert Design(door, (three,)).scenario(Scenario("s", "d", durations={"life": (1, 2)})).durations == {
        "life": (120, 120)
    }


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ("kee = 'good'", "3:1: there is no actor 'kee' (did you mean 'key'?)"),
        ("key = { after = 'god' }", "3:9: key has no state 'god' (did you mean 'good'?)"),
        ("bell = 'silent'", "3:1: bell moves; only unknowns and parameters can be set"),
    ],
)
def test_a_setting_of_what_is_not_there_is_refused_with_its_place(setting: str, error: str) -> None:
    for entries in ([], [entry("remove.actor", name="weather")]):
        made = change(*entries, head=f"[settings]\n{setting}")
        with pytest.raises(ModelError) as caught:
            applied(DOOR, [made])
        assert str(caught.value) == f"change.toml:{error}"


def test_what_strikes_is_owed_by_nothing() -> None:
    breaks = entry("add.transition", actor="bell", event="break", from_="silent", to="silent")
    network, plain = (expand(applied(DOOR, [change(breaks, head=head)])) for head in ("strikes = 'break'", ""))
    owed = {name for group in fairness_of(network) for name in group.events}
    assert owed == {name for group in fairness_of(plain) for name in group.events} - {"break"}
    assert Fairness("bell goes on", ("ring", "fall_silent"), strong=False) in fairness_of(network)
    with pytest.raises(ModelError) as caught:
        applied(DOOR, [change(head="strikes = 'rings'")])
    assert str(caught.value) == "change.toml:2:1: there is no event 'rings' (did you mean 'ring'?)"
