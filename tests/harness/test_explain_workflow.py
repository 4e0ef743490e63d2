"""The document's "Common issues" (K1 to K3) are theorems: minimal causes of what the shipped workflow cannot reach."""

from __future__ import annotations

import pytest
from ccmproof.harness.checker import network_of
from ccmproof.harness.explain import Explanation, Wanted, explain, goal_of
from ccmproof.harness.system import shipped
from ccmproof.model.kernel.fairness import fairness_of
from lassos import fault


@pytest.fixture(scope="module")
def registered() -> Explanation:
    """Of the shipped workflow in every environment: why a client cannot, or need not, be registered with approval 3."""
    of = shipped()
    chosen = of.scenarios["any-environment"]
    order = of.order_of(chosen)
    return explain(chosen, "registration.approval is 3", {}, Wanted(runs=1), build=of.build, order=order)


@pytest.mark.parametrize(
    ("issue", "cause"),
    [
        ("K1: the root CA is not present", "root is missing and cmg_certificate is pki"),
        ("K2: the CRL is not published", "nocrlcheck is no and crl is not fresh and site_option is on"),
        ("K3: the WPJ certificate is not found", "wpj is not ok"),
        ("K3: check the join state", "join in {not_joined, registered}"),
    ],
)
def test_the_documents_common_issues_are_minimal_causes_of_no_registration(
    registered: Explanation, issue: str, cause: str
) -> None:
    assert cause in [str(reason.cause) for reason in registered.reasons], issue


def test_a_common_issue_that_some_environments_have_alone_is_needed_to_explain_them(registered: Explanation) -> None:
    needed = {str(reason.cause): (reason.cause.alone > 0, reason.cause.in_cover) for reason in registered.reasons}
    for cause in ("root is missing and cmg_certificate is pki", "wpj is not ok"):
        assert needed[cause] == (True, True)
    # a device that is not joined has no key, by assumption: whatever its join state explains, the key explains
    assert needed["join in {not_joined, registered}"] == (False, False)


def test_after_the_settings_refresh_the_command_line_switch_no_longer_helps() -> None:
    """Lasting operation: a new connection for a message, once the site's settings count."""
    of = shipped()
    goal = "tls_succeeds and security_settings is refreshed and messaging is sending"
    found = explain(of.default, goal, {}, Wanted(runs=0), build=of.build, order=of.order_of(of.default))
    causes = [str(reason.cause) for reason in found.reasons]
    assert "crl is not fresh and site_option is on" in causes
    assert not any("nocrlcheck" in cause for cause in causes)
    assert found.must is not None and found.caused is not None
    assert found.must.inevitable.count + found.must.possible.count + found.caused.count == found.caused.total
    assert [str(cause) for cause in found.must.causes if cause.in_cover] == ["pki is not valid"]


def test_registration_is_inevitable_in_few_environments_and_the_causes_say_why_not_in_others(
    registered: Explanation,
) -> None:
    """Whoever has no PKI certificate may lose its token on the way, and give up; and after the settings refresh a CRL
    is asked for that a client installed with /NoCRLCheck has never seen."""
    must, cannot = registered.must, registered.caused
    assert must is not None and cannot is not None
    assert must.inevitable.count + must.possible.count + cannot.count == cannot.total
    assert must.inevitable.count < must.possible.count < cannot.count
    assert [(str(each), each.in_cover) for each in must.causes] == [
        ("pki is not valid", True),
        ("properties_given is no", False),
        ("crl is not fresh and site_option is on", True),
        ("cmg_revoked is yes and site_option is on", True),
    ]
    assert must.never_owed == ("ccmsetup_gives_up",)


def test_the_run_that_never_registers_is_fair_and_is_lost_when_ccmsetup_gives_up(registered: Explanation) -> None:
    of = shipped()
    network = network_of(of.default, (), {}, of.build)
    assert registered.must is not None and registered.must.evasion is not None
    shown = registered.must.evasion
    run, goal = shown.run.run, goal_of("registration.approval is 3", network)
    states, events = [network.as_state(each) for each in run.states], [step.event for step in run.steps]
    assert shown.lost is not None and run.loop is not None
    assert (str(shown.cause), events[shown.lost - 1]) == ("pki is not valid", "ccmsetup_gives_up")
    assert fault(network, states, events, run.loop, fairness_of(network), ~goal) is None
