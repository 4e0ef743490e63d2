"""What is said of a device does not depend on what was looked at before it in the same process."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness.render.replay import Shown
from ccmproof.harness.render.replay_json import render
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment, equipment
from ccmproof.harness.replay.following.ground import FULL_SCENARIO, Ground, TooLarge, network_of
from ccmproof.harness.replay.following.kept import Kept
from ccmproof.harness.replay.gathered import gathered
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.condition import In
from ccmproof.model.kernel.network import Actor, Event, Network, Transition

CORPUS = Path(__file__).parent.parent / "corpus"


def counters(many: int) -> Network:
    """Counters that go up each by itself: what they lead to together costs many nodes where each counts the others."""
    first = Actor("c0", ("0", "1"), ("0",), (Transition("e0", frozenset({"0"}), "1"),))
    actors, events = [first], [Event("e0", "c0", ("c0",))]
    for i in range(1, many):
        when = In(f"c{i - 1}", frozenset({"1"}))
        actors.append(Actor(f"c{i}", ("0", "1"), ("0",), (Transition(f"e{i}", frozenset({"0"}), "1", when),)))
        events.append(Event(f"e{i}", f"c{i}", (f"c{i}",)))
    return Network("counters", tuple(actors), tuple(events))


def test_a_new_ground_has_what_the_bare_one_has_and_nothing_of_another() -> None:
    bare = Ground(counters(6))
    bare_size = len(bare.store)
    events = frozenset(bare.events)
    one = bare.anew()
    closed = one.closed(one.initial, events)
    assert one.states(closed)["c5"] == ("0", "1")
    other = bare.anew()
    assert len(bare.store) == len(other.store) == bare_size < len(one.store)
    assert other.closed(other.initial, events) == closed
    assert len(other.store) == len(one.store)
    assert [other.after(closed, f"e{i}") for i in range(6)] == [one.after(closed, f"e{i}") for i in range(6)]
    assert other.space is one.space


def test_what_is_too_much_on_a_new_ground_is_so_whatever_another_has_found_out() -> None:
    bare = Ground(network_of(FULL_SCENARIO, shipped()))
    events = frozenset(
        event for event in bare.events if event.startswith(("ccmsetup", "cmg", "tls", "create", "enable"))
    )

    def costs(ground: Ground, most: int) -> int | None:
        before = len(ground.store)
        try:
            ground.closed(ground.initial, events, most)
        except TooLarge:
            return None
        return len(ground.store) - before

    used = bare.anew()
    whole = costs(used, 10**6)
    assert whole
    assert costs(used, 0) == 0
    assert costs(bare.anew(), 0) is None
    assert costs(bare.anew(), 10**6) == whole


def test_what_is_kept_is_the_same_on_every_ground() -> None:
    bare = Ground(counters(4))
    kept = Kept(bare.anew(), engine="plain")
    for event in bare.events:
        own = bare.anew()
        assert own.states(kept.on(own)(event)) == kept.ground.states(kept.after(event))
    assert kept.on(bare.anew())("no such event") == 0


def said_of(name: str, using: Equipment) -> str:
    gathering = gathered([CORPUS / name], using.recogniser)
    found = [(diagnose(of.seen, using, logs=of.logs, device=of.device), of) for of in gathering.devices]
    return render(Shown(found, [], str, False))


@pytest.mark.long
@pytest.mark.parametrize("name", ["post-encryption-failed", "registration-pending", "one-bad-minute"])
def test_a_device_is_told_the_same_whatever_was_looked_at_before(name: str, using: Equipment) -> None:
    """These three were told otherwise where others had been looked at in the same process."""
    fresh = equipment(keep=False)
    fresh.folder = using.folder
    for other in ("registration-not-sent", "registration-not-stored", "content-hash"):
        said_of(other, using)
    assert said_of(name, using) == said_of(name, fresh)
