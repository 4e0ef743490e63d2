"""Pictures of a workflow: found in the model, put together, and each step that is drawn one of a replayed run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
from ccmproof.diagrams.compose import composed, way_through
from ccmproof.diagrams.form import Beside, Frame, Framing, Kind, Message, Role, Section, Sequence
from ccmproof.diagrams.formats import written
from ccmproof.diagrams.told import Carries
from ccmproof.diagrams.workflow import Course, cited_in, steps_of, workflow_sequence
from ccmproof.harness import cli
from ccmproof.harness.drawing import drawn_workflow
from ccmproof.harness.pictures import courses
from ccmproof.harness.system import System, shipped
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.picture import Picture, Way
from ccmproof.model.scenario import Scenario
from ccmproof.model.statements import STATEMENTS
from ccmproof.model.workflow import workflow
from ccmproof.model.workflow.pictures import PICTURES
from demo import demo
from mermaid_grammar import ParsedFrame, parsed
from typer.testing import CliRunner

DOOR = Scenario("door", "", pins={"key": "good", "weather": "dry"})
CARRIES = Carries({"request.shown": "key"}, "request.shown", to=("porter",))
VISIT = Picture(
    "visit",
    "A visit",
    "V",
    "",
    DOOR,
    goals=("visitor is inside", "visitor is outside"),
    lanes=("porter",),
    ways=(
        Way("a good key"),
        Way("a bad key, and the porter is lax", "the key is good", {"key": "bad", "porter_checks": "lax"}),
        Way("a bad key", sets={"key": "bad"}, goals=("visitor is waiting", "visitor is outside")),
    ),
)


def system(picture: Picture = VISIT) -> System:
    return replace(demo(), pictures={picture.name: picture})


def test_runs_are_found_goal_by_goal_and_put_together() -> None:
    found = courses(system(), VISIT)
    assert [[step.event for step in each.run.steps] for each in found] == [
        ["ask_with_good_key", "let_in", "leave"],
        ["ask_with_bad_key", "let_in", "leave"],
        ["ask_with_bad_key", "turn_away"],
    ]
    assert workflow_sequence("A visit", found, CARRIES, lanes=VISIT.lanes, notes=["so"]) == Sequence(
        "A visit",
        ("porter", "visitor"),
        (
            Beside("porter", "visitor", ("so",), Role.QUIET),
            Frame(
                Framing.ALT,
                (
                    Section(
                        "the key is good",
                        (Message("visitor", "porter", ("1 · ask with good key", "key good", "[V1]")),),
                    ),
                    Section(
                        "a bad key, and the porter is lax",
                        (
                            Message("visitor", "porter", ("2 · ask with bad key", "key bad", "[V1]")),
                            Frame(
                                Framing.BREAK,
                                (
                                    Section(
                                        "a bad key",
                                        (Message("porter", "visitor", ("3 · turn away (401)", "[P2]"), Kind.FAILURE),),
                                        usual=False,
                                    ),
                                ),
                            ),
                        ),
                        usual=False,
                    ),
                ),
            ),
            Message("porter", "visitor", ("4 · let in", "[P1 P2]"), Kind.REPLY),
            Beside("visitor", "visitor", ("5 · leave [V2]",)),
        ),
    )


def test_what_lies_before_is_not_drawn() -> None:
    later = replace(VISIT, before=("visitor is inside",), goals=("visitor is outside",), ways=VISIT.ways[:2])
    found = courses(system(later), later)
    assert [each.begins for each in found] == [2, 2]
    drawn = workflow_sequence("t", found, CARRIES)
    assert drawn.items == (Beside("visitor", "visitor", ("1 · leave [V2]",)),)


def test_a_passage_that_was_told_is_told_by_its_numbers() -> None:
    twice = replace(VISIT, goals=VISIT.goals * 2, ways=VISIT.ways[:1])
    drawn = workflow_sequence("t", courses(system(twice), twice), CARRIES)
    assert drawn.items[3:] == (
        Beside("visitor", "porter", ("4–6 as 1–3: ask with good key, let in, leave",), Role.QUIET),
    )


def test_of_a_step_the_statements_of_other_parts_are_left_out_beside_its_own() -> None:
    assert cited_in("I", ["I3.4", "R4.1", "A23", "T2"]) == ("I3.4", "A23")
    assert cited_in("I", ["R4.1", "X3"]) == ("R4.1", "X3")
    assert cited_in("", ["I3.4", "R4.1"]) == ("I3.4", "R4.1")


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ({"goals": ("visitor is insde",)}, "visitor has no state 'insde'"),
        ({"goals": ("bell is ringing",)}, "visit, 'x': bell is ringing is not reached"),
        ({"sets": {"kee": "good"}}, "there is no actor 'kee'"),
    ],
)
def test_a_picture_that_cannot_be_is_refused(way: Mapping[str, object], said: str) -> None:
    picture = replace(VISIT, ways=(Way("x", **way),))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=re.escape(said)):
        courses(system(picture), picture)


def test_a_picture_is_of_one_environment() -> None:
    picture = replace(VISIT, scenario=replace(DOOR, pins={}))
    with pytest.raises(ModelError, match="visit, 'a good key': one environment is meant, not 4"):
        courses(system(picture), picture)


def test_the_command_draws_it_and_refuses_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "system", system)
    result = CliRunner().invoke(cli.app, ["diagram", "workflow", "visit"])
    assert result.exit_code == 0 and [each.framing for each in parsed(result.stdout).frames] == ["alt"]
    result = CliRunner().invoke(cli.app, ["diagram", "workflow", "vist"])
    said = "ccmproof: there is no workflow 'vist' (did you mean 'visit'?); there are visit\n"
    assert (result.exit_code, result.stderr) == (2, said)


# What is shipped


@cache
def found(name: str) -> list[Course]:
    return courses(shipped(), PICTURES[name])


@cache
def text(name: str) -> str:
    return written(drawn_workflow(shipped(), name), "mermaid").decode()


@pytest.mark.parametrize("name", PICTURES)
def test_every_way_through_a_picture_is_the_run_of_its_name(name: str) -> None:
    picture = PICTURES[name]
    runs = steps_of(found(name), CARRIES, picture.part, picture.phase)
    parts = composed(runs)
    for number, (run, course) in enumerate(zip(runs, found(name), strict=True)):
        assert way_through(parts, number) == run and len(run) == len(course.run) - course.begins > 0


@pytest.mark.parametrize("name", PICTURES)
def test_steps_are_numbered_from_the_top_and_what_is_told_by_numbers_is_what_stands_there(name: str) -> None:
    told: dict[int, str] = {}
    for _, _, label in parsed(text(name)).items:
        said = " ".join(label)
        if again := re.match(r"(\d+)–(\d+) as (\d+)–(\d+): (.*)", said):
            a, b, c, d = map(int, again.groups()[:4])
            assert a == len(told) + 1 and b - a == d - c and d < a
            passage = [told[number] for number in range(c, d + 1)]
            assert again[5] == ", ".join(passage)
            told.update(zip(range(a, b + 1), passage, strict=True))
            continue
        for number, event in re.findall(r"(\d+) · (.*?)(?= endpoint|(?: \[[A-Z0-9.a-z ]+\])(?: |$)|$)", said):
            assert int(number) == len(told) + 1
            told[int(number)] = event
    drawn = {step.said for run in steps_of(found(name), CARRIES) for step, _ in run}
    assert len(told) > 40 and set(told.values()) == drawn


TOLD_ELSEWHERE = {
    "R4.2": "what follows the registration: the picture of the renewal has a message",
}
"""The statements that the picture of their part does not tell, and why."""


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_cites_every_statement_of_its_part(name: str) -> None:
    picture = PICTURES[name]
    cited = {cite for run in steps_of(found(name), CARRIES, picture.part) for step, _ in run for cite in step.cites}
    in_the_model = {cite for _, cites in workflow().citations() for cite in cites.split()}
    wanted = {each for each in STATEMENTS if each.startswith(picture.part)} & in_the_model
    assert wanted - cited == {each for each in TOLD_ELSEWHERE if each.startswith(picture.part)}
    for cite in wanted - TOLD_ELSEWHERE.keys():
        assert re.search(rf"[\[ ]{re.escape(cite)}[\] ]", text(name).replace("<br/>", " ")), cite


def labels(frames: list[ParsedFrame], depth: int = 0) -> list[str]:
    """What is said of the sections of frames, the inner ones further to the right."""
    told = []
    for frame in frames:
        for section in frame.sections:
            told += [f"{'  ' * depth}{frame.framing}: {section.label}", *labels(section.frames, depth + 1)]
    return told


def test_the_alternatives_of_the_installation_are_those_that_the_document_tells() -> None:
    assert labels(parsed(text("install")).frames) == [
        "break: a valid PKI client certificate is preferred: it goes on as a PKI client, without any Entra step",
        "alt: the command line does not give the Entra properties: ccmsetup asks the CMG for them",
        "  break: the CMG's certificate is of a PKI whose root is not on the device",
        "  break: no revocation list is in hand, and /NoCRLCheck was not given",
        "  break: the tenant is not onboarded",
        "  break: the workplace-join certificate is not found",
        "alt: the command line gives the Entra properties",
        "alt: the device token can be had",
        "alt: the device token request fails: the user's token",
        "  break: neither token can be had: the app is not enabled, and a policy is in the way",
        "alt: the content is in the cloud",
        "alt: the content is not in the cloud: from the management point, through the CMG",
    ]


def test_the_alternatives_of_the_registration_and_the_renewal() -> None:
    assert labels(parsed(text("registration")).frames) == [
        "alt: the device token can be had",
        "alt: the device token request fails: the user's token",
        "  break: neither token can be had: it goes on with a valid PKI certificate, to another approval",
        "break: the management point does not take the proof: a user's token, on enhanced HTTP",
        "alt: the client is registered at once",
        "alt: it is left pending: the client asks again, once the site has confirmed it",
        "alt: the device token can be had",
        "alt: the device token request fails: the user's token",
    ]
    assert labels(parsed(text("renewal")).frames) == [
        "alt: a message of SYSTEM's",
        "alt: a message of the user's own account",
        "alt: the cached token is expired or close to expiry: a new one first",
        "  alt: a message of SYSTEM's",
        "    break: no Entra token can be had: the device was disabled in Entra",
        "  alt: a message of the user's own account",
        "alt: the cached token is alive, and not close to expiry",
        "break: the site refuses a token that the client thinks alive: its signing key was renewed",
    ]


def test_a_token_that_is_expired_is_renewed_like_one_that_is_close_to_it() -> None:
    ending, expired = steps_of(found("renewal")[:2], CARRIES)
    assert ending == expired


def test_the_usual_way_is_never_shaded() -> None:
    for name in PICTURES:
        for frame in parsed(text(name)).frames:
            shaded = [section.shaded for section in frame.sections]
            assert shaded == ([True] if frame.framing == "break" else [False, True])
