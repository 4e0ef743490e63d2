"""Formats: what is written can be read, says what the form says, and stays within what code hosts draw."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from ccmproof.diagrams.form import (
    Beside,
    Edge,
    Frame,
    Framing,
    Graph,
    Item,
    Message,
    Node,
    Role,
    Section,
    Sequence,
    Shape,
)
from ccmproof.diagrams.formats import check_format, format_of, written
from ccmproof.diagrams.limits import CHARACTERS, EDGES
from ccmproof.diagrams.look import LOOKS, TEXT
from ccmproof.diagrams.mermaid import BLANK, escaped
from ccmproof.model.kernel.errors import ModelError
from drawings import LINE, graphs, sequences
from hypothesis import given, settings
from hypothesis import strategies as st
from mermaid_grammar import Parsed, ParsedFrame, ParsedSection, parsed, seen


def leaves(items: tuple[Item, ...]) -> list[Message | Beside]:
    """The items that are no frames, from the top."""
    found: list[Message | Beside] = []
    for item in items:
        if isinstance(item, Frame):
            found += [leaf for section in item.sections for leaf in leaves(section.items)]
        else:
            found.append(item)
    return found


def framed(items: tuple[Item, ...], above: int = 0) -> list[ParsedFrame]:
    """The frames among these items, as a reader of the grammar finds them."""
    found = []
    for item in items:
        if not isinstance(item, Frame):
            above += 1
            continue
        sections = []
        for each in item.sections:
            label = " ".join(each.label.split()) or "\N{NO-BREAK SPACE}"
            shaded = bool(each.items) and not each.usual
            sections.append(ParsedSection(label, above, shaded, framed(each.items, above)))
            above += len(leaves(each.items))
        found.append(ParsedFrame(item.framing.value, sections, above))
    return found


def mermaid(diagram: Graph | Sequence) -> Parsed:
    return parsed(written(diagram, "mermaid").decode())


def told(label: tuple[str, ...], sign: str = "") -> tuple[str, ...]:
    """The label as a reader sees it: blanks are single there."""
    lines = (sign + label[0], *label[1:]) if label else (sign.rstrip(" :"),)
    return tuple(" ".join(line.split()) for line in lines)


@given(LINE)
def test_whatever_a_label_says_is_what_a_reader_of_mermaid_sees(text: str) -> None:
    assert seen(escaped(text)) == (" ".join(text.split()),)


@given(graphs())
def test_a_flowchart_has_the_nodes_edges_and_labels_of_the_graph(graph: Graph) -> None:
    found = mermaid(graph)
    labels = {("",) if v == seen(BLANK) else v for k, v in found.nodes.items() if k != "notes"}
    assert labels == {told(n.label, LOOKS[n.role].sign) if n.shape is not Shape.START else (" ",) for n in graph.nodes}
    assert [label for _, _, label in found.edges] == [told(e.label, LOOKS[e.role].sign) for e in graph.edges]
    assert len(found.groups) == len(graph.groups)
    assert ("notes" in found.nodes) == bool(graph.notes)


@given(sequences())
def test_a_sequence_diagram_has_the_lanes_items_and_frames_of_the_sequence(sequence: Sequence) -> None:
    found = mermaid(sequence)
    assert found.lanes == list(sequence.lanes)
    arrows = [isinstance(item, Message) and item.source != item.target for item in leaves(sequence.items)]
    kinds = ["message" if arrow else "note" for arrow in arrows]
    assert [kind for kind, _, _ in found.items] == kinds
    assert found.frames == framed(sequence.items)


def test_a_graph_of_too_many_edges_is_folded_and_says_so() -> None:
    nodes = tuple(Node(f"n{n}", (f"n{n}",)) for n in range(40))
    pairs = [(a.name, b.name) for a, b in combinations(nodes, 2)][:700]
    edges = [Edge(a, b, ("one", "two"), Role.RECEIVED) for a, b in pairs]
    edges += [Edge("n0", "n1", ("the way",), Role.HAPPY)]
    text = written(Graph("large", nodes, tuple(edges)), "mermaid").decode()
    found = parsed(text)
    assert len(found.edges) == EDGES and len(text) <= CHARACTERS
    assert found.edges[-1][2] == ("the way",)
    assert found.nodes["notes"] == ("folded: 202 of 701 arrows are left out; dot and svg have all of it",)


def test_parallel_edges_are_joined_before_any_is_left_out() -> None:
    nodes = (Node("a", ("a",)), Node("b", ("b",)))
    edges = tuple(Edge("a", "b", (f"event {n}",)) for n in range(EDGES + 1))
    found = mermaid(Graph("many", nodes, edges))
    assert found.edges == [("n0", "n1", ("event 0", "and 499 more"))]
    assert found.nodes["notes"] == ("folded: arrows between the same two are one; dot and svg have all of it",)


@settings(deadline=None)
@given(st.integers(10, 300), st.integers(100, 600), st.booleans())
def test_no_text_is_longer_than_code_hosts_take(many: int, long: int, lanes: bool) -> None:
    label = ("x" * long,)
    nodes = tuple(Node(f"n{n}", label) for n in range(many))
    graph = Graph("g", nodes, tuple(Edge("n0", node.name, label) for node in nodes))
    items = tuple(Message("a", "b", label) for _ in range(many))
    one, two = items[: many // 3], items[many // 3 : many // 2]
    frame = Frame(Framing.ALT, (Section("one", one), Section("two", two, False), Section("three", ())))
    text = written(Sequence("s", ("a", "b"), (frame, *items[many // 2 :])) if lanes else graph, "mermaid").decode()
    assert len(text) <= CHARACTERS
    parsed(text)


def test_a_long_sequence_keeps_its_ends_and_its_loop() -> None:
    items = tuple(Message("a", "b", (f"{n} " + "x" * 200,)) for n in range(1000))
    loop = Frame(Framing.LOOP, (Section("again", items[990:999]),))
    found = mermaid(Sequence("long", ("a", "b"), (*items[:990], loop, items[999])))
    left = [(place, label[0]) for place, (kind, _, label) in enumerate(found.items) if kind == "note"]
    kept = len(found.items) - 1
    [(place, said)] = left
    assert said == f"{1000 - kept} items are left out here: dot and svg have all of it"
    assert found.items[0][2][0].startswith("0 ") and found.items[-1][2][0].startswith("999 ")
    end = len(found.items)
    assert found.frames == [ParsedFrame("loop", [ParsedSection("again", end - 10)], end - 1)] and place == kept // 2


def test_of_a_long_alternative_what_is_left_has_its_frame_and_its_name() -> None:
    items = tuple(Message("a", "b", (f"{n} " + "x" * 200,)) for n in range(900))
    inner = Frame(Framing.BREAK, (Section("never", items[400:500]),))
    sections = Section("one", items[:300]), Section("two", (*items[300:400], inner)), Section("three", items[500:])
    found = mermaid(Sequence("long", ("a", "b"), (Frame(Framing.ALT, sections),)))
    (place,) = [place for place, (kind, _, _) in enumerate(found.items) if kind == "note"]
    assert found.items[place - 1][2][0].startswith(f"{place - 1} ")
    [frame] = found.frames
    assert [(each.label, each.above, each.frames) for each in frame.sections] == [
        ("one", 0, []),
        ("three", place + 1, []),
    ]


@given(graphs())
def test_graphviz_takes_every_graph(graph: Graph) -> None:
    agraph = pytest.importorskip("pygraphviz").AGraph(string=written(graph, "dot").decode())
    assert set(agraph.nodes()) == {node.name for node in graph.nodes}
    shown = [edge for edge in agraph.edges() if edge.attr["style"] != "invis"]
    assert len(shown) == len(graph.edges)


@given(sequences())
def test_nothing_in_a_sequence_overlaps(sequence: Sequence) -> None:
    agraph = pytest.importorskip("pygraphviz").AGraph(string=written(sequence, "dot").decode())
    boxes, frames = [], []
    for node in agraph.nodes():
        if node.attr["shape"] in ("box", "plaintext"):
            x, y = map(float, node.attr["pos"].rstrip("!").split(","))
            wide, high = float(node.attr["width"]) * 36, float(node.attr["height"]) * 36
            is_frame = node.attr["penwidth"] == "0" or node.attr["fillcolor"] == ""
            (frames if is_frame else boxes).append((x - wide, x + wide, y - high, y + high))
    besides = [i for i in leaves(sequence.items) if isinstance(i, Beside) or i.source == i.target]
    sections = [section for frame in every_frame(sequence.items) for section in frame.sections]
    assert len(boxes) == len(sequence.lanes) + len(besides) + len(sections)  # each section has a heading
    assert len(frames) == len(every_frame(sequence.items)) + sum(not section.usual for section in sections)
    for one, other in combinations(boxes, 2):
        assert apart(one, other), (one, other)
    for one, other in combinations(frames, 2):
        assert apart(one, other) or within(one, other) or within(other, one), (one, other)


Box = tuple[float, float, float, float]
SLACK = 0.01
"""Sizes are written with so many digits only."""


def apart(one: Box, other: Box) -> bool:
    pairs = (one[1], other[0]), (other[1], one[0]), (one[3], other[2]), (other[3], one[2])
    return any(end <= begin + SLACK for end, begin in pairs)


def within(one: Box, other: Box) -> bool:
    a, b, c, d = (mine - theirs for mine, theirs in zip(one, other, strict=True))
    return a >= -SLACK and b <= SLACK and c >= -SLACK and d <= SLACK


def every_frame(items: tuple[Item, ...]) -> list[Frame]:
    found = []
    for item in items:
        if isinstance(item, Frame):
            found += [item, *(each for section in item.sections for each in every_frame(section.items))]
    return found


@pytest.mark.parametrize("form", ["svg", "png"])
def test_pictures_are_pictures(form: str, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pygraphviz")
    graph = Graph("a & b", (Node("a", ("1 < 2",), Role.GOOD), Node("b", ("✗",))), (Edge("a", "b", ("so",)),))
    sequence = Sequence("s", ("a", "b"), (Message("a", "b", ("ask",)), Beside("a", "a", ("wait",))))
    sequence = replace(sequence, items=(Frame(Framing.LOOP, (Section("again", sequence.items),)),))
    for diagram, words in ((graph, {"a & b", "✓ 1 < 2", " so "}), (sequence, {"a", "ask", "wait", "loop [again]"})):
        data = written(diagram, form)
        assert data == written(diagram, form)
        if form == "png":
            assert data.startswith(b"\x89PNG\r\n\x1a\n")
        else:
            texts = {text.text for text in ElementTree.fromstring(data).iter("{http://www.w3.org/2000/svg}text")}
            assert words <= {text.replace("\xa0", " ") for text in texts if text}
    assert "Warning" not in capfd.readouterr().err


def test_without_the_extra_pictures_are_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    for form in ("mermaid", "dot"):
        check_format(form)
    with pytest.raises(ModelError, match=r"--format svg: pygraphviz cannot be loaded .*'ccmproof\[diagrams\]'"):
        check_format("svg")


@pytest.mark.parametrize(
    ("name", "file", "wanted"),
    [("", None, "mermaid"), ("", "a.svg", "svg"), ("", "A.PNG", "png"), ("", "a.gv", "dot"), ("dot", "a.txt", "dot")],
)
def test_the_format_is_what_is_asked_for_or_what_the_ending_says(name: str, file: str | None, wanted: str) -> None:
    assert format_of(name, Path(file) if file else None) == wanted


def test_an_unknown_format_or_ending_is_told_the_nearest() -> None:
    with pytest.raises(ModelError) as refused:
        format_of("pgn", None)
    known = "mermaid, dot, svg, png, scxml, graphml"
    assert str(refused.value) == f"there is no format 'pgn' (did you mean 'png'?); there are {known}"
    with pytest.raises(ModelError) as refused:
        format_of("", Path("a.svgz"))
    said = "there are .mmd .mermaid .dot .gv .svg .png .scxml .graphml, or give --format"
    assert str(refused.value) == f"a.svgz: its ending says no format (did you mean '.svg'?); {said}"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG 2.2 has it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("role", Role)
def test_lines_and_text_can_be_seen_on_white_and_on_dark(role: Role) -> None:
    look = LOOKS[role]
    assert contrast(TEXT, look.fill) >= 7
    assert contrast(look.line, "#FFFFFF") >= 3 and contrast(look.line, "#0D1117") >= 3


@pytest.mark.parametrize(
    "together",
    [
        (Role.PLAIN, Role.RECEIVED, Role.HAPPY, Role.REFUSAL),
        (Role.PLAIN, Role.RECEIVED, Role.ADDED, Role.REMOVED, Role.ALTERED),
        (Role.PLAIN, Role.GOOD, Role.BAD, Role.QUIET),
    ],
)
def test_nothing_is_told_by_colour_alone(together: tuple[Role, ...]) -> None:
    looks = [(LOOKS[role].width, LOOKS[role].dash, LOOKS[role].sign) for role in together]
    assert len(set(looks)) == len(together)
