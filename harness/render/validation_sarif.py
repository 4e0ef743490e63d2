"""A validation as SARIF 2.1.0: a result for each property that breaks, at the line of the change file that breaks it.

The shortest run is the result's code flow. What is given up on purpose is suppressed, with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ccmproof.harness.changes.change import Change, Entry
from ccmproof.harness.changes.compare import Became
from ccmproof.harness.changes.located import Place
from ccmproof.harness.changes.validation import InScenario, Told, Validation
from ccmproof.harness.report import Exit
from ccmproof.harness.version import version
from ccmproof.model.kernel.run import Step
from ccmproof.properties.property import Property, Severity

from .validation_words import exit_of, in_a_line, refusal, remarks, step_in_words

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
NOT_GIVEN_UP = "not-given-up"
LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning"}
NAMED = ("actor", "event", "name", "record", "of")
"""The keys of an entry that name what it touches."""


def render(validations: Sequence[Validation]) -> str:
    """The SARIF text; one run of the tool, whatever the number of changes."""
    return json.dumps(as_data(validations), indent=2, ensure_ascii=False) + "\n"


def as_data(validations: Sequence[Validation]) -> dict[str, Any]:
    """The log as plain dictionaries, lists, strings and numbers."""
    results = [result for each in validations for result in _results(each)]
    code = exit_of(validations)
    driver = {
        "name": "ccmproof",
        "version": version(),
        "rules": list(_rules(validations, {each["ruleId"] for each in results})),
    }
    invocation = {
        "executionSuccessful": code in (Exit.AS_EXPECTED, Exit.UNEXPECTED),
        "exitCode": int(code),
        "toolExecutionNotifications": [
            {"level": "warning", "message": {"text": text}} for each in validations for text in _undetermined(each)
        ],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rules(validations: Sequence[Validation], used: set[str]) -> Iterator[dict[str, Any]]:
    """The properties that are spoken of, each once, in the order of the suite."""
    asked = [told.compared.prop for each in validations for of in each.scenarios for told in (*of.told, *of.own)]
    for prop in {prop.id: prop for prop in asked}.values():
        if prop.id in used:
            yield {
                "id": prop.id,
                "shortDescription": {"text": prop.claim},
                "fullDescription": {"text": f"{prop.claim}. It rests on {prop.cites or 'no statement'}."},
                "defaultConfiguration": {"level": LEVELS[prop.severity]},
                "properties": {"tags": [prop.concern], "cites": prop.cites.split()},
            }
    if NOT_GIVEN_UP in used:
        yield {
            "id": NOT_GIVEN_UP,
            "shortDescription": {"text": "What a change declares to give up, it does not"},
            "defaultConfiguration": {"level": "error"},
        }


def _results(of: Validation) -> Iterator[dict[str, Any]]:
    """One for each property that breaks, in the first scenario in which it does."""
    told: dict[str, tuple[InScenario, Told]] = {}
    others: dict[str, list[str]] = {}
    for scenario in of.scenarios:
        own = [each for each in scenario.own if each.judgement is not None and each.judgement.surprising]
        for each in (*scenario.that(Became.BROKEN), *own):
            name = each.compared.prop.id
            if name in told:
                others.setdefault(name, []).append(scenario.scenario)
            else:
                told[name] = (scenario, each)
    for name, (scenario, each) in told.items():
        yield _result(of, scenario, each, others.get(name, []))
    for change, given in of.idle:
        yield {
            "ruleId": NOT_GIVEN_UP,
            "level": "error",
            "message": {"text": f"{given.property} is declared to be {given.verdict.value}, and it is not"},
            "locations": [_location(change, change.document.place(given.way))],
        }


def _result(of: Validation, scenario: InScenario, told: Told, others: Sequence[str]) -> dict[str, Any]:
    prop = told.compared.prop
    change, place = where(of, told)
    also = [f"also in the scenarios {', '.join(others)}"] if others else []
    lead = f"{prop.id} is {told.compared.became.value} in the scenario {scenario.scenario}: {prop.claim}"
    text = ". ".join([lead, *(words for words, _ in remarks(told)), *filter(None, [in_a_line(refusal(told))]), *also])
    result: dict[str, Any] = {
        "ruleId": prop.id,
        "level": LEVELS[prop.severity],
        "message": {"text": text},
        "locations": [_location(change, place)],
        "partialFingerprints": {"property/v1": f"{change.name}/{prop.id}"},
    }
    if told.judgement is not None and told.judgement.counterexample is not None:
        result["codeFlows"] = [_flow(told, change, place)]
    if told.given_up is not None and told.is_intended:
        result["suppressions"] = [{"kind": "inSource", "justification": told.given_up.reason}]
    return result


def where(of: Validation, told: Told) -> tuple[Change, Place]:
    """The entry that touches what the run needs: of the change that the original refuses first, else the first.

    A property that a change brings stands where it is written.
    """
    prop = told.compared.prop
    for change in of.changes:
        for number, own in enumerate(change.properties):
            if own.id == prop.id:
                return change, change.document.place(("property", number))
    entries = [(change, entry) for change in of.changes for entry in change.entries]
    names = list(_touched(told, prop))
    for name in names:
        for change, entry in entries:
            if any(fnmatchcase(name, each) for each in _named(entry)):
                return change, change.document.place(entry.way)
    settings = [(change, each) for change in of.changes for each in change.settings if each.moves]
    for change, each in settings:
        if each.name in names or not entries:
            return change, change.document.place(each.way)
    for change, entry in entries:
        return change, change.document.place(entry.way)
    change = of.changes[0]
    return change, change.document.place(("durations",))


def _touched(told: Told, prop: Property) -> Iterator[str]:
    """Names that point at an entry, the most telling first: of the step that the original refuses; of the claim."""
    found, judgement = told.refusal, told.judgement
    if found is not None:
        yield from filter(None, [found.event])
        yield from (found.instead or {})
        yield from (word for text in found.why for word in text.replace("(", " ").replace(")", " ").split())
    if found is not None and found.step is not None and judgement is not None and judgement.counterexample is not None:
        steps = judgement.counterexample.run.steps[found.step : found.step + 1]
        yield from (actor for step in steps for actor in (step.controller, *step.changed))
    yield from prop.on


def _named(entry: Entry) -> list[str]:
    """The names that the entry touches. A pattern that means everything points at nothing."""
    values = [entry.given.get(key) for key in NAMED]
    return [value for value in values if isinstance(value, str) and value.strip("*")]


def _location(change: Change, place: Place, text: str = "", of: Step | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(change.document.file)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }
    if text:
        found["message"] = {"text": text}
    if of is not None:
        found["logicalLocations"] = [{"name": of.event, "fullyQualifiedName": f"{of.controller}/{of.event}"}]
    return found


def uri(file: str) -> str:
    """A file as a URI: relative as it was named, or absolute."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _flow(told: Told, change: Change, place: Place) -> dict[str, Any]:
    assert told.judgement is not None and told.judgement.counterexample is not None
    shown = told.judgement.counterexample
    refused = None if told.refusal is None else told.refusal.step
    steps = []
    for number, (step, words) in enumerate(zip(shown.run.steps, shown.told, strict=True)):
        text = f"{number + 1}. {step_in_words(words)}"
        changed = "; ".join(f"{actor}: {before} → {after}" for actor, (before, after) in step.changed.items())
        steps.append(
            {
                "location": _location(change, place, f"{text} ({changed})" if changed else text, step),
                "executionOrder": number + 1,
                "importance": "essential" if number == refused else "important",
            }
        )
    return (
        {"message": {"text": "The shortest run"}, "threadFlows": [{"locations": steps}]}
        if steps
        else {
            "message": {"text": "It breaks at the beginning, before any step"},
            "threadFlows": [{"locations": [{"location": _location(change, place, "at the beginning")}]}],
        }
    )


def _undetermined(of: Validation) -> Iterator[str]:
    if of.interrupted:
        yield f"interrupted: {of.interrupted}"
    for scenario in of.scenarios:
        for stopped in dict.fromkeys((scenario.before.stopped, scenario.after.stopped)):
            if stopped:
                yield f"{scenario.scenario}: cut short: {stopped}"
        for told in scenario.that(Became.UNDETERMINED):
            yield f"{scenario.scenario}: {told.compared.prop.id} is undetermined"
