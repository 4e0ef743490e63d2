"""What Mermaid can hold: code hosts refuse a diagram of more than 500 edges or 50,000 characters.

What is larger is folded, a little more each time, until it fits; a note says what was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from .form import Beside, Edge, Graph, Role, Sequence

EDGES: Final = 500
CHARACTERS: Final = 50_000
ELSEWHERE = "dot and svg have all of it"
_FIRST_TO_GO = (Role.RECEIVED, Role.PLAIN, Role.QUIET, Role.REFUSAL)
"""Roles whose edges are left out before any others, in this order."""


def fitted_graph(graph: Graph, write: Callable[[Graph], str]) -> str:
    """The text of the graph, folded as far as it must be."""
    for candidate in chain([graph], _smaller_graphs(graph)):
        text = write(candidate)
        if len(candidate.edges) <= EDGES and len(text) <= CHARACTERS:
            return text
    return write(_without(graph))


def _smaller_graphs(graph: Graph) -> Iterator[Graph]:
    """First with arrows between the same nodes joined, then with short labels, then with ever fewer arrows."""
    joined = _joined(graph)
    yield joined
    told = (*graph.notes, f"folded: only the first line of each arrow is told; {ELSEWHERE}")
    short = replace(joined, edges=tuple(replace(edge, label=edge.label[:1]) for edge in joined.edges), notes=told)
    yield short
    order = {role: place for place, role in enumerate(reversed(_FIRST_TO_GO), start=1)}
    ranked = sorted(range(len(short.edges)), key=lambda place: order.get(short.edges[place].role, 0))
    many = min(EDGES, len(ranked))
    while many > 1:
        kept = set(ranked[:many])
        left = len(short.edges) - many
        notes = (*graph.notes, f"folded: {left} of {len(short.edges)} arrows are left out; {ELSEWHERE}")
        edges = tuple(edge for place, edge in enumerate(short.edges) if place in kept)
        yield replace(short, edges=edges, notes=notes)
        many = many * 3 // 4


def _joined(graph: Graph) -> Graph:
    groups: dict[tuple[str, str, Role], list[Edge]] = {}
    for edge in graph.edges:
        groups.setdefault((edge.source, edge.target, edge.role), []).append(edge)
    edges = [
        edges[0] if len(edges) == 1 else replace(edges[0], label=(*edges[0].label, f"and {len(edges) - 1} more"))
        for edges in groups.values()
    ]
    notes = (*graph.notes, f"folded: arrows between the same two are one; {ELSEWHERE}")
    return replace(graph, edges=tuple(edges), notes=notes)


def _without(graph: Graph) -> Graph:
    """The groups alone, for a graph whose nodes are too many by themselves."""
    notes = (f"too large for this format: {len(graph.nodes)} nodes, {len(graph.edges)} arrows; {ELSEWHERE}",)
    return Graph(graph.title, (), (), (), notes)


def fitted_sequence(sequence: Sequence, write: Callable[[Sequence], str]) -> str:
    """The text of the sequence; where it is too long its middle is left out."""
    text = write(sequence)
    kept = len(sequence.items)
    while len(text) > CHARACTERS:
        kept = kept * 3 // 4
        text = write(_cut(sequence, kept))
    return text


def _cut(sequence: Sequence, kept: int) -> Sequence:
    """The first and the last of its items, about as many as ``kept``; a loop is kept with what is left of it."""
    items = sequence.items
    head, tail = kept // 2, len(items) - kept // 2
    left = Beside(sequence.lanes[0], sequence.lanes[-1],
                  (f"{tail - head} items are left out here: {ELSEWHERE}",), Role.QUIET)  # fmt: skip
    loop = sequence.loop
    if loop is not None and loop >= head:
        loop = max(loop - (tail - head) + 1, head)
    after = min(sequence.after, len(items) - tail)
    return replace(sequence, items=(*items[:head], left, *items[tail:]), loop=loop, after=after)
