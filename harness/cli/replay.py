"""``ccmproof replay``: real logs against the model, with a diagnosis."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .hands import ExecutorOption, WorkersOption, hands_of
from .options import JsonOption, OutputOption, QuietOption
from .output import guarded, put_out
from .replay_options import ReplayFormat, ReplayFormatOption, Wanted

if TYPE_CHECKING:
    from ..render.replay import Shown
    from ..replay.following.equipment import Equipment
    from ..replay.gathered import Gathered


def _clear_cache(wanted: bool) -> None:
    if wanted:
        with guarded():
            from ..render.words import counted
            from ..replay.following.kept import clear, usual_folder

            folder = usual_folder()
            typer.echo(f"{counted(clear(folder), 'file')} removed from {folder}")
        raise typer.Exit


def replay(
    logs: Annotated[
        list[str],
        typer.Argument(metavar="LOGS...", help="Files, folders, globs, zip archives; - for standard input."),
    ],
    all_lines: Annotated[
        bool, typer.Option("--all-lines", help="Show the lines that are not recognised too, in place.")
    ] = False,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Insist that the logs begin where the workflow does.")
    ] = False,
    patterns: Annotated[
        list[Path] | None,
        typer.Option("--patterns", metavar="FILE", help="A table of your own patterns, before the shipped ones."),
    ] = None,
    redact: Annotated[
        bool | None,
        typer.Option("--redact/--no-redact", help="Mask tokens, SIDs, GUIDs and names; the default for files."),
    ] = None,
    diagram: Annotated[
        Path | None,
        typer.Option("--diagram", metavar="FILE", help="Draw what happened; .mmd, .dot, .svg or .png."),
    ] = None,
    runs: Annotated[
        Path | None,
        typer.Option("--runs", metavar="DIR", help="Keep a run of the model that explains the lines."),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on reading, and say anew what has changed.")] = False,
    many: Annotated[bool, typer.Option("--many", help="Folders with bundles of many devices: a table.")] = False,
    workers: WorkersOption = None,
    executor: ExecutorOption = "",
    form: ReplayFormatOption = ReplayFormat.text,
    as_json: JsonOption = False,
    output: OutputOption = None,
    clear_cache: Annotated[
        bool,
        typer.Option(
            "--clear-cache",
            help="Forget what is kept of the model, so that it is found out anew, and do nothing else.",
            is_eager=True,
            callback=_clear_cache,
        ),
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Read logs of a client and of a site, and say where the device stands, why, and what to look at or do next.

    Nothing else need be said: forms, components and the beginning are found out. Exit code 0 when all of it conforms
    and there is no finding; 1 when it has stalled, deviates, or there is a finding; 2 when the input cannot be read; 3
    when it is not this workflow, or nothing can be said.

    What is needed of the model is found out once, and kept in the user's cache.
    """
    with guarded():
        from ..console import check_folder, check_writable

        _check_asked(logs, many=many, follow=follow, drawn=diagram is not None or runs is not None)
        check_writable(output)
        check_writable(diagram)
        check_folder(runs)
        wanted = Wanted(
            all_lines, from_start, tuple(patterns or ()), redact, ReplayFormat.json if as_json else form, output, quiet
        )
        if many:
            code = _table(logs, wanted, workers, executor)
        elif follow:
            code = _followed(logs, wanted)
        else:
            code = _once(logs, wanted, diagram, runs)
    raise typer.Exit(code)


def _check_asked(logs: Sequence[str], *, many: bool, follow: bool, drawn: bool) -> None:
    """Complain of what cannot be done together, and would be left undone without a word.

    Raises:
        ModelError: that.
    """
    from ccmproof.model.kernel.errors import ModelError

    if "" in logs:
        raise ModelError("cannot read what has an empty name; . is the folder that one is in")
    if many and follow:
        raise ModelError("--many reads bundles as they are, and --follow logs that grow: give one of them")
    if drawn and (many or follow):
        raise ModelError(f"--diagram and --runs are of one reading, and not for {'--many' if many else '--follow'}")


def _once(logs: Sequence[str], wanted: Wanted, diagram: Path | None, runs: Path | None) -> int:
    from ..replay.gathered import gathered

    using = equipped(wanted)
    gathering = gathered(logs, using.recogniser, all_lines=wanted.all_lines)
    code, shown = said(gathering.devices, [str(note) for note in gathering.notes], using, wanted)
    if diagram is not None or runs is not None:
        _explained(shown, using, diagram, runs)
    put(shown, wanted)
    return code


