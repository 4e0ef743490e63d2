"""The file that a change is started from, and the tables of the documentation: made from the tables of the reader."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from .claims import GIVES_UP, OBSERVER, PROPERTY
from .forms import FORMS, Form, Key, Kind
from .schema import FILE, ONE_OF, TOP

WIDTH = 100
SAMPLES = {
    Kind.TEXT: '"…"',
    Kind.NAME: '"…"',
    Kind.NAMES: '["…"]',
    Kind.CONDITION: '"actor is state and not other_actor in {one, another}"',
    Kind.EFFECTS: '["set field to value", "copy record to record", "clear record"]',
    Kind.FLAG: "true",
    Kind.NUMBER: "0",
    Kind.TABLE: '{ name = "…" }',
    Kind.ROWS: '[{ event = "…", from = "…", to = "…", when = "…" }]',
}
HEAD = f"""\
#:schema ./{FILE}
# A design change. `ccmproof change schema -o {FILE}` writes the schema by which editors check this file;
# `ccmproof validate FILE` says what the change breaks, repairs and leaves as it is.
# `ccmproof list actors`, `ccmproof show NAME` and `ccmproof list properties` say what there is to change.
# Everything below is optional but the title: take away the # of what you need, and delete the rest.
"""
ENTRIES = """\
# The entries. They are applied in the order of the file, and each may stand several times.
# A condition reads as in `ccmproof show`: `wpj is ok and (crl is not fresh or pki in {valid, expired})`.
"""


def template() -> str:
    """The commented file. It is a change as it stands: one that changes nothing."""
    return "\n".join([HEAD, *_first(), ENTRIES, *(_commented(each) for each in FORMS), *_last()])


def _first() -> Iterator[str]:
    yield f'{_remark(TOP["title"])}title = "What would be different"\n'
    for name in ("rationale", "cites"):
        yield f'{_remark(TOP[name])}# {name} = "…"\n'
    for name in ("scenarios", "strikes"):
        yield f'{_remark(TOP[name])}# {name} = ["…"]\n'
    yield f"""{_remark(TOP["settings"])}# [settings]
# parameter = "value"
# unknown = {{ before = "value", after = ["value", "another"] }}
"""
    yield f"""{_remark(TOP["durations"])}# [durations]
# clock = "8 h"
# other_clock = ["60 min", "90 min"]
"""


def _last() -> Iterator[str]:
    for name, keys in (("observer", OBSERVER), ("property", PROPERTY), ("gives_up", GIVES_UP)):
        yield f"{_remark(TOP[name])}{_entry(name, keys)}"


def _commented(form: Form) -> str:
    return f"{_remark(form.doc)}{_entry(form.name, form.keys)}"


def _remark(text: str) -> str:
    said = f"{text[:1].upper()}{text[1:]}."
    return "".join(f"{line}\n" for line in textwrap.wrap(said, WIDTH, initial_indent="# ", subsequent_indent="# "))


def _entry(name: str, keys: Iterable[Key]) -> str:
    lines = [f"# [[{name}]]"]
    for key in keys:
        said = f"# {key.name} = {_sample(key)}"
        need = "needed: " if key.required else ""
        lines.append(f"{said}  # {need}{key.doc}")
    return "\n".join(lines) + "\n"


def _sample(key: Key) -> str:
    return f'"{ONE_OF[key.name][0]}"' if key.name in ONE_OF else SAMPLES[key.kind]


def tables() -> str:
    """Every entry and its keys, as Markdown: what the documentation of the format has between its marks."""
    blocks = []
    for form in FORMS:
        blocks.append(f"#### `[[{form.name}]]`\n\n{form.doc}.\n\n{_table(form.keys)}")
    for name, keys in (("observer", OBSERVER), ("property", PROPERTY), ("gives_up", GIVES_UP)):
        doc = TOP[name]
        blocks.append(f"#### `[[{name}]]`\n\n{doc[:1].upper()}{doc[1:]}.\n\n{_table(keys)}")
    return "\n\n".join(blocks) + "\n"


def _table(keys: Sequence[Key]) -> str:
    rows = [
        f"| `{key.name}` | {_value(key)} | {'**needed:** ' if key.required else ''}{_cell(key.doc)} |" for key in keys
    ]
    return "\n".join(["| key | value | what it says |", "|---|---|---|", *rows])


def _value(key: Key) -> str:
    return " or ".join(f"`{each}`" for each in ONE_OF[key.name]) if key.name in ONE_OF else key.kind.value


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")
