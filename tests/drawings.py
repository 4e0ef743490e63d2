"""Random diagrams, with labels that say anything: for tests of what is made of them."""

from __future__ import annotations

from ccmproof.diagrams.form import (
    Beside,
    Edge,
    Frame,
    Framing,
    Graph,
    Group,
    Item,
    Kind,
    Message,
    Node,
    Role,
    Section,
    Sequence,
    Shape,
)
from ccmproof.diagrams.mermaid import JOINER
from hypothesis import strategies as st

SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=JOINER)
LINE = st.text(SIGNS, min_size=1, max_size=20)
HEAD = st.builds(str.__add__, st.sampled_from("abcxyzÄéЖ"), st.text("abcxyz 12ÄéЖ.,:'()/-", max_size=30))
"""Of a frame: Mermaid garbles signs that are written by numbers where it breaks a line."""
LABEL = st.lists(LINE, max_size=3).map(tuple)
ROLES = st.sampled_from(Role)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    groups = tuple(Group(f"group {n}", draw(LINE)) for n in range(draw(st.integers(0, 3))))
    homes = st.sampled_from(["", *(group.name for group in groups)])
    shapes = st.sampled_from(Shape)
    nodes = tuple(
        Node(f'node "{n}"', draw(LABEL), draw(ROLES), draw(shapes), draw(homes)) for n in range(draw(st.integers(1, 6)))
    )
    names = st.sampled_from([node.name for node in nodes])
    edges = tuple(Edge(draw(names), draw(names), draw(LABEL), draw(ROLES)) for _ in range(draw(st.integers(0, 8))))
    return Graph(draw(LINE), nodes, edges, groups, draw(LABEL))


@st.composite
def sequences(draw: st.DrawFn) -> Sequence:
    lanes = tuple(f"lane {n}" for n in range(draw(st.integers(1, 4))))
    names = st.sampled_from(lanes)
    messages = st.builds(Message, names, names, LABEL.filter(bool), st.sampled_from(Kind))
    over = st.tuples(names, names).map(sorted)
    besides = st.builds(lambda ends, label, role: Beside(*ends, label, role), over, LABEL.filter(bool), ROLES)
    items = st.recursive(messages | besides, frames, max_leaves=8)
    return Sequence(draw(LINE), lanes, tuple(draw(st.lists(items, max_size=8))))


def frames(items: st.SearchStrategy[Item]) -> st.SearchStrategy[Frame]:
    section = st.builds(Section, HEAD, st.lists(items, max_size=3).map(tuple), st.booleans())
    one = st.sampled_from([each for each in Framing if each is not Framing.ALT])
    return st.builds(Frame, one, st.tuples(section)) | st.builds(
        Frame, st.just(Framing.ALT), st.lists(section, min_size=2, max_size=3).map(tuple)
    )
