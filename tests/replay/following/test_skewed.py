"""Clocks that are off are told of, by as much as pairs of lines say, and others are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from ccmproof.harness.replay.following.skewed import skewed
from ccmproof.harness.replay.line import Line
from ccmproof.harness.replay.reading.timeline import timeline

BEGAN = datetime.fromisoformat("2024-03-18T09:00:00.500000+00:00")
CLIENT = "GUID:3B6F1C22-7A51-4E0C-9C11-5D0E8F7A2B10"
STEPS = (
    ("ClientIDManagerStartup", 0, f"[RegTask] - Sending registration request for {CLIENT} ..."),
    ("MP_RegistrationManager", 1, f"MP Reg: Processing Registration request from Client '{CLIENT}'"),
    ("ClientIDManagerStartup", 5, f"[RegTask] - Client is registered. Server assigned ClientID is {CLIENT}."),
)


def told(ahead: float) -> list[str]:
    """What is told where the management point's clock is so many seconds ahead."""
    lines = [
        Line(f"{log}.log", number, log, text, BEGAN + timedelta(seconds=at + (ahead if log.startswith("MP") else 0)))
        for number, (log, at, text) in enumerate(STEPS, 1)
    ]
    return [each.text for each in skewed(timeline(lines))]


@pytest.mark.parametrize(
    ("ahead", "says"),
    [
        (0, []),
        (-1, []),
        (300, ["the clock of the management point is 4 min 56 s to 5 min 1 s ahead of that of the client"]),
        (-300, ["the clock of the management point is 4 min 59 s to 5 min 4 s behind that of the client"]),
        (7200, ["the clock of the management point is 1 h 59 min to 2 h ahead of that of the client",
                "clocks differ by more than 0:15:00"]),
    ],
)  # fmt: skip
def test_a_clock_that_is_off_is_told_of_within_what_the_pairs_leave(ahead: float, says: list[str]) -> None:
    assert told(ahead) == says


def test_one_log_has_one_clock() -> None:
    assert list(skewed(None)) == []
