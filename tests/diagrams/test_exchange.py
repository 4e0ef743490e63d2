"""What other programs read: the product as GraphML, an actor as SCXML. Nothing is lost on the way, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from ccmproof.diagrams.formats import FORMATS, ONLY, check_format, format_of
from ccmproof.diagrams.graphml import graphml
from ccmproof.diagrams.scxml import CCM, SCXML, START, identifiers, scxml
from ccmproof.harness import cli
from ccmproof.harness.catalogue import Catalogue
from ccmproof.harness.engines import explore
from ccmproof.harness.projection import projected
from ccmproof.harness.system import shipped
from ccmproof.harness.viewing import viewed
from ccmproof.model.kernel.actor import ActorDef, actor, recv, send, unknown
from ccmproof.model.kernel.condition import Condition, evaluate
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.graph import product_graph
from ccmproof.model.kernel.network import Actor, Network
from ccmproof.model.kernel.quotient import quotient
from demo import SCENARIOS, build, demo
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import conditions, networks
from typer.testing import CliRunner

FEW = settings(max_examples=60, deadline=None)
CALM = expand(build(SCENARIOS["calm"]))


def everything(network: Network, goals: dict[str, Condition] | None = None) -> nx.MultiDiGraph:
    return quotient(product_graph(network), network, [each.name for each in network.actors], goals)


def states(network: Network) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({each.name: st.sampled_from(each.states) for each in network.actors})


def judged(condition: Condition, at: Mapping[str, str], network: Network) -> bool:
    """Whether a condition holds where the actors are in these states."""
    return evaluate(condition, lambda leaf: at[leaf.actor] in network.resolve(leaf))


# GraphML


@FEW
@given(networks(), st.data())
def test_graphml_is_read_by_networkx_as_the_view_that_was_written(network: Network, data: st.DataObject) -> None:
    goal = data.draw(conditions({each.name: each.states for each in network.actors}))
    view = everything(network, {"goal": goal})
    written = graphml(view)
    assert written == graphml(everything(network, {"goal": goal}))
    read = nx.read_graphml(BytesIO(written), force_multigraph=True)
    assert read.is_directed() and read.graph["actors"].split() == [each.name for each in network.actors]
    of = {}
    parts = list(map(frozenset, nx.strongly_connected_components(view)))
    for node, found in read.nodes(data=True):
        state = tuple({**read.graph, **found}[name] for name in view.graph["actors"])
        about = view.nodes[state]
        assert (found["states"], found["environments"], found["initial"]) == (1, 1, about["initial"])
        assert (found["deadlock"], found["deadlocks"]) == (view.out_degree(state) == 0, about["deadlocks"])
        assert (found["goal.goal"], found["goal.goal.states"]) == (bool(about["goals"]["goal"]), about["goals"]["goal"])
        part = next(part for part in parts if state in part)
        assert found["bottom"] == all(other in part for one in part for other in view.succ[one])
        of[node] = state
    assert sorted(of.values()) == sorted(view)
    same = {
        frozenset(of[node] for node in read if read.nodes[node]["component"] == number) for number in range(len(parts))
    }
    assert same == set(parts)
    found = {(of[one], of[other], about["event"]): about for one, other, about in read.edges(data=True)}
    wanted = {(one, other, key): about for one, other, key, about in view.edges(keys=True, data=True)}
    assert {key: {name: about[name] for name in wanted[key]} for key, about in found.items()} == wanted
    assert read.number_of_edges() == view.number_of_edges()
    keys = [key for _, _, key in read.edges(keys=True)]
    assert len(set(keys)) == len(keys) == len(wanted)


def test_graphml_of_a_projection_has_the_counts_in_full() -> None:
    of = shipped()
    view = viewed(of, of.default, {}, ["ccmsetup"]).view
    read = nx.read_graphml(BytesIO(graphml(view)))
    gave_up = next(about for _, about in read.nodes(data=True) if about["ccmsetup"] == "gave_up")
    assert gave_up["states"] == view.nodes[("gave_up",)]["states"] > 2**32
    assert gave_up["bottom"] and not gave_up["goal.content"]


def test_what_is_the_same_in_every_node_is_said_once() -> None:
    read = nx.read_graphml(BytesIO(graphml(everything(CALM))))
    assert read.graph["alarm"] == "off" and read.graph["porter_checks"] == "strict"
    assert not any("alarm" in about for _, about in read.nodes(data=True))
    refused = {about["event"] for _, _, about in read.edges(data=True) if about["refusal"]}
    assert refused == {"turn_away"}


def test_an_actor_that_would_hide_a_count_is_refused() -> None:
    network = Network("n", (Actor("states", ("a",), ("a",)),), ())
    with pytest.raises(ModelError, match="an actor named 'states' would hide what a node of GraphML says by that name"):
        graphml(projected(explore(network, engine="plain"), ["states"]))


# SCXML

NAMESPACES = {"s": SCXML, "ccm": CCM}
ODD = "a <b> & \"c\" 'd' ]]> -- \\ é ✗"


def said(element: ET.Element, name: str, otherwise: str = "") -> str:
    return element.get(f"{{{CCM}}}{name}", otherwise)


class Read:
    """An SCXML document as a test reads it; it knows nothing of how it was written."""

    def __init__(self, data: bytes) -> None:
        self.root = ET.fromstring(data)
        assert self.root.tag == f"{{{SCXML}}}scxml"
        assert (self.root.get("version"), self.root.get("datamodel")) == ("1.0", "ecmascript")
        elements = self.root.findall("s:state", NAMESPACES)
        self.names = {str(each.get("id")): said(each, "name", str(each.get("id"))) for each in elements}
        assert len(self.names) == len(elements)
        first, *others = elements
        assert first.get("id") == self.root.get("initial")
        begin = first.findall("s:transition", NAMESPACES)
        assert all(each.get("event") is None and each.get("cond") is None for each in begin)
        self.initial = tuple(self.names[str(each.get("target"))] for each in begin)
        self.states = tuple(self.names[str(each.get("id"))] for each in others)
        self.data = {
            str(each.get("id")): said(each, "name", str(each.get("id")))
            for each in self.root.findall("s:datamodel/s:data", NAMESPACES)
        }
        self.rows = [
            (self.names[str(state.get("id"))], each)
            for state in others
            for each in state.findall("s:transition", NAMESPACES)
        ]

    def edges(self) -> set[tuple[int, str, str, str, tuple[str, ...]]]:
        """The row, the event, the state before and after, what it rests on."""
        found = set()
        for source, row in self.rows:
            target = row.get("target")
            after = source if target is None else self.names[target]
            event = said(row, "event", str(row.get("event")))
            found.add((int(said(row, "row")), event, source, after, tuple(said(row, "cites").split())))
        assert len(found) == len(self.rows)
        return found

    def holds(self, row: ET.Element, at: dict[str, str], of: str) -> bool:
        """What the row's ``cond`` says, read as the ECMAScript that it is, by way of Python."""
        cond = row.get("cond")
        if cond is None:
            return True
        texts = re.compile(r"'(?:[^'\\]|\\.)*'")
        bare = texts.sub("", cond)
        assert re.fullmatch(r"(?:[\w() ]|===|!==|&&|\|\|)*", bare), cond
        for sign, word in (("&&", " and "), ("||", " or "), ("===", "=="), ("!==", "!=")):
            cond = "".join(
                each if number % 2 else each.replace(sign, word)
                for number, each in enumerate(re.split(f"({texts.pattern})", cond))
            )
        known: dict[str, Any] = {name: at[actor] for name, actor in self.data.items()}
        ids = {name: key for key, name in self.names.items() if name in self.states}
        return bool(eval(cond, {"In": lambda key: ids[at[of]] == key, "true": True, "false": False, **known}))


