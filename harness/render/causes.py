"""Causes in words."""

from __future__ import annotations

from collections.abc import Sequence

from ccmproof.harness.report import Judgement
from ccmproof.model.kernel.causes import Cause
from ccmproof.model.kernel.condition import And, Condition, all_of

from .words import number

MOST_TELLING = 2
"""How many causes a sentence says; where there is only one more, it is said too."""


def fails_when(judgement: Judgement) -> str:
    """``fails exactly when …`` of a claim, ``cannot happen exactly when …`` of a possibility; empty without causes.

    Causes tell the environments in which a claim fails from the others in which it is put to the test.
    """
    when = exactly_when(judgement.causes or ())
    tested = "" if judgement.among in (None, judgement.total) else ", where it is put to the test,"
    return f"{verb_of(judgement)}{tested} {when}" if when else ""


def verb_of(judgement: Judgement) -> str:
    """What is said of the environments that speak against a property."""
    return "cannot happen" if judgement.prop.possible else "fails"


def exactly_when(causes: Sequence[Cause]) -> str:
    """``exactly when a; or b; or in one of 5 more cases``: the irredundant cover, those of most environments first.

    What all of them have in common is said once, before them: ``when f, and besides either a; or b``. Empty where there
    is nothing to say.
    """
    cover = sorted((each for each in causes if each.in_cover and each.literals), key=lambda each: -each.count)
    if not cover:
        return ""
    parts = [_parts(each.condition) for each in cover]
    common = [part for part in parts[0] if all(part in others for others in parts)]
    rests = [str(all_of(*(part for part in own if part not in common))) for own in parts]
    shown = rests if len(rests) <= MOST_TELLING + 1 else rests[:MOST_TELLING]
    more = [] if len(shown) == len(rests) else [f"in one of {number(len(rests) - len(shown))} more cases"]
    if len(rests) == 1:
        return f"exactly when {cover[0]}"
    lead = f"{all_of(*common)}, and besides either " if common else ""
    return f"exactly when {lead}{'; or '.join([*shown, *more])}"


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, And) else (condition,)
