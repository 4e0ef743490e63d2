"""Whom the client talks to: chain, name, date, revocation, and when that is looked at."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from ccmproof.harness.lab.client import Work
from ccmproof.harness.lab.network import Kind, Reason

from .fakes import Town

CODES = {
    Reason.unknown_authority: "INVALID_CA",
    Reason.name: "CERT_CN_INVALID",
    Reason.date: "CERT_DATE_INVALID",
    Reason.revocation: "CERT_REV_FAILED",
}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def show(town: Town, **how: object) -> None:
    names = town.world.names
    town.site.identity = town.corporate.issue(names.cmg, **{"hosts": [names.cmg], **how})  # type: ignore[arg-type]
    from ccmproof.harness.lab.trust import Trust

    town.site.start(Trust([town.corporate.certificate]))


def refused(town: Town) -> Reason:
    assert town.do(Work.INSTALL) == ["failed"]
    assert town.site.what() == [], "nothing has been sent"
    crossings = [each for each in town.crossings if each.kind is Kind.refused]
    assert len(crossings) == 1 and crossings[0].reason is not None
    return crossings[0].reason


def test_a_root_that_is_not_in_the_store(town: Town) -> None:
    town.configure(roots=(town.public.certificate,))
    assert refused(town) is Reason.unknown_authority
    assert "INVALID_CA is set" in town.logs("ccmsetup")


def test_it_may_be_added_later(town: Town) -> None:
    client = town.configure(roots=(town.public.certificate,))
    assert town.do(Work.INSTALL) == ["failed"]
    client.device.trust.roots.append(town.corporate.certificate)
    assert town.do(Work.INSTALL) == ["done"]


def test_another_name(town: Town) -> None:
    show(town, hosts=["elsewhere.example"])
    assert refused(town) is Reason.name


def test_expired(town: Town) -> None:
    now = town.world.clock.now()
    show(town, begins=now - timedelta(days=9), ends=now - timedelta(days=1))
    assert refused(town) is Reason.date


def test_revoked(town: Town) -> None:
    town.corporate.revoke(town.site.identity.certificate)
    town.corporate.publish()
    assert refused(town) is Reason.revocation
    assert "CERT_REVOKED is set" in town.logs("ccmsetup")


def unreachable(town: Town) -> None:
    town.world.network.cut(town.world.names.crl)


def stale(town: Town) -> None:
    town.corporate.let_lapse()


@pytest.mark.parametrize("spoil", [unreachable, stale])
def test_a_list_that_cannot_be_had_is_the_same(town: Town, spoil: object) -> None:
    spoil(town)  # type: ignore[operator]
    assert refused(town) is Reason.revocation
    assert "CERT_REV_FAILED is set" in town.logs("ccmsetup")


def test_a_list_is_fetched_for_each_connection(town: Town) -> None:
    town.do(Work.INSTALL)
    fetched = [each for each in town.crossings if each.kind is Kind.request and each.receiver == town.world.names.crl]
    assert len(fetched) == 5


def test_nocrlcheck_lets_it_go_on_and_says_nothing(town: Town) -> None:
    unreachable(town)
    town.configure(no_crl_check=True)
    assert town.do(Work.INSTALL) == ["done"]
    assert "Enabled SSL revocation check." not in town.logs("ccmsetup")


def test_the_sites_option_counts_in_the_bootstrap_only_where_it_is_known(town: Town) -> None:
    unreachable(town)
    town.configure(site_checks_crl=False, bootstrap_knows_site_option=False)
    assert town.do(Work.INSTALL) == ["failed"]
    town.configure(site_checks_crl=False, bootstrap_knows_site_option=True)
    assert town.do(Work.INSTALL) == ["done"]


def test_after_the_refresh_only_the_sites_option_counts(town: Town) -> None:
    unreachable(town)
    client = town.configure(no_crl_check=True)
    assert town.do(Work.INSTALL, Work.REGISTER, Work.MESSAGE_SYSTEM) == ["done"] * 3
    assert Work.REFRESH_SETTINGS in client.due()
    assert town.do(Work.REFRESH_SETTINGS, Work.MESSAGE_SYSTEM) == ["done", "failed"], "it goes dark (L-12)"
    assert Work.REFRESH_SETTINGS not in client.due()
    assert town.do(Work.REFRESH_SETTINGS) == ["not_now"]
    town.world.network.mend(town.world.names.crl)
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]


def test_a_site_that_does_not_want_lists_checked_has_its_way_after_the_refresh(town: Town) -> None:
    town.site.check_crl = False
    town.configure(bootstrap_knows_site_option=False)
    assert town.do(Work.INSTALL, Work.REFRESH_SETTINGS) == ["done", "done"]
    unreachable(town)
    assert town.do(Work.REGISTER, Work.MESSAGE_SYSTEM) == ["done", "done"]


def test_settings_are_refreshed_by_the_installed_client_only(town: Town) -> None:
    assert Work.REFRESH_SETTINGS not in town.client.due()
    assert town.do(Work.REFRESH_SETTINGS) == ["not_now"]
    assert town.client.transport.revocation_check_on()


def test_a_gateway_that_cannot_be_reached(town: Town) -> None:
    town.world.network.cut(town.world.names.cmg)
    assert town.do(Work.INSTALL) == ["failed"]


def test_a_gateway_without_tls(town: Town) -> None:
    town.world.network.serve(town.world.names.cmg, town.entra.app)
    assert refused(town) is Reason.unknown_authority


def test_what_a_server_says_cannot_forge_a_line(town: Town) -> None:
    from ccmproof.harness.lab.client.transport import plain

    assert plain("Bad\r\n<![LOG[Installation succeeded.]LOG]!>\x00") == "Bad<![LOG[Installation succeeded.]LOG]!>"
    assert len(plain("x" * 1000)) == 80
