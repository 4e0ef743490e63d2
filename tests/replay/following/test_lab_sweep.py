"""Whatever single thing is wrong with a site or a device so that its story comes to nothing, it is named first for it.

The lab lives through every environment that differs in one unknown from the usual one, and in some that differ in
several; its logs are diagnosed, those of all hosts and those of the client alone. What lines cannot tell apart shares
the first rank, and a general cause may stand for what it covers.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness.lab.conformance.equipment import equipment as of_lab
from ccmproof.harness.lab.story import Story, story
from ccmproof.harness.replay.causes import causes
from ccmproof.harness.replay.following.answer import Diagnosis, Verdict
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.gathered import gathered

CLIENT = "PC0001"
ALONE = {
    "wpj=absent": "WPJ",
    "wpj=unusable": "device key",
    "state_persists=no": "registration not stored",
    "tenant=not_onboarded": "tenant",
    "tenant=disabled": "tenant disabled",
    "conditional_access=blocks": "Conditional Access",
    "user_kind=other_tenant": "user's tenant",
    "user_discovered=no": "user not discovered",
    "cmg_name=mismatch": "certificate name",
    "cmg_date=expired": "certificate date",
    "cmg_revoked=yes": "certificate revoked",
    "crl=stale": "CRL",
    "crl=unreachable": "CRL",
    "mp_mode=http": "management point HTTP",
    "mp_binding=wrong": "binding",
    "mp_internet=no": "management point without internet",
    "sts_healthy=no": "STS crashed",
    "site_database=down": "site database",
    "cp_certificate=absent": "connection point certificate",
    "cp_certificate_crl=unreachable": "connection point certificate CRL",
    "cp_shows_certificate=no": "connection point certificate",
    "content_hash=bad": "content hash",
}
"""What is unusual where the story comes to nothing, and the cause by its name."""
TOGETHER = {
    "cmg_certificate=pki root=missing": "root CA",
    "nocrlcheck=yes crl=unreachable": "CRL after the install",
    "nocrlcheck=yes crl=stale": "CRL after the install",
    "user_discovered=no device_app=not_enabled": "user not discovered",
    "user_kind=nobody device_app=not_enabled": "nobody signed in",
    "user_kind=nobody os=old": "nobody signed in",
    "conditional_access=blocks device_app=not_enabled": "Conditional Access",
    "device_app=not_enabled mp_mode=ehttp": "user token on enhanced HTTP",
    "pki=expired wpj=absent": "WPJ",
}
FIRST_BY_ALL = {"mp_mode=http", "user_discovered=no", "user_discovered=no device_app=not_enabled", "mp_binding=wrong",
                "sts_healthy=no", "site_database=down", "cp_certificate=absent"}  # fmt: skip
"""Where a line of the site tells what the client's cannot: it alone is first."""


def lived(change: str, folder: Path) -> Story:
    return story(folder, of_lab().environment(dict(each.split("=") for each in change.split())))


def told(folder: Path, using: Equipment) -> Diagnosis:
    (of,) = gathered([folder], using.recogniser).devices
    return diagnose(of.seen, using, logs=of.logs, device=of.device)


def first(found: Diagnosis) -> set[str]:
    return {each.cause.name for each in found.named if each.rank == 1}


@pytest.mark.long
@pytest.mark.parametrize("change", [*ALONE, *TOGETHER])
def test_what_is_wrong_is_named_first(change: str, tmp_path: Path, using: Equipment) -> None:
    meant = {**ALONE, **TOGETHER}[change]
    assert not lived(change, tmp_path).complete
    general = {name for name, cause in causes().items() if meant in cause.covers}
    by_all, by_client = told(tmp_path / "logs", using), told(tmp_path / "logs" / CLIENT, using)
    for found in (by_all, by_client):
        assert found.verdict is Verdict.STALLED
        assert not found.deviations
        assert first(found) & {meant, *general}, found.named
    if change in FIRST_BY_ALL:
        assert first(by_all) == {meant}


@pytest.mark.long
def test_nothing_else_that_is_unusual_keeps_the_story_from_its_end(tmp_path: Path) -> None:
    usual = of_lab().environment({})
    for actor in of_lab().network.unknowns:
        for state in actor.initial:
            change = f"{actor.name}={state}"
            if state != usual.get(actor.name) and change not in ALONE and actor.name != "join":
                assert lived(change, tmp_path / change).complete, change


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("state_persists=no", "Stalled: the client registers, and it fails"),
        ("nocrlcheck=yes crl=unreachable", "Stalled: the client registers, and it fails"),
        ("device_app=not_enabled mp_mode=ehttp", "Stalled: the client registers, and it fails"),
        ("content_hash=bad", "Stalled: ccmsetup checks the content, and it fails"),
        ("user_discovered=no", "Stalled: the client is registered, and what one of its users asks for fails"),
    ],
)
def test_the_first_line_says_what_was_under_way(change: str, where: str, tmp_path: Path, using: Equipment) -> None:
    lived(change, tmp_path)
    for folder in (tmp_path / "logs", tmp_path / "logs" / CLIENT):
        assert told(folder, using).where.startswith(where)


@pytest.mark.long
def test_two_things_that_are_wrong_together_are_told_together(tmp_path: Path, using: Equipment) -> None:
    lived("user_kind=nobody os=old", tmp_path)
    found = told(tmp_path / "logs", using)
    assert found.why.startswith("Two things are wrong: (1) ")
    assert "(2) Let an Entra user sign in" in found.then


@pytest.mark.long
def test_what_shares_a_rank_is_told_in_full(tmp_path: Path, using: Equipment) -> None:
    lived("mp_mode=http", tmp_path)
    found = told(tmp_path / "logs" / CLIENT, using)
    assert first(found) == {"connection point down", "management point HTTP"}
    assert found.why.startswith("One of two, and these lines cannot tell which (ccmsetup.log line ")
    by_all = told(tmp_path / "logs", using)
    assert [each.needs for each in by_all.named if each.cause.name == "connection point down"] == [
        "SMS_CLOUD_PROXYCONNECTOR.log line 2 speaks against it"
    ]
