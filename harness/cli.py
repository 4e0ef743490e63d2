"""The command line. Every command answers with an exit code that a script can use (:class:`.report.Exit`).

What is heavy is imported inside the commands, so that ``--help`` and completion are quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ccmproof.model.scenario import Scenario
    from ccmproof.properties.property import Property

    from .engines import Limit
    from .report import Outcome, Report
    from .system import System

app = typer.Typer(
    name="ccmproof",
    help="Prove the Entra authentication workflow of Configuration Manager clients, in every environment at once.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 as expected; 1 not as expected; 2 unusable input; 3 undetermined or interrupted.",
)


class Format(StrEnum):
    """How a check is put out."""

    text = "text"
    json = "json"
    junit = "junit"


class ListFormat(StrEnum):
    """How a list or an entry is put out."""

    text = "text"
    json = "json"


SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Give a parameter or unknown a value; several: yes,no; all: *"),
]
ScenarioOption = Annotated[str, typer.Option("--scenario", metavar="NAME", help="The scenario; the first by default.")]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="symbolic: the faster here of plain and numba; or oxidd, networkx (document by default), reference.",
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file (UTF-8) instead of printing.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


def system() -> System:
    """The system that all commands are about."""
    from .system import shipped

    return shipped()


@contextmanager
def guarded() -> Iterator[None]:
    """Errors as one line on standard error, and the exit code that they mean."""
    from ccmproof.model.kernel.errors import ModelError

    from .console import complain
    from .counterexample import EngineError
    from .report import Exit

    try:
        yield
    except ModelError as error:
        complain(str(error))
        raise typer.Exit(Exit.UNUSABLE) from error
    except EngineError as error:
        complain(f"the engine is wrong, please report this: {error}")
        raise typer.Exit(Exit.UNDETERMINED) from error
    except RecursionError as error:
        complain("a condition is nested too deeply to be understood")
        raise typer.Exit(Exit.UNUSABLE) from error
    except MemoryError as error:
        complain(str(error) or "there is not enough memory; --memory MIB cuts a search short before that")
        raise typer.Exit(Exit.UNDETERMINED) from error
    except KeyboardInterrupt as error:
        complain("interrupted; nothing had been covered")
        raise typer.Exit(Exit.UNDETERMINED) from error


def _print_version(wanted: bool) -> None:
    if wanted:
        from .version import version

        typer.echo(f"ccmproof {version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options of the command as a whole."""


@app.command()
def check(
    properties: Annotated[
        list[str] | None, typer.Argument(metavar="[PROPERTY]...", help="IDs, with * and ? as in SEC-*; all by default.")
    ] = None,
    scenario: ScenarioOption = "",
    every: Annotated[bool, typer.Option("--all", help="Every scenario, and what none of them ever reaches.")] = False,
    assignments: SetOption = None,
    form: Annotated[Format, typer.Option("--format", help="How to put it out.")] = Format.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
    engine: EngineOption = "symbolic",
    runs: Annotated[
        Path | None, typer.Option("--runs", metavar="DIR", help="Keep each counterexample as a JSON file there.")
    ] = None,
    limit: Annotated[
        float | None, typer.Option("--limit", metavar="SECONDS", min=0, help="Cut each search short after so long.")
    ] = None,
    memory: Annotated[
        int | None, typer.Option("--memory", metavar="MIB", min=1, help="Cut each search short at so much memory.")
    ] = None,
) -> None:
    """Check the suite: verdicts, environments in which a property fails, shortest counterexamples.

    Exit code 0 when every verdict is the expected one, 1 when one is not (or, with --all, when something of the model
    is never reached in any scenario), 2 for unusable input, 3 when something is undetermined or was interrupted.
    """
    with guarded():
        from ccmproof.model.kernel.errors import ModelError

        from .console import check_folder, check_writable
        from .engines import Limit
        from .system import settings_of

        if every and scenario:
            raise ModelError("--all and --scenario exclude each other")
        check_writable(output)
        check_folder(runs)
        of = system()
        asked = of.select(properties or ())
        chosen = list(of.scenarios.values()) if every else [_scenario(of, scenario, engine)]
        put_out_as = Format.json if as_json else form
        named = bool(properties) and not every
        most = Limit(seconds=limit, bytes=None if memory is None else memory << 20)
        how = _How(engine, most, reach=every or put_out_as is Format.json, quiet=quiet, named=named)
        outcome = _checked(of, chosen, asked, settings_of(assignments or ()), how, together=every)
        if runs is not None:
            _keep_runs(outcome, runs)
        _put_out(outcome, put_out_as, output)
    raise typer.Exit(int(outcome.exit))