def wanted(of: Actor) -> set[tuple[int, str, str, str, tuple[str, ...]]]:
    return {
        (number, row.event, source, row.target(source), row.cites)
        for number, row in enumerate(of.transitions)
        for source in row.sources
    }


def compare(read: Read, of: Actor) -> None:
    assert read.edges() == wanted(of)
    assert (read.states, read.initial) == (of.states, of.initial)
    assert said(read.root, "host") == of.host
    targetless = {int(said(row, "row")) for _, row in read.rows if row.get("target") is None}
    assert targetless == {number for number, row in enumerate(of.transitions) if row.dest is None}


def written_as(of: Actor) -> ActorDef:
    """An actor of a flat network as one that has no rows of its own."""
    return ActorDef(of.name, of.host, of.states, of.initial)


@FEW
@given(networks(), st.data())
def test_every_transition_is_there_and_means_what_the_row_means(network: Network, data: st.DataObject) -> None:
    for of in network.actors:
        read = Read(scxml(written_as(of), network))
        compare(read, of)
        at = data.draw(states(network))
        for _, row in read.rows:
            guard = of.transitions[int(said(row, "row"))].when
            assert read.holds(row, at, of.name) == judged(guard, at, network)


def test_every_shipped_actor_is_the_same_edge_by_edge() -> None:
    of = shipped()
    catalogue = Catalogue(of, of.default)
    network, random = catalogue.network, Random(13)
    moving = [each for each in catalogue.model.actors if not catalogue.network.actor[each.name].is_unknown]
    assert len(moving) > 100
    for each in moving:
        flat = catalogue.network.actor[each.name]
        read = Read(scxml(each, catalogue.network))
        compare(read, flat)
        for number, row in enumerate(each.rows):
            shown = [element for _, element in read.rows if int(said(element, "row")) == number]
            for element in shown:
                assert said(element, "decides") == ("true" if row.sends else "false")
                assert said(element, "status") == row.status
                assert said(element, "effect") == "; ".join(map(str, row.effect))
        for _ in range(3):
            at = {other.name: random.choice(other.states) for other in network.actors}
            for _, element in read.rows:
                guard = flat.transitions[int(said(element, "row"))].when
                assert read.holds(element, at, each.name) == judged(guard, at, network)


