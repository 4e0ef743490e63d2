"""Entries and lists of the catalogue as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ccmproof.harness.catalogue import Entry, Table

from .page import Page


def text_of_table(table: Table, *, width: int, colour: bool, ascii: bool) -> str:
    """A list as a table, with how many there are."""
    page = Page(width, colour, ascii)
    page.line((table.title, "title"), f"  {len(table.rows)}")
    page.table(table.head, table.rows)
    return page.text()


def text_of_entries(entries: Sequence[Entry], *, width: int, colour: bool, ascii: bool) -> str:
    """Entries one after the other: facts, then tables."""
    page = Page(width, colour, ascii)
    for number, entry in enumerate(entries):
        if number:
            page.blank()
        page.line((entry.name, "title"), f"  {entry.kind}")
        page.rows([[page.styled((label, "quiet")), page.styled(value)] for label, value in entry.facts if value])
        for table in entry.tables:
            page.blank()
            page.line((table.title, "quiet"), indent=2)
            page.table(table.head, table.rows)
    return page.text()


def json_of_table(table: Table) -> str:
    """``{"kind": …, "items": [{column: value}]}``."""
    items = [dict(zip((head or "note" for head in table.head), row, strict=True)) for row in table.rows]
    return _json({"kind": table.title, "items": items})


def json_of_entries(entries: Sequence[Entry]) -> str:
    """A list of entries, each with its facts and tables."""
    return _json(
        [
            {
                "kind": entry.kind,
                "name": entry.name,
                **{label: value for label, value in entry.facts if value},
                "tables": {
                    table.title: [dict(zip(table.head, row, strict=True)) for row in table.rows]
                    for table in entry.tables
                },
            }
            for entry in entries
        ]
    )


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
