"""What a command does with what it has to say, and with what keeps it from saying anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ccmproof.model.kernel.run import Run


@contextmanager
def guarded() -> Iterator[None]:
    """Errors as one line on standard error, and the exit code that they mean."""
    from ccmproof.model.kernel.errors import ModelError

    from ..console import complain
    from ..counterexample import EngineError
    from ..report import Exit

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


def undetermined(what: str, why: str) -> typer.Exit:
    """The end of a command whose search was cut short, so that there is nothing to draw."""
    from ..console import complain
    from ..report import Exit

    complain(f"{what} is undetermined, and there is nothing to draw: {why}")
    return typer.Exit(int(Exit.UNDETERMINED))


def put_out(as_data: bool, output: Path | None, data: Callable[[], str], text: Callable[..., str]) -> None:
    """Put out what a program reads, or else a page to read: ``text`` is given its width, colour and ASCII by name."""
    from ..console import write_data, write_page

    if as_data:
        write_data(data(), output)
    else:
        write_page(lambda width, colour, ascii: text(width=width, colour=colour, ascii=ascii), output)


def keep_runs(folder: Path, runs: Mapping[str, Run]) -> None:
    """Keep each run as ``NAME.run.json``.

    Raises:
        ModelError: the folder cannot be made, or a file cannot be written.
    """
    import json

    from ccmproof.model.kernel.errors import ModelError

    from ..console import write_file

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"cannot keep runs in {folder}: {error.strerror or error}") from error
    for name, run in runs.items():
        write_file(folder / f"{name}.run.json", json.dumps(run.to_json(), indent=2, ensure_ascii=False) + "\n")