def _followed(
    logs: Sequence[str],
    wanted: Wanted,
    *,
    sleep: Callable[[float], object] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Go on reading as the logs grow, until Ctrl-C; what is said is put out anew where it has changed."""
    from ..replay.growing import growing

    using, before, code = equipped(wanted), "", 3
    try:
        for devices in growing(logs, using.recogniser, all_lines=wanted.all_lines, sleep=sleep, stop=stop):
            code, shown = said(devices, [], using, wanted)
            now = "\n".join(f"{each.where}{each.why}" for each, _ in shown.found)
            if now != before:
                put(shown, wanted)
                before = now
    except KeyboardInterrupt:
        pass
    return code


def equipped(wanted: Wanted) -> Equipment:
    """The model and the tables, a user's own among them.

    Raises:
        ModelError: a table of the user's is not what it should be.
    """
    from ..replay.following.equipment import equipment_with

    return equipment_with(wanted.patterns, told=None if wanted.quiet else _making)


@cache
def _making() -> None:
    """Said once, for both of the models that are needed."""
    from ..console import complain

    complain("finding out once what is needed of the model; it is kept in the user's cache")


def said(devices: Sequence[Gathered], notes: Sequence[str], using: Equipment, wanted: Wanted) -> tuple[int, Shown]:
    """The diagnosis of each device, and the worst of their exit codes."""
    from ..render.replay import Shown
    from ..replay.following.diagnosis import diagnose

    found = [
        (
            diagnose(
                of.seen, using, logs=of.logs, device=of.device, from_start=wanted.from_start, doubtful=of.doubtful
            ),
            of,
        )
        for of in devices
    ]
    return worst(diagnosis.exit for diagnosis, _ in found), Shown(found, notes, masking(wanted), wanted.all_lines)


def worst(codes: Iterable[int]) -> int:
    """Of several devices' exit codes the one that counts: what is wrong before what cannot be said."""
    found = set(codes)
    return 1 if 1 in found else max(found, default=3)


def masking(wanted: Wanted) -> Callable[[str], str]:
    """What is made of texts that have somebody's names in them: masked in files, unless it is said otherwise."""
    from ..replay.reading.redact import Redactor

    redact = wanted.output is not None if wanted.redact is None else wanted.redact
    return Redactor().text if redact else str


def put(shown: Shown, wanted: Wanted) -> None:
    from ..render import replay as drawn
    from ..render.replay_json import render

    data = {
        ReplayFormat.json: lambda: render(shown),
        ReplayFormat.markdown: lambda: drawn.markdown(shown),
        ReplayFormat.html: lambda: drawn.html(shown),
    }.get(wanted.form, lambda: "")
    put_out(wanted.form is not ReplayFormat.text, wanted.output, data, lambda **page: drawn.text(shown, **page))


def _explained(shown: Shown, using: Equipment, diagram: Path | None, runs: Path | None) -> None:
    """Keep a run of the model that explains the lines of each device, and draw that of the first."""
    from ..console import complain
    from ..replay.following.explained import draw, explanation
    from .output import keep_runs

    kept = {}
    for number, (diagnosis, of) in enumerate(shown.found, start=1):
        found = explanation(diagnosis, using)
        if found is None:
            continue
        kept[f"device-{number}" if of.device else "device"] = found.run
        if found.passed_over:
            complain(f"the run explains all but {found.passed_over} of the lines: these do not fit from the beginning")
        if diagram is not None:
            draw(found, diagnosis, using, diagram)
            diagram = None
    if runs is not None:
        keep_runs(runs, kept)
    if not kept:
        complain("there is no run to be drawn or kept: no line fits from the beginning of the model")


def _table(logs: Sequence[str], wanted: Wanted, workers: int | None, executor: str) -> int:
    from ..render.replay import FORMS, table
    from ..render.replay_json import render_table
    from ..render.validation import drawn
    from ..replay.many import bundles_in, rows_of

    found = bundles_in(logs)
    with hands_of(workers, executor, len(found)) as hands:
        rows = rows_of(found, hands, patterns=wanted.patterns, from_start=wanted.from_start)
    masked = masking(wanted)
    data = {
        ReplayFormat.json: lambda: render_table(rows, masked),
        ReplayFormat.markdown: lambda: FORMS["markdown"](table(rows, masked)),
        ReplayFormat.html: lambda: FORMS["html"](table(rows, masked)),
    }.get(wanted.form, lambda: "")
    put_out(
        wanted.form is not ReplayFormat.text, wanted.output, data, lambda **page: drawn(table(rows, masked), **page)
    )
    return worst(each.exit for each in rows)
