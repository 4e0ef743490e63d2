"""Actors as transitions machines, and the driver that moves all of them together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import transitions
import transitions.extensions
from ccmproof.model.kernel import product
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.machine import Driver, machine
from ccmproof.model.kernel.network import Actor, Event, Network, State, Transition
from small import locked, small

LIGHT = Actor(
    "light",
    ("red", "green", "off"),
    ("red", "off"),
    (
        Transition("light.go", frozenset({"red"}), "green", at("day").is_("work")),
        Transition("light.go", frozenset({"red", "green"}), "red"),
        Transition("fail", frozenset({"red", "green"}), "off"),
        Transition("fail", frozenset({"off"}), None),
    ),
)
DAY = Actor("day", ("work", "free"), ("work", "free"))
NETWORK = Network("n", (LIGHT, DAY), (Event("light.go", "light", ("light",)), Event("fail", "light", ("light",))))


def test_it_is_a_genuine_machine() -> None:
    made = LIGHT.machine()
    assert isinstance(made, transitions.Machine)
    assert list(made.states) == ["red", "green", "off"]
    assert list(made.events) == ["light.go", "fail"]
    assert made.initial == "red" and made.name == "light: "
    assert made.get_triggers("off") == ["fail"]
    assert [(t.source, t.dest) for t in made.get_transitions("light.go")] == [
        ("red", "green"),
        ("red", "red"),
        ("green", "red"),
    ]


def test_it_begins_where_it_is_told_and_moves() -> None:
    made = LIGHT.machine("green")
    assert made.model.state == "green"
    assert made.model.trigger("light.go") is True  # a dot in an event's name is no obstacle
    assert made.model.state == "red"
    assert made.model.trigger("fail") and made.model.trigger("fail")
    assert made.model.state == "off"
    with pytest.raises(transitions.MachineError):
        made.model.trigger("light.go")


def test_the_first_row_fires_unless_another_is_asked_for() -> None:
    made = LIGHT.machine()
    made.model.trigger("light.go")
    assert made.model.state == "green"
    made = LIGHT.machine()
    made.model.trigger("light.go", row=1)
    assert made.model.state == "red"
    assert made.model.may_trigger("light.go", row=2) is False


def test_guards_are_judged_by_who_is_asked() -> None:
    made = machine(LIGHT, holds=lambda condition: str(condition) != "day is work")
    assert made.model.may_trigger("light.go", row=0) is False
    made.model.trigger("light.go")
    assert made.model.state == "red"


def test_a_state_that_is_not_there() -> None:
    with pytest.raises(ModelError, match=r"^light has no state 'gren' \(did you mean 'green'\?\)$"):
        LIGHT.machine("gren")


def test_the_driver_says_what_may_happen() -> None:
    driver = Driver(NETWORK, {"light": "red", "day": "work"})
    assert list(driver.choices("light.go")) == [{"light": 0}, {"light": 1}]
    assert [driver.models["light"].may_trigger("light.go", row=i) for i in (0, 1, 2, 3)] == [True, True, False, False]
    driver.start(("red", "free"))
    assert list(driver.choices("light.go")) == [{"light": 1}]
    driver.start(("off", "free"))
    assert list(driver.choices("light.go")) == []


def test_the_driver_heeds_the_guard_of_the_event() -> None:
    network = replace(NETWORK, events=(replace(NETWORK.events[0], guard=at("day").is_("free")), NETWORK.events[1]))
    driver = Driver(network, ("green", "work"))
    assert list(driver.choices("light.go")) == []
    driver.start(("green", "free"))
    assert list(driver.choices("light.go")) == [{"light": 1}]


def test_the_driver_fires_the_outcome_that_is_asked_for() -> None:
    driver = Driver(NETWORK, ("red", "work"))
    assert driver.fire("light.go", ("red", "work")) == ("red", "work")
    assert driver.fire("light.go") == ("green", "work") == driver.state
    with pytest.raises(ModelError, match=r"^light.go may not happen here with that outcome$"):
        driver.fire("light.go", ("green", "work"))
    driver.fire("fail")
    with pytest.raises(ModelError, match=r"^light.go may not happen here$"):
        driver.fire("light.go")
    assert driver.state == ("off", "work")
    with pytest.raises(ModelError, match=r"^there is no event 'fial' \(did you mean 'fail'\?\)$"):
        driver.fire("fial")
    with pytest.raises(ModelError, match=r"^a state of n has 2 parts, not 1$"):
        driver.start(("red",))


def test_a_swap_reads_the_state_before_although_the_machines_move_one_by_one() -> None:
    def field(name: str, other: str) -> Actor:
        copies = tuple(Transition("swap", frozenset("xy"), value, at(other).is_(value)) for value in "xy")
        return Actor(name, ("x", "y"), ("x", "y"), copies)

    network = Network("n", (field("a", "b"), field("b", "a")), (Event("swap", "a", ("a", "b")),))
    assert Driver(network, ("x", "y")).fire("swap") == ("y", "x")


@pytest.mark.parametrize(("network", "states"), [(locked(2), 15), (expand(small()), 12)], ids=["lock", "small"])
def test_machines_and_product_agree_on_every_step_of_every_reachable_state(network: Network, states: int) -> None:
    waiting = list(product.initial_states(network))
    seen = set(waiting)
    driver = Driver(network, waiting[0])
    while waiting:
        state = waiting.pop()
        driver.start(state)
        for event in network.events:
            outcomes = list(product.outcomes(network, event, state))
            assert {driver.after(rows) for rows in driver.choices(event.name)} == set(outcomes)
            for after in outcomes:
                assert _fired(driver, state, event.name, after) == after
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
            driver.start(state)
    assert len(seen) == states


def _fired(driver: Driver, state: State, event: str, after: State) -> State:
    driver.start(state)
    driver.fire(event, after)
    return driver.state


def test_a_machine_draws_itself_with_the_state_that_it_is_in_lit() -> None:
    made = LIGHT.graph_machine()
    assert isinstance(made, transitions.extensions.GraphMachine)
    lit = {line for line in made.model.get_graph().draw(None).splitlines() if line.endswith(("s_active", "s_previous"))}
    assert lit == {"  Class red s_active"}
    made.model.trigger("light.go")
    lines = made.model.get_graph().draw(None).splitlines()
    assert {line for line in lines if line.endswith(("s_active", "s_previous"))} == {
        "  Class red s_previous",
        "  Class green s_active",
    }
    assert {"  red --> green: light.go", "  off --> off: fail"} <= set(lines)
    next_only = made.model.get_graph(show_roi=True).draw(None)
    assert "  green --> red: light.go" in next_only and "off --> off" not in next_only
    assert [(each.source, each.dest) for each in made.get_transitions("fail")] == [
        (each.source, each.dest) for each in LIGHT.machine().get_transitions("fail")
    ]


def test_a_machine_is_drawn_by_graphviz_too(tmp_path: Path) -> None:
    pytest.importorskip("pygraphviz")
    made = LIGHT.graph_machine("green", engine="pygraphviz")
    graph = made.model.get_graph()
    assert set(graph.nodes()) == set(LIGHT.states)
    assert graph.get_node("green").attr["peripheries"] == "2" != graph.get_node("red").attr["peripheries"]
    graph.draw(str(tmp_path / "light.png"), prog="dot")
    assert (tmp_path / "light.png").read_bytes().startswith(b"\x89PNG")


def test_a_machine_cannot_be_drawn_by_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"there is no engine 'mermiad' \(did you mean 'mermaid'\?\)"):
        LIGHT.graph_machine(engine="mermiad")
    monkeypatch.setattr("ccmproof.model.kernel.machine.find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"pygraphviz is not there: pip install 'ccmproof\[diagrams\]'"):
        LIGHT.graph_machine(engine="pygraphviz")
    with pytest.raises(ModelError, match="light has no state 'gren'"):
        LIGHT.graph_machine("gren")
