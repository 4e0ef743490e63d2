"""``ccmproof diagram product``: what can be reached, in full where that is little, or as some actors see it."""

from __future__ import annotations

from typing import Annotated

import typer

from .completion import complete_actor
from .diagram import FileOption, FormOption, _drawing
from .options import QuietOption, ScenarioOption, SetOption, system_of
from .output import undetermined


def product(
    context: typer.Context,
    actors: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ACTOR]...",
            help="On whom it is projected; without any, all of the product.",
            autocompletion=complete_actor,
        ),
    ] = None,
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    fold: Annotated[bool, typer.Option("--fold", help="What can be gone round in is one box.")] = False,
    form: FormOption = "",
    output: FileOption = None,
    quiet: QuietOption = False,
) -> None:
    """Draw what can be reached: a small product in full, or any as some of its actors see it.

    Then a box is a combination of their states, with how many states of the product have it and in how many
    environments; arrows are the events that lead from one to the other.
    """
    with _drawing(form, output, "product") as put:
        from ccmproof.diagrams.graphml import graphml
        from ccmproof.model.kernel.errors import ModelError

        from ..console import progress
        from ..engines import CutShort
        from ..system import settings_of
        from ..viewing import MOST_FOLDED, MOST_WRITTEN, drawn_product, viewed

        if put.form == "graphml" and fold:
            raise ModelError("--fold is for drawings: graphml has every node, and which part it is of (component)")
        of = system_of(context)
        chosen = of.scenario(scenario)
        most = MOST_WRITTEN if put.form == "graphml" else MOST_FOLDED
        with progress(chosen.name, quiet=quiet) as tell:
            try:
                found = viewed(of, chosen, settings_of(assignments or ()), actors or (), most, tell)
            except CutShort as error:
                raise undetermined(f"the product of {chosen.name}", str(error)) from error
            if put.form == "graphml":
                put.data = graphml(found.view)
            else:
                put.diagram = drawn_product(found, fold=fold, progress=tell)
