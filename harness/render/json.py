"""An outcome as JSON, in a versioned form: ``schema/report-1.json`` says what each field means.

Everything that time and the machine decide stands under ``measured``.
"""

from __future__ import annotations

import json
from typing import Any

from ccmproof.harness.report import Counterexample, Judgement, Outcome, Reach, Report, plain
from ccmproof.harness.version import version

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
        "reports": [_report(report) for report in outcome.reports],
    }


def _report(report: Report) -> dict[str, Any]:
    size = report.size
    return {
        "scenario": report.scenario,
        "doc": report.doc,
        "tick_minutes": report.tick,
        "settings": dict(report.settings),
        "engine": report.engine,
        "complete": report.complete,
        "stopped": report.stopped,
        "size": {
            "environments": size.environments,
            "states": size.states,
            "moving_parts": size.moving_parts,
            "actors": size.actors,
            "unknowns": size.unknowns,
            "events": size.events,
            "depth": size.depth,
        },
        "properties": [_judgement(each) for each in report.judgements],
        "never": None if report.reach is None else _never(report.reach),
        "measured": {
            "build_seconds": report.measured.build,
            "explore_seconds": report.measured.explore,
            "judge_seconds": report.measured.judge,
            "runs_seconds": report.measured.runs,
            "peak_bytes": report.measured.peak_bytes,
        },
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    prop = judgement.prop
    return {
        "id": prop.id,
        "concern": prop.concern,
        "claim": prop.claim,
        "kind": prop.kind,
        "severity": prop.severity.value,
        "cites": prop.cites.split(),
        "verdict": judgement.verdict.value,
        "expected": judgement.expected.value,
        "as_expected": judgement.as_expected,
        "note": judgement.note,
        "decided_by": prop.decided_by,
        "environments": {
            "failing": None if judgement.failing is None else judgement.failing_count,
            "total": judgement.total,
        },
        "counterexample": None if judgement.counterexample is None else _counterexample(judgement.counterexample),
    }


def _counterexample(shown: Counterexample) -> dict[str, Any]:
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
