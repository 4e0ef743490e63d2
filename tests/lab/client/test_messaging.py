"""Messages: the new token after registration, the look at the token before each, renewals and their failures."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from ccmproof.harness.lab.client import Client, Work
from ccmproof.harness.lab.client.sts import Outdated
from ccmproof.harness.lab.network import Crossing, Kind, Lost
from ccmproof.harness.lab.world import SYSTEM, USER
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from .fakes import Town, run


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def registered(town: Town, **changes: object) -> Client:
    client = town.configure(**changes) if changes else town.client
    town.do(Work.INSTALL, Work.REGISTER)
    return clear(town, client)


def clear(town: Town, client: Client) -> Client:
    town.site.got.clear()
    town.crossings.clear()
    return client


def with_token(town: Town, **changes: object) -> Client:
    client = registered(town, **changes)
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    return clear(town, client)


def test_a_new_token_comes_before_the_first_message(town: Town) -> None:
    client = registered(town)
    before = client.cache.get(SYSTEM)
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    after = client.cache.get(SYSTEM)
    assert town.site.what() == ["sts", "PolicyRequest"]
    assert before is not None and after is not None and before.token != after.token
    assert town.site.last("PolicyRequest").bearer == after.token


def test_and_only_before_the_first(town: Town) -> None:
    with_token(town)
    assert town.do(Work.MESSAGE_SYSTEM, Work.MESSAGE_SYSTEM) == ["done", "done"]
    assert town.site.what() == ["PolicyRequest", "PolicyRequest"]


def test_without_it_nothing_is_sent(town: Town) -> None:
    client = registered(town)
    town.site.answers["sts"] = [500]
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]
    assert town.site.what() == ["sts"]
    assert client.messaging.new_token_due()
    assert client.due()[Work.MESSAGE_SYSTEM] == town.world.clock.now() + timedelta(seconds=15)


def test_nobody_sends_before_registration(town: Town) -> None:
    town.do(Work.INSTALL)
    town.sign_in()
    assert town.do(Work.MESSAGE_SYSTEM, Work.MESSAGE_USER) == ["not_now", "not_now"]


def test_messages_are_signed_and_go_to_the_token_path(town: Town) -> None:
    client = with_token(town)
    town.do(Work.MESSAGE_SYSTEM)
    sent = next(each for each in town.crossings if each.kind is Kind.request and b"PolicyRequest" in each.body)
    assert sent.path == f"/CCM_Proxy_ServerAuth/{town.world.names.role}/ccm_system_tokenauth/request"
    assert sent.headers["ccmtokenauth"] == "1"
    public = client.device.signing_key.public_key()
    public.verify(base64.b64decode(sent.headers["ccmsignature"]), sent.body, ec.ECDSA(hashes.SHA256()))
    body = json.loads(sent.body)
    assert (body["ClientID"], body["Account"]) == (client.device.client_id, SYSTEM)


@pytest.mark.parametrize(("minutes", "renews"), [(449, False), (450, True), (479, True), (480, True), (43200, True)])
def test_a_token_within_thirty_minutes_of_its_end_is_renewed_first(town: Town, minutes: int, renews: bool) -> None:
    with_token(town)
    town.wait(minutes=minutes)
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert town.site.what() == (["sts", "PolicyRequest"] if renews else ["PolicyRequest"])


def test_a_renewal_shows_an_entra_token_and_no_ccm_token(town: Town) -> None:
    client = with_token(town)
    old = client.cache.get(SYSTEM)
    town.wait(hours=9)
    town.do(Work.MESSAGE_SYSTEM)
    assert town.asked_entra() == ["device"]
    sts = town.site.last("sts")
    assert old is not None and sts.bearer != old.token and sts.headers["ccmtokenauth"] == "0"
    assert sts.body["Account"] == SYSTEM


def test_the_connection_is_there_before_the_token_is_looked_at(town: Town) -> None:
    with_token(town)
    town.wait(minutes=440)
    held = False

    async def hold(crossing: Crossing) -> None:
        nonlocal held
        if crossing.kind is Kind.opened and not held:
            held = True
            town.wait(minutes=15)

    town.world.network.taps.append(hold)
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert town.site.what() == ["sts", "PolicyRequest"]


def test_where_no_entra_token_is_to_be_had_the_message_fails(town: Town) -> None:
    with_token(town)
    town.entra.directory.disable_device(town.device_id)
    town.wait(minutes=460)
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]
    assert town.site.what() == []


def test_or_goes_out_with_the_old_token_where_it_is_set_so(town: Town) -> None:
    client = with_token(town, use_old_on_failed_renewal=True)
    old = client.cache.get(SYSTEM)
    town.entra.directory.disable_device(town.device_id)
    town.wait(minutes=460)
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert old is not None and town.site.last("PolicyRequest").bearer == old.token
    town.wait(minutes=20)
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"], "it is dead by now"


def test_the_old_token_goes_out_where_the_sts_refuses(town: Town) -> None:
    with_token(town, use_old_on_failed_renewal=True)
    town.wait(minutes=460)
    town.site.answers["sts"] = [500]
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert town.site.what() == ["sts", "PolicyRequest"]


def test_but_not_where_no_reply_comes_at_all(town: Town) -> None:
    with_token(town, use_old_on_failed_renewal=True)
    town.wait(minutes=460)

    async def lose(crossing: Crossing) -> None:
        if crossing.kind is Kind.reply and town.site.what()[-1:] == ["sts"]:
            raise Lost

    town.world.network.taps.append(lose)
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]


def test_the_old_token_is_no_new_token(town: Town) -> None:
    registered(town, use_old_on_failed_renewal=True)
    town.site.answers["sts"] = [500]
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]
    assert town.site.what() == ["sts"]


def test_a_refused_token_is_kept_unless_it_is_set_otherwise(town: Town) -> None:
    client = with_token(town)
    town.site.answers["PolicyRequest"] = [401]
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]
    assert client.cache.get(SYSTEM) is not None
    dropping = with_token(Town(town.world.folder / "x", messaging_drops_on_401=True))
    assert dropping.cache.get(SYSTEM) is not None


def test_a_refused_token_is_dropped_where_it_is_set_so(town: Town) -> None:
    client = with_token(town, messaging_drops_on_401=True)
    town.site.answers["PolicyRequest"] = [403, 401]
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]
    assert client.cache.get(SYSTEM) is not None, "403 says nothing of the token"
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]
    assert client.cache.get(SYSTEM) is None
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert town.site.what() == ["PolicyRequest", "PolicyRequest", "sts", "PolicyRequest"]


def test_only_the_senders_token_is_dropped(town: Town) -> None:
    client = with_token(town, messaging_drops_on_401=True)
    town.sign_in()
    town.site.answers["PolicyRequest"] = [401]
    assert town.do(Work.MESSAGE_USER) == ["failed"]
    assert client.cache.get(USER) is None and client.cache.get(SYSTEM) is not None


def test_a_renewed_token_is_not_looked_at_again(town: Town) -> None:
    with_token(town, close_to_expiry=timedelta(hours=8))
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert town.site.what() == ["sts", "PolicyRequest"]


def test_where_it_is_a_token_that_is_never_fresh_keeps_the_client_busy_and_not_for_ever(town: Town) -> None:
    registered(town, close_to_expiry=timedelta(hours=8), recheck_after_renewal=True)
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]
    assert set(town.site.what()) == {"sts"}


def test_a_renewed_token_that_dies_on_the_way_is_renewed_again(town: Town) -> None:
    with_token(town)
    town.wait(hours=9)

    async def hold(crossing: Crossing) -> None:
        if crossing.kind is Kind.opened and crossing.receiver == town.world.names.cmg and town.site.what() == ["sts"]:
            town.world.network.taps.remove(hold)
            town.wait(hours=9)

    town.world.network.taps.append(hold)
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert town.site.what() == ["sts", "sts", "PolicyRequest"]


def test_a_users_message_asks_for_his_token_at_once(town: Town) -> None:
    client = with_token(town)
    town.sign_in()
    assert town.do(Work.MESSAGE_USER) == ["done"]
    assert town.asked_entra() == ["user"]
    assert town.site.last("sts").body["Account"] == USER == town.site.last("PolicyRequest").body["Account"]
    entry = client.cache.get(USER)
    assert entry is not None and town.site.last("PolicyRequest").bearer == entry.token


def test_a_users_first_message_waits_for_systems_new_token(town: Town) -> None:
    registered(town)
    town.sign_in()
    assert town.do(Work.MESSAGE_USER) == ["done"]
    assert [each.body["Account"] for each in town.site.got] == [SYSTEM, USER, USER]


def test_accounts_have_tokens_of_their_own(town: Town) -> None:
    client = with_token(town)
    town.sign_in()
    system = client.cache.get(SYSTEM)
    town.do(Work.MESSAGE_USER)
    assert client.cache.get(SYSTEM) == system
    town.do(Work.MESSAGE_SYSTEM)
    assert town.site.what() == ["sts", "PolicyRequest", "PolicyRequest"]


def test_nobody_signed_in_sends_nothing(town: Town) -> None:
    client = with_token(town)
    town.sign_in()
    assert Work.MESSAGE_USER in client.due()
    client.users.sign_out(USER)
    assert Work.MESSAGE_USER not in client.due()
    assert town.do(Work.MESSAGE_USER) == ["not_now"]
    assert town.site.what() == []


def test_a_client_that_registered_by_certificate_goes_on_with_it(town: Town) -> None:
    town.site.approval = 2
    client = town.configure(certificates=(town.certificate(),))
    town.do(Work.INSTALL, Work.REGISTER)
    clear(town, client)
    town.sign_in()
    assert town.do(Work.MESSAGE_SYSTEM, Work.MESSAGE_USER) == ["done", "not_now"]
    (got,) = town.site.got
    assert "/CCM_Proxy_MutualAuth/" in got.path and got.path.endswith("/ccm_system/request")
    assert got.headers["ccmtokenauth"] == "0" and "authorization" not in got.headers
    assert client.cache.get(SYSTEM) is None


def test_a_damaged_entry_is_as_good_as_none(town: Town) -> None:
    client = with_token(town)
    client.cache.path(SYSTEM).write_bytes(b"\x00 not a token")
    assert town.do(Work.MESSAGE_SYSTEM) == ["done"]
    assert town.site.what() == ["sts", "PolicyRequest"]


def test_failures_are_further_and_further_apart_until_one_succeeds(town: Town) -> None:
    client = with_token(town)
    town.site.answers["PolicyRequest"] = [500, 500]
    waits = []
    for _ in range(3):
        town.do(Work.MESSAGE_SYSTEM)
        waits.append((client.due()[Work.MESSAGE_SYSTEM] - town.world.clock.now()).total_seconds())
    assert waits == [15, 30, 0]


def test_a_late_reply_never_replaces_a_newer_token(town: Town) -> None:
    client = with_token(town)
    town.wait(hours=9)

    async def story() -> None:
        arrives = asyncio.Event()

        async def hold(crossing: Crossing) -> None:
            if crossing.kind is Kind.reply and crossing.body.startswith(b'{"access_token"'):
                town.world.network.taps.remove(hold)
                await arrives.wait()

        town.world.network.taps.append(hold)
        first = asyncio.ensure_future(client.run(Work.MESSAGE_SYSTEM))
        while town.site.what() != ["sts"]:
            await asyncio.sleep(0)
        client.abandon()
        assert (await first).name == "failed"
        town.wait(minutes=1)
        assert (await client.run(Work.MESSAGE_SYSTEM)).name == "done"
        newer = client.cache.get(SYSTEM)
        arrives.set()
        for _ in range(50):
            await asyncio.sleep(0)
        assert client.cache.get(SYSTEM) == newer

    run(story())


def test_the_reply_of_an_older_request_counts_no_more(town: Town) -> None:
    client = with_token(town)

    async def story() -> None:
        call = client.messaging._call
        token = await client.wam.for_system(client.messaging._entra_log)
        arrives = asyncio.Event()

        async def hold(crossing: Crossing) -> None:
            if crossing.kind is Kind.reply and crossing.body.startswith(b'{"access_token"'):
                town.world.network.taps.remove(hold)
                await arrives.wait()

        async def ask() -> object:
            connection = await client.transport.open(call, town.config.gateway)
            return await client.service.ask(call, connection, SYSTEM, token, signed=True)

        town.world.network.taps.append(hold)
        first = asyncio.ensure_future(ask())
        while town.site.what() != ["sts"]:
            await asyncio.sleep(0)
        await ask()
        arrives.set()
        with pytest.raises(Outdated):
            await first

    run(story())


def test_a_dead_token_is_not_tried_where_the_renewal_fails(town: Town) -> None:
    with_token(town, use_old_on_failed_renewal=True)
    town.entra.directory.disable_device(town.device_id)
    town.wait(hours=9)
    assert town.do(Work.MESSAGE_SYSTEM) == ["failed"]
    opened = [each for each in town.crossings if each.kind is Kind.opened and each.receiver == town.world.names.cmg]
    assert len(opened) == 1


def test_one_thing_is_done_at_a_time(town: Town) -> None:
    client = with_token(town)
    town.sign_in()

    async def story() -> list[str]:
        done = await asyncio.gather(
            client.run(Work.MESSAGE_SYSTEM), client.run(Work.MESSAGE_USER), client.run(Work.MESSAGE_SYSTEM)
        )
        return [each.name for each in done]

    assert run(story()) == ["done"] * 3
    assert [each.body["Account"] for each in town.site.got] == [SYSTEM, USER, USER, SYSTEM]