def odd(doc: str = ODD) -> tuple[ActorDef, Network]:
    """An actor whose names and texts SCXML does not take as they are."""
    key = unknown("key.kind", ("it's", "401"), host="h")
    odd = actor(
        "odd",
        host=ODD,
        states=("start", "401", "4-1", "class"),
        initial=("start", "401"),
        doc=doc,
        rows=[
            send("a.go", "start", "401", 'key.kind is "it\'s"', cites="K1 K2", status=ODD),
            recv("a go", "*", "=", 'odd is not "401"'),
        ],
    )
    return odd, expand(Model.of("odd", key, odd))


def test_names_and_texts_that_xml_and_ecmascript_would_misread_come_back_as_they_were() -> None:
    of, network = odd()
    data = scxml(of, network)
    read = Read(data)
    compare(read, network.actor["odd"])
    assert said(read.root, "doc") == ODD
    assert read.root.get("initial") == f"{START}_"
    assert {str(row.get("event")) for _, row in read.rows} == {"a_go", "a_go_"}
    assert read.rows[0][1].get("cond") == "key_kind === 'it\\'s'" and said(read.rows[0][1], "status") == ODD
    assert read.rows[1][1].get("cond") == "In('start') || In('x4_1') || In('class_')"
    assert data == scxml(of, network) and data.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<scxml ")


@FEW
@given(st.lists(st.text(max_size=4), unique=True))
def test_identifiers_are_identifiers_and_differ(names: list[str]) -> None:
    found = identifiers(names)
    assert list(found) == names and len(set(found.values())) == len(names)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", each) for each in found.values())


def interpreted(data: bytes) -> Any:
    """The machine of an independent interpreter of SCXML."""
    pytest.importorskip("statemachine", minversion="3.2")
    from statemachine.io.scxml.processor import SCXMLProcessor

    processor = SCXMLProcessor()
    processor.parse_scxml("machine", data.decode())
    return processor.start()


def test_an_interpreter_of_scxml_walks_as_the_actor_does() -> None:
    """It takes the first row that applies, where the actor may take any."""
    of = Catalogue(demo(), SCENARIOS["calm"])
    for name in ("visitor", "porter", "has_asked"):
        definition = next(each for each in of.model.actors if each.name == name)
        flat = of.network.actor[name]
        data = scxml(definition, of.network)
        ids = identifiers(flat.states)
        at = {each.name: each.initial[0] for each in of.network.actors}
        for start, path in walks(flat, at, of.network):
            machine = interpreted(data)
            for event, after in path:
                machine.send(event)
                assert set(map(str, machine.configuration_values)) == {ids[after]}, (name, start, event)


def walks(of: Actor, at: dict[str, str], network: Network) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each event after each other one, from the first initial state; others stay as in the beginning."""
    for one in sorted(of.alphabet):
        for other in sorted(of.alphabet):
            state, path = of.initial[0], []
            for event in (one, other, one):
                here = {**at, of.name: state}
                rows = [row for row in of.by_event[event] if state in row.sources and judged(row.when, here, network)]
                state = rows[0].target(state) if rows else state
                path.append((event, state))
            yield of.initial[0], path


# the command


def run(*arguments: str) -> tuple[int, bytes, str]:
    result = CliRunner().invoke(cli.app, ["diagram", *arguments], env={"COLUMNS": "80"})
    return result.exit_code, result.stdout_bytes, result.stderr


def test_the_formats_are_chosen_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "system", demo)
    for arguments, ending in (
        (("actor", "visitor"), "scxml"),
        (("product",), "graphml"),
        (("product", "bell"), "graphml"),
    ):
        file = tmp_path / f"a.{ending}"
        assert run(*arguments, "-o", str(file)) == (0, b"", "")
        code, data, complaint = run(*arguments, "--format", ending)
        assert (code, data.strip(), complaint) == (0, file.read_bytes().strip(), "")
        assert format_of("", file) == ending
    assert run("actor", "visitr", "--format", "scxml")[2].startswith(
        "ccmproof: there is no actor 'visitr' (did you mean"
    )


@pytest.mark.parametrize("kind", ["actor", "product", "network", ""])
def test_a_format_that_fits_one_kind_only_is_refused_for_the_others(kind: str) -> None:
    for form in FORMATS:
        if form in ONLY and ONLY[form][0] != kind:
            with pytest.raises(ModelError, match=f"^{form} is for .*: `ccmproof diagram "):
                check_format(form, kind)
        elif form in ONLY:
            check_format(form, kind)


def test_no_event_of_what_is_shipped_needs_another_name() -> None:
    of = shipped()
    network = Catalogue(of, of.default).network
    assert {name: each for name, each in identifiers(network.event).items() if name != each} == {}
