"""Sets of environments: counted, combined, and told apart from those of other networks."""

from __future__ import annotations

from itertools import product as combinations

import pytest
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.environments import Environments, Space
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Actor, Network
from closed_forms import mutex
from hypothesis import given
from hypothesis import strategies as st


class TestEnvironments:
    @pytest.fixture
    def space(self) -> Space:
        actors = (Actor("join", ("entra", "hybrid", "none"), ("none", "entra", "hybrid")),
                  Actor("root", ("present", "missing"), ("present", "missing")))  # fmt: skip
        self.network = Network("n", actors, (), (~(at("join").is_("none") & at("root").is_("missing")),))
        return Space.of(self.network)

    def test_they_are_counted_and_shared_among_those_that_may_be(self, space: Space) -> None:
        joined = space.where(at("join").is_not("none"), self.network)
        assert (joined.count, joined.total, float(joined.share)) == (4, 5, 0.8)
        assert (~joined).first() == {"join": "none", "root": "present"}
        assert list(~joined) == [{"join": "none", "root": "present"}]
        assert {"join": "none", "root": "missing"} not in space.all()
        assert {"join": "none", "root": "present"} in space.all()
        assert {"join": "else", "root": "present"} not in space.all()
        assert space.single({"join": "none", "root": "missing"}).is_empty

    def test_they_combine_as_sets_do(self, space: Space) -> None:
        joined = space.where(at("join").is_not("none"), self.network)
        missing = space.where(at("root").is_("missing"), self.network)
        assert missing <= joined
        assert not joined <= missing
        assert (joined & missing) == missing
        assert (joined | missing) == joined
        assert (joined - missing).count == 2
        assert space.none().is_empty
        assert (joined | ~joined).is_all
        assert len({joined, joined & space.all(), missing}) == 2

    def test_sets_of_two_networks_combine_where_the_unknowns_are_the_same(self, space: Space) -> None:
        other = Space.of(self.network)
        assert other.all() == space.all()
        assert (space.all() - other.where(at("root").is_("missing"), self.network)).count == 3
        with pytest.raises(ModelError, match="the unknown 'lock' is in one of them only"):
            _ = space.all() & Space(("join", "lock"), (("entra",), ("a",))).all()

    def test_what_it_does_not_know_is_refused(self, space: Space) -> None:
        with pytest.raises(ModelError, match=r"join has no value 'entro' \(did you mean 'entra'\?\)"):
            space.single({"join": "entro", "root": "missing"})
        with pytest.raises(ModelError, match="says nothing of the unknown 'root'"):
            space.single({"join": "entra"})
        with pytest.raises(ModelError, match="lock moves"):
            Space.of(mutex(1)).where(at("lock").is_("free"), mutex(1))
        with pytest.raises(ValueError, match="has no first one"):
            space.none().first()


UNKNOWNS = ("a", "b", "c", "d")
VALUES = ("v0", "v1", "v2")
Tuples = frozenset[tuple[tuple[str, str], ...]]
"""Environments, each as its items in the order of the names: what the tests below reckon with."""


@st.composite
def spaces(draw: st.DrawFn) -> Space:
    """A space of some of four unknowns, in any order, with some values each, where not everything may be allowed."""
    names = draw(st.lists(st.sampled_from(UNKNOWNS), unique=True))
    values = tuple(tuple(draw(st.lists(st.sampled_from(VALUES), min_size=1, unique=True))) for _ in names)
    space = Space(tuple(names), values)
    if draw(st.booleans()):
        space.allowed = draw(subsets(space)).node
    return space


@st.composite
def subsets(draw: st.DrawFn, space: Space) -> Environments:
    """A set of environments of the space, any of them."""
    found = space.none()
    for environment in list(space.all()):
        if draw(st.booleans()):
            found |= space.single(environment)
    return found


def listed(environments: Environments) -> Tuples:
    return frozenset(tuple(sorted(each.items())) for each in environments)


def everything(space: Space) -> list[dict[str, str]]:
    """Every assignment of values to the unknowns, allowed or not."""
    return [dict(zip(space.names, of, strict=True)) for of in combinations(*space.values)]


def agrees(one: dict[str, str], other: dict[str, str]) -> bool:
    return all(one[name] == other[name] for name in one.keys() & other.keys())


class TestOfTwoSpaces:
    @given(st.data())
    def test_a_set_as_another_space_has_it(self, data: st.DataObject) -> None:
        here, there = data.draw(spaces(), "here"), data.draw(spaces(), "there")
        chosen = data.draw(subsets(here), "chosen")
        plain = [each for each in there.all() if any(agrees(each, one) for one in chosen)]
        found = chosen.onto(there)
        assert found.space is there
        assert listed(found) == {tuple(sorted(each.items())) for each in plain}
        assert found.count == len(plain)

    @given(st.data())
    def test_the_space_that_two_share(self, data: st.DataObject) -> None:
        one, other = data.draw(spaces(), "one"), data.draw(spaces(), "other")
        apart = data.draw(st.lists(st.sampled_from(UNKNOWNS), unique=True), "apart")
        shared = one.shared(other, apart)
        assert shared.names == tuple(name for name in one.names if name in other.names and name not in apart)
        for name, values in zip(shared.names, shared.values, strict=True):
            mine, theirs = (of.values[of.names.index(name)] for of in (one, other))
            assert values == (*mine, *(value for value in theirs if value not in mine))
        both = [*one.all(), *other.all()]
        plain = [each for each in everything(shared) if any(agrees(each, whole) for whole in both)]
        assert listed(shared.all()) == {tuple(sorted(each.items())) for each in plain}

    @given(st.data())
    def test_onto_its_own_space_and_onto_one_in_another_order_and_back(self, data: st.DataObject) -> None:
        space = data.draw(spaces())
        chosen = data.draw(subsets(space))
        assert chosen.onto(space) == chosen
        turned = Space(space.names[::-1], tuple(values[::-1] for values in space.values[::-1]))
        assert listed(chosen.onto(turned)) == listed(chosen)
        assert chosen.onto(turned).onto(space) == chosen
