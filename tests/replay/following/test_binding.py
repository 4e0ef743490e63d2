"""Fields bind: what has to agree across lines, and what is only odd; and what the lines themselves decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest
from ccmproof.harness.replay.following.binding import guid, moments, warned
from ccmproof.harness.replay.following.findings import findings
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.pattern import Pattern, Seen

CACHED = Pattern("S9", "", ("ccmsetup",), ("ccmsetup_caches_ccm_token",))
ENDING = Pattern("N1.ending", "", ("CcmMessaging",), ("messaging_finds_token_ending",))
CALL = Pattern("N1.host", "", ("CcmMessaging",), (), "messaging in {sending, sending_renewed}")
DENIED = Pattern("F-DEV.sid", "", ("CcmAad",), (), "entra_request is denied")
GOT = Pattern("S4a", "", ("CcmAad",), (), "entra_request is got_device")
APPROVED = Pattern("R5.3", "", ("ClientIDManagerStartup",), ("registration_processes_confirmation",),
                   "reply.approval is 3")  # fmt: skip
A, B = "0A1B2C3D-08E7-4B38-B282-7E6954B71139", "1A1B2C3D-08E7-4B38-B282-7E6954B71139"


def seen(
    pattern: Pattern, fields: Mapping[str, str], at: str = "", text: str = "", masked: tuple[str, ...] = ()
) -> Seen:
    when = datetime.fromisoformat(at) if at else None
    log = pattern.logs[0]
    return Seen(Line(f"{log}.log", 1, log, text, when), pattern, fields, masked)


def texts(*lines: Seen) -> list[str]:
    return [each.text for each in warned(lines)]


def test_two_clients_in_one_log_are_a_warning() -> None:
    other = Pattern("R2", "", ("ClientIDManagerStartup",))
    assert texts(seen(other, {"client": f"GUID:{A}"}), seen(APPROVED, {"client": A.lower()})) == []
    (text,) = texts(seen(other, {"client": A}), seen(APPROVED, {"client": B}))
    assert "client's GUID" in text


def test_what_a_poster_masked_is_not_compared() -> None:
    assert texts(seen(APPROVED, {"client": A}), seen(APPROVED, {"client": B}, masked=("client",))) == []
    assert guid("00000000-0000-0000-0000-000000000000") == ""


def test_a_second_role_of_a_management_point_is_a_warning() -> None:
    one = seen(CALL, {}, text="https://gw/CCM_Proxy_MutualAuth/72057594037937981")
    two = seen(CALL, {}, text="https://gw/CCM_Proxy_ServerAuth/72057594037937995/CCM_Client")
    assert texts(one) == []
    (text,) = texts(one, two)
    assert "72057594037937981, 72057594037937995" in text


@pytest.mark.parametrize("at", ["2024-03-18T09:12:46", "2024-03-18T15:12:46", "2024-03-18T03:42:46"])
def test_a_token_that_ends_eight_hours_later_in_some_zone_is_no_news(at: str) -> None:
    assert texts(seen(CACHED, {"sid": "S-1-5-18", "expiry": "03/18/2024 17:12:46"}, at)) == []


def test_a_token_of_another_life_is_a_warning() -> None:
    (text,) = texts(seen(CACHED, {"sid": "S-1-5-18", "expiry": "03/20/2024 17:12:46"}, "2024-03-18T09:12:46"))
    assert "eight hours" in text


def test_the_token_that_ends_is_one_that_was_cached() -> None:
    cached = seen(CACHED, {"sid": "S-1-5-18", "expiry": "03/18/2024 17:12:46"}, "2024-03-18T09:12:46")
    same = seen(ENDING, {"sid": "S-1-5-18", "expiry": "03/18/2024 17:12:46"}, "2024-03-18T17:00:00")
    other = seen(ENDING, {"sid": "S-1-5-18", "expiry": "03/18/2024 18:12:46"}, "2024-03-18T17:00:00")
    assert texts(cached, same) == []
    assert texts(cached, other) != []


def test_a_time_may_be_written_either_way() -> None:
    assert len(moments("03/04/2024 10:00:00")) == 2
    assert moments("never") == ()


def claims(*lines: Seen) -> list[str]:
    return [each.claim for each in findings(lines)]


@pytest.mark.parametrize(
    ("path", "auth", "found"),
    [
        ("/CCM_Proxy_ServerAuth/72057594037927941/ccm_system_tokenauth/request", "0", ["N-01"]),
        ("/CCM_Proxy_ServerAuth/72057594037927941/CCM_Client", "0", ["N-01"]),
        ("/CCM_Proxy_ServerAuth/72057594037927941/ccm_system_tokenauth/request", "1", []),
        ("/CCM_Proxy_MutualAuth/72057594037927941/ccm_system/request", "0", []),
        ("/CCM_Proxy_ServerAuth/AADAuthInfo", "0", []),
        ("/CCM_Proxy_ServerAuth/72057594037927941/CCM_STS", "0", []),
    ],
)
def test_an_operational_request_without_the_token_is_a_finding(path: str, auth: str, found: list[str]) -> None:
    assert claims(seen(CALL, {"path": path, "auth": auth})) == found


def test_a_token_that_is_used_after_its_end_is_a_finding() -> None:
    cached = seen(CACHED, {"sid": "S-1-5-18", "expiry": "03/18/2024 17:00:00"}, "2024-03-18T09:00:00")
    registered = seen(APPROVED, {}, "2024-03-18T09:01:00")
    sends = seen(Pattern("N1.system", "", ("CcmMessaging",), ("system_message_is_queued",)), {}, "2024-03-18T09:02:00")
    path = "/CCM_Proxy_ServerAuth/72057594037927941/ccm_system_tokenauth/request"
    early = seen(CALL, {"path": path, "auth": "1"}, "2024-03-18T16:30:00")
    late = seen(CALL, {"path": path, "auth": "1"}, "2024-03-18T18:30:00")
    assert claims(cached, registered, sends, early) == []
    assert claims(cached, registered, sends, late) == ["S-02m"]
    assert claims(cached, sends, late) == []  # where a new token would be cached after the registration is not there


def test_whose_token_it_is_has_to_be_known() -> None:
    system = seen(CACHED, {"sid": "S-1-5-18", "expiry": "03/18/2024 17:00:00"}, "2024-03-18T09:00:00")
    user = seen(CACHED, {"sid": "S-1-5-21-1-2-3-4", "expiry": "03/18/2024 23:00:00"}, "2024-03-18T15:00:00")
    assert claims(system, user, seen(CALL, {"auth": "1"}, "2024-03-18T18:00:00")) == []


def test_an_expiry_in_another_zone_is_no_finding() -> None:
    cached = seen(CACHED, {"sid": "S-1-5-18", "expiry": "03/18/2024 11:00:00"}, "2024-03-18T09:00:00")
    assert claims(cached, seen(CALL, {"auth": "1"}, "2024-03-18T16:00:00")) == []


def test_approval_3_without_an_entra_token_is_a_finding() -> None:
    starts = Pattern("R2.attempt", "", ("ClientIDManagerStartup",), ("registration_starts",))
    begun, denied, got, approved = (seen(each, {}) for each in (starts, DENIED, GOT, APPROVED))
    assert claims(begun, denied, approved) == ["S-12a"]
    assert claims(begun, denied, got, approved) == []
    assert claims(denied, begun, approved) == []
    assert claims(begun, approved) == []
