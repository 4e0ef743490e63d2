"""Bounds on time in words, as a table, and as data."""

from __future__ import annotations

from typing import Any

from ccmproof.harness.report import Computed, Counterexample, Judgement, Report
from ccmproof.properties.timing import Bound, in_minutes

from .page import Page
from .words import in_environments

HEAD = ("bound on time", "claimed", "computed", "attained")


def bounds(page: Page, report: Report) -> None:
    """A table of what is claimed and what was computed, of every claim in time; nothing where there is none."""
    rows = [_row(each) for each in report.judgements if each.prop.bound is not None]
    if not rows:
        return
    page.blank()
    page.table(HEAD, rows, indent=1)


def _row(judgement: Judgement) -> tuple[str, str, str, str]:
    claimed, found = judgement.prop.bound, judgement.bound
    assert claimed is not None
    computed = "undetermined" if found is None else computed_in_words(claimed, found)
    where = in_environments(found.environments, judgement.total) if found is not None and found.environments else ""
    return judgement.prop.id, claimed_in_words(claimed), computed, where


def claimed_in_words(bound: Bound) -> str:
    """``at most 9 h 30 min``."""
    return f"{'at least' if bound.least else 'at most'} {in_minutes(bound.minutes)}"


def computed_in_words(bound: Bound, found: Computed) -> str:
    """``9 h 30 min ± 30 min``; ``none up to 18 h``, where a stopwatch shows no more and a longest time is asked."""
    if not found.reading:
        return "it never happens"
    if found.beyond and not bound.least:
        return f"none up to {in_minutes(_reach(bound, found.tick))}"
    return shown_in_words(bound, found)


def shown_in_words(bound: Bound, found: Computed) -> str:
    """What the stopwatch shows: ``9 h 30 min ± 30 min``, or ``more than 18 h``."""
    if found.minutes is None:
        return f"more than {in_minutes(_reach(bound, found.tick))}"
    return f"{in_minutes(found.minutes)} ± {in_minutes(found.tick)}"


def _reach(bound: Bound, tick: int) -> int:
    return bound.stopwatch.reaches // tick * tick


def says_in_words(judgement: Judgement) -> str:
    """``claimed: at most 9 h 30 min; computed: 9 h 30 min ± 30 min``; empty where no bound is known."""
    claimed, found = judgement.prop.bound, judgement.bound
    if claimed is None or found is None:
        return ""
    return f"claimed: {claimed_in_words(claimed)}; computed: {computed_in_words(claimed, found)}"


def reading_of(judgement: Judgement, shown: Counterexample) -> tuple[str, bool]:
    """What the stopwatch shows at the end of a run, in words, and whether that is the bound that was computed."""
    claimed, found = judgement.prop.bound, judgement.bound
    assert claimed is not None and found is not None
    reading = shown.run.states[shown.judged][claimed.stopwatch.name]
    return shown_in_words(claimed, Computed(reading, found.tick, 0)), reading == found.reading


def as_data(judgement: Judgement) -> dict[str, Any] | None:
    """The JSON form; ``None`` where no bound is claimed."""
    claimed, found = judgement.prop.bound, judgement.bound
    if claimed is None:
        return None
    return {
        "stopwatch": claimed.stopwatch.name,
        "at_least": claimed.least,
        "claimed_minutes": claimed.minutes,
        "computed": None
        if found is None
        else {
            "minutes": found.minutes,
            "tick_minutes": found.tick,
            "beyond_minutes": _reach(claimed, found.tick) if found.beyond else None,
            "environments": found.environments,
        },
    }
