"""``ccmproof lab``: the reference site, driven and judged by the model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import (
    JsonOption,
    ListFormat,
    ListFormatOption,
    OutputOption,
    QuietOption,
    ScenarioOption,
    SetOption,
    plain_app,
    system_of,
)
from .output import guarded, keep_runs, put_out

if TYPE_CHECKING:
    from ccmproof.harness.lab.story import Story
    from ccmproof.model.kernel.network import Network
    from ccmproof.model.kernel.run import Run

    from ..report import Counterexample
    from ..system import System

app = plain_app(
    help="A site with real certificates, tokens, caches and logs, in one process, that the model drives and judges.",
    no_args_is_help=True,
)

NEEDS = {
    "cryptography": "cryptography", "jwt": "PyJWT", "httpx": "httpx", "starlette": "starlette",
    "sqlalchemy": "SQLAlchemy", "hypothesis": "hypothesis", "filelock": "filelock",
}  # fmt: skip
"""What the extra brings: the modules, and the libraries that have them."""
FOLDER = Path("ccmproof-lab")
MARK = ".ccmproof-lab"
"""Says of a folder that a lab has left it, also where it was interrupted."""
LOCK = ".ccmproof-lab.lock"
"""Is held, by the system and not by its being there, while a lab runs in a folder: a process that dies holds none."""
RUN = "lab"
"""The name of the run that a lab leaves."""


@app.callback()
def _lab() -> None:
    """The lab's commands; each needs the extra `lab`."""


@app.command("run")
def run_(
    context: typer.Context,
    scenario: ScenarioOption = "",
    assignments: SetOption = None,
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where the logs, the device's disk and the run are left.")
    ] = FOLDER,
    diagram: Annotated[
        Path | None,
        typer.Option("--diagram", metavar="FILE", help="Draw what happened; .mmd, .dot, .svg or .png."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of what is drawn.")] = 0,
    form: ListFormatOption = ListFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    quiet: QuietOption = False,
) -> None:
    """Build a site, install a client, register it, send messages, let its token expire, and renew it.

    Every step is followed in the model. Of a scenario the environment is taken; that nothing strikes which it would let
    strike is said. The story is printed as a sequence; the logs are what `replay` reads. Exit code
    0: all of it comes about; 1: it does not, as the model has it, or a component does what the model does not allow,
    and the last line says which; 2: it cannot be run.
    """
    with guarded():
        needs_lab()
        from ccmproof.diagrams.formats import check_format, format_by_ending
        from ccmproof.model.kernel.errors import ModelError

        from ..console import check_writable
        from ..lab.chosen import environment, told_in, unused
        from ..lab.conformance.equipment import equipment
        from ..lab.story import story
        from ..render.lab import StoryShown, data, text
        from ..report import Exit
        from ..system import settings_of

        of = system_of(context)
        check_writable(output)
        if diagram is not None:
            check_writable(diagram)
            check_format(format_by_ending(diagram))
        named = of.scenario(scenario) if scenario else None
        chosen = environment(equipment(), named, settings_of(assignments or ()))
        with prepared(folder):
            try:
                told = story(folder, chosen, tell=lambda what: say(what, quiet), seed=seed)
            except OSError as error:
                raise ModelError(f"--dir {folder}: {error.strerror or error}") from error
            network, found = told_in(of, told.run)
            usual = equipment().environment()
            shown = _shown(network, found, {name: value for name, value in chosen.items() if usual[name] != value})
            keep_runs(folder, {RUN: found})
            if diagram is not None:
                _draw(of, network, shown, told, diagram)
            page = StoryShown(told, shown, _left(folder), scenario, unused(named) if named else ())
        put_out(as_json or form is ListFormat.json, output, lambda: data(page), lambda **how: text(page, **how))
        code = Exit.AS_EXPECTED if told.complete else Exit.UNEXPECTED
    raise typer.Exit(int(code))


def needs_lab() -> None:
    """Refuse where the extra is not installed.

    Raises:
        ModelError: a library is missing; it says how to have it.
    """
    from importlib.util import find_spec

    from ccmproof.model.kernel.errors import ModelError

    missing = [library for module, library in NEEDS.items() if find_spec(module) is None]
    if missing:
        raise ModelError(f"the lab needs {', '.join(missing)}: pip install 'ccmproof[lab]'")


@contextmanager
def prepared(folder: Path) -> Iterator[None]:
    """Make room for a lab, and keep every other lab out of it: a new or empty folder, or one that an earlier run has
    left.

    Raises:
        ModelError: the folder has something else in it, another lab is running in it, or it cannot be written.
    """
    from ccmproof.model.kernel.errors import ModelError
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = {each.name for each in folder.iterdir()} - {LOCK}
        if there and MARK not in there:
            raise ModelError(f"--dir {folder}: there is something in it that no lab has left; name another folder")
        lock.acquire(timeout=0)
        (folder / MARK).write_text("A lab has left this folder, and may use it again.\n", encoding="utf-8")
        for name in ("logs", "devices"):
            if (folder / name).exists():
                shutil.rmtree(folder / name)
    except Timeout as error:
        raise ModelError(f"--dir {folder}: another lab is running in it; name another folder") from error
    except (OSError, NotImplementedError) as error:
        lock.release()
        raise ModelError(f"--dir {folder}: {getattr(error, 'strerror', None) or error}") from error
    try:
        yield
    finally:
        lock.release()


def say(what: str, quiet: bool) -> None:
    """What is being done, on standard error; nothing where that is not wanted."""
    if not quiet:
        typer.echo(f"… {what}", err=True)


def _shown(network: Network, run: Run, changes: Mapping[str, str]) -> Counterexample:
    from ..counterexample import told
    from ..report import Counterexample

    return Counterexample(run, told(network, run), len(run), changes)


def _left(folder: Path) -> Mapping[str, str]:
    from ..render.words import counted

    logs = sorted(each.name for each in (folder / "logs").glob("*/*.log"))
    records = sorted(each.name for each in (folder / "logs").glob("*/*.json"))
    beside = f", and {' and '.join(records)}, JSON lines that replay leaves aside" if records else ""
    return {
        "logs": f"{counted(len(logs), 'log')} of all hosts{beside}; ccmproof replay {folder / 'logs'}",
        "devices": "the device's disk: its cache, encrypted, and what it has stored",
        f"{RUN}.run.json": f"the run; ccmproof explore --run {folder / f'{RUN}.run.json'}",
    }


def _draw(of: System, network: Network, shown: Counterexample, told: Story, path: Path) -> None:
    from ccmproof.diagrams.formats import format_by_ending, written
    from ccmproof.diagrams.run import Broken

    from ..console import write_file
    from ..drawing import drawn_run

    left = told.deviation
    broken = Broken(len(shown.run), (str(left),), "here it leaves the model") if left is not None else None
    lanes = drawn_run(of, shown.run, network, "A lab's story", shown.unusual, broken)
    write_file(path, written(lanes, format_by_ending(path)))
