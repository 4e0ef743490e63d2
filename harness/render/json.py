"""An outcome as JSON, in a versioned form: ``schema/report-1.json`` says what each field means.

Everything that time and the machine decide stands under ``measured``.
"""

from __future__ import annotations

import json
from typing import Any

from ccmproof.harness.report import Counterexample, Judgement, Measured, Outcome, Reach, Report, Size, plain
from ccmproof.harness.version import version
from ccmproof.model.kernel.causes import Cause
from ccmproof.properties.property import Property

from .bounds import as_data as bound_as_data
from .premises import of_judgement, of_outcome
from .profile import as_data as profile_as_data

VERSION = 1
"""It goes up when a reader of the older form would misread the newer."""


def render(outcome: Outcome) -> str:
    """The JSON text of an outcome."""
    return json.dumps(as_data(outcome), indent=2, ensure_ascii=False) + "\n"


def as_data(outcome: Outcome) -> dict[str, Any]:
    """The JSON form, made of plain dictionaries, lists, strings and numbers."""
    return {
        "version": VERSION,
        "tool": {"name": "ccmproof", "version": version()},
        "exit": {"code": int(outcome.exit), "meaning": outcome.exit.meaning},
        "interrupted": outcome.interrupted,
        "all_scenarios": outcome.together,
        "unreached": [{"kind": each.kind, "name": each.name, "what": each.what} for each in outcome.unreached],
        **of_outcome(outcome),
        "reports": [_report(report) for report in outcome.reports],
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "scenario": report.scenario,
        "doc": report.doc,
        "tick_minutes": report.tick,
        "settings": dict(report.settings),
        "engine": report.engine,
        "complete": report.complete,
        "stopped": report.stopped,
        "size": size_as_data(report.size),
        "properties": [_judgement(each) for each in report.judgements],
        "never": None if report.reach is None else _never(report.reach),
        **_profiled(report),
    }


def _profiled(report: Report) -> dict[str, Any]:
    """What it took, and the profile where one was asked for."""
    measured = measured_as_data(report.measured)
    if report.profile is None:
        return {"measured": measured}
    measured["profile_seconds"] = report.measured.profile
    return {"profile": profile_as_data(report.profile), "measured": measured}


def size_as_data(size: Size) -> dict[str, Any]:
    """How large what was explored is."""
    return {
        "environments": size.environments,
        "states": size.states,
        "moving_parts": size.moving_parts,
        "actors": size.actors,
        "unknowns": size.unknowns,
        "events": size.events,
        "depth": size.depth,
    }


def measured_as_data(measured: Measured) -> dict[str, Any]:
    """What it took."""
    return {
        "build_seconds": measured.build,
        "explore_seconds": measured.explore,
        "judge_seconds": measured.judge,
        "runs_seconds": measured.runs,
        "peak_bytes": measured.peak_bytes,
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    prop, shown = judgement.prop, judgement.counterexample
    return {
        **property_as_data(prop),
        "cites": prop.cites.split(),
        "verdict": judgement.verdict.value,
        "expected": judgement.expected.value,
        "as_expected": judgement.as_expected,
        "note": judgement.note,
        "decided_by": prop.decided_by,
        "exactly": prop.exactly,
        "environments": {
            "failing": None if judgement.failing is None else judgement.failing_count,
            "among": judgement.among,
            "total": judgement.total,
        },
        "causes": None if judgement.causes is None else [cause_as_data(each) for each in judgement.causes],
        "counterexample": None if shown is None else counterexample_as_data(shown),
        **({} if prop.bound is None else {"bound": bound_as_data(judgement)}),
        **of_judgement(judgement),
    }


def property_as_data(prop: Property) -> dict[str, Any]:
    """Which property it is, and what it claims."""
    return {
        "id": prop.id,
        "concern": prop.concern,
        "claim": prop.claim,
        "kind": prop.kind,
        "severity": prop.severity.value,
    }


def cause_as_data(cause: Cause) -> dict[str, Any]:
    """A cause, with how many environments it holds in."""
    return {
        "condition": str(cause),
        "values": {name: list(values) for name, values in cause.literals.items()},
        "environments": cause.count,
        "alone": cause.alone,
        "in_cover": cause.in_cover,
    }


def counterexample_as_data(shown: Counterexample) -> dict[str, Any]:
    """A counterexample, its run in full."""
    return {
        "run": plain(shown.run.to_json()),
        "broken_in_state": shown.judged,
        "shortest": "of all environments" if shown.everywhere else "in its environment",
        "unusual": dict(shown.unusual),
        "told": [{"who": each.who, "what": each.what, "to": list(each.to)} for each in shown.told],
    }


def _never(reach: Reach) -> dict[str, Any]:
    return {
        "events": [name for name in reach.events if name not in reach.fired],
        "states": [f"{actor} is {state}" for actor, state in reach.places if (actor, state) not in reach.entered],
    }
