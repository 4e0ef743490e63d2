"""Every property can fail: one edit of the model, at the hop it speaks of, breaks it; without the edit it holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ccmproof.harness.engines import explore
from ccmproof.harness.judge import Asked
from ccmproof.harness.promises import Promises
from ccmproof.harness.system import stored_order
from ccmproof.model.kernel.definition import Model
from ccmproof.model.kernel.edit import Edit, apply
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.fairness import fairness_of
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow import build
from ccmproof.properties.property import Property
from ccmproof.properties.suite import SUITE, by_id

from .weakenings import CLAUSES, Weakening
from .weakenings import WEAKENINGS as OTHERS
from .weakenings_of_attempts import ADVERSARY, ATTEMPTS, PROOFS
from .weakenings_of_attempts import BEYOND as AND_BEYOND
from .weakenings_of_refusals import BESIDE, REFUSALS
from .weakenings_of_refusals import CLAUSES as AND_CLAUSES
from .weakenings_of_requests import BEYOND, CORE

MORE = (*CORE, *ATTEMPTS, *PROOFS, *ADVERSARY, *BEYOND, *AND_BEYOND, *REFUSALS, *BESIDE)
WEAKENINGS: dict[str, Weakening] = {**OTHERS, **{each.property: each for each in MORE}}

AsItStands = Callable[[Scenario, Property], Promises]


def explored(model: Model, prop: Property) -> Promises:
    """All of the model, watched as the property asks."""
    found = explore(expand(model.extended(prop.observers)), order=stored_order())
    assert found.complete
    return Promises(found, fairness_of)


@pytest.fixture(scope="module")
def as_it_stands() -> AsItStands:
    """What is explored of a site without an edit: once, for all properties that ask it with the same observers."""
    found: dict[str, Promises] = {}

    def at(site: Scenario, prop: Property) -> Promises:
        key = repr((site, [each.name for each in prop.observers]))
        if key not in found:
            found[key] = explored(build(site), prop)
        return found[key]

    return at


def refuted(promises: Promises, prop: Property) -> bool:
    """Whether the property fails, once what it speaks of is known to be attempted."""
    asked = Asked.of(prop, promises.explored.network)
    met = asked.met(promises).found
    if not prop.possible:
        assert promises.explored.where(asked.attempt).found, "it is vacuous here, and says nothing"
    return met != prop.possible


def broken_by(edit: Edit, site: Scenario, prop: Property) -> bool:
    return refuted(explored(apply(build(site), edit), prop), prop)


def test_every_property_has_its_weakening():
    """What can happen exactly somewhere has one of its own, in `test_reach`."""
    assert WEAKENINGS.keys() == {name for name, prop in by_id().items() if not prop.exactly}
    assert len(SUITE) == len(by_id())


@pytest.mark.parametrize("name", WEAKENINGS)
def test_property_is_broken_by_its_weakening_alone(name, as_it_stands):
    edit, site = WEAKENINGS[name].edit, WEAKENINGS[name].site
    prop = by_id()[name].at(site)
    if edit is None:
        assert prop.expected == "fails"
        assert refuted(as_it_stands(site, prop), prop)
        return
    assert not refuted(as_it_stands(site, prop), prop)
    assert broken_by(edit, site, prop)


@pytest.mark.parametrize("clause", (*CLAUSES, *AND_CLAUSES))
def test_each_clause_can_be_broken(clause, as_it_stands):
    prop = by_id()[clause.property]
    assert not refuted(as_it_stands(clause.site, prop), prop)
    assert broken_by(clause.edit, clause.site, prop)
