"""The command line. Every command answers with an exit code that a script can use (:class:`~..report.Exit`).

The commands that explore are in :mod:`.check`, :mod:`.explain`, :mod:`.ask`, :mod:`.validate`, :mod:`.mutate` and
:mod:`.order`, the one that reads logs in :mod:`.replay`, those that look something up in :mod:`.lookup`, those about
change files in :mod:`.change`, those that draw in :mod:`.diagram`, :mod:`.product`, :mod:`.gallery`, :mod:`.explore`,
those of the reference site in :mod:`.lab` and :mod:`.lab_test`.
What is heavy is imported inside the commands, so that ``--help`` and completion are quick.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from . import (
    ask,
    change,
    check,
    diagram,
    explain,
    explore,
    gallery,
    lab,
    lab_test,
    lookup,
    mutate,
    order,
    product,
    replay,
    validate,
)
from .options import plain_app

if TYPE_CHECKING:
    from ..system import System

app = plain_app(
    name="ccmproof",
    help="Prove the Entra authentication workflow of Configuration Manager clients, in every environment at once.",
    no_args_is_help=True,
    epilog="Exit codes: 0 as expected; 1 not as expected; 2 unusable input; 3 undetermined or interrupted.",
)


def system() -> System:
    """The system that all commands are about."""
    from ..system import shipped

    return shipped()


def _print_version(wanted: bool) -> None:
    if wanted:
        from ..version import version

        typer.echo(f"ccmproof {version()}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options of the command as a whole."""
    context.obj = system  # not what it returns: `check --help` need not load it


app.command()(check.check)
app.command()(explain.explain)
app.command()(ask.ask)
app.command()(validate.validate)
app.command()(mutate.mutate)
app.add_typer(change.app, name="change")
diagram.app.command()(product.product)
diagram.app.callback(invoke_without_command=True)(gallery.gallery)
app.add_typer(diagram.app, name="diagram")
app.command()(explore.explore)
app.command()(replay.replay)
for command in (lab_test.test, lab_test.bugs, lab_test.cases, lab_test.suite):
    lab.app.command()(command)
app.add_typer(lab.app, name="lab")
app.command("list")(lookup.list_)
app.command()(lookup.show)
app.command()(lookup.trace)
app.command()(order.order)


def main() -> None:
    """The entry point. A reader that goes away early (``| head``) is no error."""
    try:
        app(prog_name="ccmproof")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
