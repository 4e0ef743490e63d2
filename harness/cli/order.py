"""``ccmproof order``: search for a better order of the moving actors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .options import OutputOption, QuietOption, ScenarioOption, SetOption, system_of
from .output import guarded

if TYPE_CHECKING:
    from ..engines.search import Trial


def order(
    context: typer.Context,
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

    It begins with the stored order, and moves levels that several actors share whole. Without -o the result takes the
    place of that order, beside the model.
    """
    with guarded():
        from ..checker import network_of
        from ..console import check_writable, complain, write_file
        from ..engines.order import written
        from ..engines.search import searched
        from ..system import order_file, settings_of

        check_writable(output)
        of = system_of(context)
        chosen = of.scenario(scenario)
        network = network_of(chosen, of.sayable_in(chosen), settings_of(assignments or ()), of.build)

        def tell(trial: Trial, number: int) -> None:
            if not quiet:
                complain(f"{trial.nodes:,} nodes after {number} tries")

        found = searched(network, start=of.order_of(chosen), seconds=seconds, seed=seed, told=tell, tries=tries)
        path = output or order_file(chosen.order)
        write_file(path, written(found.order))
        typer.echo(f"{found.nodes:,} nodes; the order is stored in {path}")
