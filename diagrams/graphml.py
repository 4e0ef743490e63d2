"""A view of the product as GraphML, for programs that take graphs apart: Gephi, yEd, Cytoscape, igraph, networkx.

A node has the state of each actor under the actor's name; what is the same in every node is said once, of the graph.
Beside these a node has:

- ``states``, ``environments``: how many states of the product it stands for, and in how many environments;
- ``initial``: the product may begin there; ``deadlock``: in some of them nothing may happen, in ``deadlocks`` many;
- ``goal.NAME``: the goal holds in some of them, in ``goal.NAME.states`` many;
- ``component``: the number of its strongly connected part, and ``bottom``: nothing leads out of that part.

An edge has ``event``, ``controller``, ``host`` and ``refusal``; steps that leave a node where it is are edges too.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import networkx as nx
from ccmproof.model.kernel.errors import ModelError

from .product import parts_of

_OWN: Final = ("name", "actors", "states", "environments", "initial", "deadlock", "deadlocks", "component", "bottom")


def graphml(view: nx.MultiDiGraph) -> bytes:
    """The view in GraphML: UTF-8, the same bytes for the same view.

    Raises:
        ModelError: an actor has the name of something else that a node has.
    """
    flat = nx.MultiDiGraph(name=view.graph["name"], actors=" ".join(view.graph["actors"]))
    names: tuple[str, ...] = view.graph["actors"]
    taken = {*_OWN, *(key for _, goals in view.nodes(data="goals") for name in goals for key in _goal(name))}
    for name in names:
        if name in taken:
            raise ModelError(f"an actor named {name!r} would hide what a node of GraphML says by that name; rename it")
    vary = [len(set(states)) > 1 for states in zip(*view, strict=True)]
    first = next(iter(view), ())
    flat.graph.update({name: state for name, state, varies in zip(names, first, vary, strict=False) if not varies})
    parts = parts_of(view)
    part_of = {at: number for number, part in enumerate(parts) for at in part}
    left = {part_of[one] for one, other in view.edges() if part_of[one] != part_of[other]}
    ids = {at: f"s{number}" for number, at in enumerate(view)}
    for at, about in view.nodes(data=True):
        states = {name: state for name, state, varies in zip(names, at, vary, strict=True) if varies}
        part = part_of[at]
        flat.add_node(ids[at], **states, **_flat(about), component=part, bottom=part not in left)
    for number, (one, other, about) in enumerate(view.edges(data=True)):
        flat.add_edge(ids[one], ids[other], key=f"e{number}", **about)
    written = BytesIO()
    nx.write_graphml_xml(flat, written, encoding="utf-8", prettyprint=True)
    return written.getvalue()


def _goal(name: str) -> tuple[str, str]:
    return f"goal.{name}", f"goal.{name}.states"


def _flat(about: dict[str, Any]) -> dict[str, Any]:
    found = {key: about[key] for key in ("states", "environments", "initial", "deadlocks")}
    found["deadlock"] = about["deadlocks"] > 0
    for name, many in about["goals"].items():
        flag, count = _goal(name)
        found |= {flag: many > 0, count: many}
    return found
