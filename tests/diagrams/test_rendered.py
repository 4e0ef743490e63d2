"""Mermaid itself, a pinned release in a browser, draws what is written here: without an error, and with every label."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import opened
from ccmproof.diagrams import mermaid
from ccmproof.diagrams.form import (
    Beside,
    Diagram,
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
from ccmproof.diagrams.formats import written
from ccmproof.diagrams.limits import EDGES
from ccmproof.diagrams.look import signed
from ccmproof.diagrams.mermaid import JOINER, mermaid_of_graph, mermaid_of_sequence
from ccmproof.harness import cli
from ccmproof.harness.changes.shipped import named
from ccmproof.harness.drawing import drawn_actor, drawn_change, drawn_network
from ccmproof.harness.system import shipped
from demo import demo
from drawings import graphs, sequences
from hypothesis import HealthCheck, given, settings
from mermaid_grammar import parsed, seen
from rendering import rendered, texts
from typer.testing import CliRunner

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent.parent
A_FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def drawing(browser: Browser) -> Iterator[Page]:
    """One page for all of them: the bundle is large."""
    with opened(browser) as page:
        yield page


def titled(title: str) -> str:
    """A title as it can be shown: see there."""
    return title.replace("<", "‹")


def meant(diagram: Diagram) -> set[str]:
    """The lines that a reader is to see."""
    if isinstance(diagram, Graph):
        labels = [signed(each.label, each.role) for each in diagram.nodes if each.shape is not Shape.START]
        labels += [signed(each.label, each.role) for each in diagram.edges]
        labels += [(each.label,) for each in diagram.groups] + [diagram.notes]
    else:
        labels = [diagram.lanes, *(label for item in diagram.items for label in said_of(item))]
    return {" ".join(line.split()) for label in [*labels, (titled(diagram.title),)] for line in label} - {""}


def said_of(item: Item) -> Iterator[tuple[str, ...]]:
    """The labels of an item, and of those in it."""
    if isinstance(item, Frame):
        yield (item.framing.value,)
        for section in item.sections:
            yield (f"[{' '.join(section.label.split()) or ' '}]",)
            for each in section.items:
                yield from said_of(each)
    elif isinstance(item, Beside):
        yield signed(item.label, item.role)
    else:
        sign = "✗ " if item.kind is Kind.FAILURE or item.source == item.target else ""
        yield (sign + item.label[0], *item.label[1:])


def whole(found: list[str], wanted: set[str]) -> set[str]:
    """The lines that were found, the heads of frames whole: of a long one Mermaid makes several lines, with hyphens."""
    heads = {squeezed(each): each for each in wanted if each.startswith("[")}
    seen, at = set(), 0
    while at < len(found):
        ends = range(len(found), at, -1) if found[at].startswith("[") and found[at] not in wanted else ()
        joined = ((end, heads.get(squeezed(*found[at:end]))) for end in ends)
        end, head = next((each for each in joined if each[1] is not None), (at + 1, None))
        seen.add(found[at] if head is None else head)
        at = end
    return seen


def squeezed(*lines: str) -> str:
    """Lines as one, without blanks and without hyphens at their ends."""
    return "".join(line.removesuffix("-") for line in lines).replace(" ", "")


def assert_shown(page: Page, diagram: Diagram) -> None:
    """All that the diagram says is in the picture, and nothing else."""
    wanted = meant(diagram)
    assert whole(texts(page, rendered(page, written(diagram, "mermaid").decode())), wanted) == wanted


def of_actor(name: str) -> Graph:
    of = shipped()
    return drawn_actor(of, of.default, name)


def of_change(name: str) -> Graph:
    of, change = shipped(), named(name)
    return drawn_change(of, change, of.scenario(next(iter(change.scenarios), "")))


SHIPPED: dict[str, Callable[[], Diagram]] = {
    "the largest actor": lambda: of_actor("ccmsetup"),
    "an actor that refuses": lambda: of_actor("registration_manager"),
    "what is only written": lambda: of_actor("request.life"),
    "what never moves": lambda: of_actor("pki"),
    "an observer": lambda: of_actor("renewed"),
    "a network": lambda: drawn_network(shipped(), shipped().scenario("document")),
    "a change": lambda: of_change("c15-any-onboarded-tenant"),
    "a change of fields": lambda: of_change("c06-token-lives-a-day"),
    "what never was": lambda: drawn_network(demo(), demo().scenario("storm")),
}


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_is_drawn_with_all_that_it_says(name: str, drawing: Page) -> None:
    assert_shown(drawing, SHIPPED[name]())


def said_in(text: str) -> set[str]:
    """The lines that a reader of our Mermaid is to see."""
    found = parsed(text)
    labels = [*found.nodes.values(), *(label for _, _, label in found.edges), *(label for _, _, label in found.items)]
    groups = [seen(label)[0] for label in re.findall(r'^    subgraph \w+\["(.*)"\]$', text, re.MULTILINE)]
    heads = re.findall(r"^ +(loop|alt|else|opt|break) (.*)$", text, re.MULTILINE)
    frames = [f"[{seen(label)[0]}]" for _, label in heads] + [kind for kind, _ in heads if kind != "else"]
    title = (
        re.findall(r'^title: "(.*)"$', text, re.MULTILINE)[0]
        .replace('\\"', '"')
        .replace("\\\\", "\\")
        .replace(JOINER, "")
    )
    lines = {line for label in labels for line in label} | {*found.lanes, *groups, *frames, title}
    return {" ".join(line.split()) for line in lines} - {""}


COMMANDS = [
    ("counterexample", "S-16c", "--scenario", "document"),
    pytest.param(("counterexample", "S-16c"), marks=pytest.mark.long),
    pytest.param(("counterexample", "L-12", "--scenario", "promises"), marks=pytest.mark.long),
    pytest.param(("causes", "L-12", "--scenario", "promises"), marks=pytest.mark.long),
    pytest.param(("network",), marks=pytest.mark.long),
    ("causes", "registration"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_what_a_command_prints_is_drawn_with_all_that_it_says(arguments: tuple[str, ...], drawing: Page) -> None:
    result = CliRunner().invoke(cli.app, ["diagram", *arguments, "--quiet"])
    assert result.exit_code == 0
    wanted = said_in(result.stdout)
    assert whole(texts(drawing, rendered(drawing, result.stdout)), wanted) == wanted


FILES = [ROOT / "README.md", *sorted((ROOT / "diagrams" / "gallery").rglob("*.md"))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_diagram_in_a_page_is_drawn_with_all_that_it_says(file: Path, drawing: Page) -> None:
    """The README and the pages of the gallery, in the order of their names."""
    for text in re.findall(r"^```mermaid\n(.*?)^```$", file.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        wanted = said_in(text)
        assert whole(texts(drawing, rendered(drawing, text)), wanted) == wanted


def test_the_readme_has_a_diagram() -> None:
    assert "\n```mermaid\n" in FILES[0].read_text(encoding="utf-8")


HOSTILE = [
    "a: b; c # d < e > f & g", "#59; &lt; &amp;lt; #quot; &nbsp; #9829;", "<b>bold</b><br/><script>alert(1)</script>",
    "`code` **b** _i_ ~~s~~ ==m==", "1. one", "2) two", "- one", "+ one", "> said", "# head", "---", "title: x", "end",
    "https://example.org/a www.example.org a@example.org", "fa:fa-car fab:fa-x", "$$x^2$$", "$$$", "a\\nb \\",
    "loop", "Note over a: b", "%% no", "%%{init: {}}%%", "a --> b", "a ->> b: c", ":::class", "@{ shape: x }", "a | b",
    "\"a\" 'b'", "[a] (b) {c} {{d}}", "✗ é 日本 🙂", "javascript:alert(1)", "[a](b)", "![a](b)", "a_b_c __d__ _e_",
    "click n0", "#", ";", ":", "subgraph x", "opt a", "^", "=", "\\", "constructor", "<", "&", "a<b", "¶ß ﬂ°°60¶ß",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_label_says_is_what_is_seen(text: str, drawing: Page) -> None:
    nodes = (Node("a", (text, text), group="g"), Node("b", (text,), Role.BAD, Shape.QUESTION), Node("c", (text,)))
    edges = (Edge("a", "b", (text,)), Edge("b", "c", ("x", text), Role.REFUSAL))
    assert_shown(drawing, Graph(text, nodes, edges, (Group("g", text),), (text,)))
    items = (Message("a", text, (text, text)), Beside("a", text, ("x", text)), Message("a", "a", (text,), Kind.FAILURE))
    frame = Frame(Framing.ALT, (Section(text, items[1:]), Section("else", items[:1], usual=False)))
    assert_shown(drawing, Sequence(text, ("a", text), (items[0], frame)))


@settings(A_FEW, derandomize=True, database=None)
@given(diagram=graphs() | sequences())
def test_random_diagrams_are_drawn_with_all_that_they_say(drawing: Page, diagram: Diagram) -> None:
    """The same ones in every run: Mermaid breaks a frame's label (``a- 1``) over lines where its only lane is narrow,
    and what is seen is then pieces of it. That is no fault of what is written, and it is not told apart here."""
    assert_shown(drawing, diagram)


def test_what_is_too_large_is_folded_and_drawn(drawing: Page) -> None:
    """A tree, and the quick layout: five hundred arrows among a few nodes take the usual one a minute."""
    nodes = tuple(Node(f"n{n}", (f"n{n}",)) for n in range(700))
    edges = tuple(Edge(f"n{(n - 1) // 2}", f"n{n}", ("one",), Role.RECEIVED) for n in range(1, 700))
    graph = Graph("large", nodes, edges)
    with pytest.raises(Exception, match="Edge limit exceeded"):
        rendered(drawing, mermaid_of_graph(graph), layout="dagre")
    found = texts(drawing, rendered(drawing, written(graph, "mermaid").decode(), layout="dagre"))
    assert found.count("one") == EDGES
    assert f"folded: {699 - EDGES} of 699 arrows are left out; dot and svg have all of it" in found


def test_what_is_too_long_is_cut_and_drawn(drawing: Page) -> None:
    items = tuple(Message("a", "b", (f"{n} " + "x" * 100,)) for n in range(500))
    sequence = Sequence("long", ("a", "b"), (*items[:-10], Frame(Framing.LOOP, (Section("again", items[-10:]),))))
    with pytest.raises(AssertionError, match="characters are too many"):
        rendered(drawing, mermaid_of_sequence(sequence))
    assert any(
        "items are left out here" in line
        for line in texts(drawing, rendered(drawing, written(sequence, "mermaid").decode()))
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "flowchart TB\n    a -- b\n",
        'flowchart TB\n    a["x\n',
        "sequenceDiagram\n    a->>b\n",
        "sequenceDiagram\n    loop x\n",
    ],
)
def test_what_is_no_mermaid_is_refused(text: str, drawing: Page) -> None:
    from playwright.sync_api import Error

    with pytest.raises(Error):
        rendered(drawing, text)


def test_a_label_that_is_not_escaped_is_noticed(drawing: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison can fail."""
    graph = Graph("t", (Node("a", ("1 < 2 #59; **b**",)),), ())
    assert_shown(drawing, graph)
    monkeypatch.setattr(mermaid, "escaped", lambda text: text)
    with pytest.raises(AssertionError):
        assert_shown(drawing, graph)


def test_both_themes_are_taken(drawing: Page) -> None:
    text = written(SHIPPED["what never was"](), "mermaid").decode()
    light, dark = (rendered(drawing, text, theme=theme) for theme in ("default", "dark"))
    assert light != dark and texts(drawing, light) == texts(drawing, dark)
