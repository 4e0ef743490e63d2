"""A validation as a page of HTML that stands alone: no script, no other file, light and dark as the reader has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from ccmproof.harness.changes.validation import Validation

from .page import Page
from .validation import run_told
from .validation_compare import rivals
from .validation_parts import Counts, Diff, Entries, Entry, Grid, Listing, Part, Run, Says, Title
from .validation_told import parts
from .validation_words import names

WIDTH = 100
"""Of a run, which stands as it is drawn."""
STYLE = """
:root { color-scheme: light dark; --holds: #0072b2; --fails: #b54700; --undetermined: #8a6100; --quiet: #666; }
@media (prefers-color-scheme: dark) {
  :root { --holds: #56b4e9; --fails: #f08a4b; --undetermined: #e69f00; --quiet: #999; }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 1px solid; } h3 { margin-bottom: .3rem; }
pre, code { font: 13px/1.45 ui-monospace, Consolas, monospace; }
pre { overflow-x: auto; border-left: 3px solid var(--quiet); padding-left: .8rem; }
p, ul, dl { margin: .3rem 0; } summary { cursor: pointer; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
td, th { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; }
dt { margin-top: .5rem; } dd { margin-left: 1.5rem; }
.counts { font-size: 1.25rem; font-weight: 600; }
.holds { color: var(--holds); } .fails, .surprise { color: var(--fails); }
.undetermined { color: var(--undetermined); } .quiet, .vacuous { color: var(--quiet); } .name { font-weight: 600; }
""".strip()


def render(validations: Sequence[Validation]) -> str:
    """The page of one validation; of several, the rivals side by side."""
    found = parts(validations[0]) if len(validations) == 1 else rivals(validations)
    return standing_alone(" or ".join(names(each) for each in validations), found)


def standing_alone(title: str, found: Iterable[Part]) -> str:
    """The page of these parts."""
    body = "\n".join(html for html in map(_block, found) if html)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _block(part: Part) -> str:
    match part:
        case Title():
            aside = f' <small class="quiet">{escape(part.aside)}</small>' if part.aside else ""
            return f"<h{part.level}>{escape(part.text)}{aside}</h{part.level}>"
        case Says():
            return _paragraph(part.text, part.style) if part.text else ""
        case Counts():
            style = "quiet" if part.lead else f"counts {part.style}"
            return _paragraph(part.lead + " · ".join(part.items), style)
        case Entries():
            return f"<dl>\n{''.join(map(_entry, part.rows))}</dl>"
        case Grid():
            return _table(part)
        case Listing():
            return _listing(part)
        case Diff():
            lines = [f"{sign} {text}" for sign, text in (("-", part.before), ("+", part.after)) if text]
            return f"{_paragraph(part.title, 'name')}\n{_pre(lines)}"
        case Run():
            return _run(part)


def _paragraph(text: str, style: str) -> str:
    kind = f' class="{style}"' if style else ""
    return f"<p{kind}>{escape(text)}</p>"


def _entry(entry: Entry) -> str:
    name = f" <b>{escape(entry.name)}</b>" if entry.name else ""
    head = f'<span class="{entry.style}">{escape(f"{entry.sign} {entry.word}")}</span>{name}'
    said = "".join(f'<dd class="{style}">{escape(words)}</dd>\n' for words, style in entry.remarks)
    return f"<dt>{head} {escape(entry.claim)}</dt>\n{said}"


def _table(part: Grid) -> str:
    head = f"<tr>{''.join(f'<th>{escape(cell)}</th>' for cell in part.head)}</tr>\n" if any(part.head) else ""
    rows = [
        f"<tr><th>{escape(name)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        for name, *cells in part.rows
    ]
    return f"<table>\n{head}{chr(10).join(rows)}\n</table>"


def _listing(part: Listing) -> str:
    if part.inline:
        items = f"<p>{', '.join(f'<code>{escape(each)}</code>' for each in part.items)}</p>"
    else:
        items = f"<ul>\n{''.join(f'<li><code>{escape(each)}</code></li>{chr(10)}' for each in part.items)}</ul>"
    opened = " open" if len(part.items) <= part.few + 1 else ""
    return f"<details{opened}><summary>{escape(part.lead.rstrip(':'))}</summary>\n{items}\n</details>"


def _run(part: Run) -> str:
    page = Page(WIDTH)
    run_told(page, part)
    summary = escape(f"{part.judgement.prop.id}: the shortest run")
    return f"<details open><summary>{summary}</summary>\n{_pre(page.text().strip(chr(10)).splitlines())}\n</details>"


def _pre(lines: Sequence[str]) -> str:
    return f"<pre>{escape(chr(10).join(lines))}</pre>"
