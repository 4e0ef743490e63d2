"""``ccmproof explore``: a page on which anybody walks the product by hand."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from .completion import complete_change, complete_property
from .options import LimitOption, QuietOption, ScenarioOption, SetOption, limit_of, system_of
from .output import guarded, undetermined

PAGE = Path("ccmproof-explore.html")


def explore(
    context: typer.Context,
    counterexamples: Annotated[
        list[str] | None,
        typer.Option(
            "--counterexample",
            metavar="PROPERTY",
            help="A run against this property lies in the page, to be walked along; several times.",
            autocompletion=complete_property,
        ),
    ] = None,
    runs: Annotated[
        list[Path] | None,
        typer.Option(
            "--run",
            metavar="RUN.json",
            help="This run lies in the page, as check --runs and replay --runs keep them; by default in its scenario.",
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--change",
            metavar="CHANGE",
            help="The design with this change: a file, or one that is shipped; several are applied in order.",
            autocompletion=complete_change,
        ),
    ] = None,
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The page.")] = PAGE,
    limit: LimitOption = None,
    quiet: QuietOption = False,
) -> None:
    """Make a page of HTML, complete in itself, on which the product can be walked by hand.

    It has every machine with its state lit, what may happen and what it would change, what may not and why, the run so
    far as a sequence, and the claims as they stand; unknowns stay open until a guard reads one.
    """
    with guarded():
        from ccmproof.diagrams.explorer.page import page
        from ccmproof.diagrams.formats import check_format

        from ..changes.shipped import named
        from ..console import check_writable, progress, write_data
        from ..engines import CutShort
        from ..exploring import Explored, scenario_of
        from ..system import settings_of

        check_writable(output)
        check_format("svg")
        of = system_of(context)
        read = [named(name) for name in changes or ()]
        named_by_changes = next((name for change in read for name in change.scenarios), "")
        if runs and not (scenario or named_by_changes or assignments):
            chosen = scenario_of(of, runs)
        else:
            chosen = of.scenario(scenario or named_by_changes)
        asked, most = [of.property(name) for name in counterexamples or ()], limit_of(limit, None, "symbolic")
        page_of = Explored(of, chosen, settings_of(assignments or ()), read)
        walks = [page_of.kept_run(path) for path in runs or ()]
        with progress(chosen.name, quiet=quiet) if asked else nullcontext() as tell:
            for prop in asked:
                try:
                    walks.append(page_of.counterexample(prop, most, tell))
                except CutShort as error:
                    raise undetermined(f"{prop.id} in {chosen.name}", str(error)) from error
        write_data(page(page_of.subject(walks)).encode("utf-8"), output)
        if not quiet:
            typer.echo(f"{output}: open it in a browser")
