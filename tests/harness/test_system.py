"""Which claims a scenario is asked about."""

from __future__ import annotations

import pytest
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.errors import ModelError
from ccmproof.properties.suite import by_id

SYSTEM = shipped()
DOCUMENT = SYSTEM.scenarios["document"]


def test_a_scenario_is_asked_about_what_it_speaks_of() -> None:
    asked = {prop.id for prop in SYSTEM.asked_in(DOCUMENT, SYSTEM.suite, named=False)}
    assert {"N-01", "S-16c"} <= asked
    assert not {"SEC-21b", "N-08", "R-04"} & asked
    thief = {prop.id for prop in SYSTEM.asked_in(SYSTEM.scenarios["thief"], SYSTEM.suite, named=False)}
    assert {"N-01", "SEC-21b", "N-08"} <= thief


def test_who_names_a_claim_gets_it_everywhere() -> None:
    chosen = (by_id()["R-04"],)
    assert SYSTEM.asked_in(DOCUMENT, chosen, named=True) == chosen


def test_nothing_asked_is_refused() -> None:
    with pytest.raises(ModelError, match="no property of the suite is asked in the scenario document"):
        SYSTEM.asked_in(DOCUMENT, (by_id()["R-04"],), named=False)


def test_a_claim_about_what_a_scenario_does_not_have_names_the_scenario_that_has_it() -> None:
    chosen = (by_id()["SEC-22"], by_id()["SEC-01"])
    assert SYSTEM.asked_in(DOCUMENT, chosen, named=True) == chosen[1:]
    said = "SEC-22 speaks of policy_signing, which the scenario document does not have; try --scenario policy"
    with pytest.raises(ModelError, match=f"^{said}$"):
        SYSTEM.asked_in(DOCUMENT, chosen[:1], named=True)


def test_a_scenario_that_stands_alone_is_asked_what_names_it() -> None:
    bulk = SYSTEM.scenarios["bulk"]
    assert [p.id for p in SYSTEM.asked_in(bulk, SYSTEM.suite, named=False)] == [
        "SEC-23", "SEC-23r", "R-13", "S-89", "S-89d", "S-89a", "R-28", "S-89r",
    ]  # fmt: skip
    assert SYSTEM.asked_in(bulk, (by_id()["N-01"],), named=True) == (by_id()["N-01"],)


def test_every_scenario_that_a_claim_names_is_there() -> None:
    named = {name for prop in SYSTEM.suite for name in (*prop.asked_in, *prop.but)}
    assert named <= SYSTEM.scenarios.keys()
