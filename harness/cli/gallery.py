"""``ccmproof diagram --all``: the gallery, drawn again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from typer.core import TyperGroup

from .options import QuietOption
from .output import guarded


def gallery(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Draw the whole gallery again, as Markdown pages.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="With --all: where; the checkout's diagrams/gallery."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Options of the command without a kind of diagram."""
    with guarded():
        from ccmproof.model.kernel.errors import ModelError

        if context.invoked_subcommand is None:
            if not everything:
                raise ModelError("say what to draw (`ccmproof diagram --help`), or --all")
            _draw_all(context, _folder(output), quiet=quiet)
        elif everything:
            raise ModelError(f"--all draws the whole gallery; leave {context.invoked_subcommand} out")
        elif output is not None:
            raise ModelError(f"-o {output}: it stands behind what is drawn, as in `{context.invoked_subcommand} … -o`")


def _folder(named: Path | None) -> Path:
    from ccmproof.model.kernel.errors import ModelError

    from ..gallery import home

    folder = named or home()
    if folder is None:
        raise ModelError("there is no checkout whose gallery could be renewed: name a folder, -o FOLDER")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"cannot keep diagrams in {folder}: {error.strerror or error}") from error
    return folder


def _draw_all(context: typer.Context, folder: Path, *, quiet: bool) -> None:
    """Draw every entry by its own command, and write a page as soon as it is complete."""
    from ..console import write_file
    from ..gallery import GALLERY, pages

    many = sum(len(group.entries) for group in GALLERY)
    drawn = 0
    with TemporaryDirectory() as scratch:

        def draw(arguments: Sequence[str]) -> str:
            nonlocal drawn
            drawn += 1
            if not quiet and sys.stderr is not None and sys.stderr.isatty():
                print(f"{drawn} of {many}: {' '.join(arguments)}", file=sys.stderr)
            return _mermaid(context, arguments, Path(scratch) / "drawn.mmd", quiet=quiet)

        for name, text in pages(draw):
            write_file(folder / name, text)


def _mermaid(context: typer.Context, arguments: Sequence[str], file: Path, *, quiet: bool) -> str:
    """What the command prints."""
    group = context.command
    assert isinstance(group, TyperGroup)
    name, command, rest = group.resolve_command(context, [*arguments])
    assert command is not None
    options = ["--quiet"] if quiet and any(each.name == "quiet" for each in command.params) else []
    with command.make_context(name, [*rest, *options, "-o", str(file)], parent=context) as inner:
        command.invoke(inner)
    return file.read_text(encoding="utf-8")