def _scenario(of: System, name: str, engine: str) -> Scenario:
    """The scenario of that name; for an empty one the first, or the small one that the engine is meant for."""
    from .engines import SMALL_SCENARIO

    small = SMALL_SCENARIO.get(engine, "")
    return of.scenario(name or (small if small in of.scenarios else ""))


@dataclass(frozen=True)
class _How:
    """How to explore, what to ask of it besides the verdicts, and whether the user has named the properties."""

    engine: str
    limit: Limit
    reach: bool
    quiet: bool
    named: bool


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
    from .checker import check as check_one
    from .checker import interrupted as was_interrupted
    from .console import progress
    from .report import gather

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
                        order=of.order,
                        limit=how.limit,
                        progress=tell,
                        reach=how.reach,
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

    from .console import write_file

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
    from .render.text import render as as_text

    if form is Format.junit:
        from .render.junit import render as as_data
    else:
        from .render.json import render as as_data
    _answer(form is not Format.text, output, partial(as_data, outcome), partial(as_text, outcome))


def _answer(as_data: bool, output: Path | None, data: Callable[[], str], text: Callable[..., str]) -> None:
    """Put out what a program reads, or else a page to read: ``text`` is given its width, colour and ASCII by name."""
    from .console import write_data, write_page

    if as_data:
        write_data(data(), output)
    else:
        write_page(lambda width, colour, ascii: text(width=width, colour=colour, ascii=ascii), output)


@app.command()
def explain(
    name: Annotated[str, typer.Argument(metavar="[PROPERTY]", help="The ID of a property; or give --goal.")] = "",
    goal: Annotated[
        str | None,
        typer.Option("--goal", metavar="CONDITION", help='What is to be reached: "ACTOR is STATE and EVENT".'),
    ] = None,
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    tree: Annotated[bool, typer.Option("--tree", help="Which question to ask first, and then, and then.")] = False,
    depth: Annotated[int | None, typer.Option("--depth", min=0, help="Cut the tree after so many questions.")] = None,
    causes: Annotated[int, typer.Option("--causes", metavar="N", min=0, help="How many causes the page lists.")] = 50,
    stories: Annotated[int, typer.Option("--stories", metavar="N", min=0, help="How many of them a run shows.")] = 3,
    form: Annotated[ListFormat, typer.Option("--format", help="How to put it out.")] = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
    engine: EngineOption = "symbolic",
) -> None:
    """Explain when a property fails, or a goal cannot be reached: environments, minimal causes, a run for some.

    Exit code 0 when it could be said, 2 for unusable input, 3 when the search was interrupted.
    """
    with guarded():
        from ccmproof.model.kernel.errors import ModelError

        from .console import check_writable, progress
        from .explain import Wanted
        from .explain import explain as explained
        from .render.explain import json_of_explanation, text_of_explanation
        from .system import settings_of

        if bool(name) == (goal is not None):
            raise ModelError("explain needs the ID of a property or --goal CONDITION, and not both")
        check_writable(output)
        of = system()
        about = of.property(name) if goal is None else goal
        chosen = _scenario(of, scenario, engine)
        wanted = Wanted(stories, tree or depth is not None, depth)
        with progress(chosen.name, quiet=quiet) as tell:
            found = explained(
                chosen,
                about,
                settings_of(assignments or ()),
                wanted,
                build=of.build,
                engine=engine,
                order=of.order,
                progress=tell,
            )
        data, text = partial(json_of_explanation, found), partial(text_of_explanation, found, causes)
        _answer(as_json or form is ListFormat.json, output, data, text)
    raise typer.Exit(int(found.exit))


