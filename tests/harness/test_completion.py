"""Completion of names: what is offered is right, what is right is offered, and each of the four shells gets it."""

from __future__ import annotations

import re

import pytest
from ccmproof.harness import cli
from ccmproof.harness.cli.completion import Names, complete_property, complete_scenario, completed, settings
from ccmproof.harness.expression import expression
from ccmproof.model.kernel.expand import expand
from demo import SCENARIOS, build, demo
from hypothesis import given, reject
from hypothesis import strategies as st
from typer.testing import CliRunner

MODEL = build(SCENARIOS["calm"])
NETWORK = expand(MODEL)
NAMES = Names.of(MODEL)
QUOTED = Names({"sky": ("blue", "not yet", "is")})


@pytest.fixture(autouse=True)
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo in place of the shipped system."""
    monkeypatch.setattr(cli, "system", demo)


def offered(text: str, names: Names = NAMES) -> list[str]:
    return [each for each, _ in completed(text, names)]


def test_a_part_begins_with_an_actor_a_predicate_an_event_or_not() -> None:
    assert set(offered("")) == {*NAMES.actors, *NAMES.predicates, *NAMES.events, "not"}
    assert set(NAMES.actors) == {each.name for each in NETWORK.actors}
    assert set(NAMES.events) == set(NETWORK.event)
    assert [what for text, what in completed("", NAMES) if text in ("bell", "fits", "ring", "not")] == [
        "actor", "predicate", "event", "keyword",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("request.s", ["request.shown is nothing", "request.shown is good", "request.shown is bad"]),
        ("bell ", ["bell is", "bell is not", "bell in {", "bell not in {"]),
        ("bell is ", ["bell is silent", "bell is ringing", "bell is not"]),
        ("bell is r", ["bell is ringing"]),
        ("bell is not ", ["bell is not silent", "bell is not ringing"]),
        ("bell not ", ["bell not in {"]),
        ("bell in ", ["bell in {"]),
        ("bell in {r", ["bell in {ringing}", "bell in {ringing,"]),
        ("bell in {ringing, ", ["bell in {ringing, silent}"]),
        ("bell in {ringing ", ["bell in {ringing ,", "bell in {ringing }"]),
        ("bell in {ringing} ", ["bell in {ringing} and", "bell in {ringing} or"]),
        ("fits ", ["fits and", "fits or"]),
        ("(fits ", ["(fits and", "(fits or", "(fits )"]),
        ("not (fits or le", ["not (fits or leave", "not (fits or let_in"]),
        ("fits and bell is silent o", ["fits and bell is silent or"]),
        ("fits fits ", []),
        ("nobody is ", []),
    ],
)
def test_the_last_word_is_completed(text: str, candidates: list[str]) -> None:
    assert sorted(offered(text)) == sorted(candidates)


def test_a_state_that_needs_quotes_is_offered_with_them() -> None:
    assert offered("sky is ", QUOTED) == ["sky is blue", 'sky is "not yet"', 'sky is "is"', "sky is not"]
    assert offered('sky is "n', QUOTED) == ['sky is "not yet"']
    assert offered('sky is "not yet" ', QUOTED) == ['sky is "not yet" and', 'sky is "not yet" or']


@given(st.data())
def test_whatever_is_offered_leads_to_an_expression(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(["", "(", "not ("]))
    least = data.draw(st.integers(3, 9))
    for words in range(30):
        text = data.draw(st.sampled_from(offered(f"{text} " if words else text)))
        if words >= least and offered(f"{text} ")[:1] == [f"{text} and"]:
            break
    else:
        reject()
    assert expression(text + ")" * (text.count("(") - text.count(")")), NETWORK) is not None


@pytest.mark.parametrize(
    "text",
    [
        "visitor is inside and not bell in {silent, ringing} or fits",
        "(let_in or request.count is not one) and key not in {good}",
        "not not ring and (bell is silent)",
    ],
)
def test_whatever_is_right_is_offered_word_by_word(text: str) -> None:
    assert expression(text, NETWORK) is not None
    for word in re.finditer(r"[\w.]+", text):
        before = text[: word.start()]
        assert any(each.startswith(before + word.group()) for each in offered(text[: word.start() + 1])), word.group()


def test_settings_complete_names_and_after_the_sign_values() -> None:
    assert [each for each, _ in settings("", MODEL)] == ["key=", "weather=", "porter_checks=", "alarm="]
    assert [each for each, _ in settings("key=", MODEL)] == ["key=good", "key=bad", "key=*"]
    assert [each for each, _ in settings("key=good,", MODEL)] == ["key=good,bad"]
    assert settings("visitor=", MODEL) == [] == settings("kez=", MODEL)


def test_scenarios_and_properties_are_offered_with_what_they_are() -> None:
    assert complete_scenario("st") == [("storm", "The same, and the alarm may ring")]
    assert complete_property("d-01") == [("D-01", "Nobody is inside with a bad key")]


ASKED = [
    ("complete_bash", "bell is r", "bell is ringing"),
    ("complete_zsh", "bell is r", '"bell is ringing":"state of bell"'),
    ("complete_fish", "bell is r", "bell is ringing\tstate of bell"),
    ("complete_powershell", "bell is r", "bell is ringing:::state of bell"),
]


@pytest.mark.parametrize(("shell", "word", "line"), ASKED)
@pytest.mark.parametrize("before", ["ask", "ask fits --when", "ask fits --leads-to", "explain --goal"])
def test_each_shell_gets_the_whole_expression(shell: str, word: str, line: str, before: str) -> None:
    assert line in shown(shell, before, f'"{word}', word)


def test_the_words_are_those_of_the_scenario_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def telling() -> object:
        of = demo()
        return type(of)(of.scenarios, lambda scenario, *_: (asked.append(scenario.name), build(scenario))[1], of.suite)

    monkeypatch.setattr(cli, "system", telling)
    shown("complete_bash", "ask --scenario storm", '"be', "be")
    assert asked == ["storm"]
    assert shown("complete_bash", "ask --scenario nowhere", '"be', "be").strip() == ""


@pytest.mark.parametrize(
    ("before", "word", "line"),
    [
        ("check", "R-0", "R-01"),
        ("explain", "R-0", "R-02"),
        ("check --scenario", "c", "calm"),
        ("list", "pred", "predicates"),
        ("show", "requ", "request"),
        ("show", "D-0", "D-06"),
        ("show", "st", "storm"),
        ("ask fits --set", "we", "weather="),
        ("ask fits --engine", "nu", "numba"),
        ("ask fits --change", "c01", "c01-drop-user-fallback"),
    ],
)
def test_other_words_are_completed_too(before: str, word: str, line: str) -> None:
    assert line in shown("complete_bash", before, word, word).splitlines()


def shown(shell: str, before: str, typed: str, word: str) -> str:
    """What a shell is told where a command line ends with a word, as it is typed."""
    line = f"ccmproof {before} {typed}"
    result = CliRunner().invoke(
        cli.app,
        prog_name="ccmproof",
        env={
            "_CCMPROOF_COMPLETE": shell,
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(before.split()) + 1),
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_TYPER_COMPLETE_WORD_TO_COMPLETE": word,
        },
    )
    return result.stdout
