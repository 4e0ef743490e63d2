"""``ccmproof check``: the suite, in one scenario or in all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import (
    EngineOption,
    Format,
    FormatOption,
    JsonOption,
    LimitOption,
    MemoryOption,
    OutputOption,
    ProfileOption,
    QuietOption,
    ScenarioOption,
    SetOption,
    limit_of,
    scenario_of,
    system_of,
)
from .output import guarded, put_out

if TYPE_CHECKING:
    from ccmproof.model.scenario import Scenario
    from ccmproof.properties.property import Property

    from ..engines import Limit
    from ..report import Outcome, Report
    from ..system import System


def check(
    context: typer.Context,
    properties: Annotated[
        list[str] | None, typer.Argument(metavar="[PROPERTY]...", help="IDs, with * and ? as in SEC-*; all by default.")
    ] = None,
    scenario: ScenarioOption = "",
    every: Annotated[bool, typer.Option("--all", help="Every scenario, and what none of them ever reaches.")] = False,
    assignments: SetOption = None,
    form: FormatOption = Format.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
    engine: EngineOption = "symbolic",
    runs: Annotated[
        Path | None, typer.Option("--runs", metavar="DIR", help="Keep each counterexample as a JSON file there.")
    ] = None,
    limit: LimitOption = None,
    memory: MemoryOption = None,
    profile: ProfileOption = False,
) -> None:
    """Check the suite: verdicts, environments in which a property fails, shortest counterexamples.

    Exit code 0 when every verdict is the expected one, 1 when one is not (or, with --all, when something of the model
    is never reached in any scenario), 2 for unusable input, 3 when something is undetermined or was interrupted.
    """
    with guarded():
        from ccmproof.model.kernel.errors import ModelError

        from ..console import check_folder, check_writable
        from ..system import settings_of

        if every and scenario:
            raise ModelError("--all and --scenario exclude each other")
        check_writable(output)
        check_folder(runs)
        of = system_of(context)
        asked = of.select(properties or ())
        chosen = _every_scenario(of, engine) if every else [scenario_of(of, scenario, engine)]
        put_out_as = Format.json if as_json else form
        if profile and put_out_as is Format.junit:
            raise ModelError("--profile: JUnit has no place for it; ask --format text or json")
        named = bool(properties) and not every
        most = limit_of(limit, memory, engine)
        reach = every or put_out_as is Format.json
        how = _How(engine, most, reach=reach, quiet=quiet, named=named, profile=profile)
        outcome = _checked(of, chosen, asked, settings_of(assignments or ()), how, together=every)
        if runs is not None:
            _keep_runs(outcome, runs)
        _put_out(outcome, put_out_as, output)
    raise typer.Exit(int(outcome.exit))


def _every_scenario(of: System, engine: str) -> list[Scenario]:
    """All scenarios.

    Raises:
        ModelError: the engine is one that cannot hold every environment at once.
    """
    from ccmproof.model.kernel.errors import ModelError

    from ..engines import SMALL_SCENARIO

    if engine in SMALL_SCENARIO:
        instead = scenario_of(of, "", engine).name
        raise ModelError(
            f"--all: the engine {engine!r} is for small scenarios; "
            f"ask --scenario {instead} of it, or --all of --engine symbolic"
        )
    return list(of.scenarios.values())


@dataclass(frozen=True)
class _How:
    """How to explore, what to ask of it besides the verdicts, and whether the user has named the properties."""

    engine: str
    limit: Limit
    reach: bool
    quiet: bool
    named: bool
    profile: bool


def _checked(
    of: System,
    chosen: Sequence[Scenario],
    asked: Sequence[Property],
    settings: Mapping[str, str],
    how: _How,
    *,
    together: bool,
) -> Outcome:
    """Check scenario after scenario; an interruption keeps what had been found before it."""
    from ..checker import check as check_one
    from ..checker import interrupted as was_interrupted
    from ..console import progress
    from ..report import gather

    reports: list[Report] = []
    interrupted = ""
    try:
        for scenario in chosen:
            with progress(scenario.name, quiet=how.quiet) as tell:
                reports.append(
                    check_one(
                        scenario,
                        of.asked_in(scenario, asked, named=how.named),
                        settings,
                        build=of.build,
                        engine=how.engine,
                        order=of.order_of(scenario),
                        fairness=of.fairness,
                        limit=how.limit,
                        progress=tell,
                        reach=how.reach,
                        kept_bounds=how.named,
                        profile=how.profile,
                    )
                )
            if was_interrupted(reports[-1].stopped):
                break
    except KeyboardInterrupt:
        if not reports:
            raise
        interrupted = f"{len(reports)} of {len(chosen)} scenarios had been checked"
    if not interrupted and len(reports) < len(chosen):
        interrupted = f"{len(chosen) - len(reports)} of {len(chosen)} scenarios were not begun"
    return gather(reports, together=together, interrupted=interrupted)


def _keep_runs(outcome: Outcome, folder: Path) -> None:
    """One file for each counterexample: ``scenario.ID.run.json``."""
    import json

    from ccmproof.model.kernel.errors import ModelError

    from ..console import write_file

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"cannot keep runs in {folder}: {error.strerror or error}") from error
    for report in outcome.reports:
        for each in report.judgements:
            if each.counterexample is not None:
                text = json.dumps(each.counterexample.run.to_json(), indent=2, ensure_ascii=False) + "\n"
                write_file(folder / f"{report.scenario}.{each.prop.id}.run.json", text)


def _put_out(outcome: Outcome, form: Format, output: Path | None) -> None:
    from ..render.text import render as as_text

    if form is Format.junit:
        from ..render.junit import render as as_data
    else:
        from ..render.json import render as as_data
    put_out(form is not Format.text, output, partial(as_data, outcome), partial(as_text, outcome))
