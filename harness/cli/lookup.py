"""The commands that look something up: ``list``, ``show`` and ``trace``. They explore nothing."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from .completion import complete_kind, complete_name
from .options import JsonOption, ListFormat, ListFormatOption, OutputOption, ScenarioOption, system_of
from .output import guarded, put_out


def list_(
    context: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            help="actors, events, properties, parameters, unknowns, scenarios or predicates.",
            autocompletion=complete_kind,
        ),
    ] = "",
    scenario: ScenarioOption = "",
    form: ListFormatOption = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """List what there is: everything of one kind, or how much of each kind."""
    with guarded():
        from ..catalogue import Catalogue
        from ..console import check_writable
        from ..render.catalogue import json_of_table, text_of_table

        check_writable(output)
        of = system_of(context)
        catalogue = Catalogue(of, of.scenario(scenario))
        table = catalogue.table(kind) if kind else catalogue.kinds()
        data, text = partial(json_of_table, table), partial(text_of_table, table)
        put_out(as_json or form is ListFormat.json, output, data, text)


def show(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            help="An actor, record, event, property, parameter, scenario or predicate.", autocompletion=complete_name
        ),
    ],
    scenario: ScenarioOption = "",
    form: ListFormatOption = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Show one thing in full: an actor as a table of states, an event with who takes part, a property, a scenario."""
    with guarded():
        from ..catalogue import Catalogue
        from ..console import check_writable
        from ..render.catalogue import json_of_entries, text_of_entries

        check_writable(output)
        of = system_of(context)
        entries = Catalogue(of, of.scenario(scenario)).show(name)
        data, text = partial(json_of_entries, entries), partial(text_of_entries, entries)
        put_out(as_json or form is ListFormat.json, output, data, text)


def trace(
    context: typer.Context,
    form: ListFormatOption = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Trace each statement of the document to what answers for it: in the model, in the suite, or due.

    Exit code 0 when nothing is missing but what later parts owe, 1 when there is a gap.
    """
    with guarded():
        from ..console import check_writable
        from ..render.trace import json_of_trace, text_of_trace
        from ..report import Exit
        from ..trace import trace as traced

        check_writable(output)
        of = system_of(context)
        matrix = traced(of.build(of.default), of.suite)
        data, text = partial(json_of_trace, matrix), partial(text_of_trace, matrix)
        put_out(as_json or form is ListFormat.json, output, data, text)
    raise typer.Exit(int(Exit.UNEXPECTED if matrix.gaps else Exit.AS_EXPECTED))
