"""Scenarios that are judged by many workers: the same report as by one, and what cannot be applied is said alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from ccmproof.harness.changes.validate import Away, validate
from ccmproof.harness.changes.validation import Validation
from ccmproof.harness.executors import Hands, InProcess, processes
from ccmproof.harness.render import validation, validation_json, validation_markdown
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.scenario import Scenario
from demo import demo
from designs import change, entry

LAX = entry("alter.transition", actor="porter", event="let_in", when="true")
OUT = entry("remove.event", name="let_in") + entry("alter.actor", name="porter", waits="judging")


def said(found: Validation) -> list[str]:
    """The report in every form but for times."""
    return [
        validation.render([found], width=100, colour=False, ascii=False),
        validation_markdown.render([found]),
        validation_json.render([found]),
    ]


SILENT = entry("alter.transition", actor="bell", event="ring", when="false")


@pytest.mark.parametrize("entries", [[LAX], [OUT], [SILENT]])
def test_processes_say_what_one_process_says(entries: list[str]) -> None:
    told: list[int] = []
    changes, scenarios = [change(*entries)], list(demo().scenarios.values())
    one = validate(demo(), changes, scenarios, every=True)
    with processes(2) as hands:
        away = Away(hands, demo, lambda name, count: told.append(count))
        assert said(validate(demo(), changes, scenarios, every=True, away=away)) == said(one)
    assert told == [1, 2]


def test_what_cannot_be_applied_somewhere_is_said_alike_wherever_it_is_found() -> None:
    two = replace(demo(), scenarios={**demo().scenarios, "gone": Scenario("gone", "No bell")})
    made = [change(SILENT)]

    def build(scenario: Scenario, settings: Mapping[str, str] = {}, /) -> Model:
        model = demo().build(scenario, settings)
        if scenario.name != "gone":
            return model
        return replace(model, actors=tuple(of for of in model.actors if of.name != "bell"))

    here = replace(two, build=build)
    away = Away(Hands(InProcess, 3), lambda: here, lambda name, count: None)
    scenarios = list(here.scenarios.values())
    one, other = (validate(here, made, scenarios, every=True, away=each) for each in (None, away))
    assert list(one.passed_over) == list(other.passed_over) == ["gone"]
    assert said(one) == said(other)
    for each in (None, away):
        with pytest.raises(ModelError, match="bell"):
            validate(here, made, scenarios, away=each)
