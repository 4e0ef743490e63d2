"""What was wrapped is joined again, and nothing else is."""

from __future__ import annotations

import textwrap
from datetime import datetime

import pytest
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.patterns import recogniser, rejoined, shipped
from hypothesis import assume, given
from hypothesis import strategies as st

EXAMPLES = [
    example
    for pattern in shipped()
    if not pattern.bound
    for example in pattern.examples
    if len(example) > 90 and "  " not in example and "\n" not in example and recogniser().begins(example)
]
"""Long enough to be wrapped, and told by how they begin."""


def lines(*texts: str, log: str = "") -> list[Line]:
    return [Line("post.txt", number, log, text) for number, text in enumerate(texts, start=1)]


def joined(*texts: str) -> list[str]:
    return [each.text for each in rejoined(lines(*texts), recogniser())]


def test_a_message_that_was_wrapped_is_one_again() -> None:
    assert joined(
        "Getting CCM Token from STS server",
        "'gw.example.net/CCM_Proxy_MutualAuth/72057594037927941'",
        "[CCMHTTP] ERROR:",
        "URL=https://gw.example.net/CCM_STS, Port=443, Options=63,",
        "Code=12175, Text=ERROR_WINHTTP_SECURE_FAILURE",
        "Thanks for any help",
    ) == [
        "Getting CCM Token from STS server 'gw.example.net/CCM_Proxy_MutualAuth/72057594037927941'",
        "[CCMHTTP] ERROR: URL=https://gw.example.net/CCM_STS, Port=443, Options=63,"
        " Code=12175, Text=ERROR_WINHTTP_SECURE_FAILURE",
        "Thanks for any help",
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ("Issued token", "Return token to client"),
        ("Failed to get AAD token..", "Any idea?"),
        ("CcmSetup failed with error code 0x87d00455", "Thanks"),
        ("Retrieved AAD token for AAD device '8d2b4ff9-1111-4998-9851-b5324303385f'", "and then it stops"),
        ("Hello", "world"),
    ],
)
def test_what_was_not_wrapped_stays_apart(texts: tuple[str, ...]) -> None:
    assert joined(*texts) == list(texts)


def test_lines_that_bear_a_time_are_left_alone() -> None:
    when = datetime(2024, 3, 18, 9, 12)
    wrapped = [
        Line("a.log", 1, "", "Getting CCM Token from STS server", when),
        Line("a.log", 2, "", "'gw.example.net'", when),
    ]
    assert list(rejoined(wrapped, recogniser())) == wrapped


def test_lines_of_other_places_are_left_alone() -> None:
    apart = [
        Line("a.txt", 1, "", "Getting CCM Token from STS server"),
        Line("a.txt", 9, "", "'gw.example.net'"),
    ]
    assert list(rejoined(apart, recogniser())) == apart


@given(st.sampled_from(EXAMPLES), st.integers(70, 110))
def test_an_example_that_is_wrapped_is_recognised_as_before(example: str, width: int) -> None:
    parts = textwrap.wrap(example, width, break_long_words=False, break_on_hyphens=False)
    assume(len(parts) <= 6 and len(parts[0]) > 12)  # less than that of its beginning does not tell a message
    of = recogniser()
    (before,) = of.all(lines(example))
    found = list(of.all(rejoined(lines(*parts), of)))
    assert before.pattern.id in [each.pattern.id for each in found]


@given(st.lists(st.sampled_from([*EXAMPLES[:8], "x", "Thanks", "'a'", ""]), max_size=12))
def test_nothing_is_lost(texts: list[str]) -> None:
    whole = " ".join(joined(*texts)).split()
    assert whole == " ".join(texts).split()
