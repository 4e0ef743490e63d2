"""``ccmproof diagram``: what there is to see, as Mermaid, DOT, SVG or PNG."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .completion import (
    complete_actor,
    complete_change,
    complete_expression,
    complete_format,
    complete_property,
    complete_scenario,
    complete_workflow,
)
from .options import QuietOption, ScenarioOption, SetOption, plain_app, scenario_of, system_of
from .output import guarded, undetermined

if TYPE_CHECKING:
    from ccmproof.diagrams.form import Diagram

app = plain_app(
    help="Draw an actor, the network, a workflow, a run, a counterexample, a change, or the causes of something.",
    no_args_is_help=True,
)

FormOption = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="mermaid, dot, svg or png; of an actor scxml, of the product graphml; by default what the ending of FILE "
        "says, else mermaid.",
        autocompletion=complete_format,
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write to a file (.mmd .dot .svg .png …) instead of printing."),
]


@app.command()
def actor(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The actor.", autocompletion=complete_actor)],
    scenario: ScenarioOption = "",
    form: FormOption = "",
    output: FileOption = None,
    quiet: QuietOption = False,
) -> None:
    """Draw an actor's states and transitions.

    Transitions have their guards and citations; the way that it takes where all is well stands out.
    """
    with _drawing(form, output, "actor") as put:
        from ..console import progress
        from ..drawing import actor_as_scxml, drawn_actor

        of = system_of(context)
        chosen = of.scenario(scenario)
        if put.form == "scxml":
            put.data = actor_as_scxml(of, chosen, name)
            return
        with progress(chosen.name, quiet=quiet) as tell:
            put.diagram = drawn_actor(of, chosen, name, tell)


@app.command()
def network(
    context: typer.Context,
    scenario: ScenarioOption = "",
    form: FormOption = "",
    output: FileOption = None,
    quiet: QuietOption = False,
) -> None:
    """Draw the actors by host, and the events that they share."""
    with _drawing(form, output) as put:
        from ..console import progress
        from ..drawing import drawn_network

        of = system_of(context)
        chosen = of.scenario(scenario)
        with progress(chosen.name, quiet=quiet) as tell:
            put.diagram = drawn_network(of, chosen, tell)


@app.command()
def sequence(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(metavar="RUN.json", help="A run, as check --runs keeps them.")],
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="Whose run it is; by default the first that it fits.",
            autocompletion=complete_scenario,
        ),
    ] = "",
    form: FormOption = "",
    output: FileOption = None,
) -> None:
    """Draw a run that was kept as a file.

    Lanes by host, who sends what to whom, what fails, what goes on for ever.
    """
    with _drawing(form, output) as put:
        from ..drawing import drawn_run
        from ..runfile import read_run

        of = system_of(context)
        read = read_run(run, of, of.scenario(scenario) if scenario else None)
        title = run.name.removesuffix(".json").removesuffix(".run")
        put.diagram = drawn_run(of, read.run, read.network, title, read.unusual)


@app.command()
def counterexample(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="PROPERTY", help="Its ID.", autocompletion=complete_property)],
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    form: FormOption = "",
    output: FileOption = None,
    quiet: QuietOption = False,
) -> None:
    """Check a property, and draw the run that speaks against it."""
    with _drawing(form, output) as put:
        from ccmproof.diagrams.run import Broken
        from ccmproof.model.kernel.errors import ModelError

        from ..checker import check
        from ..console import progress
        from ..drawing import drawn_run
        from ..engines import Exploration
        from ..render.story import reasons
        from ..system import settings_of

        of = system_of(context)
        prop, chosen = of.property(name), of.scenario(scenario)
        asked = of.asked_in(chosen, (prop,), named=True)
        seen: list[Exploration] = []
        with progress(chosen.name, quiet=quiet) as tell:
            report = check(
                chosen,
                asked,
                settings_of(assignments or ()),
                build=of.build,
                order=of.order_of(chosen),
                progress=tell,
                look=seen.append,
                reach=False,
            )
        judgement = report.judgements[0]
        shown = judgement.counterexample
        if shown is None and report.stopped:
            raise undetermined(f"{prop.id} in {chosen.name}", report.stopped)
        if shown is None:
            raise ModelError(f"{prop.id} {judgement.verdict.value} in {chosen.name}: there is no run to draw")
        broken = Broken(shown.judged, tuple(reasons(shown.run.because, shown.run.states[shown.judged])))
        title = f"{prop.id}: {prop.claim}"
        mark = None if prop.possible or judgement.bound is not None else broken
        put.diagram = drawn_run(of, shown.run, seen[0].network, title, shown.unusual, mark)


@app.command()
def change(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(metavar="CHANGE", help="A file, or a shipped change.", autocompletion=complete_change),
    ],
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="The scenario; the first that the change names by default.",
            autocompletion=complete_scenario,
        ),
    ] = "",
    form: FormOption = "",
    output: FileOption = None,
) -> None:
    """Draw the actors that a change touches.

    What is added, removed and altered is told apart; a transition that reads what is altered counts as altered.
    """
    with _drawing(form, output) as put:
        from ..changes.shipped import named
        from ..drawing import drawn_change

        of = system_of(context)
        read = named(name)
        put.diagram = drawn_change(of, read, of.scenario(scenario or next(iter(read.scenarios), "")))


@app.command()
def causes(
    context: typer.Context,
    goal: Annotated[
        str,
        typer.Argument(
            help='A property, one of the goals by name, or a condition: "ACTOR is STATE".',
            autocompletion=complete_expression,
        ),
    ],
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    depth: Annotated[int, typer.Option("--depth", min=0, help="Cut the tree after so many questions.")] = 4,
    form: FormOption = "",
    output: FileOption = None,
    quiet: QuietOption = False,
) -> None:
    """Draw the decision tree of a property or goal.

    It says which question tells soonest whether the property fails, or the goal is out of reach.
    """
    with _drawing(form, output) as put:
        from ..console import progress
        from ..drawing import asked_about, drawn_causes
        from ..explain import Wanted, explain
        from ..system import settings_of

        of = system_of(context)
        chosen = scenario_of(of, scenario, "symbolic")
        about = asked_about(of, goal)
        if not isinstance(about, str):
            of.asked_in(chosen, (about,), named=True)
        with progress(chosen.name, quiet=quiet) as tell:
            found = explain(
                chosen,
                about,
                settings_of(assignments or ()),
                Wanted(0, True, depth),
                build=of.build,
                order=of.order_of(chosen),
                progress=tell,
            )
        if found.tree is None:
            raise undetermined(f"{goal} in {chosen.name}", found.stopped)
        put.diagram = drawn_causes(found, found.tree, goal)


@app.command()
def workflow(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="install, registration or renewal.", autocompletion=complete_workflow)],
    form: FormOption = "",
    output: FileOption = None,
    quiet: QuietOption = False,
) -> None:
    """Draw a workflow with its alternatives.

    Each is a shortest run of the model; what they share stands once. It cites what it rests on.
    """
    with _drawing(form, output) as put:
        from ..console import progress
        from ..drawing import drawn_workflow

        of = system_of(context)
        with progress(name, quiet=quiet) as tell:
            put.diagram = drawn_workflow(of, name, tell)


class _Put:
    """What is to be put out: a diagram to be written in the format, or the data as it is."""

    diagram: Diagram
    data: bytes | None = None

    def __init__(self, form: str) -> None:
        self.form = form


@contextmanager
def _drawing(form: str, output: Path | None, kind: str = "") -> Iterator[_Put]:
    """Refuse what cannot be written before any work is done; afterwards write what was drawn."""
    with guarded():
        from ccmproof.diagrams.formats import check_format, format_of, written
        from ccmproof.model.kernel.errors import ModelError

        from ..console import check_writable, write_data

        wanted = format_of(form, output)
        check_writable(output)
        check_format(wanted, kind)
        if wanted == "png" and output is None and sys.stdout is not None and sys.stdout.isatty():
            raise ModelError("a PNG is nothing for a terminal: name a file, -o FILE.png")
        put = _Put(wanted)
        yield put
        write_data(written(put.diagram, wanted) if put.data is None else put.data, output)
