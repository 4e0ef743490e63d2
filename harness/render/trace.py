"""The matrix of statements as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from ccmproof.harness.trace import Answered, Trace

from .page import Page

MODEL_WIDTH, PROPERTIES_WIDTH = 38, 25
"""Of the two columns whose names are flowed: what 80 columns leave beside a statement's ID and whether it is a must."""


def text_of_trace(trace: Trace, *, width: int, colour: bool, ascii: bool) -> str:
    """The matrix, what is due, and the gaps; the gaps last, where they are seen."""
    page = Page(width, colour, ascii)
    asked = [row for row in trace.statements if row.kind not in {"line", "log", "question"}]
    _answered(page, "statements", asked)
    page.blank()
    _answered(page, "questions of reading", [row for row in trace.statements if row.kind == "question"])
    page.blank()
    _claims(page, trace.claims)
    page.blank()
    _logs(page, trace)
    page.blank()
    _silent(page, trace)
    page.blank()
    _due(page, trace)
    page.blank()
    _gaps(page, trace)
    return page.text()


def _answered(page: Page, title: str, rows: Sequence[Answered]) -> None:
    page.line((title, "title"), f"  {len(rows)}")
    cells = [("id", "", "in the model", "properties"), *(_cells(page, row) for row in rows)]
    page.rows([[page.styled((cell, "quiet" if not at else "")) for cell in row] for at, row in enumerate(cells)])


def _cells(page: Page, row: Answered) -> tuple[str, str, str, str]:
    places = by_actor(row.model)
    drawn = [word for name in row.pictures for word in f"ccmproof diagram workflow {name}".split()]
    model = drawn or row.note.split() or [f"{place}," for place in places[:-1]] + places[-1:]
    said = page.flow(row.properties, max(PROPERTIES_WIDTH, page.width - 55)) or (f"due: {row.due}" if row.due else "")
    return row.id, "must" if row.kind == "must" else "", page.flow(model, MODEL_WIDTH), said


def by_actor(places: Iterable[str]) -> list[str]:
    """``ccmsetup (3)`` for rows of an actor about three events; anything else by its name."""
    rows: dict[str, int] = {}
    for place in places:
        name, row = place.partition(":")[0].partition("/")[::2]
        rows[name] = rows.get(name, 0) + bool(row)
    return [f"{name} ({count})" if count else name for name, count in rows.items()]


def _claims(page: Page, rows: Sequence[Answered]) -> None:
    """The claims that the suite does not have as they stand; of the others their number is enough."""
    said = [row for row in rows if not row.missing and not row.note]
    page.line(("claims of the property list", "title"), f"  {len(rows)}, of which {len(said)} are in the suite")
    page.rows([[page.styled(row.id), page.styled(f"{row.text}: {row.note}")] for row in rows if row.note])


def _logs(page: Page, trace: Trace) -> None:
    """How many patterns each log of the document has, and which of its quoted lines stand for nothing."""
    logs = [row for row in trace.statements if row.kind == "log"]
    page.line(("logs of the document", "title"), f"  {len(logs)}")
    page.rows([[page.styled(cell) for cell in (row.id, f"{len(row.patterns)} patterns", row.text)] for row in logs])
    page.blank()
    lines = [row for row in trace.statements if row.kind == "line"]
    read = sum(not row.missing for row in lines)
    page.line(("groups of quoted lines", "title"), f"  {len(lines)}, of which {read} are recognised")
    page.rows([[page.styled(row.id), page.styled(row.note)] for row in lines if row.note])


def _silent(page: Page, trace: Trace) -> None:
    """The events that no log line stands for, those with one reason together."""
    page.line(("events without a log line", "title"), f"  {len(trace.silent)}")
    why: dict[str, list[str]] = {}
    for each in trace.silent:
        why.setdefault(each.why, []).append(each.event)
    page.rows([[page.styled(f"{len(events)}"), page.styled(reason)] for reason, events in why.items()])


def _due(page: Page, trace: Trace) -> None:
    """What each later part owes; quoted lines of one log in one row."""
    page.line(("due from later parts", "title"), f"  {len(trace.due)}")
    rows = [(row.id, row.due, row.text) for row in trace.due if row.kind != "line"]
    lines: dict[str, list[str]] = {}
    for row in trace.due:
        if row.kind == "line":
            lines.setdefault(row.due, []).append(row.id)
    rows += [("lines", part, f"the lines {', '.join(numbers)} of the document") for part, numbers in lines.items()]
    page.rows([[page.styled(cell) for cell in row] for row in rows])


def _gaps(page: Page, trace: Trace) -> None:
    page.line(("gaps", "title"), f"  {len(trace.gaps) or 'none'}")
    page.rows([[page.styled((gap.name, "surprise")), page.styled(gap.what)] for gap in trace.gaps])


def json_of_trace(trace: Trace) -> str:
    """``{"statements": […], "claims": […], "gaps": […]}``, each place and property by name."""
    return json.dumps(asdict(trace), indent=2, ensure_ascii=False) + "\n"
