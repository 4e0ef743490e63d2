"""Many devices: the bundles of folders, each diagnosed by itself, on an executor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ccmproof.model.kernel.errors import ModelError

from ..executors import Hands, done
from .following.answer import Diagnosis, Verdict
from .following.diagnosis import diagnose
from .following.equipment import equipment_with
from .gathered import gathered
from .reading import Bundle, bundles

used = cache(equipment_with)
"""What a process needs for all of its devices, with a user's tables."""


@dataclass(frozen=True)
class Row:
    """What the table says of one device: of the causes those of the first rank."""

    device: str
    verdict: Verdict
    causes: tuple[str, ...] = ()
    where: str = ""
    findings: int = 0
    exit: int = 3


def row_of(diagnosis: Diagnosis, device: str) -> Row:
    first = tuple(each.cause.name for each in diagnosis.named if each.rank == 1)
    causes = first or ((diagnosis.workflow,) if diagnosis.workflow else ())
    return Row(device, diagnosis.verdict, causes, diagnosis.where, len(diagnosis.findings), diagnosis.exit)


def bundles_in(sources: Sequence[str]) -> list[Bundle]:
    """The bundles of the folders.

    Raises:
        ModelError: a source is no folder, or there is no bundle in any.
    """
    folders = dict.fromkeys(Path(source) for source in sources)
    found = [bundle for folder in folders for bundle in bundles(folder)]
    if not found:
        raise ModelError(f"there are no logs in {', '.join(sources)}")
    return told_apart(found)


def told_apart(found: Sequence[Bundle]) -> list[Bundle]:
    """The bundles, those of one name, as a folder and an archive may be, by where they lie: each has a row."""
    for told in (_in_its_folder, str):
        names = Counter(bundle.name for bundle in found)
        found = [replace(each, name=told(each.paths[0])) if names[each.name] > 1 else each for each in found]
    return list(found)


def _in_its_folder(path: Path) -> str:
    return "/".join(path.parts[-2:])


def rows_of(
    found: Sequence[Bundle], hands: Hands, *, patterns: tuple[Path, ...] = (), from_start: bool = False
) -> tuple[Row, ...]:
    """A row for each device of the bundles, by name."""
    used(patterns).of_full.after("ccmsetup_asks_the_cmg")  # found out once, before many would do so at a time
    rows: dict[str, Row] = {}

    def told(task: tuple[str, tuple[Path, ...], tuple[Path, ...], bool], of: tuple[Row, ...]) -> None:
        rows.update({row.device: row for row in of})

    tasks = [(bundle.name, bundle.paths, patterns, from_start) for bundle in found]
    done(hands, looked_at, tasks, told)
    return tuple(rows[name] for name in sorted(rows))


def looked_at(name: str, paths: Sequence[Path], patterns: tuple[Path, ...], from_start: bool) -> tuple[Row, ...]:
    """The rows of one bundle. What cannot be read is one that nothing can be said of."""
    using = used(patterns)
    try:
        gathering = gathered(paths, using.recogniser)
    except ModelError as error:
        return (Row(name, Verdict.UNSAID, (), str(error)),)
    several = len(gathering.devices) > 1
    return tuple(
        row_of(
            diagnose(of.seen, using, logs=of.logs, device=of.device, from_start=from_start, doubtful=of.doubtful),
            f"{name}/{of.device}" if several and of.device else name,
        )
        for of in gathering.devices
    ) or (Row(name, Verdict.UNSAID),)
