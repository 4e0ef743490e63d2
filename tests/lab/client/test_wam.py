"""Entra tokens: device first, then user; what is asked, what is kept, what is said of failures."""

from __future__ import annotations

import json
from pathlib import Path

import jwt
import pytest
from ccmproof.harness.lab.client import Join, Work
from ccmproof.harness.lab.network import Kind
from ccmproof.harness.lab.world import SYSTEM, USER

from .fakes import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_the_device_comes_first_and_the_user_after(town: Town) -> None:
    town.refuse_device_tokens()
    town.sign_in()
    assert town.do(Work.INSTALL) == ["done"]
    assert town.asked_entra() == ["device", "user"]
    text = town.logs("ccmsetup")
    assert "WAM token request failed. Status 5, Details 'AAD WAM extension error'" in text
    assert "Failed to get AAD token for 'S-1-5-18' from WAM API. Error 0xd0090016" in text
    assert f"Falling back to get user '{USER}' token for system..." in text


def test_what_a_users_token_gains_is_cached_for_system(town: Town) -> None:
    town.refuse_device_tokens()
    town.sign_in()
    town.do(Work.INSTALL)
    assert town.client.cache.get(SYSTEM) is not None and town.client.cache.get(USER) is None
    assert town.site.last("sts").body["Account"] == SYSTEM


def test_without_either_nothing_is_asked_of_the_site(town: Town) -> None:
    town.refuse_device_tokens()
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.site.what() == ["aad_info"]
    opened = [each for each in town.crossings if each.kind is Kind.opened and each.receiver == town.world.names.cmg]
    assert len(opened) == 1, "not even a connection"
    assert "0x87d00455" in town.logs("ccmsetup")


def test_conditional_access_asks_for_what_a_silent_request_has_not(town: Town) -> None:
    town.refuse_device_tokens()
    town.app().blocked = True
    town.sign_in()
    assert town.do(Work.INSTALL) == ["failed"]
    text = town.logs("ccmsetup")
    assert "WAM token request failed. Status 3" in text
    assert f"Failed to get AAD token for '{USER}' from WAM API. Error 0xcaa2000c" in text


def test_an_old_windows_asks_for_the_user_only(town: Town) -> None:
    town.configure(old_windows=True)
    town.sign_in()
    assert town.do(Work.INSTALL) == ["done"]
    assert town.asked_entra() == ["user"]
    assert "0x800703f0" in town.logs("ccmsetup")


@pytest.mark.parametrize(
    "changes",
    [{"wpj": None}, {"wpj_key_usable": False}, {"join": Join.registered}, {"join": Join.not_joined}],
)
def test_without_the_devices_key_nothing_is_asked_not_even_for_a_user(town: Town, changes: dict[str, object]) -> None:
    names = town.world.names
    town.configure(client_app=names.client_app, resource=names.resource, **changes)
    town.sign_in()
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.asked_entra() == [] and town.site.what() == []


def test_a_missing_key_is_said_to_be_missing(town: Town) -> None:
    town.configure(wpj_key_usable=False)
    assert town.do(Work.INSTALL) == ["failed"]
    assert "0x80090016" in town.logs("ccmsetup")


@pytest.mark.parametrize("join", [Join.registered, Join.not_joined])
def test_a_device_without_a_tenant_asks_the_cmg_nothing(town: Town, join: Join) -> None:
    town.configure(join=join, wpj=None)
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.crossings == []


def test_a_live_token_is_served_from_the_cache(town: Town) -> None:
    assert town.do(Work.INSTALL) == ["done"]
    town.wait(minutes=74)
    assert town.do(Work.REGISTER) == ["done"]
    assert town.asked_entra() == ["device"]
    town.wait(minutes=1)
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert town.asked_entra() == ["device", "device"]


def test_the_device_is_asked_again_once_it_can_be(town: Town) -> None:
    town.refuse_device_tokens()
    town.sign_in()
    town.do(Work.INSTALL)
    town.app().takes_device_tokens = True
    assert town.do(Work.REGISTER) == ["done"]
    assert town.asked_entra() == ["device", "user", "device"], "no sticky fallback (N-11)"


def test_a_signed_out_users_token_is_not_used(town: Town) -> None:
    town.refuse_device_tokens()
    town.sign_in()
    town.do(Work.INSTALL)
    town.client.users.sign_out(USER)
    assert town.do(Work.REGISTER) == ["failed"]


def test_who_is_there_longest_is_taken_for_system(town: Town) -> None:
    town.refuse_device_tokens()
    town.sign_in()
    town.sign_in("S-1-5-21-1-2-3-2000")
    town.do(Work.INSTALL)
    sent = [json.loads(each.body) for each in town.crossings if each.kind is Kind.request and b'"user"' in each.body]
    assert [each.get("user") for each in sent] == [USER]


def test_a_user_of_another_tenant_asks_his_own(town: Town) -> None:
    town.refuse_device_tokens()
    town.sign_in(tenant=town.world.names.other_tenant)
    assert town.do(Work.INSTALL) == ["done"]
    token = town.site.last("sts").bearer
    assert jwt.decode(token, options={"verify_signature": False})["tid"] == town.world.names.other_tenant


def test_the_token_is_for_what_the_cmg_has_said(town: Town) -> None:
    town.do(Work.INSTALL)
    claims = jwt.decode(town.site.last("sts").bearer, options={"verify_signature": False})
    assert (claims["aud"], claims["appid"]) == (town.world.names.resource, town.world.names.client_app)
    assert claims["deviceid"] == town.device_id


def test_entra_out_of_reach_is_a_failure_of_the_request(town: Town) -> None:
    town.world.network.cut(town.world.names.entra)
    town.sign_in()
    assert town.do(Work.INSTALL) == ["failed"]
    assert "0xcaa82efd" in town.logs("ccmsetup")
    assert town.site.what() == ["aad_info"]


def test_somebody_else_under_entras_name_gets_nothing(town: Town) -> None:
    other = town.devices.issue("x", hosts=[town.world.names.entra])
    town.world.network.serve(town.world.names.entra, town.entra.app, other)
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.asked_entra() == []


def test_a_disabled_device_gets_nothing_more(town: Town) -> None:
    town.do(Work.INSTALL)
    town.entra.directory.disable_device(town.device_id)
    town.wait(minutes=75)
    assert town.do(Work.REGISTER) == ["failed"]
