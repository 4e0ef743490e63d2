"""``ccmproof validate``: what a design change breaks, repairs and leaves as it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .completion import complete_change, complete_property, complete_scenario
from .hands import ExecutorOption, WorkersOption, hands_of
from .options import (
    EngineOption,
    JsonOption,
    LimitOption,
    MemoryOption,
    OutputOption,
    QuietOption,
    ReportFormat,
    ReportFormatOption,
    RunsOption,
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
    from ccmproof.properties.property import Property

    from ..changes.change import Change
    from ..changes.validation import Validation
    from ..engines import Limit
    from ..executors import Hands
    from ..system import Load, System


def validate(
    context: typer.Context,
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="CHANGE...",
            help="Change files, or names of shipped changes, in order.",
            autocompletion=complete_change,
        ),
    ],
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="The scenario; by default those that the changes name, or the first.",
            autocompletion=complete_scenario,
        ),
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Every scenario that the changes can be applied to.")] = False,
    assignments: SetOption = None,
    properties: Annotated[
        list[str] | None,
        typer.Option(
            "--property",
            metavar="PATTERN",
            help="Only these: IDs, with * and ? as in SEC-*; several times.",
            autocompletion=complete_property,
        ),
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Each alone, set side by side: they are rivals.")] = False,
    form: ReportFormatOption = ReportFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    runs: RunsOption = None,
    limit: LimitOption = None,
    memory: MemoryOption = None,
    engine: EngineOption = "symbolic",
    quiet: QuietOption = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Look at the original anew, and keep nothing of it.")
    ] = False,
    workers: WorkersOption = None,
    executor: ExecutorOption = "",
) -> None:
    """Validate a design change: what breaks and how, what it repairs, what becomes vacuous, what is gained and lost.

    Several changes are applied in order. Exit code 0 when nothing breaks that is not given up on purpose, 1 when
    something does, or a change declares to give up what it does not, 2 for unusable input, 3 when something is
    undetermined or was interrupted.
    """
    with guarded():
        from ccmproof.model.kernel.errors import ModelError

        from ..changes.shipped import named
        from ..console import check_folder, check_writable
        from ..render.validation_words import exit_of
        from ..system import settings_of

        if every and scenario:
            raise ModelError("--all and --scenario exclude each other")
        if compare and len(changes) < 2:
            raise ModelError("--compare needs two changes or more")
        check_writable(output)
        check_folder(runs)
        of = system_of(context)
        read = [named(each) for each in changes]
        _refuse_equal_names(read)
        how = _How(
            _scenarios(of, scenario, engine, every=every),
            of.select(properties) if properties else (),
            settings_of(assignments or ()),
            engine,
            limit_of(limit, memory, engine),
            every=every,
            quiet=quiet,
            kept=not no_cache,
            load=context.obj,
        )
        groups = [[each] for each in read] if compare else [read]
        with hands_of(workers, executor, len(how.scenarios)) as hands:
            found = [_validated(of, together, how, hands) for together in groups]
        if runs is not None:
            keep_runs(runs, _runs_of(found))
        _put_out(found, ReportFormat.json if as_json else form, output)
    raise typer.Exit(int(exit_of(found)))


@dataclass(frozen=True)
class _How:
    """In which scenarios to look, at which properties, with what settings, and how."""

    scenarios: Sequence[Scenario]
    properties: Sequence[Property]
    settings: Mapping[str, str]
    engine: str
    limit: Limit
    every: bool
    quiet: bool
    kept: bool
    load: Load


def _refuse_equal_names(read: Sequence[Change]) -> None:
    """A report tells changes apart by their names."""
    from ccmproof.model.kernel.errors import ModelError

    names = [each.name for each in read]
    for name in names:
        if names.count(name) > 1:
            raise ModelError(f"two of the changes are named {name!r}: rename one of the files")


def _scenarios(of: System, name: str, engine: str, *, every: bool) -> list[Scenario]:
    """Those that the user asks for; none: those that the changes name, or the default one."""
    if every:
        return every_scenario(of, engine)
    chosen = scenario_of(of, name, engine)
    return [chosen] if name or chosen is not of.default else []


def _validated(of: System, changes: Sequence[Change], how: _How, hands: Hands) -> Validation:
    from ..changes.cache import Kept, usual_folder
    from ..changes.side import Ways
    from ..changes.validate import Away
    from ..changes.validate import validate as validated
    from ..console import progress

    began = time.monotonic()
    with progress(", ".join(each.name for each in changes), quiet=how.quiet) as tell:

        def done(name: str, count: int) -> None:
            if tell is not None:
                tell(0, time.monotonic() - began, f"{name} is done, {count} of {len(how.scenarios)} scenarios")

        return validated(
            of,
            changes,
            how.scenarios,
            how.properties,
            how.settings,
            Ways(how.engine, how.limit, tell),
            kept=Kept(usual_folder()) if how.kept else None,
            every=how.every,
            away=None if hands.here else Away(hands, how.load, done),
        )


def _runs_of(validations: Sequence[Validation]) -> dict[str, Run]:
    """The runs that are told: ``scenario.ID``, of rivals ``change.scenario.ID``."""
    from ..render.validation_words import names, with_stories

    found = {}
    for each in validations:
        lead = f"{names(each)}." if len(validations) > 1 else ""
        for one in each.scenarios:
            for told in with_stories(one):
                assert told.judgement is not None and told.judgement.counterexample is not None
                found[f"{lead}{one.scenario}.{told.compared.prop.id}"] = told.judgement.counterexample.run
    return found


def _put_out(found: Sequence[Validation], form: ReportFormat, output: Path | None) -> None:
    from importlib import import_module

    from ..render.validation import render as as_text

    data = as_text
    if form is not ReportFormat.text:
        data = import_module(f"..render.validation_{form.value}", __package__).render
    put_out(form is not ReportFormat.text, output, partial(data, found), partial(as_text, found))
