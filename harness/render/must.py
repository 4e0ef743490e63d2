"""Where a goal is inevitable, as text and as data: the numbers, the fairness, a run that never gets there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ccmproof.harness.counterexample import in_words
from ccmproof.harness.must import Evasion, Must
from ccmproof.harness.report import Told
from ccmproof.model.kernel.causes import Cause

from .json import cause_as_data, counterexample_as_data
from .page import Page
from .story import environment_in_words, steps, without_end
from .words import counted, in_environments

FEW = 6
"""How many of the events that are never owed the page names."""


def brief(page: Page, found: Must | None, total: int) -> None:
    """In how many of all environments it is inevitable, in how many it is only possible, and what is fair."""
    if found is None:
        page.line(("undetermined: whether it is inevitable", "undetermined"), indent=4)
        return
    for word, style, where, why in (
        ("inevitable", "holds", found.inevitable, "every fair run gets there"),
        ("possible but not inevitable", "undetermined", found.possible, "some fair run never gets there"),
    ):
        said = in_environments(where.count, total) if where.count else "in no environment"
        page.line((word, style), f" {said}" + (f": {why}" if where.count else ""), indent=4)
    if not (found.inevitable | found.possible).is_empty:
        page.line((fairness_in_words(found), "quiet"), indent=4)


def fairness_in_words(found: Must) -> str:
    """What is owed to a run, and what is not."""
    if not found.groups:
        return "nothing is owed: a run may stop anywhere, and only what holds at the beginning is inevitable"
    said = f"fair: {counted(found.groups, 'group')} of outcomes that are never put off for ever"
    if not found.never_owed:
        return f"{said}; every event that happens is in one"
    some = ", ".join(map(in_words, found.never_owed[:FEW]))
    more = len(found.never_owed) - FEW
    return f"{said}; never owed: {some}" + (f" and {more} more" if more > 0 else "")


def told_evasion(page: Page, found: Evasion, causes: Sequence[Cause]) -> None:
    """The run that never gets there, and the step by which it has lost the way."""
    page.blank()
    page.line(("A fair run that could get there and never does", "title"))
    page.blank()
    when = str(found.cause) if found.cause.literals else "always"
    place = str(causes.index(found.cause) + 1)
    page.rows([[page.styled((place, "name")), page.styled((when, "name"))]], indent=1)
    page.line(environment_in_words(found.run), indent=3)
    steps(page, found.run)
    page.line((_within_reach(found), "fails"), indent=3)
    for line in without_end(found.run):
        page.line((line, "fails"), indent=3)


def _within_reach(found: Evasion) -> str:
    if found.lost is None:
        return "it stays within reach all the time"
    if found.lost == 0:
        return "out of reach from the beginning: it is reached from another beginning only"
    step: Told = found.run.told[found.lost - 1]
    return f"out of reach from step {found.lost} on: {step.who}: {step.what}"


def must_as_data(found: Must) -> dict[str, Any]:
    """As ``schema/explain-1.json`` has it under ``must``."""
    return {
        "inevitable": found.inevitable.count,
        "possible": found.possible.count,
        "fairness": {"groups": found.groups, "never_owed": list(found.never_owed)},
        "causes": [cause_as_data(each) for each in found.causes],
        "evasion": None if found.evasion is None else _evasion_as_data(found.evasion),
    }


def _evasion_as_data(found: Evasion) -> dict[str, Any]:
    return {
        "condition": str(found.cause),
        "run": counterexample_as_data(found.run),
        "served": list(found.run.served),
        "lost_in_state": found.lost,
    }
