"""The corpus is recognised as far as it concerns this workflow, and its causes are said by some line."""

from __future__ import annotations

import pytest
from ccmproof.harness.replay.codes import codes_in
from ccmproof.harness.replay.following.elsewhere import calls_inside
from ccmproof.harness.replay.pattern import Seen
from ccmproof.harness.replay.patterns import causes, codes, recogniser
from ccmproof.harness.replay.reading import read
from replay.cases import Case, cases

CASES = {case.name: case for case in cases()}
VERDICTS = {"conforms", "stalled", "deviates", "other workflow", "unknown"}


def recognised(case: Case) -> list[Seen]:
    with read([case.folder]) as reading:
        return list(recogniser().all(reading.lines))


def said(seen: list[Seen]) -> set[str]:
    """The causes that lines say, by their pattern or by a code in them."""
    by_pattern = {each.pattern.cause for each in seen if each.pattern.cause}
    return by_pattern | {cause for each in seen for code in codes_in(each.line.text) for cause in code.causes}


def test_every_case_has_its_logs_and_expects_what_there_is() -> None:
    known = {code.name for code in codes()} | {code.hex for code in codes()}
    for case in CASES.values():
        assert list(case.folder.iterdir()), case.name
        assert {case.verdict, *case.verdicts_too} <= VERDICTS, case.name
        assert [name for name in case.causes if name not in causes()] == [], case.name
        assert [name for name in case.codes if name not in known] == [], case.name


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.causes and not case.inferred])
def test_a_line_says_each_cause_that_is_expected(name: str) -> None:
    assert set(CASES[name].causes) <= said(recognised(CASES[name]))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.verdict == "other workflow"])
def test_another_workflow_is_told_by_its_lines_or_nothing_is_recognised(name: str) -> None:
    seen = recognised(CASES[name])
    assert not seen or any(each.pattern.workflow for each in seen) or calls_inside(seen)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.verdict == "conforms"])
def test_what_conforms_says_no_cause_and_no_other_workflow(name: str) -> None:
    seen = recognised(CASES[name])
    assert {each.pattern.cause for each in seen} <= {"", "registration pending", *CASES[name].overcome}
    assert {each.pattern.workflow for each in seen} == {""}


def test_the_corpus_has_most_of_the_causes() -> None:
    there = {cause for case in CASES.values() for cause in case.causes}
    assert len(there) >= 25
    assert {"root CA", "CRL", "WPJ"} <= there
