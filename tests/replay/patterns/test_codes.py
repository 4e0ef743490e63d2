"""Error codes in every form that a log has them in."""

from __future__ import annotations

from collections import Counter

import pytest
from ccmproof.harness.replay.codes import codes_in, value_of
from ccmproof.harness.replay.patterns import causes, code, codes


@pytest.mark.parametrize(
    "text", ["0x87d00455", "0X87D00455", "87D00455", "-2016410539", "2278556757", " 0x87d00455.", "'0x87d00455'"]
)
def test_a_code_is_the_same_in_every_form(text: str) -> None:
    found = code(text)
    assert found is not None
    assert (found.name, found.hex) == ("CCM_E_NO_TOKEN_AUTH", "0x87D00455")


@pytest.mark.parametrize(
    "text", ["12175", "0x2f8f", "0x80072f8f", "80072F8F", "-2147012721", "ERROR_WINHTTP_SECURE_FAILURE"]
)
def test_a_win32_error_and_its_hresult_are_one(text: str) -> None:
    found = code(text)
    assert found is not None
    assert found.name == "ERROR_WINHTTP_SECURE_FAILURE"


def test_an_nt_status_and_its_hresult_are_one() -> None:
    assert code("0xC0090016") is code("0xd0090016") is not None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80090016", 0x80090016),
        ("12175", 12175),
        ("-1", 0xFFFFFFFF),
        ("2f8f", 0x2F8F),
        ("", None),
        ("x", None),
        ("٣", None),
    ],
)
def test_what_number_a_text_is(text: str, value: int | None) -> None:
    assert value_of(text) == value


def test_the_codes_of_a_message_are_found_in_their_order() -> None:
    text = "Failed (0x87d0027e) to send. StatusCode 401, StatusText 'CMGService_Invalid_Token' -2147012889"
    assert [each.name for each in codes_in(text)] == [
        "CCM_E_BAD_HTTP_STATUS_CODE",
        "CMGService_Invalid_Token",
        "ERROR_WINHTTP_NAME_NOT_RESOLVED",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "version 5.00.9078.1000 at 2024-03-18",
        "GUID:87D00455-1111-2222-3333-444455556666",
        "{80072F8F-1111-2222-3333-444455556666}",
        "thread=12175x",
        "",
    ],
)
def test_identifiers_and_versions_are_no_codes(text: str) -> None:
    assert list(codes_in(text)) == []


def test_each_code_is_there_once_and_its_causes_too() -> None:
    assert [value for value, count in Counter(each.value for each in codes() if each.value).items() if count > 1] == []
    assert [name for name, count in Counter(each.name.lower() for each in codes()).items() if count > 1] == []
    assert [name for each in codes() for name in each.causes if name not in causes()] == []
    assert all(each.means for each in codes())


def test_a_long_message_is_looked_at_as_far_as_is_useful() -> None:
    assert list(codes_in("0" * 1_000_000)) == []
    assert [each.name for each in codes_in("0x87d00455 " * 100_000)] == ["CCM_E_NO_TOKEN_AUTH"]
