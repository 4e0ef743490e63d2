"""``ccmproof explain``: the environments, the causes, a run for some of them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from .completion import complete_expression, complete_property
from .options import (
    EngineOption,
    JsonOption,
    LimitOption,
    ListFormat,
    ListFormatOption,
    MemoryOption,
    OutputOption,
    QuietOption,
    ScenarioOption,
    SetOption,
    limit_of,
    scenario_of,
    system_of,
)
from .output import guarded, put_out


def explain(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[PROPERTY]", help="The ID of a property; or give --goal.", autocompletion=complete_property
        ),
    ] = "",
    goal: Annotated[
        str | None,
        typer.Option(
            "--goal",
            metavar="CONDITION",
            help='What is to be reached: "ACTOR is STATE and EVENT".',
            autocompletion=complete_expression,
        ),
    ] = None,
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    tree: Annotated[bool, typer.Option("--tree", help="Which question to ask first, and then, and then.")] = False,
    depth: Annotated[int | None, typer.Option("--depth", min=0, help="The tree, cut after so many questions.")] = None,
    causes: Annotated[int, typer.Option("--causes", metavar="N", min=0, help="How many causes the page lists.")] = 50,
    stories: Annotated[int, typer.Option("--stories", metavar="N", min=0, help="How many of them a run shows.")] = 3,
    form: ListFormatOption = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
    engine: EngineOption = "symbolic",
    limit: LimitOption = None,
    memory: MemoryOption = None,
) -> None:
    """Explain when a property fails, or a goal cannot or need not be reached: environments, minimal causes, some runs.

    Exit code 0 when it could be said, whatever it is; 2 for unusable input; 3 when a limit or an interruption cut a
    search short, so that the causes or some of the runs are missing.
    """
    with guarded():
        from ccmproof.model.kernel.errors import ModelError

        from ..console import check_writable, progress
        from ..explain import Wanted
        from ..explain import explain as explained
        from ..render.explain import json_of_explanation, text_of_explanation
        from ..system import settings_of

        if bool(name) == (goal is not None):
            raise ModelError("explain needs the ID of a property or --goal CONDITION, and not both")
        check_writable(output)
        of = system_of(context)
        about = of.property(name) if goal is None else goal
        chosen = scenario_of(of, scenario, engine)
        if goal is None:
            of.asked_in(chosen, (of.property(name),), named=True)
        most = limit_of(limit, memory, engine)
        wanted = Wanted(stories, tree or depth is not None, depth)
        with progress(chosen.name, quiet=quiet) as tell:
            found = explained(
                chosen,
                about,
                settings_of(assignments or ()),
                wanted,
                build=of.build,
                engine=engine,
                order=of.order_of(chosen),
                limit=most,
                progress=tell,
            )
        data, text = partial(json_of_explanation, found), partial(text_of_explanation, found, causes)
        put_out(as_json or form is ListFormat.json, output, data, text)
    raise typer.Exit(int(found.exit))
