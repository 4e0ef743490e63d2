"""A mutation run as JSON, in a versioned form: ``schema/mutation-1.json`` says what each field means."""

from __future__ import annotations

import json
from typing import Any

from ccmproof.harness.mutation.score import Edited, Fate, Share, Verdicts
from ccmproof.harness.version import version

VERSION = 1
"""It goes up when a reader of the older form would misread the newer."""


def render(verdicts: Verdicts) -> str:
    """The JSON text."""
    return json.dumps(as_data(verdicts), indent=2, ensure_ascii=False) + "\n"


def as_data(verdicts: Verdicts) -> dict[str, Any]:
    """The JSON form, made of plain dictionaries, lists, strings and numbers."""
    tally = verdicts.tally
    return {
        "version": VERSION,
        "tool": {"name": "ccmproof", "version": version()},
        "exit": {"code": int(verdicts.exit), "meaning": verdicts.exit.meaning},
        "interrupted": tally.interrupted,
        "steps": list(tally.steps),
        "score": {**_share(tally.whole), "at_least": float(verdicts.at_least)},
        "counts": {fate.value: tally.counts[fate] for fate in Fate},
        "kinds": [{"kind": each.name, **_share(each)} for each in tally.by_kind],
        "parts": [{"part": each.name, **_share(each), "watched_by": list(each.by)} for each in tally.by_part],
        "properties": [
            {"id": each.id, "claim": each.claim, "notices": each.notices, "alone": each.alone} for each in tally.worth
        ],
        "stale": dict(verdicts.stale),
        "edits": [_edit(each, verdicts) for each in tally.edits],
    }


def _share(share: Share) -> dict[str, Any]:
    return {"noticed": share.noticed, "judged": share.judged, "share": round(float(share.score), 4)}


def _edit(edited: Edited, verdicts: Verdicts) -> dict[str, Any]:
    mutant = edited.mutant
    return {
        "edit": mutant.name,
        "kind": mutant.kind,
        "part": mutant.part,
        "cites": mutant.cites.split(),
        "fate": edited.fate.value,
        "where": edited.where,
        "by": list(edited.by),
        "why": edited.why,
        "accepted": verdicts.accepted.get(mutant.name, "") if edited.fate is Fate.SURVIVES else "",
    }
