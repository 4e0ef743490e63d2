"""Diagnoses as a page of text, Markdown or HTML; of many devices, a table by verdict and cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ccmproof.harness.replay.following.answer import Diagnosis, Verdict
from ccmproof.harness.replay.gathered import Gathered
from ccmproof.harness.replay.many import Row

from .replay_told import SIGN, Masked, parts
from .validation import drawn
from .validation_html import standing_alone
from .validation_markdown import written
from .validation_parts import Grid, Part, Says, Title
from .words import counted, number

NOTES = 10
"""On what was refused, skipped or cut, that are shown."""


@dataclass(frozen=True)
class Shown:
    """What a page is made of: each device with its lines, notes on the sources, and how names are masked."""

    found: Sequence[tuple[Diagnosis, Gathered]]
    notes: Sequence[str] = ()
    masked: Masked = str
    all_lines: bool = False


def told(shown: Shown) -> Iterator[Part]:
    """The parts of the page."""
    for diagnosis, gathered in shown.found:
        others = gathered.others if shown.all_lines else ()
        yield from parts(diagnosis, lines=gathered.lines, others=others, masked=shown.masked)
    if shown.notes:
        yield Title("Reading", 2)
        for note in shown.notes[:NOTES]:
            yield Says(shown.masked(note), "quiet")
        if len(shown.notes) > NOTES:
            yield Says(f"There are {number(len(shown.notes) - NOTES)} more.", "quiet")


def text(shown: Shown, *, width: int = 80, colour: bool = False, ascii: bool = False) -> str:
    """The page at a width."""
    return drawn(told(shown), width=width, colour=colour, ascii=ascii)


def markdown(shown: Shown) -> str:
    return written(list(told(shown)))


def html(shown: Shown) -> str:
    return standing_alone("ccmproof replay", told(shown))


def table(rows: Sequence[Row], masked: Masked = str) -> Iterator[Part]:
    """Many devices: how many of each verdict and cause, then each."""
    counts = Counter((each.verdict, " or ".join(each.causes) or "–") for each in rows)
    order = list(Verdict)
    yield Title(counted(len(rows), "device"), 1)
    yield Grid(
        ("devices", "verdict", "cause"),
        tuple(
            (str(count), f"{SIGN[verdict]} {verdict.value}", cause)
            for (verdict, cause), count in sorted(
                counts.items(), key=lambda each: (-each[1], order.index(each[0][0]), each[0][1])
            )
        ),
    )
    yield Title("Each", 2)
    yield Grid(
        ("device", "verdict", "cause", "findings"),
        tuple(
            (
                masked(each.device),
                f"{SIGN[each.verdict]} {each.verdict.value}",
                " or ".join(each.causes),
                str(each.findings or ""),
            )
            for each in sorted(rows, key=lambda each: (order.index(each.verdict), each.causes, each.device))
        ),
    )


FORMS: dict[str, Callable[[Iterator[Part]], str]] = {
    "markdown": lambda found: written(list(found)),
    "html": lambda found: standing_alone("ccmproof replay", found),
}
"""How parts become a file, by the form."""
