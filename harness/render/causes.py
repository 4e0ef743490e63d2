"""Causes in words."""

from __future__ import annotations

from collections.abc import Sequence

from ccmproof.harness.report import Judgement
from ccmproof.model.kernel.causes import Cause
from ccmproof.model.kernel.condition import And, Condition, all_of
from rich.text import Text

from .page import Page
from .words import counted, number, share

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
    if judgement.prop.exactly:
        return "is otherwise"
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


def cause_table(page: Page, lead: str, causes: Sequence[Cause], limit: int) -> None:
    """A table of causes under a sentence that begins with the lead; no more of them than the limit."""
    count, enough = len(causes), sum(each.in_cover for each in causes)
    page.line((f"{lead} exactly when {'this holds' if count == 1 else f'one of these {number(count)} holds'}", "title"))
    if enough < count:
        page.line(f"those with * say it too: {number(enough)}, none of which can be left out", indent=1)
    rows = [[page.styled((cell, "quiet")) for cell in ("", "", "in environments", "alone in", "")]]
    rows += [_cause(page, place, each) for place, each in enumerate(causes[:limit], start=1)]
    if limit:
        page.rows(rows, indent=1)
    if count > limit:
        page.line(f"… and {counted(count - limit, 'more cause')}; --causes shows more", indent=1)


def _cause(page: Page, place: int, cause: Cause) -> list[Text]:
    total = cause.environments.total
    many = f"{number(cause.count)} ({share(cause.count, total)})"
    sign = "*" if cause.in_cover else ""
    cells = [str(place).rjust(2), sign, many, number(cause.alone) if cause.alone else "none"]
    return [*map(page.styled, cells), page.styled((str(cause), "name"))]
