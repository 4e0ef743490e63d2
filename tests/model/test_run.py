"""Runs: what is shown has been replayed, and what cannot be is refused."""

from __future__ import annotations

import json

import pytest
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Actor, Event, Network, Transition
from ccmproof.model.kernel.run import replayed

DOOR = Actor(
    "door",
    ("shut", "open"),
    ("shut",),
    (
        Transition("open", frozenset({"shut"}), "open", at("key").is_("held"), ("D1",)),
        Transition("shut", frozenset({"open"}), "shut", cites=("D2",)),
    ),
    host="house",
)
LAMP = Actor("lamp", ("off", "on"), ("off",), (Transition("open", frozenset({"off", "on"}), "on", cites=("L1", "D1")),))
KEY = Actor("key", ("held", "lost"), ("held", "lost"))
NETWORK = Network(
    "house",
    (DOOR, LAMP, KEY),
    (Event("open", "door", ("door", "lamp"), cites=("E1",)), Event("shut", "door", ("door",))),
    assume=(at("key").is_("held") | at("lamp").is_("on"),),
)
START, OPEN, SHUT = ("shut", "off", "held"), ("open", "on", "held"), ("shut", "on", "held")


def test_a_run_says_who_did_what_where_and_why() -> None:
    run = replayed(NETWORK, [START, OPEN, SHUT], ["open", "shut"])
    assert len(run) == 2
    assert run.environment == {"key": "held"}
    first, second = run.steps
    assert (first.event, first.controller, first.host) == ("open", "door", "house")
    assert first.changed == {"door": ("shut", "open"), "lamp": ("off", "on")}
    assert first.cites == ("E1", "D1", "L1")
    assert second.changed == {"door": ("open", "shut")} and second.cites == ("D2",)
    assert run.states[-1] == {"door": "shut", "lamp": "on", "key": "held"}


def test_the_json_form_is_plain() -> None:
    run = replayed(NETWORK, [START, OPEN], ["open"], broken=NETWORK.condition("lamp is off"))
    assert json.loads(json.dumps(run.to_json())) == {
        "version": 1,
        "network": "house",
        "environment": {"key": "held"},
        "initial": {"door": "shut", "lamp": "off", "key": "held"},
        "steps": [
            {
                "event": "open",
                "controller": "door",
                "host": "house",
                "changed": {"door": ["shut", "open"], "lamp": ["off", "on"]},
                "cites": ["E1", "D1", "L1"],
            }
        ],
        "loop": None,
        "because": ["lamp is off"],
    }


def test_a_run_without_steps_is_its_first_state() -> None:
    run = replayed(NETWORK, [START], [])
    assert len(run) == 0 and run.states == ({"door": "shut", "lamp": "off", "key": "held"},)


def test_a_lasso_closes() -> None:
    run = replayed(NETWORK, [START, OPEN, SHUT, OPEN], ["open", "shut", "open"], loop=1)
    assert run.loop == 1


def test_a_run_may_come_to_rest_in_its_last_state() -> None:
    assert replayed(NETWORK, [START, OPEN], ["open"], loop=1).loop == 1


@pytest.mark.parametrize(
    ("path", "events", "more", "error"),
    [
        ([OPEN], [], {}, "the run does not begin in an initial state"),
        ([("shut", "off", "lost")], [], {}, "the run does not begin in an initial state"),
        ([START, SHUT], ["open"], {}, "step 1 of the run, open, is not possible there: it leads elsewhere"),
        (
            [START, OPEN, OPEN],
            ["open", "shut"],
            {},
            "step 2 of the run, shut, is not possible there: it leads elsewhere",
        ),
        ([START, OPEN], ["opens"], {}, "step 1 of the run: there is no event 'opens' (did you mean 'open'?)"),
        ([START, OPEN], [], {}, "a run of 0 steps has 1 states, not 2"),
        ([], [], {}, "a run of 0 steps has 1 states, not 0"),
        ([START, OPEN], ["open"], {"loop": 0}, "the loop of the run does not close"),
        ([START, OPEN], ["open"], {"loop": 7}, "the loop of the run does not close"),
        (
            [START, OPEN],
            ["open"],
            {"broken": at("lamp").is_("on")},
            "the run ends in a state that does not break the condition",
        ),
    ],
)
def test_what_the_semantics_does_not_give_is_refused(path: list, events: list, more: dict, error: str) -> None:
    with pytest.raises(ModelError) as caught:
        replayed(NETWORK, path, events, **more)
    assert str(caught.value) == error


def test_because_has_the_false_leaves_of_the_last_state() -> None:
    broken = NETWORK.condition("door is shut and key is held and lamp is off")
    assert replayed(NETWORK, [START, OPEN], ["open"], broken=broken).because == ("door is shut", "lamp is off")
