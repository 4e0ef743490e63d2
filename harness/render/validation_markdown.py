"""A validation as Markdown that is fit for a pull request: what is long is folded away, and nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ccmproof.harness.changes.validation import Validation

from .page import Page
from .validation import run_told
from .validation_compare import rivals
from .validation_parts import Counts, Diff, Entries, Entry, Grid, Listing, Part, Run, Says, Title
from .validation_told import parts
from .validation_words import in_a_line

WIDTH = 100
"""Of a run, which stands as it is drawn."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def render(validations: Sequence[Validation]) -> str:
    """The Markdown of one validation; of several, the rivals side by side."""
    return written(list(parts(validations[0])) if len(validations) == 1 else list(rivals(validations)))


def written(found: Sequence[Part]) -> str:
    """The Markdown of these parts."""
    blocks = [block for each in _grouped(found) for block in _block(each)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _grouped(found: Sequence[Part]) -> Iterator[Part | tuple[Diff, ...]]:
    """The parts, differences in a row together."""
    diffs: list[Diff] = []
    for part in found:
        if isinstance(part, Diff):
            diffs.append(part)
            continue
        if diffs:
            yield tuple(diffs)
            diffs = []
        yield part
    if diffs:
        yield tuple(diffs)


def _block(part: Part | tuple[Diff, ...]) -> Iterator[str]:
    match part:
        case Title():
            aside = f" — {escaped(part.aside)}" if part.aside else ""
            yield f"{'#' * (part.level + 1)} {escaped(part.text)}" + (aside if part.level > 1 else "")
            if part.level == 1 and part.aside:
                yield code(part.aside)
        case Says():
            yield escaped(part.text)
        case Counts():
            said = " · ".join(map(escaped, part.items))
            yield f"{part.lead}{said}" if part.lead else f"**{said}**"
        case Entries():
            yield "\n".join(_entry(each) for each in part.rows)
        case Grid():
            yield _table(part)
        case Listing():
            yield from _listing(part)
        case Run():
            yield from _run(part)
        case tuple():
            yield from folded(f"{len(part)} differences of the model", _fenced("diff", _diff(part)), len(part) > 3)


def _entry(entry: Entry) -> str:
    name = f"**{escaped(entry.name)}** " if entry.name else ""
    said = [f"- {entry.sign} {name}{escaped(entry.claim)} — *{entry.word}*"]
    said += [f"  {escaped(words)}" for words, _ in entry.remarks]
    return "  \n".join(said)


def _table(part: Grid) -> str:
    rows = [[*map(escaped, part.head)], ["---" for _ in part.head], *([*map(escaped, row)] for row in part.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _listing(part: Listing) -> Iterator[str]:
    lead = escaped(part.lead.rstrip(":"))
    if part.inline and len(part.items) <= part.few + 1:
        yield f"{lead}: {', '.join(map(code, part.items))}"
        return
    items = ", ".join(map(code, part.items)) if part.inline else "\n".join(f"- {code(each)}" for each in part.items)
    yield from folded(part.lead.rstrip(":"), items, len(part.items) > part.few + 1)


def _run(part: Run) -> Iterator[str]:
    page = Page(WIDTH)
    run_told(page, part)
    prop = part.judgement.prop
    yield from folded(f"{prop.id}: the shortest run", _fenced("text", page.text().strip("\n")), True)
    if part.refusal:
        yield escaped(f"{prop.id}: {in_a_line(part.refusal)}")


def _diff(differences: Sequence[Diff]) -> str:
    lines = []
    for each in differences:
        lines.append(f"@@ {each.title} @@")
        lines += [f"{sign} {text}" for sign, text in (("-", each.before), ("+", each.after)) if text]
    return "\n".join(lines)


def folded(summary: str, body: str, fold: bool) -> Iterator[str]:
    """The body under its summary, folded away or not. The blank lines let the Markdown inside be read as such."""
    if fold:
        yield f"<details><summary>{_html(summary)}</summary>\n\n{body}\n\n</details>"
    else:
        yield f"{escaped(summary)}:"
        yield body


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def code(text: str) -> str:
    """Text in the type of code; none of it is Markdown."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def escaped(text: str) -> str:
    """Text of which no sign means anything to Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
