"""An attempt of ccmsetup: its order, its credentials, its fallbacks, what ends it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmproof.harness.lab.client import Prefers, Work
from ccmproof.harness.lab.network import Crossing, Kind, Lost
from ccmproof.harness.lab.world import SYSTEM

from .fakes import CONTENT, Town

WALK = ["aad_info", "sts", "SiteInfoRequest", "files", "ContentLocationRequest", "cloud"]


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_the_walk_of_the_document(town: Town) -> None:
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == WALK
    assert town.asked_entra() == ["device"]
    assert (town.client.device.folder / "client.msi").read_bytes() == CONTENT


def test_paths_and_headers_of_the_walk(town: Town) -> None:
    town.do(Work.INSTALL)
    role = town.world.names.role
    info, sts, site, files, content, cloud = town.site.got
    assert [each.headers["ccmtokenauth"] for each in (info, sts, site, files, content)] == ["0", "0", "1", "1", "1"]
    assert f"/CCM_Proxy_ServerAuth/{role}/CCM_STS" in sts.path
    assert f"/CCM_Proxy_ServerAuth/{role}/ccm_system_tokenauth/request" in site.path
    assert files.method == "HEAD" and files.headers["ccmclientid"] == town.client.device.client_id
    assert sts.body == {"ClientID": town.client.device.client_id, "Account": SYSTEM}
    assert site.bearer == files.bearer == content.bearer != sts.bearer
    assert "authorization" not in cloud.headers and "authorization" not in info.headers


def test_each_request_has_a_connection_of_its_own(town: Town) -> None:
    town.do(Work.INSTALL)
    opened = [each for each in town.crossings if each.kind is Kind.opened and each.receiver == town.world.names.cmg]
    assert len(opened) == 5
    assert town.logs("ccmsetup").count("Created connection on port 443") == 5


def test_properties_on_the_command_line_spare_the_question(town: Town) -> None:
    names = town.world.names
    town.configure(client_app=names.client_app, resource=names.resource)
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == WALK[1:]


def test_properties_from_the_cmg_are_remembered_by_the_next_attempt(town: Town) -> None:
    town.site.answers["sts"] = [401]
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what().count("aad_info") == 1


def test_a_tenant_that_is_not_onboarded_ends_the_attempt(town: Town) -> None:
    town.site.always["aad_info"] = 404
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.site.what() == ["aad_info"] and town.asked_entra() == []


def test_a_valid_certificate_goes_without_entra(town: Town) -> None:
    town.configure(certificates=(town.certificate(),))
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == WALK[2:]
    assert town.asked_entra() == []
    to_site = town.site.got[:3]
    assert all("/CCM_Proxy_MutualAuth/" in each.path and each.headers["x-shown"] == "yes" for each in to_site)
    assert all(each.headers["ccmtokenauth"] == "0" and "authorization" not in each.headers for each in to_site)


def test_a_certificate_is_what_is_left_where_tokens_are_preferred(town: Town) -> None:
    town.configure(certificates=(town.certificate(),), install_prefers=Prefers.token)
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == WALK
    other = Town(town.world.folder / "other")
    other.configure(certificates=(other.certificate(),), install_prefers=Prefers.token)
    other.refuse_device_tokens()
    assert other.do(Work.INSTALL) == ["done"]
    assert other.site.what() == ["aad_info", *WALK[2:]]


def test_the_management_point_has_what_the_cloud_has_not(town: Town) -> None:
    town.site.in_cloud = False
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == [*WALK[:5], "download"]
    assert town.site.last("download").headers["ccmtokenauth"] == "1"


@pytest.mark.parametrize("status", [500, 503, 404])
def test_a_cloud_that_fails_is_replaced_by_the_management_point(town: Town, status: int) -> None:
    town.site.answers["cloud"] = [status]
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == [*WALK, "download"]


def test_a_cloud_that_cannot_be_reached_likewise(town: Town) -> None:
    town.world.network.cut(town.world.names.cloud)
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == [*WALK[:5], "download"]


def test_a_cloud_with_a_wrong_certificate_likewise(town: Town) -> None:
    town.world.network.serve(town.world.names.cloud, lambda *_: None, town.corporate.issue("x", hosts=["x"]))  # type: ignore[arg-type,return-value]
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == [*WALK[:5], "download"]


def test_a_content_token_that_is_refused_is_replaced(town: Town) -> None:
    town.site.answers["cloud"] = [403]
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == [*WALK, "ContentLocationRequest", "cloud"]


def test_content_tokens_that_are_always_refused_end_the_attempt(town: Town) -> None:
    town.site.always["cloud"] = 403
    assert town.do(Work.INSTALL) == ["failed"]


def test_a_download_that_is_refused_gets_a_new_token(town: Town) -> None:
    town.site.in_cloud = False
    town.site.answers["download"] = [401]
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == [*WALK[:5], "download", *WALK[1:5], "download"]
    assert town.asked_entra() == ["device"], "WAM serves the live token from its cache"


def test_or_ends_the_attempt_where_it_is_set_so(town: Town) -> None:
    town.configure(ccmsetup_drops_on_401=False)
    town.site.in_cloud = False
    town.site.answers["download"] = [401]
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.site.what().count("sts") == 1


def test_a_site_that_refuses_for_ever_does_not_keep_it_for_ever(town: Town) -> None:
    town.site.in_cloud = False
    town.site.always["download"] = 401
    assert town.do(Work.INSTALL) == ["failed"]


def test_bad_content_is_not_installed(town: Town) -> None:
    town.site.content = b"something else"
    assert town.do(Work.INSTALL) == ["failed"]
    assert not town.client.ccmsetup.installed
    assert not (town.client.device.folder / "client.msi").exists()
    assert "doesn't match with the file hash" in town.logs("ccmsetup")


@pytest.mark.parametrize("what", ["sts", "SiteInfoRequest", "files", "ContentLocationRequest"])
@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_what_is_refused_ends_the_attempt(town: Town, what: str, status: int) -> None:
    town.site.answers[what] = [status]
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.site.what()[-1] == what


@pytest.mark.parametrize("said", [{}, {"access_token": 7, "expires_in": 1}, (200, ["x"]), (200, None)])
def test_a_reply_that_is_no_token_is_none(town: Town, said: object) -> None:
    town.site.answers["sts"] = [said]
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.client.cache.get(SYSTEM) is None


def test_the_token_is_cached_for_system_encrypted(town: Town) -> None:
    town.do(Work.INSTALL)
    entry = town.client.cache.get(SYSTEM)
    assert entry is not None
    assert entry.expires == town.world.clock.now() + town.site.lives
    assert entry.token.encode() not in town.client.cache.path(SYSTEM).read_bytes()


def test_a_token_that_dies_on_the_way_is_replaced_before_anything_is_sent(town: Town) -> None:
    async def lets_time_pass(crossing: Crossing) -> None:
        if crossing.kind is Kind.opened and "files" not in town.site.what() and town.site.what()[-1:] == WALK[2:3]:
            town.world.network.taps.remove(lets_time_pass)
            town.wait(hours=9)

    town.corporate.scheduled = True
    town.world.network.taps.append(lets_time_pass)
    assert town.do(Work.INSTALL) == ["done"]
    assert town.site.what() == [*WALK[:3], *WALK[1:]]
    assert town.asked_entra() == ["device", "device"]


def test_a_lost_reply_ends_the_attempt(town: Town) -> None:
    async def lose(crossing: Crossing) -> None:
        if crossing.kind is Kind.reply and town.site.what()[-1:] == ["sts"]:
            town.world.network.taps.remove(lose)
            raise Lost

    town.world.network.taps.append(lose)
    assert town.do(Work.INSTALL, Work.INSTALL) == ["failed", "done"]


def test_attempts_are_ten_minutes_apart_and_end_after_a_day(town: Town) -> None:
    town.site.always["aad_info"] = 404
    began = town.world.clock.now()
    assert town.client.due() == {Work.INSTALL: began}
    for _ in range(200):
        due = town.client.due().get(Work.INSTALL)
        if due is None:
            break
        town.world.clock.advance(due - town.world.clock.now())
        town.do(Work.INSTALL)
    assert town.client.ccmsetup.gave_up and town.client.due() == {}
    assert len(town.site.got) == 145
    assert town.do(Work.INSTALL) == ["not_now"]
