"""Every pattern can be met: the model comes to where it is written, and on from there by one of its events."""

from __future__ import annotations

import pytest
from ccmproof.harness.engines import explore
from ccmproof.harness.expression import expression
from ccmproof.harness.replay.patterns import shipped
from ccmproof.harness.system import shipped as system
from ccmproof.model.kernel.expand import expand

SCENARIOS = ("any-environment", "faults", "refusals")
ONLY_WITH_AN_ADVERSARY = {"F-CP404"}
"""An address that is not mapped is asked for by nobody who means well."""


@pytest.mark.long
def test_the_model_comes_to_every_pattern() -> None:
    of = system()
    left = {pattern.id: pattern for pattern in shipped() if pattern.events or pattern.holds}
    for name in SCENARIOS:
        scenario = of.scenario(name)
        network = expand(of.build(scenario))
        reached = explore(network, order=of.order_of(scenario))
        for pattern in tuple(left.values()):
            holds = [f"({pattern.holds})"] if pattern.holds else []
            texts = [" and ".join((*holds, event)) for event in pattern.events] or holds
            if any(reached.where(expression(text, network)).found for text in texts):
                del left[pattern.id]
    assert set(left) == ONLY_WITH_AN_ADVERSARY
