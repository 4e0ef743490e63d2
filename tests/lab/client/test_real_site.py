"""The whole walk against the real site: what the client does in some of the environments, as the document has it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from ccmproof.harness.lab.build import Lab
from ccmproof.harness.lab.client import Outcome, Work
from ccmproof.harness.lab.conformance.equipment import equipment
from ccmproof.harness.lab.network import Crossing, Kind
from ccmproof.harness.lab.world import SYSTEM, USER
from ccmproof.harness.replay.following.answer import Verdict
from ccmproof.harness.replay.following.diagnosis import diagnose
from ccmproof.harness.replay.following.equipment import equipment as reading
from ccmproof.harness.replay.gathered import gathered

WALK = (Work.INSTALL, Work.REGISTER, Work.MESSAGE_SYSTEM, Work.MESSAGE_USER, Work.REFRESH_SETTINGS, Work.MESSAGE_SYSTEM)
ALL_DONE = ["done"] * len(WALK)
NOTHING = ["failed", *["not now"] * (len(WALK) - 1)]


class Told:
    """A lab after the walk, nine hours, and another message of SYSTEM's."""

    def __init__(self, folder: Path, changes: dict[str, str]) -> None:
        self.lab = Lab(folder, equipment().environment(changes))
        self.crossings: list[Crossing] = []
        self.outcomes = asyncio.run(self._walk())

    async def _walk(self) -> list[str]:
        await self.lab.start()

        async def tap(crossing: Crossing) -> None:
            self.crossings.append(crossing)

        self.lab.world.network.taps.append(tap)
        outcomes = [(await self.lab.client.run(work)).value for work in WALK]
        self.before = self.lab.client.cache.get(SYSTEM)
        self.lab.world.clock.advance(timedelta(hours=9))
        self.late = await self.lab.client.run(Work.MESSAGE_SYSTEM)
        return outcomes


@pytest.mark.parametrize(
    ("changes", "outcomes", "approval"),
    [
        ({}, ALL_DONE, 3),
        ({"mp_mode": "ehttp"}, ALL_DONE, 3),
        ({"cmg_certificate": "pki"}, ALL_DONE, 3),
        ({"device_app": "not_enabled"}, ALL_DONE, 3),
        ({"os": "old"}, ALL_DONE, 3),
        ({"content_in_cloud": "no"}, ALL_DONE, 3),
        ({"properties_given": "yes"}, ALL_DONE, 3),
        ({"site_option": "off", "crl": "unreachable"}, ALL_DONE, 3),
        ({"nocrlcheck": "yes", "crl": "unreachable"}, [*ALL_DONE[:5], "failed"], 3),
        ({"pki": "valid"}, ["done", "done", "done", "not now", "done", "done"], 2),
        ({"pki": "valid", "root": "missing"}, ["done", "done", "done", "not now", "done", "done"], 2),
        ({"pki": "expired"}, ALL_DONE, 3),
        ({"pki": "untrusted"}, ALL_DONE, 3),
        ({"user_kind": "nobody"}, [*ALL_DONE[:3], "not now", "done", "done"], 3),
        ({"user_kind": "nobody", "device_app": "not_enabled"}, NOTHING, None),
        ({"cmg_certificate": "pki", "root": "missing"}, NOTHING, None),
        ({"crl": "stale"}, NOTHING, None),
        ({"cmg_revoked": "yes"}, NOTHING, None),
        ({"cmg_name": "mismatch"}, NOTHING, None),
        ({"cmg_date": "expired"}, NOTHING, None),
        ({"wpj": "absent"}, NOTHING, None),
        ({"wpj": "unusable", "properties_given": "yes"}, NOTHING, None),
        ({"tenant": "not_onboarded"}, NOTHING, None),
        ({"content_hash": "bad"}, NOTHING, None),
        ({"sts_healthy": "no"}, NOTHING, None),
        ({"state_persists": "no"}, ["done", "failed", "not now", "not now", "done", "not now"], None),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else "",
)
def test_the_walk(tmp_path: Path, changes: dict[str, str], outcomes: list[str], approval: int | None) -> None:
    told = Told(tmp_path, changes)
    assert told.outcomes == outcomes
    assert told.lab.client.registration.approval == approval
    registered_and_not_dark = approval is not None and outcomes[-1] == "done"
    assert (told.late is Outcome.done) == registered_and_not_dark


def test_tokens_say_whose_they_are(tmp_path: Path) -> None:
    client = Told(tmp_path, {}).lab.client
    for sid in (SYSTEM, USER):
        entry = client.cache.get(sid)
        assert entry is not None
        claims = jwt.decode(entry.token, options={"verify_signature": False})
        assert claims["clientId"] == client.device.client_id
        assert claims["exp"] == entry.expires.timestamp() == claims["iat"] + 8 * 3600


def test_a_renewal_replaces_what_was_there(tmp_path: Path) -> None:
    told = Told(tmp_path, {})
    after = told.lab.client.cache.get(SYSTEM)
    assert told.before is not None and after is not None and after.expires > told.before.expires


def test_the_client_never_sends_in_the_clear_what_opens_something(tmp_path: Path) -> None:
    told = Told(tmp_path, {})
    mine = [each for each in told.crossings if each.sender == told.lab.names.client and each.kind is Kind.request]
    assert len(mine) > 20
    for each in mine:
        if not each.secure:
            assert each.receiver == told.lab.names.crl and "authorization" not in each.headers and not each.body


def test_a_ccm_token_goes_to_the_cmg_only(tmp_path: Path) -> None:
    told = Told(tmp_path, {})
    bearing = {each.receiver for each in told.crossings if each.headers.get("ccmtokenauth") == "1"}
    mine = {
        each.receiver
        for each in told.crossings
        if each.sender == told.lab.names.client and "authorization" in each.headers
    }
    assert mine == {told.lab.names.cmg} and told.lab.names.cmg in bearing


@pytest.mark.long
def test_the_logs_of_all_hosts_conform(tmp_path: Path) -> None:
    told = Told(tmp_path, {})
    assert told.outcomes == ALL_DONE
    using = reading(keep=False)
    using.folder = tmp_path / "kept"
    (of,) = gathered([tmp_path / "logs"], using.recogniser, all_lines=True).devices
    found = diagnose(of.seen, using, logs=of.logs, device=of.device)
    assert found.verdict is Verdict.CONFORMS and not found.deviations and not found.named
    assert [line.text for line in of.others if "client" in str(line.source).lower()] == []
