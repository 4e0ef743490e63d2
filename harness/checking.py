"""Scenario after scenario, or many at a time: the suite checked, wherever there are workers.

A scenario is a task of its own. What a worker is given is names and texts; the system it gives itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from . import checker
from .checker import interrupted as was_interrupted
from .engines import Limit, Progress
from .executors import Hands, done
from .report import Report
from .system import Load


@dataclass(frozen=True)
class Job:
    """What is asked of each scenario.

    Attributes:
        properties: those that are asked, by their IDs; ``named``: because the user has named them.
        reach: whether to say what is ever reached; ``profile``, ``premises``: as of :func:`.checker.check`.
    """

    load: Load
    properties: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    engine: str = "symbolic"
    limit: Limit | None = None
    named: bool = False
    reach: bool = False
    profile: bool = False
    premises: bool = False


def checked_in(job: Job, name: str, progress: Progress | None = None) -> Report:
    """The report on one scenario.

    Raises:
        ModelError: as :func:`.checker.check`.
    """
    of = job.load()
    scenario, wanted = of.scenario(name), set(job.properties)
    asked = [prop for prop in of.suite if prop.id in wanted]
    return checker.check(
        scenario,
        of.asked_in(scenario, asked, named=job.named),
        job.settings,
        build=of.build,
        engine=job.engine,
        order=of.order_of(scenario),
        limit=job.limit,
        runs=job.named or not scenario.on_demand,
        progress=progress,
        reach=job.reach,
        kept_bounds=job.named,
        beneath=of.beneath(scenario),
        profile=job.profile,
        premises=job.premises,
    )


def checked(
    job: Job, names: Sequence[str], hands: Hands, tell: Callable[[str, int], Progress | None]
) -> tuple[list[Report], str]:
    """The reports on these scenarios, in their order, and why some are missing, if some are.

    Args:
        tell: told the scenario that is begun here, or done elsewhere, and how many had been done; it gives whom to
            tell how the search gets on, where that is in this process.

    Raises:
        KeyboardInterrupt: it came before any scenario was done. After that it only ends the work.
    """
    reports: dict[str, Report] = {}

    def told(task: tuple[Job, str], report: Report) -> None:
        reports[task[1]] = report
        if not hands.here:
            tell(task[1], len(reports))

    def one(each: Job, name: str) -> Report:
        if any(was_interrupted(report.stopped) for report in reports.values()):
            raise KeyboardInterrupt  # a search that was interrupted still reports what it had found
        return checked_in(each, name, tell(name, len(reports)))

    interrupted = ""
    try:
        done(hands, one if hands.here else checked_in, [(job, name) for name in names], told)
    except KeyboardInterrupt:
        if not reports:
            raise
        cut = any(was_interrupted(report.stopped) for report in reports.values())
        missing = len(names) - len(reports)
        interrupted = (
            f"{missing} of {len(names)} scenarios were not begun"
            if cut
            else f"{len(reports)} of {len(names)} scenarios had been checked"
        )
    return [reports[name] for name in names if name in reports], interrupted
