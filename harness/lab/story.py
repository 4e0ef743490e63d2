"""A lab's own story: the client is installed and registered, sends messages, and renews its token eight hours later.

Nobody strikes in it. What the client is due to do is done, what waits is waited for, and what fails is tried again as
often as the client itself would, within reason. Each step is followed in the model, so that the story is a run of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ccmproof.model.kernel.run import Run

from .build import Lab, Parts
from .clock import TICK
from .conformance.driver import Choice, Driver
from .conformance.follow import Deviates, Deviation
from .conformance.mischief import CLIENT
from .contract import Work

EIGHT_HOURS = timedelta(hours=8)
"""A CCM token's life (T1)."""
ATTEMPTS = 6
"""So often a story lets the client try the same thing."""

Tell = Callable[[str], None]
"""Told what the story has come to."""


@dataclass(frozen=True)
class Chapter:
    """A part of a story.

    Attributes:
        title: what it is about.
        good: what it is about has come about.
        steps: how long the run is at its end.
    """

    title: str
    good: bool
    steps: int


@dataclass(frozen=True)
class Story:
    """What happened in a lab.

    Attributes:
        run: of the model; up to where the lab has left it, where it has.
        deviation: where that is.
        folder: where the logs lie, those of each host in a folder of its own.
    """

    environment: Mapping[str, str]
    run: Run
    chapters: tuple[Chapter, ...]
    deviation: Deviation | None
    folder: Path

    @property
    def complete(self) -> bool:
        """All of it came about, as the model has it."""
        return self.deviation is None and all(each.good for each in self.chapters)


def story(
    folder: Path,
    environment: Mapping[str, str],
    parts: Parts | None = None,
    tell: Tell | None = None,
    seed: int = 0,
) -> Story:
    """Let a lab live through its story.

    Args:
        environment: a whole one (:meth:`.conformance.follow.Equipment.environment`).
        folder: for the logs, and for the device's disk.
    """
    return asyncio.run(_told(Lab(folder, environment, parts, seed), tell or _nobody))


def _nobody(_: str) -> None:
    """Nobody listens."""


async def _told(lab: Lab, tell: Tell) -> Story:
    driver = Driver(lab)
    await driver.begin()
    teller = _Teller(driver, tell)
    deviation: Deviation | None = None
    try:
        await teller.all_of_it()
    except Deviates as left:
        deviation = left.deviation
    finally:
        await driver.close()
    lengths = driver.follower.lengths()
    chapters = tuple(Chapter(title, good, lengths[ended]) for title, good, ended in teller.told)
    return Story(lab.environment, driver.follower.run(), chapters, deviation, lab.world.folder)


class _Teller:
    """Goes through the chapters, as far as each is good."""

    def __init__(self, driver: Driver, tell: Tell) -> None:
        self._driver, self._tell = driver, tell
        self._due = driver.lab.due
        self._now = driver.lab.world.clock.now
        self.told: list[tuple[str, bool, int]] = []
        """Each chapter's title, whether it is good, and how much had been followed at its end."""

    async def all_of_it(self) -> None:
        if not await self._chapter("ccmsetup installs the client", Work.INSTALL):
            return
        await self._do(Work.REFRESH_SETTINGS)
        if not await self._chapter("the client registers", Work.REGISTER):
            return
        if not await self._chapter("it sends a message", Work.MESSAGE_SYSTEM):
            return
        if Work.MESSAGE_USER in self._due():
            await self._chapter("it sends a message of its user's", Work.MESSAGE_USER)
        await self._let_pass(EIGHT_HOURS)
        await self._chapter("eight hours later it renews its token, and sends a message", Work.MESSAGE_SYSTEM)

    async def _chapter(self, title: str, work: Work) -> bool:
        """One thing, tried as often as the client itself would; whether it has come about."""
        self._tell(title)
        good = False
        for _ in range(ATTEMPTS):
            if not await self._wait_for(work):
                break
            good = await self._do(work)
            if good:
                break
            await self._confirm()
        self.told.append((title, good, self._driver.follower.steps))
        return good

    async def _wait_for(self, work: Work) -> bool:
        """Let time pass until it is due; False where it never is."""
        due = self._due().get(work)
        if due is None:
            return False
        await self._let_pass(due - self._now())
        return True

    async def _do(self, work: Work) -> bool:
        """Let the client do it, with every message let go as it comes; whether it succeeded."""
        if work not in self._due():
            return False
        await self._driver.do(Choice("work", work.name))
        while CLIENT in self._driver.held:
            await self._driver.do(Choice("go", CLIENT))
        return self._succeeded(work)

    def _succeeded(self, work: Work) -> bool:
        """As far as the model knows of it, which has only seen what crossed the wires and lies in the stores."""
        return self._driver.holds(GOOD[work])

    async def _confirm(self) -> None:
        """Where a registration is pending the site confirms it in its own time."""
        confirm = Choice("stimulus", "site_confirms_registration")
        if self._driver.may(confirm):
            await self._driver.do(confirm)

    async def _let_pass(self, time: timedelta) -> None:
        """Whole ticks, at least as long as that."""
        for _ in range(-(-max(time, timedelta(0)) // TICK)):
            await self._driver.do(Choice("stimulus", "tick"))


GOOD: Mapping[Work, str] = {
    Work.INSTALL: "ccmsetup is installed",
    Work.REFRESH_SETTINGS: "security_settings is refreshed",
    Work.REGISTER: "registration is registered",
    Work.MESSAGE_SYSTEM: "messaging is idle",
    Work.MESSAGE_USER: "messaging is idle",
}
"""How the model says that it has come about."""
