"""Random sites for hypothesis: the shipped workflow with its suite's observers, in environments of every sort.

Most environments end early: something of thirty things is wrong. So these begin with the healthy one and make a few
things otherwise; those that :data:`HURDLES` names keep the product small enough for the judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from ccmproof.harness.system import observers_of
from ccmproof.model.kernel.condition import Condition
from ccmproof.model.kernel.environments import Space
from ccmproof.model.kernel.expand import expand
from ccmproof.model.kernel.network import Network
from ccmproof.model.scenario import Scenario
from ccmproof.model.workflow import build, workflow
from ccmproof.model.workflow.scenarios import HEALTHY
from ccmproof.properties.property import Property, broken
from ccmproof.properties.suite import CORE
from hypothesis import assume
from hypothesis import strategies as st

Pins: TypeAlias = Mapping[str, str | tuple[str, ...]]

ASKED = {each.name: each for each in workflow().actors if not each.rows and not each.record and "." not in each.name}
"""The unknowns and the parameters."""
SWITCHES = ("users_come_and_go", "faults_happen", "administrator_acts", "entra_disables")
GETS_NOWHERE = {"join": "not_joined", "wpj": "absent", "user_kind": "nobody"}
"""A device whose ccmsetup ends at once: what others do is then found on a small product."""
POWERS = ("adversary", "adversary_account", "adversary_key", "adversary_reads", "cmg_compromised")
READINGS = tuple(name for name, each in ASKED.items() if each.parameter and name not in (*SWITCHES, *POWERS))
UNKNOWNS = tuple(name for name, each in ASKED.items() if not each.parameter)

HURDLES: tuple[dict[str, str], ...] = (
    GETS_NOWHERE,
    {"join": "registered", "wpj": "absent", "user_kind": "nobody"},
    {"wpj": "absent"},
    {"wpj": "unusable", "properties_given": "yes"},
    {"wpj": "absent", "pki": "valid", "content_hash": "bad"},
    {"tenant": "not_onboarded"},
    {"tenant": "disabled", "properties_given": "yes"},
    {"device_app": "not_enabled", "user_kind": "nobody"},
    {"device_app": "not_enabled", "conditional_access": "blocks"},
    {"os": "old", "user_discovered": "no"},
    {"cmg_certificate": "pki", "root": "missing"},
    {"cmg_name": "mismatch"},
    {"cmg_date": "expired", "nocrlcheck": "yes"},
    {"crl": "unreachable"},
    {"cmg_revoked": "yes"},
    {"mp_mode": "http"},
    {"mp_binding": "wrong"},
    {"mp_internet": "no"},
    {"sts_healthy": "no"},
    {"site_database": "down"},
    {"cp_certificate": "absent"},
    {"cp_certificate_crl": "unreachable", "cp_count": "2"},
    {"content_hash": "bad"},
)
"""What keeps a client from being installed."""


def site(pins: Pins, properties: tuple[Property, ...] = CORE) -> Network:
    """The network of a scenario with these pins, and the observers of the properties."""
    return expand(build(Scenario("site", "", None, pins)).extended(observers_of(properties)))


def promised(prop: Property, network: Network) -> Condition:
    """What a claim that is expected to hold says of every state."""
    claim = ~broken(prop, network)
    return claim | ~network.condition(prop.decided_by) if prop.decided_by else claim


CLAIMS = tuple(prop for prop in CORE if not prop.possible and prop.expected == "holds")
"""The properties that no state may break."""


@st.composite
def sites(draw: st.DrawFn, *, hurdle: bool, switches: bool) -> dict[str, str | tuple[str, ...]]:
    """Pins of every unknown and of some parameters, within what ``assume`` allows; one or two unknowns may stay open.

    Args:
        hurdle: whether something keeps the client from being installed.
        switches: whether users may come and go, faults happen, and so on.
    """
    pins: dict[str, str | tuple[str, ...]] = dict(HEALTHY)
    for name in draw(st.lists(st.sampled_from(UNKNOWNS), max_size=3, unique=True), label="otherwise"):
        pins[name] = draw(st.sampled_from(ASKED[name].states), label=name)
    for name in draw(st.lists(st.sampled_from(READINGS), max_size=3, unique=True), label="readings"):
        pins[name] = draw(st.sampled_from(ASKED[name].states), label=name)
    for name in draw(st.lists(st.sampled_from(UNKNOWNS), max_size=1), label="open"):
        pins[name] = ASKED[name].states
    if hurdle:
        pins |= draw(st.sampled_from(HURDLES), label="hurdle")
    if switches:
        pins |= dict.fromkeys(draw(st.lists(st.sampled_from(SWITCHES), max_size=2, unique=True), label="on"), "on")
    assume(Space.of(site(pins, ())).total > 0)
    return pins
