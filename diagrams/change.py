"""What a change does, as state diagrams of the actors that it touches: added, removed and altered told apart.

Each has a sign, a word and a line of its own: ``+ added`` thick, ``− removed`` dotted, ``± altered`` dashed. What
stays as it was is thin, and told by the event alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ccmproof.model.kernel.actor import ActorDef, Row

from .actor import Shown, machine, row_label
from .form import Graph, Group, Lines, Node, Role, Shape
from .words import some, stacked, told, words

ALL = "said of the whole"
"""The group of what belongs to no actor."""


@dataclass(frozen=True)
class Altered:
    """A row that a change alters: what it was and what it is. ``why`` says it where the row is written as before."""

    before: Row
    after: Row
    why: str = ""


@dataclass(frozen=True)
class Touched:
    """An actor that a change touches, before and after; ``None`` where it is not there.

    Attributes:
        added, removed, altered: of its rows; all others are on both sides.
        traits: what else of it is altered, each in words.
        like: the names of others to which the same happens, and which are not drawn.
    """

    before: ActorDef | None
    after: ActorDef | None
    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    altered: tuple[Altered, ...] = ()
    traits: tuple[str, ...] = ()
    like: tuple[str, ...] = ()


@dataclass(frozen=True)
class Elsewhere:
    """What a change adds, removes or alters that is no part of an actor: a predicate, a setting, an assumption."""

    role: Role
    what: str
    text: Lines


def change_graph(title: str, touched: Sequence[Touched], elsewhere: Sequence[Elsewhere] = ()) -> Graph:
    """The actors that a change touches, each in a frame, and what else it says."""
    graphs = [_machine(each) for each in touched]
    nodes = [node for graph in graphs for node in graph.nodes]
    groups = [group for graph in graphs for group in graph.groups]
    if elsewhere:
        groups.append(Group(ALL, ALL))
        nodes += [
            Node(f"{ALL}/{number}", stacked([each.what, *each.text], 60), each.role, group=ALL)
            for number, each in enumerate(elsewhere)
        ]
    notes = ("+ added, thick; − removed, dotted; ± altered, thick and dashed; thin, solid or dashed: as before",)
    edges = tuple(edge for graph in graphs for edge in graph.edges)
    return Graph(title, tuple(nodes), edges, tuple(groups), notes)


def _machine(of: Touched) -> Graph:
    one = of.after or of.before
    assert one is not None
    whole = Role.ADDED if of.before is None else Role.REMOVED if of.after is None else Role.PLAIN
    shown = _rows(of) if whole is Role.PLAIN else [Shown(row, whole, row_label(row)) for row in one.rows]
    host = f" on {one.host}" if one.host else ""
    like = f"; the same: {some(of.like, 3)}" if of.like else ""
    group = Group(one.name, f"{one.name}{host}{like}")
    graph = machine(one, _states(of, whole), shown, group=group)
    if not of.traits:
        return graph
    said = Node(f"{one.name}/traits", stacked(of.traits, 40), Role.ALTERED, group=one.name)
    return replace(graph, nodes=(*graph.nodes, said))


def _states(of: Touched, whole: Role) -> list[Node]:
    """The states of both sides; one that the other side has not is added or removed."""
    before, after = ((side.states if side else ()) for side in (of.before, of.after))
    found = []
    for state in dict.fromkeys((*after, *before)):
        role = whole
        if whole is Role.PLAIN and state not in before:
            role = Role.ADDED
        elif whole is Role.PLAIN and state not in after:
            role = Role.REMOVED
        found.append(Node(state, (words(state),), role, Shape.STATE))
    return found


def _rows(of: Touched) -> list[Shown]:
    assert of.after is not None
    new = {*of.added, *(each.after for each in of.altered)}
    shown = [
        Shown(row, Role.PLAIN if row.sends else Role.RECEIVED, (words(row.event),), bare=True)
        for row in of.after.rows
        if row not in new
    ]
    shown += [Shown(row, Role.ADDED, row_label(row)) for row in of.added]
    shown += [Shown(row, Role.REMOVED, row_label(row)) for row in of.removed]
    for each in of.altered:
        one, other = each.before, each.after
        if (one.source, one.dest) != (other.source, other.dest):
            shown.append(Shown(one, Role.REMOVED, row_label(one)))
        shown.append(Shown(other, Role.ALTERED, _altered(each)))
    return shown


def _altered(of: Altered) -> tuple[str, ...]:
    """What is now, and what was otherwise before."""
    one, other = of.before, of.after
    was = []
    if one.event != other.event:
        was.append(f"was {words(one.event)}")
    if told(one.when) != told(other.when):
        was.append(f"was when {told(one.when) or 'at any time'}")
    was += [f"no longer: {words(str(each))}" for each in one.effect if each not in other.effect]
    was += [f"now also: {words(str(each))}" for each in other.effect if each not in one.effect]
    marks = [name for name in ("choice", "urgent", "oracle", "status") if getattr(one, name) != getattr(other, name)]
    was += [f"other: {', '.join(marks)}"] if marks else []
    return (*row_label(other), *stacked([*was, of.why]))
