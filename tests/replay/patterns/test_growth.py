"""The work grows with a message's length and no faster, however it was made to hurt: by the ratio of two sizes."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from ccmproof.harness.replay.codes import codes_in
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.normal import normal
from ccmproof.harness.replay.patterns import recogniser

HOSTILE = (
    "[",
    "_A",
    "a",
    "0",
    " ",
    "0x",
    "AADSTS",
    "* ",
    "&amp;",
    "Failed to get ",
    "Getting AAD (",
    "Cached encrypted token for '",
    "[CCMHTTP] ERROR: URL=",
    ", Port=",
    "' ",
    "\u2019",
)
TIMES = 4
FACTOR = 10
"""Four times the length is four times the work where it is linear, and sixteen where it is quadratic."""


def took(work: Callable[[], object], repeats: int) -> float:
    """The least of some measurements of the processor's time."""
    least = float("inf")
    for _ in range(7):
        began = process_time()
        for _ in range(repeats):
            work()
        least = min(least, process_time() - began)
    return least


def recognise(text: str) -> object:
    return recogniser().of(Line("a.log", 1, "", text))


def keep(text: str) -> object:
    return recogniser().keep(text.encode())


def may(text: str) -> object:
    return recogniser().may(text.encode())


def named(text: str) -> object:
    return list(codes_in(text))


@pytest.mark.parametrize("filler", HOSTILE)
@pytest.mark.parametrize(
    ("work", "longest"), [(recognise, 16_000), (normal, 16_000), (keep, 64_000), (may, 64_000), (named, 4_000)]
)
def test_the_work_grows_with_the_length(work: Callable[[str], object], longest: int, filler: str) -> None:
    long = (filler * longest)[:longest]
    short = long[: longest // TIMES]
    work(short)
    repeats = 1
    while (base := took(lambda: work(short), repeats)) < 0.0005 and repeats < 4096:
        repeats *= 4
    assert took(lambda: work(long), repeats) < FACTOR * max(base, 0.0005)
