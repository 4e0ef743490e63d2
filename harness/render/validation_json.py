"""A validation as JSON, in a versioned form: ``schema/validation-1.json`` says what each field means."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ccmproof.harness.changes.change import Change
from ccmproof.harness.changes.compare import Aim, Behaves, Compared
from ccmproof.harness.changes.difference import Difference
from ccmproof.harness.changes.refusal import Refusal
from ccmproof.harness.changes.side import Judged
from ccmproof.harness.changes.validation import InScenario, Told, Validation
from ccmproof.harness.report import Computed, plain
from ccmproof.harness.version import version

from .json import cause_as_data, counterexample_as_data, property_as_data
from .validation_words import exit_of, given_up, tally

VERSION = 1
"""It goes up when a reader of the older form would misread the newer."""


def render(validations: Sequence[Validation]) -> str:
    """The JSON text: one validation, or one for each of the rivals."""
    return json.dumps(as_data(validations), indent=2, ensure_ascii=False) + "\n"


def as_data(validations: Sequence[Validation]) -> dict[str, Any]:
    """The JSON form, made of plain dictionaries, lists, strings and numbers."""
    code = exit_of(validations)
    return {
        "version": VERSION,
        "tool": {"name": "ccmproof", "version": version()},
        "exit": {"code": int(code), "meaning": code.meaning},
        "validations": [_validation(each) for each in validations],
    }


def _validation(of: Validation) -> dict[str, Any]:
    counts = tally(of)
    return {
        "changes": [_change(each) for each in of.changes],
        "exit": int(of.exit),
        "counts": {became.value: count for became, count in sorted(counts.items(), key=lambda each: each[0].value)},
        "given_up": list(given_up(of)),
        "not_given_up": [
            {"change": change.name, "property": each.property, "verdict": each.verdict.value}
            for change, each in of.idle
        ],
        "interrupted": of.interrupted,
        "lost_goals": [[each.scenario, aim.name] for each, aim in of.lost],
        "asked_elsewhere": {name: list(each) for name, each in of.elsewhere.items()},
        "passed_over": dict(of.passed_over),
        "differences": [_difference(each) for each in of.differences],
        "footing": list(of.footing),
        "alphabet": ["event", *of.alphabet.fields],
        "scenarios": [_scenario(each) for each in of.scenarios],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "name": change.name,
        "file": change.document.file,
        "title": change.title,
        "rationale": change.rationale,
        "cites": change.cites.split(),
        "settings": {each.name: {"before": each.before, "after": each.after} for each in change.settings},
        "durations": {name: list(minutes) for name, minutes in change.durations.items()},
    }


def _difference(of: Difference) -> dict[str, Any]:
    return {
        "how": of.how.value,
        "what": of.what,
        "name": of.name,
        "before": of.before,
        "after": of.after,
        "cites": list(of.cites),
    }


def _scenario(of: InScenario) -> dict[str, Any]:
    before, after = of.settings
    return {
        "scenario": of.scenario,
        "doc": of.doc,
        "settings": {"before": dict(before), "after": dict(after)},
        "environments": of.environments,
        "states": {"before": of.before.states, "after": of.after.states},
        "stopped": {"before": of.before.stopped, "after": of.after.stopped},
        "properties": [_told(each) for each in of.told],
        "own": [_told(each) for each in of.own],
        "goals": [_goal(each) for each in of.goals],
        "behaviour": None if of.behaves is None else _behaviour(of.behaves),
        "order": [{"changes": [one, other], "differs": where} for one, other, where in of.order],
    }


def _told(told: Told) -> dict[str, Any]:
    compared, judgement = told.compared, told.judgement
    prop = compared.prop
    causes = None if judgement is None or judgement.causes is None else judgement.causes
    shown = None if judgement is None else judgement.counterexample
    given = told.given_up
    return {
        **property_as_data(prop),
        "became": compared.became.value,
        "before": _side(compared.before),
        "after": _side(compared.after),
        "environments": _environments(compared),
        "events_gone": list(compared.fitted.gone),
        "unsaid": compared.fitted.why,
        "causes": None if causes is None else [cause_as_data(each) for each in causes],
        "counterexample": None if shown is None else counterexample_as_data(shown),
        "refusal": None if told.refusal is None else _refusal(told.refusal),
        "footing": list(told.statements),
        "given_up": None
        if given is None
        else {"verdict": given.verdict.value, "reason": given.reason, "intended": told.is_intended},
        "as_expected": None if judgement is None else judgement.as_expected,
    }


def _side(judged: Judged | None) -> dict[str, Any] | None:
    if judged is None:
        return None
    bound = judged.bound
    return {
        "verdict": judged.verdict.value,
        "note": judged.note,
        "bound": None if bound is None else {**_bound(bound), "promised": bound.promised and _bound(bound.promised)},
    }


def _bound(bound: Computed) -> dict[str, Any]:
    return {"reading": bound.reading, "minutes": bound.minutes, "tick_minutes": bound.tick}


def _environments(of: Compared) -> dict[str, int | list[int]]:
    return {
        "total": of.total,
        "failing": list(of.failed),
        "spoken_of": list(of.spoken),
        "broken": of.broken.count,
        "repaired": of.repaired.count,
        "newly_spoken_of": of.anew.count,
        "failing_where_newly_spoken_of": of.fails_anew.count,
        "no_longer_spoken_of": of.hushed.count,
    }


def _refusal(of: Refusal) -> dict[str, Any]:
    return {
        "step": None if of.step is None else of.step + 1,
        "event": of.event,
        "needs": list(of.why),
        "instead": {name: {"run": run, "original": here} for name, (run, here) in (of.instead or {}).items()},
    }


def _goal(of: Aim) -> dict[str, Any]:
    return {
        "name": of.name,
        "before": of.before,
        "after": of.after,
        "total": of.total,
        "causes": {
            "gone": [cause_as_data(each) for each in of.gone],
            "new": [cause_as_data(each) for each in of.new],
            "unchanged": [cause_as_data(each) for each in of.unchanged],
        },
    }


def _behaviour(of: Behaves) -> dict[str, Any]:
    return {
        "events": [
            {"event": e.event, "gained": e.gained, "lost": e.lost, "first": e.first, "never": e.never}
            for e in of.events
        ],
        "steps": _both(of.steps),
        "labels": {"gained": plain(of.labels[0]), "lost": plain(of.labels[1])},
        "states": _both(of.states),
    }


def _both(of: Mapping[str, tuple[Sequence[Any], Sequence[Any]]]) -> dict[str, Any]:
    return {name: {"gained": plain(gained), "lost": plain(lost)} for name, (gained, lost) in of.items()}
