"""How a validation reads: whole pages to the letter, and the forms that programs read, by what their readers need.

One room although it is long: every form is held to the same few validations of one small model. Run as a script, it
writes the pages in ``tests/golden`` anew; look at the difference.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.changes.compare import Became
from ccmproof.harness.changes.validate import validate
from ccmproof.harness.changes.validation import InScenario, Told, Validation
from ccmproof.harness.render import (
    validation,
    validation_html,
    validation_json,
    validation_junit,
    validation_markdown,
    validation_sarif,
)
from ccmproof.harness.render.validation_markdown import escaped
from ccmproof.harness.render.validation_words import part, then_and_now, was_and_is
from ccmproof.harness.report import Exit
from ccmproof.harness.system import System
from ccmproof.properties.property import Verdict
from door_changes import LATCH, NOTHING, TRUSTING, change, door, validated
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from library import TENS, at_most
from library import build as library

GOLDEN = Path(__file__).parent.parent / "golden"

LOUD = """\
title = "The bell rings whenever it likes"
[[alter.transition]]
actor = "bell"
event = "ring"
when = "true"

[[alter.transition]]
actor = "porter"
event = "let_in"
when = "porter_checks is lax or request.shown is not nothing"

[[alter.transition]]
actor = "porter"
event = "turn_away"
when = "request.shown is nothing"
"""
"""Breaks A-01 by its first entry, and D-01 by its second."""

BY_NIGHT = 'title = "The desk lends by night"\n[settings]\nlends_by_night = { before = "no", after = "yes" }\n'


@cache
def one(name: str, scenario: str = "") -> Validation:
    """A change of the door, alone."""
    text = {"trusting": TRUSTING, "latch": LATCH, "nothing": NOTHING, "loud": LOUD}[name]
    return validated((name, text), scenario=scenario)


def rivals() -> list[Validation]:
    return [one("trusting", "storm"), one("latch"), one("nothing", "storm")]


def both() -> Validation:
    """Two changes in order, in both scenarios."""
    system = door()
    changes = [change(LATCH, "latch"), change(TRUSTING, "trusting")]
    return validate(system, changes, list(system.scenarios.values()))


PAGES = {
    "validate-trusting.txt": lambda: validation.render([one("trusting")], width=100),
    "validate-trusting.md": lambda: validation_markdown.render([one("trusting")]),
    "validate-latch.txt": lambda: validation.render([one("latch")], width=80),
    "validate-compare.txt": lambda: validation.render(rivals(), width=100),
    "validate-compare.md": lambda: validation_markdown.render(rivals()),
    "validate-both.txt": lambda: validation.render([both()], width=100),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_to_the_letter(name: str) -> None:
    assert PAGES[name]() == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".txt")])
def test_no_line_of_a_page_is_wider_than_the_page(name: str) -> None:
    assert max(map(len, PAGES[name]().splitlines())) <= 100


def test_a_page_in_ascii_has_no_other_sign() -> None:
    text = validation.render([one("trusting")], width=80, ascii=True)
    assert text.isascii() and "?" not in text.replace("?turn_away", "")


def test_the_verdict_is_on_the_first_screen() -> None:
    head = validation.render([one("trusting")], width=80).splitlines()[:20]
    assert any(line.startswith("breaks 1 · repairs 1 · vacuous now 1 (1 on purpose)") for line in head)
    assert any(line.strip().startswith("✗ broken  D-01") for line in head)


@pytest.mark.parametrize(
    ("count", "total", "said"),
    [
        (0, 4, "none"),
        (4, 4, "all"),
        (1, 4, "1/4"),
        (8, 12, "2/3"),
        (1, 13, "1 (7.6 %)"),
        (5, 10**9, "5 (< 0.000001 %)"),
    ],
)
def test_a_part_of_the_environments(count: int, total: int, said: str) -> None:
    assert part(count, total) == said


@given(st.integers(1, 10**12), st.data())
def test_different_numbers_never_look_the_same(total: int, data: st.DataObject) -> None:
    before, after = (data.draw(st.integers(0, total)) for _ in range(2))
    said = then_and_now(before, after, total)
    assert (said[0] == said[1]) is (before == after)


@pytest.mark.parametrize(
    ("before", "after", "total", "said"),
    [
        (0, 1, 4, "failed in none, now in 1/4 of 4 environments"),
        (1, 1, 4, "failed in 1/4 of 4 environments, as before"),
        (0, 1, 1, "failed in no environment, now in it"),
        (1, 0, 1, "failed in the only environment, now not in it"),
    ],
)
def test_before_and_after_in_a_sentence(before: int, after: int, total: int, said: str) -> None:
    assert was_and_is(before, after, total, "failed") == said


def test_a_bound_that_moved_is_told_with_what_is_claimed() -> None:
    system = System({"tens": TENS}, library, (at_most(30),))
    found = validate(system, [change(BY_NIGHT, "by-night")])
    text = validation.render([found], width=100)
    assert "T-01  30 min ± 10 min → none up to 1 h (claimed: at most 30 min)\n" in text
    assert validation_json.as_data([found])["validations"][0]["scenarios"][0]["properties"][0]["after"]["bound"] == {
        "reading": "over",
        "minutes": None,
        "tick_minutes": 10,
        "promised": None,
    }
    table = validation.render([found, replace(found, changes=(change(NOTHING, "nothing"),))], width=100)
    assert re.search(r"bound of T-01 +30 min ± 10 min → none up to 1 h", table)


@pytest.mark.parametrize("found", [[one("trusting")], rivals(), [both()], [one("loud", "storm")]])
def test_json_is_what_its_schema_says(found: list[Validation]) -> None:
    text = (resources.files("ccmproof.harness") / "schema" / "validation-1.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    data = json.loads(validation_json.render(found))
    Draft202012Validator(schema).validate(data)
    assert [each["exit"] for each in data["validations"]] == [int(each.exit) for each in found]


def test_the_schema_has_the_parts_of_a_report_as_the_report_has_them() -> None:
    here, there = (
        json.loads((resources.files("ccmproof.harness") / "schema" / f"{name}-1.json").read_text(encoding="utf-8"))
        for name in ("validation", "report")
    )
    for name in ("verdict", "cause", "counterexample", "run", "strings", "count"):
        assert here["$defs"][name] == there["$defs"][name]
    assert here["$defs"]["became"]["enum"] == [each.value for each in Became]


def test_json_has_what_the_page_leaves_out() -> None:
    (found,) = validation_json.as_data([one("trusting")])["validations"]
    told = {each["id"]: each for each in found["scenarios"][0]["properties"]}
    assert told["D-01"]["environments"] == {
        "total": 4, "failing": [0, 2], "spoken_of": [4, 4], "broken": 2, "repaired": 0,
        "newly_spoken_of": 0, "failing_where_newly_spoken_of": 0, "no_longer_spoken_of": 0,
    }  # fmt: skip
    assert told["D-01"]["refusal"] == {
        "step": 2, "event": "let_in", "needs": ["request.shown is good", "porter_checks is lax"], "instead": {},
    }  # fmt: skip
    assert told["D-06"]["given_up"] == {
        "verdict": "vacuous", "reason": "Nobody is refused any more, so nobody asks again.", "intended": True,
    }  # fmt: skip


def cases(found: list[Validation]) -> dict[tuple[str, str], ElementTree.Element]:
    """The cases of the XML, by suite and name."""
    root = ElementTree.fromstring(validation_junit.render(found).encode("utf-8"))
    return {(str(suite.get("name")), str(case.get("name")).partition(":")[0]): case for suite in root for case in suite}


def test_junit_has_a_case_for_each_property() -> None:
    found = cases([one("trusting")])
    verdicts = {name: [child.tag for child in case] for (suite, name), case in found.items() if suite == "calm"}
    assert verdicts == {
        "D-01": ["failure"],
        "D-02": ["system-out"],
        "D-03": [],
        "D-04": ["system-out"],
        "D-05": [],
        "D-06": ["system-out"],
        "R-01": [],
        "R-02": ["system-out"],
        "A-01": ["skipped"],
    }
    purpose = found["calm", "D-06"].findtext("system-out")
    assert purpose is not None and "given up on purpose: Nobody is refused any more" in purpose
    failure = found["calm", "D-01"].find("failure")
    assert failure is not None and failure.text is not None
    assert "the original refuses at step 2 (porter: let in → visitor), because before it" in failure.text


def test_junit_has_undetermined_as_an_error_and_what_is_not_given_up_as_a_failure() -> None:
    given = '\n[[gives_up]]\nproperty = "D-03"\nverdict = "fails"\nreason = "who knows"\n'
    idle = validated(("idle", NOTHING + given))
    failed = cases([idle])["the changes themselves", "idle gives up D-03"]
    assert [child.tag for child in failed] == ["failure"]
    stopped = replace(idle, scenarios=(cut_short(idle),))
    tags = {name: [child.tag for child in case] for (suite, name), case in cases([stopped]).items() if suite == "calm"}
    assert tags["D-03"] == ["error"]


def cut_short(found: Validation) -> InScenario:
    """The first scenario, as if D-03 had not been judged."""
    scenario = found.scenarios[0]

    def undetermined(told: Told) -> Told:
        if told.compared.prop.id != "D-03" or told.compared.after is None:
            return told
        after = replace(told.compared.after, verdict=Verdict.UNDETERMINED)
        return replace(told, compared=replace(told.compared, after=after))

    return replace(scenario, told=tuple(undetermined(each) for each in scenario.told))


def results(found: list[Validation]) -> dict[str, Any]:
    """The results of the SARIF log, by rule."""
    (run,) = json.loads(validation_sarif.render(found))["runs"]
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == [each["ruleId"] for each in run["results"]]
    return {each["ruleId"]: each for each in run["results"]}


def region(result: dict[str, Any]) -> tuple[str, int]:
    place = result["locations"][0]["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


def test_sarif_points_at_the_entry_that_breaks_each_property() -> None:
    found = results([one("loud", "storm")])
    lines = LOUD.splitlines()
    entry = ("loud.toml", lines.index('event = "let_in"') - 1)
    assert {name: region(each) for name, each in found.items()} == {"D-01": entry, "A-01": entry}
    assert results([one("trusting")])["D-01"]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 5,
        "startColumn": 1,
    }


def test_sarif_has_the_run_as_a_code_flow() -> None:
    (thread,) = results([one("trusting")])["D-01"]["codeFlows"][0]["threadFlows"]
    assert [each["location"]["message"]["text"].partition(" (")[0] for each in thread["locations"]] == [
        "1. visitor: ask with bad key → porter",
        "2. porter: let in → visitor",
    ]
    assert [each["importance"] for each in thread["locations"]] == ["important", "essential"]
    assert [each["executionOrder"] for each in thread["locations"]] == [1, 2]


def test_sarif_suppresses_what_is_given_up_and_tells_what_is_not() -> None:
    given = '\n[[gives_up]]\nproperty = "{}"\nverdict = "fails"\nreason = "so be it"\n'
    found = results([validated(("loud", LOUD + given.format("D-01") + given.format("D-03")), scenario="calm")])
    assert found["D-01"]["suppressions"] == [{"kind": "inSource", "justification": "so be it"}]
    line = (LOUD + given.format("D-01") + given.format("D-03")).splitlines().index('property = "D-03"')
    assert region(found["not-given-up"]) == ("loud.toml", line)


ESSENTIAL = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "runs": {
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"required": ["driver"], "properties": {"driver": {"required": ["name", "rules"]}}},
                    "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                    "invocations": {"items": {"required": ["executionSuccessful"]}},
                },
            }
        },
    },
    "$defs": {
        "message": {"required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
        "location": {
            "properties": {
                "message": {"$ref": "#/$defs/message"},
                "physicalLocation": {
                    "required": ["artifactLocation", "region"],
                    "properties": {
                        "artifactLocation": {"required": ["uri"]},
                        "region": {
                            "required": ["startLine"],
                            "additionalProperties": False,
                            "properties": {
                                "startLine": {"type": "integer", "minimum": 1},
                                "startColumn": {"type": "integer", "minimum": 1},
                            },
                        },
                    },
                },
            }
        },
        "result": {
            "required": ["ruleId", "message", "locations"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string"},
                "level": {"enum": ["none", "note", "warning", "error"]},
                "message": {"$ref": "#/$defs/message"},
                "locations": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/location"}},
                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                "suppressions": {"items": {"required": ["kind"]}},
                "codeFlows": {
                    "items": {
                        "required": ["threadFlows"],
                        "properties": {
                            "threadFlows": {
                                "minItems": 1,
                                "items": {
                                    "required": ["locations"],
                                    "properties": {
                                        "locations": {
                                            "minItems": 1,
                                            "items": {
                                                "properties": {
                                                    "location": {"$ref": "#/$defs/location"},
                                                    "importance": {"enum": ["important", "essential", "unimportant"]},
                                                }
                                            },
                                        }
                                    },
                                },
                            }
                        },
                    }
                },
            },
        },
    },
}
"""What SARIF 2.1.0 demands of the parts that are written here."""


@pytest.mark.parametrize("found", [[one("trusting")], rivals(), [one("loud", "storm")], [one("nothing")]])
def test_sarif_has_the_essential_structure(found: list[Validation]) -> None:
    Draft202012Validator(ESSENTIAL).validate(json.loads(validation_sarif.render(found)))


class _Tags(HTMLParser):
    """Follows the tags, and complains of one that is not closed."""

    VOID = ("meta", "link", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("found", [[one("trusting")], rivals(), [both()]])
def test_html_is_whole_and_loads_nothing(found: list[Validation]) -> None:
    page = validation_html.render(found)
    tags = _Tags()
    tags.feed(page)
    assert tags.open == [] and tags.seen.count("h1") == (2 if found[0].changes[1:] else 1)
    assert re.findall(r"(?:src|href|url)\s*[=(]", page) == []
    for told in found[0].scenarios[0].that(Became.BROKEN):
        assert told.compared.prop.id in tags.text


def test_what_a_file_says_is_text_in_every_form() -> None:
    nasty = 'title = "<b>*bold*</b> | `code` & more"\n[[alter.predicate]]\nname = "fits"\nis = "true"\n'
    found = [validated(("nasty", nasty))]
    page = validation_html.render(found)
    assert "<b>*bold" not in page and "<h1>&lt;b&gt;*bold*&lt;/b&gt; | `code` &amp; more " in page
    assert "## \\<b\\>\\*bold\\*\\</b\\> \\| \\`code\\` & more\n" in validation_markdown.render(found)
    ElementTree.fromstring(validation_junit.render(found).encode("utf-8"))


def test_markdown_escapes_what_means_something() -> None:
    assert escaped("a_b *c* <d> [e](f) `g` h|i #1 ~k~") == (
        "a\\_b \\*c\\* \\<d\\> \\[e\\](f) \\`g\\` h\\|i \\#1 \\~k\\~"
    )


def test_the_exit_of_rivals_is_the_worst() -> None:
    assert validation_json.as_data(rivals())["exit"]["code"] == Exit.UNEXPECTED
    assert validation_json.as_data([one("latch"), one("nothing")])["exit"]["code"] == Exit.AS_EXPECTED


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for page_name, draw in PAGES.items():
        (GOLDEN / page_name).write_text(draw(), encoding="utf-8", newline="\n")
