"""Mermaid: plain text that code hosts draw. What would be refused there is folded before (:mod:`.limits`).

Every sign that means something to Mermaid, or to the Markdown that it takes labels for, is written by its number, so
that a label can say anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .form import Beside, Frame, Graph, Item, Kind, Lines, Message, Node, Role, Sequence, Shape
from .look import LOOKS, SHADE, SHADED, TEXT, signed

_SPECIAL = re.compile(r"[#;:\"'`<>&\\{}|%~*@$^=]|\](?=[(\[])|(?<!\w)_|_(?!\w)")
_LIST = re.compile(r"^(\s*)([-+])|^(\s*\d+)([.)])")
"""How a line begins that Markdown takes for an item of a list."""
_TOGETHER = re.compile(r"\$(?=\$)|\\(?=n)|¶(?=ß)|ﬂ(?=°)")
"""What is read even where it is written by numbers: ``$$`` as a formula, ``\\n`` as a new line, and the pairs that
Mermaid itself writes numbers with."""
_WRAPS = re.compile(r"\s*(?:(?:no)?wrap)?:")
"""How the label of a frame begins that says whether Mermaid is to wrap it."""
_AROUND = {
    Shape.STATE: ("(", ")"),
    Shape.START: ("((", "))"),
    Shape.BOX: ("[", "]"),
    Shape.QUESTION: ("{{", "}}"),
    Shape.LAST: ("[[", "]]"),
}
_LINES = {"solid": "-->", "dashed": "-.->", "dotted": "-.->"}
_ARROWS = {Kind.REQUEST: "->>", Kind.REPLY: "-->>", Kind.FAILURE: "-x"}
_WIDE = ("config:", "  flowchart:", "    wrappingWidth: 500")
"""How wide, in pixels, a node may be: labels are wrapped already, and the notes would become a pillar."""
_DASHES = {"solid": "", "dashed": ",stroke-dasharray:6 4", "dotted": ",stroke-dasharray:2 3"}
_SHADE = f"rect rgba({', '.join(str(int(SHADE[at : at + 2], 16)) for at in (1, 3, 5))}, {SHADED:g})"


def mermaid_of_graph(graph: Graph) -> str:
    """The graph as a flowchart."""
    names = {node.name: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = [*_head(graph.title, _WIDE), "flowchart TB"]
    for number, group in enumerate(graph.groups):
        inside = [node for node in graph.nodes if node.group == group.name]
        lines += [f'    subgraph g{number}["{escaped(group.label) or BLANK}"]', "        direction TB"]
        lines += [f"        {_node(node, names[node.name])}" for node in inside]
        lines.append("    end")
    known = {group.name for group in graph.groups}
    lines += [f"    {_node(node, names[node.name])}" for node in graph.nodes if node.group not in known]
    for edge in graph.edges:
        label = _text(signed(edge.label, edge.role))
        said = f'|"{label}"|' if label else ""
        lines.append(f"    {names[edge.source]} {_LINES[LOOKS[edge.role].dash]}{said} {names[edge.target]}")
    if graph.notes:
        lines.append(f'    notes["{_text(graph.notes) or BLANK}"]:::quiet')
        lines += [f"    notes ~~~ {name}" for name in list(names.values())[:1]]  # not seen: it places them above
    lines += _styles(graph)
    return "\n".join(lines) + "\n"


def _node(node: Node, name: str) -> str:
    left, right = _AROUND[node.shape]
    label = " " if node.shape is Shape.START else _text(signed(node.label, node.role)) or BLANK
    return f'{name}{left}"{label}"{right}:::{node.role.value}'


def _styles(graph: Graph) -> Iterable[str]:
    used = {node.role for node in graph.nodes} | ({Role.QUIET} if graph.notes else set())
    for role, look in LOOKS.items():
        if role in used:
            yield (
                f"    classDef {role.value} fill:{look.fill},stroke:{look.line},stroke-width:{look.width:g}px,"
                f"color:{TEXT}{_DASHES[look.dash]}"
            )
    for number, _ in enumerate(graph.groups):
        yield f"    style g{number} fill:none,stroke:{LOOKS[Role.PLAIN].line}"
    for role, look in LOOKS.items():
        numbers = [str(number) for number, edge in enumerate(graph.edges) if edge.role is role]
        if numbers:
            yield (
                f"    linkStyle {','.join(numbers)} stroke:{look.line},stroke-width:{look.width:g}px"
                f"{_DASHES[look.dash]}"
            )


def mermaid_of_sequence(sequence: Sequence) -> str:
    """The sequence as a sequence diagram."""
    names = {lane: f"L{number}" for number, lane in enumerate(sequence.lanes)}
    lines = [*_head(sequence.title), "sequenceDiagram"]
    lines += [f"    participant {name} as {escaped(lane) or BLANK}" for lane, name in names.items()]
    for item in sequence.items:
        lines += [f"    {line}" for line in _item(item, names)]
    return "\n".join(lines) + "\n"


def _item(item: Item, names: dict[str, str]) -> Iterator[str]:
    if isinstance(item, Frame):
        yield from _frame(item, names)
    elif isinstance(item, Message) and item.source == item.target:  # an arrow would strike through what it says
        yield _beside(Beside(item.source, item.source, item.label, Role.REFUSAL), names)
    elif isinstance(item, Message):
        sign = "✗ " if item.kind is Kind.FAILURE else ""
        yield f"{names[item.source]}{_ARROWS[item.kind]}{names[item.target]}: {sign}{_text(item.label) or BLANK}"
    else:
        yield _beside(item, names)


def _frame(frame: Frame, names: dict[str, str]) -> Iterator[str]:
    for place, section in enumerate(frame.sections):
        yield f"{'else' if place else frame.framing.value} {_heading(section.label) or BLANK}"
        inside = [f"    {line}" for item in section.items for line in _item(item, names)]
        yield from inside if section.usual or not inside else [_SHADE, *inside, "end"]
    yield "end"


def _beside(item: Beside, names: dict[str, str]) -> str:
    over = names[item.first] if item.first == item.last else f"{names[item.first]},{names[item.last]}"
    return f"Note over {over}: {_text(signed(item.label, item.role)) or BLANK}"


def _head(title: str, settings: Iterable[str] = ()) -> list[str]:
    """Front matter; a title in quotes, in which YAML knows the quote and the backslash only.

    Of ``<`` Mermaid makes a tag there however it is written, so that a sign like it has to do.
    """
    quoted = _apart(title).replace("\\", "\\\\").replace('"', '\\"').replace("<", "‹")
    return ["---", f'title: "{quoted}"', *settings, "---"]


BLANK = "#160;"
"""What stands for a label of blanks, where Mermaid wants one."""
JOINER = "\u2060"
"""A sign of no width, between two that would be read together."""


def _apart(text: str) -> str:
    return _TOGETHER.sub(lambda found: found[0] + JOINER, " ".join(text.split()))


def _text(label: Lines) -> str:
    return "<br/>".join(map(escaped, label))


def _heading(label: str) -> str:
    """What is said of a section. Mermaid breaks its lines within numbers of signs, so colons and quotes stand as such:
    it does not read them there but at the beginning. What else needs a number is garbled where a frame is narrow."""
    text = escaped(label).replace("#58;", ":").replace("#39;", "'")
    return JOINER + text if _WRAPS.match(label) else text


def escaped(text: str) -> str:
    """The text with every sign that Mermaid reads written by its number: ``#59;`` is a semicolon."""
    plain = _SPECIAL.sub(lambda found: f"#{ord(found[0])};", _apart(text))
    return _LIST.sub(lambda found: f"{found[1] or found[3] or ''}#{ord(found[2] or found[4])};", plain)
