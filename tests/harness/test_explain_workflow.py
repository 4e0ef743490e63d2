"""The document's "Common issues" (K1 to K3) are theorems: minimal causes of what the shipped workflow cannot reach."""

from __future__ import annotations

import pytest
from ccmproof.harness.explain import Explanation, Wanted, explain
from ccmproof.harness.system import shipped


@pytest.fixture(scope="module")
def registered() -> Explanation:
    """Of the shipped workflow in every environment: why a client cannot be registered with approval 3."""
    of = shipped()
    chosen = of.scenarios["any-environment"]
    order = of.order_of(chosen)
    return explain(chosen, "registration.approval is 3", {}, Wanted(runs=0), build=of.build, order=order)


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
