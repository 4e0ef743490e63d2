"""Symmetry and mirrors: a network that is its own image is so step by step, and whatever differs is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import actor, choose, data, put, send, take, unknown
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.definition import Model, Predicate
from ccmproof.model.kernel.edit import DropEffect, Edit, SetDest, SetGuard, SetInitial, apply
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.lint import refuse
from ccmproof.model.kernel.mirror import AddMirror
from ccmproof.model.kernel.network import Network, State
from ccmproof.model.kernel.symmetry import Swap, asymmetries, is_symmetric, swapped
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small import locked, small
from strategies import networks

LOCK = Swap({"p0": "p1"}, {f"{what}.0": f"{what}.1" for what in ("want", "enter", "leave")})

FACE = actor(
    "face",
    host="table",
    states="none_yet shown",
    waits="none_yet",
    rows=[
        send("show_mine", "none_yet", "shown", "may_show", put("seen", "mine"), cites="A1"),
        send("show_theirs", "none_yet", "shown", "seen is not theirs", choose("seen", "mine theirs"), cites="A2"),
    ],
)
DEALER = actor("dealer", host="dealer", states="at_work", waits="*", oracle=True, rows=[
    send("deal_again", "at_work", "at_work", "seen is mine", put("seen", "nobodys"), cites="B1"),
    send("end", "at_work", "at_work", "", put("over", "yes"), put("seen", "nobodys"), cites="B2"),
])  # fmt: skip
TABLE = Model.of(
    "table",
    unknown("hand", "mine theirs", host="table"),
    data("seen", "nobodys mine theirs", host="table"),
    data("over", "no yes", host="dealer"),
    FACE,
    DEALER,
    Predicate("may_show", "hand is mine and not other_has_shown"),
    Predicate("other_has_shown", "twin.face is shown and twin.seen is mine"),
)
SIDES = {"mine": "theirs"}
TWICE = AddMirror("twin", shared=frozenset({"dealer", "over"}), together=frozenset({"end"}),
                  hosts={"table": "table"}, states={"hand": SIDES, "seen": SIDES})  # fmt: skip


def reachable(network: Network) -> set[State]:
    seen = set(product.initial_states(network))
    waiting = list(seen)
    while waiting:
        for _, after in product.successors(network, waiting.pop()):
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def steps(network: Network, state: State) -> set[tuple[str, State]]:
    return {(event.name, after) for event, after in product.successors(network, state)}


@st.composite
def swaps(draw: st.DrawFn, network: Network) -> Swap:
    """A swap that fits: actors with equally many states, any states of one, any events."""
    actors = draw(st.permutations([each.name for each in network.moving]))
    pairs = {one: two for one, two in zip(actors[::2], actors[1::2], strict=False)
             if network.actor[one].states == network.actor[two].states}  # fmt: skip
    events = draw(st.permutations([each.name for each in network.events]))
    turned = {each.name: {each.states[0]: each.states[-1]} for each in network.unknowns if len(each.states) > 1}
    return Swap(pairs, dict(zip(events[::2], events[1::2], strict=False)), draw(st.sampled_from([{}, turned])))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_image_of_a_network_makes_the_images_of_its_steps(data: st.DataObject) -> None:
    network = data.draw(networks())
    swap = data.draw(swaps(network))
    assume(swap != Swap())
    image = swapped(network, swap)
    assert set(product.initial_states(image)) == {swap.place(network, s) for s in product.initial_states(network)}
    for state in list(product.initial_states(network))[:5]:
        ours = {(swap.event(event), swap.place(network, after)) for event, after in steps(network, state)}
        assert steps(image, swap.place(network, state)) == ours


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_swapping_twice_is_swapping_not_at_all(data: st.DataObject) -> None:
    network = data.draw(networks())
    swap = data.draw(swaps(network))
    again = swapped(swapped(network, swap), swap)
    assert asymmetries(network, Swap()) == ()
    for mine, theirs in zip(network.actors, again.actors, strict=True):
        assert (mine.name, mine.states, mine.initial) == (theirs.name, theirs.states, theirs.initial)
    for state in list(product.initial_states(network))[:5]:
        assert steps(network, state) == steps(again, state)


def test_two_processes_and_a_lock_are_symmetric_and_their_states_too() -> None:
    network = locked(2)
    assert is_symmetric(network, LOCK)
    found = reachable(network)
    assert {LOCK.place(network, state) for state in found} == found
    assert LOCK.condition(at("p0").is_("in_it") & at("lock").is_("taken")) == at("p1").is_("in_it") & at("lock").is_(
        "taken"
    )


def test_what_differs_is_named() -> None:
    network = locked(2)
    p1 = network.actor["p1"]
    odd = replace(p1, initial=("waits",), transitions=p1.transitions[:-1])
    assert asymmetries(replace(network, actors=(network.actors[0], odd, network.actors[2])), LOCK) == (
        "p0: its initial states are not those of p1",
        "p0/leave.0: p1 does otherwise",
        "p1: its initial states are not those of p0",
    )
    urgent = replace(network.event["want.1"], urgent=True)
    events = tuple(urgent if each.name == "want.1" else each for each in network.events)
    assert asymmetries(replace(network, events=events), LOCK) == (
        "want.0: want.1 is decided otherwise, or under another guard",
        "want.1: want.0 is decided otherwise, or under another guard",
    )
    assert asymmetries(replace(network, assume=(at("p0").is_("out"),)), LOCK) == (
        "what is assumed of the environments is not assumed of their images",
    )


@pytest.mark.parametrize(
    ("swap", "message"),
    [
        (Swap({"p0": "luck"}), r"^swap: there is no actor 'luck' \(did you mean 'lock'\?\)$"),
        (Swap(events={"want.0": "wart.1"}), r"^swap: there is no event 'wart.1' \(did you mean 'want.1'\?\)$"),
        (Swap(states={"lock": {"free": "take"}}), r"^swap: lock has no state 'take' \(did you mean 'taken'\?\)$"),
        (Swap({"p0": "p1", "p1": "lock"}), r"^swap: 'p1' would change places with 'p0' and with 'lock'$"),
    ],
)
def test_a_swap_that_does_not_fit_is_refused(swap: Swap, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        asymmetries(locked(2), swap)


def test_a_mirror_writes_a_whole_second_one() -> None:
    mirror = AddMirror("twin", frozenset({"world"}), frozenset({"tick"}), {"client": "twin", "server": "twin_server"})
    model = apply(small(), mirror)
    network = refuse(model)
    assert is_symmetric(network, mirror.swap(network))
    client = model.actor("twin.client")
    assert (client.host, client.ignores) == ("twin", ("twin_grant", "twin_refuse"))
    assert [row.event for row in client.rows] == ["twin_ask", "twin_grant", "twin_refuse", "twin_forget"]
    assert client.rows[1].effect == take("twin.token", "twin.reply")
    assert model.actor("twin.reply.life").record == "twin.reply"
    assert [(each.name, each.text) for each in model.predicates][1] == (
        "twin_may_grant",
        "twin.key is good or strict is no",
    )
    assert [str(each.text) for each in model.assumptions][1] == "twin.key is good or strict is yes"
    assert [each.name for each in model.events] == ["ask", "twin_ask"]
    assert sum(name == "tick" for name in network.event) == 1
    one = len(reachable(expand(small())))
    assert len(reachable(network)) == one * one


def test_a_mirror_turns_what_is_said_of_the_other() -> None:
    model = apply(TABLE, TWICE)
    network = refuse(model)
    texts = {each.name: each.text for each in model.predicates}
    assert texts["twin_may_show"] == "twin.hand is theirs and not twin_other_has_shown"
    assert texts["twin_other_has_shown"] == "face is shown and seen is theirs"
    assert model.actor("twin.seen").states == ("nobodys", "theirs", "mine")
    dealer = model.actor("dealer")
    assert [row.event for row in dealer.rows] == ["deal_again", "twin_deal_again", "end"]
    assert dealer.rows[2].effect == (*put("over", "yes"), *put("seen", "nobodys"), *put("twin.seen", "nobodys"))
    assert is_symmetric(network, TWICE.swap(network))
    swap = TWICE.swap(network)
    found = reachable(network)
    assert {swap.place(network, state) for state in found} == found
    assert (swap.first("twin.hand", "theirs"), swap.first_event("twin_end")) == (("hand", "mine"), "twin_end")
    assert (swap.first("hand", "theirs"), swap.first_event("twin_show_mine")) == (("hand", "theirs"), "show_mine")


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (SetGuard("twin.face", "twin_show_mine", ""), ["face/show_mine: twin.face does otherwise"]),
        (SetDest("face", "show_theirs", "none_yet"), ["face/show_theirs: twin.face does otherwise"]),
        (DropEffect("dealer", "end", "twin.seen"), ["seen/end: twin.seen does otherwise"]),
        (SetInitial("hand", ("mine",)), ["hand: its initial states are not those of twin.hand"]),
    ],
)
def test_an_edit_of_one_side_alone_is_noticed(edit: Edit, named: list[str]) -> None:
    network = expand(apply(TABLE, TWICE, edit))
    found = asymmetries(network, TWICE.swap(network))
    assert [each for each in found if each in named] == named


def test_a_mirror_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(ModelError, match=r"^once more, as twin: there is no actor 'wolrd' \(did you mean 'world'\?\)$"):
        apply(small(), AddMirror("twin", frozenset({"wolrd"})))
