"""Templates: what they find in a message however it was copied, what they leave alone, how much work it is."""

from __future__ import annotations

import sys
from types import FrameType

import pytest
from ccmproof.harness.replay.normal import lower, normal
from ccmproof.harness.replay.template import Found, compare, template
from ccmproof.model.kernel.errors import ModelError
from hypothesis import given
from hypothesis import strategies as st

CACHED = "Cached encrypted token for '{sid:sid}'. Will expire at '{expiry:time}'"
ERROR = "[CCMHTTP] ERROR: URL={url:url}, Port={port}, Options={options}Code={code}, Text={text}"


def fields(text: str, message: str) -> dict[str, str] | None:
    found = compare(text, message)
    return None if found is None else dict(found.fields)


def test_captures_are_what_stands_between_the_literals() -> None:
    assert fields(CACHED, "Cached encrypted token for 'S-1-5-18'. Will expire at '03/18/2024 22:06:40'") == {
        "sid": "S-1-5-18",
        "expiry": "03/18/2024 22:06:40",
    }
    assert fields(ERROR, "[CCMHTTP] ERROR: URL=https://gw/x?a=1,2, Port=443, Options=63, Code=0, Text=A") == {
        "url": "https://gw/x?a=1,2",
        "port": "443",
        "options": "63,",
        "code": "0",
        "text": "A",
    }


@pytest.mark.parametrize(
    "message",
    [
        "cached ENCRYPTED token for 's-1-5-18'. will expire at '03/18/2024 22:06:40'",
        "  Cached   encrypted token\tfor 'S-1-5-18'.  Will\nexpire at '03/18/2024 22:06:40'.",
        "Cached encrypted token for ‘S-1-5-18’. Will expire at ‘03/18/2024 22:06:40’",
        "**Cached encrypted token for 'S-1-5-18'. Will expire at '03/18/2024 22:06:40'**",
        "> Cached encrypted token for 'S-1-5-18'. Will expire at '03/18/2024 22:06:40'",
        "`Cached encrypted token for 'S-1-5-18'. Will expire at '03/18/2024 22:06:40'`",
        "Cached encrypted token for &#39;S-1-5-18&#39;. Will expire at &#39;03/18/2024 22:06:40&#39;",
        "Cached\u00a0encrypted\u200b token for 'S-1-5-18'. Will expire at '03/18/2024 22:06:40",
    ],
)
def test_case_blanks_quotes_and_marks_do_not_matter(message: str) -> None:
    found = compare(CACHED, message)
    assert found is not None
    assert {name: value.upper() for name, value in found.fields.items()} == {
        "sid": "S-1-5-18",
        "expiry": "03/18/2024 22:06:40",
    }
    assert found.masked == ()


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("Cached encrypted token for 'S-1-5-21-xxxx'. Will expire at '03/18/2024 22:06:40'", ("sid",)),
        ("Cached encrypted token for '<sid>'. Will expire at '...'", ("sid", "expiry")),
        ("Cached encrypted token for ''. Will expire at '03/18/2024 22:06:40'", ("sid",)),
    ],
)
def test_a_mask_is_what_it_stands_for_with_a_note(message: str, masked: tuple[str, ...]) -> None:
    found = compare(CACHED, message)
    assert found is not None
    assert found.masked == masked


def test_a_code_is_a_code_or_a_mask() -> None:
    failed = "CcmSetup failed with error code {code:code}"
    assert fields(failed, "CcmSetup failed with error code 0x80004005") == {"code": "0x80004005"}
    assert fields(failed, "CcmSetup failed with error code -2147467259.") == {"code": "-2147467259."}
    assert fields(failed, "CcmSetup failed with error code <code>") == {"code": "<code>"}
    assert fields(failed, "CcmSetup failed with error code of the vendor") is None


@pytest.mark.parametrize("message", ["Issued token", "issued token.", "Issued  token~~"])
def test_a_template_without_captures_is_the_whole_message(message: str) -> None:
    assert compare("Issued token", message) == Found({})


