"""What Mermaid can hold: code hosts refuse a diagram of more than 500 edges or 50,000 characters.

What is larger is folded, a little more each time, until it fits; a note says what was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from .form import Beside, Edge, Frame, Graph, Item, Lines, Role, Section, Sequence

EDGES: Final = 499
"""One less than would be taken: there is one more, unseen, where there are notes."""
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
    kept = _many(sequence.items)
    while len(text) > CHARACTERS and kept:
        kept = kept * 3 // 4
        text = write(_cut(sequence, kept))
    return text


def _many(items: Iterable[Item]) -> int:
    """How many items there are that are no frames, inside of frames too; a section without any counts as one."""
    return sum(
        sum(_many(section.items) or 1 for section in item.sections) if isinstance(item, Frame) else 1 for item in items
    )


def _cut(sequence: Sequence, kept: int) -> Sequence:
    """The first and the last of its items, about as many as ``kept``; frames are kept with what is left in them."""
    many = _many(sequence.items)
    cutting = _Cutting(sequence.lanes, range(kept // 2, many - kept // 2))
    return replace(sequence, items=cutting.rest_of(sequence.items))


class _Cutting:
    """Leaves out the items of some numbers; a word stands where the first of them was."""

    def __init__(self, lanes: Lines, gone: range) -> None:
        self.gone = gone
        said = f"{len(gone)} items are left out here: {ELSEWHERE}"
        self.word = Beside(lanes[0], lanes[-1], (said,), Role.QUIET)
        self.number = 0

    def rest_of(self, items: Iterable[Item]) -> tuple[Item, ...]:
        return tuple(left for item in items for left in self._left_of(item))

    def _left_of(self, item: Item) -> Iterator[Item]:
        if isinstance(item, Frame):
            sections = tuple(left for each in item.sections for left in self._left_in(each))
            if sections:
                yield replace(item, sections=sections)
            return
        if self.number not in self.gone:
            yield item
        elif self.number == self.gone.start:
            yield self.word
        self.number += 1

    def _left_in(self, section: Section) -> Iterator[Section]:
        if section.items:
            left = self.rest_of(section.items)
            if left:
                yield replace(section, items=left)
            return
        if self.number not in self.gone:
            yield section
        elif self.number == self.gone.start:
            yield replace(section, items=(self.word,))
        self.number += 1
