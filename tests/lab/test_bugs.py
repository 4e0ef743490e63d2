"""Seeded bugs: the suite finds every one, and none where no bug is on."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from ccmproof.harness.lab import bugs
from ccmproof.harness.lab.bugs import BUGS
from ccmproof.harness.lab.build import PLACES
from ccmproof.harness.lab.conformance import hunt
from ccmproof.harness.lab.conformance.cases import SHIPPED, Verdict, played, read
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.schedules import SCHEDULES, Schedule
from ccmproof.harness.system import shipped

CHEAP = 15
"""So many choices at most are made in a moment."""
OF_SUITE = re.compile(r"(S|N|L|SEC)-\d")
RUNS = hunt.kept()
BY_NAME = {each.name: each for each in SCHEDULES}

BY_NO_CASE = (
    "client-ignores-the-stores-name", "client-mixes-users-up", "client-never-checks-again", "client-takes-stale-lists",
    "client-trusts-any-entra", "client-trusts-any-store", "connection-point-ignores-tenant",
    "connection-point-trusts-any-entra", "connection-point-trusts-any-gateway", "entra-ignores-conditional-access",
    "entra-issues-device-tokens-for-any-app", "gateway-ignores-tenant", "gateway-knows-channels-by-name",
    "gateway-takes-any-channel", "gateway-trusts-any-entra", "management-point-forgets-revocation",
    "management-point-ignores-issuing-tenant", "management-point-trusts-any-entra",
)  # fmt: skip
"""Found by schedules, and by none of the shipped cases, as was measured: cases have no trials, and no more environments
than they are."""


def _by_cost(names: list[str]) -> list[object]:
    """Each bug, those with a longer run only where there is time."""
    return [
        pytest.param(name, marks=() if len(RUNS[name].choices) <= CHEAP else pytest.mark.long, id=name)
        for name in names
    ]


def test_there_are_many_realistic_bugs_each_of_one_component() -> None:
    assert len(BUGS) >= 30
    for bug in BUGS.values():
        assert bug.wrong.endswith(".") or bug.wrong.endswith(")."), bug.name
        assert bug.offends, bug.name
        assert (bug.part is None) == (bug.surroundings is not None), bug.name
        assert bug.part is None or issubclass(bug.part, PLACES[bug.place]), bug.name
    assert {bug.place for bug in BUGS.values()} >= {*PLACES}


def test_no_bug_is_written_twice() -> None:
    """Classes that say the same of themselves are one mistake, and belong in one place."""
    said = [
        ast.get_docstring(node)
        for path in sorted(Path(str(bugs.__file__)).parent.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and ast.get_docstring(node)
    ]
    assert len(said) > 80
    assert {each for each in said if said.count(each) > 1} == set()


def test_what_bugs_offend_is_in_the_suite() -> None:
    known = {prop.id for prop in shipped().suite}
    cited = {each for bug in BUGS.values() for each in bug.offends if OF_SUITE.match(each)}
    assert not cited - known


def test_every_bug_has_a_kept_run() -> None:
    assert {*RUNS} == {*BUGS}
    assert {run.by for run in RUNS.values()} <= {*BY_NAME}


def test_the_readme_says_how_many_bugs_no_case_finds() -> None:
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())
    assert f"{len(BY_NO_CASE)} of the {len(BUGS)} seeded bugs at the least are found by none of them" in readme
    assert {name for name, run in RUNS.items() if any(each.what == "trial" for each in run.choices)} < {*BY_NO_CASE}


@pytest.mark.long
@pytest.mark.parametrize("name", BY_NO_CASE)
def test_no_case_finds_it(name: str) -> None:
    """It is for the schedules to find; a case that does find it is news for the README."""
    assert Verdict.DEVIATES not in {played(case, BUGS[name].parts).verdict for case in read(SHIPPED)}


@pytest.mark.parametrize("name", _by_cost(sorted(RUNS)))
def test_the_shortest_run_finds_its_bug_and_nothing_without_it(name: str) -> None:
    row = next(hunt.table([BUGS[name]]))
    assert row.found is not None, f"{name} is not found any more"
    assert row.spared, hunt.again(None, RUNS[name])
    assert row.found.choices == RUNS[name].choices


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(RUNS))
def test_a_schedule_finds_it(name: str) -> None:
    """The schedules are the same for all bugs; which one it is that finds a bug is kept with its run."""
    assert hunt.find(BUGS[name], [BY_NAME[RUNS[name].by]])


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(RUNS)[::8])
def test_nothing_of_the_shortest_run_can_be_left_out(name: str) -> None:
    found = hunt.again(BUGS[name], RUNS[name])
    assert found is not None
    assert hunt.shorten(BUGS[name], found).choices == RUNS[name].choices


def test_a_lab_that_roams_finds_bugs_too() -> None:
    found = hunt.by_chance(BUGS["sts-names-what-is-claimed"], 1, seed=102)
    assert found is not None
    assert found.deviation.seen.events == ("mp_answers",)


def _cheap(schedule: Schedule) -> bool:
    return not schedule.name.startswith(("an adversary", "the same", "story", "it dies", "the site's", "Entra's token"))


@pytest.mark.parametrize(
    "schedule",
    [pytest.param(each, marks=() if _cheap(each) else pytest.mark.long, id=each.name) for each in SCHEDULES],
)
def test_no_schedule_finds_anything_where_no_bug_is_on(schedule: Schedule) -> None:
    found = hunt.by_schedule(None, schedule)
    assert found is None, f"{[str(each) for each in found.choices]}\n{found.deviation}"


def test_a_choice_can_be_read_from_its_text() -> None:
    for run in RUNS.values():
        for choice in run.choices:
            assert hunt.choice_of(str(choice)) == choice
    offer = Choice("offer", "adversary_offers_no_token", ("sts", "no", "client", "offer_goes_to_the_cmg"))
    assert hunt.choice_of(str(offer)) == offer


def test_a_deviation_is_explained_by_the_decision_behind_it() -> None:
    found = hunt.again(BUGS["gateway-tells-every-tenant"], RUNS["gateway-tells-every-tenant"])
    assert found is not None
    assert [each.event for each in found.decisions] == ["cmg_gives_entra_properties"]
    assert "S-04" in found.broken


def test_what_is_longer_than_it_has_to_be_is_shortened() -> None:
    bug = BUGS["gateway-tells-every-tenant"]
    longer = hunt.by_schedule(bug, BY_NAME["attempts with a tenant that is not onboarded"])
    assert longer is not None
    assert hunt.shorten(bug, longer).choices == RUNS[bug.name].choices
