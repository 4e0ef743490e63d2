"""Orders of the moving actors: one that is stored and made to fit, one that is guessed, one that is searched for."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from ccmproof.harness.engines import symbolic
from ccmproof.harness.engines.order import completed, flat, guessed, read, write
from ccmproof.harness.engines.search import neighbour, searched
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Actor, Event, Network
from closed_forms import copying, mutex, row
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import networks


def test_a_stored_order_is_made_to_fit() -> None:
    assert completed(mutex(3), ["p2", "gone", "lock", "p2"])[:2] == ["p2", "lock"]
    assert sorted(completed(mutex(3), ["p2"])) == ["lock", "p0", "p1", "p2"]
    assert completed(mutex(3), []) == guessed(mutex(3))


def test_levels_that_are_shared_are_made_to_fit_too() -> None:
    """Who is named twice belongs to the level that names him first, and a level that is left to one actor is his."""
    assert completed(mutex(3), [("gone", "p1"), ("p2", "p0", "p2"), "p0", ("gone", "off"), "lock"]) == [
        "p1",
        ("p2", "p0"),
        "lock",
    ]
    assert sorted(flat(completed(mutex(3), [("p0", "p2")]))) == ["lock", "p0", "p1", "p2"]
    assert completed(mutex(2), [("p1", "p0")]) == [("p1", "p0"), "lock"]


@settings(max_examples=60, deadline=None)
@given(network=networks(), seed=st.integers(0, 9))
def test_every_order_has_every_moving_actor_once(network: Network, seed: int) -> None:
    names = sorted(a.name for a in network.moving)
    assert sorted(guessed(network)) == names
    if len(names) > 1:
        assert sorted(neighbour(tuple(names), random.Random(seed))) == names


def test_what_belongs_together_is_placed_together() -> None:
    network = copying(6, 3)
    movers = [a if a.transitions else Actor(a.name, a.states, a.initial, (row("begin", "v0", "v1"),))
              for a in network.actors]  # fmt: skip
    mixed = sorted(movers, key=lambda a: a.name)  # all sources, then all targets
    begin = Event("begin", "source0", tuple(a.name for a in mixed if a.name.startswith("source")))
    order = guessed(Network("mixed", tuple(mixed), (*network.events, begin)))
    apart = [abs(order.index(f"source{i}") - order.index(f"target{i}")) for i in range(6)]
    assert sum(apart) < 6 * 6


def test_the_search_finds_an_order_that_costs_less_and_depends_on_its_seed_alone() -> None:
    network = mutex(6)
    begin = ["p0", "p1", "p2", "lock", "p3", "p4", "p5"]
    found = searched(network, start=begin, seed=3, tries=30)
    assert found == searched(network, start=begin, seed=3, tries=30)
    assert found.nodes == symbolic.explore(network, order=found.order).nodes
    assert found.nodes <= symbolic.explore(network, order=begin).nodes


def test_the_search_moves_a_shared_level_whole() -> None:
    found = searched(mutex(4), start=["p0", ("p1", "p2"), "lock", "p3"], seed=1, tries=10)
    assert ("p1", "p2") in found.order
    assert sorted(flat(found.order)) == ["lock", "p0", "p1", "p2", "p3"]


def test_an_order_is_read_as_it_was_written_and_a_broken_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    for order in (["b", "a"], ["c", ("a", "b"), "d"]):
        write(file, order)
        assert read(file) == order
    assert file.read_text(encoding="utf-8") == '[\n "c",\n ["a", "b"],\n "d"\n]\n'
    file.write_text('["a",', encoding="utf-8")
    with pytest.raises(ModelError, match="line 1, column 6"):
        read(file)
    file.write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(ModelError, match="expected a list of actors' names, or of lists of those that share a level"):
        read(file)
    for wrong in ("[]", '["b", ["c"]]', "7"):
        file.write_text(f'["a", {wrong}]', encoding="utf-8")
        with pytest.raises(ModelError, match=f"{re.escape(wrong)} is neither a name nor a list of names"):
            read(file)
