"""The compiled steps are the reference semantics' steps."""

from __future__ import annotations

from random import Random

from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.model.kernel import product

from .walks import walked

ENVIRONMENTS: tuple[dict[str, str], ...] = (
    {},
    {"user_kind": "other_tenant", "device_app": "not_enabled", "other_tenant_onboarded": "yes"},
    {"pki": "valid", "mp_mode": "ehttp", "cp_count": "2", "direct": "yes"},
    {"adversary_account": "other_tenant", "adversary_key": "cmg_key", "cmg_compromised": "yes", "direct": "yes"},
)


def test_every_step_is_the_reference_semantics_step() -> None:
    """In every state of some walks, for every event, the same outcomes in the same order."""
    using, chance = equipment(), Random(3)
    everything = frozenset(event.name for event in using.network.events)
    for changes in ENVIRONMENTS:
        walk = walked(using.environment(changes), chance, 60, seldom=0.2)
        for number in dict.fromkeys(walk.states):
            state = walk.compiled.states[number]
            expected = {
                event.name: tuple(product.outcomes(using.network, event, state)) for event in using.network.events
            }
            found = {name: tuple(walk.compiled.states[each] for each in walk.compiled.outcomes(name, number))
                     for name in everything}  # fmt: skip
            assert {name: set(ends) for name, ends in found.items()} == {n: set(e) for n, e in expected.items()}
            steps = {(name, end) for name, ends in expected.items() for end in ends}
            indexed = {(n, walk.compiled.states[end]) for n, end in walk.compiled.steps(number, everything)}
            assert indexed == steps
