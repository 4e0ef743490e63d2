"""An outcome as JUnit XML: a suite for each scenario, a case for each property.

A failure that the suite expects passes, with a note in its output; a claim that is never put to the test is skipped; an
undetermined one is an error, never a pass.
"""

from __future__ import annotations

from ccmproof.harness.premises import Loose
from ccmproof.harness.report import Judgement, Outcome, Report, Unreached
from ccmproof.properties.property import Verdict
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from .bounds import says_in_words
from .causes import fails_when
from .page import Page
from .premises import says
from .story import story
from .words import in_environments


def render(outcome: Outcome) -> str:
    """The XML text of an outcome. The suites' ``time`` is the only field that differs between equal checks."""
    xml = JUnitXml("ccmproof")
    for report in outcome.reports:
        xml.add_testsuite(_suite(report))
    if outcome.together:
        together = TestSuite("all scenarios together")
        together.add_testcases([_unreached(each) for each in outcome.unreached] or [_all_reached(outcome)])
        together.add_testcases([_loose(each) for each in outcome.loose or ()])
        xml.add_testsuite(together)
    xml.update_statistics()
    for suite, report in zip(xml, outcome.reports, strict=False):
        suite.time = round(report.measured.total, 3)
    xml.time = round(sum(report.measured.total for report in outcome.reports), 3)
    text = xml.tostring()
    body = text.decode("utf-8") if isinstance(text, bytes) else str(text)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body.rstrip()}\n'


def _suite(report: Report) -> TestSuite:
    suite = TestSuite(report.scenario)
    suite.add_testcases([_case(each, report.scenario) for each in report.judgements])
    return suite


def _case(judgement: Judgement, scenario: str) -> TestCase:
    prop = judgement.prop
    case = TestCase(f"{prop.id}: {prop.claim}", f"{scenario}.{prop.concern}")
    message = _message(judgement)
    if judgement.verdict is Verdict.UNDETERMINED:
        case.result = [Error(message, "undetermined")]
    elif judgement.surprising:
        failure = Failure(message, judgement.verdict.value)
        failure.text = _told(judgement)
        case.result = [failure]
    elif judgement.verdict is Verdict.VACUOUS:
        case.result = [Skipped(message)]
    elif judgement.verdict is Verdict.FAILS:
        case.system_out = message + "\n" + _told(judgement)
    elif judgement.bound is not None:
        case.system_out = message
    return case


def _message(judgement: Judgement) -> str:
    found = judgement.verdict.value
    if judgement.failing_count:
        found += f" {in_environments(judgement.failing_count, judgement.total)}"
    relation = "as expected" if judgement.as_expected else f"expected: {judgement.expected.value}"
    said = (found, fails_when(judgement), relation, judgement.note, says_in_words(judgement))
    return "; ".join(part for part in said if part)


def _told(judgement: Judgement) -> str:
    page = Page(width=120)
    story(page, judgement)
    return page.text()


def _unreached(found: Unreached) -> TestCase:
    case = TestCase(f"{found.kind} {found.name}", "reachability")
    case.result = [Failure(found.what, "unreached")]
    return case


def _loose(found: Loose) -> TestCase:
    """A conjunct that no scenario needs passes where the suite says why it stays."""
    case = TestCase(f"{found.prop}: {found.text}", "premises")
    if found.is_news:
        case.result = [Failure(says(found), "premise")]
    else:
        case.system_out = says(found)
    return case


def _all_reached(outcome: Outcome) -> TestCase:
    """The case that stands for the question itself; an error where it could not be answered."""
    case = TestCase("every event, state and property is reached in some scenario", "reachability")
    if outcome.interrupted or not all(report.complete for report in outcome.reports):
        case.result = [Error("the search was cut short", "undetermined")]
    return case
