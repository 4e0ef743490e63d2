"""Every property can fail: one edit of the model, at the hop it speaks of, breaks it; without the edit it holds."""

from __future__ import annotations

import pytest
from ccmproof.harness.engines import explore
from ccmproof.harness.judge import Asked
from ccmproof.harness.promises import Promises
from ccmproof.harness.system import stored_order
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.edit import apply
from ccmproof.model.kernel.expand import expand
from ccmproof.model.workflow import build
from ccmproof.model.workflow.fairness import fairness
from ccmproof.properties.property import Property
from ccmproof.properties.suite import SUITE, by_id

from .weakenings import CLAUSES, WEAKENINGS


def refuted(model: Model, prop: Property) -> bool:
    """Whether the property fails in the model, once what it speaks of is known to be attempted."""
    network = expand(model.extended(prop.observers))
    explored = explore(network, order=stored_order())
    assert explored.complete
    asked = Asked.of(prop, network)
    met = asked.met(Promises(explored, fairness(network))).found
    if not prop.possible:
        assert explored.where(asked.attempt).found, "it is vacuous here, and says nothing"
    return met != prop.possible


def test_every_property_has_its_weakening():
    assert WEAKENINGS.keys() == by_id().keys()
    assert len(SUITE) == len(by_id())


@pytest.mark.parametrize("name", WEAKENINGS)
def test_property_is_broken_by_its_weakening_alone(name):
    weakening, prop = WEAKENINGS[name], by_id()[name].at(WEAKENINGS[name].site)
    model = build(weakening.site)
    if weakening.edit is None:
        assert prop.expected == "fails"
        assert refuted(model, prop)
        return
    assert not refuted(model, prop)
    assert refuted(apply(model, weakening.edit), prop)


@pytest.mark.parametrize("number", range(len(CLAUSES)))
def test_each_clause_can_be_broken(number):
    clause = CLAUSES[number]
    model = build(clause.site)
    assert not refuted(model, by_id()[clause.property])
    assert refuted(apply(model, clause.edit), by_id()[clause.property])
