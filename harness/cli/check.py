"""``ccmproof check``: the suite, in one scenario or in all of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .completion import complete_property
from .hands import ExecutorOption, WorkersOption, hands_of
from .options import (
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    LimitOption,
    MemoryOption,
    OutputOption,
    PremisesOption,
    ProfileOption,
    QuietOption,
    RunsOption,
    ScenarioOption,
    SetOption,
    every_scenario,
    limit_of,
    scenario_of,
    system_of,
)
from .output import guarded, keep_runs, put_out

if TYPE_CHECKING:
    from ccmproof.model.kernel.run import Run
    from ccmproof.model.scenario import Scenario

    from ..checking import Job
    from ..engines import Progress
    from ..report import Outcome
    from ..system import System


def check(
    context: typer.Context,
    properties: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PROPERTY]...",
            help="IDs, with * and ? as in SEC-*; all by default.",
            autocompletion=complete_property,
        ),
    ] = None,
    scenario: ScenarioOption = "",
    every: Annotated[
        bool, typer.Option("--all", help="Every scenario but those on demand, and what none of them ever reaches.")
    ] = False,
    assignments: SetOption = None,
    form: FormatOption = Format.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
    engine: EngineOption = "symbolic",
    runs: RunsOption = None,
    limit: LimitOption = None,
    memory: MemoryOption = None,
    profile: ProfileOption = False,
    premises: PremisesOption = False,
    workers: WorkersOption = None,
    executor: ExecutorOption = "",
) -> None:
    """Check the suite: verdicts, environments in which a property fails, shortest counterexamples.

    Exit code 0 when every verdict is the expected one, 1 when one is not (or, with --all, when something of the model
    is never reached in any scenario, or with --premises a premise has what no scenario needs and the suite does not
    list), 2 for unusable input, 3 when something is undetermined or was interrupted.
    """
    with guarded():
        from ccmproof.model.kernel.errors import ModelError

        from ..checking import Job
        from ..console import check_folder, check_writable
        from ..system import settings_of

        if every and scenario:
            raise ModelError("--all and --scenario exclude each other")
        check_writable(output)
        check_folder(runs)
        of = system_of(context)
        asked = of.select(properties or ())
        chosen = every_scenario(of, engine) if every else [scenario_of(of, scenario, engine)]
        put_out_as = Format.json if as_json else form
        for option, given in (("--profile", profile), ("--premises without --all", premises and not every)):
            if given and put_out_as is Format.junit:
                raise ModelError(f"{option}: JUnit has no place for it; ask --format text or json")
        job = Job(
            context.obj,
            tuple(prop.id for prop in asked),
            settings_of(assignments or ()),
            engine,
            limit_of(limit, memory, engine),
            named=bool(properties) and not every,
            reach=every or put_out_as is Format.json,
            profile=profile,
            premises=premises,
        )
        outcome = _checked(of, chosen, job, _How(every, quiet, workers, executor))
        if runs is not None:
            keep_runs(runs, _runs_of(outcome))
        _put_out(outcome, put_out_as, output)
    raise typer.Exit(int(outcome.exit))


@dataclass(frozen=True)
class _How:
    """Who does it, and whether all scenarios are judged together."""

    together: bool
    quiet: bool
    workers: int | None
    executor: str


def _checked(of: System, chosen: Sequence[Scenario], job: Job, how: _How) -> Outcome:
    """Check the scenarios; an interruption keeps what had been found before it."""
    from ..checking import checked
    from ..console import explored, saying
    from ..premises import together as all_premises
    from ..report import gather

    names, began = [scenario.name for scenario in chosen], time.monotonic()
    with hands_of(how.workers, how.executor, len(names)) as hands, saying("checking", quiet=how.quiet) as say:

        def tell(name: str, count: int) -> Progress | None:
            if say is None:
                return None
            if not hands.here:
                say(f"{name} is done, {count} of {len(names)} scenarios, {time.monotonic() - began:.1f} s")
                return None
            return explored(lambda doing: say(f"{name}, {doing}"))

        reports, interrupted = checked(job, names, hands, tell)
    whole = how.together and not interrupted
    loose = all_premises(reports, of.spare) if whole and job.premises and not job.settings else None
    return gather(reports, together=how.together, interrupted=interrupted, loose=loose)


def _runs_of(outcome: Outcome) -> dict[str, Run]:
    """Each counterexample, as ``scenario.ID``."""
    return {
        f"{report.scenario}.{each.prop.id}": each.counterexample.run
        for report in outcome.reports
        for each in report.judgements
        if each.counterexample is not None
    }


def _put_out(outcome: Outcome, form: Format, output: Path | None) -> None:
    from ..render.text import render as as_text

    if form is Format.junit:
        from ..render.junit import render as as_data
    else:
        from ..render.json import render as as_data
    put_out(form is not Format.text, output, partial(as_data, outcome), partial(as_text, outcome))
