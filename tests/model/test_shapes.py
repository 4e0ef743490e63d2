"""Shapes that recur: what a clone, a family and a channel are written out to."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel import product
from ccmproof.model.kernel.actor import actor, clear, put, record, recv, send
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.lint import lint
from ccmproof.model.kernel.shapes import channel, clone, family


def test_a_clone_has_its_own_events() -> None:
    a = actor(
        "a", host="h", states="s t", ignores="go", holds_up="full", rows=[send("go", "s", "t"), recv("full", "s", "t")]
    )
    b = clone(a, "b", {"go": "go.b", "full": "full.b"})
    assert (b.name, b.ignores, b.holds_up, [row.event for row in b.rows]) == (
        "b",
        ("go.b",),
        ("full.b",),
        ["go.b", "full.b"],
    )
    assert b.states == a.states and b.rows[0].sends and not b.rows[1].sends


def test_a_family_has_a_member_for_each_index() -> None:
    of = actor(
        "door.<index>",
        host="h",
        states="shut open",
        groups={"way": "open"},
        seen_by="<index>",
        rows=[send("open.<index>", "shut", "open", "key.<index> is there", put("last.door", "<index>"), cites="D1")],
        ignores="slam.<index>",
        doc="The door <index>",
    )
    left, right = family(of, ("left", "right"))
    assert (left.name, right.name) == ("door.left", "door.right")
    (row,) = left.rows
    assert (row.event, row.when, row.effect[0].values, row.cites) == ("open.left", "key.left is there", ("left",), "D1")
    assert (right.ignores, right.seen_by, right.doc) == (("slam.right",), ("right",), "The door right")
    assert left.groups == {"way": ("open",)}


def test_a_condition_that_python_has_built_is_left_alone() -> None:
    guard = at("key").is_("there")
    (one,) = family(actor("d.<index>", host="h", states="s", rows=[send("go.<index>", "s", "s", guard)]), ("one",))
    assert one.rows[0].when is guard


def test_a_family_whose_members_would_be_one_is_refused() -> None:
    with pytest.raises(ModelError, match="family door: <index> must be in its name"):
        family(actor("door", host="h", states="s", rows=[]), ("left", "right"))


def states_of_line(lossy: bool) -> set[tuple[str, str]]:
    """The reachable states of a sender, a channel and a receiver: the channel's, and how much has arrived."""
    frees = {"arrive": "", **({"lose": ""} if lossy else {})}
    sender = actor("sender", host="s", states="on", rows=[send("post", "on", "on")])
    receiver = actor("receiver", host="r", states="none some", rows=[send("arrive", "none some", "some")])
    losses = [actor("noise", host="n", states="on", rows=[send("lose", "on", "on")])] if lossy else []
    line = channel("line", host="w", takes=("post",), frees=frees)
    model = Model.of("m", sender, receiver, losses, line)
    network = expand(model)
    assert lint(model, network) == []
    seen = set(product.initial_states(network))
    waiting = list(seen)
    while waiting:
        for _, after in product.successors(network, waiting.pop()):
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return {(network.as_dict(s)["line"], network.as_dict(s)["receiver"]) for s in seen}


@pytest.mark.parametrize("lossy", [False, True])
def test_a_channel_holds_one_message_until_it_arrives_or_is_lost(lossy: bool) -> None:
    assert states_of_line(lossy) == {("free", "none"), ("taken", "none"), ("free", "some"), ("taken", "some")}


def test_a_full_channel_makes_the_sender_wait_and_a_guard_keeps_it_full() -> None:
    flag = record("flag", {"kept": "no yes"}, host="w")
    line = channel("line", host="w", takes=("post",), frees={"arrive": "flag.kept is no", "use": ""})
    sender = actor("sender", host="w", states="on", rows=[send("post", "on", "on", "", put("flag", kept="yes"))])
    receiver = actor(
        "receiver", host="w", states="on", rows=[send("arrive", "on", "on"), send("use", "on", "on", "", clear("flag"))]
    )
    network = expand(Model.of("m", flag, line, sender, receiver))
    place = network.position["line"]
    (start,) = product.initial_states(network)
    (full,) = product.outcomes(network, network.event["post"], start)
    assert not list(product.outcomes(network, network.event["post"], full))
    (still,) = product.outcomes(network, network.event["arrive"], full)
    assert still[place] == "taken"
    (used,) = product.outcomes(network, network.event["use"], still)
    assert used[place] == "free"
