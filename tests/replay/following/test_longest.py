"""All longest explanations before a deviation are those that the reference semantics finds, one by one."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from brute import Seen as Whole
from ccmproof.harness.render.replay import Shown, html, markdown, text
from ccmproof.harness.render.replay_json import render
from ccmproof.harness.replay.following.answer import Diagnosis
from ccmproof.harness.replay.following.asked import Asked, asked
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.following.follow import Follower, deviating, followed
from ccmproof.harness.replay.following.ground import Ground
from ccmproof.harness.replay.following.longest import Longest, longest
from ccmproof.harness.replay.gathered import Gathered
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen
from ccmproof.model.kernel import product
from ccmproof.model.kernel.network import State
from hypothesis import HealthCheck, assume, given, settings
from jsonschema import Draft202012Validator

from . import followed as reference
from .test_follow import Told, after_of, told


def read_on(run: Told, state: State, first: int) -> bool:
    """Whether the lines from one on can be read from a state."""
    states = {state}
    for each in run.observed[first:]:
        states = reference.step(run.network, states, run.silent, each)
    return bool(states)


def expected(run: Told) -> list[set[str]]:
    """For each line the events that it stands for in some run that explains all of them."""
    states, found = set(product.initial_states(run.network)), []
    for number, (events, holds) in enumerate(run.observed):
        found.append(
            {
                event
                for event in events
                for after in reference.step(run.network, states, run.silent, ((event,), holds))
                if read_on(run, after, number + 1)
            }
        )
        states = reference.step(run.network, states, run.silent, (events, holds))
    return found


def must_have_happened(run: Told) -> list[set[str]]:
    """For each of the last lines the silent events without which nothing leads from the line before to it and on."""
    states, found = set(product.initial_states(run.network)), []
    for number, (events, holds) in enumerate(run.observed):
        useful = {state for state in states if read_on(run, state, number)}
        there = {
            state
            for state in reference.closed(run.network, useful, run.silent)
            for after in reference.step(run.network, {state}, frozenset(), (events, holds))
            if read_on(run, after, number + 1)
        }
        found.append({e for e in run.silent if not there & reference.closed(run.network, useful, run.silent - {e})})
        states = reference.step(run.network, states, run.silent, (events, holds))
    return found


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(told())
def test_each_line_stands_for_what_it_does_in_some_run_that_explains_all(run: Told) -> None:
    assume(run.observed)
    ground = Ground(run.network)
    follower = Follower(ground, run.silent, after_of(ground, Whole(run.network)).__getitem__, from_start=True)
    lines = [Asked(each) for each in reference.lines(run.observed)]
    found = followed(follower, lines)
    assert found.cost == 0 and found.point is not None
    told_of = longest(ground, run.silent, [found.point], [each.name for each in run.network.actors])
    assert [set(each.events) for each in told_of.lines] == expected(run)
    assert [each.places for each in told_of.lines] == [(n, n) for n in range(1, len(lines) + 1)]
    assert not told_of.cut
    assert [set(each.inferred) for each in told_of.lines] == must_have_happened(run)[: len(lines)]
    for each, truth in zip(told_of.lines, run.truth, strict=True):
        assert all(truth[run.network.position[name]] in states for name, states in each.actors.items())


TAKES = Pattern("takes", "", ("ccmsetup",), ("ccmsetup_takes_pki_certificate",), means="takes the certificate")
EITHER = Pattern("either", "", ("ccmsetup",), ("create_connection", "ccmsetup_has_entra_properties"), elsewhere=True)
ENDS = Pattern("ends", "", ("ccmsetup",), ("tls_succeeds", "tls_revocation_check_fails"), means="ends")
DENIES = Pattern("denies", "", ("ccmsetup",), ("ccmsetup_asks_the_cmg",), "pki is none_there", means="asks the CMG")


def deviates(using: Equipment, *patterns: Pattern) -> Diagnosis:
    lines = [Seen(Line("ccmsetup.log", n, "ccmsetup", f"line {n}"), each) for n, each in enumerate(patterns, start=1)]
    return diagnose(lines, using, logs=["ccmsetup"])


def deviation(using: Equipment, *patterns: Pattern) -> Longest:
    (found,) = deviates(using, *patterns).deviations
    return found.longest


@pytest.mark.long
def test_a_reading_that_the_rest_rules_out_is_none(using: Equipment) -> None:
    found = deviation(using, TAKES, EITHER, DENIES)
    takes, either = found.lines
    assert takes.begins and takes.events == ("ccmsetup_takes_pki_certificate",)
    assert either.events == ("create_connection",)
    assert not either.parts
    assert either.actors["install_mode"] == ("pki",)


@pytest.mark.long
def test_where_explanations_part_every_reading_is_told(using: Equipment) -> None:
    found = deviation(using, TAKES, EITHER, ENDS, DENIES)
    assert set(found.lines[-1].events) == {"tls_succeeds", "tls_revocation_check_fails"}
    assert found.lines[-1].parts


@pytest.mark.long
def test_the_page_and_the_json_say_what_is_common_and_where_they_part(using: Equipment) -> None:
    found = deviates(using, TAKES, EITHER, ENDS, DENIES)
    shown = Shown([(found, Gathered("", list(found.seen)))])
    page = " ".join(text(shown).split())
    assert "All longest explanations of the lines before it go back to ccmsetup.log line 1." in page
    assert "they have in common that this happens" in page
    assert "they part at which is one of" in page
    assert "tls succeeds or tls revocation check fails" in page or "tls revocation check fails or tls succeeds" in page
    data = json.loads(render(shown))
    schema = json.loads((resources.files("ccmproof.harness") / "schema" / "replay-1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(data)
    ((told_of,),) = [[each["explanations"] for each in device["deviations"]] for device in data["devices"]]
    assert [each["line"] for each in told_of["lines"]] == [1, 2, 3]


ASKS = Pattern("asks", "", ("ccmsetup",), ("ccmsetup_asks_the_cmg",), means="asks the CMG")
TOKEN = Pattern("token", "", ("ccmsetup",), ("ask_for_device_token",), means="asks for a device token")
CONFIRMED = Pattern(
    "no", "", ("ccmsetup",), ("registration_processes_confirmation",), "ccmsetup is started", means="no"
)


@pytest.mark.long
def test_what_leaves_no_line_and_must_have_happened_is_told_in_every_form(using: Equipment) -> None:
    """An open connection may have gone without a revocation check, so that this one is not claimed."""
    found = deviates(using, ASKS, TOKEN, CONFIRMED)
    first, second = found.deviations[0].longest.lines
    assert first.inferred == ()
    assert second.inferred == (
        "create_connection",
        "tls_succeeds",
        "ccmsetup_sends_aad_info_request",
        "cmg_gives_entra_properties",
        "cmg_returns_reply",
    )
    shown = Shown([(found, Gathered("", list(found.seen)))])
    for page in (text(shown), markdown(shown), html(shown)):
        assert page.index("(inferred)") < page.index("cmg gives entra properties") < page.index("ask for device token")
    (device,) = json.loads(render(shown))["devices"]
    assert device["deviations"][0]["explanations"]["lines"][1]["inferred"] == list(second.inferred)


def test_several_ways_of_the_same_cost_are_all_told() -> None:
    """A line that may be said again is a step on one way and none on the other: both are longest."""
    from .test_follow import _from_start, _ladder, _line

    network = _ladder()
    lines = asked([_line(1, "up1"), Seen(Line("a.log", 2, "a", "up1"), Pattern("x", "", (), ("up1", "up2")))])
    lines[1] = Asked(lines[1].seen, repeats=True)
    follower = _from_start(network)
    found = followed(follower, lines)
    assert found.point is not None
    _, second = longest(follower.ground, frozenset(), [found.point], ["m"]).lines
    assert second.events == ("up2",)
    assert second.beside == ("says it once more",)
    assert second.actors["m"] == ("s1", "s2")


def test_a_deviation_is_told_with_every_way_that_comes_to_it() -> None:
    from .test_follow import _from_start, _ladder, _line

    follower = _from_start(_ladder())
    lines = asked([_line(1, "up3"), Seen(Line("a.log", 2, "a", "never"), Pattern("n", "", (), ("never",), "u is yes"))])
    ((number, placed, steps),) = deviating(followed(follower, lines))
    assert (number, placed.seen.line.number) == (1, 2)
    assert len(steps) == 1
