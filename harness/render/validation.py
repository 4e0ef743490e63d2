"""A validation as a page to read: the verdict on the first screen, then what breaks with its runs, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ccmproof.harness.changes.validation import Validation
from rich.text import Text

from .page import Page
from .story import INDENT, story
from .validation_compare import rivals
from .validation_parts import Counts, Diff, Entries, Entry, Grid, Listing, Part, Run, Says, Title
from .validation_told import parts
from .words import counted

LEAD = 1
"""Of sections, from the left."""


def render(validations: Sequence[Validation], *, width: int = 80, colour: bool = False, ascii: bool = False) -> str:
    """The page of one validation; of several, the rivals side by side. The same for the same input."""
    found = parts(validations[0]) if len(validations) == 1 else rivals(validations)
    return drawn(found, width=width, colour=colour, ascii=ascii)


def drawn(found: Iterable[Part], *, width: int = 80, colour: bool = False, ascii: bool = False) -> str:
    """The page that these parts make."""
    page = Page(width, colour, ascii)
    for number, part in enumerate(found):
        if isinstance(part, Title) and number:
            page.blank()
        draw(page, part)
    return page.text()


def draw(page: Page, part: Part) -> None:
    """Put one part on a page."""
    match part:
        case Title():
            page.line((part.text, "title"), f"  {part.aside}" if part.aside else "", indent=0)
        case Says():
            page.line((part.text, part.style), indent=part.indent)
        case Counts():
            said = page.flow([f"{each} ·" for each in part.items[:-1]] + [part.items[-1]], page.width - len(part.lead))
            page.line((f"{part.lead}{said}", part.style))
        case Entries():
            widths = max(len(each.word) + 2 for each in part.rows), max(len(each.name) for each in part.rows)
            page.rows([_row(page, each) for each in part.rows], indent=LEAD, widths=widths)
        case Grid():
            _grid(page, part)
        case Listing():
            _listing(page, part)
        case Diff():
            page.line((part.title, "name"), indent=LEAD)
            for sign, text, style in (("-", part.before, "fails"), ("+", part.after, "holds")):
                if text:
                    page.rows([[page.styled((sign, style)), page.styled(text)]], indent=INDENT)
        case Run():
            run_told(page, part)


def run_told(page: Page, part: Run) -> None:
    """The story of a run as the check tells it, and what the original does."""
    page.blank()
    story(page, part.judgement, same_as=part.same_as)
    if part.refusal:
        page.line((part.refusal[0], "name"), indent=INDENT)
        page.rows([[page.styled(each)] for each in part.refusal[1:]], indent=INDENT + 2)


def _row(page: Page, entry: Entry) -> list[Text]:
    claim = page.styled(entry.claim)
    for words, style in entry.remarks:
        claim.append("\n")
        claim.append_text(page.styled((words, style)))
    return [page.styled((f"{entry.sign} {entry.word}", entry.style)), page.styled((entry.name, "name")), claim]


def _grid(page: Page, part: Grid) -> None:
    if any(part.head):
        page.table(part.head, part.rows, indent=LEAD)
    else:
        page.rows([[page.styled((row[0], "name")), *map(page.styled, row[1:])] for row in part.rows], indent=LEAD)


def _listing(page: Page, part: Listing) -> None:
    """The lead with its items behind it where they are short; the rest is counted."""
    shown = part.items if len(part.items) <= part.few + 1 else part.items[: part.few]
    rest = len(part.items) - len(shown)
    more = [f"… and {counted(rest, 'more', 'more')}"] if rest else []
    page.line(part.lead, indent=LEAD)
    if part.inline:
        said = [f"{each}," for each in (*shown, *more)]
        said[-1] = said[-1].rstrip(",")
        page.line(page.flow(said, page.width - INDENT), indent=INDENT)
    else:
        page.rows([[page.styled(each)] for each in (*shown, *more)], indent=INDENT)
