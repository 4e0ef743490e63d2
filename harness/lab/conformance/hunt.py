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
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from .. import bugs
from ..bugs import Bug
from ..build import Lab, Parts
from .decisions import Decision, decisions
from .driver import Choice, Driver
from .equipment import equipment
from .follow import Deviates, Deviation, Follower
from .machine import roam
from .mischief import CLIENT
from .schedules import SCHEDULES, Player, Schedule
from .watch import folder

SHORTEST = Path(bugs.__file__).with_name("shortest.json")
Play = Callable[[Driver], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Find:
    """A run that fails.

    Attributes:
        by: the schedule that has found it.
        changes: what its environment has else than the healthy one.
        choices: what was done.
        follower: where the model was before it was left.
    """

    bug: str
    by: str
    changes: Mapping[str, str]
    choices: tuple[Choice, ...]
    deviation: Deviation
    follower: Follower = field(repr=False, compare=False)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """What a host may have decided otherwise, so that this was seen."""
        return decisions(self.follower, self.deviation.seen)

    @property
    def broken(self) -> tuple[str, ...]:
        """The claims that are broken: by the likeliest decision behind it, and by what was seen itself."""
        behind = self.decisions[0].broken if self.decisions else ()
        return tuple(dict.fromkeys([*behind, *self.deviation.broken]))


def play(
    bug: Bug | None, changes: Mapping[str, str], what: Play, by: str = "", parts: Parts | None = None
) -> Find | None:
    """Do something in a lab that has a bug, or these parts; None where it does not leave the model."""
    place = Path(tempfile.mkdtemp(prefix="ccmproof-hunt-", dir=folder()))
    environment = equipment().environment(changes)
    try:
        lab = bug.lab(place, environment) if bug else Lab(place, environment, parts)
        driver, deviation = asyncio.run(_played(lab, what))
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if deviation is None:
        return None
    return Find(bug.name if bug else "", by, changes, tuple(driver.done), deviation, driver.follower)


async def _played(lab: Lab, what: Play) -> tuple[Driver, Deviation | None]:
    driver = Driver(lab)
    await driver.begin()
    try:
        await what(driver)
    except Deviates as left:
        return driver, left.deviation
    finally:
        await driver.close()
    return driver, None


def by_schedule(bug: Bug | None, schedule: Schedule, parts: Parts | None = None) -> Find | None:
    """What a schedule finds."""
    return play(bug, schedule.environment, lambda driver: Player(driver).play(schedule), schedule.name, parts)


def by_chance(bug: Bug, labs: int, seed: int = 0) -> Find | None:
    """What labs find that roam, in environments that are drawn but for what the bug needs to show."""
    failed = roam(labs, seed=seed, parts=bug.parts, pins=bug.shows, stop=1).failed
    return repeat(bug, failed[0].changes, failed[0].choices, f"a lab that roams, {failed[0].seed}") if failed else None


def find(bug: Bug, schedules: Iterable[Schedule] = SCHEDULES, roaming: int = 0) -> Find | None:
    """The first schedule's that finds it, of those in whose environment it can show; else that of a lab that roams.

    Args:
        roaming: so many labs at most.
    """
    fitting = (each for each in schedules if each.fits(equipment(), bug.shows))
    found = next((found for each in fitting if (found := by_schedule(bug, each))), None)
    return found or (by_chance(bug, roaming) if roaming else None)


def repeat(bug: Bug | None, changes: Mapping[str, str], choices: Sequence[Choice], by: str = "") -> Find | None:
    """What comes of these choices, as far as each is there to be made."""

    async def all_of_them(driver: Driver) -> None:
        for choice in choices:
            if driver.may(choice):
                await driver.do(choice)

    return play(bug, changes, all_of_them, by)


# -- shorter


def shorten(bug: Bug, found: Find) -> Find:
    """The find with as few choices as can be, and in an environment that differs in as little.

    Choices that are the same and follow each other are a block: it does not matter which of them is left out.
    """
    best = found
    for name in found.changes:
        fewer = {other: value for other, value in best.changes.items() if other != name}
        best = _as_found(bug, best, fewer, best.choices) or best
    best = _earlier(bug, best) or best
    while (shorter := _once(bug, best)) is not None:
        best = shorter
    return best


def _earlier(bug: Bug, best: Find) -> Find | None:
    """The same with what is done beside works and letting go as early as it can be."""
    beside = [at for at, choice in enumerate(best.choices) if choice.what not in ("work", "go")]
    if not beside:
        return None
    what, rest = [best.choices[at] for at in beside], best.choices[beside[-1] + 1 :]
    for at in range(beside[0]):
        further = [Choice("go", CLIENT)] * (len(best.choices) - at - len(what) - len(rest) - 1)
        found = _as_found(bug, best, best.changes, (*best.choices[:at], *what, *rest, *further))
        if found and len(found.choices) < len(best.choices):
            return found
    return None


def _once(bug: Bug, best: Find) -> Find | None:
    """Shorter by what can be left out in one pass; None where nothing can be."""
    before = best
    for at in range(len(_blocks(best.choices)) - 1, -1, -1):
        blocks = _blocks(best.choices)
        if at >= len(blocks):
            continue
        for left in _fewer(blocks, at):
            found = _as_found(bug, best, best.changes, _joined(left))
            if found and len(found.choices) < len(best.choices):
                best = found
                break
    return best if best is not before else None


Blocks = list[tuple[Choice, int]]


def _blocks(choices: Iterable[Choice]) -> Blocks:
    return [(choice, len(list(same))) for choice, same in groupby(choices)]


def _joined(blocks: Blocks) -> tuple[Choice, ...]:
    return tuple(choice for choice, times in blocks for _ in range(times))


def _fewer(blocks: Blocks, at: int) -> Iterator[Blocks]:
    """Without a work and what is let go after it, without the block, with half of it, with one choice less."""
    choice, times = blocks[at]
    if choice.what == "work" and at + 1 < len(blocks):
        yield [*blocks[:at], *blocks[at + 2 :]]
    for left in dict.fromkeys((0, times // 2, times - 1)):
        yield [*blocks[:at], *([(choice, left)] if left else []), *blocks[at + 1 :]]


def _as_found(bug: Bug, best: Find, changes: Mapping[str, str], choices: Sequence[Choice]) -> Find | None:
    if any(changes.get(name, equipment().environment({})[name]) != value for name, value in bug.shows.items()):
        return None
    return repeat(bug, changes, choices, best.by)


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


def again(bug: Bug | None, run: Kept) -> Find | None:
    """What comes of a run that was kept."""
    return repeat(bug, run.changes, run.choices, run.by)


# -- told


@dataclass(frozen=True)
class Row:
    """A bug, and what finds it.

    Attributes:
        found: by its shortest run; None where that finds nothing.
        spared: the same run finds nothing where the bug is not on.
    """

    bug: Bug
    found: Find | None
    spared: bool

    @property
    def good(self) -> bool:
        """The bug is found, and nothing else."""
        return self.found is not None and self.spared

    def told(self) -> dict[str, object]:
        """It as data, for tables."""
        find = self.found
        return {
            "bug": self.bug.name,
            "wrong": self.bug.wrong,
            "place": self.bug.place,
            "offends": list(self.bug.offends),
            "good": self.good,
            "by": find.by if find else "",
            "environment": dict(find.changes) if find else {},
            "choices": len(find.choices) if find else 0,
            "run": in_blocks(find.choices) if find else [],
            "seen": find.deviation.seen.what if find else "",
            "why": [str(each).removeprefix(": ") for each in find.deviation.alternatives] if find else [],
            "decision": find.decisions[0].event if find and find.decisions else "",
            "broken": list(find.broken) if find else [],
        }


def in_blocks(choices: Iterable[Choice]) -> list[str]:
    """Choices in words, those that are the same and follow each other once, with their number."""
    return [f"{choice}, {times} times" if times > 1 else str(choice) for choice, times in _blocks(choices)]


def table(of: Iterable[Bug] | None = None) -> Iterator[Row]:
    """Each bug with what its shortest run finds, with the bug and without."""
    for bug in bugs.BUGS.values() if of is None else of:
        run = kept().get(bug.name)
        found = again(bug, run) if run else None
        yield Row(bug, found, run is not None and again(None, run) is None)