@pytest.mark.parametrize("message", ["Issued token to nobody", "Issued tokens", "Not Issued token", ""])
def test_more_or_less_is_another_message(message: str) -> None:
    assert compare("Issued token", message) is None


def test_what_is_behind_the_last_literal_is_another_message() -> None:
    assert (
        compare("Falling back to get user '{sid}' token for system...", "Falling back to get user 'S-1' token") is None
    )
    text = "Falling back to get user '{sid}' token for system..."
    assert compare(text, "Falling back to get user 'S-1' token") is None
    assert compare(text, "Falling back to get user 'S-1' token for system") == Found({"sid": "S-1"})


def test_a_message_that_its_poster_cut_short_is_told_by_what_is_left() -> None:
    found = compare(CACHED, "Cached encrypted token for 'S-1-5-18'. Will exp...")
    assert found == Found({}, ("sid", "expiry"), cut=True)
    assert compare(CACHED, "Cached enc...") is None
    assert compare(CACHED, "Cached encrypted token for 'S-1-5-18'. Will exp") is None


def test_an_identifier_that_ends_a_message_may_be_missing() -> None:
    created = "Created SCCM token, userId: {user}, deviceId: {device}"
    assert fields(created, "Created SCCM token, userId: 1, deviceId: ") == {"user": "1", "device": ""}


def test_backslashes_of_markdown_are_undone_and_those_of_paths_are_not() -> None:
    assert normal("CCM\\_Proxy\\_ServerAuth \\<tenant\\>") == "CCM_Proxy_ServerAuth <tenant>"
    assert normal("C:\\Windows\\_SMSTaskSequence") == "C:\\Windows\\_SMSTaskSequence"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{a}{b} x", "nothing that tells where the one ends"),
        ("{a} {b} x", "nothing that tells where the one ends"),
        ("{}", "no capture"),
        ("{Sid}", "no capture"),
        ("for {sid:sdi}", "there is no kind of capture 'sdi' (did you mean 'sid'?)"),
        ("{a}", "fits every message"),
    ],
)
def test_a_template_that_cannot_be_read_is_refused(text: str, what: str) -> None:
    with pytest.raises(ModelError) as caught:
        template(text)
    assert what in str(caught.value)


@given(st.text())
def test_comparing_keeps_the_length_of_what_it_lowers(text: str) -> None:
    plain = normal(text)
    assert len(lower(plain)) == len(plain)
    assert normal(plain) == normal(normal(plain))


@given(st.lists(st.sampled_from(["'", "Cached encrypted token for '", "'. will expire at '", " ", "x", "..."])))
def test_whatever_is_found_stands_in_the_message(parts: list[str]) -> None:
    message = "".join(parts)
    found = compare(CACHED, message)
    if found is not None:
        plain = normal(message)
        assert all(value in plain for value in found.fields.values())


def steps(message: str) -> int:
    """How many lines of the comparison's own modules are run for a message.

    Whatever else runs meanwhile is not counted: a collection of garbage calls back code of hypothesis.
    """
    counted = 0
    own = {normal.__code__.co_filename, compare.__code__.co_filename}

    def count(frame: FrameType, event: str, argument: object) -> object:
        nonlocal counted
        if frame.f_code.co_filename not in own:
            return None
        counted += event == "line"
        return count

    sys.settrace(count)
    try:
        compare(ERROR, message)
    finally:
        sys.settrace(None)
    return counted


@pytest.mark.parametrize("filler", [", Port=", ", Options=Code=", "[CCMHTTP] ERROR: URL=", "...", "x", "'"])
def test_the_work_does_not_grow_with_what_a_message_repeats(filler: str) -> None:
    """Each literal is looked for once: a hostile message of ten times the length takes the same steps."""
    head = "[CCMHTTP] ERROR: URL="
    few = steps(head + filler * 1_000)
    assert 0 < steps(head + filler * 10_000) <= few
