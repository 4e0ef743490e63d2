"""An exploration whole and in parts: the parts have what the whole has; the table says what splitting would gain."""

from __future__ import annotations

import pytest
from ccmproof.harness.bench.splitting import Explored, split, table
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.errors import ModelError

SYSTEM = shipped()


def test_the_parts_have_the_states_of_the_whole() -> None:
    whole, *parts = split(SYSTEM, SYSTEM.scenario("document"), "device_app")
    assert [value for value, _ in parts] == ["enabled", "not_enabled"]
    assert whole[1].states == sum(each.states for _, each in parts)
    assert all(0 < each.nodes < whole[1].nodes for _, each in parts)


def test_what_splitting_gains_is_bounded_by_the_largest_part() -> None:
    text = table("somewhere", "something", [("", Explored(2.0, 100, 9)), ("a", Explored(1.9, 80, 4)),
                                            ("b", Explored(1.0, 50, 5))])  # fmt: skip
    assert ["a", "1.90", "80", "0.80"] in [line.split() for line in text.splitlines()]
    assert "2 workers: at most 1.25 times as fast" in text


def test_an_unknown_that_is_not_there_is_said() -> None:
    with pytest.raises(ModelError, match="mp_mode"):
        split(SYSTEM, SYSTEM.scenario("document"), "mp_modes")
