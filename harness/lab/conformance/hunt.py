"""The hunt for seeded bugs: for each the shortest failing run that is found.

The library of schedules is tried first, then labs that roam (:mod:`.machine`). What fails is made shorter by delta
debugging, until no choice can be left out (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input",
2002): a run is the choices that were made, and a choice that is not there to be made is passed over.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ..build import Lab
from .. import bugs
from ..bugs import Bug
from .driver import Choice, Driver
from .follow import Deviates, Deviation, equipment
from .schedules import SCHEDULES, Player, Schedule

SHORTEST = Path(bugs.__file__).with_name("shortest.json")
Play = Callable[[Driver], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Find:
    """A run that fails.

    Attributes:
        by: the schedule that has found it.
        changes: what its environment has else than the healthy one.
        choices: what was done.
    """

    bug: str
    by: str
    changes: Mapping[str, str]
    choices: tuple[Choice, ...]
    deviation: Deviation


def play(bug: Bug | None, changes: Mapping[str, str], what: Play) -> tuple[tuple[Choice, ...], Deviation | None]:
    """Do something in a lab that has a bug, or none: the choices that were made, and where it has left the model."""
    folder = Path(tempfile.mkdtemp(prefix="ccmproof-hunt-"))
    environment = equipment().environment(changes)
    try:
        lab = bug.lab(folder, environment) if bug else Lab(folder, environment)
        return asyncio.run(_played(lab, what))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _played(lab: Lab, what: Play) -> tuple[tuple[Choice, ...], Deviation | None]:
    driver = Driver(lab)
    await driver.begin()
    deviation = None
    try:
        await what(driver)
    except Deviates as left:
        deviation = left.deviation
    finally:
        await driver.close()
    return tuple(driver.done), deviation


def by_schedule(bug: Bug | None, schedule: Schedule) -> Find | None:
    """What a schedule finds."""
    done, deviation = play(bug, schedule.environment, lambda driver: Player(driver).play(schedule))
    name = bug.name if bug else ""
    return Find(name, schedule.name, schedule.environment, done, deviation) if deviation else None


def find(bug: Bug, schedules: Iterable[Schedule] = SCHEDULES) -> Find | None:
    """The first schedule's that finds it, of those in whose environment it can show."""
    fitting = (each for each in schedules if each.fits(equipment(), bug.shows))
    return next((found for each in fitting if (found := by_schedule(bug, each))), None)


def repeat(bug: Bug | None, changes: Mapping[str, str], choices: Sequence[Choice]) -> Find | None:
    """What comes of these choices, as far as each is there to be made."""

    async def all_of_them(driver: Driver) -> None:
        for choice in choices:
            if choice in driver.enabled():
                await driver.do(choice)

    done, deviation = play(bug, changes, all_of_them)
    return Find(bug.name if bug else "", "", changes, done, deviation) if deviation else None


# -- shorter


def shorten(bug: Bug, found: Find) -> Find:
    """The find with as few choices as can be, and in an environment that differs in as little."""
    best = found
    for name in found.changes:
        fewer = {other: value for other, value in best.changes.items() if other != name}
        best = _as_found(bug, best, fewer, best.choices) or best
    return _one_by_one(bug, _by_halves(bug, best))


def _as_found(bug: Bug, best: Find, changes: Mapping[str, str], choices: Sequence[Choice]) -> Find | None:
    if any(changes.get(name, equipment().environment({})[name]) != value for name, value in bug.shows.items()):
        return None
    again = repeat(bug, changes, choices)
    return Find(bug.name, best.by, changes, again.choices, again.deviation) if again else None


def _by_halves(bug: Bug, best: Find) -> Find:
    """Without ever smaller parts."""
    size = len(best.choices) // 2
    while size > 1:
        at = 0
        while at < len(best.choices):
            fewer = (*best.choices[:at], *best.choices[at + size :])
            shorter = _as_found(bug, best, best.changes, fewer)
            if shorter and len(shorter.choices) < len(best.choices):
                best = shorter
            else:
                at += size
        size //= 2
    return best


def _one_by_one(bug: Bug, best: Find) -> Find:
    """Without any one choice, until each is needed."""
    while True:
        before = len(best.choices)
        at = before
        while (at := min(at, len(best.choices)) - 1) >= 0:
            shorter = _as_found(bug, best, best.changes, (*best.choices[:at], *best.choices[at + 1 :]))
            if shorter and len(shorter.choices) < len(best.choices):
                best = shorter
        if len(best.choices) == before:
            return best


# -- as they are kept


@dataclass(frozen=True)
class Kept:
    """A shortest run as it is kept.

    Attributes:
        by: the schedule that has found it.
    """

    by: str
    changes: Mapping[str, str]
    choices: tuple[Choice, ...]


@cache
def kept() -> Mapping[str, Kept]:
    """The shortest run for each bug, by its name; :func:`keep` writes them."""
    with SHORTEST.open(encoding="utf-8") as file:
        found = json.load(file)
    return {
        name: Kept(each["by"], each["changes"], tuple(map(choice_of, each["choices"]))) for name, each in found.items()
    }


def keep(finds: Iterable[Find], path: Path = SHORTEST) -> None:
    """Write shortest runs."""
    found = {
        find.bug: {"by": find.by, "changes": dict(find.changes), "choices": [str(each) for each in find.choices]}
        for find in finds
    }
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def choice_of(text: str) -> Choice:
    """A choice from its text."""
    what, _, name = text.partition(" ")
    if what != "offer":
        return Choice(what, name)
    event, _, offer = name.partition(" ")
    return Choice(what, event, tuple(offer.split(", ")))


def again(bug: Bug) -> Find | None:
    """What comes of the kept run of a bug."""
    run = kept()[bug.name]
    found = repeat(bug, run.changes, run.choices)
    return replace(found, by=run.by) if found else None
