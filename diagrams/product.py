"""A view of the product as a drawing: what some actors go through, with how often each combination is reached.

Steps that lead the same way share an arrow. What can be gone round in (a strongly connected part) may be folded into
one box. Where nothing leads out again the border is double; the happy path stands out by its weight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
from ccmproof.model.kernel.quotient import Combination

from .form import Edge, Graph, Group, Lines, Node, Role, Shape
from .words import some, stacked, words

Step = tuple[str, Combination, Combination]
"""A step that the chosen actors make: the event, and their states before and after."""
MOST: int = 150
"""How many boxes can be looked at."""
MOST_EVENTS = 3
"""How many events an arrow names."""
MOST_TOLD = 6
"""Of how many actors a box tells the states."""
CAPTION = "nothing leads out of here"


@dataclass(frozen=True)
class Told:
    """What is said around the nodes of a view.

    Attributes:
        title: of the drawing.
        states, environments: of the product as a whole.
        actors: those whose states are told; none but the chosen ones.
        full: whether a node is one state of the product, so that nothing is to be counted.
        path: the steps of the happy path, and what that is in words.
    """

    title: str
    states: int
    environments: int
    actors: tuple[str, ...]
    full: bool = False
    path: Collection[Step] = ()
    path_is: str = ""


def parts_of(view: nx.MultiDiGraph) -> list[list[Combination]]:
    """The strongly connected parts of a view, in the order of the first node of each."""
    place = {at: number for number, at in enumerate(view)}
    found = (sorted(part, key=place.__getitem__) for part in nx.strongly_connected_components(view))
    return sorted(found, key=lambda part: place[part[0]])


def view_graph(view: nx.MultiDiGraph, told: Told, *, fold: bool = False) -> Graph:
    """The drawing of a view.

    Args:
        fold: whether a strongly connected part of several nodes is one box.
    """
    parts = parts_of(view)
    of = {at: number for number, part in enumerate(parts) for at in part}
    out = {of[one] for one, other in view.edges() if of[one] != of[other]}
    last = set(range(len(parts))) - out if len(parts) > 1 else set()
    boxes = _by_distance(view, parts if fold else [[at] for at in view])
    happy = {at for _, *ends in told.path for at in ends}
    names = {at: f"n{number}" for number, box in enumerate(boxes) for at in box}
    caged = {of[box[0]] for box in boxes if of[box[0]] in last and len(box) < len(parts[of[box[0]]])}
    groups = tuple(Group(f"part {number}", CAPTION, foot=True) for number in sorted(caged))
    nodes = [
        Node(
            names[box[0]],
            _label(view, box, told, alone=of[box[0]] in last - caged),
            Role.HAPPY if happy.intersection(box) else Role.PLAIN,
            Shape.LAST if of[box[0]] in last - caged else Shape.STATE if len(box) == 1 else Shape.BOX,
            f"part {of[box[0]]}" if of[box[0]] in caged else "",
        )
        for box in boxes
    ]
    edges, used = _edges(view, names, told.path)
    begin = dict.fromkeys(names[at] for at, initial in view.nodes(data="initial") if initial)
    start = [Node("start", (), Role.PLAIN, Shape.START)] if begin else []
    entered = [Edge("start", name) for name in begin]
    notes = _notes(view, told, used, boxes, bool(last))
    return Graph(told.title, (*start, *nodes), (*entered, *edges), groups, notes)


def _by_distance(view: nx.MultiDiGraph, boxes: list[list[Combination]]) -> list[list[Combination]]:
    """The boxes by how far they are from the beginning: a drawing is laid out in the order in which it is written."""
    begin = [at for at, initial in view.nodes(data="initial") if initial]
    layers = nx.bfs_layers(view, begin) if begin else []
    far = {at: number for number, layer in enumerate(layers) for at in layer}
    return sorted(boxes, key=lambda box: min(far.get(at, len(view)) for at in box))


def _label(view: nx.MultiDiGraph, box: Sequence[Combination], told: Told, *, alone: bool) -> Lines:
    """What a box says: the states of the actors, how many there are, what is reached there and what ends there."""
    about = [view.nodes[at] for at in box]
    states = sum(each["states"] for each in about)
    lines = [*_where(view, box, told)]
    if len(box) > 1:
        lines.append(f"folded: {len(box):,} {'states' if told.full else 'combinations'}")
    if not told.full:
        lines.append(f"{states:,} state{'' if states == 1 else 's'}")
        if len(box) == 1 and told.environments > 1:
            many = about[0]["environments"]
            every = many == told.environments
            lines.append("in all environments" if every else f"in {many:,} environment{'' if many == 1 else 's'}")
    for goal in about[0]["goals"]:
        lines += _counted(f"✓ {words(goal)}", sum(each["goals"][goal] for each in about), states)
    stuck = sum(each["deadlocks"] for each in about)
    lines += _counted("⊘ nothing may happen", stuck, states)
    if alone and stuck < states:
        lines.append(CAPTION)
    return tuple(lines)


def _counted(what: str, many: int, of: int) -> Iterable[str]:
    """What is so in all of these states, or in how many of them; nothing where it is in none."""
    if many == of:
        return [what]
    return [f"{what}: in {many:,} of them"] if many else []


def _where(view: nx.MultiDiGraph, box: Sequence[Combination], told: Told) -> Lines:
    """The states that the actors are in; where a box is folded, of each actor some of them."""
    chosen: tuple[str, ...] = view.graph["actors"]
    if not told.actors:
        return ()
    places = [chosen.index(name) for name in told.actors]
    begin = next((at for at, initial in view.nodes(data="initial") if initial), box[0])
    if len(places) > MOST_TOLD:  # too many to be told: those that are not as in the beginning
        moved = [place for place in places if any(at[place] != begin[place] for at in box)]
        if not moved:
            return ("as in the beginning",)
        left = len(moved) - MOST_TOLD
        more = (f"and {left} more not as in the beginning",) if left > 0 else ()
        return (*stacked(_named(view, box, place) for place in moved[:MOST_TOLD]), *more)
    if len(places) == 1:
        return stacked([_among(view, box, places[0])])
    return stacked(_named(view, box, place) for place in places)


def _named(view: nx.MultiDiGraph, box: Sequence[Combination], place: int) -> str:
    return f"{words(view.graph['actors'][place])}: {_among(view, box, place)}"


def _among(view: nx.MultiDiGraph, box: Sequence[Combination], place: int) -> str:
    found = dict.fromkeys(at[place] for at in box)
    return some(map(words, found), 4)


def _edges(
    view: nx.MultiDiGraph, names: dict[Combination, str], path: Collection[Step]
) -> tuple[list[Edge], set[Role]]:
    """One arrow for all that leads from a box to another, and which roles there are."""
    joined: dict[tuple[str, str], dict[str, tuple[bool, bool, bool]]] = {}
    for one, other, about in view.edges(data=True):
        if names[one] != names[other]:
            event = about["event"]
            happy = (event, one, other) in path
            known = joined.setdefault((names[one], names[other]), {})
            happy |= known.get(event, (False,))[0]
            known[event] = (happy, about["refusal"], about["controller"] in view.graph["actors"])
    edges = []
    for ends, events in joined.items():
        first = sorted(events, key=lambda event: not events[event][0])
        edges.append(Edge(*ends, stacked([some(map(words, first), MOST_EVENTS)], 26), _role(events.values())))
    return edges, {edge.role for edge in edges}


def _role(those: Collection[tuple[bool, bool, bool]]) -> Role:
    if any(happy for happy, _, _ in those):
        return Role.HAPPY
    if all(refusal for _, refusal, _ in those):
        return Role.REFUSAL
    return Role.PLAIN if any(decides for _, _, decides in those) else Role.RECEIVED


def _notes(
    view: nx.MultiDiGraph, told: Told, used: set[Role], boxes: Sequence[Sequence[Combination]], last: bool
) -> Lines:
    whole = f"{told.states:,} states of the product"
    if told.environments > 1:
        whole += f" in {told.environments:,} environments"
    if not told.full:
        whole += "; in a box: how many of them have its states"
    said = {
        Role.HAPPY: f"thick: {told.path_is or 'the happy path'}",
        Role.PLAIN: "thin: one of these decides" if not told.full else "thin: any other step",
        Role.RECEIVED: "dashed: another decides",
        Role.REFUSAL: "dotted, ✗: a refusal or a failure",
    }
    signs = {
        "double border: nothing leads out": last,
        "square: what can be gone round in, folded": any(len(box) > 1 for box in boxes),
        "✓: a goal": any(any(goals.values()) for _, goals in view.nodes(data="goals")),
        "⊘: a deadlock": any(many for _, many in view.nodes(data="deadlocks")),
    }
    lines = [whole, "; ".join(text for role, text in said.items() if role in used),
             "; ".join(text for text, there in signs.items() if there),
             "left out: steps that leave all of it as it is"]  # fmt: skip
    return stacked(lines, 100)
