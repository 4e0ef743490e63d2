"""A model as it is written: what its parts rest on."""

from __future__ import annotations

from ccmproof.model.kernel.actor import actor, recv, send, unknown
from ccmproof.model.kernel.definition import Assumption, EventDef, Model, Predicate


def test_everything_that_may_cite_is_named_by_its_place_in_the_order_it_is_written() -> None:
    door = actor("door", host="h", states="shut open", cites="D1", rows=[
        send("open_up", "shut", "open", "key_fits", cites="D2 D3"),
        recv("slam", "open", "shut"),
    ])  # fmt: skip
    model = Model.of(
        "house",
        unknown("key", "good bad", host="h", cites="K1"),
        door,
        Predicate("key_fits", "key is good", "K2"),
        EventDef("open_up", "", "E1"),
        Assumption("key is good", "a bad key is thrown away", "A1"),
    )
    assert list(model.citations()) == [
        ("key", "K1"),
        ("door", "D1"),
        ("door/open_up", "D2 D3"),
        ("door/slam", ""),
        ("key_fits", "K2"),
        ("open_up", "E1"),
        ("assumption: key is good", "A1"),
    ]
