"""An actor as a state diagram: its states, and an arrow for each way from one to another.

An arrow tells the event, its guard in words and what it rests on. Events that lead the same way and need no guard share
an arrow, and tell together what they rest on. The happy path is a set of moves that somebody has found (:data:`Move`);
it stands out by its weight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ccmproof.model.kernel.actor import ANY, STAY, ActorDef, Row
from ccmproof.model.kernel.network import Network

from .form import Edge, Graph, Group, Node, Role, Shape
from .words import some, stacked, told, words

Move = tuple[str, str, str]
"""A step that an actor makes: the event, and its state before and after."""
MOST = 4
"""How many events an arrow names that need no guard."""
EVERYWHERE = "any"
"""The node that stands for every state."""


@dataclass(frozen=True)
class Shown:
    """One row as it is to be drawn: what is written at its arrows, and how they look.

    ``bare`` rows are told by the event's name, which is all of the label, and what they cite; they may share an arrow.
    """

    row: Row
    role: Role
    label: tuple[str, ...]
    bare: bool = False
    cites: str = ""


def actor_graph(of: ActorDef, network: Network, path: Collection[Move] = (), path_is: str = "") -> Graph:
    """The state diagram of an actor.

    Args:
        network: that it is in, which says who decides its events, and which of them refuse.
        path: the moves of the happy path.
        path_is: what that path is, in words.
    """
    rows = [*of.rows] or _written(of, network)
    shown = [_shown(row, _role(row, of, network, path)) for row in rows]
    used = {each.role for each in shown}
    happy = {state for _, before, after in path for state in (before, after)}
    states = [Node(state, (words(state),), Role.HAPPY if state in happy else Role.PLAIN, Shape.STATE)
              for state in of.states]  # fmt: skip
    graph = machine(of, states, shown, path)
    about = " ".join(of.doc.split("\n\n")[0].split())
    where = f" on {of.host}" if of.host else ""
    notes = [*stacked([about], 90), *_legend(used, path_is)]
    if not rows:
        notes.append("it never moves: any of its values, from the beginning on")
    return Graph(f"{of.name}{where}", graph.nodes, graph.edges, notes=tuple(notes))


def _legend(used: Collection[Role], path_is: str) -> list[str]:
    said = {
        Role.HAPPY: f"thick: {path_is or 'the happy path'}",
        Role.PLAIN: "thin: it decides",
        Role.RECEIVED: "dashed: another decides",
        Role.REFUSAL: "dotted, ✗: a refusal or a failure",
    }
    line = "; ".join(text for role, text in said.items() if role in used)
    return [line] if line else []


def machine(of: ActorDef, states: Iterable[Node], shown: Iterable[Shown], path: Collection[Move] = (),
            group: Group | None = None) -> Graph:  # fmt: skip
    """States and arrows alone; in a group, the names of all nodes begin with that of the group."""
    lead, inside = (f"{group.name}/", group.name) if group else ("", "")
    edges = [Edge(f"{lead}start", f"{lead}{state}", (), Role.PLAIN) for state in of.initial if of.rows]
    edges += [Edge(lead + a, lead + b, label, role) for a, b, label, role in _arrows(shown, path)]
    nodes = [Node(lead + each.name, each.label, each.role, each.shape, inside) for each in states]
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    if f"{lead}start" in ends:
        nodes.insert(0, Node(f"{lead}start", (), Role.PLAIN, Shape.START, inside))
    if lead + EVERYWHERE in ends:
        nodes.append(Node(lead + EVERYWHERE, ("in any state",), Role.QUIET, Shape.BOX, inside))
    return Graph(of.name, tuple(nodes), tuple(edges), (group,) if group else ())


def _arrows(shown: Iterable[Shown], path: Collection[Move]) -> list[tuple[str, str, tuple[str, ...], Role]]:
    """From where, where to, label, role; what shares an arrow is joined."""
    bare: dict[tuple[str, str, Role], list[Shown]] = {}
    arrows: list[tuple[str, str, tuple[str, ...], Role]] = []
    for each in shown:
        for source in each.row.source:
            a = EVERYWHERE if source == ANY else source
            b = a if each.row.dest == STAY else each.row.dest
            role = Role.RECEIVED if each.role is Role.HAPPY and not on_path(each.row, source, path) else each.role
            if each.bare:
                bare.setdefault((a, b, role), []).append(each)
            else:
                arrows.append((a, b, each.label, role))
    arrows += [(a, b, _together(those), role) for (a, b, role), those in bare.items()]
    return arrows


def _together(those: Collection[Shown]) -> tuple[str, ...]:
    """The events that share an arrow, and what they cite, each once."""
    names = dict.fromkeys(name for each in those for name in each.label)
    cites = " ".join(dict.fromkeys(name for each in those for name in each.cites.split()))
    return stacked([some(names, MOST), f"[{cites}]" if cites else ""])


def on_path(row: Row, source: str, path: Collection[Move]) -> bool:
    """Whether a move along the path is by this row, from this source of it."""
    return any(
        event == row.event and source in (ANY, before) and row.dest in (after, STAY) for event, before, after in path
    )


def _role(row: Row, of: ActorDef, network: Network, path: Collection[Move]) -> Role:
    if any(on_path(row, source, path) for source in row.source):
        return Role.HAPPY
    event = network.event.get(row.event)
    if event is not None and event.refusal:
        return Role.REFUSAL
    decides = row.sends or (event is not None and event.controller == of.name)
    return Role.PLAIN if decides else Role.RECEIVED


def _shown(row: Row, role: Role) -> Shown:
    if row.when == "" and not row.status:
        return Shown(row, role, (words(row.event),), bare=True, cites=row.cites)
    return Shown(row, role, row_label(row))


def row_label(row: Row) -> tuple[str, ...]:
    """The event with its status, the guard in words, and the citations, one below the other."""
    status = f" ({row.status})" if row.status else ""
    guard = told(row.when)
    return stacked([words(row.event) + status, f"when {guard}" if guard else "", f"[{row.cites}]" if row.cites else ""])


def _written(of: ActorDef, network: Network) -> list[Row]:
    """Rows for what has none of its own, because others' effects write it: the event, and which value it gives."""
    found = network.actor.get(of.name)
    if found is None:
        return []
    rows = []
    for each in found.transitions:
        if each.dest is not None and each.sources != {each.dest}:
            source = (ANY,) if len(each.sources) > 1 else tuple(sorted(each.sources))
            rows.append(Row(each.event, source, each.dest))
    return list(dict.fromkeys(rows))
