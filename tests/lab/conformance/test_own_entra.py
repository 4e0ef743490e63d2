"""An Entra of somebody's own: its keys are what it publishes, whichever they are and however often they are renewed.
One that signs by what it does not publish is found out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ccmproof.harness.cli import app, system
from ccmproof.harness.lab.asked import Fails
from ccmproof.harness.lab.conformance.adapter import judged_by
from ccmproof.harness.lab.conformance.driver import Choice
from ccmproof.harness.lab.conformance.hunt import by_schedule
from ccmproof.harness.lab.conformance.schedules import SCHEDULES
from ccmproof.harness.lab.entra import Entra
from ccmproof.harness.lab.example.own_entra import OwnEntra
from ccmproof.harness.lab.example.unpublished import SecretiveEntra
from typer.testing import CliRunner

BY_NAME = {each.name: each for each in SCHEDULES}
OFFERED = ("sts", "no", "client", "offer_goes_to_the_cmg")
STORIES = ("story of a healthy site", "story of a user's token", "the user is disabled", "disabled after the install")
OFFERS = ("an adversary with foreign_token", "an adversary with expired_entra_token")


class RotatesAlways(OwnEntra):
    """It signs each token by the next of three keys, and publishes the last two."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        number = int(self.key[-1])
        self.key = f"own-{number % 3 + 1}"
        self.published = (self.key, f"own-{number}")
        return super().sign(claims)


class IsRotated(Entra):
    """Ours, whose administrator rotates the keys before each token of the wire."""

    def token(self, tenant: str, fields: Mapping[str, str]) -> dict[str, Any]:
        self.rotate_keys()
        return super().token(tenant, fields)


class SignsOnceOtherwise(OwnEntra):
    """Its second token is by a key that it has never published."""

    tokens = 0

    def sign(self, claims: Mapping[str, Any]) -> str:
        self.tokens += 1
        self.key = "own-1" if self.tokens != 2 else "own-3"
        return super().sign(claims)


class PublishesNothing(OwnEntra):
    published = ()


def test_one_with_a_key_of_its_own_conforms_in_the_shipped_cases() -> None:
    words = ("lab", "test", "--adapter", "ccmproof.harness.lab.example.own_entra", "--no-schedules", "-q", "--json")
    answer = CliRunner().invoke(app, [*words, "--labs", "1"], obj=system)
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["verdict"]) == (0, "conforms"), answer.stdout
    assert found["whose"].startswith("entra of ")


@pytest.mark.parametrize("entra", [OwnEntra, RotatesAlways, IsRotated])
@pytest.mark.parametrize("name", [*STORIES, OFFERS[1]])
def test_it_conforms_where_things_happen_whenever_its_keys_are_renewed(entra: type[Any], name: str) -> None:
    found = by_schedule(None, BY_NAME[name], {"entra": entra})
    assert found is None, found.deviation


@pytest.mark.long
@pytest.mark.parametrize("name", [*BY_NAME])
def test_it_conforms_in_all_schedules(name: str) -> None:
    found = by_schedule(None, BY_NAME[name], {"entra": OwnEntra})
    assert found is None, found.deviation


@pytest.mark.parametrize(("entra", "whose"), [(SecretiveEntra, "device"), (SignsOnceOtherwise, "user")])
def test_one_that_signs_by_what_it_does_not_publish_is_found_out(entra: type[Any], whose: str) -> None:
    """At the first such token: the second of a story is the user's."""
    found = by_schedule(None, BY_NAME["story of a healthy site"], {"entra": entra})
    assert found is not None
    assert found.deviation.seen.events == (f"entra_issues_{whose}_token",)
    assert f"wam.{whose}.signer is entra, and forger was seen" in str(found.deviation)


def test_what_it_signs_for_an_adversary_is_held_against_the_same_keys() -> None:
    choice = Choice("offer", "adversary_offers_expired_entra_token", OFFERED)
    assert judged_by({"entra": OwnEntra}, [choice, Choice("go", "adversary")]) is None
    found = judged_by({"entra": SecretiveEntra}, [choice])
    assert found is not None
    assert "request.signer is entra, and forger was seen" in str(found)


def test_one_without_keys_is_told() -> None:
    with pytest.raises(Fails, match="the entra publishes no key for RS256"):
        judged_by({"entra": PublishesNothing}, [])
