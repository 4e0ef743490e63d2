"""DOT, the language of Graphviz, for graphs: plain text, drawn from the top down."""

from __future__ import annotations

from collections.abc import Iterator

from .form import Edge, Graph, Node, Role, Shape
from .look import GREY, LOOKS, TEXT, signed

IN_A_ROW = 3
"""Groups that stand side by side, where nothing joins them."""
FONT = "Helvetica,Arial,DejaVu Sans,sans-serif"
_SHAPES = {Shape.STATE: "box", Shape.START: "circle", Shape.BOX: "box", Shape.QUESTION: "hexagon", Shape.LAST: "box"}


def dot_of_graph(graph: Graph) -> str:
    """The graph in DOT."""
    head = "\\l".join(inside(line) for line in (graph.title, *graph.notes)) + "\\l"
    lines = [
        "digraph {",
        f'    graph [layout=dot, bgcolor=white, fontname="{FONT}", fontsize=12,',
        f'        fontcolor="{TEXT}", label="{head}", labelloc=t, labeljust=l, nodesep=0.35, ranksep=0.5, pad=0.2]',
        f'    node [fontname="{FONT}", fontsize=11, fontcolor="{TEXT}", margin="0.12,0.06"]',
        f'    edge [fontname="{FONT}", fontsize=9, fontcolor="{TEXT}", arrowsize=0.7]',
    ]
    if any(group.foot for group in graph.groups):
        lines.append("    graph [newrank=true]  // frames may not move what leads into them")
    for number, group in enumerate(graph.groups):
        lines.append(f"    subgraph cluster_{number} {{")
        foot = ", labelloc=b" if group.foot else ""
        lines.append(f'        graph [label="{inside(group.label)}"{foot}, color="{GREY}", style=rounded, margin=20]')
        lines += [f"        {_node(node)}" for node in graph.nodes if node.group == group.name]
        lines.append("    }")
    known = {group.name for group in graph.groups}
    lines += [f"    {_node(node)}" for node in graph.nodes if node.group not in known]
    lines += [f"    {_edge(edge)}" for edge in graph.edges]
    lines += [f"    {each}" for each in _in_rows(graph)]
    return "\n".join([*lines, "}"]) + "\n"


def _node(node: Node) -> str:
    look = LOOKS[node.role]
    if node.shape is Shape.START:
        return f'{quoted(node.name)} [shape=circle, style=filled, fillcolor="{TEXT}", label="", width=0.16]'
    style = "rounded,filled" if node.shape is Shape.STATE else "filled"
    double = ", peripheries=2" if node.shape is Shape.LAST else ""
    dash = "" if look.dash == "solid" else f",{look.dash}"
    label = "\\n".join(map(inside, signed(node.label, node.role)))
    return (
        f'{quoted(node.name)} [shape={_SHAPES[node.shape]}, style="{style}{dash}", fillcolor="{look.fill}",'
        f' color="{look.line}", penwidth={look.width:g}{double}, label="{label}"]'
    )


def _in_rows(graph: Graph) -> Iterator[str]:
    """Edges that nobody sees, by which groups that nothing joins stand in rows, and not all side by side."""
    where = {node.name: node.group for node in graph.nodes}
    if any(where[edge.source] != where[edge.target] for edge in graph.edges):
        return
    inside_of = [[quoted(node.name) for node in graph.nodes if node.group == group.name] for group in graph.groups]
    for above, below in zip(inside_of, inside_of[IN_A_ROW:], strict=False):
        yield f"{{{' '.join(above)}}} -> {below[0]} [style=invis]"


def _edge(edge: Edge) -> str:
    look = LOOKS[edge.role]
    label = "".join(f" {inside(line)} \\l" for line in signed(edge.label, edge.role))  # blanks: off the line
    said = f', label="{label}"' if label else ""
    straight = ", weight=8" if edge.role is Role.HAPPY else ""
    return (
        f"{quoted(edge.source)} -> {quoted(edge.target)}"
        f' [color="{look.line}", style={look.dash}, penwidth={look.width:g}{straight}{said}]'
    )


def quoted(text: str) -> str:
    """A text as DOT takes it for a name."""
    return f'"{inside(text)}"'


def inside(text: str) -> str:
    """A text as it stands between quotes in DOT."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
