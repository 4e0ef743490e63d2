"""``ccmproof change``: files to start from, those that are shipped, and the schema by which editors check them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from .completion import complete_change
from .options import JsonOption, ListFormat, ListFormatOption, OutputOption, plain_app
from .output import guarded, put_out

app = plain_app(
    help="Design changes: a file to start from, those that are shipped, the schema for editors.", no_args_is_help=True
)


@app.command()
def new(
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="NAME",
            help="A copy of this change: a shipped one, or a file.",
            autocompletion=complete_change,
        ),
    ] = "",
    output: OutputOption = None,
) -> None:
    """Write a commented change file to start from."""
    with guarded():
        from ccmproof.model.kernel.errors import ModelError

        from ..changes.shipped import text_of
        from ..changes.template import template
        from ..console import check_writable, write_data

        check_writable(output)
        if output is not None and output.exists():
            raise ModelError(f"{output} is there already; it is not written over")
        write_data(text_of(source) if source else template(), output)


@app.command("list")
def list_(
    form: ListFormatOption = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """List the changes that are shipped."""
    with guarded():
        from ..catalogue import Table
        from ..changes.shipped import named, shipped
        from ..console import check_writable
        from ..render.catalogue import json_of_table, text_of_table

        check_writable(output)
        changes = [named(name) for name in shipped()]
        table = Table("changes", ("name", "title"), tuple((each.name, each.title) for each in changes))
        data, text = partial(json_of_table, table), partial(text_of_table, table)
        put_out(as_json or form is ListFormat.json, output, data, text)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A shipped change, or a file.", autocompletion=complete_change)],
    output: OutputOption = None,
) -> None:
    """Show a change file."""
    with guarded():
        from ..changes.shipped import text_of
        from ..console import check_writable, write_data

        check_writable(output)
        write_data(text_of(name), output)


@app.command()
def schema(output: OutputOption = None) -> None:
    """Print the JSON schema of change files, for editors."""
    with guarded():
        from ..changes.schema import text
        from ..console import check_writable, write_data

        check_writable(output)
        write_data(text(), output)


@app.command("clear-cache")
def clear_cache() -> None:
    """Forget what is kept of the original design, so that the next validation looks at it anew."""
    with guarded():
        from ..changes.cache import Kept, usual_folder
        from ..render.words import counted

        folder = usual_folder()
        typer.echo(f"{counted(Kept(folder).clear(), 'file')} removed from {folder}")
