"""Diagnoses as JSON; ``schema/replay-1.json`` says what each field means."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ccmproof.harness.replay.following.answer import Diagnosis
from ccmproof.harness.replay.gathered import Gathered
from ccmproof.harness.replay.many import Row
from ccmproof.harness.replay.pattern import Seen
from ccmproof.harness.version import version

from . import replay_longest as longest
from .replay import Shown
from .replay_told import Masked

VERSION = 1
"""Of the JSON form. It goes up when a reader of the older form would misread the newer."""


def render(shown: Shown) -> str:
    return _written(
        {
            "devices": [_device(diagnosis, of, shown.masked) for diagnosis, of in shown.found],
            "notes": [shown.masked(note) for note in shown.notes],
        }
    )


def render_table(rows: Sequence[Row], masked: Masked) -> str:
    """Many devices, one object each."""
    return _written(
        {
            "table": [
                {
                    "device": masked(each.device),
                    "verdict": each.verdict.value,
                    "causes": list(each.causes),
                    "where": masked(each.where),
                    "findings": each.findings,
                }
                for each in rows
            ],
        }
    )


def _written(data: Mapping[str, Any]) -> str:
    head = {"version": VERSION, "tool": {"name": "ccmproof", "version": version()}}
    return json.dumps({**head, **data}, indent=2, ensure_ascii=False) + "\n"


def _device(found: Diagnosis, of: Gathered, masked: Masked) -> Mapping[str, Any]:
    placed = {id(each.seen): each for each in found.placed}

    def line(seen: Seen) -> dict[str, Any]:
        return {"source": masked(seen.line.source), "line": seen.line.number}

    def told(seen: Seen) -> dict[str, Any]:
        at = placed.get(id(seen))
        return {
            **line(seen),
            "log": seen.line.log,
            "when": None if seen.line.when is None else seen.line.when.isoformat(),
            "pattern": seen.pattern.id,
            "means": seen.pattern.means,
            "fit": None if at is None else at.fit.value,
            "events": list(at.events) if at is not None else [],
        }

    return {
        "device": masked(found.device),
        "verdict": found.verdict.value,
        "exit": found.exit,
        "where": masked(found.where),
        "why": masked(found.why),
        "then": masked(found.then),
        "workflow": found.workflow,
        "logs": list(found.logs),
        "lines": {"all": of.lines, "recognised": len(found.seen)},
        "causes": [
            {
                "name": each.cause.name,
                "rank": each.rank,
                "because": each.how.name.lower(),
                "means": each.cause.means,
                "remedy": each.cause.remedy,
                "look": each.cause.look,
                "cites": list(each.cause.cites),
                "needs": each.needs,
                "nameless": all(id(seen) in found.nameless for seen in each.lines),
                "lines": [line(seen) for seen in each.lines],
            }
            for each in found.named
        ],
        "left": [{"condition": each.condition, "causes": list(each.names)} for each in found.left],
        "deviations": [
            {
                **line(each.placed.seen),
                "events": [{"event": why.event, "not_so_that": list(why.leaves)} for why in each.refused],
                "explanations": longest.data(each.longest, masked),
            }
            for each in found.deviations
        ],
        "findings": [
            {"claim": each.claim, "text": each.text, "lines": [line(seen) for seen in each.lines]}
            for each in found.findings
        ],
        "warnings": [
            {"text": masked(each.text), "lines": [line(seen) for seen in each.lines]} for each in found.warnings
        ],
        "stages": [
            {
                "name": each.stage.name,
                "phase": each.stage.phase,
                "how": "spared"
                if each.spared
                else "not reached"
                if each.by is None
                else "seen"
                if each.seen
                else "inferred",
                "line": None if each.by is None else line(each.by.seen),
            }
            for each in found.stages
        ],
        "actors": {name: list(states) for name, states in found.actors.items()},
        "environments": {"left": found.environments[0], "total": found.environments[1]},
        "inexact": found.inexact,
        "site": {"lines": found.site[1], "followed": found.site[0], "nameless": len(found.nameless)},
        "timeline": [told(seen) for seen in found.seen],
    }
