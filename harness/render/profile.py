"""A profile as a part of a page, and as JSON: numbers first, then the name that they belong to, as profilers do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from ccmproof.harness.engines.levels import Level, Relation
from ccmproof.harness.profile import Profile
from ccmproof.harness.report import Measured, Report

from .page import Page
from .words import counted, number, share

MOST: Final = 10
"""So many events and actors are shown; JSON has all of them."""
MOST_SETS: Final = 3
BANDS: Final = 24
"""Into about so many bands of neighbouring levels their growth is put together."""
_BAR: Final = 24
"""Cells of the longest bar, where the page is wide enough."""
_BESIDE: Final = 56
"""What a page needs beside the bars."""


def profile(page: Page, found: Profile, report: Report) -> None:
    """Draw it."""
    page.line((f"What makes {report.scenario} large", "title"))
    _phases(page, found, report.measured)
    _events(page, found, report.size.states)
    _multipliers(page, found)
    _growth(page, found)
    _sets(page, found, report.size.states)
    for each in found.advice:
        page.blank()
        page.line(("! ", "undetermined"), each, indent=1)


def _table(page: Page, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A titled table: the last column is text and may wrap, the others are set flush right."""
    page.blank()
    page.line(title, indent=1)
    wide = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    cells = [[*(cell.rjust(w) for cell, w in zip(row[:-1], wide, strict=False)), row[-1]] for row in rows]
    top = [*(cell.rjust(w) for cell, w in zip(head[:-1], wide, strict=False)), head[-1]]
    page.rows([[page.styled((cell, "quiet")) for cell in top], *([page.styled(c) for c in row] for row in cells)])


def _phases(page: Page, found: Profile, taken: Measured) -> None:
    grown = found.growth
    rows = [
        ("", f"{taken.build:.1f}", "model"),
        (number(grown.relations), "", "relations of the events"),
        (number(grown.exploration), f"{taken.explore:.1f}", "exploration; its time is with the relations"),
        (number(grown.verdicts), f"{taken.judge:.1f}", "verdicts"),
        (number(grown.runs), f"{taken.runs:.1f}", "runs"),
    ]
    _table(page, "By phase", ("nodes", "seconds", "phase"), rows)


def _events(page: Page, found: Profile, states: int) -> None:
    rows = [
        (
            number(each.states),
            share(each.states, states),
            number(each.relation.nodes),
            number(each.relation.span),
            f"{each.event}{_between(each.relation)}",
        )
        for each in found.events[:MOST]
    ]
    title = f"Events by the states in which they may happen{_of(rows, found.events)}"
    _table(page, title, ("states", "", "nodes", "span", "event: top … bottom of its relation"), rows)
    largest = max(found.events, key=lambda each: each.relation.nodes, default=None)
    if largest is not None:
        said = f"the largest relation: {counted(largest.relation.nodes, 'node')}, of {largest.event}"
        page.line(f"{said}{_between(largest.relation)}", indent=2)


def _between(relation: Relation) -> str:
    if not relation.span:
        return ""
    ends = [relation.top] if relation.span == 1 else [relation.top, relation.bottom]
    return f": {' … '.join(ends)}"


def _of(shown: Sequence[object], of: Sequence[object]) -> str:
    return f", the first {len(shown)} of {number(len(of))}" if len(shown) < len(of) else ""


def _multipliers(page: Page, found: Profile) -> None:
    most = [each for each in found.multipliers if found.factor(each) > 1][:MOST]
    if not most:
        return
    rows = [
        (f"× {found.factor(each):.2f}", number(each.values), number(each.reached), number(each.made), each.actor)
        for each in most
    ]
    title = f"Actors by how they multiply the {counted(found.moving_parts, 'moving part')}"
    _table(page, title, ("factor", "values", "nodes reached", "made", "actor"), rows)


def _growth(page: Page, found: Profile) -> None:
    """The nodes of bands of neighbouring levels. A level on which nothing lies, that of a constant, is passed over."""
    bands = bands_of([each for each in found.levels if each.made])
    if not bands:
        return
    cells = min(_BAR, max(page.width - _BESIDE, 4))
    peak = max(sum(each.made for each in band) for band in bands)
    rows = []
    for band in bands:
        reached, made = sum(each.reached for each in band), sum(each.made for each in band)
        rows.append((number(reached), number(made), bar(reached, made, peak, cells), _name(band)))
    title = "Nodes by level from the top: █ of the reached set, ▒ made besides"
    _table(page, title, ("reached", "made", "", "actors"), rows)


def bands_of(levels: Sequence[Level]) -> list[tuple[Level, ...]]:
    """Neighbouring levels put together, at most about :data:`BANDS`; those of unknowns apart from those that move."""
    many = -(-len(levels) // BANDS)
    found = []
    for _, group in groupby(levels, key=lambda each: each.moving):
        of = tuple(group)
        found += [of[i : i + many] for i in range(0, len(of), many)]
    return found


def bar(part: int, whole: int, peak: int, cells: int) -> str:
    """A bar as long as the whole is beside the peak, its part filled; neither is empty unless it is zero."""
    length, filled = (-(-value * cells // peak) if peak else 0 for value in (whole, part))
    return ("█" * filled + "▒" * (length - filled)).ljust(cells)


def _name(band: Sequence[Level]) -> str:
    first = band[0].actor if len(band) == 1 else f"{band[0].actor} … {band[-1].actor}"
    return first if band[0].moving else f"{first} (environment)"


def _sets(page: Page, found: Profile, states: int) -> None:
    rows = [
        (
            number(each.states),
            share(each.states, states),
            f"{'attempt of' if each.attempt else 'what decides'} {each.prop}",
        )
        for each in found.sets[:MOST_SETS]
    ]
    _table(page, "The largest sets that properties ask for", ("states", "", "property"), rows)


def as_data(found: Profile) -> dict[str, Any]:
    """The JSON form; ``schema/report-1.json`` says what each field means."""
    grown = found.growth
    return {
        "nodes": {
            "relations": grown.relations,
            "exploration": grown.exploration,
            "verdicts": grown.verdicts,
            "runs": grown.runs,
        },
        "events": [
            {
                "event": each.event,
                "states": each.states,
                "relation_nodes": each.relation.nodes,
                "top": each.relation.top,
                "bottom": each.relation.bottom,
                "span": each.relation.span,
            }
            for each in found.events
        ],
        "levels": [
            {
                "actor": each.actor,
                "moving": each.moving,
                "values": each.values,
                "reached_nodes": each.reached,
                "made_nodes": each.made,
                "moving_parts_without": each.without,
            }
            for each in found.levels
        ],
        "sets": [
            {"property": each.prop, "set": "attempt" if each.attempt else "decides", "states": each.states}
            for each in found.sets
        ],
        "advice": list(found.advice),
    }
