"""What was measured, as a table in Markdown, and whether it agrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .cases import promised
from .measure import Measured

HEADINGS = ("product", "by", "states", "search", "to plain", "process", "memory", "")


@dataclass(frozen=True)
class Entry:
    """One row: a case, who tried, and what came of it. ``process`` says which one it was, where that matters."""

    case: str
    contestant: str
    process: str
    found: Measured


def disagreements(entries: Iterable[Entry]) -> list[str]:
    """Where two complete searches of one case, or one of them and the formula, count different states."""
    said: dict[str, dict[int, list[str]]] = {}
    for entry in entries:
        if entry.found.complete:
            said.setdefault(entry.case, {}).setdefault(entry.found.states, []).append(entry.contestant)
    for case, counts in said.items():
        formula = promised(case)
        if formula is not None:
            counts.setdefault(formula, []).append("the formula")
    return [
        f"{case}: " + "; ".join(f"{count:,} states by {', '.join(dict.fromkeys(by))}" for count, by in counts.items())
        for case, counts in said.items()
        if len(counts) > 1
    ]


def table(entries: Sequence[Entry]) -> str:
    """The table, aligned. *To plain* says how many times as fast as the plain engine a search is."""
    plain = {e.case: e.found.seconds for e in entries if e.contestant == "plain" and e.found.complete}
    rows = [HEADINGS, *(_row(entry, plain.get(entry.case)) for entry in entries)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    words = {0, 1, len(HEADINGS) - 1}
    lines = [
        "| "
        + " | ".join(c.ljust(w) if i in words else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (w + 1) + ("-" if i in words else ":") for i, w in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def _row(entry: Entry, plain: float | None) -> tuple[str, ...]:
    found = entry.found
    by = f"{entry.contestant}, {entry.process}" if entry.process else entry.contestant
    ratio = f"{plain / found.seconds:.3g}×" if found.complete and plain and found.seconds else ""
    states = _count(found.states) if found.complete else f"> {_count(found.states)}" if found.states else ""
    memory = f"{found.peak >> 20:,} MiB" if found.peak is not None else ""
    search = f"{found.seconds:.2f} s" if found.seconds else ""
    return entry.case, by, states, search, ratio, f"{found.process:.1f} s", memory, found.why


def _count(states: int) -> str:
    """A count that is read: in full while it is, with its first digits beyond."""
    return f"{states:,}" if states < 10**12 else f"{str(states)[0]}.{str(states)[1:4]}e{len(str(states)) - 1}"
