"""A validation as JUnit XML: a suite for each scenario, a case for each property.

What breaks is a failure, unless it is given up on purpose: then it passes, with a note. What is vacuous now, or can no
longer be said, is skipped with a word about it, never a plain pass; what is undetermined is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccmproof.harness.changes.compare import Became
from ccmproof.harness.changes.validation import InScenario, Told, Validation
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from .page import Page
from .validation import run_told
from .validation_parts import Run
from .validation_words import names, refusal, remarks

SKIPPED = (Became.VACUOUS, Became.UNSAID, Became.SILENT)


def render(validations: Sequence[Validation]) -> str:
    """The XML text; suites of rivals bear the names of the changes."""
    xml = JUnitXml("ccmproof validate")
    for each in validations:
        lead = f"{names(each)}: " if len(validations) > 1 else ""
        for one in each.scenarios:
            suite = TestSuite(f"{lead}{one.scenario}")
            suite.add_testcases(list(_cases(one)))
            xml.add_testsuite(suite)
        suite = TestSuite(f"{lead}the changes themselves")
        suite.add_testcases(list(_of_changes(each)))
        xml.add_testsuite(suite)
    xml.update_statistics()
    text = xml.tostring()
    body = text.decode("utf-8") if isinstance(text, bytes) else str(text)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body.rstrip()}\n'


def _cases(of: InScenario) -> Iterator[TestCase]:
    for told in of.told:
        yield _case(told, of.scenario)
    for told in of.own:
        yield _own_case(told, of.scenario)


def _case(told: Told, scenario: str) -> TestCase:
    prop, became = told.compared.prop, told.compared.became
    case = TestCase(f"{prop.id}: {prop.claim}", f"{scenario}.{prop.concern}")
    message = "; ".join([became.value, *(words for words, _ in remarks(told))])
    if became is Became.UNDETERMINED:
        case.result = [Error(message, "undetermined")]
    elif told.is_intended:
        case.system_out = message
    elif became is Became.BROKEN:
        failure = Failure(message, became.value)
        failure.text = _story(told)
        case.result = [failure]
    elif became in SKIPPED:
        case.result = [Skipped(message)]
    elif became is not Became.KEPT:
        case.system_out = message
    return case


def _own_case(told: Told, scenario: str) -> TestCase:
    """A property that a change brings: judged as the check judges one of the suite."""
    prop, judgement = told.compared.prop, told.judgement
    case = TestCase(f"{prop.id}: {prop.claim}", f"{scenario}.{prop.concern}")
    if judgement is None:
        case.result = [Error(told.compared.fitted.why, "unsaid")]
    elif judgement.surprising:
        failure = Failure(f"{judgement.verdict.value}; expected: {judgement.expected.value}", judgement.verdict.value)
        failure.text = _story(told)
        case.result = [failure]
    elif judgement.verdict.value == "undetermined":
        case.result = [Error(judgement.note or "undetermined", "undetermined")]
    elif judgement.verdict.value == "vacuous":
        case.result = [Skipped(judgement.note or "vacuous")]
    return case


def _story(told: Told) -> str:
    if told.judgement is None or told.judgement.counterexample is None:
        return ""
    page = Page(width=120)
    run_told(page, Run(told.judgement, refusal(told)))
    return page.text().lstrip("\n")


def _of_changes(of: Validation) -> Iterator[TestCase]:
    """Whether each change gives up what it declares to, and could be applied; one case stands for the whole."""
    case = TestCase("the search was complete", "validation")
    stopped = [each.after.stopped or each.before.stopped for each in of.scenarios]
    why = of.interrupted or next((text for text in stopped if text), "")
    if why:
        case.result = [Error(why, "undetermined")]
    yield case
    for change, given in of.idle:
        case = TestCase(f"{change.name} gives up {given.property}", "validation")
        case.result = [Failure(f"declared to be {given.verdict.value}, and it is not: {given.reason}", "not given up")]
        yield case
    for name, passed_over in of.passed_over.items():
        case = TestCase(f"{name} was judged", "validation")
        case.result = [Skipped(passed_over)]
        yield case
