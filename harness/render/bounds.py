"""Bounds on time in words, as a table, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ccmproof.harness.report import Computed, Counterexample, Judgement, Report
from ccmproof.properties.property import Property
from ccmproof.properties.timing import Bound, in_minutes

from .page import Page
from .words import in_environments

HEAD = ("bound on time", "claimed", "computed", "attained")


def bounds(page: Page, report: Report) -> None:
    """A table of what is claimed and what was computed, of every claim in time; nothing where there is none."""
    rows = [row for each in report.judgements if each.prop.bound is not None for row in _rows(each)]
    if not rows:
        return
    page.blank()
    page.table(HEAD, rows, indent=1)


def _rows(judgement: Judgement) -> Iterator[tuple[str, str, str, str]]:
    """The bound over all environments, and beneath it the one where the claim is promised, if it is another."""
    prop, found = judgement.prop, judgement.bound
    assert prop.bound is not None
    if found is None:
        yield prop.id, claimed_in_words(prop.bound), "undetermined", ""
        return
    yield prop.id, claimed_in_words(prop.bound), _computed(prop.bound, found), _attained(judgement, found)
    if found.promised is not None:
        of = found.promised
        yield "", f"where {prop.decided_by}", _computed(prop.bound, of), _attained(judgement, of)


def _attained(judgement: Judgement, found: Computed) -> str:
    return in_environments(found.environments, judgement.total) if found.environments else ""


def claimed_in_words(bound: Bound) -> str:
    """``at most 9 h 30 min``."""
    return f"{'at least' if bound.least else 'at most'} {in_minutes(bound.minutes)}"


def computed_in_words(prop: Property, found: Computed) -> str:
    """``9 h 30 min ± 30 min``; ``7 h 30 min ± 30 min; 8 h ± 30 min where …``, where another one is promised."""
    assert prop.bound is not None
    if found.promised is None:
        return _computed(prop.bound, found)
    return f"{_computed(prop.bound, found)}; {_computed(prop.bound, found.promised)} where {prop.decided_by}"


def _computed(bound: Bound, found: Computed) -> str:
    """``none up to 18 h``, where a stopwatch shows no more and a longest time is asked."""
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
    return f"claimed: {claimed_in_words(claimed)}; computed: {computed_in_words(judgement.prop, found)}"


def reading_of(judgement: Judgement, shown: Counterexample) -> tuple[str, int | None]:
    """What the stopwatch shows at the end of a run, in words; where that is a bound that was computed, the number of
    environments that attain it."""
    claimed, found = judgement.prop.bound, judgement.bound
    assert claimed is not None and found is not None
    reading = shown.run.states[shown.judged][claimed.stopwatch.name]
    bounds = (each for each in (found, found.promised) if each is not None and each.reading == reading)
    attained = next((each.environments for each in bounds), None)
    return shown_in_words(claimed, Computed(reading, found.tick, 0)), attained


def as_data(judgement: Judgement) -> dict[str, Any] | None:
    """The JSON form; ``None`` where no bound is claimed."""
    claimed, found = judgement.prop.bound, judgement.bound
    if claimed is None:
        return None
    return {
        "stopwatch": claimed.stopwatch.name,
        "at_least": claimed.least,
        "claimed_minutes": claimed.minutes,
        "computed": None if found is None else _as_data(claimed, found),
        "promised": None if found is None or found.promised is None else _as_data(claimed, found.promised),
    }


def _as_data(claimed: Bound, found: Computed) -> dict[str, Any]:
    return {
        "minutes": found.minutes,
        "tick_minutes": found.tick,
        "beyond_minutes": _reach(claimed, found.tick) if found.beyond else None,
        "environments": found.environments,
    }
