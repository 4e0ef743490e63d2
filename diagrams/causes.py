"""A decision tree as a graph: which question to ask first about a site, and what each answer leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ccmproof.model.kernel.condition import Condition, In, Not
from ccmproof.model.kernel.decision import Tree

from .form import Edge, Graph, Node, Role, Shape
from .words import told, words, wrapped

Number: TypeAlias = Callable[[int], str]
"""How a number of environments is written."""


def causes_graph(
    title: str, tree: Tree, bad: str, good: str, notes: tuple[str, ...] = (), number: Number = str
) -> Graph:
    """The tree from its first question down.

    Args:
        bad, good: what is said of the environments in the set that the tree tells apart, and of those outside of it.
    """
    nodes: list[Node] = []
    edges: list[Edge] = []
    for name, above, answer, each in _walk(tree, "0"):
        nodes.append(_node(name, each, bad, good, number))
        if above:
            edges.append(Edge(above, name, wrapped(answer)))
    return Graph(title, tuple(nodes), tuple(edges), notes=notes)


def _walk(tree: Tree, name: str, above: str = "", answer: str = "") -> Iterator[tuple[str, str, str, Tree]]:
    yield name, above, answer, tree
    for place, (condition, below) in enumerate(tree.branches):
        yield from _walk(below, f"{name}.{place}", name, _answer(condition))


def _answer(condition: Condition) -> str:
    """The answer without the name that the question has."""
    if isinstance(condition, In):
        return told(str(condition)).partition(" is ")[2]
    if isinstance(condition, Not) and isinstance(condition.part, In):
        return f"not {_answer(condition.part)}"
    return told(str(condition))


def _node(name: str, tree: Tree, bad: str, good: str, number: Number) -> Node:
    if tree.asks:
        return Node(name, (f"{words(tree.asks)}?",), Role.PLAIN, Shape.QUESTION)
    if tree.is_mixed:
        return Node(name, (f"{bad}: {number(tree.inside)}", f"{good}: {number(tree.outside)}"), Role.QUIET)
    if tree.inside:
        return Node(name, (bad, number(tree.inside)), Role.BAD)
    return Node(name, (good, number(tree.outside)), Role.GOOD)
