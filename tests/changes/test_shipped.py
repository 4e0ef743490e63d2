"""Every shipped change does what the checked-in file says, to the environment; and that is what was judged by hand.

Run as a script, this writes the file anew; with names of changes, those parts of it. What the domain's table (13.5)
says of a change, and what was judged by hand of the others, stands in :mod:`judged`, with a reason wherever the two
differ.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ccmproof.harness.changes import shipped as stored_changes
from ccmproof.harness.changes.cache import Kept
from ccmproof.harness.changes.change import load
from ccmproof.harness.changes.compare import Became
from ccmproof.harness.changes.side import Ways
from ccmproof.harness.changes.validate import validate
from ccmproof.harness.changes.validation import InScenario
from ccmproof.harness.system import shipped
from demand import on_demand
from judged import ALSO, DIFFERS, JUDGED, Row

FILE = Path(__file__).parent.parent / "expected" / "changes.json"
SYSTEM = shipped()
NAMES = tuple(stored_changes.shipped())
QUICK = ("c09-renew-at-half-life", "block-ends-content", "drop-token-on-401")
"""The changes that are judged again in every run of the tests, in their scenarios that are small."""
SMALL = ("outage", "half-hourly", "blocked", "refusals")
DEAR = {
    ("c03-cmg-forwards-all-alone", "thief"), ("c04-mp-trusts-cmg-alone", "thief"),
    ("c05-cmg-and-mp-trust-each-other-alone", "thief"), ("c38-second-connection-point", "passing"),
    ("give-up-at-once", "passing"),
}  # fmt: skip
"""A quarter of the time of all: they are looked at where ``CCMPROOF_ON_DEMAND`` is set, each change's others always."""


def read() -> dict[str, Any]:
    """What the file says, by change and scenario."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return found


def scenarios_of(name: str) -> tuple[str, ...]:
    return load(stored_changes.path_of(name)).scenarios or (SYSTEM.default.name,)


@cache
def found_in(name: str, scenario: str, folder: Path | None = None) -> dict[str, Any]:
    """What a change does in a scenario, as the file has it."""
    kept = None if folder is None else Kept(folder)
    found = validate(
        SYSTEM, [load(stored_changes.path_of(name))], [SYSTEM.scenarios[scenario]], ways=Ways(runs=False), kept=kept
    )
    (each,) = found.scenarios
    assert not each.after.stopped, each.after.stopped
    return {
        "exit": int(found.exit),
        "environments": each.environments,
        "broken": _counts(each, Became.BROKEN, "broken"),
        "repaired": _counts(each, Became.REPAIRED, "repaired"),
        "fails_anew": _counts(each, Became.FAILS_ANEW, "fails_anew"),
        "vacuous": [told.compared.prop.id for told in each.that(Became.VACUOUS)],
        "unsaid": [told.compared.prop.id for told in each.that(Became.UNSAID)],
        "bounds": {told.compared.prop.id: _bounds(told.compared) for told in each.told if told.compared.bound_moved},
        "goals": {aim.name: [aim.before, aim.after] for aim in each.goals},
    }


def _counts(each: InScenario, became: Became, what: str) -> dict[str, int]:
    return {told.compared.prop.id: getattr(told.compared, what).count for told in each.that(became)}


def _bounds(compared: Any) -> list[int | str | None]:
    """Minutes before and after; ``over``: more than can be measured."""
    sides = (compared.before.bound, compared.after.bound)
    return ["over" if bound.beyond else bound.minutes for bound in sides]


def written(found: dict[str, Any]) -> str:
    """The file: a line for each kind of news, so that a difference is a line."""
    changes = []
    for name, scenarios in found.items():
        parts = []
        for scenario, each in scenarios.items():
            lines = ",\n".join(f"      {json.dumps(key)}: {json.dumps(value)}" for key, value in each.items())
            parts.append(f"    {json.dumps(scenario)}: {{\n{lines}\n    }}")
        changes.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(parts) + "\n  }")
    return "{\n" + ",\n".join(changes) + "\n}\n"


CASES = [(name, scenario) for name in NAMES for scenario in scenarios_of(name)]


def test_the_file_has_every_change_in_each_of_its_scenarios() -> None:
    assert [(name, scenario) for name, each in read().items() for scenario in each] == CASES


def test_the_file_is_written_as_the_script_writes_it() -> None:
    assert FILE.read_text(encoding="utf-8") == written(read())


def marks(case: tuple[str, str]) -> tuple[pytest.MarkDecorator, ...]:
    """How dear a change is to judge in a scenario."""
    if case in DEAR:
        return pytest.mark.long, on_demand("it is dear")
    return () if case[0] in QUICK and case[1] in SMALL else (pytest.mark.long,)


def test_what_is_dear_is_there_and_leaves_something_of_each_change() -> None:
    assert set(CASES) >= DEAR
    assert {name for name, _ in set(CASES) - DEAR} == set(NAMES)


@pytest.mark.parametrize(("name", "scenario"), [pytest.param(*case, marks=marks(case)) for case in CASES])
def test_a_change_does_what_the_file_says(name: str, scenario: str, shared_folder: Path) -> None:
    assert found_in(name, scenario, shared_folder / "originals") == read()[name][scenario]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_judged_by_hand_is_what_is_found(name: str) -> None:
    """Nothing that must break is missed, and nothing breaks that should not: a false alarm is a failure too."""
    row, found = JUDGED[name], read()[name].values()

    def told(kind: str) -> set[str]:
        return {prop for each in found for prop in each[kind]}

    broken, repaired, vacuous = told("broken"), told("repaired"), told("vacuous") | told("unsaid")
    differs = {prop for change, prop in DIFFERS if change == name}
    also = {prop for change, prop in ALSO if change == name}
    assert set(row.breaks) - differs <= broken
    assert set(row.repairs) - differs <= repaired
    assert set(row.vacuous) - differs <= vacuous
    assert broken.isdisjoint(set(row.keeps))
    assert broken <= set(row.breaks) | also
    assert repaired <= set(row.repairs) | also
    assert vacuous <= set(row.vacuous) | also
    assert also <= broken | repaired | vacuous, "a reason is given for nothing"
    assert differs.isdisjoint((broken & set(row.breaks)) | (repaired & set(row.repairs)) | (vacuous & set(row.vacuous)))


def test_every_change_has_been_judged_by_hand() -> None:
    assert sorted(JUDGED) == sorted(NAMES)
    known = {prop.id for prop in SYSTEM.suite}
    for row in JUDGED.values():
        assert {*row.breaks, *row.repairs, *row.vacuous, *row.keeps} <= known, row
    assert all(change in JUDGED and prop in known and reason for (change, prop), reason in {**DIFFERS, **ALSO}.items())


def test_a_row_says_nothing_twice() -> None:
    for name, row in JUDGED.items():
        assert isinstance(row, Row)
        assert not {*row.breaks} & {*row.keeps}, name


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    wanted = sys.argv[2:] or NAMES
    stored = read()
    for name in wanted:
        stored[name] = {scenario: found_in(name, scenario, folder) for scenario in scenarios_of(name)}
        print(name, flush=True)
        FILE.write_text(written({each: stored[each] for each in NAMES if each in stored}), encoding="utf-8")
