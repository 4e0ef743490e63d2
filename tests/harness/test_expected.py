"""What ``ccmproof check --all`` finds is what the checked-in file says: sizes, depths and verdicts, to the number.

Depth is measured where the moving parts are few, and null elsewhere. Run as a script, this writes the file anew; with
names of scenarios, those parts of it. The scenarios on demand take minutes and some 10 GB: they are looked at where
``CCMPROOF_ON_DEMAND`` is set. What no scenario needs of a premise is what the suite lists, no more and no less.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.checker import check, network_of
from ccmproof.harness.engines import FEW_PARTS, explore
from ccmproof.harness.premises import together
from ccmproof.harness.report import Report
from ccmproof.harness.system import shipped
from demand import on_demand

FILE = Path(__file__).parent.parent / "expected" / "verdicts.json"
SYSTEM = shipped()
QUICK = ("document", "readings")


def read() -> dict[str, Any]:
    """What the file says, by scenario."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return found


@cache
def report_on(name: str) -> Report:
    """What the checker says of a scenario, runs and reach left out."""
    scenario = SYSTEM.scenario(name)
    asked = SYSTEM.asked_in(scenario, SYSTEM.suite, named=False)
    order, beneath = SYSTEM.order_of(scenario), SYSTEM.beneath(scenario)
    return check(
        scenario, asked, build=SYSTEM.build, order=order, runs=False, reach=False, premises=True, beneath=beneath
    )


def found_in(name: str) -> dict[str, Any]:
    """What the checker finds in a scenario, as the file has it."""
    scenario = SYSTEM.scenario(name)
    asked = SYSTEM.asked_in(scenario, SYSTEM.suite, named=False)
    order = SYSTEM.order_of(scenario)
    report = report_on(name)
    assert report.complete, report.stopped
    depth = None
    if report.size.moving_parts <= FEW_PARTS:
        depth = explore(network_of(scenario, asked, {}, SYSTEM.build), order=order).measure_depth()
    return {
        "environments": report.size.environments,
        "states": report.size.states,
        "moving_parts": report.size.moving_parts,
        "depth": depth,
        "properties": {each.prop.id: [each.verdict.value, each.failing_count] for each in report.judgements},
    }


def written(found: dict[str, Any]) -> str:
    """The file: a line for each size and each property, so that a difference is a line."""
    scenarios = []
    for name, each in found.items():
        sizes = [f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in each.items() if key != "properties"]
        verdicts = [f"      {json.dumps(key)}: {json.dumps(value)}" for key, value in each["properties"].items()]
        properties = '    "properties": {\n' + ",\n".join(verdicts) + "\n    }"
        scenarios.append(f"  {json.dumps(name)}: {{\n" + ",\n".join([*sizes, properties]) + "\n  }")
    return "{\n" + ",\n".join(scenarios) + "\n}\n"


def test_the_file_has_every_scenario_and_what_is_asked_there() -> None:
    asked = {
        name: [prop.id for prop in SYSTEM.asked_in(scenario, SYSTEM.suite, named=False)]
        for name, scenario in SYSTEM.scenarios.items()
    }
    assert {name: list(each["properties"]) for name, each in read().items()} == asked


def test_the_file_is_written_as_the_script_writes_it() -> None:
    assert FILE.read_text(encoding="utf-8") == written(read())


def marks(name: str) -> tuple[pytest.MarkDecorator, ...]:
    """How dear a scenario is."""
    if SYSTEM.scenarios[name].on_demand:
        return pytest.mark.long, on_demand("it is on demand")
    return () if name in QUICK else (pytest.mark.long,)


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks(name)) for name in SYSTEM.scenarios])
def test_a_scenario_is_as_the_file_says(name: str) -> None:
    assert found_in(name) == read()[name]


@pytest.mark.long
@on_demand("check --all asks the same of all scenarios")
def test_what_no_scenario_needs_of_a_premise_is_listed() -> None:
    loose = together([report_on(each.name) for each in SYSTEM.scenarios.values() if not each.on_demand], SYSTEM.spare)
    assert [f"{each.prop}: {each.text}" for each in loose if each.needed_in] == [], "listed, and needed"
    assert [f"{each.prop}: {each.text}" for each in loose if not each.reason] == [], "not listed, and not needed"
    found = {(each.prop, each.text) for each in loose}
    listed = {(name, text) for each in SYSTEM.spare for name in each.properties.split() for text in each.conjuncts}
    assert listed <= found, "listed, and no conjunct of that property"


def main(names: list[str]) -> None:
    """Write what is found in the named scenarios, in all of them where none is named; keep the others."""
    before = read()
    chosen = [SYSTEM.scenario(name).name for name in names] or list(SYSTEM.scenarios)
    now = {name: found_in(name) if name in chosen else before.get(name) for name in SYSTEM.scenarios}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(written({name: each for name, each in now.items() if each}), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
