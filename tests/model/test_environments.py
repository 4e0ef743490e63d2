"""Sets of environments: counted, combined, and told apart from those of other networks."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel.condition import at
from ccmproof.model.kernel.environments import Space
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.network import Actor, Network
from closed_forms import mutex


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