@app.command("list")
def list_(
    kind: Annotated[
        str, typer.Argument(help="actors, events, properties, parameters, unknowns, scenarios or predicates.")
    ] = "",
    scenario: ScenarioOption = "",
    form: Annotated[ListFormat, typer.Option("--format", help="How to put it out.")] = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """List what there is: everything of one kind, or how much of each kind."""
    with guarded():
        from .catalogue import Catalogue
        from .console import check_writable
        from .render.catalogue import json_of_table, text_of_table

        check_writable(output)
        of = system()
        catalogue = Catalogue(of, of.scenario(scenario))
        table = catalogue.table(kind) if kind else catalogue.kinds()
        data, text = partial(json_of_table, table), partial(text_of_table, table)
        _answer(as_json or form is ListFormat.json, output, data, text)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="An actor, record, event, property, parameter, scenario or predicate.")],
    scenario: ScenarioOption = "",
    form: Annotated[ListFormat, typer.Option("--format", help="How to put it out.")] = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Show one thing in full: an actor as a table of states, an event with who takes part, a property, a scenario."""
    with guarded():
        from .catalogue import Catalogue
        from .console import check_writable
        from .render.catalogue import json_of_entries, text_of_entries

        check_writable(output)
        of = system()
        entries = Catalogue(of, of.scenario(scenario)).show(name)
        data, text = partial(json_of_entries, entries), partial(text_of_entries, entries)
        _answer(as_json or form is ListFormat.json, output, data, text)


@app.command()
def trace(
    form: Annotated[ListFormat, typer.Option("--format", help="How to put it out.")] = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Trace each statement of the document to what answers for it: in the model, in the suite, or due.

    Exit code 0 when nothing is missing but what later parts owe, 1 when there is a gap.
    """
    with guarded():
        from .console import check_writable
        from .render.trace import json_of_trace, text_of_trace
        from .report import Exit
        from .trace import trace as traced

        check_writable(output)
        of = system()
        matrix = traced(of.build(of.default), of.suite)
        data, text = partial(json_of_trace, matrix), partial(text_of_trace, matrix)
        _answer(as_json or form is ListFormat.json, output, data, text)
    raise typer.Exit(int(Exit.UNEXPECTED if matrix.gaps else Exit.AS_EXPECTED))


@app.command()
def order(
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0, help="How long to search.")] = 120.0,
    seed: Annotated[int, typer.Option("--seed", help="Of the search's choices.")] = 0,
    tries: Annotated[
        int | None, typer.Option("--tries", min=0, help="How many orders to try, in place of --seconds.")
    ] = None,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Search for a better order of the moving actors, on which the speed of the symbolic engine depends; and store it.

    It begins with the stored order. Without -o the result takes its place, beside the model.
    """
    with guarded():
        import json

        from .checker import network_of
        from .console import check_writable, complain, write_file
        from .engines.search import Trial, searched
        from .system import order_file, settings_of

        check_writable(output)
        of = system()
        network = network_of(of.scenario(scenario), of.suite, settings_of(assignments or ()), of.build)

        def tell(trial: Trial, number: int) -> None:
            if not quiet:
                complain(f"{trial.nodes:,} nodes after {number} tries")

        found = searched(network, start=of.order, seconds=seconds, seed=seed, told=tell, tries=tries)
        path = output or order_file()
        write_file(path, json.dumps(list(found.order), indent=1, ensure_ascii=False) + "\n")
        typer.echo(f"{found.nodes:,} nodes; the order is stored in {path}")


def main() -> None:
    """The entry point. A reader that goes away early (``| head``) is no error."""
    try:
        app(prog_name="ccmproof")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
