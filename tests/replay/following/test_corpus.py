"""Logs of every kind of failure, and of none, in the forms they are met in: the diagnosis is the one that was meant."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from ccmproof.harness.replay.following.answer import Diagnosis, Verdict
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import Equipment
from ccmproof.harness.replay.gathered import gathered

CORPUS = Path(__file__).parent.parent / "corpus"
ALL = sorted(path.stem for path in CORPUS.glob("*.toml"))


def diagnosed(name: str, using: Equipment) -> Diagnosis:
    (of,) = gathered([CORPUS / name], using.recogniser).devices
    return diagnose(of.seen, using, logs=of.logs, device=of.device)


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_it_is_diagnosed_as_it_was_meant(name: str, using: Equipment) -> None:
    meant = tomllib.loads((CORPUS / f"{name}.toml").read_text("utf-8"))
    found = diagnosed(name, using)
    assert found.verdict.value in (meant["verdict"], *meant.get("verdicts_too", ()))
    causes = meant.get("causes", [])
    ranks = {each.cause.name: each.rank for each in found.named}
    if causes and found.verdict is not Verdict.CONFORMS:
        assert 1 in [ranks.get(cause) for cause in causes], ranks
        assert all(ranks.get(cause, 9) <= 3 for cause in causes), ranks
    if not causes:
        assert not ranks
    assert not found.deviations


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in ALL if "premises" in name or "task" in name or "pki" in name])
def test_no_entra_cause_is_invented_for_another_workflow(name: str, using: Equipment) -> None:
    found = diagnosed(name, using)
    assert found.verdict is Verdict.OTHER
    assert found.exit == 3
    assert all(
        each.cause.name.startswith(found.workflow) or found.workflow in each.cause.also_in for each in found.named
    )


@pytest.mark.long
@pytest.mark.parametrize(("name", "cause"), [("post-crl-then-dp", "CRL"), ("post-wpj-then-dp", "WPJ"),
                                             ("connection-point-crl", "connection point certificate CRL"),
                                             ("content-name-before-1902", "certificate name")])  # fmt: skip
def test_what_follows_from_a_cause_or_is_one_of_several_does_not_stand_beside_it(
    name: str, cause: str, using: Equipment
) -> None:
    assert [each.cause.name for each in diagnosed(name, using).named if each.rank == 1] == [cause]
